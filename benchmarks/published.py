"""What does the solver room make of published instances? Value, bound, proof and time of each.

    python benchmarks/published.py FAMILY FILE... [--seconds N] [--seed N] [--check KNOWN.json]
                                                  [--by CP-SAT] [--first N]

FAMILY is scp, assign, gap, mkp, bacp, gbac or csl. Each instance becomes one line of JSON on
standard output: file, instance, value, bound, proven, seconds. With --check, values and bounds are
held against known optima; one on the wrong side is told on standard error and the exit code is 1.
With --first only so many of each file are solved. With --by CP-SAT the other engine searches,
where OR-tools is installed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import asdict, frozen
from instances import (
    Covering,
    Curricula,
    Curriculum,
    Mentoring,
    Packing,
    Placing,
    Sharing,
    UnreadableInstance,
    Whole,
    in_finest_unit,
    read_covering,
    read_curricula,
    read_curriculum,
    read_mentoring,
    read_packing,
    read_placing,
    read_sharing,
)

from kompetanse_core.solver import OPEN, Draft, Engine, Kind, assign, relax, solve

Amount = int | float


@frozen(kw_only=True)
class Terms:
    """Say how long to search for one instance, with which seed, and by whom."""

    seconds: float
    seed: int
    by: Engine


@frozen(kw_only=True)
class Result:
    """Hold what was reached: None where there is no answer, or no bound."""

    value: Amount | None
    bound: Amount | None
    proven: bool


@frozen(kw_only=True)
class Line:
    """Hold one line of the answer."""

    file: str
    instance: str
    value: Amount | None
    bound: Amount | None
    proven: bool
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve every instance of every file, print a line for each, and return the exit code."""
    asked = _asked(arguments)
    seconds = asked.seconds if asked.seconds is not None else PATIENCE.get(asked.family, 120.0)
    terms = Terms(seconds=seconds, seed=asked.seed, by=Engine(asked.by))
    lines = []
    for path in asked.files:
        for line in islice(solved(asked.family, path, terms), asked.first):
            print(json.dumps(asdict(line)), flush=True)
            lines.append((path, line))
    if asked.check is None:
        return 0
    wrong = list(_wrong(lines, _known(asked.check)))
    for complaint in wrong:
        print(complaint, file=sys.stderr)
    return 1 if wrong else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Solve published instances.")
    parser.add_argument("family", choices=sorted(FAMILIES))
    parser.add_argument("files", nargs="+", type=Path, metavar="file")
    parser.add_argument("--seconds", type=float, help="for each instance")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", type=Path, help="JSON file of known optima")
    parser.add_argument("--first", type=int, help="how many of each file")
    parser.add_argument("--by", choices=[each.value for each in Engine], default="HiGHS")
    return parser.parse_args(arguments)


def solved(family: str, path: Path, terms: Terms) -> Iterator[Line]:
    """Solve every instance of a file in turn."""
    read, reach = FAMILIES[family]
    try:
        found = read(path.read_text("utf-8-sig"))
    except UnreadableInstance as error:
        sys.exit(f"{path.name}: {error}")
    for number, instance in enumerate(found, start=1):
        begun = time.perf_counter()
        result = reach(instance, terms)
        yield Line(
            file=str(path),
            instance=path.stem if len(found) == 1 else f"{path.stem}-{number}",
            seconds=round(time.perf_counter() - begun, 3),
            **asdict(result),
        )


def cover(instance: Covering, terms: Terms) -> Result:
    """Choose the cheapest columns that cover every row."""
    draft = Draft()
    chosen = draft.variables(len(instance.costs))
    lengths = [len(row) for row in instance.covers]
    columns = [column for row in instance.covers for column in row]
    start = np.cumsum([0, *lengths])
    one = np.ones(len(lengths), dtype=np.int64)
    draft.rows(start, columns, np.ones(len(columns), dtype=np.int64), one, one * OPEN)
    draft.least(chosen, instance.costs)
    return _result(draft, terms, instance.unit)


def place(instance: Placing, _terms: Terms) -> Result:
    """Give each row a column of its own at least cost."""
    value = _amount(assign(instance.costs).value, instance.unit)
    return Result(value=value, bound=value, proven=True)


def share(instance: Sharing, terms: Terms) -> Result:
    """Give each job to one agent who has room for it, at least cost."""
    agents, jobs = instance.costs.shape
    draft = Draft()
    given = np.array(draft.variables(agents * jobs)).reshape(agents, jobs)
    for job in range(jobs):
        draft.row(given[:, job], np.ones(agents, dtype=np.int64), at_least=1, at_most=1)
    for agent, room in enumerate(instance.room.tolist()):
        draft.row(given[agent], instance.uses[agent], at_most=room)
    draft.least(given.ravel(), instance.costs.ravel())
    return _result(draft, terms, instance.unit)


