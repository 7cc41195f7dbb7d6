"""What is there to hold, and to be? Skills and their groups, occupations and ISCO's groups.

A concept keeps its address and is known by the short form of it, `esco:skill/…`: it stays the
same from edition to edition, and says what it names and who names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from attrs import evolve, frozen

from kompetanse_adapters.esco.account import Account
from kompetanse_adapters.esco.files import NO_FIELD, File, of_kind, rows
from kompetanse_adapters.reading import find, refusal, warning
from kompetanse_core import (
    Competence,
    CompetenceId,
    Facet,
    Language,
    Level,
    LevelName,
    Misuse,
    Occupation,
    OccupationId,
    Scale,
    ScaleId,
    Text,
)

SCALE = Scale(
    id=ScaleId("esco"),
    label=Text(nb="har eller har ikke", nn="har eller har ikkje", en="held or not held"),
    top=Level(1),
    names=(
        LevelName(level=Level(0), label=Text(nb="har ikke", nn="har ikkje", en="not held")),
        LevelName(level=Level(1), label=Text(nb="har", nn="har", en="held")),
    ),
)
"""The only scale of a classification that knows no levels."""

FACETS: Mapping[str, Facet] = MappingProxyType(
    {"skill/competence": Facet.SKILL, "knowledge": Facet.KNOWLEDGE}
)

_ROOT = "http://data.europa.eu/esco/"
_ONLY_LABELS = "only labels and descriptions are read from further languages"
_SAID = ("conceptUri", "preferredLabel", "description")

Concept = TypeVar("Concept", Competence, Occupation)


@frozen(kw_only=True)
class _Line:
    """What one row says of a concept, and where it stands."""

    file: File
    row: int
    uri: str
    label: Text
    description: Text
    more: tuple[str, ...]


def competences(
    files: Sequence[File], others: Sequence[File], account: Account
) -> dict[str, Competence]:
    """Read skills and their groups, by address; a group is an area: it has no facet.

    `others` are files that only bring labels in more languages.
    """
    found: dict[str, Competence] = {}
    for file in of_kind(files, "skillGroups")[:1]:
        _take(found, file, (), _area, account)
    for file in of_kind(files, "skillsHierarchy")[:1]:
        found |= _unlisted(file, found, account)
    for file in of_kind(files, "skills")[:1]:
        _take(found, file, ("skillType", "reuseLevel"), _skill, account)
    return _labelled(found, _further(files, others, ("skillGroups", "skills")), account)


def occupations(
    files: Sequence[File], others: Sequence[File], account: Account
) -> dict[str, Occupation]:
    """Read occupations and ISCO groups, by address, not yet knowing what they belong under."""
    found: dict[str, Occupation] = {}
    for kind in ("ISCOGroups", "occupations"):
        for file in of_kind(files, kind)[:1]:
            _take(found, file, ("code",), _occupation, account)
    return _labelled(found, _further(files, others, ("ISCOGroups", "occupations")), account)


def short(uri: str) -> str:
    """Shorten an address of ESCO to an id; another address is its own id."""
    return "esco:" + uri.removeprefix(_ROOT) if uri.startswith(_ROOT) else uri


def _take(
    found: dict[str, Concept],
    file: File,
    more: tuple[str, ...],
    make: Callable[[_Line, Account], Concept],
    account: Account,
) -> None:
    """Add the noun that each row of a file makes, telling the rows that make none."""
    for line in _lines(file, more, account):
        place = file.at(line.row, "conceptUri")
        try:
            concept = make(line, account)
        except Misuse as error:
            account.refuse_row("a concept without a usable address", find(error, place))
            continue
        if found.setdefault(line.uri, concept) is concept:
            account.kept[file.name] += 1
        else:
            twice = "a concept stands twice"
            account.refuse_row(twice, refusal("E505", twice, place))


def _lines(file: File, more: tuple[str, ...], account: Account) -> Iterator[_Line]:
    for row, (uri, label, description, *others) in rows(file, (*_SAID, *more), account):
        trimmed = label != label.strip()
        account.lose(file.name, "preferredLabel", "white space at the ends", trimmed)
        yield _Line(
            file=file,
            row=row,
            uri=uri.strip(),
            label=_said(file.language, label),
            description=_said(file.language, description),
            more=tuple(others),
        )


def _said(language: Language, words: str) -> Text:
    return Text(**{language.value: words.strip()})


def _area(line: _Line, account: Account) -> Competence:
    return _competence(line, None)


def _skill(line: _Line, account: Account) -> Competence:
    """Make a skill of a row; one that has no type is read as a skill, with a warning."""
    skill_type, reuse = line.more
    if skill_type not in FACETS:
        code = "E213" if skill_type else "E214"
        told = "the skill has no type that is known, and is read as a skill (not as knowledge)"
        account.told.append(warning(code, told, line.file.at(line.row, "skillType")))
    if not reuse:
        told = "the skill has no reuse level"
        account.told.append(warning("E214", told, line.file.at(line.row, "reuseLevel")))
    account.lose(line.file.name, "reuseLevel", NO_FIELD, bool(reuse))
    return _competence(line, FACETS.get(skill_type, Facet.SKILL))


def _competence(line: _Line, facet: Facet | None) -> Competence:
    return Competence(
        id=CompetenceId(short(line.uri)),
        label=line.label,
        facet=facet,
        scale=SCALE.id,
        description=line.description,
        uri=line.uri,
    )


def _occupation(line: _Line, account: Account) -> Occupation:
    return Occupation(
        id=OccupationId(short(line.uri)),
        label=line.label,
        description=line.description,
        code=line.more[0],
        uri=line.uri,
    )


def _unlisted(
    file: File, listed: Mapping[str, Competence], account: Account
) -> dict[str, Competence]:
    """Make areas of the groups that only the hierarchy names, each with a warning."""
    levels = range(4)
    wanted = [f"Level {n} URI" for n in levels] + [f"Level {n} preferred term" for n in levels]
    found: dict[str, Competence] = {}
    for row, cells in rows(file, (*wanted, "Description"), account):
        account.kept[file.name] += 1
        deepest = max((n for n in levels if cells[n]), default=0)
        uri = cells[deepest]
        if uri not in listed:
            told = "the group stands in the hierarchy only, and is taken from there"
            account.told.append(warning("E503", told, file.at(row, wanted[deepest])))
            label, description = cells[4 + deepest], cells[8]
            found[uri] = _competence(
                _Line(
                    file=file,
                    row=row,
                    uri=uri,
                    label=_said(file.language, label),
                    description=_said(file.language, description),
                    more=(),
                ),
                None,
            )
    return found


def _further(files: Sequence[File], others: Sequence[File], kinds: Iterable[str]) -> Iterator[File]:
    """Yield the files that only add a language to tables that have been read."""
    for kind in kinds:
        yield from of_kind(files, kind)[1:]
        yield from of_kind(others, kind)


def _labelled(
    concepts: dict[str, Concept], further: Iterable[File], account: Account
) -> dict[str, Concept]:
    """Add what further files call the concepts; what was said first in a language stands."""
    for file in further:
        for row, cells in rows(file, _SAID, account, unread=_ONLY_LABELS):
            _label(concepts, file, row, cells, account)
    return concepts


def _label(
    concepts: dict[str, Concept], file: File, row: int, cells: Sequence[str], account: Account
) -> None:
    uri, label, description = cells
    concept = concepts.get(uri)
    if concept is None:
        reason = "a label for a concept that is not in the classification"
        account.leave_out("E503", reason, short(uri), file.at(row, "conceptUri"))
        return
    account.kept[file.name] += 1
    account.lose(file.name, "preferredLabel", "there is no label", not label.strip())
    concepts[uri] = evolve(
        concept,
        label=_joined(concept.label, _said(file.language, label)),
        description=_joined(concept.description, _said(file.language, description)),
    )


def _joined(first: Text, then: Text) -> Text:
    return Text(nb=first.nb or then.nb, nn=first.nn or then.nn, en=first.en or then.en)
