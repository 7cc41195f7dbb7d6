"""Which what-if ends how, and what is to be done about it? Outlooks: all pairs of both, compared.

Every scenario is simulated with every policy on the same random numbers, so what differs between
two of them is not luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Interrupted, Misuse
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.validators import count, positive
from kompetanse_core.model.work import RoleId
from kompetanse_core.scenario.changes import Alteration
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.flows import (
    CERTAIN,
    MOST_LEAD,
    Attrition,
    Flows,
    Hiring,
    Move,
    Retirement,
)
from kompetanse_core.scenario.foresight import Watch, watched
from kompetanse_core.scenario.frames import Frame
from kompetanse_core.scenario.listening import Asked, Ears, nothing_done
from kompetanse_core.scenario.policy import NO_POLICY, Policy
from kompetanse_core.scenario.simulation import SMALLEST_GROUP, WITHHELD, Simulation, streamed
from kompetanse_core.scenario.situation import Cell, Grid

STOCKS = (Count.HEADS, Count.VACANT, Count.MET, Count.MISSING, Count.UNKNOWN)
"""What is there in a period; everything else happens in it."""
ENOUGH = 80
"""Per cent of coverage that is enough where nobody says otherwise."""
SHOWN = (Count.MISSING, Count.VACANT, Count.COST, Count.AWAY)


class Overlaid(Protocol):
    """What can be laid over an enterprise under a name, as a `Scenario` can."""

    @property
    def name(self) -> str: ...
    @property
    def changes(self) -> tuple[Alteration, ...]: ...
    @property
    def flows(self) -> Flows | None: ...
    @property
    def frames(self) -> tuple[Frame, ...]: ...
    def apply(self, enterprise: Enterprise) -> Enterprise: ...


@frozen(kw_only=True)
class Runs:
    """Kjøringer: over how long a time, how often, and with which luck something is simulated."""

    start: date
    periods: int = field(default=12, validator=positive)
    months: int = field(default=3, validator=positive)
    replicas: int = field(default=1_000, validator=positive)
    seed: int = field(default=0, validator=count)


@frozen(kw_only=True, eq=False, repr=False)
class Outlook:
    """Utsikt: what becomes of one scenario with one policy.

    `counts` has, summed over the enterprise, one array for each `Count`, (replicas, periods).
    """

    scenario: str
    policy: str
    starts: tuple[date, ...]
    counts: Mapping[Count, Grid]
    roles: Mapping[RoleId, Mapping[Count, Array]]
    """What each run ends with of every role, for what is there in a period, (replicas,)."""
    watch: Watch
    """In how many runs each role in a unit is covered by less than what is enough."""
    concerned: frozenset[EmployeeId]
    """Everybody whom the policy decided about, in any run."""
    marked: int
    """So many runs in which the policy once failed."""
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        """Name it."""
        return f"<Outlook: {self.scenario}, {self.policy}>"

    @property
    def people(self) -> int:
        """Count the fewest who are at work in any period of any run, or are decided about."""
        heads = int(self.counts[Count.HEADS].min())
        return min(heads, len(self.concerned) or heads)

    def ends(self, count: Count) -> Array:
        """Give what each run ends with: what is there at last, or happened in all; (replicas,)."""
        numbers = self.counts[count]
        ended: Array = numbers[:, -1] if count in STOCKS else numbers.sum(axis=1)
        return ended

    def mean(self, count: Count) -> Fraction:
        """Give the mean of what the runs end with."""
        ends = self.ends(count)
        return Fraction(int(ends.sum()), len(ends))

    def quantile(self, count: Count, percent: int) -> int:
        """Give the least number that so many in a hundred runs end within.

        Raises:
            Misuse: E571, if it is not from 0 to 100 per cent.
        """
        return least_within(self.ends(count), percent)

    def covered(self, percent: int) -> Grid:
        """Mark where at least so many per cent is met of what is required and known.

        Shape (replicas, periods).
        """
        met, missing = self.counts[Count.MET], self.counts[Count.MISSING]
        reached: Grid = met * 100 >= percent * (met + missing)
        return reached

    def robustness(self, percent: int) -> Fraction:
        """Give the share of the runs that end covered by at least so many per cent."""
        last = self.covered(percent)[:, -1]
        return Fraction(int(last.sum()), len(last))

    def reached(self, percent: int) -> date | None:
        """Give the first period from which half the runs are covered for good; None: none."""
        often = self.covered(percent).sum(axis=0) * 2 >= len(self.covered(percent))
        late = np.flatnonzero(~often)
        first = int(late[-1]) + 1 if len(late) else 0
        return self.starts[first] if first < len(self.starts) else None


def least_within(ends: Array, percent: int) -> int:
    """Give the least number that so many in a hundred runs end within.

    Raises:
        Misuse: E571, if it is not from 0 to 100 per cent.
    """
    if not 0 <= percent <= 100:
        raise Misuse("E571", "a quantile is from 0 to 100 per cent")
    return int(np.sort(ends)[max(0, -(-percent * len(ends) // 100) - 1)])


@frozen(kw_only=True)
class Regret:
    """Anger: how much worse a policy ends in a scenario, on average, than the best policy there."""

    scenario: str
    policy: str
    count: Count
    by: Fraction


@frozen(kw_only=True, eq=False, repr=False)
class Outlooks:
    """Utsikter: every scenario with every policy, on the same random numbers."""

    enterprise: Enterprise
    """The baseline that every scenario was laid over."""
    laid: tuple[Overlaid, ...]
    asked: tuple[Policy, ...]
    flows: Flows
    """What happens by chance where a scenario does not say."""
    runs: Runs
    enough: int
    """Per cent of coverage that is enough: early warnings are of less."""
    of: tuple[Outlook, ...]
    """Scenario by scenario, and of each the policies in order."""
    cut: tuple[str, ...] = ()
    """The scenarios that are not here, because somebody did not want to wait for them."""

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Name the scenarios."""
        return tuple(each.name for each in self.laid)

    @property
    def policies(self) -> tuple[str, ...]:
        """Name the policies."""
        return tuple(each.name for each in self.asked)

    def __iter__(self) -> Iterator[Outlook]:
        """Yield them in order."""
        return iter(self.of)

    def __len__(self) -> int:
        """Count them."""
        return len(self.of)

    def __repr__(self) -> str:
        """Count them, and those that are missing."""
        cut = f", {len(self.cut)} scenarios cut" if self.cut else ""
        return f"<Outlooks: {len(self.scenarios)} scenarios, {len(self.policies)} policies{cut}>"

    def __getitem__(self, names: tuple[str, str]) -> Outlook:
        """Give the outlook of a scenario and a policy.

        Raises:
            Misuse: E503, if there is none.
        """
        found = next((each for each in self if (each.scenario, each.policy) == names), None)
        if found is None:
            raise Misuse("E503", "there is no such scenario and policy")
        return found

    def regrets(self, count: Count = Count.MISSING) -> tuple[Regret, ...]:
        """Hold each policy against the best one of the same scenario; least is best."""
        found = []
        for scenario in self.scenarios:
            mine = [each for each in self if each.scenario == scenario]
            best = min(each.mean(count) for each in mine)
            found += [
                Regret(scenario=scenario, policy=o.policy, count=count, by=o.mean(count) - best)
                for o in mine
            ]
        return tuple(found)

    def least_regret(self, count: Count = Count.MISSING) -> tuple[str, ...]:
        """Name the policies whose largest regret over all scenarios is least, ties together."""
        worst = {
            policy: max(each.by for each in self.regrets(count) if each.policy == policy)
            for policy in self.policies
        }
        return tuple(policy for policy in self.policies if worst[policy] == min(worst.values()))

    def __str__(self) -> str:
        """Write one line for each: means of what the runs end with, over the whole enterprise.

        Nothing where they are of fewer than five people.
        """
        rows = [("scenario", "policy", *(each.value for each in SHOWN))]
        rows += [(o.scenario, o.policy, *_means(o)) for o in self]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if place < 2 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, wide, strict=True))
            ).rstrip()
            for row in rows
        )


