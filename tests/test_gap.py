"""Does every state, sum and count of gaps say what it should, one case at a time?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest

from kompetanse_core.columns import Table
from kompetanse_core.columns.held import BLOCK
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import (
    GAPS,
    By,
    Gap,
    LevelState,
    Proof,
    SeatGap,
    Tally,
    Unused,
    Validity,
    find_gaps,
)
from kompetanse_core.gap.show import coverage, withheld
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Crosswalk,
    EvidenceKind,
    Facet,
    Level,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    EvidenceId,
    Unit,
)
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Demand,
    Driver,
    DriverId,
    DriverKind,
    Goal,
    GoalId,
    Headcount,
    Need,
    NeedId,
    Requirement,
    Role,
    RoleId,
    Seats,
    Task,
    TaskId,
    UnitId,
)

ON = date(2027, 3, 1)
KNOWN = datetime(2027, 1, 1, tzinfo=UTC)
NURSE, WARD, ANNE = RoleId("nurse"), UnitId("ward"), EmployeeId("a")
DOSES, DRIPS, PUMPS = CompetenceId("doses"), CompetenceId("drips"), CompetenceId("pumps")
FIVE = ScaleId("five")
STATES = Path(__file__).parents[1] / "docs" / "reference" / "states.md"


def need(competence: CompetenceId = DOSES, level: int = 2, **rest: Any) -> Requirement:
    """A requirement of the nurse."""
    given = {"bearer": Bearer.ROLE, "of": NURSE, **rest}
    return Requirement(competence=competence, level=Level(level), **given)


def said(competence: CompetenceId = DOSES, level: int = 2, **rest: Any) -> Assessment:
    """What the leader says of Anne, a year ago."""
    given = {
        "employee": ANNE,
        "source": AssessmentSource.LEADER,
        "assessed": date(2026, 3, 1),
        "recorded": KNOWN,
        **rest,
    }
    return Assessment(competence=competence, level=Level(level), **given)


def proof(competence: CompetenceId = DOSES, **rest: Any) -> Evidence:
    """A certificate of Anne's."""
    given = {"id": EvidenceId("b"), "employee": ANNE, "kind": EvidenceKind.CERTIFICATE, **rest}
    return Evidence(competence=competence, recorded=KNOWN, **given)


def engaged(
    employee: str = "a", unit: str = "ward", role: str = "nurse", **rest: Any
) -> Engagement:
    """Somebody in a role and unit."""
    return Engagement(employee=EmployeeId(employee), unit=UnitId(unit), role=RoleId(role), **rest)


def hospital(**parts: Any) -> Enterprise:
    """A ward where Anne is a nurse; parts given replace those that are there."""
    usual: dict[str, Any] = {
        "scales": [Scale(id=FIVE, top=Level(5))],
        "competences": [
            Competence(id=each, label=Text(str(each)), facet=Facet.SKILL, scale=FIVE)
            for each in (DOSES, DRIPS, PUMPS)
        ],
        "units": [Unit(id=WARD, label=Text("Sengepost"))],
        "roles": [Role(id=NURSE, label=Text("Sykepleier"))],
        "requirements": [need()],
        "employees": [Employee(id=ANNE)],
        "engagements": [engaged()],
    }
    return Enterprise(**{**usual, **parts})


def only(enterprise: Enterprise, **rest: Any) -> Gap:
    """The one gap of an enterprise."""
    (gap,) = find_gaps(enterprise, on=ON, **rest)
    return gap


# --- the table of states ----------------------------------------------------------------------


def states() -> list[tuple[str, ...]]:
    """The rows of the table in the reference page."""
    rows = re.findall(
        r"^\| (\w+) \| (\w+) \| ([\w-]+) \| ([\w ]+) \| ([\w ]+) \|$",
        STATES.read_text("utf-8"),
        re.MULTILINE,
    )
    return [row for row in rows if row[0] != "level"]


def test_the_table_lists_every_combination_once() -> None:
    """Five levels, three validities and three proofs: forty-five rows, none twice."""
    every = [
        (level.value, validity.value, proven.value)
        for level in LevelState
        for validity in Validity
        for proven in Proof
    ]
    assert sorted(row[:3] for row in states()) == sorted(every)


