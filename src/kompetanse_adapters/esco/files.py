"""Which official files lie here, and what stands in their rows? File, and the rows of one.

Version 1.2 adds the language to the names of the relation files, so a file is known by the first
part of its name. Columns are found by the header; cells that nothing reads are counted as lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_adapters.esco.account import Account
from kompetanse_adapters.reading import decode, refusal
from kompetanse_core import Language, Place, SourceUnavailable

CONCEPTS = ("skillGroups", "skills", "ISCOGroups", "occupations")
RELATIONS = (
    "broaderRelationsOccPillar",
    "broaderRelationsSkillPillar",
    "occupationSkillRelations",
    "skillSkillRelations",
)

_NAME = re.compile(r"(?P<kind>[A-Za-z]+)(?:_(?P<language>en|nb|nn|no))?\.csv")
_LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {"en": Language.EN, "nb": Language.NB, "no": Language.NB, "nn": Language.NN}
)
_RESTATED = frozenset(
    (
        *("conceptType", "broaderType", "skillType", "originalSkillType", "relatedSkillType"),
        *("conceptLabel", "broaderLabel", "occupationLabel", "skillLabel"),
        *("originalSkillLabel", "relatedSkillLabel", "iscoGroup"),
    )
)
"""Columns that repeat what another row or file says: not reading them loses nothing."""

NO_FIELD = "the model has no field for it"

Row = tuple[int, tuple[str, ...]]
"""The number of a row, the header being 1, and the cells asked for."""


@frozen(kw_only=True)
class File:
    """Name one file: where it is, what to call it, which table it holds, in which language.

    A file in a language that no text of ours can hold has its whole name as its `kind`.
    """

    path: Path
    name: str
    kind: str
    language: Language = Language.EN

    def at(self, row: int | None = None, column: str = "") -> Place:
        """Give a place in this file."""
        return Place(file=self.name, row=row, column=column)


def files_in(folder: Path, prefix: str = "") -> tuple[File, ...]:
    """List the tables that lie in a folder, English before the other languages.

    Raises:
        SourceUnavailable: E706, if there is no such folder.
    """
    if not folder.is_dir():
        text = "there is no such folder"
        raise SourceUnavailable("E706", text, hint="name the folder that holds the ESCO files")
    files = (_file(path, prefix) for path in folder.glob("*.csv"))
    return tuple(sorted(files, key=lambda file: (file.language is not Language.EN, file.name)))


def of_kind(files: Iterable[File], kind: str) -> tuple[File, ...]:
    """Choose the files of one table, one for each language."""
    return tuple(file for file in files if file.kind == kind)


def tell_missing(files: Sequence[File], account: Account) -> None:
    """Refuse a classification of which a whole table is missing: E206."""
    for kind in (*CONCEPTS, *RELATIONS):
        if not of_kind(files, kind):
            hint = "take the complete classification, in English, bokmål or nynorsk"
            place = Place(file=f"{kind}*.csv")
            account.told.append(refusal("E206", "there is no such file", place, hint))


def tell_unread(files: Iterable[File], account: Account) -> None:
    """Count the rows of each file that nothing reads: collections, schemes, other languages."""
    for file in files:
        if file.name not in account.read:
            pieces = file.path.read_bytes().split(b'"')
            ends = sum(piece.count(b"\n") for piece in pieces[::2])
            rows = max(0, ends - pieces[-1].endswith(b"\n"))
            account.read[file.name] = rows
            account.left[file.name, "what this file adds has no place in the model"] = rows


def rows(
    file: File, wanted: Sequence[str], account: Account, *, unread: str = NO_FIELD
) -> Iterator[Row]:
    """Yield the wanted cells of each row, in the order of `wanted`.

    A row may end early after its last wanted cell. What stands in the other columns is counted as
    lost, for the reason `unread`.

    Findings: E101 to E109 as `decode`, E201, E202, E204, E206, E207, E209.
    """
    decoded = decode(file.path.read_bytes(), file.name)
    account.read[file.name] += 0
    account.told.extend(decoded.findings)
    if decoded.text is None:
        return
    table = _parsed(file, decoded.text, account)
    header = [cell.strip() for cell in next(table, [])]
    if not _is_sound(file, header, wanted, account):
        return
    spare = _Spare.of(header, wanted)
    yield from _wanted(file, table, (header, wanted), spare, account)
    if not account.read[file.name]:
        account.told.append(refusal("E206", "there is a header but no rows", file.at(1)))
    for column, count in spare.counts.items():
        account.lose(file.name, column, unread, count)


@frozen
class _Spare:
    """Count what stands in the columns that nobody reads."""

    columns: tuple[tuple[int, str], ...]
    counts: Counter[str] = field(factory=Counter)

    @classmethod
    def of(cls, header: Sequence[str], wanted: Sequence[str]) -> _Spare:
        read = _RESTATED.union(wanted)
        return cls(tuple((n, name) for n, name in enumerate(header) if name not in read))

    def count(self, cells: Sequence[str]) -> None:
        """Count the filled cells of a row, and each label of a list of labels."""
        for place, name in self.columns:
            if place < len(cells) and cells[place].strip():
                self.counts[name] += _labels(cells[place]) if name.endswith("Labels") else 1


def _labels(cell: str) -> int:
    """Count labels, which lie between line ends in some files and between bars in others."""
    return sum(label.strip() != "" for label in cell.replace(" | ", "\n").split("\n"))


def _file(path: Path, prefix: str) -> File:
    """Know a file by its name; a name that is not ESCO's stands for a table of its own."""
    name, called = _NAME.fullmatch(path.name), prefix + path.name
    if name is None:
        return File(path=path, name=called, kind=path.stem)
    language = _LANGUAGES[name["language"] or "en"]
    return File(path=path, name=called, kind=name["kind"], language=language)


