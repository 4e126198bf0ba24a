"""Perl source text, read by tree-sitter-perl: subs, packages, literals, patterns and errors.

Every function takes the bytes of a file, or of a part of one. Offsets and lines are those of the
bytes given. Nothing is run: whether a sub is really there shows when perl loads the file.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import tree_sitter_perl
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

with warnings.catch_warnings():  # the binding gives its language as a number
    warnings.simplefilter("ignore", DeprecationWarning)
    LANGUAGE = Language(tree_sitter_perl.language())

TREES = 16  # kept, so that the functions below share one parse of a file

_NODES = Query(  # one for all, because to compile one takes 8 ms
    LANGUAGE,
    """
    [(package_statement) (class_statement) (role_statement)] @package
    [(subroutine_declaration_statement) (method_declaration_statement)] @sub
    (glob) @glob
    (number) @number
    [(string_literal) (interpolated_string_literal)] @text
    (quoted_word_list) @words
    (autoquoted_bareword) @bareword
    [(match_regexp) (quoted_regexp) (substitution_regexp)] @pattern
    (function) @function
    [(ERROR) (MISSING)] @error
    """,
)

_LITERALS = ("number", "text", "words", "bareword")
_MAIN = ("ENV", "INC", "ARGV", "ARGVOUT", "STDIN", "STDOUT", "STDERR", "_")  # always in main::
_UNKNOWN_TO_GRAMMAR = [  # what Perl allows, and what of the same length the parser takes for it
    (rb"((?:^|[;{}])[ \t]*(?:sub|package)[ \t]+[\w:']*?\w)'(?=\w)", rb"\1_"),  # Acme'Stock
    (rb"((?:^|[;{}])[ \t]*package[ \t]+[\w:]*::)\d", rb"\1_"),  # Encode::KR::2022_KR
    (rb"((?:^|[;{}])[ \t]*)AUTOLOAD(?=\s*\{)", rb"\1sub AUTO"),  # without `sub`
    (rb"((?:^|[;{}])[ \t]*)DESTROY(?=\s*\{)", rb"\1sub DES"),
    (rb"@#", rb"_#"),  # in a pattern
    (rb"(\b_?[A-Z]\w*\s*)\* (?=\$_\[)", rb"\1**"),  # PI * $_[0] is no glob
    (rb"((?:(?<![\w$])\d|\))\s*)<<(?=[a-z_])", rb"\1**"),  # 1<<index(...) is no heredoc
]
_BLOCKS = ("block", "block_statement")  # of a sub or an `if`; and one that stands alone
_PLAIN = ("escape_sequence", "escaped_delimiter")  # in a text, beside variables
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b", "0": "\0"}
_ESCAPE = re.compile(r"\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{1,2})|([ntrfae0])|([^\w\s]))")


@dataclass(frozen=True)
class Sub:
    """A named sub: its full name, its first line and its last (1-based), its bytes.

    assigned: whether it is `*name = sub {...}`.
    """

    name: str
    line: int
    end: int
    span: tuple[int, int]
    assigned: bool = False


@lru_cache(TREES)
def parse(source: bytes) -> Tree:
    """The syntax tree of a Perl source. The text of its nodes is best taken from the source."""
    return Parser(LANGUAGE).parse(_readable(source))


def _readable(source: bytes) -> bytes:
    """The source with bytes replaced that the grammar doesn't know; each keeps its offset."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:  # Latin-1: what isn't ASCII is in texts and comments
        source = re.sub(rb"[\x80-\xff]", b"_", source)
    if source.startswith(b"\xef\xbb\xbf"):
        source = b"   " + source[3:]
    for pattern, replacement in _UNKNOWN_TO_GRAMMAR:
        while (changed := re.sub(pattern, replacement, source, flags=re.MULTILINE)) != source:
            source = changed
    return source


def subs(source: bytes) -> list[Sub]:
    """The named subs in the order of the source, without lexical ones and mere declarations."""
    found = _nodes(source)
    scopes = _scopes(source, found["package"])
    named = []
    for node in sorted([*found["sub"], *_assigned(found["glob"])], key=_start):
        assigned = node.type == "assignment_expression"
        if assigned:
            name = _text(source, node.child_by_field_name("left")).lstrip("*")
            there = bool(re.fullmatch(r"(?:\w|::|')+", name))
        else:
            name = _sub_name(source, node)
            body, lexical = map(node.child_by_field_name, ("body", "lexical"))
            there = body is not None and lexical is None
        if there:
            full = _full_name(name, _package(scopes, node.start_byte))
            lines = node.start_point[0] + 1, _last_line(node)
            named.append(Sub(full, *lines, (node.start_byte, node.end_byte), assigned))
    return named


def node(source: bytes, sub: Sub) -> Node:
    """The node of a sub that `subs` found: its declaration, or the sub that is assigned."""
    found = parse(source).root_node.descendant_for_byte_range(*sub.span)
    assert found is not None
    return found.child_by_field_name("right") or found if sub.assigned else found


def packages(source: bytes) -> list[str]:
    """The packages that a source declares, or declares a sub of; each once, in order."""
    declared = [name for _, _, name in _scopes(source, _nodes(source)["package"])]
    owners = [sub.name.rpartition("::")[0] for sub in subs(source)]
    return list(dict.fromkeys([*declared, *(name for name in owners if name != "main")]))


def errors(source: bytes) -> list[int]:
    """The lines (1-based) where the parser did not understand the source."""
    return sorted({node.start_point[0] + 1 for node in _nodes(source)["error"]})


