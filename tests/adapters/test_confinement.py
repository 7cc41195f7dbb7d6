"""Does whatever hangs, swallows memory or crashes do so alone?"""

import os
import pickle
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kompetanse_adapters.reading import confined, read_day
from kompetanse_core import (
    CODES,
    BadInput,
    Finding,
    KompetanseError,
    Misuse,
    Place,
    PluginFailed,
    Severity,
    SourceUnavailable,
    VersionConflict,
)

MEGABYTE = 1024 * 1024


def test_what_is_given_and_gives_travels() -> None:
    """A call in the child gives what it would give here, nouns too."""
    assert confined(sorted, [3, 1, 2]) == [1, 2, 3]
    assert confined(Place, memory=64 * MEGABYTE) == Place()
    assert confined(read_day, "31.12.2026") == read_day("2026-12-31")


def test_it_is_another_process() -> None:
    """The child is not this process."""
    assert confined(os.getpid) != os.getpid()


@pytest.mark.parametrize(
    "hung",
    [(time.sleep, 60), (exec, "while True: pass"), (pow, 7, 10**9)],
    ids=["waits", "python_loop", "c_loop"],
)
def test_fault_f13_what_hangs_is_ended(
    hung: tuple[Callable[..., object], *tuple[Any, ...]],
) -> None:
    """A wait, a loop of Python and one of C end at the deadline, and this process goes on."""
    with pytest.raises(SourceUnavailable, match="more than 1 seconds") as ended:
        confined(*hung, seconds=1)
    assert ended.value.code == "E305"


def test_fault_f13_what_it_started_is_ended_too(tmp_path: Path) -> None:
    """A process that the child has started does not outlive it."""
    told = tmp_path / "pid"
    script = f"import os, time; os.fork() or (open({str(told)!r}, 'w').write(str(os.getpid())), "
    with pytest.raises(SourceUnavailable):
        confined(exec, f"{script} time.sleep(60)); time.sleep(60)", seconds=5)
    state = Path(f"/proc/{told.read_text()}/stat")
    # The kernel ends what it was told to end when it comes to it: a busy machine takes a moment.
    for _ in range(100):
        if not runs(state):
            break
        time.sleep(0.1)
    assert not runs(state)


def runs(state: Path) -> bool:
    """Whether the process of this state file lives: a zombie does not."""
    try:
        return state.read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_fault_f24_memory_is_limited() -> None:
    """What asks for more memory than it may have is refused it, and this process goes on."""
    with pytest.raises(SourceUnavailable, match="too much memory") as ended:
        confined(bytearray, 400 * MEGABYTE, memory=200 * MEGABYTE)
    assert ended.value.code == "E305"
    assert len(confined(bytearray, 10 * MEGABYTE, memory=200 * MEGABYTE)) == 10 * MEGABYTE


def test_fault_f24_an_answer_is_limited() -> None:
    """What the child may write, its answer too, is no more than its memory."""
    whole = f"import tempfile; tempfile.TemporaryFile().truncate({2**40})"
    with pytest.raises(PluginFailed, match="OSError"):
        confined(exec, whole, memory=64 * MEGABYTE)


@pytest.mark.parametrize("call", [os.abort, os._exit], ids=["abort", "exit"])
def test_fault_f24_a_crash_stays_with_the_child(call: Callable[..., object]) -> None:
    """A child that aborts, as a parser does on a hostile file, or leaves, is told of."""
    with pytest.raises(SourceUnavailable, match="died") as ended:
        confined(call, *([0] if call is os._exit else []))
    assert ended.value.code == "E305"


def test_our_errors_come_through_whole() -> None:
    """An error of ours comes out of the child as it was raised there."""
    with pytest.raises(Misuse) as here:
        read_day("29.02.2027")
    with pytest.raises(Misuse) as there:
        confined(read_day, "29.02.2027")
    assert str(there.value) == str(here.value)


def test_fault_f12_any_other_error_is_told_by_its_type() -> None:
    """What else is raised, leaving and an answer that cannot travel too, says no value."""
    for source in ("raise ValueError('a101')", "raise SystemExit('a101')"):
        with pytest.raises(PluginFailed) as failed:
            confined(exec, source)
        assert failed.value.code == "E602"
        assert "a101" not in str(failed.value)
        assert re.search("ValueError|SystemExit", str(failed.value))
    with pytest.raises(PluginFailed, match="raised"):
        confined(eval, "lambda: 1")


def _flaw() -> Finding:
    place = Place(file="employees.csv", row=2, column="share")
    return Finding(code="E501", severity=Severity.REFUSE, text="no number", place=place)


@pytest.mark.parametrize(
    "error",
    [
        KompetanseError("E101", "cannot be read", place=Place(file="a"), hint="say how"),
        SourceUnavailable("E706", "is not there"),
        BadInput([_flaw()]),
        VersionConflict(expected=1, found=2),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel(error: KompetanseError) -> None:
    """An error that is pickled comes back with its type, code, text, place and hint."""
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert back.code in CODES
    assert vars(back) == vars(error)
