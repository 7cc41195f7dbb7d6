"""Whose is each variable of a programme? Owners: the person it is about, or nobody.

What is nobody's, such as sessions and hires, is shared by all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kompetanse_core.plan.choices import Choices
from kompetanse_core.plan.programme import Programme

NOBODY = -1


def owners(programme: Programme) -> npt.NDArray[np.int64]:
    """Give each variable the code of its person, `NOBODY` where it is shared.

    A lack that no measure closes stands for a person of its own.
    """
    choices = programme.choices
    owner = np.full(programme.problem.variables, NOBODY, dtype=np.int64)
    person = _persons_of_lacks(choices)
    for number, start in enumerate(choices.starts):
        owner[programme.starts[number]] = choices.pairs[start.pair].person
    for number, use in enumerate(choices.uses):
        owner[programme.uses[number]] = person[use.lack]
    for number, carry in enumerate(choices.carries):
        owner[programme.carries[number]] = person[carry.lack]
    for number, move in enumerate(choices.moves):
        owner[programme.moves[number]] = move.person
    for (begun, _), variable in programme.lifts.items():
        owner[variable] = choices.pairs[choices.starts[begun].pair].person
    for threshold in programme.thresholds:
        owner[threshold.variable] = owner[threshold.closers[0]]
    for head in programme.heads:
        owner[head.variable] = owner[head.lifts[0]]
    return owner


def idle_rows(programme: Programme) -> npt.NDArray[np.bool_]:
    """Mark the rows that let nobody sit in a session that is not held.

    Whoever counts the seats of whole sessions need not say so, where a session has several.
    """
    problem = programme.problem
    several = np.zeros(problem.variables, dtype=np.bool_)
    several[
        [
            v
            for v, s in zip(programme.sessions, programme.choices.sessions, strict=True)
            if s.seats > 1
        ]
    ] = True
    of_session = np.zeros(problem.rows, dtype=np.bool_)
    of_session[problem.row_of_term[several[problem.variable] & (problem.factor == -1)]] = True
    pairs: npt.NDArray[np.bool_] = (np.diff(problem.start) == 2) & (problem.at_most == 0)
    return of_session & pairs


def _persons_of_lacks(choices: Choices) -> Mapping[int, int]:
    people = 1 + max((pair.person for pair in choices.pairs), default=0)
    people = max(people, 1 + max((move.person for move in choices.moves), default=0))
    found = {lack: people + lack for lack in range(len(choices.lacks))}
    for pair in choices.pairs:
        found |= {lack: pair.person for lift in pair.lifts for lack, _ in lift.closes}
    return found
