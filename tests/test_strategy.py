"""Which ways are open? One small ward for each reason a way can have, or lack."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from tests.oracles.wards import KNOWN, ON, asks, course, seat, ward

from kompetanse_core.errors import Misuse
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import MeasureId, MeasureKind, Scheme, SchemeId
from kompetanse_core.model.people import EmployeeId, Evidence, EvidenceId, Unit
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Headcount, Market, Requirement, RoleId, UnitId
from kompetanse_core.strategy import (
    Ground,
    Option,
    Options,
    Strategy,
    demands_on,
    open_options,
)
from kompetanse_core.strategy.lifting import before


def opened(enterprise: Enterprise, horizon: int = 365) -> Options:
    """The ways of a ward on its day."""
    return open_options(find_gaps(enterprise, on=ON), horizon=horizon)


def of(options: Options, strategy: Strategy) -> list[Option]:
    """The options of one strategy as nouns."""
    return list(options.by(strategy))


# --- use ----------------------------------------------------------------------------------------


def test_a_colleague_with_unused_competence_can_carry_it() -> None:
    """M-3: what a colleague holds and nobody asks of them is a way of use, with its steps."""
    people = {"anna": ("nurse", {"k": 1}), "bo": ("clerk", {"k": 3})}
    options = opened(ward(people, [asks("nurse", "k", 3, weight=2), asks("clerk", "x", 1)]))
    (use,) = of(options, Strategy.USE)
    assert (use.ground, use.employee, use.colleague) == (Ground.COLLEAGUE_UNUSED, "anna", "bo")
    assert (use.steps, use.reach, use.clauses) == (4, 3, ("M-3", "M-10"))


def test_a_colleague_with_surplus_can_carry_it() -> None:
    """M-3: more than one's own role asks is to spare as well."""
    people = {"anna": ("nurse", {"k": 1}), "bo": ("clerk", {"k": 3})}
    options = opened(ward(people, [asks("nurse", "k", 3), asks("clerk", "k", 1)]))
    assert [use.ground for use in of(options, Strategy.USE)] == [Ground.COLLEAGUE_SURPLUS]


def test_who_just_reaches_comes_first_and_oneself_never() -> None:
    """Colleagues come by the lowest sufficient level; nobody carries their own lack."""
    people = {
        "anna": ("nurse", {"k": 0}),
        "bo": ("clerk", {"k": 4}),
        "cy": ("clerk", {"k": 2}),
        "di": ("clerk", {"k": 1}),
    }
    options = opened(ward(people, [asks("nurse", "k", 2), asks("clerk", "x", 1)]))
    assert [use.colleague for use in of(options, Strategy.USE)] == ["bo", "cy"]
    assert [use.reach for use in of(options, Strategy.USE)] == [4, 2]


@pytest.mark.parametrize(
    "asked",
    [
        asks("nurse", "k", 2, statutory=True),
        asks("nurse", "k", 2, proof=[EvidenceKind.CERTIFICATE]),
    ],
)
def test_nobody_carries_what_is_statutory_or_proven(asked: Requirement) -> None:
    """B-6: no plan stands in for what the law, or a proof, asks of the person."""
    people = {"anna": ("nurse", {"k": 1}), "bo": ("clerk", {"k": 3})}
    assert of(opened(ward(people, [asked, asks("clerk", "x", 1)])), Strategy.USE) == []


def test_own_unit_first_then_the_branch_and_no_further() -> None:
    """A colleague above or below in the tree is asked only where the own unit has none."""
    people = {"anna": ("nurse", {"k": 1}), "bo": ("clerk", {"k": 3}), "cy": ("clerk", {"k": 3})}
    plain = ward(people, [asks("nurse", "k", 2), asks("clerk", "x", 1)])
    units = (
        Unit(id=UnitId("top"), label=Text("Topp")),
        Unit(id=UnitId("u"), label=Text("Post"), parent=UnitId("top")),
        Unit(id=UnitId("aside"), label=Text("Annet")),
    )
    homes = {"bo": "top", "cy": "aside"}
    engaged = [
        evolve(each, unit=UnitId(homes.get(each.employee, "u"))) for each in plain.engagements
    ]
    options = opened(evolve(plain, units=units, engagements=engaged))
    assert [use.colleague for use in of(options, Strategy.USE)] == ["bo"]


# --- upskill ------------------------------------------------------------------------------------


