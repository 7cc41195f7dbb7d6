"""Which competences does a published framework hold? Case, the source `case`, and `write_case`.

A package of 1EdTech's Competencies and Academic Standards Exchange, version 1.0 or 1.1: one JSON
file with a document, its statements, how they hang together, and rubrics.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from attrs import evolve, field, frozen

from kompetanse_adapters.reading import (
    Account,
    Node,
    Written,
    carried,
    find,
    language_named,
    losses_between,
    only_file,
    read_json,
    refusal,
)
from kompetanse_core import (
    Competence,
    CompetenceId,
    Enterprise,
    Facet,
    KompetanseError,
    Language,
    Level,
    LevelName,
    Loss,
    Misuse,
    Place,
    Reading,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
    SourceMaker,
    Text,
    assemble,
    hookimpl,
)

SCALE = Scale(
    id=ScaleId("case"),
    label=Text(nb="har eller har ikke", nn="har eller har ikkje", en="held or not held"),
    top=Level(1),
)
"""The scale of a statement that no rubric divides into levels."""

KINDS: Mapping[str, RelationKind] = MappingProxyType(
    {
        "isChildOf": RelationKind.BROADER,
        "isPartOf": RelationKind.PART_OF,
        "precedes": RelationKind.REQUIRES,
        "isRelatedTo": RelationKind.RELATED,
        "isPeerOf": RelationKind.RELATED,
        "exactMatchOf": RelationKind.EQUIVALENT,
    }
)
"""What associations say; what precedes a statement is its prerequisite, so that one turns round."""

_TYPES = MappingProxyType({kind: name for name, kind in KINDS.items() if name != "isPeerOf"})
_LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {"nb": Language.NB, "no": Language.NB, "nn": Language.NN, "en": Language.EN}
)
_UUID = re.compile(r"case:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_READ = frozenset({"identifier", "uri", "fullStatement", "notes", "title", "description"})
_FACETS = "no facets are told: every statement is read as a skill, and may be more (K-5)"
_PACKAGE = "name the JSON file of a CASE package"


@frozen(kw_only=True)
class Case:
    """CASE: one package in a JSON file; statements that do not say so are in `language`."""

    path: Path
    language: Language = Language.EN

    def read(self) -> Reading:
        """Read the document as an area, its statements, associations and rubrics.

        Raises:
            SourceUnavailable: E706, if there is no such file.
        """
        return _read(only_file(self.path, _PACKAGE), self.path.name, self.language)


def case(path: str | Path, language: str = "en") -> Case:
    """Open a package; `language` is that of statements which do not say theirs: nb, nn or en.

    Raises:
        Misuse: E213, if there is no such language.
    """
    return Case(path=Path(path), language=language_named(language))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `case`."""
    text = "a framework of competences as a 1EdTech CASE package: one JSON file"
    return (SourceMaker(name="case", description=text, open=case),)


