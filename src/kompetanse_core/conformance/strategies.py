"""What may a whole enterprise look like? `enterprises`: Hypothesis draws one that hangs together.

Everything referred to exists, levels stay on their scales, relations run in no circle and nobody
works more than full time: assembling what is drawn finds no flaw. It may still leave remarks
(a requirement without a need, a profile of one group of competence), as real enterprises do.
Ids are short and tell their kind (`k1` a competence, `p1` a person), dates lie around `DAY`, and
what fails shrinks towards the empty enterprise.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

import attrs
from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kompetanse_core.conformance.facts import (
    DAY,
    LETTERS,
    Given,
    Known,
    days,
    instants,
    nouns,
    referred_to,
    words,
)
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Crosswalk,
    Decay,
    EvidenceKind,
    Level,
    Relation,
    RelationKind,
    Scale,
)
from kompetanse_core.model.cooperation import Event, Matter, Register
from kompetanse_core.model.enterprise import Enterprise, Finding, Loss, Reading
from kompetanse_core.model.measure import Measure, Outcome, Scheme
from kompetanse_core.model.people import Assessment, Employee, Engagement, Evidence, Unit, Wish
from kompetanse_core.model.privacy import Actor, ActorKind, Retention
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

__all__ = [
    "DAY",
    "NOTHING",
    "SMALL",
    "Size",
    "days",
    "enterprises",
    "instants",
    "nouns",
    "readings",
    "words",
]


class _Identified(attrs.AttrsInstance, Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=attrs.AttrsInstance)
R = TypeVar("R", bound=_Identified)

QUIET = frozenset(
    {
        *("label", "names", "description", "note", "how", "conditions", "operation_reason"),
        *("uri", "code", "source", "provider", "organisation", "qualification", "link", "family"),
        *("purpose", "basis", "keep_until"),
    }
)
"""Fields that no computation reads: they keep their defaults, so that examples stay readable."""


@frozen(kw_only=True)
class Size:
    """Say how many of each noun an enterprise holds; the names are those of `Enterprise`."""

    scales: int = 0
    decays: int = 0
    competences: int = 0
    relations: int = 0
    goals: int = 0
    drivers: int = 0
    needs: int = 0
    units: int = 0
    tasks: int = 0
    occupations: int = 0
    roles: int = 0
    requirements: int = 0
    seats: int = 0
    headcounts: int = 0
    markets: int = 0
    schemes: int = 0
    measures: int = 0
    employees: int = 0
    engagements: int = 0
    evidence: int = 0
    assessments: int = 0
    wishes: int = 0
    actors: int = 0
    retentions: int = 0
    matters: int = 0
    events: int = 0


NOTHING = Size()

AT_WORK = Size(
    scales=1,
    competences=2,
    units=1,
    roles=1,
    requirements=2,
    employees=1,
    engagements=1,
    assessments=1,
)
"""Somebody in a role that takes something: what two in three enterprises hold at least."""

SMALL = Size(
    scales=2,
    decays=2,
    competences=8,
    relations=8,
    goals=2,
    drivers=3,
    needs=3,
    units=3,
    tasks=3,
    occupations=2,
    roles=5,
    requirements=10,
    seats=4,
    headcounts=3,
    markets=2,
    schemes=1,
    measures=5,
    employees=6,
    engagements=8,
    evidence=4,
    assessments=12,
    wishes=3,
    actors=2,
    retentions=2,
    matters=2,
    events=4,
)


@st.composite
def enterprises(draw: DrawFn, *, least: Size = NOTHING, most: Size = SMALL) -> Enterprise:
    """Draw a whole enterprise that hangs together.

    `least` asks for some of a noun, where there is something for them to refer to:
    `enterprises(least=Size(units=1, roles=1, employees=1, engagements=1))` has somebody at work.
    Rows that would contradict one another are drawn once, so there may be fewer of those.
    """
    enterprise, usual = Enterprise(), draw(st.sampled_from((NOTHING, AT_WORK, AT_WORK)))
    bounds = _Bounds(least=least, usual=usual, most=most)
    for add in (_frame, _relations, _reasons, _work, _demands, _ways, _people, _facts, _parties):
        enterprise = add(draw, bounds, enterprise)
    return enterprise


def readings() -> st.SearchStrategy[Reading]:
    """Draw what a source may return: an enterprise, findings and losses."""
    return st.builds(
        Reading,
        parcel=enterprises(),
        findings=st.lists(nouns(Finding), max_size=3).map(tuple),
        losses=st.lists(nouns(Loss), max_size=3).map(tuple),
    )


@frozen(kw_only=True)
class _Bounds:
    least: Size
    usual: Size
    most: Size

    def of(self, name: str) -> tuple[int, int]:
        """Give the smallest and the largest number of a noun; `least` goes before `most`."""
        least, usual, most = (getattr(size, name) for size in (self.least, self.usual, self.most))
        most = max(least, most)
        return max(least, min(usual, most)), most


# --- the frame: scales, competences and how they hang together --------------------------------


def _frame(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    scales = _numbered(draw, Scale, bounds.of("scales"), {})
    known = {"ScaleId": _ids(scales)}
    competences = _numbered(draw, Competence, bounds.of("competences"), known)
    decays = _rows(draw, Decay, bounds.of("decays"), {})
    return evolve(
        sofar,
        scales=scales,
        crosswalks=_crosswalks(draw, scales),
        competences=competences,
        decays=_distinct(decays, lambda decay: decay.facet),
    )


def _crosswalks(draw: DrawFn, scales: Sequence[Scale]) -> tuple[Crosswalk, ...]:
    pairs = [(a, b) for a in scales for b in scales if a.id != b.id]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return tuple(
        Crosswalk(source=a.id, target=b.id, levels=tuple(map(Level, _rising(draw, a.top, b.top))))
        for a, b in chosen
    )


def _rising(draw: DrawFn, steps: int, top: int) -> tuple[int, ...]:
    """Draw levels that start at 0 and never fall, one for each level of the source's scale."""
    levels = st.lists(st.integers(0, top), min_size=steps, max_size=steps)
    return (0, *sorted(draw(levels)))


