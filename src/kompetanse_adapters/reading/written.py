"""What does a written file not carry? Written: its text, and each loss by field, count and reason.

A writer reads back what it has written and compares: so what it says is lost is what is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import AttrsInstance, fields, frozen

from kompetanse_core import Enterprise, Loss, Misuse, Table


@frozen(kw_only=True)
class Written:
    """Hold a text as it goes to a file, in UTF-8, and what it leaves out or widens."""

    text: str
    losses: tuple[Loss, ...] = ()


def carried(text: str) -> str:
    """Give the text, if a file can hold it.

    Raises:
        Misuse: E106 or E107, if it holds a NUL or half a character.
    """
    if "\0" in text:
        raise Misuse("E106", "text holds a NUL character, which no text file carries")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Misuse("E107", "text holds a lone surrogate, which no text file carries") from None
    return text


def losses_between(
    before: Enterprise, after: Enterprise, reasons: Mapping[str, str], *, otherwise: str
) -> tuple[Loss, ...]:
    """Tell what of an enterprise does not come back, and what comes back that was not there.

    A plural that loses nouns is named by its field, `relations`; a field that comes back otherwise
    by its noun, `Competence.label`; nouns that were not there as `relations: added`. `reasons` are
    by the same names; where there is none, the reason is `otherwise`.
    """
    counts: Counter[str] = Counter()
    for each in fields(Enterprise):
        one, other = getattr(before, each.name), getattr(after, each.name)
        if isinstance(one, tuple | Table):
            counts.update(_among(each.name, one, other))
        elif one != other:
            counts[f"Enterprise.{each.name}"] += 1
    return tuple(
        Loss(field=name, count=counts[name], reason=reasons.get(name, otherwise))
        for name in sorted(counts)
    )


def _among(name: str, before: Iterable[Any], after: Iterable[Any]) -> Iterator[str]:
    """Yield the name of each loss among the nouns of one plural."""
    one, other = list(before), list(after)
    missing, new = list(_without(one, other)), list(_without(other, one))
    came = {each.id: each for each in new if hasattr(each, "id")}
    for each in missing:
        back = came.pop(each.id, None) if hasattr(each, "id") else None
        yield from (name,) if back is None else _changed(each, back)
    anonymous = sum(not hasattr(each, "id") for each in new)
    yield from (f"{name}: added",) * (len(came) + anonymous)


def _without(nouns: Iterable[Any], others: Iterable[Any]) -> Iterator[Any]:
    """Yield the nouns that are not among the others, as often as they are more."""
    there = Counter(others)
    for each in nouns:
        if there[each] > 0:
            there[each] -= 1
        else:
            yield each


def _changed(before: AttrsInstance, after: AttrsInstance) -> Iterator[str]:
    """Yield each field in which a noun comes back otherwise."""
    noun = type(before)
    for each in fields(noun):
        if getattr(before, each.name) != getattr(after, each.name):
            yield f"{noun.__name__}.{each.name}"
