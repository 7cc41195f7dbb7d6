"""In which words is told what participants are given, and what schemes cover? A-3 and R-17."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from kompetanse_core.model.measure import Incentive, IncentiveKind, Scheme
from kompetanse_core.model.text import Text
from kompetanse_core.plan import PlanItem
from kompetanse_core.report.telling import Telling

KINDS = MappingProxyType(
    {
        IncentiveKind.PAID_LEAVE: Text(nb="timer permisjon med lønn", en="hours of paid leave"),
        IncentiveKind.EXAM_LEAVE: Text(nb="timer fri til eksamen", en="hours off for exams"),
        IncentiveKind.COST_COVERED: Text(nb="i utgifter dekket", en="of expenses covered"),
        IncentiveKind.SALARY_STEP: Text(nb="i lønnstrinn", en="as a salary step"),
        IncentiveKind.OTHER: Text(nb="til annet", en="for other things"),
    }
)


def offered(incentives: Iterable[Incentive], telling: Telling) -> str:
    """Tell what each participant is given, or nothing where nothing is."""
    return telling.listed([_told(each, telling) for each in incentives])


def supported(planned: PlanItem, telling: Telling) -> str:
    """Tell what somebody is given beside a measure, and what a scheme is expected to cover."""
    told = [_told(each, telling) for each in planned.incentives]
    named = next((m.scheme for m in telling.enterprise.measures if m.id == planned.measure), None)
    schemes = (each for each in telling.enterprise.schemes if each.id == named and planned.grant)
    told.extend(_granted(planned.grant, scheme, telling) for scheme in schemes)
    return telling.listed(told)


def _granted(grant: int, scheme: Scheme, telling: Telling) -> str:
    name, on = scheme.label.read(telling.language), telling.day(scheme.as_of)
    kroner = telling.kroner(grant)
    return telling.say(
        f"{kroner} dekkes av ordningen {name}, med vilkår per {on} (R-17)",
        f"{kroner} covered by the scheme {name}, on conditions of {on} (R-17)",
    )


def _told(incentive: Incentive, telling: Telling) -> str:
    text = incentive.text.read(telling.language)
    if not incentive.amount:
        return text
    amount = telling.whole(incentive.amount)
    shown = amount if incentive.kind.in_hours else telling.kroner(incentive.amount)
    words = f"{shown} {KINDS[incentive.kind].read(telling.language)}"
    return f"{words} ({text})" if text else words
