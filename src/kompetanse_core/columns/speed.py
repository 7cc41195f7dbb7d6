"""How does one kernel run at two speeds? Plain Python on few rows, compiled by numba on many.

A kernel is a plain function that reads some arrays, takes some whole numbers and fills some other
arrays. It may call other kernels of its module. Both speeds give the same numbers; only the
compiled one imports the compiler. It keeps its result on disk, lets go of the interpreter's lock,
and counts no references: a kernel makes no array, and counting cost up to eight times the work.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from types import FunctionType, MappingProxyType
from typing import Any, TypeVar

import numpy as np

from kompetanse_core.columns.layout import Array

P = TypeVar("P")
Q = TypeVar("Q")

WORTHWHILE = 4096
"""From so many rows on a kernel is compiled."""
MANY = 1_000_000
"""From so many rows on the blocks are spread over the cores."""
SWITCHES: Mapping[str, Any] = MappingProxyType(
    {"cache": True, "nogil": True, "forceinline": True, "_nrt": False}
)
"""How a kernel is compiled. Without the last, each call of an inner kernel would count references
to each of its arrays, on counters that all threads share."""


def run(
    kernel: Callable[..., None],
    rows: int,
    *,
    reads: Iterable[Array],
    numbers: Iterable[int] = (),
    writes: Iterable[Array],
) -> None:
    """Run a kernel that will touch about so many rows, at the speed that suits them.

    The kernel's arguments are the arrays to read, the numbers and the arrays to fill, in order.
    """
    sealed = map(_sealed, reads)
    if rows < WORTHWHILE:
        kernel(*map(_plain, sealed), *numbers, *map(_plain, writes))
    else:
        compiled(kernel)(*sealed, *numbers, *writes)


@cache
def compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Give the compiled twin of a kernel, with the kernels that it calls."""
    import numba

    assert isinstance(kernel, FunctionType)
    known = kernel.__globals__
    called = {name: known.get(name) for name in kernel.__code__.co_names}
    inner = {name: compiled(to) for name, to in called.items() if isinstance(to, FunctionType)}
    twin = FunctionType(kernel.__code__, {**known, **inner}, kernel.__name__)
    fast: Callable[..., Any] = numba.njit(**SWITCHES)(twin)
    return fast


def spread(work: Callable[[P], Q], parts: Iterable[P], rows: int) -> Iterator[Q]:
    """Yield what work makes of each part, in order; on every core if there are many rows.

    Compiled kernels let go of the interpreter's lock, so threads help. Only a few parts are ahead
    of the one that is asked for, so that memory does not grow with their number; of these, what has
    not begun when no more is asked for never does.
    """
    cores = os.cpu_count() or 1
    if rows < MANY or cores == 1:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(cores) as pool:
        ahead: deque[Future[Q]] = deque()
        try:
            for part in parts:
                ahead.append(pool.submit(work, part))
                if len(ahead) > 2 * cores:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _plain(numbers: Array) -> memoryview:
    """Let plain Python read and write its own whole numbers, which cannot overflow."""
    return numbers.data


def _sealed(numbers: Array) -> Array:
    """Give what is only read one shape in memory, whatever it was, so that kernels compile once."""
    view = np.ascontiguousarray(numbers).view()
    view.flags.writeable = False
    return view