@pytest.mark.parametrize("statutory", [False, True], ids=["ordinary", "statutory"])
@pytest.mark.parametrize("row", [row for row in states() if row[3] != "cannot be"], ids="-".join)
def test_each_state_counts_as_the_table_says(row: tuple[str, ...], *, statutory: bool) -> None:
    """One situation for each row and kind of requirement, with need 2 and weight 3."""
    level, validity, proven, *verdicts = row
    ends = {"valid": None, "expiring": ON + timedelta(days=180), "expired": ON - timedelta(days=1)}
    have = {"unknown": None, "none": 0, "below": 1, "met": 2, "surplus": 3}[level]
    asked = frozenset() if proven == "not-needed" else frozenset({EvidenceKind.CERTIFICATE})
    proof_ends = ends[validity] if have is None else None
    gap = only(
        hospital(
            requirements=[need(weight=3, statutory=statutory, proof=asked)],
            assessments=[] if have is None else [said(level=have, expires=ends[validity])],
            evidence=[proof(expires=proof_ends)] if proven == "proven" else [],
        )
    )
    assert (gap.state.value, gap.validity.value, gap.proof.value) == (level, validity, proven)
    assert gap.expires == ends[validity]
    met = min(have or 0, 2) * 3
    counts = {"counted": (met, 6 - met, 0), "unknown": (0, 0, 6), "missing": (0, 6, 0)}
    assert (gap.met, gap.missing, gap.unknown) == counts[verdicts[statutory]]


def test_what_cannot_be_has_no_situation() -> None:
    """Without a level nothing expires but a proof, and a missing proof has no last day."""
    impossible = [row for row in states() if row[3] == "cannot be"]
    assert [row[:3] for row in impossible] == [
        ("unknown", validity, proven)
        for validity in ("expiring", "expired")
        for proven in ("not-needed", "missing")
    ]


# --- time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "validity"),
    [
        (ON - timedelta(days=1), Validity.EXPIRED),
        (ON, Validity.EXPIRING),
        (ON + timedelta(days=30), Validity.EXPIRING),
        (ON + timedelta(days=31), Validity.VALID),
        (None, Validity.VALID),
    ],
)
def test_bad_input_73_the_last_day_is_valid(expires: date | None, validity: Validity) -> None:
    """FAULTS 73: what expires today is valid today; the window's last day is inside it."""
    gap = only(hospital(assessments=[said(expires=expires)]), expiring_within=30)
    assert (gap.validity, gap.expires) == (validity, expires)


def test_bad_input_73_a_leap_day_is_a_day() -> None:
    """FAULTS 73: what expires on 29 February is valid then and expired on 1 March."""
    enterprise = hospital(assessments=[said(expires=date(2028, 2, 29))])
    for on, validity in (
        (date(2028, 2, 29), Validity.EXPIRING),
        (date(2028, 3, 1), Validity.EXPIRED),
    ):
        (gap,) = find_gaps(enterprise, on=on)
        assert gap.validity is validity


def test_bad_input_74_what_is_assessed_later_is_not_there_yet() -> None:
    """FAULTS 74: an assessment dated ahead counts from its day on, and not before."""
    enterprise = hospital(assessments=[said(assessed=ON)])
    (before,) = find_gaps(enterprise, on=ON - timedelta(days=1))
    assert (before.have, only(enterprise).have) == (None, 2)


def test_yesterdays_report_knows_what_was_known_yesterday() -> None:
    """What was recorded after `known_at` is not there, neither assessments nor proofs."""
    late = KNOWN + timedelta(seconds=1)
    asked = need(proof=frozenset({EvidenceKind.CERTIFICATE}))
    enterprise = hospital(
        requirements=[asked],
        assessments=[said(level=1), said(level=4, recorded=late)],
        evidence=[attrs.evolve(proof(), recorded=late)],
    )
    old, new = only(enterprise, known_at=KNOWN), only(enterprise, known_at=late)
    assert [(gap.have, gap.proof) for gap in (old, new)] == [(1, Proof.MISSING), (4, Proof.PROVEN)]


