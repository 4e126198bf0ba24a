"""Values as people and programs read them: Python literals, JSON, decimal and hex."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from parity.errors import UsageError
from parity.values.perl_values import Dual, Failure, Function, Uncrossable

_MARKS = ("float", "int", "bytes", "function", "dict", "error", "unknown")


def to_json(value: Any, names: Callable[[Any], str | None] = lambda function: None) -> Any:
    """A value as strict JSON that loses no bit (the README describes it)."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Failure):
        text = to_json(value.value, names)
        return {"error": text if value.type == "die" else f"{value.type}: {value.value}"}
    if isinstance(value, Dual):
        return to_json(value.number, names)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, int):
        return int(value) if abs(value) <= 2**53 else {"int": str(int(value))}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list | tuple):
        return [to_json(item, names) for item in value]
    if isinstance(value, Mapping):
        pairs = [(_text(key), to_json(item, names)) for key, item in value.items()]
        if len(pairs) == 1 and pairs[0][0] in _MARKS:
            return {"dict": [list(pair) for pair in pairs]}
        return dict(pairs)
    if isinstance(value, Function):
        return {"function": value.name}
    name = names(value)
    return {"function": name} if name else {"unknown": _type(value)}


def literal(value: Any, names: Callable[[Any], str | None] = lambda function: None) -> str:
    """A value as Python writes it; functions by name, an Enum's member by its value."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, list):
        return "[" + ", ".join(literal(item, names) for item in value) + "]"
    if isinstance(value, tuple):
        inside = ", ".join(literal(item, names) for item in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, Mapping):
        pairs = (f"{literal(k, names)}: {literal(v, names)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Dual):
        return f"{literal(value.number)} (also the text {_text(value.text)!r})"
    if isinstance(value, Function):
        return names(value) or value.name
    if value is None or isinstance(value, bool | int | str | bytes):
        return repr(value)
    if isinstance(value, Failure):
        text = _text(value.value) if isinstance(value.value, str | bytes) else value.value
        return f"{value.type}: {text}".replace("\n", "\\n")
    return names(value) or f"<{_type(value)}>"


def perl_literal(value: Any) -> str:
    """A value that came from Perl, whose texts of small characters come as bytes."""
    return literal(perl_texts(value))


def perl_texts(value: Any) -> Any:
    """A value that came from Perl with all its texts as str."""
    if isinstance(value, Failure):
        return Failure(value.type, perl_texts(value.value))
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, list):
        return [perl_texts(item) for item in value]
    if isinstance(value, dict):
        return {_text(key): perl_texts(item) for key, item in value.items()}
    return value


def hexadecimal(value: Any) -> str:
    """The bits of a number; "" for anything else."""
    if isinstance(value, Dual):
        value = value.number
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return hex(value)
    return ""


def parse(text: str, functions: Mapping[str, Any]) -> Any:
    """The value of a Python literal or of JSON, or what stands in a file: @FILE.

    inf, nan and the names of paired functions are known; so are, in a file, the report's
    {"float": "nan"} and the like. Raises UsageError. Nothing is evaluated.
    """
    if text.startswith("@"):
        try:
            content = Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise UsageError(f"cannot read the argument {text}: {reason}") from None
        try:
            return _from_json(json.loads(content), functions)
        except ValueError:
            return parse(content.lstrip("@"), functions)

    def convert(node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value) if not isinstance(value, complex):
                return value
            case ast.Name(id="inf" | "nan" as name):
                return float(name)
            case ast.Name(id="true" | "false" | "null" as name):
                return {"true": True, "false": False, "null": None}[name]
            case ast.Name(id=name) if name in functions:
                return functions[name]
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                number = convert(operand)
                if isinstance(number, int | float):
                    return -number if isinstance(node.op, ast.USub) else number
            case ast.List(elts=items):
                return [convert(item) for item in items]
            case ast.Tuple(elts=items):
                return tuple(convert(item) for item in items)
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return {convert(k): convert(v) for k, v in zip(keys, values, strict=True) if k}
            case ast.Attribute() if ast.unparse(node) in functions:
                return functions[ast.unparse(node)]
        raise UsageError(
            f"{_short(text)} is not a value: write a Python literal, such as 0.5, '\"text\"' or "
            "[1.0, -inf, nan], or the name of a paired function"
        )

    try:
        return convert(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        raise UsageError(
            f"{_short(text)} is not a Python literal that can be read (texts need quotes)"
        ) from None


def _from_json(value: Any, functions: Mapping[str, Any]) -> Any:
    """What `to_json` made, back."""
    if isinstance(value, list):
        return [_from_json(item, functions) for item in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("float", "nan" | "inf" | "-inf" as text)]:
            return float(text)
        case [("int", str(text))]:
            return int(text)
        case [("bytes", str(text))]:
            return bytes.fromhex(text)
        case [("function", str(name))] if name in functions:
            return functions[name]
        case [("dict", list(pairs))]:
            return {key: _from_json(item, functions) for key, item in pairs}
    return {key: _from_json(item, functions) for key, item in value.items()}


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + " …")


def _text(text: Any) -> str:
    return text.decode("latin-1") if isinstance(text, bytes) else str(text)


def _type(value: Any) -> str:
    return value.type if isinstance(value, Uncrossable) else type(value).__name__
