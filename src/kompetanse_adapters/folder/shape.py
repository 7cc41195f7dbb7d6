"""What may stand in a field? Shape: one value or several, of which kind, read off its type hint."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any

import attrs
from attrs import frozen

from kompetanse_core import Level, Relation

NounClass = Callable[..., object]
"""A class of the model: called with the values of its fields, it makes a noun."""

NARROW = 32_767
"""The largest level that a table of integer columns can hold."""


class Plural(Enum):
    """How many values a field holds."""

    ONE = "one"
    TUPLE = "tuple"
    SET = "set"


@frozen(kw_only=True)
class Shape:
    """Describe one field of a noun: its name, the kind of its values, how many, and the default."""

    name: str
    leaf: Any
    """str (free text), Id, Text, an enum, date, datetime, bool, int, Level, Share or a noun."""
    plural: Plural = Plural.ONE
    required: bool = False
    default: Any = None


class Id(Enum):
    """Mark a field that holds an id, not free text."""

    ID = "id"


class Share(Enum):
    """Mark a field that holds a share in basis points, written in per cent."""

    SHARE = "share"


@cache
def shapes_of(noun: NounClass) -> Mapping[str, Shape]:
    """Describe every field of a noun class, in the order of the class."""
    hints = typing.get_type_hints(noun)
    shapes = (
        _shape(noun, field, hints[field.name]) for field in attrs.fields(typing.cast(Any, noun))
    )
    return types.MappingProxyType({shape.name: shape for shape in shapes})


def _shape(noun: NounClass, field: attrs.Attribute[Any], hint: object) -> Shape:
    required = field.default is attrs.NOTHING
    default = None if required else field.default
    plain = _without_none(hint)
    plurals: dict[object, Plural] = {tuple: Plural.TUPLE, frozenset: Plural.SET}
    plural = plurals.get(typing.get_origin(plain), Plural.ONE)
    inner = plain if plural is Plural.ONE else typing.get_args(plain)[0]
    free = inner is str and (default == "" and plural is Plural.ONE and hint is str)
    leaf = str if free else _leaf(noun, field.name, inner)
    return Shape(name=field.name, leaf=leaf, plural=plural, required=required, default=default)


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    return next(part for part in typing.get_args(hint) if part is not type(None))


def _leaf(noun: NounClass, name: str, hint: object) -> object:
    """Give the kind of a value: what the type alone does not say is said by name."""
    if hint is int and name == "share":
        return Share
    if hint is Level or (noun is Relation and name == "drop"):
        return Level
    return Id if getattr(hint, "__supertype__", hint) is str else hint
