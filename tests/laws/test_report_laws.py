"""What holds for the report of every enterprise: few people are never told about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Analysis,
    Audience,
    Cell,
    Enterprise,
    Grid,
    Language,
    Limits,
    Paragraph,
    Points,
    Purpose,
    Report,
    analyse,
    find_gaps,
    make_report,
)
from kompetanse_core.conformance.renaming import Renaming, renamings
from kompetanse_core.conformance.strategies import DAY, SMALL, Size, enterprises
from kompetanse_core.report import situation
from kompetanse_core.report.telling import Telling

FEW = Size(units=1, roles=1, competences=1, requirements=2, employees=1, engagements=1)
CROWD = Size(units=1, roles=1, competences=1, requirements=2, employees=6, engagements=8)
COUNTED = {"Hoder", "Ansatte", "Deltakere", "Mangler eller utløpt", "Ikke kartlagt", "Kjent"}
LANGUAGES = st.sampled_from((Language.NB, Language.EN))


def analysed(enterprise: Enterprise) -> Analysis:
    """Go through the chain under no limit but two periods."""
    return analyse(enterprise, on=DAY, limits=Limits(periods=2))


def grids(report: Report) -> Iterator[Grid]:
    """Give every grid of a report."""
    for section in report.sections:
        yield from (block for block in section.blocks if isinstance(block, Grid))


def cells(report: Report) -> Iterator[tuple[str, Cell]]:
    """Give every cell of a report with the heading of its column."""
    for grid in grids(report):
        for row in (*grid.rows, *((grid.total,) if grid.total else ())):
            yield from zip(grid.columns, row, strict=True)


def words(report: Report) -> str:
    """Give everything that a report says, in one text."""
    said = [report.title, report.lead]
    for section in report.sections:
        said.append(section.heading)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                said.append(block.text)
            elif isinstance(block, Points):
                said.extend(block.points)
            else:
                said.extend((block.caption, block.note, *block.columns))
    return "\n".join((*said, *(cell.text for _, cell in cells(report))))


@given(enterprises(least=CROWD))
def test_no_released_table_counts_fewer_than_five_people(enterprise: Enterprise) -> None:
    """Whatever counts people in a report for the parties counts none, or five and more."""
    analysis = analysed(enterprise)
    report = make_report(analysis, audience=Audience.PARTIES)
    counted = [cell.number for heading, cell in cells(report) if heading in COUNTED]
    assert all(number is None or number == 0 or number >= 5 for number in counted)


@given(enterprises(least=FEW, most=evolve(SMALL, employees=4)))
def test_an_enterprise_of_fewer_than_five_shows_no_coverage(enterprise: Enterprise) -> None:
    """Where all who are held against requirements are few, no figure about them is told."""
    analysis = analysed(enterprise)
    report = make_report(analysis, audience=Audience.PARTIES)
    if 0 < analysis.gaps.total.contributors < 5:
        assert not any(cell.bar for _, cell in cells(report))
        told = {section.id: section for section in report.sections}
        answered = [cell for cell in _rows(told["sporsmal"].blocks) if cell.number is not None]
        assert not answered


def _rows(blocks: tuple[object, ...]) -> Iterator[Cell]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from (cell for row in block.rows for cell in row[1:])


@given(enterprises(least=CROWD), LANGUAGES)
def test_the_parties_read_nobodys_pseudonym(enterprise: Enterprise, language: Language) -> None:
    """No pseudonym stands in a report for the parties."""
    analysis = analysed(enterprise)
    said = words(make_report(analysis, audience=Audience.PARTIES, language=language))
    people = analysis.enterprise.employees.words_of("id").values
    assert not [person for person in people if re.search(rf"\b{re.escape(person)}\b", said)]


@given(enterprises(least=CROWD), st.data())
def test_an_employee_reads_of_nobody_else(enterprise: Enterprise, data: st.DataObject) -> None:
    """A report for one employee is as it would be if everybody else's pseudonym were another."""
    analysis = analysed(enterprise)
    people = analysis.enterprise.employees.words_of("id").values
    if not people:
        return
    reader = data.draw(st.sampled_from(people))
    said = words(
        make_report(
            analysis,
            audience=Audience.EMPLOYEE,
            employee=reader,
            actor=Actor(id=ActorId("self"), kind=ActorKind.EMPLOYEE, employee=reader),
            purpose=Purpose.SUBJECT_RIGHTS,
        )
    )
    others = [person for person in people if person != reader]
    assert not [person for person in others if re.search(rf"\b{re.escape(person)}\b", said)]


@given(enterprises(least=CROWD), LANGUAGES)
def test_the_same_analysis_is_told_the_same(enterprise: Enterprise, language: Language) -> None:
    """Same input, same report, in either language."""
    analysis = analysed(enterprise)
    first, second = (
        make_report(analysis, audience=Audience.PARTIES, language=language) for _ in range(2)
    )
    assert first == second


@given(enterprises(least=CROWD), st.data())
def test_what_people_are_called_changes_no_report(
    enterprise: Enterprise, data: st.DataObject
) -> None:
    """Other pseudonyms, same tables of what is held and missing."""
    new = data.draw(renamings(enterprise))
    names = {key: name for key, name in new.names.items() if key[0] == "EmployeeId"}
    other = Renaming(MappingProxyType(names)).apply(enterprise)
    first, second = (find_gaps(each, on=DAY) for each in (enterprise, other))
    assert str(first) == str(second)
    telling = Telling(language=Language.NB, enterprise=enterprise)
    assert situation.gaps_found(first, telling) == situation.gaps_found(second, telling)
