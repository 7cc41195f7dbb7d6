"""Who holds what, and what do positions take, in HR Open 4.2? Hropen, `hropen`, `write_hropen`.

PersonCompetency, PositionCompetency and CompetencyEvidence, in candidates and position openings:
one JSON document, or a list of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from kompetanse_adapters.hropen.read import Hropen
from kompetanse_adapters.hropen.write import write_hropen
from kompetanse_adapters.reading import Pseudonyms, by_key, language_named
from kompetanse_core import SourceMaker, hookimpl

__all__ = ["Hropen", "hropen", "kompetanse_sources", "write_hropen"]

_NO_LEVELS: Mapping[str, int] = MappingProxyType({})


def hropen(
    path: str | Path,
    key: Pseudonyms | str | bytes | None = None,
    *,
    on: date | None = None,
    levels: Mapping[str, int] = _NO_LEVELS,
    top: int = 5,
    language: str = "en",
) -> Hropen:
    """Open documents, whose persons get pseudonyms by `key`; texts are in `language`.

    Raises:
        Misuse: E213, if there is no such language; E214, if the key is too short.
    """
    return Hropen(
        path=Path(path),
        people=None if key is None else by_key(key),
        on=on,
        levels={word.casefold(): level for word, level in levels.items()},
        top=top,
        language=language_named(language),
    )


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `hropen`."""
    text = "what people hold and positions take, in HR Open 4.2: JSON files"
    return (SourceMaker(name="hropen", description=text, open=hropen),)
