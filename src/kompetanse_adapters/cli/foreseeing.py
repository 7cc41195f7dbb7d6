"""What may come, in a terminal or as JSON? `foresee` one course, and `compare` several.

Only sums of the whole enterprise are told, and warnings of roles with enough people in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import numpy as np
from attrs import frozen

from kompetanse_adapters.cli.checking import read_enterprise
from kompetanse_adapters.cli.layout import table
from kompetanse_adapters.cli.progress import watch
from kompetanse_adapters.reading import read_scenario
from kompetanse_core import (
    CERTAIN,
    NO_POLICY,
    Attrition,
    Count,
    Enterprise,
    Finding,
    Flows,
    Limits,
    Outlook,
    Outlooks,
    Plugins,
    Policy,
    PrivacyRefused,
    Runs,
    Scenario,
    Simulation,
    SourceUnavailable,
    compare_scenarios,
    early_warnings,
    hiring_of,
    period_name,
    plan_once,
    replan,
    tornado,
)
from kompetanse_core import simulate as simulate_runs

MONTHS = 3
BASELINE = "as now"
WIDEST = 40
"""So many signs wide is a bar of 100 per cent."""
LEAST = 5
FULL_TIME = 10_000
COVERED = 80
"""Per cent of coverage that warnings and robustness are about."""


@frozen(kw_only=True)
class Ahead:
    """Hold what was asked of the future on the command line."""

    folder: Path
    scenarios: tuple[Path, ...]
    start: date
    years: int
    replicas: int
    seed: int
    attrition: float
    budget: int | None
    as_json: bool

    @property
    def runs(self) -> Runs:
        """Give the runs, by quarters."""
        return Runs(
            start=self.start,
            periods=self.years * 12 // MONTHS,
            months=MONTHS,
            replicas=self.replicas,
            seed=self.seed,
        )

    def flows(self, enterprise: Enterprise) -> Flows:
        """Give the flows where a scenario has none: some leave, and markets fill vacancies."""
        chance = int(self.attrition * CERTAIN / 100)
        return Flows(
            attrition=(Attrition(chance=chance),), hiring=hiring_of(enterprise, months=MONTHS)
        )


def foresee(ahead: Ahead, policy: str) -> int:
    """Simulate one scenario with one policy, and print what most runs come to.

    Raises:
        BadInput: with every finding, if the enterprise or the scenario was refused.
        SourceUnavailable: E706, if there is no such scenario.
        PrivacyRefused: E553, if there are fewer than five people.
    """
    enterprise = _enterprise(ahead)
    scenario = _opened(ahead.scenarios[0]) if ahead.scenarios else Scenario(name=BASELINE)
    runs, chosen = ahead.runs, _policies(ahead)[policy]
    with watch() as begin:
        begin(f"simulating {scenario.name}")
        found = simulate_runs(
            scenario.apply(enterprise),
            scenario.flows or ahead.flows(enterprise),
            chosen,
            start=runs.start,
            periods=runs.periods,
            months=runs.months,
            replicas=runs.replicas,
            seed=runs.seed,
            progress=lambda done, of: begin(f"simulating {scenario.name}: {done} of {of} runs"),
        )
    _refuse_few(found)
    _tell(found.findings)
    if ahead.as_json:
        click.echo(json.dumps(_plain_course(found, scenario.name), ensure_ascii=False, indent=2))
    else:
        for line in _course(found, scenario.name):
            click.echo(line)
    return 0


def compare(ahead: Ahead) -> int:
    """Simulate the enterprise as it is and under scenarios, with no plan and one, and compare.

    Raises:
        BadInput, SourceUnavailable, PrivacyRefused: as `foresee`.
    """
    enterprise = _enterprise(ahead)
    scenarios = [Scenario(name=BASELINE), *map(_opened, ahead.scenarios)]
    policies = _policies(ahead)
    flows = ahead.flows(enterprise)
    with watch() as begin:
        found = compare_scenarios(
            enterprise,
            scenarios,
            (policies["none"], policies["plan-once"]),
            runs=ahead.runs,
            flows=flows,
            progress=lambda scenario, policy: begin(f"simulating {scenario}, {policy}"),
        )
        begin("finding what matters most")
        swings = tornado(enterprise, flows, runs=ahead.runs)
    if any(outlook.counts[Count.HEADS].min() < LEAST for outlook in found):
        raise PrivacyRefused("E553", f"some runs come to fewer than {LEAST} people")
    for outlook in found:
        _tell(outlook.findings)
    if ahead.as_json:
        click.echo(json.dumps(_plain_outlooks(found), ensure_ascii=False, indent=2))
        return 0
    for line in _outlooks(found):
        click.echo(line)
    click.echo("\nwhat matters most, as now without a plan: steps missing when halved and doubled")
    rows = [[s.name, f"{float(s.low):.1f}", f"{float(s.high):.1f}"] for s in swings]
    for line in table(("assumption", "halved", "doubled"), (False, True, True), rows):
        click.echo(line)
    return 0


def _enterprise(ahead: Ahead) -> Enterprise:
    return read_enterprise(ahead.folder, Plugins.installed()).enterprise


def _opened(path: Path) -> Scenario:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceUnavailable("E706", f"cannot read {path}: {error.strerror}") from error
    return read_scenario(content, file=path.name)


def _policies(ahead: Ahead) -> dict[str, Policy]:
    limits = Limits(budget=ahead.budget)
    return {"none": NO_POLICY, "plan-once": plan_once(limits), "replan": replan(limits)}


def _refuse_few(found: Simulation) -> None:
    if found.of(Count.HEADS).min() < LEAST:
        raise PrivacyRefused("E553", f"some runs come to fewer than {LEAST} people")


def _tell(findings: tuple[Finding, ...]) -> None:
    for each in findings:
        click.echo(str(each), err=True)


def _course(found: Simulation, name: str) -> Iterator[str]:
    """Yield a table of medians, the chart of coverage, and warnings."""
    shown = (Count.HEADS, Count.MISSING, Count.UNKNOWN, Count.COST)
    bands = [found.quantiles(each, (10, 50, 90)) for each in shown]
    yield f"{name}, policy {found.policy}: {len(found)} runs, seed {found.seed}"
    yield "median, and in brackets what eight runs of ten lie between"
    yield ""
    rows = [
        [
            period_name(start, MONTHS),
            *(f"{b[1, turn]} ({b[0, turn]}–{b[2, turn]})" for b in bands),
        ]
        for turn, start in enumerate(found.starts)
    ]
    columns = ("period", *(each.value for each in shown))
    yield from table(columns, (False, *(True for _ in shown)), rows)
    yield ""
    yield "coverage, per cent of the steps required and known"
    for start, (low, middle, high) in zip(found.starts, _coverage(found), strict=True):
        bar = "█" * (middle * WIDEST // 100)
        yield f"{period_name(start, MONTHS)}  {bar:<{WIDEST}} {middle:3} % ({low}–{high})"
    warned = early_warnings(found, COVERED)
    yield ""
    yield from map(str, warned) if warned else (f"no role falls under {COVERED} % in most runs",)


def _coverage(found: Simulation) -> list[tuple[int, int, int]]:
    """Give the tenth, fiftieth and ninetieth of a hundred runs, in whole per cent, by period."""
    met, missing = found.of(Count.MET), found.of(Count.MISSING)
    shares = np.sort(met * 100 // (met + missing).clip(1), axis=0)
    places = [max(0, -(-each * len(shares) // 100) - 1) for each in (10, 50, 90)]
    return [(int(low), int(middle), int(high)) for low, middle, high in shares[places].T]


def _outlooks(found: Outlooks) -> Iterator[str]:
    runs = found.runs
    yield f"{runs.replicas} runs of {runs.periods} quarters, seed {runs.seed}; means"
    yield ""
    columns = ("scenario", "policy", "missing", "unknown", "vacant", "kroner", "hours", "robust")
    rows = [_row(each) for each in found]
    yield from table(columns, (False, False, *(True for _ in columns[2:])), rows)
    yield ""
    yield "missing, unknown: steps at the end; vacant: full-time seats; robust: runs of 100 with"
    yield f"at least {COVERED} per cent covered at the end"
    yield ""
    yield "regret: steps missing beyond the best policy of the same scenario"
    regrets = [[each.scenario, each.policy, f"{float(each.by):.1f}"] for each in found.regrets()]
    yield from table(("scenario", "policy", "regret"), (False, False, True), regrets)
    yield ""
    yield f"least regret: {', '.join(found.least_regret())}"


def _row(each: Outlook) -> list[str]:
    missing, unknown, cost, hours = (
        f"{float(each.mean(count)):.0f}"
        for count in (Count.MISSING, Count.UNKNOWN, Count.COST, Count.AWAY)
    )
    vacant = f"{float(each.mean(Count.VACANT) / FULL_TIME):.1f}"
    robust = f"{float(100 * each.robustness(COVERED)):.0f}"
    return [each.scenario, each.policy, missing, unknown, vacant, cost, hours, robust]


def _plain_course(found: Simulation, name: str) -> dict[str, object]:
    bands = {each: found.quantiles(each, (10, 50, 90)) for each in Count}
    return {
        "scenario": name,
        "policy": found.policy,
        "runs": len(found),
        "seed": found.seed,
        "periods": [
            {
                "start": start.isoformat(),
                "coverage": list(cover),
                **{each.value: bands[each][:, turn].tolist() for each in Count},
            }
            for turn, (start, cover) in enumerate(zip(found.starts, _coverage(found), strict=True))
        ],
        "warnings": [str(each) for each in early_warnings(found, COVERED)],
        "findings": [str(each) for each in found.findings],
    }


def _plain_outlooks(found: Outlooks) -> list[dict[str, object]]:
    return [
        {
            "scenario": each.scenario,
            "policy": each.policy,
            **{count.value: float(each.mean(count)) for count in Count},
            "robustness": float(each.robustness(COVERED)),
        }
        for each in found
    ]
