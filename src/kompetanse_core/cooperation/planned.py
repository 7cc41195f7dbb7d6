"""Is the plan what the guide asks it to be? Checks of A-4, A-5, A-13, A-14, T-4, D and G-10."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kompetanse_core.columns.layout import days
from kompetanse_core.cooperation.case import Case, called
from kompetanse_core.cooperation.gates import NEEDED
from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.model.measure import Measure, MeasureId, MeasureKind, Mode
from kompetanse_core.model.work import Bearer
from kompetanse_core.plan import PlanItem, Responsible
from kompetanse_core.strategy import Strategy

SHARING = (
    MeasureKind.SHARING,
    MeasureKind.REFLECTION,
    MeasureKind.DISCUSSION,
    MeasureKind.EXPERIENCE_EXCHANGE,
)

BEARERS = (
    (("den enkelte", "the individual"), Responsible.ENTERPRISE),
    (("virksomheten", "the enterprise"), Responsible.INDIVIDUAL),
)
"""Who is left without responsibility where all of it is borne by one."""


def training_planned(case: Case) -> Account:
    """A-4: training is planned, with days and costs, wherever something is missing."""
    if case.gaps is None or not case.gaps.total.missing:
        return _nothing_missing(case)
    if case.activities:
        return case.account(
            Standing.KEPT,
            "Opplæringen er planlagt med datoer og kostnader.",
            "Training is planned with dates and costs.",
            measures=(measure.id for measure in case.planned),
        )
    return case.account(
        Standing.MISSING,
        "Noe mangler, men planen har ingen opplæring.",
        "Something is missing, yet the plan has no training.",
    )


def measures_serve_goals(case: Case) -> Account:
    """A-5: continuing and further education serves goals of the enterprise."""
    educating = tuple(each for each in case.activities if each.education in NEEDED)
    if not educating:
        return case.account(
            Standing.NOT_APPLICABLE,
            "Planen har ingen etter- eller videreutdanning.",
            "The plan has no continuing or further education.",
        )
    serving = _serving(case)
    aimless = _ids(each for each in educating if not _serves(case, each, serving))
    if not aimless:
        return case.account(
            Standing.KEPT,
            "Etter- og videreutdanningen tjener mål for virksomheten.",
            "Continuing and further education serves goals of the enterprise.",
            measures=_ids(educating),
        )
    nb, en = called(case.measures[each] for each in aimless)
    return case.account(
        Standing.MISSING,
        f"Ikke knyttet til noe mål: {nb}.",
        f"Not tied to any goal: {en}.",
        measures=aimless,
    )


def measures_rest_on_mapping(case: Case) -> Account:
    """A-13: what is planned rests on what the mapping showed."""
    if not case.activities:
        return _no_measures(case)
    loose = _ids(each for each in case.activities if each.employee and not each.causes)
    if not loose:
        return case.account(
            Standing.KEPT,
            "Hvert tiltak i planen svarer på et gap i kartleggingen.",
            "Every measure in the plan answers a gap in the mapping.",
        )
    nb, en = called(case.measures[each] for each in loose)
    return case.account(
        Standing.MISSING,
        f"Svarer ikke på noe i kartleggingen: {nb}.",
        f"Answers nothing in the mapping: {en}.",
        measures=loose,
    )


def responsibility_shared(case: Case) -> Account:
    """A-14: enterprise and individual are responsible, each and together; neither bears it all."""
    if not case.activities:
        return _no_measures(case)
    borne = frozenset(each.responsible for each in case.activities)
    lacking = [words for words, alone in BEARERS if borne == {alone}]
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Planen legger ansvar både på virksomheten og på den enkelte.",
            "The plan makes both enterprise and individual responsible.",
        )
    nb, en = (", ".join(words) for words in zip(*lacking, strict=True))
    return case.account(
        Standing.MISSING,
        f"Planen legger ikke noe ansvar på: {nb}.",
        f"The plan makes nothing the responsibility of: {en}.",
        measures=_ids(case.activities),
    )


def experience_has_context(case: Case) -> Account:
    """T-4: what is learnt from others comes with where it worked and under which conditions."""
    learnt = [each for each in case.measures.values() if _borrows(each)]
    if not learnt:
        return case.account(
            Standing.NOT_APPLICABLE,
            "Ingen tiltak bygger på andres erfaringer.",
            "No measure builds on the experience of others.",
        )
    bare = [each for each in learnt if not each.experience]
    if not bare:
        return case.account(
            Standing.KEPT,
            "Det er ført opp hvor og hvordan det andre har gjort, har virket.",
            "It is entered where and how what others have done has worked.",
            measures=(each.id for each in learnt),
        )
    nb, en = called(bare)
    return case.account(
        Standing.MISSING,
        f"Det er ikke ført opp hvor og under hvilke forhold dette har virket: {nb}.",
        f"It is not entered where and under which conditions this has worked: {en}.",
        measures=(each.id for each in bare),
    )


def redevelopment_opened(case: Case) -> Account:
    """G-10: for those in roles that lose relevance, ways to build on what they hold are looked for.

    A way is an offer to the person; where none is found, nothing is said of who it is.
    """
    people = _in_falling_roles(case)
    if not len(people):
        return case.account(
            Standing.NOT_APPLICABLE,
            "Ingen arbeider i roller som det blir mindre bruk for.",
            "Nobody works in a role that there will be less use for.",
        )
    shown = frozenset(people) & _shown_a_way(case)
    if shown == frozenset(people):
        return case.account(
            Standing.KEPT,
            "Alle i roller det blir mindre bruk for, har en vei å bygge videre på det de kan.",
            "All in roles with less use ahead have a way to build on what they hold.",
        )
    return case.account(
        Standing.DUE if shown else Standing.MISSING,
        "Ikke alle i roller det blir mindre bruk for, har en vei videre; ta det med hver enkelt.",
        "Not all in roles with less use ahead have a way on; look into it with each of them.",
    )


def in_work_measures(case: Case) -> Account:
    """D-1, D-5: the plan also has measures for the learning that happens in daily work."""
    if not case.activities:
        return _no_measures(case)
    found = [measure.id for measure in case.planned if measure.mode is Mode.WORK]
    if found:
        return case.account(
            Standing.KEPT,
            "Planen har tiltak for læring i det daglige arbeidet.",
            "The plan has measures for learning in daily work.",
            measures=found,
        )
    return case.account(
        Standing.MISSING,
        "Planen har ingen tiltak for læring i det daglige arbeidet.",
        "The plan has no measure for learning in daily work.",
    )


def learning_shared(case: Case) -> Account:
    """D-6: a culture of learning shows in sharing that is planned for."""
    if not case.activities:
        return _no_measures(case)
    planned = [measure.id for measure in case.planned if _shares(measure)]
    if planned:
        return case.account(
            Standing.KEPT,
            "Planen setter av tid til å dele kompetanse.",
            "The plan sets time aside for sharing competence.",
            measures=planned,
        )
    known = [measure.id for measure in case.measures.values() if _shares(measure)]
    return case.account(
        Standing.DUE if known else Standing.MISSING,
        "Planen setter ikke av tid til å dele kompetanse.",
        "The plan sets no time aside for sharing competence.",
        measures=known,
    )


def _shares(measure: Measure) -> bool:
    return measure.kind in SHARING or measure.passes_on


def _borrows(measure: Measure) -> bool:
    """Whether a measure takes over what others have learnt."""
    return measure.kind is MeasureKind.EXPERIENCE_EXCHANGE or bool(measure.experience)


def _in_falling_roles(case: Case) -> tuple[str, ...]:
    """Name those who on the day work in a role that there will be less use for."""
    if case.plan is None:
        return ()
    roles = [each.role for each in case.plan.recommendations.options.relevance if each.falls]
    rows, day = case.enterprise.engagements, days(case.on)
    here = (rows.column("start") <= day) & (day <= rows.column("end"))
    falling = np.isin(rows.column("role"), rows.words_of("role").codes(roles))
    people, words = rows.where(here & falling).column("employee"), rows.words_of("employee")
    return tuple(words.values[code] for code in np.unique(people).tolist())


def _shown_a_way(case: Case) -> frozenset[str]:
    """Name those for whom a way to another role is open."""
    if case.plan is None:
        return frozenset()
    rows = case.plan.recommendations.options.by(Strategy.RESKILL)
    words = rows.words_of("employee").values
    return frozenset(
        words[code] for code in np.unique(rows.column("employee")).tolist() if code >= 0
    )


def _serving(case: Case) -> frozenset[str]:
    """Give the competences that a need or task with a goal asks for."""
    parcel = case.enterprise
    needs = frozenset(need.id for need in parcel.needs if need.goals)
    tasks = frozenset(task.id for task in parcel.tasks if task.goals)
    return frozenset(
        asked.competence
        for asked in parcel.requirements
        if needs & frozenset(asked.needs) or (asked.bearer is Bearer.TASK and asked.of in tasks)
    )


def _serves(case: Case, activity: PlanItem, serving: frozenset[str]) -> bool:
    measure = case.measures[activity.measure] if activity.measure else None
    lifted = frozenset(lift.competence for lift in activity.lifts)
    return bool(lifted & serving or (measure and measure.goals))


def _ids(planned: Iterable[PlanItem]) -> frozenset[MeasureId]:
    return frozenset(each.measure for each in planned if each.measure is not None)


def _nothing_missing(case: Case) -> Account:
    return case.account(Standing.NOT_APPLICABLE, "Ingenting mangler.", "Nothing is missing.")


def _no_measures(case: Case) -> Account:
    return case.account(
        Standing.NOT_APPLICABLE, "Planen har ingen tiltak.", "The plan has no measures."
    )
