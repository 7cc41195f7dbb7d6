"""Which files lie here, and what is in one? Those of one kind, in order, none from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kompetanse_adapters.reading.account import Account
from kompetanse_adapters.reading.encoding import MOST_BYTES
from kompetanse_adapters.reading.place import refusal, warning
from kompetanse_core import Place, SourceUnavailable


def files_at(path: Path, ends: Sequence[str], account: Account) -> list[Path]:
    """Give a file, or those of a folder whose names have one of the ends, sorted.

    Findings: E206 (none of them), E406 (a link that leads out of the folder), W208 (not read).

    Raises:
        SourceUnavailable: E706, if there is nothing at the path, or it cannot be opened.
    """
    if path.is_file():
        return [path]
    try:
        there = sorted(each for each in path.iterdir() if not each.name.startswith("."))
    except OSError as error:
        hint = "name a file, or a folder of files"
        raise SourceUnavailable("E706", "there is no such file or folder", hint=hint) from error
    found = []
    for each in there:
        place = Place(file=each.name)
        if not each.name.lower().endswith(tuple(ends)):
            account.tell(warning("W208", "the file is not read", place))
        elif not each.resolve().is_relative_to(path.resolve()):
            text = "the file leads out of the folder"
            account.tell(refusal("E406", text, place, "copy it here"))
        elif each.is_file():
            found.append(each)
    if not found:
        account.tell(refusal("E206", "there is no file to read", Place(file=path.name)))
    return found


def content_of(path: Path) -> bytes:
    """Give the bytes of a file, at most one more than `decode` takes: it then refuses them (E109).

    Nobody's memory is filled to find out that a file is too large.
    """
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def only_file(path: Path, hint: str) -> bytes:
    """Give the bytes of the one file that a source is, as `content_of`.

    Raises:
        SourceUnavailable: E706, if there is no such file; `hint` says what to name instead.
    """
    if not path.is_file():
        raise SourceUnavailable("E706", "there is no such file", hint=hint)
    return content_of(path)
