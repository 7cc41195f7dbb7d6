"""Does Odoo come in whole and since, do levels go back, and do bad answers stay out?

The answers are those of a real Odoo 19, recorded; `make test-odoo` asks a real one the same.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.callees import NEAR, Say, answer, callee, in_turn
from tests.recorded_odoo import (
    AGREED,
    KEY,
    PEOPLE,
    SKILLS,
    TOKEN,
    Stand,
    agreed,
    recorded,
    standing,
)

from kompetanse_adapters.odoo import Odoo, OdooSink, odoo, odoo_sink
from kompetanse_adapters.odoo import asking as asked_for
from kompetanse_adapters.odoo.nouns import employee_of
from kompetanse_core import (
    ActorId,
    Assessment,
    AssessmentSource,
    CompetenceId,
    Enterprise,
    EvidenceKind,
    KompetanseError,
    Misuse,
    Purpose,
    Reading,
    SourceUnavailable,
    analyse,
    renewed,
)
from kompetanse_core.conformance import sink_contract, source_contract
from kompetanse_core.hooks import Access, Sink

DAY = date(2027, 1, 1)
MANNERS = evolve(NEAR, seconds=60.0)
STANDING = ExitStack()


@pytest.fixture(scope="module", autouse=True)
def stand_down() -> Iterator[None]:
    """Take the stand-ins of this module down."""
    with STANDING:
        yield


def source(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Odoo:
    """The recorded Odoo, with something changed."""
    models = recorded()
    change(models)
    return at(STANDING.enter_context(standing(Stand(models))))


def at(address: str) -> Odoo:
    """The source of an address."""
    return odoo(address, TOKEN, PEOPLE, manners=MANNERS)


def read(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Reading:
    """What comes of the recorded Odoo, with something changed."""
    return source(change).read()


def sink_of(from_: Odoo) -> OdooSink:
    """The sink of the same Odoo."""
    return odoo_sink(from_.address, TOKEN, PEOPLE, MANNERS)


# --- whole ------------------------------------------------------------------------------------


def test_the_demo_comes_in_whole() -> None:
    """21 employees, 110 levels, 21 requirements, 88 skills, 102 lines and 7 certificates."""
    found = read().enterprise
    assert (len(found.employees), len(found.assessments), len(found.requirements)) == (21, 110, 21)
    assert (len(found.competences), len(found.scales), len(found.units)) == (88, 6, 7)
    kinds = [each.kind for each in found.evidence if not each.verified]
    assert len(kinds) == 102
    assert kinds.count(EvidenceKind.FORMAL_EDUCATION) > 0
    proven = [each for each in found.evidence if each.verified]
    assert {each.kind for each in proven} == {EvidenceKind.CERTIFICATE}
    credentials = [e for e in found.assessments if e.source is AssessmentSource.CREDENTIAL]
    assert len(credentials) == len(proven) > 0


def test_levels_are_steps_of_their_type() -> None:
    """A type of skills is a scale; its levels stand in the order of their progress."""
    scales = {str(each.label): each for each in read().enterprise.scales}
    languages = [str(name.label) for name in scales["Languages"].names]
    assert languages == ["A1", "A2", "B1", "B2", "C1", "C2"]
    assert scales["Marketing"].top == 4


def test_a_gap_analysis_from_odoo_alone() -> None:
    """What jobs take against what people hold: gaps, with nothing else read."""
    analysis = analyse(read().enterprise, on=DAY)
    assert len(analysis.gaps) > 0
    assert any(gap.missing for gap in analysis.gaps)


def test_validity_decides_what_is_held() -> None:
    """A level that ended is told with its last day, and the later one stands after it."""
    found = read().enterprise
    own = [e for e in found.assessments if (e.employee, e.competence) == (_person(1), _skill(29))]
    assert [(e.level, str(e.assessed), str(e.expires)) for e in own] == [
        (3, "2025-01-01", "2025-06-30"),
        (4, "2025-07-01", "2025-12-31"),
        (5, "2026-01-01", "None"),
    ]


def _person(number: int) -> str:
    return employee_of(PEOPLE, number)


def _skill(number: int) -> CompetenceId:
    return CompetenceId(f"odoo:skill:{number}")


def test_what_is_left_out_or_assumed_is_counted() -> None:
    """Each thing that Odoo does not tell, or that has no place, by field and count."""
    lost = {loss.field: loss.count for loss in read().losses}
    assert lost["hr.employee"] == 21
    assert lost["Assessment.source"] == 110
    assert lost["Engagement.share"] == 21
    assert lost["hr.resume.line.name"] > 0


def test_more_rows_than_a_page_come_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of seven rows give what one page gives."""
    whole = read()
    monkeypatch.setattr(asked_for, "PAGE", 7)
    assert read() == whole


