"""What do the two TOML files say? Their sections become Nouns; `[csv]` becomes a Dialect each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from kompetanse_adapters.folder.entries import entries, read_entry, read_text, unknown
from kompetanse_adapters.folder.forms import FORMS, SECTIONS
from kompetanse_adapters.folder.nouns import Nouns
from kompetanse_adapters.folder.shape import NounClass
from kompetanse_adapters.reading import Dialect, Document, find
from kompetanse_core import NO_TEXT, Finding, Measure, Misuse, Place, Text

SCHEMA = 1
"""The newest edition of the format that this code reads."""

TEXTS = ("name", "business_idea", "strategy")
DIALECT_KEYS = ("delimiter", "decimal", "yes", "no", "skip_rows")


@frozen(kw_only=True)
class Preface:
    """Hold what stands above the sections of enterprise.toml."""

    texts: Mapping[str, Text]
    dialects: Mapping[str, Dialect]
    """How each table is written, by its part."""
    findings: tuple[Finding, ...] = ()

    def dialect(self, part: str) -> Dialect:
        """Give how the table of a part is written."""
        return self.dialects[part]


def read_preface(document: Document) -> Preface:
    """Read schema, texts and `[csv]`; a newer schema is refused with the one that is read here.

    Findings: E404, E213, E214, E501.
    """
    tables = document.tables or {}
    findings = list(_strange(document, ("schema", "csv", *TEXTS, *SECTIONS)))
    if (error := _schema(tables)) is not None:
        findings.append(find(error, document.place("", key="schema")))
    texts = {name: _preface_text(document, name, tables.get(name), findings) for name in TEXTS}
    dialects = _dialects(document, tables.get("csv", {}), findings)
    return Preface(texts=texts, dialects=dialects, findings=tuple(findings))


def read_sections(document: Document) -> Mapping[str, Nouns]:
    """Read every section of enterprise.toml, by the part of the enterprise it makes."""
    return {part: _section(document, key, noun) for key, (part, noun) in SECTIONS.items()}


def read_measures(document: Document) -> Nouns:
    """Read measures.toml; a number that no measure can have is E508."""
    read = _section(document, "measure", Measure)
    strange = _strange(document, ("schema", "measure"))
    return evolve(read, findings=(*strange, *map(_impossible, read.findings)))


def _strange(document: Document, known: Sequence[str]) -> Iterator[Finding]:
    """Tell the keys at the top of a file that mean nothing."""
    for key in document.tables or {}:
        if key not in known:
            yield find(unknown(key, known), document.place("", key=key))


def _impossible(found: Finding) -> Finding:
    return evolve(found, code="E508") if found.code in ("E401", "E506") else found


def _schema(tables: Mapping[str, object]) -> Misuse | None:
    schema = tables.get("schema")
    if schema is None:
        return Misuse("E214", "the schema is missing", hint=f"write schema = {SCHEMA} at the top")
    if type(schema) is not int or schema < 1:
        return Misuse("E501", "the schema is a whole number from 1", hint=f"write {SCHEMA}")
    if schema > SCHEMA:
        hint = f"this kompetanse reads up to schema {SCHEMA}; a newer one reads schema {schema}"
        return Misuse("E404", "the schema is newer than this reader", hint=hint)
    return None


def _preface_text(document: Document, name: str, value: object, findings: list[Finding]) -> Text:
    try:
        return NO_TEXT if value is None else read_text(value)
    except Misuse as error:
        findings.append(find(error, document.place("", key=name)))
        return NO_TEXT


def _section(document: Document, key: str, noun: NounClass) -> Nouns:
    nouns: list[Any] = []
    findings: list[Finding] = []
    places: dict[Any, Place] = {}
    for number, entry in enumerate(entries((document.tables or {}).get(key, []))):
        made, flaws = read_entry(entry, noun)
        if flaws:
            findings += [find(error, _place(document, key, number, at)) for at, error in flaws]
        else:
            nouns.append(made)
            places[made] = document.place(key, number)
    return Nouns(nouns=tuple(nouns), places=places, findings=tuple(findings))


def _place(document: Document, key: str, number: int, at: str) -> Place:
    """Say where a key stands; one of a noun within a noun is shown at the outer noun."""
    outer, dot, _ = at.partition(".")
    place = document.place(key, number, "" if dot else outer)
    return evolve(place, column=at)


def _dialects(document: Document, table: object, findings: list[Finding]) -> Mapping[str, Dialect]:
    parts = {form.part: form for form in FORMS}
    own = table if isinstance(table, Mapping) else {}
    tables = {key: value for key, value in own.items() if key in parts}
    plain = {key: value for key, value in own.items() if key not in parts}
    shared = _dialect(document, "csv", plain if own else table, Dialect(), findings)
    return {
        part: _dialect(document, f"csv.{part}", tables.get(part, {}), shared, findings)
        for part in parts
    }


def _dialect(
    document: Document, path: str, table: object, start: Dialect, findings: list[Finding]
) -> Dialect:
    if not isinstance(table, Mapping):
        findings.append(find(Misuse("E407", f"[{path}] must be a table"), document.place(path)))
        return start
    dialect = start
    for key, value in table.items():
        try:
            dialect = evolve(dialect, **_setting(key, value))
        except Misuse as error:
            findings.append(find(error, document.place(path, key=key)))
    return dialect


def _setting(key: str, value: object) -> dict[str, Any]:
    """Check one key of `[csv]`, and give it as it is kept.

    Raises:
        Misuse: E404 (unknown key) or E213 (another value than may stand there).
    """
    if key not in DIALECT_KEYS:
        raise unknown(key, DIALECT_KEYS)
    good: Mapping[str, Callable[[Any], bool]] = {
        "delimiter": lambda mark: isinstance(mark, str) and len(mark) == 1 and mark not in '"\r\n',
        "decimal": lambda mark: mark in (",", "."),
        "skip_rows": lambda rows: type(rows) is int and rows >= 0,
        "yes": _are_words,
        "no": _are_words,
    }
    if not good[key](value):
        raise Misuse("E213", f"{key} cannot be this", hint="see docs/reference/folder.md")
    return {key: frozenset(map(str.casefold, value)) if isinstance(value, list) else value}


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
