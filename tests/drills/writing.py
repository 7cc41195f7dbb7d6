"""Who writes while a drill pulls the plug? Functions that run in processes of their own."""

import os
import resource
from contextlib import suppress
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from kompetanse_adapters.parquet import open_parquet
from kompetanse_adapters.sql import open_sql
from kompetanse_adapters.sql.address import JOURNAL
from kompetanse_core import (
    Access,
    ActorId,
    Assessment,
    AssessmentSource,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    KompetanseError,
    Level,
    Purpose,
    StoreUnavailable,
    Text,
    VersionConflict,
)

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
READING = Access(actor=ActorId("a1"), purpose=Purpose.DEVELOPMENT, at=NOON)
PEOPLE = 60
NOBODY = 65_534
"""The user with the fewest rights."""


def batch(number: int, people: int = PEOPLE) -> Enterprise:
    """What version `number` must hold, every person of it or none."""
    names = [EmployeeId(f"p{name:05d}") for name in range(people)]
    told = [
        Assessment(
            employee=name,
            competence=CompetenceId(f"k{number % 7}"),
            level=Level(number % 5),
            source=AssessmentSource.JOINT,
            assessed=date(2026, 1, 1),
            recorded=NOON,
        )
        for name in names
    ]
    employees = [Employee(id=name) for name in names]
    return Enterprise(name=Text(str(number)), employees=employees, assessments=told)


def write_on(address: str, outside: str, journal: str, told: Connection) -> None:
    """Save version after version, and tell each number once the store has acknowledged it."""
    os.environ[JOURNAL] = journal
    store = open_sql(address, outside)
    number = len(store.history())
    told.send(number)
    with suppress(StoreUnavailable):  # the server may be killed instead of this
        while True:
            number += 1
            store.save(batch(number), expected=number - 1, at=NOON, event=f"delivery {number}")
            told.send(number)


def write_files(folder: str, told: Connection) -> None:
    """Save version after version as Parquet files, and tell each number once acknowledged."""
    store = open_parquet(folder)
    number = len(store.history())
    told.send(number)
    while True:
        number += 1
        store.save(batch(number), expected=number - 1, at=NOON, event=f"delivery {number}")
        told.send(number)


def count_up(address: str, outside: str, times: int, told: Connection) -> None:
    """Add one to the number in the store, so many times; after a conflict, read it anew."""
    store, conflicts = open_sql(address, outside), 0
    try:
        while times:
            number = len(store.history())
            enterprise = store.load(READING, version=number)
            count = int(enterprise.name.nb or 0) + 1
            try:
                store.save(Enterprise(name=Text(str(count))), expected=number, at=NOON)
                times -= 1
            except VersionConflict:
                conflicts += 1
        told.send(("done", conflicts))
    except KompetanseError as error:
        told.send((error.code, str(error)))


def outgrow(address: str, outside: str, room: int, told: Connection) -> None:
    """Save more and more under a limit on the size of every file, until the store refuses."""
    store = open_sql(address, outside)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    number = len(store.history())
    try:
        while True:
            number += 1
            crowd = batch(number, PEOPLE * number * 10)
            store.save(crowd, expected=number - 1, at=NOON)
    except KompetanseError as error:
        told.send((error.code, number - 1))


def open_as_nobody(address: str, told: Connection) -> None:
    """Open a store without the right to write."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setuid(NOBODY)
    try:
        open_sql(Path(address), f"{address}.witness")
        told.send("opened")
    except KompetanseError as error:
        told.send(error.code)


def lift(address: str, outside: str, told: Connection) -> None:
    """Open a store of an older schema."""
    told.send("opening")
    open_sql(address, outside)
    told.send("lifted")
