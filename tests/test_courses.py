"""Would a course of one's own pay? Participants counted by hand and one by one."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.wards import ON, asks, course, ward

from kompetanse_core.gap import find_gaps
from kompetanse_core.model.measure import Arena, Measure
from kompetanse_core.strategy import BreakEven, break_evens, course_cost, open_options

OWN = evolve(course("own", ("k", 0, 2)), cost_per_session=10_000, cost_per_head=500, seats=12)
AWAY = evolve(course("away", ("k", 0, 2)), cost_per_head=3_000, arena=Arena.OUTSIDE)


def compared(*measures: Measure, people: int = 3) -> tuple[BreakEven, ...]:
    """The break-evens of a ward where some lack one step."""
    named = {f"p{n}": ("nurse", {"k": 1}) for n in range(people)}
    return break_evens(
        open_options(find_gaps(ward(named, [asks("nurse", "k", 2)], measures), on=ON))
    )


def test_four_participants_make_it_pay() -> None:
    """G-6: 10,000 + 500 n <= 3,000 n from n = 4 on; three lack it, so today it does not pay."""
    (found,) = compared(OWN, AWAY)
    assert found == BreakEven(
        own=OWN.id,
        external=AWAY.id,
        heads=4,
        open_to=3,
        own_cost=11_500,
        external_cost=9_000,
    )


def test_what_is_dearer_a_head_never_pays() -> None:
    """No number of participants helps a course that costs more a head."""
    (found,) = compared(evolve(OWN, cost_per_head=3_001), AWAY)
    assert found.heads is None


def test_only_what_reaches_as_high_is_compared() -> None:
    """An external course that reaches lower, or teaches something else, is no alternative."""
    lower = evolve(AWAY, outcomes=course("x", ("k", 0, 1)).outcomes)
    other = evolve(AWAY, outcomes=course("x", ("m", 0, 3)).outcomes)
    assert compared(OWN, lower) == compared(OWN, other) == ()
    assert compared(evolve(OWN, cost_per_session=0), AWAY) == ()


@given(st.integers(0, 20_000), st.integers(0, 4_000), st.sampled_from([None, 1, 3, 12]))
def test_the_break_even_is_the_first(session: int, head: int, seats: int | None) -> None:
    """With one participant less the own course is dearer; with none there is nothing to pay."""
    own = evolve(OWN, cost_per_session=1 + session, cost_per_head=head, seats=seats)
    (found,) = compared(own, AWAY)
    if found.heads is not None:
        assert course_cost(own, found.heads) <= course_cost(AWAY, found.heads)
        for fewer in range(1, found.heads):
            assert course_cost(own, fewer) > course_cost(AWAY, fewer)
    assert course_cost(own, 0) == 0
