"""Enduring: each turn has just its own chances, and looking down a ladder is going turn by turn."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.columns.chance import MILLION, keys_of, marks_of
from kompetanse_core.columns.enduring import ENDURANCE, SPARE, fated, ladders_of, luck, outlasted
from kompetanse_core.columns.faring import endured

RISKS = st.lists(st.sampled_from((0, 1, 20_000, 500_000, 999_999, MILLION)), max_size=8)


@st.composite
def lots(draw: st.DrawFn) -> tuple[list[int], list[int], int]:
    """Draw chances turn by turn, their ladder, and a luck: any, or one that a turn just leaves."""
    risks = draw(RISKS)
    (ladder,) = ladders_of(np.array([risks], np.int64).reshape(1, len(risks))).tolist()
    edges = [left + by for left in ladder for by in (-1, 0) if 0 <= left + by < ENDURANCE]
    return risks, ladder, draw(st.integers(0, ENDURANCE - 1) | st.sampled_from(edges))


@given(lots())
def test_a_turn_takes_whose_luck_falls_within_its_chances(
    drawn: tuple[list[int], list[int], int],
) -> None:
    """Of the turns that somebody comes to, the first in which luck falls below the chances."""
    risks, ladder, lot = drawn
    lasts = outlasted(ladder[1:], lot)
    for turn, risk in enumerate(risks[: lasts + 1]):
        assert (fated(ladder[turn], lot) < risk) == (turn == lasts)


@given(lots())
def test_going_turn_by_turn_comes_to_the_same(
    drawn: tuple[list[int], list[int], int],
) -> None:
    """`endured` stops where the ladder says, with what it says is left."""
    risks, ladder, lot = drawn
    rows = range(len(risks))
    turn, left = endured(
        0, len(risks), 1, 0, 0, lot, ENDURANCE, -1, rows, [0] * 121, [0] * 9, risks, [-1]
    )
    assert (turn, left) == (outlasted(ladder[1:], lot), ladder[turn])


@given(RISKS)
def test_what_is_left_is_the_chance_to_come_so_far(risks: list[int]) -> None:
    """The ladder is the product of the chances to stay, but for less than one part a turn."""
    (ladder,) = ladders_of(np.array([risks], np.int64).reshape(1, len(risks))).tolist()
    stays = Fraction(1)
    for turn, left in enumerate(ladder):
        assert 0 <= stays * ENDURANCE - left <= turn
        stays *= 1 - Fraction(risks[turn], MILLION) if turn < len(risks) else 1


def test_luck_is_even_in_every_bit() -> None:
    """Of 40,000 draws each bit of luck, and of what it does not need, is set in half of them."""
    high, keys = keys_of(3, 0, 40_000)
    (mark,) = marks_of(["x"]).tolist()
    drawn = np.array([luck(key, high, mark, 0) for key in keys.tolist()])
    bits = [drawn[:, 0] >> n & 1 for n in range(ENDURANCE.bit_length() - 1)]
    bits += [drawn[:, 1] >> n & 1 for n in range(SPARE)]
    assert drawn.min() >= 0
    assert (drawn.max(axis=0) < [ENDURANCE, 1 << SPARE]).all()
    assert np.abs(np.mean(bits, axis=1) - 0.5).max() <= 4.5 * (0.25 / 40_000) ** 0.5
