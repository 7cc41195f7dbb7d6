"""What is true of every problem of choice? Tiny ones are checked against all their answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from kompetanse_core.solver import (
    OPEN,
    Draft,
    Engine,
    Kind,
    Objective,
    Problem,
    Sense,
    Solution,
    Status,
    assign,
    fewest_to_relax,
    relax,
    solve,
)
from kompetanse_core.solver.exact import keeps_limits, objective_values, rank
from kompetanse_core.solver.greedy import greedy_start

Whole = npt.NDArray[np.int64]

SIZES = st.sampled_from([3, 40, 10**9])


@st.composite
def problems(draw: st.DrawFn, *, objectives: int = 2) -> Problem:
    """A problem with at most four variables of at most four values each."""
    largest = draw(SIZES)
    factors = st.integers(-largest, largest)
    draft = Draft()
    for _ in range(draw(st.integers(1, 4))):
        lower = draw(st.integers(-2, 2))
        upper = lower + draw(st.integers(0, 3))
        draft.variables(1, lower=lower, upper=upper, kind=draw(st.sampled_from(Kind)))
    width = len(draft.variables(0, lower=0)) + len(draft.problem().lower)
    numbers = st.lists(factors, min_size=width, max_size=width)
    for _ in range(draw(st.integers(0, 3))):
        low = draw(st.just(-OPEN) | st.integers(-2 * largest, 2 * largest))
        high = draw(st.just(OPEN) | st.integers(-2 * largest, 2 * largest))
        draft.row(range(width), draw(numbers), at_least=low, at_most=high)
    for _ in range(draw(st.integers(1, objectives))):
        add = draw(st.sampled_from([draft.least, draft.most]))
        add(range(width), draw(numbers), offset=draw(st.integers(-9, 9)))
    return draft.problem()


@st.composite
def coverings(draw: st.DrawFn) -> Problem:
    """A covering or packing problem that always has an answer."""
    draft = Draft()
    width = draw(st.integers(1, 5))
    draft.variables(width, upper=draw(st.integers(1, 3)))
    numbers = st.lists(st.integers(0, 9), min_size=width, max_size=width)
    covers = draw(st.booleans())
    for _ in range(draw(st.integers(1, 4))):
        factors = draw(numbers)
        if covers:
            draft.row(range(width), factors, at_least=draw(st.integers(0, sum(factors))))
        else:
            draft.row(range(width), factors, at_most=draw(st.integers(0, 30)))
    (draft.least if covers else draft.most)(range(width), draw(numbers))
    return draft.problem()


@st.composite
def dominations(draw: st.DrawFn) -> tuple[Problem, Problem]:
    """A set covering, and the same with choices that cover less than another and cost no less."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    some = st.sets(st.integers(0, rows - 1), min_size=1)
    covers = [draw(some) for _ in range(columns)]
    costs = draw(st.lists(st.integers(0, 9), min_size=columns, max_size=columns))
    covers[0] = set(range(rows))
    before = covering(rows, covers, costs)
    for _ in range(draw(st.integers(1, 8))):
        better = draw(st.integers(0, columns - 1))
        covers.append(draw(st.sets(st.sampled_from(sorted(covers[better])))))
        costs.append(costs[better] + draw(st.integers(0, 2)))
    return before, covering(rows, covers, costs)


def covering(rows: int, covers: Sequence[set[int]], costs: Sequence[int]) -> Problem:
    """Cover every row at least once, at least cost."""
    draft = Draft()
    draft.variables(len(costs))
    for row in range(rows):
        able = [column for column, covered in enumerate(covers) if row in covered]
        draft.row(able, [1] * len(able), at_least=1)
    draft.least(range(len(costs)), costs)
    return draft.problem()


