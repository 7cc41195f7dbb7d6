"""Whom does a scheme support? A grant is taken off the price of those who are eligible."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from tests.laws.test_plan_laws import limits, recommended
from tests.oracles.wards import KNOWN, ON, asks, course, seat, ward, wards
from tests.test_plan import planned

from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Audience,
    EmployeeId,
    Enterprise,
    Evidence,
    EvidenceId,
    EvidenceKind,
    Fact,
    Grid,
    Limits,
    Misuse,
    Plugins,
    Points,
    Purpose,
    Scheme,
    SchemeId,
    Strategy,
    Text,
    UnitId,
    Wish,
    analyse,
    find_gaps,
    make_plan,
    make_report,
    open_options,
    recommend,
    why,
)
from kompetanse_core.model.work import RoleId

FAGBREV = EvidenceKind.TRADE_CERTIFICATE
UNSKILLED = frozenset({FAGBREV})
SCHEME = Scheme(
    id=SchemeId("kp"),
    label=Text(nb="Ordningen", en="The scheme"),
    as_of=ON,
    grant_percent=50,
    grant_most=400,
)
COURSE = evolve(course("c", ("k", 0, 2)), cost_per_head=1_000, scheme=SCHEME.id)


def paper(employee: str, kind: EvidenceKind = FAGBREV) -> Evidence:
    """A trade certificate, verified and known."""
    named = EvidenceId(f"{employee}-{kind.value}")
    return Evidence(id=named, employee=EmployeeId(employee), kind=kind, recorded=KNOWN)


def trade(scheme: Scheme, *papers: Evidence) -> Enterprise:
    """A smith and a cook who both lack a step of k, and a course that a scheme supports."""
    people = {"p": ("smith", {"k": 1}), "q": ("cook", {"k": 1})}
    plain = ward(people, [asks("smith", "k", 2), asks("cook", "k", 2)], [COURSE])
    return evolve(plain, schemes=[scheme], evidence=papers)


def costs(enterprise: Enterprise, frame: Limits | None = None) -> dict[str, int]:
    """What the course costs for each."""
    return {str(item.employee): item.cost for item in planned(enterprise, frame)}


HALF, FULL = {"p": 600, "q": 1_000}, {"p": 1_000, "q": 1_000}
BOTH = {"p": 600, "q": 600}
EARLIER = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("scheme", "papers", "expected"),
    [
        (SCHEME, (), BOTH),
        (evolve(SCHEME, lacking=UNSKILLED), (), BOTH),
        (evolve(SCHEME, lacking=UNSKILLED), (paper("q"),), HALF),
        (evolve(SCHEME, lacking=UNSKILLED), (evolve(paper("q"), verified=False),), BOTH),
        (evolve(SCHEME, lacking=UNSKILLED), (evolve(paper("q"), expires=EARLIER),), BOTH),
        (evolve(SCHEME, lacking=UNSKILLED), (evolve(paper("q"), issued=date(2027, 2, 1)),), BOTH),
        (evolve(SCHEME, lacking=UNSKILLED), (paper("q", EvidenceKind.COURSE),), BOTH),
        (evolve(SCHEME, roles=(RoleId("smith"),)), (), HALF),
        (evolve(SCHEME, units=(UnitId("u"),)), (), BOTH),
        (evolve(SCHEME, units=(UnitId("house"),)), (), BOTH),
        (evolve(SCHEME, units=(UnitId("v"),)), (), FULL),
        (evolve(SCHEME, units=(UnitId("v"),), roles=(RoleId("smith"),)), (), FULL),
        (evolve(SCHEME, until=ON), (), BOTH),
        (evolve(SCHEME, as_of=date(2026, 1, 1), until=EARLIER), (), FULL),
        (evolve(SCHEME, grant_most=None), (), {"p": 500, "q": 500}),
    ],
)
def test_a_grant_is_for_those_it_is_for(
    scheme: Scheme, papers: tuple[Evidence, ...], expected: dict[str, int]
) -> None:
    """R-17: by evidence that is lacking, by role, by unit and by day; elsewhere the full price."""
    enterprise = trade(scheme, *papers)
    assert costs(enterprise) == expected
    plan = planned(enterprise)
    assert plan.cost == sum(expected.values())
    assert plan.grants == 2_000 - plan.cost
    for item in plan:
        facts = {fact for way in plan.recommended(item) for fact in way.facts}
        supported = expected[str(item.employee)] < 1_000
        assert (Fact.SUPPORTED in facts) == supported
        assert (Fact.UNSUPPORTED in facts) == (not supported)
        assert all("R-17" in chain.clauses for chain in why(plan, item))


def test_what_was_not_known_by_then_does_not_count() -> None:
    """As known a year ago, the trade certificate that was entered since is lacking."""
    late = evolve(paper("p"), recorded=datetime(2026, 12, 1, tzinfo=UTC))
    enterprise = trade(evolve(SCHEME, lacking=UNSKILLED), late)
    then = find_gaps(enterprise, on=ON, known_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert make_plan(recommend(open_options(then))).grants == 800
    assert planned(enterprise).grants == 400


def test_the_least_cost_of_a_way_is_with_the_support_that_the_person_can_have() -> None:
    """A way's cost runs from with support to without; who has none pays the same at both ends."""
    enterprise = trade(evolve(SCHEME, roles=(RoleId("smith"),)))
    ways = recommended(enterprise).options.by(Strategy.UPSKILL)
    assert {(w.employee, w.cost_least, w.cost_most) for w in ways} == {
        ("p", 600, 1_000),
        ("q", 1_000, 1_000),
    }


