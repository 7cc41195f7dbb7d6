"""Does the solver room keep its answers when published instances are written down otherwise?

    python benchmarks/perturbed.py [FAMILY...] [--shared FOLDER] [--seed N] [--seconds N] [--each N]

Each published instance of a known optimum is permuted, scaled, given what is dominated, merged with
another, and written with other line ends, all drawn from the seed; what its optimum must be then
follows from what is published. Each variant goes through `published.py` as a file and becomes a
line of JSON: its name, value, bound, proven, seconds, and what is expected. With `--each N` only
the first N instances of a family are taken. What is on the wrong side, or is not proven where its
parts are, is told on standard error, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import singledispatch
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve, frozen
from instances import (
    Covering,
    Curricula,
    Curriculum,
    Instance,
    Mentoring,
    Packing,
    Placing,
    Sharing,
)
from published import FAMILIES, PATIENCE, Line, Terms, solved
from writing import written

from kompetanse_core.solver import Engine

FACTORS = (3, 7, 1_000)
NEAR = Fraction(2, 1_000)
"""How far from the best known a packing of 100 choices may be."""


@frozen(kw_only=True, eq=False)
class Known:
    """Hold an instance with its optimum; `proven` says whether the optimum itself is."""

    name: str
    family: str
    instance: Instance
    optimum: Fraction
    proven: bool


@frozen(kw_only=True)
class Variant:
    """Hold the text of a file, and the optimum of each instance in it."""

    name: str
    family: str
    text: str
    optima: tuple[Fraction, ...]
    proven: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve every variant, print a line for each, and return the exit code."""
    asked = _asked(arguments)
    wrong = []
    for family in asked.families or sorted(FAMILIES):
        found = published(asked.shared, family)[: asked.each]
        seconds = asked.seconds or PATIENCE.get(family, 120.0)
        terms = Terms(seconds=seconds, seed=0, by=Engine.HIGHS)
        for variant in variants(found, random.Random(asked.seed)):
            for line, optimum in _held(variant, terms):
                told = {"variant": variant.name, "expected": float(optimum)}
                told |= {key: getattr(line, key) for key in ("value", "bound", "proven", "seconds")}
                print(json.dumps(told), flush=True)
                wrong += [f"{variant.name}: {text}" for text in complaints(line, optimum, variant)]
    for complaint in wrong:
        print(complaint, file=sys.stderr)
    return 1 if wrong else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Solve published instances, perturbed.")
    parser.add_argument("families", nargs="*", metavar="family")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--each", type=int)
    return parser.parse_args(arguments)


def published(shared: Path, family: str) -> list[Known]:
    """Read the published instances of a family; the entries of a file come in its order."""
    folder = shared / "benchmarks"
    if family == "csl":
        return _textbook(folder / "textbook_cases.json")
    known = json.loads((folder / "known_optima.json").read_text("utf-8"))
    entries = {name: each for name, each in known.items() if name.startswith(family + "/")}
    read: dict[str, Iterator[Any]] = {}
    found = []
    for name, entry in entries.items():
        path = entry["path"]
        if path not in read:
            read[path] = iter(FAMILIES[family][0]((folder / path).read_text("utf-8-sig")))
        found.append(
            Known(
                name=name,
                family=family,
                instance=next(read[path]),
                optimum=Fraction(str(entry["value"])),
                proven=str(entry["status"]).startswith("optimal"),
            )
        )
    return found


def _textbook(path: Path) -> list[Known]:
    told = json.loads(path.read_text("utf-8"))["winston_csl"]
    (instance,) = FAMILIES["csl"][0](path.read_text("utf-8"))
    optimum = Fraction(str(told["optimum"]))
    return [
        Known(name="csl/winston", family="csl", instance=instance, optimum=optimum, proven=True)
    ]


