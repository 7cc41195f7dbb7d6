"""Does one employee read their own, whole, and in words? Clauses H-4, S-2 to S-5 and X-8."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from attrs import evolve

from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Analysis,
    Audience,
    EmployeeId,
    FacetGroup,
    Grid,
    Language,
    Limits,
    Misuse,
    Plugins,
    PrivacyRefused,
    Purpose,
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


def themself(employee: str) -> Actor:
    """The employee, who asks about themself."""
    return Actor(id=ActorId("selv"), kind=ActorKind.EMPLOYEE, employee=employee)


LEADER = Actor(id=ActorId("leder"), kind=ActorKind.LEADER, unit="sykehus")


def own(employee: str, language: Language = Language.NB, *, actor: Actor | None = None) -> Report:
    """One employee's report, for the employee or for another actor."""
    return make_report(
        analysed(),
        audience=Audience.EMPLOYEE,
        employee=EmployeeId(employee),
        actor=actor or themself(employee),
        purpose=Purpose.DEVELOPMENT,
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
    grid = next(each for each in grids(own("a102"), "registrert") if each.caption == "Vurderinger")
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


def test_a_person_reads_all_that_is_held() -> None:
    """X-8: over all employees, as many rows as there are facts of each kind, and what for."""
    enterprise, rows = analysed().enterprise, dict[str, int]()
    for person in enterprise.employees.words_of("id").values:
        for grid in grids(own(person), "registrert"):
            rows[grid.caption] = rows.get(grid.caption, 0) + len(grid.rows)
            assert {row[-1].text for row in grid.rows} <= {
                "kompetanseutvikling",
                "lovpålagt dokumentasjon",
            }
    assert rows == {
        "Ansettelser": len(enterprise.engagements),
        "Vurderinger": len(enterprise.assessments),
        "Dokumentasjon": len(enterprise.evidence),
        "Ønsker": len(enterprise.wishes),
    }


def test_a_leader_reads_it_in_other_words_and_of_nobodys_nature() -> None:
    """M-13: traits, attitudes and values stand in a person's own report and in no leader's."""
    enterprise = analysed().enterprise
    being = {
        competence.label.read(Language.NB)
        for competence in enterprise.competences
        if competence.facet and competence.facet.group is FacetGroup.BEING
    }
    mine, theirs = own("a102"), own("a102", actor=LEADER)
    assert [each.id for each in theirs.sections] == [each.id for each in mine.sections]
    assert theirs.title == "Kompetansen til en medarbeider"
    read = {
        row[0].text for name in ("krav", "registrert") for g in grids(mine, name) for row in g.rows
    }
    led = {
        row[0].text
        for name in ("krav", "registrert")
        for g in grids(theirs, name)
        for row in g.rows
    }
    assert read & being
    assert not led & being
    assert led < read


@pytest.mark.parametrize(
    ("actor", "purpose"),
    [
        (None, Purpose.DEVELOPMENT),
        (LEADER, None),
        (evolve(LEADER, unit="nowhere"), Purpose.DEVELOPMENT),
        (LEADER, Purpose.SUBJECT_RIGHTS),
        (evolve(LEADER, kind=ActorKind.UNION_REPRESENTATIVE), Purpose.DEVELOPMENT),
        (themself("a101"), Purpose.DEVELOPMENT),
    ],
)
def test_bad_input_88_and_89_the_report_itself_refuses(
    actor: Actor | None, purpose: Purpose | None
) -> None:
    """FAULTS 88 and 89: not the command line alone: no report for nobody, or for a stranger."""
    with pytest.raises(PrivacyRefused, match="E554") as refused:
        make_report(
            analysed(),
            audience=Audience.EMPLOYEE,
            employee=EmployeeId("a102"),
            actor=actor,
            purpose=purpose,
        )
    assert "a102" not in str(refused.value)


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
        make_report(
            analysed(),
            audience=audience,
            employee=employee,
            actor=themself("nobody"),
            purpose=Purpose.DEVELOPMENT,
        )
    assert (employee or "a102") not in str(refused.value)
