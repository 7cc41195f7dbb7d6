"""Which ways are open? Option, one way for one lack, and Options, all of them with their reason.

Clauses G-3 to G-10, M-3, M-10, H-6 and R-14. An option opens a way; only the plan chooses.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import MappingProxyType

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns import Layout, Table
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId, UnitId


class Strategy(Enum):
    """Strategi: use what is there, raise it, redevelop, recruit, or find out what is there."""

    USE = "use"
    UPSKILL = "upskill"
    RESKILL = "reskill"
    RECRUIT = "recruit"
    ASSESS = "assess"


class Ground(Enum):
    """Begrunnelse: why a way is open."""

    COLLEAGUE_UNUSED = "colleague-unused"
    """A colleague holds it and no current engagement asks it of them."""
    COLLEAGUE_SURPLUS = "colleague-surplus"
    """A colleague holds more of it than their own engagement asks."""
    LIFTS = "lifts"
    """A measure lifts the person over a threshold that is missing."""
    PROVES = "proves"
    """A measure confers the evidence that is missing or has run out."""
    RENEWS = "renews"
    """A measure brings a level that has expired up to date."""
    TRADE_TRACK = "trade-track"
    """A track towards a trade certificate leads over a missing threshold."""
    LEADS_ON = "leads-on"
    """A measure closes nothing by itself; it must come before one that does."""
    LOSES_RELEVANCE = "loses-relevance"
    """The person's role is asked for less than before, and a seat is vacant."""
    VACANT_SEAT = "vacant-seat"
    """A seat is vacant now."""
    HEADCOUNT = "headcount"
    """Too few people hold a level that a unit must have."""
    NO_MEASURE = "no-measure"
    """No measure lifts what is missing; a newcomer in the role would bring it."""
    NOT_MAPPED = "not-mapped"
    """Nobody knows the level, so finding out comes first."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """Give the clauses of the guide that the reason rests on."""
        return _GROUND_CLAUSES[self]


_GROUND_CLAUSES = MappingProxyType(
    {
        Ground.COLLEAGUE_UNUSED: ("M-3", "M-10"),
        Ground.COLLEAGUE_SURPLUS: ("M-3",),
        Ground.LIFTS: ("G-3", "G-5", "G-7"),
        Ground.PROVES: ("G-3", "R-2"),
        Ground.RENEWS: ("G-3", "A-8"),
        Ground.TRADE_TRACK: ("G-4", "R-14"),
        Ground.LEADS_ON: ("G-3", "A-6"),
        Ground.LOSES_RELEVANCE: ("G-9", "G-10"),
        Ground.VACANT_SEAT: ("G-8",),
        Ground.HEADCOUNT: ("G-8",),
        Ground.NO_MEASURE: ("G-8", "G-11"),
        Ground.NOT_MAPPED: ("M-1", "M-8"),
    }
)


@frozen(kw_only=True)
class Option:
    """Alternativ: one way for one lack, with its reason, what it could close, cost and time.

    `gap`, `seat` and `headcount` are places in `Gaps.rows`, `Gaps.seats` and `Gaps.headcounts`:
    an option always names the one that it answers. For a person it names the `employee`; USE also
    names the `colleague` who would carry it; RESKILL the `origin`, the role that is left.

    `reach` is the level that the person comes out at, `steps` the weighted steps that this option
    alone could close (for a headcount the steps of its level, of weight 1), `share` the basis
    points of a seat that it could fill. Money is kroner a
    head from `cost_least` to `cost_most`, time whole days; `certainty` is per cent, None where
    nobody has stated one.
    """

    strategy: Strategy
    ground: Ground
    unit: UnitId
    role: RoleId | None = None
    employee: EmployeeId | None = None
    competence: CompetenceId | None = None
    measure: MeasureId | None = None
    colleague: EmployeeId | None = None
    origin: RoleId | None = None
    gap: int | None = None
    seat: int | None = None
    headcount: int | None = None
    need: Level | None = None
    reach: Level | None = None
    steps: int = 0
    share: int = 0
    cost_least: int = 0
    cost_most: int = 0
    days_least: int = 0
    days_most: int = 0
    certainty: int | None = None

    @property
    def clauses(self) -> tuple[str, ...]:
        """Give the clauses that the option's reason rests on."""
        return self.ground.clauses


