"""Which commands are there? analyse, check, example, template and plugins, with help that teaches.

Nothing of the core is imported until a command runs, so that help comes at once.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kompetanse_adapters.cli.asked import Asked

DAY = click.DateTime(formats=["%Y-%m-%d", "%d.%m.%Y"])
FOLDER = click.Path(path_type=Path)
LOWEST_FLOOR = 3
"""The smallest group that a report can be asked to protect; the core refuses fewer as well."""

# The character \b asks click to leave the lines of an example as they are.
FIRST_STEPS = """\b
Try it in three lines:
  kompetanse example my-enterprise
  kompetanse check my-enterprise
  kompetanse analyse my-enterprise --on 2027-01-01 --budget 400000
"""
ANALYSE_EXAMPLES = """\b
Examples:
  kompetanse analyse my-enterprise
  kompetanse analyse my-enterprise --on 2027-01-01 --budget 400000 \\
      --report report.html
  kompetanse analyse my-enterprise --language en --report - | less
  kompetanse analyse my-enterprise --json | jq .sections
  kompetanse analyse my-enterprise --audience employee --employee a101 \\
      --actor leder-sengepost --purpose development
"""
CHECK_EXAMPLES = """\b
Examples:
  kompetanse check my-enterprise
  kompetanse check my-enterprise --fail-on warning --json > findings.json
"""
EXAMPLE_EXAMPLES = """\b
Example:
  kompetanse example my-enterprise
"""
TEMPLATE_EXAMPLES = """\b
Examples:
  kompetanse template kompetanse.xlsx
  kompetanse template matrise.csv --shape wide --language nn
"""
PLUGINS_EXAMPLES = """\b
Examples:
  kompetanse plugins
  kompetanse plugins --json
  KOMPETANSE_PLUGINS=folder,html kompetanse plugins   loads these only
  KOMPETANSE_NO_PLUGINS=1 kompetanse plugins          loads no others' plugins
