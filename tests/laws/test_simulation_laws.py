"""What is true of every simulation: heads are conserved, luck is shared, nothing is written to."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.columns.layout import Array
from kompetanse_core.conformance import DAY, Size, enterprises
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Employee, EmployeeId, Engagement, Unit
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Role, RoleId, UnitId
from kompetanse_core.scenario import (
    Attrition,
    Count,
    Flows,
    Hiring,
    Move,
    Retirement,
    Scenario,
    Simulation,
    expect,
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


@st.composite
def lumpable(draw: st.DrawFn) -> tuple[list[list[RoleId]], Flows, Flows]:
    """Draw grades in groups, how they flow, and how the groups flow as one grade each.

    From every grade of a group the same chance leads to each group, however it is split there.
    """
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=3))
    groups = [[RoleId(f"g{n}-{place}") for place in range(size)] for n, size in enumerate(sizes)]
    chances = [[draw(st.integers(0, 200_000)) for _ in groups] for _ in groups]
    fine = [
        move
        for n, group in enumerate(groups)
        for role in group
        for to, chance in zip(groups, chances[n], strict=True)
        for move in draw(split(role, to, chance))
    ]
    coarse = [
        Move(source=one[0], target=other[0], chance=chances[n][m])
        for n, one in enumerate(groups)
        for m, other in enumerate(groups)
        if n != m
    ]
    quits = [draw(st.integers(0, 200_000)) for _ in groups]
    leaving = [Attrition(role=r, chance=q) for g, q in zip(groups, quits, strict=True) for r in g]
    few = [Attrition(role=g[0], chance=q) for g, q in zip(groups, quits, strict=True)]
    return (
        groups,
        Flows(attrition=tuple(leaving), moves=tuple(fine)),
        Flows(attrition=tuple(few), moves=tuple(coarse)),
    )


@st.composite
def split(draw: st.DrawFn, source: RoleId, to: list[RoleId], chance: int) -> list[Move]:
    """Split a chance over the grades of a group; what falls to one's own is to stay."""
    cuts = sorted(draw(st.integers(0, chance)) for _ in to[1:])
    parts = [after - before for before, after in pairwise((0, *cuts, chance))]
    return [
        Move(source=source, target=each, chance=part)
        for each, part in zip(to, parts, strict=True)
        if each != source
    ]


@given(lumpable(), st.data())
def test_lumping_grades_changes_no_expectation(
    drawn: tuple[list[list[RoleId]], Flows, Flows], data: st.DataObject
) -> None:
    """Grades whose chances to each group are alike may be one: heads in each group stay as is."""
    groups, fine, coarse = drawn
    roles = [role for group in groups for role in group]
    first = {role: group[0] for group in groups for role in group}
    held = data.draw(st.lists(st.sampled_from(roles), min_size=1, max_size=6))
    apart, together = (
        expect(_employed(roles, own), flows, start=DAY, periods=6)
        for own, flows in ((held, fine), ([first[role] for role in held], coarse))
    )
    for group in groups:
        one, other = (
            sum(
                found.counts[Count.HEADS][:, place]
                for place, (_, role) in enumerate(found.cells)
                if role in group
            )
            for found in (apart, together)
        )
        assert np.allclose(one, other, atol=1e-9)


def _employed(roles: list[RoleId], held: list[RoleId]) -> Enterprise:
    """Let one person have each of the roles held, all in one unit."""
    names = [EmployeeId(f"p{n}") for n, _ in enumerate(held)]
    return Enterprise(
        units=[Unit(id=UnitId("u"), label=Text("u"))],
        roles=[Role(id=each, label=Text(each)) for each in roles],
        employees=[Employee(id=each) for each in names],
        engagements=[
            Engagement(employee=who, unit=UnitId("u"), role=role)
            for who, role in zip(names, held, strict=True)
        ],
    )


@given(worlds())
def test_no_run_writes_to_the_enterprise(world: tuple[Enterprise, Flows]) -> None:
    """Every column is byte for byte as before."""
    enterprise, chances = world
    before = [numbers.tobytes() for numbers in enterprise.engagements.columns.values()]
    run(enterprise, chances)
    assert [n.tobytes() for n in enterprise.engagements.columns.values()] == before
