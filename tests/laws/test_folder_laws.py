"""Does a folder keep what it is given? Writing and reading back, for every enterprise."""

from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve
from hypothesis import given

from kompetanse_adapters.folder import read_folder, write_folder
from kompetanse_core import Enterprise
from kompetanse_core.conformance import SMALL, enterprises

FULL = evolve(SMALL, successions=2)


def written(enterprise: Enterprise, folder: Path) -> dict[str, bytes]:
    """Write an enterprise, and give the bytes of each file."""
    write_folder(enterprise, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@given(enterprises(most=FULL))
def test_what_is_written_is_read_back(enterprise: Enterprise) -> None:
    """Out and in again is the same enterprise, and what hung together still does."""
    with TemporaryDirectory() as shelf:
        written(enterprise, Path(shelf, "out"))
        reading = read_folder(Path(shelf, "out"))
    assert reading.enterprise == evolve(enterprise, rule_sets=())


@given(enterprises(most=FULL))
def test_the_same_enterprise_gives_the_same_bytes(enterprise: Enterprise) -> None:
    """Writing twice, and writing what was read, gives the same files byte by byte."""
    with TemporaryDirectory() as shelf:
        first = written(enterprise, Path(shelf, "first"))
        again = read_folder(Path(shelf, "first")).enterprise
        assert written(again, Path(shelf, "second")) == first
