"""What does each occupation take, by American surveys? Onet, the source `onet`.

The O*NET database in its text edition: for each occupation how important an element of knowledge
or skill is, and at which level. Columns go by their header, so that both editions are read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve, frozen

from kompetanse_adapters.reading import Account, read_columns, refusal, warning
from kompetanse_core import (
    REQUIREMENTS,
    Bearer,
    Competence,
    CompetenceId,
    Enterprise,
    Facet,
    Level,
    LevelName,
    Occupation,
    OccupationId,
    Place,
    Reading,
    Relation,
    RelationKind,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    SourceMaker,
    SourceUnavailable,
    Table,
    Task,
    TaskId,
    Text,
    Words,
    assemble,
    hookimpl,
)

ATTRIBUTION = (
    "This service uses the O*NET Database of the U.S. Department of Labor, Employment and "
    "Training Administration (USDOL/ETA), under the licence CC BY 4.0. O*NET is a trademark of "
    "USDOL/ETA, which has not approved or tested this service."
)
"""What the licence asks to be said wherever the database's content is used."""

SCALE = Scale(
    id=ScaleId("onet"),
    label=Text(
        nb="O*NET-nivå i hundredeler", nn="O*NET-nivå i hundredelar", en="O*NET level × 100"
    ),
    top=Level(700),
    names=(LevelName(level=Level(0), label=Text(nb="ingen", nn="ingen", en="none")),),
)
"""Levels 0 to 7 with two decimals, kept as hundredths; what a level means stands in the element."""

FACETS: Mapping[str, Facet] = MappingProxyType(
    {
        "1.A": Facet.TRAIT,
        "1.C": Facet.TRAIT,
        "1.D": Facet.TRAIT,
        "2.A": Facet.SKILL,
        "2.B": Facet.SKILL,
        "2.C": Facet.KNOWLEDGE,
    }
)
"""Which branches of the content model are competence: abilities, styles, skills, knowledge."""

_RATED = ("Skills.txt", "Knowledge.txt")
_TRAITS = ("Abilities.txt", "Work Styles.txt")
_OCCUPATIONS, _ELEMENTS = "Occupation Data.txt", "Content Model Reference.txt"
_ANCHORS, _TASKS = "Level Scale Anchors.txt", "Task Statements.txt"
_NORWEGIAN = MappingProxyType(
    {
        "content_model_reference_nb.tsv": ("element_id", "element_name_nb", "description_nb"),
        "occupation_data_nb.tsv": ("onetsoc_code", "title_nb", "description_nb"),
    }
)
_RATING = (
    *("O*NET-SOC Code", "Element ID", "Scale ID", "Data Value"),
    *("Recommend Suppress", "Not Relevant"),
)
_RESTATED = "Title|Element Name|Scale Name|onettype|element_name|title|description"
_IMPORTANCE, _LEVEL = "IM", "LV"
_BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {_IMPORTANCE: (100, 500), _LEVEL: (0, 700)}
)
_VALUE = re.compile(r"[0-9](?:\.[0-9]{1,2})?")

Array = np.ndarray[tuple[int], np.dtype[Any]]
Pair = tuple[str, str]
"""An occupation's code and an element's id."""
Rating = tuple[int, str]
"""A value in hundredths, and why it must not be used: "" where it may."""


@frozen(kw_only=True)
class Onet:
    """O*NET: the database in a folder, and folders that say what things are called in bokmål."""

    folder: Path
    labels: tuple[Path, ...] = ()

    def read(self) -> Reading:
        """Read occupations, elements, tasks and what occupations take, telling all that is not.

        Raises:
            SourceUnavailable: E706, if a folder is not there.
        """
        for folder in (self.folder, *self.labels):
            if not folder.is_dir():
                hint = "name the folder that holds Occupation Data.txt and the other tables"
                raise SourceUnavailable("E706", "there is no such folder", hint=hint)
        account = Account()
        parcel = _parcel(self.folder, _norwegian(self.labels, account), account)
        read = {_OCCUPATIONS, _ELEMENTS, _ANCHORS, _TASKS, *_RATED}
        for path in sorted(self.folder.glob("*.txt")):
            if path.name not in read and path.is_file():
                _tell_unread(path, account)
        findings = account.findings(ATTRIBUTION)
        return assemble(parcel, findings=findings, losses=account.losses(), places=account.places)


def onet(folder: str | Path, *labels: str | Path) -> Onet:
    """Open the database that lies in `folder`; the folders in `labels` add names in bokmål."""
    return Onet(folder=Path(folder), labels=tuple(map(Path, labels)))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `onet`."""
    text = "the American occupational database O*NET: a folder of its text files"
    return (SourceMaker(name="onet", description=text, open=onet),)


def _rows(
    folder: Path, name: str, wanted: Sequence[str], account: Account
) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield place and wanted cells of each row of a table; without the table, refuse."""
    if not (folder / name).is_file():
        account.tell(refusal("E206", "there is no such file", Place(file=name)))
        return
    rows = read_columns(folder / name, wanted, account, delimiter="\t", restated=_RESTATED)
    for number, cells in rows:
        yield Place(file=name, row=number), cells


