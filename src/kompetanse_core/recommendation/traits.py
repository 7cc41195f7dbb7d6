"""What is there to say of a measure, and of who wished for it? Traits, as numbers for each way."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Array, days, microseconds
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import EvidenceKind, FacetGroup
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureKind, Mode
from kompetanse_core.model.people import Wish
from kompetanse_core.strategy import Option, Options
from kompetanse_core.strategy.support import supports


@frozen(kw_only=True, eq=False)
class Traits:
    """Egenskaper: what counts about the measure of each option, shape (n,) each.

    Where an option has no measure everything is 0. `confers` are bits of `EvidenceKind`, `groups`
    counts the groups of competence that the measure lifts.
    """

    measured: Array
    outside: Array
    aimless: Array
    confers: Array
    passes_on: Array
    in_work: Array
    supported: Array
    """Whether a scheme supports the measure for the person of the option (R-17)."""
    unsupported: Array
    """Whether the measure has a scheme that is not for that person, or has run out."""
    groups: Array


def traits_of(options: Options) -> Traits:
    """Read what counts about the measure of each option."""
    enterprise, words = options.gaps.enterprise, options.rows.words_of("measure")
    measures = {measure.id: measure for measure in enterprise.measures}
    groups = _groups(enterprise)
    told = [_told(measures[word], groups) for word in words.values]
    nothing = (0,) * 8
    cells = np.asarray([*told, nothing], dtype=np.int64)[options.rows.column("measure")]
    names = ("measured", "outside", "aimless", "passes_on", "in_work", "schemed")
    flags = {name: cells[:, place] != 0 for place, name in enumerate(names)}
    schemed, supported = flags.pop("schemed"), _supported(options)
    return Traits(
        **flags,
        supported=supported,
        unsupported=schemed & ~supported,
        confers=cells[:, 6],
        groups=cells[:, 7],
    )


def _supported(options: Options) -> Array:
    """Say for each option whether its person is eligible for support of its measure."""
    rows = options.rows
    people, words = rows.words_of("employee"), rows.words_of("measure")
    found = np.zeros(len(rows), dtype=np.bool_)
    for measure, support in supports(
        options.gaps, people, options.gaps.enterprise.measures
    ).items():
        here = rows.column("measure") == words.code(measure)
        found[here] = support.eligible[rows.column("employee")[here]]
    return found


def wished(options: Options) -> Array:
    """Say for each option whether the person has wished for it by then (H-7); never inferred.

    A wish is for a measure, for a competence that a measure lifts, or for another role.
    """
    rows, wishes = options.rows, wishes_on(options.gaps)
    measured, moved = rows.column("measure") >= 0, rows.column("origin") >= 0
    lifted = _asked(rows, wishes, "measure") | _asked(rows, wishes, "competence")
    return lifted & measured | _asked(rows, wishes, "role") & moved


def _groups(enterprise: Enterprise) -> Mapping[str, FacetGroup]:
    return MappingProxyType(
        {each.id: each.facet.group for each in enterprise.competences if each.facet is not None}
    )


def _told(measure: Measure, groups: Mapping[str, FacetGroup]) -> tuple[int, ...]:
    """Tell one measure as numbers, in the order that `traits_of` reads them."""
    lifted = {groups[each.competence] for each in measure.outcomes if each.competence in groups}
    return (
        1,
        measure.arena is Arena.OUTSIDE,
        measure.kind is MeasureKind.PROJECT and not measure.learning_aim,
        measure.passes_on,
        measure.mode is Mode.WORK,
        measure.scheme is not None,
        sum(1 << place for place, kind in enumerate(EvidenceKind) if kind in measure.confers),
        len(lifted),
    )


def wishes_on(gaps: Gaps) -> Table[Wish]:
    """Keep the wishes that were stated on the day and recorded by then."""
    wishes = gaps.enterprise.wishes
    stated = wishes.column("stated") <= days(gaps.on)
    if gaps.known_at is not None:
        stated &= wishes.column("recorded") <= microseconds(gaps.known_at)
    return wishes.where(stated)


def _asked(rows: Table[Option], wishes: Table[Wish], name: str) -> Array:
    """Say for each option whether its person wished for what stands in one of its columns."""
    people, things = rows.words_of("employee"), rows.words_of(name)
    who, what = wishes.codes_in("employee", people), wishes.codes_in(name, things)
    told = (who >= 0) & (what >= 0)
    width = len(things) + 1
    pairs = who[told].astype(np.int64) * width + what[told]
    here = rows.column("employee").astype(np.int64) * width + rows.column(name)
    return np.isin(here, pairs) & (rows.column("employee") >= 0) & (rows.column(name) >= 0)
