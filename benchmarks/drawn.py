"""Does the solver room agree with another solver on instances that nobody has published?

    python benchmarks/drawn.py [FAMILY...] [--seed N] [--count N] [--seconds N]

Instances are drawn from the seed as their families' authors drew theirs: set covering (Beasley
1987, European Journal of Operational Research 31), generalised assignment of types a to e (Chu and
Beasley 1997, Computers & Operations Research 24; Yagiura, Ibaraki and Glover 2004), packing under
several budgets (Chu and Beasley 1998, Journal of Heuristics 4), assignment with costs from 1 to
100, and curricula of 40 to 66 courses. Each is held against OR-tools, asked directly with a model
of its own. A line of JSON tells both; where one says better than the other proves possible, it is
told on standard error, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatch
from types import MappingProxyType

import numpy as np
from attrs import frozen
from instances import Covering, Curriculum, Instance, Packing, Placing, Sharing
from ortools.graph.python import linear_sum_assignment
from ortools.sat.python import cp_model
from published import FAMILIES, PATIENCE, Terms

from kompetanse_core.solver import Engine

Drawn = Iterator[tuple[str, Instance]]


@frozen(kw_only=True)
class Verdict:
    """Hold what the other solver found, None for nothing."""

    value: int | None
    bound: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve every instance twice, print a line for each, and return the exit code."""
    asked = _asked(arguments)
    wrong = 0
    for family in asked.families or sorted(DRAW):
        chance = random.Random(asked.seed)
        for turn in range(asked.count):
            for name, instance in DRAW[family](chance):
                seconds = asked.seconds or PATIENCE.get(family, 120.0)
                terms = Terms(seconds=seconds, seed=0, by=Engine.HIGHS)
                begun, used = time.perf_counter(), time.process_time()
                ours = FAMILIES[family][1](instance, terms)
                told = {"instance": f"{name}, {turn}", "value": ours.value, "bound": ours.bound}
                told |= {"proven": ours.proven, "seconds": round(time.perf_counter() - begun, 2)}
                told["processor"] = round(time.process_time() - used, 2)
                other = asked_elsewhere(instance, seconds)
                told |= {"other_value": other.value, "other_bound": other.bound}
                print(json.dumps(told), flush=True)
                sign = -1 if family == "mkp" else 1
                for text in _complaints(sign, (ours.value, ours.bound), other):
                    print(f"{name}, {turn}: {text}", file=sys.stderr)
                    wrong += 1
    return 1 if wrong else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Solve drawn instances twice.")
    parser.add_argument("families", nargs="*", metavar="family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1, help="how many of each kind")
    parser.add_argument("--seconds", type=float)
    return parser.parse_args(arguments)


def _complaints(
    sign: int, ours: tuple[float | None, float | None], other: Verdict
) -> Iterator[str]:
    value, bound = ours
    if value is None or bound is None:
        yield "no value, or no bound"
        return
    if other.value is not None and sign * bound > sign * other.value:
        yield f"the bound {bound} is on the wrong side of {other.value}"
    if sign * value < sign * other.bound - 1e-6:
        yield f"the value {value} is better than {other.bound}"


def _coverings(chance: random.Random) -> Drawn:
    for rows, columns, percent in ((200, 1000, 2), (200, 1000, 5), (300, 3000, 2), (300, 3000, 5),
                                   (400, 4000, 2), (400, 4000, 5), (50, 500, 20)):  # fmt: skip
        yield f"scp {rows} x {columns}, {percent} %", _covering(chance, rows, columns, percent)


def _covering(chance: random.Random, rows: int, columns: int, percent: int) -> Covering:
    """Draw which column covers which row: each row by two at least, each column one at least."""
    covers = [set(chance.sample(range(columns), 2)) for _ in range(rows)]
    for column in range(columns):
        covers[chance.randrange(rows)].add(column)
    while sum(map(len, covers)) < rows * columns * percent // 100:
        covers[chance.randrange(rows)].add(chance.randrange(columns))
    costs = tuple(chance.randint(1, 100) for _ in range(columns))
    return Covering(costs=costs, covers=tuple(tuple(sorted(row)) for row in covers))


def _packings(chance: random.Random) -> Drawn:
    for choices, budgets in ((100, 5), (250, 5), (100, 10)):
        for quarters in (1, 2, 3):
            uses = np.array(
                [[chance.randint(0, 1000) for _ in range(choices)] for _ in range(budgets)]
            )
            worth = uses.sum(axis=0) // budgets + [chance.randint(0, 500) for _ in range(choices)]
            room = uses.sum(axis=1) * quarters // 4
            name = f"mkp {budgets}.{choices}, {25 * quarters} %"
            yield name, Packing(worth=worth, uses=uses, room=room)


def _sharings(chance: random.Random) -> Drawn:
    for kind in "abcde":
        for agents, jobs in ((5, 50), (5, 100), (10, 100)):
            yield f"gap {kind} {agents} x {jobs}", _sharing(chance, kind, agents, jobs)


def _sharing(chance: random.Random, kind: str, agents: int, jobs: int) -> Sharing:
    size = (agents, jobs)
    uses = _table(size, lambda: chance.randint(5, 25))
    costs = _table(size, lambda: chance.randint(10, 50))
    if kind == "d":
        uses = _table(size, lambda: chance.randint(1, 100))
        costs = 111 - uses + _table(size, lambda: chance.randint(-10, 10))
    elif kind == "e":
        uses = _table(size, lambda: int(1 - 10 * math.log(1 - chance.random())))
        costs = np.array([[1000 // use for use in row] for row in uses.tolist()])
        costs -= _table(size, lambda: int(10 * chance.random()))
    room = uses.sum(axis=1) * 8 // (10 * agents)
    if kind in "ab":
        cheapest = costs.argmin(axis=0)
        most = max(int(uses[a, cheapest == a].sum()) for a in range(agents))
        room = np.full(agents, 6 * 15 * jobs // (10 * agents) + 4 * most // 10)
    if kind == "b":
        room = room * 7 // 10
    return Sharing(costs=costs, uses=uses, room=room)


def _table(size: tuple[int, int], draw: Callable[[], int]) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([[draw() for _ in range(size[1])] for _ in range(size[0])], dtype=np.int64)


def _placings(chance: random.Random) -> Drawn:
    for size in (100, 200, 400, 800):
        costs = _table((size, size), lambda: chance.randint(1, 100))
        yield f"assign {size}", Placing(costs=costs)


def _curricula(chance: random.Random) -> Drawn:
    for courses, periods in ((40, 8), (46, 8), (50, 10), (55, 9), (60, 11), (66, 12)):
        pairs = {tuple(sorted(chance.sample(range(courses), 2))) for _ in range(courses * 3 // 4)}
        order = chance.sample(range(courses), courses)
        yield (
            f"bacp {courses} in {periods}",
            Curriculum(
                loads=tuple(chance.randint(1, 10) for _ in range(courses)),
                periods=periods,
                load_limits=(2, 100),
                course_limits=(2, 10),
                before=tuple((order[a], order[b]) for a, b in sorted(pairs)),
            ),
        )


DRAW: Mapping[str, Callable[[random.Random], Drawn]] = MappingProxyType(
    {
        "scp": _coverings,
        "mkp": _packings,
        "gap": _sharings,
        "assign": _placings,
        "bacp": _curricula,
    }
)


@singledispatch
def asked_elsewhere(instance: Instance, seconds: float) -> Verdict:
    """Ask OR-tools, with a model of its own."""
    raise TypeError(type(instance).__name__, seconds)


@asked_elsewhere.register
def _(instance: Covering, seconds: float) -> Verdict:
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in instance.costs]
    for row in instance.covers:
        model.add_bool_or(chosen[column] for column in row)
    model.minimize(cp_model.LinearExpr.weighted_sum(chosen, instance.costs))
    return _told(model, seconds)


@asked_elsewhere.register
def _(instance: Packing, seconds: float) -> Verdict:
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in instance.worth]
    for uses, room in zip(instance.uses.tolist(), instance.room.tolist(), strict=True):
        model.add(cp_model.LinearExpr.weighted_sum(chosen, uses) <= room)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, instance.worth.tolist()))
    return _told(model, seconds)


@asked_elsewhere.register
def _(instance: Sharing, seconds: float) -> Verdict:
    model = cp_model.CpModel()
    agents, jobs = instance.costs.shape
    given = [[model.new_bool_var("") for _ in range(jobs)] for _ in range(agents)]
    for job in range(jobs):
        model.add_exactly_one(row[job] for row in given)
    for row, uses, room in zip(given, instance.uses.tolist(), instance.room.tolist(), strict=True):
        model.add(cp_model.LinearExpr.weighted_sum(row, uses) <= room)
    flat = [each for row in given for each in row]
    model.minimize(cp_model.LinearExpr.weighted_sum(flat, instance.costs.ravel().tolist()))
    return _told(model, seconds)


@asked_elsewhere.register
def _(instance: Curriculum, seconds: float) -> Verdict:
    model, periods = cp_model.CpModel(), range(instance.periods)
    when = [model.new_int_var(0, instance.periods - 1, "") for _ in instance.loads]
    inside = [[model.new_bool_var("") for _ in periods] for _ in instance.loads]
    for course, row in enumerate(inside):
        model.add_exactly_one(row)
        model.add(when[course] == cp_model.LinearExpr.weighted_sum(row, list(periods)))
    for earlier, later in instance.before:
        model.add(when[earlier] < when[later])
    heaviest = model.new_int_var(0, instance.load_limits[1], "")
    for period in periods:
        held = [row[period] for row in inside]
        load = cp_model.LinearExpr.weighted_sum(held, instance.loads)
        model.add(load <= heaviest)
        model.add(load >= instance.load_limits[0])
        model.add_linear_constraint(sum(held), *instance.course_limits)
    model.minimize(heaviest)
    return _told(model, seconds)


@asked_elsewhere.register
def _(instance: Placing, seconds: float) -> Verdict:
    del seconds
    solver, size = linear_sum_assignment.SimpleLinearSumAssignment(), len(instance.costs)
    rows, columns = np.divmod(np.arange(size * size), size)
    solver.add_arcs_with_cost(rows, columns, instance.costs.ravel())
    if solver.solve() != solver.OPTIMAL:
        return Verdict(value=None, bound=-math.inf)
    return Verdict(value=int(solver.optimal_cost()), bound=solver.optimal_cost())


def _told(model: cp_model.CpModel, seconds: float) -> Verdict:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    found = solver.solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    value = int(solver.objective_value) if found else None
    return Verdict(value=value, bound=solver.best_objective_bound)


if __name__ == "__main__":
    sys.exit(main())
