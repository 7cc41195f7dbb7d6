"""Who works where, as a SCIM 2.0 server tells it? Scim, the source `scim`.

Users with the enterprise extension become people, units, roles and leaders; what they hold comes by
an extension of our own, `COMPETENCE`. Names, addresses and all else about a person are not asked
for; people go by a keyed hash of their id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from enum import Enum
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote, urlencode

from attrs import evolve, field, frozen

from kompetanse_adapters.calling import GOOD, Line, Manners, Resume, calling, gather, refuse_shrunk
from kompetanse_adapters.reading import Account, Node, Pseudonyms, find, read_instant
from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Assessment,
    AssessmentSource,
    Changes,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Facet,
    KompetanseError,
    Level,
    Misuse,
    Place,
    Reading,
    Role,
    RoleId,
    Scale,
    ScaleId,
    SourceMaker,
    SourceUnavailable,
    Text,
    Unit,
    UnitId,
    assemble,
    hookimpl,
)

W = TypeVar("W", bound=Enum)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
COMPETENCE = "urn:ietf:params:scim:schemas:extension:kompetanse:1.0:User"
"""Our extension: `competences`, each with `value`, `level`, `top`, and what else is known."""

PAGE = 100
"""How many users are asked for at a time."""

_SCIM = "application/scim+json"
_FILE = "Users"
_PLACED = (
    *("id", "active", "meta"),
    *(f"{ENTERPRISE}:{name}" for name in ("organization", "division", "department", "manager")),
)
_ASKED = (*_PLACED, "title", f"{COMPETENCE}:competences")
_TAKEN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "": frozenset({"schemas", "id", "active", "title", "meta", ENTERPRISE, COMPETENCE}),
        ENTERPRISE: frozenset({"organization", "division", "department", "manager"}),
        COMPETENCE: frozenset({"competences"}),
    }
)
_HELD = frozenset({"value", "display", "level", "top", "facet", "source", "assessed", "expires"})


@frozen(kw_only=True)
class Scim:
    """SCIM: the users of one SCIM 2.0 server, by pseudonym.

    `before` is how many people there were the last time; fewer than half of them stops the reading.
    """

    address: str = field(repr=False)
    token: str = field(repr=False)
    people: Pseudonyms
    before: int | None = None
    manners: Manners = GOOD

    def read(self, resume: Resume | None = None) -> Reading:
        """Read every user; `resume` goes on from where a reading stopped.

        Raises:
            SourceUnavailable: E701 to E706, as `calling` and `gather` tell; E705, if fewer than
                half of the people that were there before are left.
        """
        with calling(self.address, self.token, self.manners) as line:
            rows = _users(line, _ASKED, "", resume)
        reading = _told(rows, rows, self.people)
        refuse_shrunk(len(reading.parcel.employees), self.before, name=_FILE)
        return reading

    def read_since(self, since: str) -> Changes:
        """Read whoever was changed at or after an instant, and who there is at all.

        Raises:
            Misuse: E211, if `since` is no instant, or a user does not say when it was changed.
            SourceUnavailable: as `read`.
        """
        read_instant(since)
        with calling(self.address, self.token, self.manners) as line:
            there = _users(line, _PLACED, "", None)
            changed = _users(line, _ASKED, f'meta.lastModified ge "{since}"', None)
            leaders = {each for each in _standing(there).led.values() if each is not None}
            others = sorted(leaders - {node.needed("id") for node in changed})
            leading = [node for only in _those(others) for node in _users(line, _ASKED, only, None)]
        active = [node.needed("id") for node in there if _is_active(node)]
        people = tuple(sorted(map(self.people.of, active)))
        refuse_shrunk(len(people), self.before, name=_FILE)
        until = max((_stamp(node) for node in there), default=since)
        reading = _told((*changed, *leading), there, self.people)
        return Changes(reading=reading, people=people, until=until)


def scim(
    address: str,
    token: str,
    key: str | bytes | Pseudonyms,
    before: int | None = None,
    manners: Manners = GOOD,
) -> Scim:
    """Open the users of the SCIM server at an address such as `https://hr.example.org/scim/v2`.

    `key` is the secret that pseudonyms are made with; it stays with the caller.

    Raises:
        Misuse: E214, if the key is too short.
    """
    people = key if isinstance(key, Pseudonyms) else Pseudonyms(key)
    return Scim(address=address, token=token, people=people, before=before, manners=manners)


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `scim`."""
    text = "people, units, roles and levels from a SCIM 2.0 server"
    return (SourceMaker(name="scim", description=text, open=scim),)


# --- asking -----------------------------------------------------------------------------------


