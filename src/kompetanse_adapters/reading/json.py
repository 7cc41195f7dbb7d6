"""What stands in this JSON file? Node: one object of it, its members by type, and where it stands.

Stricter than Python's own reader, which takes NaN, keeps the last of two equal keys, and gives up
with a RecursionError. No message quotes a value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from kompetanse_adapters.reading.encoding import decode
from kompetanse_adapters.reading.place import refusal
from kompetanse_adapters.reading.values import read_day, read_instant
from kompetanse_core import Finding, Misuse, Place

Value = TypeVar("Value")

DEEPEST = 64
LONGEST = 100_000_000
MOST_DIGITS = 30

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_NOTHING: Mapping[str, Any] = MappingProxyType({})
"""An object without members, which nothing can change."""


@frozen(kw_only=True)
class Node:
    """Hold one JSON object; `place.column` is the way to it, as `CFItems/3`."""

    value: Mapping[str, Any] = field(repr=False)
    place: Place

    def at(self, key: str) -> Place:
        """Give the place of a member."""
        way = self.place.column
        return evolve(self.place, column=f"{way}/{key}" if way else key)

    def text(self, key: str) -> str:
        """Give a text; empty where there is none.

        Raises:
            Misuse: E702, if something else stands there.
        """
        found = self.value.get(key)
        if found is not None and not isinstance(found, str):
            raise self._shape(key, "text")
        return found or ""

    def needed(self, key: str) -> str:
        """Give a text that must be there.

        Raises:
            Misuse: E214, if it is not; E702, if something else stands there.
        """
        found = self.text(key)
        if not found:
            raise Misuse("E214", "a value that must be there is missing", place=self.at(key))
        return found

    def whole(self, key: str) -> int | None:
        """Give a whole number: an integer, and no other way to write one.

        Raises:
            Misuse: E501, if something else stands there.
        """
        found = self.value.get(key)
        if found is not None and type(found) is not int:
            raise Misuse("E501", "must be a whole number", place=self.at(key))
        return found

    def flag(self, key: str) -> bool:
        """Give a yes or no; no where nothing is said.

        Raises:
            Misuse: E212, if something else stands there.
        """
        found = self.value.get(key)
        if found is not None and not isinstance(found, bool):
            raise Misuse("E212", "must be true or false", place=self.at(key))
        return found is True

    def day(self, key: str) -> date | None:
        """Give the day of a date, or of an instant in UTC.

        Raises:
            Misuse: E211, if it cannot be read; E702, if no text stands there.
        """
        found = self.text(key)
        if len(found) <= 10:
            return self._read(key, read_day) if found else None
        return self._read(key, read_instant).date()

    def instant(self, key: str) -> datetime | None:
        """Give an instant in UTC; a day is its midnight.

        Raises:
            Misuse: E211, if it cannot be read; E702, if no text stands there.
        """
        return self._read(key, read_instant) if self.text(key) else None

    def node(self, key: str) -> Node:
        """Give an object; one without members where there is none.

        Raises:
            Misuse: E702, if something else stands there.
        """
        found = self.value.get(key)
        if found is None:
            return Node(value=_NOTHING, place=self.at(key))
        if not isinstance(found, Mapping):
            raise self._shape(key, "an object")
        return Node(value=found, place=self.at(key))

    def nodes(self, key: str) -> tuple[Node, ...]:
        """Give the objects of a list; one object alone is a list of one, as JSON-LD has it.

        Raises:
            Misuse: E702, if something else stands there.
        """
        found = self.value.get(key)
        listed = found if isinstance(found, list) else [] if found is None else [found]
        if not all(isinstance(each, Mapping) for each in listed):
            raise self._shape(key, "a list of objects")
        return tuple(
            Node(value=each, place=self.at(f"{key}/{number}" if listed is found else key))
            for number, each in enumerate(listed)
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """Give the texts of a list; one text alone is a list of one.

        Raises:
            Misuse: E702, if something else stands there.
        """
        found = self.value.get(key)
        listed = found if isinstance(found, list) else [] if found is None else [found]
        if not all(isinstance(each, str) for each in listed):
            raise self._shape(key, "a list of texts")
        return tuple(listed)

    def _read(self, key: str, read: Callable[[str], Value]) -> Value:
        try:
            return read(self.text(key))
        except Misuse as error:
            raise Misuse(error.code, error.text, place=self.at(key), hint=error.hint) from None

    def _shape(self, key: str, wanted: str) -> Misuse:
        return Misuse("E702", f"{wanted} should stand here", place=self.at(key))


@frozen(kw_only=True)
class JsonFile:
    """Hold the root of a JSON file, None where it cannot be had, and what was found on the way."""

    root: Node | None
    findings: tuple[Finding, ...] = ()


def read_json(content: bytes, *, file: str) -> JsonFile:
    """Parse a JSON file whose root is an object, or a list, which stands as its member `""`.

    Findings: E101 to E109 as `decode`, E107, E401, E402, E403, E407.
    """
    decoded = decode(content, file)
    if decoded.text is None:
        return JsonFile(root=None, findings=decoded.findings)
    try:
        _refuse_depth(decoded.text)
        value = json.loads(
            decoded.text,
            object_pairs_hook=_object,
            parse_constant=_not_finite,
            parse_float=_finite,
            parse_int=_whole,
        )
        _refuse_surrogates(value, decoded.text)
    except json.JSONDecodeError as error:
        place = Place(file=file, row=error.lineno)
        flaw = refusal("E407", "the file is not valid JSON", place)
    except RecursionError:
        flaw = refusal("E403", "nested too deeply", Place(file=file))
    except Misuse as error:
        flaw = refusal(error.code, error.text, Place(file=file))
    else:
        root = value if isinstance(value, Mapping) else {"": value}
        node = Node(value=root, place=Place(file=file))
        return JsonFile(root=node, findings=decoded.findings)
    return JsonFile(root=None, findings=(*decoded.findings, flaw))


def _refuse_depth(text: str) -> None:
    if len(text) > LONGEST:
        raise Misuse("E109", "the file is too long")
    depth = 0
    for found in _BRACKETS.finditer(_STRING.sub("", text)):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            raise Misuse("E403", f"nested more than {DEEPEST} deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Misuse("E402", "a key stands twice in one object")
    return found


def _not_finite(word: str) -> float:
    raise Misuse("E401", "a number is not finite")


def _finite(digits: str) -> float:
    found = float(digits)
    if math.isinf(found):
        raise Misuse("E401", "a number is not finite")
    return found


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Misuse("E403", "a number is too long")
    return int(digits)


def _refuse_surrogates(value: object, text: str) -> None:
    if re.search(r"\\u[dD][89a-fA-F]", text) is None:
        return
    if any(re.search("[\ud800-\udfff]", each) for each in _texts(value)):
        raise Misuse("E107", "text holds a lone surrogate")


def _texts(value: object) -> Iterator[str]:
    """Yield every key and text, without recursion."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            yield from each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
