"""What does a TOML value say? The value of a field, by its shape, or every flaw with its key."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import attrs

from kompetanse_adapters.folder.nouns import Flaws, make
from kompetanse_adapters.folder.shape import NARROW, Id, NounClass, Plural, Shape, shapes_of
from kompetanse_adapters.folder.words import words_of
from kompetanse_adapters.reading import read_day, read_instant, read_word
from kompetanse_core import Level, Misuse, Text


def read_entry(entry: object, noun: NounClass) -> tuple[Any, Flaws]:
    """Read one TOML table as a noun; where it has flaws, give None and each with its key."""
    if not isinstance(entry, Mapping):
        return None, (("", Misuse("E407", "must be a table")),)
    keys = {key_of(shape): shape for shape in shapes_of(noun).values()}
    told = [(key, unknown(key, keys)) for key in entry if key not in keys]
    values: dict[str, Any] = {}
    for key, shape in keys.items():
        value, flaws = _field(entry, key, shape)
        told += flaws
        if key in entry and not flaws:
            values[shape.name] = value
    made, refused = make(noun, values, tuple(told))
    names = {shape.name: key for key, shape in keys.items()}
    return made, tuple((names.get(name, name), error) for name, error in refused)


def key_of(shape: Shape) -> str:
    """Give the key of a field: nouns within a noun are a `[[singular]]`, all else goes by name."""
    return (
        shape.name.removesuffix("s")
        if attrs.has(shape.leaf) and shape.leaf is not Text
        else (shape.name)
    )


def unknown(key: str, known: Iterable[str]) -> Misuse:
    """Tell a key that means nothing, with the one that is most like it."""
    near = difflib.get_close_matches(key, list(known), n=1)
    hint = f"did you mean {near[0]}?" if near else "take it out, or begin the line with #"
    return Misuse("E404", "a key is unknown", hint=hint)


def read_text(value: object) -> Text:
    """Read a text: a string in bokmål, or a table of `nb`, `nn` and `en`.

    Raises:
        Misuse: E213 or E404.
    """
    if isinstance(value, str):
        return Text(nb=_composed(value))
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        raise Misuse("E213", "must be a text, or a table of nb, nn and en")
    if strange := sorted(value.keys() - {"nb", "nn", "en"}):
        raise unknown(strange[0], ("nb", "nn", "en"))
    return Text(**{language: _composed(words) for language, words in value.items()})


def _field(entry: Mapping[str, Any], key: str, shape: Shape) -> tuple[object, Flaws]:
    """Read the value of one field; one that is left out has a flaw only if it must be there."""
    if key not in entry:
        code = "E501" if shape.leaf is Level else "E214"
        missing = Misuse(code, "a value that must be there is missing")
        return None, (((key, missing),) if shape.required else ())
    if shape.plural is Plural.ONE:
        return _one(entry[key], key, shape)
    if not isinstance(entry[key], list):
        return None, ((key, Misuse("E213", "must be an array", hint=f"write {key} = [...]")),)
    read = [_one(each, key, shape) for each in entry[key]]
    gather = tuple if shape.plural is Plural.TUPLE else frozenset
    return gather(value for value, _ in read), tuple(flaw for _, flaws in read for flaw in flaws)


def _one(value: object, key: str, shape: Shape) -> tuple[object, Flaws]:
    if attrs.has(shape.leaf) and shape.leaf is not Text:
        made, inner = read_entry(value, shape.leaf)
        return made, tuple((f"{key}.{name}".rstrip("."), error) for name, error in inner)
    try:
        return _leaf(value, shape), ()
    except Misuse as error:
        return None, ((key, error),)


def _leaf(value: object, shape: Shape) -> object:
    leaf = shape.leaf
    if leaf is Text:
        text = read_text(value)
        if shape.required and not text:
            raise Misuse("E214", "a value that must be there is missing")
        return text
    if leaf in (int, Level):
        return _whole(value, most=NARROW if leaf is Level else None)
    if leaf is bool:
        if not isinstance(value, bool):
            raise Misuse("E212", "must be true or false, without quotation marks")
        return value
    if leaf in (date, datetime):
        return _day(value) if leaf is date else _instant(value)
    words = _string(value)
    if leaf is not Id and isinstance(leaf, type) and issubclass(leaf, Enum):
        return read_word(words, words_of(leaf))
    return words.strip() if leaf is Id else words


def _whole(value: object, most: int | None) -> int:
    """Take a whole number as it stands; 3.0, "3" and true are none (FAULTS 58)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise Misuse("E401", "a number is not finite")
    if type(value) is not int:
        raise Misuse("E501", "must be a whole number, without decimals or quotation marks")
    if most is not None and value > most:
        raise Misuse("E509", f"a level is at most {most}")
    return value


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise Misuse("E211", "must be a date", hint="write 2027-01-31")
    return read_day(value) if isinstance(value, str) else value


def _instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise Misuse("E211", "there is no such instant") from None
    if isinstance(value, str):
        return read_instant(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise Misuse("E211", "must be an instant", hint="write 2027-01-31T12:00:00Z")


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise Misuse("E213", "must be a text in quotation marks")
    return _composed(value)


def _composed(words: str) -> str:
    return unicodedata.normalize("NFC", words)


def entries(value: object) -> Iterator[object]:
    """Yield the tables of a section, which is an array of tables or one table alone."""
    yield from value if isinstance(value, list) else [value]
