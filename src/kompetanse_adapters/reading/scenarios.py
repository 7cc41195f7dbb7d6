"""What would be otherwise, as this file says? A Scenario in TOML, read and written.

A name, a table `[[change]]` for each change with its `kind`, and the flows under `[flows]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from kompetanse_adapters.reading.encoding import decode
from kompetanse_adapters.reading.place import find, refusal
from kompetanse_adapters.reading.toml import Document, read_toml
from kompetanse_core import (
    Alteration,
    BadInput,
    Finding,
    Flows,
    KompetanseError,
    Scenario,
    alteration_from_plain,
    plain_alteration,
)
from kompetanse_core.hooks import from_plain, plain

KEYS = frozenset({"name", "change", "flows"})


def read_scenario(content: bytes, *, file: str) -> Scenario:
    """Read a scenario from the bytes of a TOML file.

    Raises:
        BadInput: with every finding, each with its line.
    """
    decoded = decode(content, file=file)
    document = read_toml(decoded.text or "", file=file)
    findings = [*decoded.findings, *document.findings]
    tables = dict(document.tables or {})
    findings += _unknown(tables, document)
    changes = tuple(_changes(tables.get("change", []), document, findings))
    flows = _flows(tables.get("flows"), document, findings)
    refused = [each for each in findings if each.severity.value == "refuse"]
    if not refused:
        try:
            return Scenario(name=_name(tables.get("name"), file), changes=changes, flows=flows)
        except KompetanseError as error:
            refused = [find(error, document.place("", key="name"))]
    raise BadInput(tuple(refused))


def write_scenario(scenario: Scenario) -> str:
    """Write a scenario as TOML; read back it is the same.

    Raises:
        Misuse: E904, if a change is of no kind that a file can hold.
    """
    lines = [f"name = {_toml(scenario.name)}"]
    for change in scenario.changes:
        lines += ["", "[[change]]"]
        lines += [f"{key} = {_toml(value)}" for key, value in plain_alteration(change).items()]
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
            "name, change, flows",
        )


def _changes(given: object, document: Document, findings: list[Finding]) -> Iterator[Alteration]:
    """Yield each change, and tell those that cannot be, each with its line."""
    for number, table in enumerate(given if isinstance(given, list) else [given]):
        place = document.place("change", number)
        if not isinstance(table, Mapping):
            findings.append(refusal("E904", "a change is a table [[change]]", place))
            continue
        try:
            yield alteration_from_plain(_iso(table))
        except KompetanseError as error:
            findings.append(find(error, place))


def _flows(given: object, document: Document, findings: list[Finding]) -> Flows | None:
    if given is None:
        return None
    try:
        return from_plain(Flows, _iso(given))
    except KompetanseError as error:
        findings.append(find(error, document.place("flows")))
        return None


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
            yield from ("", f"[[flows.{name}]]")
            yield from (
                f"{key} = {_toml(value)}" for key, value in row.items() if value is not None
            )


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {_toml(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007F")
