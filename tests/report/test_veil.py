"""Can a row be worked out from other rows, or from an earlier report? Tries of the veil."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kompetanse_core import (
    Analysis,
    Audience,
    Bearer,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Facet,
    Grid,
    Level,
    Report,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    Text,
    Unit,
    UnitId,
    analyse,
    make_report,
)
from kompetanse_core.errors import Misuse
from kompetanse_core.model.people import Assessment, AssessmentSource
from kompetanse_core.model.subject import without
from kompetanse_core.privacy.ledger import Ledger

ON = date(2026, 8, 31)
DOSES = CompetenceId("doses")
EMPTY = Ledger(key="a key of the test's")
Person = tuple[str, str, str, int | None]
"""An employee, their unit and role, and the level they hold."""


def assessed(person: str, level: int) -> Assessment:
    """A leader's word on somebody's doses."""
    return Assessment(
        employee=EmployeeId(person),
        competence=DOSES,
        level=Level(level),
        source=AssessmentSource.LEADER,
        assessed=date(2026, 1, 1),
        recorded=datetime(2026, 1, 1, tzinfo=UTC),
    )


def house(*people: Person) -> Enterprise:
    """Make an enterprise in which every role asks for doses at level 2."""
    units, roles = sorted({p[1] for p in people}), sorted({p[2] for p in people})
    return Enterprise(
        scales=[Scale(id=ScaleId("s"), top=Level(5))],
        competences=[
            Competence(id=DOSES, label=Text(en="Doses"), scale=ScaleId("s"), facet=Facet.SKILL)
        ],
        units=[Unit(id=UnitId(each), label=Text(en=each)) for each in units],
        roles=[Role(id=RoleId(each), label=Text(en=each)) for each in roles],
        requirements=[
            Requirement(bearer=Bearer.ROLE, of=each, competence=DOSES, level=Level(2))
            for each in roles
        ],
        employees=[Employee(id=EmployeeId(person)) for person, *_ in people],
        engagements=[
            Engagement(employee=EmployeeId(person), unit=UnitId(unit), role=RoleId(role))
            for person, unit, role, _ in people
        ],
        assessments=[
            assessed(person, level) for person, _, _, level in people if level is not None
        ],
    )


def crowd(name: str, count: int, unit: str, role: str, *levels: int | None) -> tuple[Person, ...]:
    """Give so many people alike, their levels in turn."""
    told = levels or (1,)
    return tuple((f"{name}{n}", unit, role, told[n % len(told)]) for n in range(count))


def told(*people: Person, ledger: Ledger | None = None, on: date = ON) -> Report:
    """Report to the parties."""
    analysis: Analysis = analyse(house(*people), on=on)
    return make_report(analysis, audience=Audience.PARTIES, ledger=ledger)


def grid(report: Report, caption: str) -> Grid:
    """Give one table of the report."""
    grids = (b for s in report.sections for b in s.blocks if isinstance(b, Grid))
    (found,) = (each for each in grids if each.caption == caption)
    return found


def table(report: Report, caption: str) -> dict[str, list[str]]:
    """Give the rows of one table of the report by what they are called."""
    return {row[0].text: [cell.text for cell in row[1:]] for row in grid(report, caption).rows}


def held(report: Report, caption: str) -> set[str]:
    """Give the rows that are held back, or told only together."""
    rows = {name for name, cells in table(report, caption).items() if set(cells) == {":"}}
    _, together, names = grid(report, caption).note.rstrip(".").partition("om få: ")
    return rows | set(names.replace(" og ", ", ").split(", ") if together else ())


WARD = crowd("w", 20, "ward", "nurse", 1, 2)
LAB = crowd("l", 12, "lab", "chemist", 1, 2, 3)
SHOP = crowd("s", 3, "shop", "clerk", 1, 2)


def test_bad_input_84_a_small_unit_is_not_the_whole_less_the_others() -> None:
    """FAULTS 84: units and roles add up to one whole, so each table hides a second row."""
    report = told(*WARD, *LAB, *SHOP)
    assert held(report, "Per enhet") == {"lab", "shop"}
    assert held(report, "Per rolle") == {"chemist", "clerk"}


def test_what_is_held_back_is_told_as_one_row() -> None:
    """The rows held back, summed: the whole less those told, with five people or more."""
    report = told(*WARD, *LAB, *SHOP)
    (merged,) = (cells for name, cells in table(report, "Per enhet").items() if "andre" in name)
    assert merged[0] == str(len(LAB) + len(SHOP))
    assert set(table(report, "Per enhet")) == {"ward", "2 andre samlet"}
    few = told(*WARD, *crowd("a", 2, "attic", "clerk"), *crowd("b", 2, "barn", "clerk"))
    assert "2 andre samlet" not in table(few, "Per enhet")


def test_bad_input_87_a_row_that_isolates_few_of_a_large_unit_is_held_back() -> None:
    """FAULTS 87: two chemists in the ward are the ward less its nurses; their rows hide them."""
    mixed = (*WARD, *LAB, *crowd("x", 2, "ward", "chemist"))
    report = told(*mixed)
    assert held(report, "Per enhet") | held(report, "Per rolle")
    assert not held(told(*WARD, *LAB), "Per enhet")


def test_bad_input_85_what_all_lack_is_not_told_of_a_group() -> None:
    """FAULTS 85: where nobody in the lab holds anything asked for, the row would say so of each."""
    report = told(*WARD, *crowd("l", 12, "lab", "chemist", 0), *crowd("s", 9, "shop", "clerk", 2))
    assert "lab" in held(report, "Per enhet")
    assert "chemist" in held(report, "Per rolle")
    assert {found.code for found in report.findings} == {"E553"}
    assert not told(*WARD, *LAB).findings


def test_nothing_is_held_back_where_every_group_is_large() -> None:
    """Two large units and roles: every row is told."""
    assert not told(*WARD, *LAB).ledger
    assert not held(told(*WARD, *LAB), "Per enhet") | held(told(*WARD, *LAB), "Per rolle")


def test_bad_input_86_a_row_is_repeated_until_enough_have_changed() -> None:
    """FAULTS 86: one who leaves shows in no row; five who leave do, also if one at a time."""
    later = date(2026, 9, 30)
    first = told(*WARD, *LAB, ledger=EMPTY)
    second = told(*WARD[1:], *LAB, ledger=first.ledger, on=later)
    rows = table(second, "Per enhet")
    assert rows["ward (per 31.08.2026)"] == table(first, "Per enhet")["ward"]
    ledger = second.ledger
    for gone in (2, 3, 4):
        ledger = told(*WARD[gone:], *LAB, ledger=ledger, on=later).ledger
    last = told(*WARD[5:], *LAB, ledger=ledger, on=later)
    assert table(last, "Per enhet")["ward"][0] == "15"


def test_bad_input_86_one_who_changes_shows_as_little_as_one_who_leaves() -> None:
    """FAULTS 86: same people, one at another level: the row and its role stay as they were."""
    first = told(*WARD, *LAB, ledger=EMPTY)
    raised = (("w0", "ward", "nurse", 5), *WARD[1:])
    second = told(*raised, *LAB, ledger=first.ledger)
    for caption, name in (("Per enhet", "ward"), ("Per rolle", "nurse")):
        repeated = table(second, caption)[f"{name} (per 31.08.2026)"]
        assert repeated == table(first, caption)[name]


def test_bad_input_86_a_total_that_few_changed_is_told_nowhere() -> None:
    """FAULTS 86: what is told of the whole elsewhere would differ by one person."""
    first = told(*WARD, *LAB, ledger=EMPTY)
    second = told(*WARD[1:], *LAB, ledger=first.ledger)
    assert held(first, "De tre spørsmålene") < set(table(first, "De tre spørsmålene"))
    assert held(second, "De tre spørsmålene") == set(table(second, "De tre spørsmålene"))


def test_a_row_held_back_before_is_not_told_when_few_have_come() -> None:
    """Four of the shop were held back; two more come, and the six would tell of the two."""
    four = crowd("s", 4, "shop", "clerk", 1, 2)
    first = told(*WARD, *LAB, *four, ledger=EMPTY)
    second = told(*WARD, *LAB, *crowd("s", 6, "shop", "clerk", 1, 2), ledger=first.ledger)
    assert "shop" in held(first, "Per enhet")
    assert "shop" in held(second, "Per enhet")


def test_the_same_report_again_is_the_same() -> None:
    """Where nobody changed nothing is repeated, and the ledger stays as it was."""
    first = told(*WARD, *LAB, *SHOP, ledger=EMPTY)
    second = told(*WARD, *LAB, *SHOP, ledger=first.ledger)
    assert first == second


def test_with_an_empty_ledger_an_erased_person_was_never_there() -> None:
    """Erase somebody, then report: equal to the report of an enterprise that never had them."""
    whole, gone = house(*WARD, *LAB), EmployeeId("w0")
    erased = analyse(without(whole, gone), on=ON)
    never = analyse(house(*WARD[1:], *LAB), on=ON)
    reports = [
        make_report(each, audience=Audience.PARTIES, ledger=EMPTY) for each in (erased, never)
    ]
    assert reports[0] == reports[1]


def test_a_ledger_tells_nobodys_pseudonym() -> None:
    """Marks are keyed hashes: another key, other marks; the key is shown nowhere."""
    first, other = (told(*WARD, ledger=each).ledger for each in (EMPTY, Ledger(key="another")))
    assert first is not None
    assert other is not None
    assert {m for r in first.releases for m in r.marks}.isdisjoint(
        m for r in other.releases for m in r.marks
    )
    assert EMPTY.key not in repr(first)


def test_a_ledger_takes_a_key() -> None:
    """An empty key would let anybody make the marks."""
    with pytest.raises(Misuse, match="E214"):
        Ledger(key="")
