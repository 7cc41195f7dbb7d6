"""Which competences, and which courses, does a file of linked data hold? Skos, the source `skos`.

A vocabulary in SKOS, or courses of schema.org that say what they teach: Turtle, N-Triples or
RDF/XML. Nothing is fetched, so JSON-LD, whose contexts lie elsewhere, is not read. The file is
parsed by rdflib in a process of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from kompetanse_adapters import reading
from kompetanse_adapters.reading import (
    HELD,
    Account,
    competence_at,
    find,
    known_as,
    refusal,
    spoken,
    warning,
)
from kompetanse_core import (
    NO_TEXT,
    Arena,
    Competence,
    CompetenceId,
    Enterprise,
    Level,
    Measure,
    MeasureId,
    MeasureKind,
    Misuse,
    Mode,
    Outcome,
    Place,
    Reading,
    Relation,
    RelationKind,
    SourceMaker,
    SourceUnavailable,
    Text,
    assemble,
    hookimpl,
)

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

KINDS: Mapping[str, RelationKind] = MappingProxyType(
    {
        "broader": RelationKind.BROADER,
        "broadMatch": RelationKind.BROADER,
        "topConceptOf": RelationKind.BROADER,
        "related": RelationKind.RELATED,
        "relatedMatch": RelationKind.RELATED,
        "closeMatch": RelationKind.RELATED,
        "exactMatch": RelationKind.EQUIVALENT,
    }
)
"""What the relations of SKOS say here."""

INVERSE: Mapping[str, str] = MappingProxyType(
    {"narrower": "broader", "narrowMatch": "broadMatch", "hasTopConcept": "topConceptOf"}
)
"""The relations that are another one, read from its end."""

FORMATS: Mapping[str, str] = MappingProxyType(
    {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".xml": "xml", ".owl": "xml"}
)
"""The kinds of files that are read, by the ends of their names."""

MEMORY = 2**30
SECONDS = 120
MOST_BYTES = 2**28

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_ABOUT = "http://purl.org/dc/terms/description"
_SCHEMA = ("http://schema.org/", "https://schema.org/")
_FACETS = "no facets are told: every concept is read as a skill, and may be more (K-5)"
_KINDS_READ = "take a .ttl, .nt or .rdf file"

Said = dict[str, list[tuple[str, str]]]
"""What is said of one thing: by predicate, each value with its language, if it is a text."""

_NAMELESS = ""
"""Under it stand the types of things without an address, which no id can be made of."""


@frozen(kw_only=True)
class Skos:
    """SKOS: one file of concepts, of courses, or of both."""

    path: Path

    def read(self) -> Reading:
        """Read concepts as competences and courses as measures that lift what they teach.

        Raises:
            Misuse: E906, without the extra `rdf`.
            SourceUnavailable: E706, if there is no such file; E305, if it takes too much.
        """
        if not self.path.is_file():
            raise SourceUnavailable("E706", "there is no such file", hint=_KINDS_READ)
        if find_spec("rdflib") is None:
            hint = "install kompetanse[rdf]"
            raise Misuse("E906", "reading linked data takes the extra rdf", hint=hint)
        gathered = _Gathered(self.path.name)
        try:
            things = _things(self.path)
        except Misuse as error:
            gathered.account.tell(find(error, Place(file=self.path.name)))
            things = {}
        return _read(things, gathered)


def skos(path: str | Path) -> Skos:
    """Open a file of concepts or courses, each text in the language that it says."""
    return Skos(path=Path(path))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `skos`."""
    text = "a vocabulary in SKOS, or courses linked to competences: Turtle or RDF/XML"
    return (SourceMaker(name="skos", description=text, open=skos),)


# --- the file ------------------------------------------------------------------------------------


