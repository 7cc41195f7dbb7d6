"""Which commands keep an enterprise? init, import, history, export, erase, audit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kompetanse_adapters.cli.whatif import kompetanse

__all__ = ["kompetanse"]

Command = Callable[..., Any]

STORE_EXAMPLES = """\b
Examples:
  kompetanse init store.db
  kompetanse import my-enterprise store.db
  kompetanse history store.db --json
  kompetanse export store.db --employee a101 --actor leder-sengepost \\
      --purpose development
  kompetanse erase store.db --employee a101 --actor ledelsen --yes
  kompetanse audit verify store.db
  kompetanse audit readings store.db --employee a101 --actor a101-selv
  kompetanse init postgresql://kari@host/base --witness witness-folder
"""
PURPOSES = ("development", "staffing", "statutory-proof", "subject-rights")


def store_options(command: Command) -> Command:
    """Ask where the store is."""
    address = click.argument("address")
    plugin = click.option(
        "--store", "plugin", default="sql", show_default=True, help="sql, parquet or a plugin's."
    )
    witness = click.option(
        "--witness",
        type=click.Path(path_type=Path, file_okay=False),
        help="The folder outside the database that remembers who was erased.",
    )
    return address(plugin(witness(command)))


def person_options(command: Command) -> Command:
    """Ask whose data are meant, and who asks."""
    employee = click.option("--employee", required=True, help="The pseudonym of the person.")
    actor = click.option("--actor", required=True, help="Who asks: an actor's id in the store.")
    purpose = click.option(
        "--purpose", type=click.Choice(PURPOSES), default="subject-rights", show_default=True
    )
    return employee(actor(purpose(command)))


@kompetanse.command(epilog=STORE_EXAMPLES, short_help="Begin a store, or see that it is there.")
@store_options
def init(address: str, plugin: str, witness: Path | None) -> int:
    """Begin the store at ADDRESS: a file, or the URL of a database without a password.

    A password comes from KOMPETANSE_DATABASE_PASSWORD or the keyring.
    """
    from kompetanse_adapters.cli import keeping

    return keeping.begin(keeping.Shelf(plugin=plugin, address=address, witness=witness))


@kompetanse.command("import", epilog=STORE_EXAMPLES, short_help="Save a folder as a new version.")
@click.argument("folder", type=click.Path(path_type=Path))
@store_options
@click.option("--expected", type=click.IntRange(min=0), help="The version you have seen.")
@click.option("--event", default="", help="The id of the delivery: the same one counts once.")
def take_in(
    folder: Path,
    address: str,
    plugin: str,
    witness: Path | None,
    expected: int | None,
    event: str,
) -> int:
    """Save the enterprise in FOLDER as the next version of the store at ADDRESS."""
    from kompetanse_adapters.cli import keeping

    shelf = keeping.Shelf(plugin=plugin, address=address, witness=witness)
    return keeping.take_in(folder, shelf, expected=expected, event=event)


@kompetanse.command(epilog=STORE_EXAMPLES, short_help="List the versions of a store.")
@store_options
@click.option("--json", "as_json_text", is_flag=True, help="Print the versions as JSON.")
def history(address: str, plugin: str, witness: Path | None, *, as_json_text: bool) -> int:
    """List every version of the store at ADDRESS: when it was made, and why."""
    from kompetanse_adapters.cli import keeping

    shelf = keeping.Shelf(plugin=plugin, address=address, witness=witness)
    return keeping.tell_history(shelf, as_json_text=as_json_text)


@kompetanse.command(epilog=STORE_EXAMPLES, short_help="Hand out all data about one person.")
@store_options
@person_options
def export(
    address: str, plugin: str, witness: Path | None, employee: str, actor: str, purpose: str
) -> int:
    """Print what the store at ADDRESS holds about one person, version by version, as JSON.

    The person is given everything. A leader above is given what is held for the purpose, and no
    trait, attitude or value. Who asked is written down, also who was refused.
    """
    from kompetanse_adapters.cli import keeping

    shelf = keeping.Shelf(plugin=plugin, address=address, witness=witness)
    person = keeping.Person(employee=employee, actor=actor, purpose=purpose)
    return keeping.hand_out(shelf, person)


@kompetanse.command(epilog=STORE_EXAMPLES, short_help="Erase one person from every version.")
@store_options
@person_options
@click.confirmation_option(prompt="Erase this person from every version, for good?")
def erase(
    address: str, plugin: str, witness: Path | None, employee: str, actor: str, purpose: str
) -> int:
    """Erase one person from every version of the store at ADDRESS. It cannot be undone.

    The person may ask for it; management, or a leader above, carries it out.
    """
    from kompetanse_adapters.cli import keeping

    shelf = keeping.Shelf(plugin=plugin, address=address, witness=witness)
    return keeping.forget(shelf, keeping.Person(employee=employee, actor=actor, purpose=purpose))


@kompetanse.group(epilog=STORE_EXAMPLES, short_help="Look after the log of accesses.")
def audit() -> None:
    """Look after the log of who read what about whom."""


@audit.command(epilog=STORE_EXAMPLES, short_help="Tell whether the log has been changed.")
@store_options
def verify(address: str, plugin: str, witness: Path | None) -> int:
    """Tell whether the log of the store at ADDRESS was edited, thinned or cut; exit 1 if so."""
    from kompetanse_adapters.cli import keeping

    return keeping.verify(keeping.Shelf(plugin=plugin, address=address, witness=witness))


@audit.command(epilog=STORE_EXAMPLES, short_help="Tell somebody who has read about them.")
@store_options
@click.option("--employee", required=True, help="The pseudonym of the person.")
@click.option("--actor", required=True, help="Who asks: the person's own seat in the store.")
@click.option("--language", type=click.Choice(["nb", "nn", "en"]), default="nb", show_default=True)
def readings(
    address: str, plugin: str, witness: Path | None, employee: str, actor: str, language: str
) -> int:
    """Tell who has read about one person in the store at ADDRESS: when, and what for.

    For that person alone. The log is verified first; exit 1 if it was changed.
    """
    from kompetanse_adapters.cli import keeping

    shelf = keeping.Shelf(plugin=plugin, address=address, witness=witness)
    person = keeping.Person(employee=employee, actor=actor, purpose="subject-rights")
    return keeping.who_read(shelf, person, language=language)