def test_what_begins_after_the_scheme_is_over_costs_the_full_price() -> None:
    """The drøfting lets the course begin in the second period; by then the scheme is over."""
    late = evolve(COURSE, affects_operation=True)
    enterprise = evolve(trade(evolve(SCHEME, until=date(2027, 3, 31))), measures=[late])
    assert costs(enterprise) == BOTH
    assert costs(enterprise, Limits(drofting_by=date(2027, 4, 1))) == FULL


def test_the_budget_pays_what_is_left_of_the_price() -> None:
    """Twelve hundred kroner are enough for two who are eligible, and for one who is not."""
    assert len(planned(trade(SCHEME), Limits(budget=1_200))) == 2
    nobody = evolve(SCHEME, units=(UnitId("v"),))
    assert len(planned(trade(nobody), Limits(budget=1_200))) == 1


def test_who_redevelops_is_supported_too() -> None:
    """G-10: the way to another role costs with support what is left of it."""
    people = {"p": ("old", {"k": 1, "y": 1})}
    asked = [asks("new", "k", 2), asks("old", "y", 1)]
    seats = [seat("old", 10_000, date(2027, 6, 30)), seat("new", 10_000, unit="v")]
    enterprise = evolve(ward(people, asked, [COURSE], seats=seats), schemes=[SCHEME])
    ways = recommended(enterprise).options.by(Strategy.RESKILL)
    assert {(way.cost_least, way.cost_most) for way in ways} == {(600, 1_000)}
    assert planned(enterprise).grants == 400


def test_a_wish_is_supported_too() -> None:
    """What a wish would take is what is left of the price for that person."""
    wish = Wish(employee=EmployeeId("p"), measure="c", stated=ON, recorded=KNOWN)
    enterprise = ward({"p": ("smith", {"k": 1})}, [asks("smith", "k", 1)], [COURSE])
    plan = planned(evolve(enterprise, schemes=[SCHEME], wishes=[wish]))
    (own,) = plan.wishes
    assert (own.cost, own.steps[0].grant) == (600, 400)


def test_a_scheme_that_ends_before_its_conditions_is_refused() -> None:
    """E507, as for everything else that ends before it begins."""
    with pytest.raises(Misuse, match="E507"):
        evolve(SCHEME, until=EARLIER)


