"""What keeps the plan within bounds? Limit: each single limit by name, and how to widen it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from enum import Enum

from attrs import evolve, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.plan.choices import Choices, Sessions
from kompetanse_core.plan.scene import Scene


class LimitKind(Enum):
    """Rammetype: what there is only so much of. No statutory rule and no drøfting is among them."""

    BUDGET = "budget"
    """Kroner for the whole plan."""
    UNTIL = "until"
    """Kroner that the periods have brought by the end of one."""
    HOURS = "hours"
    """Hours that one person may spend in a period."""
    AWAY = "away"
    """Hours that a unit's people may be away in a period."""
    MENTORS = "mentors"
    """Hours that the mentors of some measures may give in a period."""
    CARRIED = "carry"
    """Requirements that one colleague may take over."""
    MARKET = "market"
    """Heads that the labour market of a role may give."""
    SEATS = "seats"
    """Seats in each session of a measure."""
    SESSIONS = "sessions"
    """Sessions of a measure."""


@frozen(kw_only=True)
class Limit:
    """Ramme: one single limit: its kind, whom or what it is of, in which period (counted from 0).

    `of` is a pseudonym, a unit, a role, or measures, as the kind says; empty for money.
    """

    kind: LimitKind
    of: tuple[str, ...] = ()
    period: int | None = None


def limits_in(scene: Scene, choices: Choices) -> tuple[Limit, ...]:
    """Name every limit that could hold the plan back, in the order of the choices."""
    stores = (limit_of_store(scene, key) for key in choices.keys)
    return tuple(dict.fromkeys((*stores, *_of_sessions(choices))))


def limit_of_store(scene: Scene, key: tuple[Hashable, ...]) -> Limit:
    """Name the limit behind a store."""
    kind = LimitKind(key[0])
    of, period = (*key[1:], (), None)[:2] if len(key) > 1 else ((), None)
    if kind is LimitKind.UNTIL:
        of, period = (), of
    if kind in (LimitKind.HOURS, LimitKind.CARRIED) and isinstance(of, int):
        of = scene.people.values[of]
    names = tuple(map(str, of)) if isinstance(of, tuple) else (str(of),)
    return Limit(kind=kind, of=names, period=period if isinstance(period, int) else None)


def limit_of_sessions(choices: Choices, place: int) -> Limit:
    """Name the limit on the sessions of a measure, by its place in `session_limits`."""
    first = choices.sessions[choices.session_limits[place][0][0]]
    return Limit(kind=LimitKind.SESSIONS, of=(choices.measures[first.measure].id,))


def widened(scene: Scene, choices: Choices, limit: Limit, amount: int) -> Choices:
    """Give the same choices with one limit wider by an amount.

    Raises:
        Misuse: E503, if there is no such limit.
    """
    if limit not in limits_in(scene, choices):
        raise Misuse("E503", f"this plan has no limit on {limit.kind.value} of that name")
    if limit.kind is LimitKind.SEATS:
        return evolve(choices, sessions=tuple(_seated(choices, limit, amount)))
    if limit.kind is LimitKind.SESSIONS:
        groups = enumerate(choices.session_limits)
        more = tuple(
            (group, most + amount * (bool(group) and limit_of_sessions(choices, place) == limit))
            for place, (group, most) in groups
        )
        return with_open_sessions(evolve(choices, session_limits=more))
    stores = zip(choices.keys, choices.stores, strict=True)
    return evolve(
        choices,
        stores=tuple(held + amount * (limit_of_store(scene, key) == limit) for key, held in stores),
    )


def with_open_sessions(choices: Choices) -> Choices:
    """Let only `session_limits` say how many sessions are held, not each period by itself."""
    wanted: dict[int | None, int] = {}
    for start in choices.starts:
        wanted[start.session] = wanted.get(start.session, 0) + 1
    numbered = enumerate(choices.sessions)
    return evolve(
        choices,
        sessions=tuple(evolve(each, most=max(each.most, wanted.get(n, 0))) for n, each in numbered),
    )


def _of_sessions(choices: Choices) -> Iterator[Limit]:
    for each in choices.sessions:
        if choices.measures[each.measure].seats is not None:
            yield Limit(kind=LimitKind.SEATS, of=(choices.measures[each.measure].id,))
    for place, (group, _) in enumerate(choices.session_limits):
        if group:
            yield limit_of_sessions(choices, place)


def _seated(choices: Choices, limit: Limit, amount: int) -> Iterator[Sessions]:
    for each in choices.sessions:
        own = choices.measures[each.measure].id == limit.of[0]
        yield evolve(each, seats=each.seats + amount * own)