def variants(known: Sequence[Known], chance: random.Random) -> Iterator[Variant]:
    """Write each instance down in every other way, alone and together with the next one."""
    for number, one in enumerate(known):
        text, names = written(one.instance), one.name
        yield _variant(one, "rewritten", text, 1)
        yield _variant(one, "line ends", text.replace("\n", " \r\n").rstrip(), 1)
        yield _variant(one, "permuted", written(permuted(one.instance, chance)), 1)
        factor = chance.choice(FACTORS)
        yield _variant(one, f"times {factor}", written(scaled(one.instance, factor)), factor)
        yield _variant(one, "dominated", written(dominated(one.instance, chance)), 1)
        mixed = permuted(dominated(scaled(one.instance, factor), chance), chance)
        yield _variant(one, f"dominated, permuted, times {factor}", written(mixed), factor)
        other = known[(number + 1) % len(known)]
        whole = merged(one.instance, other.instance)
        if whole is not None:
            both = evolve(
                one,
                name=f"{names} + {other.name}",
                optimum=one.optimum + other.optimum,
                proven=one.proven and other.proven,
            )
            yield _variant(both, "merged", written(permuted(whole, chance)), 1)
    several = [one for one in known if one.family in SEVERAL_A_FILE][:2]
    if len(several) > 1:
        yield Variant(
            name=f"{several[0].family}, two in one file",
            family=several[0].family,
            text=_counted(several[0].family, [written(one.instance) for one in several]),
            optima=tuple(one.optimum for one in several),
            proven=all(one.proven for one in several),
        )


SEVERAL_A_FILE = ("scp", "assign", "gap", "mkp")


def _variant(known: Known, how: str, text: str, factor: int) -> Variant:
    return Variant(
        name=f"{known.name}, {how}",
        family=known.family,
        text=text,
        optima=(known.optimum * factor,),
        proven=known.proven,
    )


def _counted(family: str, texts: Sequence[str]) -> str:
    """Put the texts of several instances in one file, with their number where files have one."""
    head = f"{len(texts)}\n" if family in {"gap", "mkp"} else ""
    return head + "".join(texts)


@singledispatch
def permuted(instance: Instance, chance: random.Random) -> Instance:
    """Give everything another number."""
    del chance
    return instance


def _order(count: int, chance: random.Random) -> list[int]:
    return chance.sample(range(count), count)


@permuted.register
def _(instance: Covering, chance: random.Random) -> Covering:
    columns, rows = (_order(len(each), chance) for each in (instance.costs, instance.covers))
    place = {column: number for number, column in enumerate(columns)}
    covers = [[place[column] for column in instance.covers[row]] for row in rows]
    return evolve(
        instance,
        costs=tuple(instance.costs[column] for column in columns),
        covers=tuple(tuple(chance.sample(row, len(row))) for row in covers),
    )


@permuted.register
def _(instance: Placing, chance: random.Random) -> Placing:
    rows, columns = (_order(len(instance.costs), chance) for _ in range(2))
    return evolve(instance, costs=instance.costs[np.ix_(rows, columns)])


@permuted.register
def _(instance: Sharing, chance: random.Random) -> Sharing:
    agents, jobs = (_order(count, chance) for count in instance.costs.shape)
    both = np.ix_(agents, jobs)
    costs, uses = instance.costs[both], instance.uses[both]
    return evolve(instance, costs=costs, uses=uses, room=instance.room[agents])


@permuted.register
def _(instance: Packing, chance: random.Random) -> Packing:
    budgets, choices = (_order(count, chance) for count in instance.uses.shape)
    uses, room = instance.uses[np.ix_(budgets, choices)], instance.room[budgets]
    return evolve(instance, worth=instance.worth[choices], uses=uses, room=room)


@permuted.register
def _(instance: Curriculum, chance: random.Random) -> Curriculum:
    order = _order(len(instance.loads), chance)
    before = _renamed(instance.before, order)
    chance.shuffle(before)
    return evolve(
        instance, loads=tuple(instance.loads[each] for each in order), before=tuple(before)
    )


@permuted.register
def _(instance: Curricula, chance: random.Random) -> Curricula:
    order = _order(len(instance.loads), chance)
    place = {course: number for number, course in enumerate(order)}
    curricula = [tuple(place[course] for course in one) for one in instance.curricula]
    chance.shuffle(curricula)
    return evolve(
        instance,
        loads=tuple(instance.loads[each] for each in order),
        curricula=tuple(curricula),
        before=tuple(_renamed(instance.before, order)),
        unwanted=tuple((place[course], period) for course, period in instance.unwanted),
    )


def _renamed(pairs: Sequence[tuple[int, int]], order: Sequence[int]) -> list[tuple[int, int]]:
    place = {course: number for number, course in enumerate(order)}
    return [(place[earlier], place[later]) for earlier, later in pairs]