def test_a_leader_who_has_left_leaves_the_seat_empty() -> None:
    """A department whose manager is archived has a leader's seat with nobody in it."""

    def left(models: dict[str, Any]) -> None:
        (models["hr.department"]["rows"][0]).update(manager_id=999)

    assert read(left).enterprise.actors[0].employee is None


def test_names_are_read_in_a_language() -> None:
    """Labels are in the language that was asked for; another is refused."""
    found = evolve(source(), language=odoo("", TOKEN, PEOPLE, None, "nb").language).read()
    assert found.enterprise.roles[0].label.nb
    with pytest.raises(Misuse):
        odoo("", TOKEN, PEOPLE, None, "sv")


# --- older, since, resumed --------------------------------------------------------------------


def older(models: dict[str, Any]) -> None:
    """An Odoo without requirements of jobs, days of validity, certificates and résumés."""
    for name in ("hr.job.skill", "hr.resume.line", "hr.resume.line.type"):
        del models[name]
    for model, names in (
        (SKILLS, ("valid_from", "valid_to")),
        ("hr.skill.type", ("is_certification",)),
    ):
        for name in names:
            del models[model]["fields"][name]
            for row in models[model]["rows"]:
                del row[name]


def test_an_older_odoo_gives_less_and_says_so() -> None:
    """What it has comes in; each model and field that it lacks is a loss."""
    reading = read(older)
    found = reading.enterprise
    assert (len(found.employees), len(found.requirements), len(found.evidence)) == (21, 0, 0)
    lost = {loss.field for loss in reading.losses}
    assert {"hr.job.skill", "hr.resume.line", f"{SKILLS}.valid_from", f"{SKILLS}.valid_to"} <= lost


class OlderStand:
    """The recorded Odoo as version 14 would answer: JSON-RPC, with fewer models and fields."""

    def __init__(self) -> None:
        models = recorded()
        older(models)
        self.stand, self.called = Stand(models), list[str]()

    def __call__(self, caller: Any) -> None:
        """Answer one call; there is no JSON-2."""
        if caller.path != "/jsonrpc":
            answer(b"<html>", 404, Content_Type="text/html")(caller)
            return
        length = int(caller.headers["Content-Length"])
        params = json.loads(caller.rfile.read(length))["params"]
        answer({"jsonrpc": "2.0", "id": 1, **self.said(*params["args"], method=params["method"])})(
            caller
        )

    def said(self, database: str, who: Any, key: str, *rest: Any, method: str) -> dict[str, Any]:
        """What is answered by the service `common` or `object`."""
        known = (database, key) == ("demo", TOKEN)
        if method == "authenticate":
            return {"result": 2 if known and who == "reader" else False}
        model, verb, given, named = rest
        self.called.append(verb)
        if not known or who != 2:
            return {"error": {"data": {"name": "odoo.exceptions.AccessDenied"}}}
        if model not in self.stand.models:
            return {"error": {"data": {"name": "odoo.exceptions.UserError"}}}
        if verb == "fields_get":
            return {"result": self.stand.fields_get(model)}
        rows = self.stand.models[model]["rows"]
        if verb == "search":
            found: Any = self.stand.search_read(model, given[0], [], named["limit"])
            return {"result": [each["id"] for each in found]}
        assert (verb, named["load"]) == ("read", "")
        fields = ("id", *named["fields"])
        return {"result": [{f: r[f] for f in fields} for r in rows if r["id"] in given[0]]}


