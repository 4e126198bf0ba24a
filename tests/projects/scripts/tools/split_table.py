"""A table in files by its first column: split_table.py [--quiet] TABLE; writes parts/KEY.csv"""

import os
import re
import sys


def key_of(line: str) -> str:
    first = line.split(";")[0]

    return first if re.fullmatch("[a-z]+", first) else "none"


def main() -> None:
    words = sys.argv[1:]
    quiet = words[:1] == ["--quiet"]
    if quiet:
        words.pop(0)
    if not words:
        print("no table is given", file=sys.stderr)
        sys.exit(255)
    try:
        with open(words[0], newline="\n", encoding="latin-1") as file:
            lines = [re.sub(r"\r?\n\Z", "", line) for line in file]
    except OSError:
        print("cannot read the table", file=sys.stderr)
        sys.exit(2)
    os.makedirs("parts", exist_ok=True)

    rows: dict[str, list[str]] = {}
    for line in lines[1:]:
        rows.setdefault(key_of(line), []).append(line)

    for key in sorted(rows):
        with open(f"parts/{key}.csv", "w", encoding="latin-1") as out:
            out.writelines(f"{line}\n" for line in [lines[0], *rows[key]])
        if not quiet:
            print(f"{key}: {len(rows[key])}")


if __name__ == "__main__":
    main()
