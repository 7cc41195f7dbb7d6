"""Is a strategy of somebody else's checked, named when it is wrong, and kept apart?"""

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

import pytest
from attrs import evolve
from tests.oracles.wards import ON, asks, course, ward

from kompetanse_core import Plugins
from kompetanse_core.columns import Table
from kompetanse_core.gap import Gaps, find_gaps
from kompetanse_core.hooks import Opener, hookimpl
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.strategy import TRACKS, Ground, Option, Strategy, open_options

PEOPLE = {
    "anna": ("nurse", {"k": 1, "law": 1, "card": 1}),
    "bo": ("clerk", {"k": 3, "law": 3, "card": 3}),
    "cy": ("clerk", {"k": 0}),
}
ASKED = [
    asks("nurse", "k", 3),
    asks("nurse", "law", 3, statutory=True),
    asks("nurse", "card", 3, proof=[EvidenceKind.CERTIFICATE]),
    asks("clerk", "x", 1),
]
GAPS = find_gaps(ward(PEOPLE, ASKED, [course("c", ("k", 0, 3))]), on=ON)
OURS = open_options(GAPS)


def way_for(competence: str, colleague: str) -> Option:
    """The way of letting a colleague carry what anna lacks of a competence."""
    rows = enumerate(GAPS.rows)
    place, gap = next(each for each in rows if each[1].competence == competence)
    return Option(
        strategy=Strategy.USE,
        ground=Ground.COLLEAGUE_UNUSED,
        gap=place,
        employee=gap.employee,
        unit=gap.unit,
        role=gap.role,
        competence=gap.competence,
        need=gap.need,
        colleague=EmployeeId(colleague),
        reach=Level(3),
        steps=gap.missing,
    )


WAY = way_for("k", "cy")


def opener(give: Callable[[Gaps], Iterable[Option]], name: str = "other") -> Opener:
    """A strategy of somebody else's."""
    return Opener(name=name, description="Somebody else's", open=give)


GOOD = opener(lambda gaps: [WAY], "works")


def halfway(gaps: Gaps) -> Iterator[Option]:
    """A way, and then a failure that quotes a person."""
    yield WAY
    raise ValueError("anna")


def leaving(gaps: Gaps) -> Iterable[Option]:
    """A strategy that would end the whole run."""
    raise SystemExit(3)


NUMBER: EmployeeId = 7  # type: ignore[assignment] # that is what is refused
WRONG: dict[str, tuple[str, Callable[[Gaps], object]]] = {
    "raises": ("E602", halfway),
    "exits": ("E602", leaving),
    "gives nothing": ("E602", lambda gaps: None),
    "gives something else": ("E555", lambda gaps: [WAY, "anna"]),
    "gives another table": ("E555", lambda gaps: Table.of(TRACKS, ())),
    "never ends": ("E555", lambda gaps: repeat(WAY)),
    "a number for an id": ("E555", lambda gaps: [WAY, evolve(WAY, colleague=NUMBER)]),
    "no gap": ("E503", lambda gaps: [evolve(WAY, gap=None)]),
    "a gap beyond": ("E503", lambda gaps: [evolve(WAY, gap=len(GAPS.rows))]),
    "no such colleague": ("E503", lambda gaps: [evolve(WAY, colleague=EmployeeId("nils"))]),
    "no such unit": ("E503", lambda gaps: [evolve(WAY, unit=UnitId("w"))]),
    "another role": ("E503", lambda gaps: [evolve(WAY, role=RoleId("clerk"))]),
    "another competence": ("E503", lambda gaps: [evolve(WAY, competence=CompetenceId("x"))]),
    "twice": ("E505", lambda gaps: [WAY, evolve(WAY, reach=Level(4))]),
    "not of use": ("W536", lambda gaps: [evolve(WAY, strategy=Strategy.UPSKILL)]),
    "not a reason of use": ("W536", lambda gaps: [evolve(WAY, ground=Ground.LIFTS)]),
    "a measure": ("W536", lambda gaps: [evolve(WAY, measure=MeasureId("no such"))]),
    "a seat": ("W536", lambda gaps: [evolve(WAY, seat=0)]),
    "a cost": ("W536", lambda gaps: [evolve(WAY, cost_most=1)]),
    "oneself": ("W536", lambda gaps: [evolve(WAY, colleague=WAY.employee)]),
    "statutory": ("W536", lambda gaps: [way_for("law", "bo")]),
    "asks for proof": ("W536", lambda gaps: [way_for("card", "bo")]),
    "too low": ("W536", lambda gaps: [evolve(WAY, reach=Level(2))]),
    "too many steps": ("W536", lambda gaps: [evolve(WAY, steps=9)]),
    "more than certain": ("W536", lambda gaps: [evolve(WAY, certainty=101)]),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_strategy_that_is_wrong_is_named_and_the_rest_work(wrong: str) -> None:
    """It opens no way; one finding names it, quotes nobody, and the others' ways are open."""
    code, give = WRONG[wrong]
    bad = opener(give)  # type: ignore[arg-type] # that is what is refused
    found = open_options(GAPS, strategies=[bad, GOOD])
    assert found.rows == open_options(GAPS, strategies=[GOOD]).rows
    told, *rest = found.findings
    assert (told.code, tuple(rest)) == (code, OURS.findings)
    assert "'other'" in told.text
    assert not any(person in told.text for person in ("anna", "nils"))


def test_a_way_that_is_open_stays_as_it_is() -> None:
    """What ours has opened is not opened again, and neither is what an earlier strategy has."""
    same = opener(lambda gaps: OURS.by(Strategy.USE), "same")
    assert open_options(GAPS, strategies=[same]).rows == OURS.rows
    again = evolve(GOOD, name="again")
    twice, once = (open_options(GAPS, strategies=each) for each in ([again, GOOD], [GOOD]))
    assert (twice.rows, twice.findings) == (once.rows, once.findings)
    assert len(once) == len(OURS) + 1


def test_a_strategy_may_open_nothing() -> None:
    """No way is an answer: nothing is added, and nothing is told."""
    found = open_options(GAPS, strategies=[opener(lambda gaps: ())])
    assert (found.rows, found.findings) == (OURS.rows, OURS.findings)


def test_order_of_strategies_never_matters() -> None:
    """The same strategies in another order open the same ways and tell the same."""
    bad = opener(halfway)
    one, other = (open_options(GAPS, strategies=s) for s in ([bad, GOOD], [GOOD, bad]))
    assert (one.rows, one.findings) == (other.rows, other.findings)


def test_plugins_give_strategies_by_name() -> None:
    """Plugins gathers them in the order of their names."""

    class Offers:
        @hookimpl
        def kompetanse_strategies(self) -> list[Opener]:
            return [GOOD, evolve(GOOD, name="a")]

    assert [each.name for each in Plugins(Offers()).strategies()] == ["a", "works"]
