"""What would plain Python answer? Who fits which role, and what one role costs from another.

Built on the plain reading of gaps: one row at a time, fractions instead of cross products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from math import floor, sqrt
from typing import Any

from tests.oracles import gaps as oracle

from kompetanse_core.gap import LevelState, Proof, Validity
from kompetanse_core.model.work import Demand

Row = tuple[Any, ...]
Asks = dict[str, oracle.Asked]


def by_person(q: oracle.Question, best: int) -> list[Row]:
    """Employee, role, qualification, rank, met, missing, unknown; the best few for each person."""
    fits = [fit for employee in everybody(q) for fit in _of(q, employee)]
    return _ranked(fits, lambda f: f[0], lambda f: f[1], best)


def by_role(q: oracle.Question, best: int) -> list[Row]:
    """The same, the best few for each role."""
    fits = [fit for employee in everybody(q) for fit in _of(q, employee)]
    return _ranked(fits, lambda f: f[1], lambda f: f[0], best)


def everybody(q: oracle.Question) -> list[str]:
    """Everybody who is named anywhere."""
    e = q.enterprise
    named = {
        each.employee for table in (e.engagements, e.assessments, e.evidence) for each in table
    }
    return sorted(named | {employee.id for employee in e.employees})


def transfers(q: oracle.Question, best: int) -> list[Row]:
    """Source, target, rank, cost and total; the cheapest few for each source."""
    asks: dict[str, Asks] = {role.id: oracle.role_asks(q, role) for role in q.enterprise.roles}
    rows = []
    for source in sorted(asks):
        costs = []
        for target in sorted(asks):
            total = sum(a.level * a.weight for a in required(asks[target]).values())
            if target != source and total:
                costs.append((target, total - _covered(q, asks[source], asks[target]), total))
        costs.sort(key=lambda c: (Fraction(c[1], c[2]), c[0]))
        shares = [Fraction(c[1], c[2]) for c in costs]
        ranks = [shares.index(share) + 1 for share in shares]
        rows += [(source, c[0], rank, *c[1:]) for c, rank in zip(costs, ranks, strict=True)][:best]
    return rows


def likenesses(q: oracle.Question) -> dict[tuple[str, str], float]:
    """For each pair of roles the cosine of levels."""
    asks: dict[str, Asks] = {role.id: oracle.role_asks(q, role) for role in q.enterprise.roles}
    codes = sorted({c for mine in asks.values() for c in mine})
    rows = {role: [asks[role][c].level if c in asks[role] else 0 for c in codes] for role in asks}
    return {(a, b): _cosine(rows[a], rows[b]) for a in rows for b in rows if a != b}


def required(asks: Asks) -> Asks:
    """What is required, not only desired."""
    return {c: a for c, a in asks.items() if a.demand is Demand.REQUIRED}


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    size = sqrt(sum(x * x for x in one) * sum(y * y for y in other))
    return sum(x * y for x, y in zip(one, other, strict=True)) / size if size > 1e-9 else 0.0


def _of(q: oracle.Question, employee: str) -> Iterable[Row]:
    judge = oracle._judge(q)
    for role in sorted(q.enterprise.roles, key=lambda role: role.id):
        asks = oracle.role_asks(q, role)
        judged = {c: judge(employee, c, asked) for c, asked in asks.items()}
        counted = [judged[c] for c in required(asks)]
        strict = [judged[c] for c, asked in asks.items() if asked.statutory]
        met, missing, unknown = (sum(row[n] for row in counted) for n in (9, 10, 11))
        if met + missing + unknown == 0 or any(map(_lacking, strict)):
            continue
        passed = not any(row[5] is LevelState.UNKNOWN for row in strict)
        way = "qualified" if passed else "would-qualify"
        yield employee, role.id, way, met, missing, unknown


def _lacking(row: Row) -> bool:
    """Whether it is known that what is statutory is not met."""
    if row[5] is LevelState.UNKNOWN:
        return False
    return row[6] is Validity.EXPIRED or row[7] is Proof.MISSING or row[1] < row[0]


def _ranked(
    fits: Iterable[Row], row: Callable[[Row], str], name: Callable[[Row], str], best: int
) -> list[Row]:
    def worth(f: Row) -> tuple[Fraction, Fraction]:
        total = sum(f[3:])
        return -Fraction(f[3], total), -Fraction(f[3] + f[5], total)

    told = []
    lanes = sorted(fits, key=lambda f: (row(f), f[2]))
    for _, lane in groupby(lanes, key=lambda f: (row(f), f[2])):
        order = sorted(lane, key=lambda f: (*worth(f), name(f)))
        worths = [worth(f) for f in order]
        told += [(*f[:3], worths.index(worth(f)) + 1, *f[3:]) for f in order][:best]
    return told


def _covered(q: oracle.Question, source: Asks, target: Asks) -> int:
    """The required steps of the target that somebody who exactly meets the source meets."""
    ways = oracle.cheapest(q.enterprise, oracle._carrying(q.enterprise))
    same = oracle.cheapest(q.enterprise, oracle._equal(q.enterprise))
    holds = {c: a for c, a in source.items() if a.demand is Demand.REQUIRED or a.statutory}
    met = 0
    for c, asked in required(target).items():
        carry = same if asked.statutory else ways
        levels = [a.level for own, a in holds.items() if own == c]
        levels += [a.level - carry[own][c] for own, a in holds.items() if c in carry[own]]
        kin = {c, *same[c]}
        proven = any(
            own in kin and a.proof & asked.proof and a.level >= asked.level
            for own, a in holds.items()
        )
        if not asked.proof or proven:
            met += min(max([0, *levels]), asked.level) * asked.weight
    return met


def laid_on_whole(cosine: float) -> int:
    """A cosine as the whole number that tells it."""
    return floor(cosine * 10_000 + 0.5)
