"""What do people's competence lists say, as they lie in a spreadsheet? The source `spreadsheet`.

A workbook (.xlsx) or a CSV file, long or wide, with headers in bokmål, nynorsk or English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_adapters.reading import Dialect, Pseudonyms, by_key, fold
from kompetanse_adapters.spreadsheet.columns import Shape
from kompetanse_adapters.spreadsheet.gathered import Meaning
from kompetanse_adapters.spreadsheet.read import read_spreadsheet
from kompetanse_adapters.spreadsheet.workbook import Hidden
from kompetanse_adapters.spreadsheet.write import write_template, write_workbook
from kompetanse_core import AssessmentSource, Reading, SourceMaker, hookimpl

__all__ = [
    "Hidden",
    "Shape",
    "Spreadsheet",
    "kompetanse_sources",
    "spreadsheet",
    "write_template",
    "write_workbook",
]

_NO_WORDS: Mapping[str, int] = MappingProxyType({})
_DIALECT = Dialect()


@frozen(kw_only=True)
class Spreadsheet:
    """Regneark: one table of who holds what, and what it leaves open."""

    path: Path
    people: Pseudonyms | None = field(repr=False)
    meaning: Meaning

    def read(self) -> Reading:
        """Read people, where they work, and the levels that they hold.

        Raises:
            SourceUnavailable: E706, if there is no such file; E305, if a workbook takes too much.
        """
        return read_spreadsheet(self.path, self.people, self.meaning)


def spreadsheet(
    path: str | Path,
    key: Pseudonyms | str | bytes | None = None,
    *,
    top: int = 5,
    levels: Mapping[str, int] = _NO_WORDS,
    on: date | None = None,
    source: AssessmentSource = AssessmentSource.LEADER,
    recorded: datetime | None = None,
    sheet: str = "",
    hidden: Hidden = Hidden.LEAVE_OUT,
    dialect: Dialect = _DIALECT,
) -> Spreadsheet:
    """Open a table; employee numbers in it become pseudonyms by `key`.

    Levels go from 0 to `top`; `levels` are words that stand for one. `on` and `source` hold where
    a row does not say when it was assessed, and by whom.

    Raises:
        Misuse: E214, if the key is too short.
    """
    meaning = Meaning(
        top=top,
        levels={fold(word): level for word, level in levels.items()},
        on=on,
        source=source,
        recorded=recorded,
        sheet=sheet,
        hidden=hidden,
        dialect=dialect,
    )
    people = None if key is None else by_key(key)
    return Spreadsheet(path=Path(path), people=people, meaning=meaning)


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `spreadsheet`."""
    text = "who holds what, as it lies in a spreadsheet: .xlsx or CSV, long or wide"
    return (SourceMaker(name="spreadsheet", description=text, open=spreadsheet),)
