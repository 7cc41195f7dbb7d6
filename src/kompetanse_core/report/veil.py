"""Which rows may be told, beside other tables and after earlier reports? `veil` makes a Veil.

Units and roles add up to the same whole, and so do competences and their groups: a row held back
in one table could be worked out from the others. They are therefore held back together (FAULTS 84,
87), with what would tell the same of everybody in a group (85) and what few have changed (86).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Place
from kompetanse_core.gap import Gap, Gaps, Tally
from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.privacy import Release
from kompetanse_core.model.work import Demand
from kompetanse_core.privacy.ledger import Ledger
from kompetanse_core.privacy.suppression import Figures, suppress

Key = tuple[str, str]
"""A table and its row."""

UNIT, ROLE, COMPETENCE, GROUP, WHOLE = "unit", "role", "competence", "group", "whole"
MOST_CELLS = 2_000
"""With more pairs of unit and role than this, units and roles are each protected by themselves."""
PAIR, ALL = ("", ""), (WHOLE, "")
AMOUNTS = ("met", "missing", "unknown")


@frozen(kw_only=True)
class Veil:
    """Slør: which rows are held back, which repeat an earlier release, and what follows."""

    hidden: frozenset[Key] = frozenset()
    repeated: Mapping[Key, Release] = MappingProxyType({})
    findings: tuple[Finding, ...] = ()
    ledger: Ledger | None = field(default=None, repr=False)

    @property
    def whole(self) -> bool:
        """Say whether no figure about the enterprise as a whole may be told."""
        return ALL in self.hidden

    def hides(self, key: Key) -> bool:
        """Say whether a row is told neither as it is nor as it was."""
        return key in self.hidden and key not in self.repeated


NO_VEIL = Veil()


@frozen(kw_only=True, eq=False)
class _Side:
    """Some tables that add up to the whole: their cells, and in which of them each gap counts."""

    keys: tuple[Key, ...]
    """The table and row of each cell; a pair of unit and role stands in no table."""
    cells: tuple[Array, ...]
    """For each table, the cell of every gap row, (gap rows,)."""
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    amount: Array
    """What is protected of every gap row: posts or steps, (gap rows,)."""
    released: tuple[int, ...]
    """Which figures of a release tell that amount."""


@frozen(kw_only=True, eq=False)
class _Counted:
    """One side counted: arrays are (cells,); shares tell what each contributor gave to each."""

    figures: Figures
    tallies: tuple[Tally, ...]
    same_of_all: Array
    """Where everybody lacks all that is asked, or all but one, who would know it of the others."""
    shares: tuple[Array, ...]
    """The cell, the person, and their steps met, missing and unknown; one place for each pair."""


def veil(gaps: Gaps, *, k: int, ledger: Ledger | None) -> Veil:
    """Find what may be told of the rows by unit, role, competence and group, and of the whole."""
    rows = gaps.rows.where(gaps.rows.column("demand") == list(Demand).index(Demand.REQUIRED))
    found = Veil(ledger=ledger)
    if len(rows):
        for side in (_units_and_roles(rows), _competences(rows, gaps)):
            found = _held_back(side, _counted(side, rows), rows, gaps, found, k)
    return found


def _units_and_roles(rows: Table[Gap]) -> _Side:
    """Put units and roles over the pairs of both, which no table shows; counts posts."""
    unit, role, person = (rows.column(name).astype(np.int64) for name in (*_UNIT_ROLE, "employee"))
    units, unit = np.unique(unit, return_inverse=True)
    roles, role = np.unique(role, return_inverse=True)
    pairs, pair = np.unique(unit * len(roles) + role, return_inverse=True)
    if len(pairs) > MOST_CELLS:
        pairs, pair = pairs[:0], np.zeros(0, np.int64)
    first = len(pairs) + len(units)
    whole = first + len(roles)
    sums = [(len(pairs) + n, np.flatnonzero(pairs // len(roles) == n)) for n in range(len(units))]
    sums += [(first + n, np.flatnonzero(pairs % len(roles) == n)) for n in range(len(roles))]
    sums = [*(each for each in sums if len(each[1])), (whole, np.arange(len(pairs), first))]
    sums.append((whole, np.arange(first, whole)))
    posts = np.zeros(len(rows), np.int64)
    posts[np.unique(np.stack((person, unit, role)), axis=1, return_index=True)[1]] = 1
    names = [(UNIT, rows.words_of("unit").values[code]) for code in units.tolist()]
    names += [(ROLE, rows.words_of("role").values[code]) for code in roles.tolist()]
    return _Side(
        keys=(*(PAIR for _ in pairs), *names, ALL),
        cells=(
            *((pair,) if len(pairs) else ()),
            len(pairs) + unit,
            first + role,
            np.full(len(rows), whole),
        ),
        sums=tuple((total, tuple(parts.tolist())) for total, parts in sums),
        amount=posts,
        released=(0,),
    )


def _competences(rows: Table[Gap], gaps: Gaps) -> _Side:
    """Put groups over competences; counts steps, since one person is asked for many of them."""
    codes, code = np.unique(rows.column("competence"), return_inverse=True)
    names = [rows.words_of("competence").values[code] for code in codes.tolist()]
    facets = {each.id: each.facet for each in gaps.enterprise.competences}
    groups = [facet.group.value if (facet := facets[name]) else "" for name in names]
    kinds = sorted(set(groups))
    group = np.asarray([kinds.index(each) for each in groups], np.int64)
    whole = len(codes) + len(kinds)
    sums = [(len(codes) + n, np.flatnonzero(group == n)) for n in range(len(kinds))]
    sums.append((whole, np.arange(len(codes), whole)))
    amount = sum(rows.column(name).astype(np.int64) for name in AMOUNTS)
    return _Side(
        keys=(*((COMPETENCE, name) for name in names), *((GROUP, kind) for kind in kinds), ALL),
        cells=(code, len(codes) + group[code], np.full(len(rows), whole)),
        sums=tuple((total, tuple(parts.tolist())) for total, parts in sums),
        amount=np.asarray(amount),
        released=(1, 2, 3),
    )


def _counted(side: _Side, rows: Table[Gap]) -> _Counted:
    """Count people, steps and posts behind every cell, person by person."""
    count, person = len(side.keys), np.tile(rows.column("employee"), len(side.cells))
    cell = np.concatenate(side.cells)
    given = [side.amount, *(rows.column(name).astype(np.int64) for name in AMOUNTS)]
    pairs, place = np.unique(np.stack((cell, person)), axis=1, return_inverse=True)
    shares = np.zeros((len(given), pairs.shape[1]), np.int64)
    for line, numbers in zip(shares, given, strict=True):
        np.add.at(line, place.reshape(-1), np.tile(numbers, len(side.cells)))
    people = np.bincount(pairs[0], minlength=count)
    sums, most = np.zeros((len(given), count), np.int64), np.zeros(count, np.int64)
    for total, line in zip(sums, shares, strict=True):
        np.add.at(total, pairs[0], line)
    np.maximum.at(most, pairs[0], shares[0])
    others = np.bincount(pairs[0], weights=shares[1] + shares[3] > 0, minlength=count)
    shown = np.asarray([key != PAIR for key in side.keys])
    tallies = zip(side.keys, *sums[1:].tolist(), people.tolist(), strict=True)
    return _Counted(
        figures=Figures(values=sums[0], people=people, known=most, shown=shown, sums=side.sums),
        tallies=tuple(
            Tally(key=key[1], met=met, missing=missing, unknown=unknown, contributors=number)
            for key, met, missing, unknown, number in tallies
        ),
        same_of_all=shown & (sums[2] > 0) & (others <= 1),
        shares=(*pairs, *shares[1:]),
    )


def _held_back(
    side: _Side, counted: _Counted, rows: Table[Gap], gaps: Gaps, before: Veil, k: int
) -> Veil:
    """Add one side to a veil: what is small, the same of all or changed by few, what follows."""
    releases = _releases(side, counted, rows, gaps, before.ledger)
    earlier = {
        key: repeated
        for key, release in releases.items()
        if before.ledger and (repeated := before.ledger.repeated(release, k=k))
    }
    same = counted.same_of_all & np.asarray([key != ALL for key in side.keys])
    alike = (side.keys[cell][0] for cell in np.flatnonzero(same).tolist())
    first = same | np.asarray([key in earlier for key in side.keys])
    withheld = suppress(_bounded(side, counted, earlier, k), k=k, withheld=first)
    hidden = frozenset(key for key, held in zip(side.keys, withheld, strict=True) if held)
    told = [
        evolve(release, figures=None) if key in hidden else release
        for key, release in releases.items()
        if key not in earlier
    ]
    shown = {key: release for key, release in earlier.items() if release.figures}
    return Veil(
        hidden=before.hidden | hidden,
        repeated=MappingProxyType({**before.repeated, **shown}),
        findings=(*before.findings, *map(_same, alike)),
        ledger=before.ledger and before.ledger.after(told),
    )


def _bounded(side: _Side, counted: _Counted, earlier: Mapping[Key, Release], k: int) -> Figures:
    """Say what a reader of an earlier report knows of a row repeated: fewer than k changed it.

    Each of these gave at most what is `known` of one who gave most.
    """
    figures = counted.figures
    known, most = figures.known.copy(), figures.most.copy()
    for cell, key in enumerate(side.keys):
        before = earlier.get(key)
        if before is None or before.figures is None:
            continue
        was = sum(before.figures[place] for place in side.released)
        away = (k - 1) * int(figures.known[cell])
        known[cell] = min(max(known[cell], was - away), figures.values[cell])
        most[cell] = max(was + away, figures.values[cell])
    return evolve(figures, known=known, most=most)


def _releases(
    side: _Side, counted: _Counted, rows: Table[Gap], gaps: Gaps, ledger: Ledger | None
) -> Mapping[Key, Release]:
    """Write what would be released of every row that a table shows; nothing without a ledger."""
    if ledger is None:
        return MappingProxyType({})
    people = rows.words_of("employee").values
    given: dict[int, list[str]] = {}
    for cell, person, *steps in zip(*(share.tolist() for share in counted.shares), strict=True):
        given.setdefault(cell, []).append(f"{people[person]}\n{steps}")
    return {
        key: Release(
            on=gaps.on,
            table=key[0],
            row=key[1],
            figures=(tally.contributors, tally.met, tally.missing, tally.unknown),
            contributors=tally.contributors,
            marks=ledger.marks(given[cell]),
        )
        for cell, (key, tally) in enumerate(zip(side.keys, counted.tallies, strict=True))
        if key != PAIR
    }


def _same(table: str) -> Finding:
    text = f"a row by {table} is held back: it would tell the same of everybody in it"
    return Finding(
        code="E553",
        severity=Severity.NOTE,
        text=text,
        place=Place(file="report"),
        about=(("table", table),),
    )


_UNIT_ROLE = ("unit", "role")
