"""Verdicts in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from parity.report.coverage_text import detail_lines, summary_text
from parity.verdict import Counterexample, NumpyVerdict, Verdict

COLOURS = {"identical": "green", "differs": "red", "could not run": "yellow"}
MOST_CALLS = 10  # shown of those after which a case differs
MOST_NOTES = 10  # shown of a run
LONGEST = 2000  # characters of a value


def show(console: Console, verdict: Verdict, width: int) -> None:
    """One pair's verdict: a line, and below it what there is to say of a difference.

    width: of the column of names.
    """
    colour = COLOURS[verdict.verdict]
    line = f"  {escape(verdict.name):{width}}  [{colour}]{verdict.verdict:13}[/]"
    if verdict.verdict == "could not run":
        print_line(console, f"{line}  {escape(verdict.reason or '')}")
    else:
        print_line(console, f"{line}  [dim]{_counts(verdict)}[/]")
        for text in detail_lines(verdict.coverage):
            print_line(console, f"      [dim]{escape(text)}[/]")
    if verdict.verdict == "differs" and verdict.counterexample:
        show_difference(console, verdict.counterexample)
    if verdict.vectorized and verdict.vectorized.verdict != "within bound":
        _show_numpy(console, verdict.vectorized)


def _counts(verdict: Verdict) -> str:
    parts = [f"case {verdict.cases:,}" if verdict.cases else "before any case"]
    if verdict.verdict == "identical":
        parts = [count(verdict.cases, "case")]
    if verdict.explained:
        parts.append(f"{verdict.explained:,} explained by Perl's integer arithmetic")
    if verdict.known:
        parts.append(f"{verdict.known:,} under known differences")
    if reached := summary_text(verdict.coverage):
        parts.append(reached)
    return ", ".join(parts)


def show_difference(console: Console, found: Counterexample) -> None:
    """A difference: the smallest input, both sides, the place, the line that reproduces it."""
    place = f"{found.where}: {found.why}" if found.why else found.where
    rows = [("where", place)]
    shown = found.shown
    if shown:
        rows = [("input", shown.input), *rows]
        rows += [("perl", _with_bits(shown.perl)), ("python", _with_bits(shown.python))]
        others = len(shown.after) - MOST_CALLS
        if others > 0:
            rows.append(("after", f"{others:,} calls that --json FILE holds, and then"))
        rows += [("after", call) for call in shown.after[-MOST_CALLS:]]
    if step := found.first_step:
        why = step.why if step.reproduce is None else f"{step.pair}: {step.reproduce}"
        rows.append(("first step", why))
    rows.append(("reproduce", found.reproduce))
    for label, text in rows:
        text = text if len(text) < LONGEST or label == "reproduce" else text[:LONGEST] + " …"
        print_line(console, f"      [bold]{label:10}[/] {escape(text)}")


def _show_numpy(console: Console, found: NumpyVerdict) -> None:
    text = found.reason or (
        f"at {found.where} the loop has {found.python}, NumPy {found.numpy}, on {found.input}"
    )
    print_line(console, f"      [red]NumPy {found.verdict}[/]: {escape(text[:LONGEST])}")


def summary(
    console: Console, verdicts: Sequence[Verdict], notes: Sequence[str], seed: int, seconds: float
) -> None:
    """The last lines of a run: notes, the worst explained case, NumPy versions, and the counts."""
    notes = [*notes, *(f"{one.name}: {note}" for one in verdicts for note in _warnings(one))]
    for note in notes[:MOST_NOTES]:
        print_line(console, f"  [yellow]note[/] {escape(note)}")
    if len(notes) > MOST_NOTES:
        print_line(
            console, f"  [yellow]note[/] and {len(notes) - MOST_NOTES} more notes, see --json"
        )
    _show_worst_explained(console, verdicts)
    _show_numpy_shares(console, [one.vectorized for one in verdicts if one.vectorized])
    counts = {name: 0 for name in COLOURS}
    for verdict in verdicts:
        counts[verdict.verdict] += 1
    parts = [f"[{COLOURS[v]}]{n} {v}[/]" for v, n in counts.items() if n or v == "identical"]
    cases = sum(verdict.cases for verdict in verdicts)
    parts += [count(cases, "case"), f"{seconds:.1f} s", f"seed {seed}"]
    print_line(console, f"{count(len(verdicts), 'pair')}: " + " · ".join(parts))


def _warnings(verdict: Verdict) -> list[str]:
    return [note for note in verdict.notes or [] if not note.startswith("both fail")]


def _show_worst_explained(console: Console, verdicts: Sequence[Verdict]) -> None:
    found = [(one.name, one.worst_explained) for one in verdicts if one.worst_explained]
    if not found:
        return
    name, worst = max(found, key=lambda one: one[1].distance)
    if worst.shown:
        both = f"Perl {worst.shown.perl[0]}, Python {worst.shown.python[0]}"
        text = escape(f"{name}({worst.shown.input}): {both}")
        print_line(console, f"  [dim]worst explained case: {text}[/]")


def _show_numpy_shares(console: Console, judged: Sequence[NumpyVerdict]) -> None:
    if not judged:
        return
    within = [one for one in judged if one.verdict == "within bound"]
    share = max((one.worst_share or 0.0 for one in within), default=0.0)
    undecided = sum(one.undecided or 0 for one in within)
    text = f"NumPy: {len(within)} of {count(len(judged), 'version')} within bound"
    print_line(console, f"  [dim]{text}, worst share {share:.2g}, {undecided:,} undecided[/]")


def count(number: int, noun: str) -> str:
    """ "1 case", "1,000 cases"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_line(console: Console, markup: str) -> None:
    """Print a line as it is, however long."""
    console.print(markup, soft_wrap=True, highlight=False)


def _with_bits(value: tuple[str, str]) -> str:
    text, bits = value
    return f"{text}   {bits}" if bits else text
