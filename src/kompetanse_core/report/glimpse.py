"""What may one reader see of one employee, and in whose words? `glimpse` makes a Glimpse.

The person sees everything (X-8). A leader sees what the person sees, less traits, attitudes, values
and what is held for other purposes (M-13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from attrs import evolve, field, frozen

from kompetanse_core.analysis import Analysis
from kompetanse_core.gap import Gaps, find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.privacy import Actor, Purpose
from kompetanse_core.model.text import Text
from kompetanse_core.plan import Aspiration, Intent
from kompetanse_core.privacy.rights import Sight, Step, beings, seen, sight


@frozen(kw_only=True)
class Voice:
    """Stemme: how the same is said to the person it is about, and to that person's leader."""

    title: Text
    lead: Text
    required: Text
    unused: Text
    asks_for: Text
    say_so: Text
    plan: Text
    wishes: Text
    held: Text
    rights: Text


VOICES: Mapping[Sight, Voice] = MappingProxyType(
    {
        Sight.OWN: Voice(
            title=Text(nb="Din kompetanse", en="Your competence"),
            lead=Text(nb="Laget for deg alene, per", en="Made for you alone,"),
            required=Text(nb="Det rollen din krever", en="What your role requires"),
            unused=Text(nb="Det du kan, som ikke brukes", en="What you can that is not used"),
            asks_for=Text(
                nb="Ingen av oppgavene dine ber i dag om", en="None of your tasks asks today for"
            ),
            say_so=Text(
                nb="Si fra hvis du vil bruke mer av det.",
                en="Say so if you want to use more of it.",
            ),
            plan=Text(nb="Forslag til din opplæringsplan", en="Proposal for your training plan"),
            wishes=Text(nb="Dine egne ønsker", en="Your own wishes"),
            held=Text(nb="Det som er registrert om deg", en="What is held about you"),
            rights=Text(
                nb="Du har rett til å se, rette og få utlevert alt som er registrert om deg. "
                "Opplysningene brukes til kompetanseutvikling og ikke til lønn eller nedbemanning.",
                en="You have the right to see, correct and receive everything that is held about "
                "you. It is used for developing competence, not for pay or redundancy.",
            ),
        ),
        Sight.LINE: Voice(
            title=Text(nb="Kompetansen til en medarbeider", en="One employee's competence"),
            lead=Text(
                nb="Laget for nærmeste leder, til samtalen med medarbeideren, per",
                en="Made for the nearest leader, for the talk with the employee,",
            ),
            required=Text(nb="Det rollen krever", en="What the role requires"),
            unused=Text(nb="Kompetanse som ikke brukes", en="Competence that is not used"),
            asks_for=Text(
                nb="Ingen av oppgavene ber i dag om", en="None of the tasks asks today for"
            ),
            say_so=Text(
                nb="Ta opp i samtalen om det kan brukes mer.",
                en="Raise in the talk whether more of it can be used.",
            ),
            plan=Text(nb="Forslag til opplæringsplan", en="Proposal for the training plan"),
            wishes=Text(nb="Medarbeiderens egne ønsker", en="The employee's own wishes"),
            held=Text(nb="Det som er registrert", en="What is held"),
            rights=Text(
                nb="Egenskaper, holdninger og verdier vises bare for medarbeideren selv, og det "
                "som er samlet inn for andre formål, er ikke med: her kan det stå som ikke "
                "kartlagt. Medarbeideren ser alt dette, og kan rette det. Opplysningene brukes "
                "ikke til lønn eller nedbemanning.",
                en="Traits, attitudes and values are shown to the employee alone, and what was "
                "gathered for other purposes is left out: here it may stand as not mapped. The "
                "employee sees all of this and can correct it. It is not used for pay or "
                "redundancy.",
            ),
        ),
    }
)


@frozen(kw_only=True)
class Glimpse:
    """Innblikk: what one reader may see of one employee, and how it is said to that reader."""

    employee: EmployeeId = field(repr=False)
    facts: Enterprise = field(repr=False)
    gaps: Gaps
    """Found in these facts alone: what the reader may not see cannot show through."""
    intents: tuple[Intent, ...] = field(repr=False)
    wishes: tuple[Aspiration, ...] = field(repr=False)
    """Those that no gap stands behind."""
    wished: tuple[Intent, ...] = field(repr=False)
    """What these would take."""
    hidden: frozenset[str]
    """The competences that the reader sees of nobody."""
    voice: Voice


def glimpse(analysis: Analysis, employee: EmployeeId, *, actor: Actor, purpose: Purpose) -> Glimpse:
    """Find what an actor may see of an employee for a purpose.

    Raises:
        PrivacyRefused: E554, if the actor may see nothing of that employee.
    """
    whole, enterprise = analysis.gaps, analysis.gaps.enterprise
    asked = (actor, employee)
    facts = seen(*asked, enterprise=enterprise, step=Step.PLAN, purpose=purpose, on=whole.on)
    right = sight(*asked, enterprise=enterprise, step=Step.PLAN, purpose=purpose, on=whole.on)
    gaps = find_gaps(
        facts,
        on=whole.on,
        known_at=whole.known_at,
        combining=whole.combining,
        expiring_within=whole.expiring_within,
    )
    own = analysis.plan.individual(employee)
    intents, wishes = own.intents, own.wishes
    hidden = beings(enterprise) if right is Sight.LINE else frozenset[str]()
    if right is not Sight.OWN:
        wishes = tuple(_stated(wishes, facts, hidden))
    steps = {step for wish in wishes for step in wish.steps}
    return Glimpse(
        employee=employee,
        facts=facts,
        gaps=gaps,
        intents=intents if right is Sight.OWN else tuple(_open(intents, gaps, hidden)),
        wishes=wishes,
        wished=tuple(each for each in own.wished if each.planned in steps),
        hidden=hidden,
        voice=VOICES[right],
    )


def _open(intents: tuple[Intent, ...], gaps: Gaps, hidden: frozenset[str]) -> Iterator[Intent]:
    """Keep the lifts of what the reader sees is missing; what lifts nothing else is left out."""
    missing = {row.competence for row in gaps.rows if row.missing} - hidden
    for intent in intents:
        lifts = tuple(lift for lift in intent.planned.lifts if lift.competence in missing)
        if lifts:
            yield evolve(intent, planned=evolve(intent.planned, lifts=lifts))


def _stated(
    wishes: tuple[Aspiration, ...], facts: Enterprise, hidden: frozenset[str]
) -> Iterator[Aspiration]:
    """Keep the wishes that the reader sees, whose measures give nothing that is hidden.

    How others stand could tell what the person holds of it.
    """
    seen_wishes = frozenset(facts.wishes)
    given: dict[str, set[str]] = {m.id: {o.competence for o in m.outcomes} for m in facts.measures}
    for each in wishes:
        measures = (each.wish.measure, *(step.measure for step in each.steps))
        taught = {c for name in measures for c in given.get(name or "", ())}
        if each.wish in seen_wishes and each.wish.role is None and not taught & hidden:
            yield each
