"""Does a real SCIM server come in as an enterprise, whole and changed, and do bad ones stay out?"""

import re
from typing import Any

import pytest
from attrs import evolve
from tests.callees import NEAR, Say, answer, callee, in_turn
from tests.scim_server import CORE, TOKEN, call, tenant

from kompetanse_adapters.reading import Pseudonyms
from kompetanse_adapters.scim import COMPETENCE, ENTERPRISE, PAGE, Scim, scim
from kompetanse_core import (
    AssessmentSource,
    Enterprise,
    Facet,
    Misuse,
    Reading,
    SourceUnavailable,
    renewed,
)
from kompetanse_core.conformance import source_contract

KEY = "a key that only these tests have"
PEOPLE = Pseudonyms(KEY)
LOOSE = evolve(NEAR, seconds=60.0)


def user(name: str, manager: str = "", **more: Any) -> dict[str, Any]:
    """A nurse at the ward, with a name and address that must not come in."""
    work = {"organization": "Hospital", "department": "Ward", "employeeNumber": f"no-{name}"}
    told: dict[str, Any] = {
        "schemas": [f"{CORE}:User", ENTERPRISE, COMPETENCE],
        "userName": f"{name}@hospital.example",
        "name": {"familyName": f"Family-{name}"},
        "emails": [{"value": f"{name}@hospital.example"}],
        "title": "Nurse",
        "active": True,
        ENTERPRISE: work | ({"manager": {"value": manager}} if manager else {}),
    }
    return {**told, **more}


def holding(level: object, **more: Any) -> dict[str, Any]:
    """What our extension says of one level."""
    told = {
        "value": "care",
        "display": "Omsorg",
        "level": level,
        "top": 4,
        "assessed": "2026-03-01",
    }
    return {COMPETENCE: {"competences": [{**told, **more}]}}


def staffed() -> tuple[str, list[str]]:
    """A server with a leader and three nurses, one of whom has left; and their ids."""
    address = tenant()
    ids = [call(address, "POST", "/Users", user("lead", title="Head nurse"))["id"]]
    for name, more in (
        ("one", holding(3, source="joint", facet="skill", expires="2028-03-01")),
        ("two", holding(2)),
        ("three", {"active": False}),
    ):
        ids.append(call(address, "POST", "/Users", user(name, ids[0], **more))["id"])
    return address, ids


def opened(address: str, **more: Any) -> Scim:
    """The source of a server."""
    return evolve(scim(address, TOKEN, PEOPLE, manners=LOOSE), **more)


def test_a_real_server_becomes_an_enterprise() -> None:
    """People, units as a tree, roles, engagements, levels and a leader come in."""
    address, ids = staffed()
    reading = opened(address).read()
    found = reading.enterprise
    lead, one, two, three = map(PEOPLE.of, ids)
    assert {each.id for each in found.employees} == {lead, one, two}
    assert three not in {each.id for each in found.employees}
    assert [(each.id, each.parent) for each in found.units] == [
        ("Hospital", None),
        ("Hospital / Ward", "Hospital"),
    ]
    assert [each.id for each in found.roles] == ["Head nurse", "Nurse"]
    assert len(found.engagements) == 3
    held = {each.employee: each for each in found.assessments}
    assert (held[one].level, held[one].source) == (3, AssessmentSource.JOINT)
    assert str(held[one].expires) == "2028-03-01"
    assert held[two].source is AssessmentSource.LEADER
    (care,) = found.competences
    assert (care.id, str(care.label), care.facet) == ("care", "Omsorg", Facet.SKILL)
    assert [(each.unit, each.employee) for each in found.actors] == [("Hospital / Ward", lead)]
    assert {each.unit for each in found.engagements} == {"Hospital / Ward"}


def test_what_is_left_out_is_counted() -> None:
    """Whoever is not active, what was not asked for and what was assumed is told by count."""
    reading = opened(staffed()[0]).read()
    counted = {(loss.field, loss.count) for loss in reading.losses}
    assert counted == {("User", 3), ("Users", 1), ("Competence.facet", 1)}