def _means(outlook: Outlook) -> Iterator[str]:
    few = outlook.people < SMALLEST_GROUP
    for each in SHOWN:
        yield WITHHELD if few else f"{float(outlook.mean(each)):.1f}"


Chanced = TypeVar("Chanced", Attrition, Hiring, Move, Retirement)
Begun = Callable[[str, str], None]
"""Is told which scenario and policy begin."""


def compare_scenarios(
    enterprise: Enterprise,
    scenarios: Sequence[Overlaid],
    policies: Sequence[Policy] = (NO_POLICY,),
    *,
    runs: Runs,
    flows: Flows | None = None,
    enough: int = ENOUGH,
    least: int = SMALLEST_GROUP,
    progress: Begun | None = None,
    interrupted: Asked | None = None,
) -> Outlooks:
    """Simulate every scenario with every policy on the same random numbers.

    A scenario's own flows count where it has any, else `flows`. Warnings are of coverage under
    `enough` per cent, where no fewer than `least` people are. Once `interrupted`, asked as by
    `simulate`, says yes, the scenarios that are done with every policy are given, and the others
    named as cut.

    Raises:
        Misuse: E505, if two have the same name; E571, if `enough` is not from 0 to 100; E503 and
            others, as `Scenario.apply` and `simulate`.
        Interrupted: E574, before a scenario is done with every policy.
    """
    _once([each.name for each in scenarios], "scenarios")
    _once([each.name for each in policies], "policies")
    watching = _Watching(runs=runs, enough=enough, least=least, ears=Ears(interrupted))
    found: list[Outlook] = []
    for scenario in scenarios:
        changed, chances = scenario.apply(enterprise), scenario.flows or flows
        for policy in policies:
            if progress is not None:
                progress(scenario.name, policy.name)
            framed = policy.framed(scenario.frames)
            found += watching.outlooks(changed, chances, framed, scenario.name)
        if watching.ears.stopped() and len(found) < len(scenarios) * len(policies):
            break
    whole = len(found) // len(policies)
    if not whole:
        raise nothing_done("a scenario was done with every policy")
    return Outlooks(
        enterprise=enterprise,
        laid=tuple(scenarios[:whole]),
        asked=tuple(policies),
        flows=flows or Flows(),
        runs=runs,
        enough=enough,
        of=tuple(found[: whole * len(policies)]),
        cut=tuple(each.name for each in scenarios[whole:]),
    )


