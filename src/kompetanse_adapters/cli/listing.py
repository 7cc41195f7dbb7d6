"""Which plugins are there? Each with what it offers, its state, and why it does not work."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from kompetanse_adapters.cli.layout import table, wrapped
from kompetanse_core import Plugin, Plugins


def list_plugins(*, as_json: bool) -> None:
    """Print every plugin that is installed, those that failed or are blocked too."""
    found = Plugins.installed().listing()
    if as_json:
        click.echo(json.dumps([as_plain(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for line in _lines(found):
            click.echo(line)


def as_plain(plugin: Plugin) -> dict[str, object]:
    """Give a plugin as what JSON can hold."""
    return {
        "name": plugin.name,
        "version": plugin.version,
        "state": plugin.state.value,
        "hook_version": plugin.hook_version,
        "hooks": list(plugin.hooks),
        "offers": list(plugin.offered),
        "why": str(plugin.failure) if plugin.failure else "",
    }


def _lines(plugins: Sequence[Plugin]) -> Iterator[str]:
    rows = [
        (
            each.name,
            each.version,
            each.state.value,
            ", ".join(hook.removeprefix("kompetanse_") for hook in each.hooks),
            ", ".join(each.offered),
        )
        for each in plugins
    ]
    yield from table(("plugin", "version", "state", "hooks", "offers"), (False,) * 5, rows)
    for each in plugins:
        if each.failure:
            yield ""
            yield from wrapped(f"{each.name}: {each.failure}", indent="  ")
