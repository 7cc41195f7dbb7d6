"""What may outsiders supply? Sources, sinks, stores, renderers, measures and strategies: by hooks.

A plugin is a module with functions marked `hookimpl`, each named after one of the six hooks
below. A hook takes no argument and gives frozen nouns: a `SourceMaker` says what a source is
called and how it is opened, and so on. `docs/how-to/write-a-plugin.md` builds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import pluggy
from attrs import field, frozen

from kompetanse_core.errors import (
    BadInput,
    KompetanseError,
    Misuse,
    Place,
    PluginFailed,
    PrivacyRefused,
    SourceUnavailable,
    StoreUnavailable,
    VersionConflict,
)
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.enterprise import Enterprise, Finding, Loss, Reading, Severity
from kompetanse_core.model.measure import Measure, Scheme
from kompetanse_core.model.people import Assessment, EmployeeId
from kompetanse_core.model.plain import as_json, from_json, from_plain, plain
from kompetanse_core.model.privacy import Access, Actor, Purpose, subject_of
from kompetanse_core.model.renewal import Changes, renewed
from kompetanse_core.model.subject import about, without
from kompetanse_core.model.validators import count, ident, instant
from kompetanse_core.strategy.opener import Opener
from kompetanse_core.strategy.options import Ground, Option, Strategy

if TYPE_CHECKING:
    from kompetanse_core.report.page import Report

__all__ = [
    "HOOK_VERSION",
    "PROJECT",
    "Access",
    "Actor",
    "Assessment",
    "BadInput",
    "Change",
    "Changes",
    "Delivery",
    "EmployeeId",
    "Enterprise",
    "Finding",
    "Ground",
    "KompetanseError",
    "Loss",
    "Measure",
    "MeasureCatalogue",
    "Misuse",
    "Opener",
    "Option",
    "Place",
    "PluginFailed",
    "PrivacyRefused",
    "Purpose",
    "Reading",
    "Renderer",
    "RendererMaker",
    "Scheme",
    "Severity",
    "Sink",
    "SinkMaker",
    "Source",
    "SourceMaker",
    "SourceUnavailable",
    "Store",
    "StoreMaker",
    "StoreUnavailable",
    "Strategy",
    "Verifiable",
    "Version",
    "VersionConflict",
    "about",
    "as_json",
    "assemble",
    "from_json",
    "from_plain",
    "hookimpl",
    "kompetanse_measures",
    "kompetanse_renderers",
    "kompetanse_sinks",
    "kompetanse_sources",
    "kompetanse_stores",
    "kompetanse_strategies",
    "late_among",
    "plain",
    "renewed",
    "subject_of",
    "without",
]

PROJECT = "kompetanse"
"""The entry point group, and what pluggy calls our hooks by."""

HOOK_VERSION = 1
"""The version of these hooks; a plugin written for another says so in `KOMPETANSE_HOOKS`."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Mark a function of a plugin as its implementation of the hook of the same name."""

_hookspec = pluggy.HookspecMarker(PROJECT)


# --- what is supplied -------------------------------------------------------------------------


@runtime_checkable
class Source(Protocol):
    """Kilde: something outside that an enterprise can be read from."""

    def read(self) -> Reading:
        """Read everything in one go; every flaw becomes a finding, every omission a loss.

        Raises:
            SourceUnavailable: if nothing can be read at all.
        """
        ...


@frozen(kw_only=True)
class Delivery:
    """Leveranse: what became of the levels that were written back: each is counted once.

    `unchanged` were held there already; the losses count those that were not written, and why.
    """

    written: int = field(validator=count)
    unchanged: int = field(validator=count)
    losses: tuple[Loss, ...] = ()
    findings: tuple[Finding, ...] = ()


@runtime_checkable
class Sink(Protocol):
    """Mottaker av nivåer: somewhere outside that agreed levels are written back to."""

    def write(self, agreed: Iterable[Assessment], *, access: Access) -> Delivery:
        """Write levels that the parties agree on; what is known there of later days stays.

        What the receiver already holds is not written again, so the same delivery twice changes
        nothing. A person or competence that it does not know is left out and counted.

        Raises:
            SourceUnavailable: if it cannot be reached; the message says what may have been written.
        """
        ...


class Change(Enum):
    """Endring: why a store has a new version."""

    SAVED = "saved"
    ERASED = "erased"


@frozen(kw_only=True)
class Version:
    """Versjon: one change of a store: its number from 1, when it was made and why.

    `event` is the id of the delivery that made it, so that the same delivery changes nothing twice.
    """

    number: int = field(validator=count)
    at: datetime = field(validator=instant)
    change: Change = Change.SAVED
    event: str = ""


