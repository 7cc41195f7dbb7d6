"""In which words is it told what a participant is given beside a measure? Clause A-3."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from kompetanse_core.model.measure import Incentive, IncentiveKind
from kompetanse_core.model.text import Text
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


def _told(incentive: Incentive, telling: Telling) -> str:
    text = incentive.text.read(telling.language)
    if not incentive.amount:
        return text
    amount = telling.whole(incentive.amount)
    shown = amount if incentive.kind.in_hours else telling.kroner(incentive.amount)
    words = f"{shown} {KINDS[incentive.kind].read(telling.language)}"
    return f"{words} ({text})" if text else words
