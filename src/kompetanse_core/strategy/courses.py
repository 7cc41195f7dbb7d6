"""Would a course of one's own pay? BreakEven: how many have to take part (G-6)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kompetanse_core.model.measure import Arena, Measure, MeasureId
from kompetanse_core.strategy.options import Options, Strategy

MOST_HEADS = 1_000
"""Beyond so many participants nobody asks whether an own course pays."""


@frozen(kw_only=True)
class BreakEven:
    """Lønnsomhetsgrense: an own course against an external one that reaches as high.

    `heads` is the least number of participants with which the own course is no dearer; None where
    it never is. `open_to` counts those whose lack it answers today; `own_cost` and
    `external_cost` are kroner for all of them.
    """

    own: MeasureId
    external: MeasureId
    heads: int | None
    open_to: int
    own_cost: int
    external_cost: int


def break_evens(options: Options) -> tuple[BreakEven, ...]:
    """Hold every own course against every external measure that lifts to the same levels or above.

    A course costs its price a head and, for each session begun, the price of a session.
    """
    measures = sorted(options.gaps.enterprise.measures, key=lambda measure: measure.id)
    inside = [each for each in measures if each.arena is not Arena.OUTSIDE and each.outcomes]
    outside = [each for each in measures if each.arena is Arena.OUTSIDE]
    return tuple(
        found for own in inside if own.cost_per_session for found in _against(options, own, outside)
    )


def course_cost(measure: Measure, heads: int) -> int:
    """Give what a measure costs for so many participants, in kroner."""
    sessions = -(-heads // measure.seats) if measure.seats else min(heads, 1)
    return heads * measure.cost_a_head + sessions * measure.cost_per_session


def _against(options: Options, own: Measure, outside: list[Measure]) -> Iterator[BreakEven]:
    people = _people(options, own)
    for external in outside:
        if _reaches_as_high(external, own):
            yield BreakEven(
                own=own.id,
                external=external.id,
                heads=_least_heads(own, external),
                open_to=people,
                own_cost=course_cost(own, people),
                external_cost=course_cost(external, people),
            )


def _reaches_as_high(external: Measure, own: Measure) -> bool:
    """Say whether a measure gives all that the own course gives, evidence too."""
    reached = {outcome.competence: outcome.reach for outcome in external.outcomes}
    enough = all(reached.get(o.competence, 0) >= o.reach for o in own.outcomes)
    return enough and own.confers <= external.confers


def _least_heads(own: Measure, external: Measure) -> int | None:
    heads = range(1, MOST_HEADS + 1)
    return next((n for n in heads if course_cost(own, n) <= course_cost(external, n)), None)


def _people(options: Options, own: Measure) -> int:
    """Count the people whose lack the own course answers."""
    rows = options.by(Strategy.UPSKILL)
    closing = (rows.column("measure") == rows.words_of("measure").code(own.id)) & (
        rows.column("steps") > 0
    )
    return len(np.unique(rows.column("employee")[closing]))
