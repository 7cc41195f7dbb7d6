"""Are the people of the benchmark drawn as it is said, round roles that stay as they are?"""

from collections import Counter
from datetime import date

import pytest
from attrs import evolve
from benchmarks.synthetic import OFFSETS, SYNTHETIC, VALID_DAYS, synthetic

from kompetanse_core import (
    Bearer,
    Competence,
    CompetenceId,
    Enterprise,
    Facet,
    Level,
    Occupation,
    OccupationId,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    Text,
    assemble,
)

ON = date(2027, 1, 1)


def framework() -> Enterprise:
    """Ten roles in two families that each take six of twenty skills, at two to four of four."""
    scale = Scale(id=ScaleId("four"), top=Level(4))
    skills = [
        Competence(
            id=CompetenceId(f"skill-{n:02}"),
            label=Text(en=f"Skill {n}"),
            facet=Facet.SKILL,
            scale=scale.id,
        )
        for n in range(20)
    ]
    roles = [
        Role(
            id=RoleId(f"role-{n}"),
            label=Text(en=f"Role {n}"),
            family="even" if n % 2 else "odd",
            occupation=OccupationId(f"job-{n // 2}"),
        )
        for n in range(10)
    ]
    taken = [
        Requirement(
            bearer=Bearer.ROLE,
            of=role.id,
            competence=skills[(n + step) % 20].id,
            level=Level(2 + step % 3),
        )
        for n, role in enumerate(roles)
        for step in range(6)
    ]
    jobs = [Occupation(id=OccupationId(f"job-{n}"), label=Text(en=f"Job {n}")) for n in range(5)]
    return Enterprise(
        scales=[scale], competences=skills, occupations=jobs, roles=roles, requirements=taken
    )


def drawn(*, people: int = 200, seed: int = 1) -> Enterprise:
    """Synthetic people round the framework."""
    return synthetic(framework(), people=people, seed=seed, on=ON)


def test_it_says_that_it_is_synthetic() -> None:
    """The enterprise, and everybody in it, is named so that nobody takes them for real."""
    enterprise = drawn()
    assert enterprise.name.en == SYNTHETIC
    assert all(each.id.startswith("synthetic-") for each in enterprise.employees)
    labels = [*(unit.label for unit in enterprise.units), *(m.label for m in enterprise.measures)]
    assert all("ynthetic" in label.en for label in labels)


def test_one_seed_gives_one_enterprise() -> None:
    """The same seed, the same people; another seed, others."""
    assert drawn() == drawn()
    assert drawn() != drawn(seed=2)


def test_roles_and_requirements_stay_real() -> None:
    """Only the need behind each requirement is added."""
    real, enterprise = framework(), drawn()
    assert enterprise.roles == real.roles
    assert enterprise.competences == real.competences
    unreasoned = [evolve(each, needs=()) for each in enterprise.requirements]
    assert unreasoned == list(real.requirements)


def test_what_is_drawn_hangs_together() -> None:
    """Assembling finds nothing to refuse, and every role has somebody in it."""
    enterprise = drawn()
    assert assemble(enterprise).refused == ()
    assert {each.role for each in enterprise.engagements} == {role.id for role in enterprise.roles}
    assert len(enterprise.employees) == 200


@pytest.mark.parametrize("seed", range(3))
def test_levels_are_drawn_by_the_weights_that_are_told(seed: int) -> None:
    """A fifth of what roles take is unknown, and nearly half of the rest is as needed."""
    enterprise = drawn(people=1_000, seed=seed)
    needed = {
        (each.employee, asked.competence): asked.level
        for each in enterprise.engagements
        for asked in enterprise.requirements
        if asked.of == each.role
    }
    known = {
        (each.employee, each.competence): each.level
        for each in enterprise.assessments
        if (each.employee, each.competence) in needed and each.source.value != "self"
    }
    share = Counter(known[key] >= needed[key] for key in known)[True] * 100 // len(known)
    enough = sum(weight for offset, weight in OFFSETS.items() if offset >= 0)
    assert abs(share - enough) <= 5
    selfless = {(each.employee, each.competence) for each in enterprise.assessments} & needed.keys()
    assert 76 <= len(selfless) * 100 // len(needed) <= 84


def test_certificates_expire_and_some_have() -> None:
    """Some of what is held runs out, each after the same number of days."""
    lasting = Counter(
        (each.expires - each.assessed).days
        for each in drawn().assessments
        if each.expires is not None
    )
    assert set(lasting) == {VALID_DAYS}
    expired = [each for each in drawn().assessments if each.expires and each.expires < ON]
    assert expired