def test_a_measure_closes_the_levels_it_lifts_over() -> None:
    """G-3: from 1, a course to 2 closes one of two missing levels, each worth its weight."""
    enterprise = ward(
        {"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 3, weight=5)], [course("c", ("k", 0, 2))]
    )
    (way,) = of(opened(enterprise), Strategy.UPSKILL)
    assert (way.ground, way.measure, way.reach, way.steps) == (Ground.LIFTS, "c", 2, 5)


def test_a_ladder_is_open_from_its_first_rung() -> None:
    """A-6: a course whose entry level another one reaches is open; without that one it is not."""
    first, second = course("a", ("k", 0, 2)), course("b", ("k", 2, 4))
    people, asked = {"anna": ("nurse", {"k": 0})}, [asks("nurse", "k", 4)]
    both = of(opened(ward(people, asked, [first, second])), Strategy.UPSKILL)
    assert {(way.measure, way.steps) for way in both} == {("a", 2), ("b", 4)}
    assert of(opened(ward(people, asked, [second])), Strategy.UPSKILL) == []


def test_a_course_below_what_is_held_is_no_way() -> None:
    """A measure that lifts nobody over anything is not offered."""
    enterprise = ward(
        {"anna": ("nurse", {"k": 2})}, [asks("nurse", "k", 3)], [course("c", ("k", 0, 2))]
    )
    assert of(opened(enterprise), Strategy.UPSKILL) == []


def test_only_what_confers_the_proof_closes_a_missing_proof() -> None:
    """R-2: where proof is asked, a measure that gives none closes nothing, high as it may lift."""
    proof = EvidenceKind.CERTIFICATE
    plain = course("plain", ("k", 0, 3))
    conferring = evolve(course("exam", ("k", 0, 3)), confers=frozenset({proof}))
    enterprise = ward(
        {"anna": ("nurse", {"k": 3})}, [asks("nurse", "k", 3, proof=[proof])], [plain, conferring]
    )
    (way,) = of(opened(enterprise), Strategy.UPSKILL)
    assert (way.ground, way.measure, way.steps) == (Ground.PROVES, "exam", 3)


def test_what_must_come_first_is_there_unless_it_is_held() -> None:
    """Prior measures lead on, at any remove, and not for people who hold all that they give."""
    first, second = (
        course("a", ("x", 0, 1)),
        evolve(course("b", ("y", 0, 1)), prior=(MeasureId("a"),)),
    )
    third = evolve(course("c", ("k", 0, 2)), prior=(MeasureId("b"),))
    people = {"anna": ("nurse", {"k": 1}), "bo": ("nurse", {"k": 1, "x": 1, "y": 1})}
    options = opened(ward(people, [asks("nurse", "k", 2)], [first, second, third]))
    ways = {(w.employee, w.measure, w.ground, w.steps) for w in of(options, Strategy.UPSKILL)}
    assert ways == {
        ("anna", "a", Ground.LEADS_ON, 0),
        ("anna", "b", Ground.LEADS_ON, 0),
        ("anna", "c", Ground.LIFTS, 1),
        ("bo", "c", Ground.LIFTS, 1),
    }


def test_measures_that_need_one_another_never_end_the_search() -> None:
    """A circle of priors is walked once, and a measure never comes before itself."""
    a = evolve(course("a", ("k", 0, 1)), prior=(MeasureId("b"),))
    b = evolve(course("b", ("k", 0, 1)), prior=(MeasureId("a"),))
    assert before(a, {a.id: a, b.id: b}) == (b,)


def test_cost_is_a_range_from_full_sessions_with_support_to_alone_without() -> None:
    """R-17: support and shared sessions give the least cost, neither gives the most."""
    measure = evolve(
        course("c", ("k", 0, 2)),
        cost_per_head=1_000,
        cost_per_session=5_000,
        seats=4,
        days=3,
        scheme=SchemeId("kp"),
    )
    scheme = Scheme(
        id=SchemeId("kp"), label=Text("Ordning"), as_of=ON, grant_percent=50, grant_most=300
    )
    enterprise = ward({"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [measure])
    (way,) = of(opened(evolve(enterprise, schemes=(scheme,))), Strategy.UPSKILL)
    assert (way.cost_least, way.cost_most) == (1_000 - 300 + 1_250, 6_000)
    assert (way.days_least, way.days_most, way.certainty) == (3, 3, None)


def test_a_measure_that_is_over_is_closed() -> None:
    """What ended before the day is no way any more."""
    over = evolve(course("c", ("k", 0, 2)), end=date(2026, 12, 31))
    enterprise = ward({"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [over])
    assert of(opened(enterprise), Strategy.UPSKILL) == []


def test_bad_input_76_a_measure_without_end_is_told() -> None:
    """FAULTS 76: a course that lasts for ever is E508, and no way."""
    endless = evolve(course("c", ("k", 0, 2)), days=10**9)
    options = opened(ward({"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [endless]))
    assert of(options, Strategy.UPSKILL) == []
    assert [found.code for found in options.findings][:1] == ["E508"]


def test_a_project_without_an_aim_is_told() -> None:
    """R-16: an aimless project counts for nothing, and somebody has to say so."""
    project = evolve(course("p", ("k", 0, 2)), kind=MeasureKind.PROJECT)
    options = opened(ward({"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [project]))
    assert [found.code for found in options.findings] == ["W531", "W533"]
    assert [way.ground for way in of(options, Strategy.RECRUIT)] == [Ground.NO_MEASURE]


def test_a_trade_certificate_is_a_track_with_its_distance() -> None:
    """G-4, R-14: the track says how many levels are left, and the experience on paper."""
    trade = evolve(
        course("fagbrev", ("k", 0, 3), ("x", 0, 2)),
        kind=MeasureKind.TRADE_CERTIFICATE,
        days=700,
        cost_per_head=9_000,
    )
    plain = ward({"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 3)], [trade])
    practice = Evidence(
        id=EvidenceId("e"),
        employee=EmployeeId("anna"),
        kind=EvidenceKind.EXPERIENCE,
        competence=CompetenceId("k"),
        years=4,
        recorded=KNOWN,
    )
    options = opened(evolve(plain, evidence=(practice,)))
    (track,) = options.tracks
    assert (track.distance, track.whole, track.years) == (4, 5, 4)
    assert (track.cost, track.days) == (9_000, 700)
    assert of(options, Strategy.UPSKILL)[0].ground is Ground.TRADE_TRACK


@pytest.mark.parametrize(
    ("changes", "tracks"),
    [
        ({}, 0),
        ({"competence": CompetenceId("other")}, 1),
        ({"verified": False}, 1),
        ({"issued": date(2027, 1, 2)}, 1),
        ({"kind": EvidenceKind.CERTIFICATE}, 1),
    ],
)
def test_whoever_has_the_trade_certificate_is_on_no_track(
    changes: dict[str, Any], tracks: int
) -> None:
    """R-14: a track is for who has none yet; one of another trade, or only claimed, is none."""
    trade = evolve(course("fagbrev", ("k", 0, 3)), kind=MeasureKind.TRADE_CERTIFICATE)
    plain = ward({"anna": ("nurse", {"k": 1, "other": 1})}, [asks("nurse", "k", 3)], [trade])
    held = Evidence(
        id=EvidenceId("e"),
        employee=EmployeeId("anna"),
        kind=EvidenceKind.TRADE_CERTIFICATE,
        competence=CompetenceId("k"),
        recorded=KNOWN,
    )
    assert len(opened(evolve(plain, evidence=(evolve(held, **changes),))).tracks) == tracks


# --- reskill ------------------------------------------------------------------------------------


def moving(*measures: str, seats: int = 10_000) -> Enterprise:
    """A clerk whose seats end, a vacant seat for a nurse, and courses in what nurses must know."""
    return ward(
        {"anna": ("clerk", {"k": 1})},
        [asks("nurse", "k", 2), asks("nurse", "x", 1), asks("clerk", "y", 2)],
        [course(f"to-{name}", (name, 0, 2)) for name in measures],
        seats=[seat("clerk", 10_000, date(2027, 6, 30)), seat("nurse", seats)],
    )


def test_a_role_that_ends_opens_a_path_to_a_vacant_seat() -> None:
    """G-9, G-10: the move first, then each measure it takes; the share is what is vacant."""
    options = opened(moving("k", "x", seats=6_000))
    move, *legs = of(options, Strategy.RESKILL)
    assert (move.employee, move.origin, move.role, move.share) == ("anna", "clerk", "nurse", 6_000)
    assert [(leg.measure, leg.competence) for leg in legs] == [("to-k", "k"), ("to-x", "x")]
    (clerk,) = [each for each in options.relevance if each.role == "clerk"]
    assert clerk.falls
    assert (clerk.seats_now, clerk.seats_later, clerk.filled) == (10_000, 0, 10_000)


def test_a_seat_out_of_reach_is_no_path() -> None:
    """G-10: a path that cannot be walked to its end is not shown."""
    assert of(opened(moving("k")), Strategy.RESKILL) == []


def test_nobody_moves_while_the_role_lasts() -> None:
    """G-9: beyond the horizon nothing falls, so no path is opened."""
    assert of(opened(moving("k", "x"), horizon=10), Strategy.RESKILL) == []


def test_relevance_falls_with_the_requirements_too() -> None:
    """G-9: a role that loses more than half of its steps within the horizon falls."""
    ending = [evolve(asks("nurse", "k", 3), end=date(2027, 3, 1)), asks("nurse", "x", 1)]
    (nurse,) = opened(ward({"anna": ("nurse", {})}, ending)).relevance
    assert (nurse.steps_now, nurse.steps_later, nurse.falls) == (4, 1, True)


# --- recruit and assess -------------------------------------------------------------------------


def test_a_vacant_seat_is_a_way_with_its_market() -> None:
    """G-8: cost rises with the yield, and the yield is the certainty."""
    market = Market(role=RoleId("nurse"), cost=30_000, days=90, yield_percent=40)
    enterprise = ward({}, [asks("nurse", "k", 1)], seats=[seat("nurse", 15_000)], markets=[market])
    (way,) = of(opened(enterprise), Strategy.RECRUIT)
    assert (way.ground, way.share, way.certainty) == (Ground.VACANT_SEAT, 15_000, 40)
    assert (way.cost_least, way.cost_most, way.days_most) == (30_000, 75_000, 90)


def test_a_vacant_seat_without_a_market_is_told() -> None:
    """G-8: without a market nobody knows what hiring takes; the way is there and W532 says so."""
    options = opened(ward({}, [asks("nurse", "k", 1)], seats=[seat("nurse", 5_000)]))
    assert [found.code for found in options.findings] == ["W532"]
    assert of(options, Strategy.RECRUIT)[0].certainty is None


def test_too_few_heads_is_a_way() -> None:
    """G-8: a headcount that falls short even if everybody unknown held the level."""
    head = Headcount(
        unit=UnitId("u"), competence=CompetenceId("k"), level=Level(2), count=2, statutory=True
    )
    plain = ward({"anna": ("nurse", {"k": 2})}, [asks("nurse", "k", 2)])
    (way,) = of(opened(evolve(plain, headcounts=(head,))), Strategy.RECRUIT)
    assert (way.ground, way.headcount, way.need) == (Ground.HEADCOUNT, 0, 2)


def test_bad_input_75_where_no_measure_helps_recruiting_is_named() -> None:
    """FAULTS 75: never empty silence: a finding, and a way of recruiting for the row."""
    options = opened(ward({"anna": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)]))
    (way,) = of(options, Strategy.RECRUIT)
    assert (way.ground, way.gap, way.steps) == (Ground.NO_MEASURE, 0, 1)
    assert [found.code for found in options.findings] == ["W533"]
    assert "anna" not in str(options.findings)


def test_what_nobody_knows_is_assessed_and_nothing_else() -> None:
    """M-1: unknown is not missing; its one way is to find out."""
    enterprise = ward(
        {"anna": ("nurse", {}), "bo": ("clerk", {"k": 3})},
        [asks("nurse", "k", 2, weight=3), asks("clerk", "x", 1)],
        [course("c", ("k", 0, 2))],
    )
    ways = [way for way in opened(enterprise) if way.employee == "anna"]
    assert [(way.strategy, way.steps) for way in ways] == [(Strategy.ASSESS, 6)]


# --- the plural ---------------------------------------------------------------------------------


def test_options_say_at_most_how_much_each_strategy_could_do() -> None:
    """Alone, a strategy closes of each row the most that one of its ways does."""
    enterprise = ward(
        {"anna": ("nurse", {"k": 0})},
        [asks("nurse", "k", 3)],
        [course("a", ("k", 0, 1)), course("b", ("k", 0, 2))],
    )
    options = opened(enterprise)
    upskill = next(o for o in options.openings() if o.strategy is Strategy.UPSKILL)
    assert (upskill.options, upskill.gaps, upskill.steps) == (2, 1, 2)
    assert len(options) == len(list(options)) == len(options.for_gap(0))
    assert "anna" not in str(options) + repr(options)


def test_a_negative_horizon_is_misuse() -> None:
    """The horizon counts days ahead."""
    with pytest.raises(Misuse, match="E506"):
        opened(ward({}, []), horizon=-1)


def test_bad_input_72_an_empty_enterprise_has_no_ways() -> None:
    """FAULTS 72: nothing known gives no ways and no error."""
    options = opened(Enterprise())
    assert (len(options), options.relevance, len(options.tracks)) == (0, (), 0)


def test_demands_name_the_needs_behind_them() -> None:
    """A-7: what a role requires keeps the needs that it traces to."""
    demands = demands_on(ward({}, [asks("nurse", "k", 2, weight=3)]), ON)
    demanded = demands[RoleId("nurse")][CompetenceId("k")]
    assert (demanded.steps, demanded.needs) == (6, ("safe",))