@singledispatch
def scaled(instance: Instance, factor: int) -> Instance:
    """Multiply all that the optimum is counted in."""
    raise TypeError(type(instance).__name__, factor)


@scaled.register
def _(instance: Covering, factor: int) -> Covering:
    return evolve(instance, costs=tuple(each * factor for each in instance.costs))


@scaled.register(Placing)
@scaled.register(Sharing)
def _(instance: Placing | Sharing, factor: int) -> Instance:
    return evolve(instance, costs=instance.costs * factor)


@scaled.register
def _(instance: Packing, factor: int) -> Packing:
    return evolve(instance, worth=instance.worth * factor)


@scaled.register
def _(instance: Curriculum, factor: int) -> Curriculum:
    low, high = instance.load_limits
    loads = tuple(each * factor for each in instance.loads)
    return evolve(instance, loads=loads, load_limits=(low * factor, high * factor))


@scaled.register
def _(instance: Curricula, factor: int) -> Curricula:
    uneven, unwanted = instance.weights
    return evolve(instance, weights=(uneven * factor, unwanted * factor))


@scaled.register
def _(instance: Mentoring, factor: int) -> Mentoring:
    wages = instance.wage * factor, instance.trainee_wage * factor
    return evolve(instance, wage=wages[0], trainee_wage=wages[1])


@singledispatch
def dominated(instance: Instance, chance: random.Random) -> Instance:
    """Add what can never be better than what is there already."""
    del chance
    return instance