@st.composite
def sharings(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """Costs and uses by agent and job, and the room of each agent."""
    agents, jobs = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    numbers = st.lists(st.integers(1, 9), min_size=jobs, max_size=jobs)
    tables = (draw(st.lists(numbers, min_size=agents, max_size=agents)) for _ in range(2))
    room = draw(st.lists(st.integers(0, 25), min_size=agents, max_size=agents))
    costs, uses = tables
    return costs, uses, room


def shared_out(*blocks: tuple[list[list[int]], list[list[int]], list[int]]) -> Problem:
    """Give each job to one agent who has room for it, none to an agent of another block."""
    draft = Draft()
    agents = [
        (block, agent) for block, (_, _, room) in enumerate(blocks) for agent in range(len(room))
    ]
    jobs = [
        (block, job) for block, (costs, *_) in enumerate(blocks) for job in range(len(costs[0]))
    ]
    given_to = np.array(draft.variables(len(agents) * len(jobs))).reshape(len(agents), len(jobs))
    price, use = np.ones(given_to.shape, np.int64), np.full(given_to.shape, 26)
    for (row, (block, agent)), (column, (own, job)) in itertools.product(
        enumerate(agents), enumerate(jobs)
    ):
        if block == own:
            price[row, column] = blocks[block][0][agent][job]
            use[row, column] = blocks[block][1][agent][job]
    for each in given_to.T:
        draft.row(each, [1] * len(agents), at_least=1, at_most=1)
    for number, (block, agent) in enumerate(agents):
        draft.row(given_to[number], use[number], at_most=blocks[block][2][agent])
    draft.least(given_to.ravel(), price.ravel())
    return draft.problem()


def answers(problem: Problem) -> Iterator[Whole]:
    """Every answer that keeps all limits."""
    ranges = [
        range(low, high + 1)
        for low, high in zip(problem.lower.tolist(), problem.upper.tolist(), strict=True)
    ]
    for each in itertools.product(*ranges):
        values = np.array(each, dtype=np.int64)
        if keeps_limits(problem, values):
            yield values


def better_or_equal(problem: Problem, one: Solution, other: Solution) -> bool:
    """Whether both have an answer, and the first is no worse."""
    if one.values is None or other.values is None:
        return False
    return rank(problem, one.values) <= rank(problem, other.values)


def best_rank(problem: Problem) -> tuple[int, ...] | None:
    """The rank of the best answer, None where there is none."""
    return min((rank(problem, values) for values in answers(problem)), default=None)


def check_sound(problem: Problem, found: Solution) -> None:
    """An answer keeps every limit and is worth what is said; no bound is on the wrong side."""
    best = best_rank(problem)
    if found.values is not None:
        assert keeps_limits(problem, found.values)
        assert objective_values(problem, found.values) == found.objectives
        assert best is not None
        assert rank(problem, found.values) >= best
    if best is not None and found.bounds[0] is not None:
        sign = 1 if problem.objectives[0].sense is Sense.LEAST else -1
        assert sign * found.bounds[0] <= best[0]
    if found.proven:
        assert found.bounds == found.objectives


@pytest.mark.parametrize("engine", Engine)
@given(problems())
def test_tiny_problems_agree_with_brute_force(engine: Engine, problem: Problem) -> None:
    """The best answer on all objectives in order is found, and proven, or none exists."""
    found, best = solve(problem, engine=engine), best_rank(problem)
    check_sound(problem, found)
    if best is None:
        assert found.status is Status.INFEASIBLE
    else:
        assert found.values is not None
        assert rank(problem, found.values) == best


@pytest.mark.parametrize("engine", Engine)
@given(problems(objectives=1))
def test_small_numbers_are_always_proven(engine: Engine, problem: Problem) -> None:
    """Where floats cannot err, the room never withholds a proof."""
    assume(max(np.abs(problem.factor).max(initial=0), 1) <= 40)
    found = solve(problem, engine=engine)
    assert found.status in {Status.OPTIMAL, Status.INFEASIBLE}


@pytest.mark.parametrize("engine", Engine)
@given(problems(), st.integers(0, 2), st.integers(0, 500_000), st.integers(0, 3))
def test_whatever_the_terms_nothing_untrue_is_said(
    engine: Engine, problem: Problem, nodes: int, gap: int, seed: int
) -> None:
    """Cut by nodes or by gap, the answer keeps every limit and the bound is on its own side."""
    check_sound(problem, solve(problem, engine=engine, nodes=nodes, gap=gap, seed=seed))


@given(problems(), st.integers(0, 3))
def test_an_interrupted_search_returns_a_sound_answer_or_none(problem: Problem, calls: int) -> None:
    """Stopped at any moment, the room returns the best so far and says that it was stopped."""
    left = iter(range(calls))
    found = solve(problem, interrupted=lambda: next(left, None) is None)
    check_sound(problem, found)


@given(problems())
def test_no_time_at_all_is_a_cut_not_a_failure(problem: Problem) -> None:
    """With time limit 0 there may be an answer; it is sound, has a bound; nothing is searched."""
    found = solve(problem, time_limit=0)
    check_sound(problem, found)
    assert found.nodes == 0
    assert None not in found.bounds or found.status is Status.INFEASIBLE


@given(problems(), st.data())
def test_a_start_is_never_worsened(problem: Problem, draw: st.DataObject) -> None:
    """However little time there is, the answer is at least as good as the one given."""
    known = list(answers(problem))
    assume(known)
    start = draw.draw(st.sampled_from(known))
    for found in (solve(problem, start=start, time_limit=0), solve(problem, start=start)):
        assert found.values is not None
        assert rank(problem, found.values) <= rank(problem, start)


@given(coverings())
def test_never_worse_than_greedy(problem: Problem) -> None:
    """Haste finds an answer to these problems, and the search can only better it."""
    hasty = greedy_start(problem)
    assert hasty is not None
    assert keeps_limits(problem, hasty)
    for found in (solve(problem, time_limit=0), solve(problem, nodes=0), solve(problem)):
        assert found.values is not None
        assert rank(problem, found.values) <= rank(problem, hasty)


@given(problems(objectives=1), st.integers(0, 5), st.data())
def test_more_slack_never_worsens(problem: Problem, more: int, draw: st.DataObject) -> None:
    """Giving a row more room keeps the value or betters it."""
    assume(problem.rows)
    row = draw.draw(st.integers(0, problem.rows - 1))
    wider = np.minimum(problem.at_most + more * (np.arange(problem.rows) == row), OPEN)
    before, after = solve(problem), solve(evolve(problem, at_most=wider))
    assume(before.values is not None)
    assert better_or_equal(problem, after, before)


@given(problems(), st.integers(1, 1000))
def test_scaling_costs_scales_the_value(problem: Problem, scale: int) -> None:
    """Every objective times a number: the same answer is best and worth that much more."""
    assume(all(np.abs(each.factor).max() <= 10**9 for each in problem.objectives))
    objectives = tuple(
        evolve(each, factor=each.factor * scale, offset=each.offset * scale)
        for each in problem.objectives
    )
    scaled = solve(evolve(problem, objectives=objectives))
    assert scaled.objectives == tuple(value * scale for value in solve(problem).objectives)


@given(problems(), st.data())
def test_renaming_keeps_the_value(problem: Problem, draw: st.DataObject) -> None:
    """The order in which variables and rows are written down changes no value."""
    variables = np.array(draw.draw(st.permutations(range(problem.variables))), dtype=np.int64)
    rows = np.array(draw.draw(st.permutations(range(problem.rows))), dtype=np.int64)
    assert solve(shuffled(problem, variables, rows)).objectives == solve(problem).objectives


def shuffled(problem: Problem, variables: Whole, rows: Whole) -> Problem:
    """The same problem with variables and rows in another order."""
    place = np.argsort(variables)
    draft = Draft()
    for each in variables:
        draft.variables(1, lower=int(problem.lower[each]), upper=int(problem.upper[each]))
    for row in rows:
        terms = slice(problem.start[row], problem.start[row + 1])
        draft.row(
            place[problem.variable[terms]],
            problem.factor[terms],
            at_least=int(problem.at_least[row]),
            at_most=int(problem.at_most[row]),
        )
    objectives = tuple(evolve(each, factor=each.factor[variables]) for each in problem.objectives)
    return evolve(draft.problem(), objectives=objectives)


@given(problems(objectives=1), problems(objectives=1))
def test_problems_that_share_nothing_add_up(one: Problem, other: Problem) -> None:
    """Side by side, two problems are worth the sum of both, and lack an answer if either does."""
    assume(one.objectives[0].sense is other.objectives[0].sense)
    found, first, second = solve(side_by_side(one, other)), solve(one), solve(other)
    if Status.INFEASIBLE in {first.status, second.status}:
        assert found.status is Status.INFEASIBLE
    else:
        assert found.objectives == (first.objectives[0] + second.objectives[0],)


def side_by_side(one: Problem, other: Problem) -> Problem:
    """Both problems in one, with no row in common."""
    both = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("lower", "upper", "implied", "factor", "at_least", "at_most")
    }
    left, right = one.objectives[0], other.objectives[0]
    return Problem(
        **both,
        start=np.concatenate([one.start, other.start[1:] + one.start[-1]]),
        variable=np.concatenate([one.variable, other.variable + one.variables]),
        objectives=(
            Objective(
                factor=np.concatenate([left.factor, right.factor]),
                offset=left.offset + right.offset,
                sense=left.sense,
            ),
        ),
    )


