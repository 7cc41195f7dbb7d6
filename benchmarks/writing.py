"""How is an instance written down? The text of each family, as `instances.py` reads it.

The forms are those of the published files: OR-Library, MiniZinc, and JSON for the textbook cases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from instances import (
    Covering,
    Curricula,
    Curriculum,
    Instance,
    Mentoring,
    Packing,
    Placing,
    Sharing,
)

A_LINE = 12


@singledispatch
def written(instance: Instance) -> str:
    """Write an instance down as files of its family do; several texts may follow each other.

    Packings are announced by a first line, with how many there are, where that is not one.
    """
    raise TypeError(type(instance).__name__)


@written.register
def _(instance: Covering) -> str:
    lines = [f"{len(instance.covers)} {len(instance.costs)}"]
    lines += _wrapped(_amounts(instance.costs, instance.unit))
    for row in instance.covers:
        lines += [str(len(row)), *_wrapped(str(column + 1) for column in row)]
    return _joined(lines)


@written.register
def _(instance: Placing) -> str:
    costs = _amounts(instance.costs.ravel().tolist(), instance.unit)
    return _joined([str(len(instance.costs)), *_wrapped(costs)])


@written.register
def _(instance: Sharing) -> str:
    agents, jobs = instance.costs.shape
    lines = [f"{agents} {jobs}"]
    for costs in instance.costs.tolist():
        lines += _wrapped(_amounts(costs, instance.unit))
    for uses in instance.uses.tolist():
        lines += _wrapped(map(str, uses))
    return _joined([*lines, *_wrapped(map(str, instance.room.tolist()))])


@written.register
def _(instance: Packing) -> str:
    budgets, choices = instance.uses.shape
    lines = [f"{choices} {budgets} 0"]
    lines += _wrapped(_amounts(instance.worth.tolist(), instance.unit))
    for uses in instance.uses.tolist():
        lines += _wrapped(map(str, uses))
    return _joined([*lines, *_wrapped(map(str, instance.room.tolist()))])


@written.register
def _(instance: Curriculum) -> str:
    (low, high), (fewest, most) = instance.load_limits, instance.course_limits
    numbers = {
        "n_courses": len(instance.loads),
        "n_periods": instance.periods,
        "load_per_period_lb": low,
        "load_per_period_ub": high,
        "courses_per_period_lb": fewest,
        "courses_per_period_ub": most,
    }
    lines = ['include "curriculum.mzn.model";', *_told(numbers)]
    lines += [f"course_load = [{', '.join(map(str, instance.loads))}, ];"]
    pairs = [(later + 1, earlier + 1) for earlier, later in instance.before]
    return _joined([*lines, *(f"constraint prerequisite({a}, {b});" for a, b in pairs)])


@written.register
def _(instance: Curricula) -> str:
    fewest, most = instance.course_limits
    numbers = {
        "n_periods": instance.periods,
        "n_courses": len(instance.loads),
        "n_curricula": len(instance.curricula),
        "min_courses": fewest,
        "max_courses": most,
        "n_precedences": len(instance.before),
        "n_undesirables": len(instance.unwanted),
        "w1": instance.weights[0],
        "w2": instance.weights[1],
    }
    sets = (f"{{{', '.join(str(each + 1) for each in one)}}}" for one in instance.curricula)
    lines = [*_told(numbers), f"course_load = [{', '.join(map(str, instance.loads))}];"]
    lines += [f"courses_of = [{', '.join(sets)}];"]
    lines += [f"precedes = array2d(precedences,1..2, [{_from_one(instance.before)}]);"]
    return _joined(
        [*lines, f"undesirable = array2d(undesirables,1..2, [{_from_one(instance.unwanted)}]);"]
    )


@written.register
def _(instance: Mentoring) -> str:
    told: dict[str, object] = {
        "experienced": _number(instance.experienced),
        "hours": [_number(each) for each in instance.hours],
        "hours_per_month": _number(instance.hours_a_month),
        "supervision_hours": _number(instance.supervision),
        "quit": _number(instance.quit_share),
        "cost_experienced": _number(instance.wage),
        "cost_trainee": _number(instance.trainee_wage),
    }
    return json.dumps({"case": told})


def _told(numbers: dict[str, int]) -> list[str]:
    return [f"{name} = {number};" for name, number in numbers.items()]


def _from_one(pairs: Sequence[tuple[int, int]]) -> str:
    return ", ".join(str(each + 1) for pair in pairs for each in pair)


def _amounts(amounts: Sequence[int], unit: int) -> list[str]:
    return [str(each) if unit == 1 else str(Decimal(each) / unit) for each in amounts]


def _number(amount: Fraction) -> int | float:
    return int(amount) if amount.denominator == 1 else float(amount)


def _wrapped(words: Iterable[str]) -> list[str]:
    """Break into lines as OR-Library does: a blank at both ends."""
    listed = list(words)
    return [
        f" {' '.join(listed[first : first + A_LINE])} " for first in range(0, len(listed), A_LINE)
    ]


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
