"""What do the published files say? One reader for each family, each making instances.

Formats: OR-Library (set covering by rows or by columns, assignment, generalised assignment,
multidimensional knapsack), CSPLib 030 (.dat and MiniZinc), CSPLib 064 (.dzn) and the textbook
cases. Amounts with decimals are read in their finest `unit`: a tenth is `unit=10`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from attrs import frozen

Whole = npt.NDArray[np.int64]
Found = TypeVar("Found")


class UnreadableInstance(ValueError):
    """Say that a file is not of the family it was given for."""


@frozen(kw_only=True, eq=False)
class Covering:
    """Choose columns at least cost, so that each row is covered."""

    costs: tuple[int, ...]
    covers: tuple[tuple[int, ...], ...]
    unit: int = 1


@frozen(kw_only=True, eq=False)
class Placing:
    """Give each row a column of its own at least cost."""

    costs: Whole
    unit: int = 1


@frozen(kw_only=True, eq=False)
class Sharing:
    """Give each job to one agent: `costs` and `uses` by agent and job, `room` by agent."""

    costs: Whole
    uses: Whole
    room: Whole
    unit: int = 1


@frozen(kw_only=True, eq=False)
class Packing:
    """Choose what is worth most within several budgets: `uses` by budget and choice."""

    worth: Whole
    uses: Whole
    room: Whole
    unit: int = 1


@frozen(kw_only=True, eq=False)
class Curriculum:
    """Spread courses over periods; `before` holds (earlier, later), all counted from 0."""

    loads: tuple[int, ...]
    periods: int
    load_limits: tuple[int, int]
    course_limits: tuple[int, int]
    before: tuple[tuple[int, int], ...]


@frozen(kw_only=True, eq=False)
class Curricula:
    """Spread the courses of several curricula; `unwanted` holds (course, period)."""

    loads: tuple[int, ...]
    periods: int
    course_limits: tuple[int, int]
    curricula: tuple[tuple[int, ...], ...]
    before: tuple[tuple[int, int], ...]
    unwanted: tuple[tuple[int, int], ...]
    weights: tuple[int, int]


@frozen(kw_only=True, eq=False)
class Mentoring:
    """Train newcomers with the hours of the experienced, month by month, at least wages."""

    hours: tuple[Fraction, ...]
    experienced: Fraction
    hours_a_month: Fraction
    supervision: Fraction
    quit_share: Fraction
    wage: Fraction
    trainee_wage: Fraction


Instance = Covering | Placing | Sharing | Packing | Curriculum | Curricula | Mentoring


def read_covering(text: str) -> list[Covering]:
    """Read rows, columns and costs, then for each row how many columns cover it, and which.

    The railway files of the same library hold for each column its cost, how many rows it covers,
    and which; a file that does not fit the first form is tried in the second.
    """
    return _first_that_fits(text, _covering_by_rows, _covering_by_columns)


def read_placing(text: str) -> list[Placing]:
    """Read n, then n times n costs."""
    return _first_that_fits(text, _placing)


def read_sharing(text: str) -> list[Sharing]:
    """Read agents, jobs, costs, uses and room, once or as often as a first number says."""
    return _first_that_fits(text, _sharing, _counted(_sharing))


def read_packing(text: str) -> list[Packing]:
    """Read choices, budgets, best known, worth, uses and room, as often as a first number says."""
    return _first_that_fits(text, _counted(_packing), _packing)


def read_curriculum(text: str) -> list[Curriculum]:
    """Read a MiniZinc file or an OPL .dat file; of `a has prerequisite b`, b is the earlier."""
    if "n_courses" in text:
        return [_curriculum_of_minizinc(_uncommented(text, r"%.*"))]
    return [_curriculum_of_opl(_uncommented(text, r"/\*.*?\*/|//[^\n]*"))]


def read_curricula(text: str) -> list[Curricula]:
    """Read a MiniZinc file of several curricula."""
    text = _uncommented(text, r"%.*")
    return [
        Curricula(
            loads=tuple(_numbers_of(text, "course_load")),
            periods=_number_of(text, "n_periods"),
            course_limits=(_number_of(text, "min_courses"), _number_of(text, "max_courses")),
            curricula=tuple(_from_zero(each) for each in _sets_of(text, "courses_of")),
            before=_pairs(_from_zero(_numbers_of(text, "precedes"))),
            unwanted=_pairs(_from_zero(_numbers_of(text, "undesirable"))),
            weights=(_number_of(text, "w1"), _number_of(text, "w2")),
        )
    ]


def read_mentoring(text: str) -> list[Mentoring]:
    """Read each case of a JSON file that tells hours and experienced people."""
    told = json.loads(text, parse_float=Fraction)
    cases = [told] if "experienced" in told else list(told.values())
    return [
        Mentoring(
            hours=tuple(map(Fraction, case["hours"])),
            experienced=Fraction(case["experienced"]),
            hours_a_month=Fraction(case["hours_per_month"]),
            supervision=Fraction(case["supervision_hours"]),
            quit_share=Fraction(case["quit"]),
            wage=Fraction(case["cost_experienced"]),
            trainee_wage=Fraction(case["cost_trainee"]),
        )
        for case in cases
        if isinstance(case, dict) and "experienced" in case
    ]


class Numbers:
    """Hand out the numbers of a file in turn."""

    def __init__(self, numbers: Sequence[int | Fraction]) -> None:
        """Start at the first."""
        self._numbers, self._at = numbers, 0

    @property
    def left(self) -> bool:
        """Whether any number is left."""
        return self._at < len(self._numbers)

    def amounts(self, count: int) -> Sequence[int | Fraction]:
        """Hand out the next `count` numbers, with decimals or without."""
        self._at += count
        if count < 0 or self._at > len(self._numbers):
            raise UnreadableInstance("the file ends too early")
        return self._numbers[self._at - count : self._at]

    def take(self, count: int) -> list[int]:
        """Hand out the next `count` whole numbers."""
        found = self.amounts(count)
        if any(each != int(each) for each in found):
            raise UnreadableInstance("a count has decimals")
        return [int(each) for each in found]

    def one(self) -> int:
        """Hand out the next whole number."""
        return self.take(1)[0]


def in_finest_unit(amounts: Sequence[int | Fraction]) -> tuple[Whole, int]:
    """Return amounts as whole numbers and how many of their unit make one."""
    unit = math.lcm(*{Fraction(each).denominator for each in amounts if not isinstance(each, int)})
    return np.array([int(each * unit) for each in amounts], dtype=np.int64), unit


def _first_that_fits(text: str, *readers: Callable[[Numbers], Iterator[Found]]) -> list[Found]:
    """Return what the first reader makes that uses up every number of the file."""
    words = text.split()
    try:
        plain = all(each not in text for each in ".eE")
        numbers = [int(word) if plain else Fraction(word) for word in words]
    except ValueError as error:
        raise UnreadableInstance("the file holds something else than numbers") from error
    for reader in readers:
        try:
            return list(reader(Numbers(numbers)))
        except UnreadableInstance:
            continue
    raise UnreadableInstance("the numbers do not add up to instances of this family")


def _counted(reader: Callable[[Numbers], Iterator[Found]]) -> Callable[[Numbers], Iterator[Found]]:
    def read(numbers: Numbers) -> Iterator[Found]:
        expected = numbers.one()
        found = list(reader(numbers))
        if len(found) != expected:
            raise UnreadableInstance("the file announces another number of instances")
        yield from found

    return read


def _covering_by_rows(numbers: Numbers) -> Iterator[Covering]:
    while numbers.left:
        rows, columns = numbers.take(2)
        costs, unit = in_finest_unit(numbers.amounts(columns))
        covers = tuple(_from_zero(numbers.take(numbers.one())) for _ in range(rows))
        yield _covering(costs, unit, covers)


def _covering_by_columns(numbers: Numbers) -> Iterator[Covering]:
    while numbers.left:
        rows, columns = numbers.take(2)
        prices: list[int | Fraction] = []
        covers: list[list[int]] = [[] for _ in range(rows)]
        for column in range(columns):
            prices.extend(numbers.amounts(1))
            for row in _from_zero(numbers.take(numbers.one())):
                if not 0 <= row < rows:
                    raise UnreadableInstance("a column covers a row that is not there")
                covers[row].append(column)
        costs, unit = in_finest_unit(prices)
        yield _covering(costs, unit, tuple(map(tuple, covers)))


def _covering(costs: Whole, unit: int, covers: tuple[tuple[int, ...], ...]) -> Covering:
    if any(not 0 <= column < len(costs) for row in covers for column in row):
        raise UnreadableInstance("a row names a column that is not there")
    return Covering(costs=tuple(costs.tolist()), covers=covers, unit=unit)


def _placing(numbers: Numbers) -> Iterator[Placing]:
    while numbers.left:
        size = numbers.one()
        costs, unit = in_finest_unit(numbers.amounts(size * size))
        yield Placing(costs=costs.reshape(size, size), unit=unit)


def _sharing(numbers: Numbers) -> Iterator[Sharing]:
    while numbers.left:
        agents, jobs = numbers.take(2)
        costs, unit = in_finest_unit(numbers.amounts(agents * jobs))
        limits, _ = in_finest_unit(numbers.amounts(agents * jobs + agents))
        yield Sharing(
            costs=costs.reshape(agents, jobs),
            uses=limits[:-agents].reshape(agents, jobs),
            room=limits[-agents:],
            unit=unit,
        )


def _packing(numbers: Numbers) -> Iterator[Packing]:
    while numbers.left:
        choices, budgets = numbers.take(2)
        numbers.amounts(1)
        worth, unit = in_finest_unit(numbers.amounts(choices))
        limits, _ = in_finest_unit(numbers.amounts(choices * budgets + budgets))
        yield Packing(
            worth=worth,
            uses=limits[:-budgets].reshape(budgets, choices),
            room=limits[-budgets:],
            unit=unit,
        )


def _uncommented(text: str, comment: str) -> str:
    return re.sub(comment, " ", text, flags=re.DOTALL if "/" in comment else 0)


def _curriculum_of_minizinc(text: str) -> Curriculum:
    pairs = re.findall(r"prerequisite\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)", text)
    return Curriculum(
        loads=tuple(_numbers_of(text, "course_load")),
        periods=_number_of(text, "n_periods"),
        load_limits=(
            _number_of(text, "load_per_period_lb"),
            _number_of(text, "load_per_period_ub"),
        ),
        course_limits=(
            _number_of(text, "courses_per_period_lb"),
            _number_of(text, "courses_per_period_ub"),
        ),
        before=tuple((int(earlier) - 1, int(later) - 1) for later, earlier in pairs),
    )


def _curriculum_of_opl(text: str) -> Curriculum:
    (names,) = re.findall(r"\bcourses\s*=\s*\{(.*?)\}", text, re.DOTALL) or [""]
    place = {name: number for number, name in enumerate(re.findall(r"\w+", names))}
    pairs = re.findall(r"<\s*(\w+)\s*,\s*(\w+)\s*>", text)
    if not all(later in place and earlier in place for later, earlier in pairs):
        raise UnreadableInstance("a prerequisite names a course that is not there")
    return Curriculum(
        loads=tuple(_numbers_of(text, "credit")),
        periods=_number_of(text, "p"),
        load_limits=(_number_of(text, "a"), _number_of(text, "b")),
        course_limits=(_number_of(text, "c"), _number_of(text, "d")),
        before=tuple((place[earlier], place[later]) for later, earlier in pairs),
    )


def _assigned(text: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=([^;]*);", text)
    if found is None:
        raise UnreadableInstance(f"the file does not say {name}")
    return found[1]


def _number_of(text: str, name: str) -> int:
    try:
        return int(_assigned(text, name))
    except ValueError as error:
        raise UnreadableInstance(f"{name} is not a whole number") from error


def _numbers_of(text: str, name: str) -> list[int]:
    """Read the numbers of a list, also inside `array2d(rows, 1..2, [...])` or `[| ... |]`."""
    return [int(each) for each in re.findall(r"-?\d+", _assigned(text, name).partition("[")[2])]


def _sets_of(text: str, name: str) -> list[list[int]]:
    """Read a list of sets, each `{1, 2}` or `1..2`."""
    sets = []
    for inside, low, high in re.findall(r"\{([^}]*)\}|(\d+)\s*\.\.\s*(\d+)", _assigned(text, name)):
        listed = [int(each) for each in re.findall(r"\d+", inside)]
        sets.append(list(range(int(low), int(high) + 1)) if low else listed)
    return sets


def _from_zero(numbers: Sequence[int]) -> tuple[int, ...]:
    return tuple(each - 1 for each in numbers)


def _pairs(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
