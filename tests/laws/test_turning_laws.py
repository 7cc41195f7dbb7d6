"""What is true of the kernels that play a course: they tell what looking at everybody would."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.courses import Key, courses, told

from kompetanse_core.columns import speed
from kompetanse_core.columns.chance import keys_of
from kompetanse_core.columns.turns import Counts, Course, Sizes, begin, play

SEED, RUNS = 7, 3


def played(course: Course, sizes: Sizes, *ends: int) -> list[Counter[Key]]:
    """Play some runs, act by act, and give what is not nothing, as the oracle does.

    Where they are counted, and where everybody stands, is left over from runs before.
    """
    high, keys = keys_of(SEED, 0, RUNS)
    done = np.zeros(RUNS * len(course.learner), np.int8)
    state = evolve(begin(keys, sizes), agenda=np.arange(RUNS) % 2, done=done)
    counts = Counts.none(RUNS * sizes.turns * sizes.cells)
    for first, last in ((0, sizes.turns), *pairwise(ends)):
        play(course, state, counts, sizes, high=high, first=first, last=last)
    return [_told(counts, sizes, run) for run in range(RUNS)]


def _told(counts: Counts, sizes: Sizes, run: int) -> Counter[Key]:
    found = Counter[Key]()
    for each in fields(Counts):
        numbers = getattr(counts, each.name).reshape(RUNS, sizes.turns, sizes.cells)[run]
        for turn, cell in np.argwhere(numbers):
            found[each.name, int(turn), int(cell)] = int(numbers[turn, cell])
    return found


@settings(max_examples=10 * settings().max_examples)
@given(courses(), st.integers(0, 6))
def test_all_is_counted_as_looking_at_everybody_would(
    drawn: tuple[Course, Sizes], turn: int
) -> None:
    """Every count of every run is the oracle's, wherever the course is cut into two acts."""
    course, sizes = drawn
    for run, found in enumerate(played(course, sizes, 0, min(turn, sizes.turns), sizes.turns)):
        counted = told(course, sizes, seed=SEED, run=run, agenda=run % 2).counts
        assert found == Counter({key: number for key, number in counted.items() if number})


@given(courses())
def test_both_speeds_play_alike(drawn: tuple[Course, Sizes]) -> None:
    """Compiled and in plain Python, number for number."""
    course, sizes = drawn
    plain = played(course, sizes, 0, sizes.turns)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(speed, "WORTHWHILE", 0)
        assert played(course, sizes, 0, sizes.turns) == plain
