"""Does haste find a start where it can, and leave alone what it does not know?"""

from __future__ import annotations

from kompetanse_core.solver import OPEN, Draft
from kompetanse_core.solver.greedy import greedy_start


def test_covering_takes_what_covers_most_for_its_price() -> None:
    """The broad cheap choice is taken first, and then only what is still lacking."""
    draft = Draft()
    draft.variables(4)
    for covers in ([0, 3], [1, 3], [2]):
        draft.row(covers, [1] * len(covers), at_least=1)
    draft.least(range(4), [2, 2, 2, 3])
    assert greedy_values(draft) == [0, 0, 1, 1]


def test_covering_gives_back_what_is_no_longer_needed() -> None:
    """A choice made early is undone where later ones make it spare."""
    draft = Draft()
    draft.variables(3)
    for covers in ([0, 1], [0, 2], [1], [2]):
        draft.row(covers, [1] * len(covers), at_least=1)
    draft.least(range(3), [1, 2, 2])
    assert greedy_values(draft) == [0, 1, 1]


def test_covering_takes_many_at_once() -> None:
    """A row that asks for a million is met without a million steps."""
    draft = Draft()
    draft.variables(1, upper=10**9)
    draft.row([0], [3], at_least=10**6)
    draft.least([0], [1])
    assert greedy_values(draft) == [333_334]


def test_packing_fills_the_room_with_what_is_worth_most() -> None:
    """Worth per room decides, and what no longer fits is passed over."""
    draft = Draft()
    draft.variables(3, upper=2)
    draft.row(range(3), [5, 4, 3], at_most=10)
    draft.most(range(3), [10, 9, 1])
    assert greedy_values(draft) == [0, 2, 0]


def test_what_haste_does_not_know_gets_no_start() -> None:
    """Negative factors, open ends, no objective, no row or too little to cover with: None."""
    for factor, upper, needed in ((-1, 1, -1), (1, OPEN, 1), (1, 1, 2)):
        draft = Draft()
        draft.variables(1, upper=upper)
        draft.row([0], [factor], at_least=needed)
        draft.least([0], [1])
        assert greedy_values(draft) is None
    bare = Draft()
    bare.variables(1)
    assert greedy_values(bare) is None
    bare.least([0], [1])
    assert greedy_values(bare) is None


def greedy_values(draft: Draft) -> list[int] | None:
    """The start as a list."""
    values = greedy_start(draft.problem())
    return None if values is None else values.tolist()
