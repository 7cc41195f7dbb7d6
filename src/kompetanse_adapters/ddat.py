"""Which levels do digital roles in the UK's public sector take? Ddat, the source `ddat`.

The Government Digital and Data capability framework is two tables: `roles.csv`, one row for each
skill that a level of a role takes, and `skills.csv`, what each skill means at its four levels.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from kompetanse_adapters.reading import (
    Dialect,
    Header,
    Sheet,
    decode,
    fold,
    read_sheet,
    refusal,
    warning,
)
from kompetanse_core import (
    CODES,
    Bearer,
    Competence,
    CompetenceId,
    Enterprise,
    Facet,
    Finding,
    Level,
    LevelName,
    Loss,
    Occupation,
    OccupationId,
    Place,
    Reading,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    Severity,
    SourceMaker,
    SourceUnavailable,
    Text,
    assemble,
    hookimpl,
)

ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0: "
    "the Government Digital and Data Profession Capability Framework."
)
"""What the licence asks to be said wherever the framework's content is used."""

LEVELS = ("Awareness", "Working", "Practitioner", "Expert")
"""The levels from the lowest; below them is none."""

SCALE = Scale(
    id=ScaleId("ddat"),
    label=Text(en="Government Digital and Data"),
    top=Level(4),
    names=tuple(
        LevelName(level=Level(level), label=Text(en=name))
        for level, name in enumerate(("None", *LEVELS))
    ),
)
"""One scale for every skill; what a level means for one skill stands in the skill's description."""

_NOT_IN_USE = "NOT IN USE"
_SAYS_NOTHING = frozenset({"", "MISSING", _NOT_IN_USE})
_SKILLS = ("Skill Name", "Skill Description", *LEVELS, "Roles that require Skill")
_ROLES = (
    *("Role Family", "Role", "Role Description", "Role Level", "Role Level Description"),
    *("Skill Name", "Skill Description", "Skill Level", "Skill Level Description", "Role Type"),
)
_DIALECT = Dialect(delimiter=",", decimal=".")
_REPEATED = "the row repeats an earlier one"
_MUST = frozenset({"Role", "Role Level", "Skill Name", "Skill Level"})
"""The columns by which a row is known: a row in which one is empty says nothing."""

Row = tuple[Place, Mapping[str, str]]
"""Where a row stands, and its cells by column, without white space at their ends."""

Noun = TypeVar("Noun", Competence, Occupation, Role)


@frozen(kw_only=True)
class Ddat:
    """DDaT: the capability framework, as two CSV files in one folder."""

    folder: Path

    def read(self) -> Reading:
        """Read skills, roles and the levels that roles take, telling every row left out.

        Raises:
            SourceUnavailable: E706, if there is no such folder.
        """
        if not self.folder.is_dir():
            hint = "name the folder that holds roles.csv and skills.csv"
            raise SourceUnavailable("E706", "there is no such folder", hint=hint)
        account = _Account()
        meanings = _rows(self.folder / "skills.csv", _SKILLS, account)
        rows = _rows(self.folder / "roles.csv", _ROLES, account)
        parcel = _parcel(meanings, rows, account)
        return assemble(
            parcel,
            places=account.places,
            findings=account.findings(),
            losses=account.losses(),
        )


