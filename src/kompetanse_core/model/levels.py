"""Does every level stand on a scale that has it, and do scales meet only where declared? E502."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.columns import Table, Words
from kompetanse_core.columns.layout import Array
from kompetanse_core.model.competence import CompetenceId, Level, RelationKind, ScaleId
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.places import Places, refused

HIGHEST = 2**15 - 1
"""The highest level that a column of levels can hold."""

OUTSIDE = "a level above the top of its scale"
APART = "two scales meet without a crosswalk"


@frozen(kw_only=True)
class _Standing:
    """The scales, and on which of them each competence stands; numbered by the words."""

    scales: Words[ScaleId]
    competences: Words[CompetenceId]
    tops: npt.NDArray[np.int64]
    """The top of each scale; `HIGHEST` at the end, for a scale or competence not known."""
    of: npt.NDArray[np.int64]
    """The scale of each competence; -1 at the end."""
    walks: Mapping[tuple[int, int], tuple[Level, ...]]
    """The declared crosswalks: from which scale to which, level by level."""


def levels(places: Places) -> Iterator[Finding]:
    """Tell every level that its scale has not, and scales that meet undeclared (E502, E509)."""
    known = _read(places)
    yield from _scales(places)
    yield from _crosswalks(places)
    yield from _relations(places, known)
    yield from _headcounts_and_outcomes(places, known)
    parcel = places.parcel
    yield from _table(places, known, "requirements", parcel.requirements)
    yield from _table(places, known, "evidence", parcel.evidence)
    yield from _table(places, known, "assessments", parcel.assessments)


def _read(places: Places) -> _Standing:
    parcel = places.parcel
    tops = {scale.id: min(int(scale.top), HIGHEST) for scale in parcel.scales}
    stands = {competence.id: competence.scale for competence in parcel.competences}
    scales, competences = Words.of(tops), Words.of(stands)
    walks = {(scales.code(w.source), scales.code(w.target)): w.levels for w in parcel.crosswalks}
    return _Standing(
        scales=scales,
        competences=competences,
        tops=np.array([*(tops[each] for each in scales.values), HIGHEST]),
        of=np.array([*(scales.code(stands[each]) for each in competences.values), -1]),
        walks=walks,
    )


def _top(known: _Standing, competence: CompetenceId) -> int:
    return int(known.tops[known.of[known.competences.code(competence)]])


def _scales(places: Places) -> Iterator[Finding]:
    for row, scale in enumerate(places.parcel.scales):
        if scale.top > HIGHEST:
            place = places.of("scales", row, "top")
            yield refused("E509", f"a scale has at most {HIGHEST} levels", place)
        if any(name.level > scale.top for name in scale.names):
            yield refused("E502", OUTSIDE, places.of("scales", row, "names"))


def _crosswalks(places: Places) -> Iterator[Finding]:
    tops = {scale.id: scale.top for scale in places.parcel.scales}
    for row, walk in enumerate(places.parcel.crosswalks):
        if walk.source == walk.target:
            place = places.of("crosswalks", row, "target")
            yield refused("E510", "a crosswalk leads from one scale to another", place)
        source, target = tops.get(walk.source), tops.get(walk.target)
        place = places.of("crosswalks", row, "levels")
        if source is not None and len(walk.levels) != source + 1:
            text = f"a crosswalk says a level for each of the {source + 1} of its source"
            yield refused("E502", text, place)
        if target is not None and walk.levels[-1] > target:
            yield refused("E502", OUTSIDE, place)


def _relations(places: Places, known: _Standing) -> Iterator[Finding]:
    """Check levels that are required, and that what carries a level stays on one scale."""
    for row, each in enumerate(places.parcel.relations):
        requires = each.kind is RelationKind.REQUIRES
        if requires and each.source_level > _top(known, each.source):
            yield refused("E502", OUTSIDE, places.of("relations", row, "source_level"))
        if requires and each.level > _top(known, each.target):
            yield refused("E502", OUTSIDE, places.of("relations", row, "level"))
        carries = each.kind is RelationKind.EQUIVALENT or each.drop is not None
        ends = [known.of[known.competences.code(end)] for end in (each.source, each.target)]
        if carries and -1 not in ends and ends[0] != ends[1]:
            hint = "put both competences on one scale, or relate them without a drop"
            yield refused(
                "E502",
                "a level carries on one scale only",
                places.of("relations", row, "drop"),
                hint,
            )


def _headcounts_and_outcomes(places: Places, known: _Standing) -> Iterator[Finding]:
    for row, headcount in enumerate(places.parcel.headcounts):
        if headcount.level > _top(known, headcount.competence):
            yield refused("E502", OUTSIDE, places.of("headcounts", row, "level"))
    for row, measure in enumerate(places.parcel.measures):
        for outcome in measure.outcomes:
            if outcome.reach > _top(known, outcome.competence):
                yield refused("E502", OUTSIDE, places.of("measures", row, "outcomes"))


def _table(places: Places, known: _Standing, name: str, table: Table[Any]) -> Iterator[Finding]:
    """Check the levels of a table on the scale each row names, else on the competence's own."""
    own = known.of[table.codes_in("competence", known.competences)]
    named = own
    if "scale" in table.words:
        there = table.codes_in("scale", known.scales)
        named = np.where(table.column("scale") < 0, own, there)
    above = np.flatnonzero(table.column("level") > known.tops[named])
    for place in places.each(name, above.tolist(), "level"):
        yield refused("E502", OUTSIDE, place)
    meet = np.flatnonzero((named != own) & (named >= 0) & (own >= 0))
    for source, target in sorted(set(zip(named[meet].tolist(), own[meet].tolist(), strict=True))):
        rows = meet[(named[meet] == source) & (own[meet] == target)]
        walk = known.walks.get((source, target))
        yield from _crossed(places, name, table.column("level")[rows], rows, walk)


def _crossed(
    places: Places, name: str, numbers: Array, rows: Array, walk: tuple[Level, ...] | None
) -> Iterator[Finding]:
    """Tell the rows on another scale that no crosswalk reads, or reads as requiring nothing."""
    if walk is None:
        hint = "declare a crosswalk from it to the competence's scale"
        for place in places.each(name, rows.tolist(), "scale"):
            yield refused("E502", APART, place, hint)
    elif name == "requirements":
        nothing = rows[np.asarray(walk)[np.minimum(numbers, len(walk) - 1)] == 0]
        for place in places.each(name, nothing.tolist(), "level"):
            text = "the crosswalk makes this level 0, which requires nothing"
            yield refused("E506", text, place)
