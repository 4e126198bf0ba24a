"""A copy of a Perl source in which each statement has line numbers of its own.

Perl's debugger hook tells the line of a statement and no more. In the copy, where several
statements share a line, all but the first stand on a line of their own, below a `# line` directive
with a number that no line of the source has. All other lines keep their numbers, so that what dies
or warns there says the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node, Query, QueryCursor

from parity.project.perl_source import LANGUAGE, parse

_NODES = Query(
    LANGUAGE,
    """
    [(source_file) (block) (block_statement)] @block
    [(interpolated_string_literal) (heredoc_content) (command_string) (match_regexp)
     (quoted_regexp) (substitution_regexp)] @text
    [(heredoc_token) (command_heredoc_token)] @heredoc
    (ERROR) @error
    """,
)
_STATEMENTS = frozenset(
    [
        "expression_statement",
        "conditional_statement",
        "loop_statement",
        "for_statement",
        "cstyle_for_statement",
        "try_statement",
        "defer_statement",
        "statement_label",
        "yadayada",
    ]
)
_LISTS = ("map_grep_expression", "sort_expression", "indirect_object")
_TAKE_FILES = (b"print", b"printf", b"say")  # a block there gives the file
_HOLDING = frozenset(  # what a block of statements belongs to; others only give a value
    [
        *_LISTS,
        "subroutine_declaration_statement",
        "method_declaration_statement",
        "anonymous_subroutine_expression",
        "anonymous_method_expression",
        "phaser_statement",
        "package_statement",
        "class_statement",
        "conditional_statement",
        "elsif",
        "else",
        "loop_statement",
        "for_statement",
        "cstyle_for_statement",
        "try_statement",
        "defer_statement",
        "do_expression",
        "eval_expression",
        "async_block_expression",
    ]
)


@dataclass
class Statement:
    """A statement: its line and its column (1-based), its bytes.

    numbers: the line numbers in the copy that perl may give it; none where it shares its lines.
    """

    line: int
    column: int
    span: tuple[int, int]
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Copy:
    """The copy's text, and the source's statements in order. changed: whether lines were added."""

    text: bytes
    statements: list[Statement]
    changed: bool

    def within(self, span: tuple[int, int]) -> list[Statement]:
        """The statements between two bytes of the source."""
        return [one for one in self.statements if span[0] < one.span[0] and one.span[1] <= span[1]]


def isolate(source: bytes, file: str) -> Copy:
    """The copy of a source, which perl takes for this file."""
    found = QueryCursor(_NODES).captures(parse(source).root_node)
    lines = _Lines(source, [node.start_byte for node in found.get("heredoc", [])])
    fixed = _Spans(found.get("text", []) + found.get("error", []))
    blocks = [(block, some) for block in found.get("block", []) if (some := _listed(block))]
    statements = {node.id: _statement(node, lines) for _, some in blocks for node in some}
    cuts: list[_Cut] = []
    semicolons: list[int] = []  # added there
    for block, some in blocks:
        if block.start_byte in fixed:
            continue
        cuts += [_Cut(node.start_byte, node.id) for node in some]
        if block.type != "source_file":
            cuts.append(_Cut(block.end_byte - 1, _around(block, statements)))
        if block.parent and block.parent.type in _LISTS:
            semicolons.append(block.start_byte + 1)  # or the outer one has the line below
        if some[-1].type == "expression_statement" and not _ends(some[-1]):
            semicolons.append(some[-1].end_byte)  # or the last one has the line of the brace
    if parse(source).root_node.has_error:  # then nothing is moved
        cuts = [cut for cut in cuts if lines.is_first(cut.byte)]
        semicolons.clear()
    cuts = [cut for cut in sorted(cuts) if cut.owner and not lines.after_heredoc(cut.byte)]
    text = _Writer(source, lines, statements, semicolons).write(cuts)
    mark = b"\xef\xbb\xbf" if text.startswith(b"\xef\xbb\xbf") else b""
    head = b'# line 1 "%s"\n' % file.encode("utf-8", "surrogateescape")
    ordered = sorted(statements.values(), key=lambda one: one.span)
    return Copy(
        mark + head + text.removeprefix(mark), ordered, text.count(b"\n") != source.count(b"\n")
    )


def _listed(block: Node) -> list[Node]:
    """The statements of a block; none where the block only gives a value, as `@{...}` does."""
    some = [node for node in block.named_children if _is_statement(node)]
    outer = block.parent
    if outer is None:
        return some
    if block.type == "block_statement":
        around = outer.parent
        a_hash = around is not None and around.type in _LISTS  # map {{ ... }} @list
        return [] if a_hash else some
    if outer.type == "sort_expression" and len(some) < 2:  # perl compiles a comparison away
        return []
    if outer.type == "indirect_object" and outer.parent:
        function = outer.parent.child_by_field_name("function")
        return [] if function and function.text in _TAKE_FILES else some
    return some if outer.type in _HOLDING else []


def _is_statement(node: Node) -> bool:
    """Whether perl counts a node as a statement; a bare block has none but those in it."""
    if node.type == "statement_label":
        return all(child.type != "block_statement" for child in node.named_children)
    return node.type in _STATEMENTS


def _ends(statement: Node) -> bool:
    after = statement.next_sibling
    return after is not None and after.type == ";"


def _statement(node: Node, lines: _Lines) -> Statement:
    line = lines.at(node.start_byte)
    column = node.start_byte - lines.start(line) + 1
    return Statement(line, column, (node.start_byte, node.end_byte))


def _around(block: Node, statements: Mapping[int, Statement]) -> int:
    """The id of the innermost statement around a block; 0 where there is none."""
    node: Node | None = block.parent
    while node and node.id not in statements:
        node = node.parent
    return node.id if node else 0


class _Spans:
    """Parts of a source, and what bytes are in them."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted((node.start_byte, node.end_byte) for node in nodes):
            if not self._ends or end > self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, byte: int) -> bool:
        at = bisect_right(self._starts, byte) - 1
        return at >= 0 and byte < self._ends[at]


