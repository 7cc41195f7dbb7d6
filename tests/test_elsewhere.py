"""Do another country's rules hold all the way? An invented act as the floor, from file to decision.

Clauses T-3, X-7 and X-10.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve

from kompetanse_core.analysis import Analysis, analyse
from kompetanse_core.cooperation import Standing, decide, follow_up
from kompetanse_core.errors import BadInput, DecisionStopped
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import Competence, CompetenceId, Facet, Level, Scale, ScaleId
from kompetanse_core.model.cooperation import (
    Event,
    EventId,
    EventKind,
    Matter,
    MatterId,
    MatterKind,
    Register,
    Side,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureId, MeasureKind, Mode, Outcome
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Unit,
)
from kompetanse_core.model.privacy import Actor, ActorId, ActorKind, Audience
from kompetanse_core.model.rule import Effect, RuleSet
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Bearer, Requirement, Role, RoleId, UnitId
from kompetanse_core.plan import Limits
from kompetanse_core.recommendation import recommend
from kompetanse_core.report import make_report
from kompetanse_core.rules import guide_rules, load_rules, rules_in_force
from kompetanse_core.strategy import open_options

ON = date(2027, 3, 1)
ACT = load_rules(Path(__file__).parent / "cases" / "rules-elsewhere.toml")
BOSS = Actor(id=ActorId("director"), kind=ActorKind.MANAGEMENT)
LIFTING, COURSE, MATTER = CompetenceId("lifting"), MeasureId("course"), MatterId("course")
BOTH = (Side.MANAGEMENT, Side.UNION)
TALK = Event(
    id=EventId("talk"),
    kind=EventKind.CONSULTATION,
    on=date(2027, 2, 1),
    sides=BOTH,
    matters=(MATTER,),
)
THANKS = Event(id=EventId("thanks"), kind=EventKind.RECOGNITION, on=date(2027, 2, 2), sides=BOTH)


def works(*events: Event, local: tuple[RuleSet, ...] = ()) -> Enterprise:
    """A works with one person who lacks what a course teaches, in working hours."""
    crane, yard, person = RoleId("crane"), UnitId("yard"), EmployeeId("p1")
    return Enterprise(
        scales=(Scale(id=ScaleId("five"), top=Level(5)),),
        competences=(
            Competence(id=LIFTING, label=Text(nb="Løft"), facet=Facet.SKILL, scale=ScaleId("five")),
        ),
        roles=(Role(id=crane, label=Text(nb="Kranfører")),),
        requirements=(
            Requirement(bearer=Bearer.ROLE, of=crane, competence=LIFTING, level=Level(3)),
        ),
        units=(Unit(id=yard, label=Text(nb="Tomta")),),
        employees=(Employee(id=person),),
        engagements=(Engagement(employee=person, unit=yard, role=crane),),
        assessments=(
            Assessment(
                employee=person,
                competence=LIFTING,
                level=Level(1),
                source=AssessmentSource.JOINT,
                assessed=date(2027, 1, 10),
                recorded=datetime(2027, 1, 10, tzinfo=UTC),
            ),
        ),
        measures=(
            Measure(
                id=COURSE,
                label=Text(nb="Løftekurs", en="Lifting course"),
                kind=MeasureKind.INTERNAL_COURSE,
                arena=Arena.INSIDE,
                mode=Mode.TRAINING,
                hours=4,
                days=1,
                affects_operation=True,
                outcomes=(Outcome(competence=LIFTING, reach=Level(3)),),
            ),
        ),
        matters=(
            Matter(id=MATTER, label=Text(nb="Kurset"), kind=MatterKind.MEASURE, measures=(COURSE,)),
        ),
        register=Register(events=events),
        rule_sets=local,
    )


def analysed(enterprise: Enterprise) -> Analysis:
    """The whole chain on the floor of the act."""
    return analyse(enterprise, on=ON, limits=Limits(drofting_by=ON), floor=ACT)


def test_the_act_is_what_is_followed_up() -> None:
    """X-10: its clauses are answered, by their own ids and numbers, and no others."""
    follow = analysed(works(TALK)).follow_up
    assert [(each.rule.clause, each.standing) for each in follow] == [
        ("§ 2", Standing.KEPT),
        ("§ 3", Standing.MISSING),
        ("§ 4", Standing.KEPT),
    ]
    assert [each.rule.clause for each in follow.warnings] == ["§ 3"]


def test_a_plan_is_followed_up_by_the_rules_it_was_made_by() -> None:
    """X-10: without being told again, the follow-up of a plan keeps to its floor."""
    plan = analysed(works(TALK)).plan
    assert {each.rule.clause for each in follow_up(works(), plan)} == {"§ 2", "§ 3", "§ 4"}
    assert "R-5" in {each.rule.clause for each in follow_up(works(), on=ON)}


@pytest.mark.parametrize(
    ("events", "code", "clause"),
    [
        ((THANKS,), "E561", "§ 2"),
        ((TALK,), "E565", "§ 3"),
        ((), "E561", "§ 2"),
    ],
)
def test_the_act_stops_where_it_says(events: tuple[Event, ...], code: str, clause: str) -> None:
    """X-7: a gate of the guide's kind, and a stop on another check, each by its own clause."""
    plan = analysed(works(*events)).plan
    assert plan.items
    with pytest.raises(DecisionStopped) as stop:
        decide(plan, actor=BOSS, on=ON)
    assert (stop.value.code, stop.value.place.column) == (code, clause)
    assert stop.value.place.file == "Act on learning at work"


