"""What is true of every simulation: heads are conserved, luck is shared, nothing is written to."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.columns.layout import Array
from kompetanse_core.conformance import DAY, Size, enterprises
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.scenario import (
    Attrition,
    Count,
    Flows,
    Hiring,
    Move,
    Retirement,
    Scenario,
    Simulation,
    simulate,
)

STAFFED = enterprises(
    least=Size(scales=1, competences=1, units=1, roles=2, employees=2, engagements=2, seats=1)
)
CHANCES = st.sampled_from((0, 1, 250_000))


@st.composite
def flows(draw: st.DrawFn, enterprise: Enterprise) -> Flows:
    """Draw chances for an enterprise: of leaving, retiring, moving and hiring."""
    roles = [role.id for role in enterprise.roles]
    return Flows(
        attrition=(Attrition(chance=draw(CHANCES)),),
        retirement=(Retirement(age=50, chance=draw(CHANCES)),),
        moves=(Move(source=roles[0], target=roles[1], chance=draw(CHANCES)),),
        hiring=tuple(
            Hiring(role=each, chance=900_000, lead=draw(st.integers(1, 3))) for each in roles
        ),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Enterprise, Flows]:
    """Draw an enterprise and what may happen in it."""
    enterprise = draw(STAFFED)
    return enterprise, draw(flows(enterprise))


def run(enterprise: Enterprise, chances: Flows | None = None, *, block: int = 7) -> Simulation:
    """Simulate a little."""
    return simulate(enterprise, chances, start=DAY, periods=6, replicas=7, seed=3, block=block)


def same(one: Simulation, other: Simulation) -> bool:
    """Say whether two simulations counted the same."""
    return one.cells == other.cells and all(
        np.array_equal(one.counts[each], other.counts[each]) for each in Count
    )


@given(worlds())
def test_heads_are_conserved(world: tuple[Enterprise, Flows]) -> None:
    """In every run, period and cell: who is here is who was, less who went, with who came."""
    found = run(*world).counts

    def before(count: Count) -> Array:
        return found[count][:, :-1].astype(np.int64)

    def after(count: Count) -> Array:
        return found[count][:, 1:].astype(np.int64)

    gone = before(Count.LEFT) + before(Count.RETIRED) + before(Count.MOVED_OUT) + after(Count.WENT)
    new = before(Count.MOVED_IN) + after(Count.HIRES) + after(Count.CAME)
    assert np.array_equal(after(Count.HEADS), before(Count.HEADS) - gone + new)


@given(worlds())
def test_the_size_of_a_block_changes_nothing(world: tuple[Enterprise, Flows]) -> None:
    """Runs one by one, in threes or together count the same."""
    whole = run(*world)
    assert same(whole, run(*world, block=1))
    assert same(whole, run(*world, block=3))


@given(STAFFED)
def test_zero_flows_change_nothing(enterprise: Enterprise) -> None:
    """Without flows every run meets, in every period, exactly what `find_gaps` says of its day."""
    simulation = run(enterprise)
    for turn, start in enumerate(simulation.starts):
        total = find_gaps(enterprise, on=start).total
        for count in (Count.MET, Count.MISSING, Count.UNKNOWN):
            expected = getattr(total, count.value)
            assert (simulation.of(count)[:, turn] == expected).all()
    for count in (Count.HIRES, Count.LEFT, Count.RETIRED, Count.MOVED_IN, Count.COST):
        assert not simulation.of(count).any()


@given(worlds())
def test_an_empty_scenario_is_the_baseline(world: tuple[Enterprise, Flows]) -> None:
    """Nothing changed gives the same runs, number for number."""
    enterprise, chances = world
    assert same(run(enterprise, chances), run(Scenario(name="x").apply(enterprise), chances))


@given(worlds())
def test_no_run_writes_to_the_enterprise(world: tuple[Enterprise, Flows]) -> None:
    """Every column is byte for byte as before."""
    enterprise, chances = world
    before = [numbers.tobytes() for numbers in enterprise.engagements.columns.values()]
    run(enterprise, chances)
    assert [n.tobytes() for n in enterprise.engagements.columns.values()] == before
