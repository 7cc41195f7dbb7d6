"""What does a spreadsheet say of people's competence? A Reading, made row by row.

Nothing is kept but the columns that come of it: a million rows become integer columns, never a
million objects.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from kompetanse_adapters import reading
from kompetanse_adapters.reading import (
    DELIMITERS,
    SUMS,
    Account,
    Dialect,
    Pseudonyms,
    find,
    fold,
    is_missing,
    lines_in,
    refusal,
    rows_in,
)
from kompetanse_adapters.spreadsheet.columns import HEADER, Plan, Shape, is_header, plan_of
from kompetanse_adapters.spreadsheet.gathered import NEVER, NO_DAY, Gathered, Meaning
from kompetanse_adapters.spreadsheet.workbook import DELIMITER, open_sheet
from kompetanse_core import (
    Misuse,
    Place,
    Reading,
    SourceUnavailable,
)

SEARCHED = 20
"""How many rows from the top the header is looked for."""
NO_DELIMITER = "\x1f"
_ENDS = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")

Row = tuple[int, list[str]]


def read_spreadsheet(path: Path, people: Pseudonyms | None, meaning: Meaning) -> Reading:
    """Read a workbook, in a process of its own, or a CSV file.

    Raises:
        SourceUnavailable: E706, if there is no such file; E305, if the workbook takes too much.
    """
    account = Account()
    if not path.is_file():
        hint = "name an .xlsx or .csv file"
        raise SourceUnavailable("E706", "there is no such file", hint=hint)
    gathered = Gathered(account=account, file=path.name, people=people, meaning=meaning)
    try:
        _take_all(_rows(path, meaning, account), gathered)
    except Misuse as error:
        account.tell(find(error, error.place if error.place.file else Place(file=path.name)))
    return gathered.reading()


# --- the rows ------------------------------------------------------------------------------------


def _rows(path: Path, meaning: Meaning, account: Account) -> Iterator[Row]:
    """Yield the rows of the file, whatever its kind."""
    name = path.name.lower()
    if name.endswith((".xlsx", ".xlsm")):
        opened = reading.confined(open_sheet, path, meaning.sheet, meaning.hidden)
        account.tell(*opened.findings)
        for each in opened.losses:
            account.lose(each.field, each.reason, each.count)
        lines = io.StringIO(opened.text, newline="")
        for number, cells in rows_in(lines, path.name, DELIMITER, account):
            yield number, [*cells, *[""] * (opened.width - len(cells))]
    elif name.endswith(_ENDS):
        yield from _csv_rows(path, meaning.dialect, account)
    else:
        text = "this kind of file is not read; a workbook is taken as .xlsx, a table as .csv"
        raise Misuse("E301", text, hint="save it as one of them")


def _csv_rows(path: Path, dialect: Dialect, account: Account) -> Iterator[Row]:
    lines = itertools.islice(lines_in(path, account), dialect.skip_rows, None)
    head = list(itertools.islice(lines, SEARCHED))
    delimiter = dialect.delimiter or _delimiter(head)
    above = dialect.skip_rows
    for number, cells in rows_in(itertools.chain(head, lines), path.name, delimiter, account):
        yield number + above, cells


def _delimiter(head: Iterable[str]) -> str:
    """See the delimiter: the one that gives most known columns in one of the first lines."""
    seen = [
        (
            len({HEADER.column(cell.strip(' "\r\n')) for cell in line.split(mark)} - {""}),
            line.count(mark),
            mark,
        )
        for line in head
        for mark in DELIMITERS
    ]
    _, marks, mark = max(seen, key=lambda each: each[:2], default=(0, 0, NO_DELIMITER))
    return mark if marks else NO_DELIMITER


def _take_all(rows: Iterator[Row], gathered: Gathered) -> None:
    """Find the header, and take every row below it."""
    account, file = gathered.account, gathered.file
    head = list(itertools.islice(rows, SEARCHED))
    if not head:
        if not gathered.refused:
            account.tell(refusal("E206", "there is nothing to read", Place(file=file)))
        return
    number, cells = head[0]
    lower = next((number for number, cells in head[1:] if is_header(cells)), 0)
    if lower and not is_header(cells):
        hint = f"declare skip_rows = {lower - 1}, or delete the lines above"
        place = Place(file=file, row=lower)
        account.tell(refusal("E203", "the header is not in the first row", place, hint))
        return
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    plan = plan_of(cells, Place(file=file, row=number), account)
    if plan is None:
        return
    takers = {Shape.LONG: _long, Shape.WIDE: _wide}
    count = _each(
        itertools.chain(head[1:], rows), plan, gathered, takers[plan.shape](plan, gathered)
    )
    if not count and not gathered.refused:
        account.tell(refusal("E206", "there is a header but no rows", Place(file=file)))


Take = Callable[[int, Sequence[str]], None]


def _each(rows: Iterable[Row], plan: Plan, gathered: Gathered, take: Take) -> int:
    """Take each row that fits, telling what is odd about the others; give how many there were."""
    width = plan.width
    who = max(plan.place_of("employee"), plan.place_of("pseudonym"))
    for number, cells in rows:
        gathered.account.read[gathered.file] += 1
        if len(cells) != width and not _fits(cells, width):
            text = f"the row has {len(cells)} fields, the header {width}"
            gathered.tell("E201", text, number, "")
            continue
        first = cells[who] if len(cells) > who else ""
        if HEADER.column(first) and is_header(cells):
            text, place = "a second table begins here", Place(file=gathered.file, row=number)
            gathered.account.tell(refusal("E208", text, place, "give each table a file of its own"))
            break
        if _is_sum(first, cells):
            gathered.leave_out("W207", "a row looks like a sum and was left out", number)
        else:
            take(number, cells)
    return gathered.account.read[gathered.file]


def _is_sum(first: str, cells: Iterable[str]) -> bool:
    """Say whether a row is about nobody and begins like a sum."""
    if first.strip() and fold(first) not in SUMS:
        return False
    return fold(next(filter(str.strip, cells))).strip(":_") in SUMS


def _fits(cells: list[str], width: int) -> bool:
    """Cut off empty cells beyond the header, which spreadsheets leave behind."""
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        del cells[width:]
    return len(cells) == width


def _long(plan: Plan, gathered: Gathered) -> Take:
    """Give what takes a row of a long table: one competence, one level."""
    person = _person(plan, gathered)
    competence, level = plan.place_of("competence"), plan.place_of("level")
    said = _said(plan, gathered)

    def take(number: int, cells: Sequence[str]) -> None:
        employee = person(number, cells)
        if employee < 0 or (not cells[competence].strip() and not cells[level].strip()):
            return
        code = gathered.competence(cells[competence], number, "competence")
        reached = gathered.level(cells[level], number, "level")
        if code >= 0 and reached >= 0:
            said(number, cells, employee, code, reached)

    return take


def _wide(plan: Plan, gathered: Gathered) -> Take:
    """Give what takes a row of a wide table: a level of each competence that is filled in."""
    person, said = _person(plan, gathered), _said(plan, gathered)
    codes = [
        (place, gathered.competence(name, 1, f"column {place + 1}"), f"column {place + 1}")
        for place, name in plan.competences.items()
    ]

    def take(number: int, cells: Sequence[str]) -> None:
        employee = person(number, cells)
        if employee < 0:
            return
        for place, code, column in codes:
            cell = cells[place]
            if cell and code >= 0 and not is_missing(cell):
                reached = gathered.level(cell, number, column)
                if reached >= 0:
                    said(number, cells, employee, code, reached)

    return take


def _person(plan: Plan, gathered: Gathered) -> Callable[[int, Sequence[str]], int]:
    """Give what finds out who a row is about, and where they work as what."""
    column = "employee" if plan.place_of("employee") >= 0 else "pseudonym"
    who, unit, role, share = map(plan.place_of, (column, "unit", "role", "share"))
    seen = dict[tuple[str, str, str, str], int]()

    def find_out(number: int, cells: Sequence[str]) -> int:
        where, work, much = (cells[at] if at >= 0 else "" for at in (unit, role, share))
        key = (cells[who], where, work, much)
        if key not in seen:
            found = gathered.employee(cells[who], number, column)
            if found is not None and (where.strip() or work.strip()):
                gathered.engage(found, where, work, much, number)
            seen[key] = -1 if found is None else gathered.employees[found]
        return seen[key]

    return find_out


@frozen
class _Said:
    """Where the day, the end and the source of an assessment stand."""

    assessed: int
    expires: int
    source: int


def _said(plan: Plan, gathered: Gathered) -> Callable[[int, Sequence[str], int, int, int], None]:
    """Give what adds an assessment."""
    at = _Said(*map(plan.place_of, ("assessed", "expires", "source")))
    columns = gathered.columns
    days, sources, on = gathered.days, gathered.sources, gathered.on

    def add(number: int, cells: Sequence[str], employee: int, code: int, level: int) -> None:
        day = days(cells[at.assessed], number, "assessed", on) if at.assessed >= 0 else on
        end = days(cells[at.expires], number, "expires", NEVER) if at.expires >= 0 else NEVER
        who = sources(cells[at.source], number) if at.source >= 0 else gathered.made_by
        if NO_DAY in (day, end) or who < 0:
            return
        if day is None:
            text = "nothing says on which day this was assessed"
            hint = "add a column assessed, or say `on` which day"
            gathered.tell("E214", text, number, "assessed", hint)
        elif end is None or end < day:
            gathered.tell("E507", "it expires before it is assessed", number, "expires")
        else:
            columns.add(employee, code, level, day, end, who)

    return add