def _things(path: Path) -> dict[str, Said]:
    """Give what is said of each thing, parsed in a process that may be ended.

    Raises:
        Misuse: E301, if the kind is not read; E109, if the file is too large; E407, if it is not
            valid.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise Misuse("E301", "this kind of file is not read", hint=_KINDS_READ)
    if path.stat().st_size > MOST_BYTES:
        raise Misuse("E109", f"the file is larger than {MOST_BYTES // 2**20} MiB")
    return reading.confined(_parsed, path, kind, memory=MEMORY, seconds=SECONDS)


def _parsed(path: Path, kind: str) -> dict[str, Said]:
    """Parse a file; of what has no address of its own only the types are kept."""
    from rdflib import Graph

    graph = Graph()
    try:
        graph.parse(source=path.open("rb"), format=kind, publicID="file:")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - each parser of rdflib raises errors of its own
        raise Misuse("E407", "the file is not valid linked data", hint=_KINDS_READ) from None
    return _sorted(graph)


def _sorted(graph: Graph) -> dict[str, Said]:
    """Put what a graph says in an order, since it has none."""
    from rdflib import URIRef

    things: dict[str, Said] = {}
    for subject, predicate, value in graph:
        if isinstance(subject, URIRef) or str(predicate) == _TYPE:
            key = str(subject) if isinstance(subject, URIRef) else _NAMELESS
            language = _language(value)
            words = _NAMELESS if language == "_" else str(value)
            things.setdefault(key, {}).setdefault(str(predicate), []).append((words, language))
    return {
        key: {name: sorted(values) for name, values in sorted(things[key].items())}
        for key in sorted(things)
    }


def _language(value: Node) -> str:
    """Give the language of a text, `-` where it says none, `@` for an address, `_` for neither."""
    from rdflib import Literal, URIRef

    if isinstance(value, Literal):
        return value.language or "-"
    return "@" if isinstance(value, URIRef) else "_"


# --- what comes of it ----------------------------------------------------------------------------


@frozen
class _Gathered:
    """The nouns that things become."""

    file: str
    account: Account = field(factory=Account)
    competences: dict[str, Competence] = field(factory=dict)
    relations: dict[Relation, None] = field(factory=dict)
    measures: list[Measure] = field(factory=list)

    def at(self, key: str) -> Place:
        """Give the place of a thing, by the last part of its address."""
        return Place(file=self.file, column=key.rpartition("/")[2].rpartition("#")[2])


def _read(things: Mapping[str, Said], gathered: _Gathered) -> Reading:
    """Read concepts and schemes, then how they hang together, then courses."""
    account, file = gathered.account, gathered.file
    nameless = sum(
        _kind({_TYPE: [each]}) != "" for each in things.get(_NAMELESS, {}).get(_TYPE, ())
    )
    account.read[file] += nameless
    account.leave_out(file, "it has no address, which is its id", nameless)
    things = {key: said for key, said in things.items() if key != _NAMELESS}
    kinds = {key: kind for key, said in things.items() if (kind := _kind(said))}
    account.read[file] += len(kinds)
    courses = [key for key, kind in kinds.items() if kind == "Course"]
    concepts = [key for key in kinds if key not in courses]
    for key in concepts:
        _take_concept(key, things[key], kinds[key], gathered)
    for key in concepts:
        _relate(key, things[key], gathered)
    for key in courses:
        _take_course(key, things[key], gathered)
    if not account.read[file] and not account.told:
        text = "there are no concepts of SKOS, and no courses of schema.org"
        account.tell(refusal("E206", text, Place(file=file), _KINDS_READ))
    account.note("E214", _FACETS, Place(file=file))
    parcel = Enterprise(
        scales=(HELD,) if gathered.competences else (),
        competences=gathered.competences.values(),
        relations=gathered.relations,
        measures=gathered.measures,
    )
    return assemble(
        parcel, places=account.places, findings=account.findings(), losses=account.losses()
    )


def _kind(said: Said) -> str:
    """Say whether a thing is a concept, a scheme or a course; empty where it is none."""
    types = {value for value, _ in said.get(_TYPE, ())}
    if f"{_SKOS}Concept" in types:
        return "Concept"
    if f"{_SKOS}ConceptScheme" in types:
        return "ConceptScheme"
    return "Course" if types & {f"{schema}Course" for schema in _SCHEMA} else ""


def _take_concept(key: str, said: Said, kind: str, gathered: _Gathered) -> None:
    """Make a competence of a concept, and an area of a scheme."""
    names = (f"{_SKOS}prefLabel", _LABEL, "http://purl.org/dc/terms/title")
    abouts = (f"{_SKOS}definition", f"{_SKOS}scopeNote", _ABOUT)
    try:
        found = competence_at(key, _text(said, names, gathered), _text(said, abouts, gathered))
    except Misuse as error:
        gathered.account.tell(find(error, gathered.at(key)))
        gathered.account.leave_out(gathered.file, "its address can be no id")
        return
    if not found.label:
        text = "a concept has no name in a language that is read"
        gathered.account.tell(warning("E214", text, gathered.at(key)))
        found = evolve(found, label=Text(en=found.id))
    if kind == "ConceptScheme":
        found = evolve(found, facet=None)
    gathered.account.places[found] = gathered.at(key)
    gathered.competences[key] = found
    read = {_TYPE, *names, *abouts, *(f"{_SKOS}{name}" for name in (*KINDS, *INVERSE, "inScheme"))}
    _lose_others(said, read, gathered)


def _text(said: Said, names: Iterable[str], gathered: _Gathered) -> Text:
    """Give a text by the first of the names that says one; a text without language is English."""
    for name in names:
        if values := said.get(name):
            words: dict[str, str] = {}
            for value, tag in sorted(values, key=lambda each: each[1] == "-"):
                words.setdefault("en" if tag == "-" else tag, value)
            where = f"{gathered.file}: {_short(name)}"
            gathered.account.lose(where, "once more in the same language", len(values) - len(words))
            return spoken(words, where, gathered.account)
    return NO_TEXT


def _lose_others(said: Said, read: set[str], gathered: _Gathered) -> None:
    for name in said.keys() - read:
        where = f"{gathered.file}: {_short(name)}"
        gathered.account.lose(where, "the model has no place for it", len(said[name]))


def _short(name: str) -> str:
    """Give the last part of a predicate's address."""
    return name.rpartition("/")[2].rpartition("#")[2][:40] or "another predicate"


