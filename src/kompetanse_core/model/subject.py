"""What is held about one person? The enterprise with nobody else in it, or without that person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from attrs import evolve

from kompetanse_core.columns import Table
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.privacy import Actor

Noun = TypeVar("Noun")


def about(enterprise: Enterprise, employee: EmployeeId) -> Enterprise:
    """Keep what is held about one person (innsyn); what is held about nobody stays as it is."""
    return kept_about(enterprise, lambda other: other == employee)


def without(enterprise: Enterprise, employee: EmployeeId) -> Enterprise:
    """Leave out everything that is held about one person (sletting), the pseudonym included."""
    return kept_about(enterprise, lambda other: other != employee)


def kept_about(enterprise: Enterprise, keep: Callable[[str], bool]) -> Enterprise:
    """Keep what is held about the people wanted, and what is held about nobody."""
    return evolve(
        enterprise,
        employees=_rows(enterprise.employees, "id", keep),
        engagements=_rows(enterprise.engagements, "employee", keep),
        evidence=_rows(enterprise.evidence, "employee", keep),
        assessments=_rows(enterprise.assessments, "employee", keep),
        wishes=_rows(enterprise.wishes, "employee", keep),
        actors=tuple(_capacity(actor, keep) for actor in enterprise.actors),
    )


def _rows(table: Table[Noun], column: str, keep: Callable[[str], bool]) -> Table[Noun]:
    """Keep rows about the people wanted, and no words but theirs: those name the others too."""
    wanted = np.asarray([keep(word) for word in table.words_of(column).values], np.bool_)
    return table.where(wanted[table.column(column)]).trimmed()


def _capacity(actor: Actor, keep: Callable[[str], bool]) -> Actor:
    """Keep the seat of an actor; the person in it only where that person is wanted."""
    if actor.employee is None or keep(actor.employee):
        return actor
    return evolve(actor, employee=None)