def pack(instance: Packing, terms: Terms) -> Result:
    """Choose what is worth most within every budget."""
    draft = Draft()
    chosen = draft.variables(len(instance.worth))
    for uses, room in zip(instance.uses, instance.room.tolist(), strict=True):
        draft.row(chosen, uses, at_most=room)
    draft.most(chosen, instance.worth)
    return _result(draft, terms, instance.unit)


def balance(instance: Curriculum, terms: Terms) -> Result:
    """Spread courses over periods so that the heaviest period is as light as can be."""
    loads, (low, high) = instance.loads, instance.load_limits
    fewest, most = instance.course_limits
    draft = Draft()
    step = math.gcd(*loads) or 1
    lightest = max(low, -(-sum(loads) // instance.periods), *loads)
    heaviest = draft.variables(1, lower=-(-lightest // step), upper=high // step)[0]
    placed = _spread(draft, len(loads), instance.periods, instance.before, most)
    for inside in placed.T:
        draft.row(inside, [1] * len(loads), at_least=fewest, at_most=most)
        draft.row(inside, loads, at_least=low)
        draft.row([*inside, heaviest], [*loads, -step], at_most=0)
    draft.least([heaviest], [step])
    return _result(draft, terms, 1)


def balance_many(instance: Curricula, terms: Terms) -> Result:
    """Spread courses so that each curriculum is even, and teachers are spared unwanted periods.

    The cost is w1 times the squares of what lies outside the ideal loads, plus w2 for each
    unwanted placing.
    """
    draft = Draft()
    fewest, most = instance.course_limits
    placed = _spread(draft, len(instance.loads), instance.periods, instance.before, OPEN)
    prices = dict.fromkeys(placed.ravel().tolist(), 0)
    for course, period in instance.unwanted:
        prices[int(placed[course, period])] += instance.weights[1]
    least = 0
    for curriculum in instance.curricula:
        courses = sorted(set(curriculum))
        loads = [instance.loads[course] for course in courses]
        step, squares = _squares(loads, instance.periods, most)
        for inside in placed[courses].T:
            draft.row(inside, [1] * len(courses), at_least=fewest, at_most=most)
            steps = draft.variables(len(squares) - 1, kind=Kind.IMPLIED)
            weights = [load // step for load in loads] + [-1] * len(steps)
            draft.row([*inside, *steps], weights, at_least=0, at_most=0)
            rises = (instance.weights[0] * (high - low) for low, high in pairwise(squares))
            prices |= dict(zip(steps, rises, strict=True))
            least += instance.weights[0] * squares[0]
    draft.least(list(prices), list(prices.values()), offset=least)
    return _result(draft, terms, 1)


def _squares(loads: Sequence[int], periods: int, most: int) -> tuple[int, list[int]]:
    """Return the step in which a load can rise, and what each load from 0 costs.

    The costs are convex, so that each step may be a variable of its own: the cheap ones go first.
    """
    step = math.gcd(*loads) or 1
    floor, ceiling = sum(loads) // periods, -(-sum(loads) // periods)
    reach = sum(sorted(loads, reverse=True)[:most])
    outside = (max(load - ceiling, floor - load, 0) for load in range(0, reach + 1, step))
    return step, [each * each for each in outside]


def train(instance: Mentoring, _terms: Terms) -> Result:
    """Hire trainees month by month so that the experienced can serve every hour."""
    months = len(instance.hours)
    draft = Draft()
    trainees = draft.variables(months, upper=OPEN)
    experienced = draft.variables(months, upper=OPEN)
    _held(draft, {experienced[0]: Fraction(1)}, instance.experienced, instance.experienced)
    for month, hours in enumerate(instance.hours):
        gives, takes = instance.hours_a_month, -instance.supervision
        _held(draft, {experienced[month]: gives, trainees[month]: takes}, hours, None)
        if month:
            stays = {
                experienced[month - 1]: 1 - instance.quit_share,
                trainees[month - 1]: Fraction(1),
            }
            _held(draft, stays | {experienced[month]: Fraction(-1)}, Fraction(0), Fraction(0))
    wages, unit = in_finest_unit([instance.trainee_wage, instance.wage])
    draft.least([*trainees, *experienced], np.repeat(wages, months))
    found = relax(draft.problem())
    proven = found.optimum is not None and found.optimum == found.bound
    return Result(
        value=_amount(found.optimum, unit), bound=_amount(found.bound, unit), proven=proven
    )


def _held(
    draft: Draft,
    terms: Mapping[int, Fraction],
    at_least: Fraction,
    at_most: Fraction | None,
) -> None:
    """Add a row of fractions, multiplied until it is whole."""
    ends = [at_least] if at_most is None else [at_least, at_most]
    amounts, _ = in_finest_unit([*terms.values(), *ends])
    top = OPEN if at_most is None else int(amounts[-1])
    factors, bottom = amounts[: len(terms)], int(amounts[len(terms)])
    draft.row(list(terms), factors, at_least=bottom, at_most=top)


def _spread(
    draft: Draft, courses: int, periods: int, before: Sequence[tuple[int, int]], most: int
) -> Whole:
    """Return the variable of each course in each period; earlier courses come strictly earlier."""
    first, last = _windows(courses, periods, before, most)
    placed = np.array(
        [
            [
                draft.variables(1, upper=int(first[course] <= period <= last[course]))[0]
                for period in range(periods)
            ]
            for course in range(courses)
        ]
    )
    for inside in placed:
        draft.row(inside, [1] * periods, at_least=1, at_most=1)
    for earlier, later in sorted(set(before)):
        for period in range(periods):
            by_then = [*placed[later, : period + 1], *placed[earlier, :period]]
            draft.row(by_then, [1] * (period + 1) + [-1] * period, at_most=0)
    return placed


def _windows(
    courses: int, periods: int, before: Sequence[tuple[int, int]], most: int
) -> tuple[list[int], list[int]]:
    """Return the first and last period of each course: its chain, and all who must go before."""
    backwards = [(later, earlier) for earlier, later in before]
    first = _earliest(courses, before, most)
    last = [periods - 1 - each for each in _earliest(courses, backwards, most)]
    return first, last


def _earliest(courses: int, before: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Return the earliest period of each course, counted from 0."""
    ahead: list[set[int]] = [set() for _ in range(courses)]
    depth = [0] * courses
    for _ in range(courses):
        for earlier, later in before:
            ahead[later] |= ahead[earlier] | {earlier}
            depth[later] = max(depth[later], depth[earlier] + 1, -(-len(ahead[later]) // most))
        if max(depth, default=0) > courses:
            break
    return depth


def _result(draft: Draft, terms: Terms, unit: int) -> Result:
    found = solve(draft.problem(), engine=terms.by, seed=terms.seed, time_limit=terms.seconds)
    value = found.objectives[0] if found.objectives else None
    return Result(
        value=_amount(value, unit), bound=_amount(found.bounds[0], unit), proven=found.proven
    )


def _amount(whole: int | Fraction | None, unit: int) -> Amount | None:
    """Return an amount in the unit of the file: whole where it is whole."""
    if whole is None:
        return None
    exact = Fraction(whole) / unit
    return int(exact) if exact.denominator == 1 else float(exact)


def _known(path: Path) -> Mapping[str, Any]:
    """Read known optima; textbook cases tell their own, of the file they stand in."""
    told = json.loads(path.read_text("utf-8"))
    own = {"path": path.name, "sense": "min", "status": "optimal"}
    return {
        name: own | {"value": entry["optimum"]} if "optimum" in entry else entry
        for name, entry in told.items()
    }


def _wrong(lines: Sequence[tuple[Path, Line]], known: Mapping[str, Any]) -> Iterator[str]:
    """Compare with what is published; the entries of one file come in the order of the file."""
    entries: dict[Path, Iterator[dict[str, Any]]] = {}
    for path, line in lines:
        if path not in entries:
            entries[path] = iter(_of_file(path, known))
        entry = next(entries[path], None)
        if entry is not None:
            yield from (f"{path.name} {line.instance}: {text}" for text in _complaints(line, entry))


def _of_file(path: Path, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = path.resolve().parts
    return [
        entry
        for entry in known.values()
        if parts[-len(Path(entry["path"]).parts) :] == Path(entry["path"]).parts
    ]


def _complaints(line: Line, entry: Mapping[str, Any]) -> Iterator[str]:
    """Tell what is on the wrong side, in cost: of what is worth most, the least of its debt."""
    sign = 1 if entry["sense"] == "min" else -1
    best, optimal = sign * entry["value"], str(entry["status"]).startswith("optimal")
    slack = abs(best) * 1e-12
    if line.value is None or line.bound is None:
        yield "no value, or no bound"
        return
    value, bound = sign * line.value, sign * line.bound
    if bound > best + slack:
        yield f"the bound {line.bound} is on the wrong side of {entry['value']}"
    if optimal and value < best - slack:
        yield f"the value {line.value} is better than the optimum {entry['value']}"
    if line.proven and value > best + slack:
        yield f"the value {line.value} is called proven but {entry['value']} is known"


PATIENCE: Mapping[str, float] = MappingProxyType({"mkp": 28.0})
"""Seconds for each instance where a family has its own pass mark; two minutes otherwise."""

Family = tuple[Callable[[str], Sequence[Any]], Callable[[Any, Terms], Result]]

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "scp": (read_covering, cover),
        "assign": (read_placing, place),
        "gap": (read_sharing, share),
        "mkp": (read_packing, pack),
        "bacp": (read_curriculum, balance),
        "gbac": (read_curricula, balance_many),
        "csl": (read_mentoring, train),
    }
)

if __name__ == "__main__":
    sys.exit(main())