OPTIONS = Layout.of(
    Option,
    key=("strategy", "gap", "seat", "headcount", "measure", "colleague", "employee", "role"),
    dtypes={"need": "int16", "reach": "int16", "share": "int32", "certainty": "int16"},
)


@frozen(kw_only=True)
class Track:
    """Løp mot fagbrev: how far one person is from one trade certificate (G-4, R-14).

    `distance` is the levels still missing over the outcomes of the measure, of `whole` in all;
    `years` the longest experience on paper in any of its competences.
    """

    employee: EmployeeId
    measure: MeasureId
    distance: int
    whole: int
    years: int
    cost: int
    days: int


TRACKS = Layout.of(Track, key=("measure", "distance", "employee"))


@frozen(kw_only=True)
class Relevance:
    """Relevans: how much of what a role is asked for now is still asked for later (G-9).

    Seats are in basis points of full time, steps are the weighted steps of its requirements.
    It says something about the role, never about the person in it.
    """

    role: RoleId
    seats_now: int
    seats_later: int
    filled: int
    steps_now: int
    steps_later: int

    @property
    def falls(self) -> bool:
        """Whether it will have fewer seats than people, or less than half of its requirements.

        The half is a declared reading: the guide says "ikke så relevant" and no figure.
        """
        return self.seats_later < self.filled or 2 * self.steps_later < self.steps_now


@frozen(kw_only=True)
class Opening:
    """Åpning: how much one strategy could do at most, were it alone: not a plan, not a sum."""

    strategy: Strategy
    options: int
    gaps: int
    steps: int
    share: int


@frozen(kw_only=True, repr=False)
class Options:
    """Alternativer: every way that is open for the gaps, and the gaps that no way is open for."""

    gaps: Gaps
    rows: Table[Option]
    relevance: tuple[Relevance, ...] = ()
    tracks: Table[Track] = field(factory=lambda: Table.of(TRACKS, ()))
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        """Count the options."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Option]:
        """Yield the options, by strategy, then by the lack they answer."""
        return iter(self.rows)

    def __repr__(self) -> str:
        """Count the options; no value about a person is shown."""
        return f"<Options: {len(self)} ways for {len(self.gaps)} rows of gaps>"

    def by(self, strategy: Strategy) -> Table[Option]:
        """Give the options of one strategy."""
        return self.rows.where(self.rows.column("strategy") == list(Strategy).index(strategy))

    def for_gap(self, gap: int) -> Table[Option]:
        """Give the options that answer one row of `Gaps.rows`."""
        return self.rows.where(self.rows.column("gap") == gap)

    def openings(self) -> tuple[Opening, ...]:
        """Say for each strategy how much it could do at most if it were alone (G-3, G-8, G-10)."""
        return tuple(_opening(strategy, self.by(strategy)) for strategy in Strategy)

    def __str__(self) -> str:
        """Write one line for each strategy: ways, rows of gaps, steps and seats it could close."""
        lines = ["strategy  ways   gaps   steps  seats"]
        for each in self.openings():
            seats = f"{each.share // 10_000:>4}.{each.share % 10_000 // 100:02}"
            name = each.strategy.value
            lines.append(f"{name:<8}{each.options:>6}{each.gaps:>7}{each.steps:>8}{seats}")
        return "\n".join(lines)


def _opening(strategy: Strategy, rows: Table[Option]) -> Opening:
    return Opening(
        strategy=strategy,
        options=len(rows),
        gaps=len(np.unique(rows.column("gap")[rows.column("gap") >= 0])),
        steps=_most(rows, of="gap", worth="steps"),
        share=_most(rows, of="seat", worth="share"),
    )


def _most(rows: Table[Option], *, of: str, worth: str) -> int:
    """Add up, over the lacks that are answered, the most that any one option does about each."""
    place, value = rows.column(of), rows.column(worth)
    order = np.lexsort([value, place])
    last = np.append(place[order][1:] != place[order][:-1], [True] if len(order) else [])
    kept = order[last.astype(np.bool_)]
    return int(value[kept][place[kept] >= 0].sum())
