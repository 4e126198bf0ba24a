"""What a log says, by level: summary.py [--level LEVEL] < LOG"""

import re
import sys


def main() -> None:
    words = sys.argv[1:]
    only = ""
    while words:
        option = words.pop(0)
        if option == "--level" and words:
            only = words.pop(0)
        else:
            print(f"usage: {sys.argv[0]} [--level LEVEL] < LOG", file=sys.stderr)
            sys.exit(2)

    lines: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for number, line in enumerate(sys.stdin, 1):
        line = line.removesuffix("\n")
        if line == "":
            continue
        match = re.search(r"^([A-Z]+) .*?([0-9]*[.]?[0-9]+) s\n?\Z", line, re.ASCII)
        if match is None:
            print(f"line {number}: not a line of a log", file=sys.stderr)
            sys.exit(255)
        level, took = match[1], match[2]
        if only not in ("", "0") and level != only:
            continue
        lines[level] = lines.get(level, 0) + 1
        seconds[level] = seconds.get(level, 0.0) + float(took)

    for level in sorted(lines, key=lambda level: (-lines[level], level)):
        mean = seconds[level] / lines[level]
        print(f"{level:8} {lines[level]:5d} {mean:10.2f} s")


if __name__ == "__main__":
    main()
