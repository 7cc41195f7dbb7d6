"""Does a real Odoo 19 do as the recording says, both ways? Run by `make test-odoo`."""

import os
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from tests.live.record_odoo import live
from tests.recorded_odoo import AGREED, PEOPLE, SKILLS, recorded

from kompetanse_adapters.calling import Manners, calling
from kompetanse_adapters.odoo import Odoo, OdooSink, odoo, odoo_sink
from kompetanse_core import Assessment, Enterprise, analyse, renewed
from kompetanse_core.conformance import sink_contract, source_contract
from kompetanse_core.hooks import Sink

ADDRESS = os.environ.get("KOMPETANSE_ODOO", "")
TOKEN = os.environ.get("KOMPETANSE_ODOO_KEY", "")
NEAR = Manners(near=("127.0.0.1",))
OF_THE_DAY = {"hr.job.skill": ("valid_from",)}
"""What the demo sets to the day on which it was installed."""

pytestmark = pytest.mark.skipif(not ADDRESS, reason="no real Odoo: run make test-odoo")


def lasting(models: dict[str, Any]) -> dict[str, Any]:
    """What does not depend on when Odoo was installed."""
    for name, model in models.items():
        for row in model["rows"]:
            for key in ("write_date", *OF_THE_DAY.get(name, ())):
                row.pop(key, None)
    return models


def source() -> Odoo:
    """The real Odoo."""
    return odoo(ADDRESS, TOKEN, PEOPLE, manners=NEAR)


def as_it_was() -> OdooSink:
    """A sink of the real Odoo, where the levels are those of the recording again."""
    before = {row["id"]: row for row in recorded()[SKILLS]["rows"]}
    now = {row["id"]: row for row in live()[SKILLS]["rows"]}
    keys = ("skill_level_id", "valid_from", "valid_to")
    with calling(ADDRESS, TOKEN, NEAR) as line:

        def say(method: str, body: object) -> None:
            assert line.tell("POST", f"/json/2/{SKILLS}/{method}", body=body, name=SKILLS).sound

        if set(now) - set(before):
            say("unlink", {"ids": sorted(set(now) - set(before))})
        for number, row in before.items():
            if any(now[number][key] != row[key] for key in keys):
                say("write", {"ids": [number], "vals": {key: row[key] for key in keys}})
    return odoo_sink(ADDRESS, TOKEN, PEOPLE, NEAR)


def held(sink: Sink) -> Iterable[Assessment]:
    """What the real Odoo holds now."""
    return source().read().enterprise.assessments


def test_the_recording_is_what_a_real_odoo_answers() -> None:
    """Every model, field and row that the default tests are given is one that Odoo gives."""
    as_it_was()
    assert lasting(live()) == lasting(recorded())


def test_the_demo_comes_in_whole() -> None:
    """21 employees, 110 levels, 21 requirements, and gaps from Odoo alone."""
    as_it_was()
    found = source().read().enterprise
    assert (len(found.employees), len(found.assessments), len(found.requirements)) == (21, 110, 21)
    assert any(gap.missing for gap in analyse(found, on=date(2027, 1, 1)).gaps)


def test_changes_since_give_what_reading_everything_gives() -> None:
    """What was written is read as a change of those people, and of nobody else."""
    sink = as_it_was()
    everything = source().read_since("2000-01-01T00:00:00Z")
    before = renewed(Enterprise(), everything)
    assert before == source().read().enterprise
    access: Any = None
    sink.write(AGREED, access=access)
    changes = source().read_since(everything.until)
    touched = {each.id for each in changes.reading.enterprise.employees}
    assert {each.employee for each in AGREED} <= touched
    assert renewed(before, changes) == source().read().enterprise


def absent() -> Odoo:
    """The real Odoo, asked with a key that it does not know."""
    return odoo(ADDRESS, "another", PEOPLE, manners=NEAR)


NOTHING_BROKEN = "a real Odoo does not keep what it would refuse"
TestOdoo = pytest.mark.skipif(not ADDRESS, reason="no real Odoo: run make test-odoo")(
    source_contract(source, absent=absent, never={"refuses_flaws_all_at_once": NOTHING_BROKEN})
)
TestOdooSink = pytest.mark.skipif(not ADDRESS, reason="no real Odoo: run make test-odoo")(
    sink_contract(
        as_it_was,
        agreed=AGREED,
        held=held,
        absent=lambda: odoo_sink(ADDRESS, "another", PEOPLE, NEAR),
    )
)
