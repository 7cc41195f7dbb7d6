"""Which competences does a Moodle site teach? Moodle, the source `moodle`, and `write_moodle`.

One framework is one CSV file, as Moodle imports and exports it: 14 columns, or 12 in its first
years. Columns go by position, since Moodle writes the header in the language of whoever exports.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from attrs import evolve, field, frozen

from kompetanse_adapters.reading import (
    Account,
    Written,
    carried,
    decode,
    find,
    language_named,
    losses_between,
    only_file,
    parse_rows,
    refusal,
    warning,
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


class Generation(Enum):
    """Utgave av formatet: without or with cross references and exported ids."""

    OLD = (
        *("parent", "id", "name", "description", "format", "scale", "configuration"),
        *("rule", "outcome", "rule configuration", "framework", "taxonomy"),
    )
    NEW = (
        *("parent", "id", "name", "description", "format", "scale", "configuration"),
        *("rule", "outcome", "rule configuration", "related", "exported", "framework", "taxonomy"),
    )


LONGEST = 100
"""The longest id and name that Moodle holds."""

_NOTHING = frozenset({"", "0", "null"})
_UNREAD: Mapping[str, str] = MappingProxyType(
    {
        "configuration": "which level is proficient is a matter for requirements",
        "rule": "the model has no rule for when parts make a whole",
        "rule configuration": "the model has no rule for when parts make a whole",
        "outcome": "the model has no rule for when parts make a whole",
        "exported": "the number of the row in the site that exported it",
        "taxonomy": "what the steps of the tree are called is not told apart",
    }
)
_MARKUP = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>|(?<!^)<(?:p|div|li|h[1-6]|tr)\b[^>]*>", re.IGNORECASE)
_FACETS = "no facets are told: every competence is read as a skill, and may be more (K-5)"
_PUBLISHED = "export the framework anew, or name the file of a framework"

Cells = Mapping[str, str]
Line = tuple[Place, Cells]


@frozen(kw_only=True)
class Moodle:
    """Moodle: one framework of competences, in one CSV file, written in one language."""

    path: Path
    language: Language = Language.NB

    def read(self) -> Reading:
        """Read the framework as an area, and the tree of competences under it.

        Raises:
            SourceUnavailable: E706, if there is no such file.
        """
        return _read(only_file(self.path, _PUBLISHED), self.path.name, self.language)


def moodle(path: str | Path, language: str = "nb") -> Moodle:
    """Open the framework in a CSV file, whose texts are in `language`: nb, nn or en.

    Raises:
        Misuse: E213, if there is no such language.
    """
    return Moodle(path=Path(path), language=language_named(language))


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `moodle`."""
    text = "a framework of competences that a Moodle site has exported: one CSV file"
    return (SourceMaker(name="moodle", description=text, open=moodle),)


def write_moodle(
    enterprise: Enterprise,
    framework: CompetenceId,
    *,
    language: Language = Language.NB,
    generation: Generation = Generation.NEW,
) -> Written:
    """Write a competence as a framework, with everything narrower than it as its tree.

    Raises:
        Misuse: E503, if there is no such competence; E109, if an id is longer than Moodle holds;
            E106 or E107, if a text cannot be written.
    """
    known = {each.id: each for each in enterprise.competences}
    if framework not in known:
        raise Misuse("E503", "there is no such competence to write as a framework")
    scales = {each.id: each for each in enterprise.scales}
    lines = [
        _written(known[key], parent, scales, known[framework], language)
        for key, parent in _tree(enterprise, framework)
    ]
    if any(len(line["id"]) > LONGEST for line in lines):
        raise Misuse("E109", f"an id is longer than the {LONGEST} characters that Moodle holds")
    related = _references(enterprise, {line["id"] for line in lines})
    text = carried(_table(lines, related, generation))
    back = _read(text.encode(), "framework.csv", language).parcel
    return Written(text=text, losses=losses_between(enterprise, back, _LOST, otherwise=_NO_PLACE))


_NO_PLACE = "a framework of Moodle has no place for it"
_LOST: Mapping[str, str] = MappingProxyType(
    {
        "Competence.label": f"one language, at most {LONGEST} characters",
        "Competence.description": "one language",
        "Competence.facet": "all but the framework itself are read as skills",
        "Competence.scale": "a scale is known by its framework",
        "competences": "not narrower than the framework",
        "relations": "one broader competence, and cross references in the newer format",
        "relations: added": "what stands above the tree is not written",
        "scales": "a scale is known by its framework",
        "scales: added": "a scale is known by its framework",
    }
)


# --- in --------------------------------------------------------------------------------------