class _Lines:
    """The lines of a source, 1-based."""

    def __init__(self, source: bytes, heredocs: Iterable[int]) -> None:
        self._source = source
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", source))]
        self._heredocs = {self.at(byte): byte for byte in sorted(heredocs, reverse=True)}

    def __len__(self) -> int:
        return len(self._starts)

    def at(self, byte: int) -> int:
        return bisect_right(self._starts, byte)

    def start(self, line: int) -> int:
        return self._starts[line - 1]

    def is_first(self, byte: int) -> bool:
        """Whether nothing but white space stands before a byte on its line."""
        return not self._source[self.start(self.at(byte)) : byte].strip()

    def after_heredoc(self, byte: int) -> bool:
        """Whether `<<` stands before a byte on its line, so that the line can't be broken there."""
        return self._heredocs.get(self.at(byte), byte) < byte


@dataclass(frozen=True, order=True)
class _Cut:
    """Where a statement begins, or goes on after a block in it. owner: the statement's node."""

    byte: int
    owner: int


class _Writer:
    """Writes the copy, and notes in the statements which numbers their lines have in it."""

    def __init__(
        self,
        source: bytes,
        lines: _Lines,
        statements: dict[int, Statement],
        semicolons: Iterable[int],
    ) -> None:
        self._source, self._lines, self._statements = source, lines, statements
        self._semicolons = sorted(semicolons)
        self._fresh = len(lines) + 1  # the next number that no line has
        self._owners: dict[int, int] = {}  # of the numbers in the copy
        self._parts: list[bytes] = []

    def write(self, cuts: Iterable[_Cut]) -> bytes:
        """The text of the copy."""
        position, number, owner = 0, 1, 0
        for cut in cuts:
            line, first = self._lines.at(cut.byte), self._lines.is_first(cut.byte)
            start = self._lines.start(line) if first else cut.byte
            number = self._copy(position, start, number, owner)
            position, owner = start, cut.owner
            wanted = self._number(line, number, owner)
            if wanted != number:
                self._parts.append(b"# line %d\n" % wanted if first else b"\n# line %d\n" % wanted)
                number = wanted
            self._owners[number] = owner
        self._copy(position, len(self._source), number, owner)
        for number, owner in self._owners.items():
            self._statements[owner].numbers.append(number)
        return b"".join(self._parts)

    def _number(self, line: int, running: int, owner: int) -> int:
        """The number for a part of a line: the line's, the running one, or one of its own."""
        for number in (line, running):
            if self._owners.get(number, owner) == owner:
                return number
        return self._fresh

    def _copy(self, start: int, end: int, number: int, owner: int) -> int:
        """Copy a part of the source that begins with a number; the number at its end."""
        part = self._source[start:end]
        after = number + part.count(b"\n")
        if owner:
            for one in range(number, after + 1 - part.endswith(b"\n")):
                self._owners.setdefault(one, owner)
        self._fresh = max(self._fresh, after + 1)
        for byte in self._semicolons:
            if start < byte <= end:
                self._parts += [self._source[start:byte], b";"]
                start = byte
        self._parts.append(self._source[start:end])
        return after


def places(statements: Iterable[Statement], file: str) -> Iterator[str]:
    """FILE:LINE of each statement; FILE:LINE:COLUMN of those after the first on a line."""
    seen: set[int] = set()
    for one in statements:
        yield f"{file}:{one.line}:{one.column}" if one.line in seen else f"{file}:{one.line}"
        seen.add(one.line)
