"""What was read of one part? Nouns: each made of the values of its fields, or its flaws told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import attrs
from attrs import field, frozen

from kompetanse_adapters.folder.shape import NounClass
from kompetanse_core import Finding, Loss, Misuse, Place


@frozen(kw_only=True)
class Nouns:
    """Hold what was read of one part: the nouns, where each stood, and what was found."""

    nouns: tuple[Any, ...] = field(default=(), repr=False)
    places: Mapping[Any, Place] = field(factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    losses: tuple[Loss, ...] = ()


def make(noun: NounClass, values: Mapping[str, Any]) -> tuple[Any, tuple[tuple[str, Misuse], ...]]:
    """Make a noun; where it is refused, give None and each flaw with the field it is in."""
    try:
        return noun(**values), ()
    except Misuse as error:
        return None, _flaws(noun, values) or (("", error),)


def _flaws(noun: NounClass, values: Mapping[str, Any]) -> tuple[tuple[str, Misuse], ...]:
    """Ask every validator of the noun, where the noun itself stops at the first refusal."""
    attributes: tuple[attrs.Attribute[Any], ...] = attrs.fields(cast(Any, noun))
    bare = object.__new__(cast(type[object], noun))
    for each in attributes:
        object.__setattr__(bare, each.name, values.get(each.name, each.default))
    return tuple(
        (each.name, error)
        for each in attributes
        if each.validator is not None
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
