"""What would be otherwise, as this file says? A Scenario in TOML, read and written.

A name, a table `[[change]]` for each change with its `kind`, one `[[frame]]` for each change of
what plans may spend, and the flows under `[flows]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from kompetanse_adapters.reading.encoding import decode
from kompetanse_adapters.reading.place import find, refusal
from kompetanse_adapters.reading.toml import Document, read_toml
from kompetanse_core import (
    Alteration,
    Attrition,
    BadInput,
    Enterprise,
    Finding,
    Flows,
    Frame,
    Hiring,
    KompetanseError,
    Move,
    Place,
    Retirement,
    Scenario,
    alteration_from_plain,
    assemble,
    differences,
    plain_alteration,
)
from kompetanse_core.hooks import from_plain, plain

KEYS = frozenset({"name", "change", "frame", "flows"})
ROWS: Mapping[str, type[Any]] = MappingProxyType(
    {"attrition": Attrition, "retirement": Retirement, "moves": Move, "hiring": Hiring}
)
MILLIONTHS = "chances are whole millionths: 2 per cent is 20000"

Written = tuple[Alteration, Place]
"""A change, and where it stands in its file."""


def read_scenario(content: bytes, *, file: str, baseline: Enterprise | None = None) -> Scenario:
    """Read a scenario from the bytes of a TOML file, and lay it over a baseline where one is given.

    Raises:
        BadInput: with every finding, each with its line: what cannot be, what contradicts another
            change, and with a baseline also what is not there and what would not hang together.
    """
    decoded = decode(content, file=file)
    document = read_toml(decoded.text or "", file=file)
    findings = [*decoded.findings, *document.findings]
    tables = dict(document.tables or {})
    findings += _unknown(tables, document)
    changes = tuple(_changes(tables.get("change", []), document, findings))
    frames = tuple(_frames(tables.get("frame", []), document, findings))
    flows = _flows(tables.get("flows"), document, findings)
    refused = [each for each in findings if each.severity.value == "refuse"]
    if not refused:
        written = tuple(change for change, _ in changes)
        name = _name(tables.get("name"), file)
        try:
            scenario = Scenario(name=name, changes=written, flows=flows, frames=frames)
        except KompetanseError as error:
            refused = [find(error, _against(changes) or _last(frames, document))]
        else:
            if baseline is not None:
                refused += _not_fitting(scenario, changes, baseline, document)
            if not refused:
                return scenario
    raise BadInput(tuple(refused))


def _against(changes: Sequence[Written]) -> Place | None:
    """Say where the first change stands that contradicts one before it."""
    for number, (_, place) in enumerate(changes, start=1):
        try:
            Scenario(name="so far", changes=tuple(change for change, _ in changes[:number]))
        except KompetanseError:
            return place
    return None


def _not_fitting(
    scenario: Scenario, changes: Sequence[Written], baseline: Enterprise, document: Document
) -> Iterator[Finding]:
    """Lay each change over what those before it made, and tell those that cannot be."""
    places, after = {id(change): place for change, place in changes}, baseline
    come: dict[object, Place] = {}
    lost = False
    for change in scenario.changes:
        try:
            before, after = after, change.applied_to(after)
        except KompetanseError as error:
            lost = True
            yield find(error, places[id(change)])
        else:
            rows = (row for each in differences(before, after) for row in each.come)
            come |= dict.fromkeys(rows, places[id(change)])
    if not lost:
        yield from assemble(after, places=come).refused
        yield from _chances_of_nobody(scenario.flows or Flows(), after, document)


def _chances_of_nobody(flows: Flows, after: Enterprise, document: Document) -> Iterator[Finding]:
    for name in ROWS:
        for number, row in enumerate(getattr(flows, name)):
            alone: dict[str, Any] = {name: (row,)}
            try:
                Flows(**alone).fit(after)
            except KompetanseError as error:
                yield find(error, document.place(f"flows.{name}", number))


def write_scenario(scenario: Scenario) -> str:
    """Write a scenario as TOML; read back it is the same.

    Raises:
        Misuse: E904, if a change is of no kind that a file can hold.
    """
    lines = [f"name = {_toml(scenario.name)}"]
    for change in scenario.changes:
        lines += ["", "[[change]]"]
        lines += [f"{key} = {_toml(value)}" for key, value in plain_alteration(change).items()]
    for frame in scenario.frames:
        lines += ["", "[[frame]]", *_said(plain(frame))]
    if scenario.flows is not None:
        lines += _written_flows(plain(scenario.flows))
    return "\n".join(lines) + "\n"


def _name(given: object, file: str) -> str:
    return given if isinstance(given, str) else file.rsplit("/", 1)[-1].removesuffix(".toml")


def _unknown(tables: Mapping[str, object], document: Document) -> Iterator[Finding]:
    for key in sorted(set(tables) - KEYS):
        yield refusal(
            "E404",
            "a key that is not known here",
            document.place("", key=key),
            "name, change, frame, flows",
        )


def _changes(given: object, document: Document, findings: list[Finding]) -> Iterator[Written]:
    """Yield each change, and tell those that cannot be, each with its line."""
    for number, table in enumerate(given if isinstance(given, list) else [given]):
        place = document.place("change", number)
        if not isinstance(table, Mapping):
            findings.append(refusal("E904", "a change is a table [[change]]", place))
            continue
        try:
            yield alteration_from_plain(_iso(table)), place
        except KompetanseError as error:
            findings.append(find(error, place))


def _frames(given: object, document: Document, findings: list[Finding]) -> Iterator[Frame]:
    """Yield each frame, and tell those that cannot be, each with its line."""
    for number, table in enumerate(given if isinstance(given, list) else [given]):
        try:
            yield from_plain(Frame, _iso(table))
        except KompetanseError as error:
            findings.append(find(error, document.place("frame", number)))


def _last(frames: Sequence[Frame], document: Document) -> Place:
    """Say where the last frame stands, or the name where there is none."""
    if not frames:
        return document.place("", key="name")
    return document.place("frame", len(frames) - 1)


def _flows(given: object, document: Document, findings: list[Finding]) -> Flows | None:
    """Make flows of their rows, each told with its line, and of what holds for all."""
    if given is None:
        return None
    if not isinstance(given, Mapping):
        findings.append(
            refusal("E904", "flows are a table [flows]", document.place("", key="flows"))
        )
        return None
    rest, before = dict(given), len(findings)
    rows = {name: _rows(name, rest.pop(name, []), document, findings) for name in ROWS}
    heads = ("flows", *(f"flows.{name}" for name in ROWS))
    first = min((each for each in map(document.place, heads) if each.row), key=_row, default=None)
    try:
        return from_plain(Flows, {**rest, **(rows if len(findings) == before else {})})
    except KompetanseError as error:
        findings.append(_chance(error, first or document.place("", key="flows")))
        return None


def _rows(
    name: str, given: object, document: Document, findings: list[Finding]
) -> list[Mapping[str, object]]:
    """Give the rows of one kind of flow, and tell those that cannot be."""
    rows = []
    for number, row in enumerate(given if isinstance(given, list) else [given]):
        plain_row = _iso(row)
        try:
            from_plain(ROWS[name], plain_row)
        except KompetanseError as error:
            findings.append(_chance(error, document.place(f"flows.{name}", number)))
        rows.append(plain_row)
    return rows


def _chance(error: KompetanseError, place: Place) -> Finding:
    hint = MILLIONTHS if error.code in ("E571", "E904") else error.hint
    return refusal(error.code, error.text, place, hint)


def _row(place: Place) -> int:
    return place.row or 0


def _iso(value: object) -> Any:  # noqa: ANN401 - TOML holds anything
    """Give days as ISO text, as plain values have them."""
    if isinstance(value, Mapping):
        return {key: _iso(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_iso(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _written_flows(flows: object) -> Iterable[str]:
    assert isinstance(flows, Mapping)
    yield from ("", "[flows]", *(f"{key} = {flows[key]}" for key in ("success", "passing")))
    for name, rows in flows.items():
        for row in rows if isinstance(rows, list) else ():
            yield from ("", f"[[flows.{name}]]", *_said(row))


def _said(row: object) -> Iterator[str]:
    """Yield what a row says, a line each."""
    assert isinstance(row, Mapping)
    yield from (f"{key} = {_toml(value)}" for key, value in row.items() if value is not None)


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {_toml(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007F")
