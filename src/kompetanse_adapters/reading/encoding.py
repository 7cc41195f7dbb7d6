"""Which characters do these bytes stand for? Decoded: the text, or why there is none.

By rule, never by statistics, which misreads Norwegian: a byte order mark decides; else UTF-8 if
every byte fits; else Windows-1252, and a note says so.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from attrs import frozen

from kompetanse_adapters.reading.place import refusal, warning
from kompetanse_core import Finding, Place, Severity

MOST_BYTES = 512 * 1024 * 1024

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"))
_SAVE = "save the file as UTF-8"
_MAC = re.compile(r"[¿¾Œ®¯](?=[a-zæøå])|(?<=[a-zæøå])[¿¾Œ¯]")
_TWICE = re.compile("Ã[\u0085\u0086\u0098\u00a4-\u00b8\u02dc\u2020\u2026]|Â[\u00a0\u00ab\u00bb]")


@frozen(kw_only=True)
class Decoded:
    """Give the text of a file, None where it cannot be had, and what was found on the way."""

    text: str | None
    findings: tuple[Finding, ...] = ()


def decode(content: bytes, file: str) -> Decoded:
    """Turn the bytes of a file into text.

    Findings: E101 (no readable encoding), E106 (a NUL), E109 (too large), N101 (read as
    Windows-1252), W102 (unlikely characters), W103 (encoded twice). Rows are lines here.
    """
    if len(content) > MOST_BYTES:
        text = f"the file is larger than {MOST_BYTES // 2**20} MiB"
        return _refused("E109", text, Place(file=file))
    decoded = _by_rule(content, file)
    if decoded.text is None:
        return decoded
    if "\0" in decoded.text:
        place = Place(file=file, row=_line(decoded.text, decoded.text.index("\0")))
        return _refused("E106", "text holds a NUL character", place)
    return Decoded(text=decoded.text, findings=(*decoded.findings, *_doubts(decoded.text, file)))


def _by_rule(content: bytes, file: str) -> Decoded:
    for mark, encoding in (*_MARKS, (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return _marked(content[len(mark) :], encoding, file)
    try:
        return Decoded(text=content.decode("utf-8")) if not _wide(content) else _unmarked(file)
    except UnicodeDecodeError:
        return _windows(content, file)


def _marked(content: bytes, encoding: str, file: str) -> Decoded:
    try:
        return Decoded(text=content.decode(encoding))
    except UnicodeDecodeError as error:
        text = f"the byte order mark says {encoding.upper()}, but not all bytes are"
        place = Place(file=file, row=content[: error.start].count(b"\n") + 1)
        return _refused("E101", text, place, _SAVE)


def _wide(content: bytes) -> bool:
    """Say whether this looks like UTF-16 without its mark: every second byte is mostly NUL."""
    head = content[:4096]
    return len(head) >= 4 and max(head[::2].count(0), head[1::2].count(0)) * 4 > len(head)


def _unmarked(file: str) -> Decoded:
    text = "this looks like UTF-16 without a byte order mark"
    return _refused("E101", text, Place(file=file), _SAVE)


def _windows(content: bytes, file: str) -> Decoded:
    """Read as Windows-1252, unless some lines are UTF-8 and others are not."""
    place = Place(file=file, row=_first_bad_line(content))
    if _wide(content):
        return _unmarked(file)
    if any(_is_utf8(line) and not line.isascii() for line in content.splitlines()):
        return _refused("E101", "some lines are UTF-8 and this one is not", place, _SAVE)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        place = Place(file=file, row=content[: error.start].count(b"\n") + 1)
        return _refused("E101", "neither UTF-8 nor Windows-1252", place, _SAVE)
    note = "text was read as Windows-1252"
    found = Finding(code="N101", severity=Severity.NOTE, text=note, place=Place(file=file))
    return Decoded(text=text, findings=(found,))


def _first_bad_line(content: bytes) -> int | None:
    lines = enumerate(content.splitlines(), start=1)
    return next((number for number, line in lines if not _is_utf8(line)), None)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _doubts(text: str, file: str) -> Iterator[Finding]:
    """Warn once of each kind of text that was probably read wrongly before it came here."""
    if text.isascii():
        return
    if places := [found.start() for found in _MAC.finditer(text)]:
        told = f"characters that are unlikely in this language, {len(places)} times"
        hint = "a Mac file saved as Windows-1252? ¿ may be ø, ¾ æ, Œ å, ¯ Ø and ® Æ"
        yield warning("W102", told, Place(file=file, row=_line(text, places[0])), hint)
    if places := [found.start() for found in _TWICE.finditer(text)]:
        told = f"text looks encoded twice, {len(places)} times"
        hint = "signs such as Ã¦ for æ and Ã¥ for å: save the source once more as UTF-8"
        yield warning("W103", told, Place(file=file, row=_line(text, places[0])), hint)


def _line(text: str, position: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:position])) + 1


def _refused(code: str, text: str, place: Place, hint: str = "") -> Decoded:
    return Decoded(text=None, findings=(refusal(code, text, place, hint),))
