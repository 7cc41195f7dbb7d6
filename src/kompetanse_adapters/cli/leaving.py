"""With which code does a command end? Whatever was raised becomes a line and an exit code.

0 all is well · 1 findings above the limit · 2 usage · 3 bad input · 4 source or store unavailable ·
5 refused for privacy · 6 plugin · 70 an error of our own · 130 interrupted · 143 told to end.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence

import click

from kompetanse_adapters.cli.stores import kompetanse

INTERRUPTED = 128 + signal.SIGINT
TOLD_TO_END = 128 + signal.SIGTERM
INTERNAL = 70
DEBUG = "KOMPETANSE_DEBUG"
ISOLATE = "--isolate"


def watch() -> None:
    """Let SIGTERM unwind the program as an interrupt does, rather than cut it off (F26)."""
    signal.signal(signal.SIGTERM, _end)


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; no traceback ever reaches the user unasked."""
    try:
        left = _asked(list(arguments))
        sys.stdout.flush()
    except click.ClickException as error:
        error.show(sys.stderr)
        return 2
    except (click.Abort, KeyboardInterrupt) as error:
        return _ended(error)
    except SystemExit:
        # Of itself click leaves so only when whoever read our output has gone away.
        return 0
    except BrokenPipeError:
        # The same, met at the last line; without this Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: nothing may pass it as a traceback
        return _failed(error)
    return left if isinstance(left, int) else 0


def _end(number: int, frame: object) -> None:
    """Interrupt, with the exit code: a SystemExit would be taken for a plugin's or a policy's."""
    raise KeyboardInterrupt(TOLD_TO_END)


def _ended(error: BaseException) -> int:
    """Say who ended it: click gives an interruption on as the cause of its own."""
    if TOLD_TO_END in (*error.args, *getattr(error.__cause__, "args", ())):
        click.echo("told to end; nothing was written by half", err=True)
        return TOLD_TO_END
    click.echo("interrupted; nothing was written by half", err=True)
    return INTERRUPTED


def _asked(arguments: list[str]) -> object:
    """Run a command: here, or in a limited process if that is asked for first of all."""
    if arguments[:1] == [ISOLATE]:
        from kompetanse_adapters.cli.isolating import isolated

        return isolated(arguments[1:])
    return kompetanse.main(arguments, prog_name="kompetanse", standalone_mode=False)


def _failed(error: Exception) -> int:
    from kompetanse_core import BadInput, KompetanseError

    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    if isinstance(error, BadInput):
        for found in error.findings:
            click.echo(str(found), err=True)
        click.echo(f"refused: {len(error.findings)} findings", err=True)
    elif isinstance(error, KompetanseError):
        click.echo(f"kompetanse: {error}", err=True)
    else:
        told = f"kompetanse: an error of its own ({type(error).__name__})"
        click.echo(f"{told}; set {DEBUG}=1 to see where", err=True)
    return error.exit_code if isinstance(error, KompetanseError) else INTERNAL
