"""How is an enterprise written as a folder? `write_folder`, which reads back what it wrote.

What cannot be carried (an id such as `ukjent`, which stands for nothing known) is refused before
anything is in its place; nothing is written by half.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from kompetanse_adapters.folder.cells import BETWEEN
from kompetanse_adapters.folder.documents import SCHEMA, TEXTS
from kompetanse_adapters.folder.entries import key_of
from kompetanse_adapters.folder.forms import (
    ENTERPRISE,
    FORMS,
    LANGUAGES,
    MEASURES,
    SECTIONS,
    Form,
    columns_of,
)
from kompetanse_adapters.folder.read import read_folder
from kompetanse_adapters.folder.rules import SCHEMA as RULES_SCHEMA
from kompetanse_adapters.folder.rules import files_of, rule_keys, set_keys
from kompetanse_adapters.folder.shape import NounClass, Shape, Share, shapes_of
from kompetanse_adapters.folder.words import AREA
from kompetanse_core import (
    Enterprise,
    Facet,
    Loss,
    Misuse,
    RuleSet,
    StoreUnavailable,
    Text,
    refuse_narrowed,
)

AMONG_FIELDS = ("nb", "nn", "en")


def write_folder(enterprise: Enterprise, folder: Path) -> tuple[Loss, ...]:
    """Write an enterprise as a folder that is not there yet, or empty.

    Reading the folder gives the same enterprise; nothing is lost, so the losses are none.

    Raises:
        Misuse: E802, if something stands there already; E213, if the format cannot carry a value.
        PrivacyRefused: E556, if it was read for a purpose that left something out.
        StoreUnavailable: E802, if the folder cannot be written.
    """
    refuse_narrowed(enterprise)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Misuse("E802", "the folder is not empty", hint="name one that is not there")
    try:
        with TemporaryDirectory() as shelf:
            for name, text in _files(enterprise).items():
                Path(shelf, name).write_text(text, "utf-8", newline="")
            _compare(enterprise, Path(shelf))
            shutil.copytree(shelf, folder, dirs_exist_ok=True)
    except OSError as error:
        raise StoreUnavailable("E802", f"cannot write the folder: {error.strerror}") from error
    return ()


def _files(enterprise: Enterprise) -> dict[str, str]:
    """Give the text of each file that has something to say."""
    sections = {
        key: enterprise.register.events if part == "events" else getattr(enterprise, part)
        for key, (part, _) in SECTIONS.items()
    }
    files = {ENTERPRISE: "\n".join(_preface(enterprise)) + _document(sections)}
    if enterprise.measures:
        files[MEASURES] = _document({"measure": enterprise.measures})
    for form in FORMS:
        rows = tuple(getattr(enterprise, form.part))
        if rows:
            files[form.file] = _table(form, rows)
    files.update((name, _rules(rules)) for name, rules in files_of(enterprise.rule_sets))
    return files


def _compare(enterprise: Enterprise, folder: Path) -> None:
    """Read back what was written; refuse what did not survive."""
    back = read_folder(folder).parcel
    for field in attrs.fields(Enterprise):
        if getattr(back, field.name) != getattr(enterprise, field.name):
            hint = "ids such as - and ukjent stand for what is not known; | stands between ids"
            raise Misuse("E213", f"a folder cannot carry all {field.name} as they are", hint=hint)


# --- TOML ---------------------------------------------------------------------------------------


def _preface(enterprise: Enterprise) -> Iterator[str]:
    yield f"schema = {SCHEMA}"
    for name in TEXTS:
        if text := getattr(enterprise, name):
            yield f"{name} = {_toml(text)}"
    yield ""


def _document(sections: Mapping[str, Iterable[object]]) -> str:
    lines = (
        line for key, nouns in sections.items() for noun in nouns for line in _entry(key, noun)
    )
    return "\n".join(lines)


def _entry(path: str, noun: object) -> Iterator[str]:
    """Yield a noun as a table: its own keys first, then the nouns within it."""
    yield f"[[{path}]]"
    kind: NounClass = type(noun)
    within = []
    for shape in shapes_of(kind).values():
        value = getattr(noun, shape.name)
        if not shape.required and value == shape.default:
            continue
        if attrs.has(shape.leaf) and shape.leaf is not Text:
            within += [(f"{path}.{key_of(shape)}", inner) for inner in value]
        else:
            yield f"{shape.name} = {_toml(value)}"
    for inner_path, inner in within:
        yield from _entry(inner_path, inner)
    yield ""


def _rules(rules: RuleSet) -> str:
    """Write a rule set as the format of rules has it."""
    blocks = [("", set_keys(rules)), *(("[[rule]]\n", rule_keys(rule)) for rule in rules.rules)]
    told = (head + "".join(f"{k} = {_toml(v)}\n" for k, v in keys.items()) for head, keys in blocks)
    return f"schema = {RULES_SCHEMA}\n" + "\n".join(told)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_quoted(k)} = {_toml(v)}' for k, v in value.items())} }}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Text):
        spoken = {name: getattr(value, name) for name in AMONG_FIELDS if getattr(value, name)}
        if set(spoken) <= {"nb"}:
            return _quoted(value.nb)
        return f"{{ {', '.join(f'{name} = {_quoted(words)}' for name, words in spoken.items())} }}"
    if isinstance(value, tuple | frozenset):
        return f"[{', '.join(map(_toml, _ordered(value)))}]"
    if isinstance(value, Enum | str):
        return _quoted(str(value.value) if isinstance(value, Enum) else value)
    return _instant(value) if isinstance(value, datetime) else str(value)


def _quoted(words: str) -> str:
    """Quote a string as TOML does; JSON differs only in one control character."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _instant(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _ordered(values: tuple[object, ...] | frozenset[Any]) -> Sequence[object]:
    """Put a set in the order of its enum, so that the same enterprise gives the same bytes."""
    if isinstance(values, tuple):
        return values
    return [choice for choice in (type(next(iter(values))) if values else ()) if choice in values]


# --- CSV ----------------------------------------------------------------------------------------


def _table(form: Form, rows: Sequence[Any]) -> str:
    """Write a table with the columns that must be there and those that say more than a default."""
    columns = {
        column: [_cell(column, shape, row) for row in rows]
        for column, shape in columns_of(form).items()
        if _needed(form, column, shape, rows)
    }
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def _needed(form: Form, column: str, shape: Shape, rows: Sequence[Any]) -> bool:
    if shape.name == "recorded" and form.day:
        return any(row.recorded != _midnight(getattr(row, form.day)) for row in rows)
    if shape.leaf is Text:
        return any(_cell(column, shape, row) for row in rows) or column == "label"
    return shape.required or any(getattr(row, shape.name) != shape.default for row in rows)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _cell(column: str, shape: Shape, row: object) -> str:
    value = getattr(row, shape.name)
    if shape.leaf is Text:
        return str(getattr(value, AMONG_FIELDS[LANGUAGES.index(column.removeprefix(shape.name))]))
    if shape.leaf is Facet and value is None:
        return AREA[0]
    if isinstance(value, tuple | frozenset):
        return BETWEEN.join(map(_plain, _ordered(value)))
    return _per_cent(value) if shape.leaf is Share else _plain(value)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, Enum):
        return str(value.value)
    return _instant(value) if isinstance(value, datetime) else str(value)


def _per_cent(points: int) -> str:
    whole, rest = divmod(points, 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",") if rest else str(whole)
