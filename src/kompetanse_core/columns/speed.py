"""How does one kernel run at two speeds? Plain Python on few rows, compiled by numba on many.

A kernel is a plain function that reads some arrays, takes some whole numbers and fills some other
arrays. It may call other kernels of its module. Both speeds give the same numbers; only the
compiled one imports the compiler. It keeps its result on disk and lets go of the interpreter's
lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from kompetanse_core.columns.layout import Array

WORTHWHILE = 4096
"""From so many rows on a kernel is compiled."""


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
    fast: Callable[..., Any] = numba.njit(cache=True, nogil=True)(twin)
    return fast


def _plain(numbers: Array) -> memoryview:
    """Let plain Python read and write its own whole numbers, which cannot overflow."""
    return numbers.data


def _sealed(numbers: Array) -> Array:
    """Give what is only read one shape in memory, whatever it was, so that kernels compile once."""
    view = np.ascontiguousarray(numbers).view()
    view.flags.writeable = False
    return view
