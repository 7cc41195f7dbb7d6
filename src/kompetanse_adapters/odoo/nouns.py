"""Which nouns do Odoo's rows become? An enterprise, and what was wrong or had no place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar

from attrs import frozen

from kompetanse_adapters.odoo.asking import (
    DEPARTMENTS,
    EMPLOYEE_SKILLS,
    EMPLOYEES,
    JOB_SKILLS,
    JOBS,
    LEVELS,
    LINE_TYPES,
    LINES,
    SKILLS,
    TYPES,
    Rows,
    needed,
)
from kompetanse_adapters.reading import Account, Node, Pseudonyms, find, read_instant
from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Assessment,
    AssessmentSource,
    Bearer,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Evidence,
    EvidenceId,
    EvidenceKind,
    Facet,
    KompetanseError,
    Language,
    Level,
    LevelName,
    Misuse,
    Reading,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    Text,
    Unit,
    UnitId,
    assemble,
)

Noun = TypeVar("Noun")

KINDS: Mapping[str, EvidenceKind] = MappingProxyType(
    {
        "Education": EvidenceKind.FORMAL_EDUCATION,
        "Other Experience": EvidenceKind.EXPERIENCE,
        "Experience": EvidenceKind.EXPERIENCE,
        "Training": EvidenceKind.COURSE,
        "Internal Certification": EvidenceKind.CERTIFICATE,
    }
)
"""What the lines of a résumé are, by the English names of their types in a new Odoo."""


@frozen(kw_only=True)
class Steps:
    """Trinn: the levels of each type of skill, from the lowest, as ids in Odoo."""

    of_type: Mapping[int, tuple[int, ...]]
    type_of: Mapping[int, int]
    """The type of each skill."""

    def level(self, skill: int, step: int) -> Level:
        """Give the level that a step is, from 1 up.

        Raises:
            Misuse: E502, if the step is not one of the skill's type.
        """
        steps = self.of_type.get(self.type_of.get(skill, 0), ())
        if step not in steps:
            raise Misuse("E502", "the level is not one of those of the skill's type")
        return Level(steps.index(step) + 1)


def steps_of(rows: Rows) -> Steps:
    """Put the levels of each type in order: by progress, then as Odoo numbers them.

    Raises:
        Misuse: E214 or E501, if a row does not say what it must.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for node in rows[LEVELS.name]:
        progress, step = needed(node, "level_progress"), needed(node, "id")
        found[needed(node, "skill_type_id")].append((progress, step))
    return Steps(
        of_type={kind: tuple(step for _, step in sorted(each)) for kind, each in found.items()},
        type_of={needed(n, "id"): needed(n, "skill_type_id") for n in rows[SKILLS.name]},
    )


def skill_id(skill: int) -> CompetenceId:
    """Give the id of a skill in the enterprise."""
    return CompetenceId(f"odoo:skill:{skill}")


def employee_of(people: Pseudonyms, employee: int) -> EmployeeId:
    """Give the pseudonym of an employee."""
    return people.of(f"odoo:employee:{employee}")


def tell(rows: Rows, people: Pseudonyms, language: Language, account: Account) -> Reading:
    """Make an enterprise of all rows; whatever is wrong with one is told where it stands."""
    for name in sorted(rows):
        account.read[name] = len(rows[name])
    try:
        told = _telling(rows, people, language, account)
    except KompetanseError as error:
        account.tell(find(error, error.place))
        return assemble(Enterprise(), findings=account.findings(), losses=account.losses())
    parcel = Enterprise(
        scales=told.each(TYPES.name, told.scale),
        competences=told.each(SKILLS.name, told.competence),
        roles=told.each(JOBS.name, told.role),
        requirements=told.each(JOB_SKILLS.name, told.requirement),
        units=told.each(DEPARTMENTS.name, told.unit),
        employees=told.each(EMPLOYEES.name, told.employee),
        engagements=told.each(EMPLOYEES.name, told.engagement),
        assessments=told.each(EMPLOYEE_SKILLS.name, told.assessment),
        evidence=(
            *told.each(EMPLOYEE_SKILLS.name, told.certificate),
            *told.each(LINES.name, told.line),
        ),
        actors=told.each(DEPARTMENTS.name, told.leader),
    )
    _count_what_is_assumed(parcel, account)
    found, losses = account.findings(), account.losses()
    return assemble(parcel, places=account.places, findings=found, losses=losses)


