"""Does the command line do what its help says? Output, messages, exit codes and the guard."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_adapters.cli import commands, layout, progress
from kompetanse_adapters.cli.commands import kompetanse
from kompetanse_adapters.cli.leaving import run
from kompetanse_core import Paragraph, Plugins, Points
from kompetanse_core.report.guard import LOWEST_FLOOR

EXAMPLE = Path(__file__).resolve().parents[2] / "src" / "kompetanse_adapters" / "example"

SMALL = {
    "enterprise.toml": """
schema = 1
name = "Et sykehus"
[[scale]]
id = "fem"
top = 5
[[need]]
id = "behov"
label = "Legemidler"
[[actor]]
id = "leder-over"
kind = "leader"
unit = "sh"
[[actor]]
id = "leder-ved-siden"
kind = "leader"
unit = "lab"
[[actor]]
id = "selv"
kind = "employee"
employee = "p1"
[[actor]]
id = "analytiker"
kind = "analyst"
unit = "sh"
""",
    "competences.csv": "id;label;facet\nlm;Legemidler;skill\nro;Ro;trait\n",
    "units.csv": "id;label;parent\nsh;Sykehuset;\npost;Sengepost;sh\nlab;Lab;sh\n",
    "tasks.csv": "id;label\ndele;Dele ut\n",
    "roles.csv": "id;label;tasks\nspl;Sykepleier;dele\n",
    "requirements.csv": "bearer;of;competence;level;needs\ntask;dele;lm;3;behov\n"
    "task;dele;ro;2;behov\n",
    "employees.csv": "id\np1\np2\n",
    "engagements.csv": "employee;unit;role;start;end\np1;post;spl;;\np2;post;spl;;2026-12-31\n",
    "assessments.csv": "employee;competence;level;source;assessed\np1;lm;2;joint;2026-04-01\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small enterprise as a folder."""
    place = tmp_path / "enterprise"
    place.mkdir()
    for name, text in SMALL.items():
        (place / name).write_text(text, "utf-8")
    return place


@pytest.fixture(scope="module")
def told() -> str:
    """What `analyse` prints about the bundled example."""
    process = command("analyse", str(EXAMPLE), "--on", "2027-01-01", "--budget", "400000")
    assert process.returncode == 0
    assert process.stderr == ""
    return process.stdout


def command(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from kompetanse_adapters.cli import main; main()", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environ},
        check=False,
    )


def employees() -> list[str]:
    """The pseudonyms of the bundled example."""
    lines = (EXAMPLE / "employees.csv").read_text("utf-8").splitlines()[1:]
    return [line.partition(";")[0] for line in lines]


# --- help -----------------------------------------------------------------------------------------


def test_help_waits_for_nothing_of_the_core() -> None:
    """Help and version come without importing the core or any heavy library."""
    script = (
        "import sys\nfrom kompetanse_adapters.cli.leaving import run\n"
        "run(sys.argv[1:])\nprint(*(m for m in ('kompetanse_core', 'numpy') if m in sys.modules))"
    )
    for arguments in (["--help"], ["analyse", "--help"], ["--version"]):
        process = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
        )
        assert process.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("name", sorted(kompetanse.commands))
def test_every_command_teaches_by_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of each command fits the terminal and shows a line that can be typed."""
    assert run([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert re.search(rf"^ +kompetanse {name}\b", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 80


def test_the_short_help_of_each_command_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The list of commands is not cut off with dots."""
    assert run(["--help"]) == 0
    commands = capsys.readouterr().out.split("\nCommands:\n")[1]
    assert "..." not in commands


def test_wishes_are_granted_within_what_is_set_aside() -> None:
    """`--wish-budget` spends that much more at most, and nothing when it is not given."""
    costs = []
    for frame in ((), ("--wish-budget", "5000"), ("--wish-budget", "40000")):
        process = command("analyse", str(EXAMPLE), "--on", "2027-01-01", "--language", "en", *frame)
        (cost,) = re.findall(r"plan costs NOK ([\d,]+)", " ".join(process.stdout.split()))[:1]
        costs.append(int(cost.replace(",", "")))
    none, some, more = costs
    assert none < some <= none + 5_000
    assert some < more <= none + 40_000


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyze"],
        ["analyse"],
        ["analyse", "x", "--on", "1/2/2027"],
        ["analyse", "x", "--budget", "-1"],
        ["analyse", "x", "--wish-budget", "-1"],
        ["analyse", "x", "--employee", "p1"],
        ["analyse", "x", "--audience", "employee"],
        ["analyse", "x", "--smallest-group", "2"],
        ["analyse", "x", "--smallest-group", "five"],
        ["check", "x", "--fail-on", "never"],
    ],
)
def test_usage_errors_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command that cannot be is told on standard error, with the way to the help."""
    assert run(arguments) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "Error:" in streams.err


# --- check ----------------------------------------------------------------------------------------


def test_a_sound_folder_has_no_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on standard output, a word on standard error, exit code 0."""
    assert run(["check", str(folder)]) == 0
    streams = capsys.readouterr()
    assert (streams.out, streams.err) == ("", "no findings\n")