@pytest.mark.parametrize(("start", "end"), [(ON + timedelta(1), None), (None, ON - timedelta(1))])
def test_who_is_not_engaged_today_has_no_gaps(start: date | None, end: date | None) -> None:
    """Engagements, requirements and seats hold from their first day to their last."""
    none = hospital(engagements=[engaged(start=start, end=end)])
    assert len(find_gaps(none, on=ON)) == 0
    unasked = hospital(
        requirements=[need(start=start, end=end)],
        seats=[Seats(unit=WARD, role=NURSE, share=1, start=start, end=end)],
    )
    gaps = find_gaps(unasked, on=ON)
    assert (list(gaps), gaps.seats) == ([], ())


@pytest.mark.parametrize("within", [-1, 36_526])
def test_a_window_is_neither_negative_nor_endless(within: int) -> None:
    """E211 for a window that no calendar has."""
    with pytest.raises(Misuse, match="E211"):
        find_gaps(hospital(), on=ON, expiring_within=within)


# --- what a role requires ---------------------------------------------------------------------


def test_tasks_raise_the_level_and_add_their_weight() -> None:
    """Of a role and its tasks the highest level counts and the weights add up; strict is strict."""
    gap = only(
        hospital(
            tasks=[Task(id=TaskId("t"), label=Text("T"))],
            roles=[Role(id=NURSE, label=Text("R"), tasks=(TaskId("t"),))],
            requirements=[
                need(level=1, weight=2, demand=Demand.REQUIRED),
                need(level=3, bearer=Bearer.TASK, of="t", demand=Demand.DESIRED, statutory=True),
            ],
        )
    )
    told = (gap.need, gap.weight, gap.demand, gap.statutory, gap.total)
    assert told == (3, 3, Demand.REQUIRED, True, 9)


@pytest.mark.parametrize(
    ("kinds", "accepted"),
    [
        ((("certificate", "course"), ("course",)), {"course"}),
        ((("certificate",), ("course",)), {"certificate", "course"}),
        (((), ("course",)), {"course"}),
    ],
)
def test_proof_is_what_all_accept_or_else_any(
    kinds: tuple[tuple[str, ...], ...], accepted: set[str]
) -> None:
    """The kinds that all accept who ask for proof; where there are none, any that one accepts."""
    asking = [need(proof=frozenset(map(EvidenceKind, each))) for each in kinds]
    for kind in ("certificate", "course", "experience"):
        gap = only(hospital(requirements=asking, evidence=[proof(kind=EvidenceKind(kind))]))
        assert (gap.proof is Proof.PROVEN) == (kind in accepted)


def test_a_crosswalk_may_leave_nothing_to_ask() -> None:
    """FAULTS 71 in disguise: a level that comes to 0 on the competence's own scale asks nothing."""
    rough = ScaleId("rough")
    enterprise = hospital(
        scales=[Scale(id=FIVE, top=Level(5)), Scale(id=rough, top=Level(2))],
        crosswalks=[Crosswalk(source=rough, target=FIVE, levels=(Level(0), Level(0), Level(3)))],
        requirements=[need(level=1, scale=rough), need(DRIPS, level=2, scale=rough)],
    )
    assert [(gap.competence, gap.need) for gap in find_gaps(enterprise, on=ON)] == [(DRIPS, 3)]


@pytest.mark.parametrize("part", ["requirements", "assessments"])
def test_bad_input_65_scales_do_not_meet_without_a_crosswalk(part: str) -> None:
    """FAULTS 65: a level on a scale that leads nowhere is refused, not guessed."""
    lost = {"requirements": [need(scale=ScaleId("x"))], "assessments": [said(scale=ScaleId("x"))]}
    with pytest.raises(Misuse, match="E502"):
        find_gaps(hospital(**{part: lost[part]}), on=ON)


