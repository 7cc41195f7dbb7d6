"""Who has read about me? `readings_about` writes what the log of accesses tells of one person.

Clauses X-1 and X-8. For the person alone: who asked, what for and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.privacy import Access, ActorId, ActorKind
from kompetanse_core.model.text import Language
from kompetanse_core.report.page import Block, Cell, Paragraph, Section
from kompetanse_core.report.processing import PURPOSES, SEATS
from kompetanse_core.report.telling import Telling


def readings_about(
    readings: Iterable[Access],
    *,
    unmarked: int,
    flaws: Sequence[Finding] | None,
    enterprise: Enterprise,
    language: Language,
) -> Section:
    """Write who has read about one person, oldest first, by the seats of an enterprise.

    `unmarked` counts what the log marks with nobody. `flaws` are what verifying the log found; None
    where it cannot be verified.
    """
    telling = Telling(language=language, enterprise=enterprise)
    kinds = {actor.id: actor.kind for actor in enterprise.actors}
    rows = [_row(each, kinds, telling) for each in readings]
    blocks: tuple[Block, ...] = (
        _listed(rows, telling),
        Paragraph(text=_rest(unmarked, telling)),
        Paragraph(text=_proof(flaws, telling)),
    )
    heading = telling.say("Hvem har lest om deg", "Who has read about you")
    return Section(id="innsyn", heading=heading, blocks=blocks)


def _row(
    access: Access, kinds: Mapping[ActorId, ActorKind], telling: Telling
) -> tuple[Cell, Cell, Cell]:
    """Tell one reading: who has no seat any more is told by the id alone."""
    kind = kinds.get(access.actor)
    seat = f" ({SEATS[kind].read(telling.language)})" if kind else ""
    purpose = PURPOSES[access.purpose].read(telling.language)
    when, who = _instant(access.at, telling), f"{access.actor}{seat}"
    return telling.words(when), telling.words(who), telling.words(purpose)


def _instant(at: datetime, telling: Telling) -> str:
    return f"{telling.day(at.date())} {at:%H:%M} UTC"


def _listed(rows: Sequence[tuple[Cell, ...]], telling: Telling) -> Block:
    say = telling.say
    if not rows:
        return Paragraph(
            text=say("Ingen har lest om deg alene.", "Nobody has read about you alone.")
        )
    columns = [(say("Når", "When"), False), (say("Hvem", "Who"), False)]
    columns.append((say("Formål", "Purpose"), False))
    caption = say("Lesinger som gjelder deg alene", "Readings that are about you alone")
    return telling.unguarded(caption, columns, rows)


def _rest(unmarked: int, telling: Telling) -> str:
    number = telling.whole(unmarked)
    return telling.say(
        f"Oppføringer uten merke: {number}. Det er lesinger av hele virksomheten, som gjelder "
        "alle, slettinger og spørsmål om noen lageret ikke hadde noe om.",
        f"Entries without a mark: {number}. They are readings of the whole enterprise, which are "
        "about everybody, erasings, and questions about somebody of whom nothing was held.",
    )


def _proof(flaws: Sequence[Finding] | None, telling: Telling) -> str:
    say = telling.say
    if flaws is None:
        return say(
            "Dette lageret kan ikke vise at loggen er uendret.",
            "This store cannot show that the log is unchanged.",
        )
    if flaws:
        return say(
            "Loggen er endret etter at den ble skrevet: listen kan mangle noe eller være feil.",
            "The log was changed after it was written: the list may lack something or be wrong.",
        )
    return say(
        "Loggen er etterprøvd: ingenting er endret, fjernet eller kuttet av.",
        "The log has been verified: nothing has been changed, removed or cut off.",
    )