def write_case(
    enterprise: Enterprise,
    framework: CompetenceId,
    *,
    creator: str,
    at: datetime,
    language: Language = Language.NB,
) -> Written:
    """Write a competence as a document, and everything narrower than it as its statements.

    `creator` is who stands behind it, `at` when it was changed. An id that is no `case:<UUID>`
    becomes a UUID made from it, the same each time.

    Raises:
        Misuse: E503, if there is no such competence; E107, if a text cannot be written.
    """
    named = _renamed(enterprise)
    written = _below(named, _statement_as(framework))
    if not written:
        raise Misuse("E503", "there is no such competence to write as a document")
    package = _package(named, written, _Hand(creator=creator, at=at, language=language))
    text = carried(json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    back = _read(text.encode(), "package.json", language).parcel
    losses = losses_between(named, back, _LOST, otherwise="a package has no place for it")
    return Written(text=text, losses=(*_renamings(enterprise, named), *losses))


_LOST: Mapping[str, str] = MappingProxyType(
    {
        "Competence.label": "one language, and never empty",
        "Competence.description": "one language",
        "Competence.facet": "all but the document itself are read as skills",
        "competences": "not narrower than the document",
        "relations": "between statements that are written, without levels",
        "relations: added": "without levels, alternatives and drops",
        "scales": "on no statement that is written, or held or not",
        "scales: added": "the scale of a statement without rubric",
        "Scale.names": "a rubric names each level, in one language",
    }
)


# --- in --------------------------------------------------------------------------------------


@frozen
class _Package:
    """The nouns that a package becomes, by identifier."""

    language: Language
    account: Account
    scales: dict[str, Scale] = field(factory=dict)
    on: dict[str, ScaleId] = field(factory=dict)
    competences: dict[str, Competence] = field(factory=dict)
    relations: dict[Relation, None] = field(factory=dict)


def _read(content: bytes, file: str, language: Language) -> Reading:
    package = _Package(language, Account())
    account, read = package.account, read_json(content, file=file)
    account.tell(*read.findings)
    if read.root is not None:
        _each(package, read.root, "CFRubrics", _rubric)
        _each(package, read.root, "CFDocument", _document)
        _each(package, read.root, "CFItems", _statement)
        _each(package, read.root, "CFAssociations", _association)
        definitions = read.root.value.get("CFDefinitions")
        if isinstance(definitions, Mapping):
            entries = sum(len(each) for each in definitions.values() if isinstance(each, list))
            account.lose(f"{file}: CFDefinitions", "the model has no place for them", entries)
        if "CFDocument" not in read.root.value:
            account.tell(refusal("E206", "there is no document", Place(file=file), _PACKAGE))
    account.note("E214", _FACETS, Place(file=file))
    used = {each.scale for each in package.competences.values()}
    parcel = Enterprise(
        scales=[each for each in (SCALE, *package.scales.values()) if each.id in used],
        competences=package.competences.values(),
        relations=package.relations,
    )
    unused = len(package.scales) - len(used - {SCALE.id})
    account.lose(f"{file}: CFRubrics", "no statement is measured by it", unused)
    return assemble(
        parcel, places=account.places, findings=account.findings(), losses=account.losses()
    )


def _each(package: _Package, root: Node, key: str, take: Callable[[_Package, Node], None]) -> None:
    """Take every object of a list, telling what is wrong with each where it stands."""
    account, part = package.account, f"{root.place.file}: {key}"
    try:
        nodes = root.nodes(key)
    except KompetanseError as error:
        account.tell(find(error, error.place))
        return
    account.read[part] += len(nodes)
    for node in nodes:
        try:
            take(package, node)
        except KompetanseError as error:
            account.tell(find(error, error.place if error.place.file else node.place))
            account.leave_out(part, "it cannot be read")


def _rubric(package: _Package, node: Node) -> None:
    """Make a scale of the levels that a rubric divides statements into."""
    criteria = node.nodes("CFRubricCriteria")
    levels = [_levels(package, each) for each in criteria]
    shared = len(set(levels)) == 1
    for criterion, names in zip(criteria, levels, strict=True):
        statement = criterion.node("CFItemURI").text("identifier")
        key = (node if shared else criterion).needed("identifier")
        if not names or not statement or statement in package.on:
            where = f"{node.place.file}: CFRubricCriteria"
            reason = "no statement, no levels, or a statement that another criterion measures"
            package.account.lose(where, reason)
            continue
        package.scales[key] = Scale(
            id=ScaleId(f"case:{key}"),
            label=_text(package.language, node.text("title")),
            top=Level(len(names)),
            names=names,
        )
        package.on[statement] = package.scales[key].id


def _levels(package: _Package, criterion: Node) -> tuple[LevelName, ...]:
    """Name the levels of a criterion, from the lowest position, which is 1; below it is none."""
    nodes = criterion.nodes("CFRubricCriterionLevels")
    return tuple(
        LevelName(
            level=Level(level),
            label=_text(package.language, node.text("quality")),
            description=_text(package.language, node.text("description")),
        )
        for level, node in enumerate(sorted(nodes, key=_position), start=1)
    )


def _position(node: Node) -> int:
    return node.whole("position") or 0


def _document(package: _Package, node: Node) -> None:
    _keep(package, node, node.needed("title"), node.text("description"))


def _statement(package: _Package, node: Node) -> None:
    _keep(package, node, node.needed("fullStatement"), node.text("notes"))


def _keep(package: _Package, node: Node, label: str, description: str) -> None:
    """Make a competence; the document is an area, and stands first."""
    key, uri = node.needed("identifier"), node.text("uri")
    language = _LANGUAGES.get(node.text("language")[:2].lower())
    for name in sorted(node.value.keys() - _READ):
        if name != "language" or language is None:
            where = f"{node.place.file}: {name}"
            package.account.lose(where, "the model has no place for it")
    competence = Competence(
        id=CompetenceId(f"case:{key}"),
        label=_text(language or package.language, label),
        facet=Facet.SKILL if "fullStatement" in node.value else None,
        scale=package.on.get(key, SCALE.id),
        description=_text(language or package.language, description),
        uri="" if uri == f"urn:uuid:{key}" else uri,
    )
    if key in package.competences:
        raise Misuse("E505", "an identifier stands twice", place=node.at("identifier"))
    package.account.places[competence] = node.place
    package.competences[key] = competence


def _text(language: Language, words: str) -> Text:
    return Text(**{language.value: words})


def _association(package: _Package, node: Node) -> None:
    """Relate two statements, or leave the association out and say why."""
    said = node.needed("associationType")
    ends = ("originNodeURI", "destinationNodeURI")
    origin, destination = (node.node(end).needed("identifier") for end in ends)
    one, other = package.competences.get(origin), package.competences.get(destination)
    part, kind = f"{node.place.file}: CFAssociations", KINDS.get(said)
    if kind is None:
        package.account.leave_out(part, f"the model has no relation like {_called(said)}")
    elif one is None or other is None:
        package.account.leave_out(part, "it leads out of the package")
    else:
        relation = _related(package, kind, one, other)
        if relation in package.relations:
            package.account.leave_out(part, "it stands twice")
        package.relations[relation] = None


def _called(said: str) -> str:
    """Give the name of an association that the standard knows; others are not repeated."""
    known = ("exemplar", "replacedBy", "hasSkillLevel", "isTranslationOf")
    return said if said in known else "an extension"


def _related(package: _Package, kind: RelationKind, one: Competence, other: Competence) -> Relation:
    """Turn what precedes round; what matches on another scale is related, and that is told."""
    if kind is RelationKind.EQUIVALENT and one.scale != other.scale:
        reason = "statements on two scales are read as related"
        package.account.lose(f"{package.account.places[one].file}: exactMatchOf", reason)
        kind = RelationKind.RELATED
    if kind is RelationKind.REQUIRES:
        one, other = other, one
    return Relation(kind=kind, source=one.id, target=other.id)


# --- out -------------------------------------------------------------------------------------


@frozen(kw_only=True)
class _Hand:
    """Who writes, when and in which language."""

    creator: str
    at: datetime
    language: Language

    def stamped(self, key: str, members: Mapping[str, object]) -> dict[str, object]:
        """Give an object its identifier, address and time of change, and its filled members."""
        filled = {name: each for name, each in members.items() if each not in ("", None)}
        changed = self.at.isoformat(timespec="seconds")
        return {**_address(key), "lastChangeDateTime": changed, **filled}


def _address(key: str) -> dict[str, str]:
    identifier = key.removeprefix("case:")
    return {"identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def _known_as(key: str) -> str:
    """Give an id whose end is a UUID, the same for the same id."""
    return key if _UUID.fullmatch(key) else f"case:{uuid5(NAMESPACE_URL, f'kompetanse:{key}')}"


def _statement_as(key: CompetenceId) -> CompetenceId:
    return CompetenceId(_known_as(key))


def _scale_as(key: ScaleId) -> ScaleId:
    return key if key == SCALE.id else ScaleId(_known_as(key))


def _renamed(enterprise: Enterprise) -> Enterprise:
    """Give competences and scales the ids that they go by in a package."""
    return evolve(
        enterprise,
        scales=[evolve(each, id=_scale_as(each.id)) for each in enterprise.scales],
        competences=[
            evolve(each, id=_statement_as(each.id), scale=_scale_as(each.scale))
            for each in enterprise.competences
        ],
        relations=[
            evolve(each, source=_statement_as(each.source), target=_statement_as(each.target))
            for each in enterprise.relations
        ],
    )


def _renamings(before: Enterprise, after: Enterprise) -> Iterator[Loss]:
    """Count the ids that a package does not carry as they are."""
    reason = "an identifier of CASE is a UUID; it was made from the id"
    for name in ("competences", "scales"):
        pairs = zip(getattr(before, name), getattr(after, name), strict=True)
        if count := sum(one.id != other.id for one, other in pairs):
            noun = "Competence" if name == "competences" else "Scale"
            yield Loss(field=f"{noun}.id", count=count, reason=reason)


def _below(enterprise: Enterprise, framework: CompetenceId) -> dict[CompetenceId, Competence]:
    """Give a competence and everything narrower, each once, the document first."""
    known = {each.id: each for each in enterprise.competences}
    under: dict[CompetenceId, list[CompetenceId]] = {}
    for each in enterprise.relations:
        if each.kind is RelationKind.BROADER:
            under.setdefault(each.target, []).append(each.source)
    found, waiting = dict[CompetenceId, Competence](), [framework]
    while waiting:
        key = waiting.pop()
        if key in known and key not in found:
            found[key] = known[key]
            waiting.extend(reversed(under.get(key, ())))
    return found


def _package(
    enterprise: Enterprise, written: Mapping[CompetenceId, Competence], hand: _Hand
) -> dict[str, object]:
    document, *statements = written.values()
    words = {"title": _label(document, hand), **_words(document, hand, "description")}
    return {
        "CFDocument": hand.stamped(document.id, {"creator": hand.creator, **words}),
        "CFItems": [
            hand.stamped(
                each.id, {"fullStatement": _label(each, hand), **_words(each, hand, "notes")}
            )
            for each in statements
        ],
        "CFAssociations": list(_associations(enterprise, written, hand).values()),
        "CFRubrics": [
            hand.stamped(
                scale.id,
                {"title": scale.label.read(hand.language), "CFRubricCriteria": criteria},
            )
            for scale in enterprise.scales
            if scale.id != SCALE.id and (criteria := list(_criteria(scale, written, hand)))
        ],
    }


def _label(competence: Competence, hand: _Hand) -> str:
    """Give what a statement must say; its id where it says nothing."""
    return competence.label.read(hand.language) or competence.id


def _words(competence: Competence, hand: _Hand, key: str) -> Mapping[str, object]:
    words: dict[str, object] = {
        key: competence.description.read(hand.language),
        "language": hand.language.value,
    }
    return {**words, "uri": competence.uri}


def _associations(
    enterprise: Enterprise, written: Mapping[CompetenceId, Competence], hand: _Hand
) -> dict[str, dict[str, object]]:
    """Write each relation between two statements once; a prerequisite precedes its source."""
    found: dict[str, dict[str, object]] = {}
    for each in enterprise.relations:
        if each.source in written and each.target in written:
            ends = [written[each.source], written[each.target]]
            if each.kind is RelationKind.REQUIRES:
                ends.reverse()
            key = _known_as(" ".join((each.kind.value, *(end.id for end in ends))))
            origin, destination = ({"title": _label(end, hand), **_address(end.id)} for end in ends)
            found[key] = hand.stamped(
                key,
                {
                    "associationType": _TYPES[each.kind],
                    "originNodeURI": origin,
                    "destinationNodeURI": destination,
                },
            )
    return found


def _criteria(
    scale: Scale, written: Mapping[CompetenceId, Competence], hand: _Hand
) -> Iterator[dict[str, object]]:
    """Write a criterion for each statement on a scale, with every level of it from 1."""
    names = {each.level: each for each in scale.names}
    numbers = [Level(level) for level in range(1, scale.top + 1)]
    nameless = LevelName(level=Level(0), label=Text())
    for each in written.values():
        if each.scale == scale.id:
            key = _known_as(f"{scale.id} {each.id}")
            levels = [
                hand.stamped(
                    _known_as(f"{key} {level}"),
                    {
                        "quality": names.get(level, nameless).label.read(hand.language),
                        "description": names.get(level, nameless).description.read(hand.language),
                        "position": level,
                    },
                )
                for level in numbers
            ]
            link = {"title": _label(each, hand), **_address(each.id)}
            yield hand.stamped(key, {"CFItemURI": link, "CFRubricCriterionLevels": levels})
