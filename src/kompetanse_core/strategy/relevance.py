"""Which roles will be asked for less? Relevance (G-9): about roles, never about a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kompetanse_core.gap import Gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Engagement
from kompetanse_core.model.work import Role, RoleId, Seats
from kompetanse_core.strategy.demand import Demands, demands_on
from kompetanse_core.strategy.options import Relevance

LATEST = date.max - timedelta(days=1)


def later(on: date, days: int) -> date:
    """Give the day so many days ahead, or the last day there is."""
    return on + timedelta(days=min(days, (LATEST - on).days))


def relevance_of_roles(gaps: Gaps, demands: Demands, horizon: int) -> tuple[Relevance, ...]:
    """Hold what each role is asked for on the day against what it is asked for later.

    Only what is written down with an end counts: seats or requirements that end, or seats fewer
    than those who fill them. A role that no seat is written down for keeps the people it has.
    """
    enterprise, ahead = gaps.enterprise, later(gaps.on, horizon)
    coming = demands_on(enterprise, ahead)
    engaged = tuple(engaged_on(enterprise, gaps.on))
    return tuple(
        Relevance(
            role=role.id,
            seats_now=_seats(enterprise, role.id, gaps.on),
            seats_later=_seats_later(enterprise, role, ahead, engaged),
            filled=_filled(engaged, role.id),
            steps_now=sum(each.steps for each in demands[role.id].values()),
            steps_later=sum(each.steps for each in coming[role.id].values()),
        )
        for role in sorted(enterprise.roles, key=lambda role: role.id)
    )


def engaged_on(enterprise: Enterprise, on: date) -> Iterator[Engagement]:
    """Yield the engagements that run on a day."""
    for each in enterprise.engagements:
        begun = each.start is None or each.start <= on
        if begun and (each.end is None or on <= each.end):
            yield each


def _seats(enterprise: Enterprise, role: RoleId, on: date) -> int:
    return sum(each.share for each in enterprise.seats if each.role == role and _runs(each, on))


def _seats_later(
    enterprise: Enterprise, role: Role, ahead: date, engaged: Iterable[Engagement]
) -> int:
    if any(each.role == role.id for each in enterprise.seats):
        return _seats(enterprise, role.id, ahead)
    return _filled(engaged, role.id)


def _filled(engaged: Iterable[Engagement], role: RoleId) -> int:
    return sum(each.share for each in engaged if each.role == role)


def _runs(seats: Seats, on: date) -> bool:
    begun = seats.start is None or seats.start <= on
    return begun and (seats.end is None or on <= seats.end)
