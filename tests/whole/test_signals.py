"""Ctrl-C and SIGTERM: heard at any moment, nothing left running, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Project, start, wait_for


@pytest.mark.parametrize(
    ("number", "whole", "status"),
    [
        (signal.SIGINT, False, 130),
        (signal.SIGINT, True, 130),  # what Ctrl-C does: the whole group
        (signal.SIGTERM, False, 143),
        (signal.SIGHUP, True, None),
        (signal.SIGKILL, False, -9),
    ],
)
@pytest.mark.parametrize("side", ["perl", "python"])
def test_an_interrupted_run_leaves_nothing(
    tmp_path: Path, side: str, number: signal.Signals, whole: bool, status: int | None
) -> None:
    project = Project(tmp_path, "perl")
    sides = {"perl": "sub f { return 1 }", "python": "def f(x: float) -> float:\n    return 1\n"}
    sides[side] = {
        "perl": "sub f { open my $h, '>', 'started'; 1 while 1 }",
        "python": """
        def f(x: float) -> float:
            open("started", "w")
            while True:
                pass
        """,
    }[side]
    project.pair(**sides)
    process = start(project.root, "run", "--timeout", "1000")
    try:
        started = project.root / "started"
        wait_for(started.exists, seconds=30)
        assert started.exists()
        (os.killpg if whole else os.kill)(process.pid, number)
        _, error = process.communicate(timeout=20)
    finally:
        process.kill()
    assert "Traceback" not in error
    if status is not None:
        assert process.returncode == status, error
    if status == 130:
        assert error == "parity: interrupted\n"
    assert project.remaining() == []


def is_started(number: int) -> bool:
    """Whether the command runs that takes SIGINT, no longer the interpreter's start."""
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    masks = {line.partition(":")[0]: line.split()[-1] for line in lines if line[:3] == "Sig"}
    blocked, caught = (int(masks[key], 16) for key in ("SigBlk", "SigCgt"))
    return bool(blocked >> signal.SIGINT - 1 & 1 or caught >> signal.SIGTERM - 1 & 1)


def test_an_interrupt_that_comes_early_is_heard(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("looks at a process in /proc")
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    for tenth in range(8):
        with start(tmp_path, "run", "--cases", "50_000_000") as process:
            assert wait_for(lambda: is_started(process.pid))
            time.sleep(tenth / 10)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (130, "parity: interrupted\n")
    assert not project.remaining()


INTERRUPT = """
import gc, os, signal, sys
import parity.__main__ as command

def interrupt(number=signal.SIGINT):
    os.kill(os.getpid(), number)

def collected(phase, info):
    held = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    if held == HELD and LOADED in sys.modules:
        gc.callbacks.remove(collected)
        interrupt()

def starting_again(*words):
    interrupt()
    execv(*words)

execv = os.execv
sys.argv = ["parity", "run", "--cases", "50_000_000"]
sys.orig_argv = [sys.executable, "-m", *sys.argv]
"""


MOMENTS = {
    "before it starts again": "os.execv = starting_again\n",
    "while it loads": "HELD, LOADED = True, 'click'\ngc.callbacks.append(collected)\n",
    "while garbage is collected": (
        "HELD, LOADED = False, 'parity.api'\nfrom parity import api\nrun = api.run\n"
        "def running(*words, **options):\n    gc.callbacks.append(collected)\n    gc.collect()\n"
        "    yield from run(*words, **options)\napi.run = running\n"
    ),
}


@pytest.mark.parametrize(
    ("moment", "number", "status"),
    [
        *((moment, signal.SIGINT, 130) for moment in MOMENTS),
        ("while garbage is collected", signal.SIGTERM, 143),
    ],
)
def test_an_interrupt_at_an_awkward_moment_is_heard(
    tmp_path: Path, moment: str, number: signal.Signals, status: int
) -> None:
    project = Project(tmp_path, "perl")
    project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n")
    environment = {**os.environ, "STARTED_IN": f"<{tmp_path}>"}
    again = moment == "before it starts again"  # as it does where a standard file is closed
    script = f"{INTERRUPT.replace('SIGINT)', f'{number.name})')}{MOMENTS[moment]}command.start()\n"
    words = [sys.executable, "-c", script]
    done = subprocess.run(
        words,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        preexec_fn=(lambda: os.close(0)) if again else None,
    )
    assert done.returncode == status, done.stderr
    said = done.stderr.splitlines()
    assert status == 143 or said[-1] == "parity: interrupted"
    assert len(said) == 1 or moment == "while garbage is collected"  # of which Python tells
    assert not project.remaining()


WHILE_WRITING = """
from parity import terminal

def writing(output, text):
    write(output, text)
    if text:
        terminal.Output.write = write
        interrupt(NUMBER)

write, terminal.Output.write = terminal.Output.write, writing
sys.argv[2:] = ["--jobs", "1", "--seed", "3"]
command.start()
"""


ENDINGS = [(signal.SIGINT, 130, "parity: interrupted\n"), (signal.SIGTERM, 143, "")]


@pytest.mark.parametrize(("number", "status", "said"), ENDINGS)
def test_an_interrupt_while_a_verdict_is_written_does_not_write_it_twice(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    project = Project(tmp_path, "perl")
    for stem in ("one", "two"):
        project.pair("sub f { return $_[0] }", "def f(x: float) -> float:\n    return x\n", stem)
    done = subprocess.run(
        [sys.executable, "-c", f"NUMBER = {number}\n{INTERRUPT}{WHILE_WRITING}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (status, said)
    first, last = done.stdout.splitlines()
    assert first.split() == ["one.f", "identical", "1,000", "cases"]
    assert last == "1 of 2 pairs judged · seed 3"


@pytest.mark.parametrize(("number", "status", "said"), ENDINGS)
def test_what_was_judged_before_an_interrupt_is_kept(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    project = Project(tmp_path, "perl")
    project.pair(
        "sub quick { return $_[0] }\nsub slow { return $_[0] }",
        "import time\n\n\ndef quick(x: float) -> float:\n    return x\n\n\n"
        "def slow(x: float) -> float:\n    time.sleep(0.1)\n    return x\n",
    )
    with start(tmp_path, "run", "--jobs", "1", "--seed", "3") as process:
        assert process.stdout and "quick" in process.stdout.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (status, said)
    assert out == "1 of 2 pairs judged · seed 3\n"
    assert "unit.quick  identical" in project.parity("list").out
