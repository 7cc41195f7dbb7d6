"""How do rows that were drawn each for itself become one Enterprise? Settled among one another.

A row refers to the nth of a kind; counting round those that there are makes that a reference which
leads somewhere. Levels are counted round their scale in the same way. A row that must refer to
something that is not there at all, or that another row contradicts, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar, cast

import attrs
from attrs import evolve

from kompetanse_core.conformance.facts import LETTERS, Known, id_fields
from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import (
    Competence,
    Crosswalk,
    Decay,
    EvidenceKind,
    Facet,
    Level,
    Relation,
    RelationKind,
    Scale,
)
from kompetanse_core.model.cooperation import Event, Matter, Register
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.mapping import MappingDesign, ScopeArea
from kompetanse_core.model.measure import Measure, Outcome, Scheme
from kompetanse_core.model.people import Assessment, Employee, Engagement, Evidence, Unit, Wish
from kompetanse_core.model.places import Places
from kompetanse_core.model.privacy import Actor, ActorKind, Retention
from kompetanse_core.model.succeeding import successions
from kompetanse_core.model.succession import HEIRS, Succession
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Driver,
    Goal,
    Headcount,
    Market,
    Need,
    Occupation,
    Requirement,
    Role,
    Seats,
    Task,
)


class _Identified(attrs.AttrsInstance, Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=attrs.AttrsInstance)

NAMED_LATER = tuple(f"r{number}" for number in range(1, 9))
"""The bearers of requirements as they are drawn, before it is known of which kind there are."""

Drawn = Mapping[type[attrs.AttrsInstance], Sequence[attrs.AttrsInstance]]
"""The rows of each noun, as they were drawn."""


def settled(drawn: Drawn) -> Enterprise:
    """Make one enterprise that hangs together of rows that were drawn each for itself."""
    enterprise = Enterprise()
    for add in (_frame, _reasons, _work, _demands, _ways, _people, _facts, _parties, _heritage):
        enterprise = add(drawn, enterprise)
    return enterprise


# --- the frame: scales, competences and how they hang together --------------------------------


def _frame(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    scales = _rows(drawn, Scale, {})
    known = {"ScaleId": _ids(scales)}
    walks = _rows(drawn, Crosswalk, known) if len(scales) > 1 else ()
    sofar = evolve(
        sofar,
        scales=scales,
        crosswalks=_first((_crosswalk(scales, walk) for walk in walks), _between),
        competences=_holdable(_rows(drawn, Competence, known)),
        decays=_first(_rows(drawn, Decay, {}), lambda decay: decay.facet),
    )
    known = {"CompetenceId": _ids(sofar.competences)}
    relations = (_relation(sofar, relation) for relation in _rows(drawn, Relation, known))
    return evolve(sofar, relations=_first(relations, _ends))


def _holdable(competences: Sequence[Competence]) -> tuple[Competence, ...]:
    """Let the first be no area, so that there is something to require and to hold."""
    return tuple(
        evolve(each, facet=each.facet or Facet.KNOWLEDGE) if place == 0 else each
        for place, each in enumerate(competences)
    )


def _crosswalk(scales: Sequence[Scale], walk: Crosswalk) -> Crosswalk:
    """Lead to another scale, and give each level one of that: the last goes on to the top."""
    tops, ids = {scale.id: scale.top for scale in scales}, [scale.id for scale in scales]
    other = ids[(ids.index(walk.target) + 1) % len(ids)]
    target = other if walk.target == walk.source else walk.target
    levels = [min(level, tops[target]) for level in walk.levels[: tops[walk.source] + 1]]
    rest = [levels[-1]] * (tops[walk.source] + 1 - len(levels))
    return evolve(walk, target=target, levels=(*levels, *rest))


def _between(walk: Crosswalk) -> Hashable:
    return walk.source, walk.target


def _relation(sofar: Enterprise, relation: Relation) -> Relation:
    """Let what may run in no circle point upwards, and drop levels on one scale only."""
    if relation.kind not in (RelationKind.RELATED, RelationKind.EQUIVALENT):
        low, high = sorted((relation.source, relation.target))
        relation = evolve(relation, source=low, target=high)
    competences = {competence.id: competence for competence in sofar.competences}
    source, target = competences[relation.source], competences[relation.target]
    tops = _tops(sofar)
    relation = evolve(
        relation,
        source_level=_from_one(relation.source_level, tops[source.id]),
        level=_from_one(relation.level, tops[target.id]),
        alternative="a" if relation.alternative else "",
    )
    if source.scale == target.scale and source.facet and target.facet:
        return relation
    equivalent = relation.kind is RelationKind.EQUIVALENT
    kind = RelationKind.RELATED if equivalent else relation.kind
    return evolve(relation, kind=kind, drop=None)


def _ends(relation: Relation) -> Hashable:
    """Tell relations apart: by kind and ends, and an equivalence by its two ends either way."""
    ends = (relation.source, relation.target)
    symmetric = relation.kind is RelationKind.EQUIVALENT
    return relation.kind, frozenset(ends) if symmetric else ends


# --- why and what: goals, drivers, needs, tasks, roles and what they take ---------------------


def _reasons(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    sofar = evolve(sofar, units=_rows(drawn, Unit, {}), goals=_rows(drawn, Goal, {}))
    sofar = evolve(sofar, drivers=_rows(drawn, Driver, _known(sofar)))
    return evolve(sofar, needs=_rows(drawn, Need, _known(sofar)))


def _work(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    known = _known(sofar)
    tasks, occupations = _rows(drawn, Task, known), _rows(drawn, Occupation, known)
    sofar = evolve(sofar, tasks=tasks, occupations=occupations)
    return evolve(sofar, roles=_rows(drawn, Role, _known(sofar)))


def _demands(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    known = _known(sofar)
    return evolve(
        sofar,
        requirements=_requirements(drawn, sofar),
        seats=_first(_rows(drawn, Seats, known), lambda seat: (seat.unit, seat.role)),
        headcounts=_first(
            (_headcount(sofar, headcount) for headcount in _rows(drawn, Headcount, known)),
            lambda headcount: (headcount.unit, headcount.competence),
        ),
        markets=_first(_rows(drawn, Market, known), lambda market: market.role),
    )


def _headcount(sofar: Enterprise, headcount: Headcount) -> Headcount:
    level = _from_one(headcount.level, _tops(sofar)[headcount.competence])
    return evolve(headcount, level=level)


def _requirements(drawn: Drawn, sofar: Enterprise) -> tuple[Requirement, ...]:
    bearers = {
        Bearer.ROLE: _ids(sofar.roles),
        Bearer.TASK: _ids(sofar.tasks),
        Bearer.OCCUPATION: _ids(sofar.occupations),
    }
    if not any(bearers.values()):
        return ()
    known = {**_known(sofar), "RoleId": NAMED_LATER}
    borne = (_borne(bearers, row) for row in _rows(drawn, Requirement, known))
    return _first(
        (_requirement(sofar, row) for row in borne),
        lambda row: (row.bearer, row.of, row.competence),
    )


def _borne(bearers: Mapping[Bearer, Sequence[str]], row: Requirement) -> Requirement:
    """Let a requirement belong to a bearer of its kind, or to one of another that there is."""
    kinds = (row.bearer, *bearers)
    bearer = next(kind for kind in kinds if bearers[kind])
    place = NAMED_LATER.index(row.of)
    return evolve(row, bearer=bearer, of=bearers[bearer][place % len(bearers[bearer])])


def _requirement(sofar: Enterprise, row: Requirement) -> Requirement:
    """Keep another scale only where its crosswalk makes the level a level above 0."""
    walk = _crosswalk_of(sofar, row)
    if walk is None or not walk.levels[-1]:
        top = _tops(sofar)[row.competence]
        return evolve(row, scale=None, level=_from_one(row.level, top))
    top = len(walk.levels) - 1
    level = _from_one(row.level, top)
    return evolve(row, scale=walk.source, level=level if walk.levels[level] else Level(top))


# --- what can be done: measures and schemes ---------------------------------------------------


def _ways(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    sofar = evolve(sofar, schemes=_rows(drawn, Scheme, _known(sofar)))
    measures = _rows(drawn, Measure, _known(sofar))
    return evolve(sofar, measures=[_measure(sofar, measure) for measure in measures])


def _measure(sofar: Enterprise, measure: Measure) -> Measure:
    known = _known(sofar)
    outcomes = [each for drawn in measure.outcomes for each in _referring(drawn, known)]
    fitted = (_outcome(sofar, outcome) for outcome in outcomes)
    return evolve(measure, outcomes=_first(fitted, lambda outcome: outcome.competence))


def _outcome(sofar: Enterprise, outcome: Outcome) -> Outcome:
    top = _tops(sofar)[outcome.competence]
    entry = outcome.entry % top
    reach = entry + _from_one(outcome.reach, top - entry)
    return evolve(outcome, entry=Level(entry), reach=Level(reach))


# --- who, and what is known about them --------------------------------------------------------


def _people(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    sofar = evolve(sofar, employees=_rows(drawn, Employee, {}))
    engagements = _rows(drawn, Engagement, _known(sofar))
    people = [engagement.employee for engagement in engagements]
    return evolve(sofar, engagements=[_part_of(people, each) for each in engagements])


def _part_of(people: Sequence[str], engagement: Engagement) -> Engagement:
    """Let nobody work more than full time, whatever the dates."""
    most = 10_000 // people.count(engagement.employee)
    return evolve(engagement, share=min(engagement.share, most))


def _facts(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    proofs = _rows(drawn, Evidence, _known(sofar))
    sofar = evolve(sofar, evidence=[_evidence(sofar, proof) for proof in proofs])
    known = _known(sofar)
    owners: dict[str, str] = {proof.id: proof.employee for proof in proofs}
    assessments = _rows(drawn, Assessment, known)
    return evolve(
        sofar,
        assessments=_first((_assessment(sofar, owners, each) for each in assessments), _itself),
        wishes=_first(_rows(drawn, Wish, known), _itself),
    )


def _itself(row: Assessment | Wish | ScopeArea) -> Hashable:
    return row


def _evidence(sofar: Enterprise, proof: Evidence) -> Evidence:
    """Let a level be one of a competence, and recognition a matter of an education (M-11)."""
    top = 0 if proof.competence is None else _tops(sofar)[proof.competence]
    measured = proof.kind is EvidenceKind.REAL_COMPETENCE_EDUCATION
    return evolve(
        proof,
        level=None if proof.level is None or not top else Level(proof.level % (top + 1)),
        recognition=proof.recognition if measured else None,
        remaining=proof.remaining if measured else None,
    )


def _assessment(sofar: Enterprise, owners: Mapping[str, str], row: Assessment) -> Assessment:
    """Keep the level on its scale, and evidence only where it is the same person's."""
    walk = _crosswalk_of(sofar, row)
    top = _tops(sofar)[row.competence] if walk is None else len(walk.levels) - 1
    own = owners.get(row.evidence or "") == row.employee
    return evolve(
        row,
        scale=None if walk is None else walk.source,
        level=Level(row.level % (top + 1)),
        evidence=row.evidence if own else None,
    )


