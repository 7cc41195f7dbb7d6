"""How is HiGHS asked? Its only door.

Rows lose their common divisor, and those that are still large are scaled by a power of two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.errors import SolverFailed
from kompetanse_core.solver.apart import apart, imported
from kompetanse_core.solver.asking import (
    FACTOR_BITS,
    Answer,
    Care,
    Ending,
    Floats,
    Goal,
    Terms,
    Watch,
    make_goal,
)
from kompetanse_core.solver.problem import OPEN, Objective, Problem, Whole
from kompetanse_core.solver.rounding import divided_up, divisors

ROW_SHIFT: Final = 16

ENDINGS: Final = MappingProxyType(
    {
        "kOptimal": Ending.DONE,
        "kModelEmpty": Ending.DONE,
        "kInfeasible": Ending.INFEASIBLE,
        "kUnbounded": Ending.UNBOUNDED,
        "kUnboundedOrInfeasible": Ending.UNCLEAR,
        "kTimeLimit": Ending.CUT,
        "kSolutionLimit": Ending.CUT,
        "kIterationLimit": Ending.CUT,
        "kInterrupt": Ending.INTERRUPTED,
        "kHighsInterrupt": Ending.INTERRUPTED,
    }
)


@frozen(kw_only=True, eq=False)
class Duals:
    """Hold the optimum of the relaxation: unchecked floats, prices in units of goal and row."""

    ending: Ending
    values: Floats
    prices: Floats
    basic: npt.NDArray[np.bool_]
    basic_rows: npt.NDArray[np.bool_]


def ask(
    problem: Problem, goal: Goal, terms: Terms, *, care: Care, start: Whole | None, watch: Watch
) -> Answer:
    """Let HiGHS search for whole numbers.

    Raises:
        SolverFailed: E901 if HiGHS is missing, E902 if it fails.
    """
    free = problem.implied if care is Care.USUAL else np.zeros(problem.variables, np.bool_)
    solver = _loaded(problem, goal, free)
    _set_terms(solver, terms, care)
    if start is not None:
        known = _library().HighsSolution()
        known.col_value = start.astype(np.float64)
        solver.setSolution(known)
    _run(solver, watch)
    told, found, ending = solver.getInfo(), solver.getSolution(), _ending(solver)
    bound = told.mip_dual_bound
    if free.all():
        # Without whole variables HiGHS runs no search, and half-way its objective bounds nothing.
        bound = told.objective_function_value if ending is Ending.DONE else -math.inf
    return Answer(
        ending=ending,
        values=np.array(found.col_value) if found.value_valid else None,
        bound=bound,
        nodes=max(0, int(told.mip_node_count)),
    )


def ask_relaxed(problem: Problem, goal: Goal, terms: Terms, watch: Watch) -> Duals:
    """Let HiGHS solve the problem as if every variable could be split.

    Raises:
        SolverFailed: E901 if HiGHS is missing, E902 if it fails.
    """
    solver = _loaded(problem, goal, np.ones(problem.variables, np.bool_))
    _set_terms(solver, terms, Care.UTMOST)
    _run(solver, watch)
    found, basis, basic = (
        solver.getSolution(),
        solver.getBasis(),
        _library().HighsBasisStatus.kBasic,
    )
    divisor = divisors(problem)
    scale = _row_scales(problem, divisor)
    return Duals(
        ending=_ending(solver),
        values=np.array(found.col_value),
        prices=np.array(found.row_dual) * 2.0**goal.shift * scale / divisor,
        basic=np.array([status == basic for status in basis.col_status], dtype=np.bool_),
        basic_rows=np.array([status == basic for status in basis.row_status], dtype=np.bool_),
    )


class Warm:
    """Keep a problem whose variables can all be split in the solver, to be asked again and again.

    What one answer taught is kept for the next; only prices and limits of variables may change.
    """

    def __init__(self, problem: Problem) -> None:
        """Hand the problem over once."""
        self._count = problem.variables
        nothing = Objective(factor=np.zeros(self._count, np.int64))
        free = np.ones(self._count, np.bool_)
        self._solver = _loaded(problem, make_goal(problem, nothing), free)
        _set_terms(self._solver, Terms(), Care.USUAL)

    def least(self, price: Floats, lower: Floats, upper: Floats) -> Floats | None:
        """Give the values (variables,) at which the price is least; None where there are none.

        Raises:
            SolverFailed: E902, if HiGHS fails.
        """
        every = np.arange(self._count, dtype=np.int32)
        self._solver.changeColsCost(self._count, every, price)
        self._solver.changeColsBounds(self._count, every, lower, upper)
        # Each run is short and nobody listens: no other thread is needed, and a signal waits.
        _accept(self._solver.run())
        if _ending(self._solver) is not Ending.DONE:
            return None
        return np.array(self._solver.getSolution().col_value)


def _library() -> Any:  # noqa: ANN401  a library that is imported late has no static type
    try:
        return imported("highspy._core")
    except ImportError as error:
        text = "the solver HiGHS is not installed"
        raise SolverFailed("E901", text, hint="install the package highspy") from error


def _loaded(problem: Problem, goal: Goal, free: npt.NDArray[np.bool_]) -> Any:  # noqa: ANN401  as above
    library = _library()
    # The public class prints a banner when it is made; the class below it is silent.
    solver = library._Highs()  # noqa: SLF001  see the line above
    solver.setOptionValue("output_flag", False)  # noqa: FBT003  the library's own signature
    model = library.HighsLp()
    model.num_col_, model.num_row_ = problem.variables, problem.rows
    model.col_cost_ = goal.factor * 2.0**-goal.shift
    model.col_lower_ = _opened(problem.lower, np.ones(problem.variables))
    model.col_upper_ = _opened(problem.upper, np.ones(problem.variables))
    divisor = divisors(problem)
    scale = _row_scales(problem, divisor)
    model.row_lower_ = _opened(divided_up(problem.at_least, divisor), scale)
    model.row_upper_ = _opened(-divided_up(-problem.at_most, divisor), scale)
    model.a_matrix_.format_ = library.MatrixFormat.kRowwise
    model.a_matrix_.start_ = problem.start
    model.a_matrix_.index_ = problem.variable
    row = problem.row_of_term
    model.a_matrix_.value_ = problem.factor // divisor[row] * scale[row]
    kinds = (library.HighsVarType.kInteger, library.HighsVarType.kContinuous)
    model.integrality_ = [] if free.all() else [kinds[each] for each in free.tolist()]
    if solver.passModel(model) == library.HighsStatus.kError:
        raise SolverFailed("E902", "the solver refused the problem")
    return solver


def _row_scales(problem: Problem, divisor: Whole) -> Floats:
    """Return the power of two that brings each row near one, once it is divided."""
    largest = np.ones(problem.rows, dtype=np.int64)
    filled = np.flatnonzero(np.diff(problem.start))
    if len(filled):
        heads = problem.start[filled]
        largest[filled] = np.maximum.reduceat(np.abs(problem.factor), heads) // divisor[filled]
    bits = np.frexp(largest.astype(np.float64))[1]
    scale: Floats = 2.0 ** -np.clip(bits - FACTOR_BITS, 0, ROW_SHIFT)
    return scale


def _opened(limits: Whole, scale: Floats) -> Floats:
    return np.where(np.abs(limits) >= OPEN, np.copysign(np.inf, limits), limits * scale)


def _set_terms(solver: Any, terms: Terms, care: Care) -> None:  # noqa: ANN401  as above
    options = {
        "threads": 1,
        "random_seed": terms.seed,
        "mip_abs_gap": 0.0,
        "mip_rel_gap": terms.gap / 1e6,
        "mip_feasibility_tolerance": care.value,
        "primal_feasibility_tolerance": min(care.value, 1e-7),
        "dual_feasibility_tolerance": min(care.value, 1e-7),
    }
    if terms.nodes is not None:
        options["mip_max_nodes"] = terms.nodes
    if terms.until is not None:
        options["time_limit"] = max(0.0, terms.seconds_left)
    for name, value in options.items():
        solver.setOptionValue(name, value)


def _run(solver: Any, watch: Watch) -> None:  # noqa: ANN401  as above
    """Run; what `watch` raises stops the search first and is raised here, and so is a signal."""
    library = _library()
    trouble: list[BaseException] = []
    searching = library.cb.HighsCallbackType.kCallbackMipInterrupt
    solver.setCallback(_ear(searching, watch, trouble), None)
    solver.startCallback(searching)
    solver.startCallback(library.cb.HighsCallbackType.kCallbackSimplexInterrupt)
    _accept(apart(solver.run, trouble))


def _ear(searching: object, watch: Watch, trouble: list[BaseException]) -> Callable[..., None]:
    """Listen to the solver: pass on each better value or bound, and whether to stop."""
    news: list[tuple[float, float]] = [(math.inf, -math.inf)]

    def hear(kind: object, _text: str, told: Any, reply: Any, _user: object) -> None:  # noqa: ANN401  as above
        try:
            stand = (told.mip_primal_bound, told.mip_dual_bound)
            if watch.tell is not None and kind == searching and stand != news[-1]:
                news.append(stand)
                watch.tell(*stand, told.mip_node_count)
            reply.user_interrupt = bool(trouble) or (watch.stop is not None and watch.stop())
        except BaseException as error:  # noqa: BLE001  an exception must not cross the solver
            trouble.append(error)
            reply.user_interrupt = True

    return hear


def _accept(status: object) -> None:
    if status == _library().HighsStatus.kError:
        raise SolverFailed("E902", "the solver stopped with an error")


def _ending(solver: Any) -> Ending:  # noqa: ANN401  as above
    name = solver.getModelStatus().name
    if name not in ENDINGS:
        raise SolverFailed("E902", f"the solver stopped with the status {name}")
    return ENDINGS[name]