def rpc(stand: OlderStand, login: str = "reader") -> Odoo:
    """The source of an Odoo of version 14."""
    address = STANDING.enter_context(standing(stand))  # type: ignore[arg-type]  # it answers too
    return odoo(address, TOKEN, PEOPLE, database="demo", login=login, manners=MANNERS)


def test_an_odoo_of_14_is_read_over_json_rpc() -> None:
    """It gives what the same rows over JSON-2 give, losses too, and is never asked for names."""
    stand = OlderStand()
    own, same = rpc(stand), source(older)
    assert own.read() == same.read()
    assert own.read_since("2000-01-01T00:00:00Z") == same.read_since("2000-01-01T00:00:00Z")
    assert set(stand.called) == {"fields_get", "search", "read"}


def test_an_odoo_of_14_refuses_strangers_and_json_2() -> None:
    """A login that is not known, half of a login, and JSON-2 are refused."""
    with pytest.raises(SourceUnavailable) as out:
        rpc(OlderStand(), "another").read()
    assert out.value.code == "E706"
    with pytest.raises(SourceUnavailable):
        evolve(rpc(OlderStand()), database="", login="").read()
    with pytest.raises(Misuse):
        odoo("", TOKEN, PEOPLE, database="demo")


def test_changes_since_give_what_reading_everything_gives() -> None:
    """Nothing changed, one level changed, one person gone: the changes make the new whole."""
    models = recorded()
    stand = Stand(models)
    own = at(STANDING.enter_context(standing(stand)))
    before = own.read().enterprise
    first = own.read_since("2000-01-01T00:00:00Z")
    assert renewed(Enterprise(), first) == before
    late = "2027-02-03 04:05:06"
    (row,) = [each for each in models[SKILLS]["rows"] if each["id"] == 3]
    row.update(skill_level_id=9, write_date=late)
    models["hr.employee"]["rows"] = [e for e in models["hr.employee"]["rows"] if e["id"] != 6]
    changes = own.read_since("2027-01-01T00:00:00Z")
    leaders = {each["manager_id"] for each in models["hr.department"]["rows"]} - {False}
    anew = {_person(each) for each in leaders | {1}}
    assert {each.id for each in changes.reading.enterprise.employees} == anew
    assert (len(changes.people), changes.until) == (20, f"{late}Z")
    after, whole = renewed(before, changes), own.read().enterprise
    assert after == whole


def test_fault_f17_a_reading_is_resumed() -> None:
    """What was read before Odoo gave up is not asked for again."""
    stand, asked = Stand(), 0

    def say(caller: Any) -> None:
        nonlocal asked
        asked += caller.path.endswith("search_read")
        if caller.path == f"/json/2/{SKILLS}/search_read" and asked == 9:
            answer(b"", 429, Retry_After="3600")(caller)
        else:
            stand(caller)

    with callee(say) as server:
        with pytest.raises(SourceUnavailable) as out:
            at(server.address).read()
        resumed = at(server.address).read(out.value.resume)  # type: ignore[arg-type]  # what it gave
        whole = at(server.address).read()
    assert resumed == whole
    assert asked == 9 + 2 + 10


# --- faults -----------------------------------------------------------------------------------


def drifted(model: str, **told: Any) -> Callable[[dict[str, Any]], None]:
    """Change the third row of a model."""

    def change(models: dict[str, Any]) -> None:
        models[model]["rows"][2].update(told)

    return change


@pytest.mark.parametrize(
    ("model", "told", "code"),
    [
        (SKILLS, {"skill_level_id": 12}, "E502"),
        (SKILLS, {"skill_level_id": "three"}, "E501"),
        (SKILLS, {"skill_level_id": False}, "E214"),
        (SKILLS, {"skill_id": 9999}, "E502"),
        (SKILLS, {"valid_from": "01/02/2026"}, "E211"),
        (SKILLS, {"valid_to": "2020-01-01"}, "E507"),
        (SKILLS, {"write_date": False}, "E214"),
        ("hr.skill", {"name": False}, "E214"),
        ("hr.skill.level", {"level_progress": 0.5}, "E501"),
        ("hr.job", {"name": ["Nurse"]}, "E702"),
        ("hr.employee", {"department_id": [7, "Ward"]}, "E501"),
        ("hr.job.skill", {"job_id": 99}, "E503"),
    ],
)
def test_fault_f19_another_shape_refuses_the_reading(
    model: str, told: dict[str, Any], code: str
) -> None:
    """A type that changed, a value that is missing and a reference to nothing are named."""
    reading = read(drifted(model, **told))
    assert (model, code) in {(found.place.file, found.code) for found in reading.refused}


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8).map("Nordmann{}".format),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["0000-00-00", "9999-12-31", "2026-11-23T00:00:00", "\ud800", "\0"]),
)


