"""What should a reader know first? The opening section of a report for the parties."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from kompetanse_core.analysis import Analysis
from kompetanse_core.gap import By, Gaps, Validity
from kompetanse_core.model.work import Demand
from kompetanse_core.plan import Plan
from kompetanse_core.report.groups import EXPIRING
from kompetanse_core.report.mapped import overdue_units
from kompetanse_core.report.page import Points, Section
from kompetanse_core.report.proposal import cost_is_told, gated, left_is_told
from kompetanse_core.report.situation import largest_gaps
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.together import told_of
from kompetanse_core.report.wording import interval, per_cent

MOST_NAMED = 3
"""So many are named in one sentence; more are counted."""


def summary(analysis: Analysis, telling: Telling) -> Section:
    """Tell in a handful of points what matters most, each a thing to act on."""
    gaps, plan = analysis.gaps, analysis.plan
    points = (
        _coverage(gaps, telling),
        _largest(gaps, telling),
        _deadlines(gaps, telling),
        _expiring(gaps, telling),
        _overdue(analysis, telling),
        _falling(analysis, telling),
        _vacant(gaps, telling),
        _planned(plan, telling),
        _to_consult(analysis, telling),
        _to_do(analysis, telling),
    )
    said = tuple(point for point in points if point)
    heading = telling.say("Kort fortalt", "In short")
    return Section(id="kort", heading=heading, blocks=(Points(points=said),))


def _coverage(gaps: Gaps, telling: Telling) -> str:
    if telling.few(gaps.total.contributors):
        return telling.say(
            "Tall for virksomheten som helhet er holdt tilbake, så ingen enkelt kan leses ut.",
            "Figures about the enterprise as a whole are held back, so that nobody can be read "
            "out of them.",
        )
    tallies = gaps.roll_up(By.ROLE, demand=Demand.REQUIRED)
    met, unknown, total = (
        sum(getattr(tally, name) for tally in tallies) for name in ("met", "unknown", "total")
    )
    covered = interval(met, unknown, total)
    sentence = telling.say(
        f"{covered} av kompetansen som kreves i dag, er kjent å være på plass.",
        f"{covered} of the competence that is required today is known to be in place.",
    )
    if not unknown:
        return sentence
    return sentence + telling.say(
        f" Spennet skyldes at {per_cent(unknown, total)} ikke er kartlagt.",
        f" The range is there because {per_cent(unknown, total)} is not mapped.",
    )


def _largest(gaps: Gaps, telling: Telling) -> str:
    largest = largest_gaps(gaps, telling)[:3]
    if not largest:
        return ""
    names = telling.listed([telling.name(telling.competences, tally.key) for tally in largest])
    return telling.say(f"Størst er gapene i {names}.", f"The largest gaps are in {names}.")


def _deadlines(gaps: Gaps, telling: Telling) -> str:
    ahead = sorted(
        (driver.deadline, driver.id)
        for driver in gaps.enterprise.drivers
        if driver.deadline and driver.deadline >= gaps.on
    )
    if not ahead:
        return ""
    deadline, driver = ahead[0]
    name = telling.name(telling.drivers, driver)
    return telling.say(
        f"Nærmeste frist er {telling.day(deadline)}: {name}.",
        f"The nearest deadline is {telling.day(deadline)}: {name}.",
    )


def _expiring(gaps: Gaps, telling: Telling) -> str:
    place = list(Validity).index(Validity.EXPIRING)
    people = gaps.rows.column("employee")[gaps.rows.column("validity") == place]
    number = len(np.unique(people))
    if not number:
        return ""
    until = telling.day(gaps.on + timedelta(days=gaps.expiring_within))
    told = EXPIRING not in telling.veil.hidden and not telling.veil.whole
    some = telling.whole(number) if told else telling.say("noen", "some")
    return telling.say(
        f"Innen {until} utløper sertifikater eller vurderinger for {some} ansatte.",
        f"By {until}, certificates or assessments expire for {some} employees.",
    )


def _overdue(analysis: Analysis, telling: Telling) -> str:
    late = overdue_units(analysis.follow_up, telling)
    if not late:
        return ""
    where = (
        telling.listed([telling.name(telling.units, unit) for unit in late])
        if len(late) <= MOST_NAMED
        else telling.say(f"{len(late)} enheter", f"{len(late)} units")
    )
    return telling.say(
        f"Kartleggingen er forfalt i {where}.", f"The mapping is overdue in {where}."
    )


def _falling(analysis: Analysis, telling: Telling) -> str:
    roles = [each.role for each in analysis.options.relevance if each.falls]
    if not roles:
        return ""
    names = telling.listed([telling.name(telling.roles, role) for role in roles])
    return telling.say(
        f"Det blir mindre bruk for dagens oppgaver i rollen {names}. Planen viser veier videre for "
        "dem det gjelder.",
        f"Less will be asked of the role {names} as it is today. The plan shows ways on for those "
        "concerned.",
    )


def _vacant(gaps: Gaps, telling: Telling) -> str:
    vacant = sum(seat.vacant for seat in gaps.seats)
    if not vacant:
        return ""
    share = telling.positions(vacant)
    return telling.say(f"{share} årsverk står ledige.", f"{share} full-time positions are vacant.")


def _planned(plan: Plan, telling: Telling) -> str:
    if not plan.split.missing or not cost_is_told(plan, telling):
        return ""
    cost = telling.kroner(plan.cost)
    if not left_is_told(plan, telling):
        return telling.say(f"Planen koster {cost}.", f"The plan costs {cost}.")
    closed = per_cent(plan.split.closed, plan.split.missing)
    return telling.say(
        f"Planen lukker {closed} av det som mangler, for {cost}.",
        f"The plan closes {closed} of what is missing, for {cost}.",
    )


def _to_consult(analysis: Analysis, telling: Telling) -> str:
    number = len(gated(analysis.plan, analysis.follow_up))
    if not number:
        return ""
    return telling.say(
        f"{number} av tiltakene påvirker daglig drift og skal drøftes før de besluttes.",
        f"{number} of the measures affect daily operation and must go through drøfting first.",
    )


def _to_do(analysis: Analysis, telling: Telling) -> str:
    number = len({each.told for each in told_of(analysis.follow_up, telling).warnings})
    if not number:
        return ""
    return telling.say(
        f"{number} punkter i samarbeidet mangler og bør tas opp.",
        f"{number} points of the co-operation are missing and should be taken up.",
    )
