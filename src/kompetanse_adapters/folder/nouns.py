"""What was read of one part? Nouns: each made of the values of its fields, or its flaws told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import attrs
from attrs import field, frozen

from kompetanse_adapters.folder.shape import NounClass
from kompetanse_core import Finding, Loss, Misuse, Place

Flaws = tuple[tuple[str, Misuse], ...]
"""Each flaw with the field or key it is in."""


@frozen(kw_only=True)
class Nouns:
    """Hold what was read of one part: the nouns, where each stood, and what was found."""

    nouns: tuple[Any, ...] = field(default=(), repr=False)
    places: Mapping[Any, Place] = field(factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    losses: tuple[Loss, ...] = ()


def make(noun: NounClass, values: Mapping[str, Any], told: Flaws = ()) -> tuple[Any, Flaws]:
    """Make a noun of its values; where that cannot be, give None and each flaw with its field.

    `told` are the flaws of fields that could not be read and are not among the values.
    """
    if told:
        return None, (*told, *_flaws(noun, values))
    try:
        return noun(**values), ()
    except Misuse as error:
        return None, _flaws(noun, values) or (("", error),)


def _flaws(noun: NounClass, values: Mapping[str, Any]) -> Flaws:
    """Ask every validator about the values, where the noun itself stops at the first refusal."""
    attributes: tuple[attrs.Attribute[Any], ...] = attrs.fields(cast(Any, noun))
    bare = object.__new__(cast(type[object], noun))
    for each in attributes:
        object.__setattr__(bare, each.name, values.get(each.name))
    return tuple(
        (each.name, error)
        for each in attributes
        if each.name in values
        and each.validator is not None
        and (error := _refusal(each.validator, bare, each)) is not None
    )


def _refusal(
    validator: Callable[[Any, Any, Any], object], bare: object, each: attrs.Attribute[Any]
) -> Misuse | None:
    try:
        validator(bare, each, getattr(bare, each.name))
    except Misuse as error:
        return error
    return None