def _relations(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    ids = _ids(sofar.competences)
    pairs = [(a, b) for a in ids for b in ids if a != b]
    if not pairs:
        return sofar
    drawn = _rows(draw, Relation, bounds.of("relations"), {})
    placed = (_placed(relation, draw(st.sampled_from(pairs))) for relation in drawn)
    fitted = (_fitted_relation(sofar, relation) for relation in placed)
    return evolve(sofar, relations=_distinct(fitted, _ends))


def _placed(relation: Relation, ends: tuple[str, str]) -> Relation:
    return evolve(relation, source=CompetenceId(ends[0]), target=CompetenceId(ends[1]))


def _fitted_relation(sofar: Enterprise, relation: Relation) -> Relation:
    """Let relations that may run in no circle point upwards, and drop levels on one scale only."""
    competences = {competence.id: competence for competence in sofar.competences}
    if relation.kind not in (RelationKind.RELATED, RelationKind.EQUIVALENT):
        low, high = sorted((relation.source, relation.target))
        relation = evolve(relation, source=low, target=high)
    source, target = competences[relation.source], competences[relation.target]
    tops = _tops(sofar)
    relation = evolve(
        relation,
        source_level=_from_one(relation.source_level, tops[source.id]),
        level=_from_one(relation.level, tops[target.id]),
        alternative=relation.alternative[:1] and "a",
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


def _reasons(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    units = _tree(draw, _numbered(draw, Unit, bounds.of("units"), {}), "parent")
    goals = _numbered(draw, Goal, bounds.of("goals"), {})
    known: Known = {"UnitId": _ids(units), "GoalId": _ids(goals)}
    drivers = _numbered(draw, Driver, bounds.of("drivers"), known)
    known = {**known, "DriverId": _ids(drivers)}
    needs = _numbered(draw, Need, bounds.of("needs"), known)
    return evolve(sofar, units=units, goals=goals, drivers=drivers, needs=needs)


def _work(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    known: Known = {"GoalId": _ids(sofar.goals), "CompetenceId": _held(sofar)}
    tasks = _numbered(draw, Task, bounds.of("tasks"), known)
    occupations = _numbered(draw, Occupation, bounds.of("occupations"), known)
    known = {**known, "TaskId": _ids(tasks), "OccupationId": _ids(occupations)}
    roles = _numbered(draw, Role, bounds.of("roles"), known)
    occupations = _forest(draw, occupations, "broader")
    return evolve(sofar, tasks=tasks, occupations=occupations, roles=roles)


def _demands(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    known = _known(sofar)
    seats = _rows(draw, Seats, bounds.of("seats"), known)
    headcounts = (
        evolve(headcount, level=_from_one(headcount.level, _tops(sofar)[headcount.competence]))
        for headcount in _rows(draw, Headcount, bounds.of("headcounts"), known)
    )
    markets = _rows(draw, Market, bounds.of("markets"), known)
    return evolve(
        sofar,
        requirements=_requirements(draw, bounds.of("requirements"), sofar),
        seats=_distinct(seats, lambda seat: (seat.unit, seat.role)),
        headcounts=_distinct(headcounts, lambda headcount: (headcount.unit, headcount.competence)),
        markets=_distinct(markets, lambda market: market.role),
    )


def _requirements(
    draw: DrawFn, bounds: tuple[int, int], sofar: Enterprise
) -> tuple[Requirement, ...]:
    bearers = [
        *((Bearer.ROLE, role.id) for role in sofar.roles),
        *((Bearer.TASK, task.id) for task in sofar.tasks),
        *((Bearer.OCCUPATION, occupation.id) for occupation in sofar.occupations),
    ]
    if not bearers:
        return ()
    drawn = _rows(draw, Requirement, bounds, _known(sofar))
    borne = (_borne(draw(st.sampled_from(bearers)), requirement) for requirement in drawn)
    fitted = (_fitted_requirement(sofar, requirement) for requirement in borne)
    return _distinct(fitted, lambda row: (row.bearer, row.of, row.competence))


def _borne(bearer: tuple[Bearer, str], requirement: Requirement) -> Requirement:
    return evolve(requirement, bearer=bearer[0], of=bearer[1])


def _fitted_requirement(sofar: Enterprise, requirement: Requirement) -> Requirement:
    """Keep another scale only where its crosswalk makes the level a level above 0."""
    levels = _crossed(sofar, requirement)
    if requirement.scale is None or levels is None or not levels[-1]:
        top = _tops(sofar)[requirement.competence]
        return evolve(requirement, scale=None, level=_from_one(requirement.level, top))
    level = _from_one(requirement.level, len(levels) - 1)
    return evolve(requirement, level=level if levels[level] else Level(len(levels) - 1))


# --- what can be done: measures and schemes ---------------------------------------------------


def _ways(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    schemes = _numbered(draw, Scheme, bounds.of("schemes"), {})
    known = {**_known(sofar), "SchemeId": _ids(schemes)}
    drawn = _numbered(draw, Measure, bounds.of("measures"), known)
    fitted = [_fitted_measure(sofar, measure) for measure in drawn]
    return evolve(sofar, schemes=schemes, measures=_forest(draw, fitted, "prior"))


def _fitted_measure(sofar: Enterprise, measure: Measure) -> Measure:
    outcomes = (_fitted_outcome(sofar, outcome) for outcome in measure.outcomes)
    return evolve(measure, outcomes=tuple(outcomes))


def _fitted_outcome(sofar: Enterprise, outcome: Outcome) -> Outcome:
    top = _tops(sofar)[outcome.competence]
    entry = outcome.entry % top
    reach = entry + _from_one(outcome.reach, top - entry)
    return evolve(outcome, entry=Level(entry), reach=Level(reach))


# --- who, and what is known about them --------------------------------------------------------


def _people(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    employees = _numbered(draw, Employee, bounds.of("employees"), {})
    known = {**_known(sofar), "EmployeeId": _ids(employees)}
    engagements = _rows(draw, Engagement, bounds.of("engagements"), known)
    return evolve(sofar, employees=employees, engagements=_within_full_time(engagements))


def _within_full_time(engagements: Sequence[Engagement]) -> tuple[Engagement, ...]:
    """Let nobody work more than full time, whatever the dates."""
    parts = [engagement.employee for engagement in engagements]
    return tuple(
        evolve(engagement, share=min(engagement.share, 10_000 // parts.count(engagement.employee)))
        for engagement in engagements
    )


def _facts(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    known = _known(sofar)
    evidence = _numbered(draw, Evidence, bounds.of("evidence"), known)
    known = {**known, "EvidenceId": _ids(evidence), "RoundId": ("round1",)}
    owners: dict[str, str] = {proof.id: proof.employee for proof in evidence}
    assessments = _rows(draw, Assessment, bounds.of("assessments"), known)
    return evolve(
        sofar,
        evidence=[_fitted_evidence(sofar, proof) for proof in evidence],
        assessments=_distinct(
            (_fitted_assessment(sofar, owners, assessment) for assessment in assessments), hash
        ),
        wishes=_distinct(_rows(draw, Wish, bounds.of("wishes"), known), hash),
    )


def _fitted_evidence(sofar: Enterprise, proof: Evidence) -> Evidence:
    top = 0 if proof.competence is None else _tops(sofar)[proof.competence]
    measured = proof.kind is EvidenceKind.REAL_COMPETENCE_EDUCATION
    return evolve(
        proof,
        level=None if proof.level is None or not top else Level(proof.level % (top + 1)),
        recognition=proof.recognition if measured else None,
        remaining=proof.remaining if measured else None,
    )


def _fitted_assessment(
    sofar: Enterprise, owners: Mapping[str, str], assessment: Assessment
) -> Assessment:
    """Keep the level on its scale, and evidence only where it is the same person's."""
    levels = _crossed(sofar, assessment)
    top = _tops(sofar)[assessment.competence] if levels is None else len(levels) - 1
    own = owners.get(assessment.evidence or "") == assessment.employee
    return evolve(
        assessment,
        scale=None if levels is None else assessment.scale,
        level=Level(assessment.level % (top + 1)),
        evidence=assessment.evidence if own else None,
    )


# --- the two parties --------------------------------------------------------------------------


def _parties(draw: DrawFn, bounds: _Bounds, sofar: Enterprise) -> Enterprise:
    known = _known(sofar)
    drawn = _numbered(draw, Actor, bounds.of("actors"), known)
    matters = _numbered(draw, Matter, bounds.of("matters"), known)
    known = {**known, "ActorId": _ids(drawn), "MatterId": _ids(matters)}
    events = _forest(draw, _numbered(draw, Event, bounds.of("events"), known), "refers_to")
    retentions = _rows(draw, Retention, bounds.of("retentions"), {})
    return evolve(
        sofar,
        actors=[_fitted_actor(actor) for actor in drawn],
        matters=matters,
        register=Register(events=events),
        retentions=_distinct(retentions, lambda retention: (retention.kept, retention.purpose)),
    )


def _fitted_actor(actor: Actor) -> Actor:
    """Name the person behind a leader or an employee only, never behind a union seat."""
    own = actor.kind in (ActorKind.LEADER, ActorKind.EMPLOYEE)
    return evolve(actor, employee=actor.employee if own else None)


# --- drawing rows -----------------------------------------------------------------------------


def _rows(draw: DrawFn, noun: type[N], bounds: tuple[int, int], known: Known) -> tuple[N, ...]:
    """Draw several of a noun, or none where there is nothing for them to refer to."""
    row = _row(noun, tuple((kind, known.get(kind, ())) for kind in referred_to(noun)))
    least, most = bounds
    return () if row.is_empty else tuple(draw(st.lists(row, min_size=least, max_size=most)))


@functools.lru_cache(maxsize=1_000)
def _row(noun: type[N], known: tuple[tuple[str, tuple[str, ...]], ...]) -> st.SearchStrategy[N]:
    """Make a strategy once for all examples in which there is the same to refer to."""
    return nouns(noun, known=dict(known), given=_set_later(noun), plain=QUIET)


def _set_later(noun: type[attrs.AttrsInstance]) -> Given:
    """Hold the place of the fields that are set when all rows are there."""
    fields: Mapping[type, Given] = {
        Relation: {"source": st.just("x"), "target": st.just("y")},
        Requirement: {"bearer": st.just(Bearer.ROLE), "of": st.just("x")},
    }
    return {"id": st.just("x"), "label": st.just(Text()), **fields.get(noun, {})}


def _numbered(draw: DrawFn, noun: type[N], bounds: tuple[int, int], known: Known) -> tuple[N, ...]:
    """Draw several of a noun and call them by their letter and number; the label says the same."""
    letter = LETTERS[f"{noun.__name__}Id"]
    rows = _rows(draw, noun, bounds, known)
    return tuple(_named(row, f"{letter}{number}") for number, row in enumerate(rows, start=1))


def _named(row: N, name: str) -> N:
    own = {"id": name, "label": Text(name)}
    fields = {field.name for field in attrs.fields(type(row))}
    return _changed(row, {field: value for field, value in own.items() if field in fields})


def _changed(row: N, values: Mapping[str, object]) -> N:
    """Give a copy with other values, for a noun of whatever class."""
    copy: N = evolve(cast("Any", row), **values)
    return copy


def _tree(draw: DrawFn, rows: Sequence[R], field: str) -> tuple[R, ...]:
    """Let each row hang below one earlier row, or below none."""
    ids = _ids(rows)
    return tuple(
        _changed(row, {field: draw(st.sampled_from((None, *ids[:place])))})
        for place, row in enumerate(rows)
    )


def _forest(draw: DrawFn, rows: Sequence[R], field: str) -> tuple[R, ...]:
    """Let each row point to up to two earlier rows."""
    ids = _ids(rows)
    return tuple(
        _changed(row, {field: tuple(draw(_some(ids[:place])))}) for place, row in enumerate(rows)
    )


def _some(ids: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(ids), max_size=2, unique=True) if ids else st.just([])


def _distinct(rows: Iterable[N], key: Callable[[N], Hashable]) -> tuple[N, ...]:
    """Keep the first row of each key."""
    first: dict[Hashable, N] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return tuple(first.values())


# --- what there is to refer to ----------------------------------------------------------------


def _ids(rows: Iterable[_Identified]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)


def _known(sofar: Enterprise) -> Known:
    return {
        "ScaleId": _ids(sofar.scales),
        "CompetenceId": _held(sofar),
        "GoalId": _ids(sofar.goals),
        "NeedId": _ids(sofar.needs),
        "UnitId": _ids(sofar.units),
        "RoleId": _ids(sofar.roles),
        "MeasureId": _ids(sofar.measures),
        "SchemeId": _ids(sofar.schemes),
        "EmployeeId": _ids(sofar.employees),
    }


def _held(sofar: Enterprise) -> tuple[str, ...]:
    """Give the competences that can be required and held: all but areas."""
    return _ids(competence for competence in sofar.competences if competence.facet is not None)


def _tops(sofar: Enterprise) -> dict[str, int]:
    top = {scale.id: scale.top for scale in sofar.scales}
    return {competence.id: top[competence.scale] for competence in sofar.competences}


def _crossed(sofar: Enterprise, row: Requirement | Assessment) -> tuple[Level, ...] | None:
    """Find the crosswalk from the row's own scale to its competence's, if it names one."""
    scales = {competence.id: competence.scale for competence in sofar.competences}
    levels = {(walk.source, walk.target): walk.levels for walk in sofar.crosswalks}
    return None if row.scale is None else levels.get((row.scale, scales[row.competence]))


def _from_one(level: int, top: int) -> Level:
    """Bring a level down to 1..top, keeping small ones as they are."""
    return Level(1 + (level - 1) % top)
