"""What may come, and what must be true of whatever is done about it? Strategies and laws.

`scenarios`, `policies` and `registers` draw what-ifs, policies and events that fit an enterprise;
`scenario_laws` makes the class of tests that prove a policy or a scenario of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
from attrs import evolve, fields, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from kompetanse_core.columns import Table
from kompetanse_core.conformance.contract import NEVER, contract, patiently
from kompetanse_core.conformance.facts import DAY
from kompetanse_core.conformance.strategies import Size, enterprises
from kompetanse_core.errors import KompetanseError
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.cooperation import Register
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.scenario import (
    NO_POLICY,
    Actions,
    Alteration,
    Attrition,
    Bill,
    ChangeSeats,
    ChangeShare,
    CloseRole,
    CloseUnit,
    Count,
    Flows,
    Lapse,
    Leave,
    Policy,
    Scenario,
    Simulation,
    simulate,
)

AT_WORK = Size(
    scales=1, competences=1, units=1, roles=1, employees=2, engagements=2, assessments=1, seats=1
)
PERIODS, REPLICAS = 4, 3
EXAMPLES = 10
"""So many enterprises are tried at most: each is simulated, and perhaps planned for, many times."""


@frozen
class _Subject:
    make: Callable[[], Policy | Scenario]

    def run(self, enterprise: Enterprise, *, block: int = REPLICAS) -> Simulation:
        """Simulate the policy, or the scenario, a little; people leave by chance."""
        made = self.make()
        scenario = made if isinstance(made, Scenario) else Scenario(name="as now")
        return simulate(
            scenario.apply(enterprise),
            scenario.flows or Flows(attrition=(Attrition(chance=200_000),)),
            made if isinstance(made, Policy) else NO_POLICY,
            start=DAY,
            periods=PERIODS,
            replicas=REPLICAS,
            seed=1,
            block=block,
        )


def scenario_laws(
    make: Callable[[], Policy | Scenario],
    *,
    on: SearchStrategy[Enterprise] | None = None,
    never: Mapping[str, str] = NEVER,
) -> type:
    """Make the class of tests that prove a policy or a scenario, to be named `Test...`.

    `make` makes it anew. A scenario that names what only your enterprise has is proven on that:
    give `on=st.just(mine)`. `never` names laws that do not hold, each with the reason.

    Raises:
        Misuse: E604 or E214, if `never` names no law or gives no reason.
    """
    drawn = enterprises(least=AT_WORK) if on is None else on

    def bound(law: Callable[[_Subject, Enterprise], None]) -> Callable[[_Subject], None]:
        def promise(subject: _Subject) -> None:
            @settings(patiently(), max_examples=min(EXAMPLES, settings().max_examples))
            @given(drawn)
            def holds(enterprise: Enterprise) -> None:
                law(subject, enterprise)

            holds()

        promise.__name__, promise.__doc__ = law.__name__, law.__doc__
        return promise

    laws = (
        applies,
        breaks_no_rule,
        writes_to_nothing,
        conserves_heads,
        gives_the_same_twice,
        leaves_what_hangs_together,
    )
    return contract("ScenarioLaws", _Subject(make), tuple(map(bound, laws)), never)


# --- the laws -------------------------------------------------------------------------------------


def applies(subject: _Subject, enterprise: Enterprise) -> None:
    """Name only what is there, in changes and in chances, and leave what hangs together."""
    try:
        made = subject.make()
        if isinstance(made, Scenario):
            made.apply(enterprise)
    except KompetanseError as error:
        raise AssertionError(str(error)) from error


def breaks_no_rule(subject: _Subject, enterprise: Enterprise) -> None:
    """Raise nothing, be in time, spend no more than the budget: no run is marked."""
    found = subject.run(enterprise)
    assert not found.marked.any(), [str(each) for each in found.findings]


def writes_to_nothing(subject: _Subject, enterprise: Enterprise) -> None:
    """Leave the enterprise as it was, to the last byte."""
    before = _bytes(enterprise)
    subject.run(enterprise)
    assert _bytes(enterprise) == before


def _bytes(enterprise: Enterprise) -> list[object]:
    """Copy out everything: columns as bytes, nouns as text."""
    rows = (getattr(enterprise, each.name) for each in fields(Enterprise))
    return [
        [numbers.tobytes() for numbers in each.columns.values()]
        if isinstance(each, Table)
        else repr(each)
        for each in rows
    ]


def conserves_heads(subject: _Subject, enterprise: Enterprise) -> None:
    """Let nobody appear or vanish: who is here is who was, less who went, with who came."""
    found = subject.run(enterprise).counts
    counts = {each: found[each].astype(np.int64) for each in Count}
    gone = sum(counts[each][:, :-1] for each in (Count.LEFT, Count.RETIRED, Count.MOVED_OUT))
    new = counts[Count.MOVED_IN][:, :-1] + counts[Count.HIRES][:, 1:] + counts[Count.CAME][:, 1:]
    heads = counts[Count.HEADS]
    expected = heads[:, :-1] - gone - counts[Count.WENT][:, 1:] + new
    assert np.array_equal(heads[:, 1:], expected)


def gives_the_same_twice(subject: _Subject, enterprise: Enterprise) -> None:
    """Decide the same again, and whatever the size of a block."""
    one, other = subject.run(enterprise), subject.run(enterprise, block=1)
    assert all(np.array_equal(one.counts[each], other.counts[each]) for each in Count)


def leaves_what_hangs_together(subject: _Subject, enterprise: Enterprise) -> None:
    """Make of an enterprise that hangs together another one that does."""
    made = subject.make()
    if isinstance(made, Scenario):
        assert not assemble(made.apply(enterprise)).refused


# --- strategies -----------------------------------------------------------------------------------


@st.composite
def scenarios(draw: DrawFn, enterprise: Enterprise, *, most: int = 3) -> Scenario:
    """Draw a scenario that can be laid over an enterprise; it shrinks towards no change at all."""
    after, changes = enterprise, list[Alteration]()
    for _ in range(draw(st.integers(0, most))):
        day = DAY + timedelta(days=draw(st.sampled_from((0, 31, 200))))
        possible = [*_about(after, day)]
        if not possible:
            break
        change = draw(st.sampled_from(possible))
        try:
            after = Scenario(name="try", changes=(change,)).apply(after)
            Scenario(name="whole", changes=(*changes, change)).apply(enterprise)
        except KompetanseError:
            break
        changes.append(change)
    return Scenario(name="drawn", changes=changes)


def _about(enterprise: Enterprise, day: date) -> list[Alteration]:
    """Give one change of each sort for each row that it could be about."""
    found: list[Alteration] = [Leave(employee=e.employee, on=day) for e in enterprise.engagements]
    found += [
        ChangeShare(employee=e.employee, unit=e.unit, role=e.role, share=e.share // 2 + 1, on=day)
        for e in enterprise.engagements
    ]
    found += [
        ChangeSeats(unit=s.unit, role=s.role, share=s.share + 5_000, on=day)
        for s in enterprise.seats
    ]
    found += [Lapse(competence=a.competence, on=day) for a in enterprise.assessments]
    found += [CloseRole(role=role.id, on=day) for role in enterprise.roles]
    found += [CloseUnit(unit=unit.id, on=day) for unit in enterprise.units]
    return found


@st.composite
def policies(draw: DrawFn, enterprise: Enterprise) -> Policy:
    """Draw a policy for an enterprise: none, or one that pays a bill each time it is asked."""
    seats, months = enterprise.seats, draw(st.none() | st.sampled_from((3, 6, 12)))
    if not seats or draw(st.booleans()):
        return evolve(NO_POLICY, months=months)
    seat, cost = draw(st.sampled_from(seats)), draw(st.integers(0, 1_000))
    return Policy(
        name="pays",
        decide=lambda situation: Actions(
            bills=(Bill(unit=seat.unit, role=seat.role, on=situation.on, cost=cost),)
        ),
        months=months,
        budget=1_000,
    )


def registers() -> SearchStrategy[Register]:
    """Draw a register of events between the parties, in the order in which they were entered."""
    drawn = enterprises(least=Size(matters=1, events=1))
    return drawn.map(lambda enterprise: enterprise.register)
