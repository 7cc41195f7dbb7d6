"""Which of this table's columns do we want? Rows of the wanted cells, the others counted as lost.

For tables as their publisher writes them, with columns that may be more than we read: where a
person writes a table for us, `read_sheet` is stricter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from kompetanse_adapters.reading.account import Account
from kompetanse_adapters.reading.encoding import decode
from kompetanse_adapters.reading.files import content_of
from kompetanse_adapters.reading.place import refusal
from kompetanse_adapters.reading.rows import Row, parse_rows
from kompetanse_core import Place

_PUBLISHED = "take the file as it is published"
_UNREAD = "the model has no place for this column"


def read_columns(
    path: Path, wanted: Sequence[str], account: Account, *, delimiter: str, restated: str = ""
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield row number and wanted cells, at least two of them, of each row of a table.

    `restated` names columns, between bars, that only repeat what stands elsewhere: they are no
    loss. Findings: E101 to E109 as `decode`, E201, E202, E204, E206, E207, E209.
    """
    file = path.name
    account.read[file] += 0
    decoded = decode(content_of(path), file)
    account.tell(*decoded.findings)
    parsed = parse_rows(decoded.text or "", file=file, delimiter=delimiter)
    if parsed.broken:
        account.tell(parsed.broken)
    if decoded.text is None or not _is_sound(file, parsed.rows, wanted, account):
        return
    (_, header), *rows = parsed.rows
    columns = [name.strip() for name in header]
    read = {*wanted, *restated.split("|")}
    spare = [place for place, name in enumerate(columns) if name not in read]
    pick = itemgetter(*map(columns.index, wanted))
    for number, cells in rows:
        account.read[file] += 1
        if len(cells) != len(columns):
            text = f"the row has {len(cells)} fields, the header {len(columns)}"
            account.tell(refusal("E201", text, Place(file=file, row=number)))
            account.leave_out(file, "the row has too many or too few fields")
            continue
        yield number, pick(cells)
    for place in spare:
        count = sum(1 for _, cells in rows if place < len(cells) and cells[place])
        account.lose(f"{file}: {columns[place]}", _UNREAD, count)


def _is_sound(file: str, rows: Sequence[Row], wanted: Sequence[str], account: Account) -> bool:
    """Say whether there are rows below a header in which each wanted column stands once."""
    if len(rows) < 2:
        text = "there is a header but no rows" if rows else "there is nothing to read"
        account.tell(refusal("E206", text, Place(file=file)))
        return False
    number, header = rows[0]
    columns = [name.strip() for name in header]
    for name in wanted:
        place = Place(file=file, row=number, column=name)
        if columns.count(name) == 0:
            text = "a column that must be there is missing"
            account.tell(refusal("E207", text, place, _PUBLISHED))
        elif columns.count(name) > 1:
            account.tell(refusal("E204", "a column stands twice in the header", place, _PUBLISHED))
    return all(columns.count(name) == 1 for name in wanted)
