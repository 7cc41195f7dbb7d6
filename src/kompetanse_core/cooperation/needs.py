"""Are the needs and what drives them stated? Checks of F-3, K-6, H-1, A-1, A-7, A-10, T-1 and B."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
from attrs import frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.cooperation.case import Case, called
from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.mapping import AnalysedSide
from kompetanse_core.model.competence import FacetGroup
from kompetanse_core.model.cooperation import Event, EventKind, MatterKind, Side
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Aim, Bearer, DriverKind, Horizon, UnitId

FROM_UNIONS = (DriverKind.UNION_AGREEMENT, DriverKind.UNION_DEMAND, DriverKind.UNION_PROPOSAL)
REVIEWED = (MatterKind.CHANGE, MatterKind.NEED, MatterKind.MAPPING)
CHANGE = Text(nb="en endring", en="a change")
"""What a change is called that is about no matter."""
SIDES: Mapping[AnalysedSide, tuple[str, str]] = MappingProxyType(
    {
        AnalysedSide.FORMAL: ("formell kompetanse", "formal competence"),
        AnalysedSide.REAL: ("realkompetanse", "real competence"),
        AnalysedSide.ATTITUDES: ("holdninger", "attitudes"),
        AnalysedSide.VALUES: ("verdier", "values"),
        AnalysedSide.CULTURE: ("kultur", "culture"),
    }
)

EFFECTS = (
    (("den enkelte", "the individual"), frozenset(aim for aim in Aim if aim.for_person)),
    (("virksomheten", "the enterprise"), frozenset(aim for aim in Aim if aim.for_enterprise)),
    (("samfunnet", "society"), frozenset({Aim.SOCIETY})),
)
"""On whom learning has effects, and the aims that state them (A-1)."""


def future_needs_stated(case: Case) -> Account:
    """F-3: what the enterprise is going to need is stated, not only what it needs today."""
    needs = case.enterprise.needs
    if not needs and not len(case.enterprise.requirements):
        return _nothing_required(case)
    ahead = [n for n in needs if n.horizon is not Horizon.PRESENT or (n.start or case.on) > case.on]
    if ahead:
        return case.account(
            Standing.KEPT,
            "Det er ført opp behov som gjelder framover.",
            "Needs that lie ahead are stated.",
        )
    return case.account(
        Standing.MISSING,
        "Ingen behov gjelder framtiden.",
        "No need is about the future.",
    )


def aims_stated(case: Case) -> Account:
    """A-10: needs are found from the business idea, the goals and the strategy."""
    parcel = case.enterprise
    if not case.staffed and not len(parcel.requirements):
        return _nothing_required(case)
    lacking = [
        words
        for words, there in (
            (("forretningsidé", "business idea"), parcel.business_idea),
            (("mål", "goals"), parcel.goals),
            (("strategi", "strategy"), parcel.strategy),
        )
        if not there
    ]
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Forretningsidé, mål og strategi er ført opp.",
            "Business idea, goals and strategy are stated.",
        )
    nb, en = (", ".join(words) for words in zip(*lacking, strict=True))
    return case.account(Standing.MISSING, f"Ikke ført opp: {nb}.", f"Not stated: {en}.")


def requirements_have_needs(case: Case) -> Account:
    """A-7: every requirement builds on a need, or belongs to a task that serves a goal."""
    rows = case.enterprise.requirements
    if not len(rows):
        return _nothing_required(case)
    serving = frozenset(task.id for task in case.enterprise.tasks if task.goals)
    served = np.asarray([word in serving for word in rows.words_of("of").values], dtype=np.bool_)
    tasks = rows.column("bearer") == list(Bearer).index(Bearer.TASK)
    bare = (rows.column("needs") == rows.words_of("needs").code(())) & ~(
        tasks & served[rows.column("of")]
    )
    if not bare.any():
        return case.account(
            Standing.KEPT,
            "Alle krav bygger på et behov eller en oppgave med et mål.",
            "Every requirement builds on a need or on a task with a goal.",
        )
    number = int(bare.sum())
    return case.account(
        Standing.MISSING,
        f"Krav uten oppgitt grunn: {number} av {len(rows)}.",
        f"Requirements without a stated reason: {number} of {len(rows)}.",
    )


def relevance_shown(case: Case) -> Account:
    """H-1: what is required can be followed to a goal: by its need, its driver or its task.

    What cannot is not worthless; it is only not shown what it is for now.
    """
    rows = case.enterprise.requirements
    if not len(rows):
        return _nothing_required(case)
    required, led = rows.column("competence"), _led_by_goals(case)
    aimless = np.setdiff1d(required, required[led])
    if not len(aimless):
        return case.account(
            Standing.KEPT,
            "All kompetanse som kreves, kan følges til et mål.",
            "All competence that is required can be followed to a goal.",
        )
    number, whole = len(aimless), len(np.unique(required))
    return case.account(
        Standing.MISSING,
        f"Kompetanse som kreves, men ikke kan følges til noe mål: {number} av {whole}.",
        f"Competence that is required but cannot be followed to any goal: {number} of {whole}.",
    )


def effects_stated(case: Case) -> Account:
    """A-1: goals and measures say what learning is to mean for person, enterprise and society."""
    parcel = case.enterprise
    if not parcel.goals and not parcel.measures:
        return case.account(
            Standing.NOT_APPLICABLE,
            "Ingen mål eller tiltak er ført opp.",
            "No goals or measures are entered.",
        )
    stated = frozenset(aim for goal in parcel.goals for aim in goal.aims)
    stated |= frozenset(aim for measure in parcel.measures for aim in measure.aims)
    lacking = [words for words, aims in EFFECTS if not stated & aims]
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Det er sagt hva læringen skal bety for den enkelte, virksomheten og samfunnet.",
            "It is said what learning is to mean for individual, enterprise and society.",
        )
    nb, en = (", ".join(words) for words in zip(*lacking, strict=True))
    return case.account(
        Standing.DUE if stated else Standing.MISSING,
        f"Det er ikke sagt hva læringen skal bety for: {nb}.",
        f"It is not said what learning is to mean for: {en}.",
    )


def all_groups_required(case: Case) -> Account:
    """K-6: what is required covers knowing, doing and being, not skills alone."""
    if not len(case.enterprise.requirements):
        return _nothing_required(case)
    lacking = groups_but(case.breadth.required)
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Kravene dekker å vite, å kunne og å være.",
            "Requirements cover knowing, doing and being.",
        )
    nb, en = words_of_groups(lacking)
    return case.account(
        Standing.MISSING, f"Ingen krav gjelder {nb}.", f"No requirement is about {en}."
    )


def union_proposes(case: Case) -> Account:
    """T-1: union representatives come with input; it shows as proposals, views or drivers."""
    if not case.staffed:
        return nobody(case)
    told = [
        event
        for event in case.events
        if (event.kind is EventKind.INPUT and Side.UNION in event.sides)
        or any(view.side is Side.UNION for view in event.views)
    ]
    if told or any(driver.kind in FROM_UNIONS for driver in case.enterprise.drivers):
        return case.account(
            Standing.KEPT,
            "De tillitsvalgte har kommet med innspill.",
            "The union representatives have given input.",
            events=told,
        )
    return case.account(
        Standing.MISSING,
        "Det er ikke registrert innspill fra de tillitsvalgte; inviter dem.",
        "No input from the union representatives is recorded; invite them.",
    )


@frozen(kw_only=True)
class _Change:
    """One change that calls for a review, and what must be reviewed."""

    label: Text
    on: date | None
    event: Event | None
    units: frozenset[UnitId]


def change_needs_apart(case: Case) -> Account:
    """B-12: what it takes to carry out a change is stated apart from what is needed after it."""
    if not tuple(_changes(case)):
        return _nothing_changes(case)
    if any(need.horizon is Horizon.DURING_CHANGE for need in case.enterprise.needs):
        return case.account(
            Standing.KEPT,
            "Det er sagt hva som trengs for å gjennomføre endringen.",
            "It is stated what it takes to carry out the change.",
        )
    return case.account(
        Standing.MISSING,
        "Det er ikke sagt hva som trengs for å gjennomføre endringen.",
        "It is not stated what it takes to carry out the change.",
    )


def changes_reviewed(case: Case) -> Account:
    """B-4: a transformation opens a review of what is needed, over all units that it touches."""
    changes = tuple(_changes(case))
    if not changes:
        return _nothing_changes(case)
    reviews = {change: tuple(_reviews(case, change)) for change in changes}
    left = frozenset().union(*(_left(case, each, done) for each, done in reviews.items()))
    events = dict.fromkeys(event for done in reviews.values() for event in done)
    if not all(reviews.values()):
        nb, en = called(change for change, done in reviews.items() if not done)
        return case.account(
            Standing.MISSING,
            f"Behovet for kompetanse er ikke gjennomgått etter: {nb}.",
            f"The need for competence was not reviewed after: {en}.",
            events=events,
        )
    if left:
        nb, en = called(case.units[each] for each in left)
        return case.account(
            Standing.DUE,
            f"Gjennomgangen er begynt, men ikke ferdig: {nb}.",
            f"The review has begun but is not finished: {en}.",
            events=events,
            units=left,
        )
    return case.account(
        Standing.KEPT,
        "Behovet for kompetanse er gjennomgått etter hver omstilling.",
        "The need for competence was reviewed after each transformation.",
        events=events,
    )


def five_sides_analysed(case: Case) -> Account:
    """B-13: the analysis has formal and real competence, attitudes, values and culture."""
    parcel = case.enterprise
    if not len(parcel.requirements) and not parcel.needs:
        return _nothing_required(case)
    lacking = [words for side, words in SIDES.items() if side not in case.breadth.sides]
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Både formell kompetanse, realkompetanse, holdninger, verdier og kultur er med.",
            "Formal and real competence, attitudes, values and culture are all in.",
        )
    nb, en = (", ".join(words) for words in zip(*lacking, strict=True))
    return case.account(Standing.MISSING, f"Ikke med: {nb}.", f"Left out: {en}.")


def nobody(case: Case) -> Account:
    """Say that nobody works here, so that there is nothing to co-operate about yet."""
    return case.account(
        Standing.NOT_APPLICABLE, "Ingen ansatte er ført opp.", "No employees are entered."
    )


def groups_but(found: Container[FacetGroup]) -> tuple[FacetGroup, ...]:
    """Give the groups of competence that are not among those found."""
    return tuple(group for group in FacetGroup if group not in found)


def words_of_groups(groups: tuple[FacetGroup, ...]) -> tuple[str, str]:
    """Name groups of competence in bokmål and English."""
    norwegian = {FacetGroup.KNOWING: "å vite", FacetGroup.DOING: "å kunne"}
    nb = ", ".join(norwegian.get(group, "å være") for group in groups)
    return nb, ", ".join(group.value for group in groups)


def _nothing_required(case: Case) -> Account:
    return case.account(
        Standing.NOT_APPLICABLE, "Ingen krav er ført opp.", "No requirements are entered."
    )


def _led_by_goals(case: Case) -> Array:
    """Say of each requirement whether a goal stands behind its needs, their drivers or its task."""
    parcel = case.enterprise
    aimed = frozenset(driver.id for driver in parcel.drivers if driver.goals)
    needs = frozenset(n.id for n in parcel.needs if n.goals or aimed & frozenset(n.drivers))
    tasks = frozenset(task.id for task in parcel.tasks if task.goals)
    rows = parcel.requirements
    words = rows.words_of("needs").values, rows.words_of("of").values
    by_need = np.asarray([bool(needs & frozenset(each)) for each in words[0]], dtype=np.bool_)
    by_task = np.asarray([each in tasks for each in words[1]], dtype=np.bool_)
    borne = rows.column("bearer") == list(Bearer).index(Bearer.TASK)
    led: Array = by_need[rows.column("needs")] | borne & by_task[rows.column("of")]
    return led


def _nothing_changes(case: Case) -> Account:
    return case.account(
        Standing.NOT_APPLICABLE, "Ingen omstilling er meldt.", "No transformation is reported."
    )


def _changes(case: Case) -> Iterator[_Change]:
    """Give the changes in the register and the transformations among the drivers."""
    for event in case.held(EventKind.CHANGE):
        units = frozenset(unit for matter in case.about(event) for unit in matter.units)
        own = frozenset() if event.unit is None else frozenset({event.unit})
        label = next((matter.label for matter in case.about(event)), CHANGE)
        yield _Change(label=label, on=event.on, event=event, units=units | own)
    for driver in case.enterprise.drivers:
        raised = driver.raised is None or driver.raised <= case.on
        if driver.kind is DriverKind.TRANSFORMATION and raised:
            yield _Change(label=driver.label, on=driver.raised, event=None, units=frozenset())


def _reviews(case: Case, change: _Change) -> Iterator[Event]:
    """Give the reviews that followed a change: about it, or about needs where nothing is named."""
    for event in case.held(EventKind.REVIEW):
        if change.on is not None and event.on < change.on:
            continue
        if change.event is None:
            if any(matter.kind in REVIEWED for matter in case.about(event)):
                yield event
        elif change.event.id in event.refers_to or set(event.matters) & set(change.event.matters):
            yield event


def _left(case: Case, change: _Change, reviews: tuple[Event, ...]) -> frozenset[UnitId]:
    """Give the units of a change that no review has reached; a review without unit is for all."""
    if any(event.unit is None for event in reviews):
        return frozenset()
    reached = case.within(event.unit for event in reviews if event.unit is not None)
    return change.units - reached
