"""Whom does a scheme support, and with how much? Support: one measure's grant, person by person.

Clauses R-14 and R-17. Conditions are data with a date, and ask only for what the model may know:
evidence that somebody lacks, and where they work. Nobody is eligible for what has run out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns import Words
from kompetanse_core.columns.layout import Array
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.measure import Measure, MeasureId, Scheme
from kompetanse_core.model.people import EmployeeId, Evidence
from kompetanse_core.model.work import UnitId
from kompetanse_core.strategy.relevance import engaged_on


@frozen(kw_only=True, eq=False, repr=False)
class Support:
    """Hold what a scheme gives for one measure: kroner a head, and to whom."""

    grant: int
    until: date | None
    eligible: Array = field(repr=False)
    """Whether each person is, by code, shape (people,)."""

    @property
    def grants(self) -> Array:
        """Give the kroner that each person is granted, shape (people,)."""
        return self.eligible * self.grant

    def granted(self, person: int, begun: date) -> int:
        """Give what a person, by code, is granted for a measure that begins on a day."""
        late = self.until is not None and begun > self.until
        return 0 if late else self.grant * bool(self.eligible[person])


def supports(
    gaps: Gaps, people: Words[EmployeeId], measures: Iterable[Measure]
) -> Mapping[MeasureId, Support]:
    """Find what schemes give for measures on the day of the gaps; those that have run out, none."""
    supported = [measure for measure in measures if measure.scheme is not None]
    named = {measure.scheme for measure in supported}
    schemes = {
        scheme.id: (scheme, _eligible(gaps, people, scheme))
        for scheme in gaps.enterprise.schemes
        if scheme.id in named and (scheme.until is None or gaps.on <= scheme.until)
    }
    found: dict[MeasureId, Support] = {}
    for measure in supported:
        if measure.scheme in schemes:
            scheme, eligible = schemes[measure.scheme]
            grant = granted(measure.cost_per_head, scheme)
            found[measure.id] = Support(grant=grant, until=scheme.until, eligible=eligible)
    return found


def granted(cost: int, scheme: Scheme) -> int:
    """Give what public support takes off a cost, in kroner a head (R-17)."""
    support = cost * min(scheme.grant_percent, 100) // 100
    return support if scheme.grant_most is None else min(support, scheme.grant_most)


def papers(gaps: Gaps, kinds: Collection[EvidenceKind]) -> Iterable[Evidence]:
    """Yield the evidence of some kinds that was verified, there and known by the day."""
    table = gaps.enterprise.evidence
    wanted = [number for number, kind in enumerate(EvidenceKind) if kind in kinds]
    for each in table.where(np.isin(table.column("kind"), wanted)):
        known = gaps.known_at is None or each.recorded <= gaps.known_at
        if known and each.verified and (each.issued is None or each.issued <= gaps.on):
            yield each


def _eligible(gaps: Gaps, people: Words[EmployeeId], scheme: Scheme) -> Array:
    """Mark the people who meet all conditions of a scheme, shape (people,)."""
    found = np.ones(len(people), dtype=np.bool_)
    if scheme.lacking:
        held = {each.employee for each in papers(gaps, scheme.lacking) if _lasts(each, gaps.on)}
        found[_known(people, held)] = False
    if scheme.roles or scheme.units:
        units = _within(gaps, scheme.units)
        here = {
            each.employee
            for each in engaged_on(gaps.enterprise, gaps.on)
            if (not scheme.roles or each.role in scheme.roles)
            and (not scheme.units or each.unit in units)
        }
        working = np.zeros(len(people), dtype=np.bool_)
        working[_known(people, here)] = True
        found &= working
    return found


def _known(people: Words[EmployeeId], named: set[EmployeeId]) -> Array:
    """Give the codes of those who have one."""
    codes: Array = people.codes(sorted(named))
    return codes[codes >= 0]


def _lasts(evidence: Evidence, on: date) -> bool:
    return evidence.expires is None or on <= evidence.expires


def _within(gaps: Gaps, units: Collection[UnitId]) -> set[UnitId]:
    """Give some units with all that lie below them."""
    found = set(units)
    while below := {u.id for u in gaps.enterprise.units if u.parent in found} - found:
        found |= below
    return found
