"""What does an analysis say, in a terminal, as JSON or in a file? `ask` answers what was Asked.

Whatever is shown comes from a report, which is guarded; nothing here looks behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import click

from kompetanse_adapters.cli.asked import STANDARD_OUTPUT, Asked
from kompetanse_adapters.cli.checking import exit_code, read_enterprise
from kompetanse_adapters.cli.progress import watch
from kompetanse_adapters.cli.showing import as_json_text, summary
from kompetanse_core import (
    ActorKind,
    Audience,
    Chapter,
    EmployeeId,
    Enterprise,
    Finding,
    Language,
    Limits,
    Plugins,
    PrivacyRefused,
    Report,
    StoreUnavailable,
    analyse,
    make_report,
)

DOING: Mapping[Chapter, str] = MappingProxyType(
    {
        Chapter.GAPS: "finding gaps",
        Chapter.OPTIONS: "opening ways",
        Chapter.RECOMMENDATIONS: "ranking the ways",
        Chapter.PLAN: "planning",
        Chapter.FOLLOW_UP: "following up",
    }
)


RENDERERS: Mapping[str, str] = MappingProxyType(
    {".html": "html", ".htm": "html", ".md": "markdown", "": "markdown"}
)


def ask(asked: Asked) -> int:
    """Read, analyse and report; print or write what was asked for, and give the exit code.

    Raises:
        PrivacyRefused: E554, if one person's data are asked for without a right to them.
        BadInput: with every finding, if the enterprise was refused.
        PluginFailed: E604, if there is no such renderer.
        StoreUnavailable: E802, if the report cannot be written.
    """
    _refuse_unnamed(asked)
    plugins = Plugins.installed()
    pen = plugins.renderer(_renderer_for(asked)) if asked.report is not None else None
    reading = read_enterprise(asked.folder, plugins)
    refuse_unrelated(asked, reading.enterprise)
    report, found = _report(asked, reading.enterprise)
    findings = (*reading.findings, *found)
    if pen is not None and asked.report is not None:
        _write(pen.render(report), asked.report)
    for line in _shown(asked, report, () if asked.personal else findings):
        click.echo(line)
    return exit_code(findings, asked.fail_on)


def _refuse_unnamed(asked: Asked) -> None:
    """Refuse to report about one person to nobody in particular (FAULTS 88)."""
    if asked.personal and (asked.actor is None or asked.purpose is None):
        text = "a report about one employee is for a named actor and purpose"
        raise PrivacyRefused("E554", text, hint="add --actor and --purpose")


def refuse_unrelated(asked: Asked, enterprise: Enterprise) -> None:
    """Refuse whoever is neither the employee nor a leader above (FAULTS 89).

    An employee who is not there is refused in the same words: the answer tells nobody who is.
    """
    if not asked.personal:
        return
    actor = next((actor for actor in enterprise.actors if actor.id == asked.actor), None)
    own = actor is not None and actor.employee == asked.employee
    if actor is None or not (
        (actor.kind is ActorKind.EMPLOYEE and own)
        or (actor.kind is ActorKind.LEADER and actor.unit in _units_above(asked, enterprise))
    ):
        text = "this actor may not see that employee's data"
        hint = "an employee sees their own; a leader those engaged in or below the leader's unit"
        raise PrivacyRefused("E554", text, hint=hint)


def _units_above(asked: Asked, enterprise: Enterprise) -> set[str]:
    """Give the units that the employee is engaged in on the day, and all above them."""
    parents = {unit.id: unit.parent for unit in enterprise.units}
    above: set[str] = set()
    for engagement in enterprise.engagements:
        begun = engagement.start is None or engagement.start <= asked.on
        going = engagement.end is None or asked.on <= engagement.end
        unit = (
            engagement.unit if engagement.employee == asked.employee and begun and going else None
        )
        while unit is not None and unit not in above:
            above.add(unit)
            unit = parents.get(unit)
    return above


def _renderer_for(asked: Asked) -> str:
    """Choose the renderer that was asked for, else by the end of the file's name."""
    end = Path(asked.report or "").suffix.lower()
    if asked.renderer is None and end not in RENDERERS:
        told = "the end of its name does not say how the report is to be written"
        raise click.UsageError(f"{told}: name it .html or .md, or say --format")
    return asked.renderer or RENDERERS[end]


def _report(asked: Asked, enterprise: Enterprise) -> tuple[Report, tuple[Finding, ...]]:
    """Analyse and report, giving what was found on the way."""
    limits = Limits(budget=asked.budget)
    with watch() as begin:
        analysis = analyse(
            enterprise,
            on=asked.on,
            limits=limits,
            progress=lambda chapter, now: begin(DOING[chapter]) if now is None else None,
        )
        begin("writing the report")
        report = make_report(
            analysis,
            audience=Audience(asked.audience),
            employee=None if asked.employee is None else EmployeeId(asked.employee),
            language=Language(asked.language),
        )
    return report, analysis.findings


def _write(text: str, to: Path) -> None:
    """Write the report whole, or not at all."""
    if to == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    part = to.with_name(f"{to.name}.part")
    try:
        part.write_text(text, "utf-8", newline="\n")
        part.replace(to)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreUnavailable("E802", f"cannot write {to}: {error.strerror}") from error


def _shown(asked: Asked, report: Report, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what goes to standard output, which a report that is written there has to itself."""
    if asked.as_json:
        yield as_json_text(report, findings)
    elif asked.report != STANDARD_OUTPUT:
        yield from summary(report, findings, asked.report)
