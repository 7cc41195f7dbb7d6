"""Where does the example come from? It is written out from the package, to a new folder only."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kompetanse_core import Misuse, StoreUnavailable

SUFFIXES = (".csv", ".toml", ".md")
SCENARIOS = "scenarios"


def write_example(folder: Path) -> None:
    """Write the bundled example enterprise to a folder that is not there yet, or empty.

    Raises:
        Misuse: E802, if something stands there already.
        StoreUnavailable: E802, if the folder cannot be written.
    """
    example = files("kompetanse_adapters") / "example"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Misuse("E802", f"{folder} is not empty", hint="name a folder that is not there")
        _copy(example, folder)
        (folder / SCENARIOS).mkdir()
        _copy(example / SCENARIOS, folder / SCENARIOS)
    except OSError as error:
        raise StoreUnavailable("E802", f"cannot write {folder}: {error.strerror}") from error


def _copy(pages: Traversable, folder: Path) -> None:
    for page in sorted(pages.iterdir(), key=lambda page: page.name):
        if page.name.endswith(SUFFIXES):
            (folder / page.name).write_bytes(page.read_bytes())
