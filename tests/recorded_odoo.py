"""Which Odoo do tests ask by default? A stand-in that gives the recorded answers of a real one.

It does what the adapter asks for and no more: fields_get, search_read with the conditions used, and
write and create of levels with the refusals that a real Odoo was seen to give.
"""

import copy
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen
from tests.callees import Caller, answer, callee

from kompetanse_adapters.odoo.nouns import employee_of, skill_id
from kompetanse_adapters.reading import Pseudonyms
from kompetanse_core import Assessment, AssessmentSource, Level

KEY = "a key that only these tests have"
PEOPLE = Pseudonyms(KEY)
RECORDED = Path(__file__).parent / "recorded" / "odoo.json"
TOKEN = "an-api-key-for-tests"
SKILLS = "hr.employee.skill"
WAY = re.compile(r"/json/2/([\w.]+)/(\w+)")


def recorded() -> dict[str, Any]:
    """The recording, to be changed at will."""
    return dict(json.loads(RECORDED.read_text("utf-8")))


def agreed(person: int, skill: int, level: int, day: int = 9) -> Assessment:
    """A level that was agreed on a day of January."""
    return Assessment(
        employee=employee_of(PEOPLE, person),
        competence=skill_id(skill),
        level=Level(level),
        source=AssessmentSource.JOINT,
        assessed=date(2027, 1, day),
        recorded=datetime(2027, 1, day, tzinfo=UTC),
    )


@frozen
class Stand:
    """What the stand-in holds, and what it was told to do differently."""

    models: dict[str, Any] = field(factory=recorded)

    def __call__(self, caller: Caller) -> None:
        """Answer one call."""
        length = int(caller.headers.get("Content-Length", "0"))
        body = json.loads(caller.rfile.read(length) or b"{}")
        found = WAY.fullmatch(caller.path)
        if caller.headers["Authorization"] != f"Bearer {TOKEN}":
            answer({"message": "no"}, 401)(caller)
        elif found is None or found[1] not in self.models:
            answer({"message": "the model does not exist"}, 404)(caller)
        else:
            said = getattr(self, found[2])(found[1], **body)
            answer(said, 422 if said is None else 200)(caller)

    def fields_get(self, model: str, **_: object) -> object:
        """Which fields there are."""
        return {name: {"type": kind} for name, kind in self.models[model]["fields"].items()}

    def search_read(
        self, model: str, domain: list[list[Any]], fields: list[str], limit: int, **_: object
    ) -> object:
        """The rows that are meant, in the order of their ids."""
        rows = self.models[model]["rows"]
        meant = [row for row in rows if all(met(row, *condition) for condition in domain)]
        with suppress(TypeError):  # what a test has put there may have no order
            meant.sort(key=lambda row: row["id"])
        return [{name: row[name] for name in ("id", *fields)} for row in meant[:limit]]

    def write(self, model: str, ids: list[int], vals: dict[str, Any]) -> object:
        """Change rows, if they then do not overlap."""
        return self.tried(model, [{"id": each, **vals} for each in ids], said=True)

    def create(self, model: str, vals_list: list[dict[str, Any]]) -> object:
        """Make rows, if they do not overlap."""
        first = max(row["id"] for row in self.models[model]["rows"]) + 1
        ids = list(range(first, first + len(vals_list)))
        told = [{"id": each, **vals} for each, vals in zip(ids, vals_list, strict=True)]
        return self.tried(model, told, said=ids)

    def tried(self, model: str, told: list[dict[str, Any]], *, said: object) -> object:
        """Take changes in, or nothing of them, as one transaction."""
        rows = {row["id"]: row for row in copy.deepcopy(self.models[model]["rows"])}
        for each in told:
            fresh = {"write_date": "2027-01-01 12:00:00"}
            rows[each["id"]] = {**rows.get(each["id"], {}), **each, **fresh}
        if any(overlaps(rows[each["id"]], list(rows.values()), self.models) for each in told):
            return None
        self.models[model]["rows"] = list(rows.values())
        return said


def met(row: dict[str, Any], key: str, how: str, value: Any) -> bool:
    """Whether a row meets a condition."""
    if how == "in":
        return row[key] in value
    try:
        return bool(row[key] > value if how == ">" else row[key] >= value)
    except TypeError:
        return True  # as above


def overlaps(row: dict[str, Any], rows: list[dict[str, Any]], models: dict[str, Any]) -> bool:
    """Whether Odoo refuses a level: it ends before it begins, or meets another of its skill."""
    begin, end = row["valid_from"], row["valid_to"] or "9999"
    kinds = {each["id"]: each["skill_type_id"] for each in models["hr.skill"]["rows"]}
    certified = {each["id"] for each in models["hr.skill.type"]["rows"] if each["is_certification"]}
    others = [
        each
        for each in rows
        if each["id"] != row["id"]
        and (each["employee_id"], each["skill_id"]) == (row["employee_id"], row["skill_id"])
        and kinds[each["skill_id"]] not in certified
    ]
    return end < begin or any(
        each["valid_from"] <= end and begin <= (each["valid_to"] or "9999") for each in others
    )


AGREED = (agreed(1, 29, 4), agreed(6, 24, 3), agreed(6, 38, 2), agreed(6, 87, 1))
"""Levels that the demo of Odoo does not hold yet."""


@contextmanager
def standing(stand: Stand) -> Iterator[str]:
    """The address of the stand-in, until the block ends."""
    with callee(stand) as server:
        yield server.address
