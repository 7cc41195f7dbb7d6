"""Is the whole breadth of measures open to a plan, and does it say what each is for?"""

from datetime import date

import pytest
from attrs import evolve
from tests.oracles.wards import asks, course, seat, ward
from tests.test_plan import planned

from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureKind, Mode
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Aim
from kompetanse_core.plan import EducationClass, Limits
from kompetanse_core.strategy import Strategy

STUDY = evolve(
    course("study", ("k", 0, 2)),
    kind=MeasureKind.FURTHER_EDUCATION,
    arena=Arena.OUTSIDE,
    mode=Mode.EDUCATION,
    hours=60,
)


def lacking(*measures: Measure) -> Enterprise:
    """One person who lacks a step of k."""
    return ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], measures)


@pytest.mark.parametrize("arena", Arena)
@pytest.mark.parametrize("kind", MeasureKind)
def test_every_kind_of_activity_in_every_arena_can_be_chosen(
    kind: MeasureKind, arena: Arena
) -> None:
    """R-1, R-3, D-7: what closes the lack is taken, whatever its kind and wherever it is given."""
    measure = evolve(course("m", ("k", 0, 2)), kind=kind, arena=arena, learning_aim=Text("Trygg"))
    (item,) = planned(lacking(measure))
    assert (item.measure, item.steps) == ("m", 1)
    assert kind.clause


def test_further_education_is_a_way_for_the_work_one_has_and_for_new_work() -> None:
    """G-5: etterutdanning for one's own task (A-8), videreutdanning for another role (A-9)."""
    own = planned(lacking(STUDY))
    assert [each.education for each in own] == [EducationClass.CONTINUING]
    assert (own.mix.education, own.mix.training) == (60, 0)
    leaving = [seat("clerk", 10_000, date(2027, 6, 30)), seat("nurse", 10_000)]
    new = planned(ward({"p": ("clerk", {"k": 0})}, [asks("nurse", "k", 2)], [STUDY], seats=leaving))
    learning = next(each for each in new if each.measure)
    assert (learning.strategy, learning.education) == (Strategy.RESKILL, EducationClass.FURTHER)


def test_the_persons_own_plan_says_what_is_in_it_for_them() -> None:
    """K-4: the purposes of a measure stand in the individual plan, in the order they were given."""
    aims = (Aim.MASTERY, Aim.LONGER_WORKING_LIFE)
    own = planned(lacking(evolve(STUDY, aims=aims))).individual(EmployeeId("p"))
    assert [intent.planned.aims for intent in own.intents] == [aims]


def test_time_set_aside_each_period_is_what_learning_may_take() -> None:
    """D-9: with eight hours a quarter, two measures of eight hours take two quarters."""
    groups = [
        evolve(course(name, (name, 0, 1)), kind=MeasureKind.REFLECTION, mode=Mode.WORK, hours=8)
        for name in "ab"
    ]
    enterprise = ward(
        {"p": ("nurse", {"a": 0, "b": 0})}, [asks("nurse", "a", 1), asks("nurse", "b", 1)], groups
    )
    plan = planned(enterprise, Limits(hours=8))
    assert plan.split.left == 0
    assert sorted(each.start for each in plan) == [date(2027, 1, 1), date(2027, 4, 1)]
    assert planned(enterprise, Limits(hours=7)).split.left == 2