# --- the two parties --------------------------------------------------------------------------


def _parties(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    actors, matters = _rows(drawn, Actor, _known(sofar)), _rows(drawn, Matter, _known(sofar))
    sofar = evolve(sofar, actors=[_actor(actor) for actor in actors], matters=matters)
    retentions, known = _rows(drawn, Retention, {}), _known(sofar)
    return evolve(
        sofar,
        designs=[_design(each, known) for each in _rows(drawn, MappingDesign, known)],
        register=Register(events=_rows(drawn, Event, _known(sofar))),
        retentions=_first(retentions, lambda retention: (retention.kept, retention.purpose)),
    )


def _design(design: MappingDesign, known: Known) -> MappingDesign:
    """Let each area of the scope lead to a unit and a competence that there are."""
    areas = (settled for area in design.areas for settled in _referring(area, known))
    return evolve(design, areas=_first(areas, _itself))


def _actor(actor: Actor) -> Actor:
    """Name the person behind a leader or an employee only, never behind a union seat."""
    own = actor.kind in (ActorKind.LEADER, ActorKind.EMPLOYEE)
    return evolve(actor, employee=actor.employee if own else None)


# --- what goes on under another id ------------------------------------------------------------


def _heritage(drawn: Drawn, sofar: Enterprise) -> Enterprise:
    """Keep each succession with which the whole still hangs together, the first of each source."""
    if not sofar.competences:
        return sofar
    for row in _rows(drawn, Succession, {"CompetenceId": _ids(sofar.competences)}):
        with suppress(Misuse):
            more = evolve(sofar, successions=(*sofar.successions, _succession(sofar, row)))
            once = len({(each.kind, each.source) for each in more.successions})
            flaws = successions(Places(parcel=more, known={}))
            sofar = more if once == len(more.successions) and not any(flaws) else sofar
    return sofar


def _succession(sofar: Enterprise, row: Succession) -> Succession:
    """Count its ids round those of its kind; competences only go on on their own scale."""
    ids = _ids(getattr(sofar, HEIRS[row.kind])) or ("none",)
    places = [_number(name) % len(ids) for name in (row.source, *row.targets)]
    source, *targets = (ids[place] for place in places)
    return evolve(row, source=source, targets=tuple(dict.fromkeys(targets)))


# --- rows that refer to what there is ---------------------------------------------------------


def _rows(drawn: Drawn, noun: type[N], known: Known) -> tuple[N, ...]:
    """Settle the rows of a noun one after the other: each may refer to those before it."""
    kind = f"{noun.__name__}Id"
    rows: list[N] = []
    for row in drawn[noun]:
        own = tuple(_name(kind, number) for number in range(1, len(rows) + 1))
        known = {**known, kind: own}
        rows.extend(_named(row, kind, len(rows) + 1) for row in _referring(cast("N", row), known))
    return tuple(rows)


def _referring(row: N, known: Known) -> Iterator[N]:
    """Give the row with references that lead somewhere, or nothing where it cannot have them."""
    fields = attrs.fields_dict(type(row))
    changes = {
        name: _leading(getattr(row, name), known.get(kind, ()))
        for name, kind in id_fields(type(row))
        if name != "id"
    }
    if any(changes[name] is None and fields[name].default is attrs.NOTHING for name in changes):
        return
    with suppress(Misuse):
        yield _changed(row, changes)


def _leading(value: object, ids: Sequence[str]) -> object:
    """Count references round the ids that there are."""
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(_leading(each, ids) for each in value)) if ids else ()
    return ids[_number(str(value)) % len(ids)] if value is not None and ids else None


