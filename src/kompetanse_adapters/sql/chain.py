"""Has the log of accesses been changed? Each entry's link seals it and all before it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from attrs import frozen

from kompetanse_core.hooks import Access, Finding, Place, Severity, from_plain, plain

START = "0" * 64
"""The link before the first."""


@frozen
class Link:
    """Name one place in the chain: how many entries there are up to it, and its digest."""

    number: int = 0
    digest: str = START


@frozen
class Sealed:
    """Hold one entry as it stands in the log: its number, its text and its link."""

    number: int
    entry: str
    digest: str


def entry_of(access: Access) -> str:
    """Write an access as one line of ASCII."""
    return json.dumps(plain(access), sort_keys=True)


def access_of(entry: str) -> Access:
    """Read an access that was written so."""
    return from_plain(Access, json.loads(entry))


def digest_after(before: str, entry: str) -> str:
    """Seal an entry and, by the link before it, everything that stands there already."""
    return sha256(f"{before}\n{entry}".encode()).hexdigest()


def flaws(log: Iterable[Sealed], anchor: Link) -> tuple[Finding, ...]:
    """Tell what has been changed, removed or cut off; `anchor` is what stood at the end once."""
    found: list[Finding] = []
    place, digest, anchored = 0, START, anchor.number == 0
    for sealed in log:
        if sealed.number != place + 1:
            found.append(_told(place + 1, "entries have been removed from here"))
        elif sealed.digest != digest_after(digest, sealed.entry):
            found.append(_told(sealed.number, "an entry has been changed"))
        place, digest = sealed.number, sealed.digest
        anchored |= (place, digest) == (anchor.number, anchor.digest)
    if place < anchor.number:
        found.append(_told(place + 1, "the end has been cut off from here"))
    elif not anchored:
        found.append(_told(anchor.number, "the log is not the one that the witness saw"))
    return tuple(found)


def _told(row: int, text: str) -> Finding:
    place = Place(file="accesses", row=row)
    hint = "compare with a backup; `docs/reference/stores.md` tells how"
    return Finding(code="E805", severity=Severity.REFUSE, text=text, place=place, hint=hint)
