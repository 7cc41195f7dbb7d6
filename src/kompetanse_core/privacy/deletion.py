"""What has been kept long enough? `due_for_deletion` gives each fact that is Due (M-13)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import FIRST_DAY, LAST_DAY, Array, days
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.privacy import Basis, Kept, Purpose, Retention

DAY = 86_400_000_000
"""A day in microseconds."""

TABLES: Mapping[Kept, str] = MappingProxyType(
    {
        Kept.EMPLOYEE: "employees",
        Kept.ENGAGEMENT: "engagements",
        Kept.EVIDENCE: "evidence",
        Kept.ASSESSMENT: "assessments",
        Kept.WISH: "wishes",
    }
)
"""Where each kind of personal fact stands in an `Enterprise`."""


@frozen(kw_only=True)
class Due:
    """Slettemoden opplysning: one row of one kind, by its place in its table; nobody is named.

    `retention` is the rule that it has outlived; None where the fact's own `keep_until` is past.
    """

    kept: Kept
    row: int
    retention: Retention | None


def due_for_deletion(enterprise: Enterprise, on: date) -> tuple[Due, ...]:
    """Find the personal facts that should be gone by a day, by kind and row.

    A fact's own `keep_until` goes before the retention of its kind, purpose and basis. Months are
    counted from when a fact ended, expires, was assessed, stated, issued or recorded: the last of
    these; a person is kept as long as an engagement lasts, and then from its end.
    """
    return tuple(due for kept in Kept for due in _due(enterprise, kept, on))


def _due(enterprise: Enterprise, kept: Kept, on: date) -> Iterator[Due]:
    table: Table[Any] = getattr(enterprise, TABLES[kept])
    keep, last = table.column("keep_until"), _last(enterprise, kept, table)
    own = (keep != LAST_DAY) & (keep < days(on))
    rules: list[Retention | None] = [None] * len(table)
    over = own.copy()
    for rule in (rule for rule in enterprise.retentions if rule.kept is kept):
        meant = np.equal(table.column("purpose"), list(Purpose).index(rule.purpose))
        meant &= np.equal(table.column("basis"), list(Basis).index(rule.basis))
        gone = meant & (keep == LAST_DAY) & (last < days(_months_before(on, rule.months))) & ~over
        for row in np.flatnonzero(gone).tolist():
            rules[row] = rule
        over |= gone
    for row in np.flatnonzero(over).tolist():
        yield Due(kept=kept, row=row, retention=rules[row])


def _last(enterprise: Enterprise, kept: Kept, table: Table[Any]) -> Array:
    """Give the last day that each fact speaks of, (n,)."""
    if kept is Kept.EMPLOYEE:
        return _last_engaged(enterprise)
    if kept is Kept.ENGAGEMENT:
        return table.column("end")
    last = table.column("recorded") // DAY
    for name in _DAYS[kept]:
        told = table.column(name)
        last = np.maximum(last, np.where(told == LAST_DAY, FIRST_DAY, told))
    return last


def _last_engaged(enterprise: Enterprise) -> Array:
    """Give the end of each employee's last engagement; who has none has no day to count from."""
    people = enterprise.employees.words_of("id")
    last = np.full(len(people) + 1, FIRST_DAY, np.int64)
    table = enterprise.engagements
    np.maximum.at(last, table.codes_in("employee", people), table.column("end"))
    found = last[enterprise.employees.column("id")]
    return np.where(found == FIRST_DAY, LAST_DAY, found)


_DAYS = MappingProxyType(
    {
        Kept.EVIDENCE: ("issued", "expires"),
        Kept.ASSESSMENT: ("assessed", "expires"),
        Kept.WISH: ("stated",),
    }
)


def _months_before(on: date, months: int) -> date:
    month = on.year * 12 + on.month - 1 - months
    if month < 12:
        return date.min
    year, month = divmod(month, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))
