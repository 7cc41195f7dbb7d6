"""In which words are outlooks told? Prospect: outlooks, a telling, and who stands behind each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.gap import Gaps, find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.text import Language
from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.model.work import RoleId, Seats, UnitId
from kompetanse_core.report.crowd import Crowd, crowds
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import Cell
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.veil import ROLE, veil
from kompetanse_core.scenario import Count, Outlook, Outlooks, Policy, period_name
from kompetanse_core.scenario.outlook import least_within

LOW, MIDDLE, HIGH = 10, 50, 90
"""Eight runs of ten lie between the first and the last of these per cents."""
TENTH = 10


@frozen(kw_only=True, eq=False)
class Prospect:
    """Fremsyn: what a report on scenarios is made of; `laid` is the enterprise in each."""

    outlooks: Outlooks
    telling: Telling
    gaps: Gaps = field(repr=False)
    """What is missing on the first day, before anything is laid over."""
    crowds: Mapping[tuple[str, str], Crowd]
    laid: Mapping[str, Enterprise] = field(repr=False)
    hidden: Mapping[str, frozenset[RoleId]] = MappingProxyType({})
    """The roles of each scenario that are held back, and those that would give them away."""

    def named(self, outlook: Outlook) -> str:
        """Name a scenario with what is done about it."""
        return f"{capital(outlook.scenario)}, {self.policy(outlook.policy)}"

    def policy(self, name: str) -> str:
        """Name what is done in the words of the report."""
        return self.called(next(each for each in self.outlooks.asked if each.name == name))

    def called(self, policy: Policy) -> str:
        """Name a policy in the words of the report."""
        return policy.label.read(self.telling.language) or policy.name

    def of(self, scenario: str) -> tuple[Outlook, ...]:
        """Give the outlooks of a scenario, one for each policy."""
        return tuple(each for each in self.outlooks if each.scenario == scenario)

    def period(self, on: date) -> str:
        """Name a period: its quarter where it is one, else its first day."""
        months = self.outlooks.runs.months
        if period_name(on, months) == on.isoformat():
            return self.telling.day(on)
        quarter = on.month // months + 1
        return self.telling.say(f"{quarter}. kvartal {on.year}", f"Q{quarter} {on.year}")

    @property
    def last(self) -> str:
        """Name the last period."""
        return self.period(self.outlooks.of[0].starts[-1])

    def crowd(self, outlook: Outlook) -> Crowd:
        """Give how few people the figures of an outlook tell of."""
        return self.crowds[outlook.scenario, outlook.policy]

    def held(self, outlook: Outlook) -> bool:
        """Say whether the figures of an outlook are held back."""
        return self.few(self.crowd(outlook).whole)

    def few(self, people: int) -> bool:
        """Say whether so few stand behind a figure of runs that it is held back; nobody is few."""
        return people < self.telling.smallest_group or self.telling.veil.whole

    def line(self, outlook: Outlook, *cells: Cell) -> Line:
        """Make the row of an outlook, with the people who stand behind it."""
        name = self.telling.words(self.named(outlook))
        return Line(cells=(name, *cells), people=0, held=self.held(outlook))

    def few_in(self, role: RoleId, outlook: Outlook) -> bool:
        """Say whether few are apart in a role, so that what is told of it tells of them."""
        apart = (each.among({role}) for each in self.crowd(outlook).apart)
        return any(0 < number < self.telling.smallest_group for number in apart)

    def band(self, ends: Array) -> Cell:
        """Make a cell of what runs end with: the middle, and what eight of ten lie between."""
        low, middle, high = (least_within(ends, each) for each in (LOW, MIDDLE, HIGH))
        whole = self.telling.whole
        text = (
            whole(middle) if low == high else f"{whole(middle)}\u00a0({whole(low)}–{whole(high)})"
        )
        return Cell(text=text, number=middle)

    def band_of_positions(self, ends: Array) -> Cell:
        """Make such a cell of full-time positions."""
        low, middle, high = (least_within(ends, each) for each in (LOW, MIDDLE, HIGH))
        told = self.telling.positions
        text = told(middle) if low == high else f"{told(middle)}\u00a0({told(low)}–{told(high)})"
        return Cell(text=text, number=middle)

    def band_of_shares(self, met: Array, missing: Array) -> Cell:
        """Make such a cell of coverage in per cent, rounded down; a dash where nothing is asked."""
        asked = met + missing
        if not asked.all():
            return Cell(text="–")
        found = self.band(met * 100 // asked)
        return evolve(found, text=f"{found.text}\u00a0%")

    def tenths(self, share: Fraction) -> str:
        """Tell in how many runs of ten, rounded down."""
        often = int(share * TENTH)
        return self.telling.say(f"{often} av 10 forløp", f"{often} of 10 runs")

    def mean(self, amount: Fraction) -> Cell:
        """Make a cell of a mean, in tenths."""
        tenths = round(amount * TENTH)
        return Cell(text=self.telling.positions(tenths * FULL_TIME // TENTH), number=tenths)

    def seats(self, scenario: str | None, role: RoleId) -> int:
        """Give how much of a role is needed in the last period, in basis points of full time.

        Of no scenario, what is needed with the enterprise as it is.
        """
        laid = self.outlooks.enterprise if scenario is None else self.laid[scenario]
        on = self.outlooks.of[0].starts[-1]
        return sum(each.share for each in laid.seats if each.role == role and _runs(each, on))

    def place(self, unit: UnitId, role: RoleId) -> str:
        """Name a role in a unit."""
        telling = self.telling
        names = telling.name(telling.roles, role), telling.name(telling.units, unit)
        return telling.say("{} ved {}", "{} at {}").format(*names)


def added(outlook: Outlook, count: Count, roles: Collection[RoleId]) -> Array:
    """Add up what runs end with over some roles; (replicas,)."""
    ends: Array = np.sum([outlook.roles[role][count] for role in sorted(roles)], axis=0)
    return ends


def capital(text: str) -> str:
    """Begin with a capital letter, as a sentence does."""
    return text[:1].upper() + text[1:]


def prospect(outlooks: Outlooks, *, language: Language, smallest_group: int) -> Prospect:
    """Find the words for outlooks, and what is held back of them."""
    laid = {each.name: each.apply(outlooks.enterprise) for each in outlooks.laid}
    gaps = find_gaps(outlooks.enterprise, on=outlooks.runs.start)
    telling = Telling(
        language=language,
        enterprise=_all_labels(outlooks.enterprise, tuple(laid.values())),
        smallest_group=smallest_group,
        veil=veil(gaps, k=smallest_group, ledger=None),
    )
    of = Prospect(
        outlooks=outlooks,
        telling=telling,
        gaps=gaps,
        crowds=crowds(outlooks, k=smallest_group),
        laid=laid,
    )
    hidden: dict[str, frozenset[RoleId]] = {}
    for name in outlooks.scenarios:
        hidden[name] = _hidden(name, hidden, of)
    return evolve(of, hidden=MappingProxyType(hidden))


def _hidden(
    scenario: str, before: Mapping[str, frozenset[RoleId]], of: Prospect
) -> frozenset[RoleId]:
    """Hold roles back that are small, or in which few are apart; and more, till none is given away.

    Whoever takes the roles that are told in two scenarios from the whole of both learns about those
    who are apart in all other roles together.
    """
    mine = of.of(scenario)
    hidden = {role for role in mine[0].roles if _small({role}, mine, of)}
    told = [role for role in sorted(mine[0].roles) if role not in hidden]
    while told and (another := _given_away(told, hidden, before, mine, of)) is not None:
        told.remove(another)
        hidden.add(another)
    return frozenset(hidden)


def _given_away(
    told: Sequence[RoleId],
    hidden: Collection[RoleId],
    before: Mapping[str, frozenset[RoleId]],
    mine: Sequence[Outlook],
    of: Prospect,
) -> RoleId | None:
    """Find a role to hold back beside those that are: the smallest that would help; None: none."""
    for each in (apart for outlook in mine for apart in of.crowd(outlook).apart):
        elsewhere = before.get(each.versus or "", frozenset())
        both = [role for role in told if role not in elsewhere]
        here = sorted((number, role) for role in both if (number := each.among({role})))
        rest = each.among({*hidden, *elsewhere})
        if here and (of.few(here[0][0]) or (rest and of.few(rest))):
            return here[0][1]
    if hidden and (len(hidden) == 1 or _small(hidden, mine, of)):
        return min(told, key=lambda role: (_at_last({role}, mine), role))
    return None


def _small(roles: Collection[RoleId], mine: Sequence[Outlook], of: Prospect) -> bool:
    """Say whether few have some roles: one of them today, or all in the middle of runs at last."""
    if len(roles) == 1 and any(of.telling.holds((ROLE, role)) for role in roles):
        return True
    return 0 < _at_last(roles, mine) < of.telling.smallest_group


def _at_last(roles: Collection[RoleId], mine: Sequence[Outlook]) -> int:
    """Count who has some roles in the middle of the runs at last, where that is least but some."""
    ends = (added(each, Count.HEADS, roles) for each in mine)
    found = [number for each in ends if (number := least_within(each, MIDDLE))]
    return min(found, default=0)


def _all_labels(first: Enterprise, others: Sequence[Enterprise]) -> Enterprise:
    """Add to an enterprise the labels that others bring, so that all can be named."""
    every = (first, *others)
    return evolve(
        first,
        units=tuple({each.id: each for one in every for each in one.units}.values()),
        roles=tuple({each.id: each for one in every for each in one.roles}.values()),
        competences=tuple({each.id: each for one in every for each in one.competences}.values()),
        measures=tuple({each.id: each for one in every for each in one.measures}.values()),
    )


def _runs(seats: Seats, on: date) -> bool:
    return (seats.start or on) <= on <= (seats.end or on)
