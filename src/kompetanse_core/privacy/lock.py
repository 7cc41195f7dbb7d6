"""What may a purpose see? `narrowed` leaves out what is held for another: the purpose lock (M-13).

Pay, appraisal and redundancy are no purposes (`Purpose`), so that nothing is ever held for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from attrs import evolve

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.words import NO_WORD
from kompetanse_core.errors import PrivacyRefused
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.people import Assessment, Employee, Evidence
from kompetanse_core.model.privacy import Actor, Kept, Purpose
from kompetanse_core.privacy.deletion import TABLES

Noun = TypeVar("Noun")


def narrowed(enterprise: Enterprise, purpose: Purpose) -> Enterprise:
    """Leave out the facts about people that are held for another purpose; `withheld` says so.

    The person's own rights are about everything, so that purpose opens it all. Whoever a fact that
    is told is about is there, by pseudonym alone where the rest is held for another purpose. What
    is left hangs together: nothing points at what was left out.
    """
    if purpose is Purpose.SUBJECT_RIGHTS:
        return enterprise
    told: dict[str, Any] = {name: _told(getattr(enterprise, name), purpose) for name in _FACTS}
    if told["evidence"] is not enterprise.evidence:
        told["assessments"] = _resting_on(told["assessments"], told["evidence"])
    people = _people(enterprise.employees, purpose, told.values())
    gone = {*enterprise.employees.words_of("id").values} - {*people.words_of("id").values}
    seats = tuple(_seat(actor, gone) for actor in enterprise.actors)
    left = evolve(enterprise, **told, employees=people, actors=seats)
    changed = (k for k, name in TABLES.items() if getattr(left, name) != getattr(enterprise, name))
    return evolve(left, withheld=enterprise.withheld.union(changed))


def left_out(enterprise: Enterprise) -> tuple[Finding, ...]:
    """Tell of how many kinds facts were left out for a purpose (W521); of whom is not told."""
    if not enterprise.withheld:
        return ()
    kinds = len(enterprise.withheld)
    text = f"facts about people, of {kinds} kinds, are held for another purpose and left out"
    hint = "what serves two purposes is recorded twice, each time on its own basis"
    about = (("kinds", kinds),)
    return (Finding(code="W521", severity=Severity.NOTE, text=text, hint=hint, about=about),)


def refuse_narrowed(enterprise: Enterprise) -> None:
    """Refuse to keep as the whole what was read for one purpose: the rest would be lost.

    Raises:
        PrivacyRefused: E556.
    """
    if enterprise.withheld:
        text = "this was read for one purpose; kept as the whole, what was left out would be lost"
        hint = f"read it for {Purpose.SUBJECT_RIGHTS.value}, change that, and keep it"
        raise PrivacyRefused("E556", text, hint=hint)


_FACTS = tuple(name for kept, name in TABLES.items() if kept is not Kept.EMPLOYEE)


def _told(table: Table[Noun], purpose: Purpose) -> Table[Noun]:
    """Keep the rows held for a purpose; a table whose rows all are stays as it is."""
    held = _held(table, purpose)
    return table if held.all() else table.where(held).trimmed()


def _held(table: Table[Any], purpose: Purpose) -> Array:
    return np.asarray(table.column("purpose") == list(Purpose).index(purpose), np.bool_)


def _resting_on(rows: Table[Assessment], evidence: Table[Evidence]) -> Table[Assessment]:
    """Let assessments point only at the evidence that is told."""
    words = evidence.words_of("id")
    codes = {**rows.columns, "evidence": rows.codes_in("evidence", words)}
    return evolve(rows, columns=codes, words={**rows.words, "evidence": words}).trimmed().sorted()


def _people(
    everybody: Table[Employee], purpose: Purpose, facts: Iterable[Table[Any]]
) -> Table[Employee]:
    """Keep those held for a purpose and, without their age, those whom a fact is about."""
    held, ids = _held(everybody, purpose), everybody.words_of("id")
    if held.all():
        return everybody
    named = np.zeros(len(ids) + 1, np.bool_)
    for table in facts:
        named[table.codes_in("employee", ids)] = True
    ages = np.where(held, everybody.column("age"), NO_WORD).astype(np.int8)
    bare = evolve(everybody, columns={**everybody.columns, "age": ages})
    return bare.where(held | named[everybody.column("id")]).trimmed()


def _seat(actor: Actor, gone: set[str]) -> Actor:
    """Keep the seat of an actor; the person in it only where that person is told of."""
    return evolve(actor, employee=None) if actor.employee in gone else actor
