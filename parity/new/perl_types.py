"""What a Perl sub shows of its arguments and its result, read with tree-sitter-perl.

The type of a value is guessed from its *places*, the nodes of the tree where it stands, by what is
done to it there: `@$x` says that $x is a list, and where its elements have their places.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node

from parity.errors import UsageError
from parity.project import perl_source
from parity.project.source import Source


def _table(**kinds: str) -> dict[str, str]:
    return {word: kind for kind, words in kinds.items() for word in words.split()}


KINDS = ("dict", "list", "Callable", "int", "float", "str")  # of several the first one holds
DEEPEST = 4  # lists in lists that are looked into; `$node = $node->{next}` has no end
FORMS = {
    "hash": "dict",
    "arra": "list",
    "code": "Callable",
}  # @$x, $x->{key}, $x->(): how they start
USES = _table(  # what operators and other nodes have in them
    float="+ - * / ** += -= *= /= **= == != < > <= >= <=>",
    int="% << >> & | ^ .. ++ -- %= <<= >>= &= |= ^= cstyle_for_statement array_element_expression",
    str=". .= eq ne lt gt le ge cmp =~ !~ x x= string_content hash_element_expression",
)
TAKES = _table(  # what functions take, in turn
    float="abs int sqrt sin cos exp log atan2",
    str="lc uc lcfirst ucfirst length ord quotemeta chomp join",
) | {"substr": "str int int str", "index": "str str int", "split": "- str int", "chr": "int"}
GIVES = _table(  # what is returned, where it is plain
    bool="equality_expression relational_expression logical_not_expression",
    str="string_literal interpolated_string_literal join sprintf substr lc uc",
    list="anonymous_array_expression \\@",
    dict="anonymous_hash_expression \\%",
    tuple="array hash map_grep_expression sort_expression quoted_word_list keys values reverse "
    "split wantarray",
)
PARTS = ["parenthesized_expression", "list_expression", "expression_statement", "block"]
PARTS += ["variable_declaration", "localization_expression", "return_expression"]


@dataclass(frozen=True)
class Guess:
    """A type. keys: what is in a hash, by the keys that are named; "" for all else, and lists."""

    kind: str = "float"
    keys: Mapping[str, Guess] = field(default_factory=dict)
    arity: int = 0

    @property
    def inner(self) -> str:
        """The hint of what is in it."""
        return " | ".join(sorted({one.hint for one in self.keys.values()})) or "float"

    @property
    def hint(self) -> str:
        """The type hint."""
        forms = {"list": f"list[{self.inner}]", "dict": f"dict[str, {self.inner}]"}
        forms |= {"tuple": "tuple[float, ...]"}
        forms |= {"Callable": f"Callable[[{', '.join(['float'] * self.arity)}], float]"}
        return forms.get(self.kind, self.kind)


@dataclass(frozen=True)
class Argument:
    """name: without its sigil. default: a Python literal. rest: its sigil, if it takes the rest."""

    name: str
    guess: Guess = Guess()
    default: str = ""
    rest: str = ""


class Sub:
    """A sub: its `arguments`, and in `result` the type hint of what it returns.

    wrong: the first line that tree-sitter-perl did not understand, 0 if there is none. Raises
    UsageError where the sub is not there any more.
    """

    def __init__(self, source: Source) -> None:
        self.source, text = source, source.file.read_bytes()
        for found in perl_source.subs(text):
            if (found.name, found.line) == (source.name, source.line):
                break
        else:
            raise UsageError(f"{source.file}:{source.line}: no sub {source.name} any more")
        sub = perl_source.node(text, found)
        self.nodes = list(_below(sub))
        self.own = list(_below(sub, without="anonymous_subroutine_expression"))
        self.wrong = next((_line(one) for one in self.nodes if one.is_error or one.is_missing), 0)
        self.arguments = self._arguments()
        self.result = self._result(_get(sub, "body") or sub)

    def _arguments(self) -> list[Argument]:
        """What a signature names, is shifted, is copied from @_ or has a number there, in turn."""
        found: dict[int, Argument] = {}
        shifted, whole = 0, []
        for node in self.own:
            number, text = shifted, _text(node)
            if node.parent and node.parent.type == "signature" and node.is_named:
                number, default = len(found), _get(node, "default")
                found[number] = self._argument(number, node.named_children[0], default)
            elif _is_shift(node):
                found[number] = self._copied(number, node)
                shifted += 1
            elif text.startswith("$_[") and _text(_get(node, "index")).isdigit():
                number += int(_text(_get(node, "index")))
                found[number] = found.get(number) or self._copied(number, node)
            elif text == "@_" and not _is_counted(node):
                mapped = _unwrapped(node)[1]  # my ($x, $y) = map { … } @_
                targets = _targets(mapped if mapped.type.startswith("map") else node)
                for number, variable in enumerate(targets, shifted):
                    found.setdefault(number, self._argument(number, variable))
                whole.append((shifted, node))
        for number, node in whole:  # all of @_: nothing new, where it was copied as well
            if all(known < number for known in found):
                name = "rest" if found else "args"
                found[number] = Argument(
                    name, self._holding("list", self._elements(node)), rest="@"
                )
        end = next((n for n in sorted(found) if found[n].rest), max(found, default=-1))
        return [found.get(number) or Argument(f"arg{number}") for number in range(end + 1)]

    def _copied(self, number: int, node: Node) -> Argument:
        """The argument that is `shift` or `$_[0]`, by the name of what it is copied to."""
        outer, default = node.parent or node, None
        if _text(_get(outer, "operator")) in ("//", "||") and _get(outer, "left") == node:
            default = _get(outer, "right")
        elif _get(outer, "consequent") == node:
            default = _get(outer, "alternative")
        return self._argument(number, (_targets(outer if default else node) or [node])[0], default)

    def _argument(self, number: int, node: Node, default: Node | None = None) -> Argument:
        sigil, name = _text(node)[:1], _text(node)[1:]
        if node.type in ("array", "hash"):
            guess = self._holding(FORMS[node.type[:4]], self._elements(node))
            return Argument(name if name.isidentifier() else "rest", guess, rest=sigil)
        value = _literal(default)
        guess = self._guess([node] if _is_shift(node) else self._same(node))
        guess = Guess("str") if value[:1] == "'" and guess == Guess() else guess
        named = node.type == "scalar" and name.isidentifier() and name != "_"
        return Argument(name if named else f"arg{number}", guess, value)

    # --- types

    def _same(self, node: Node) -> list[Node]:
        """The places of a variable."""
        return [one for one in self.nodes if one.type == node.type and one.text == node.text]

    def _guess(self, places: list[Node], depth: int = DEEPEST) -> Guess:
        """What has these places."""
        places, kinds, inner, arity = list(places), set(), [], 0
        for place in places:  # they become more, where it is copied
            kind, node = _use(place)
            kinds.add(kind)
            if kind in ("dict", "list"):
                inner += [node] if "element" in node.type else self._each(node)
            elif kind == "Callable":
                arity = len(_items(_get(node, "arguments")))
            for target in _targets(place):
                places += [one for one in self._same(target) if one not in places]
        kind = next((one for one in KINDS if one in kinds), "float")
        holds = kind in ("dict", "list") and depth
        return self._holding(kind, inner, depth - 1) if holds else Guess(kind, arity=arity)

    def _holding(self, kind: str, inner: list[Node], depth: int = DEEPEST) -> Guess:
        """A list or a hash with these places of what is in it."""
        keys: dict[str, list[Node]] = {}
        for node in inner:
            key = _get(node, "key")
            named = key and key.type in ("autoquoted_bareword", "string_literal")
            keys.setdefault(_text(key).strip("'") if named else "", []).append(node)
        return Guess(kind, {key: self._guess(places, depth) for key, places in keys.items()})

    def _elements(self, variable: Node) -> list[Node]:
        """The places of what is in @x or %x."""
        kind, name = variable.type, _text(variable)[1:]
        found = [place for one in self._same(variable) for place in self._each(one)]
        return found + [one for one in self.nodes if _text(_get(one, kind)) == f"${name}"]

    def _each(self, whole: Node) -> list[Node]:
        """The places of what is in a whole list, where it is taken out."""
        node, outer = _unwrapped(whole)
        if node != _get(outer, "list"):
            return [place for target in _targets(whole) for place in self._same(target)]
        name = _text(_get(outer, "variable")) or "$_"
        return [one for one in _below(outer) if one.type == "scalar" and _text(one) == name]

    def _result(self, body: Node) -> str:
        """The hint of the result: a tuple where a list is returned, None where nothing is."""
        last = [node for node in body.named_children if node.type != "comment"][-1:]
        ends = [node for node in last if node.type == "expression_statement"]
        returned = [_items(node) for node in self.own if node.type == "return_expression"]
        returned += [_items(node) for node in ends]
        kinds = [
            self._gives(one[0]) if len(one) == 1 else Guess("tuple") for one in returned if one
        ]
        if any(kind.kind == "tuple" for kind in kinds) or "wantarray" in map(_text, self.own):
            return Guess("tuple").hint
        nothing = returned or any("for" in node.type or "loop" in node.type for node in last)
        return kinds[0].hint if kinds else "None" if nothing else "float"

    def _gives(self, node: Node) -> Guess:
        if node.type == "scalar":
            return self._guess(self._same(node))
        words = (_text(_get(node, "function")), _text(node)[:2], node.type)
        return Guess(next((GIVES[word] for word in words if word in GIVES), "float"))


def _use(place: Node) -> tuple[str, Node]:
    """The kind that a value has to be of at a place, and the node that says so."""
    node, outer = _unwrapped(place)
    reference = outer.type == "varname"  # @$x, $$x{key}, &$x
    while outer.parent and outer.type in ("varname", "function", "container_variable"):
        outer = outer.parent
    first, operator = outer.named_children[0] == node, _text(_get(outer, "operator"))
    if (reference or first) and outer.type[:4] in FORMS:
        return FORMS[outer.type[:4]], outer
    if "_call_expression" in outer.type:
        takes = TAKES.get(_text(_get(outer, "function")), "").split()
        given = [item for one in outer.named_children for item in _items(one)]
        given = [one for one in given if one.type != "function"]
        took = dict(zip(given, takes, strict=False)).get(place, "")
        return "Callable" if reference else took, outer
    if reference or (operator in ("=~", "!~", "x") and not first):
        return "", outer
    kind = USES.get(operator or outer.type, "")
    if kind == "float" and operator not in ("/", "**") and _use(outer)[0] == "int":
        kind = "int"  # of $list->[$i + 1] and 0 .. $n - 1
    return kind, outer


def _is_shift(node: Node) -> bool:
    text = "".join(_text(node).split())
    return node.type == "func1op_call_expression" and text in ("shift", "shift@_", "shift()")


def _is_counted(node: Node) -> bool:
    """Whether @_ only gives its length here, or is shifted."""
    outer = node.parent or node
    left = _get(outer, "left")
    scalar = left and (_get(left, "variable") or left).type == "scalar"
    counts = ("binary", "equality", "relational", "unary", "logical", "lowprec", "func1op")
    return bool(scalar) or outer.type.startswith(counts) or _get(outer, "condition") == node


def _targets(node: Node) -> list[Node]:
    """The variables that a value is copied to: of `my ($x, @y) = …`, `$x = …`."""
    outer = node.parent
    if not outer or _text(_get(outer, "operator")) != "=" or _get(outer, "right") != node:
        return []
    kinds = ("scalar", "array", "hash", "undef_expression")
    return [one for one in _items(_get(outer, "left")) if one.type in kinds]


def _items(node: Node | None) -> list[Node]:
    """The items of a list, with or without parentheses; of `return`, what it returns."""
    if node is None or node.type not in PARTS:
        return [node] if node else []
    return [item for one in node.named_children for item in _items(one)]


def _unwrapped(node: Node) -> tuple[Node, Node]:
    """A node, with parentheses and the like around it, and the node that this is part of."""
    outer = node.parent
    while outer and outer.parent and outer.type in PARTS:
        node, outer = outer, outer.parent
    return node, outer or node


def _below(node: Node, without: str = "") -> Iterator[Node]:
    """A node and all in it, in the order of the source."""
    yield node
    for child in node.children:
        if child.type != without:
            yield from _below(child, without)


def _get(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _literal(node: Node | None) -> str:
    """A default as a Python literal; None where it has to be calculated."""
    plain = node and node.type in ("number", "string_literal", "interpolated_string_literal")
    try:
        value = ast.literal_eval(_text(node)) if plain else None
    except SyntaxError:
        value = None
    return repr(None if {*"\\$@"} & {*str(value)} else value) if node else ""
