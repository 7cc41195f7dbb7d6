"""Is it still working, and how is it ended? A line for what takes long, and an ear for Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Timer
from time import monotonic

import click

from kompetanse_core import Chapter, stop_on_ctrl_c

PATIENCE = 1.0
"""Seconds that pass in silence."""
EVERY = 10.0
"""Seconds between two lines about the same work."""


@contextmanager
def watch() -> Iterator[Callable[[str], None]]:
    """Give the function that is told what begins; it says so if that lasts and somebody watches."""
    timers: list[Timer] = []

    def begin(doing: str) -> None:
        if timers:
            timers.pop().cancel()
        if sys.stderr.isatty():
            timers.append(Timer(PATIENCE, lambda: click.echo(f"{doing} …", err=True)))
            timers[-1].daemon = True
            timers[-1].start()

    try:
        yield begin
    finally:
        for timer in timers:
            timer.cancel()


def counting(doing: str, *, clock: Callable[[], float] = monotonic) -> Callable[[int, int], None]:
    """Give what is told how much is done: it says so now and then, with the time that is left.

    A count that begins anew at one is timed anew. Nothing is said where nobody watches.
    """
    first = said = clock()

    def tell(done: int, of: int) -> None:
        nonlocal first, said
        now = clock()
        first = now if done == 1 else first
        if done > 1 and now - said >= EVERY and sys.stderr.isatty():
            said, left = now, round((now - first) * (of - done) / (done - 1))
            click.echo(f"{doing}: {done} of {of}, about {left} seconds left", err=True)

    return tell


class Patience:
    """Listen while a plan is searched for: Ctrl-C then keeps the best plan so far.

    At any other time Ctrl-C ends the command, and pressed twice it does so always.
    """

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self._listening = ExitStack()
        self._pressed: Callable[[], bool] = _never

    def __enter__(self) -> Patience:
        """Begin with nothing to listen to."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Leave Ctrl-C as it was."""
        self._listening.close()

    def begin(self, chapter: Chapter) -> None:
        """Listen from the chapter of the plan on, until the next."""
        self._listening.close()
        if chapter is Chapter.PLAN:
            self._pressed = self._listening.enter_context(stop_on_ctrl_c())

    def is_out(self) -> bool:
        """Say whether Ctrl-C has been pressed while the plan was searched for."""
        return self._pressed()


def _never() -> bool:
    return False
