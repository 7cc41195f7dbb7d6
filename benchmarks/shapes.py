"""What does a large enterprise look like? Seeded SYNTHETIC enterprises in the shape of ESCO.

Nothing here is about anybody: people, roles and what they hold are drawn. The sizes and the skew
are those of the classification ESCO 1.1.1 as it was counted for `PERFORMANCE`; the rest is set so
that every rule has work to do.

=====================  =======================================================================
what                   how it is drawn
=====================  =======================================================================
competences            14 543 on one scale of 5 levels, three in five skills, the rest knowledge
popularity             of the competence of rank r: proportional to 1 / (r + 10)
relations              three in ten count, one level lower, as one drawn among more popular ones;
                       one in a hundred is equivalent to its neighbour
roles                  3 000, each with 10 to 70 requirements drawn by popularity, none twice
requirements           levels 1 to 5 (most 2 to 4), weights 1 to 5; 2 in 100 statutory, 3 in 100
                       proven by a certificate, 1 in 4 desired
units                  one for every 50 people, in a tree with 8 below each
engagements            one role and unit each; 5 in 100 have a second one, each of half time
holdings               of each role's requirements six in ten; and 6 others by popularity
second assessments     of 5 in 100 holdings, later and by another source
dates                  assessed over the last six years; 15 in 100 expire within five years
evidence               of what must be proven, for three in four, valid for up to five years
decay                  skills fall one level in 60 months
=====================  =======================================================================
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.columns import Layout, Table, Words
from kompetanse_core.columns.layout import LAST_DAY, Kind, days
from kompetanse_core.model.competence import (
    Competence,
    Decay,
    EvidenceKind,
    Facet,
    Level,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    ASSESSMENTS,
    EMPLOYEES,
    ENGAGEMENTS,
    EVIDENCE,
    Unit,
)
from kompetanse_core.model.privacy import Basis, Purpose
from kompetanse_core.model.text import NO_TEXT
from kompetanse_core.model.work import REQUIREMENTS, Bearer, Role, RoleId, UnitId

ON = date(2027, 1, 1)
COMPETENCES, ROLES = 14_543, 3_000
FIVE = ScaleId("five")
A_DAY = 86_400_000_000

Numbers = npt.NDArray[Any]


@frozen
class Shape:
    """How many people, competences and roles, and the seed of everything drawn.

    The same seed draws the same competences and roles for every `block` of people.
    """

    people: int
    competences: int = COMPETENCES
    roles: int = ROLES
    seed: int = 1
    block: int = 0


def enterprise(shape: Shape) -> Enterprise:
    """Draw an enterprise; the same shape is the same enterprise, number by number."""
    rng = np.random.default_rng(shape.seed)
    names = {
        "competence": _ids("k", shape.competences),
        "role": _ids("r", shape.roles),
        "employee": _ids(f"p{shape.block:03}-", shape.people),
        "unit": _ids("u", max(1, shape.people // 50)),
    }
    asked = _asked(rng, shape)
    relations = _relations(rng, names["competence"].values)
    rng = np.random.default_rng((shape.seed, shape.block))
    posts = _posts(rng, shape, len(names["unit"]))
    pairs = _held(rng, shape, asked, posts)
    return Enterprise(
        scales=[Scale(id=FIVE, top=Level(5))],
        decays=[Decay(facet=Facet.SKILL, months=60)],
        competences=[
            Competence(
                id=each,
                label=NO_TEXT,
                facet=Facet.KNOWLEDGE if number % 5 > 2 else Facet.SKILL,
                scale=FIVE,
            )
            for number, each in enumerate(names["competence"].values)
        ],
        relations=relations,
        units=_units(names["unit"].values),
        roles=[Role(id=RoleId(each), label=NO_TEXT) for each in names["role"].values],
        requirements=_requirements(asked, names),
        employees=_table(
            EMPLOYEES, {"id": np.arange(shape.people, dtype=np.int32)}, {"id": names["employee"]}
        ),
        engagements=_table(ENGAGEMENTS, posts, names),
        assessments=_assessments(rng, pairs, names),
        evidence=_evidence(rng, shape, asked, posts, names),
    )


def _ids(letter: str, count: int) -> Words[Any]:
    width = len(str(max(count - 1, 0)))
    return Words(tuple(f"{letter}{number:0{width}}" for number in range(count)))


def _popular(rng: np.random.Generator, shape: Shape, size: int) -> Numbers:
    """Draw competences by popularity; the most popular have the smallest codes."""
    reach = np.cumsum(1.0 / (np.arange(shape.competences) + 10.0))
    codes: Numbers = np.searchsorted(reach, rng.random(size) * reach[-1]).astype(np.int32)
    return codes


def _asked(rng: np.random.Generator, shape: Shape) -> dict[str, Numbers]:
    """Draw what the roles require, by role and competence."""
    role = np.repeat(np.arange(shape.roles), rng.integers(10, 71, shape.roles))
    pair = np.unique(role * shape.competences + _popular(rng, shape, len(role)))
    size = len(pair)
    certificate = 1 << list(EvidenceKind).index(EvidenceKind.CERTIFICATE)
    return {
        "of": (pair // shape.competences).astype(np.int32),
        "competence": (pair % shape.competences).astype(np.int32),
        "level": rng.choice(5, size, p=(0.1, 0.25, 0.3, 0.25, 0.1)).astype(np.int16) + np.int16(1),
        "weight": rng.integers(1, 6, size),
        "demand": (rng.random(size) < 0.25).astype(np.int8),
        "statutory": rng.random(size) < 0.02,
        "proof": np.where(rng.random(size) < 0.03, certificate, 0).astype(np.int32),
    }


def _posts(rng: np.random.Generator, shape: Shape, units: int) -> dict[str, Numbers]:
    """Draw who works where and as what, by person and role."""
    employee = np.repeat(
        np.arange(shape.people, dtype=np.int32), 1 + (rng.random(shape.people) < 0.05)
    )
    role = rng.integers(0, shape.roles, len(employee), dtype=np.int32)
    unit = (employee // 50).clip(max=units - 1).astype(np.int32)
    order = np.lexsort((role, employee))
    half = np.append(np.diff(employee) == 0, False) | np.append(False, np.diff(employee) == 0)
    return {
        "employee": employee[order],
        "role": role[order],
        "unit": unit[order],
        "share": np.where(half, 5_000, 10_000).astype(np.int32),
    }


def _held(
    rng: np.random.Generator, shape: Shape, asked: dict[str, Numbers], posts: dict[str, Numbers]
) -> dict[str, Numbers]:
    """Draw what people hold, by person and competence, each once."""
    starts = np.searchsorted(asked["of"], np.arange(shape.roles + 1))
    keys = []
    for first in range(0, shape.people, 100_000):
        here = slice(*np.searchsorted(posts["employee"], (first, first + 100_000)))
        employee, role = posts["employee"][here].astype(np.int64), posts["role"][here]
        counts = np.diff(starts)[role]
        shift = np.repeat(starts[role] - np.cumsum(counts) + counts, counts)
        row = shift + np.arange(len(shift))
        kept = rng.random(len(row)) < 0.6
        own = np.repeat(employee, counts)[kept] * shape.competences + asked["competence"][row[kept]]
        more = np.repeat(np.unique(employee), 6)
        other = more * shape.competences + _popular(rng, shape, len(more))
        keys.append(np.unique(np.concatenate((own, other))))
    pair = np.concatenate(keys)
    return {
        "employee": (pair // shape.competences).astype(np.int32),
        "competence": (pair % shape.competences).astype(np.int32),
    }


def _assessments(
    rng: np.random.Generator, pairs: dict[str, Numbers], names: dict[str, Words[Any]]
) -> Table[Any]:
    """Draw an assessment for everything held, and a later one for some."""
    twice = 1 + (rng.random(len(pairs["employee"])) < 0.05)
    columns = {name: np.repeat(numbers, twice) for name, numbers in pairs.items()}
    size = len(columns["employee"])
    second = np.zeros(size, np.bool_)
    second[np.cumsum(twice)[twice == 2] - 1] = True
    first_day = days(ON) - 6 * 365
    assessed = rng.integers(first_day, days(ON) - 365, size, dtype=np.int32)
    assessed[1:][second[1:]] = assessed[:-1][second[1:]] + 200
    expires = assessed + rng.integers(365, 5 * 365, size, dtype=np.int32)
    expires[rng.random(size) >= 0.15] = LAST_DAY
    columns |= {
        "level": rng.integers(0, 6, size, dtype=np.int16),
        "source": rng.choice(5, size, p=(0.05, 0.1, 0.4, 0.25, 0.2)).astype(np.int8),
        "assessed": assessed,
        "expires": expires,
        "recorded": assessed.astype(np.int64) * A_DAY,
    }
    return _table(ASSESSMENTS, columns, names)


def _evidence(
    rng: np.random.Generator,
    shape: Shape,
    asked: dict[str, Numbers],
    posts: dict[str, Numbers],
    names: dict[str, Words[Any]],
) -> Table[Any]:
    """Draw a certificate for three in four of what must be proven, by person and competence."""
    must = np.flatnonzero(asked["proof"])
    starts = np.searchsorted(asked["of"][must], np.arange(shape.roles + 1))
    counts = np.diff(starts)[posts["role"]]
    shift = np.repeat(starts[posts["role"]] - np.cumsum(counts) + counts, counts)
    code = asked["competence"][must[shift + np.arange(len(shift))]]
    pair = np.repeat(posts["employee"].astype(np.int64), counts) * shape.competences + code
    pair = np.unique(pair[rng.random(len(pair)) < 0.75])
    issued = rng.integers(days(ON) - 5 * 365, days(ON), len(pair), dtype=np.int32)
    columns: dict[str, Numbers] = {
        "id": np.arange(len(pair), dtype=np.int32),
        "employee": (pair // shape.competences).astype(np.int32),
        "competence": (pair % shape.competences).astype(np.int32),
        "kind": np.full(len(pair), list(EvidenceKind).index(EvidenceKind.CERTIFICATE), np.int8),
        "issued": issued,
        "expires": issued + rng.integers(365, 5 * 365, len(pair), dtype=np.int32),
        "verified": np.ones(len(pair), np.bool_),
        "recorded": issued.astype(np.int64) * A_DAY,
    }
    return _table(EVIDENCE, columns, {**names, "id": _ids("e", len(pair))})


def _requirements(asked: dict[str, Numbers], names: dict[str, Words[Any]]) -> Table[Any]:
    bearer = np.full(len(asked["of"]), list(Bearer).index(Bearer.ROLE), np.int8)
    words = {**names, "of": names["role"], "needs": Words(((),))}
    columns = {**asked, "bearer": bearer, "needs": np.zeros(len(bearer), np.int32)}
    return _table(REQUIREMENTS, columns, words)


def _relations(rng: np.random.Generator, ids: tuple[Any, ...]) -> list[Relation]:
    counted = [n for n in range(1, len(ids)) if rng.random() < 0.3]
    relations = [
        Relation(
            kind=RelationKind.BROADER, source=ids[n], target=ids[int(rng.integers(0, n))], drop=1
        )
        for n in counted
    ]
    return relations + [
        Relation(kind=RelationKind.EQUIVALENT, source=ids[n], target=ids[n + 1])
        for n in range(0, len(ids) - 1, 100)
    ]


def _units(ids: tuple[Any, ...]) -> list[Unit]:
    return [
        Unit(id=UnitId(each), label=NO_TEXT, parent=UnitId(ids[(n - 1) // 8]) if n else None)
        for n, each in enumerate(ids)
    ]


def _table(
    layout: Layout[Any], columns: dict[str, Numbers], words: dict[str, Words[Any]]
) -> Table[Any]:
    """Lay out drawn columns; what was not drawn is the same for all."""
    size = len(next(iter(columns.values())))
    usual = {
        "purpose": list(Purpose).index(Purpose.DEVELOPMENT),
        "basis": list(Basis).index(Basis.CONTRACT),
    }
    filled = {}
    for column in layout.columns:
        number = usual.get(column.name, column.none or 0)
        cell = np.asarray(number if column.none is None else column.none, column.dtype)
        filled[column.name] = columns.get(column.name, np.broadcast_to(cell, (size,)))
    kinds = [column.name for column in layout.columns if column.kind is Kind.WORDS]
    own = {name: words.get(name, Words(("",))) for name in kinds}
    return Table(layout=layout, columns=filled, words=own)