def _users(
    line: Line, attributes: tuple[str, ...], only: str, resume: Resume | None
) -> tuple[Node, ...]:
    """Ask for users, a page at a time, all of them or none.

    Raises:
        SourceUnavailable: E703, if the server gives other pages than it promises.
    """
    seen: set[str] = set()

    def turn(cursor: str) -> tuple[tuple[Node, ...], str | None]:
        start = int(cursor or "1")
        query = {"startIndex": start, "count": PAGE, "attributes": ",".join(attributes)}
        query |= {"filter": only} if only else {}
        path = f"/Users?{urlencode(query, quote_via=quote)}"
        answer = line.ask("GET", path, name=_FILE, accept=_SCIM)
        if not answer.sound:
            text = f"the server answered {answer.status}"
            raise SourceUnavailable("E706", text, place=Place(file=_FILE))
        return _page(answer.body, start, seen)

    found = gather({_FILE: turn}, most_pages=line.manners.most_pages, resume=resume)
    return found[_FILE]


def _page(body: Node, start: int, seen: set[str]) -> tuple[tuple[Node, ...], str | None]:
    """Take one page, if it is the one that was asked for (F16, F18, F19)."""
    try:
        total, rows = body.whole("totalResults"), body.nodes("Resources")
        ids = [row.needed("id") for row in rows]
    except Misuse as error:
        raise SourceUnavailable("E702", error.text, place=error.place) from None
    if total is None:
        place = body.at("totalResults")
        raise SourceUnavailable("E702", "a list does not say how long it is", place=place)
    if not seen.isdisjoint(ids) or len(set(ids)) != len(ids):
        text = "the server gives a user twice: the list changed while it was read, or runs round"
        raise SourceUnavailable("E703", text, place=Place(file=_FILE), hint="read it again")
    seen.update(ids)
    following = start + len(rows)
    if not rows and following <= total:
        text = f"the server promises {total} users and gives {following - 1}"
        raise SourceUnavailable("E703", text, place=Place(file=_FILE))
    return tuple(_numbered(rows, start)), (str(following) if following <= total else None)


def _numbered(rows: tuple[Node, ...], start: int) -> Iterator[Node]:
    """Name each user by its number in the list, never by its id."""
    for number, row in enumerate(rows, start):
        yield evolve(row, place=Place(file=_FILE, row=number))


def _those(ids: list[str]) -> Iterator[str]:
    """Mean the users of these ids, a few at a time: an address must not grow too long."""
    for first in range(0, len(ids), 20):
        yield " or ".join(f"id eq {json.dumps(each)}" for each in ids[first : first + 20])


# --- telling ----------------------------------------------------------------------------------


@frozen
class _Told:
    """The nouns that users become."""

    employees: list[Employee] = field(factory=list)
    roles: dict[str, Role] = field(factory=dict)
    engagements: list[Engagement] = field(factory=list)
    scales: dict[str, Scale] = field(factory=dict)
    competences: dict[str, Competence] = field(factory=dict)
    assessments: list[Assessment] = field(factory=list)


@frozen
class _Standing:
    """The units that there are, and for each the id of whom all others in it name as manager."""

    units: dict[str, Unit] = field(factory=dict)
    led: dict[UnitId, str | None] = field(factory=dict)
    shared: int = 0
    """How many units have several managers, and so no leader."""


def _told(rows: Iterable[Node], everybody: Iterable[Node], people: Pseudonyms) -> Reading:
    """Make an enterprise of users; whatever is wrong with one is told where it stands."""
    account, told, standing = Account(), _Told(), _standing(everybody)
    for node in rows:
        account.read[_FILE] += 1
        try:
            if _is_active(node):
                _take(node, people, told, account)
            else:
                account.leave_out(_FILE, "the user is not active")
        except KompetanseError as error:
            account.tell(find(error, error.place if error.place.file else node.place))
            account.leave_out(_FILE, "it cannot be read")
    account.lose("manager", "a unit has one leader, whom all others in it name", standing.shared)
    if told.employees:
        why = "names, addresses and whatever else a person has there are not asked for"
        account.lose("User", why, len(told.employees))
    parcel = Enterprise(
        scales=_sorted(told.scales),
        competences=_sorted(told.competences),
        roles=_sorted(told.roles),
        units=_sorted(standing.units),
        employees=told.employees,
        engagements=told.engagements,
        assessments=told.assessments,
        actors=tuple(_leaders(standing, people, {each.id for each in told.employees})),
    )
    return assemble(
        parcel, places=account.places, findings=account.findings(), losses=account.losses()
    )


def _sorted(nouns: Mapping[str, object]) -> list[object]:
    return [noun for _, noun in sorted(nouns.items())]


def _take(node: Node, people: Pseudonyms, told: _Told, account: Account) -> None:
    """Take one user: everything about them, or nothing."""
    employee = people.of(node.needed("id"))
    held = tuple(_levels(node, employee, account))
    unit, role = _unit(node.node(ENTERPRISE), {}), node.text("title").strip()
    told.employees.append(Employee(id=employee))
    for scale, competence, assessment in held:
        told.scales[scale.id] = scale
        told.competences.setdefault(competence.id, competence)
        told.assessments.append(assessment)
        account.places[assessment] = node.place
    if unit is not None and role:
        told.roles.setdefault(role, Role(id=RoleId(role), label=_text(role)))
        told.engagements.append(Engagement(employee=employee, unit=unit, role=RoleId(role)))
    else:
        account.lose("Engagement", "a user without both title and department is engaged in nothing")
    _count_untaken(node, account)