def test_no_name_comes_in() -> None:
    """Neither name, address, number nor id of the server stands in what was read."""
    address, ids = staffed()
    told = repr(opened(address).read()) + repr(list(_all(opened(address).read())))
    assert not [word for word in ("hospital.example", "Family", "no-one", *ids) if word in told]


def _all(reading: Reading) -> list[object]:
    found = reading.parcel
    return [*found.employees, *found.engagements, *found.assessments, *found.actors, reading]


def test_many_pages_are_one_reading() -> None:
    """More users than a page holds come in whole, each once."""
    address = tenant()
    for number in range(PAGE + 5):
        call(address, "POST", "/Users", user(f"u{number}"))
    assert len(opened(address).read().enterprise.employees) == PAGE + 5


def test_changes_since_give_what_reading_everything_gives() -> None:
    """One changed, one came and one left: what was known and the changes make the new whole."""
    address, ids = staffed()
    source = opened(address)
    first = source.read_since("2000-01-01T00:00:00Z")
    before = renewed(Enterprise(), first)
    assert before == source.read().enterprise
    assert _people(source.read_since("2100-01-01T00:00:00Z")) == {PEOPLE.of(ids[0])}
    change = {"op": "replace", "path": f"{COMPETENCE}:competences", "value": _care(4)}
    call(address, "PATCH", f"/Users/{ids[1]}", patch(change))
    call(address, "DELETE", f"/Users/{ids[2]}")
    call(address, "POST", "/Users", user("four", ids[0], **holding(1)))
    changes = source.read_since(first.until)
    assert PEOPLE.of(ids[1]) in _people(changes)
    assert PEOPLE.of(ids[2]) not in changes.people
    after, whole = renewed(before, changes), source.read().enterprise
    assert after == whole


def _care(level: int) -> object:
    return holding(level)[COMPETENCE]["competences"]


def _people(changes: Any) -> set[str]:
    return {each.id for each in changes.reading.enterprise.employees}


def patch(*operations: object) -> dict[str, object]:
    """A change of one user."""
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}


def test_two_managers_make_no_leader() -> None:
    """Where two are named in one unit neither may read about everybody; it is counted."""
    address, ids = staffed()
    call(address, "POST", "/Users", user("five", ids[1]))
    reading = opened(address).read()
    assert [each.employee for each in reading.enterprise.actors] == [None]
    assert "manager" in {loss.field for loss in reading.losses}


def test_a_leader_who_is_one_no_more_loses_the_seat() -> None:
    """A second manager, seen as a change, takes the right to read about everybody away."""
    address, ids = staffed()
    source = opened(address)
    first = source.read_since("2000-01-01T00:00:00Z")
    before = renewed(Enterprise(), first)
    assert [each.employee for each in before.actors] == [PEOPLE.of(ids[0])]
    call(address, "POST", "/Users", user("five", ids[1]))
    after = renewed(before, source.read_since(first.until))
    assert [each.employee for each in after.actors] == [None]
    assert after == source.read().enterprise


# --- against servers that are not as they should be -------------------------------------------


def listed(*users: object, total: int | None = None) -> Say:
    """Answer with a list of users."""
    body = {"totalResults": len(users) if total is None else total, "Resources": users}
    return answer(body, Content_Type="application/scim+json")


def person(number: int, **more: Any) -> dict[str, Any]:
    """A user as a server gives one."""
    meta = {"lastModified": "2026-11-01T00:00:00Z"}
    return {**user(f"p{number}"), "id": f"id-{number}", "meta": meta, **more}


def read(say: Say, **more: Any) -> Reading:
    """What comes of a server that answers so."""
    with callee(say) as server:
        return opened(server.address, manners=NEAR, **more).read()


def test_what_a_server_tells_unasked_is_counted() -> None:
    """A server that sends names all the same is listened to, and each field is counted."""
    lost = {loss.field: loss.count for loss in read(listed(person(1), person(2))).losses}
    assert lost["User.emails"] == lost["User.name"] == lost["User.userName"] == 2
    assert lost[f"{ENTERPRISE}.employeeNumber"] == 2


def test_fault_f16_a_list_cut_short_is_refused() -> None:
    """A server that promises more users than it gives, now or on the next page, gives none."""
    for say in (listed(person(1), total=3), in_turn(listed(person(1), total=2), listed(total=2))):
        with pytest.raises(SourceUnavailable) as out:
            read(say)
        assert out.value.code == "E703"


