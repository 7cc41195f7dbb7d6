"""How is an enterprise read that somebody wrote by hand? The source `folder`: TOML and CSV."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from attrs import field, frozen

from kompetanse_adapters.folder.read import read_folder
from kompetanse_adapters.folder.write import write_folder
from kompetanse_core import Reading
from kompetanse_core.hooks import SourceMaker, hookimpl

__all__ = ["FolderSource", "example", "kompetanse_sources", "read_folder", "write_folder"]


@frozen
class FolderSource:
    """Read an enterprise from a folder, as docs/reference/folder.md describes it."""

    folder: Path = field(converter=Path)

    def read(self) -> Reading:
        """Read every file of the folder.

        Raises:
            SourceUnavailable: E706, if the folder or a file in it cannot be opened.
        """
        return read_folder(self.folder)


def example() -> FolderSource:
    """Open the bundled example enterprise, an invented hospital."""
    return FolderSource(Path(str(files("kompetanse_adapters") / "example")))


@hookimpl
def kompetanse_sources() -> tuple[SourceMaker, ...]:
    """Offer the source `folder`, whose one option is the path, and the bundled `example`."""
    written = "an enterprise written by hand: a folder of TOML and CSV files"
    invented = "the bundled example enterprise, an invented hospital"
    return (
        SourceMaker(name="folder", description=written, open=FolderSource),
        SourceMaker(name="example", description=invented, open=example),
    )