@frozen
class _Tree:
    """The nouns that a framework becomes."""

    scales: list[Scale] = field(factory=list)
    competences: dict[str, Competence] = field(factory=dict)
    relations: dict[frozenset[str], Relation] = field(factory=dict)


def _read(content: bytes, file: str, language: Language) -> Reading:
    account, tree = Account(), _Tree()
    lines = _lines(content, file, account)
    for line in lines:
        _take(line, tree, language, account)
    for line in lines:
        _place(line, lines[0][1]["id"], tree, account)
    account.note("E214", _FACETS, Place(file=file))
    parcel = Enterprise(
        scales=tree.scales,
        competences=tree.competences.values(),
        relations=(*_broader(lines, tree), *tree.relations.values()),
    )
    findings, losses = account.findings(), account.losses()
    return assemble(parcel, places=account.places, findings=findings, losses=losses)


def _lines(content: bytes, file: str, account: Account) -> list[Line]:
    """Read the rows that have as many cells as one of the two formats, the framework first."""
    decoded = decode(content, file)
    account.tell(*decoded.findings)
    if decoded.text is None:
        return []
    head = decoded.text.partition("\n")[0]
    parsed = parse_rows(decoded.text, file=file, delimiter=max(",;\t", key=head.count))
    if parsed.broken:
        account.tell(parsed.broken)
    if len(parsed.rows) < 2:
        account.tell(refusal("E206", "there is no row below a header", Place(file=file)))
        return []
    (number, header), *rows = parsed.rows
    names = {len(each.value): each.value for each in Generation}.get(len(header))
    if names is None:
        text = f"a framework has 12 or 14 columns, and this file has {len(header)}"
        account.tell(refusal("E207", text, Place(file=file, row=number), _PUBLISHED))
        return []
    account.read[file] = len(rows)
    return list(_sound(rows, names, file, account))


def _sound(
    rows: Iterable[tuple[int, list[str]]], names: Sequence[str], file: str, account: Account
) -> Iterator[Line]:
    """Yield the rows below the header that fit it; only the first is a framework."""
    frameworks = 0
    for number, cells in rows:
        place, line = Place(file=file, row=number), dict(zip(names, cells, strict=False))
        if len(cells) != len(names):
            text = f"the row has {len(cells)} fields, the header {len(names)}"
            account.tell(refusal("E201", text, place))
        elif (line["framework"] == "1") == (frameworks > 0):
            text = "the first row, and no other, is the framework"
            account.tell(refusal("E208", text, evolve(place, column="framework"), _PUBLISHED))
        else:
            frameworks += 1
            yield place, line
            continue
        account.leave_out(file, text)


def _take(line: Line, tree: _Tree, language: Language, account: Account) -> None:
    """Make a competence of one row, and a scale where it has its own."""
    place, cells = line
    for name, reason in _UNREAD.items():
        if cells.get(name, "") not in _NOTHING:
            account.lose(f"{place.file}: {name}", reason)
    if _MARKUP.search(cells["description"]):
        account.lose(f"{place.file}: description", "text is kept, markup is not")
    first = next(iter(tree.competences.values()), None)
    try:
        if cells["scale"] or first is None:
            tree.scales.append(_scale(cells, language))
        noun = Competence(
            id=CompetenceId(cells["id"]),
            label=_text(cells["name"], language),
            facet=None if first is None else Facet.SKILL,
            scale=tree.scales[-1].id if cells["scale"] or first is None else first.scale,
            description=_text(_plain(cells["description"]), language),
        )
    except KompetanseError as error:
        account.tell(find(error, place))
        return
    account.places[noun] = place
    if tree.competences.setdefault(noun.id, noun) is not noun:
        account.tell(refusal("E505", "an id stands twice", evolve(place, column="id")))


def _scale(cells: Cells, language: Language) -> Scale:
    """Make a scale of the names of its levels, which count from 1; below them is none."""
    if not cells["scale"]:
        raise Misuse("E214", "a framework names the levels of its scale", hint=_PUBLISHED)
    names = [name.strip() for name in cells["scale"].split(",")]
    return Scale(
        id=ScaleId(f"moodle:{cells['id']}"),
        top=Level(len(names)),
        names=tuple(
            LevelName(level=Level(level), label=_text(name, language))
            for level, name in enumerate(names, start=1)
        ),
    )


def _text(words: str, language: Language) -> Text:
    return Text(**{language.value: words})


def _plain(markup: str) -> str:
    """Take the text out of HTML: paragraphs and breaks become line ends."""
    lines = _BREAK.sub("\0", re.sub(r"\r\n|\r|\n", " ", markup))
    return html.unescape(_MARKUP.sub("", lines)).replace("\0", "\n")


