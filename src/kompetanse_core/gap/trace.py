"""What does a gap rest on, and what could unused competence serve? Why and Serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Misuse
from kompetanse_core.gap.grouping import roll_ups
from kompetanse_core.gap.nouns import By, Gap, Proof, SeatGap, Serves, Unused, Why
from kompetanse_core.gap.reckoning import Reckoning, proves
from kompetanse_core.mapping import Holding
from kompetanse_core.model.people import Evidence
from kompetanse_core.model.work import Bearer, Driver, Goal, Need, Requirement, Task


def why(reckoning: Reckoning, gap: Gap) -> Why:
    """Trace a gap to the requirements, needs, drivers, goals and clauses behind it.

    Raises:
        Misuse: E503, if the role requires no such competence on the day.
    """
    enterprise, profile = reckoning.enterprise, reckoning.profile
    code = reckoning.holdings.graph.words.code(gap.competence)
    want = profile.want(gap.role, code) if gap.role in profile.keys else None
    if want is None:
        raise Misuse("E503", f"role {gap.role!r} does not require {gap.competence!r} on this day")
    requirements = profile.behind(want)
    borne = {each.of for each in requirements if each.bearer is Bearer.TASK}
    tasks = tuple(task for task in enterprise.tasks if task.id in borne)
    needed = {need for each in requirements for need in each.needs}
    needs = tuple(need for need in enterprise.needs if need.id in needed)
    raised = {driver for need in needs for driver in need.drivers}
    drivers = tuple(driver for driver in enterprise.drivers if driver.id in raised)
    return Why(
        gap=gap,
        requirements=requirements,
        tasks=tasks,
        needs=needs,
        drivers=drivers,
        goals=_goals(enterprise.goals, (*tasks, *needs, *drivers)),
        clauses=tuple(sorted(set(_clauses(requirements, needs, drivers)))),
        holding=_holding(reckoning, gap),
        evidence=_evidence(reckoning, gap, int(profile.wants.proof[want])),
    )


def serves(reckoning: Reckoning, unused: Unused, seats: Iterable[SeatGap]) -> Serves:
    """Find the roles, vacant seats and gaps, unit by unit, that unused competence serves."""
    words, wants = reckoning.holdings.graph.words, reckoning.profile.wants
    useful = _useful(reckoning, words.code(unused.competence), unused.level)
    role = np.repeat(np.arange(len(wants.starts) - 1), np.diff(wants.starts))
    asking = np.unique(role[useful[wants.code]])
    roles = tuple(reckoning.profile.keys.values[place] for place in asking)
    tallies = roll_ups(reckoning, (By.UNIT,), demand=None, competences=useful)[By.UNIT]
    return Serves(
        unused=unused,
        roles=roles,
        seats=tuple(seat for seat in seats if seat.vacant and seat.role in roles),
        gaps=tuple(tally for tally in tallies if tally.missing),
    )


def _useful(reckoning: Reckoning, code: int, level: int) -> Array:
    """Mark all competences, by code, that one held at a level counts as."""
    closure = reckoning.holdings.kin.closure
    begin, end = closure.starts[code : code + 2]
    useful = np.zeros(len(closure), np.bool_)
    useful[closure.targets[begin:end][closure.drops[begin:end] < level]] = True
    useful[code] = True
    return useful


def _goals(goals: Iterable[Goal], causes: Iterable[Task | Need | Driver]) -> tuple[Goal, ...]:
    named = {goal for cause in causes for goal in cause.goals}
    return tuple(goal for goal in goals if goal.id in named)


def _clauses(
    requirements: Iterable[Requirement], needs: Iterable[Need], drivers: Iterable[Driver]
) -> Iterator[str]:
    bearers = {Bearer.TASK: "K-7", Bearer.ROLE: "K-8", Bearer.OCCUPATION: "K-8"}
    for requirement in requirements:
        yield bearers[requirement.bearer]
        if requirement.statutory:
            yield "B-6"
        if requirement.proof:
            yield "R-2"
    yield from ("B-12" for _ in needs)
    yield from (driver.kind.clause for driver in drivers)


def _holding(reckoning: Reckoning, gap: Gap) -> Holding | None:
    """Find the holding that gives the level; a statutory requirement takes only kin."""
    holdings = reckoning.holdings
    if not gap.statutory:
        held = holdings.of(gap.employee)
        return next((each for each in held if each.competence == gap.competence), None)
    names, words = holdings.kin.names, holdings.graph.words
    kin = names[words.code(gap.competence)]
    said = (h for h in holdings.direct(gap.employee) if names[words.code(h.competence)] == kin)
    fits = [h for h in said if h.level or h.competence == gap.competence]
    return max(
        fits,
        key=lambda h: (
            h.expires is None or h.expires >= holdings.on,
            h.level,
            h.expires is None,
            h.expires or holdings.on,
            h.competence == gap.competence,
        ),
        default=None,
    )


def _evidence(reckoning: Reckoning, gap: Gap, kinds: int) -> Evidence | None:
    """Find the proof that holds longest, if the requirement asks for one and there is one."""
    if gap.proof is not Proof.PROVEN:
        return None
    holdings = reckoning.holdings
    table = reckoning.enterprise.evidence.sorted()
    mine = table.column("employee") == table.words_of("employee").code(gap.employee)
    kin, words = holdings.kin.names, holdings.graph.words
    fits = [
        proof
        for proof in table.where(mine & proves(holdings))
        if kin[words.code(proof.competence)] == kin[words.code(gap.competence)]
        and kinds >> list(type(proof.kind)).index(proof.kind) & 1
        and (proof.level is None or proof.level >= gap.need)
    ]
    return max(fits, key=lambda proof: (proof.expires is None, proof.expires or holdings.on))
