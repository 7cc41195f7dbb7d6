"""Who writes an empty table to fill in? The adapter that announces it by the file's ending."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from kompetanse_core import PluginFailed

GROUP = "kompetanse.templates"
"""The entry points of what writes templates, by the end of the file's name."""


def write_template(path: Path, *, shape: str, language: str, top: int) -> None:
    """Write a template to a file that is not there yet.

    Raises:
        PluginFailed: E604, if nothing writes files of that kind.
    """
    kind = path.suffix.removeprefix(".").lower()
    found = [each for each in entry_points(group=GROUP) if each.name == kind]
    if not found:
        hint = "end its name with .xlsx or .csv"
        raise PluginFailed("E604", "no plugin writes templates of this kind", hint=hint)
    write: Callable[..., None] = found[0].load()
    write(path, shape=shape, language=language, top=top)
