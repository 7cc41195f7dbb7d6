"""How do agreed levels get into Odoo? OdooSink, the sink: what was there stays as history.

A row is found anew by whom and what it is about each time: Odoo replaces rows, and their numbers
with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_adapters.calling import GOOD, Line, Manners, calling
from kompetanse_adapters.odoo.asking import (
    EMPLOYEE_SKILLS,
    LEVELS,
    SKILLS,
    Model,
    ask,
    needed,
)
from kompetanse_adapters.odoo.nouns import Steps, employee_of, skill_id, steps_of
from kompetanse_adapters.reading import Account, Node, Pseudonyms
from kompetanse_core import (
    Access,
    Assessment,
    Delivery,
    EmployeeId,
    Loss,
    Place,
    SourceUnavailable,
)

_PEOPLE = Model(name="hr.employee", fields=("write_date",))
_HELD = Model(
    name=EMPLOYEE_SKILLS.name,
    fields=("employee_id", "skill_id", "skill_level_id", "valid_from", "valid_to"),
)


class _Fate(Enum):
    """What becomes of one level."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    STRANGER = "Odoo knows nobody by this pseudonym"
    NO_SKILL = "Odoo has no such skill, or not that level of it"
    OLDER = "Odoo knows a level of a later day"


_LOST: Mapping[_Fate, str] = MappingProxyType(
    {
        _Fate.STRANGER: "Assessment.employee",
        _Fate.NO_SKILL: "Assessment.competence",
        _Fate.OLDER: "Assessment.level",
    }
)


@frozen(kw_only=True)
class OdooSink:
    """Odoo som mottaker: writes agreed levels as skills of employees, valid from the day agreed."""

    address: str = field(repr=False)
    token: str = field(repr=False)
    people: Pseudonyms
    manners: Manners = GOOD

    def write(self, agreed: Iterable[Assessment], *, access: Access) -> Delivery:
        """Write levels; what Odoo holds of later days stays, what it holds already too.

        Levels are written in the order of their days. Each one is written whole before the next;
        if Odoo stops halfway, writing the same again goes on where it stopped.

        Raises:
            SourceUnavailable: E701 to E706, as `calling` tells; E703, if Odoo refuses a level.
        """
        fates: Counter[_Fate] = Counter()
        rows = sorted(agreed, key=lambda each: each.assessed)
        if rows:
            with calling(self.address, self.token, self.manners) as line:
                held = _held(line, self.people)
                fates.update(_put(line, held, each) for each in rows)
        losses = tuple(
            Loss(field=where, count=fates[fate], reason=fate.value)
            for fate, where in _LOST.items()
            if fates[fate]
        )
        return Delivery(
            written=fates[_Fate.WRITTEN], unchanged=fates[_Fate.UNCHANGED], losses=losses
        )


@frozen(kw_only=True)
class _Row:
    """One level that Odoo holds: its row there now, the step, and from when to when."""

    id: int
    step: int
    start: date
    end: date | None


@frozen(kw_only=True)
class _Held:
    """What Odoo holds now."""

    employees: Mapping[EmployeeId, int] = field(repr=False)
    skills: Mapping[str, int]
    steps: Steps
    rows: dict[tuple[int, int], list[_Row]] = field(repr=False)
    """The levels of a person in a skill, by their days."""


def _held(line: Line, people: Pseudonyms) -> _Held:
    models = (LEVELS, SKILLS, _PEOPLE, _HELD)
    found = ask(line, models, "en_US", Account())
    rows: dict[tuple[int, int], list[_Row]] = {}
    for node in found[_HELD.name]:
        rows.setdefault((needed(node, "employee_id"), needed(node, "skill_id")), []).append(
            _row(node)
        )
    for each in rows.values():
        each.sort(key=lambda row: row.start)
    ids = [needed(node, "id") for node in found[_PEOPLE.name]]
    return _Held(
        employees={employee_of(people, each): each for each in ids},
        skills={skill_id(each): each for each in (needed(n, "id") for n in found[SKILLS.name])},
        steps=steps_of(found),
        rows=rows,
    )


def _row(node: Node) -> _Row:
    return _Row(
        id=needed(node, "id"),
        step=needed(node, "skill_level_id"),
        start=node.day("valid_from") or date.min,
        end=node.day("valid_to"),
    )


def _put(line: Line, held: _Held, agreed: Assessment) -> _Fate:
    """Write one level, if Odoo does not hold it."""
    employee, skill = held.employees.get(agreed.employee), held.skills.get(agreed.competence)
    if employee is None:
        return _Fate.STRANGER
    kind = held.steps.type_of.get(skill or 0, 0)
    steps = held.steps.of_type.get(kind, ())
    if skill is None or not 0 < agreed.level <= len(steps):
        return _Fate.NO_SKILL
    rows = held.rows.setdefault((employee, skill), [])
    last, step = rows[-1] if rows else None, steps[agreed.level - 1]
    if last is not None and last.start > agreed.assessed:
        return _Fate.OLDER
    if last is not None and last.step == step and _covers(last, agreed):
        return _Fate.UNCHANGED
    told = {
        "skill_level_id": step,
        "valid_from": agreed.assessed.isoformat(),
        "valid_to": agreed.expires.isoformat() if agreed.expires else False,
    }
    if last is not None and last.start == agreed.assessed:
        rows.pop()
        made = _change(line, last, told)
    else:
        if last is not None and (last.end is None or last.end >= agreed.assessed):
            before = agreed.assessed - timedelta(days=1)
            _change(line, last, {"valid_to": before.isoformat()})
        whose = {"employee_id": employee, "skill_id": skill, "skill_type_id": kind}
        made = _make(line, {**whose, **told})
    rows.append(_Row(id=made, step=step, start=agreed.assessed, end=agreed.expires))
    return _Fate.WRITTEN


def _change(line: Line, row: _Row, told: Mapping[str, object]) -> int:
    """Change a row that has just been read, and give its number."""
    _said(line, "write", {"ids": [row.id], "vals": told})
    return row.id


def _make(line: Line, told: Mapping[str, object]) -> int:
    """Make a row, and give its number."""
    made = _said(line, "create", {"vals_list": [told]}).value.get("")
    if not isinstance(made, list) or len(made) != 1 or type(made[0]) is not int:
        text = "Odoo does not say what it made"
        raise SourceUnavailable("E702", text, place=Place(file=EMPLOYEE_SKILLS.name))
    return made[0]


def _said(line: Line, method: str, body: object) -> Node:
    """Say what changes something, once.

    Raises:
        SourceUnavailable: E703, if Odoo refuses it; what it says may name people and is not told.
    """
    name = EMPLOYEE_SKILLS.name
    answer = line.tell("POST", f"/json/2/{name}/{method}", body=body, name=name)
    if not answer.sound:
        text = f"Odoo refuses a level: it answered {answer.status}"
        hint = "what was written before it stays; write the same again when it is mended"
        raise SourceUnavailable("E703", text, place=Place(file=name), hint=hint)
    return answer.body


def _covers(row: _Row, agreed: Assessment) -> bool:
    """Say whether what Odoo holds holds as long as what was agreed."""
    if row.end is None or agreed.expires is None:
        return row.end == agreed.expires
    return row.end >= agreed.expires
