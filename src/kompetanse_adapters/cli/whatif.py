"""Which commands look ahead? simulate and compare, with a policy, scenarios and a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from kompetanse_adapters.cli.commands import DAY, FOLDER, kompetanse

__all__ = ["kompetanse"]

Command = Callable[..., Any]
POLICIES = ("none", "plan-once", "replan")
SCENARIO = click.Path(path_type=Path, dir_okay=False)

SIMULATE_EXAMPLES = """\b
Examples:
  kompetanse simulate my-enterprise --on 2027-01-01
  kompetanse simulate my-enterprise --policy plan-once --budget 400000 \\
      --scenario my-enterprise/scenarios/pensjonsbolge.toml
  kompetanse simulate my-enterprise --attrition 2 --json | jq .sections
"""
COMPARE_EXAMPLES = """\b
Example:
  kompetanse compare my-enterprise my-enterprise/scenarios/*.toml \\
      --on 2027-01-01 --budget 400000 --report utsikter.html
"""


def _number(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """Refuse what is within every range because it is no number."""
    if math.isnan(value):
        raise click.BadParameter("nan is no number", context, parameter)
    return value


def run_options(command: Command) -> Command:
    """Ask over how long a time, how often, with which luck, and within which limits."""
    for option in reversed(
        (
            click.option(
                "--on",
                type=DAY,
                metavar="DATE",
                help="The first day, up to the 28th of a month; else the first of this month.",
            ),
            click.option("--years", type=click.IntRange(1, 30), default=3, show_default=True),
            click.option("--replicas", type=click.IntRange(1, 1_000_000), default=200),
            click.option("--seed", type=click.IntRange(0, 10**12), default=0, show_default=True),
            click.option(
                "--attrition",
                type=click.FloatRange(0, 100),
                callback=_number,
                default=2.0,
                show_default=True,
                metavar="PER_CENT",
                help="The chance that somebody leaves in a quarter, where a scenario says nothing.",
            ),
            click.option(
                "--budget",
                type=click.IntRange(min=0),
                metavar="KRONER",
                help="Whole kroner for each plan.",
            ),
            click.option(
                "--report",
                type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
                help="Write the whole report to this file; - for standard output.",
            ),
            click.option(
                "--format",
                "renderer",
                help="markdown, html or what a plugin offers; else by the end of the file's name.",
            ),
            click.option(
                "--language",
                "--lang",
                type=click.Choice(["nb", "nn", "en"]),
                default="nb",
                show_default=True,
            ),
            click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        )
    ):
        command = option(command)
    return command


@kompetanse.command(epilog=SIMULATE_EXAMPLES, short_help="Let the years go by, many times.")
@click.argument("folder", type=FOLDER)
@click.option("--scenario", type=SCENARIO, help="A scenario in TOML; else all stays as it is.")
@click.option("--policy", type=click.Choice(POLICIES), default="none", show_default=True)
@run_options
def simulate(
    folder: Path,
    scenario: Path | None,
    policy: str,
    on: datetime | None,
    years: int,
    replicas: int,
    seed: int,
    attrition: float,
    budget: int | None,
    report: Path | None,
    renderer: str | None,
    language: str,
    *,
    as_json: bool,
) -> int:
    """Simulate the enterprise in FOLDER quarter by quarter, and tell what most runs come to.

    Groups of fewer than five people are held back and shown as a colon.
    """
    from kompetanse_adapters.cli import foreseeing
    from kompetanse_core import Language

    ahead = foreseeing.Ahead(
        folder=folder,
        scenarios=() if scenario is None else (scenario,),
        start=_first_day(on),
        years=years,
        replicas=replicas,
        seed=seed,
        attrition=attrition,
        budget=budget,
        report=report,
        renderer=renderer,
        language=Language(language),
        as_json=as_json,
    )
    return foreseeing.foresee(ahead, policy)


@kompetanse.command(epilog=COMPARE_EXAMPLES, short_help="Hold scenarios and policies together.")
@click.argument("folder", type=FOLDER)
@click.argument("scenarios", nargs=-1, type=SCENARIO)
@run_options
def compare(
    folder: Path,
    scenarios: tuple[Path, ...],
    on: datetime | None,
    years: int,
    replicas: int,
    seed: int,
    attrition: float,
    budget: int | None,
    report: Path | None,
    renderer: str | None,
    language: str,
    *,
    as_json: bool,
) -> int:
    """Simulate FOLDER as it is and under each of SCENARIOS, with no plan and with one plan.

    All on the same random numbers: what differs is not luck. Groups of fewer than five people are
    held back and shown as a colon.
    """
    from kompetanse_adapters.cli import foreseeing
    from kompetanse_core import Language

    ahead = foreseeing.Ahead(
        folder=folder,
        scenarios=scenarios,
        start=_first_day(on),
        years=years,
        replicas=replicas,
        seed=seed,
        attrition=attrition,
        budget=budget,
        report=report,
        renderer=renderer,
        language=Language(language),
        as_json=as_json,
    )
    return foreseeing.compare(ahead)


def _first_day(on: datetime | None) -> date:
    return datetime.now().astimezone().date().replace(day=1) if on is None else on.date()
