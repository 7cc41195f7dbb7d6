"""Does a lack call for something inside or outside? Leaning: the points of R-7 and R-8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import NO_NUMBER, Array, days
from kompetanse_core.gap import Gap, Gaps, Proof
from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.rule import Rule
from kompetanse_core.model.work import Bearer
from kompetanse_core.recommendation.nouns import Lean
from kompetanse_core.rules import RulesInForce
from kompetanse_core.strategy import Option, Options

QUALIFICATIONS = (
    EvidenceKind.FORMAL_EDUCATION,
    EvidenceKind.TRADE_CERTIFICATE,
    EvidenceKind.AUTHORISATION,
)
"""Proofs that are a qualification in the sense of R-8; a course certificate is none."""

Sources = Mapping[tuple[Bearer, str, str], int]
"""The kinds of proof (a bit set) that a bearer asks of a competence, by bearer, id, competence."""


@frozen(kw_only=True, eq=False)
class Leaning:
    """Retning: what the lack behind each option asks for, shape (n,) each; 0 without a measure.

    `proof` are bits of `EvidenceKind` that the requirement asks for, `unproven` says that they are
    missing; `qualification` and `rise` are the two sides of R-8.
    """

    nearness: Array
    concreteness: Array
    outward: Array
    qualification: Array
    rise: Array
    unproven: Array
    statutory: Array
    proof: Array

    @property
    def lean(self) -> Array:
        """Weigh what draws inward (R-7) against what draws outward (R-8): numbers of `Lean`."""
        balance = self.nearness + self.concreteness - self.outward
        either = np.where(balance < 0, _place(Lean.OUTWARD), _place(Lean.EITHER))
        return np.where(balance > 0, _place(Lean.INWARD), either).astype(np.int8)


def leaning_of(options: Options, rules: RulesInForce) -> Leaning:
    """Count nearness and concreteness (R-7), and what of R-8 each option's lack asks for.

    A requirement of one of the role's tasks is the most concrete, then the role's own, then the
    occupation's. What a current task asks is the nearest; all else that a current role asks is
    needed in the role within a year. A seat is asked by a role. A headcount is asked of a unit,
    not of anybody's tasks: it is as near as the unit's need and as concrete as a goal.
    """
    gaps, rows = options.gaps.rows, options.rows
    bearers, proofs = _origins(options.gaps)
    thumb, external = rules.thumb("R-7"), rules.thumb("R-8")
    unproven = np.equal(gaps.column("proof"), list(Proof).index(Proof.MISSING))
    qualification = unproven & (proofs & _bits(QUALIFICATIONS) != 0)
    rise = _rises(gaps, external.parameter("rise"))
    outward = qualification * external.parameter("new_qualification")
    outward = outward + rise * external.parameter("higher_level")
    near = [thumb.parameter(f"near_{place}") for place in ("task", "role", "role")]
    concrete = [thumb.parameter(f"concrete_{bearer.value}") for bearer in Bearer]
    carried = _Carried(gap=rows.column("gap"), measured=rows.column("measure") >= 0)
    return Leaning(
        nearness=carried.over(np.asarray(near)[bearers], _else(rows, thumb, "near", "unit")),
        concreteness=carried.over(
            np.asarray(concrete)[bearers], _else(rows, thumb, "concrete", "goal")
        ),
        outward=carried.over(outward),
        qualification=carried.over(qualification) != 0,
        rise=carried.over(rise) != 0,
        unproven=carried.over(unproven) != 0,
        statutory=carried.over(gaps.column("statutory")) != 0,
        proof=carried.over(proofs),
    )


@frozen(kw_only=True, eq=False)
class _Carried:
    """Which gap stands behind each option, and whether the option has a measure."""

    gap: Array
    measured: Array

    def over(self, values: Array, otherwise: Array | int = 0) -> Array:
        """Carry a number of each gap over to the options that answer it."""
        padded = np.append(values.astype(np.int64), 0)
        numbers = np.where(self.gap >= 0, padded[np.maximum(self.gap, -1)], otherwise)
        return numbers * self.measured


def _else(rows: Table[Option], thumb: Rule, side: str, place: str) -> Array:
    """Give the points of an option that answers a seat or a headcount, not a gap."""
    points = thumb.parameter(f"{side}_role"), thumb.parameter(f"{side}_{place}")
    return np.where(rows.column("seat") >= 0, *points)


def _origins(gaps: Gaps) -> tuple[Array, Array]:
    """Find, for each row of gaps, what the requirement belongs to, and the proofs it asks for.

    Bearers are numbers in the order of `Bearer`: tasks first, as they are the most concrete.
    """
    rows, sources = gaps.rows, _sources(gaps.enterprise, gaps.on)
    roles, competences = rows.words_of("role"), rows.words_of("competence")
    width = max(1, len(competences))
    pairs = rows.column("role").astype(np.int64) * width + rows.column("competence")
    distinct, place = np.unique(pairs, return_inverse=True)
    chains = _chains(gaps.enterprise)
    found = [
        _origin(chains[roles.values[pair // width]], competences.values[pair % width], sources)
        for pair in distinct.tolist()
    ]
    origin = np.asarray(found, dtype=np.int32).reshape(-1, 2)[place]
    return origin[:, 0], origin[:, 1]


def _sources(enterprise: Enterprise, on: date) -> Sources:
    """Gather which task, role or occupation asks which competence on a day, with its proofs."""
    table, day = enterprise.requirements, days(on)
    current = table.where((table.column("start") <= day) & (day <= table.column("end")))
    used = frozenset(each for chain in _chains(enterprise).values() for _, each in chain)
    known = np.asarray([word in used for word in current.words_of("of").values], dtype=np.bool_)
    sources: dict[tuple[Bearer, str, str], int] = defaultdict(int)
    for asked in current.where(known[current.column("of")]):
        sources[asked.bearer, asked.of, asked.competence] |= _bits(asked.proof)
    return sources


def _chains(enterprise: Enterprise) -> Mapping[str, tuple[tuple[Bearer, str], ...]]:
    """Give for each role what can ask something of who is in it, the most concrete first."""
    return {
        role.id: (
            *((Bearer.TASK, task) for task in role.tasks),
            (Bearer.ROLE, role.id),
            *([(Bearer.OCCUPATION, role.occupation)] if role.occupation else ()),
        )
        for role in enterprise.roles
    }


def _origin(
    chain: Iterable[tuple[Bearer, str]], competence: str, sources: Sources
) -> tuple[int, int]:
    """Find the most concrete bearer that asks for a competence, and all proofs that are asked."""
    asking = [(bearer, of) for bearer, of in chain if (bearer, of, competence) in sources]
    proofs = 0
    for bearer, of in asking:
        proofs |= sources[bearer, of, competence]
    order = list(Bearer)
    return (order.index(asking[0][0]) if asking else order.index(Bearer.OCCUPATION)), proofs


def _rises(rows: Table[Gap], least: int) -> Array:
    """Say where the level has to rise by so many levels at least; what is unknown rises nowhere."""
    have = rows.column("have").astype(np.int64)
    rises: Array = (have != NO_NUMBER) & (rows.column("need") - have >= least)
    return rises


def _bits(kinds: Iterable[EvidenceKind]) -> int:
    order = list(EvidenceKind)
    return sum(1 << order.index(kind) for kind in frozenset(kinds))


def _place(lean: Lean) -> int:
    return list(Lean).index(lean)
