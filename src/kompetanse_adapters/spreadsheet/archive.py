"""Is this file a workbook that may be opened at all? Archive: its members, each within limits.

What is looked at first: the kind of file, the names of its members, how large they say they are.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO
from xml.parsers import expat

from attrs import frozen

from kompetanse_core import Misuse

MOST_MEMBERS = 10_000
MOST_BYTES = 2**30
MOST_TIMES = 400
"""How many times smaller a member of more than a megabyte may be packed."""

_SAVE = "save it as .xlsx without a password, or as CSV"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAKEN = "a workbook is taken as .xlsx only"
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError),
)
"""What libraries raise at a file that somebody, or something, has changed."""


@frozen
class Archive:
    """Hold the open file of a workbook."""

    zip: zipfile.ZipFile

    def has(self, name: str) -> bool:
        """Say whether there is such a member."""
        return name in self.zip.NameToInfo

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Walk through an XML member; names come without their prefix.

        Raises:
            Misuse: E301, if it is not there, is no XML, or declares entities.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = lambda tag, said: start(_plain(tag), said)
        if end is not None:
            closed = end
            parser.EndElementHandler = lambda tag: closed(_plain(tag))
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            with self.zip.open(name) as stream:
                while content := stream.read(2**18):
                    parser.Parse(content)
                parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only
        except Misuse:
            raise
        except _DAMAGED as error:
            raise Misuse("E301", "a part of the workbook is damaged", hint=_SAVE) from error


def open_archive(stream: IO[bytes], path: Path) -> Archive:
    """Open a workbook, if it looks like one that may be opened.

    Raises:
        Misuse: E301, if it is of another kind, damaged or made to mislead; E109, if it is too
            large; E406, if a member would lie outside.
    """
    head = stream.read(8)
    if head == _OLE:
        raise Misuse("E301", f"this is an old or an encrypted workbook; {_TAKEN}", hint=_SAVE)
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGED as error:
        raise Misuse("E301", f"this is no workbook; {_TAKEN}", hint=_SAVE) from error
    names = archive.namelist()
    if "[Content_Types].xml" not in names or "xl/workbook.bin" in names:
        raise Misuse("E301", f"this is another kind of file; {_TAKEN}", hint=_SAVE)
    _refuse_misleading(archive)
    return Archive(archive)


def _refuse_misleading(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if len(set(map(str.casefold, names))) < len(names):
        raise Misuse("E301", "a part of the workbook stands twice", hint=_SAVE)
    if any(
        name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names
    ):
        raise Misuse("E406", "a part of the workbook leads out of it", hint=_SAVE)
    parts = archive.infolist()
    packed = any(
        each.file_size > 2**20 and each.file_size > MOST_TIMES * max(1, each.compress_size)
        for each in parts
    )
    if len(names) > MOST_MEMBERS or packed or sum(each.file_size for each in parts) > MOST_BYTES:
        raise Misuse("E109", "the workbook is larger than it looks", hint="save less of it as CSV")
    if any(each.flag_bits & 1 for each in parts):
        raise Misuse("E301", "a part of the workbook is encrypted", hint=_SAVE)


def _plain(tag: str) -> str:
    return tag.rpartition(":")[2] if ":" in tag else tag


def _refuse_doctype(*declared: object) -> None:
    raise Misuse("E301", "the workbook declares entities", hint=_SAVE)
