"""Which sides of competence are looked at? Completeness: of what is required, mapped and joint.

Clauses K-6, K-11 and B-13. Nobody is named or counted: groups, sides and kinds are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from enum import Enum

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import LAST_DAY, days
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Facet, FacetGroup
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Assessment, AssessmentSource

REAL = frozenset(
    {
        EvidenceKind.REAL_COMPETENCE_EDUCATION,
        EvidenceKind.REAL_COMPETENCE_ENTERPRISE,
        EvidenceKind.EXPERIENCE,
        EvidenceKind.INFORMAL,
    }
)
"""Evidence of what one can do, whatever the papers (M-12)."""


class AnalysedSide(Enum):
    """Side av behovsanalysen: what an analysis of needs looks at (B-13)."""

    FORMAL = "formal"
    REAL = "real"
    ATTITUDES = "attitudes"
    VALUES = "values"
    CULTURE = "culture"
    """A need of a unit as a whole, not the sum of its people."""


@frozen(kw_only=True)
class Completeness:
    """Bredde: which groups and sides are required, mapped, and weighed by the parties together."""

    required: tuple[FacetGroup, ...]
    mapped: tuple[FacetGroup, ...]
    jointly: tuple[FacetGroup, ...]
    """The groups that joint assessments stand in (K-11)."""
    sides: tuple[AnalysedSide, ...]
    kinds: tuple[EvidenceKind, ...]
    """The kinds of evidence that were there by the day."""
    beyond: tuple[CompetenceId, ...]
    """What is mapped that no requirement asks for: competence from other areas (K-9, M-10)."""


def completeness(enterprise: Enterprise, *, on: date) -> Completeness:
    """Say which groups and sides of competence the requirements and the mapping cover on a day."""
    assessments = enterprise.assessments
    assessed = assessments.where(assessments.column("assessed") <= days(on))
    joint = list(AssessmentSource).index(AssessmentSource.JOINT)
    required = frozenset(enterprise.requirements.words_of("competence").values)
    mapped = _named(assessed)
    kinds = _kinds(enterprise, on)
    return Completeness(
        required=_groups(enterprise, required),
        mapped=_groups(enterprise, mapped),
        jointly=_groups(enterprise, _named(assessed.where(assessed.column("source") == joint))),
        sides=tuple(_sides(enterprise, required, kinds)),
        kinds=kinds,
        beyond=tuple(sorted(mapped - required)),
    )


def _named(assessed: Table[Assessment]) -> frozenset[CompetenceId]:
    words = assessed.words_of("competence").values
    return frozenset(words[code] for code in np.unique(assessed.column("competence")).tolist())


def _groups(enterprise: Enterprise, named: Container[str]) -> tuple[FacetGroup, ...]:
    found = {c.facet.group for c in enterprise.competences if c.facet and c.id in named}
    return tuple(group for group in FacetGroup if group in found)


def _kinds(enterprise: Enterprise, on: date) -> tuple[EvidenceKind, ...]:
    rows = enterprise.evidence
    issued = rows.column("issued")
    there = rows.column("kind")[(issued <= days(on)) | (issued == LAST_DAY)]
    order = list(EvidenceKind)
    return tuple(order[place] for place in np.unique(there).tolist())


def _sides(
    enterprise: Enterprise, required: Container[str], mapped: Iterable[EvidenceKind]
) -> Iterable[AnalysedSide]:
    """Give the sides that something required, mapped or needed is about, in their order."""
    asked = int(np.bitwise_or.reduce(enterprise.requirements.column("proof"), initial=0))
    kinds = {*mapped, *(kind for place, kind in enumerate(EvidenceKind) if asked >> place & 1)}
    facets = {each.facet for each in enterprise.competences if each.id in required}
    if kinds - REAL:
        yield AnalysedSide.FORMAL
    if kinds & REAL:
        yield AnalysedSide.REAL
    if Facet.ATTITUDE in facets:
        yield AnalysedSide.ATTITUDES
    if Facet.VALUE in facets:
        yield AnalysedSide.VALUES
    if any(need.unit is not None for need in enterprise.needs):
        yield AnalysedSide.CULTURE
