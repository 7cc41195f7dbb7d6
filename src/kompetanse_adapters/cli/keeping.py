"""What can be asked of a store at a terminal? Begin, take in, tell, hand out, forget, verify."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

import click
from attrs import field, frozen

from kompetanse_adapters.cli.asked import Asked
from kompetanse_adapters.cli.asking import refuse_unrelated
from kompetanse_adapters.cli.checking import counted, read_enterprise
from kompetanse_core import Access, ActorId, EmployeeId, Finding, Plugins, Purpose, Store
from kompetanse_core.hooks import Misuse, Version, as_json, plain

FOUND = 1


@runtime_checkable
class Verifiable(Protocol):
    """What a store offers whose log of accesses can be verified."""

    def verify(self) -> tuple[Finding, ...]: ...


@frozen(kw_only=True)
class Shelf:
    """Say which store is meant: its plugin, its address, and what else opens it."""

    plugin: str
    address: str
    witness: Path | None

    def open(self) -> Store:
        """Open the store by the plugins that are installed."""
        more = () if self.witness is None else (self.witness,)
        return Plugins.installed().store(self.plugin, self.address, *more)


@frozen(kw_only=True)
class Person:
    """Say whose data are meant, who asks, and what for."""

    employee: EmployeeId = field(converter=EmployeeId)
    actor: str
    purpose: Purpose = field(converter=Purpose)

    def access(self) -> Access:
        """Give the line that the store writes down."""
        return Access(actor=ActorId(self.actor), purpose=self.purpose, at=datetime.now(UTC))

    def refuse_unrelated(self, store: Store) -> int:
        """Refuse whoever may not see the person's data; the attempt is logged too.

        Gives the version that was looked at.

        Raises:
            PrivacyRefused: E554.
        """
        last = len(store.history())
        asked = Asked(
            folder=Path(),
            on=datetime.now().astimezone().date(),
            budget=None,
            language="nb",
            audience="employee",
            employee=self.employee,
            actor=self.actor,
            purpose=self.purpose.value,
            report=None,
            renderer=None,
            as_json=True,
            fail_on=None,
        )
        refuse_unrelated(asked, store.load(self.access(), version=last))
        return last


def begin(shelf: Shelf) -> int:
    """Make a store, or see that one is there."""
    click.echo(f"version {len(shelf.open().history())}")
    return 0


def take_in(folder: Path, shelf: Shelf, *, expected: int | None, event: str) -> int:
    """Save what a folder holds as the next version."""
    reading = read_enterprise(folder, Plugins.installed())
    enterprise = reading.enterprise
    store = shelf.open()
    seen = len(store.history()) if expected is None else expected
    version = store.save(enterprise, expected=seen, at=datetime.now(UTC), event=event)
    click.echo(f"version {version.number}")
    click.echo(counted(reading.findings), err=True)
    return 0


def tell_history(shelf: Shelf, *, as_json_text: bool) -> int:
    """Print every version; no value about a person is in it."""
    versions = shelf.open().history()
    if as_json_text:
        click.echo(json.dumps([plain(each) for each in versions], ensure_ascii=False, indent=2))
    else:
        for each in versions:
            click.echo(_line(each))
    return 0


def hand_out(shelf: Shelf, person: Person) -> int:
    """Print everything that is held about one person, version by version, as JSON."""
    store = shelf.open()
    person.refuse_unrelated(store)
    told = store.subject(person.employee, person.access())
    click.echo(json.dumps([json.loads(as_json(each)) for each in told], indent=2))
    return 0


def forget(shelf: Shelf, person: Person) -> int:
    """Erase a person from every version."""
    store = shelf.open()
    last = person.refuse_unrelated(store)
    click.echo(_line(store.erase(person.employee, person.access(), expected=last)))
    return 0


def verify(shelf: Shelf) -> int:
    """Tell whether the log of accesses is as it was written.

    Raises:
        Misuse: E604, if the store cannot tell.
    """
    store = shelf.open()
    if not isinstance(store, Verifiable):
        raise Misuse("E604", f"the store {shelf.plugin} has no log that can be verified")
    found = store.verify()
    for each in found:
        click.echo(str(each))
    click.echo(f"{len(store.accesses())} accesses, {len(found)} findings", err=True)
    return FOUND if found else 0


def _line(version: Version) -> str:
    told = f" {version.event}" if version.event else ""
    return f"{version.number} {version.at.isoformat()} {version.change.value}{told}"
