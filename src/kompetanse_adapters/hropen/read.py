"""What do documents of HR Open say? Hropen, which reads candidates and position openings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType

from attrs import evolve, field, frozen

from kompetanse_adapters.reading import (
    HELD,
    Account,
    Node,
    Pseudonyms,
    content_of,
    files_at,
    find,
    known_as,
    read_json,
)
from kompetanse_core import (
    Assessment,
    AssessmentSource,
    Bearer,
    Competence,
    CompetenceId,
    Demand,
    Employee,
    EmployeeId,
    Enterprise,
    Evidence,
    EvidenceId,
    EvidenceKind,
    Facet,
    KompetanseError,
    Language,
    Level,
    Misuse,
    Reading,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    Text,
    assemble,
)

OURS = "kompetanse"
"""The scheme of ids that are ours: a pseudonym under it is one already."""

SCHEMES: Mapping[str, str] = MappingProxyType({"O*NET": "onet:"})
"""What the ids of a scheme begin with here."""

ASSESSMENT = "assessment"
"""The type of evidence that is no more than a level that somebody says."""
YEARS = "ANN"
"""The unit of experience that is read."""
_PERSON = frozenset(
    {
        *("competencyIds", "competencyName", "description", "proficiencyLevel"),
        *("experienceMeasure", "competencyEvidence"),
    }
)
_POSITION = frozenset(
    {
        *("competencyIds", "competencyName", "weight", "requiredProficiencyLevel"),
        *("desiredProficiencyLevel", "competencyEvidenceRequirement"),
    }
)
_NO_LEVELS: Mapping[str, int] = MappingProxyType({})


@frozen(kw_only=True)
class Hropen:
    """HR Open: candidates and position openings in a file or a folder of files.

    `on` is the day of a level that does not say when it was assessed; without it such a level is
    left out. `levels` are words that stand for one of the levels of `top`.
    """

    path: Path
    people: Pseudonyms | None = field(default=None, repr=False)
    on: date | None = None
    levels: Mapping[str, int] = field(default=_NO_LEVELS)
    top: int = 5
    language: Language = Language.EN

    def read(self) -> Reading:
        """Read what people hold as assessments and evidence, and what positions take.

        Raises:
            SourceUnavailable: E706, if there is no such file or folder.
        """
        gathered = _Gathered(self)
        for path in files_at(self.path, (".json",), gathered.account):
            _take_file(content_of(path), path.name, gathered)
        return gathered.reading()


@frozen
class _Gathered:
    """The nouns that documents become."""

    source: Hropen
    account: Account = field(factory=Account)
    scales: dict[ScaleId, Scale] = field(factory=dict)
    competences: dict[CompetenceId, Competence] = field(factory=dict)
    roles: dict[RoleId, Role] = field(factory=dict)
    requirements: list[Requirement] = field(factory=list)
    employees: dict[EmployeeId, Employee] = field(factory=dict)
    evidence: dict[EvidenceId, Evidence] = field(factory=dict)
    assessments: list[Assessment] = field(factory=list)

    def reading(self) -> Reading:
        """Put the parts together; a competence of which no level is told is held or not."""
        used = {each.scale for each in self.competences.values()}
        parcel = Enterprise(
            scales=(*((HELD,) if HELD.id in used else ()), *self.scales.values()),
            competences=self.competences.values(),
            roles=self.roles.values(),
            requirements=self.requirements,
            employees=self.employees.values(),
            evidence=self.evidence.values(),
            assessments=self.assessments,
        )
        account = self.account
        return assemble(
            parcel, places=account.places, findings=account.findings(), losses=account.losses()
        )


def read_text(text: str, source: Hropen) -> Reading:
    """Read a text as if it lay in a file."""
    gathered = _Gathered(source)
    _take_file(text.encode(), "hropen.json", gathered)
    return gathered.reading()


def _take_file(content: bytes, file: str, gathered: _Gathered) -> None:
    """Take each document of a file; what is neither a candidate nor an opening is counted."""
    opened = read_json(content, file=file)
    gathered.account.tell(*opened.findings)
    if opened.root is None:
        return
    root = opened.root
    for node in _nodes(root, "", gathered) if "" in root.value else (root,):
        gathered.account.read[file] += 1
        if "person" in node.value:
            _try(node, gathered, _take_candidate)
        elif "positionProfiles" in node.value:
            _try(node, gathered, _take_position)
        else:
            gathered.account.leave_out(file, "it is neither a candidate nor a position opening")


def _nodes(node: Node, key: str, gathered: _Gathered) -> tuple[Node, ...]:
    try:
        return node.nodes(key)
    except KompetanseError as error:
        gathered.account.tell(find(error, error.place))
        return ()


def _try(node: Node, gathered: _Gathered, take: Callable[[Node, _Gathered], None]) -> None:
    """Take a part, telling what is wrong with it where it stands."""
    try:
        take(node, gathered)
    except KompetanseError as error:
        gathered.account.tell(find(error, error.place if error.place.file else node.place))


def _take_candidate(node: Node, gathered: _Gathered) -> None:
    """Take everything that one person holds."""
    employee = _employee(node, gathered)
    gathered.employees[employee] = Employee(id=employee)
    for profile in node.nodes("profiles"):
        for held in profile.nodes("qualifications"):
            _try(held, gathered, lambda one, all_: _take_held(one, employee, all_))
        for name in sorted(profile.value.keys() - {"qualifications"}):
            shown = name if name.isidentifier() and name.isascii() else "other members"
            gathered.account.lose(f"profiles: {shown}", "it is no competence, or not read as one")


def _employee(node: Node, gathered: _Gathered) -> EmployeeId:
    """Give the pseudonym of a candidate: by an id of the person or document, or a mailbox."""
    person = node.node("person")
    ids = [person.node("id"), node.node("documentId"), *node.nodes("alternateIds")]
    if ids[0].text("schemeId") == OURS:
        return EmployeeId(ids[0].needed("value"))
    mailboxes = person.node("communication").nodes("email")
    named = (
        *(each.text("value") for each in ids),
        *(each.text("address").casefold() for each in mailboxes),
    )
    if gathered.source.people is None:
        raise Misuse("E214", "people take a key to become pseudonyms", place=person.place)
    return gathered.source.people.of(next(filter(None, named), ""))


def _take_held(node: Node, employee: EmployeeId, gathered: _Gathered) -> None:
    """Take one PersonCompetency: a level as an assessment, proof and years as evidence."""
    proof, told = node.node("competencyEvidence"), node.node("proficiencyLevel")
    level, scale = _level(told, gathered)
    named = bool(node.nodes("competencyIds") or node.text("competencyName"))
    own = _competence(node, scale, gathered) if named else None
    _lose_others(node, _PERSON, "personCompetency", gathered)
    if proof.text("evidenceTypeCode") not in ("", ASSESSMENT):
        _prove(node, employee, own, level, gathered)
        return
    if own is not None and level is not None:
        _assess(proof, employee, (own, level, scale), gathered)
    if own is not None and _years(node) is not None:
        _experience(node, employee, own, gathered)


def _assess(
    proof: Node,
    employee: EmployeeId,
    said: tuple[Competence, Level, ScaleId],
    gathered: _Gathered,
) -> None:
    """Make an assessment, by the person's own word where nobody else is named."""
    competence, level, scale = said
    period, name = proof.node("effectivePeriod"), proof.text("evidenceName")
    day = period.day("validFrom") or gathered.source.on
    sources = {each.value: each for each in AssessmentSource}
    if day is None:
        reason = "nothing says on which day it was assessed; say so as `on`"
        gathered.account.lose("personCompetency: proficiencyLevel", reason)
        return
    assessment = Assessment(
        employee=employee,
        competence=competence.id,
        level=level,
        source=sources.get(name, AssessmentSource.SELF),
        assessed=day,
        expires=period.day("validTo"),
        recorded=proof.instant("verificationDate") or _midnight(day, proof),
        scale=None if scale == competence.scale else scale,
        evidence=next(_of_ours(proof), None),
    )
    gathered.account.places[assessment] = proof.place
    gathered.assessments.append(assessment)