@pytest.mark.parametrize(
    "parts",
    [
        {"requirements": [need(CompetenceId("?"))]},
        {"assessments": [said(CompetenceId("?"))]},
        {"engagements": [engaged(role="?")]},
        {"engagements": [engaged(unit="?")]},
        {"headcounts": [Headcount(unit=UnitId("?"), competence=DOSES, level=Level(1), count=1)]},
    ],
    ids=["requirement", "assessment", "role", "unit", "headcount"],
)
def test_bad_input_66_references_lead_somewhere(parts: dict[str, Any]) -> None:
    """FAULTS 66: what names something that is not there is refused, whichever noun it is."""
    with pytest.raises(Misuse, match="E503") as caught:
        _ = find_gaps(hospital(**parts), on=ON).headcounts
    assert "?" not in str(caught.value)


# --- relations --------------------------------------------------------------------------------


def counts_as(drop: int | None, kind: RelationKind = RelationKind.BROADER) -> Relation:
    """Drips count as doses."""
    return Relation(kind=kind, source=DRIPS, target=DOSES, drop=drop)


@pytest.mark.parametrize(("drop", "have"), [(None, None), (0, 3), (1, 2), (2, 1), (3, None)])
def test_holding_one_counts_as_another_less_its_drop(drop: int | None, have: int | None) -> None:
    """Only a declared drop carries; what comes to nothing tells nothing."""
    enterprise = hospital(relations=[counts_as(drop)], assessments=[said(DRIPS, level=3)])
    assert only(enterprise).have == have


def test_a_statutory_requirement_takes_only_equivalents() -> None:
    """Drops substitute for nothing that the law asks; an equivalent is the same thing."""
    asked = {"requirements": [need(statutory=True)], "assessments": [said(DRIPS, level=3)]}
    by_drop = hospital(relations=[counts_as(0)], **asked)
    by_name = hospital(relations=[counts_as(None, RelationKind.EQUIVALENT)], **asked)
    assert (only(by_drop).have, only(by_name).have) == (None, 3)


def test_proof_travels_only_between_equivalents() -> None:
    """Drops carry level, never proof."""
    asked = {
        "requirements": [need(proof=frozenset({EvidenceKind.CERTIFICATE}))],
        "assessments": [said(DRIPS, level=3)],
        "evidence": [proof(DRIPS)],
    }
    by_drop = only(hospital(relations=[counts_as(0)], **asked))
    by_name = only(hospital(relations=[counts_as(None, RelationKind.EQUIVALENT)], **asked))
    assert (by_drop.have, by_drop.proof, by_drop.missing) == (3, Proof.MISSING, 2)
    assert (by_name.have, by_name.proof, by_name.missing) == (3, Proof.PROVEN, 0)


@pytest.mark.parametrize(
    ("changes", "proven"),
    [
        ({}, True),
        ({"verified": False}, False),
        ({"level": Level(1)}, False),
        ({"level": Level(2)}, True),
        ({"issued": ON}, True),
        ({"issued": ON + timedelta(days=1)}, False),
        ({"kind": EvidenceKind.COURSE}, False),
        ({"competence": DRIPS}, False),
        ({"competence": None}, False),
    ],
)
def test_what_proves(changes: dict[str, Any], *, proven: bool) -> None:
    """Of an accepted kind, verified, issued by now, of the competence, at the level or at none."""
    enterprise = hospital(
        requirements=[need(proof=frozenset({EvidenceKind.CERTIFICATE}))],
        evidence=[attrs.evolve(proof(), **changes)],
    )
    assert (only(enterprise).proof is Proof.PROVEN) == proven


def test_the_proof_that_holds_longest_counts() -> None:
    """Of two proofs the later last day counts, and it makes the row expire if it comes first."""
    later, sooner = ON + timedelta(days=10), ON - timedelta(days=10)
    enterprise = hospital(
        requirements=[need(proof=frozenset({EvidenceKind.CERTIFICATE}))],
        assessments=[said()],
        evidence=[
            proof(id=EvidenceId("old"), expires=sooner),
            proof(id=EvidenceId("new"), expires=later),
        ],
    )
    gaps = find_gaps(enterprise, on=ON)
    (gap,) = gaps
    assert (gap.validity, gap.expires, gap.met) == (Validity.EXPIRING, later, 2)
    evidence = gaps.why(gap).evidence
    assert evidence is not None
    assert evidence.id == "new"