@settings(max_examples=25)
@given(st.data(), JUNK)
def test_fault_f19_whatever_stands_there_is_read_or_refused(data: st.DataObject, junk: Any) -> None:
    """Any value in any field of any row is read, or refused by an error of ours that is silent."""
    models = recorded()
    model = data.draw(st.sampled_from(sorted(models)))
    row = data.draw(st.sampled_from(models[model]["rows"]))
    row[data.draw(st.sampled_from(sorted(row)))] = junk
    with standing(Stand(models)) as address:
        try:
            told = str(at(address).read().findings)
        except KompetanseError as error:
            told = str(error)
    personal = model in ("hr.employee", SKILLS, "hr.resume.line")
    assert not (personal and "Nordmann" in told)


def test_fault_f19_a_field_that_was_renamed_is_named() -> None:
    """A field that must be there and is not stops the reading by its name."""

    def renamed(models: dict[str, Any]) -> None:
        fields = models[SKILLS]["fields"]
        fields["level_id"] = fields.pop("skill_level_id")

    with pytest.raises(SourceUnavailable) as out:
        read(renamed)
    assert out.value.code == "E702"
    assert str(out.value.place) == f"{SKILLS} [skill_level_id]"


ROW = {"name": "Ward", "parent_id": False, "manager_id": False}
FIELDS = answer({name: {"type": "char"} for name in ("name", "is_certification")})


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (answer({"id": 1}), "E702"),
        (answer([1, 2]), "E702"),
        (answer([{"name": "Ward"}]), "E702"),
        (answer([{"id": 2, **ROW}, {"id": 1, **ROW}]), "E703"),
        (answer([{"id": 1, **ROW}, {"id": 1, **ROW}]), "E703"),
        (answer([{"id": 0, **ROW}]), "E703"),
        (answer({"message": "no"}, 422), "E703"),
    ],
)
def test_fault_f18_rows_out_of_order_are_refused(rows: Say, code: str) -> None:
    """What is no list of rows, or does not come in the order asked for, is no reading."""
    stand = Stand()

    def say(caller: Any) -> None:
        (rows if caller.path == "/json/2/hr.department/search_read" else stand)(caller)

    with callee(say) as server, pytest.raises(SourceUnavailable) as out:
        at(server.address).read()
    assert out.value.code == code


def test_fault_f20_a_page_to_log_in_is_no_answer() -> None:
    """An Odoo behind a login page is not read."""
    page = answer(b"<html>", Content_Type="text/html")
    with callee(page) as server, pytest.raises(SourceUnavailable) as out:
        at(server.address).read()
    assert out.value.code == "E703"


def test_fault_f23_an_odoo_that_lost_its_people_stops() -> None:
    """Fewer than half of the people of the last time stop both ways of reading."""

    def emptied(models: dict[str, Any]) -> None:
        del models["hr.employee"]["rows"][10:]

    few = source(emptied)
    with pytest.raises(SourceUnavailable) as out:
        evolve(few, before=21).read()
    assert out.value.code == "E705"
    with pytest.raises(SourceUnavailable) as out:
        evolve(few, before=21).read_since("2020-01-01T00:00:00Z")
    assert out.value.code == "E705"
    assert len(few.read().parcel.employees) == 10
    about_others = {loss.field for loss in few.read().losses}
    assert {SKILLS, "hr.resume.line"} <= about_others


def test_nothing_secret_is_printed() -> None:
    """Neither source nor sink prints its token, its address or its key."""
    for each in (odoo("https://o.example", TOKEN, KEY), odoo_sink("https://o.example", TOKEN, KEY)):
        assert not [word for word in (TOKEN, KEY, "o.example") if word in repr(each)]


