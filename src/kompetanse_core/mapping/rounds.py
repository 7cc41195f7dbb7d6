"""Which areas lack competence evidently, and what may be asked of each person? Scope, from a round.

First the parties judge the whole together, without personal data, as ranges; where even the
upper end does not reach what is needed, the gap is evident (M-6, M-7). Only there are people asked
one by one: an answer outside the scope is refused (M-8, M-13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from attrs import Attribute, field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import BadInput, Misuse, Place
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.people import ASSESSMENTS, Assessment, Engagement
from kompetanse_core.model.validators import count, ident, positive
from kompetanse_core.model.work import UnitId


@frozen(kw_only=True)
class Estimate:
    """Anslag: the parties' joint judgement of one competence in one unit, about nobody.

    Of ten who need it, `least` to `most` are thought to hold what the work will take.
    """

    unit: UnitId = field(validator=ident)
    competence: CompetenceId = field(validator=ident)
    needed: int = field(default=10, validator=positive)
    least: int = field(validator=count)
    most: int = field(validator=count)

    @most.validator
    def _range(self, attribute: Attribute[int], most: int) -> None:
        if not self.least <= most <= self.needed:
            raise Misuse("E507", "an estimate runs from its least to its most, within the needed")


@frozen(kw_only=True)
class EvidentGap:
    """Åpenbart gap: an area where at least `least`, at most `most` of `needed` are lacking."""

    unit: UnitId
    competence: CompetenceId
    needed: int
    least: int
    most: int


@frozen(kw_only=True)
class Scope:
    """Omfang: the areas in which people may be asked one by one."""

    areas: frozenset[tuple[UnitId, CompetenceId]]


def evident_gaps(estimates: Iterable[Estimate]) -> tuple[EvidentGap, ...]:
    """Give the areas that lack something however the estimates are read, the widest gap first.

    Several estimates of one area are kept as one range that holds them all: disagreement widens
    it. Ranked by the share lacking at least, then at most; ties by unit and competence.
    """
    areas: dict[tuple[UnitId, CompetenceId], list[Estimate]] = {}
    for estimate in estimates:
        areas.setdefault((estimate.unit, estimate.competence), []).append(estimate)
    found = (_widest(of_one) for of_one in areas.values())
    return tuple(sorted((gap for gap in found if gap.least), key=_rank))


def scope_of(gaps: Iterable[EvidentGap]) -> Scope:
    """Give the scope of the detailed mapping that follows from evident gaps (M-7)."""
    return Scope(areas=frozenset((gap.unit, gap.competence) for gap in gaps))


def within(
    scope: Scope, assessments: Iterable[Assessment], enterprise: Enterprise
) -> Table[Assessment]:
    """Take the answers of a detailed round, if each is within the scope.

    An answer is within it if the person is engaged, on the day of it, in a unit for which the
    competence is asked.

    Raises:
        BadInput: E213 for every answer outside, by row; nobody is named.
    """
    table = Table.of(ASSESSMENTS, assessments)
    outside = tuple(_outside(scope, table, enterprise))
    if outside:
        raise BadInput(outside)
    return table


def join_rounds(first: Table[Assessment], second: Table[Assessment]) -> Table[Assessment]:
    """Unite two rounds; in either order the same, and what stands in both counts once."""
    return Table.of(ASSESSMENTS, {*first, *second})


def _widest(estimates: list[Estimate]) -> EvidentGap:
    needed = max(each.needed for each in estimates)
    return EvidentGap(
        unit=estimates[0].unit,
        competence=estimates[0].competence,
        needed=needed,
        least=min((each.needed - each.most) * needed // each.needed for each in estimates),
        most=max(-((each.least - each.needed) * needed // each.needed) for each in estimates),
    )


def _rank(gap: EvidentGap) -> tuple[Fraction, Fraction, str, str]:
    least, most = Fraction(gap.least, gap.needed), Fraction(gap.most, gap.needed)
    return -least, -most, gap.unit, gap.competence


def _outside(scope: Scope, table: Table[Assessment], enterprise: Enterprise) -> Iterator[Finding]:
    asked = frozenset(table.words_of("employee").values)
    own: dict[str, list[Engagement]] = {}
    for each in enterprise.engagements:
        if each.employee in asked:
            own.setdefault(each.employee, []).append(each)
    for number, answer in enumerate(table):
        places = (each for each in own.get(answer.employee, ()) if _lasts(each, answer.assessed))
        if not any((each.unit, answer.competence) in scope.areas for each in places):
            yield Finding(
                code="E213",
                severity=Severity.REFUSE,
                text="an answer is outside the scope of the mapping (M-7)",
                place=Place(file=f"assessments[{number}]"),
                hint="map the area as a whole first, or leave the answer out",
            )


def _lasts(engagement: Engagement, day: date) -> bool:
    begun = engagement.start is None or engagement.start <= day
    return begun and (engagement.end is None or day <= engagement.end)
