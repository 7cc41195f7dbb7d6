"""How is a noun kept outside the program? As plain values: what JSON can hold, canonical and exact.

A noun is an object with every field, an enum its value, a day ISO text, an instant ISO text in
UTC, a set a sorted list, a table the list of its nouns. The same noun gives the same text. What is
read back is checked: no unknown key, no other type than the field's. A field that was added after
a text was written takes its default.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import attrs

from kompetanse_core.columns import Table
from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise

N = TypeVar("N")
Read = Callable[[object], Any]
Plain = str | int | list["Plain"] | dict[str, "Plain"] | None
"""What JSON can hold, but for fractions: nothing here has any."""

SCHEMA = 1
"""The version of what `as_json` writes; a later one may hold what we cannot read."""


def as_json(enterprise: Enterprise) -> str:
    """Write a whole enterprise as one line of JSON: the same enterprise, the same text."""
    return json.dumps({"schema": SCHEMA, "enterprise": plain(enterprise)}, sort_keys=True)


def from_json(text: str) -> Enterprise:
    """Read an enterprise that `as_json` wrote.

    Raises:
        Misuse: E407, if it is no JSON; E404, for another schema or an unknown key; E904, for a
            value of another type; and what the nouns themselves refuse.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misuse("E407", "this is not the text of an enterprise") from error
    if not isinstance(given, dict) or given.get("schema") != SCHEMA:
        hint = "a later version of kompetanse may have written it"
        raise Misuse("E404", f"only schema {SCHEMA} can be read here", hint=hint)
    return from_plain(Enterprise, given.get("enterprise"))


def plain(value: object) -> Plain:
    """Give a noun, or a value of a field, as plain values."""
    if isinstance(value, Enum):
        return typing.cast(str, value.value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted([plain(each) for each in value], key=str)
    if isinstance(value, tuple | Table):
        return [plain(each) for each in value]
    noun = type(value)
    if attrs.has(noun):
        return {each.name: plain(getattr(value, each.name)) for each in attrs.fields(noun)}
    raise Misuse("E904", f"{type(value).__name__} has no plain form")


def from_plain(noun: type[N], given: object) -> N:
    """Make a noun of the plain values that `plain` gave.

    Raises:
        Misuse: E404, for an unknown key; E904, for a value of another type; E213, for a word that
            may not stand there; and what the noun itself refuses.
    """
    made: N = _reader(typing.cast(Hashable, noun))(given)
    return made


# --- reading ----------------------------------------------------------------------------------


@cache
def _reader(hint: Hashable) -> Read:
    """Give the function that reads what a type hint promises."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        rest = _reader(next(part for part in parts if part is not types.NoneType))
        return lambda given: None if given is None else rest(given)
    if origin is tuple and parts[-1] is not ...:
        return _pair([_reader(part) for part in parts])
    if origin in (tuple, frozenset, Table):
        gather, each = tuple if origin is Table else origin, _reader(parts[0])
        return lambda given: gather(each(one) for one in _checked(list, given))
    kind = typing.cast(type[Any], hint)
    return _noun_reader(kind) if attrs.has(kind) else _leaf(kind)


def _leaf(hint: type[Any]) -> Read:
    if issubclass(hint, Enum):
        return _choice(types.MappingProxyType({each.value: each for each in hint}))
    if hint is datetime:
        return lambda given: _iso(datetime.fromisoformat, given).replace(tzinfo=UTC)
    if hint is date:
        return lambda given: _iso(date.fromisoformat, given)
    return lambda given: _checked(hint, given)


def _noun_reader(noun: type[Any]) -> Read:
    hints = typing.get_type_hints(noun)
    names = {each.name for each in attrs.fields(noun)}

    def read(given: object) -> object:
        values = _checked(dict, given)
        if not values.keys() <= names:
            raise Misuse("E404", f"a {noun.__name__} has a key that is not known here")
        fields = {name: _reader(hints[name])(value) for name, value in values.items()}
        try:
            return noun(**fields)
        except TypeError as error:
            raise Misuse("E214", f"a {noun.__name__} lacks a field that must be there") from error

    return read


def _pair(readers: list[Read]) -> Read:
    def read(given: object) -> tuple[Any, ...]:
        values = _checked(list, given)
        if len(values) != len(readers):
            raise Misuse("E904", f"{len(values)} values where {len(readers)} belong together")
        return tuple(each(value) for each, value in zip(readers, values, strict=True))

    return read


def _choice(choices: Mapping[str, Enum]) -> Read:
    def read(given: object) -> Enum:
        found = choices.get(_checked(str, given))
        if found is None:
            raise Misuse("E213", f"one of these may stand here: {', '.join(choices)}")
        return found

    return read


def _checked(kind: type[N], given: object) -> N:
    """Take a value of exactly this type: true is no number, and 3.0 no whole one."""
    if type(given) is not kind:
        text = f"{type(given).__name__} where {kind.__name__} belongs"
        raise Misuse("E904", text)
    return given


def _iso(read: Callable[[str], N], given: object) -> N:
    try:
        return read(_checked(str, given))
    except ValueError as error:
        raise Misuse("E211", "a day or an instant is not in ISO form") from error