def literals(source: bytes) -> tuple[list[float], list[str]]:
    """The numbers and the texts that stand in a source, in its order; keys without quotes, too.

    A text that looks like a number is both. Texts with variables in them are left out.
    """
    found = _nodes(source)
    nodes = [(node, kind) for kind in _LITERALS for node in found[kind]]
    numbers: list[float | None] = []
    texts: list[str] = []
    for node, kind in sorted(nodes, key=lambda item: _start(item[0])):
        if kind == "number":
            numbers.append(_number(_text(source, node)))
            continue
        if kind == "words":
            some: list[str | None] = [*_quoted(source, node).split()]
        else:
            some = [_text(source, node) if kind == "bareword" else _string(source, node)]
        texts += [text for text in some if text is not None]
        numbers += [float(text) for text in some if text and re.fullmatch(r"\d+(\.\d+)?", text)]
    return [number for number in numbers if number is not None], texts


def patterns(source: bytes) -> list[tuple[str, str]]:
    """The regular expressions in a source and their flags, without those that hold variables."""
    found = _nodes(source)
    written = []
    for node in sorted([*found["pattern"], *_separators(source, found["function"])], key=_start):
        text = _quoted(source, node)
        flags = _text(source, node.child_by_field_name("modifiers"))
        at_spaces = node.type == "string_literal" and text == " "  # split ' ' takes white space
        if text and not at_spaces and not _has_variables(node):
            written.append((text, flags))
    return written


# --- inner ------------------------------------------------------------------------------------


@lru_cache(TREES)
def _nodes(source: bytes) -> defaultdict[str, list[Node]]:
    """The nodes in a source that _NODES names."""
    return defaultdict(list, QueryCursor(_NODES).captures(parse(source).root_node))


def _assigned(globs: list[Node]) -> Iterator[Node]:
    """The assignments of a sub to one of these globs, as in `*name = sub {...}`."""
    for glob in globs:
        outer = glob.parent
        if outer and outer.type == "assignment_expression" and outer.children[0] == glob:
            right = outer.child_by_field_name("right")
            if right and right.type == "anonymous_subroutine_expression":
                yield outer


def _separators(source: bytes, functions: list[Node]) -> Iterator[Node]:
    """The texts at which `split` splits."""
    for function in functions:
        arguments = function.parent and function.parent.child_by_field_name("arguments")
        first = arguments.named_children[:1] if arguments else []
        if _text(source, function) == "split":
            yield from (node for node in first if node.type == "string_literal")


def _scopes(source: bytes, packages: list[Node]) -> list[tuple[int, int, str]]:
    """Where each package is the current one: from a byte to a byte; the later start holds."""
    scopes = []
    for node in sorted(packages, key=_start):
        name = _text(source, node.child_by_field_name("name")).replace("'", "::")
        blocks = [child for child in node.children if child.type == "block"]
        if blocks:
            inside = blocks[0]
        else:
            inside = node.parent or node
            while inside.parent and inside.type not in _BLOCKS:
                inside = inside.parent
        scopes.append((node.start_byte, inside.end_byte, name))
    return scopes


def _package(scopes: list[tuple[int, int, str]], byte: int) -> str:
    return next((name for start, end, name in reversed(scopes) if start <= byte < end), "main")


def _sub_name(source: bytes, node: Node) -> str:
    """The name in a declaration; AUTOLOAD and DESTROY may stand there without `sub`."""
    first = re.match(rb"AUTOLOAD|DESTROY", source[node.start_byte : node.end_byte])
    return first[0].decode() if first else _text(source, node.child_by_field_name("name"))


def _full_name(name: str, package: str) -> str:
    name = name.replace("'", "::")
    if name.startswith("::"):
        name = name[2:]
        package = "main"
    if name in _MAIN:
        return f"main::{name}"
    return name if "::" in name else f"{package}::{name}"


def _number(written: str) -> float | None:
    """The value of a number as Perl writes it."""
    digits = written.replace("_", "").lower()
    try:
        if re.fullmatch(r"0[xb][\da-f]+", digits):
            return float(int(digits, 0))
        if re.fullmatch(r"0[0-7]+", digits):
            return float(int(digits, 8))
        return float(digits)
    except (ValueError, OverflowError):
        return None


def _string(source: bytes, node: Node) -> str | None:
    """The text of a string literal; None where variables or rare escapes are in it."""
    text = _quoted(source, node)
    if node.type == "string_literal":
        return re.sub(r"\\([\\'])", r"\1", text)
    if _has_variables(node):
        return None
    if "\\" in _ESCAPE.sub("", text):
        return None
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        return chr(min(int(digits, 16), 0x10FFFF))
    return _ESCAPES.get(match[3], "") if match[3] else match[4]


def _quoted(source: bytes, node: Node) -> str:
    """What stands between the first two delimiters; the content node lacks leading spaces."""
    quotes = [child for child in node.children if child.type == "'"]
    if len(quotes) < 2:
        return ""
    return source[quotes[0].end_byte : quotes[1].start_byte].decode("utf-8", "replace")


def _has_variables(node: Node) -> bool:
    content = node.child_by_field_name("content")
    return any(child.type not in _PLAIN for child in content.named_children) if content else False


def _text(source: bytes, node: Node | None) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace") if node else ""


def _start(node: Node) -> int:
    return node.start_byte


def _last_line(node: Node) -> int:
    """The last line (1-based); a node that ends with a line feed doesn't reach the next line."""
    row, column = node.end_point
    return row + 1 if column else max(row, node.start_point[0] + 1)
