"""What is there to choose among? Choices: the open ways of one plan as numbers, and their limits.

Everything that a choice takes is a *load* on a *store*: money, a person's hours, a unit's cover,
the hours of mentors, the carrying of a colleague, the vacancies of a labour market. A plan keeps
its limits when no store is overdrawn.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from attrs import frozen

from kompetanse_core.model.measure import Measure

Load = tuple[int, int]
"""The number of a store, and how much is taken of it."""


@frozen(kw_only=True)
class Lack:
    """Hold one row of gaps with something missing; all that is missing can be closed at most."""

    gap: int
    missing: int


@frozen(kw_only=True)
class Lift:
    """Hold one competence that a measure lifts one person in, to a level, from one that is enough.

    `closes` names lacks and how many steps of each, `heads` the musters where the person would be
    a head; `enough` says that the person holds the entry level already, otherwise an earlier
    measure must bring it.
    """

    competence: int
    entry: int
    reach: int
    enough: bool
    closes: tuple[tuple[int, int], ...]
    heads: tuple[int, ...]
    option: int


@frozen(kw_only=True)
class Pair:
    """Hold one person and one measure: what it lifts, and which pairs must come before."""

    person: int
    measure: int
    lifts: tuple[Lift, ...]
    priors: tuple[int, ...]
    options: tuple[int, ...]
    starts: range
    """The numbers of its starts; empty if it cannot be begun."""
    penalty: int
    """How far it is from the best rank among its equals, 0 to 9."""


@frozen(kw_only=True)
class Start:
    """Hold one pair begun on one day (as an ordinal), in one period, and what that takes."""

    pair: int
    period: int
    day: int
    end: int
    cost: int
    loads: tuple[Load, ...]
    session: int | None
    """The sessions that it sits in; None if they are neither counted nor paid."""


@frozen(kw_only=True)
class Sessions:
    """Hold the sessions of one measure that begin in one period."""

    measure: int
    period: int
    seats: int
    most: int
    cost: int
    loads: tuple[Load, ...]


@frozen(kw_only=True)
class Use:
    """Hold a colleague who would carry one lack of somebody else."""

    lack: int
    colleague: int
    option: int
    loads: tuple[Load, ...]
    penalty: int


@frozen(kw_only=True)
class Hire:
    """Hold up to `most` people who could be hired into one vacant seat, and what one costs.

    Each would be a head of the musters that are `joined`.
    """

    seat: int
    most: int
    cost: int
    end: int
    option: int
    loads: tuple[Load, ...]
    joined: tuple[int, ...]


@frozen(kw_only=True)
class Carry:
    """Hold a lack that somebody hired would carry."""

    lack: int
    hire: int
    option: int


@frozen(kw_only=True)
class Move:
    """Hold one person who could take over a vacant seat once all `legs` are done.

    A leg is a pair and the place of a lift in it. `closes` are the lacks that go with the role
    that is left. Of the musters, the person becomes a head of those that are `joined` and is one
    no more of those that are `left`; those `forgone` are where they lack the level, and would be
    no head even if they learnt it.
    """

    person: int
    seat: int
    share: int
    legs: tuple[tuple[int, int], ...]
    closes: tuple[int, ...]
    joined: tuple[int, ...]
    left: tuple[int, ...]
    forgone: tuple[int, ...]
    option: int


@frozen(kw_only=True)
class Vacancy:
    """Hold a vacant share in basis points and what each is worth, in ten-thousandths of a step."""

    seat: int
    share: int
    worth: int


@frozen(kw_only=True)
class Muster:
    """Hold how many heads a headcount is short of, and what one is worth, in the same parts.

    Below 0, so many may leave before a head is short.
    """

    short: int
    worth: int


@frozen(kw_only=True)
class Choices:
    """Hold all that can be chosen and what each store has; every reference is a place in here."""

    measures: tuple[Measure, ...]
    periods: tuple[date, ...]
    """The first day of each period and, last, the day after the plan."""
    stores: tuple[int, ...]
    keys: tuple[tuple[Hashable, ...], ...]
    """What each store is of, in the order of `stores`."""
    lacks: tuple[Lack, ...]
    vacancies: tuple[Vacancy, ...]
    pairs: tuple[Pair, ...]
    starts: tuple[Start, ...]
    sessions: tuple[Sessions, ...]
    session_limits: tuple[tuple[tuple[int, ...], int], ...]
    """Groups of `sessions` and how many there may be in each group."""
    uses: tuple[Use, ...]
    hires: tuple[Hire, ...]
    carries: tuple[Carry, ...]
    carried: int
    """How many lacks one person who is hired carries."""
    moves: tuple[Move, ...]
    musters: tuple[Muster, ...]
    """One for each row of `Gaps.headcounts`."""


@frozen(kw_only=True)
class Chosen:
    """Hold what was chosen: places in the choices; `hired` counts heads for each hire."""

    starts: frozenset[int] = frozenset()
    uses: frozenset[int] = frozenset()
    carries: frozenset[int] = frozenset()
    moves: frozenset[int] = frozenset()
    hired: tuple[int, ...] = ()


NOTHING_CHOSEN = Chosen()