def late_among(history: Iterable[Version]) -> tuple[Version, ...]:
    """Give the versions that came late: made before an earlier one of them (FAULTS F9).

    They count all the same, in the order in which they arrived; what they tell about people counts
    by the day that it tells of, so that an older assessment never covers a newer one.
    """
    latest, late = datetime.min.replace(tzinfo=UTC), []
    for version in history:
        if version.at < latest:
            late.append(version)
        latest = max(latest, version.at)
    return tuple(late)


@runtime_checkable
class Store(Protocol):
    """Lager: keeps every version of an enterprise, and gives back what was known when.

    A new store has version 0: an empty enterprise. Versions count up by one; nothing is
    overwritten, and only erasing a person changes what an old version tells. Personal data are
    read for a stated purpose: `Access` says by whom, what for and when. A store tells everything
    that it holds and writes down who asked; `Plugins.store` locks it by purpose.
    """

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        """Keep an enterprise as the next version, whole or not at all.

        `expected` is the version that the caller has seen. A delivery whose `event` has been saved
        before changes nothing: its version is given again.

        Raises:
            VersionConflict: if the store is at another version than expected.
            StoreUnavailable: if it cannot be written; what it held is as before.
        """
        ...

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        """Give the newest version, up to the one of a number and to those made by an instant.

        Raises:
            Misuse: E503, if there is no version of that number.
            StoreUnavailable: if it cannot be read.
        """
        ...

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        """Give everything that is held about one person (innsyn): each version that names them."""
        ...

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        """Remove a person from every version (sletting), and say so in a new one.

        Raises:
            VersionConflict: if the store is at another version than expected.
            StoreUnavailable: if it cannot be written; what it held is as before.
        """
        ...

    def history(self) -> tuple[Version, ...]:
        """Give every version in the order of their numbers; no value about a person is in it."""
        ...

    def accesses(self, *, employee: EmployeeId | None = None) -> tuple[Access, ...]:
        """Give every reading and erasing of personal data, in the order they happened.

        The log names nobody: a reading about one person is marked by a key of that person's
        (`subject_of`), which erasing destroys. Whoever asks about an employee gets the readings
        with their mark, and none once the key is gone.
        """
        ...


@runtime_checkable
class Verifiable(Protocol):
    """Etterprøvbart lager: what a store offers beside, whose log of accesses can be verified."""

    def verify(self) -> tuple[Finding, ...]:
        """Tell where the log of accesses has been edited, lost its middle or its end (E805)."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Gjengivelse: lays a report out as text, adding nothing and leaving nothing out."""

    def render(self, report: Report) -> str:
        """Give the whole report as one text: the same report, the same text."""
        ...


# --- how it is announced ----------------------------------------------------------------------


@frozen(kw_only=True)
class SourceMaker:
    """Announce a source: `Plugins.source(name, *options)` calls `open(*options)`."""

    name: str = field(validator=ident)
    description: str
    open: Callable[..., Source]


@frozen(kw_only=True)
class SinkMaker:
    """Announce a sink: `Plugins.sink(name, *options)` calls `open(*options)`."""

    name: str = field(validator=ident)
    description: str
    open: Callable[..., Sink]


@frozen(kw_only=True)
class StoreMaker:
    """Announce a store: `Plugins.store(name, *options)` calls `open(*options)`."""

    name: str = field(validator=ident)
    description: str
    open: Callable[..., Store]


@frozen(kw_only=True)
class RendererMaker:
    """Announce a renderer: `Plugins.renderer(name, *options)` calls `open(*options)`."""

    name: str = field(validator=ident)
    description: str
    open: Callable[..., Renderer]


@frozen(kw_only=True)
class MeasureCatalogue:
    """Announce measures that an enterprise may choose from, and the schemes that support them.

    They name competences by the ids that the enterprise uses; `as_of` is when they were gathered.
    """

    name: str = field(validator=ident)
    description: str
    as_of: date
    measures: tuple[Measure, ...]
    schemes: tuple[Scheme, ...] = ()


# --- the hooks --------------------------------------------------------------------------------


@_hookspec
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer sources that an enterprise can be read from."""
    raise NotImplementedError


@_hookspec
def kompetanse_sinks() -> Iterable[SinkMaker]:
    """Offer sinks that agreed levels are written back to."""
    raise NotImplementedError


@_hookspec
def kompetanse_stores() -> Iterable[StoreMaker]:
    """Offer stores that keep every version of an enterprise."""
    raise NotImplementedError


@_hookspec
def kompetanse_renderers() -> Iterable[RendererMaker]:
    """Offer renderers that lay a report out as text."""
    raise NotImplementedError


@_hookspec
def kompetanse_measures() -> Iterable[MeasureCatalogue]:
    """Offer measures that an enterprise may choose from."""
    raise NotImplementedError


@_hookspec
def kompetanse_strategies() -> Iterable[Opener]:
    """Offer strategies that open ways for the gaps."""
    raise NotImplementedError