def _place(line: Line, framework: str, tree: _Tree, account: Account) -> None:
    """Check where a row stands in the tree, and relate it to its cross references."""
    place, cells = line
    if cells["parent"] and cells["parent"] not in tree.competences:
        text = "the competence that this one stands under is not in the file"
        account.tell(refusal("E503", text, evolve(place, column="parent")))
    if cells["parent"] and cells["parent"] == cells["id"]:
        text = "a competence cannot stand under itself"
        account.tell(refusal("E510", text, evolve(place, column="parent")))
    for name in filter(None, cells.get("related", "").split(",")):
        other = name.strip().replace("%2C", ",")
        pair, where = frozenset((cells["id"], other)), f"{place.file}: related"
        if other not in tree.competences:
            text = "a cross reference leads to nothing in the file"
            account.tell(warning("E503", text, evolve(place, column="related")))
            account.lose(where, text)
        elif len(pair) == 1 or pair in tree.relations:
            account.lose(where, "it relates a competence to itself, or a pair once more")
        elif cells["id"] in tree.competences:
            tree.relations[pair] = _related(cells["id"], other)


def _related(source: str, target: str) -> Relation:
    kind = RelationKind.RELATED
    return Relation(kind=kind, source=CompetenceId(source), target=CompetenceId(target))


def _broader(lines: Sequence[Line], tree: _Tree) -> Iterator[Relation]:
    """Put each competence under its parent, or under the framework."""
    for _, cells in lines[1:]:
        parent = cells["parent"] or lines[0][1]["id"]
        if {cells["id"], parent} <= tree.competences.keys() and cells["id"] != parent:
            yield Relation(
                kind=RelationKind.BROADER,
                source=CompetenceId(cells["id"]),
                target=CompetenceId(parent),
            )


# --- out -------------------------------------------------------------------------------------


def _tree(
    enterprise: Enterprise, framework: CompetenceId
) -> Iterator[tuple[CompetenceId, CompetenceId | None]]:
    """Yield each competence of the tree with its parent, parents before children."""
    under: dict[str, list[CompetenceId]] = {}
    for each in enterprise.relations:
        if each.kind is RelationKind.BROADER:
            under.setdefault(each.target, []).append(each.source)
    seen, waiting = set[CompetenceId](), [(framework, framework)]
    while waiting:
        key, parent = waiting.pop()
        if key not in seen:
            seen.add(key)
            yield key, None if parent == framework else parent
            waiting.extend((each, key) for each in reversed(under.get(key, ())))


def _written(
    competence: Competence,
    parent: CompetenceId | None,
    scales: Mapping[ScaleId, Scale],
    framework: Competence,
    language: Language,
) -> dict[str, str]:
    """Write one competence; its scale only where it is not the framework's."""
    own = competence is framework or competence.scale != framework.scale
    scale = scales.get(competence.scale) if own else None
    return {
        "parent": parent or "",
        "id": competence.id,
        "name": competence.label.read(language)[:LONGEST],
        "description": _markup(competence.description.read(language)),
        "format": "1",
        "scale": "" if scale is None else _levels(scale, language),
        "configuration": "" if scale is None else _configuration(scale),
        "framework": "1" if competence is framework else "",
    }


def _levels(scale: Scale, language: Language) -> str:
    """Name each level from 1 up; one without a name is called by its number."""
    names = {each.level: each.label.read(language) for each in scale.names}
    levels = (names.get(Level(level)) or str(level) for level in range(1, scale.top + 1))
    return ",".join(name.replace(",", ";") for name in levels)


def _configuration(scale: Scale) -> str:
    """Say what Moodle must be told: the lowest level is where one starts, the top is proficient."""
    start, top = {"id": 1, "scaledefault": 1}, {"id": scale.top, "proficient": 1}
    levels = [start | top] if scale.top == 1 else [start, top]
    return json.dumps([{"scaleid": "1"}, *levels], separators=(",", ":"))


def _markup(text: str) -> str:
    escaped = html.escape(text, quote=False).replace("\r", "&#13;")
    return escaped.replace("\n", "<br>")


def _references(enterprise: Enterprise, written: Set[str]) -> dict[str, str]:
    """Give the cross references of each competence to others in the file, as Moodle lists them."""
    found: dict[str, list[str]] = {}
    for each in enterprise.relations:
        if each.kind is RelationKind.RELATED and each.target in written:
            found.setdefault(each.source, []).append(each.target.replace(",", "%2C"))
    return {source: ",".join(targets) for source, targets in found.items()}


def _table(
    lines: Sequence[Mapping[str, str]], related: Mapping[str, str], generation: Generation
) -> str:
    sheet, names = io.StringIO(newline=""), generation.value
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    for line in lines:
        cells = {**line, "related": related.get(line["id"], "")}
        writer.writerow([cells.get(name, "") for name in names])
    return sheet.getvalue()