def test_what_the_act_asks_for_is_decided() -> None:
    """X-7: with both done the decision stands, and refers to the talk that came before it."""
    decision = decide(analysed(works(TALK, THANKS)).plan, actor=BOSS, on=ON)
    assert decision.event.refers_to == (TALK.id,)


def test_the_report_tells_the_act_by_its_own_clauses() -> None:
    """X-10: what is drøftet first is told by the act's own clause, and only where it asks."""
    report = make_report(analysed(works()), audience=Audience.PARTIES)
    (asked,) = (each for each in report.sections if each.id == "drofting")
    assert "(§ 2)" in str(asked.blocks[0])
    assert "R-5" not in str(asked)
    unasked = evolve(ACT, rules=tuple(rule for rule in ACT.rules if rule.clause != "§ 2"))
    analysis = analyse(works(), on=ON, limits=Limits(drofting_by=ON), floor=unasked)
    told = make_report(analysis, audience=Audience.PARTIES)
    assert {"drofting", "kartlegging"}.isdisjoint(each.id for each in told.sections)
    assert "drøftes" not in str(told.sections[0])


def test_rules_of_thumb_stay_where_the_act_has_none() -> None:
    """R-7, R-8: how people learn is no law, so the ranking is the guide's."""
    options = open_options(find_gaps(works(TALK), on=ON))
    assert recommend(options, floor=ACT).rows == recommend(options).rows
    assert rules_in_force(works(), floor=ACT).thumb("D-2") == guide_rules().rule("D-2")


def test_a_local_set_refines_the_act_and_never_weakens_it() -> None:
    """T-3: on another floor too."""
    gate, agenda = ACT.rule("§ 2"), ACT.rule("§ 4")
    ours = evolve(ACT, id="ours", rules=(evolve(agenda, parameters=(("months", 1),)),))
    follow = follow_up(works(TALK, local=(ours,)), analysed(works(TALK, local=(ours,))).plan)
    assert follow.rules.parameter("§ 4", "months") == 1
    weak = evolve(ours, rules=(evolve(gate, effect=Effect.WARN),))
    with pytest.raises(BadInput, match="E516"):
        analysed(works(TALK, local=(weak,)))


def test_a_rule_that_cannot_be_answered_is_refused() -> None:
    """A stop without a check, and a check without its number, before anything is decided."""
    gate, agenda = ACT.rule("§ 2"), ACT.rule("§ 4")
    broken = evolve(ACT, rules=(evolve(gate, check=""), evolve(agenda, parameters=())))
    with pytest.raises(BadInput) as refusal:
        rules_in_force(Enterprise(), floor=broken)
    told = [(each.code, each.place.column) for each in refusal.value.findings]
    assert told == [("E214", "§ 2"), ("E214", "§ 4")]
