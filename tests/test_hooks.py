"""Is every hook documented with an example that runs, and is what it is given safe?"""

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pluggy
import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from kompetanse_adapters import memory
from kompetanse_core import hooks
from kompetanse_core.conformance import Size, enterprises
from kompetanse_core.errors import Misuse
from kompetanse_core.hooks import (
    HOOK_VERSION,
    Access,
    MeasureCatalogue,
    Purpose,
    Renderer,
    Source,
    SourceMaker,
    Store,
    Version,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.privacy import ActorId
from kompetanse_core.plugins import OFFERS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "hooks.md"
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


def specified() -> set[str]:
    """The hooks that plugins may implement, as pluggy sees them."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    return {name for name in vars(manager.hook) if not name.startswith("_")}


def chapters() -> dict[str, str]:
    """What the page says under each of its headings."""
    parts = re.split(r"^## `?([^`\n]+)`?\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_hook_is_known_to_plugins() -> None:
    """A hook without a noun that it yields would be one that nobody checks, or asks."""
    assert specified() == set(OFFERS)


@pytest.mark.parametrize("hook", sorted(OFFERS))
def test_every_hook_is_documented_with_an_example_that_runs(hook: str) -> None:
    """Each hook has a chapter with prose, a Python block that uses it, and its noun in the table.

    The blocks of the page are run as tests of their own.
    """
    page = chapters()
    assert hook in page
    prose, _, example = page[hook].partition("```python\n")
    assert len(prose.split()) > 10
    assert "Plugins(" in example
    row = next(line for line in PAGE.read_text("utf-8").splitlines() if f"| `{hook}`" in line)
    assert f"`{OFFERS[hook].__name__}`" in row


def test_no_hook_is_documented_that_is_not_there() -> None:
    """A chapter about a hook that was taken away is taken away with it."""
    assert {name for name in chapters() if name.startswith("kompetanse_")} == specified()


@pytest.mark.parametrize("hook", sorted(OFFERS))
def test_a_hook_specification_is_no_implementation(hook: str) -> None:
    """A hook called by mistake says so: only plugins implement it."""
    with pytest.raises(NotImplementedError):
        getattr(hooks, hook)()


def test_everything_that_hooks_re_export_is_there() -> None:
    """The second door of an adapter opens on what it names."""
    assert [name for name in hooks.__all__ if not hasattr(hooks, name)] == []
    assert HOOK_VERSION == 1


def test_protocols_tell_what_fits() -> None:
    """A store is a store by what it can do; it is no source and no renderer."""
    store = memory.MemoryStore()
    assert isinstance(store, Store)
    assert not isinstance(store, Source)
    assert not isinstance(store, Renderer)


@pytest.mark.parametrize("name", ["", " a", "a\n"])
def test_what_is_offered_has_a_name_that_can_be_typed(name: str) -> None:
    """A name without letters, or with blanks around it, is refused when it is offered."""
    with pytest.raises(Misuse):
        SourceMaker(name=name, description="A source", open=memory.MemoryStore)  # type: ignore[arg-type] # never opened
    with pytest.raises(Misuse):
        MeasureCatalogue(name=name, description="Courses", as_of=NOON.date(), measures=())


def test_a_version_knows_its_zone() -> None:
    """A version is made at an instant in UTC: a local time would not sort (E211)."""
    with pytest.raises(Misuse) as refused:
        Version(number=1, at=datetime(2027, 1, 1))  # noqa: DTZ001 - that is what is refused
    assert refused.value.code == "E211"


@given(enterprises(least=Size(employees=1, competences=1, scales=1, assessments=1)))
def test_fault_f14_what_a_plugin_is_given_cannot_be_changed(enterprise: Enterprise) -> None:
    """FAULTS F14: neither the enterprise, nor a table, nor a column, nor a noun lets itself be set.

    Whoever wants another one makes it; what was given stays as it was.
    """
    before = evolve(enterprise)
    with pytest.raises(FrozenInstanceError):
        enterprise.roles = ()  # type: ignore[misc] # that is what is refused
    with pytest.raises(FrozenInstanceError):
        enterprise.employees.columns = {}  # type: ignore[misc] # that is what is refused
    with pytest.raises(TypeError):
        enterprise.employees.columns["id"] = np.zeros(1)  # type: ignore[index] # that is what is refused
    with pytest.raises(ValueError, match="read-only"):
        enterprise.assessments.column("level")[0] = 9
    with pytest.raises(FrozenInstanceError):
        enterprise.assessments[0].level = 9  # type: ignore[misc, assignment] # that is what is refused
    assert enterprise == before


@given(enterprises(least=Size(employees=1, competences=1, scales=1, assessments=1)))
def test_what_a_store_gives_back_is_no_door_to_what_it_keeps(enterprise: Enterprise) -> None:
    """FAULTS F14: two who load get the same, whatever the first one makes of it."""
    store = memory.MemoryStore()
    store.save(enterprise, expected=0, at=NOON)
    access = Access(actor=ActorId("a1"), purpose=Purpose.DEVELOPMENT, at=NOON)
    hooks.without(store.load(access), EmployeeId("p1"))
    assert store.load(access) == enterprise
