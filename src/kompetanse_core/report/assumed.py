"""What is assumed? The section of a report that tells scenarios, chances and policies in words.

Nobody is named: what is assumed of single employees is told by number, and of few as some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kompetanse_core.model.people import Assessment, Employee, Engagement, Evidence, Wish
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Bearer, Headcount, Market, Requirement, Seats
from kompetanse_core.report.page import Block, Paragraph, Points, Section
from kompetanse_core.report.prospect import Prospect, capital
from kompetanse_core.report.telling import Telling
from kompetanse_core.scenario import (
    CERTAIN,
    NO_POLICY,
    Add,
    Alteration,
    ChangeLevel,
    ChangeSeats,
    ChangeShare,
    CloseRole,
    CloseSeats,
    CloseTask,
    CloseUnit,
    Flows,
    Frame,
    Lapse,
    Leave,
    Policy,
    Replace,
    Retire,
    Withdraw,
)
from kompetanse_core.scenario.flows import Attrition, Hiring
from kompetanse_core.scenario.outlook import Overlaid

PERSONAL = (Employee, Engagement, Assessment, Evidence, Wish)
YEAR, QUARTER, MONTH = 12, 3, 1


def assumed(of: Prospect) -> Section:
    """Tell what every scenario lays over the enterprise, what happens by chance, and what is done.

    What is assumed is not known: chances are somebody's judgement, and the parties' to discuss.
    """
    say = of.telling.say
    blocks: list[Block] = []
    for scenario in of.outlooks.laid:
        blocks += [Paragraph(text=f"{capital(scenario.name)}:"), Points(points=_laid(scenario, of))]
    usual = say(
        "Dette kan skje der scenarioet ikke sier noe annet:",
        "Where a scenario says nothing else, this may happen:",
    )
    if any(scenario.flows is None for scenario in of.outlooks.laid):
        blocks += [
            Paragraph(text=usual),
            Points(points=tuple(_chances(of.outlooks.flows, of))),
        ]
    done = say("Dette blir gjort:", "What is done:")
    blocks += [Paragraph(text=done), Points(points=tuple(_done(of)))]
    heading = say("Hva som er antatt", "What is assumed")
    return Section(id="antatt", heading=heading, blocks=tuple(blocks))


def _laid(scenario: Overlaid, of: Prospect) -> tuple[str, ...]:
    """Tell the changes of one scenario, those of single employees last, and its own chances."""
    of_people = [change for change in scenario.changes if _who(change)]
    told = [_told(change, of) for change in scenario.changes if not _who(change)]
    told += _people(of_people, of.telling)
    told += (_framed(frame, of.telling) for frame in scenario.frames)
    if scenario.flows is not None:
        told += _chances(scenario.flows, of)
    nothing = of.telling.say("alt blir som det er planlagt i dag", "all stays as it is planned now")
    return tuple(map(capital, told or [nothing]))


def _framed(frame: Frame, telling: Telling) -> str:
    """Tell what plans may spend, and from when on."""
    day = telling.day(frame.on) if frame.on else telling.say("første dag", "the first day")
    if frame.percent is None:
        money = telling.kroner(frame.budget or 0)
        return telling.say(
            f"fra {day} kan hver plan koste {money}", f"from {day} each plan may cost {money}"
        )
    return telling.say(
        f"fra {day} har hver plan {frame.percent} % av rammen den ellers har",
        f"from {day} each plan has {frame.percent} % of the budget that it has otherwise",
    )


# --- single employees -----------------------------------------------------------------------------


def _who(change: Alteration) -> str | None:
    """Give whom a change is about, where it is about one person."""
    if isinstance(change, Leave | ChangeShare | Lapse):
        return change.employee
    if isinstance(change, Add) and isinstance(change.noun, PERSONAL):
        return change.noun.id if isinstance(change.noun, Employee) else change.noun.employee
    return None


def _people(changes: list[Alteration], telling: Telling) -> list[str]:
    kinds = (
        (Leave, Text(nb="slutter eller går ut av en rolle", en="leave, or leave a role")),
        (ChangeShare, Text(nb="får en annen stillingsandel", en="work another share")),
        (Lapse, Text(nb="har kompetanse som bortfaller", en="hold what lapses")),
        (Add, Text(nb="kommer til, eller noe nytt blir kjent om dem", en="come, or become known")),
    )
    told = []
    for kind, does in kinds:
        number = len({_who(change) for change in changes if isinstance(change, kind)})
        if number:
            some = telling.say("noen", "some")
            many = telling.whole(number) if number >= telling.smallest_group else some
            who = telling.say(f"{many} ansatte", f"{many} employees")
            told.append(f"{who} {does.read(telling.language)}")
    return told


# --- changes --------------------------------------------------------------------------------------


def _told(change: Alteration, of: Prospect) -> str:
    """Tell one change that is about nobody in particular."""
    say = of.telling.say
    tell = _TOLD.get(type(change))
    if tell is None:
        return say(f"en endring av slaget {type(change).__name__}", type(change).__name__)
    return _from(change.on, of.telling) + tell(change, of)


def _from(on: date | None, telling: Telling) -> str:
    return f"{telling.say('fra', 'from')} {telling.day(on)}: " if on else ""


def _added(change: Add, of: Prospect) -> str:
    noun, telling = change.noun, of.telling
    if isinstance(noun, Requirement):
        return _required(noun, of)
    if isinstance(noun, Seats):
        return _needs(noun, telling)
    if isinstance(noun, Headcount):
        what = telling.name(telling.competences, noun.competence)
        unit = telling.name(telling.units, noun.unit)
        return telling.say(
            f"{unit} trenger minst {noun.count} som har {what} på nivå {noun.level}",
            f"{unit} needs at least {noun.count} who hold {what} at level {noun.level}",
        )
    return f"{telling.say('nytt', 'new')}: {_noun(noun, of)}"


def _replaced(change: Replace, of: Prospect) -> str:
    noun, telling = change.noun, of.telling
    if isinstance(noun, Market):
        role, price = telling.name(telling.roles, noun.role), telling.kroner(noun.cost)
        return telling.say(
            f"å ansette i rollen {role} koster {price} og tar {noun.days} dager",
            f"hiring into the role {role} costs {price} and takes {noun.days} days",
        )
    return f"{telling.say('på andre vilkår', 'on other terms')}: {_noun(noun, of)}"


def _noun(noun: object, of: Prospect) -> str:
    """Call something by its kind and, where it has one, its label."""
    kind = _KINDS.get(type(noun).__name__, Text(type(noun).__name__)).read(of.telling.language)
    label: object = getattr(noun, "label", None)
    return f"{kind} {label.read(of.telling.language)}" if isinstance(label, Text) else kind


def _required(noun: Requirement, of: Prospect) -> str:
    say, who = of.telling.say, _bearer(noun.bearer, noun.of, of)
    what = of.telling.name(of.telling.competences, noun.competence)
    by_law = say(", etter lov eller forskrift", ", by law or regulation") if noun.statutory else ""
    proof = say(", med dokumentasjon", ", with proof") if noun.proof else ""
    return say(
        f"{who} krever {what} på nivå {noun.level}{by_law}{proof}",
        f"{who} requires {what} at level {noun.level}{by_law}{proof}",
    )


def _bearer(bearer: Bearer, key: str, of: Prospect) -> str:
    telling, first = of.telling, of.outlooks.enterprise
    if bearer is Bearer.ROLE:
        return f"{telling.say('rollen', 'the role')} {telling.name(telling.roles, key)}"
    rows: tuple[Any, ...] = first.tasks if bearer is Bearer.TASK else first.occupations
    name = next((each.label.read(telling.language) for each in rows if each.id == key), key)
    kind = ("oppgaven", "the task") if bearer is Bearer.TASK else ("yrket", "the occupation")
    return f"{telling.say(*kind)} {name}"


def _needs(noun: Seats | ChangeSeats, telling: Telling) -> str:
    unit, role = telling.name(telling.units, noun.unit), telling.name(telling.roles, noun.role)
    share = telling.positions(noun.share)
    return telling.say(
        f"{unit} trenger {share} årsverk i rollen {role}",
        f"{unit} needs {share} full-time positions of the role {role}",
    )


def _reseated(change: ChangeSeats, of: Prospect) -> str:
    telling = of.telling
    before = sum(
        each.share
        for each in of.outlooks.enterprise.seats
        if (each.unit, each.role) == (change.unit, change.role)
        and (each.start or change.on) <= change.on <= (each.end or change.on)
    )
    instead = telling.say("ellers", "otherwise")
    return f"{_needs(change, telling)} ({instead} {telling.positions(before)})"


def _unseated(change: CloseSeats, of: Prospect) -> str:
    telling = of.telling
    unit, role = telling.name(telling.units, change.unit), telling.name(telling.roles, change.role)
    return telling.say(
        f"{unit} trenger ikke lenger rollen {role}; de som har den, er der fortsatt",
        f"{unit} no longer needs the role {role}; those who have it are still there",
    )


def _relevelled(change: ChangeLevel, of: Prospect) -> str:
    who = _bearer(change.bearer, change.of, of)
    what = of.telling.name(of.telling.competences, change.competence)
    return of.telling.say(
        f"{who} krever {what} på nivå {change.level}",
        f"{who} requires {what} at level {change.level}",
    )


def _retired(change: Retire, of: Prospect) -> str:
    who = _bearer(change.bearer, change.of, of)
    what = of.telling.name(of.telling.competences, change.competence)
    return of.telling.say(f"{who} krever ikke lenger {what}", f"{who} no longer requires {what}")


def _role_closed(change: CloseRole, of: Prospect) -> str:
    role = of.telling.name(of.telling.roles, change.role)
    return of.telling.say(f"rollen {role} legges ned", f"the role {role} is closed")


def _task_closed(change: CloseTask, of: Prospect) -> str:
    task = _bearer(Bearer.TASK, change.task, of)
    return of.telling.say(f"{task} faller bort", f"{task} is no longer done")


def _unit_closed(change: CloseUnit, of: Prospect) -> str:
    unit = of.telling.name(of.telling.units, change.unit)
    return of.telling.say(f"{unit} legges ned", f"{unit} is closed")


def _withdrawn(change: Withdraw, of: Prospect) -> str:
    name = of.telling.name(of.telling.measures, change.measure)
    return of.telling.say(f"tiltaket {name} tilbys ikke lenger", f"{name} is no longer on offer")


def _lapsed(change: Lapse, of: Prospect) -> str:
    what = of.telling.name(of.telling.competences, change.competence or "")
    return of.telling.say(
        f"det som er kjent om {what}, gjelder ikke lenger",
        f"what is known of {what} holds no longer",
    )


_TOLD: Mapping[type, Callable[[Any, Prospect], str]] = MappingProxyType(
    {
        Add: _added,
        Replace: _replaced,
        ChangeLevel: _relevelled,
        ChangeSeats: _reseated,
        CloseRole: _role_closed,
        CloseSeats: _unseated,
        CloseTask: _task_closed,
        CloseUnit: _unit_closed,
        Lapse: _lapsed,
        Retire: _retired,
        Withdraw: _withdrawn,
    }
)
_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "Competence": Text(nb="kompetansen", en="the competence"),
        "Driver": Text(nb="det utløsende forholdet", en="the driver"),
        "Goal": Text(nb="målet", en="the goal"),
        "Market": Text(nb="et arbeidsmarked", en="a labour market"),
        "Measure": Text(nb="tiltaket", en="the measure"),
        "Need": Text(nb="behovet", en="the need"),
        "Occupation": Text(nb="yrket", en="the occupation"),
        "Relation": Text(nb="en sammenheng mellom kompetanser", en="a relation of competences"),
        "Role": Text(nb="rollen", en="the role"),
        "Scheme": Text(nb="ordningen", en="the scheme"),
        "Task": Text(nb="oppgaven", en="the task"),
        "Unit": Text(nb="enheten", en="the unit"),
    }
)


# --- chances and policies -------------------------------------------------------------------------


def _chances(flows: Flows, of: Prospect) -> Iterator[str]:
    """Tell every chance, for one period of the simulation."""
    say, telling = of.telling.say, of.telling
    each = _each(of)
    for attrition in flows.attrition:
        share, whom = _share(attrition.chance, telling), _whom(attrition, telling)
        yield say(f"{share} av {whom} slutter {each}", f"{share} of {whom} leave {each}")
    for band in sorted(flows.retirement, key=lambda band: band.age):
        share = _share(band.chance, telling)
        yield say(
            f"Fra {band.age} år går {share} av med pensjon {each}",
            f"From {band.age} years of age {share} retire {each}",
        )
    for move in flows.moves:
        source, target = (telling.name(telling.roles, r) for r in (move.source, move.target))
        share = _share(move.chance, telling)
        yield say(
            f"Fra {source} går {share} over til {target} {each}",
            f"From {source} {share} move to {target} {each}",
        )
    yield from (_hired(hiring, of) for hiring in flows.hiring)
    if flows.success < CERTAIN:
        share = _share(flows.success, telling)
        yield say(
            f"{share} av dem som lærer etter plan, når det som var planlagt",
            f"{share} of those who learn by plan reach what was planned",
        )
    if not (flows.attrition or flows.retirement):
        yield say("Ingen slutter", "Nobody leaves")
    if not flows.hiring:
        yield say(
            "Ledige stillinger blir ikke lyst ut, om ikke en plan gjør det",
            "Vacancies are not announced, unless a plan does it",
        )


def _whom(attrition: Attrition, telling: Telling) -> str:
    where = [telling.name(telling.roles, attrition.role)] if attrition.role else []
    where += [telling.name(telling.units, attrition.unit)] if attrition.unit else []
    among = f" ({', '.join(where)})" if where else ""
    return telling.say(f"de ansatte{among}", f"the employees{among}")


def _hired(hiring: Hiring, of: Prospect) -> str:
    telling, role = of.telling, of.telling.name(of.telling.roles, hiring.role)
    share, price = _share(hiring.chance, telling), telling.kroner(hiring.cost)
    months = hiring.lead * of.outlooks.runs.months
    most = "" if hiring.most is None else telling.whole(hiring.most)
    told = telling.say(
        f"Ledige stillinger i rollen {role}: {share} fylles hver gang de lyses ut, etter {months} "
        f"måneder, for {price}",
        f"Vacancies of the role {role}: {share} are filled each time, after {months} months, for "
        f"{price}",
    )
    return told + (most and telling.say(f"; høyst {most} i året", f"; at most {most} a year"))


def _done(of: Prospect) -> Iterator[str]:
    """Tell each policy: its name, how often it decides, and what a decision may cost."""
    for policy in of.outlooks.asked:
        yield f"{capital(of.called(policy))}: {_decides(policy, of.telling)}"


def _decides(policy: Policy, telling: Telling) -> str:
    say = telling.say
    if policy.decide is NO_POLICY.decide:
        return say("ingenting blir bestemt", "nothing is decided")
    often = say("bestemt den første dagen", "decided on the first day")
    if policy.months is not None:
        often += say(
            f" og på nytt hver {policy.months}. måned", f" and anew every {policy.months} months"
        )
    if policy.budget is None:
        return often
    most = telling.kroner(policy.budget)
    return often + say(f", for høyst {most} hver gang", f", for at most {most} each time")


def _share(chance: int, telling: Telling) -> str:
    """Write a chance in per cent: ten thousand millionths are one, as of positions full time."""
    return f"{telling.positions(chance)}\u00a0%"


def _each(of: Prospect) -> str:
    months, say = of.outlooks.runs.months, of.telling.say
    if months == QUARTER:
        return say("hvert kvartal", "each quarter")
    if months == YEAR:
        return say("hvert år", "each year")
    if months == MONTH:
        return say("hver måned", "each month")
    return say(f"hver periode på {months} måneder", f"each period of {months} months")