def _count_untaken(node: Node, account: Account) -> None:
    """Count what the server told without being asked, or what we have no place for."""
    for part, taken in _TAKEN.items():
        told = node.node(part) if part else node
        for name in sorted(set(told.value) - taken):
            account.lose(f"{part or 'User'}.{name}", "there is no place for it")
    for row in node.node(COMPETENCE).nodes("competences"):
        for name in sorted(set(row.value) - _HELD):
            account.lose(f"{COMPETENCE}.competences.{name}", "there is no place for it")


def _unit(told: Node, units: dict[str, Unit]) -> UnitId | None:
    """Find a user's unit: the department, in its division, in its organisation."""
    parent: UnitId | None = None
    for name in ("organization", "division", "department"):
        words = told.text(name).strip()
        if words:
            key = UnitId(f"{parent} / {words}" if parent else words)
            units.setdefault(key, Unit(id=key, label=_text(words), parent=parent))
            parent = key
    return parent


def _levels(
    node: Node, employee: EmployeeId, account: Account
) -> Iterator[tuple[Scale, Competence, Assessment]]:
    """Read what a user holds by our extension; each with the scale that its `top` tells."""
    changed = read_instant(_stamp(node))
    for row in node.node(COMPETENCE).nodes("competences"):
        top, level = row.whole("top"), row.whole("level")
        if top is None or level is None:
            missing = row.at("top" if top is None else "level")
            raise Misuse(
                "E214", "a level is told together with the highest there is", place=missing
            )
        scale = Scale(id=ScaleId(f"scim:{top}"), top=Level(top))
        competence = Competence(
            id=CompetenceId(row.needed("value")),
            label=_text(row.text("display") or row.needed("value")),
            facet=_worded(Facet, row, "facet", Facet.SKILL),
            scale=scale.id,
        )
        if not row.text("facet"):
            account.lose("Competence.facet", "no facet is told: read as a skill (K-5)")
        assessed = row.day("assessed")
        if assessed is None:
            account.lose("Assessment.assessed", "no day is told: when the user was last changed")
        assessment = Assessment(
            employee=employee,
            competence=competence.id,
            level=Level(level),
            source=_worded(AssessmentSource, row, "source", AssessmentSource.LEADER),
            assessed=assessed or changed.date(),
            expires=row.day("expires"),
            recorded=changed,
        )
        yield scale, competence, assessment


def _worded(kinds: type[W], row: Node, key: str, otherwise: W) -> W:
    """Read one of the words of an enum.

    Raises:
        Misuse: E213.
    """
    words = row.text(key)
    try:
        return kinds(words) if words else otherwise
    except ValueError:
        known = ", ".join(each.value for each in kinds)
        raise Misuse("E213", "not one of the words known", place=row.at(key), hint=known) from None


def _standing(everybody: Iterable[Node]) -> _Standing:
    """Find the units of whoever is active, and who leads each.

    A leader may read about everybody in the unit: so one of two managers leads nobody.
    """
    units: dict[str, Unit] = {}
    members: dict[UnitId, dict[str, str]] = {}
    for node in filter(_is_active, everybody):
        with suppress(Misuse):  # whoever cannot be read is told of where everything is taken
            work = node.node(ENTERPRISE)
            chief, unit = work.node("manager").text("value"), _unit(work, units)
            if unit is not None:
                members.setdefault(unit, {})[node.needed("id")] = chief
    here = {each for named in members.values() for each in named}
    led = {unit: _leader(named, here) for unit, named in sorted(members.items())}
    shared = sum(led[unit] is None and any(named.values()) for unit, named in members.items())
    return _Standing(units=units, led=led, shared=shared)


def _leader(named: Mapping[str, str], here: Set[str]) -> str | None:
    """Give the one manager whom all others of a unit name, if that one is here."""
    leaders = set(named.values()) - {""}
    unled = {each for each, chief in named.items() if not chief} - leaders
    return min(leaders) if len(leaders) == 1 and not unled and leaders <= here else None


def _leaders(standing: _Standing, people: Pseudonyms, known: Set[EmployeeId]) -> Iterator[Actor]:
    """Make a leader's seat of each unit, with nobody in it where nobody leads."""
    for unit, leader in standing.led.items():
        person = None if leader is None else people.of(leader)
        person = person if person in known else None
        key = ActorId(f"leader: {unit}")
        yield Actor(id=key, kind=ActorKind.LEADER, unit=unit, employee=person)


def _is_active(node: Node) -> bool:
    return node.value.get("active", True) is not False


def _stamp(node: Node) -> str:
    """Give when the server last changed a user, in UTC and so that text sorts as time.

    Raises:
        Misuse: E214 or E211.
    """
    meta = node.node("meta")
    at = read_instant(meta.needed("lastModified"))
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(words: str) -> Text:
    return Text(nb=words)
