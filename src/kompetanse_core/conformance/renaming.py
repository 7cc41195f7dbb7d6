"""What if everything had another name or order? Renaming, and enterprises told in another order.

Nothing that is computed may hang on what an id looks like or on which row came first; these are
what a law about that draws.
"""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

import attrs
from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kompetanse_core.columns import Table
from kompetanse_core.conformance.facts import id_fields
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.succession import Heritage, Succession
from kompetanse_core.model.work import Bearer, Requirement

T = TypeVar("T")

PREFIXES = ("", "Å", "z ", "0")
"""What new ids begin with: nothing, or what sorts before or after all others."""

BEARERS: Mapping[Bearer, str] = types.MappingProxyType(
    {Bearer.ROLE: "RoleId", Bearer.TASK: "TaskId", Bearer.OCCUPATION: "OccupationId"}
)

HERITAGE: Mapping[Heritage, str] = types.MappingProxyType(
    {
        Heritage.COMPETENCE: "CompetenceId",
        Heritage.UNIT: "UnitId",
        Heritage.ROLE: "RoleId",
    }
)


@frozen
class Renaming:
    """Give every id another name, the same wherever it stands; two ids never become one."""

    names: Mapping[tuple[str, str], str]
    """The new name by type and old name: `{("RoleId", "r1"): "r2"}`; others keep theirs."""

    def of(self, kind: str, name: str) -> str:
        """Give the new name of one id, by the name of its type."""
        return self.names.get((kind, name), name)

    def apply(self, noun: T) -> T:
        """Rename every id in a noun, a table of nouns or a whole enterprise.

        Ids are known by their type hints, so this works on any frozen noun, results included.
        """
        if isinstance(noun, Table):
            return cast("T", Table.of(noun.layout, [self.apply(row) for row in noun]))
        return cast("T", _renamed(self, noun))


@st.composite
def renamings(draw: DrawFn, enterprise: Enterprise) -> Renaming:
    """Draw new names for all ids of an enterprise: the old ones dealt anew, and a new beginning."""
    names: dict[tuple[str, str], str] = {}
    for kind, ids in ids_in(enterprise).items():
        prefix = draw(st.sampled_from(PREFIXES))
        dealt = draw(st.permutations(ids))
        names |= {(kind, old): f"{prefix}{new}" for old, new in zip(ids, dealt, strict=True)}
    return Renaming(types.MappingProxyType(names))


@st.composite
def shuffled(draw: DrawFn, enterprise: Enterprise) -> Enterprise:
    """Draw the same enterprise with its rows in another order; the register keeps its own."""
    told = {name: draw(st.permutations(tuple(rows))) for name, rows in _plurals(enterprise)}
    other: Enterprise = evolve(cast("Any", enterprise), **told)
    return other


def _plurals(enterprise: Enterprise) -> Iterator[tuple[str, Iterable[object]]]:
    """Give the name and rows of everything that an enterprise holds many of."""
    for field in attrs.fields(Enterprise):
        rows = getattr(enterprise, field.name)
        if isinstance(rows, tuple | Table):
            yield field.name, rows


def _renamed(renaming: Renaming, noun: object) -> object:
    """Rename inside any value: in nouns field by field, in tuples member by member."""
    if isinstance(noun, Table):
        return renaming.apply(noun)
    if isinstance(noun, tuple):
        return tuple(_renamed(renaming, member) for member in noun)
    if not attrs.has(type(noun)):
        return noun
    changes = dict(_changes(renaming, cast("attrs.AttrsInstance", noun)))
    return evolve(cast("Any", noun), **changes) if changes else noun


def _changes(renaming: Renaming, noun: attrs.AttrsInstance) -> Iterator[tuple[str, object]]:
    kinds = dict(id_fields(type(noun)))
    for field in attrs.fields(type(noun)):
        value = getattr(noun, field.name)
        kind = _kind(noun, field.name, kinds.get(field.name, ""))
        new = _named(renaming, kind, value) if kind else _renamed(renaming, value)
        if new is not value:
            yield field.name, new


def _named(renaming: Renaming, kind: str, value: object) -> object:
    """Rename an id, or each of a tuple of them."""
    if isinstance(value, str):
        return renaming.of(kind, value)
    if isinstance(value, tuple):
        return tuple(_named(renaming, kind, member) for member in value)
    return value


def _kind(noun: attrs.AttrsInstance, name: str, kind: str) -> str:
    if isinstance(noun, Requirement) and name == "of":
        return BEARERS[noun.bearer]
    return HERITAGE[noun.kind] if isinstance(noun, Succession) and kind else kind


def ids_in(enterprise: Enterprise) -> Mapping[str, tuple[str, ...]]:
    """Collect every id that names something in the enterprise, by the name of its type."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = (row for _, many in _plurals(enterprise) for row in many)
    for row in (*rows, *enterprise.register):
        noun = cast("attrs.AttrsInstance", row)
        if own := dict(id_fields(type(noun))).get("id"):
            found[own].append(cast("Any", row).id)
    return {kind: tuple(sorted(ids)) for kind, ids in sorted(found.items())}
