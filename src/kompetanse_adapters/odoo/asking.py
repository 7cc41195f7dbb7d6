"""What does Odoo hold? Rows of its models, all of them or none, without a name of a person.

What an older Odoo does not have is left out and counted; what must be there is asked for by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from kompetanse_adapters.calling import Answer, Line, Resume, Turn, gather
from kompetanse_adapters.odoo.older import OlderLine
from kompetanse_adapters.reading import Account, Node
from kompetanse_core import Misuse, Place, SourceUnavailable

PAGE = 500
"""How many rows are asked for at a time."""

Domain = Sequence[object]
"""Which rows are meant, as Odoo writes it: a list of conditions."""


@frozen(kw_only=True)
class Model:
    """Modell: what is read of one of Odoo's models; what is `optional` an older one may lack."""

    name: str
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    must_be: bool = True


TYPES = Model(name="hr.skill.type", fields=("name",), optional=("is_certification",))
LEVELS = Model(name="hr.skill.level", fields=("name", "level_progress", "skill_type_id"))
SKILLS = Model(name="hr.skill", fields=("name", "skill_type_id"))
DEPARTMENTS = Model(name="hr.department", fields=("name", "parent_id", "manager_id"))
JOBS = Model(name="hr.job", fields=("name",))
JOB_SKILLS = Model(
    name="hr.job.skill",
    fields=("job_id", "skill_id", "skill_level_id"),
    optional=("valid_from", "valid_to"),
    must_be=False,
)
EMPLOYEES = Model(name="hr.employee", fields=("department_id", "job_id", "write_date"))
EMPLOYEE_SKILLS = Model(
    name="hr.employee.skill",
    fields=("employee_id", "skill_id", "skill_level_id", "write_date"),
    optional=("valid_from", "valid_to"),
)
LINE_TYPES = Model(name="hr.resume.line.type", fields=("name",), must_be=False)
LINES = Model(
    name="hr.resume.line",
    fields=("employee_id", "line_type_id", "name", "date_start", "date_end", "write_date"),
    must_be=False,
)
ABOUT_NOBODY = (TYPES, LEVELS, SKILLS, DEPARTMENTS, JOBS, JOB_SKILLS, LINE_TYPES)
ABOUT_PEOPLE = (EMPLOYEES, EMPLOYEE_SKILLS, LINES)

_FLAGS = frozenset({"is_certification"})
_EVERYTHING: Mapping[str, Domain] = MappingProxyType({})
Rows = Mapping[str, tuple[Node, ...]]
"""The rows of each model, by its name."""


def ask(
    line: Line | OlderLine,
    models: Sequence[Model],
    lang: str,
    account: Account,
    *,
    domains: Mapping[str, Domain] = _EVERYTHING,
    resume: Resume | None = None,
) -> Rows:
    """Ask for all rows of each model, by rising id, a page at a time; archived rows stay there.

    Raises:
        SourceUnavailable: E702, if a model or field that must be there is not; or as `gather`.
    """
    there = {each.name: _there(line, each, account) for each in models}
    turns = {
        name: _turn(line, name, fields, lang, domains.get(name, ()))
        for name, fields in there.items()
        if fields
    }
    found = gather(turns, most_pages=line.manners.most_pages, resume=resume)
    return {each.name: found.get(each.name, ()) for each in models}


def call(line: Line | OlderLine, name: str, method: str, body: Mapping[str, object]) -> Answer:
    """Ask what changes nothing, in the dialect that the line speaks."""
    if isinstance(line, OlderLine):
        return line.call(name, method, body)
    return line.ask("POST", f"/json/2/{name}/{method}", body=body, name=name)


def needed(node: Node, key: str) -> int:
    """Read which row of another model is meant, where one must be.

    Raises:
        Misuse: E214, if none is; E501, if something else stands there.
    """
    found = node.whole(key)
    if found is None:
        raise Misuse("E214", "a value that must be there is missing", place=node.at(key))
    return found


def _there(line: Line | OlderLine, model: Model, account: Account) -> tuple[str, ...]:
    """Say which fields of a model can be read; none where an older Odoo has no such model."""
    answer = call(line, model.name, "fields_get", {"attributes": ["type"]})
    if answer.status == 404 and not model.must_be:
        account.lose(model.name, "this Odoo has no such model: nothing of it is read")
        return ()
    if not answer.sound:
        text = f"Odoo answered {answer.status}: its module for skills may not be installed"
        raise SourceUnavailable("E706", text, place=Place(file=model.name))
    missing = [name for name in model.fields if name not in answer.body.value]
    if missing:
        place = Place(file=model.name, column=missing[0])
        raise SourceUnavailable("E702", "the model has no such field", place=place)
    for name in model.optional:
        if name not in answer.body.value:
            account.lose(f"{model.name}.{name}", "this Odoo has no such field")
    return (*model.fields, *(name for name in model.optional if name in answer.body.value))


def _turn(
    line: Line | OlderLine, name: str, fields: tuple[str, ...], lang: str, domain: Domain
) -> Turn:
    """Ask for the rows after an id, so that rows that come and go meanwhile move no page."""
    counted = [0]

    def turn(cursor: str) -> tuple[tuple[Node, ...], str | None]:
        after = int(cursor or "0")
        body = {
            "domain": [*domain, ["id", ">", after]],
            "fields": list(fields),
            "order": "id",
            "limit": PAGE,
            "load": "",
            "context": {"lang": lang},
        }
        answer = call(line, name, "search_read", body)
        if not answer.sound:
            text = f"Odoo answered {answer.status}"
            raise SourceUnavailable("E703", text, place=Place(file=name))
        rows = tuple(_rows(answer.body, name, counted[0]))
        counted[0] += len(rows)
        ids = [_id(row) for row in rows]
        if ids != sorted(set(ids)) or (ids and ids[0] <= after):
            text = "the rows do not come in the order that was asked for"
            raise SourceUnavailable("E703", text, place=Place(file=name))
        return rows, (str(ids[-1]) if len(rows) == PAGE else None)

    return turn


def _rows(body: Node, name: str, before: int) -> Iterator[Node]:
    """Take the rows of an answer; what Odoo calls false is not there, a yes or no apart.

    A row's place is its number in what was read: its id in Odoo leads to a person.
    """
    listed = body.value.get("")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        text = "a list of rows should stand here"
        raise SourceUnavailable("E702", text, place=Place(file=name))
    for number, row in enumerate(listed, before + 1):
        told = {k: v for k, v in row.items() if v is not False or k in _FLAGS}
        yield Node(value=told, place=Place(file=name, row=number))


def _id(row: Node) -> int:
    try:
        return needed(row, "id")
    except Misuse as error:
        raise SourceUnavailable("E702", error.text, place=row.place) from None
