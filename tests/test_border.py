"""Is a national identity number stopped at the border? Tries of `kompetanse_core.model.border`."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest

from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.border import holds_national_number, is_special_category
from kompetanse_core.model.competence import CompetenceId, EvidenceKind
from kompetanse_core.model.cooperation import (
    Event,
    EventId,
    EventKind,
    Register,
    Side,
    View,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Employee, EmployeeId, Evidence, EvidenceId, Wish
from kompetanse_core.model.text import Text


def number(nine: str) -> str:
    """Give an invented number its control digits, worked out the other way: 11 − remainder."""
    first = -sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), nine, strict=True)) % 11
    ten = f"{nine}{first}"
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    second = -sum(w * int(d) for w, d in zip(weights, ten, strict=False)) % 11
    assert max(first, second) < 10, "there is no such number"
    return f"{ten}{second}"


BIRTH, D_NUMBER, TEST_NUMBER = number("311299123"), number("410199234"), number("018199450")


@pytest.mark.parametrize("found", [BIRTH, D_NUMBER, TEST_NUMBER])
def test_bad_input_82_a_number_is_known_wherever_it_stands(found: str) -> None:
    """FAULTS 82: a birth number, a D-number and a test number, alone, in a text, and with a gap."""
    for text in (found, f"Kurs for {found}.", f"nr{found}", f"{found[:6]} {found[6:]}"):
        assert holds_national_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901",
        str(int(BIRTH) + 1),
        BIRTH[:10] + str(9 - int(BIRTH[10])),
        f"1{BIRTH}",
        f"{BIRTH}1",
        BIRTH[:10],
        "00000000000",
        number("321299127"),
        number("311399126"),
        "٣" * 11,
    ],
)
def test_other_digits_are_no_number(text: str) -> None:
    """Too long, too short, no such day or month, or a control digit that does not fit."""
    assert not holds_national_number(text)


def test_bad_input_82_every_row_is_refused_and_none_quoted() -> None:
    """FAULTS 82: in ids, texts, tables and the register: E551 with a place, all at once."""
    anne, noon = EmployeeId(BIRTH), datetime(2026, 1, 1, 12, tzinfo=UTC)
    enterprise = Enterprise(
        name=Text(en=f"House of {BIRTH}"),
        employees=[Employee(id=anne)],
        evidence=[
            Evidence(
                id=EvidenceId("e1"),
                employee=anne,
                kind=EvidenceKind.CERTIFICATE,
                qualification=f"certificate {D_NUMBER}",
                recorded=noon,
            )
        ],
        wishes=[
            Wish(
                employee=anne,
                competence=CompetenceId("c"),
                stated=date(2026, 1, 1),
                recorded=noon,
            )
        ],
        register=Register(
            events=(
                Event(
                    id=EventId("1"),
                    kind=EventKind.INPUT,
                    on=date(2026, 1, 1),
                    views=(View(side=Side.UNION, text=Text(nb=f"spør {TEST_NUMBER}")),),
                ),
            )
        ),
    )
    reading = assemble(enterprise)
    found = [each for each in reading.refused if each.code == "E551"]
    assert {(each.place.file, each.place.column) for each in found} == {
        ("enterprise.name", ""),
        ("enterprise.employees[0]", "id"),
        ("enterprise.evidence[0]", "employee"),
        ("enterprise.evidence[0]", "qualification"),
        ("enterprise.wishes[0]", "employee"),
        ("enterprise.register.events[0]", "views"),
    }
    told = "".join(map(str, reading.findings))
    assert not [each for each in (BIRTH, D_NUMBER, TEST_NUMBER) if each in told]


def test_an_enterprise_without_one_is_let_in() -> None:
    """Ordinary ids and texts give no such finding."""
    assert assemble(Enterprise(employees=[Employee(id=EmployeeId("a1"))])).findings == ()


@pytest.mark.parametrize(
    "heading", ["Fagforening", " trade-union ", "HELSE", "Sykefravær", "seksuell  orientering"]
)
def test_bad_input_83_a_special_category_is_known_by_its_name(heading: str) -> None:
    """FAULTS 83: however it is spaced, cased or composed."""
    assert is_special_category(heading)
    assert is_special_category(unicodedata.normalize("NFD", heading))


@pytest.mark.parametrize("heading", ["helsefagarbeider", "union_unit", "rolle", ""])
def test_what_only_begins_like_a_special_category_is_let_in(heading: str) -> None:
    """A trade certificate in health is no matter of health."""
    assert not is_special_category(heading)
