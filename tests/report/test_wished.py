"""Who is told of a wish? The person, a leader above, and the parties only how many (A-3, M-13)."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from attrs import evolve
from tests.report.test_own import LEADER, themself

from kompetanse_core import (
    Actor,
    Analysis,
    Audience,
    EmployeeId,
    Enterprise,
    Grid,
    Language,
    Limits,
    Plugins,
    Points,
    Purpose,
    Report,
    Wish,
    analyse,
    make_report,
)
from kompetanse_core.report.groups import WISHED, guarded
from kompetanse_core.report.veil import NO_VEIL

ON = date(2027, 1, 1)
FRAME = Limits(budget=600_000, wish_budget=20_000)


@cache
def hospital() -> Enterprise:
    """The bundled hospital."""
    return Plugins.installed().source("example").read().enterprise


def analysed(wishes: tuple[Wish, ...], limits: Limits = FRAME) -> Analysis:
    """The hospital with these wishes and no others."""
    return analyse(evolve(hospital(), wishes=wishes), on=ON, limits=limits)


@cache
def as_it_is() -> Analysis:
    """The hospital with all its wishes."""
    return analysed(tuple(hospital().wishes))


def own(employee: str, actor: Actor | None = None, language: Language = Language.NB) -> Report:
    """One employee's report."""
    return make_report(
        as_it_is(),
        audience=Audience.EMPLOYEE,
        employee=EmployeeId(employee),
        actor=actor or themself(employee),
        purpose=Purpose.DEVELOPMENT,
        language=language,
    )


def rows(report: Report) -> list[tuple[str, ...]]:
    """What the report says of wishes that no gap stands behind."""
    return [
        tuple(cell.text for cell in row)
        for section in report.sections
        if section.id == "onsker"
        for block in section.blocks
        if isinstance(block, Grid)
        for row in block.rows
    ]


def test_the_person_reads_what_the_wish_takes() -> None:
    """H-7, K-4, S-4: what, which kind, by what, to what end, at whose cost, and how it stands."""
    (row,) = rows(own("a116"))
    assert row[0] == "Lindrende behandling"
    assert row[1] == "eget ønske"
    assert row[2].startswith("Fagskole i eldreomsorg, modul (")
    assert row[3:5] == ("personlig og faglig utvikling", "ikke avklart")
    assert "7\u202f000\u00a0kr i kostnad" in row[5]
    assert row[6] == "ikke med i planen"
    (english,) = rows(own("a116", language=Language.EN))
    assert english[1::5] == ("own wish", "not part of the plan")
    assert rows(own("a102")) == []


def test_a_leader_reads_a_wish_that_says_nothing_hidden() -> None:
    """M-13: what a wish for a role takes could tell what the person is like: left to the person."""
    assert rows(own("a116", LEADER)) == rows(own("a116"))
    assert rows(own("a119"))
    assert rows(own("a119", LEADER)) == []


def parties(analysis: Analysis) -> str:
    """Everything that is told to the parties, in one text."""
    report = make_report(analysis, audience=Audience.PARTIES)
    blocks = [block for section in report.sections for block in section.blocks]
    told = [point for block in blocks if isinstance(block, Points) for point in block.points]
    told += [c.text for b in blocks if isinstance(b, Grid) for row in b.rows for c in row]
    return "\n".join(told)


def test_the_parties_are_told_how_many_from_five_up() -> None:
    """M-13: five wish for something that no gap asks for; of four nothing is said."""
    assert "5 ansatte har ønsker som det ikke står noe gap bak" in parties(as_it_is())
    four = tuple(each for each in hospital().wishes if each.employee != "a159")
    few = analysed(four)
    assert len(few.plan.wishes) == 4
    assert "ønsker som" not in parties(few)


def test_where_all_but_few_wish_it_is_told_of_nobody() -> None:
    """FAULTS 85: that all but one of a house wish for something would tell it of nearly all."""
    wishes = wishing_for("nowhere", hospital().employees.words_of("id").values)
    for left, hidden in ((5, False), (4, True)):
        veil = guarded(analysed(wishes[left:]), NO_VEIL, k=5)
        assert (WISHED in veil.hidden) == hidden


def wishing_for(measure: str, people: tuple[str, ...]) -> tuple[Wish, ...]:
    """The same wish of several."""
    seen = next(each for each in hospital().wishes if each.measure)
    return tuple(evolve(seen, employee=EmployeeId(each), measure=measure) for each in people)


@pytest.mark.parametrize("wishing", [1, 5])
def test_a_granted_wish_stands_among_measures_and_tells_nobody(wishing: int) -> None:
    """What the plan costs is all told; that a measure is a wish only where five have it."""
    everybody = hospital().employees.words_of("id").values
    all_of_them = analysed(wishing_for("helselovkurs", everybody)).plan.granted
    named = tuple(str(step.employee) for step in all_of_them)[:wishing]
    analysis = analysed(wishing_for("helselovkurs", named))
    assert [step.employee for step in analysis.plan.granted] == list(named)
    text = parties(analysis)
    assert ("eget ønske" in text) == (wishing >= 5)
    assert not [person for person in named if person in text]
