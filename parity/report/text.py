"""Saying what a run saw: in the terminal, as JSON, and kept for `parity list`."""

from __future__ import annotations

import contextlib
import fcntl
import json
import platform
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from parity.errors import UsageError
from parity.judge import coverage
from parity.project.pairs import PROGRAMS

COLOURS = {"identical": "green", "differs": "red", "could not run": "yellow"}
_SURROGATE = re.compile("[\ud800-\udfff]")  # UTF-8 has no bytes for half a character
PUBLIC = ["name", "verdict", "cases", "explained", "known", "failed", "seconds", "reason", "input"]
PUBLIC += ["perl", "python", "where", "why", "first_step", "after", "reproduce", "worst_explained"]
PUBLIC += ["notes", "vectorized", "coverage"]
MOST_CALLS = 10  # shown of those after which a case differs


def document(entries: Iterable[dict[str, Any]], seed: int, perl: str) -> dict[str, Any]:
    """The report as JSON has it; the README describes it."""
    return {
        "seed": seed,
        "perl": perl,
        "python": platform.python_version(),
        "pairs": [_public(entry) for entry in entries],
    }


def write(report: dict[str, Any], file: str, stdout: Console) -> None:
    """Write a report as strict JSON; `-` is standard output."""
    text = json.dumps(report, indent=2, allow_nan=False, ensure_ascii=False)
    text = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if file == "-":
        stdout.file.write(text + "\n")
        return
    try:
        Path(file).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the report {file}: {error.strerror}") from None


def keep(report: dict[str, Any], file: Path) -> None:
    """Add a run's verdicts to those that are kept. A folder that cannot be written keeps none."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        (file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        with (file.parent / "lock").open("w") as lock:  # other runs may do the same just now
            fcntl.flock(lock, fcntl.LOCK_EX)
            pairs = {entry["name"]: entry for entry in kept(file)}
            pairs |= {entry["name"]: entry for entry in report["pairs"]}
            new = file.with_suffix(".new")
            new.write_text(json.dumps(report | {"pairs": list(pairs.values())}), encoding="utf-8")
            new.replace(file)


def kept(file: Path) -> list[dict[str, Any]]:
    """The verdicts that are kept."""
    try:
        pairs = json.loads(file.read_text(encoding="utf-8"))["pairs"]
        return [entry for entry in pairs if isinstance(entry["name"], str) and entry["verdict"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def status(entries: Iterable[dict[str, Any]], min_coverage: float = 0) -> int:
    """The exit status: 0, 1 or 2. min_coverage: percent that each pair's cases have to reach."""
    worst = 0
    for entry in entries:
        second = entry.get("vectorized", {"verdict": "within bound"})
        if entry["verdict"] != "identical":
            worst = max(worst, 1 if entry.get("load", True) else 2)
        if second["verdict"] != "within bound":
            worst = max(worst, 1)
    return max(worst, 1) if too_little(entries, min_coverage) else worst


def too_little(entries: Iterable[dict[str, Any]], min_coverage: float) -> list[str]:
    """What is to be said of pairs whose cases reached less than so many percent."""
    found = []
    for entry in entries:
        share = 100 * coverage.share(entry.get("coverage", {}))
        program = entry["name"].startswith(f"{PROGRAMS}.")  # whose coverage is not measured
        if entry["verdict"] == "identical" and not program and share < min_coverage:
            found.append(f"{entry['name']}: {share:.0f} % reached, less than {min_coverage:g} %")
    return found


def show(console: Console, entry: dict[str, Any], width: int) -> None:
    """One pair's verdict: a line, and what a difference needs below it."""
    verdict = entry["verdict"]
    colour = COLOURS[verdict]
    line = f"  {escape(entry['name']):{width}}  [{colour}]{verdict:13}[/]"
    detail = f"case {entry['cases']:,}" if entry["cases"] else "before any case"
    if verdict == "identical":
        detail = count(entry["cases"], "case")
    if entry["explained"]:
        detail += f", {entry['explained']:,} explained by Perl's integer arithmetic"
    if entry.get("known"):
        detail += f", {entry['known']:,} under known differences"
    seen = entry.get("coverage")
    if seen and coverage.short(seen):
        detail += f", {coverage.short(seen)}"
    if verdict != "could not run":
        _print(console, f"{line}  [dim]{detail}[/]")
        for text in coverage.details(seen) if seen else ():
            _print(console, f"      [dim]{escape(text)}[/]")
    else:
        _print(console, f"{line}  {escape(entry['reason'])}")
    if verdict == "differs":
        differing(console, entry)
    second = entry.get("vectorized")
    if second and second["verdict"] != "within bound":
        detail = second.get("reason") or (
            f"at {second['where']} the loop has {second['python']}, NumPy {second['numpy']}, on "
            f"{second['input']}"
        )
        _print(console, f"      [red]NumPy {second['verdict']}[/]: {escape(detail[:2000])}")


