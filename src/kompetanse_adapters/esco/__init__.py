"""What does Europe's classification of occupations and skills say? Esco, the source `esco`.

The whole official classification is read in one go. Each row is kept, or told as left out; see
`docs/reference/sources.md` for what each file becomes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from attrs import frozen

from kompetanse_adapters.esco.account import ATTRIBUTION, Account
from kompetanse_adapters.esco.concepts import SCALE, competences, occupations
from kompetanse_adapters.esco.files import files_in, tell_missing, tell_unread
from kompetanse_adapters.esco.relations import placed, relations, requirements
from kompetanse_core import Enterprise, Reading, SourceMaker, assemble, hookimpl

__all__ = ["ATTRIBUTION", "SCALE", "Esco", "esco", "kompetanse_sources"]


@frozen(kw_only=True)
class Esco:
    """ESCO: the official classification in a folder, and folders with labels in more languages."""

    folder: Path
    labels: tuple[Path, ...] = ()

    def read(self) -> Reading:
        """Read the classification, telling every flaw and every row that is left out.

        Raises:
            SourceUnavailable: E706, if a folder is not there.
        """
        account, files = Account(), files_in(self.folder)
        others = tuple(chain.from_iterable(files_in(each, f"{each.name}/") for each in self.labels))
        tell_missing(files, account)
        skills = competences(files, others, account)
        work = occupations(files, others, account)
        parcel = Enterprise(
            scales=(SCALE,),
            competences=skills.values(),
            relations=relations(files, skills, account),
            occupations=placed(files, work, account),
            requirements=requirements(files, work, skills, account),
        )
        tell_unread((*files, *others), account)
        return assemble(parcel, findings=account.findings(), losses=account.losses())


def esco(folder: str | Path, *labels: str | Path) -> Esco:
    """Open the classification that lies in `folder`.

    The folders in `labels` only add what concepts are called in more languages.
    """
    return Esco(folder=Path(folder), labels=tuple(map(Path, labels)))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `esco`."""
    text = "the European classification of occupations and skills: a folder of its CSV files"
    return (SourceMaker(name="esco", description=text, open=esco),)