# --- sums -------------------------------------------------------------------------------------


def test_bad_input_72_nothing_gives_nothing() -> None:
    """FAULTS 72: an empty enterprise, and one person without requirements, divide by nothing."""
    alone = hospital(requirements=[])
    for gaps in (find_gaps(Enterprise(), on=ON), find_gaps(alone, on=ON)):
        assert (len(gaps), list(gaps), list(gaps.holdings), list(gaps.unused)) == (0, [], [], [])
        assert gaps.total == Tally(key="", met=0, missing=0, unknown=0, contributors=0)
        assert [gaps.roll_up(by) for by in By] == [()] * len(By)
        assert (gaps.seats, gaps.headcounts, gaps.findings) == ((), (), ())
        assert "total" in str(gaps)


def test_two_engagements_in_one_role_and_unit_are_one_row() -> None:
    """One person, role and unit is one post whose shares add up; another unit is another post."""
    both = [engaged(share=4_000), engaged(share=2_000, start=date(2020, 1, 1))]
    elsewhere = engaged(unit="clinic", share=1_000)
    units = [Unit(id=WARD, label=Text()), Unit(id=UnitId("clinic"), label=Text())]
    gaps = find_gaps(
        hospital(
            units=units,
            engagements=[*both, elsewhere],
            seats=[Seats(unit=WARD, role=NURSE, share=10_000)],
        ),
        on=ON,
    )
    assert [gap.unit for gap in gaps] == ["clinic", WARD]
    assert gaps.seats == (SeatGap(unit=WARD, role=NURSE, wanted=10_000, filled=6_000),)
    assert (gaps.seats[0].vacant, gaps.seats[0].surplus) == (4_000, 0)
    assert gaps.total.contributors == 1


def test_a_branch_counts_everybody_below_it_once() -> None:
    """A unit counts its own, its branch all below; who works twice in it is one contributor."""
    units = [
        Unit(id=UnitId("top"), label=Text()),
        Unit(id=WARD, label=Text(), parent=UnitId("top")),
    ]
    gaps = find_gaps(hospital(units=units, engagements=[engaged(), engaged(unit="top")]), on=ON)
    assert [(t.key, t.unknown, t.contributors) for t in gaps.roll_up(By.UNIT)] == [
        ("top", 2, 1),
        ("ward", 2, 1),
    ]
    assert [(t.key, t.unknown, t.contributors) for t in gaps.roll_up(By.BRANCH)] == [
        ("top", 4, 1),
        ("ward", 2, 1),
    ]


def test_bad_input_79_two_hundred_levels_and_ten_thousand_units() -> None:
    """FAULTS 79: a tree of 200 levels, and one unit with 10 000 below it, add up."""
    line = [
        Unit(id=UnitId(f"l{n:03}"), label=Text(), parent=UnitId(f"l{n - 1:03}") if n else None)
        for n in range(200)
    ]
    wide = [Unit(id=UnitId(f"w{n:05}"), label=Text(), parent=UnitId("l199")) for n in range(10_000)]
    posts = [engaged(unit="w00007"), engaged(unit="w09999")]
    gaps = find_gaps(hospital(units=[*line, *wide], engagements=posts), on=ON)
    tallies = {tally.key: tally for tally in gaps.roll_up(By.BRANCH)}
    assert len(tallies) == 202
    assert (tallies["l000"].unknown, tallies["l000"].contributors) == (4, 1)


def test_units_in_a_circle_are_refused() -> None:
    """E504, not an endless climb."""
    units = [
        Unit(id=WARD, label=Text(), parent=UnitId("top")),
        Unit(id=UnitId("top"), label=Text(), parent=WARD),
    ]
    with pytest.raises(Misuse, match="E504"):
        find_gaps(hospital(units=units), on=ON)


