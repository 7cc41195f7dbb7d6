"""Is it still working? A line on standard error for whatever takes longer than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

import click

PATIENCE = 1.0
"""Seconds that pass in silence."""


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
