"""What may one fact look like? `nouns`: a Hypothesis strategy for any noun of the model.

The strategies are read off the type hints and validators of the frozen classes, so that a new
field is drawn from the day it is written.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import TypeVar, cast

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kompetanse_core.errors import Misuse, Place
from kompetanse_core.model.competence import (
    Competence,
    Crosswalk,
    Decay,
    Facet,
    LevelName,
    Relation,
    RelationKind,
    Scale,
)
from kompetanse_core.model.cooperation import Event, Matter, Register, View
from kompetanse_core.model.enterprise import Finding, Loss
from kompetanse_core.model.mapping import MappingDesign, ScopeArea
from kompetanse_core.model.measure import Incentive, Measure, Outcome, Scheme
from kompetanse_core.model.people import Assessment, Employee, Engagement, Evidence, Unit, Wish
from kompetanse_core.model.privacy import Access, Actor, Release, Retention
from kompetanse_core.model.rule import Rule, RuleSet
from kompetanse_core.model.succession import Succession
from kompetanse_core.model.text import Text
from kompetanse_core.model.validators import positive, share
from kompetanse_core.model.work import (
    Driver,
    Goal,
    Headcount,
    Market,
    Need,
    Occupation,
    Requirement,
    Role,
    Seats,
    Task,
)

N = TypeVar("N", bound=attrs.AttrsInstance)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Known = Mapping[str, tuple[str, ...]]
"""Which ids there are to refer to, by the name of their type: `{"RoleId": ("r1", "r2")}`."""

Given = Mapping[str, SearchStrategy[object]]
"""Strategies for single fields, in place of what their hints would give."""

DAY = date(2027, 1, 1)
"""The day around which every generated date lies, and to which dates shrink."""

OFFSETS = (0, -1, 1, -30, 30, -180, 180, 181, -365, 365, 424, -1100, 1100)
"""Days from `DAY`: the edges of the expiry window, a leap day, and years either way."""

LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "ScaleId": "s",
        "CompetenceId": "k",
        "GoalId": "g",
        "DriverId": "d",
        "NeedId": "n",
        "TaskId": "t",
        "OccupationId": "o",
        "RoleId": "r",
        "UnitId": "u",
        "EmployeeId": "p",
        "EvidenceId": "e",
        "RoundId": "round",
        "DesignId": "opplegg",
        "MeasureId": "m",
        "SchemeId": "ordning",
        "ActorId": "a",
        "MatterId": "sak",
        "EventId": "h",
        "ClauseId": "R-",
    }
)
"""How the ids of each type begin: `k1` is a competence, `p1` a person."""

ANY: Known = MappingProxyType({kind: (f"{a}1", f"{a}2", f"{a}3") for kind, a in LETTERS.items()})

POINTERS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("Actor", "unit"): "UnitId",
        ("Actor", "employee"): "EmployeeId",
        ("Wish", "measure"): "MeasureId",
        ("RuleSet", "id"): "ClauseId",
        ("Requirement", "of"): "RoleId",
        ("Succession", "source"): "CompetenceId",
        ("Succession", "targets"): "CompetenceId",
    }
)
"""Fields that hold an id but are plain text, because the noun they point to lives higher up."""

NOUNS = (
    *(Text, Place, Finding, Loss),
    *(LevelName, Scale, Crosswalk, Competence, Relation, Decay),
    *(Goal, Driver, Need, Task, Occupation, Role, Requirement, Seats, Headcount, Market),
    *(Unit, Employee, Engagement, Evidence, Assessment, Wish),
    *(Succession, Outcome, Incentive, Scheme, Measure),
    *(ScopeArea, MappingDesign, Matter, View, Event, Register),
    *(Actor, Retention, Access, Release),
    *(Rule, RuleSet),
)
"""Every noun that can be drawn alone."""

DISTINCT: Mapping[object, str] = MappingProxyType(
    {Outcome: "competence", Event: "id", Rule: "clause"}
)
"""By which field the parts of a noun must differ from one another."""

PERIODS = (("start", "end"), ("assessed", "expires"), ("issued", "expires"), ("as_of", "until"))

NOTHING_GIVEN: Given = MappingProxyType({})


def days() -> SearchStrategy[date]:
    """Draw a day near `DAY`, on one of the edges that matter."""
    return st.sampled_from(OFFSETS).map(lambda offset: DAY + timedelta(days=offset))


def instants() -> SearchStrategy[datetime]:
    """Draw an instant in UTC: midnight or noon of a day near `DAY`."""
    hours = st.sampled_from((time(0), time(12, 0, 0, 1)))
    return st.builds(lambda day, hour: datetime.combine(day, hour, UTC), days(), hours)


def words() -> SearchStrategy[str]:
    """Draw free text: plain words first, then what breaks renderers and tables, then anything."""
    hostile = ('Ærlig; "åpen"', "<script>alert(1)</script>", "=1+1", "a|b\nc", "\u202ekes")
    visible = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
    return st.sampled_from(("a", "b", *hostile)) | st.text(visible, max_size=12)


def nouns(
    noun: type[N],
    *,
    known: Known = ANY,
    given: Given = NOTHING_GIVEN,
    plain: frozenset[str] = frozenset(),
) -> SearchStrategy[N]:
    """Draw a noun that is well-formed by itself; what it refers to is taken from `known`.

    There is nothing to draw where it must refer to something and `known` has none of that kind.
    Fields in `given` are drawn by their own strategy, those in `plain` keep their default.
    """
    fields = dict(_fields(noun, known, given, plain))
    if any(strategy.is_empty for strategy in fields.values()):
        return st.nothing()
    drawn = together(fields).map(lambda values: _built(noun, values))
    return drawn.filter(bool).map(itemgetter(0))


def together(values: Mapping[K, SearchStrategy[V]]) -> SearchStrategy[dict[K, V]]:
    """Draw a value for each key, always in the same order: what is drawn shrinks row by row."""
    return st.tuples(*values.values()).map(lambda drawn: dict(zip(values, drawn, strict=True)))


@functools.cache
def id_fields(noun: type[attrs.AttrsInstance]) -> tuple[tuple[str, str], ...]:
    """Name each field of a noun that holds ids, and the type of those ids."""
    kinds = ((field.name, next(_kinds(hint), "")) for field, hint in _hinted(noun))
    named = ((name, POINTERS.get((noun.__name__, name), kind)) for name, kind in kinds)
    return tuple((name, kind) for name, kind in named if kind)


def _built(noun: type[N], values: dict[str, object]) -> tuple[N, ...]:
    """Build the noun, or nothing where its fields do not go together."""
    try:
        return (noun(**_fitted(noun, values)),)
    except Misuse:
        return ()


def _fitted(noun: type[attrs.AttrsInstance], values: dict[str, object]) -> dict[str, object]:
    """Turn round what ends before it begins; an equivalence drops nothing."""
    for first, last in PERIODS:
        start, end = values.get(first), values.get(last)
        if isinstance(start, date) and isinstance(end, date) and end < start:
            values = {**values, first: end, last: start}
    if values.get("kind") is RelationKind.EQUIVALENT:
        values = {**values, "drop": None}
    return values


def _fields(
    noun: type[attrs.AttrsInstance], known: Known, given: Given, plain: frozenset[str]
) -> Iterator[tuple[str, SearchStrategy[object]]]:
    for field, hint in _hinted(noun):
        if field.name in given:
            yield field.name, given[field.name]
        elif field.default is attrs.NOTHING:
            yield field.name, _value(noun, field, hint, known)
        elif (noun, field.name) == (Wish, "competence"):
            yield field.name, _value(noun, field, hint, known) | st.none()
        elif field.name not in plain:
            yield field.name, st.just(field.default) | _value(noun, field, hint, known)


@functools.cache
def _hinted(noun: type[attrs.AttrsInstance]) -> tuple[tuple[attrs.Attribute[object], object], ...]:
    hints = typing.get_type_hints(noun)
    return tuple((field, hints[field.name]) for field in attrs.fields(noun))


def _value(
    noun: type[attrs.AttrsInstance], field: attrs.Attribute[object], hint: object, known: Known
) -> SearchStrategy[object]:
    pointer = POINTERS.get((noun.__name__, field.name))
    if (noun, field.name) == (Succession, "targets"):
        return st.lists(_references(known["CompetenceId"][::-1]), min_size=1, max_size=2).map(tuple)
    if pointer is not None:
        return _references(known[pointer])
    if (noun, field.name) == (Crosswalk, "levels"):
        return st.lists(st.integers(0, 5)).map(lambda levels: (0, *sorted(levels)))
    if (noun, field.name) == (Competence, "facet"):
        return st.sampled_from((*Facet, None))
    if (noun, field.name) == (Relation, "alternative"):
        return st.just("a")
    if (noun, field.name) == (Relation, "target"):
        return _references(known["CompetenceId"][::-1])
    if _bare(hint) is int:
        return _whole(field)
    return _hint(typing.get_args(hint)[0] if field.default is None else hint, known)


def _whole(field: attrs.Attribute[object]) -> SearchStrategy[int]:
    """Draw a small whole number in the unit that its field counts."""
    lowest = 1 if field.validator in (positive, share) else 0
    if field.name == "share":
        return st.sampled_from((10_000, 5_000, 3_750, 2_000, 1))
    if field.name.startswith("cost") or field.name == "grant_most":
        return st.integers(0, 40).map(lambda thousands: thousands * 1_000)
    if field.name in ("yield_percent", "grant_percent", "remaining"):
        return st.integers(0, 10).map(lambda tens: tens * 10)
    if field.name == "reach":
        return st.integers(3, 5)
    return st.integers(lowest, 2 if field.name == "entry" else lowest + 3)


def _hint(hint: object, known: Known) -> SearchStrategy[object]:
    name = getattr(hint, "__name__", "")
    if name in LETTERS:
        return _references(known.get(name, ()))
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _hint(parts[0], known) | st.none()
    if origin is tuple:
        return _many(parts, known)
    if origin is frozenset:
        return st.frozensets(_hint(parts[0], known), max_size=2)
    return _single(cast("type", _bare(hint)), known)


def _many(parts: tuple[object, ...], known: Known) -> SearchStrategy[object]:
    """Draw a tuple: as long as its hint says, or of up to two different values."""
    if len(parts) != 2 or parts[1] is not Ellipsis:
        return st.tuples(*(_hint(part, known) for part in parts))
    part, key = _hint(parts[0], known), DISTINCT.get(parts[0])
    if part.is_empty:
        return st.just(())
    unique_by = attrgetter(key) if key else None
    return st.lists(part, max_size=2, unique_by=unique_by, unique=not key).map(tuple)


def _single(hint: type, known: Known) -> SearchStrategy[object]:
    if attrs.has(hint):
        return nouns(hint, known=known)
    plain: Mapping[type, SearchStrategy[object]] = {
        bool: st.booleans(),
        int: st.integers(0, 5),
        str: words(),
        date: days(),
        datetime: instants(),
    }
    if hint in plain:
        return plain[hint]
    return st.sampled_from(tuple(cast("type[Enum]", hint)))


def _references(ids: tuple[str, ...]) -> SearchStrategy[str]:
    return st.sampled_from(ids) if ids else st.nothing()


def _kinds(hint: object) -> Iterator[str]:
    for part in (hint, *typing.get_args(hint)):
        if getattr(part, "__name__", "") in LETTERS:
            yield cast("type", part).__name__


def _bare(hint: object) -> object:
    """Strip None and NewType off a hint."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _bare(typing.get_args(hint)[0])
    return _bare(hint.__supertype__) if isinstance(hint, typing.NewType) else hint
