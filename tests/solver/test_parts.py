"""Do the parts make up the whole, and is nothing in two of them?"""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.solver import Draft
from kompetanse_core.solver.exact import objective_values, row_sums
from kompetanse_core.solver.parts import split

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=3, unique=True), max_size=9)


@given(ROWS)
def test_parts_are_the_connected_components(rows: list[list[int]]) -> None:
    """Variables belong together exactly where a chain of rows links them (networkx agrees)."""
    draft = Draft()
    graph: nx.Graph[int] = nx.Graph()
    draft.variables(10)
    for row in rows:
        draft.row(row, [1] * len(row))
        nx.add_path(graph, row)
    expected = sorted(sorted(part) for part in nx.connected_components(graph))
    alone = sorted(set(range(10)) - set(graph))
    found = [part.variables.tolist() for part in split(draft.problem())]
    assert found == expected + [alone] * bool(alone)


@given(ROWS, st.lists(st.integers(0, 5), min_size=10, max_size=10))
def test_parts_add_up_to_the_whole(rows: list[list[int]], values: list[int]) -> None:
    """What an answer is worth, and what its rows add up to, is the same in parts."""
    draft = Draft()
    draft.variables(10, upper=5)
    for number, row in enumerate(rows):
        draft.row(row, [number + 1] * len(row), at_least=-number, at_most=number)
    draft.least(range(10), range(1, 11), offset=100)
    problem, answer = draft.problem(), np.array(values, dtype=np.int64)
    parts = split(problem)
    worth = sum(objective_values(each.problem, answer[each.variables])[0] for each in parts)
    assert (100 + worth,) == objective_values(problem, answer)
    inside = [
        (int(total), int(low), int(high))
        for each in parts
        for total, low, high in zip(
            row_sums(each.problem, answer[each.variables]),
            each.problem.at_least,
            each.problem.at_most,
            strict=True,
        )
    ]
    limits = zip(row_sums(problem, answer), problem.at_least, problem.at_most, strict=True)
    whole = [(int(a), int(b), int(c)) for row, (a, b, c) in zip(rows, limits, strict=True) if row]
    assert sorted(inside) == sorted(whole)