def test_fault_f18_a_list_that_runs_round_is_refused() -> None:
    """The same page again is no next page."""
    with pytest.raises(SourceUnavailable) as out:
        read(listed(person(1), person(2), total=9))
    assert out.value.code == "E703"


def test_fault_f17_a_reading_is_resumed() -> None:
    """After the server gave up at page two, reading goes on there and gives the whole."""
    first, second = (listed(person(number), total=2) for number in (1, 2))
    with callee(in_turn(first, answer(b"", 429, Retry_After="999"), second)) as server:
        source = opened(server.address, manners=NEAR)
        with pytest.raises(SourceUnavailable) as out:
            source.read()
        reading = source.read(out.value.resume)  # type: ignore[arg-type]  # what it gave
        starts = [re.findall(r"startIndex=(\d+)", each)[0] for each in server.asked]
    assert starts == ["1", "2", "2"]
    assert len(reading.enterprise.employees) == 2


@pytest.mark.parametrize(
    ("drift", "code"),
    [
        ({"title": 7}, "E702"),
        ({"active": True, "title": {"no": "Sykepleier"}}, "E702"),
        ({ENTERPRISE: "Ward"}, "E702"),
        ({COMPETENCE: {"competences": ["care"]}}, "E702"),
        (holding("2"), "E501"),
        (holding(2, top=None), "E214"),
        (holding(2, source="boss"), "E213"),
        (holding(9), "E502"),
        ({"meta": {}, **holding(2)}, "E214"),
    ],
)
def test_fault_f19_another_shape_is_refused_as_a_whole(drift: dict[str, Any], code: str) -> None:
    """A field of another type, a word that is new and a value that is missing are named."""
    reading = read(listed(person(1), person(2, **drift)))
    (refusal,) = reading.refused
    assert refusal.code == code
    assert refusal.place.row == 2
    assert refusal.place.file == "Users"


@pytest.mark.parametrize("body", [{}, {"totalResults": "2"}, {"totalResults": 1, "Resources": 7}])
def test_fault_f19_a_list_of_another_shape_is_refused(body: object) -> None:
    """What is no list of users is no reading."""
    with pytest.raises(SourceUnavailable) as out:
        read(answer(body))
    assert out.value.code == "E702"


@pytest.mark.parametrize("left", [0, 1])
def test_fault_f23_a_server_that_lost_its_people_stops(left: int) -> None:
    """Fewer than half of the people stop a reading, and a reading of changes."""
    say = listed(*map(person, range(left)))
    with pytest.raises(SourceUnavailable) as out:
        read(say, before=3)
    assert out.value.code == "E705"
    with callee(say) as server, pytest.raises(SourceUnavailable) as out:
        opened(server.address, manners=NEAR, before=3).read_since("2026-01-01T00:00:00Z")
    assert out.value.code == "E705"
    assert read(say).enterprise == read(say, before=None).enterprise


def test_a_key_that_can_be_guessed_is_refused() -> None:
    """Pseudonyms need a secret that is one."""
    with pytest.raises(Misuse):
        scim("https://hr.example.org", TOKEN, "short")


def test_nothing_secret_is_printed() -> None:
    """A source prints neither its token nor its address nor its key."""
    printed = repr(scim("https://hr.example.org", TOKEN, KEY))
    assert not [word for word in (TOKEN, KEY, "hr.example.org") if word in printed]


# --- the contract -----------------------------------------------------------------------------

GOOD: list[str] = []


def good() -> Scim:
    """A real server as it should be."""
    if not GOOD:
        GOOD.append(staffed()[0])
    return opened(GOOD[0])


class Wrong:
    """A server with one user whose level stands on no scale, and whose name is known."""

    def read(self) -> Reading:
        """Read it."""
        return read(listed(person(1, **holding(9, display="Family-secret"))))


class Absent:
    """A server that knows nobody like us."""

    def read(self) -> Reading:
        """Ask it."""
        return read(answer({}, 401))


TestScim = source_contract(
    good, broken=Wrong, absent=Absent, secrets=("Family-p1", "p1@hospital.example", "id-1")
)
