"""How did a search end, and how does whoever waits end it? `stop_on_ctrl_c` listens to Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.plan.searching import Found

A_STEP = 10_000
"""What a whole missing step comes to in the first objective."""


@contextmanager
def stop_on_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Give what to pass as `interrupted`: it says yes once Ctrl-C has been pressed within.

    The search then ends with its best plan so far. Pressed again, Ctrl-C raises KeyboardInterrupt
    as it does elsewhere. Only the main thread may listen.

    Raises:
        ValueError: outside the main thread.
    """
    pressed = Event()

    def hear(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def how_it_ended(found: Found) -> tuple[Finding, ...]:
    """Tell of a search that was ended before its plan was proven best; of another, nothing."""
    if not (found.interrupted or found.cut):
        return ()
    ended = "was interrupted" if found.interrupted else "came to its limit on time or effort"
    steps = -(-(found.worth[0] - found.bound) // A_STEP)
    least = f"no plan leaves less by more than {steps} steps" if steps else "it may be too dear"
    text = f"the search {ended}; {least}"
    hint = "this is the best plan so far; let it search for longer"
    return (Finding(code="W537", severity=Severity.WARNING, text=text, hint=hint),)
