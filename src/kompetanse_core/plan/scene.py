"""What is every choice made from? Scene: the options that count, and who and what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from kompetanse_core.columns import Words
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.measure import Measure, MeasureId
from kompetanse_core.model.people import EmployeeId, Engagement
from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.plan.calendar import Calendar, calendar_of
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.undertaking import Undertaking, undertakings_of
from kompetanse_core.recommendation import Recommendations
from kompetanse_core.strategy import Strategy
from kompetanse_core.strategy.relevance import engaged_on
from kompetanse_core.strategy.support import Support, supports

Codes = npt.NDArray[Any]


@frozen
class Row:
    """One option that counts, by the numbers of its columns; below 0 names nothing."""

    option: int
    rank: int
    ground: int
    gap: int
    seat: int
    headcount: int
    employee: int
    competence: int
    measure: int
    colleague: int
    origin: int
    reach: int
    steps: int
    share: int
    cost_most: int
    days_most: int


@frozen(kw_only=True, eq=False, repr=False)
class Scene:
    """Hold the options that count by strategy, and the dictionaries that their numbers are of."""

    recommendations: Recommendations
    gaps: Gaps
    limits: Limits
    calendar: Calendar
    rows: Mapping[Strategy, Sequence[Row]]
    people: Words[EmployeeId]
    competences: Words[CompetenceId]
    measure_ids: Words[MeasureId]
    measures: Mapping[MeasureId, Measure]
    engaged: Mapping[EmployeeId, Sequence[Engagement]]
    shares: Mapping[UnitId, int]
    """The shares of all who work in a unit, in basis points of full time."""
    missing: Sequence[int]
    """The missing steps of each row of gaps."""
    undertakings: tuple[Undertaking, ...]
    support: Mapping[MeasureId, Support]
    """What schemes give for measures, and to whom (R-17)."""
    _held: Mapping[tuple[int, int], int] = field(alias="held")

    def held(self, person: int, competence: CompetenceId) -> int:
        """Give the level that a person, by code, holds of a competence."""
        return self._held.get((person, self.competences.code(competence)), 0)

    def grant(self, person: int, measure: Measure, begun: date) -> int:
        """Give what a scheme takes off a measure for a person, by code, who begins on a day."""
        support = self.support.get(measure.id)
        return 0 if support is None else support.granted(person, begun)

    def price(self, person: int, measure: Measure, begun: date) -> int:
        """Give what a measure costs for a person, by code, beside its sessions, in kroner."""
        return measure.cost_a_head - self.grant(person, measure, begun)

    def measure(self, code: int) -> Measure:
        """Give a measure by its code in the options."""
        return self.measures[self.measure_ids.values[code]]

    def role(self, code: int) -> RoleId:
        """Give a role by its code in the options."""
        found: RoleId = self.recommendations.options.rows.words_of("origin").values[code]
        return found

    def bound(self, period: int) -> int:
        """Give the kroner that undertakings for society have taken by the end of a period."""
        return sum(each.spent for each in self.undertakings if (each.period or 0) <= period)

    def gaps_of(self, employee: EmployeeId, role: RoleId) -> Sequence[int]:
        """Give the places in the gaps of what one person's role requires of them."""
        rows = self.gaps.rows
        own = rows.column("employee") == rows.words_of("employee").code(employee)
        here = own & (rows.column("role") == rows.words_of("role").code(role))
        return [int(place) for place in np.flatnonzero(here)]

    def leaves(self, move: Row) -> bool:
        """Say whether a move takes all of somebody's share in the role that they leave."""
        engaged, origin = self.engaged[self.people.values[move.employee]], self.role(move.origin)
        return move.share >= sum(each.share for each in engaged if each.role == origin)

    def cover(self, unit: UnitId) -> int:
        """Give the hours that a unit's people may be away on measures in a period (S-4)."""
        limits = self.limits
        worked = self.shares.get(unit, 0) * limits.year_hours * limits.months
        return worked * (limits.away_percent or 0) // (100 * 12 * FULL_TIME)

    @cached_property
    def _holders(self) -> Mapping[int, tuple[Codes, Codes]]:
        """Give who of those at work holds something of each competence, by code, and the levels."""
        rows = self.gaps.holdings.rows
        who = rows.codes_in("employee", self.people)
        here = np.flatnonzero(np.isin(who, self.people.codes(sorted(self.engaged))))
        code = rows.column("competence")[here]
        here = here[np.argsort(code, kind="stable")]
        codes, begins = np.unique(rows.column("competence")[here], return_index=True)
        parts = np.split(here, begins[1:])
        levels = rows.column("level")
        return {
            each: (who[part], levels[part])
            for each, part in zip(codes.tolist(), parts, strict=True)
        }

    @property
    def knowing(self) -> frozenset[int]:
        """Give the people at work, by code, who are known to hold anything."""
        return frozenset(who for people, _ in self._holders.values() for who in people.tolist())

    def holders(self, competence: CompetenceId, level: int) -> frozenset[int]:
        """Give the people at work, by code, who hold at least a level of a competence."""
        code = self.gaps.holdings.rows.words_of("competence").code(competence)
        who, levels = self._holders.get(code, (np.empty(0, np.int64), np.empty(0, np.int64)))
        return frozenset(who[levels >= level].tolist())

    def holds_all(self, person: int, measure: Measure) -> bool:
        """Say whether a person holds every level that a measure reaches."""
        reached = (self.held(person, o.competence) >= o.reach for o in measure.outcomes)
        return bool(measure.outcomes) and all(reached)