@frozen(kw_only=True)
class Swing:
    """Utslag: what one assumption, set low and set high, does to what the runs end with."""

    name: str
    low: Fraction
    high: Fraction
    extremes: tuple[Flows, Flows] = field(repr=False)
    """What may happen where it is set low, and where it is set high."""
    people: int
    """The fewest who are at work in any period of any run of either."""

    @property
    def width(self) -> Fraction:
        """Give how far apart the two are."""
        return abs(self.high - self.low)


def tornado(
    enterprise: Enterprise,
    flows: Flows,
    policy: Policy = NO_POLICY,
    *,
    runs: Runs,
    count: Count = Count.MISSING,
    interrupted: Asked | None = None,
) -> tuple[Swing, ...]:
    """Halve and double each assumption about flows, one at a time, and order them by what it does.

    Doubled chances stop at what is certain. All on the same random numbers; widest swing first,
    ties by name. `interrupted` is asked as by `simulate`.

    Raises:
        Misuse: E571, if doubled chances add up to more than certain; as `simulate`.
        Interrupted: E574, before all are ordered: without the rest nobody knows what matters most.
    """
    watching = _Watching(runs=runs, ears=Ears(interrupted))
    found = []
    for name, *extremes in _extremes(flows):
        ends = [
            outlook
            for each in extremes
            for outlook in watching.outlooks(enterprise, each, policy, name)
        ]
        if len(ends) < len(extremes):
            raise nothing_done("it was known what matters most")
        low, high = extremes
        found.append(
            Swing(
                name=name,
                low=ends[0].mean(count),
                high=ends[1].mean(count),
                extremes=(low, high),
                people=min(each.people for each in ends),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.width, each.name)))


@frozen(kw_only=True, eq=False)
class _Watching:
    """Hold how everything that is compared is simulated, and who may end it."""

    runs: Runs
    enough: int = ENOUGH
    least: int = SMALLEST_GROUP
    ears: Ears

    def outlooks(
        self, enterprise: Enterprise, flows: Flows | None, policy: Policy, scenario: str
    ) -> Iterator[Outlook]:
        """Yield the outlook of a scenario with a policy, unless somebody does not want to wait."""
        if self.ears.heard():
            return
        parts, runs = _Sums(), self.runs
        with suppress(Interrupted):
            for part in streamed(
                enterprise,
                flows,
                policy,
                start=runs.start,
                periods=runs.periods,
                months=runs.months,
                replicas=runs.replicas,
                seed=runs.seed,
                interrupted=self.ears.stopped,
            ):
                parts.add(part, watched(part, self.enough, least=self.least))
        if not self.ears.heard():
            yield parts.outlook(scenario)


