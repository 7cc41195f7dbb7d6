"""What if a plugin hangs or crashes? With `--isolate` a command runs in a limited process (F13).

Every plugin is imported, asked and opened there. What the command says is shown when it is done; of
one that is ended, nothing is.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

import click

from kompetanse_adapters.reading import confined
from kompetanse_core import Misuse

SECONDS = "KOMPETANSE_SECONDS"
"""Environment: how many seconds a command may take in its process."""

_MEMORY = 4 * 1024 * 1024 * 1024
_LONGEST = "300"


def isolated(arguments: Sequence[str]) -> int:
    """Run a command in a process of its own, show what it said, and give its exit code.

    Raises:
        SourceUnavailable: E305, if it took too long or too much, or its process died.
        Misuse: E210, if the environment does not say a number of seconds.
    """
    seconds = os.environ.get(SECONDS, _LONGEST)
    if not (seconds.isascii() and seconds.isdigit() and int(seconds)):
        raise Misuse("E210", f"{SECONDS} must be a whole number of seconds")
    code, said, told = confined(spoken, list(arguments), memory=_MEMORY, seconds=int(seconds))
    click.echo(said, nl=False)
    click.echo(told, nl=False, err=True)
    return code


def spoken(arguments: list[str]) -> tuple[int, str, str]:
    """Run a command here; give its exit code, its results and its messages."""
    from kompetanse_adapters.cli.leaving import run

    said, told = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(told):
        code = run(arguments)
    return code, said.getvalue(), told.getvalue()
