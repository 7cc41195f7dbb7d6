"""Which column of somebody's spreadsheet is which? Plan: where each thing stands in a row.

A long table says a competence and a level in each row. A wide one has a column for each
competence. Names of people and how to reach them are known by their headers, and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from attrs import frozen

from kompetanse_adapters.reading import Account, Header, fold, is_remark, refusal, warning
from kompetanse_core import Finding, Place, Severity, is_special_category

_NAMES = """
pseudonym: psevdonym
employee: ansatt, ansattnr, ansattnummer, ansatt_id, tilsett, tilsettnr, tilsettnummer, medarbeider,
 medarbeidar, employee_id, employee_no, employee_number, staff_id
unit: enhet, avdeling, eining, department, org_unit
role: rolle, stilling, stillingstittel, position, job_title
share: prosent, stillingsprosent, stillingsandel, percent
competence: kompetanse, ferdighet, ferdigheit, skill, competency
level: nivå, kompetansenivå, kompetansenivaa, proficiency
assessed: vurdert, vurderingsdato, dato, date
expires: utløper, utløpsdato, går_ut, gyldig_til, valid_to
source: kilde, kjelde, vurdert_av, assessed_by
"""
_PRIVATE = frozenset(
    (
        *("navn", "namn", "name", "fullt_navn", "fullt_namn", "full_name", "fornavn", "førenamn"),
        *("fornamn", "first_name", "mellomnavn", "etternavn", "etternamn", "last_name"),
        *("surname", "e_post", "epost", "email", "e_mail", "mail", "telefon", "tlf", "mobil"),
        *("phone", "mobile", "adresse", "address", "fødselsdato", "birth_date", "date_of_birth"),
        *("fødselsnummer", "fødselsnr", "personnummer", "personnr", "fnr", "national_id"),
        *("kjønn", "gender", "sex", "nærmeste_leder", "leder", "leiar", "manager", "brukernavn"),
        *("brukarnamn", "username", "kommentar", "merknad", "comment", "notat", "note"),
    )
)
"""Headers of what says who somebody is, or says anything of them; such columns are never read."""


class Shape(Enum):
    """Form: a row for each level, or a column for each competence."""

    LONG = "long"
    WIDE = "wide"


def _named() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in _NAMES.replace("\n ", " ").strip().splitlines():
        column, _, words = line.partition(":")
        found |= {fold(word): column for word in (column, *words.split(","))}
    return MappingProxyType(found)


HEADER = Header(names=_named())
"""By which names the columns go that are known."""


@frozen(kw_only=True)
class Plan:
    """Say at which place of a row, from 0, each known column stands, and each competence."""

    shape: Shape
    width: int
    places: Mapping[str, int]
    competences: Mapping[int, str]

    def place_of(self, column: str) -> int:
        """Give the place of a column; -1 where there is none."""
        return self.places.get(column, -1)


def plan_of(cells: Sequence[str], place: Place, account: Account) -> Plan | None:
    """See what the columns of a header are; None where that cannot be said.

    Findings: E204, E205, E207, E552, N215.
    """
    known = {number: HEADER.column(cell) for number, cell in enumerate(cells)}
    shape = Shape.LONG if {"competence", "level"} <= set(known.values()) else Shape.WIDE
    flaws = list(_flaws(cells, known, shape, place))
    account.tell(*flaws)
    if any(each.severity is Severity.REFUSE for each in flaws):
        return None
    _tell_unread(cells, shape, place, account)
    competences = {
        number: " ".join(cell.split())
        for number, cell in enumerate(cells)
        if shape is Shape.WIDE and _is_competence(cell)
    }
    return Plan(
        shape=shape,
        width=len(cells),
        places={column: number for number, column in known.items() if column},
        competences=competences,
    )


def is_header(cells: Sequence[str]) -> bool:
    """Say whether a row names who it is about, and something else that is known."""
    known = {HEADER.column(cell) for cell in cells}
    return bool(known & {"employee", "pseudonym"}) and len([each for each in cells if each]) > 1


def _is_competence(cell: str) -> bool:
    name = fold(cell)
    return bool(name) and not HEADER.column(cell) and not is_remark(cell) and name not in _PRIVATE


def _flaws(
    cells: Sequence[str], known: Mapping[int, str], shape: Shape, place: Place
) -> list[Finding]:
    """Tell what is wrong with a header; nothing of it is shown but the names that we know."""
    found = []
    named = Counter(filter(None, known.values()))
    if not named.keys() & {"employee", "pseudonym"}:
        hint = "name the column of employee numbers ansattnr, or employee"
        text = "a column that must be there is missing"
        found.append(refusal("E207", text, _at(place, "employee"), hint))
    twice = [column for column, times in named.items() if times > 1]
    if {"employee", "pseudonym"} <= named.keys():
        twice.append("employee")
    if shape is Shape.WIDE:
        spelt = Counter(fold(cell) for cell in cells if _is_competence(cell))
        twice += [f"column {_last(cells, name)}" for name, times in spelt.items() if times > 1]
        if not spelt:
            text = "there is no column of a competence, nor one of competence and one of level"
            found.append(refusal("E207", text, _at(place, "competence")))
    text = "a column stands twice in the header"
    found += [refusal("E204", text, _at(place, column)) for column in twice]
    text, hint = "a column holds a special category of personal data", "take it out of the file"
    special = [fold(cell) for cell in cells if is_special_category(cell)]
    return [*found, *(refusal("E552", text, _at(place, name), hint) for name in special)]


def _last(cells: Sequence[str], name: str) -> int:
    return max(number for number, cell in enumerate(cells, start=1) if fold(cell) == name)


def _tell_unread(cells: Sequence[str], shape: Shape, place: Place, account: Account) -> None:
    """Count the columns that are left out, and note those that go by another name."""
    file = place.file
    for number, cell in enumerate(cells, start=1):
        if fold(cell) in _PRIVATE:
            account.lose(f"{file}: {fold(cell)}", "it says who somebody is, or anything of them")
        elif is_remark(cell):
            account.lose(f"{file}: column {number}", "a column of remarks")
        elif shape is Shape.LONG and fold(cell) and not HEADER.column(cell):
            account.tell(
                warning("E205", "a column is unknown, and left out", _at(place, f"column {number}"))
            )
            account.lose(f"{file}: column {number}", "the column is unknown")
    other = [cell.strip() for cell in cells if HEADER.column(cell) not in ("", cell)]
    if other:
        text = f"columns were recognised by another name: {', '.join(other)}"
        account.note("N215", text, place)


def _at(place: Place, column: str) -> Place:
    return Place(file=place.file, row=place.row, column=column)
