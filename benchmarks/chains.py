"""Does the simulator meet chains whose answers are known? Stays in each state, to absorption.

    python benchmarks/chains.py FILE [--replicas N] [--seed N]

FILE maps the name of each chain to its matrix Q of chances to go from state to state in one period;
what a row lacks of 1 is the chance to leave. Each chain is played with one person beginning in each
state until all have left. Means and variances of the time in each state, and in all, are held
against those of the fundamental matrix N = (I - Q)^-1; one line of JSON for each. One that is more
than 3.5 standard errors off makes the exit code 1.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import asdict, frozen

from kompetanse_core import (
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Role,
    RoleId,
    Text,
    Unit,
    UnitId,
)
from kompetanse_core.columns.chance import MILLION
from kompetanse_core.scenario import Attrition, Count, Flows, Move, streamed

Numbers = npt.NDArray[Any]
LIMIT = 3.5
START = date(2027, 1, 1)


@frozen(kw_only=True)
class Line:
    """Hold one comparison: what is exact, what was seen, and how many standard errors apart."""

    chain: str
    begins: int
    what: str
    exact: float
    seen: float
    errors: float

    @property
    def good(self) -> bool:
        """Whether chance explains the difference."""
        return abs(self.errors) <= LIMIT


def main(arguments: Sequence[str] | None = None) -> int:
    """Play every chain of a file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--replicas", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    chains: Mapping[str, Any] = json.loads(asked.file.read_text("utf-8"))
    wrong = 0
    for name, chain in chains.items():
        for line in compared(name, chain["Q"], replicas=asked.replicas, seed=asked.seed):
            print(json.dumps(asdict(line)))
            wrong += not line.good
    return int(wrong > 0)


def compared(
    name: str, chances: Sequence[Sequence[float]], *, replicas: int, seed: int
) -> Iterator[Line]:
    """Hold one chain against its fundamental matrix."""
    steps = np.array(chances)
    stays = np.linalg.inv(np.eye(len(steps)) - steps)
    spread = stays @ (2 * np.diag(np.diag(stays)) - np.eye(len(steps))) - stays**2
    total = stays.sum(axis=1)
    total_spread = (2 * stays - np.eye(len(steps))) @ total - total**2
    ever = stays / np.diag(stays)
    seen = played(steps, replicas=replicas, seed=seed)
    for begins in range(len(steps)):
        mine = seen[:, begins]
        for state in range(len(steps)):
            told = (stays[begins, state], spread[begins, state], mine[:, state])
            yield from _lines(name, begins, f"in {state}", *told)
            chance = ever[begins, state]
            reached = (chance, chance * (1 - chance), (mine[:, state] > 0).astype(np.int64))
            yield _mean(name, begins, f"ever in {state}", *reached)
        told = (total[begins], total_spread[begins], mine.sum(axis=1))
        yield from _lines(name, begins, "in all", *told)


def played(steps: Numbers, *, replicas: int, seed: int) -> Numbers:
    """Count each run's periods from each beginning in each state, (replicas, states, states)."""
    periods = 64
    while True:
        parts = [*_parts(steps, periods, replicas, seed)]
        if all(gone for _, gone in parts):
            return np.concatenate([part for part, _ in parts])
        periods *= 2


def _parts(
    steps: Numbers, periods: int, replicas: int, seed: int
) -> Iterator[tuple[Numbers, bool]]:
    names = [f"s{place:03}" for place in range(len(steps))]
    simulated = streamed(
        _enterprise(names),
        _flows(names, steps),
        start=START,
        periods=periods,
        months=1,
        replicas=replicas,
        seed=seed,
    )
    for part in simulated:
        heads = part.counts[Count.HEADS]
        stayed = np.zeros((len(part), len(names), len(names)), np.int64)
        for place, (unit, role) in enumerate(part.cells):
            stayed[:, names.index(unit), names.index(role)] = heads[:, :, place].sum(axis=1)
        yield stayed, not heads[:, -1].any()


def _enterprise(names: Sequence[str]) -> Enterprise:
    """Let one person begin in each state, each in a unit of their own."""
    return Enterprise(
        units=[Unit(id=UnitId(name), label=Text(name)) for name in names],
        roles=[Role(id=RoleId(name), label=Text(name)) for name in names],
        employees=[Employee(id=EmployeeId(name)) for name in names],
        engagements=[
            Engagement(employee=EmployeeId(name), unit=UnitId(name), role=RoleId(name))
            for name in names
        ],
    )


def _flows(names: Sequence[str], steps: Numbers) -> Flows:
    chances = np.rint(steps * MILLION).astype(int)
    leaving = MILLION - chances.sum(axis=1)
    return Flows(
        attrition=tuple(
            Attrition(role=RoleId(name), chance=int(chance))
            for name, chance in zip(names, leaving, strict=True)
        ),
        moves=tuple(
            Move(source=RoleId(a), target=RoleId(b), chance=int(chances[i, j]))
            for i, a in enumerate(names)
            for j, b in enumerate(names)
            if i != j and chances[i, j]
        ),
    )


def _lines(
    name: str, begins: int, what: str, mean: float, variance: float, seen: Numbers
) -> Iterator[Line]:
    yield _mean(name, begins, what, mean, variance, seen)
    found = float(seen.var(ddof=1))
    fourth = float(((seen - seen.mean()) ** 4).mean())
    error = math.sqrt(max(fourth - found**2, 0) / len(seen))
    yield _line(name, begins, f"variance {what}", float(variance), found, error)


def _mean(name: str, begins: int, what: str, mean: float, variance: float, seen: Numbers) -> Line:
    error = math.sqrt(max(variance, 0) / len(seen))
    return _line(name, begins, what, float(mean), float(seen.mean()), error)


def _line(name: str, begins: int, what: str, exact: float, seen: float, error: float) -> Line:
    off = seen - exact
    errors = 0.0 if abs(off) < 1e-9 else off / error if error else math.inf
    return Line(chain=name, begins=begins, what=what, exact=exact, seen=seen, errors=errors)


if __name__ == "__main__":
    sys.exit(main())
