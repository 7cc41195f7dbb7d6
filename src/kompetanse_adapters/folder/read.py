"""What stands in this folder? A Reading: the enterprise, and every flaw of every file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from attrs import evolve

from kompetanse_adapters.folder.documents import read_measures, read_preface, read_sections
from kompetanse_adapters.folder.forms import ENTERPRISE, FORMS, MEASURES, SECTIONS
from kompetanse_adapters.folder.nouns import Nouns
from kompetanse_adapters.folder.rules import holds_rules, read_rules
from kompetanse_adapters.folder.tables import read_table
from kompetanse_adapters.reading import (
    Decoded,
    Document,
    content_of,
    decode,
    read_toml,
    refusal,
    warning,
)
from kompetanse_core import (
    Enterprise,
    Event,
    Finding,
    Place,
    Reading,
    Register,
    Severity,
    SourceUnavailable,
    assemble,
)


def read_folder(folder: Path) -> Reading:
    """Read an enterprise written by hand as TOML and CSV, as docs/reference/folder.md describes.

    Raises:
        SourceUnavailable: E706, if the folder or a file in it cannot be opened.
    """
    findings = list(_unread(folder))
    document = _document(folder, ENTERPRISE, findings)
    preface, parts = read_preface(document), dict(read_sections(document))
    if document.tables is not None:
        findings += preface.findings
    parts["measures"] = read_measures(_document(folder, MEASURES, findings))
    parts["rule_sets"] = _rules(folder, findings)
    scale = _only_scale(parts["scales"], document)
    for form in FORMS:
        text = _text(folder, form.file, findings)
        if text is not None:
            dialect = preface.dialect(form.part)
            defaults = scale if form.part == "competences" else {}
            parts[form.part] = read_table(text, form=form, dialect=dialect, defaults=defaults)
    holes = [] if document.tables is not None else [part for part, _ in SECTIONS.values()]
    holes += _holes(parts, findings)
    findings += chain.from_iterable(part.findings for part in parts.values())
    reading = _whole(preface.texts, parts, findings)
    return evolve(reading, findings=tuple(_told_once(reading.findings, holes)))


def _rules(folder: Path, findings: list[Finding]) -> Nouns:
    """Read every local rule set, in the order of the names of their files."""
    names = sorted(path.name for path in folder.iterdir() if holds_rules(path.name))
    told = ((name, _text(folder, name, findings)) for name in names)
    read = [read_rules(text, name) for name, text in told if text is not None]
    return Nouns(
        nouns=tuple(rules for each in read for rules in each.nouns),
        findings=tuple(found for each in read for found in each.findings),
    )


def _only_scale(scales: Nouns, document: Document) -> Mapping[str, str]:
    """Give the scale of a competence that names none: the only one there is, if it is the only one.

    Where scales were refused, any id does: what would follow from it is not told.
    """
    if scales.findings or document.tables is None:
        return {"scale": "refused"}
    return {"scale": scales.nouns[0].id} if len(scales.nouns) == 1 else {}


def _unread(folder: Path) -> Iterator[Finding]:
    """Warn of tables that are not read, for a misspelt name would be lost without a word."""
    known = {ENTERPRISE, MEASURES, *(form.file for form in FORMS)}
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise SourceUnavailable("E706", f"cannot open {folder}: {error.strerror}") from error
    for name in names:
        if name not in known and not holds_rules(name) and name.lower().endswith((".csv", ".toml")):
            hint = "the reference of the folder format lists the names that are read"
            yield warning("W208", "the file is not read", Place(file=name), hint)
    if ENTERPRISE not in names:
        yield refusal("E206", "the folder has no enterprise.toml", Place(file=ENTERPRISE))


def _document(folder: Path, name: str, findings: list[Finding]) -> Document:
    text = _text(folder, name, findings)
    document = Document(file=name) if text is None else read_toml(text, file=name)
    findings += document.findings
    return document


def _text(folder: Path, name: str, findings: list[Finding]) -> str | None:
    """Give the text of a file, None where there is no such file or it cannot be decoded."""
    path = folder / name
    if not path.is_file():
        return None
    if not path.resolve().is_relative_to(folder.resolve()):
        place = Place(file=name)
        findings.append(refusal("E406", "the file leads out of the folder", place, "copy it here"))
        return None
    decoded = _decoded(path)
    findings += decoded.findings
    return decoded.text


def _decoded(path: Path) -> Decoded:
    try:
        return decode(content_of(path), path.name)
    except OSError as error:
        text = f"cannot read {path.name}: {error.strerror}"
        raise SourceUnavailable("E706", text) from error


def _whole(texts: Mapping[str, Any], parts: dict[str, Nouns], findings: list[Finding]) -> Reading:
    """Put the parts together and let the core say whether they hang together."""
    events = parts.pop("events")
    register, twice = _register(events)
    nouns: dict[str, Any] = {part: read.nouns for part, read in parts.items()}
    parcel = Enterprise(**texts, **nouns, register=register)
    return assemble(
        parcel,
        places=dict(chain.from_iterable(p.places.items() for p in (*parts.values(), events))),
        findings=(*findings, *twice),
        losses=tuple(chain.from_iterable(part.losses for part in parts.values())),
    )


def _register(events: Nouns) -> tuple[Register, list[Finding]]:
    """Enter the events in their order, each id once."""
    register, twice, seen = Register(), [], set()
    kept: list[Event] = []
    for event in events.nouns:
        if event.id in seen:
            place = events.places[event]
            twice.append(refusal("E505", "an event has the id of an earlier one", place))
        else:
            kept.append(event)
        seen.add(event.id)
    return evolve(register, events=tuple(kept)), twice


def _holes(parts: Mapping[str, Nouns], findings: Sequence[Finding]) -> Iterator[str]:
    """Name the parts of which something was refused, or all."""
    unread = {found.place.file for found in findings if found.severity is Severity.REFUSE}
    for form in FORMS:
        if form.file in unread:
            yield form.part
    for part, read in parts.items():
        if any(found.severity is Severity.REFUSE for found in read.findings):
            yield part


def _told_once(findings: Sequence[Finding], holes: Sequence[str]) -> Iterator[Finding]:
    """Leave out references to what was refused: the flaw is told where it stands."""
    ends = tuple(f"none of {part}" for part in holes)
    for found in findings:
        if found.code != "E503" or not found.text.endswith(ends):
            yield found
