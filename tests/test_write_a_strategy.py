"""Does the strategy of docs/how-to/write-a-strategy.md open ways that a plan goes on with?"""

import re
import types
from pathlib import Path

from attrs import evolve
from tests.oracles.wards import ON, asks, ward

from kompetanse_core import Plugins, analyse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Unit
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import UnitId
from kompetanse_core.strategy import Strategy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "write-a-strategy.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def built() -> types.ModuleType:
    """The module that a reader has who types every block of the page, and nothing else."""
    module = types.ModuleType("borrow")
    exec(compile("\n".join(BLOCKS), str(PAGE), "exec"), module.__dict__)
    return module


def partners() -> Enterprise:
    """Two units without a shared branch: what one lacks, somebody of the other holds unused."""
    people = {"anna": ("nurse", {"k": 1}), "bo": ("clerk", {"k": 3})}
    plain = ward(people, [asks("nurse", "k", 3), asks("clerk", "x", 1)])
    engaged = [
        evolve(each, unit=UnitId("partner")) if each.employee == "bo" else each
        for each in plain.engagements
    ]
    partner = Unit(id=UnitId("partner"), label=Text("Partner"))
    return evolve(plain, units=(*plain.units, partner), engagements=engaged)


def test_the_plan_goes_on_with_what_it_opens() -> None:
    """Without it no colleague can carry the lack; with it one does, and the plan says who."""
    without = analyse(partners(), on=ON)
    assert len(without.options.by(Strategy.USE)) == 0
    found = analyse(partners(), on=ON, strategies=Plugins(built()).strategies())
    (way,) = found.options.by(Strategy.USE)
    assert (way.employee, way.colleague, way.steps) == ("anna", "bo", 2)
    (planned,) = found.plan
    assert (planned.strategy, planned.colleague, planned.steps) == (Strategy.USE, "bo", 2)
    assert found.options.findings == without.options.findings


def test_the_plugins_find_it() -> None:
    """Handed in as a module, it is offered by its name."""
    (listed,) = Plugins(built()).listing()
    assert (listed.state.value, listed.offered) == ("loaded", ("borrow",))