def test_bad_input_81_sums_that_could_not_be_exact_are_refused() -> None:
    """FAULTS 81: a thousand million heads are counted; steps beyond 64 bits are refused."""
    many = Headcount(unit=WARD, competence=DOSES, level=Level(1), count=10**9)
    (heads,) = find_gaps(hospital(headcounts=[many]), on=ON).headcounts
    assert (heads.least, heads.most) == (10**9 - 1, 10**9)
    heavy = [need(level=5 * 10**3, weight=10**12)]
    crowd = [engaged(str(n)) for n in range(1_000)]
    people = [Employee(id=EmployeeId(str(n))) for n in range(1_000)]
    parts = {"requirements": heavy, "engagements": crowd, "employees": people}
    with pytest.raises(Misuse, match="E509"):
        find_gaps(hospital(**parts), on=ON)


def test_bad_input_78_equal_sums_stand_in_the_order_of_their_keys() -> None:
    """FAULTS 78: rows and sums have one order, that of their ids, whatever their numbers."""
    people = [Employee(id=EmployeeId(each)) for each in "cab"]
    gaps = find_gaps(hospital(employees=people, engagements=[engaged(e) for e in "bca"]), on=ON)
    assert [gap.employee for gap in gaps] == ["a", "b", "c"]
    assert [tally.key for tally in gaps.roll_up(By.EMPLOYEE)] == ["a", "b", "c"]


def test_strength_is_kept_apart() -> None:
    """Sums over what is required leave out what is desired, and the people behind it."""
    asked = [need(), need(DRIPS, demand=Demand.DESIRED)]
    gaps = find_gaps(hospital(requirements=asked), on=ON)
    totals = {d: sum(t.total for t in gaps.roll_up(By.ROLE, demand=d)) for d in (None, *Demand)}
    assert totals == {None: 4, Demand.REQUIRED: 2, Demand.DESIRED: 2}
    assert [t.key for t in gaps.roll_up(By.COMPETENCE, demand=Demand.DESIRED)] == [DRIPS]


# --- heads, and what is not used --------------------------------------------------------------


def test_a_headcount_is_an_interval() -> None:
    """Known to hold it, not known about, and the lack between the two; below is just below."""
    people = [Employee(id=EmployeeId(each)) for each in "abcd"]
    heads = Headcount(unit=WARD, competence=DOSES, level=Level(2), count=3)
    old = date(2026, 12, 31)
    told = [
        said(level=2, employee=EmployeeId("a")),
        said(level=1, employee=EmployeeId("b")),
        said(level=5, employee=EmployeeId("c"), expires=old),
    ]
    gaps = find_gaps(
        hospital(
            employees=people,
            engagements=[engaged(each) for each in "abcd"],
            headcounts=[heads],
            assessments=told,
        ),
        on=ON,
    )
    (found,) = gaps.headcounts
    assert (found.known, found.unknown, found.least, found.most) == (1, 2, 0, 2)
    stand = [(each.headcount, each.employee, each.state.value) for each in gaps.heads]
    assert stand == [
        (0, "a", "known"),
        (0, "b", "lacking"),
        (0, "c", "unknown"),
        (0, "d", "unknown"),
    ]


def test_headcounts_stand_in_one_order() -> None:
    """Two that differ in nothing but the law behind them come out alike, whichever was told first.

    Found by the law that row order changes nothing.
    """
    heads = [
        Headcount(unit=WARD, competence=DOSES, level=Level(1), count=1, statutory=law)
        for law in (True, False)
    ]
    one, two = (find_gaps(hospital(headcounts=h), on=ON).headcounts for h in (heads, heads[::-1]))
    assert one == two


def test_unused_competence_and_what_it_could_serve() -> None:
    """Pumps are held and asked of nobody here; the technician's seat and gaps could use them."""
    technician = RoleId("technician")
    enterprise = hospital(
        roles=[Role(id=NURSE, label=Text()), Role(id=technician, label=Text())],
        requirements=[need(), need(PUMPS, of=technician)],
        employees=[Employee(id=ANNE), Employee(id=EmployeeId("z"))],
        engagements=[engaged(), engaged("z", role="technician", share=5_000)],
        seats=[Seats(unit=WARD, role=technician, share=10_000)],
        assessments=[said(), said(PUMPS, level=3), said(PUMPS, level=0, employee=EmployeeId("z"))],
    )
    gaps = find_gaps(enterprise, on=ON)
    (unused,) = gaps.unused
    assert unused == Unused(employee=ANNE, competence=PUMPS, level=Level(3))
    serves = gaps.serves(unused)
    assert (serves.roles, serves.seats) == ((technician,), gaps.seats)
    assert [(tally.key, tally.missing) for tally in serves.gaps] == [(WARD, 2)]