"""


def _large_enough(context: click.Context, parameter: click.Parameter, people: int) -> int:
    """Refuse a smaller group before the work begins (E506)."""
    if people < LOWEST_FLOOR:
        raise click.BadParameter(f"a group is protected from {LOWEST_FLOOR} people up, never fewer")
    return people


fail_limit = click.option(
    "--fail-on",
    type=click.Choice(["note", "warning", "refuse"]),
    help="Exit with 1 if there is a finding as severe as this.",
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=FIRST_STEPS,
)
@click.version_option(package_name="kompetanse", message="%(prog)s %(version)s")
@click.option(
    "--isolate",
    is_flag=True,
    expose_value=False,
    help="Stands first: run the command and its plugins in a limited process.",
)
def kompetanse() -> None:
    """See what competence an enterprise needs, holds and lacks, and plan for it.

    Results go to standard output, messages to standard error.
    """


@kompetanse.command(epilog=ANALYSE_EXAMPLES, short_help="Find gaps, make a plan, write a report.")
@click.argument("folder", type=FOLDER)
@click.option(
    "--on",
    type=DAY,
    metavar="DATE",
    help="The day to look at, as 2027-01-01 or 01.01.2027; else today.",
)
@click.option(
    "--budget", type=click.IntRange(min=0), metavar="KRONER", help="Whole kroner for the plan."
)
@click.option(
    "--wish-budget",
    type=click.IntRange(min=0),
    default=0,
    metavar="KRONER",
    help="Of what the plan leaves, so much for wishes that no gap stands behind.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the guarded report as JSON.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write the whole report to this file; - for standard output.",
)
@click.option(
    "--format",
    "renderer",
    help="markdown, html or what a plugin offers; else by the end of the file's name.",
)
@click.option("--language", type=click.Choice(["nb", "nn", "en"]), default="nb", show_default=True)
@click.option(
    "--audience",
    type=click.Choice(["parties", "employee"]),
    default="parties",
    show_default=True,
    help="For the two parties: sums only. For one employee: their own data.",
)
@click.option("--employee", help="The pseudonym of the one employee.")
@click.option("--actor", help="Who asks: an id under [[actor]] in enterprise.toml.")
@click.option(
    "--purpose",
    type=click.Choice(["development", "staffing", "statutory-proof", "subject-rights"]),
    help="What one employee's data are asked for.",
)
@click.option(
    "--smallest-group",
    type=int,
    default=5,
    show_default=True,
    metavar="PEOPLE",
    callback=_large_enough,
    help="Hold back what fewer people than this stand behind; three or more.",
)
@fail_limit
def analyse(
    folder: Path,
    on: datetime | None,
    budget: int | None,
    wish_budget: int,
    report: Path | None,
    renderer: str | None,
    language: str,
    audience: str,
    employee: str | None,
    actor: str | None,
    purpose: str | None,
    smallest_group: int,
    fail_on: str | None,
    *,
    as_json: bool,
) -> int:
    """Analyse the enterprise in FOLDER: gaps, ways, plan, and what must be drøftet.

    Groups of fewer than five people, or what --smallest-group says, are held back and shown as a
    colon. A report about one employee is made only for a named actor and purpose.
    """
    from kompetanse_adapters.cli.asking import ask

    if (employee is None) == (audience == "employee"):
        raise click.UsageError("--employee and --audience employee go together")
    asked = Asked(
        folder=folder,
        on=datetime.now().astimezone().date() if on is None else on.date(),
        budget=budget,
        wish_budget=wish_budget,
        language=language,
        audience=audience,
        employee=employee,
        actor=actor,
        purpose=purpose,
        smallest_group=smallest_group,
        report=report,
        renderer=renderer,
        as_json=as_json,
        fail_on=fail_on,
    )
    return ask(asked)


@kompetanse.command(epilog=CHECK_EXAMPLES, short_help="Tell every flaw of a folder at once.")
@click.argument("folder", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print findings and losses as JSON.")
@fail_limit
def check(folder: Path, fail_on: str | None, *, as_json: bool) -> int:
    """Read FOLDER and tell every flaw at once, each with file, row, column and hint.

    Exits with 3 if something is severe enough to refuse the enterprise.
    """
    from kompetanse_adapters.cli.checking import check_folder

    return check_folder(folder, as_json=as_json, limit=fail_on)


@kompetanse.command(epilog=EXAMPLE_EXAMPLES, short_help="Write the bundled example enterprise.")
@click.argument("folder", type=FOLDER, metavar="DIR")
def example(folder: Path) -> int:
    """Write the bundled example enterprise, an invented hospital, to the new folder DIR.

    Read README.md there, change something, and analyse it again.
    """
    from kompetanse_adapters.cli.bundled import write_example

    write_example(folder)
    click.echo(f"written to {folder}; next: kompetanse analyse {folder}", err=True)
    return 0


@kompetanse.command(epilog=TEMPLATE_EXAMPLES, short_help="Write an empty spreadsheet to fill in.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--shape",
    type=click.Choice(["long", "wide"]),
    default="long",
    show_default=True,
    help="A row for each level, or a column for each competence.",
)
@click.option("--language", type=click.Choice(["nb", "nn", "en"]), default="nb", show_default=True)
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="Top level.")
def template(file: Path, shape: str, language: str, top: int) -> int:
    """Write an empty table of who holds what to the new FILE, as .xlsx or .csv.

    What is filled in is read by the source spreadsheet.
    """
    from kompetanse_adapters.cli.templates import write_template

    write_template(file, shape=shape, language=language, top=top)
    click.echo(f"written to {file}", err=True)
    return 0


@kompetanse.command(epilog=PLUGINS_EXAMPLES, short_help="List the plugins and what they offer.")
@click.option("--json", "as_json", is_flag=True, help="Print the listing as JSON.")
def plugins(*, as_json: bool) -> int:
    """List the plugins: what each offers, and why one does not work."""
    from kompetanse_adapters.cli.listing import list_plugins

    list_plugins(as_json=as_json)
    return 0
