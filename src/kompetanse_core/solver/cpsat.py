"""How is CP-SAT of OR-tools asked? Its only door, for who has the extra `ortools`.

CP-SAT reckons in whole numbers throughout, so every variable is whole, whatever its kind, and needs
an end on both sides. One searcher works, so that the same question has the same answer.
"""

from __future__ import annotations

import math
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from kompetanse_core.errors import SolverFailed
from kompetanse_core.solver.apart import apart, imported
from kompetanse_core.solver.asking import Answer, Care, Ending, Goal, Terms, Watch
from kompetanse_core.solver.problem import EXACT, Problem, Whole

LIFE_SIGN: Final = 0.05
"""How many seconds pass between two questions whether to stop."""
LAST: Final = 2**63 - 1
"""What CP-SAT takes for no limit at all; less on the other side."""
SEEDS: Final = 2**31

ENDINGS: Final = MappingProxyType(
    {
        "OPTIMAL": Ending.DONE,
        "FEASIBLE": Ending.CUT,
        "INFEASIBLE": Ending.INFEASIBLE,
        "UNKNOWN": Ending.CUT,
    }
)


def ask(
    problem: Problem, goal: Goal, terms: Terms, *, care: Care, start: Whole | None, watch: Watch
) -> Answer:
    """Let CP-SAT search for whole numbers; `care` is for solvers that round.

    Raises:
        SolverFailed: E901 if OR-tools is missing, E903 if a variable has no end or a sum does not
            fit in 64 bits.
    """
    del care
    library = _library()
    model, chosen = _loaded(library, problem, goal)
    if start is not None:
        for variable, value in zip(chosen, start.tolist(), strict=True):
            model.add_hint(variable, value)
    solver = library.CpSolver()
    _set_terms(solver.parameters, terms)
    trouble: list[BaseException] = []
    stopped: list[bool] = []

    def look() -> None:
        stopped.append(bool(trouble) or (watch.stop is not None and watch.stop()))
        if any(stopped):
            solver.stop_search()

    ear = _ear(library, goal, watch, trouble)
    name = solver.status_name(
        apart(lambda: solver.solve(model, ear), trouble, meanwhile=look, every=LIFE_SIGN)
    )
    if name not in ENDINGS:
        raise SolverFailed("E903", f"CP-SAT calls the problem {name}", hint="use larger units")
    found = name in {"OPTIMAL", "FEASIBLE"}
    ending = Ending.INTERRUPTED if ENDINGS[name] is Ending.CUT and any(stopped) else ENDINGS[name]
    return Answer(
        ending=ending,
        values=np.array([float(solver.value(each)) for each in chosen]) if found else None,
        bound=solver.best_objective_bound * 2.0**-goal.shift if found else -math.inf,
        nodes=int(solver.num_branches),
    )


def _library() -> Any:  # noqa: ANN401  a library that is imported late has no static type
    try:
        return imported("ortools.sat.python.cp_model")
    except ImportError as error:
        text = "the solver CP-SAT is not installed"
        raise SolverFailed("E901", text, hint="install kompetanse[ortools]") from error


def _loaded(library: Any, problem: Problem, goal: Goal) -> tuple[Any, list[Any]]:  # noqa: ANN401  as above
    if (np.maximum(np.abs(problem.lower), np.abs(problem.upper)) > EXACT).any():
        text = "a variable has no end that CP-SAT could reckon with"
        raise SolverFailed("E903", text, hint="use larger units, or the solver HiGHS")
    model, total = library.CpModel(), library.LinearExpr.weighted_sum
    ends = zip(problem.lower.tolist(), problem.upper.tolist(), strict=True)
    chosen = [model.new_int_var(low, high, "") for low, high in ends]
    limits = zip(problem.at_least.tolist(), problem.at_most.tolist(), strict=True)
    terms = zip(pairwise(problem.start.tolist()), limits, strict=True)
    variable, factor = problem.variable.tolist(), problem.factor.tolist()
    for (first, end), (low, high) in terms:
        if first < end:
            row = total([chosen[each] for each in variable[first:end]], factor[first:end])
            model.add_linear_constraint(row, max(low, -LAST), min(high, LAST))
    model.minimize(total(chosen, goal.factor.tolist()))
    return model, chosen


def _set_terms(parameters: Any, terms: Terms) -> None:  # noqa: ANN401  as above
    parameters.num_workers = 1
    parameters.linearization_level = 2
    parameters.catch_sigint_signal = False
    parameters.random_seed = terms.seed % SEEDS
    parameters.relative_gap_limit = terms.gap / 1e6
    if terms.nodes is not None:
        parameters.max_number_of_conflicts = terms.nodes
    if terms.until is not None:
        parameters.max_time_in_seconds = max(0.0, terms.seconds_left)


def _ear(library: Any, goal: Goal, watch: Watch, trouble: list[BaseException]) -> Any:  # noqa: ANN401  as above
    """Pass on each better value, with the bound that holds then."""
    scale = 2.0**-goal.shift

    def hear(told: Any) -> None:  # noqa: ANN401  as above
        try:
            if watch.tell is not None:
                value, bound = told.objective_value * scale, told.best_objective_bound * scale
                watch.tell(value, bound, told.num_branches)
        except BaseException as error:  # noqa: BLE001  an exception must not cross the solver
            trouble.append(error)
            told.stop_search()

    # The library calls a method of a class derived from its own, which is imported late.
    return type("Ear", (library.CpSolverSolutionCallback,), {"on_solution_callback": hear})()
