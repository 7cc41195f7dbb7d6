"""What can be done about people? Actions: who learns what, moves, is sought, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import Attribute, field, frozen

from kompetanse_core.columns.chance import MILLION
from kompetanse_core.errors import Misuse
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.validators import count, ident, positive
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.plan import Lift

MOST_HEADS = 100_000
"""So many are hired by one action at most: each run keeps a place for every one of them."""


def _chance(noun: object, attribute: Attribute[Any], value: int | None) -> None:
    if value is not None and (type(value) is not int or not 0 <= value <= MILLION):
        where = f"{type(noun).__name__}.{attribute.name}"
        raise Misuse("E571", f"{where} must be a whole number from 0 to {MILLION} millionths")


def _few(noun: object, attribute: Attribute[Any], value: int) -> None:
    positive(noun, attribute, value)
    if value > MOST_HEADS:
        raise Misuse("E509", f"Hire.heads must be at most {MOST_HEADS}")


@frozen(kw_only=True)
class Learning:
    """Læring: weighted steps that somebody closes in a role, if it succeeds, from a day on.

    `chance` in millionths; None is what the flows say. It counts while they have that role, and
    before the day `until` where one is given; only what is certain can end. `lifts` say what is
    learnt, for a policy that decides again. What is learnt `via` somebody else's learning, of the
    same day, is passed on: it fails where that one failed.
    """

    employee: EmployeeId = field(validator=ident, repr=False)
    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    ready: date
    steps: int = field(validator=count)
    chance: int | None = field(default=None, validator=_chance)
    until: date | None = None
    lifts: tuple[Lift, ...] = field(default=(), repr=False)
    via: Learning | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what ends without being certain, and what is passed on before it is learnt.

        Raises:
            Misuse: E507 or E571.
        """
        if self.until is not None and self.chance != MILLION:
            raise Misuse("E571", "only what is certain can end: give it the chance of a million")
        if self.until is not None and self.until <= self.ready:
            raise Misuse("E507", "Learning.until is not after it is ready")
        if self.via is not None and self.via.ready != self.ready:
            raise Misuse("E507", "what is passed on is ready the same day as what it comes from")


@frozen(kw_only=True)
class Redeployment:
    """Omplassering: somebody takes a role in a unit instead of all others, from a day on.

    They keep the share of them all. It is from the second period at the earliest.
    """

    employee: EmployeeId = field(validator=ident, repr=False)
    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    on: date


@frozen(kw_only=True)
class Hire:
    """Ansettelse: so many full-time openings in a role, announced on a day, to begin on another.

    Each is filled with `chance`, in millionths; `cost` kroner are paid for each that is.
    """

    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    on: date
    begins: date
    heads: int = field(default=1, validator=_few)
    chance: int = field(default=MILLION, validator=_chance)
    cost: int = field(default=0, validator=count)

    def __attrs_post_init__(self) -> None:
        """Refuse who would begin before the opening is announced.

        Raises:
            Misuse: E507.
        """
        if self.begins < self.on:
            raise Misuse("E507", "Hire.begins is before it is announced")


@frozen(kw_only=True)
class Bill:
    """Regning: kroner and hours of work on a day; for an employee only if still in that role."""

    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    on: date
    cost: int = field(validator=count)
    hours: int = field(default=0, validator=count)
    employee: EmployeeId | None = field(default=None, validator=ident, repr=False)


def _all(noun: object, attribute: Attribute[Any], value: tuple[Act, ...]) -> None:
    """Refuse what is no action: it would be found out only when it is to be done."""
    kind = KINDS[attribute.name]
    if type(value) is not tuple or not all(isinstance(each, kind) for each in value):
        raise Misuse("E904", f"Actions.{attribute.name} must be a tuple of {kind.__name__}")


Act = Learning | Redeployment | Hire | Bill
KINDS: Mapping[str, type[Act]] = MappingProxyType(
    {"learning": Learning, "redeployments": Redeployment, "hires": Hire, "bills": Bill}
)


@frozen(kw_only=True, eq=False)
class Actions:
    """Handlinger: what a policy decides: who learns what, moves, is sought, and what it costs."""

    learning: tuple[Learning, ...] = field(default=(), validator=_all)
    redeployments: tuple[Redeployment, ...] = field(default=(), validator=_all)
    hires: tuple[Hire, ...] = field(default=(), validator=_all)
    bills: tuple[Bill, ...] = field(default=(), validator=_all)

    @property
    def cost(self) -> int:
        """Give what it costs if everybody stays and every opening is filled, in kroner."""
        hired = sum(each.heads * each.cost for each in self.hires)
        return hired + sum(each.cost for each in self.bills)

    @property
    def concerned(self) -> frozenset[EmployeeId]:
        """Give everybody that it is about."""
        return frozenset(
            (
                *(each.employee for each in self.learning),
                *(each.employee for each in self.redeployments),
                *(each.employee for each in self.bills if each.employee is not None),
            )
        )


NOTHING = Actions()
