"""How is a scenario kept in a file? As plain values, and made anew of them, change by change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from attrs import frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.plain import Plain, from_plain, plain
from kompetanse_core.scenario.changes import (
    FIELDS,
    Add,
    Alteration,
    ChangeLevel,
    ChangeSeats,
    ChangeShare,
    CloseRole,
    CloseSeats,
    CloseTask,
    CloseUnit,
    Lapse,
    Leave,
    Replace,
    Retire,
    Withdraw,
)


@frozen(kw_only=True)
class _Day:
    """The day of a change, as `Add` and `Replace` have it."""

    on: date | None = None


KINDS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "change-level": ChangeLevel,
        "change-seats": ChangeSeats,
        "change-share": ChangeShare,
        "close-role": CloseRole,
        "close-seats": CloseSeats,
        "close-task": CloseTask,
        "close-unit": CloseUnit,
        "lapse": Lapse,
        "leave": Leave,
        "retire": Retire,
        "withdraw": Withdraw,
    }
)
WITH_NOUN: Mapping[str, type[Add | Replace]] = MappingProxyType({"add": Add, "replace": Replace})
NOUNS: Mapping[str, type[Any]] = MappingProxyType({each.__name__.lower(): each for each in FIELDS})


def plain_alteration(change: Alteration) -> Mapping[str, Plain]:
    """Give a change as plain values: its kind, its day, and what it says; defaults left out.

    Raises:
        Misuse: E904, if it is not one of the kinds known here.
    """
    kinds = {noun: kind for kind, noun in (*KINDS.items(), *WITH_NOUN.items())}
    if type(change) not in kinds:
        raise Misuse("E904", f"{type(change).__name__} has no plain form")
    values = _told(plain(change))
    if isinstance(change, Add | Replace):
        del values["noun"]
        values[type(change.noun).__name__.lower()] = _told(plain(change.noun))
    return {"kind": kinds[type(change)], **values}


def alteration_from_plain(given: Mapping[str, object]) -> Alteration:
    """Make a change of the plain values that `plain_alteration` gave.

    Raises:
        Misuse: E213, for a kind that is not known; E214, without one; as `from_plain`.
    """
    values = dict(given)
    kind = values.pop("kind", None)
    if isinstance(kind, str) and kind in WITH_NOUN:
        return _with_noun(WITH_NOUN[kind], values)
    if not isinstance(kind, str) or kind not in KINDS:
        allowed = ", ".join(sorted((*KINDS, *WITH_NOUN)))
        raise Misuse("E213", "a change is of one of the kinds known here", hint=f"use {allowed}")
    return cast(Alteration, from_plain(KINDS[kind], values))


def _with_noun(change: type[Add | Replace], values: dict[str, object]) -> Alteration:
    named = [name for name in values if name in NOUNS]
    if len(named) != 1:
        text = "a change that adds or replaces names one thing"
        raise Misuse("E214", text, hint=f"give one of {', '.join(sorted(NOUNS))} as a table")
    noun: Any = from_plain(NOUNS[named[0]], values.pop(named[0]))
    day = from_plain(_Day, values).on
    return change(noun=noun, on=day)


def _told(values: Plain) -> dict[str, Plain]:
    """Leave out what is not said: nothing, and what is empty."""
    assert isinstance(values, dict)
    return {name: _deep(value) for name, value in values.items() if value not in (None, "", [])}


def _deep(value: Plain) -> Plain:
    if isinstance(value, dict):
        return _told(value)
    return [_deep(each) for each in value] if isinstance(value, list) else value
