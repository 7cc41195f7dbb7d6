"""What is wrong with a folder? Every finding, as lines or as JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from kompetanse_adapters.cli.layout import wrapped
from kompetanse_adapters.cli.progress import watch
from kompetanse_core import Finding, Loss, Plugins, Reading, Severity

REFUSED = 3


def read_enterprise(folder: Path, plugins: Plugins) -> Reading:
    """Read a folder by the source of that name, showing that it goes on if it takes long."""
    with watch() as begin:
        begin(f"reading {folder}")
        return plugins.source("folder", folder).read()


def check_folder(folder: Path, *, as_json: bool, limit: str | None) -> int:
    """Print every finding and loss; give the exit code."""
    reading = read_enterprise(folder, Plugins.installed())
    if as_json:
        click.echo(
            json.dumps(as_plain(reading.findings, reading.losses), ensure_ascii=False, indent=2)
        )
    else:
        for line in lines_of(reading.findings, reading.losses):
            click.echo(line)
    click.echo(counted(reading.findings), err=True)
    return REFUSED if reading.refused else exit_code(reading.findings, limit)


def exit_code(findings: Iterable[Finding], limit: str | None) -> int:
    """Give 1 if a finding is as severe as the limit, else 0."""
    if limit is None:
        return 0
    order = list(Severity)
    least = order.index(Severity(limit))
    return int(any(order.index(found.severity) >= least for found in findings))


def lines_of(findings: Iterable[Finding], losses: Iterable[Loss]) -> Iterator[str]:
    """Yield findings and losses: broken to fit a terminal, one line each for a file or a pipe."""
    lost = (f"{loss.field}: {loss.count} left out: {loss.reason}" for loss in losses)
    for line in (*map(str, findings), *lost):
        yield from wrapped(line, indent="    ") if sys.stdout.isatty() else [line]


def counted(findings: Sequence[Finding]) -> str:
    """Count findings by severity, most severe first."""
    counts = Counter(found.severity for found in findings)
    parts = [f"{counts[each]} {each.value}" for each in reversed(Severity) if counts[each]]
    return f"{len(findings)} findings: {', '.join(parts)}" if parts else "no findings"


def as_plain(findings: Iterable[Finding], losses: Iterable[Loss]) -> dict[str, object]:
    """Give findings and losses as what JSON can hold."""
    return {
        "findings": [
            {
                "code": found.code,
                "severity": found.severity.value,
                "text": found.text,
                "file": found.place.file,
                "row": found.place.row,
                "column": found.place.column,
                "hint": found.hint,
            }
            for found in findings
        ],
        "losses": [
            {"field": loss.field, "count": loss.count, "reason": loss.reason} for loss in losses
        ],
    }
