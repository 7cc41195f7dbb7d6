"""Does the source of docs/how-to/write-a-source.md keep what a source promises?"""

import re
import types
from pathlib import Path

import pytest

from kompetanse_core import Plugins, SourceUnavailable

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "write-a-source.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def built() -> types.ModuleType:
    """The module that a reader has who types every block of the page, and nothing else."""
    module = types.ModuleType("staff")
    exec(compile("\n".join(BLOCKS), str(PAGE), "exec"), module.__dict__)
    return module


STAFF = built()
TestStaff = STAFF.TestStaff


def test_the_plugins_find_it() -> None:
    """Handed in as a module, it is offered and opened by its name, and refuses plain HTTP."""
    source = Plugins(STAFF).source("staff", "http://hr.example.org", "token", "a key of sixteen")
    with pytest.raises(SourceUnavailable, match="E704"):
        source.read()


def test_it_reads_by_pseudonym() -> None:
    """Who works where comes in; neither name nor number does."""
    reading = STAFF.opened("/good").read()
    assert [str(unit.label) for unit in reading.enterprise.units] == ["ward"]
    assert not [w for w in ("17", "Kari") if w in repr(list(reading.enterprise.employees))]
