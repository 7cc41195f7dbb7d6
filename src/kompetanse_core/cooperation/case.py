"""What does a check look at? Case: a rule, an enterprise, its plan, and what happened by a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from attrs import frozen

from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.gap import Gaps
from kompetanse_core.mapping import Completeness, completeness
from kompetanse_core.model.cooperation import (
    Event,
    EventKind,
    Matter,
    MatterId,
    MatterKind,
    Side,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Measure, MeasureId
from kompetanse_core.model.people import Unit
from kompetanse_core.model.privacy import ActorKind
from kompetanse_core.model.rule import Rule
from kompetanse_core.model.text import Language, Text
from kompetanse_core.model.work import UnitId
from kompetanse_core.plan import Plan, PlanItem

PARTIES = frozenset({Side.MANAGEMENT, Side.UNION})
"""The two sides of the co-operation: what is joint has both."""

DECIDERS = (ActorKind.MANAGEMENT, ActorKind.LEADER)
"""Who decides a plan: the side of management, and nobody else."""

ANY_SIDE: frozenset[Side] = frozenset()


class Labelled(Protocol):
    """What has a name to be called by."""

    @property
    def label(self) -> Text: ...


@frozen(kw_only=True, slots=False)
class Case:
    """Sak til kontroll: everything that one check may look at; it looks at nothing else."""

    rule: Rule
    enterprise: Enterprise
    plan: Plan | None
    on: date

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Give what had happened by the day, in the order of the register."""
        return tuple(event for event in self.enterprise.register if event.on <= self.on)

    @cached_property
    def matters(self) -> Mapping[MatterId, Matter]:
        """Give the matters by id."""
        return MappingProxyType({matter.id: matter for matter in self.enterprise.matters})

    @cached_property
    def measures(self) -> Mapping[MeasureId, Measure]:
        """Give the measures of the enterprise by id."""
        return MappingProxyType({measure.id: measure for measure in self.enterprise.measures})

    @cached_property
    def units(self) -> Mapping[UnitId, Unit]:
        """Give the units by id."""
        return MappingProxyType({unit.id: unit for unit in self.enterprise.units})

    @cached_property
    def gaps(self) -> Gaps | None:
        """Give the gaps that the plan came from."""
        return None if self.plan is None else self.plan.gaps

    @cached_property
    def breadth(self) -> Completeness:
        """Give which groups and sides of competence are covered by the day."""
        return completeness(self.enterprise, on=self.on)

    @cached_property
    def activities(self) -> tuple[PlanItem, ...]:
        """Give the items of the plan that carry out a measure."""
        planned = () if self.plan is None else self.plan.items
        return tuple(each for each in planned if each.measure is not None)

    @cached_property
    def planned(self) -> tuple[Measure, ...]:
        """Give the measures that the plan carries out, by id."""
        ids = frozenset(each.measure for each in self.activities)
        return tuple(self.measures[each] for each in sorted(self.measures) if each in ids)

    @cached_property
    def carried_out(self) -> frozenset[MeasureId]:
        """Name every measure of the plan: for what is lacking, for society (H-8), wished (H-7)."""
        if self.plan is None:
            return frozenset()
        taken_on = (each.measure for each in self.plan.undertakings if each.fits)
        wished = (each.measure for each in self.plan.granted if each.measure is not None)
        return frozenset((*(each.id for each in self.planned), *taken_on, *wished))

    @property
    def staffed(self) -> bool:
        """Whether anybody works here: the duties between the parties begin with that."""
        return bool(len(self.enterprise.employees) or len(self.enterprise.engagements))

    def within(self, units: Iterable[UnitId]) -> frozenset[UnitId]:
        """Give some units with all that lie below them: what is about a unit is about those too."""
        found = frozenset(units)
        while below := {
            unit.id
            for unit in self.enterprise.units
            if unit.parent in found and unit.id not in found
        }:
            found |= below
        return found

    def about(self, event: Event) -> tuple[Matter, ...]:
        """Give the matters that an event is about."""
        return tuple(self.matters[each] for each in event.matters if each in self.matters)

    def held(
        self,
        *kinds: EventKind,
        about: Iterable[MatterKind] = MatterKind,
        sides: frozenset[Side] = ANY_SIDE,
    ) -> tuple[Event, ...]:
        """Give the events of these kinds, about such matters, with these sides present."""
        wanted = frozenset(about)
        anything = wanted == frozenset(MatterKind)
        return tuple(
            event
            for event in self.events
            if event.kind in kinds
            and sides <= frozenset(event.sides)
            and (anything or any(matter.kind in wanted for matter in self.about(event)))
        )

    def account(
        self,
        standing: Standing,
        nb: str,
        en: str,
        *,
        events: Iterable[Event] = (),
        units: Iterable[UnitId] = (),
        measures: Iterable[MeasureId] = (),
    ) -> Account:
        """Account for the rule: how it stands, in both languages, and what shows it."""
        return Account(
            rule=self.rule,
            standing=standing,
            told=Text(nb=nb, en=en),
            events=tuple(event.id for event in events),
            units=tuple(sorted(units)),
            measures=tuple(sorted(measures)),
        )


def called(named: Iterable[Labelled]) -> tuple[str, str]:
    """Say what some nouns are called, in bokmål and in English, in the order of their names."""
    labels = [each.label for each in named]
    nb, en = (sorted(label.read(each) for label in labels) for each in (Language.NB, Language.EN))
    return ", ".join(nb), ", ".join(en)