def test_what_counts_as_something_required_is_used() -> None:
    """Drips count as doses, which are required: they are not unused. Expired ones are not held."""
    enterprise = hospital(relations=[counts_as(1)], assessments=[said(DRIPS, level=2)])
    assert list(find_gaps(enterprise, on=ON).unused) == []
    too_low = hospital(relations=[counts_as(1)], assessments=[said(DRIPS, level=1)])
    assert len(find_gaps(too_low, on=ON).unused) == 1
    expired = hospital(assessments=[said(DRIPS, expires=ON - timedelta(days=1))])
    assert len(find_gaps(expired, on=ON).unused) == 0


# --- reasons ----------------------------------------------------------------------------------


def test_why_leads_down_to_the_clause() -> None:
    """Requirement, task, need, driver, goal and the clause of each, and the assessment behind."""
    goal = Goal(id=GoalId("g"), label=Text("Trygg drift"))
    driver = Driver(id=DriverId("d"), label=Text(), kind=DriverKind.AUTHORITY, goals=(goal.id,))
    why_asked = Need(id=NeedId("n"), label=Text(), drivers=(driver.id,))
    task = Task(id=TaskId("t"), label=Text())
    enterprise = hospital(
        goals=[goal],
        drivers=[driver],
        needs=[why_asked],
        tasks=[task],
        roles=[Role(id=NURSE, label=Text(), tasks=(task.id,))],
        requirements=[need(bearer=Bearer.TASK, of="t", needs=(why_asked.id,))],
        relations=[counts_as(1)],
        assessments=[said(DRIPS, level=2)],
    )
    gaps = find_gaps(enterprise, on=ON)
    (gap,) = gaps
    why = gaps.why(gap)
    assert (why.tasks, why.needs, why.drivers, why.goals) == (
        (task,),
        (why_asked,),
        (driver,),
        (goal,),
    )
    assert why.clauses == ("B-12", "B-6", "K-7")
    assert why.holding is not None
    assert gaps.holdings.assessment(why.holding) == enterprise.assessments[0]
    assert str(gaps.holdings.path(why.holding)) == "drips → doses (drop 1)"
    assert [tally.key for tally in gaps.roll_up(By.DRIVER)] == ["d"]
    assert [tally.key for tally in gaps.roll_up(By.TASK)] == ["t"]


def test_why_of_a_statutory_gap_names_what_gave_the_level() -> None:
    """An equivalent held at level 1 or above is named; one at level 0 told nothing."""
    same = counts_as(None, RelationKind.EQUIVALENT)
    asked = {"requirements": [need(statutory=True)], "relations": [same]}
    for level, via in ((0, None), (1, DRIPS)):
        gaps = find_gaps(hospital(assessments=[said(DRIPS, level=level)], **asked), on=ON)
        holding = gaps.why(next(iter(gaps))).holding
        assert (holding.via if holding else None) == via


def test_why_of_what_nobody_requires_is_refused() -> None:
    """E503, naming role and competence and no person."""
    gaps = find_gaps(hospital(), on=ON)
    (gap,) = gaps
    with pytest.raises(Misuse, match="E503"):
        gaps.why(attrs.evolve(gap, competence=PUMPS))


# --- what the eye sees ------------------------------------------------------------------------


def test_the_table_for_the_eye() -> None:
    """Sums by role and unit with coverage as an interval; ids and levels of people stay out."""
    people = [EmployeeId(f"person-{n}") for n in range(6)]
    gaps = find_gaps(
        hospital(
            employees=[Employee(id=each) for each in people],
            engagements=[engaged(each) for each in people],
            assessments=[said(employee=people[0], level=1)],
        ),
        on=ON,
    )
    assert "Sykepleier       6    8–92 %        1       10" in str(gaps)
    html = gaps._repr_html_()
    assert '<th scope="row">Sykepleier</th><td>6</td><td>8–92 %</td><td>1</td>' in html
    assert (repr(gaps), "person" in str(gaps) + html) == ("<Gaps on 2027-03-01: 6 rows>", False)