def ddat(folder: str | Path) -> Ddat:
    """Open the framework that lies in `folder` as `roles.csv` and `skills.csv`."""
    return Ddat(folder=Path(folder))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `ddat`."""
    text = "the UK framework of digital roles and the levels they take: a folder of two CSV files"
    return (SourceMaker(name="ddat", description=text, open=ddat),)


@frozen
class _Account:
    """What was read, left out, lost and found, and where; rows read = rows kept + left out."""

    read: Counter[str] = field(factory=Counter)
    left: Counter[tuple[str, str]] = field(factory=Counter)
    lost: Counter[tuple[str, str]] = field(factory=Counter)
    told: list[Finding] = field(factory=list)
    places: dict[object, Place] = field(factory=dict)

    def leave_out(self, place: Place, reason: str) -> None:
        """Count a row that becomes nothing."""
        self.left[place.file, reason] += 1

    def lose(self, file: str, column: str, reason: str) -> None:
        """Count a cell that the model has no place for."""
        self.lost[f"{file}: {column}", reason] += 1

    def findings(self) -> tuple[Finding, ...]:
        """Give what the licence asks for, everything told, and the balance of each file."""
        balances = (self._balance(file) for file in sorted(self.read))
        named = _note("N710", ATTRIBUTION, about=(("attribution", ATTRIBUTION),))
        return (named, *self.told, *balances)

    def losses(self) -> tuple[Loss, ...]:
        """Give the rows left out and the cells lost, sorted by file, column and reason."""
        counted = sorted((*self.left.items(), *self.lost.items()))
        return tuple(Loss(field=at, count=n, reason=why) for (at, why), n in counted if n)

    def _balance(self, file: str) -> Finding:
        read, left = self.read[file], sum(n for (at, _), n in self.left.items() if at == file)
        about = (("read", read), ("kept", read - left), ("left", left))
        text = f"{read} rows read, {read - left} kept, {left} left out"
        return _note("N711", text, file, about=about)


def _note(
    code: str, text: str, file: str = "", *, about: tuple[tuple[str, str | int], ...] = ()
) -> Finding:
    place = Place(file=file)
    return Finding(code=code, severity=Severity.NOTE, text=text, place=place, about=about)


def _rows(path: Path, columns: Sequence[str], account: _Account) -> tuple[Row, ...]:
    """Read the rows of one table that name what they are about."""
    if not path.is_file():
        account.told.append(refusal("E206", "there is no such file", Place(file=path.name)))
        return ()
    decoded = decode(path.read_bytes(), path.name)
    account.told.extend(decoded.findings)
    if decoded.text is None:
        return ()
    needed = tuple((name,) for name in columns)
    header = Header(names={fold(name): name for name in columns}, required=needed)
    sheet = read_sheet(decoded.text, file=path.name, header=header, dialect=_DIALECT)
    account.told.extend(sheet.findings)
    account.read[path.name] += len(sheet.rows)
    return tuple(_named(sheet, account))


def _named(sheet: Sheet, account: _Account) -> Iterator[Row]:
    """Yield the rows that name what they are about in words that can be seen."""
    for number, values in sheet.rows:
        cells = {name: cell.strip() for name, cell in zip(sheet.columns, values, strict=True)}
        place = Place(file=sheet.file, row=number)
        flaws = [
            refusal(code, CODES[code], evolve(place, column=name))
            for name in sheet.columns
            if name in _MUST and (code := _flaw(cells[name]))
        ]
        account.told.extend(flaws)
        if flaws:
            account.leave_out(place, "the row does not name what it is about")
        else:
            yield place, cells


def _flaw(name: str) -> str:
    """Give the code of what makes a name unfit for an id; empty where nothing does."""
    if not _id(name).removeprefix("ddat:"):
        return "E214"
    return "" if " ".join(name.split()).isprintable() else "E105"


def _parcel(meanings: Sequence[Row], rows: Sequence[Row], account: _Account) -> Enterprise:
    skills = _distinct(meanings, _skill, account)
    account.left["skills.csv", _REPEATED] += len(meanings) - len(skills)
    _tell_skills(meanings, account)
    roles = _distinct(rows, _role, account)
    asked = _requirements(rows, {cells["Skill Name"]: cells for _, cells in meanings}, account)
    _tell_roles(rows, asked, account)
    return Enterprise(
        scales=(SCALE,),
        competences=skills,
        occupations=_distinct(rows, _occupation, account),
        roles=roles,
        requirements=asked,
    )


def _distinct(
    rows: Iterable[Row], make: Callable[[Mapping[str, str]], Noun], account: _Account
) -> tuple[Noun, ...]:
    """Make each noun that the rows describe, once; refuse two descriptions under one id."""
    found: dict[str, Noun] = {}
    for place, cells in rows:
        noun = make(cells)
        account.places.setdefault(noun, place)
        if found.setdefault(noun.id, noun) != noun:
            text = "an earlier row says something else under the same name"
            account.told.append(refusal("E505", text, place))
    return tuple(found.values())


def _skill(cells: Mapping[str, str]) -> Competence:
    """Make a skill; what it means at each level follows the description, under the level's name."""
    levels = (f"{level}\n{text}" for level in LEVELS if (text := _said(cells, level)))
    words = (_said(cells, "Skill Description"), *levels)
    return Competence(
        id=CompetenceId(_id(cells["Skill Name"])),
        label=Text(en=cells["Skill Name"]),
        facet=Facet.SKILL,
        scale=SCALE.id,
        description=Text(en="\n\n".join(filter(None, words))),
    )


def _occupation(cells: Mapping[str, str]) -> Occupation:
    return Occupation(
        id=OccupationId(_id(cells["Role"])),
        label=Text(en=cells["Role"]),
        description=Text(en=_said(cells, "Role Description")),
    )


