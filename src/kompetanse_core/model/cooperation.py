"""What have the two parties done together? Event, Register and Matter (samarbeid).

Clauses P-1 to P-9, B-14 to B-16, A-11, D-3, D-4, R-4 to R-6. A register holds seats and sides,
never a person's membership.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, NewType

from attrs import Attribute, evolve, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.privacy import ActorId
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.validators import ident, idents, instant
from kompetanse_core.model.work import UnitId

EventId = NewType("EventId", str)
MatterId = NewType("MatterId", str)


class Side(Enum):
    """Side: who takes part: management, the employees, or their representatives (P-8)."""

    MANAGEMENT = "management"
    EMPLOYEES = "employees"
    UNION = "union"


class MatterKind(Enum):
    """Sakstype: the kind of matter decides the process (B-16)."""

    MEASURE = "measure"
    OPERATION = "operation"
    ECONOMY = "economy"
    COST = "cost"
    CHANGE = "change"
    NEED = "need"
    MAPPING = "mapping"
    GAP = "gap"
    PLAN = "plan"
    AGENDA = "agenda"
    ARRANGEMENT = "arrangement"
    OTHER = "other"


class EventKind(Enum):
    """Hendelsestype: information, discussion and drøfting differ in strength (X-4)."""

    CHANGE = "change"
    INFORMATION = "information"
    DISCUSSION = "discussion"
    CONSULTATION = "consultation"
    INPUT = "input"
    ANSWER = "answer"
    STATEMENT = "statement"
    AGREEMENT = "agreement"
    RECOGNITION = "recognition"
    REVIEW = "review"
    DECISION = "decision"


class Reception(Enum):
    """Mottakelse: what became of a view or an input (P-7, D-4)."""

    OPEN = "open"
    TAKEN_IN = "taken-in"
    PARTLY = "partly"
    NOT_TAKEN_IN = "not-taken-in"


@frozen(kw_only=True)
class Matter:
    """Sak: something that the parties take up, and what it is about."""

    id: MatterId = field(validator=ident)
    label: Text
    kind: MatterKind
    measures: tuple[MeasureId, ...] = field(default=(), validator=idents)
    units: tuple[UnitId, ...] = field(default=(), validator=idents)
    raised: date | None = None


@frozen(kw_only=True)
class View:
    """Synspunkt: what one side said, and what became of it (R-6, P-7)."""

    side: Side
    text: Text
    reception: Reception = Reception.OPEN
    answer: Text = NO_TEXT

    def __attrs_post_init__(self) -> None:
        """Refuse a view that says nothing.

        Raises:
            Misuse: E214.
        """
        if not self.text:
            raise Misuse("E214", "a view says something")


@frozen(kw_only=True)
class Event:
    """Hendelse: one thing that happened between the parties, on one day.

    `bound` says that management had taken a position in advance: a drøfting that was bound does
    not count (X-4). `decided_by` names the actor behind a decision. `refers_to` are earlier
    events, such as the input that an answer answers.
    """

    id: EventId = field(validator=ident)
    kind: EventKind
    on: date
    sides: tuple[Side, ...] = ()
    matters: tuple[MatterId, ...] = field(default=(), validator=idents)
    views: tuple[View, ...] = ()
    note: Text = NO_TEXT
    unit: UnitId | None = field(default=None, validator=ident)
    bound: bool = False
    decided_by: ActorId | None = field(default=None, validator=ident)
    refers_to: tuple[EventId, ...] = field(default=(), validator=idents)
    recorded: datetime | None = field(default=None, validator=instant)


@frozen(kw_only=True)
class Register:
    """Samarbeidsregister: every event in the order it was entered; it only ever grows."""

    events: tuple[Event, ...] = field(default=())

    @events.validator
    def _distinct(self, attribute: Attribute[Any], events: tuple[Event, ...]) -> None:
        if len({event.id for event in events}) != len(events):
            raise Misuse("E505", "two events have the same id")

    def __len__(self) -> int:
        """Count the events."""
        return len(self.events)

    def __iter__(self) -> Iterator[Event]:
        """Yield the events in the order they were entered."""
        return iter(self.events)

    def with_event(self, event: Event) -> Register:
        """Give a register with one more event at its end.

        Raises:
            Misuse: E505, if the event's id is there already.
        """
        return evolve(self, events=(*self.events, event))


NO_REGISTER = Register()
