"""Where does a report go, and in which form? To a file, whole or not at all, or to the output."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import click

from kompetanse_adapters.cli.asked import STANDARD_OUTPUT
from kompetanse_core import StoreUnavailable

RENDERERS: Mapping[str, str] = MappingProxyType(
    {".html": "html", ".htm": "html", ".md": "markdown", "": "markdown"}
)


def renderer_for(report: Path | None, named: str | None) -> str:
    """Choose the renderer that was asked for, else by the end of the file's name."""
    end = (report or STANDARD_OUTPUT).suffix.lower()
    if named is None and end not in RENDERERS:
        told = "the end of its name does not say how the report is to be written"
        raise click.UsageError(f"{told}: name it .html or .md, or say --format")
    return named or RENDERERS[end]


def write(text: str, to: Path) -> None:
    """Write the report whole, or not at all.

    Raises:
        StoreUnavailable: E802, if the file cannot be written.
    """
    if to == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    part = to.with_name(f"{to.name}.part")
    try:
        part.write_text(text, "utf-8", newline="\n")
        part.replace(to)
    except OSError as error:
        raise StoreUnavailable("E802", f"cannot write {to}: {error.strerror}") from error
    finally:
        with suppress(OSError):  # where it could not be written it is not there either
            part.unlink()
