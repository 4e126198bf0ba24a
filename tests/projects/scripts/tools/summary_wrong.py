"""The same, but levels that are equally frequent come as they were met."""

import sys

import summary


def main() -> None:
    summary.sorted = lambda levels, key: sorted(levels, key=lambda level: key(level)[0])
    sys.argv[0] = sys.argv[0].replace("summary_wrong.py", "summary.pl")
    summary.main()


if __name__ == "__main__":
    main()
