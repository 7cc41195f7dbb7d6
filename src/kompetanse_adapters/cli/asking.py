"""What does an analysis say, in a terminal, as JSON or in a file? `ask` answers what was Asked.

Whatever is shown comes from a report, which is guarded; nothing here looks behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import click

from kompetanse_adapters.cli.asked import STANDARD_OUTPUT, Asked
from kompetanse_adapters.cli.checking import exit_code, read_enterprise
from kompetanse_adapters.cli.leaving import INTERRUPTED
from kompetanse_adapters.cli.progress import Patience, watch
from kompetanse_adapters.cli.showing import as_json_text, summary
from kompetanse_adapters.cli.writing import renderer_for, write
from kompetanse_core import (
    Actor,
    Audience,
    Chapter,
    EmployeeId,
    Enterprise,
    Finding,
    Language,
    Limits,
    Plugins,
    PrivacyRefused,
    Purpose,
    Reading,
    Report,
    Step,
    actor_called,
    analyse,
    make_report,
    seen,
)

DOING: Mapping[Chapter, str] = MappingProxyType(
    {
        Chapter.GAPS: "finding gaps",
        Chapter.OPTIONS: "opening ways",
        Chapter.RECOMMENDATIONS: "ranking the ways",
        Chapter.PLAN: "planning; Ctrl-C keeps the best plan so far",
        Chapter.FOLLOW_UP: "following up",
    }
)


def ask(asked: Asked) -> int:
    """Read, analyse and report; print or write what was asked for, and give the exit code.

    Ctrl-C while the plan is searched for keeps the best plan so far: what is told says so, and the
    exit code is that of an interrupted command.

    Raises:
        PrivacyRefused: E554, if one person's data are asked for without a right to them.
        BadInput: with every finding, if the enterprise was refused.
        PluginFailed: E604, if there is no such renderer.
        StoreUnavailable: E802, if the report cannot be written.
    """
    _refuse_unnamed(asked)
    plugins = Plugins.installed()
    pen = (
        plugins.renderer(renderer_for(asked.report, asked.renderer))
        if asked.report is not None
        else None
    )
    reading = read_enterprise(asked.folder, plugins)
    actor = _actor(asked, reading.enterprise)
    with Patience() as patience:
        report, found = _report(asked, actor, reading, patience)
    findings = (*reading.findings, *found)
    if pen is not None and asked.report is not None:
        write(pen.render(report), asked.report)
    for line in _shown(asked, report, () if asked.personal else findings):
        click.echo(line)
    if patience.is_out():
        click.echo("interrupted: the plan is the best that was found by then", err=True)
        return INTERRUPTED
    return exit_code(findings, asked.fail_on)


def _refuse_unnamed(asked: Asked) -> None:
    """Refuse to report about one person to nobody in particular (FAULTS 88)."""
    if asked.personal and (asked.actor is None or asked.purpose is None):
        text = "a report about one employee is for a named actor and purpose"
        raise PrivacyRefused("E554", text, hint="add --actor and --purpose")


def _actor(asked: Asked, enterprise: Enterprise) -> Actor | None:
    """Find who asks and, before the work begins, that they may see whom they ask about."""
    if asked.actor is None:
        return None
    actor = actor_called(enterprise, asked.actor)
    if asked.employee is not None and asked.purpose is not None:
        seen(
            actor,
            EmployeeId(asked.employee),
            enterprise=enterprise,
            step=Step.PLAN,
            purpose=Purpose(asked.purpose),
            on=asked.on,
        )
    return actor


def _report(
    asked: Asked, actor: Actor | None, reading: Reading, patience: Patience
) -> tuple[Report, tuple[Finding, ...]]:
    """Analyse and report, giving what was found on the way."""
    limits = Limits(budget=asked.budget, wish_budget=asked.wish_budget)
    with watch() as begin:

        def tell(chapter: Chapter, now: object) -> None:
            if now is None:
                patience.begin(chapter)
                begin(DOING[chapter])

        analysis = analyse(
            reading.enterprise,
            on=asked.on,
            limits=limits,
            progress=tell,
            interrupted=patience.is_out,
        )
        begin("writing the report")
        report = make_report(
            analysis,
            audience=Audience(asked.audience),
            employee=None if asked.employee is None else EmployeeId(asked.employee),
            actor=actor,
            purpose=None if asked.purpose is None else Purpose(asked.purpose),
            language=Language(asked.language),
            smallest_group=asked.smallest_group,
            findings=reading.findings,
        )
    return report, analysis.findings


def _shown(asked: Asked, report: Report, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what goes to standard output, which a report that is written there has to itself."""
    if asked.as_json:
        yield as_json_text(report, findings)
    elif asked.report != STANDARD_OUTPUT:
        yield from summary(report, asked.report)
