"""The JSON Schema of the report, from the types of its records.

python -m parity.report.schema > docs/report.schema.json
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args, get_origin, get_type_hints

from parity.verdict import VALUE, Counterexample, Record, Verdict, is_json, json_fields

NAMES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def report_schema() -> dict[str, Any]:
    """The schema of what `parity run --json` writes."""
    header = {
        "seed": {"type": "integer"},
        "perl": {"type": "string"},
        "python": {"type": "string"},
        "pairs": {"type": "array", "items": _verdict()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report of parity run",
        **_object(header, list(header)),
    }


def _verdict() -> dict[str, Any]:
    """A verdict, among whose fields are those of its counterexample: all of these or none."""
    verdict, found = _record(Verdict), _record(Counterexample)
    del verdict["properties"]["counterexample"]
    verdict["properties"] |= found["properties"]
    needed = sorted({*found["required"]})
    verdict["dependentRequired"] = {key: needed for key in (*needed, "first_step", "after")}
    return verdict


def _record(kind: type[Record]) -> dict[str, Any]:
    hints, listed = get_type_hints(kind), json_fields(kind)
    properties = {one.name: _typed(hints[one.name]) for one in listed}
    schema = _object(properties, [one.name for one in listed if one.default is not None])
    if values := [one.name for one in listed if one.metadata == VALUE]:
        schema["dependentRequired"] = {"where": values}
    summary = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return {"description": summary, **schema}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _typed(hint: Any) -> dict[str, Any]:
    """The schema of a type; None among several means that the field may be missing."""
    if is_json(hint):
        return {}
    arms = [arm for arm in get_args(hint) if arm is not type(None)]
    if get_origin(hint) is Literal:
        return {"enum": arms}
    if get_origin(hint) is list:
        return {"type": "array", "items": _typed(arms[0])}
    if arms:
        return _typed(arms[0])
    return _record(hint) if issubclass(hint, Record) else {"type": NAMES[hint]}


if __name__ == "__main__":
    print(json.dumps(report_schema(), indent=2))
