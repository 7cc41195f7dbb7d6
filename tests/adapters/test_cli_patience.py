"""What does Ctrl-C do to `kompetanse analyse`? While it plans: the best plan so far, and 130."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kompetanse_adapters.cli.progress import Patience, counting
from kompetanse_core import Chapter

EXAMPLE = Path(__file__).resolve().parents[2] / "src" / "kompetanse_adapters" / "example"
ASKED = ["analyse", str(EXAMPLE), "--on", "2027-01-01", "--budget", "400000"]

PRESSED = """
import os, signal, sys
from importlib import import_module
from kompetanse_adapters.cli import main

where, name, times = sys.argv.pop(), sys.argv.pop(), int(sys.argv.pop())
module = import_module(where)
work = getattr(module, name)

def pressed(*given, **terms):
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGINT)
    return work(*given, **terms)

setattr(module, name, pressed)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
main()
"""
CHAIN = "kompetanse_core.analysis"
SEARCH = ("solve", "kompetanse_core.plan.searching")


def pressed(
    *asked: str, times: int = 1, within: tuple[str, str] = SEARCH
) -> subprocess.CompletedProcess[str]:
    """Run a command in which Ctrl-C is pressed as a function begins."""
    return subprocess.run(
        [sys.executable, "-c", PRESSED, *asked, str(times), *within],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_fault_f26_ctrl_c_while_planning_gives_the_best_plan_so_far(tmp_path: Path) -> None:
    """F26: the summary, the report and the messages say that it is one; the code is 130."""
    file = tmp_path / "report.md"
    ended = pressed(*ASKED, "--report", str(file))
    assert (ended.returncode, ended.stderr) == (
        130,
        "interrupted: the plan is the best that was found by then\n",
    )
    assert "Søket ble avbrutt" in file.read_text("utf-8")
    assert "Søket ble avbrutt" in " ".join(ended.stdout.split())
    told = json.loads(pressed(*ASKED, "--language", "en", "--json").stdout)
    assert told["findings"]["W537"] == 1
    assert "The search was interrupted" in json.dumps(told["sections"])


@pytest.mark.parametrize(
    ("times", "within"),
    [(2, SEARCH), (1, ("find_gaps", CHAIN)), (1, ("follow_up", CHAIN))],
)
def test_fault_f26_pressed_twice_or_at_another_time_it_ends_the_command(
    times: int, within: tuple[str, str], tmp_path: Path
) -> None:
    """F26: nothing is printed or written, and the code is 130."""
    file = tmp_path / "report.md"
    ended = pressed(*ASKED, "--report", str(file), times=times, within=within)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr.endswith("interrupted; nothing was written by half\n")
    assert list(tmp_path.iterdir()) == []


def test_only_the_chapter_of_the_plan_is_listened_to() -> None:
    """Before and after it Ctrl-C is as it was, also where the work breaks off."""
    before = signal.getsignal(signal.SIGINT)
    with Patience() as patience:
        patience.begin(Chapter.RECOMMENDATIONS)
        assert signal.getsignal(signal.SIGINT) is before
        patience.begin(Chapter.PLAN)
        assert signal.getsignal(signal.SIGINT) is not before
        assert not patience.is_out()
        signal.raise_signal(signal.SIGINT)
        patience.begin(Chapter.FOLLOW_UP)
        assert signal.getsignal(signal.SIGINT) is before
        patience.begin(Chapter.PLAN)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_count_says_now_and_then_how_long_it_will_take(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line each ten seconds, timed anew when the count begins anew, and none unwatched."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    times = iter([0, 4, 8, 14, 18, 20, 25, 40])
    tell = counting("planning", clock=lambda: float(next(times)))
    for done in (1, 2, 3, 4, 1, 2):
        tell(done, 5)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "planning: 3 of 5, about 10 seconds left",
        "planning: 2 of 5, about 15 seconds left",
    ]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    tell(3, 5)
    assert capsys.readouterr().err == ""