@frozen(kw_only=True)
class _Telling:
    """Make one noun of one row; None where the row is not about such a noun."""

    people: Pseudonyms
    language: Language
    account: Account
    rows: Rows
    steps: Steps
    names: Mapping[int, str]
    """What each level is called."""
    certified: frozenset[int]
    """The types whose skills are certificates."""
    kinds: Mapping[int, str]
    """What each type of résumé lines is called."""
    here: frozenset[int]
    """The employees who are here."""

    def each(self, name: str, make: Callable[[Node], Noun | None]) -> tuple[Noun, ...]:
        """Make nouns of all rows of a model; what is wrong with one refuses the reading."""
        found = []
        for node in self.rows[name]:
            try:
                noun = make(node)
            except KompetanseError as error:
                self.account.tell(find(error, error.place if error.place.file else node.place))
                self.account.leave_out(name, "it cannot be read")
            else:
                if noun is not None:
                    self.account.places[noun] = node.place
                    found.append(noun)
        return tuple(found)

    def scale(self, node: Node) -> Scale | None:
        key = needed(node, "id")
        steps = self.steps.of_type.get(key, ())
        if not steps:
            self.account.leave_out(TYPES.name, "the type has no levels")
            return None
        names = tuple(
            LevelName(level=Level(number), label=self.text(self.names[step]))
            for number, step in enumerate(steps, 1)
        )
        label = self.text(node.needed("name"))
        return Scale(id=_scale(key), label=label, top=Level(len(steps)), names=names)

    def competence(self, node: Node) -> Competence | None:
        kind = needed(node, "skill_type_id")
        if not self.steps.of_type.get(kind):
            self.account.leave_out(SKILLS.name, "its type has no levels")
            return None
        return Competence(
            id=skill_id(needed(node, "id")),
            label=self.text(node.needed("name")),
            facet=Facet.SKILL,
            scale=_scale(kind),
        )

    def role(self, node: Node) -> Role:
        return Role(id=_role(needed(node, "id")), label=self.text(node.needed("name")))

    def requirement(self, node: Node) -> Requirement:
        skill = needed(node, "skill_id")
        return Requirement(
            bearer=Bearer.ROLE,
            of=_role(needed(node, "job_id")),
            competence=skill_id(skill),
            level=self.steps.level(skill, needed(node, "skill_level_id")),
            start=node.day("valid_from"),
            end=node.day("valid_to"),
        )

    def unit(self, node: Node) -> Unit:
        parent = node.whole("parent_id")
        return Unit(
            id=_unit(needed(node, "id")),
            label=self.text(node.needed("name")),
            parent=None if parent is None else _unit(parent),
        )

    def leader(self, node: Node) -> Actor:
        """Make the leader's seat of a department, with nobody in it where nobody leads."""
        unit, leader = _unit(needed(node, "id")), node.whole("manager_id")
        person = None if leader is None else employee_of(self.people, leader)
        key = ActorId(f"leader: {unit}")
        filled = person if leader in self.here else None
        return Actor(id=key, kind=ActorKind.LEADER, unit=unit, employee=filled)

    def employee(self, node: Node) -> Employee:
        return Employee(id=self.person(node, "id"))

    def engagement(self, node: Node) -> Engagement | None:
        unit, job = node.whole("department_id"), node.whole("job_id")
        if unit is None or job is None:
            why = "an employee without both department and job is engaged in nothing"
            self.account.lose("Engagement", why)
            return None
        person = self.person(node, "id")
        return Engagement(employee=person, unit=_unit(unit), role=_role(job))

    def assessment(self, node: Node) -> Assessment | None:
        if needed(node, "employee_id") not in self.here:
            self.account.leave_out(EMPLOYEE_SKILLS.name, "it is about somebody who is not here")
            return None
        skill, changed = needed(node, "skill_id"), _changed(node)
        proven = self.steps.type_of.get(skill) in self.certified
        return Assessment(
            employee=self.person(node, "employee_id"),
            competence=skill_id(skill),
            level=self.steps.level(skill, needed(node, "skill_level_id")),
            source=AssessmentSource.CREDENTIAL if proven else AssessmentSource.LEADER,
            assessed=node.day("valid_from") or changed.date(),
            expires=node.day("valid_to"),
            recorded=changed,
        )

    def certificate(self, node: Node) -> Evidence | None:
        """Make evidence of a skill whose type is one of certificates; Odoo calls them verified."""
        skill, employee = needed(node, "skill_id"), needed(node, "employee_id")
        if self.steps.type_of.get(skill) not in self.certified or employee not in self.here:
            return None
        return Evidence(
            id=EvidenceId(f"odoo:skill:{self.mark(node)}"),
            employee=self.person(node, "employee_id"),
            kind=EvidenceKind.CERTIFICATE,
            competence=skill_id(skill),
            level=self.steps.level(skill, needed(node, "skill_level_id")),
            issued=node.day("valid_from"),
            expires=node.day("valid_to"),
            recorded=_changed(node),
        )

    def line(self, node: Node) -> Evidence | None:
        """Make evidence of a line of a résumé: claimed, since nobody says who has seen it.

        What it is called is kept for education and courses; elsewhere it tells of past employers.
        """
        if needed(node, "employee_id") not in self.here:
            self.account.leave_out(LINES.name, "it is about somebody who is not here")
            return None
        kind = KINDS.get(self.kinds.get(node.whole("line_type_id") or 0, ""))
        if kind is None:
            self.account.lose("Evidence.kind", "a kind of line that is not known: informal")
        named = kind not in (None, EvidenceKind.EXPERIENCE)
        if not named:
            self.account.lose("hr.resume.line.name", "what experience is called is not kept")
        begun, ended = node.day("date_start"), node.day("date_end")
        return Evidence(
            id=EvidenceId(f"odoo:line:{self.mark(node)}"),
            employee=self.person(node, "employee_id"),
            kind=kind or EvidenceKind.INFORMAL,
            qualification=node.text("name") if named else "",
            issued=ended or begun,
            years=_years(begun, ended) if kind is EvidenceKind.EXPERIENCE else None,
            verified=False,
            recorded=_changed(node),
        )

    def person(self, node: Node, key: str) -> EmployeeId:
        """Give the pseudonym of whom a row is about."""
        return employee_of(self.people, needed(node, key))

    def mark(self, node: Node) -> str:
        """Tell a row apart by a keyed hash of its number in Odoo."""
        return self.people.mark(f"{node.place.file}:{needed(node, 'id')}")

    def text(self, words: str) -> Text:
        """Give words in the language that was asked for."""
        return Text(**{self.language.value: words})


