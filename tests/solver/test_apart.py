"""Signals reach whoever waits for a solver, also while the solver is loaded."""

import signal
import sys
from pathlib import Path

import pytest

from kompetanse_core.solver.apart import imported

DEAF = """
import os, signal, time

try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.2)
except KeyboardInterrupt as error:
    raise ImportError("initialization failed") from error
"""


def test_fault_f26_a_signal_while_a_library_is_loaded_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F26: a compiled library makes an ImportError of Ctrl-C, as if it were not installed."""
    (tmp_path / "deaf.py").write_text(DEAF, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            imported("deaf")
        assert imported("deaf") is sys.modules.pop("deaf")
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_library_that_is_not_there_says_so() -> None:
    """An ImportError stays one."""
    with pytest.raises(ImportError):
        imported("kompetanse_core.solver.nowhere")
