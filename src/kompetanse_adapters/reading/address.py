"""Which competence does an address on the web mean? The id by which our other sources know it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kompetanse_adapters.reading.account import Account
from kompetanse_core import NO_TEXT, Competence, CompetenceId, Facet, Level, Scale, ScaleId, Text

HELD = Scale(
    id=ScaleId("held"),
    label=Text(nb="har eller har ikke", nn="har eller har ikkje", en="held or not held"),
    top=Level(1),
)
"""The scale of a competence of which a source tells no levels."""

_ESCO = re.compile(r"https?://data\.europa\.eu/esco/(.+)")
_CASE = re.compile(
    r"(?:urn:uuid:|https?://\S+/CFItems/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_SPOKEN = (("nb", "nb"), ("no", "nb"), ("nn", "nn"), ("en", "en"))


def known_as(address: str) -> CompetenceId:
    """Give the id of a competence: ESCO's and CASE's as those sources do, else the address."""
    if found := _ESCO.fullmatch(address):
        return CompetenceId(f"esco:{found[1]}")
    if found := _CASE.fullmatch(address):
        return CompetenceId(f"case:{found[1]}")
    return CompetenceId(address)


def competence_at(address: str, label: Text, description: Text = NO_TEXT) -> Competence:
    """Make a competence of what a source says of an address; facets are not told (K-5).

    Raises:
        Misuse: E104, E105 or E214, if the address can be no id.
    """
    return Competence(
        id=known_as(address),
        label=label,
        facet=Facet.SKILL,
        scale=HELD.id,
        description=description,
        uri=address,
    )


def spoken(words: Mapping[str, object], where: str, account: Account) -> Text:
    """Give a text of a map from language tags, `en-GB` too; other languages are counted as lost."""
    found: dict[str, str] = {}
    for tag in sorted(words):
        language = dict(_SPOKEN).get(tag[:2].lower()) if tag[2:3] in ("", "-", "_") else None
        said = words[tag]
        if language is None or language in found or not isinstance(said, str):
            account.lose(where, "a text in another language, or once more in the same")
        else:
            found[language] = said
    return Text(**found)
