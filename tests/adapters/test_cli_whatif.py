"""The commands that look ahead: tables and a chart, figures of few held back, and F26."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kompetanse_adapters.cli.leaving import run

SHORT = ("--on", "2027-01-01", "--years", "1", "--replicas", "5")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled example, written out."""
    folder = tmp_path_factory.mktemp("whatif") / "example"
    assert run(["example", str(folder)]) == 0
    return folder


def test_simulate_prints_a_table_a_chart_and_warnings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four quarters, each with figures on one line and a bar, in Norwegian if nothing is said."""
    wave = folder / "scenarios" / "pensjonsbolge.toml"
    assert run(["simulate", str(folder), *SHORT, "--scenario", str(wave)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Utsikter for kompetansen i Eksempelsykehuset\n")
    last = [line for line in out.splitlines() if line.startswith("4. kvartal 2027")]
    assert len(last) == 2
    assert last[0].count("–") >= 2
    assert "█" * 8 in last[1]
    assert "TIDLIGE VARSLER" in out


def test_simulate_speaks_english_when_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Title, periods and the name of what stays as it is."""
    assert run(["simulate", str(folder), *SHORT, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "Q4 2027" in out
    assert "As now: coverage by period" in out
    assert "kvartal" not in out


def test_simulate_as_json_is_the_same_each_time(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Same seed, same bytes; with a policy the steps missing are fewer, drawn and in the table."""
    asked = ["simulate", str(folder), *SHORT, "--json"]
    texts = []
    for _ in range(2):
        assert run(asked) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    assert run([*asked, "--policy", "plan-once"]) == 0
    (nothing, shares), (planned, more) = map(_last, (texts[0], capsys.readouterr().out))
    assert planned < nothing
    assert more[0] > shares[2]


def _last(text: str) -> tuple[int, list[int]]:
    """The steps missing in the last period, and what coverage lies between."""
    (course,) = [each for each in json.loads(text)["sections"] if each["id"] == "utvikling"]
    grid = course["blocks"][1]
    (points,) = grid["chart"]["curves"].values()
    return grid["rows"][-1][3]["number"], points[-1]


def test_compare_prints_every_pair_regret_and_what_matters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The baseline and one scenario, with no plan and one plan."""
    law = folder / "scenarios" / "nytt-lovkrav.toml"
    asked = ["compare", str(folder), str(law), "--on", "2027-07-01", "--years", "1"]
    assert run([*asked, "--replicas", "3"]) == 0
    out = capsys.readouterr().out
    for pair in ("Som i dag, uten plan", "Nytt lovkrav, én plan"):
        assert out.count(pair) >= 2
    assert "gjør det dårligst: én plan" in out
    assert "Hvor lang tid det tar å ansette" in out
    assert run([*asked, "--replicas", "3", "--json"]) == 0
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)["sections"]}
    assert len(told["slutt"]["blocks"][0]["rows"]) == 4


@pytest.mark.parametrize("command", ["simulate", "compare"])
def test_a_report_is_written_whole_in_the_form_of_its_name(
    command: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page for .html, Markdown on standard output, and another name is refused before work."""
    page = tmp_path / "utsikter.html"
    asked = [command, str(folder), *SHORT]
    assert run([*asked, "--report", str(page)]) == 0
    assert page.name in capsys.readouterr().out
    assert '<svg class="chart"' in page.read_text("utf-8")
    assert run([*asked, "--report", "-"]) == 0
    alone = capsys.readouterr().out
    assert alone.startswith("# Utsikter for kompetansen")
    assert "Hele rapporten" not in alone
    assert run([*asked, "--report", str(tmp_path / "utsikter.odt")]) == 2
    assert [*tmp_path.iterdir()] == [page]


def test_bad_scenarios_are_refused_with_their_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change of no known kind, and a file that is not there."""
    bad = tmp_path / "bad.toml"
    for text in (
        'kind = "vanish"',
        'kind = "leave"\nemployee = "secret"\non = 2027-03-01',
        'kind = "add"\n[change.engagement]\nemployee = "secret"\nunit = "x"\nrole = "y"',
    ):
        bad.write_text(f"[[change]]\n{text}\n", "utf-8")
        for command in (["simulate", str(folder), "--scenario"], ["compare", str(folder)]):
            assert run([*command, str(bad), *SHORT]) == 3
            out, err = capsys.readouterr()
            assert (out, "bad.toml:1" in err, "secret" in err) == ("", True, False)
    assert run(["compare", str(folder), str(tmp_path / "none.toml"), *SHORT]) == 4


@pytest.mark.parametrize(
    "asked",
    [
        ["--replicas", "0"],
        ["--replicas", "1000001"],
        ["--seed", "-1"],
        ["--seed", "1000000000001"],
        ["--years", "0"],
        ["--attrition", "-1"],
        ["--attrition", "100.1"],
        ["--attrition", "nan"],
        ["--attrition", "inf"],
        ["--budget", "-1"],
        ["--budget", "1000000000001"],
        ["--on", "2027-01-31"],
        ["--on", "9999-12-01"],
    ],
)
def test_bad_input_80_numbers_that_cannot_be_are_a_misuse(
    asked: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """FAULTS 80: exit code 2, one line that says which, and nothing is printed."""
    assert run(["simulate", str(folder), *SHORT, "--policy", "plan-once", *asked]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip()


def test_bad_input_84_runs_that_come_to_few_people_are_not_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """FAULTS 84: when all may leave, the figures are of few and are refused: exit code 5."""
    assert run(["simulate", str(folder), *SHORT, "--attrition", "100"]) == 5
    assert run(["compare", str(folder), *SHORT, "--attrition", "100"]) == 5
    assert "E553" in capsys.readouterr().err


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_fault_f26_an_interrupted_simulation_writes_nothing(
    folder: Path, sign: signal.Signals, code: int
) -> None:
    """F26: nothing is printed by half, and the exit code tells which signal it was."""
    asked = ["simulate", str(folder), "--on", "2027-01-01", "--policy", "replan", "--years", "30"]
    command = (
        "import signal, sys; from kompetanse_adapters.cli import main; "
        "from kompetanse_core.solver import highs; asked = highs.ask; "
        "highs.ask = lambda *a, **k: (print('searching', file=sys.stderr), asked(*a, **k))[1]; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); main()"  # as in a terminal
    )
    with subprocess.Popen(
        [sys.executable, "-c", command, *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as child:
        assert child.stderr is not None
        assert child.stderr.readline() == b"searching\n"
        child.send_signal(sign)
        try:
            out, err = child.communicate(timeout=60)
        finally:
            child.kill()  # else a child that did not listen is waited for, however long it works
    assert (child.returncode, out) == (code, b""), err


PRESSED = """
import os, signal, sys
from importlib import import_module
from kompetanse_adapters.cli import main

sign, name, where = int(sys.argv.pop()), sys.argv.pop(), sys.argv.pop()
room = import_module(where.partition(":")[0])
room = getattr(room, where.partition(":")[2], room)
work = getattr(room, name)

def pressed(*given, **terms):
    os.kill(os.getpid(), sign)
    return work(*given, **terms)

setattr(room, name, pressed)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
main()
"""
BLOCK = ("kompetanse_core.scenario.outlook", "watched")
MATTERS = ("kompetanse_adapters.cli.foreseeing", "tornado")
REPORT = ("pathlib:Path", "replace")


@pytest.mark.parametrize(
    ("sign", "code", "told"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "told to end")],
)
@pytest.mark.parametrize(
    ("command", "within"),
    [("simulate", BLOCK), ("compare", MATTERS), ("simulate", REPORT), ("compare", REPORT)],
)
def test_fault_f26_whenever_it_is_ended_no_file_is_left(
    folder: Path,
    tmp_path: Path,
    command: str,
    within: tuple[str, str],
    sign: signal.Signals,
    code: int,
    told: str,
) -> None:
    """F26: after a block, between two questions, or with the report written and not yet in place.

    The report that was there is as it was, nothing lies beside it or among temporary files, and
    one line says what happened.
    """
    old, spare = tmp_path / "old.html", tmp_path / "spare"
    old.write_text("before", "utf-8")
    spare.mkdir()
    asked = [command, str(folder), *SHORT, "--report", str(old)]
    ended = subprocess.run(
        [sys.executable, "-c", PRESSED, *asked, *within, str(int(sign))],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(spare)},
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (code, ""), ended.stderr
    assert ended.stderr.split("\n") == ["", f"{told}; nothing was written by half", ""]
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["old.html", "spare"]
    assert old.read_text("utf-8") == "before"