def test_groups_under_five_are_held_back() -> None:
    """Four people show no number, in any row, not even in the total."""
    people = [EmployeeId(each) for each in "abcd"]
    gaps = find_gaps(
        hospital(
            employees=[Employee(id=each) for each in people],
            engagements=[engaged(each) for each in people],
        ),
        on=ON,
    )
    assert re.findall(r"^(?:Syke|Senge|total).*$", str(gaps), re.MULTILINE) == [
        "Sykepleier       :         :        :        :",
        "total            :         :        :        :",
        "Sengepost       :         :        :        :",
        "total           :         :        :        :",
    ]


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ((5, 6), ""),
        ((4, 6, 9), "ab"),
        ((1, 1, 9, 9), "abc"),
        ((2, 3, 9), "ab"),
        ((4,), "a"),
        ((), ""),
    ],
)
def test_one_group_is_never_held_back_alone(people: tuple[int, ...], hidden: str) -> None:
    """What the total would give away is held back too: two groups and five people at least."""
    tallies = [
        Tally(key=key, met=0, missing=0, unknown=0, contributors=number)
        for key, number in zip("abcd", people, strict=False)
    ]
    assert withheld(tallies) == set(hidden)


@pytest.mark.parametrize(
    ("met", "missing", "unknown", "text"),
    [(0, 0, 0, "–"), (1, 2, 0, "33–34 %"), (1, 1, 0, "50 %"), (1, 0, 2, "33–100 %")],
)
def test_coverage_is_rounded_outwards(met: int, missing: int, unknown: int, text: str) -> None:
    """An interval in whole per cent never claims more than is known."""
    tally = Tally(key="", met=met, missing=missing, unknown=unknown, contributors=9)
    assert coverage(tally) == text


def test_labels_are_escaped_in_html() -> None:
    """A label is text, whatever it holds."""
    roles = [Role(id=NURSE, label=Text("<script>"))]
    assert "<script>" not in find_gaps(hospital(roles=roles), on=ON)._repr_html_()


# --- Arrow ------------------------------------------------------------------------------------


def test_gaps_go_to_arrow_in_blocks() -> None:
    """Some people at a time, they are the rows that would be laid out, and come back the same."""
    people = [EmployeeId(f"{n:05}") for n in range(BLOCK + 1)]
    enterprise = hospital(
        employees=[Employee(id=each) for each in people],
        engagements=[engaged(each) for each in (people[0], people[-1])],
        assessments=[said(employee=people[0])],
    )
    gaps = find_gaps(enterprise, on=ON)
    batches = list(pa.RecordBatchReader.from_stream(gaps))
    assert [len(batch) for batch in batches] == [1, 1]
    assert Table.from_arrow(GAPS, gaps) == gaps.rows


# --- one assessment more ----------------------------------------------------------------------


def test_what_comes_later_lies_over_what_was() -> None:
    """The old gaps stay as they were; the new ones have the person's rows and the sum."""
    before = find_gaps(hospital(assessments=[said(level=1)]), on=ON)
    after = before.with_assessment(said(level=2, assessed=ON))
    assert [gap.met for gap in before] == [1]
    assert [gap.met for gap in after.of(ANNE)] == [gap.met for gap in after] == [2]
    assert (before.total.met, after.total.met) == (1, 2)
    assert len(after.enterprise.assessments) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (said(employee=EmployeeId("somebody else")), "E503"),
        (said(CompetenceId("flying")), "E503"),
        (said(level=6), "E502"),
        (said(scale=ScaleId("ten")), "E502"),
    ],
)
def test_an_assessment_that_leads_nowhere_is_refused(wrong: Assessment, code: str) -> None:
    """Unknown person, unknown competence, level above the scale, unknown scale: nobody is named."""
    with pytest.raises(Misuse, match=code) as refused:
        find_gaps(hospital(), on=ON).with_assessment(wrong)
    assert "somebody else" not in str(refused.value)
