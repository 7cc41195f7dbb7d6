"""Do people move to roles that are alike? Similarity and transferability against observed moves.

    python benchmarks/mobility.py ONET_FOLDER FLOWS.csv

Moves between American occupations are held against what this library says of the same occupations
in O*NET, skills and knowledge, with and without the size of the destination. AUC is the chance that
of two destinations of one origin, one to which somebody moved and one to which nobody did, the
first is given the higher number; it is the mean over origins. The moves know fewer occupations than
O*NET: each is one role here, whose levels and weights are the means of those within, in hundredths
of a level (a statistic, so means are allowed); what is not in both is left out. With size means:
the sum of the number and of the logarithm of size, each standardised over the destinations.

What must be learned is a cost. It was never meant as a forecast, and no target is set for it.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kompetanse_core import (
    NO_TEXT,
    Bearer,
    Enterprise,
    Level,
    Plugins,
    Requirement,
    Role,
    RoleId,
    Table,
)
from kompetanse_core.fit import similarity, transferability

ON = date(2027, 1, 1)
Numbers = npt.NDArray[Any]


def main(arguments: Sequence[str]) -> int:
    """Measure, and print one JSON object."""
    print(json.dumps(measured(*map(Path, arguments)), indent=1))
    return 0


def measured(onet: Path, flows: Path) -> dict[str, Any]:
    """Give the mean AUC of each number alone and together with the destination's size."""
    sizes, moves = _flows(flows)
    codes = sorted(sizes)
    enterprise = _merged(Plugins.installed().source("onet", onet).read().enterprise, codes)
    many = len(enterprise.roles)
    alike = similarity(enterprise, on=ON, best=many)
    cost = transferability(enterprise, on=ON, best=many)
    kept = -cost.column("cost") / cost.column("total")
    tables = {
        "similarity": _square(alike, ("role", "other"), alike.column("alike"), codes),
        "transferability": _square(cost, ("source", "target"), kept, codes),
    }
    size = np.log(np.asarray([sizes[code] for code in codes]))
    known = ~np.isnan(tables["similarity"]).all(axis=0)
    alone = {name: table[:, known] for name, table in tables.items()}
    alone["size"] = np.broadcast_to(size, (len(codes), len(codes)))[:, known]
    moved = _moved(moves, codes)[:, known]
    origins = [codes.index(code) for code in sorted({a for a, _ in moves})]
    result: dict[str, Any] = {"origins": 0, "destinations": int(known.sum())}
    for name, table in alone.items():
        scores = [_auc(table[o], moved[o]) for o in origins]
        result[name] = _mean(scores)
        result["origins"] = max(result["origins"], sum(s is not None for s in scores))
        if name != "size":
            both = [_auc(_z(table[o]) + _z(alone["size"][o]), moved[o]) for o in origins]
            result[f"{name} with size"] = _mean(both)
    return result


def _flows(path: Path) -> tuple[dict[str, float], set[tuple[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    sizes = {row["to"]: float(row["to_employment"]) for row in rows}
    return sizes, {(row["from"], row["to"]) for row in rows if row["from"] != row["to"]}


def _merged(enterprise: Enterprise, codes: list[str]) -> Enterprise:
    """Make one role of all occupations within each code: mean levels and weights."""
    places, table = {code: place for place, code in enumerate(codes)}, enterprise.requirements
    names = table.words_of("of").values
    code = np.asarray([_place(each, places) for each in names])[table.column("of")]
    within = np.bincount([p for p in (_place(n, places) for n in names) if p >= 0])
    there, many = code >= 0, len(table.words_of("competence"))
    cell = code[there] * many + table.column("competence")[there]
    sums = {
        name: np.bincount(cell, table.column(name)[there].astype(np.float64))
        for name in ("level", "weight")
    }
    asked = []
    for each in np.unique(cell).tolist():
        level, weight = (round(sums[n][each] / within[each // many]) for n in ("level", "weight"))
        asked.append(
            Requirement(
                bearer=Bearer.ROLE,
                of=RoleId(codes[each // many]),
                competence=table.words_of("competence").values[each % many],
                level=Level(level),
                weight=max(weight, 1),
            )
        )
    roles = [Role(id=RoleId(codes[each]), label=NO_TEXT) for each in np.flatnonzero(within)]
    return Enterprise(
        scales=enterprise.scales,
        competences=enterprise.competences,
        roles=roles,
        requirements=asked,
    )


def _square(table: Table[Any], ends: tuple[str, str], values: Numbers, codes: list[str]) -> Numbers:
    """Lay a number out for each pair of codes; NaN where none is."""
    one, other = (
        np.asarray([codes.index(word) for word in table.words_of(end).values])[table.column(end)]
        for end in ends
    )
    square = np.full((len(codes), len(codes)), np.nan)
    square[one, other] = values
    return square


def _place(role: str, places: dict[str, int]) -> int:
    """Find the code of a role: its own six digits, or the broader code that ends in 0."""
    digits = role.rsplit(":", 1)[-1][:7]
    return places.get(digits, places.get(digits[:6] + "0", -1))


def _moved(moves: set[tuple[str, str]], codes: list[str]) -> Numbers:
    return np.asarray([[(a, b) in moves for b in codes] for a in codes])


def _auc(score: Numbers, moved: Numbers) -> float | None:
    told = ~np.isnan(score)
    score, moved = score[told], moved[told]
    yes, no = np.sort(score[moved]), np.sort(score[~moved])
    if not len(yes) or not len(no):
        return None
    below, upto = (np.searchsorted(no, yes, side).sum() for side in ("left", "right"))
    return float((below + upto) / 2 / (len(yes) * len(no)))


def _z(score: Numbers) -> Numbers:
    told = score[~np.isnan(score)]
    return (score - told.mean()) / told.std() if len(told) and told.std() > 0 else score


def _mean(scores: list[float | None]) -> float:
    return round(float(np.mean([score for score in scores if score is not None])), 3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
