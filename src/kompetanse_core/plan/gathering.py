"""What can this plan choose among? `gather` makes Choices of recommendations and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.plan.choices import (
    Carry,
    Choices,
    Hire,
    Lack,
    Move,
    Use,
    Vacancy,
)
from kompetanse_core.plan.mustering import Roll, call_roll
from kompetanse_core.plan.pairing import WORST_PENALTY, Paired, money, pair_up
from kompetanse_core.plan.scene import Row, Scene
from kompetanse_core.plan.stores import Stores
from kompetanse_core.strategy import Demanded, Demands, Ground, Strategy, demands_on

GROUNDS = tuple(Ground)


def gather(scene: Scene) -> Choices:
    """Give everything that can be chosen a number, and set up the stores that it draws on."""
    stores, demands = Stores(), demands_on(scene.gaps.enterprise, scene.gaps.on)
    roll = call_roll(scene, demands)
    lacks = tuple(
        Lack(gap=gap, missing=missing) for gap, missing in enumerate(scene.missing) if missing
    )
    numbers = {lack.gap: number for number, lack in enumerate(lacks)}
    paired = pair_up(scene, stores, numbers, roll)
    hires = tuple(_hires(scene, stores, roll))
    moves = tuple(_moves(scene, paired, numbers, roll))
    uses = tuple(_uses(scene, stores, numbers))
    return Choices(
        measures=paired.measures,
        periods=scene.calendar.days,
        stores=stores.amounts,
        keys=stores.keys,
        lacks=lacks,
        vacancies=tuple(_vacancies(scene, demands)),
        pairs=paired.pairs,
        starts=paired.starts,
        sessions=paired.sessions,
        session_limits=paired.session_limits,
        uses=uses,
        hires=hires,
        carries=tuple(_carries(scene, hires, numbers)),
        carried=scene.limits.carried,
        moves=moves,
        musters=roll.musters(),
    )


def _vacancies(scene: Scene, demands: Demands) -> Iterator[Vacancy]:
    """Yield what is vacant: an empty seat lacks every step that its role requires."""
    nothing: Mapping[str, Demanded] = {}
    for seat, gap in enumerate(scene.gaps.seats):
        steps = sum(each.steps for each in demands.get(gap.role, nothing).values())
        if gap.vacant:
            yield Vacancy(seat=seat, share=gap.vacant, worth=max(1, steps))


def _uses(scene: Scene, stores: Stores, lacks: Mapping[int, int]) -> Iterator[Use]:
    for row in scene.rows[Strategy.USE]:
        stores.open(("carry", row.colleague), scene.limits.carried)
        yield Use(
            lack=lacks[row.gap],
            colleague=row.colleague,
            option=row.option,
            loads=stores.load(("carry", row.colleague), 1),
            penalty=min(WORST_PENALTY, row.rank - 1),
        )


def _hires(scene: Scene, stores: Stores, roll: Roll) -> Iterator[Hire]:
    """Yield the vacant seats whose labour market can fill them before the plan ends."""
    markets = {market.role: market for market in scene.gaps.enterprise.markets}
    begin, after = scene.calendar.days[0].toordinal(), scene.calendar.days[-1].toordinal()
    for row in scene.rows[Strategy.RECRUIT]:
        market = markets.get(scene.gaps.seats[row.seat].role) if row.seat >= 0 else None
        vacant = GROUNDS[row.ground] is Ground.VACANT_SEAT
        if not vacant or market is None or not market.yield_percent:
            continue
        if begin + market.days >= after:
            continue
        if market.most is not None:
            stores.open(("market", market.role), _in_time(scene, market.most))
        yield Hire(
            seat=row.seat,
            most=-(-scene.gaps.seats[row.seat].vacant // FULL_TIME),
            cost=row.cost_most,
            end=begin + market.days,
            option=row.option,
            loads=(
                *money(scene, stores, row.cost_most, 0),
                *stores.load(("market", market.role), 1),
            ),
            joined=roll.hired(scene.gaps.seats[row.seat].unit, market.role),
        )


def _in_time(scene: Scene, yearly: int) -> int:
    """Give how many of so many a year fall within the plan, a begun one counted."""
    return -(-yearly * scene.limits.periods * scene.limits.months // 12)


def _carries(scene: Scene, hires: tuple[Hire, ...], lacks: Mapping[int, int]) -> Iterator[Carry]:
    by_seat = {hire.seat: number for number, hire in enumerate(hires)}
    for row in scene.rows[Strategy.RECRUIT]:
        if row.gap >= 0 and row.steps and row.seat in by_seat:
            yield Carry(lack=lacks[row.gap], hire=by_seat[row.seat], option=row.option)


def _moves(scene: Scene, paired: Paired, lacks: Mapping[int, int], roll: Roll) -> Iterator[Move]:
    legs: dict[tuple[int, int], list[Row]] = {}
    for row in scene.rows[Strategy.RESKILL]:
        if row.measure >= 0 and row.competence >= 0:
            legs.setdefault((row.employee, row.seat), []).append(row)
    for row in scene.rows[Strategy.RESKILL]:
        if row.measure < 0:
            own = legs.get((row.employee, row.seat), ())
            left, forgone = roll.left(row)
            yield Move(
                person=row.employee,
                seat=row.seat,
                share=row.share,
                legs=tuple(dict.fromkeys(_leg(paired, leg) for leg in own)),
                closes=tuple(_left_behind(scene, row, lacks)),
                joined=roll.joined(row, own),
                left=left,
                forgone=forgone,
                option=row.option,
            )


def _leg(paired: Paired, row: Row) -> tuple[int, int]:
    number = paired.numbers[row.employee, row.measure]
    lifts = paired.pairs[number].lifts
    return number, next(n for n, lift in enumerate(lifts) if lift.competence == row.competence)


def _left_behind(scene: Scene, row: Row, lacks: Mapping[int, int]) -> Iterator[int]:
    """Yield what somebody lacks in a role that they leave altogether."""
    if scene.leaves(row):
        own = scene.gaps_of(scene.people.values[row.employee], scene.role(row.origin))
        yield from (lacks[gap] for gap in own if gap in lacks)
