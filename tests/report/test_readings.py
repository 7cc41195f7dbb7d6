"""Is somebody told who has read about them, and how sure that is?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.privacy import Access, Actor, ActorId, ActorKind, Purpose
from kompetanse_core.model.text import Language
from kompetanse_core.report.page import Grid, Paragraph, Section
from kompetanse_core.report.readings import readings_about

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
HOUSE = Enterprise(actors=[Actor(id=ActorId("leder"), kind=ActorKind.LEADER)])
FLAW = Finding(code="E805", severity=Severity.REFUSE, text="an entry has been changed")


def told(*readings: Access, flaws: tuple[Finding, ...] | None = ()) -> Section:
    """What is told of these readings, in bokmål."""
    return readings_about(
        readings, unmarked=1234, flaws=flaws, enterprise=HOUSE, language=Language.NB
    )


def reading(actor: str, at: datetime = NOON) -> Access:
    """Somebody reads for development."""
    return Access(actor=ActorId(actor), purpose=Purpose.DEVELOPMENT, at=at)


def test_each_reading_is_told_with_instant_seat_and_purpose() -> None:
    """In the order of the log, whatever the clocks said; who has left is told by the id alone."""
    grid = told(reading("leder"), reading("gone", NOON - timedelta(minutes=721))).blocks[0]
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["01.01.2027 12:00 UTC", "leder (nærmeste leder)", "kompetanseutvikling"],
        ["31.12.2026 23:59 UTC", "gone", "kompetanseutvikling"],
    ]


@pytest.mark.parametrize(
    ("flaws", "words"),
    [((), "Loggen er etterprøvd"), ((FLAW,), "Loggen er endret"), (None, "kan ikke vise")],
)
def test_how_sure_the_list_is_is_told(flaws: tuple[Finding, ...] | None, words: str) -> None:
    """F25: verified, changed, or not to be verified; never silent. Unmarked entries are counted."""
    first, rest, proof = told(flaws=flaws).blocks
    assert first == Paragraph(text="Ingen har lest om deg alene.")
    assert isinstance(rest, Paragraph)
    assert "1\u202f234" in rest.text
    assert isinstance(proof, Paragraph)
    assert words in proof.text


@pytest.mark.parametrize("language", Language)
def test_it_is_told_in_both_languages(language: Language) -> None:
    """English in English; bokmål and nynorsk readers get Norwegian."""
    section = readings_about(
        [reading("leder")], unmarked=0, flaws=None, enterprise=HOUSE, language=language
    )
    assert ("read" in section.heading) == (language is Language.EN)
