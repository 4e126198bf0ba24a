"""The port of columns.pl. Text is bytes, one character each, as Perl has it here."""

import os
import re
import sys
from typing import Any, NoReturn

FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^,]*))(,|\Z)')
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,3})?$", re.ASCII)
ENCODING: dict[str, Any] = {"encoding": "latin-1", "newline": "\n"}
SUFFIX = ".txt"


def split_line(line: str) -> list[str]:
    fields: list[str] = []
    place = 0
    while found := FIELD.match(line, place):
        quoted, bare, end = found.groups()
        fields.append(bare if quoted is None else quoted.replace('""', '"'))
        place = found.end()
        if not end:
            break

    return fields


def written(values: list[str]) -> str:
    return "".join(f"{value}\n" for value in values)


def shown(number: float) -> str:
    return format(number, ".15g")


def fail(what: str, error: OSError) -> NoReturn:
    print(f"cannot {what}: {error.strerror}", file=sys.stderr)
    sys.exit(error.errno)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="latin-1")
    file, *wanted = [os.fsencode(word).decode("latin-1") for word in sys.argv[1:]] or [""]
    if not sys.argv[1:]:
        print(f"usage: {sys.argv[0]} FILE [COLUMN ...]", file=sys.stderr)
        sys.exit(64)
    try:
        with open(os.fsdecode(file.encode("latin-1")), **ENCODING) as content:
            lines = content.read().split("\n")
    except OSError as error:
        fail(f"read {file}", error)
    lines = lines if lines[-1] else lines[:-1]
    names = split_line(lines.pop(0)) if lines else []
    place = {name: number for number, name in enumerate(names)}
    wanted = wanted or [name for name in names if re.fullmatch(r"\w+", name, re.ASCII)]
    try:
        os.mkdir("out")
    except OSError as error:
        fail("make out", error)
    for name in wanted:
        if name not in place:
            print(f"no column {name}", file=sys.stderr)
            continue
        rows = [split_line(line) for line in lines]
        values = [row[place[name]] if place[name] < len(row) else "" for row in rows]
        target = f"out/{name}{SUFFIX}"
        try:
            with open(os.fsdecode(target.encode("latin-1")), "w", **ENCODING) as out:
                out.write(written(values))
        except OSError as error:
            fail(f"write {target}", error)
        total = 0.0
        for value in filter(NUMBER.match, values):
            total += float(value)
        print(f"{name}: {len(values)} values, {shown(total)}")


if __name__ == "__main__":
    main()