def _prove(
    node: Node,
    employee: EmployeeId,
    competence: Competence | None,
    level: Level | None,
    gathered: _Gathered,
) -> None:
    """Make evidence of a CompetencyEvidence; it is claimed unless it says when it was verified."""
    proof = node.node("competencyEvidence")
    period, code = proof.node("effectivePeriod"), proof.text("evidenceTypeCode")
    issued, verified = period.day("validFrom"), proof.instant("verificationDate")
    kinds = {each.value: each for each in EvidenceKind}
    ids = proof.nodes("ids")
    if code not in kinds:
        gathered.account.lose("competencyEvidence: evidenceTypeCode", "read as informal")
    _keep(
        Evidence(
            id=EvidenceId(_mark(ids[0], gathered) if ids else f"{employee}/{node.place.column}"),
            employee=employee,
            kind=kinds.get(code, EvidenceKind.INFORMAL),
            qualification=proof.text("evidenceName"),
            competence=None if competence is None else competence.id,
            level=level,
            issued=issued,
            expires=period.day("validTo"),
            verified=verified is not None,
            years=_years(node),
            recorded=verified or _midnight(issued or gathered.source.on, node),
        ),
        node,
        gathered,
    )


def _experience(
    node: Node, employee: EmployeeId, competence: Competence, gathered: _Gathered
) -> None:
    """Make evidence of years of experience, which the person claims."""
    if gathered.source.on is None:
        reason = "nothing says when it was claimed; say so as `on`"
        gathered.account.lose("personCompetency: experienceMeasure", reason)
        return
    evidence = Evidence(
        id=EvidenceId(f"{employee}/{competence.id}"),
        employee=employee,
        kind=EvidenceKind.EXPERIENCE,
        competence=competence.id,
        verified=False,
        years=_years(node),
        recorded=_midnight(gathered.source.on, node),
    )
    _keep(evidence, node, gathered)


