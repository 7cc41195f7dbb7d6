"""Does the section of the follow-up read as it should? Each sentence once, firm ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

import pytest

from kompetanse_core import Analysis, Grid, Language, Limits, Paragraph, Points, Section, analyse
from kompetanse_core.cooperation import Standing
from kompetanse_core.plugins import Plugins
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.together import together


@cache
def analysed() -> Analysis:
    """The bundled hospital on the day of its example."""
    enterprise = Plugins.installed().source("example").read().enterprise
    return analyse(enterprise, on=date(2027, 1, 1), limits=Limits(budget=400_000))


def section(language: Language) -> Section:
    """What the parties do together, as it is told."""
    analysis = analysed()
    return together(analysis.follow_up, Telling(language=language, enterprise=analysis.enterprise))


def told(of: Section) -> Sequence[tuple[str, str]]:
    """Give every sentence with the clauses it answers, as they stand."""
    points = [each for block in of.blocks if isinstance(block, Points) for each in block.points]
    rows = [row for block in of.blocks if isinstance(block, Grid) for row in block.rows]
    found = [
        (text, clauses.rstrip(")")) for text, _, clauses in (p.rpartition(" (") for p in points)
    ]
    return (*found, *((row[1].text, row[0].text) for row in rows))


@pytest.mark.parametrize(
    ("language", "words"),
    [(Language.NB, "punktene i «Veileder"), (Language.EN, "clauses of “Guide")],
)
def test_whose_clauses_they_are_is_told(language: Language, words: str) -> None:
    """A reader who meets "D-4" is told what it is a clause of."""
    first = section(language).blocks[0]
    assert isinstance(first, Paragraph)
    assert words in first.text


@pytest.mark.parametrize("language", [Language.NB, Language.EN])
def test_no_sentence_is_told_twice(language: Language) -> None:
    """D-4 and B-11, A-12 and M-4: what answers several clauses is said once and names them all."""
    sentences = told(section(language))
    assert [
        text for text, times in Counter(text for text, _ in sentences).items() if times > 1
    ] == []
    named = Counter(clause for _, clauses in sentences for clause in clauses.split(", "))
    answered = [
        account.rule.clause
        for account in analysed().follow_up
        if account.standing is not Standing.NOT_APPLICABLE
    ]
    assert named == Counter(answered)
    assert {"D-4, B-11", "A-12, M-4"} <= {clauses for _, clauses in sentences}