def _number(name: str) -> int:
    """Read the place that a drawn reference gives, from 0."""
    return int(name.lstrip("".join(LETTERS.values()))) - 1


def _named(row: N, kind: str, number: int) -> N:
    """Call a row by its letter and number, if it has an id; the label says the same."""
    name = _name(kind, number)
    own = {"id": name, "label": Text(name)}
    fields = attrs.fields_dict(type(row))
    return _changed(row, {field: value for field, value in own.items() if field in fields})


def _name(kind: str, number: int) -> str:
    return f"{LETTERS.get(kind, '')}{number}"


def _changed(row: N, values: Mapping[str, object]) -> N:
    """Give a copy with other values, for a noun of whatever class."""
    copy: N = evolve(cast("Any", row), **values)
    return copy


def _first(rows: Iterable[N], key: Callable[[N], Hashable]) -> tuple[N, ...]:
    """Keep the first row of each key."""
    first: dict[Hashable, N] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return tuple(first.values())


# --- what there is to refer to ----------------------------------------------------------------


def _known(sofar: Enterprise) -> Known:
    """Give all ids that there are so far; areas are nothing to require or hold."""
    competences = (each for each in sofar.competences if each.facet is not None)
    return {
        "ScaleId": _ids(sofar.scales),
        "CompetenceId": _ids(competences),
        "GoalId": _ids(sofar.goals),
        "DriverId": _ids(sofar.drivers),
        "NeedId": _ids(sofar.needs),
        "UnitId": _ids(sofar.units),
        "TaskId": _ids(sofar.tasks),
        "OccupationId": _ids(sofar.occupations),
        "RoleId": _ids(sofar.roles),
        "SchemeId": _ids(sofar.schemes),
        "MeasureId": _ids(sofar.measures),
        "EmployeeId": _ids(sofar.employees),
        "EvidenceId": _ids(sofar.evidence),
        "RoundId": ("round1",),
        "ActorId": _ids(sofar.actors),
        "MatterId": _ids(sofar.matters),
    }


def _ids(rows: Iterable[_Identified]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _tops(sofar: Enterprise) -> dict[str, int]:
    top = {scale.id: scale.top for scale in sofar.scales}
    return {competence.id: top[competence.scale] for competence in sofar.competences}


def _crosswalk_of(sofar: Enterprise, row: Requirement | Assessment) -> Crosswalk | None:
    """Choose a crosswalk to the competence's scale for a row that names another scale."""
    scales = {competence.id: competence.scale for competence in sofar.competences}
    walks = [walk for walk in sofar.crosswalks if walk.target == scales[row.competence]]
    if row.scale is None or not walks:
        return None
    return walks[_ids(sofar.scales).index(row.scale) % len(walks)]


def _from_one(level: int, top: int) -> Level:
    """Count a level round 1..top, keeping small ones as they are."""
    return Level(1 + (level - 1) % top)