def _telling(rows: Rows, people: Pseudonyms, language: Language, account: Account) -> _Telling:
    """Lay out what rows refer to.

    Raises:
        Misuse: E214, E501 or E702, if a row does not say what it must.
    """
    return _Telling(
        people=people,
        language=language,
        account=account,
        rows=rows,
        steps=steps_of(rows),
        names={needed(node, "id"): node.needed("name") for node in rows[LEVELS.name]},
        certified=frozenset(
            needed(node, "id") for node in rows[TYPES.name] if node.flag("is_certification")
        ),
        kinds={needed(node, "id"): node.needed("name") for node in rows[LINE_TYPES.name]},
        here=frozenset(needed(node, "id") for node in rows[EMPLOYEES.name]),
    )


def _count_what_is_assumed(parcel: Enterprise, account: Account) -> None:
    """Count what Odoo does not tell, and what we therefore took for granted."""
    account.lose(
        "Competence.facet", "no facet is told: read as skills (K-5)", len(parcel.competences)
    )
    why = "who assessed is not told: read as the leader's, a certificate apart"
    account.lose("Assessment.source", why, len(parcel.assessments))
    account.lose("Engagement.share", "no share is told: full time", len(parcel.engagements))
    why = "names, addresses and whatever else a person has there are not asked for"
    account.lose("hr.employee", why, len(parcel.employees))


def _changed(node: Node) -> datetime:
    """Give when a row was last changed; Odoo writes UTC without saying so.

    Raises:
        Misuse: E214 or E211.
    """
    return read_instant(f"{node.needed('write_date')}Z")


def _years(begun: date | None, ended: date | None) -> int | None:
    """Count whole years of experience that has ended."""
    if begun is None or ended is None or ended < begun:
        return None
    return ended.year - begun.year - ((ended.month, ended.day) < (begun.month, begun.day))


def _scale(kind: int) -> ScaleId:
    return ScaleId(f"odoo:type:{kind}")


def _role(job: int) -> RoleId:
    return RoleId(f"odoo:job:{job}")


def _unit(department: int) -> UnitId:
    return UnitId(f"odoo:department:{department}")