@pytest.mark.parametrize("engine", Engine)
@given(dominations())
def test_what_is_dominated_changes_nothing(engine: Engine, both: tuple[Problem, Problem]) -> None:
    """Choices that cover less and cost no less leave the optimum as it is, and proven."""
    before, after = (solve(each, engine=engine) for each in both)
    assert before.proven
    assert after.proven
    assert before.objectives == after.objectives


@given(sharings(), sharings())
def test_what_no_row_can_hold_links_nothing(
    one: tuple[list[list[int]], list[list[int]], list[int]],
    other: tuple[list[list[int]], list[list[int]], list[int]],
) -> None:
    """Where agents have no room for the jobs of others, the whole is the sum of two."""
    blocks = ((one, other), (one,), (other,))
    found, first, second = (solve(shared_out(*each)) for each in blocks)
    if Status.INFEASIBLE in {first.status, second.status}:
        assert found.status is Status.INFEASIBLE
    else:
        assert found.proven
        assert found.objectives == found.bounds == (first.objectives[0] + second.objectives[0],)


@given(problems(), st.integers(0, 5))
def test_the_same_question_gets_the_same_answer(problem: Problem, seed: int) -> None:
    """Same problem, terms and seed: the same values, to the last one."""
    first, second = (as_told(solve(problem, seed=seed)) for _ in range(2))
    assert first == second


