"""Which areas lack competence evidently, and what may be asked of each person? Scope, from a round.

First the parties judge the whole together, without personal data, as ranges; where even the
upper end does not reach what is needed, the gap is evident (M-6, M-7). Only there are people asked
one by one: an answer outside the scope is refused (M-8, M-13). How they are asked is a design that
the parties have discussed (M-5); it bounds every round, and says what the answers are held for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction

from attrs import Attribute, evolve, field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import BadInput, Misuse, Place
from kompetanse_core.mapping.freshness import months_later
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.mapping import Breadth, MappingDesign, ScopeArea
from kompetanse_core.model.people import ASSESSMENTS, Assessment, Engagement, RoundId
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


def bounded(design: MappingDesign, gaps: Iterable[EvidentGap]) -> MappingDesign:
    """Give the next version of a detailed design: bounded by the gaps the overall mapping found.

    Where there are none, there is nobody to ask and no version to give.

    Raises:
        Misuse: E213, for an overall design; E214, if there are no gaps.
    """
    if design.breadth is not Breadth.DETAILED:
        raise Misuse("E213", "only a detailed mapping asks people one by one")
    areas = sorted(scope_of(gaps).areas)
    if not areas:
        raise Misuse("E214", "no area lacks evidently, so there is nothing to ask people about")
    scope = tuple(ScopeArea(unit=unit, competence=competence) for unit, competence in areas)
    return evolve(design, version=design.version + 1, areas=scope)


def take_round(
    design: MappingDesign, answers: Iterable[Assessment], enterprise: Enterprise
) -> Table[Assessment]:
    """Take the answers of a detailed round as its design allows, or none of them (M-8 to M-12).

    The design bounds who is asked about what, by which sources and on which scales; it says what
    the answers are held for, on what ground and how long (M-13). They bear its id as their round
    unless they name one. What people add of their own accord belongs to no round (K-9, M-10).

    Raises:
        Misuse: E213, for an overall design: it holds nothing about single people (M-6).
        BadInput: E213 for every answer that the design does not allow, by row; nobody is named.
    """
    if design.breadth is not Breadth.DETAILED:
        raise Misuse("E213", "an overall mapping holds nothing about single people (M-6)")
    table = Table.of(ASSESSMENTS, answers)
    asked = frozenset((area.unit, area.competence) for area in design.areas)
    flaws = (*_unasked(design, asked, table, enterprise), *_differently(design, table, enterprise))
    if flaws:
        raise BadInput(flaws)
    return Table.of(ASSESSMENTS, (_held_as(design, answer) for answer in table))


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
    return _elsewhere(table, enterprise, lambda unit, asked: (unit, asked) in scope.areas)


def _unasked(
    design: MappingDesign,
    asked: frozenset[tuple[UnitId, CompetenceId]],
    table: Table[Assessment],
    enterprise: Enterprise,
) -> Iterator[Finding]:
    return _elsewhere(
        table,
        enterprise,
        lambda unit, competence: (
            (not design.units or unit in design.units)
            and (not design.competences or competence in design.competences)
            and (not asked or (unit, competence) in asked)
        ),
    )


def _elsewhere(
    table: Table[Assessment],
    enterprise: Enterprise,
    asked: Callable[[UnitId, CompetenceId], bool],
) -> Iterator[Finding]:
    """Tell the answers of people who were, on that day, in no unit where it is asked."""
    named = frozenset(table.words_of("employee").values)
    own: dict[str, list[Engagement]] = {}
    for each in enterprise.engagements:
        if each.employee in named:
            own.setdefault(each.employee, []).append(each)
    for number, answer in enumerate(table):
        places = (each for each in own.get(answer.employee, ()) if _lasts(each, answer.assessed))
        if not any(asked(each.unit, answer.competence) for each in places):
            text = "an answer is outside the scope of the mapping (M-7)"
            yield _refused(number, "", text, "map the area as a whole first, or leave it out")


def _differently(
    design: MappingDesign, table: Table[Assessment], enterprise: Enterprise
) -> Iterator[Finding]:
    """Tell the answers that came another way than the parties have discussed (M-5)."""
    own = {each.id: each.scale for each in enterprise.competences}
    for number, answer in enumerate(table):
        if design.sources and answer.source not in design.sources:
            text = "an answer comes from a source that the design does not have (M-5)"
            yield _refused(number, "source", text, "discuss a new version of the design first")
        scale = answer.scale or own.get(answer.competence)
        if design.scales and scale not in design.scales:
            text = "an answer is on a scale that the design does not have (M-5)"
            yield _refused(number, "scale", text, "discuss a new version of the design first")


def _refused(number: int, column: str, text: str, hint: str) -> Finding:
    place = Place(file=f"assessments[{number}]", column=column)
    return Finding(code="E213", severity=Severity.REFUSE, text=text, place=place, hint=hint)


def _held_as(design: MappingDesign, answer: Assessment) -> Assessment:
    """Hold an answer for what the design says, and no longer."""
    last = months_later(answer.assessed, design.months)
    return evolve(
        answer,
        round=answer.round or RoundId(design.id),
        purpose=design.purpose,
        basis=design.basis,
        keep_until=last if answer.keep_until is None else min(answer.keep_until, last),
    )


def _lasts(engagement: Engagement, day: date) -> bool:
    begun = engagement.start is None or engagement.start <= day
    return begun and (engagement.end is None or day <= engagement.end)
