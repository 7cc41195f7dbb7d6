"""What do the rows of a spreadsheet come to? Gathered: people, places, and columns of levels.

What a cell has said once is remembered, for a column repeats itself.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import field, frozen

from kompetanse_adapters.reading import (
    Account,
    Dialect,
    Pseudonyms,
    fold,
    is_missing,
    read_day,
    read_share,
    read_whole,
    read_word,
    refusal,
    warning,
)
from kompetanse_adapters.spreadsheet.workbook import Hidden
from kompetanse_core import (
    ASSESSMENTS,
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Facet,
    Level,
    Misuse,
    Place,
    Reading,
    RoleId,
    Scale,
    ScaleId,
    Table,
    Text,
    Unit,
    UnitId,
    Words,
    assemble,
)
from kompetanse_core import Role as JobRole

MOST_TOLD = 1000
"""How many flaws of one kind in one column are told one by one."""
SOURCES: Mapping[str, AssessmentSource] = MappingProxyType(
    {
        **{each.value: each for each in AssessmentSource},
        "dokumentert": AssessmentSource.CREDENTIAL,
        "prøve": AssessmentSource.TEST,
        "felles": AssessmentSource.JOINT,
        "leder": AssessmentSource.LEADER,
        "leiar": AssessmentSource.LEADER,
        "egenvurdering": AssessmentSource.SELF,
        "eigenvurdering": AssessmentSource.SELF,
    }
)
"""What may stand under `source`."""

NEVER, NO_DAY = 2**31 - 1, -(2**31)
"""The day of what does not expire, and of what cannot be read."""
_EPOCH = date(1970, 1, 1).toordinal()
_A_DAY = 86_400 * 10**6
_FACETS = "no facets are told: every competence is read as a skill, and may be more (K-5)"


@frozen(kw_only=True)
class Meaning:
    """Say what a spreadsheet itself leaves open.

    Levels count from 0 to `top`; `levels` are words that stand for one, such as `x`. `on` is the
    day of an assessment that has none, `source` who made one that does not say. `recorded` is when
    the file was handed over; else each counts as known since it was made.
    """

    top: int = 5
    levels: Mapping[str, int] = field(factory=dict)
    on: date | None = None
    source: AssessmentSource = AssessmentSource.LEADER
    recorded: datetime | None = None
    sheet: str = ""
    hidden: Hidden = Hidden.LEAVE_OUT
    dialect: Dialect = field(factory=Dialect)


@frozen
class Columns:
    """The columns of assessments, in the order of the rows."""

    employee: array[int] = field(factory=lambda: array("i"))
    competence: array[int] = field(factory=lambda: array("i"))
    level: array[int] = field(factory=lambda: array("h"))
    assessed: array[int] = field(factory=lambda: array("i"))
    expires: array[int] = field(factory=lambda: array("i"))
    source: array[int] = field(factory=lambda: array("b"))

    def add(self, employee: int, competence: int, level: int, day: int, end: int, by: int) -> None:
        """Add one assessment."""
        self.employee.append(employee)
        self.competence.append(competence)
        self.level.append(level)
        self.assessed.append(day)
        self.expires.append(end)
        self.source.append(by)


@frozen(kw_only=True)
class Gathered:
    """Gather what rows say; what a cell has said is remembered, for a column repeats itself."""

    account: Account
    file: str
    people: Pseudonyms | None = field(repr=False)
    meaning: Meaning
    columns: Columns = field(factory=Columns)
    employees: dict[EmployeeId, int] = field(factory=dict)
    competences: dict[CompetenceId, int] = field(factory=dict)
    units: dict[UnitId, Unit] = field(factory=dict)
    roles: dict[RoleId, JobRole] = field(factory=dict)
    engagements: dict[Engagement, None] = field(factory=dict)
    told: Counter[tuple[str, str]] = field(factory=Counter)
    known: dict[tuple[str, str], int] = field(factory=dict)

    @property
    def refused(self) -> bool:
        """Say whether anything was found that refuses the file."""
        return any(each.code.startswith("E") for each in self.account.told)

    @property
    def on(self) -> int | None:
        """Give the day of an assessment that has none."""
        return None if self.meaning.on is None else self.meaning.on.toordinal() - _EPOCH

    @property
    def made_by(self) -> int:
        """Give who made an assessment that does not say."""
        return list(AssessmentSource).index(self.meaning.source)

    def tell(self, code: str, text: str, row: int, column: str, hint: str = "") -> None:
        """Tell a flaw of one row; of very many alike, tell how many more there are at the end."""
        self.told[code, column] += 1
        if self.told[code, column] <= MOST_TOLD:
            place = Place(file=self.file, row=row, column=column)
            self.account.tell(refusal(code, text, place, hint))

    def leave_out(self, code: str, text: str, row: int) -> None:
        """Warn of a row that becomes nothing."""
        self.account.tell(warning(code, text, Place(file=self.file, row=row)))
        self.account.leave_out(self.file, text)

    def employee(self, cell: str, row: int, column: str) -> EmployeeId | None:
        """Give the pseudonym of a person; None where the cell names nobody."""
        text = unicodedata.normalize("NFC", cell).strip()
        if is_missing(text):
            self.tell("E214", "nothing says who this is about", row, column)
            return None
        if "E+" in text.upper() and text[:1].isdigit():
            told = "a number was shown in powers of ten: if it is an id, digits are lost"
            place = Place(file=self.file, row=row, column=column)
            self.account.tell(warning("W305", told, place, "format the column as text"))
        try:
            key = EmployeeId(text) if column == "pseudonym" else self._pseudonym(text)
            Employee(id=key)
        except Misuse as error:
            self.tell(error.code, error.text, row, column, error.hint)
            return None
        self.employees.setdefault(key, len(self.employees))
        return key

    def _pseudonym(self, text: str) -> EmployeeId:
        if self.people is None:
            hint = "hand over a key, or name the column pseudonym if they are pseudonyms already"
            raise Misuse("E214", "employee numbers take a key to become pseudonyms", hint=hint)
        return self.people.of(text)

    def competence(self, cell: str, row: int, column: str) -> int:
        """Give the number of a competence, which goes by its name."""
        if (found := self.known.get((cell, ""))) is not None:
            return found
        name = " ".join(unicodedata.normalize("NFC", cell).split())
        code = -1
        if is_missing(name):
            self.tell("E214", "a competence is missing", row, column)
            return code
        try:
            _competence(CompetenceId(name), self.meaning.top)
            code = self.competences.setdefault(CompetenceId(name), len(self.competences))
        except Misuse as error:
            self.tell(error.code, error.text, row, column)
            return code
        return self.known.setdefault((cell, ""), code)

    def level(self, cell: str, row: int, column: str) -> int:
        """Give a level; -1 where it cannot be read. What is not filled in is not 0."""
        if (found := self.known.get((cell, "level"))) is not None:
            return found
        try:
            level = self.meaning.levels.get(fold(cell))
            if level is None:
                level = _level(cell, self.meaning)
            if not 0 <= level <= self.meaning.top:
                text = f"a level is outside its scale, which is 0 to {self.meaning.top}"
                raise Misuse("E502", text, hint="say what the top of the scale is")
        except Misuse as error:
            self.tell(error.code, error.text, row, column, error.hint)
            return -1
        return self.known.setdefault((cell, "level"), level)

    def days(self, cell: str, row: int, column: str, missing: int | None) -> int | None:
        """Give a day as a number; `missing` where there is none, `NO_DAY` where it is wrong."""
        if (found := self.known.get((cell, "day"))) is not None:
            return found
        if is_missing(cell):
            return missing
        try:
            day = read_day(cell)
        except Misuse as error:
            self.tell(error.code, error.text, row, column, error.hint)
            return NO_DAY
        return self.known.setdefault((cell, "day"), day.toordinal() - _EPOCH)

    def sources(self, cell: str, row: int) -> int:
        """Give who made an assessment; -1 where that cannot be read."""
        if (found := self.known.get((cell, "source"))) is not None:
            return found
        if is_missing(cell):
            return self.made_by
        try:
            said = read_word(unicodedata.normalize("NFC", cell), SOURCES)
        except Misuse as error:
            self.tell(error.code, error.text, row, "source", error.hint)
            return -1
        return self.known.setdefault((cell, "source"), list(AssessmentSource).index(said))

    def engage(self, employee: EmployeeId, unit: str, role: str, share: str, row: int) -> None:
        """Add where somebody works as what; it takes both."""
        unit, role = (" ".join(unicodedata.normalize("NFC", each).split()) for each in (unit, role))
        try:
            if not is_missing(unit):
                self.units.setdefault(UnitId(unit), Unit(id=UnitId(unit), label=Text(nb=unit)))
            if not is_missing(role):
                self.roles.setdefault(RoleId(role), JobRole(id=RoleId(role), label=Text(nb=role)))
            if is_missing(unit) or is_missing(role):
                reason = "an engagement takes both a unit and a role"
                self.account.lose(f"{self.file}: unit, role", reason)
                return
            decimal = self.meaning.dialect.decimal
            engagement = Engagement(
                employee=employee,
                unit=UnitId(unit),
                role=RoleId(role),
                share=10_000 if is_missing(share) else read_share(share, decimal=decimal),
            )
        except Misuse as error:
            column = "share" if error.code in ("E210", "E511", "E506") else "unit"
            self.tell(error.code, error.text, row, column, error.hint)
            return
        self.account.places.setdefault(engagement, Place(file=self.file, row=row))
        self.engagements[engagement] = None

    def reading(self) -> Reading:
        """Put the parts together."""
        account, top = self.account, self.meaning.top
        for (code, column), times in sorted(self.told.items()):
            if times > MOST_TOLD:
                text = f"and {times - MOST_TOLD} more flaws like those told of this column"
                account.tell(refusal(code, text, Place(file=self.file, column=column)))
        account.note("E214", _FACETS, Place(file=self.file))
        parcel = Enterprise(
            scales=(_scale(top),) if self.competences else (),
            competences=[_competence(each, top) for each in self.competences],
            units=self.units.values(),
            roles=self.roles.values(),
            employees=[Employee(id=each) for each in self.employees],
            engagements=self.engagements,
            assessments=self._assessments(),
        )
        return assemble(
            parcel, places=account.places, findings=account.findings(), losses=account.losses()
        )

    def _assessments(self) -> Table[Assessment]:
        """Lay the assessments out as columns."""
        read = self.columns
        people, names = Words.of(self.employees), Words.of(self.competences)
        assessed = np.asarray(read.assessed, "int32")
        recorded = self.meaning.recorded
        since = (
            assessed.astype("int64") * _A_DAY
            if recorded is None
            else np.full(len(assessed), int(recorded.timestamp() * 10**6), "int64")
        )
        own: dict[str, Any] = {
            "employee": people.codes(self.employees)[np.asarray(read.employee, "int32")],
            "competence": names.codes(self.competences)[np.asarray(read.competence, "int32")],
            "level": np.asarray(read.level, "int16"),
            "assessed": assessed,
            "expires": np.asarray(read.expires, "int32"),
            "source": np.asarray(read.source, "int8"),
            "recorded": since,
        }
        any_of_them = Table.of(ASSESSMENTS, [_ANY])
        alike = {
            name: np.broadcast_to(cell, len(assessed)) for name, cell in any_of_them.columns.items()
        }
        words = {**any_of_them.words, "employee": people, "competence": names}
        return Table(layout=ASSESSMENTS, columns=alike | own, words=words).sorted()


_ANY = Assessment(
    employee=EmployeeId("any"),
    competence=CompetenceId("any"),
    level=Level(1),
    source=AssessmentSource.LEADER,
    assessed=date(1970, 1, 1),
    recorded=datetime(1970, 1, 1, tzinfo=UTC),
)
"""What every assessment of a spreadsheet has alike, in the columns that it does not fill."""


def _scale(top: int) -> Scale:
    return Scale(
        id=ScaleId(f"0-{top}"), label=Text(nb=f"0 til {top}", en=f"0 to {top}"), top=Level(top)
    )


def _competence(key: CompetenceId, top: int) -> Competence:
    label = Text(nb=key)
    return Competence(id=key, label=label, facet=Facet.SKILL, scale=_scale(top).id)


def _level(cell: str, meaning: Meaning) -> int:
    if is_missing(cell):
        hint = "a level that is not known has no row; 0 means that none is held"
        raise Misuse("E501", "a level is missing", hint=hint)
    try:
        return read_whole(cell, decimal=meaning.dialect.decimal)
    except Misuse as error:
        if error.code != "E210":
            raise
        hint = "write a whole number, or declare the words that stand for levels"
        raise Misuse("E501", "a level is not a whole number", hint=hint) from None