def _role(cells: Mapping[str, str]) -> Role:
    """Make a role of a level of the framework's role; a level not in use leaves the role alone."""
    level = _said(cells, "Role Level")
    return Role(
        id=_role_id(cells),
        label=Text(en=level or cells["Role"]),
        description=Text(en=_said(cells, "Role Level Description")),
        occupation=OccupationId(_id(cells["Role"])),
        family=cells["Role Family"],
    )


def _role_id(cells: Mapping[str, str]) -> RoleId:
    level = _said(cells, "Role Level")
    return RoleId(_id(cells["Role"], level) if level else _id(cells["Role"]))


def _id(*names: str) -> str:
    """Make an id of names: lower case, words joined by hyphens."""
    words = (unicodedata.normalize("NFC", name).casefold() for name in names)
    return "ddat:" + "/".join(re.sub(r"[\W_]+", "-", word).strip("-") for word in words)


def _said(cells: Mapping[str, str], column: str) -> str:
    return "" if cells[column] in _SAYS_NOTHING else cells[column]


def _tell_skills(meanings: Sequence[Row], account: _Account) -> None:
    """Tell what the table of skills leaves open: facets, and skills without words."""
    text = "no facets are told: every skill is read as a skill, and may be knowledge as well (K-5)"
    account.told.append(_note("E214", text, "skills.csv"))
    for place, cells in meanings:
        reason = "roles.csv says which roles take the skill"
        account.lose(place.file, "Roles that require Skill", reason)
        if not any(_said(cells, level) for level in LEVELS):
            account.told.append(warning("E214", "no level of the skill is described", place))
        if not _said(cells, "Skill Description"):
            account.told.append(warning("E214", "the skill is not described", place))


def _tell_roles(rows: Sequence[Row], asked: Sequence[Requirement], account: _Account) -> None:
    """Tell which roles take nothing, and which cells of the table of roles are not read."""
    busy = {requirement.of for requirement in asked}
    idle = {role: place for place, cells in reversed(rows) if (role := _role_id(cells)) not in busy}
    for role, place in reversed(idle.items()):
        text = f"no level of {role} is in use, so it takes nothing"
        account.told.append(warning("E214", text, place))
    for place, cells in rows:
        if cells["Role Type"]:
            account.lose(place.file, "Role Type", "the model has no field for it")


def _requirements(
    rows: Iterable[Row], skills: Mapping[str, Mapping[str, str]], account: _Account
) -> tuple[Requirement, ...]:
    """Read which level of which skill each role takes; of two levels the higher stands."""
    found: dict[tuple[str, str], Requirement] = {}
    for place, cells in rows:
        if (asked := _requirement(place, cells, skills, account)) is None:
            continue
        account.places.setdefault(asked, place)
        key = (asked.of, asked.competence)
        earlier = found.setdefault(key, asked)
        if earlier is not asked:
            account.leave_out(place, _REPEATED)
        if earlier.level != asked.level:
            text = "an earlier row asks another level of the skill; the higher one stands"
            account.told.append(warning("E505", text, evolve(place, column="Skill Level")))
            found[key] = max(earlier, asked, key=lambda each: each.level)
    return tuple(found.values())


def _requirement(
    place: Place,
    cells: Mapping[str, str],
    skills: Mapping[str, Mapping[str, str]],
    account: _Account,
) -> Requirement | None:
    level, meaning = cells["Skill Level"], skills.get(cells["Skill Name"])
    if level == _NOT_IN_USE:
        account.leave_out(place, "the level is NOT IN USE")
    elif level not in LEVELS:
        reason = "the level is not one of the four"
        account.told.append(refusal("E213", reason, evolve(place, column="Skill Level")))
        account.leave_out(place, reason)
    elif meaning is None:
        reason = "the skill is not in skills.csv"
        account.told.append(warning("E503", reason, evolve(place, column="Skill Name")))
        account.leave_out(place, reason)
    else:
        _compare(place, cells, meaning, account)
        return Requirement(
            bearer=Bearer.ROLE,
            of=_role_id(cells),
            competence=CompetenceId(_id(cells["Skill Name"])),
            level=Level(LEVELS.index(level) + 1),
        )
    return None


def _compare(
    place: Place, cells: Mapping[str, str], meaning: Mapping[str, str], account: _Account
) -> None:
    """Count the texts that a row of roles words otherwise than the table of skills."""
    pairs = {
        "Skill Description": "Skill Description",
        "Skill Level Description": cells["Skill Level"],
    }
    for column, there in pairs.items():
        if (text := _said(cells, column)) and text != _said(meaning, there):
            account.lose(place.file, column, "skills.csv says it otherwise, which stands")
