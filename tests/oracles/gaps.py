"""What would plain Python answer? Holdings and gaps straight from the semantics, one row at a time.

Nothing here is shared with the library but its nouns: dicts and dates, no arrays, no graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import frozen

from kompetanse_core.gap import By, LevelState, Proof, Validity
from kompetanse_core.mapping import Combining
from kompetanse_core.model.competence import RelationKind
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Assessment, AssessmentSource, Evidence
from kompetanse_core.model.work import Bearer, Demand, Requirement, Role

EVER = date.max
TRUST = (
    {AssessmentSource.CREDENTIAL, AssessmentSource.TEST},
    {AssessmentSource.JOINT},
    {AssessmentSource.LEADER},
    {AssessmentSource.SELF},
)


@frozen
class Held:
    """A level, the last day it holds, and the competence that was assessed."""

    level: int
    until: date
    via: str


@frozen
class Asked:
    """What a role or task asks of one competence."""

    level: int
    weight: int
    demand: Demand
    statutory: bool
    proof: frozenset[Any]
    needs: frozenset[str]


@frozen
class Question:
    """An enterprise and what is asked about it."""

    enterprise: Enterprise
    on: date
    known_at: datetime | None
    combining: Combining
    expiring_within: int = 180


# --- what people hold -------------------------------------------------------------------------


def said(q: Question) -> dict[tuple[str, str], Held]:
    """The one assessment that counts for each person and competence, by its level today."""
    found: dict[tuple[str, str], list[Assessment]] = defaultdict(list)
    for a in q.enterprise.assessments:
        if a.assessed <= q.on and (q.known_at is None or a.recorded <= q.known_at):
            found[a.employee, a.competence].append(a)
    return {key: _winner(q, many) for key, many in found.items()}


def held(q: Question) -> dict[tuple[str, str], Held]:
    """The best of what was said and of all that counts as it."""
    direct, drops = said(q), cheapest(q.enterprise, _carrying(q.enterprise))
    best = dict(direct)
    for (employee, source), one in sorted(direct.items()):
        for target, drop in drops.get(source, {}).items():
            implied = Held(one.level - drop, one.until, source)
            now = best.get((employee, target))
            if implied.level > 0 and (now is None or _worth(q, implied) > _worth(q, now)):
                best[employee, target] = implied
    return best


def cheapest(e: Enterprise, steps: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """The least drop from each competence to each other, by going on until nothing improves."""
    scale: dict[str, str] = {c.id: c.scale for c in e.competences}
    top: dict[str, int] = {s.id: s.top for s in e.scales}
    edges = [(a, b, drop) for a, b, drop in steps if scale.get(a) == scale.get(b)]
    ways: dict[str, dict[str, int]] = {}
    for start in scale:
        reach: dict[str, int] = {start: 0}
        for _ in scale:
            for a, b, drop in edges:
                if a in reach and reach[a] + drop < min(reach.get(b, 10**9), top[scale[start]]):
                    reach[b] = reach[a] + drop
        ways[start] = {target: drop for target, drop in reach.items() if target != start}
    return ways


def _winner(q: Question, many: Sequence[Assessment]) -> Held:
    def key(a: Assessment) -> tuple[Any, ...]:
        trust = -next(n for n, group in enumerate(TRUST) if a.source in group)
        level, until = _today(q, a), a.expires or EVER
        return {
            Combining.JOINT_FIRST: (trust, a.assessed, a.recorded, level, until),
            Combining.LATEST: (a.assessed, a.recorded, trust, level, until),
            Combining.BEST: (until >= q.on, level, until, trust, a.assessed),
        }[q.combining]

    best = max(many, key=key)
    return Held(_today(q, best), best.expires or EVER, best.competence)


def _today(q: Question, a: Assessment) -> int:
    competence = next(c for c in q.enterprise.competences if c.id == a.competence)
    level = _own(q.enterprise, a.level, a.scale, competence.scale)
    spans = [decay.months for decay in q.enterprise.decays if decay.facet is competence.facet]
    lost = _months(a.assessed, q.on) // min(spans) if spans else 0
    return max(0, level - lost)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _own(e: Enterprise, level: int, scale: str | None, own: str) -> int:
    if scale in (None, own):
        return level
    walk = next(w for w in e.crosswalks if (w.source, w.target) == (scale, own))
    return walk.levels[level]


def _worth(q: Question, one: Held) -> tuple[bool, int, date]:
    return one.until >= q.on, one.level, one.until


def _carrying(e: Enterprise) -> Iterator[tuple[str, str, int]]:
    yield from _equal(e)
    for r in e.relations:
        if r.drop is not None:
            yield r.source, r.target, r.drop


def _equal(e: Enterprise) -> Iterator[tuple[str, str, int]]:
    for r in e.relations:
        if r.kind is RelationKind.EQUIVALENT:
            yield r.source, r.target, 0
            yield r.target, r.source, 0


# --- what is asked ----------------------------------------------------------------------------


def role_asks(q: Question, role: Role) -> dict[str, Asked]:
    """What a role asks on the day, by competence."""
    own = _active(q, Bearer.ROLE, role.id)
    start = _active(q, Bearer.OCCUPATION, role.occupation)
    mine = {r.competence for r in own} | set(role.waives)
    tasks = [r for task in role.tasks for r in _active(q, Bearer.TASK, task)]
    return _together(q, [*own, *(r for r in start if r.competence not in mine), *tasks])


def task_asks(q: Question, task: str) -> dict[str, Asked]:
    """What a task asks by itself on the day, by competence."""
    return _together(q, _active(q, Bearer.TASK, task))


def _active(q: Question, bearer: Bearer, of: str | None) -> list[Requirement]:
    return [
        r
        for r in q.enterprise.requirements
        if (r.bearer, r.of) == (bearer, of)
        and (r.start or date.min) <= q.on <= (r.end or EVER)
        and _level(q, r) > 0
    ]


def _level(q: Question, r: Requirement) -> int:
    scale = next(c.scale for c in q.enterprise.competences if c.id == r.competence)
    return _own(q.enterprise, r.level, r.scale, scale)


def _together(q: Question, many: Iterable[Requirement]) -> dict[str, Asked]:
    groups: dict[str, list[Requirement]] = defaultdict(list)
    for r in many:
        groups[r.competence].append(r)
    return {competence: _one(q, groups[competence]) for competence in sorted(groups)}


def _one(q: Question, many: Sequence[Requirement]) -> Asked:
    proofs = [r.proof for r in many if r.proof]
    shared = frozenset.intersection(*proofs) if proofs else frozenset()
    return Asked(
        level=max(_level(q, r) for r in many),
        weight=sum(r.weight for r in many),
        demand=Demand.REQUIRED
        if any(r.demand is Demand.REQUIRED for r in many)
        else Demand.DESIRED,
        statutory=any(r.statutory for r in many),
        proof=shared or frozenset().union(*proofs),
        needs=frozenset(need for r in many for need in r.needs),
    )


# --- gaps -------------------------------------------------------------------------------------


def posts(q: Question) -> list[tuple[str, str, str]]:
    """Employee, role and unit of everybody engaged on the day, each once."""
    return sorted({(e.employee, e.role, e.unit) for e in _engaged(q)})


def rows(q: Question) -> list[tuple[Any, ...]]:
    """All gaps as tuples, in the order of the fields of `Gap`."""
    asks: dict[str, dict[str, Asked]] = {role.id: role_asks(q, role) for role in q.enterprise.roles}
    judge = _judge(q)
    return [
        (employee, role, unit, competence, *judge(employee, competence, asked))
        for employee, role, unit in posts(q)
        for competence, asked in asks[role].items()
    ]


def _judge(q: Question) -> Callable[[str, str, Asked], tuple[Any, ...]]:
    levels, direct = held(q), said(q)
    kin = cheapest(q.enterprise, _equal(q.enterprise))

    def judge(employee: str, competence: str, asked: Asked) -> tuple[Any, ...]:
        same = [competence, *sorted(kin[competence])]
        if asked.statutory:
            fits = [
                direct[employee, each]
                for each in same
                if (employee, each) in direct
                and (each == competence or direct[employee, each].level > 0)
            ]
            one = max(fits, key=lambda h: _worth(q, h), default=None)
        else:
            one = levels.get((employee, competence))
        proof, proven_until = _proof(q, employee, same, asked)
        until = min(one.until if one else EVER, proven_until)
        return _judged(q, asked, one, proof, until)

    return judge


def _judged(
    q: Question, asked: Asked, one: Held | None, proof: Proof, until: date
) -> tuple[Any, ...]:
    total, strict = asked.level * asked.weight, asked.statutory or bool(asked.proof)
    validity = Validity.VALID
    if until < q.on:
        validity = Validity.EXPIRED
    elif until != EVER and until - q.on <= timedelta(days=q.expiring_within):
        validity = Validity.EXPIRING
    if one is None or (validity is Validity.EXPIRED and not strict):
        met, missing, unknown = 0, 0, total
    elif validity is Validity.EXPIRED or proof is Proof.MISSING:
        met, missing, unknown = 0, total, 0
    else:
        met = min(one.level, asked.level) * asked.weight
        missing, unknown = total - met, 0
    return (
        asked.level, one.level if one else None, asked.weight, asked.demand, asked.statutory,
        _state(one, asked.level), validity, proof, None if until == EVER else until,
        met, missing, unknown,
    )  # fmt: skip


def _state(one: Held | None, need: int) -> LevelState:
    if one is None:
        return LevelState.UNKNOWN
    if one.level == 0:
        return LevelState.NONE
    if one.level < need:
        return LevelState.BELOW
    return LevelState.MET if one.level == need else LevelState.SURPLUS


def _proof(q: Question, employee: str, same: Sequence[str], asked: Asked) -> tuple[Proof, date]:
    if not asked.proof:
        return Proof.NOT_NEEDED, EVER

    def proves(e: Evidence) -> bool:
        return (
            e.employee == employee
            and e.competence in same
            and e.kind in asked.proof
            and e.verified
            and (e.issued or date.min) <= q.on
            and (q.known_at is None or e.recorded <= q.known_at)
            and (e.level is None or e.level >= asked.level)
        )

    ends = [e.expires or EVER for e in q.enterprise.evidence if proves(e)]
    return (Proof.PROVEN, max(ends)) if ends else (Proof.MISSING, EVER)


def _engaged(q: Question) -> Iterator[Any]:
    for e in q.enterprise.engagements:
        if (e.start or date.min) <= q.on <= (e.end or EVER):
            yield e


# --- sums -------------------------------------------------------------------------------------


def roll_up(q: Question, by: By, demand: Demand | None) -> list[tuple[str, int, int, int, int]]:
    """Key, met, missing, unknown and number of people, by key."""
    sums: dict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    people: dict[str, set[str]] = defaultdict(set)
    for keys, row in _keyed(q, by):
        if demand in (None, row[7]):
            for key in keys:
                people[key].add(row[0])
                met, missing, unknown = sums[key]
                sums[key] = met + row[13], missing + row[14], unknown + row[15]
    return [(key, *three, len(people[key])) for key, three in sorted(sums.items())]


def _keyed(q: Question, by: By) -> Iterator[tuple[set[str], tuple[Any, ...]]]:
    e = q.enterprise
    if by is By.TASK:
        yield from _task_rows(q)
        return
    parents: dict[str, str | None] = {unit.id: unit.parent for unit in e.units}
    facets = {c.id: c.facet.value if c.facet else "" for c in e.competences}
    asks: dict[str, dict[str, Asked]] = {role.id: role_asks(q, role) for role in e.roles}
    raised: dict[str, tuple[str, ...]] = {need.id: need.drivers for need in e.needs}
    for row in rows(q):
        employee, role, unit, competence = row[:4]
        drivers: set[str] = {d for need in asks[role][competence].needs for d in raised[need]}
        keys = {
            By.EMPLOYEE: {employee},
            By.UNIT: {unit},
            By.BRANCH: set(above(unit, parents)),
            By.ROLE: {role},
            By.COMPETENCE: {competence},
            By.FACET: {facets[competence]},
            By.DRIVER: drivers or {""},
        }
        yield keys[by], row


def _task_rows(q: Question) -> Iterator[tuple[set[str], tuple[Any, ...]]]:
    tasks: dict[str, tuple[str, ...]] = {role.id: role.tasks for role in q.enterprise.roles}
    judge = _judge(q)
    for employee, role, unit in posts(q):
        for task in tasks[role]:
            for competence, asked in task_asks(q, task).items():
                row = (employee, role, unit, competence, *judge(employee, competence, asked))
                yield {task}, row


def above(unit: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """A unit and all above it."""
    here: str | None = unit
    while here is not None:
        yield here
        here = parents[here]


# --- seats, headcounts and what is not used ---------------------------------------------------


def seats(q: Question) -> list[tuple[str, str, int, int]]:
    """Unit, role, share wanted and share filled."""
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for s in q.enterprise.seats:
        if (s.start or date.min) <= q.on <= (s.end or EVER):
            wanted[s.unit, s.role] += s.share
    filled: dict[tuple[str, str], int] = defaultdict(int)
    for e in _engaged(q):
        filled[e.unit, e.role] += e.share
    return [(*place, wanted[place], filled[place]) for place in sorted(wanted)]


def headcounts(q: Question) -> list[tuple[Any, int, int]]:
    """Each headcount with the people known to hold the level and those not known about."""
    return [
        (h, list(told.values()).count("known"), list(told.values()).count("unknown"))
        for h, told in heads(q)
    ]


def heads(q: Question) -> list[tuple[Any, dict[str, str]]]:
    """Each headcount with all who work in its unit or below, and where each of them stands."""
    parents: dict[str, str | None] = {unit.id: unit.parent for unit in q.enterprise.units}
    judge = _judge(q)
    found = []
    for h in q.enterprise.headcounts:
        if not (h.start or date.min) <= q.on <= (h.end or EVER):
            continue
        asked = Asked(h.level, 1, Demand.REQUIRED, h.statutory, frozenset(), frozenset())
        told: dict[str, str] = {}
        for person in {e.employee for e in _engaged(q) if h.unit in above(e.unit, parents)}:
            _, level, *_, validity = judge(person, h.competence, asked)[:7]
            silent = level is None or validity is Validity.EXPIRED
            told[person] = "unknown" if silent else "known" if level >= h.level else "lacking"
        found.append((h, told))
    return found


def unused(q: Question) -> list[tuple[str, str, int]]:
    """Employee, competence and level of what is held and neither required nor counts as such."""
    drops = cheapest(q.enterprise, _carrying(q.enterprise))
    asked: dict[str, set[str]] = defaultdict(set)
    roles: dict[str, Role] = {role.id: role for role in q.enterprise.roles}
    for employee, role, _ in posts(q):
        asked[employee] |= set(role_asks(q, roles[role]))
    return sorted(
        (employee, competence, one.level)
        for (employee, competence), one in said(q).items()
        if employee in asked and one.level > 0 and one.until >= q.on
        and not {competence, *(t for t, d in drops[competence].items() if one.level > d)}
        & asked[employee]
    )  # fmt: skip
