"""How do people come, go and move? Flows: chances for each period, in whole millionths.

A chance is for one period of a simulation, whatever its length: nothing is spread over time here.
What is sure is `CERTAIN`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import Any

from attrs import Attribute, field, frozen

from kompetanse_core.columns.chance import MILLION
from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.validators import FULL_TIME, count, ident, positive
from kompetanse_core.model.work import RoleId, UnitId

CERTAIN = MILLION
MOST_LEAD = 120
"""The longest time to fill, in periods."""


def _chance(noun: object, attribute: Attribute[Any], value: int) -> None:
    if type(value) is not int or not 0 <= value <= CERTAIN:
        where = f"{type(noun).__name__}.{attribute.name}"
        raise Misuse("E571", f"{where} must be a whole number from 0 to {CERTAIN} millionths")


@frozen(kw_only=True)
class Attrition:
    """Avgang: the chance to leave of one's own accord; of a role, a unit, both, or all (None).

    The first in `Flows.attrition` that fits somebody counts.
    """

    chance: int = field(validator=_chance)
    role: RoleId | None = field(default=None, validator=ident)
    unit: UnitId | None = field(default=None, validator=ident)


@frozen(kw_only=True)
class Retirement:
    """Pensjonering: the chance to retire, from an age in years on, until the next one given.

    Each run draws everybody's age within their age band, and they grow older with the periods.
    Whose band is not known does not retire, nor does who is hired.
    """

    age: int = field(validator=count)
    chance: int = field(validator=_chance)


@frozen(kw_only=True)
class Move:
    """Overgang: the chance to go from one role to another of the same unit (opprykk and the like).

    It takes no vacancy. Whoever moves gives up all other roles and keeps the share of them all.
    """

    source: RoleId = field(validator=ident)
    target: RoleId = field(validator=ident)
    chance: int = field(validator=_chance)


@frozen(kw_only=True)
class Hiring:
    """Rekruttering: how full-time vacancies of a role are filled.

    Each vacancy is announced; with `chance` somebody comes `lead` periods later, else it is
    announced again the next period. Who comes meets `ready` basis points of what the role takes.
    At most `most` are found in a year of the simulation; `cost` is paid for each when found.
    """

    role: RoleId = field(validator=ident)
    chance: int = field(validator=_chance)
    lead: int = field(default=1, validator=positive)
    ready: int = field(default=FULL_TIME, validator=count)
    cost: int = field(default=0, validator=count)
    most: int | None = field(default=None, validator=count)

    def __attrs_post_init__(self) -> None:
        """Refuse a lead that is never seen, and somebody who meets more than all.

        Raises:
            Misuse: E509 or E511.
        """
        if self.lead > MOST_LEAD:
            raise Misuse("E509", f"Hiring.lead must be at most {MOST_LEAD} periods")
        if self.ready > FULL_TIME:
            raise Misuse("E511", f"Hiring.ready must be at most {FULL_TIME} basis points")


@frozen(kw_only=True)
class Flows:
    """Strømmer: everything that happens to people by chance; by default nothing does.

    `success` is the chance that somebody who learns by plan reaches what was planned; `passing`
    the chance that a colleague who lacks the same learns it of one who did, where a measure is
    passed on (D-8).
    """

    attrition: tuple[Attrition, ...] = ()
    retirement: tuple[Retirement, ...] = ()
    moves: tuple[Move, ...] = ()
    hiring: tuple[Hiring, ...] = ()
    success: int = field(default=CERTAIN, validator=_chance)
    passing: int = field(default=0, validator=_chance)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            Misuse: E505, if two say the same thing; E571, if chances add up to more than certain.
        """
        _once([each.age for each in self.retirement], "Flows.retirement")
        _once([each.role for each in self.hiring], "Flows.hiring")
        _once([(each.source, each.target) for each in self.moves], "Flows.moves")
        leaves = max((each.chance for each in self.attrition), default=0)
        retires = max((each.chance for each in self.retirement), default=0)
        if leaves + retires + max(map(self._moving, self.moves), default=0) > CERTAIN:
            raise Misuse("E571", "leaving, retiring and moving add up to more than certain")

    def fit(self, enterprise: Enterprise) -> None:
        """Refuse chances of roles and units that are not there: a misspelt id has no effect.

        Raises:
            Misuse: E503.
        """
        _there([*self._roles()], {each.id for each in enterprise.roles}, "role")
        units = [each.unit for each in self.attrition if each.unit is not None]
        _there(units, {each.id for each in enterprise.units}, "unit")

    def _roles(self) -> Iterator[RoleId]:
        yield from (each.role for each in self.attrition if each.role is not None)
        yield from (each.role for each in self.hiring)
        yield from (role for each in self.moves for role in (each.source, each.target))

    def _moving(self, move: Move) -> int:
        return sum(each.chance for each in self.moves if each.source == move.source)

    def leaving(self, unit: UnitId, role: RoleId) -> int:
        """Give the chance to leave a role in a unit, in millionths."""
        fits = (a for a in self.attrition if a.role in (None, role) and a.unit in (None, unit))
        return next((each.chance for each in fits), 0)

    def retiring(self, oldest: int) -> list[int]:
        """Give the chance to retire at every age from 0 to the oldest, in millionths."""
        bands = sorted((each.age, each.chance) for each in self.retirement)
        ends = [*bands, (oldest + 1, 0)]
        chances = [0] * (oldest + 1)
        for (age, chance), (end, _) in pairwise(ends):
            chances[age:end] = [chance] * max(0, min(end, oldest + 1) - age)
        return chances


def hiring_of(enterprise: Enterprise, *, months: int) -> tuple[Hiring, ...]:
    """Read how vacancies are filled off the enterprise's labour markets, for periods of `months`.

    Who comes meets all that the role takes.
    """
    days = 30 * months
    return tuple(
        Hiring(
            role=each.role,
            chance=min(each.yield_percent, 100) * (CERTAIN // 100),
            lead=max(1, -(-each.days // days)),
            cost=each.cost,
            most=each.most,
        )
        for each in enterprise.markets
    )


def _there(named: Sequence[str], known: Set[str], what: str) -> None:
    missing = next((each for each in named if each not in known), None)
    if missing is not None:
        text = f"chances name the {what} {missing!r}, which is not there"
        raise Misuse("E503", text, hint="mend the id")


def _once(keys: Sequence[object], where: str) -> None:
    if len(set(keys)) != len(keys):
        raise Misuse("E505", f"{where} says the same thing twice")
