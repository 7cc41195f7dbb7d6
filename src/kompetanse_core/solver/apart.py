"""How is a signal heard while a solver works? `apart` runs the solver in another thread.

A signal is told to the main thread, at whatever line it comes to next. Where that is the first of a
function that the solver calls back, what the signal raises ends in the solver and is lost. So it is
while a compiled library is loaded: that then seems not to be installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")


def apart(
    run: Callable[[], T],
    trouble: list[BaseException],
    *,
    meanwhile: Callable[[], None] | None = None,
    every: float | None = None,
) -> T:
    """Call in another thread, wait to its end, and give what it gives or raise the first trouble.

    Whoever calls must see to it that a `trouble` ends the call: `run` may look, or `meanwhile`,
    which is called here each time that so many seconds have passed.
    """
    told: list[T] = []
    ended = Event()

    def work() -> None:
        try:
            told.append(run())
        except BaseException as error:  # noqa: BLE001  raised again by who waits
            trouble.append(error)
        finally:
            ended.set()

    Thread(target=work).start()
    while not ended.is_set():
        try:
            # Not `Thread.join`: an exception in mid-wait makes it believe that the thread is over.
            if not ended.wait(every) and meanwhile is not None:
                meanwhile()
        except BaseException as error:  # noqa: BLE001  raised again, when the solver has stopped
            trouble.append(error)
    if trouble:
        raise trouble[0]
    return told[0]


def imported(name: str) -> Any:  # noqa: ANN401  a library that is imported late has no static type
    """Import a compiled library so that no signal is lost in it, or give it if that is done.

    Raises:
        ImportError: if it is not there.
    """
    if name in sys.modules:
        return import_module(name)
    return apart(lambda: import_module(name), [])
