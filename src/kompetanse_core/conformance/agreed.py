"""What have two parties agreed on? An enterprise with their statement and rules, for contracts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kompetanse_core.model.cooperation import (
    Event,
    EventId,
    EventKind,
    Matter,
    MatterId,
    MatterKind,
    Reception,
    Register,
    Side,
    View,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.rule import ClauseId, Effect, Rule, RuleSet, Strength
from kompetanse_core.model.text import Text

NEEDED = Matter(id=MatterId("s-1"), label=Text(nb="Behov", en="Needs"), kind=MatterKind.NEED)

JOINT = (
    Event(
        id=EventId("h-1"),
        kind=EventKind.STATEMENT,
        on=date(2026, 9, 22),
        sides=(Side.MANAGEMENT,),
        matters=(NEEDED.id,),
        note=Text(nb="Første versjon av utfordringene.", en="The first version."),
    ),
    Event(
        id=EventId("h-2"),
        kind=EventKind.STATEMENT,
        on=date(2026, 9, 22),
        sides=(Side.UNION, Side.MANAGEMENT),
        matters=(NEEDED.id,),
        note=Text(nb="Andre versjon.\nMed lønnet studiedag."),
        views=(View(side=Side.UNION, text=Text("Lønnet"), reception=Reception.TAKEN_IN),),
        refers_to=(EventId("h-1"),),
    ),
    Event(
        id=EventId("h-3"),
        kind=EventKind.AGREEMENT,
        on=date(2026, 9, 1),
        sides=(Side.EMPLOYEES, Side.UNION),
        refers_to=(EventId("h-2"), EventId("h-1")),
        recorded=datetime(2026, 9, 30, 12, tzinfo=UTC),
    ),
)
"""A joint statement in two versions, and an acceptance that was entered after a later event."""

LOCAL = RuleSet(
    id="local",
    label=Text(nb="Lokal avtale", en="Local agreement"),
    edition="2026-2",
    as_of=date(2026, 6, 1),
    rules=(
        Rule(
            clause=ClauseId("M-5"),
            text=Text("Metoden drøftes hvert år."),
            strength=Strength.SHOULD,
            effect=Effect.WARN,
            check="method-discussed",
            parameters=(("months", 12),),
            source="avtalen § 3",
        ),
    ),
)


def agreed(events: int) -> Enterprise:
    """Give what the parties have entered so far, of three events (B-14), with local rules (T-3)."""
    register = Register(events=JOINT[:events])
    return Enterprise(matters=[NEEDED], register=register, rule_sets=[LOCAL])
