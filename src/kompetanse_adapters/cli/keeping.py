"""What can be asked of a store at a terminal? Begin, take in, hand out, forget, verify."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import click
from attrs import field, frozen

from kompetanse_adapters.cli.checking import counted, read_enterprise
from kompetanse_adapters.cli.layout import lay_out
from kompetanse_core import (
    Access,
    Actor,
    ActorId,
    EmployeeId,
    Enterprise,
    Language,
    LockedStore,
    Plugins,
    Purpose,
    actor_called,
    asks_for_own,
    handed_out,
    left_out,
    readings_about,
    refuse_erasing,
    refuse_others,
)
from kompetanse_core.hooks import Verifiable, Version, as_json, late_among, plain

FOUND = 1


@frozen(kw_only=True)
class Shelf:
    """Say which store is meant: its plugin, its address, and what else opens it."""

    plugin: str
    address: str
    witness: Path | None

    def open(self) -> LockedStore:
        """Open the store by the plugins that are installed, locked by purpose."""
        more = () if self.witness is None else (self.witness,)
        return Plugins.installed().store(self.plugin, self.address, *more)


@frozen(kw_only=True)
class Person:
    """Say whose data are meant, who asks, and what for."""

    employee: EmployeeId = field(converter=EmployeeId)
    actor: str
    purpose: Purpose = field(converter=Purpose)

    def access(self, purpose: Purpose) -> Access:
        """Give the line that the store writes down."""
        return Access(actor=ActorId(self.actor), purpose=purpose, at=datetime.now(UTC))

    def known_to(self, store: LockedStore) -> tuple[Actor, Enterprise, int]:
        """Find who asks in the newest version; the attempt is logged, whoever it is.

        Who has which right is found in all that is held, so it is read for the person's rights.
        Gives the actor, that version and its number.

        Raises:
            PrivacyRefused: E554, if there is no such actor.
        """
        last = len(store.history())
        newest = store.load(self.access(Purpose.SUBJECT_RIGHTS), version=last)
        return actor_called(newest, self.actor), newest, last

    def asked_by(self, actor: Actor) -> Purpose:
        """Give the purpose: whoever asks for their own data has them as of right (X-8)."""
        return Purpose.SUBJECT_RIGHTS if asks_for_own(actor, self.employee) else self.purpose


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
    """Print every version, and which came late; no value about a person is in it."""
    versions = shelf.open().history()
    late = late_among(versions)
    if as_json_text:
        told = [{**_plain(each), "late": each in late} for each in versions]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for each in versions:
            click.echo(f"{_line(each)}{' late' if each in late else ''}")
    return 0


def hand_out(shelf: Shelf, person: Person) -> int:
    """Print what an actor may see of what is held about one person, each version, as JSON.

    Raises:
        PrivacyRefused: E554, if that is nothing.
    """
    store = shelf.open()
    actor, newest, _ = person.known_to(store)
    purpose = person.asked_by(actor)
    told = handed_out(
        store.subject(person.employee, person.access(purpose)),
        actor,
        person.employee,
        enterprise=newest,
        purpose=purpose,
        on=_today(),
    )
    click.echo(json.dumps([json.loads(as_json(each)) for each in told], indent=2))
    for found in dict.fromkeys(found for each in told for found in left_out(each)):
        click.echo(str(found), err=True)
    return 0


def forget(shelf: Shelf, person: Person) -> int:
    """Erase a person from every version.

    Raises:
        PrivacyRefused: E554, if the actor may not have that person erased.
    """
    store = shelf.open()
    actor, newest, last = person.known_to(store)
    refuse_erasing(actor, person.employee, enterprise=newest, on=_today())
    click.echo(_line(store.erase(person.employee, person.access(person.purpose), expected=last)))
    return 0


def verify(shelf: Shelf) -> int:
    """Tell whether the log of accesses is as it was written.

    Raises:
        Misuse: E604, if the store cannot tell.
    """
    store = shelf.open()
    found = store.verify()
    for each in found:
        click.echo(str(each))
    click.echo(f"{len(store.accesses())} accesses, {len(found)} findings", err=True)
    return FOUND if found else 0


def who_read(shelf: Shelf, person: Person, *, language: str) -> int:
    """Print who has read about one person, and whether the log is as it was written.

    Raises:
        PrivacyRefused: E554, for anybody but that person.
    """
    store = shelf.open()
    actor, newest, _ = person.known_to(store)
    refuse_others(actor, person.employee)
    found = store.verify() if isinstance(store.behind, Verifiable) else None
    told = readings_about(
        store.accesses(employee=person.employee),
        unmarked=sum(not each.subject for each in store.accesses()),
        flaws=found,
        enterprise=newest,
        language=Language(language),
    )
    click.echo(told.heading)
    for block in told.blocks:
        click.echo("\n".join(("", *lay_out(block))))
    for flaw in found or ():
        click.echo(str(flaw), err=True)
    return FOUND if found else 0


def _today() -> date:
    return datetime.now().astimezone().date()


def _plain(version: Version) -> dict[str, Any]:
    return cast("dict[str, Any]", plain(version))


def _line(version: Version) -> str:
    told = f" {version.event}" if version.event else ""
    return f"{version.number} {version.at.isoformat()} {version.change.value}{told}"