def set_scene(recommendations: Recommendations, limits: Limits) -> Scene:
    """Read the options that count, and what is known of those they name.

    Raises:
        Misuse: E503, if the limits ask for what is no measure with the aim of society.
    """
    options = recommendations.options
    gaps, table = options.gaps, options.rows
    engaged: dict[EmployeeId, list[Engagement]] = {}
    shares: dict[UnitId, int] = {}
    for each in engaged_on(gaps.enterprise, gaps.on):
        engaged.setdefault(each.employee, []).append(each)
        shares[each.unit] = shares.get(each.unit, 0) + each.share
    calendar = calendar_of(gaps, limits)
    return Scene(
        recommendations=recommendations,
        gaps=gaps,
        limits=limits,
        calendar=calendar,
        rows=_counted(recommendations),
        people=table.words_of("employee"),
        competences=table.words_of("competence"),
        measure_ids=table.words_of("measure"),
        measures={measure.id: measure for measure in gaps.enterprise.measures},
        engaged=engaged,
        shares=shares,
        missing=gaps.rows.column("missing").tolist(),
        undertakings=undertakings_of(gaps, limits, calendar),
        support=supports(gaps, table.words_of("employee"), gaps.enterprise.measures),
        held=_levels(gaps, table.words_of("employee"), table.words_of("competence")),
    )


def _counted(recommendations: Recommendations) -> Mapping[Strategy, Sequence[Row]]:
    """Give the options that are not set aside, in their order."""
    table, rank = recommendations.options.rows, recommendations.rows.column("rank")
    names = [name for name in Row.__annotations__ if name not in ("option", "rank")]
    order = tuple(Strategy)
    found: dict[Strategy, Sequence[Row]] = {}
    for number, strategy in enumerate(order):
        places = np.flatnonzero((table.column("strategy") == number) & (rank > 0))
        columns = [table.column(name)[places].tolist() for name in names]
        found[strategy] = tuple(map(Row, places.tolist(), rank[places].tolist(), *columns))
    return found


def _levels(
    gaps: Gaps, people: Words[EmployeeId], competences: Words[CompetenceId]
) -> Mapping[tuple[int, int], int]:
    """Give each level of a competence that some measure lifts, by person and competence."""
    rows = gaps.holdings.rows
    lifted = {o.competence for measure in gaps.enterprise.measures for o in measure.outcomes}
    taught = competences.codes(sorted(lifted))
    code = rows.codes_in("competence", competences)
    kept = np.isin(code, taught[taught >= 0])
    person = rows.codes_in("employee", people)[kept]
    keys: Iterable[tuple[int, int]] = zip(person.tolist(), code[kept].tolist(), strict=True)
    return dict(zip(keys, rows.column("level")[kept].tolist(), strict=True))