@dominated.register
def _(instance: Covering, chance: random.Random) -> Covering:
    """Add half as many columns again: each covers less than another, and costs no less."""
    covers = [list(row) for row in instance.covers]
    rows_of: dict[int, list[int]] = {}
    for row, columns in enumerate(instance.covers):
        for column in columns:
            rows_of.setdefault(column, []).append(row)
    costs = list(instance.costs)
    for column in chance.sample(sorted(rows_of), len(rows_of) // 2):
        for row in chance.sample(rows_of[column], chance.randint(1, len(rows_of[column]))):
            covers[row].append(len(costs))
        costs.append(instance.costs[column] + chance.choice((0, 0, 1, 5)))
    return evolve(instance, costs=tuple(costs), covers=tuple(map(tuple, covers)))


@dominated.register
def _(instance: Placing, chance: random.Random) -> Placing:
    """Add a row and a column that only each other can afford."""
    size = len(instance.costs)
    dear = _dear(instance.costs)
    costs = np.full((size + 1, size + 1), dear, dtype=np.int64)
    costs[:size, :size], costs[size, size] = instance.costs, 0
    return permuted(evolve(instance, costs=costs), chance)


@dominated.register
def _(instance: Sharing, chance: random.Random) -> Sharing:
    """Add an agent who has no room for any job, however cheap."""
    del chance
    jobs = instance.costs.shape[1]
    return evolve(
        instance,
        costs=np.vstack([instance.costs, np.ones(jobs, dtype=np.int64)]),
        uses=np.vstack([instance.uses, np.full(jobs, 9, dtype=np.int64)]),
        room=np.append(instance.room, 8),
    )


@dominated.register
def _(instance: Packing, chance: random.Random) -> Packing:
    """Add choices that fit nowhere, and a budget that follows from another."""
    budgets = len(instance.room)
    much = instance.room.max() + np.ones((budgets, 3), dtype=np.int64)
    uses = np.hstack([instance.uses, much])
    follows = chance.randrange(budgets)
    return evolve(
        instance,
        worth=np.append(instance.worth, [int(instance.worth.max())] * 3),
        uses=np.vstack([uses, uses[follows]]),
        room=np.append(instance.room, instance.room[follows] + chance.randint(0, 5)),
    )


@dominated.register
def _(instance: Curriculum, chance: random.Random) -> Curriculum:
    """Add prerequisites that follow from others."""
    return evolve(instance, before=(*instance.before, *_following(instance.before, chance)))


@dominated.register
def _(instance: Curricula, chance: random.Random) -> Curricula:
    """Add prerequisites that follow from others."""
    return evolve(instance, before=(*instance.before, *_following(instance.before, chance)))


def _following(before: Sequence[tuple[int, int]], chance: random.Random) -> list[tuple[int, int]]:
    two = [(a, d) for a, b in before for c, d in before if b == c and (a, d) not in before]
    return chance.sample(sorted(set(two)), min(5, len(set(two))))


def _dear(*costs: Any) -> int:  # noqa: ANN401  arrays of costs
    return sum(int(each.max()) * len(each) for each in costs) + 1


@singledispatch
def merged(one: Instance, other: Any) -> Instance | None:  # noqa: ANN401  of the same family
    """Put two instances side by side, so that the optima add up; None where they cannot."""
    del one, other
    return None


@merged.register
def _(one: Covering, other: Covering) -> Covering:
    further = tuple(tuple(each + len(one.costs) for each in row) for row in other.covers)
    return Covering(costs=one.costs + other.costs, covers=one.covers + further)


@merged.register
def _(one: Placing, other: Placing) -> Placing:
    return Placing(costs=_side_by_side(one.costs, other.costs, _dear(one.costs, other.costs)))


@merged.register
def _(one: Sharing, other: Sharing) -> Sharing:
    return Sharing(
        costs=_side_by_side(one.costs, other.costs, 1),
        uses=_side_by_side(one.uses, other.uses, int(max(one.room.max(), other.room.max())) + 1),
        room=np.concatenate([one.room, other.room]),
    )


@merged.register
def _(one: Packing, other: Packing) -> Packing | None:
    """Put two side by side, also where amounts are in different units."""
    unit = int(np.lcm(one.unit, other.unit))
    worth = [each.worth * (unit // each.unit) for each in (one, other)]
    return Packing(
        worth=np.concatenate(worth),
        uses=_side_by_side(one.uses, other.uses, 0),
        room=np.concatenate([one.room, other.room]),
        unit=unit,
    )


@merged.register
def _(one: Curricula, other: Curricula) -> Curricula | None:
    same = [(each.periods, each.course_limits, each.weights) for each in (one, other)]
    if same[0] != same[1]:
        return None
    many = len(one.loads)
    return evolve(
        one,
        loads=one.loads + other.loads,
        curricula=one.curricula + tuple(tuple(c + many for c in each) for each in other.curricula),
        before=one.before + tuple((a + many, b + many) for a, b in other.before),
        unwanted=one.unwanted + tuple((course + many, p) for course, p in other.unwanted),
    )


def _side_by_side(one: Any, other: Any, between: int) -> Any:  # noqa: ANN401  tables of numbers
    rows, columns = one.shape
    size = rows + other.shape[0], columns + other.shape[1]
    table = np.full(size, between, dtype=np.int64)
    table[:rows, :columns], table[rows:, columns:] = one, other
    return table


def _held(variant: Variant, terms: Terms) -> Iterator[tuple[Line, Fraction]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "variant"
        path.write_bytes(variant.text.encode("utf-8"))
        yield from zip(solved(variant.family, path, terms), variant.optima, strict=True)


def complaints(line: Line, optimum: Fraction, variant: Variant) -> Iterator[str]:
    """Tell what is on the wrong side; of what is worth most, the least of its debt."""
    if line.value is None or line.bound is None:
        yield "no value, or no bound"
        return
    sign = -1 if variant.family == "mkp" else 1
    best, value, bound = (sign * Fraction(each) for each in (optimum, line.value, line.bound))
    slack = abs(best) * SLACK[variant.family == "csl"]
    if bound > best + slack:
        yield f"the bound {line.bound} is on the wrong side of {float(optimum)}"
    if variant.proven and value < best - slack:
        yield f"the value {line.value} is better than the optimum {float(optimum)}"
    if variant.proven and not line.proven:
        yield f"{line.value} is not proven: {line.bound}"
    if line.proven and value > best + slack:
        yield f"the value {line.value} is called proven but {float(optimum)} is known"
    if value - best > NEAR * abs(best):
        yield f"the value {line.value} is too far from {float(optimum)}"


SLACK: Mapping[bool, Fraction] = MappingProxyType(
    {False: Fraction(1, 10**12), True: Fraction(1, 10**9)}
)
"""Share that floats may be off: decimals of a file, and a published optimum of ten digits."""


if __name__ == "__main__":
    sys.exit(main())
