"""What does a plan leave of everything that is limited? Room: stores, seats and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from kompetanse_core.model.measure import Measure, MeasureId
from kompetanse_core.plan.calendar import Slot
from kompetanse_core.plan.choices import Choices, Chosen, Load
from kompetanse_core.plan.pairing import Offer, loads_of, mentors_of, money, offers_for
from kompetanse_core.plan.scene import Scene
from kompetanse_core.plan.stores import Stores

PURSE = ("wishes",)
"""The store of what may be spent on wishes."""


@frozen(kw_only=True)
class Taken:
    """Hold what is taken: of each store by its number, and seats and sessions by period."""

    stores: Mapping[int, int] = field(factory=dict)
    seated: Mapping[tuple[MeasureId, int], int] = field(factory=dict)
    held: Mapping[tuple[MeasureId, int], int] = field(factory=dict)

    def more(self, loads: Sequence[Load]) -> Taken:
        """Give what is taken with some loads more."""
        stores = dict(self.stores)
        for number, amount in loads:
            stores[number] = stores.get(number, 0) + amount
        return evolve(self, stores=stores)


@frozen(kw_only=True, eq=False)
class Room:
    """Hold the stores of a plan and when each measure is offered, whoever might take part."""

    scene: Scene
    stores: Stores
    offers: Mapping[MeasureId, Offer]

    def fits(self, taken: Taken) -> bool:
        """Say whether no store is overdrawn and no measure held more often than it can be."""
        amounts = self.stores.amounts
        held: dict[MeasureId, int] = {}
        for (measure, _), sessions in taken.held.items():
            held[measure] = held.get(measure, 0) + sessions
        most = {each: self.offers[each].measure.sessions for each in held}
        return all(used <= amounts[number] for number, used in taken.stores.items()) and all(
            limit is None or held[each] <= limit for each, limit in most.items()
        )

    def seat(self, taken: Taken, person: int, measure: Measure, slot: Slot) -> tuple[Taken, int]:
        """Let somebody take part, in a session that has a free seat or else in one more.

        Give what is then taken, and what it costs.
        """
        offer, key = self.offers[measure.id], (measure.id, slot.period)
        seated, held = taken.seated.get(key, 0) + 1, taken.held.get(key, 0)
        wanted = -(-seated // measure.seats) if measure.seats else 1
        opened = max(0, wanted - held) if offer.in_sessions else 0
        price = self.scene.price(person, measure, slot.day)
        cost = price + opened * measure.cost_per_session
        loads = (
            *loads_of(self.scene, self.stores, person, offer, slot),
            *money(self.scene, self.stores, opened * measure.cost_per_session, slot.period),
            *self.stores.load(PURSE, cost),
        )
        more = evolve(taken.more(loads), seated={**taken.seated, key: seated})
        return evolve(more, held={**taken.held, key: held + opened}) if opened else more, cost


def room_of(scene: Scene, choices: Choices, wanted: Sequence[Measure]) -> Room:
    """Set up the stores for all measures of a plan, and for those that somebody wishes for."""
    measures = {each.id: each for each in (*choices.measures, *wanted)}
    order = [measures[each] for each in sorted(measures)]
    teams = {place: mentors_of(scene, measure) for place, measure in enumerate(order)}
    stores = Stores()
    stores.open(PURSE, scene.limits.wish_budget)
    offers = offers_for(scene, stores, order, teams)
    return Room(
        scene=scene,
        stores=stores,
        offers={measure.id: offers[place] for place, measure in enumerate(order)},
    )


def taken_by(room: Room, choices: Choices, chosen: Chosen) -> Taken:
    """Add up what a plan takes of everything that wishes could take, too.

    Where nothing may go to wishes, only seats that are left free say what one would cost.
    """
    asked = bool(room.scene.limits.wish_budget)
    taken = Taken().more(tuple(_loads(room, choices, chosen)) if asked else ())
    seated: dict[tuple[MeasureId, int], int] = {}
    held: dict[tuple[MeasureId, int], int] = {}
    for number, count in _seated(choices, chosen).items():
        session = choices.sessions[number]
        key = choices.measures[session.measure].id, session.period
        seated[key], held[key] = count, -(-count // session.seats)
        taken = taken.more(money(room.scene, room.stores, held[key] * session.cost, session.period))
    return evolve(taken, seated=seated, held=held)


def _loads(room: Room, choices: Choices, chosen: Chosen) -> Iterator[Load]:
    for number in sorted(chosen.starts):
        start = choices.starts[number]
        pair = choices.pairs[start.pair]
        offer = room.offers[choices.measures[pair.measure].id]
        slot = next(each for each in offer.slots if each.period == start.period)
        yield from loads_of(room.scene, room.stores, pair.person, offer, slot)
    for number, heads in enumerate(chosen.hired):
        yield from money(room.scene, room.stores, heads * choices.hires[number].cost, 0)


def _seated(choices: Choices, chosen: Chosen) -> Mapping[int, int]:
    """Count who sits in the sessions of each measure and period, by their place."""
    found: dict[int, int] = {}
    for number in sorted(chosen.starts):
        session = choices.starts[number].session
        if session is not None:
            found[session] = found.get(session, 0) + 1
    return found
