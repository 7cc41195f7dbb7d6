"""What belongs under what, and what takes what? Relations, broader occupations, Requirements.

Essential means needed, optional means useful in some cases: for an occupation these are required
and desired; for a skill the essential one becomes a prerequisite and the optional one is related.
No relation carries a level: ESCO does not say that holding one skill is holding another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from attrs import evolve

from kompetanse_adapters.esco.account import Account
from kompetanse_adapters.esco.concepts import FACETS, short
from kompetanse_adapters.esco.files import File, of_kind, rows
from kompetanse_adapters.reading import refusal
from kompetanse_core import (
    REQUIREMENTS,
    Bearer,
    Competence,
    CompetenceId,
    Demand,
    Level,
    Occupation,
    OccupationId,
    Relation,
    RelationKind,
    Requirement,
    Table,
    Words,
)

_DEMANDS: Mapping[str, Demand] = MappingProxyType(
    {"essential": Demand.REQUIRED, "optional": Demand.DESIRED}
)
_KINDS: Mapping[str, RelationKind] = MappingProxyType(
    {"essential": RelationKind.REQUIRES, "optional": RelationKind.RELATED}
)

_DANGLING = "the row names a concept that is not in the classification"
_SELF = "the row relates a concept to itself"
_REPEATED = "the row relates two concepts that an earlier row relates"

Source = TypeVar("Source")
Target = TypeVar("Target")
Word = TypeVar("Word", Demand, RelationKind)


def placed(
    files: Sequence[File], occupations: Mapping[str, Occupation], account: Account
) -> tuple[Occupation, ...]:
    """Put each occupation and ISCO group under its broader ones."""
    broader: dict[str, list[OccupationId]] = defaultdict(list)
    for file in of_kind(files, "broaderRelationsOccPillar")[:1]:
        ends = ("conceptUri", "broaderUri")
        for _, narrow, wide, _ in _links(file, ends, (), (occupations, occupations), account):
            account.kept[file.name] += 1
            broader[narrow.uri].append(wide.id)
    return tuple(
        evolve(each, broader=tuple(sorted(broader[uri]))) if uri in broader else each
        for uri, each in occupations.items()
    )


def relations(
    files: Sequence[File], competences: Mapping[str, Competence], account: Account
) -> tuple[Relation, ...]:
    """Read what each skill and group belongs under, and what skills take of each other."""
    made: list[Relation] = []
    for file in of_kind(files, "broaderRelationsSkillPillar")[:1]:
        made.extend(_broader(file, competences, account))
    for file in of_kind(files, "skillSkillRelations")[:1]:
        made.extend(_between_skills(file, _skills(competences), account))
    return tuple(made)


def requirements(
    files: Sequence[File],
    occupations: Mapping[str, Occupation],
    competences: Mapping[str, Competence],
    account: Account,
) -> Table[Requirement]:
    """Read what each occupation takes."""
    known, asked = (occupations, _skills(competences)), list[_Asked]()
    for file in of_kind(files, "occupationSkillRelations")[:1]:
        before = len(asked)
        asked.extend(_asked(file, known, account))
        account.kept[file.name] += len(asked) - before
    return _table(asked)


Array = np.ndarray[tuple[int], np.dtype[Any]]
_Asked = tuple[OccupationId, CompetenceId, Demand]


def _skills(competences: Mapping[str, Competence]) -> dict[str, Competence]:
    return {uri: each for uri, each in competences.items() if each.facet is not None}


def _broader(
    file: File, competences: Mapping[str, Competence], account: Account
) -> Iterator[Relation]:
    ends = ("conceptUri", "broaderUri")
    for _, narrow, wide, _ in _links(file, ends, (), (competences, competences), account):
        account.kept[file.name] += 1
        yield Relation(kind=RelationKind.BROADER, source=narrow.id, target=wide.id)


def _between_skills(
    file: File, skills: Mapping[str, Competence], account: Account
) -> Iterator[Relation]:
    """Relate skills to skills: one takes the other, or may make use of it."""
    ends = ("originalSkillUri", "relatedSkillUri")
    more = ("relationType", "originalSkillType", "relatedSkillType")
    for row, one, other, (said, *types) in _links(file, ends, more, (skills, skills), account):
        for column, skill_type, skill in zip(more[1:], types, (one, other), strict=True):
            _compare(file, column, skill_type, skill, account)
        if kind := _word(said, _KINDS, file, row, account):
            account.kept[file.name] += 1
            yield Relation(kind=kind, source=one.id, target=other.id)


def _asked(
    file: File,
    known: tuple[Mapping[str, Occupation], Mapping[str, Competence]],
    account: Account,
) -> Iterator[_Asked]:
    ends, more = ("occupationUri", "skillUri"), ("relationType", "skillType")
    for row, occupation, skill, (said, skill_type) in _links(file, ends, more, known, account):
        _compare(file, "skillType", skill_type, skill, account)
        if demand := _word(said, _DEMANDS, file, row, account):
            yield occupation.id, skill.id, demand


def _table(asked: Sequence[_Asked]) -> Table[Requirement]:
    """Lay requirements out as columns without making 100 000 nouns, each field but three alike."""
    any_of_them = Requirement(
        bearer=Bearer.OCCUPATION, of="any", competence=CompetenceId("any"), level=Level(1)
    )
    one, demands = Table.of(REQUIREMENTS, [any_of_them]), REQUIREMENTS.column("demand").choices
    occupations = Words.of(occupation for occupation, _, _ in asked)
    skills = Words.of(skill for _, skill, _ in asked)
    own: dict[str, Array] = {
        "of": occupations.codes(occupation for occupation, _, _ in asked),
        "competence": skills.codes(skill for _, skill, _ in asked),
        "demand": np.array([demands.index(demand) for _, _, demand in asked], dtype="int8"),
    }
    alike = {name: np.broadcast_to(cell, len(asked)) for name, cell in one.columns.items()}
    words = {**one.words, "of": occupations, "competence": skills}
    return Table(layout=REQUIREMENTS, columns=alike | own, words=words).sorted()


def _links(
    file: File,
    ends: tuple[str, str],
    more: tuple[str, ...],
    known: tuple[Mapping[str, Source], Mapping[str, Target]],
    account: Account,
) -> Iterator[tuple[int, Source, Target, tuple[str, ...]]]:
    """Yield row, source, target and further cells of each row that leads from one to the other."""
    (sources, targets), seen = known, set[tuple[str, str]]()
    for row, (start, end, *others) in rows(file, (*ends, *more), account):
        source, target = sources.get(start), targets.get(end)
        if source is None:
            account.leave_out("E503", _DANGLING, short(start), file.at(row, ends[0]))
        elif target is None:
            account.leave_out("E503", _DANGLING, short(end), file.at(row, ends[1]))
        elif start == end:
            account.leave_out("E510", _SELF, short(start), file.at(row, ends[1]))
        elif (start, end) in seen:
            account.leave_out("E505", _REPEATED, short(start), file.at(row))
        else:
            seen.add((start, end))
            yield row, source, target, tuple(others)


def _compare(file: File, column: str, skill_type: str, skill: Competence, account: Account) -> None:
    if FACETS.get(skill_type, skill.facet) is not skill.facet:
        reason = "the type is not the one in the table of skills, which counts"
        account.lose(file.name, column, reason, 1)


def _word(
    said: str, words: Mapping[str, Word], file: File, row: int, account: Account
) -> Word | None:
    if said not in words:
        reason = "the row relates concepts in a way that is not known"
        place = file.at(row, "relationType")
        account.refuse_row(reason, refusal("E213", reason, place, "essential or optional"))
    return words.get(said)
