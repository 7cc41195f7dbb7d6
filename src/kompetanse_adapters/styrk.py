"""Which occupations does Norway count by? Styrk, the source `styrk`.

The standard classification of occupations STYRK-08, which follows ISCO-08 down to its groups of
four digits, as Statistics Norway's register of classifications hands it out: one JSON file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from kompetanse_adapters.reading import (
    Account,
    Node,
    find,
    language_named,
    only_file,
    read_json,
    refusal,
)
from kompetanse_core import (
    Enterprise,
    KompetanseError,
    Language,
    Misuse,
    Occupation,
    OccupationId,
    Reading,
    SourceMaker,
    Text,
    assemble,
    hookimpl,
)

ATTRIBUTION = "Contains the standard classification of occupations (STYRK-08) of Statistics Norway."
"""What it is fair to say wherever the classification is used."""

_CODES = "classificationItems"
_REGISTER = "the register says it of the classification as a whole"


@frozen(kw_only=True)
class Styrk:
    """STYRK-08: the tree of occupations in one JSON file, with names in one language."""

    path: Path
    language: Language = Language.NB

    def read(self) -> Reading:
        """Read every group and occupation of the tree, each under the one that its code names.

        Raises:
            SourceUnavailable: E706, if there is no such file.
        """
        content = only_file(self.path, "name the JSON file of the classification")
        account, read = Account(), read_json(content, file=self.path.name)
        account.tell(*read.findings)
        found = {} if read.root is None else _occupations(read.root, self.language, account)
        parcel = Enterprise(occupations=found.values())
        findings, losses = account.findings(ATTRIBUTION), account.losses()
        return assemble(parcel, places=account.places, findings=findings, losses=losses)


def styrk(path: str | Path, language: str = "nb") -> Styrk:
    """Open the classification in a JSON file, whose names are in `language`: nb, nn or en.

    Raises:
        Misuse: E213, if there is no such language.
    """
    return Styrk(path=Path(path), language=language_named(language))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `styrk`."""
    text = "the Norwegian standard classification of occupations STYRK-08: one JSON file"
    return (SourceMaker(name="styrk", description=text, open=styrk),)


def _occupations(root: Node, language: Language, account: Account) -> dict[str, Occupation]:
    file, found = root.place.file, dict[str, Occupation]()
    for name in sorted(root.value.keys() - {_CODES}):
        account.lose(f"{file}: {name}", _REGISTER, root.value[name] not in ("", [], {}, None))
    try:
        nodes = root.nodes(_CODES)
    except KompetanseError as error:
        account.tell(find(error, root.at(_CODES)))
        nodes = ()
    if not nodes:
        account.tell(refusal("E206", "there are no codes to read", root.at(_CODES)))
    account.read[file] = len(nodes)
    for node in nodes:
        try:
            _take(node, found, language, account)
        except KompetanseError as error:
            account.tell(find(error, error.place if error.place.file else node.place))
            account.leave_out(file, "the code cannot be read")
    return found


def _take(node: Node, found: dict[str, Occupation], language: Language, account: Account) -> None:
    """Make an occupation of one code."""
    code, parent = node.needed("code"), node.text("parentCode")
    occupation = Occupation(
        id=OccupationId(f"styrk:{code}"),
        label=Text(**{language.value: node.needed("name")}),
        description=Text(**{language.value: node.text("notes")}),
        broader=(OccupationId(f"styrk:{parent}"),) if parent else (),
        code=code,
    )
    if code in found:
        raise Misuse("E505", "a code stands twice", place=node.at("code"))
    if node.text("shortName"):
        account.lose(f"{node.place.file}: shortName", "an occupation has one name")
    account.places[occupation] = node.place
    found[code] = occupation