def _keep(evidence: Evidence, node: Node, gathered: _Gathered) -> None:
    if evidence.id in gathered.evidence:
        raise Misuse("E505", "another proof has the same id", place=node.place)
    gathered.account.places[evidence] = node.place
    gathered.evidence[evidence.id] = evidence


def _of_ours(proof: Node) -> Iterator[EvidenceId]:
    """Yield the evidence that an assessment of ours stands on."""
    for ident in proof.nodes("ids"):
        if ident.text("schemeId") == OURS:
            yield EvidenceId(ident.needed("value"))


def _mark(ident: Node, gathered: _Gathered) -> str:
    """Give an id of ours as it is, and that of somebody else as a keyed hash."""
    value, people = ident.needed("value"), gathered.source.people
    if ident.text("schemeId") == OURS:
        return value
    if people is None:
        raise Misuse("E214", "proofs take a key to become pseudonyms", place=ident.place)
    return people.mark(value)


def _midnight(day: date | None, node: Node) -> datetime:
    if day is None:
        hint = "say when the file was handed over, as `on`"
        raise Misuse("E214", "nothing says when this became known", place=node.place, hint=hint)
    return datetime.combine(day, time(), UTC)


def _years(node: Node) -> int | None:
    """Give whole years of experience; other measures are none."""
    measure = node.node("experienceMeasure")
    return measure.whole("value") if measure.text("unitCode") == YEARS else None


def _take_position(node: Node, gathered: _Gathered) -> None:
    """Take a role, and what it takes."""
    ident = node.node("documentId").needed("value")
    profiles = node.nodes("positionProfiles")
    title = next((each.text("positionTitle") for each in profiles), "")
    role = Role(id=RoleId(ident), label=_text(title, gathered))
    if role.id in gathered.roles:
        raise Misuse("E505", "a position stands twice", place=node.place)
    gathered.account.places[role] = node.place
    gathered.roles[role.id] = role
    for profile in profiles:
        for asked in profile.nodes("positionCompetencies"):
            _try(asked, gathered, lambda one, all_: _take_asked(one, role.id, all_))