@frozen
class _Sums:
    """Keep only the sums of each run, and what its roles end with, block by block."""

    sums: dict[Count, list[Grid]] = field(factory=lambda: {each: [] for each in Count})
    ends: dict[Count, list[Grid]] = field(factory=lambda: {each: [] for each in STOCKS})
    watch: list[Watch] = field(factory=list)
    last: list[Simulation] = field(factory=list)
    marked: list[int] = field(factory=list)

    def add(self, part: Simulation, watch: Watch) -> None:
        """Take in a block."""
        for each in Count:
            self.sums[each].append(part.counts[each].sum(axis=2, dtype=np.int64))
        for each in STOCKS:
            self.ends[each].append(part.counts[each][:, -1].astype(np.int64))
        self.watch[:] = [seen + watch for seen in self.watch] or [watch]
        self.marked.append(int(part.marked.sum()))
        self.last[:] = [part]

    def outlook(self, scenario: str) -> Outlook:
        """Put all blocks together."""
        (last,), (watch,) = self.last, self.watch
        ends = {each: np.concatenate(self.ends[each]) for each in STOCKS}
        return Outlook(
            scenario=scenario,
            policy=last.policy,
            starts=last.starts,
            counts={each: np.concatenate(self.sums[each]) for each in Count},
            roles=_by_role(last.cells, ends),
            watch=watch,
            concerned=last.concerned,
            marked=sum(self.marked),
            findings=last.findings,
        )


def _by_role(
    cells: Sequence[Cell], ends: Mapping[Count, Grid]
) -> dict[RoleId, Mapping[Count, Array]]:
    """Add up over the units of each role what runs end with."""
    roles = sorted({role for _, role in cells})
    of = {role: np.array([own == role for _, own in cells]) for role in roles}
    return {
        role: {each: numbers[:, of[role]].sum(axis=1) for each, numbers in ends.items()}
        for role in roles
    }


def _extremes(flows: Flows) -> Iterator[tuple[str, Flows, Flows]]:
    """Yield the name of each assumption, and the flows where it is halved and doubled."""
    for name, scaled in (
        ("attrition", _attrition),
        ("retirement", _retirement),
        ("moves", _moves),
        ("hiring", _hiring),
        ("time to fill", _lead),
        ("success", _success),
    ):
        low, high = scaled(flows, Fraction(1, 2)), scaled(flows, Fraction(2))
        if (low, high) != (flows, flows):
            yield name, low, high


def _attrition(flows: Flows, by: Fraction) -> Flows:
    return evolve(flows, attrition=tuple(_chanced(each, by) for each in flows.attrition))


def _retirement(flows: Flows, by: Fraction) -> Flows:
    return evolve(flows, retirement=tuple(_chanced(each, by) for each in flows.retirement))


def _moves(flows: Flows, by: Fraction) -> Flows:
    return evolve(flows, moves=tuple(_chanced(each, by) for each in flows.moves))


def _hiring(flows: Flows, by: Fraction) -> Flows:
    return evolve(flows, hiring=tuple(_chanced(each, by) for each in flows.hiring))


def _lead(flows: Flows, by: Fraction) -> Flows:
    leads = [min(MOST_LEAD, max(1, int(each.lead * by))) for each in flows.hiring]
    changed = (evolve(each, lead=lead) for each, lead in zip(flows.hiring, leads, strict=True))
    return evolve(flows, hiring=tuple(changed))


def _success(flows: Flows, by: Fraction) -> Flows:
    """Halve and double the chance to fail."""
    fails = CERTAIN - flows.success
    return evolve(flows, success=CERTAIN - min(CERTAIN, int(fails * by)))


def _chanced(flow: Chanced, by: Fraction) -> Chanced:
    return evolve(flow, chance=min(CERTAIN, int(flow.chance * by)))


def _once(names: Sequence[str], what: str) -> None:
    if not names:
        raise Misuse("E506", f"there are no {what} to compare")
    if len(set(names)) != len(names):
        raise Misuse("E505", f"two {what} have the same name")