def as_told(found: Solution) -> tuple[object, ...]:
    """Everything that a solution says, as something that can be compared."""
    values = None if found.values is None else found.values.tolist()
    return found.status, values, found.objectives, found.bounds, found.nodes


@given(problems(objectives=1))
def test_the_fewest_limits_are_named_when_nothing_fits(problem: Problem) -> None:
    """Without the named rows an answer exists; without any fewer, none does."""
    assume(problem.rows and best_rank(problem) is None)
    may_give = range(problem.rows - 1)
    sizes = [
        len(gone)
        for count in range(problem.rows)
        for gone in itertools.combinations(may_give, count)
        if best_rank(without(problem, gone)) is not None
    ]
    found = fewest_to_relax(problem, may_give)
    if not sizes:
        assert found is None
    else:
        assert found is not None
        assert found.proven
        assert len(found.rows) == found.at_least == sizes[0]
        assert keeps_limits(without(problem, found.rows), found.values)


def without(problem: Problem, rows: tuple[int, ...]) -> Problem:
    """The problem with some rows open at both ends."""
    gone = np.isin(np.arange(problem.rows), rows)
    return evolve(
        problem,
        at_least=np.where(gone, -OPEN, problem.at_least),
        at_most=np.where(gone, OPEN, problem.at_most),
    )


@given(problems(objectives=1))
def test_the_relaxation_bounds_every_answer(problem: Problem) -> None:
    """No answer is better than the bound, and an exact optimum is where the bound is."""
    found, best = relax(problem), best_rank(problem)
    if best is not None:
        assert found.status is Status.OPTIMAL
        assert found.bound is not None
        sign = 1 if problem.objectives[0].sense is Sense.LEAST else -1
        assert sign * found.bound <= best[0]
        assert found.optimum in {None, found.bound}


@given(st.data())
def test_an_assignment_agrees_with_brute_force(draw: st.DataObject) -> None:
    """No way of giving each row a column of its own costs less, and the prices prove it."""
    rows = draw.draw(st.integers(0, 4))
    columns = rows + draw.draw(st.integers(0, 2))
    largest = draw.draw(SIZES)
    cells = st.lists(
        st.integers(-largest, largest), min_size=rows * columns, max_size=rows * columns
    )
    costs = np.array(draw.draw(cells), dtype=np.int64).reshape(rows, columns)
    found = assign(costs)
    ways = itertools.permutations(range(columns), rows)
    assert found.value == min(sum(int(costs[pair]) for pair in enumerate(way)) for way in ways)
    assert len(set(found.column.tolist())) == rows
    assert (costs >= found.row_price[:, None] + found.column_price).all()
