"""What may come, in a terminal, as JSON or in a file? `foresee` one course, and `compare` several.

Whatever is shown comes from a report, which is guarded; nothing here looks behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

import click
from attrs import frozen

from kompetanse_adapters.cli.asked import STANDARD_OUTPUT
from kompetanse_adapters.cli.checking import read_enterprise
from kompetanse_adapters.cli.progress import counting, watch
from kompetanse_adapters.cli.showing import as_json_text, summary
from kompetanse_adapters.cli.writing import renderer_for, write
from kompetanse_adapters.reading import read_scenario
from kompetanse_core import (
    CERTAIN,
    NO_POLICY,
    Attrition,
    Count,
    Enterprise,
    Finding,
    Flows,
    Language,
    Limits,
    Outlooks,
    Plugins,
    Policy,
    PrivacyRefused,
    Report,
    Runs,
    Scenario,
    SourceUnavailable,
    Swing,
    Text,
    compare_scenarios,
    hiring_of,
    make_outlook_report,
    plan_once,
    replan,
    tornado,
)

MONTHS = 3
BASELINE = Text(nb="som i dag", nn="som i dag", en="as now")
LEAST = 5
REPLANS = "planning anew for each run"

COURSE: Mapping[str, int] = MappingProxyType({"kort": 0, "utvikling": 1, "varsler": 0, "funn": 0})
"""Which sections a terminal shows of one course, and how many tables of each."""
COMPARED: Mapping[str, int] = MappingProxyType(
    {"kort": 0, "slutt": 1, "varsler": 0, "betyr": 1, "anger": 1, "funn": 0}
)


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
    language: Language
    report: Path | None
    renderer: str | None
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

    @property
    def baseline(self) -> Scenario:
        """Give the scenario that changes nothing."""
        return Scenario(name=BASELINE.read(self.language))

    def flows(self, enterprise: Enterprise) -> Flows:
        """Give the flows where a scenario has none: some leave, and markets fill vacancies."""
        chance = int(self.attrition * CERTAIN / 100)
        return Flows(
            attrition=(Attrition(chance=chance),), hiring=hiring_of(enterprise, months=MONTHS)
        )


def foresee(ahead: Ahead, policy: str) -> int:
    """Simulate one scenario with one policy, and tell what most runs come to.

    Raises:
        BadInput: with every finding, if the enterprise or the scenario was refused.
        SourceUnavailable: E706, if there is no such scenario.
        PrivacyRefused: E553, if some runs come to fewer than five people.
        PluginFailed: E604, if there is no such renderer.
        StoreUnavailable: E802, if the report cannot be written.
    """
    chosen = {"none": NO_POLICY, **_plans(ahead)}[policy]
    first = () if ahead.scenarios else (ahead.baseline,)
    return _tell(ahead, first, (chosen,), COURSE)


def compare(ahead: Ahead) -> int:
    """Simulate the enterprise as it is and under scenarios, with no plan and one, and compare.

    Raises:
        BadInput, SourceUnavailable, PrivacyRefused, PluginFailed, StoreUnavailable: as `foresee`.
    """
    return _tell(ahead, (ahead.baseline,), (NO_POLICY, _plans(ahead)["plan-once"]), COMPARED)


def _plans(ahead: Ahead) -> Mapping[str, Policy]:
    limits = Limits(budget=ahead.budget)
    return {"plan-once": plan_once(limits), "replan": replan(limits, progress=counting(REPLANS))}


def _opened(path: Path, enterprise: Enterprise) -> Scenario:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceUnavailable("E706", f"cannot read {path}: {error.strerror}") from error
    return read_scenario(content, file=path.name, baseline=enterprise)


def _tell(
    ahead: Ahead,
    first: Sequence[Scenario],
    policies: Sequence[Policy],
    tables: Mapping[str, int],
) -> int:
    """Simulate every scenario with every policy, and write and print what the report says."""
    plugins = Plugins.installed()
    pen = None
    if ahead.report is not None:
        pen = plugins.renderer(renderer_for(ahead.report, ahead.renderer))
    enterprise = read_enterprise(ahead.folder, plugins).enterprise
    scenarios = [*first, *(_opened(path, enterprise) for path in ahead.scenarios)]
    found, swings = _foreseen(ahead, enterprise, scenarios, policies)
    report = make_outlook_report(found, swings=swings, language=ahead.language)
    if pen is not None and ahead.report is not None:
        write(pen.render(report), ahead.report)
    _show(ahead, report, tables, [each for outlook in found for each in outlook.findings])
    return 0


def _foreseen(
    ahead: Ahead,
    enterprise: Enterprise,
    scenarios: Sequence[Scenario],
    policies: Sequence[Policy],
) -> tuple[Outlooks, tuple[Swing, ...]]:
    """Simulate; what matters most is asked where more than one policy is compared."""
    flows, swings = ahead.flows(enterprise), tuple[Swing, ...]()
    with watch() as begin:
        found = compare_scenarios(
            enterprise,
            scenarios,
            policies,
            runs=ahead.runs,
            flows=flows,
            progress=lambda scenario, policy: begin(f"simulating {scenario}, {policy}"),
        )
        if any(outlook.counts[Count.HEADS].min() < LEAST for outlook in found):
            raise PrivacyRefused("E553", f"some runs come to fewer than {LEAST} people")
        if len(policies) > 1:
            begin("finding what matters most")
            swings = tornado(enterprise, flows, runs=ahead.runs)
    return found, swings


def _show(
    ahead: Ahead, report: Report, tables: Mapping[str, int], findings: Sequence[Finding]
) -> None:
    """Print what matters first, or all as JSON; a report on standard output has it to itself."""
    if ahead.as_json:
        click.echo(as_json_text(report, findings))
    elif ahead.report != STANDARD_OUTPUT:
        for line in summary(report, ahead.report, tables):
            click.echo(line)