def test_check_tells_every_flaw_and_exits_with_3(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each flaw is one line with its place on standard output; the count stands on the other."""
    (folder / "units.csv").write_text("id;label;parent\nsh;;\npost;P;borte\nlab;L;sh\n", "utf-8")
    assert run(["check", str(folder)]) == 3
    streams = capsys.readouterr()
    assert len(lines := streams.out.splitlines()) == int(streams.err.split()[0])
    assert lines[0].startswith("units.csv:2 [label]: refuse E214")
    assert re.fullmatch(r"\d+ findings: \d+ refuse\n", streams.err)


def test_findings_are_broken_for_a_terminal_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who reads at a terminal sees no line beyond 80 columns; a program reads one line each."""
    (folder / "units.csv").write_text("id;label;kind\nsh;S;x\n", "utf-8")
    assert run(["check", str(folder)]) == 3
    assert max(map(len, capsys.readouterr().out.splitlines())) > 80
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run(["check", str(folder)]) == 3
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_check_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON holds every finding with code, severity and place, and every loss."""
    with (folder / "units.csv").open("a", encoding="utf-8") as units:
        units.write("sum;;\n")
    assert run(["check", str(folder), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [(f["code"], f["severity"], f["file"], f["row"]) for f in plain["findings"]] == [
        ("W207", "warning", "units.csv", 5)
    ]
    assert [loss["count"] for loss in plain["losses"]] == [1]


@pytest.mark.parametrize(("limit", "code"), [("note", 1), ("warning", 1), ("refuse", 0)])
def test_the_limit_decides_between_0_and_1(folder: Path, limit: str, code: int) -> None:
    """A warning is above the limits note and warning, and below refuse."""
    (folder / "assesments.csv").write_text("", "utf-8")
    assert run(["check", str(folder)]) == 0
    assert run(["check", str(folder), "--fail-on", limit]) == code
    assert run(["analyse", str(folder), "--on", "2027-01-01", "--fail-on", limit]) == code


def test_a_folder_that_is_not_there_exits_with_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line on standard error, no traceback."""
    assert run(["check", str(tmp_path / "nowhere")]) == 4
    streams = capsys.readouterr()
    assert streams.out == ""
    assert len(streams.err.splitlines()) == 1
    assert "E706" in streams.err


# --- example --------------------------------------------------------------------------------------


def test_the_example_is_written_as_it_is_bundled(tmp_path: Path) -> None:
    """Every file of the example comes out byte by byte, and reads without a flaw."""
    place = tmp_path / "new" / "enterprise"
    assert run(["example", str(place)]) == 0
    written = {str(path.relative_to(place)): path for path in place.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in written.items()} == {
        str(path.relative_to(EXAMPLE)): path.read_bytes()
        for path in EXAMPLE.rglob("*")
        if path.suffix in (".csv", ".toml", ".md")
    }
    assert run(["check", str(place), "--fail-on", "refuse"]) == 0


def test_the_example_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with something in it is left as it is."""
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    assert run(["example", str(tmp_path)]) == 2
    assert "E802" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_place_that_cannot_be_written_exits_with_4(tmp_path: Path) -> None:
    """A file where the folder should be is no folder."""
    (tmp_path / "file").write_text("", "utf-8")
    assert run(["example", str(tmp_path / "file" / "inside")]) == 4


# --- analyse --------------------------------------------------------------------------------------


def test_the_smallest_group_is_asked_for_and_never_below_three(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """E506: four nurses are told of where groups of four are; whoever asks for two is refused."""
    rows = "".join(f"p{n}\n" for n in range(1, 5))
    (folder / "employees.csv").write_text(f"id\n{rows}", "utf-8")
    engaged = "".join(f"p{n};post;spl;;\n" for n in range(1, 5))
    (folder / "engagements.csv").write_text(f"employee;unit;role;start;end\n{engaged}", "utf-8")
    shown = {}
    for people in ("3", "4", "5"):
        question = ["analyse", str(folder), "--on", "2027-01-01", "--json"]
        assert run([*question, "--smallest-group", people]) == 0
        sections = json.loads(capsys.readouterr().out)["sections"]
        (gap,) = (section for section in sections if section["id"] == "gap")
        rows_of = gap["blocks"][1]["rows"]
        shown[people] = [cell["text"] for cell in rows_of[0]][1]
    assert shown == {"3": "4", "4": "4", "5": ":"}
    assert run(["analyse", str(folder), "--smallest-group", "2"]) == 2
    assert "protected from 3 people up, never fewer" in capsys.readouterr().err


def test_the_floor_of_the_command_line_is_the_guards() -> None:
    """E506: the option refuses what the report would refuse, before the work begins."""
    assert commands.LOWEST_FLOOR == LOWEST_FLOOR


def test_the_summary_says_what_matters(told: str) -> None:
    """Gaps, the three questions, the cost, what must be drøftet, and where the report is."""
    for heading in (
        "KORT FORTALT",
        "HVOR KOMPETANSEN MANGLER",
        "DE TRE SPØRSMÅLENE",
        "PLANEN SOM FORESLÅS",
        "SKAL DRØFTES",
    ):
        assert f"\n{heading}\n" in told
    assert "av rammen på 400" in told
    assert "--report" in told.splitlines()[-1]


def test_the_summary_fits_a_terminal(told: str) -> None:
    """No line is longer than 80 columns or ends in white space, and nothing is coloured."""
    assert [line for line in told.splitlines() if len(line) > 80 or line != line.rstrip()] == []
    assert "\x1b" not in told


def test_the_summary_names_nobody(told: str) -> None:
    """No pseudonym stands in what the parties are shown."""
    assert [name for name in employees() if re.search(rf"\b{name}\b", told)] == []


def test_the_same_question_gets_the_same_answer(folder: Path) -> None:
    """Twice the same command, twice the same bytes, as text and as JSON."""
    for more in ([], ["--json"]):
        arguments = ("analyse", str(folder), "--on", "01.01.2027", *more)
        first, second = (command(*arguments, PYTHONHASHSEED=seed) for seed in ("1", "2"))
        assert first.stdout == second.stdout != ""


def test_json_is_the_guarded_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has every section with its tables, and no number where a cell is held back."""
    assert run(["analyse", str(folder), "--on", "2026-06-01", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["on"], plain["audience"]) == ("2026-06-01", "parties")
    cells = [
        cell
        for section in plain["sections"]
        for block in section["blocks"]
        for row in block.get("rows", [])
        for cell in row
    ]
    assert [cell for cell in cells if cell["text"] == ":"]
    assert [cell for cell in cells if cell["text"] == ":" and "number" in cell] == []


@pytest.mark.parametrize(
    ("language", "heading"), [("nb", "KORT FORTALT"), ("nn", "KORT FORTALT"), ("en", "IN SHORT")]
)
def test_the_language_can_be_chosen(
    folder: Path, language: str, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Headings come in the language asked for."""
    assert run(["analyse", str(folder), "--on", "2027-01-01", "--language", language]) == 0
    assert heading in capsys.readouterr().out


def test_a_report_is_written_whole_and_said_where(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The end of the file's name says how; the last line says where; nothing else is left."""
    for name, start in (("r.html", "<!doctype html>"), ("r.md", "# ")):
        to = tmp_path / name
        assert run(["analyse", str(folder), "--on", "2027-01-01", "--report", str(to)]) == 0
        assert to.read_text("utf-8").lower().startswith(start)
        assert str(to) in re.sub(r"\s", "", capsys.readouterr().out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["enterprise", "r.html", "r.md"]


def test_a_report_can_go_down_a_pipe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With - the report alone stands on standard output."""
    assert run(["analyse", str(folder), "--on", "2027-01-01", "--report", "-"]) == 0
    assert capsys.readouterr().out.startswith("# Kompetanse i Et sykehus\n")


def test_a_report_that_cannot_be_written_exits_with_4(folder: Path, tmp_path: Path) -> None:
    """A folder that is not there is not made in silence."""
    to = tmp_path / "nowhere" / "r.md"
    assert run(["analyse", str(folder), "--on", "2027-01-01", "--report", str(to)]) == 4
    assert not to.parent.exists()


def test_a_report_of_unknown_form_is_refused_before_the_work(folder: Path, tmp_path: Path) -> None:
    """An ending that says nothing is a usage error, a renderer that is not there a plugin's."""
    arguments = ["analyse", str(folder), "--report", str(tmp_path / "r.pdf")]
    assert run(arguments) == 2
    assert run([*arguments, "--format", "pdf"]) == 6


def test_a_refused_enterprise_exits_with_3_and_tells_all(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every finding stands on standard error, and nothing on standard output."""
    (folder / "roles.csv").write_text("id;label;tasks\nspl;;borte\n", "utf-8")
    (folder / "employees.csv").write_text("id;age\np1;gammel\np2;\n", "utf-8")
    assert run(["analyse", str(folder), "--on", "2027-01-01"]) == 3
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "roles.csv:2" in streams.err
    assert "employees.csv:2" in streams.err


# --- one employee ---------------------------------------------------------------------------------


def own(folder: Path, *more: str, on: str = "2027-01-01") -> list[str]:
    """The command that asks for one employee's report."""
    return ["analyse", str(folder), "--on", on, "--audience", "employee", *more]


@pytest.mark.parametrize("more", [[], ["--actor", "selv"], ["--purpose", "development"]])
def test_bad_input_88_one_employees_data_need_actor_and_purpose(
    folder: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without both, the report is refused with exit code 5 and nothing is shown."""
    assert run(own(folder, "--employee", "p1", *more)) == 5
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "E554" in streams.err


@pytest.mark.parametrize(
    ("actor", "employee", "on"),
    [
        ("leder-ved-siden", "p1", "2027-01-01"),
        ("analytiker", "p1", "2027-01-01"),
        ("selv", "p2", "2026-06-01"),
        ("leder-over", "p2", "2027-01-01"),
        ("leder-over", "p9", "2027-01-01"),
        ("ingen", "p1", "2027-01-01"),
    ],
)
def test_bad_input_89_others_are_refused_in_the_same_words(
    folder: Path, actor: str, employee: str, on: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another unit's leader, an analyst, a colleague, a former leader: none is told anything.

    Who asks about somebody who is not there reads what all others read.
    """
    more = ("--employee", employee, "--actor", actor, "--purpose", "development")
    assert run(own(folder, *more, on=on)) == 5
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "may not see" in streams.err
    assert not re.search(r"\bp\d\b", streams.err)


@pytest.mark.parametrize("actor", ["selv", "leder-over"])
def test_an_employee_and_a_leader_above_may_see(
    folder: Path, actor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The employee's own report has their facts, and no finding about anybody else."""
    (folder / "assesments.csv").write_text("", "utf-8")
    more = ("--employee", "p1", "--actor", actor, "--purpose", "development")
    assert run(own(folder, *more)) == 0
    assert "W208" not in (out := capsys.readouterr().out)
    assert "Legemidler" in out
    assert run(own(folder, *more, "--json")) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == {}


# --- plugins --------------------------------------------------------------------------------------


def test_plugins_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each plugin stands there with what it offers, also as JSON."""
    assert run(["plugins"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^folder +\S+ +loaded +sources +folder\b", out, re.MULTILINE)
    assert run(["plugins", "--json"]) == 0
    plain = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert plain["folder"]["state"] == "loaded"
    assert "folder" in plain["folder"]["offers"]


def test_a_plugin_that_failed_is_listed_with_why() -> None:
    """One that is asked for and not there is told with its reason; the listing still works."""
    process = command("plugins", KOMPETANSE_PLUGINS="folder,nosuch")
    assert process.returncode == 0
    assert re.search(r"^nosuch +failed", process.stdout, re.MULTILINE)
    assert "nosuch: E604" in process.stdout
    assert re.search(r"^memory .*blocked", process.stdout, re.MULTILINE)


# --- the ways out ---------------------------------------------------------------------------------


def test_an_error_of_our_own_is_one_line_and_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback and nothing of the message reaches the user, unless asked for."""
    monkeypatch.delenv("KOMPETANSE_DEBUG", raising=False)
    monkeypatch.setattr(Plugins, "installed", raising(RuntimeError("about a person")))
    assert run(["plugins"]) == 70
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setenv("KOMPETANSE_DEBUG", "1")
    assert run(["plugins"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C leaves with the code that shells expect."""
    monkeypatch.setattr(Plugins, "installed", raising(KeyboardInterrupt()))
    assert run(["plugins"]) == 130


def raising(error: BaseException) -> object:
    """A function that raises."""

    def fail() -> NoReturn:
        raise error

    return fail


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    """What is piped into a reader that has stopped ends in silence."""
    script = "from kompetanse_adapters.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script, "plugins"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_progress_is_told_only_to_who_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A step that lasts is named on standard error of a terminal, and nowhere else."""
    monkeypatch.setattr(progress, "PATIENCE", 0)
    for watched in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)  # noqa: B023 - used at once
        with progress.watch() as begin:
            begin("reading")
            for thread in threading.enumerate():
                if isinstance(thread, threading.Timer):
                    thread.join()
        streams = capsys.readouterr()
        assert streams.out == ""
        assert streams.err == ("reading …\n" if watched else "")


# --- layout ---------------------------------------------------------------------------------------


def test_figures_stand_under_one_another() -> None:
    """Text is flush left, figures flush right, headings break, sums stand below a rule."""
    lines = list(
        layout.table(
            ["Enhet", "Trinn som mangler"],
            [False, True],
            [["Post", "7"], ["Laboratoriet", "1 234"]],
            [["Til sammen", "1 241"]],
        )
    )
    assert lines == [
        "Enhet           Trinn",
        "                  som",
        "              mangler",
        "------------  -------",
        "Post                7",
        "Laboratoriet    1 234",
        "------------  -------",
        "Til sammen      1 241",
    ]


def test_the_widest_text_gives_way_first() -> None:
    """A long text breaks between words so that short ones and figures stay on one line."""
    rows = [["Kort tekst", "et ord " * 15, "12\u202f345"]]
    lines = list(layout.table(["Navn", "Merknad", "Sum"], [False, False, True], rows))
    assert lines[2].startswith("Kort tekst  et ord et ord")
    assert lines[2].endswith("  12\u202f345")
    assert len(lines) == 4
    assert {len(lines[0]), len(lines[1]), len(lines[2])} == {80}


def test_a_table_too_wide_is_told_row_by_row() -> None:
    """Where the longest words do not fit side by side, each row is told in words."""
    columns = ["Tiltak", *(f"Overskrift{n}" for n in range(8))]
    rows = [["Kurs i noe", *("et ord" for _ in range(8))]]
    lines = list(layout.table(columns, [False] * 9, rows))
    assert lines[0] == "Kurs i noe"
    assert lines[1].startswith("    Overskrift0: et ord · Overskrift1: et ord")
    assert max(map(len, lines)) <= 80


CELLS = st.text("abcæøå ,.–", max_size=60).map(lambda text: re.sub(r"\S{70,}", "x", text))


def tables() -> Iterator[st.SearchStrategy[list[list[str]]]]:
    """Rows of two to six cells."""
    for width in range(2, 7):
        yield st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)


@given(st.one_of(*tables()))
def test_no_table_is_wider_than_a_terminal(rows: list[list[str]]) -> None:
    """Whatever stands in it, a table stays within 80 columns and loses no word."""
    columns = [f"K{n}" for n in range(len(rows[0]))]
    lines = list(layout.table(columns, [False] * len(columns), rows))
    assert max(map(len, lines)) <= 80
    shown = sorted("".join(lines).replace("-", ""))
    for word in (word for row in rows for cell in row for word in cell.split()):
        assert all(shown.count(sign) >= word.count(sign) for sign in word)


def test_points_hang_and_paragraphs_wrap() -> None:
    """A point's further lines stand under its text."""
    long = "ord " * 30
    assert all(len(line) <= 80 for line in layout.lay_out(Paragraph(text=long)))
    first, second = layout.lay_out(Points(points=(long,)))
    assert first.startswith("- ord")
    assert second.startswith("  ord")


@pytest.mark.parametrize("name", ["mal.xlsx", "mal.csv"])
def test_a_template_is_written_once(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """To a new file only, of a kind that a plugin writes; which one, its ending says."""
    path = tmp_path / name
    asked = ["template", str(path), "--shape", "wide", "--language", "nn"]
    assert run(asked) == 0
    written = path.read_bytes()
    assert len(written) > 50
    assert run(asked) == 2
    assert "E802" in capsys.readouterr().err
    assert path.read_bytes() == written
    assert run(["template", str(tmp_path / "mal.pdf")]) == 6
    assert "E604" in capsys.readouterr().err