def _relate(key: str, said: Said, gathered: _Gathered) -> None:
    """Relate a concept to others of the file; what leads out of it is counted."""
    for name in (*KINDS, *INVERSE):
        for value, _ in said.get(f"{_SKOS}{name}", ()):
            ends = (value, key) if name in INVERSE else (key, value)
            kind = KINDS[INVERSE.get(name, name)]
            if not {*ends, key} <= gathered.competences.keys():
                reason = "it leads out of the file"
                gathered.account.lose(f"{gathered.file}: {name}", reason)
                continue
            one, other = (gathered.competences[end].id for end in ends)
            try:
                relation = Relation(kind=kind, source=one, target=other)
            except Misuse as error:
                gathered.account.tell(find(error, gathered.at(key)))
                continue
            turned = evolve(relation, source=other, target=one)
            if kind is RelationKind.BROADER or turned not in gathered.relations:
                gathered.relations[relation] = None


def _take_course(key: str, said: Said, gathered: _Gathered) -> None:
    """Make a measure of a course, which lifts each competence that it teaches to held."""
    names = (_LABEL, *(f"{schema}name" for schema in _SCHEMA))
    teaches = tuple(f"{schema}teaches" for schema in _SCHEMA)
    addresses = tuple(f"{schema}url" for schema in _SCHEMA)
    spread = Counter(tag for name in names[:1] for _, tag in said.get(name, ()))
    if any(times > 1 for times in spread.values()):
        text = "one address stands for courses of several names; the first is taken"
        gathered.account.tell(warning("E505", text, gathered.at(key)))
    try:
        taught = dict.fromkeys(_taught(said, teaches, gathered))
        gathered.measures.append(
            Measure(
                id=MeasureId(key),
                label=_text(said, names, gathered),
                kind=MeasureKind.EXTERNAL_COURSE,
                arena=Arena.OUTSIDE,
                mode=Mode.TRAINING,
                outcomes=tuple(Outcome(competence=each, reach=Level(1)) for each in taught),
                uri=_page(said, addresses, gathered),
            )
        )
    except Misuse as error:
        gathered.account.tell(find(error, gathered.at(key)))
        gathered.account.leave_out(gathered.file, "the course cannot be read")
        return
    gathered.account.places[gathered.measures[-1]] = gathered.at(key)
    _lose_others(said, {_TYPE, *names, *teaches, *addresses}, gathered)


def _page(said: Said, predicates: Iterable[str], gathered: _Gathered) -> str:
    """Give the first address of a page on the web; no other address is one to follow."""
    told = [value for name in predicates for value, _ in said.get(name, ())]
    pages = [value for value in told if value.startswith(("https://", "http://"))]
    reason = "no page on the web, or another one"
    gathered.account.lose(f"{gathered.file}: url", reason, len(told) - len(pages[:1]))
    return next(iter(pages), "")


def _taught(said: Said, predicates: Iterable[str], gathered: _Gathered) -> Iterator[CompetenceId]:
    """Yield what a course teaches; a competence of another file goes by its id."""
    for name in predicates:
        for address, tag in said.get(name, ()):
            if tag != "@":
                where = f"{gathered.file}: teaches"
                gathered.account.lose(where, "words or nothing, where an address should stand")
                continue
            if address not in gathered.competences:
                label = Text(en=known_as(address))
                gathered.competences[address] = competence_at(address, label)
            yield gathered.competences[address].id
