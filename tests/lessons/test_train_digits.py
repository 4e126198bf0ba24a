"""The program train_digits: both languages print the same bytes and read each other's networks."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pybackprop.programs import train_digits

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "perl_reference" / "programs" / "digits" / "digits.txt"
PERL = ["perl", str(ROOT / "perl_reference" / "programs" / "train_digits.pl")]
PYTHON = [sys.executable, "-m", "pybackprop.programs.train_digits"]

Run = tuple[int, str, str]


def start(command: list[str], *words: str, **environment: str) -> "subprocess.Popen[str]":
    """A program that runs."""
    return subprocess.Popen(
        [*command, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def end(process: "subprocess.Popen[str]") -> Run:
    """Exit status, standard output and standard error."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def run(command: list[str], *words: str, **environment: str) -> Run:
    """A whole run."""
    return end(start(command, *words, **environment))


def both(*words: str) -> Run:
    """What both programs do, side by side; it has to be the same."""
    perl, python = start(PERL, *words), start(PYTHON, *words)
    done = end(python)
    assert end(perl) == done
    return done


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with the first 200 digits."""
    file = tmp_path_factory.mktemp("digits") / "few.txt"
    file.write_text("".join(DIGITS.read_text().splitlines(keepends=True)[:200]))
    return str(file)


@pytest.fixture(scope="module")
def saved(few: str) -> str:
    """A network that Perl saved."""
    file = str(Path(few).with_name("saved.json"))
    status, _, err = run(PERL, "--data", few, "--epochs", "1", "--save", file)
    assert (status, err) == (0, "")
    return file


def test_the_digits_are_all_there() -> None:
    all_inputs, labels = train_digits.read_digits(str(DIGITS))
    assert len(all_inputs) == len(labels) == 1797
    assert {pixel * 16 for inputs in all_inputs for pixel in inputs} == set(range(17))
    assert [labels.count(label) for label in range(10)] == [
        *(178, 182, 177, 183, 181),
        *(182, 181, 179, 174, 180),
    ]
    assert "CC BY 4.0" in DIGITS.with_name("SOURCE.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def two_epochs() -> list[str]:
    """The lines that both print for all digits."""
    status, out, err = both("--epochs", "2")
    assert (status, err) == (0, "")
    return out.splitlines()


def test_both_print_a_line_for_each_epoch_and_a_check_sum(two_epochs: list[str]) -> None:
    *epochs, last = two_epochs
    assert len(epochs) == 3
    for epoch, line in enumerate(epochs):
        assert re.fullmatch(rf"epoch {epoch}: cost \d\.\d+, accuracy [01]\.\d{{4}}", line)
    assert re.fullmatch("check sum of all weights and biases: [0-9a-f]{8}", last)


def test_at_the_defaults_it_reads_more_than_95_percent(two_epochs: list[str]) -> None:
    """Over arrays, which learn the same from the same weights, but quicker.

    Only rounding differs: far behind six digits.
    """
    status, out, err = run(PYTHON, "--numpy")
    assert (status, err) == (0, "")  # no progress bar where no terminal is
    *epochs, _ = out.splitlines()
    assert len(epochs) == 11
    for line, other in zip(epochs, two_epochs[:-1], strict=False):
        assert re.sub(r"(\.\d{6})\d+", r"\1", line) == re.sub(r"(\.\d{6})\d+", r"\1", other)
    assert float(epochs[-1].split()[-1]) > 0.95


@pytest.mark.parametrize(
    "words",
    [
        ["--epochs", "0"],
        ["--epochs", "2", "--seed", "4294967295", "--batch", "1"],
        ["--epochs", "2", "--layers", "64,10", "--rate", "1e-1"],
        ["--epochs", "2", "--layers", "64,12,11,10", "--activation", "relu", "--batch", "1000"],
        ["--epochs", "2", "--layers", "64,8,10", "--activation", "leaky_relu", "--predict"],
        ["--epochs", "2", "--layers", "64,8,10", "--activation", "sigmoid", "--rate", "1000"],
    ],
    ids=" ".join,
)
def test_both_print_the_same(words: list[str], few: str) -> None:
    status, out, err = both("--data", few, *words)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) >= 2


def test_an_output_that_is_sure_of_the_wrong_answer_costs_infinitely_much(few: str) -> None:
    out = both("--data", few, "--epochs", "1", "--layers", "64,10", "--rate", "100000")[1]
    assert "cost inf" in out


def test_a_saved_network_loses_no_bit_from_either_language_to_the_other(
    few: str, tmp_path: Path
) -> None:
    files = [str(tmp_path / "perl.json"), str(tmp_path / "python.json")]
    words = ["--data", few, "--epochs", "2"]
    perl = run(PERL, *words, "--save", files[0])
    assert perl == run(PYTHON, *words, "--save", files[1])
    assert Path(files[0]).read_bytes() == Path(files[1]).read_bytes()
    json.loads(Path(files[0]).read_text())

    check_sum = perl[1].splitlines()[-1]
    for file, command in zip(files, (PYTHON, PERL), strict=True):  # crosswise
        again = f"{file}.again"
        status, out, _ = run(command, "--data", few, "--load", file, "--save", again)
        assert (status, out.splitlines()[-1]) == (0, check_sum)
        assert Path(again).read_bytes() == Path(file).read_bytes()
    both("--data", few, "--load", files[0], "--predict")
    both("--data", few, "--load", files[1], "--epochs", "1")


def test_numbers_with_every_bit_survive(tmp_path: Path, few: str, saved: str) -> None:
    """The smallest and the largest doubles, -0.0, whole numbers, and other spellings of JSON."""
    network = json.loads(Path(saved).read_text())
    nasty = [-0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -3.0, 0.1, 1 / 3]
    network["layers"][0]["biases"][: len(nasty)] = nasty
    for name, text in {
        "dense": json.dumps(network, separators=(",", ":")),
        "wide": json.dumps(network, indent=3, sort_keys=True),
        "escaped": json.dumps(network).replace('"tanh"', r'"\u0074anh"').replace("0.1,", "1E-1,"),
        "more": json.dumps({"note": ["é\n", None, True, {}], **network}),
    }.items():
        file = tmp_path / f"{name}.json"
        file.write_text(text, encoding="utf-8")
        again = [str(tmp_path / f"{name}.{side}") for side in ("perl", "python")]
        for command, target in zip((PERL, PYTHON), again, strict=True):
            assert run(command, "--data", few, "--load", str(file), "--save", target)[0] == 0
        assert Path(again[0]).read_bytes() == Path(again[1]).read_bytes()
        biases = json.loads(Path(again[0]).read_text())["layers"][0]["biases"][: len(nasty)]
        assert list(map(repr, biases)) == list(map(repr, nasty))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--epochs", "-1"], "--epochs: a whole number from 0 to 1000000 is needed, not '-1'"),
        (["--epochs", "1.5"], "--epochs: a whole number from 0 to 1000000 is needed, not '1.5'"),
        (["--seed", "4294967296"], "--seed: a whole number from 0 to 4294967295 is needed"),
        (["--batch", "0"], "--batch: a whole number from 1 to 1000000 is needed, not '0'"),
        (["--rate", "nan"], "--rate: a number above 0 is needed, not 'nan'"),
        (["--rate", "-0.5"], "--rate: a number above 0 is needed, not '-0.5'"),
        (["--layers", "64,,10"], "--layers: a whole number from 1 to 10000 is needed, not ''"),
        (["--layers", "64"], "a network cannot have 1 sizes"),
        (["--layers", "63,10"], "a network from 63 inputs to 10 outputs does not fit 64 pixels"),
        (["--activation", "liner"], "unknown activation: liner"),
        (["--activation", "softmax"], "softmax in layer 1 of 2, which is not the last"),
        (["--data", "/nowhere/x"], "cannot read /nowhere/x: No such file or directory"),
        (["--load", "/nowhere/x"], "cannot read /nowhere/x: No such file or directory"),
        (["--save", "/nowhere/x"], "cannot write /nowhere/x: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_are_one_line_and_the_same(words: list[str], message: str, few: str) -> None:
    status, _, err = both("--data", few, "--epochs", "0", *words)
    assert status == 2
    assert err.startswith(f"train_digits: {message}") and err.count("\n") == 1


def test_errors_in_the_words_of_each_languages_own_parser() -> None:
    for command in (PERL, PYTHON):
        for words in (["--foo"], ["--save"], ["extra"]):
            status, out, err = run(command, *words)
            assert (status, out) == (2, "")
            assert err.startswith("train_digits: ") and err.count("\n") == 1


def test_help_names_every_option() -> None:
    for command in (PERL, PYTHON):
        status, out, _ = run(command, "--help")
        assert status == 0
        for name in ("epochs", "seed", "layers", "rate", "batch", "save", "load", "predict"):
            assert f"--{name}" in out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("{", "", 1), "not JSON at character "),
        (("]}\n", "]", 1), "not JSON at character "),
        (('"biases": [', '"biases": [1.0, ', 1), "weights with 30 rows do not fit 31 biases"),
        (('"biases": [', '"biases": [1e999, ', 1), "not a saved network"),
        (('"biases": [', '"biases": ["1", ', 1), "not a saved network"),
        (('"biases"', '"bias"', 1), "not a saved network"),
        (('"tanh"', "7", 1), "not a saved network"),
        (('"tanh"', '"liner"', 1), "unknown activation: liner"),
        (('"columns_length": 64', '"columns_length": 63', 1), "a 30 x 63 matrix cannot have 1920"),
        (('"categorical_', '"', 1), "cross_entropy has no meaning after softmax"),
    ],
)
def test_a_file_that_is_no_network_is_refused(
    change: tuple[str, str, int], message: str, few: str, saved: str, tmp_path: Path
) -> None:
    text = Path(saved).read_text()
    assert change[0] in text
    file = tmp_path / "wrong.json"
    file.write_text(text.replace(*change))
    status, out, err = both("--data", few, "--load", str(file))
    assert (status, out) == (2, "")
    assert err.startswith(f"train_digits: {file}: {message}") and err.count("\n") == 1


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(
    constant: str, few: str, saved: str, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(Path(saved).read_text().replace('"biases": [', f'"biases": [{constant}, ', 1))
    for command in (PERL, PYTHON):
        status, out, err = run(command, "--data", few, "--load", str(file))
        assert (status, out) == (2, "")
        assert err.startswith(f"train_digits: {file}: not JSON")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "0 digits are too few"),
        ("1 2 3\n", "line 1 is not 64 pixels and a label"),
        ("17 " + "0 " * 64 + "\n", "line 1: a whole number from 0 to 16 is needed, not '17'"),
        ("0 " * 64 + "10\n", "line 1: a whole number from 0 to 9 is needed, not '10'"),
        (("0 " * 64 + "1\n") * 4, "4 digits are too few"),
    ],
)
def test_a_file_that_holds_no_digits_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "digits.txt"
    file.write_text(text)
    assert both("--data", str(file)) == (2, "", f"train_digits: {file}: {message}\n")


def test_training_stops_at_nan(few: str) -> None:
    words = ["--data", few, "--activation", "relu", "--rate", "1e300", "--epochs", "3"]
    status, out, err = both(*words)
    assert (status, out.count("\n")) == (2, 1)
    assert re.fullmatch(r"train_digits: epoch 1: a weight of layer \d became nan\n", err)
    assert run(PYTHON, "--numpy", *words)[2] == err


# --- in Python only -------------------------------------------------------------------------------


def test_a_network_trained_over_arrays_is_saved_like_any_other(few: str, tmp_path: Path) -> None:
    file = str(tmp_path / "numpy.json")
    words = ["--data", few, "--numpy", "--epochs", "1", "--save", file]
    check_sum = run(PYTHON, *words)[1].splitlines()[-1]
    assert both("--data", few, "--load", file)[1].splitlines()[-1] == check_sum


def test_a_picture_without_matplotlib_is_one_line(few: str, tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError\n")
    words = ["--data", few, "--epochs", "0", "--plot", str(tmp_path / "x.png")]
    status, out, err = run(PYTHON, *words, PYTHONPATH=str(tmp_path))
    assert (status, out) == (2, "")
    assert err == "train_digits: --plot needs Matplotlib: pip install matplotlib\n"


@pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="Matplotlib is an extra")
@pytest.mark.parametrize("layers", ["64,30,10", "64,10", "64,3,10"])
def test_the_picture(layers: str, few: str, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    words = ["--data", few, "--numpy", "--epochs", "2", "--layers", layers, "--plot", str(file)]
    status, _, err = run(PYTHON, *words)
    assert (status, err) == (0, "")
    assert file.read_bytes().startswith(b"\x89PNG") and file.stat().st_size > 10_000


@pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="Matplotlib is an extra")
def test_a_picture_that_cannot_be_written_is_one_line(few: str) -> None:
    words = ["--data", few, "--numpy", "--epochs", "0", "--plot", "/nowhere/x.png"]
    status, _, err = run(PYTHON, *words)
    assert status == 2
    assert err == "train_digits: cannot write /nowhere/x.png: No such file or directory\n"
