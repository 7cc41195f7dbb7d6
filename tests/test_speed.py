"""Speed: a kernel gives the same at both speeds, and the compiled one does nothing but its work."""

from typing import Any

import numba
import numpy as np

from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.speed import SWITCHES, WORTHWHILE, compiled, run, spread


def add(left: Array, right: Array, out: Array) -> None:
    """Add up two arrays, number by number."""
    for place in range(len(out)):
        into(place, left, right, out)


def into(place: int, left: Array, right: Array, out: Array) -> None:
    """Add up one number of each."""
    out[place] = left[place] + right[place]


def added(rows: int) -> list[int]:
    """Add 7 to the numbers from 0 to 4, told that there are so many."""
    out, numbers = np.zeros(5, np.int64), np.arange(5)
    run(add, rows, reads=(numbers, np.full(5, 7)), writes=(out,))
    return [*map(int, out)]


def test_both_speeds_give_the_same() -> None:
    """Few rows are done by Python and many by the compiled twin."""
    assert added(1) == added(WORTHWHILE) == [7, 8, 9, 10, 11]


def test_a_compiled_kernel_counts_no_references() -> None:
    """Counting each array of each inner call cost eight times the work, and both threads met in it.

    The compiler's switch for it is its own: were it to lose its meaning, this says so.
    """
    twin: Any = compiled(add)
    fresh, numbers = numba.njit(**{**SWITCHES, "cache": False})(twin.py_func), np.arange(5)
    fresh(numbers, numbers, numbers.copy())
    (text,) = fresh.inspect_llvm().values()
    assert "add" in text
    assert "NRT_" not in text


def test_parts_come_back_in_order() -> None:
    """Spread over the cores or not, what is made of the parts keeps their order."""
    assert [*spread(abs, range(-50, 0), 1)] == [*range(50, 0, -1)]
    assert [*spread(abs, range(-50, 0), 10**9)] == [*range(50, 0, -1)]
