"""The port of summary.pl. Text is bytes, one character each, as Perl has it here."""

import re
import sys
from collections.abc import Iterator

USAGE = "usage: summary.pl [--top N] [--min BYTES] [--errors] < LOG"
LINE = re.compile(r'\S+ \[[^]]*\] "([^"]*)" (\d{3}) (\d{1,9}|-)', re.ASCII)
DEFAULTS = {"top": 5, "min": 0, "errors": 0}


def options(words: list[str]) -> dict[str, int]:
    """What Getopt::Long makes of the command line, and says of it."""
    found, wrong, rest = dict(DEFAULTS), False, iter(words)
    for word in rest:
        name, equals, value = word.removeprefix("--").partition("=")
        if name == "errors" and not equals:
            found[name] = 1
            continue
        said = f"Unknown option: {name.lower()}"
        if name in ("top", "min"):
            value = value if equals else next(rest, "")
            said = f'Value "{value}" invalid for option {name} (number expected)'
            if re.fullmatch("[-+]?[0-9]+", value):
                found[name] = int(value)
                continue
            if not value:
                said = f"Option {name} requires an argument"
        print(said, file=sys.stderr)
        wrong = True
    if wrong:
        print(USAGE, file=sys.stderr)
        sys.exit(255)

    return found


def lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode("latin-1").removesuffix("\n")


def words(text: str) -> list[str]:
    return re.findall(r"[^ \t\n\r\f\v]+", text)


def path_of(request: str) -> str:
    path = words(request)[1:2]

    return "(none)" if path in ([], ["0"]) else path[0]


def order(count: dict[str, int], size: dict[str, int]) -> list[str]:
    return sorted(count, key=lambda path: (-size[path], path))


def mean(size: int, count: int) -> int:
    return int(size / count + 0.5)


def complain(text: str) -> None:
    print(text, file=sys.stderr)


def status(bad: int) -> int:
    return 1 if bad else 0


def main() -> None:
    sys.stdout.reconfigure(encoding="latin-1")
    sys.stderr.reconfigure(encoding="latin-1")
    given = options(sys.argv[1:])
    count: dict[str, int] = {}
    size: dict[str, int] = {}
    total = bad = 0
    for line in lines():
        if not words(line):
            continue
        found = LINE.fullmatch(line)
        if not found:
            complain(f"not understood: {line}")
            bad += 1
            continue
        number = 0 if found[3] == "-" else int(found[3])
        if number < given["min"] or (given["errors"] and int(found[2]) < 400):
            continue
        path = path_of(found[1])
        count[path] = count.get(path, 0) + 1
        size[path] = size.get(path, 0) + number
        total += 1

    print(f"{'path':12} {'count':>5} {'KiB':>8} {'mean':>6} {'share':>6}")
    for path in order(count, size)[: given["top"]]:
        share = 100 * count[path] / total
        row = f"{path:12} {count[path]:5} {size[path] / 1024:8.1f}"
        print(f"{row} {mean(size[path], count[path]):6} {share:5.1f}%")
    print(f"{total} requests, {bad} lines not understood")
    sys.exit(status(bad))


if __name__ == "__main__":
    main()
