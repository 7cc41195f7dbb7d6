"""How fresh is what is known? The section of a report that tells when each unit was mapped.

Clauses A-12 and M-4. A unit that few work in, or in which few were ever assessed, is held back.
"""

from __future__ import annotations

from datetime import date

from kompetanse_core.cooperation import FollowUp
from kompetanse_core.mapping import Freshness, months_later
from kompetanse_core.model.work import UnitId
from kompetanse_core.report.groups import FRESH
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import Cell, Section
from kompetanse_core.report.telling import Telling
from kompetanse_core.rules import Check


def mapped(follow_up: FollowUp, telling: Telling) -> Section | None:
    """Tell of each unit when it was last mapped and is to be mapped again; None if no rule asks."""
    if follow_up.months is None or not follow_up.fresh:
        return None
    say, months = telling.say, follow_up.months
    caption = say("Når enhetene sist ble kartlagt", "When the units were last mapped")
    columns = [
        (say("Enhet", "Unit"), False),
        (say("Sist kartlagt", "Last mapped"), False),
        (say("Kartlegges igjen innen", "To be mapped again by"), False),
        (say("Status", "Standing"), False),
    ]
    clauses = ", ".join(each.rule.clause for each in follow_up.answering(Check.MAPPED_REGULARLY))
    note = say(
        f"Hver {months}. måned er satt i reglene her, og kan endres lokalt ({clauses}). Datoen er "
        "den siste da noen i enheten ble vurdert.",
        f"Every {months} months is set in the rules here, and can be changed locally ({clauses}). "
        "The date is the last on which anybody in the unit was assessed.",
    )
    lines = [_line(each, follow_up, telling) for each in follow_up.fresh]
    return Section(
        id="kartlegging",
        heading=say("Hvor fersk kartleggingen er", "How fresh the mapping is"),
        blocks=(telling.grid(caption, columns, lines, note=note),),
    )


def overdue_units(follow_up: FollowUp, telling: Telling) -> tuple[UnitId, ...]:
    """Give the units that are told to be overdue: none of those held back or told as they were."""
    late = (each.unit for each in follow_up.fresh if each.overdue(follow_up.on))
    return tuple(unit for unit in late if (FRESH, unit) not in telling.veil.hidden)


def _line(fresh: Freshness, follow_up: FollowUp, telling: Telling) -> Line:
    """Tell one unit as it is, as it was released before, or not at all."""
    key = (FRESH, fresh.unit)
    name, before = telling.as_told(key, telling.name(telling.units, fresh.unit))
    shown = fresh if before is None else _as_released(fresh, before[-1], follow_up)
    cells = (
        telling.words(name),
        telling.since(shown.last),
        telling.since(shown.due),
        _standing(shown, follow_up.on, telling),
    )
    return Line(cells=cells, people=0, held=telling.veil.hides(key))


def _as_released(fresh: Freshness, last: int, follow_up: FollowUp) -> Freshness:
    """Give what an earlier report told of a unit, whose last day was numbered so; 0 is none."""
    if not last or follow_up.months is None:
        return Freshness(unit=fresh.unit, last=None, due=None)
    day = date.fromordinal(last)
    return Freshness(unit=fresh.unit, last=day, due=months_later(day, follow_up.months))


def _standing(fresh: Freshness, on: date, telling: Telling) -> Cell:
    if fresh.last is None:
        return telling.words(telling.say("aldri kartlagt", "never mapped"))
    late = fresh.overdue(on)
    return telling.words(
        telling.say("forfalt", "overdue") if late else telling.say("i rute", "in time")
    )
