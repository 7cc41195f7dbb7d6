"""How does whoever waits end a search? `stop_on_ctrl_c` makes Ctrl-C a question answered yes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


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
