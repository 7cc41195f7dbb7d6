"""What stands in this TOML file? Document: its tables, and in which line each of them begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tomli
from attrs import field, frozen

from kompetanse_adapters.reading.place import refusal
from kompetanse_core import Finding, Place

DEEPEST = 32
LONGEST = 10_000_000

_HEAD = re.compile(r"\s*\[\[?\s*([\w.]+)\s*\]\]?\s*(?:#.*)?$")
_SECRET_KEY = re.compile(
    r"(?i)(^|_)(password|passord|passwd|pwd|secret|token|api_?key|private_?key|hemmelighet)($|_)"
)
_SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]+:[^/\s@]+@"
    r"|\b(?:ghp|gho|github_pat|glpat|xox[bp])[_-]\w{10,}|\bAKIA[0-9A-Z]{16}\b"
)


@frozen(kw_only=True)
class Document:
    """Hold the tables of one TOML file, and its text to tell where they stand."""

    file: str
    tables: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)
    heads: Mapping[str, tuple[int, ...]] = field(factory=dict, repr=False)
    """The lines, from 0, in which the tables of each name begin."""

    def place(self, path: str, number: int = 0, key: str = "") -> Place:
        """Say where the n-th table `[[path]]` begins, or a key of it, as far as the text shows.

        The empty path is what stands above all tables.
        """
        heads = self.heads.get(path, ()) if path else (-1,)
        if number >= len(heads):
            return Place(file=self.file, column=key)
        row = _key_row(self.lines, heads[number], key) if key else heads[number]
        return Place(file=self.file, row=row + 1 if row >= 0 else None, column=key)


def read_toml(text: str, *, file: str) -> Document:
    """Parse a TOML text.

    Findings: E107, E402, E403, E405, E407, E109. A file with a secret is not read any further.
    """
    if len(text) > LONGEST:
        return _refused(file, "E109", "the file is too long", None)
    try:
        tables = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        return _undecoded(error, file)
    except (RecursionError, ValueError):
        return _refused(file, "E403", "nested too deeply, or a number too long", None)
    if any(depth > DEEPEST for depth, *_ in _values(tables)):
        return _refused(file, "E403", f"nested more than {DEEPEST} deep", None)
    lines = tuple(text.splitlines())
    document = Document(file=file, tables=tables, lines=lines, heads=_heads(lines))
    secrets = tuple(
        refusal("E405", "a secret stands in the file", document.place("", key=key), _KEYRING)
        for _, key, value in _values(tables)
        if _SECRET_KEY.search(key) or (isinstance(value, str) and _SECRET_VALUE.search(value))
    )
    return Document(file=file, findings=secrets) if secrets else document


_KEYRING = "take it out, change it, and keep it in the keyring of the system"


def _undecoded(error: tomli.TOMLDecodeError, file: str) -> Document:
    codes = {"Cannot": "E402", "Duplicate": "E402", "scalar value": "E107"}
    code = next((code for words, code in codes.items() if words in error.msg), "E407")
    told = {
        "E402": "a key or table stands twice",
        "E107": "an escaped character is no character",
        "E407": "the file is not valid TOML",
    }[code]
    return _refused(file, code, f"{told}, in column {error.colno} of the line", error.lineno)


def _values(value: object, key: str = "", depth: int = 0) -> Iterator[tuple[int, str, object]]:
    """Yield every value with its depth and key, without recursion, so that depth is no danger."""
    waiting = [(depth, key, value)]
    while waiting:
        depth, key, value = waiting.pop()
        yield depth, key, value
        if isinstance(value, Mapping):
            waiting.extend((depth + 1, inner, part) for inner, part in value.items())
        elif isinstance(value, list):
            waiting.extend((depth + 1, key, part) for part in value)


def _heads(lines: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    heads: dict[str, tuple[int, ...]] = {}
    for row, line in enumerate(lines):
        if found := _HEAD.match(line):
            heads[found[1]] = (*heads.get(found[1], ()), row)
    return heads


def _key_row(lines: Sequence[str], head: int, key: str) -> int:
    """Find the line of a key between a table's head and the next one; else the head itself."""
    for row in range(head + 1, len(lines)):
        if re.match(rf'\s*"?{re.escape(key)}"?\s*[=.]', lines[row]):
            return row
        if lines[row].lstrip().startswith("["):
            break
    return head


def _refused(file: str, code: str, text: str, row: int | None) -> Document:
    return Document(file=file, findings=(refusal(code, text, Place(file=file, row=row)),))
