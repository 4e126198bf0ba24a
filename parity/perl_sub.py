"""What a Perl sub shows of its arguments and its result, read with tree-sitter-perl.

The type of a value is guessed from its *places*, the nodes of the tree where it stands, by what is
done to it there: `@$x` says that $x is a list, and where its elements have their places.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter_perl
from tree_sitter import Language, Node, Parser

from parity import UsageError
from parity.pairs import Source


def _table(**kinds: str) -> dict[str, str]:
    return {word: kind for kind, words in kinds.items() for word in words.split()}


HOLD = ("dict", "list")
KINDS = (*HOLD, "Callable", "int", "float", "str")  # of several the first one holds
DEEPEST = 4  # lists in lists that are looked into; `$node = $node->{next}` has no end
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
    tuple="array hash map_grep_expression sort_expression quoted_word_list keys values reverse "
    "split wantarray",
) | {"anonymous_array_expression": "list[float]", "anonymous_hash_expression": "dict[str, float]"}
WRAPPERS = ("parenthesized_expression", "list_expression", "expression_statement", "block")
COUNTS = ("binary_expression", "equality_expression", "relational_expression", "unary_expression")


@dataclass(frozen=True)
class Guess:
    """A type. inner: of what is in a list or hash. keys: those that are named, with theirs."""

    kind: str = "float"
    inner: Guess | None = None
    keys: Mapping[str, Guess] = field(default_factory=dict)
    arity: int = 0

    @property
    def values(self) -> list[Guess]:
        """What is in it: of each key, or anywhere."""
        return [*self.keys.values(), *([self.inner] if self.inner else [])] or [Guess()]

    @property
    def hint(self) -> str:
        """The type hint."""
        inner = " | ".join(sorted({one.hint for one in self.values})) if self.kind in HOLD else ""
        forms = {"list": f"list[{inner}]", "dict": f"dict[str, {inner}]"}
        forms["Callable"] = f"Callable[[{', '.join(['float'] * self.arity)}], float]"
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
    UsageError where it does not find the sub.
    """

    def __init__(self, source: Source) -> None:
        with warnings.catch_warnings():  # it gives its language as a number
            warnings.simplefilter("ignore", DeprecationWarning)
            parser = Parser(Language(tree_sitter_perl.language()))
        self.source, plain = source, source.name.rpartition("::")[2]
        for sub in _below(parser.parse(source.file.read_bytes()).root_node):
            name, body = sub.child_by_field_name("name"), sub.child_by_field_name("body")
            if (
                name
                and body
                and name.start_point[0] + 1 == source.line
                and _text(name).endswith(plain)
            ):
                break
        else:
            raise UsageError(f"{source.file}:{source.line}: tree-sitter-perl finds no sub {plain}")
        self.nodes = list(_below(sub))
        self.own = list(_below(sub, without="anonymous_subroutine_expression"))
        wrong = [one for one in self.nodes if one.is_error or one.is_missing]
        self.wrong = wrong[0].start_point[0] + 1 if wrong else 0
        self.arguments = self._arguments()
        self.result = self._result(body)

    # --- the arguments

    def _arguments(self) -> list[Argument]:
        """What a signature names, is shifted, is copied from @_ or has a number there, in turn."""
        found: dict[int, Argument] = {}
        shifted, whole = 0, []
        for node in self.own:
            if node.parent and node.parent.type == "signature" and node.is_named:
                default = node.child_by_field_name("default")
                found[len(found)] = self._argument(len(found), node.named_children[0], default)
            elif _is_shift(node):
                found[shifted] = self._copied(shifted, node)
                shifted += 1
            elif node.type == "array_element_expression" and _text(node).startswith("$_["):
                index = _text(node.child_by_field_name("index"))
                if index.isdigit() and shifted + int(index) not in found:
                    found[shifted + int(index)] = self._copied(shifted + int(index), node)
            elif _text(node) == "@_" and not _is_counted(node):
                mapped = _unwrapped(node)[1]  # my ($x, $y) = map { … } @_
                targets = _targets(mapped if mapped.type.startswith("map") else node)
                for number, variable in enumerate(targets, shifted):
                    found.setdefault(number, self._argument(number, variable))
                whole.append((shifted, node))
        for number, node in whole:  # all of @_: nothing new, where it was copied as well
            if all(known < number for known in found):
                guess = Guess("list", self._guess(self._elements(node)))
                found[number] = Argument("rest" if found else "args", guess, rest="@")
        last = max(found, default=-1)
        return [found.get(number) or Argument(f"arg{number}") for number in range(last + 1)]

    def _copied(self, number: int, node: Node) -> Argument:
        """The argument that is `shift` or `$_[0]`, by the name of what it is copied to."""
        outer, default = node.parent or node, None
        if _operator(outer) in ("//", "||") and outer.named_children[0] == node:
            default = outer.named_children[-1]
        elif outer.child_by_field_name("consequent") == node:
            default = outer.child_by_field_name("alternative")
        targets = _targets(outer if default else node)
        return self._argument(number, targets[0] if targets else node, default)

    def _argument(self, number: int, variable: Node, default: Node | None = None) -> Argument:
        sigil, name = _text(variable)[:1], _text(variable)[1:]
        if variable.type in ("array", "hash"):
            kind = "list" if sigil == "@" else "dict"
            return Argument(name, self._holding(kind, self._elements(variable)), rest=sigil)
        places = [variable] if _is_shift(variable) else self._same(variable)
        guess, value = self._guess(places), _literal(default)
        if value[:1] == '"' and guess == Guess():
            guess = Guess("str")
        named = variable.type == "scalar" and name != "_"
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
            if kind in HOLD:
                inner += [node] if "element" in node.type else self._each(node)
            elif kind == "Callable":
                arity = len(_items(node.child_by_field_name("arguments")))
            for target in _targets(place):
                places += [one for one in self._same(target) if one not in places]
        kind = next((one for one in KINDS if one in kinds), "float")
        return self._holding(kind, inner, depth) if kind in HOLD else Guess(kind, arity=arity)

    def _holding(self, kind: str, inner: list[Node], depth: int = DEEPEST) -> Guess:
        """A list or a hash with these places of what is in it."""
        if not depth:
            return Guess(kind)
        by_key: dict[str, list[Node]] = {}
        for node in inner:
            key = node.child_by_field_name("key")
            named = key and key.type in ("autoquoted_bareword", "string_literal")
            by_key.setdefault(_text(key).strip("'") if named else "", []).append(node)
        guesses = {key: self._guess(nodes, depth - 1) for key, nodes in by_key.items()}
        return Guess(kind, guesses.pop("", None), guesses)

    def _elements(self, variable: Node) -> list[Node]:
        """The places of what is in @x or %x."""
        kind, name = variable.type, _text(variable)[1:]
        found = [place for one in self._same(variable) for place in self._each(one)]
        for one in self.nodes:
            if one.type == f"{kind}_element_expression":
                found += [one] * (_text(one.child_by_field_name(kind))[1:] == name)
        return found

    def _each(self, whole: Node) -> list[Node]:
        """The places of what is in a whole list, where it is taken out."""
        node, outer = _unwrapped(whole)
        if node != outer.child_by_field_name("list"):
            return [place for target in _targets(whole) for place in self._same(target)]
        name = _text(outer.child_by_field_name("variable")) or "$_"
        return [one for one in _below(outer) if one.type == "scalar" and _text(one) == name]

    # --- the result

    def _result(self, body: Node) -> str:
        """The hint of the result: a tuple where a list is returned, None where nothing is."""
        returned = [_items(node) for node in self.own if node.type == "return_expression"]
        last = [node for node in body.named_children if node.type != "comment"][-1:]
        returned += [_items(node) for node in last if node.type == "expression_statement"]
        hints = [self._gives(values[0]) for values in returned if values]
        if "tuple" in hints or any(len(values) > 1 for values in returned):
            return "tuple[float, ...]"
        nothing = returned or any(
            node.type.endswith(("for_statement", "loop_statement")) for node in last
        )
        return next(filter(None, hints), "None" if nothing and not hints else "float")

    def _gives(self, node: Node) -> str:
        """The hint of an expression, "" where it does not show."""
        if node.type == "scalar":
            return self._guess(self._same(node)).hint
        if node.type == "refgen_expression":  # \\@x and \\%x
            return {"array": "list[float]", "hash": "dict[str, float]"}.get(
                node.named_children[0].type, ""
            )
        if node.type == "conditional_expression":
            return max(self._gives(value) for one in node.named_children for value in _items(one))
        return GIVES.get(_text(node.child_by_field_name("function")) or node.type, "")


