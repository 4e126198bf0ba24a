"""What the report keeps of a verdict: its JSON, its schema, and what `parity list` reads again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import REPORT, ROOT
from jsonschema import ValidationError

from parity.report import exit_status, last_run
from parity.report.coverage_text import detail_lines, summary_text
from parity.report.json_report import document
from parity.report.schema import report_schema
from parity.verdict import Coverage, PortCoverage, SubCoverage, Verdict

GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.json"))
SAME = Verdict("unit.f", "identical", cases=3)
DIFFERS = {
    "name": "unit.g",
    "verdict": "differs",
    "cases": 1,
    "explained": 0,
    "seconds": 0.5,
    "input": [None],
    "perl": None,
    "python": {"float": "nan"},
    "where": "the result",
    "why": "",
    "reproduce": "parity call unit.g None",
}


def golden_pairs() -> list[dict[str, Any]]:
    reports = [json.loads(file.read_text(encoding="utf-8")) for file in GOLDEN]
    return [{**pair, "seconds": 1.5} for report in reports for pair in report["pairs"]]


def test_the_committed_schema_is_that_of_the_types() -> None:
    committed = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    assert committed == report_schema()


def test_a_verdict_is_read_from_its_own_json() -> None:
    found = [*golden_pairs(), DIFFERS]
    assert {pair["verdict"] for pair in found} == {"identical", "differs", "could not run"}
    for pair in found:
        again = Verdict.from_json(pair).to_json()
        assert json.dumps(again) == json.dumps(dict(sorted(pair.items(), key=order(again))))


def order(table: dict[str, Any]) -> Any:
    keys = list(table)
    return lambda item: keys.index(item[0])


def test_golden_reports_are_valid() -> None:
    REPORT.validate({"seed": 1, "perl": "5.36.0", "python": "3.11.2", "pairs": golden_pairs()})


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "same"},
        {"cases": "3"},
        {"load": False},
        {"notes": "one"},
        {"coverage": {"python": {}}},
        {"where": None},
        {"first_step": {"why": ""}},
        {"first_step": {"pair": "unit.f", "why": "", "where": "the result"}},
        {"vectorized": {"verdict": "identical"}},
    ],
)
def test_what_is_no_report_is_not_valid(change: dict[str, Any]) -> None:
    report = document([Verdict.from_json(DIFFERS)], 1, "5.36.0")
    REPORT.validate(report)
    report["pairs"][0] |= change
    with pytest.raises(ValidationError):
        REPORT.validate(report)


def test_a_difference_has_all_of_its_fields() -> None:
    for key in ("input", "perl", "python", "where", "why", "reproduce"):
        pair = {name: value for name, value in DIFFERS.items() if name != key}
        with pytest.raises(ValidationError):
            REPORT.validate({"seed": 1, "perl": "", "python": "", "pairs": [pair]})


# --- the last run -----------------------------------------------------------------------------


def test_runs_are_added_up(tmp_path: Path) -> None:
    file = tmp_path / ".parity" / "report.json"
    assert last_run.load_runs(file) == []
    other = Verdict.from_json(DIFFERS)
    last_run.save_run(document([SAME, other], 1, "5.36.0"), file)
    assert last_run.load_runs(file) == [SAME, other]
    later = replace(SAME, cases=5)
    last_run.save_run(document([later], 2, "5.36.0"), file)
    assert last_run.load_runs(file) == [later, other]


@pytest.mark.parametrize(
    "change",
    [
        {"name": 3},
        {"verdict": "perhaps"},
        {"cases": True},
        {"seconds": "1"},
        {"notes": "x"},
        {"notes": [1]},
        {"coverage": 3},
        {"vectorized": []},
        {"where": "the result"},  # without the rest of a counterexample
    ],
)
def test_what_is_no_verdict_is_not_read(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps({"pairs": [SAME.to_json()]}))
    assert last_run.load_runs(file) == [SAME]
    file.write_text(json.dumps({"pairs": [SAME.to_json() | change]}))
    assert last_run.load_runs(file) == []


def test_what_became_of_a_pair(tmp_path: Path) -> None:
    reached = Coverage(9, PortCoverage(3, 3, 1, 2, []), SubCoverage(5, 5, []))
    found = [
        SAME,
        replace(SAME, name="known", known=2),
        replace(SAME, name="reached", coverage=reached),
        Verdict("lost", "could not run", reason="no such file"),
    ]
    file = tmp_path / ".parity" / "report.json"
    last_run.save_run(document(found, 1, "5.36.0"), file)
    assert last_run.what_became(file) == {
        "unit.f": ("identical", ""),
        "known": ("known differences", "2 of 3 cases"),
        "reached": ("identical", "reached 1 of 2 branches"),
        "lost": ("could not run", "no such file"),
    }


# --- coverage and exit status -----------------------------------------------------------------

ALL = Coverage(9, PortCoverage(3, 3, 2, 2, []), SubCoverage(4, 4, [], []))
SOME = Coverage(9, PortCoverage(2, 3, 1, 2, ["f.py:3"]), SubCoverage(4, 4, [], ["f.pl:2"]))
UNKNOWN = Coverage(0, PortCoverage(reason="no source"), SubCoverage(4, 4, []))


def test_coverage_in_words() -> None:
    assert (summary_text(ALL), detail_lines(ALL)) == ("", [])
    assert summary_text(SOME) == "reached 1 of 2 branches, 2 of 3 Python lines"
    assert detail_lines(SOME) == [
        "not reached in 9 cases: f.py:3",
        "not measurable: f.pl:2",
    ]
    assert detail_lines(UNKNOWN) == ["Python coverage could not be measured: no source"]
    assert detail_lines(Coverage(0, reason="it died")) == [
        "Python coverage could not be measured: it died",
        "Perl coverage could not be measured: it died",
    ]
    many = replace(ALL, python=PortCoverage(1, 12, missing=[str(n) for n in range(12)]))
    assert detail_lines(many)[0].endswith("8, 9, and 2 more")


def test_exit_statuses() -> None:
    differs = Verdict("g", "differs")
    lost = Verdict("h", "could not run", loads=False)
    status = exit_status.exit_status
    assert status([]) == status([SAME]) == 0
    assert status([SAME, differs]) == status([Verdict("h", "could not run")]) == 1
    assert status([lost, differs, SAME]) == 2
    for numpy, wanted in (("within bound", 0), ("differs", 1), ("could not run", 1)):
        table = SAME.to_json() | {"vectorized": {"verdict": numpy}}
        assert status([Verdict.from_json(table)]) == wanted


def test_low_coverage() -> None:
    some, whole = replace(SAME, coverage=SOME), replace(SAME, coverage=ALL)
    assert exit_status.low_coverage([some], 60) == []
    assert exit_status.low_coverage([some], 61) == ["unit.f: 60 % reached, less than 61 %"]
    assert exit_status.exit_status([some], 61) == 1
    assert exit_status.exit_status([whole], 100) == 0
    assert exit_status.low_coverage([replace(SAME, coverage=UNKNOWN)], 1) != []
    assert exit_status.low_coverage([replace(some, name="programs.x")], 100) == []
    assert exit_status.low_coverage([replace(some, verdict="differs")], 100) == []
