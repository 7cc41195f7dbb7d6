"""Is the plan what the guide asks it to be? Checks of clauses A-4, A-5, A-13, D-1, D-5 and D-6."""

from __future__ import annotations

from collections.abc import Iterable

from kompetanse_core.cooperation.case import Case, called
from kompetanse_core.cooperation.gates import NEEDED
from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.model.measure import Measure, MeasureId, MeasureKind, Mode
from kompetanse_core.model.work import Bearer
from kompetanse_core.plan import PlanItem

SHARING = (
    MeasureKind.SHARING,
    MeasureKind.REFLECTION,
    MeasureKind.DISCUSSION,
    MeasureKind.EXPERIENCE_EXCHANGE,
)


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