def _norwegian(folders: Iterable[Path], account: Account) -> dict[str, tuple[str, str]]:
    """Read what elements and occupations are called in bokmål, and how they are described."""
    called: dict[str, tuple[str, str]] = {}
    for folder in folders:
        for name, wanted in _NORWEGIAN.items():
            for _, (key, label, description) in _rows(folder, name, wanted, account):
                called.setdefault(key, (label.strip(), description.strip()))
    return called


def _parcel(folder: Path, called: Mapping[str, tuple[str, str]], account: Account) -> Enterprise:
    elements = _elements(folder, called, account)
    occupations = _occupations(folder, called, account)
    for key in sorted(called.keys() - elements.keys() - occupations.keys()):
        name = "content_model_reference_nb.tsv" if "-" not in key else "occupation_data_nb.tsv"
        account.leave_out(name, "the database has no competence or occupation by this code")
    roles, tasks = _work(folder, occupations, account)
    asked = [
        each for name in _RATED for each in _asked(folder, name, elements, occupations, account)
    ]
    return Enterprise(
        scales=(SCALE,),
        competences=elements.values(),
        relations=_tree(elements),
        tasks=tasks,
        occupations=occupations.values(),
        roles=roles,
        requirements=_table(asked),
    )


def _elements(
    folder: Path, called: Mapping[str, tuple[str, str]], account: Account
) -> dict[str, Competence]:
    """Read the elements that are competence; one that others stand under is an area."""
    wanted, rows = ("Element ID", "Element Name", "Description"), dict[str, tuple[str, ...]]()
    for place, cells in _rows(folder, _ELEMENTS, wanted, account):
        if cells[0][:3] not in FACETS:
            account.leave_out(place.file, "the element is no competence of a person")
        elif _is_new(cells[0], rows, place, account):
            rows[cells[0]] = cells
    parents = {_parent(key) for key in rows}
    anchors = _anchors(folder, rows, account)
    return {
        key: Competence(
            id=CompetenceId(f"onet:{key}"),
            label=Text(en=label, nb=called.get(key, ("", ""))[0]),
            facet=None if key in parents else FACETS[key[:3]],
            scale=SCALE.id,
            description=Text(
                en="\n\n".join((description, *anchors.get(key, ()))),
                nb=called.get(key, ("", ""))[1],
            ),
        )
        for key, label, description in rows.values()
    }


def _is_new(key: str, known: Mapping[str, object], place: Place, account: Account) -> bool:
    """Say whether a key can be an id and is the first of its kind; if not, refuse the row."""
    code = "E214" if not key or key != key.strip() else "E505" if key in known else ""
    if not key.isprintable():
        code = "E105"
    if code:
        text = "an id stands twice" if code == "E505" else "an id is missing or cannot be used"
        account.tell(refusal(code, text, place))
        account.leave_out(place.file, "the row has no id of its own")
    return not code


def _parent(key: str) -> str:
    return key.rpartition(".")[0]


def _anchors(
    folder: Path, elements: Mapping[str, object], account: Account
) -> dict[str, list[str]]:
    """Read what some levels of an element mean, as lines that name the level in hundredths."""
    found: dict[str, list[str]] = defaultdict(list)
    wanted = ("Element ID", "Scale ID", "Anchor Value", "Anchor Description")
    for place, (key, scale, value, text) in _rows(folder, _ANCHORS, wanted, account):
        if key not in elements:
            account.leave_out(place.file, "the element is no competence of a person")
        elif scale != _LEVEL or (level := _hundredths(scale, value)) is None:
            account.tell(refusal("E502", "the anchor is no level", place))
            account.leave_out(place.file, "the anchor is no level")
        else:
            found[key].append(f"{level}: {text}")
    return found


@lru_cache(maxsize=2048)
def _hundredths(scale: str, value: str) -> int | None:
    """Give a rating in hundredths; None where it is no number of its scale."""
    if scale not in _BOUNDS or not _VALUE.fullmatch(value):
        return None
    whole, _, decimals = value.partition(".")
    number = int(whole) * 100 + int(decimals.ljust(2, "0"))
    least, most = _BOUNDS[scale]
    return number if least <= number <= most else None


def _occupations(
    folder: Path, called: Mapping[str, tuple[str, str]], account: Account
) -> dict[str, Occupation]:
    found: dict[str, Occupation] = {}
    wanted = ("O*NET-SOC Code", "Title", "Description")
    for place, (code, title, description) in _rows(folder, _OCCUPATIONS, wanted, account):
        if _is_new(code, found, place, account):
            label, text = called.get(code, ("", ""))
            found[code] = Occupation(
                id=OccupationId(f"onet:{code}"),
                label=Text(en=title, nb=label),
                description=Text(en=description, nb=text),
                code=code,
            )
    return found