@st.composite
def supported(draw: DrawFn) -> Enterprise:
    """A ward in which schemes of many kinds support some measures."""
    enterprise = draw(wards())
    scheme = Scheme(
        id=SchemeId("kp"),
        label=Text("Ordning"),
        as_of=date(2026, 1, 1),
        grant_percent=draw(st.sampled_from([0, 40, 100, 150])),
        grant_most=draw(st.sampled_from([None, 700])),
        until=draw(st.sampled_from([None, EARLIER, date(2027, 4, 30)])),
        lacking=frozenset(draw(st.sampled_from([(), (FAGBREV,)]))),
        roles=draw(st.sampled_from([(), (RoleId("r0"),)])),
    )
    people = [each.id for each in enterprise.employees]
    named = [m.id for m in enterprise.measures if draw(st.booleans())]
    return evolve(
        enterprise,
        schemes=[scheme],
        evidence=[paper(person) for person in people if draw(st.booleans())],
        measures=[
            evolve(m, scheme=scheme.id if m.id in named else None) for m in enterprise.measures
        ],
    )


def _grant_of(enterprise: Enterprise, employee: str, price: int, begun: date) -> int:
    """Work out a grant from the conditions, one by one."""
    (scheme,) = enterprise.schemes
    roles = {each.role for each in enterprise.engagements if each.employee == employee}
    skilled = any(each.employee == employee for each in enterprise.evidence)
    over = scheme.until is not None and begun > scheme.until
    if over or (scheme.lacking and skilled) or (scheme.roles and not roles & set(scheme.roles)):
        return 0
    whole = min(price, price * scheme.grant_percent // 100)
    return whole if scheme.grant_most is None else min(whole, scheme.grant_most)


@given(supported(), limits)
def test_every_price_is_the_measures_less_the_grant(enterprise: Enterprise, frame: Limits) -> None:
    """Item by item; cost and grants add up to what the measures cost without any scheme."""
    plan = make_plan(recommended(enterprise), frame)
    measures = {str(m.id): m for m in enterprise.measures}
    for item in (each for each in plan if each.employee and each.measure):
        measure = measures[str(item.measure)]
        price = measure.cost_per_head
        given_ = _grant_of(enterprise, item.employee or "", price, item.start)
        assert item.grant == (given_ if measure.scheme else 0)
        assert item.cost == price - item.grant
    assert frame.budget is None or plan.cost <= frame.budget


@given(supported(), limits)
def test_support_never_leaves_more(enterprise: Enterprise, frame: Limits) -> None:
    """With a scheme no plan is worse than without, if both are proven."""
    plan = make_plan(recommended(enterprise), frame)
    other = make_plan(recommended(evolve(enterprise, schemes=[])), frame)
    if plan.proven and other.proven:
        assert plan.value <= other.value


def test_the_reports_tell_what_a_scheme_covers() -> None:
    """R-17: to the person with the day of the conditions, to the parties in all, from five up."""
    hospital = Plugins.installed().source("example").read().enterprise
    analysis = analyse(hospital, on=ON)
    person = next(i.employee for i in analysis.plan if i.grant and i.employee)
    report = make_report(
        analysis,
        audience=Audience.EMPLOYEE,
        employee=person,
        actor=Actor(id=ActorId("self"), kind=ActorKind.EMPLOYEE, employee=person),
        purpose=Purpose.DEVELOPMENT,
    )
    blocks = [block for section in report.sections for block in section.blocks]
    cells = [c.text for b in blocks if isinstance(b, Grid) for row in b.rows for c in row]
    covered = "8\u202f000\u00a0kr dekkes av ordningen Kompetansepluss (HK-dir), med vilkår per"
    assert any(covered in cell for cell in cells)
    assert "48\u202f000\u00a0kr" in _told(hospital)
    few = [e for e in hospital.engagements if e.employee not in ("a104", "a110")]
    assert "Støtteordninger" not in _told(evolve(hospital, engagements=few))


def _told(enterprise: Enterprise) -> str:
    report = make_report(analyse(enterprise, on=ON), audience=Audience.PARTIES)
    blocks = [block for section in report.sections for block in section.blocks]
    points = [p for block in blocks if isinstance(block, Points) for p in block.points]
    return "\n".join(point for point in points if "Støtteordninger" in point)