def _parsed(file: File, text: str, account: Account) -> Iterator[list[str]]:
    """Walk through the rows, refusing a file that cannot be parsed to its end."""
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for cells in table:
            yield cells
            before = table.line_num
    except csv.Error as error:
        code = "E209" if "field larger" in str(error) else "E202"
        told = f"the row that begins in line {before + 1} cannot be read to its end"
        hint = "a quotation mark is never closed, or the file was cut off"
        account.told.append(refusal(code, told, file.at(), hint))


def _is_sound(file: File, header: list[str], wanted: Sequence[str], account: Account) -> bool:
    """Say whether every wanted column stands in the header, once."""
    if not any(header):
        told = "there is no header" if header else "there is nothing to read"
        account.told.append(refusal("E206", told, file.at()))
        return False
    hint = "take the file as it is published"
    for name in wanted:
        if header.count(name) == 0:
            told = "a column that must be there is missing"
            account.told.append(refusal("E207", told, file.at(1, name), hint))
        if header.count(name) > 1:
            told = "a column stands twice in the header"
            account.told.append(refusal("E204", told, file.at(1, name), hint))
    return all(header.count(name) == 1 for name in wanted)


def _wanted(
    file: File,
    table: Iterator[list[str]],
    names: tuple[list[str], Sequence[str]],
    spare: _Spare,
    account: Account,
) -> Iterator[Row]:
    header, wanted = names
    places = [header.index(name) for name in wanted]
    pick, least, short = itemgetter(*places), max(places) + 1, 0
    for number, cells in enumerate(table, start=2):
        if not cells:
            continue
        account.read[file.name] += 1
        if least <= len(cells) <= len(header):
            short += len(cells) < len(header)
            spare.count(cells)
            yield number, pick(cells)
        else:
            reason = f"the row has {len(cells)} fields, the header {len(header)}"
            account.told.append(refusal("E201", reason, file.at(number)))
            account.left[file.name, "rows with too many or too few fields"] += 1
    if short:
        account.note("E201", f"{short} rows end early, before cells that are not read", file.at())