def _work(
    folder: Path, occupations: Mapping[str, Occupation], account: Account
) -> tuple[tuple[Role, ...], tuple[Task, ...]]:
    """Read the tasks, and make of each occupation that has some a role that is built from them."""
    tasks, of = dict[str, Task](), defaultdict[str, list[TaskId]](list)
    wanted = ("O*NET-SOC Code", "Task ID", "Task")
    for place, (code, key, text) in _rows(folder, _TASKS, wanted, account):
        if code not in occupations:
            _dangling(place, "O*NET-SOC Code", account)
        elif _is_new(key, tasks, place, account):
            tasks[key] = Task(id=TaskId(f"onet:task/{key}"), label=Text(en=text))
            of[code].append(tasks[key].id)
    roles = tuple(
        Role(id=RoleId(each.id), label=each.label, tasks=tuple(of[code]), occupation=each.id)
        for code, each in occupations.items()
        if code in of
    )
    return roles, tuple(tasks.values())


def _dangling(place: Place, column: str, account: Account) -> None:
    text = "the row names something that is not in the database"
    account.tell(warning("E503", text, evolve(place, column=column)))
    account.leave_out(place.file, text)


def _tree(elements: Mapping[str, Competence]) -> tuple[Relation, ...]:
    """Put each element under the one whose number its own number continues."""
    return tuple(
        Relation(kind=RelationKind.BROADER, source=each.id, target=elements[_parent(key)].id)
        for key, each in elements.items()
        if _parent(key) in elements
    )


def _asked(
    folder: Path,
    name: str,
    elements: Mapping[str, Competence],
    occupations: Mapping[str, Occupation],
    account: Account,
) -> Iterator[tuple[str, str, int, int]]:
    """Yield occupation, element, level and importance of each pair that may be used."""
    pairs: dict[Pair, dict[str, Rating]] = defaultdict(dict)
    for place, (code, key, scale, value, suppress, irrelevant) in _rows(
        folder, name, _RATING, account
    ):
        element, number = elements.get(key), _hundredths(scale, value)
        if code not in occupations or element is None or element.facet is None:
            column = "Element ID" if code in occupations else "O*NET-SOC Code"
            _dangling(place, column, account)
        elif number is None or scale in pairs[code, key]:
            _unreadable(place, number, account)
        else:
            pairs[code, key][scale] = (number, _unfit(suppress, irrelevant))
    for (code, key), said in pairs.items():
        if reason := _reason(said):
            account.leave_out(name, reason, len(said))
        else:
            yield code, key, said[_LEVEL][0], said[_IMPORTANCE][0]


def _unreadable(place: Place, number: int | None, account: Account) -> None:
    if number is None:
        text, place = "the rating is no number of its scale", evolve(place, column="Data Value")
        account.tell(refusal("E502", text, place))
    else:
        text = "the rating stands twice"
        account.tell(refusal("E505", text, place))
    account.leave_out(place.file, text)


def _unfit(suppress: str, irrelevant: str) -> str:
    if irrelevant == "Y":
        return "the element is not relevant to the occupation (Not Relevant)"
    return "the rating is too uncertain to be used (Recommend Suppress)" if suppress == "Y" else ""


def _reason(said: Mapping[str, Rating]) -> str:
    """Say why an element makes no requirement of an occupation; empty where it does."""
    if len(said) < len(_BOUNDS):
        return "importance or level is not rated"
    why = sorted(why for _, why in said.values() if why)
    if not why and said[_LEVEL][0] == 0:
        return "level 0 requires nothing"
    return why[0] if why else ""


def _table(asked: Sequence[tuple[str, str, int, int]]) -> Table[Requirement]:
    """Lay requirements out as columns without making 60 000 nouns, most fields alike."""
    any_of_them = Requirement(
        bearer=Bearer.OCCUPATION, of="any", competence=CompetenceId("any"), level=Level(1)
    )
    one = Table.of(REQUIREMENTS, [any_of_them])
    occupations = Words.of(f"onet:{code}" for code, _, _, _ in asked)
    elements = Words.of(CompetenceId(f"onet:{key}") for _, key, _, _ in asked)
    own: dict[str, Array] = {
        "of": occupations.codes(f"onet:{code}" for code, _, _, _ in asked),
        "competence": elements.codes(CompetenceId(f"onet:{key}") for _, key, _, _ in asked),
        "level": np.array([level for _, _, level, _ in asked], dtype="int16"),
        "weight": np.array([weight for _, _, _, weight in asked], dtype="int64"),
    }
    alike = {name: np.broadcast_to(cell, len(asked)) for name, cell in one.columns.items()}
    words = {**one.words, "of": occupations, "competence": elements}
    return Table(layout=REQUIREMENTS, columns=alike | own, words=words).sorted()


def _tell_unread(path: Path, account: Account) -> None:
    """Count the rows of a table that becomes nothing."""
    with path.open("rb") as lines:
        rows = max(0, sum(1 for _ in lines) - 1)
    traits = "traits are not measured as gaps by default, and work styles have no level"
    account.read[path.name] = rows
    reason = traits if path.name in _TRAITS else "the model has no place for what this table adds"
    account.leave_out(path.name, reason, rows)