def differing(console: Console, entry: dict[str, Any]) -> None:
    """A difference: the smallest input, both sides, the place, the line that reproduces it."""
    rows = []
    if "shown" in entry:
        shown = entry["shown"]
        rows = [("input", shown["input"]), ("where", _joined(entry["where"], entry["why"]))]
        rows += [("perl", _two(shown["perl"])), ("python", _two(shown["python"]))]
    else:
        rows = [("where", entry["why"])]
    after = entry.get("shown", {}).get("after", [])
    others = len(after) - MOST_CALLS
    if others > 0:
        rows.append(("after", f"{others:,} calls that --json FILE holds, and then"))
    rows += [("after", call) for call in after[-MOST_CALLS:]]
    step = entry.get("first_step")
    if step:
        text = f"{step['pair']}: {step['reproduce']}" if "reproduce" in step else step["why"]
        rows.append(("first step", text))
    rows.append(("reproduce", entry["reproduce"]))
    for label, text in rows:
        text = text if len(text) < 2000 or label == "reproduce" else text[:2000] + " …"
        _print(console, f"      [bold]{label:10}[/] {escape(text)}")


def summary(
    console: Console,
    entries: Sequence[dict[str, Any]],
    notes: Sequence[str],
    seed: int,
    seconds: float,
) -> None:
    """The last lines of a run: what is worth knowing besides the verdicts, and the counts."""
    worst = max(
        (entry for entry in entries if entry.get("worst_explained")),
        key=lambda entry: float(entry["worst_explained"]["distance"]),
        default=None,
    )
    notes = list(notes)
    notes += [f"{e['name']}: {n}" for e in entries for n in e.get("notes", []) if _warns(n)]
    for note in notes[:10]:
        _print(console, f"  [yellow]note[/] {escape(note)}")
    if len(notes) > 10:
        _print(console, f"  [yellow]note[/] and {len(notes) - 10} more notes, see --json")
    if worst:
        shown = worst["worst_explained"]["shown"]
        text = f"{worst['name']}({shown['input']}): Perl {shown['perl'][0]}"
        _print(
            console, f"  [dim]worst explained case: {escape(text)}, Python {shown['python'][0]}[/]"
        )
    judged = [entry["vectorized"] for entry in entries if "vectorized" in entry]
    within = [second for second in judged if second["verdict"] == "within bound"]
    if judged:
        share = max((second["worst_share"] for second in within), default=0.0)
        text = f"NumPy: {len(within)} of {count(len(judged), 'version')} within bound"
        undecided = sum(second["undecided"] for second in within)
        _print(console, f"  [dim]{text}, worst share {share:.2g}, {undecided:,} undecided[/]")
    counts = {verdict: 0 for verdict in COLOURS}
    for entry in entries:
        counts[entry["verdict"]] += 1
    parts = [f"[{COLOURS[v]}]{n} {v}[/]" for v, n in counts.items() if n or v == "identical"]
    cases = sum(entry["cases"] for entry in entries)
    parts += [count(cases, "case"), f"{seconds:.1f} s", f"seed {seed}"]
    _print(console, f"{count(len(entries), 'pair')}: " + " · ".join(parts))


def count(number: int, noun: str) -> str:
    """ "1 case", "1,000 cases"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _public(entry: dict[str, Any]) -> dict[str, Any]:
    public = {key: entry[key] for key in PUBLIC if key in entry}
    if "worst_explained" in public:
        worst = public["worst_explained"]
        public["worst_explained"] = {key: worst[key] for key in worst if key != "shown"}
    return public


def _warns(note: str) -> bool:
    return not note.startswith("both fail")


def _joined(where: str, why: str) -> str:
    return f"{where}: {why}" if why else where


def _two(value: Sequence[str]) -> str:
    text, bits = value
    return f"{text}   {bits}" if bits else text


def _print(console: Console, markup: str) -> None:
    console.print(markup, soft_wrap=True, highlight=False)