def _use(place: Node) -> tuple[str, Node]:
    """The kind that a value has to be of at a place, and the node that says so."""
    node, outer = _unwrapped(place)
    if outer.type == "varname" and outer.parent and outer.parent.parent:  # @$x, $$x{key}, &$x
        outer = outer.parent
        if outer.type in ("function", "container_variable"):
            outer = outer.parent or outer
        if outer.type.endswith("call_expression"):
            return "Callable", outer
        return {"hash": "dict", "arra": "list"}.get(outer.type[:4], ""), outer
    first = outer.named_children[0] == node
    operator = _operator(outer)
    if first and outer.type.startswith(("array_", "hash_")):  # $x->[0], $x->%*
        return ("list" if outer.type.startswith("array") else "dict"), outer
    if first and outer.type == "coderef_call_expression":
        return "Callable", outer
    if outer.type.endswith("_call_expression"):
        takes = TAKES.get(_text(outer.child_by_field_name("function")), "").split()
        given = [item for one in outer.named_children for item in _items(one)]
        given = [one for one in given if one.type != "function"]
        return dict(zip(given, takes, strict=False)).get(place, ""), outer
    if operator in ("=~", "!~", "x") and not first:
        return "", outer
    kind = USES.get(operator or outer.type, "")
    if kind == "float" and operator not in ("/", "**") and _use(outer)[0] == "int":
        kind = "int"  # of $list->[$i + 1] and 0 .. $n - 1
    return kind, outer


