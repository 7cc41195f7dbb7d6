"""The kit for scenarios and policies: the laws catch what they name, and histories stay whole."""

import ctypes
import sys
from datetime import date, timedelta

import numpy as np
import pytest
from attrs import evolve
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.test_simulation import ward

from kompetanse_core.conformance import (
    DAY,
    Size,
    enterprises,
    policies,
    registers,
    scenario_laws,
    scenarios,
)
from kompetanse_core.errors import Misuse
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.cooperation import Register
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Unit
from kompetanse_core.model.plain import as_json
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.plan import Limits
from kompetanse_core.scenario import (
    Actions,
    Add,
    Attrition,
    Bill,
    CloseUnit,
    Count,
    Flows,
    Leave,
    Policy,
    Scenario,
    Situation,
    plan_once,
    replan,
    simulate,
)

WORLD = Size(
    scales=1, competences=1, units=1, roles=1, employees=2, engagements=2, assessments=1, seats=1
)
WORLDS = enterprises(least=WORLD, most=WORLD)
FEW = settings(max_examples=10, deadline=None)

TestPlanOnce = scenario_laws(lambda: plan_once(Limits(budget=100_000)), on=WORLDS)
TestReplan = scenario_laws(lambda: replan(Limits(budget=0, periods=2), months=6), on=WORLDS)
TestEmpty = scenario_laws(lambda: Scenario(name="empty"))


class _Fickle:
    """Decides otherwise each time it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def decide(self, situation: Situation) -> Actions:
        self.asked += 1
        unit, role = situation.cells[0]
        return Actions(bills=(Bill(unit=unit, role=role, on=situation.on, cost=self.asked),))


FICKLE = _Fickle()
DEAR = Policy(
    name="dear",
    decide=lambda situation: Actions(
        bills=(
            Bill(unit=situation.cells[0][0], role=situation.cells[0][1], on=situation.on, cost=9),
        )
    ),
    budget=1,
)


MOON = CloseUnit(unit=UnitId("moon"), on=DAY)
GHOSTS = Flows(attrition=(Attrition(chance=1, role=RoleId("ghost")),))
TWIN = Add(noun=Unit(id=UnitId("ward"), label=Text("Twin")))


def _written(situation: Situation) -> Actions:
    """Write to a column, which cannot be done."""
    situation.enterprise.engagements.column("share")[:] = 1
    return Actions()


def _forced(situation: Situation) -> Actions:
    """Write to the memory of a column, past every lock."""
    share = situation.enterprise.engagements.column("share")
    ctypes.memmove(share.ctypes.data, np.full_like(share, 5_000).tobytes(), share.nbytes)
    return Actions()


@pytest.mark.parametrize(
    ("policy", "law"),
    [
        (Policy(name="fickle", decide=FICKLE.decide), "gives_the_same_twice"),
        (DEAR, "breaks_no_rule"),
        (Policy(name="raises", decide=lambda situation: 1 / 0), "breaks_no_rule"),  # type: ignore[arg-type,return-value] # the fault
        (Policy(name="leaves", decide=lambda situation: sys.exit()), "breaks_no_rule"),
        (Policy(name="writes", decide=_written), "breaks_no_rule"),
        (Policy(name="forces", decide=_forced), "writes_to_nothing"),
        (Scenario(name="moon", changes=(MOON,)), "applies"),
        (Scenario(name="ghosts", flows=GHOSTS), "applies"),
        (Scenario(name="twin", changes=(TWIN,)), "applies"),
    ],
)
def test_the_laws_catch_what_they_name(policy: Policy | Scenario, law: str) -> None:
    """What decides by the clock, spends too much, raises, writes or names what is not there."""
    made = scenario_laws(lambda: policy, on=st.builds(ward))
    with pytest.raises(AssertionError):
        getattr(made(), f"test_{law}")()


def test_a_law_that_does_not_hold_is_named_with_its_reason() -> None:
    """A departure without a reason, and one from a law that is none, are refused."""
    with pytest.raises(Misuse, match="E604"):
        scenario_laws(lambda: DEAR, never={"flies": "it cannot"})
    with pytest.raises(Misuse, match="E214"):
        scenario_laws(lambda: DEAR, never={"breaks_no_rule": " "})


@FEW
@given(WORLDS, st.data())
def test_what_is_drawn_fits(enterprise: Enterprise, pick: st.DataObject) -> None:
    """A scenario that is drawn can be laid over its enterprise, and a policy breaks no rule."""
    scenario, policy = pick.draw(scenarios(enterprise)), pick.draw(policies(enterprise))
    found = simulate(
        scenario.apply(enterprise), None, policy, start=DAY, periods=5, replicas=2, seed=1
    )
    assert not found.marked.any()
    assert found.of(Count.HEADS).min() >= 0


@FEW
@given(registers())
def test_registers_are_in_order(register: Register) -> None:
    """Events that are drawn stand as a register keeps them."""
    assert evolve(register) == register
    assert len(register.events) >= 1


class Histories(RuleBasedStateMachine):
    """Play a random history: changes, and periods in which policies decide, in any order."""

    baseline: Enterprise
    now: Enterprise
    text: str
    day: date

    @initialize(enterprise=WORLDS)
    def begins(self, enterprise: Enterprise) -> None:
        """Begin with an enterprise at work."""
        self.baseline = self.now = enterprise
        self.text, self.day = as_json(enterprise), DAY

    @rule(pick=st.data())
    def changes(self, pick: st.DataObject) -> None:
        """Something becomes otherwise."""
        self.now = pick.draw(scenarios(self.now, most=1)).apply(self.now)

    @rule(pick=st.data())
    def decides(self, pick: st.DataObject) -> None:
        """A policy decides twice, and what has become of one run is where it goes on."""
        seen: list[Situation] = []
        policy = pick.draw(policies(self.now))

        def decide(situation: Situation) -> Actions:
            seen.append(situation)
            found = policy.decide(situation)
            assert isinstance(found, Actions)
            return found

        watched = evolve(policy, decide=decide, months=3)
        found = simulate(self.now, None, watched, start=self.day, periods=2, replicas=2, seed=4)
        assert not found.marked.any()
        self.now = seen[-1].of(1)
        self.day = (self.day + timedelta(days=92)).replace(day=1)

    @invariant()
    def hangs_together(self) -> None:
        """Whatever has become of the enterprise can be assembled, and the baseline is as it was."""
        if hasattr(self, "now"):
            assert not assemble(self.now).refused
            assert as_json(self.baseline) == self.text


Histories.TestCase.settings = settings(max_examples=5, stateful_step_count=4, deadline=None)
TestHistories = Histories.TestCase


def test_a_shrunk_counterexample_stays_a_valid_enterprise() -> None:
    """What makes a law fail is shrunk to one change of an enterprise that hangs together."""

    def fails(world: tuple[Enterprise, Scenario]) -> bool:
        _, scenario = world
        return any(isinstance(change, Leave) for change in scenario.changes)

    worlds = WORLDS.flatmap(lambda each: st.tuples(st.just(each), scenarios(each)))
    enterprise, scenario = find(worlds, fails, settings=settings(FEW, max_examples=100))
    assert [type(change) for change in scenario.changes] == [Leave]
    assert not assemble(enterprise).refused
    assert not assemble(scenario.apply(enterprise)).refused
