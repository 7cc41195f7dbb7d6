"""What is true of every scenario over every enterprise."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from kompetanse_core.columns import Table
from kompetanse_core.conformance.strategies import DAY, Size, enterprises
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Employee, EmployeeId
from kompetanse_core.model.work import Market
from kompetanse_core.scenario import (
    Add,
    Alteration,
    ChangeLevel,
    ChangeSeats,
    ChangeShare,
    CloseRole,
    CloseSeats,
    CloseTask,
    CloseUnit,
    Lapse,
    Leave,
    Replace,
    Retire,
    Scenario,
    Withdraw,
    differences,
)

AT_WORK = Size(
    scales=1,
    competences=2,
    units=1,
    roles=1,
    tasks=1,
    requirements=2,
    employees=2,
    engagements=2,
    assessments=1,
    measures=1,
    seats=1,
    markets=1,
)
WHOLE = enterprises(least=AT_WORK)
AFTER = st.sampled_from((0, 1, 31, 200)).map(lambda days: DAY + timedelta(days=days))


def possible(enterprise: Enterprise, on: date) -> list[Alteration]:
    """One alteration of each sort for each row of an enterprise that it could be about."""
    found: list[Alteration] = [
        Lapse(competence=a.competence, on=on) for a in enterprise.assessments
    ]
    found += [CloseUnit(unit=unit.id, on=on) for unit in enterprise.units]
    found += [CloseTask(task=task.id, on=on) for task in enterprise.tasks]
    found += [CloseRole(role=role.id, on=on) for role in enterprise.roles]
    found += [Withdraw(measure=each.id, on=on) for each in enterprise.measures]
    found += [Replace(noun=evolve(each, cost_per_head=7), on=on) for each in enterprise.measures]
    found += [Replace(noun=evolve(each, cost=7), on=on) for each in enterprise.markets]
    for e in enterprise.engagements:
        found += [Leave(employee=e.employee, on=on), Leave(employee=e.employee, role=e.role, on=on)]
        found.append(
            ChangeShare(
                employee=e.employee, unit=e.unit, role=e.role, share=e.share // 2 + 1, on=on
            )
        )
    for s in enterprise.seats:
        found.append(ChangeSeats(unit=s.unit, role=s.role, share=5_000, on=on))
        found.append(CloseSeats(unit=s.unit, role=s.role, on=on))
    for r in enterprise.requirements:
        found.append(Retire(bearer=r.bearer, of=r.of, competence=r.competence, on=on))
        level = r.level if r.scale else Level(max(1, r.level - 1))
        found.append(
            ChangeLevel(bearer=r.bearer, of=r.of, competence=r.competence, level=level, on=on)
        )
    found.append(Add(noun=Employee(id=EmployeeId("newcomer")), on=on))
    return found


@st.composite
def worlds(draw: st.DrawFn, *days: st.SearchStrategy[date]) -> tuple[Enterprise, list[Scenario]]:
    """An enterprise, and for each day a scenario that can be laid over what came before it."""
    enterprise, found = draw(WHOLE), []
    after = enterprise
    for day in days or (AFTER,):
        drawn = draw(st.lists(st.sampled_from(possible(after, draw(day))), min_size=1, max_size=3))
        changes: list[Alteration] = []
        for change in drawn:
            if possible_alone(after, change) and agrees(changes, change):
                after = Scenario(name="try", changes=(change,)).apply(after)
                changes.append(change)
        found.append(Scenario(name="s", changes=changes))
    return enterprise, found


def agrees(changes: list[Alteration], change: Alteration) -> bool:
    """Whether an alteration contradicts none of those before it."""
    try:
        Scenario(name="try", changes=(*changes, change))
    except Misuse:
        return False
    return True


@given(WHOLE)
def test_an_empty_scenario_changes_nothing(enterprise: Enterprise) -> None:
    """Without changes the outcome is the baseline, and there is no difference."""
    empty = Scenario(name="empty")
    assert empty.apply(enterprise) == enterprise
    assert empty.differences(enterprise) == ()


@given(worlds())
def test_no_scenario_changes_the_baseline(world: tuple[Enterprise, list[Scenario]]) -> None:
    """Every noun and every byte of every column is as before; nothing of it can be written."""
    enterprise, (scenario,) = world
    before = copied(enterprise)
    scenario.apply(enterprise)
    assert copied(enterprise) == before
    for table in tables(enterprise):
        assert not any(numbers.flags.writeable for numbers in table.columns.values())


@given(worlds())
def test_what_comes_out_can_be_assembled(world: tuple[Enterprise, list[Scenario]]) -> None:
    """Applying a scenario to what hangs together gives what hangs together, in sorted tables."""
    enterprise, (scenario,) = world
    reading = scenario.reading(enterprise)
    assert reading.refused == ()
    for table in tables(reading.enterprise):
        assert list(table) == list(table.sorted())


@given(worlds())
def test_a_difference_tells_what_a_scenario_did(world: tuple[Enterprise, list[Scenario]]) -> None:
    """The baseline less what went and with what came is the outcome, row for row."""
    enterprise, (scenario,) = world
    outcome = scenario.apply(enterprise)
    rows = {name: Counter(held(enterprise, name)) for name in names(enterprise)}
    for found in scenario.differences(enterprise):
        assert not rows[found.name] & Counter(found.come) & Counter(found.gone)
        rows[found.name] = rows[found.name] - Counter(found.gone) + Counter(found.come)
    assert rows == {name: Counter(held(outcome, name)) for name in names(enterprise)}


@given(worlds())
def test_a_difference_turned_round_is_its_opposite(
    world: tuple[Enterprise, list[Scenario]],
) -> None:
    """What came one way went the other way."""
    enterprise, (scenario,) = world
    outcome = scenario.apply(enterprise)
    there, back = differences(enterprise, outcome), differences(outcome, enterprise)
    assert [(d.name, d.gone, d.come) for d in there] == [(d.name, d.come, d.gone) for d in back]


@given(worlds(st.just(DAY), AFTER.map(lambda day: day + timedelta(days=1))))
def test_scenarios_compose_in_time(world: tuple[Enterprise, list[Scenario]]) -> None:
    """Composed in either order, the earlier scenario happens first and the later one after it."""
    enterprise, (first, second) = world
    expected = second.apply(first.apply(enterprise))
    assert first.then(second).apply(enterprise) == expected
    assert second.then(first).apply(enterprise) == expected


@given(WHOLE, AFTER, st.integers(1, 300), st.data())
def test_of_two_changes_of_one_thing_the_later_day_counts_last(
    enterprise: Enterprise, on: date, days: int, pick: st.DataObject
) -> None:
    """However they are composed, a share holds from its day until the next one is given."""
    later = on + timedelta(days=days)
    running = [e for e in enterprise.engagements if e.end is None or e.end >= later]
    assume(running)
    e = pick.draw(st.sampled_from(running))
    early, late = (
        Scenario(
            name="s",
            changes=[
                ChangeShare(employee=e.employee, unit=e.unit, role=e.role, share=share, on=day)
            ],
        )
        for share, day in ((1, on), (2, later))
    )
    outcome = early.then(late).apply(enterprise)
    assert late.then(early).apply(enterprise) == outcome
    shares = {
        f.share
        for f in outcome.engagements
        if (f.employee, f.unit, f.role) == (e.employee, e.unit, e.role)
        if f.end is None or f.end >= later
    }
    assert shares == {2}


@given(WHOLE, AFTER, st.data())
def test_scenarios_about_different_things_commute(
    enterprise: Enterprise, on: date, pick: st.DataObject
) -> None:
    """What is about one person, one requirement, one measure or one market leaves the others."""
    changes = [each for each in possible(enterprise, on) if about(each)]
    one = pick.draw(st.sampled_from(changes))
    others = [each for each in changes if about(each) != about(one)]
    assume(others)
    alike = [each for each in others if type(each) is type(one)]
    other = pick.draw(st.sampled_from(alike or others))
    assume(possible_alone(enterprise, one) and possible_alone(enterprise, other))
    first, second = (Scenario(name="s", changes=(change,)) for change in (one, other))
    there, back = second.apply(first.apply(enterprise)), first.apply(second.apply(enterprise))
    assert rows_alike(there, back)
    assert rows_alike(first.then(second).apply(enterprise), there)


@given(worlds())
def test_what_was_asked_of_earlier_days_is_answered_as_before(
    world: tuple[Enterprise, list[Scenario]],
) -> None:
    """Up to the day before the first change, every gap is what it was in the baseline."""
    enterprise, (scenario,) = world
    days = [change.on for change in scenario.changes if change.on is not None]
    day = min(days, default=DAY) - timedelta(days=1)
    before = find_gaps(enterprise, on=day, expiring_within=0)
    after = find_gaps(scenario.apply(enterprise), on=day, expiring_within=0)
    assert [(g.employee, g.competence, g.met, g.missing, g.unknown) for g in before] == [
        (g.employee, g.competence, g.met, g.missing, g.unknown) for g in after
    ]


@given(WHOLE, AFTER)
def test_a_level_lowered_and_put_back_is_as_before(enterprise: Enterprise, on: date) -> None:
    """Once both changes have happened, what is required is what was required."""
    later = on + timedelta(days=9)
    rows = list(enterprise.requirements)
    keys = Counter((r.bearer, r.of, r.competence) for r in rows)
    lasting = [r for r in rows if (r.start or on) <= later <= (r.end or later) and not r.scale]
    assume(lasting and keys[lasting[0].bearer, lasting[0].of, lasting[0].competence] == 1)
    r = lasting[0]
    changes = [
        ChangeLevel(bearer=r.bearer, of=r.of, competence=r.competence, level=level, on=day)
        for level, day in ((Level(1), on), (r.level, on + timedelta(days=5)))
    ]
    outcome = Scenario(name="there and back", changes=changes).apply(enterprise)
    before, after = (find_gaps(each, on=later) for each in (enterprise, outcome))
    assert [(g.role, g.competence, g.need) for g in before] == [
        (g.role, g.competence, g.need) for g in after
    ]


# --- comparing to the last byte -------------------------------------------------------------------


def names(enterprise: Enterprise) -> list[str]:
    """The fields of an enterprise."""
    return [each.name for each in attrs.fields(type(enterprise))]


def held(enterprise: Enterprise, name: str) -> Sequence[Any]:
    """The rows of a collection; a field that is none counts as one row."""
    rows = getattr(enterprise, name)
    return list(rows) if isinstance(rows, tuple | Table) else [rows]


def tables(enterprise: Enterprise) -> list[Table[Any]]:
    """The tables of an enterprise."""
    rows = (getattr(enterprise, name) for name in names(enterprise))
    return [each for each in rows if isinstance(each, Table)]


def copied(enterprise: Enterprise) -> list[object]:
    """Everything in an enterprise, copied out: nouns as text, columns as bytes, ids as they are."""
    return [
        (
            {column: numbers.tobytes() for column, numbers in rows.columns.items()},
            {column: words.values for column, words in rows.words.items()},
        )
        if isinstance(rows, Table)
        else repr(rows)
        for rows in (getattr(enterprise, name) for name in names(enterprise))
    ]


def about(change: Alteration) -> tuple[str, object] | None:
    """The one thing that an alteration is about, where it is about one."""
    if isinstance(change, Leave | ChangeShare):
        return "employee", change.employee
    if isinstance(change, Retire | ChangeLevel):
        return "requirement", (change.bearer, change.of, change.competence)
    if isinstance(change, ChangeSeats | CloseSeats):
        return "seats", (change.unit, change.role)
    if isinstance(change, Withdraw):
        return "measure", change.measure
    if isinstance(change, Replace):
        noun = change.noun
        return (type(noun).__name__.lower(), noun.role if isinstance(noun, Market) else noun.id)
    return ("known of", change.competence) if isinstance(change, Lapse) else None


def possible_alone(enterprise: Enterprise, change: Alteration) -> bool:
    """Whether an alteration has its target."""
    try:
        Scenario(name="try", changes=(change,)).apply(enterprise)
    except Misuse:
        return False
    return True


def rows_alike(one: Enterprise, other: Enterprise) -> bool:
    """Whether two enterprises hold the same rows, whatever the order of those in tuples."""
    return all(Counter(held(one, name)) == Counter(held(other, name)) for name in names(one))
