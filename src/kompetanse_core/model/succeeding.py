"""What has gone on under another id by a day? The enterprise as its successions leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Any, TypeVar, cast

import numpy as np
from attrs import evolve

from kompetanse_core.columns import Table, Words
from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Misuse
from kompetanse_core.model.circles import circles
from kompetanse_core.model.competence import CompetenceId, Relation
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.mapping import MappingDesign
from kompetanse_core.model.measure import Outcome
from kompetanse_core.model.people import Unit
from kompetanse_core.model.places import EVENTS, Places, refused
from kompetanse_core.model.references import REFERENCES, rings
from kompetanse_core.model.succession import HEIRS, Heritage, Succession
from kompetanse_core.model.work import Bearer, Headcount, UnitId

N = TypeVar("N")

Heirs = Mapping[str, tuple[str, ...]]
"""Under which ids each id goes on; what is not there goes on under its own."""

NO_HEIRS: Heirs = MappingProxyType({})

SINGLE = frozenset(
    {
        ("evidence", "competence"),
        ("needs", "unit"),
        ("seats", "unit"),
        ("seats", "role"),
        ("headcounts", "unit"),
        ("markets", "role"),
        ("units", "parent"),
        ("engagements", "unit"),
        ("engagements", "role"),
        ("wishes", "role"),
        ("actors", "unit"),
        (EVENTS, "unit"),
    }
)
"""What can be in one place only, and so goes on under the first target; all else under each."""

BESIDES = ("relations", "designs")
"""Nouns that name two of a kind, or one deep inside: a function of their own carries them."""


def succeeded(enterprise: Enterprise, *, on: date) -> Enterprise:
    """Carry everything over to the ids under which it goes on by a day.

    Before the first succession this is the enterprise itself. What has gone on is no longer among
    the competences, units and roles. Nothing is lost on the way: every fact goes on under each
    target, but what can be in one place only (an engagement, a seat, evidence) under the first.
    Headcounts of units that merge add up, tasks of roles join; where only one can be, a market or
    a measure's outcome, it is the target's own, or the higher outcome.

    Raises:
        Misuse: E504, if successions run in a circle; `assemble` tells which.
    """
    due = [each for each in enterprise.successions if each.on <= on]
    if not due:
        return enterprise
    later = tuple(each for each in enterprise.successions if each.on > on)
    enterprise = evolve(enterprise, successions=later)
    for kind in Heritage:
        heirs = _heirs(each for each in due if each.kind is kind)
        enterprise = _carried(enterprise, kind, heirs) if heirs else enterprise
    return enterprise


def successions(places: Places) -> Iterator[Finding]:
    """Tell every succession that leads nowhere, in a circle or to another scale (E502 to E504)."""
    found = [*_dangling(places), *_circular(places), *_unlike(places)]
    yield from found
    if not found and not any(rings(places)):
        yield from _circles_made(places)


# --- carrying over ----------------------------------------------------------------------------


def _heirs(due: Iterable[Succession]) -> Heirs:
    """Follow successions to their ends: what goes on as b, and b as c, goes on as c."""
    nexts: Heirs = {each.source: each.targets for each in due}
    heirs = nexts
    for _ in nexts:
        heirs = {source: _several(targets, nexts) for source, targets in heirs.items()}
    if any(target in nexts for targets in heirs.values() for target in targets):
        raise Misuse("E504", "successions run in a circle")
    return heirs


def _carried(enterprise: Enterprise, kind: Heritage, heirs: Heirs) -> Enterprise:
    """Carry over every reference to one kind, and leave out what has gone on."""
    target, firsts = HEIRS[kind], {source: targets[:1] for source, targets in heirs.items()}
    places = Places(parcel=enterprise, known=MappingProxyType({}))
    rows: dict[str, Any] = {target: getattr(enterprise, target)}
    for name, column in ((n, c) for n, c, t in REFERENCES if t == target and n not in BESIDES):
        own = firsts if (name, column) in SINGLE else heirs
        rows[name] = _in_rows(rows.get(name, places.rows(name)), column, own)
    rows[target] = tuple(each for each in rows[target] if each.id not in heirs)
    rows["register"] = evolve(enterprise.register, events=rows.pop(EVENTS, places.rows(EVENTS)))
    whole: Enterprise = evolve(enterprise, **rows)
    return _BESIDES[kind](enterprise, whole, heirs)


def _in_rows(rows: Any, column: str, heirs: Heirs) -> Any:  # noqa: ANN401 - a table or a tuple, as given
    if isinstance(rows, Table):
        return _in_table(rows, column, heirs, np.ones(len(rows), np.bool_))
    return tuple(carried for noun in rows for carried in _in_noun(noun, column, heirs))


def _in_noun(noun: N, column: str, heirs: Heirs) -> Iterator[N]:
    """Give a noun once for each target, or once with all of them where it can name several."""
    value: Any = getattr(noun, column)
    if isinstance(value, tuple):
        yield _with(noun, column, _several(value, heirs))
    else:
        for target in heirs.get(value, (value,)):
            yield _with(noun, column, target)


def _several(ids: Sequence[Any], heirs: Heirs) -> tuple[Any, ...]:
    """Carry over several ids, each once; or outcomes, of two for one competence the higher."""
    if not any(isinstance(each, Outcome) for each in ids):
        return tuple(dict.fromkeys(heir for each in ids for heir in heirs.get(each, (each,))))
    best: dict[str, Outcome] = {}
    for outcome in (o for each in ids for o in _in_noun(each, "competence", heirs)):
        other = best.setdefault(outcome.competence, outcome)
        best[outcome.competence] = max(other, outcome, key=lambda o: (o.reach, -o.entry))
    return tuple(best.values())


def _in_table(table: Table[N], column: str, heirs: Heirs, ours: Array) -> Table[N]:
    """Give each of our rows once for each target, without making a noun of it."""
    words = table.words_of(column).values
    if not any(word in heirs for word in words):
        return table
    named = [heirs.get(word, (word,)) for word in words]
    old = table.column(column)
    others = [words[code] for code in np.unique(old[~ours & (old >= 0)])]
    fresh: Words[Any] = Words.of([*others, *(heir for ids in named for heir in ids)])
    flat = fresh.codes([*(heir for ids in named for heir in ids), None])
    ends = np.cumsum([*map(len, named), 1])
    begin = np.append(0, ends)[:-1][old]
    counts = np.where(ours, ends[old] - begin, 1)
    rows = np.repeat(np.arange(len(table)), counts)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    own = np.append(fresh.codes(words), -1).astype(np.int32)
    columns = {name: numbers[rows] for name, numbers in table.columns.items()}
    columns[column] = np.where(ours[rows], flat[begin[rows] + place], own[old[rows]])
    return Table(
        layout=table.layout, columns=columns, words={**table.words, column: fresh}
    ).sorted()


def _with(noun: N, column: str, value: object) -> N:
    changes: dict[str, Any] = {column: value}
    changed: N = evolve(cast("Any", noun), **changes)
    return changed


# --- what each kind takes besides -------------------------------------------------------------


def _competences(before: Enterprise, whole: Enterprise, heirs: Heirs) -> Enterprise:
    """Carry over both ends of a relation; one that then leads to itself is none."""
    found: dict[Relation, None] = {}
    for each in before.relations:
        ends: list[tuple[Any, ...]] = [heirs.get(e, (e,)) for e in (each.source, each.target)]
        kept = ((source, target) for source, target in product(*ends) if source != target)
        found.update(dict.fromkeys(evolve(each, source=s, target=t) for s, t in kept))
    designs = tuple(_scoped(design, NO_HEIRS, heirs) for design in before.designs)
    return evolve(whole, relations=tuple(found), designs=designs)


def _scoped(design: MappingDesign, units: Heirs, competences: Heirs) -> MappingDesign:
    """Let a mapping ask in the units, and about the competences, that have gone on."""
    areas = (
        area
        for old in design.areas
        for placed in _in_noun(old, "unit", units)
        for area in _in_noun(placed, "competence", competences)
    )
    return evolve(
        design,
        units=_several(design.units, units),
        competences=_several(design.competences, competences),
        areas=tuple(dict.fromkeys(areas)),
    )


def _units(before: Enterprise, whole: Enterprise, heirs: Heirs) -> Enterprise:
    """Lift a unit that took over from the one above it; add up what several units asked for."""
    parents = {unit.id: unit.parent for unit in before.units}
    units = tuple(_lifted(unit, parents, heirs) for unit in whole.units)
    designs = tuple(_scoped(design, heirs, NO_HEIRS) for design in before.designs)
    headcounts = tuple(_added(before.headcounts, whole.headcounts))
    return evolve(whole, units=units, designs=designs, headcounts=headcounts)


def _lifted(unit: Unit, parents: Mapping[Any, Any], heirs: Heirs) -> Unit:
    above = parents[unit.id]
    for _ in parents:
        if above is None or heirs.get(above, (above,))[0] != unit.id:
            break
        above = parents[above]
    return evolve(unit, parent=None if above is None else heirs.get(above, (above,))[0])


def _added(before: Sequence[Headcount], after: Sequence[Headcount]) -> Iterator[Headcount]:
    """Add up headcounts that stood in different units and now stand in one, level by level."""
    groups: dict[tuple[object, ...], list[tuple[UnitId, Headcount]]] = {}
    for old, new in zip(before, after, strict=True):
        same = (new.unit, new.competence, new.statutory, new.start, new.end)
        groups.setdefault(same, []).append((old.unit, new))
    for group in groups.values():
        apart = len({unit for unit, _ in group}) > 1
        yield from _together(group) if apart else (headcount for _, headcount in group)


def _together(group: Sequence[tuple[UnitId, Headcount]]) -> Iterator[Headcount]:
    """Ask at each level for as many as all units together asked for at it or above."""
    for level in sorted({headcount.level for _, headcount in group}):
        asked: dict[UnitId, int] = {}
        for unit, each in group:
            if each.level >= level:
                asked[unit] = max(asked.get(unit, 0), each.count)
        needs = dict.fromkeys(n for _, each in group if each.level == level for n in each.needs)
        yield evolve(group[0][1], level=level, count=sum(asked.values()), needs=tuple(needs))


def _roles(before: Enterprise, whole: Enterprise, heirs: Heirs) -> Enterprise:
    """Carry over what a role takes, and its tasks; a market only where the target has none."""
    borne = whole.requirements.column("bearer") == tuple(Bearer).index(Bearer.ROLE)
    tasks: dict[str, list[Any]] = {role.id: list(role.tasks) for role in whole.roles}
    markets = {market.role: market for market in before.markets if market.role not in heirs}
    for role in before.roles:
        for heir in heirs.get(role.id, ()):
            tasks[heir].extend(role.tasks)
    for market in whole.markets:
        markets.setdefault(market.role, market)
    return evolve(
        whole,
        roles=[evolve(role, tasks=tuple(dict.fromkeys(tasks[role.id]))) for role in whole.roles],
        requirements=_in_table(whole.requirements, "of", heirs, borne),
        markets=tuple(markets.values()),
    )


_BESIDES: Mapping[Heritage, Callable[[Enterprise, Enterprise, Heirs], Enterprise]] = (
    MappingProxyType(
        {Heritage.COMPETENCE: _competences, Heritage.UNIT: _units, Heritage.ROLE: _roles}
    )
)


# --- what may not be --------------------------------------------------------------------------


def _dangling(places: Places) -> Iterator[Finding]:
    there = {kind: {each.id for each in places.rows(HEIRS[kind])} for kind in Heritage}
    for row, each in enumerate(places.parcel.successions):
        for column, ids in (("source", (each.source,)), ("targets", each.targets)):
            for lost in (one for one in ids if one not in there[each.kind]):
                place, name = places.of("successions", row, column), HEIRS[each.kind]
                hint = f"add it to {name}, or mend the id; what has gone on stays there too"
                yield refused("E503", f"{lost!r} is none of {name}", place, hint)


def _circular(places: Places) -> Iterator[Finding]:
    rows = places.parcel.successions
    for kind in Heritage:
        nexts = {each.source: each.targets for each in rows if each.kind is kind}
        row_of = {each.source: row for row, each in enumerate(rows) if each.kind is kind}
        steps = {each: nexts.get(each, ()) for ids in nexts.values() for each in (*ids, *nexts)}
        for ring in circles(steps):
            text = f"succession runs in a circle: {' → '.join((*ring, ring[0]))}"
            yield refused("E504", text, places.of("successions", row_of[ring[0]], "targets"))


def _unlike(places: Places) -> Iterator[Finding]:
    """Tell where levels would have to change scale, or an area to become a competence."""
    known = {each.id: each for each in places.parcel.competences}
    for row, each in enumerate(places.parcel.successions):
        ids = (each.source, *each.targets) if each.kind is Heritage.COMPETENCE else ()
        ends = [known[one] for one in map(CompetenceId, ids) if one in known]
        place = places.of("successions", row, "targets")
        if len({end.scale for end in ends}) > 1:
            text = "a competence goes on under one that stands on another scale"
            yield refused("E502", text, place, "let the new one stand on the old one's scale")
        if len({end.facet is None for end in ends}) > 1:
            yield refused("E503", "an area goes on as a competence, or the other way", place)


def _circles_made(places: Places) -> Iterator[Finding]:
    """Tell circles of units or relations that are there only once something has gone on."""
    parcel, told = places.parcel, dict[str, Finding]()
    for on in sorted({each.on for each in parcel.successions}):
        carried = Places(parcel=succeeded(parcel, on=on), known=MappingProxyType({}))
        row = max(row for row, each in enumerate(parcel.successions) if each.on == on)
        place = places.of("successions", row, "targets")
        for found in rings(carried):
            text = f"from {on} on, {found.text}"
            told.setdefault(found.text, refused("E504", text, place, found.hint))
    yield from told.values()