# --- contracts --------------------------------------------------------------------------------


def broken() -> Odoo:
    """An Odoo with a level that its skill's type does not have."""
    return source(drifted(SKILLS, skill_level_id=12))


def absent() -> Odoo:
    """An Odoo that does not know us."""
    return evolve(source(), token="another")


KEPT: list[Odoo] = []


def kept() -> Odoo:
    """One recorded Odoo that nothing is written to."""
    if not KEPT:
        KEPT.append(source())
    return KEPT[0]


TestOdoo = source_contract(kept, broken=broken, absent=absent, secrets=("line 3",))


def held(sink: Sink) -> Iterable[Assessment]:
    """What the Odoo of a sink holds now."""
    assert isinstance(sink, OdooSink)
    return at(sink.address).read().enterprise.assessments


TestOdooSink = sink_contract(
    lambda: sink_of(source()), agreed=AGREED, held=held, absent=lambda: sink_of(absent_sink())
)


def absent_sink() -> Odoo:
    """An Odoo that nobody answers for."""
    with callee(answer({})) as server:
        return at(server.address)


NOON = datetime(2027, 1, 9, 12, tzinfo=UTC)
ACCESS = Access(actor=ActorId("seat-1"), purpose=Purpose.DEVELOPMENT, at=NOON)


def test_writing_keeps_what_was_as_history() -> None:
    """The level before ends the day before; the same day again changes the row of that day."""
    own = source()
    sink = sink_of(own)
    assert sink.write([agreed(1, 29, 4, 9)], access=ACCESS).written == 1
    assert sink.write([agreed(1, 29, 3, 9)], access=ACCESS).written == 1
    mine = [e for e in own.read().enterprise.assessments if e.employee == _person(1)]
    last = [e for e in mine if e.competence == _skill(29)][-2:]
    assert [(e.level, str(e.assessed), str(e.expires)) for e in last] == [
        (5, "2026-01-01", "2027-01-08"),
        (3, "2027-01-09", "None"),
    ]


def test_what_odoo_does_not_know_is_counted() -> None:
    """A person, a skill, a level above the scale and an older day are left out, each by reason."""
    unknown = (agreed(99, 29, 1), agreed(1, 9999, 1), agreed(1, 29, 6))
    old = evolve(agreed(1, 29, 1), assessed=date(2020, 1, 1))
    delivery = sink_of(source()).write((*unknown, old), access=ACCESS)
    assert (delivery.written, delivery.unchanged) == (0, 0)
    assert {loss.field: loss.count for loss in delivery.losses} == {
        "Assessment.employee": 1,
        "Assessment.competence": 2,
        "Assessment.level": 1,
    }


@pytest.mark.parametrize(("status", "code"), [(422, "E703"), (503, "E701"), (401, "E706")])
def test_a_refusal_halfway_is_mended_by_writing_again(status: int, code: str) -> None:
    """What Odoo refuses is told; the same delivery again writes what is left, and nothing twice."""
    stand, refusing = Stand(), [True]

    def say(caller: Any) -> None:
        if (
            refusing
            and caller.path.endswith("/create")
            and stand.models[SKILLS]["rows"][2]["valid_to"]
        ):
            answer({"message": "not now"}, status)(caller)
        else:
            stand(caller)

    with callee(say) as server:
        sink = sink_of(at(server.address))
        with pytest.raises(SourceUnavailable) as out:
            sink.write(AGREED, access=ACCESS)
        assert out.value.code == code
        refusing.clear()
        again = sink.write(AGREED, access=ACCESS)
        assert again.written + again.unchanged == len(AGREED)
        assert sink.write(AGREED, access=ACCESS).unchanged == len(AGREED)


def test_what_odoo_says_it_made_must_be_a_row() -> None:
    """An answer of another shape is not taken for a row."""
    stand = Stand()

    def say(caller: Any) -> None:
        (answer({"made": 1}) if caller.path.endswith("/create") else stand)(caller)

    with callee(in_turn(say)) as server, pytest.raises(SourceUnavailable) as out:
        sink_of(at(server.address)).write(AGREED, access=ACCESS)
    assert out.value.code == "E702"