def _below(node: Node, without: str = "") -> Iterator[Node]:
    """A node and all in it, in the order of the source."""
    yield node
    for child in node.children:
        if child.type != without:
            yield from _below(child, without)


def _unwrapped(node: Node) -> tuple[Node, Node]:
    """A node, with parentheses and the like around it, and the node that this is part of."""
    outer = node.parent
    while outer and outer.parent and outer.type in WRAPPERS:
        node, outer = outer, outer.parent
    return node, outer or node


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def _operator(node: Node) -> str:
    return _text(node.child_by_field_name("operator"))


def _items(node: Node | None) -> list[Node]:
    """The items of a list, with or without parentheses; of `return`, what it returns."""
    if node is None or node.type not in (*WRAPPERS, "return_expression", "variable_declaration"):
        return [node] if node else []
    return [item for one in node.named_children for item in _items(one)]


def _targets(node: Node) -> list[Node]:
    """The variables that a value is copied to: of `my ($x, @y) = …`, `$x = …`."""
    outer = node.parent
    if not outer or _operator(outer) != "=" or outer.child_by_field_name("right") != node:
        return []
    left = outer.child_by_field_name("left")
    if left and left.type == "localization_expression":
        left = left.named_children[0]
    kinds = ("scalar", "array", "hash", "undef_expression")
    return [one for one in _items(left) if one.type in kinds]


def _is_shift(node: Node) -> bool:
    """Whether it is `shift`, `shift @_` or `shift()`."""
    text = "".join(_text(node).split())
    return node.type == "func1op_call_expression" and text in ("shift", "shift@_", "shift()")


def _is_counted(node: Node) -> bool:
    """Whether @_ only gives its length here, or is shifted."""
    outer = node.parent or node
    left = outer.child_by_field_name("left")
    variable = left and (left.child_by_field_name("variable") or left)
    scalar = variable is not None and variable.type == "scalar"
    counts = outer.type in COUNTS or outer.type.startswith(("func1op", "logical"))
    return scalar or counts or outer.child_by_field_name("condition") == node


def _literal(node: Node | None) -> str:
    """A default as a Python literal; None where it has to be calculated."""
    text = _text(node)
    if node and node.type in ("string_literal", "interpolated_string_literal"):
        plain = "\\" not in text and not any(one.named_children for one in node.named_children)
        return json.dumps(text[1:-1], ensure_ascii=False) if plain else "None"
    try:
        return (
            repr(ast.literal_eval(text)) if node and "number" in node.type else "None" * bool(node)
        )
    except (SyntaxError, ValueError):
        return "None"