def _take_asked(node: Node, role: RoleId, gathered: _Gathered) -> None:
    """Take one PositionCompetency: what is required, else what is desired."""
    _lose_others(node, _POSITION, "positionCompetency", gathered)
    needed = [
        (demand, *_level(node.node(key), gathered))
        for key, demand in (
            ("requiredProficiencyLevel", Demand.REQUIRED),
            ("desiredProficiencyLevel", Demand.DESIRED),
        )
    ]
    demand, level, scale = next((each for each in needed if each[1]), needed[0])
    competence = _competence(node, scale, gathered)
    code = node.node("competencyEvidenceRequirement").text("evidenceTypeCode")
    kinds = {each.value: each for each in EvidenceKind}
    requirement = Requirement(
        bearer=Bearer.ROLE,
        of=role,
        competence=competence.id,
        level=level or Level(1),
        weight=node.node("weight").whole("value") or 1,
        demand=demand,
        proof=frozenset({kinds[code]} if code in kinds else ()),
        scale=None if level is None or scale == competence.scale else scale,
    )
    if level is None:
        reason = "no level is told: any level will do"
        gathered.account.lose("positionCompetency: requiredProficiencyLevel", reason)
    gathered.account.places[requirement] = node.place
    gathered.requirements.append(requirement)


def _competence(node: Node, scale: ScaleId, gathered: _Gathered) -> Competence:
    """Make a competence, or give the one of the same id; a level says its scale, also later."""
    ids = node.nodes("competencyIds")
    name = node.text("competencyName")
    known = sorted(filter(None, map(_known, ids)), key=lambda each: not each[1])
    key, address = next(iter(known), (name, ""))
    if not key:
        raise Misuse("E214", "a competence has neither id nor name", place=node.place)
    found = Competence(
        id=CompetenceId(key),
        label=_text(name, gathered),
        facet=Facet.SKILL,
        scale=scale,
        description=_text(node.text("description"), gathered),
        uri=address,
    )
    kept = gathered.competences.setdefault(found.id, found)
    if kept.scale == HELD.id != scale:
        kept = gathered.competences[found.id] = evolve(kept, scale=scale)
    return kept


def _known(ident: Node) -> tuple[str, str] | None:
    """Give the id by which our other sources know a competence, and its address."""
    value, link, scheme = (ident.text(key) for key in ("value", "schemeLink", "schemeId"))
    if scheme == OURS:
        return value, link
    for address in (value, link):
        if "://" in address:
            return known_as(address), address
    if not value:
        return None
    return SCHEMES.get(scheme, f"{scheme}:" if scheme else "") + value, ""


def _level(score: Node, gathered: _Gathered) -> tuple[Level | None, ScaleId]:
    """Give the level of a score, and the scale from 0 to its maximum."""
    for key in ("scoresNumeric", "scoresText"):
        for said in score.nodes(key)[:1]:
            value = said.value.get("value")
            top, level = _whole(said, "maximum"), _worth(value, said, gathered.source.levels)
            if level is None:
                reason = "a level in words takes a number to stand for it"
                gathered.account.lose("proficiencyLevel: value", reason)
                return None, HELD.id
            scale = _scale(said.text("schemeId"), top or gathered.source.top, gathered)
            return Level(level), scale.id
    return None, HELD.id


def _worth(value: object, said: Node, levels: Mapping[str, int]) -> int | None:
    if isinstance(value, str):
        word = value.strip()
        return int(word) if word.isascii() and word.isdigit() else levels.get(word.casefold())
    return said.whole("value")


def _whole(node: Node, key: str) -> int | None:
    """Give a whole number, also as digits in a text, as the samples have it."""
    value = node.value.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        return int(value)
    return node.whole(key)


def _scale(name: str, top: int, gathered: _Gathered) -> Scale:
    """Give the scale of a name, or of a top; two tops of one name are two scales."""
    if name == HELD.id and top == HELD.top:
        return HELD
    scale = Scale(id=ScaleId(name or f"0-{top}"), top=Level(top))
    kept = gathered.scales.setdefault(scale.id, scale)
    if kept != scale:
        scale = evolve(scale, id=ScaleId(f"{scale.id}-{top}"))
        kept = gathered.scales.setdefault(scale.id, scale)
    return kept


def _text(words: str, gathered: _Gathered) -> Text:
    return Text(**{gathered.source.language.value: words})


def _lose_others(node: Node, read: frozenset[str], called: str, gathered: _Gathered) -> None:
    for name in sorted(node.value.keys() - read):
        shown = name if name.isidentifier() and name.isascii() else "other members"
        gathered.account.lose(f"{called}: {shown}", "the model has no place for it")
