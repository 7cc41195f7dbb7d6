"""Does one employee read their own, whole, and in words? Clauses H-4, S-2 to S-5 and X-8."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from kompetanse_core import (
    Analysis,
    Audience,
    EmployeeId,
    Grid,
    Language,
    Limits,
    Misuse,
    Plugins,
    Report,
    analyse,
    make_report,
)

ON = date(2027, 1, 1)


@cache
def analysed() -> Analysis:
    """The bundled hospital under a budget."""
    enterprise = Plugins.installed().source("example").read().enterprise
    return analyse(enterprise, on=ON, limits=Limits(budget=400_000))


def own(employee: str, language: Language = Language.NB) -> Report:
    """One employee's report."""
    return make_report(
        analysed(),
        audience=Audience.EMPLOYEE,
        employee=EmployeeId(employee),
        language=language,
    )


def grids(report: Report, name: str) -> list[Grid]:
    """The grids of one section."""
    section = next(each for each in report.sections if each.id == name)
    return [block for block in section.blocks if isinstance(block, Grid)]


def test_every_role_of_the_person_has_its_table() -> None:
    """A person with two part engagements reads what each of them requires."""
    captions = [grid.caption for grid in grids(own("a102"), "krav")]
    assert captions == [
        "Helsesekretær, Pasientkontoret",
        "Koordinator for digital hjemmeoppfølging, Dagpost og poliklinikk",
    ]


def test_a_person_reads_every_assessment_of_them() -> None:
    """X-8: as many rows as there are assessments, each with where it comes from."""
    assessments = [each for each in analysed().enterprise.assessments if each.employee == "a102"]
    (grid,) = grids(own("a102"), "registrert")
    assert len(grid.rows) == len(assessments)
    assert {row[2].text for row in grid.rows} <= {
        "dokumentasjon",
        "prøve",
        "felles vurdering",
        "leders vurdering",
        "egenvurdering",
    }


def test_what_has_run_out_or_lacks_proof_is_told_as_such() -> None:
    """Over all employees, every state that stands in the gaps is told in words."""
    people = analysed().enterprise.employees.words_of("id").values
    told = {row[3].text for p in people for g in grids(own(p), "krav") for row in g.rows}
    assert {"på plass", "mangler", "ikke kartlagt", "utløpt", "mangler dokumentasjon"} <= told
    assert any(words.endswith(", utløper snart") for words in told)


def test_a_proposed_measure_says_what_must_be_cleared_up() -> None:
    """S-4: each proposal for a person says what it lifts, when, and what it takes."""
    (grid,) = grids(own("a102"), "plan")
    assert grid.rows
    assert all(cell.text for row in grid.rows for cell in row)


def test_the_report_is_told_in_english_too() -> None:
    """The same sections, in the other language."""
    nb, en = own("a102"), own("a102", Language.EN)
    assert [each.id for each in nb.sections] == [each.id for each in en.sections]
    assert en.title == "Your competence"


@pytest.mark.parametrize(
    ("audience", "employee", "code"),
    [
        (Audience.EMPLOYEE, None, "E214"),
        (Audience.EMPLOYEE, EmployeeId("nobody"), "E503"),
        (Audience.PARTIES, EmployeeId("a102"), "E214"),
    ],
)
def test_a_report_is_for_somebody_who_is_there(
    audience: Audience, employee: EmployeeId | None, code: str
) -> None:
    """A report for an employee names one that there is; one for the parties names nobody."""
    with pytest.raises(Misuse, match=code) as refused:
        make_report(analysed(), audience=audience, employee=employee)
    assert (employee or "a102") not in str(refused.value)
