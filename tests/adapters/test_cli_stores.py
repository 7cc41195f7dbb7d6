"""Does the command line keep an enterprise as its help says? init, import, history and the rest."""

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import database_of, witness

from kompetanse_adapters.cli.leaving import run

EXAMPLE = str(Path(__file__).resolve().parents[2] / "src" / "kompetanse_adapters" / "example")
OWN = ["--employee", "a101", "--actor", "selv"]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with two people, one of whom may ask, and a leader of another unit."""
    (tmp_path / "enterprise.toml").write_text(
        """
schema = 1
[[actor]]
id = "selv"
kind = "employee"
employee = "a101"
[[actor]]
id = "leder"
kind = "leader"
unit = "sh"
[[actor]]
id = "fremmed"
kind = "leader"
unit = "lab"
""",
        "utf-8",
    )
    tables = {
        "units.csv": "id;label\nsh;Sykehuset\nlab;Lab\n",
        "roles.csv": "id;label\nspl;Sykepleier\n",
        "employees.csv": "id\na101\na102\n",
        "engagements.csv": "employee;unit;role\na101;sh;spl\na102;sh;spl\n",
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text, "utf-8")
    return str(tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> list[str]:
    """What names an empty store on the command line."""
    return [database_of(request.param), "--witness", str(witness())]


def test_an_enterprise_is_kept_told_and_handed_out(
    folder: str, store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """From nothing to two versions, everything about one person, and a log that is whole."""
    assert run(["init", *store]) == 0
    assert run(["import", folder, *store, "--event", "d1"]) == 0
    assert run(["import", folder, *store, "--event", "d1"]) == 0
    assert capsys.readouterr().out.splitlines() == ["version 0", "version 1", "version 1"]
    assert run(["history", *store, "--json"]) == 0
    assert [v["event"] for v in json.loads(capsys.readouterr().out)] == ["d1"]
    assert run(["export", *store, *OWN]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in told["enterprise"]["employees"]] == ["a101"]
    assert run(["audit", "verify", *store]) == 0


def test_a_person_is_erased_once_it_is_confirmed(
    folder: str, store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an answer nothing happens; afterwards the person is in no version."""
    run(["import", folder, *store])
    assert run(["erase", *store, *OWN]) != 0
    assert run(["erase", *store, *OWN, "--yes"]) == 0
    capsys.readouterr()
    assert run(["history", *store]) == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["saved", "erased"]
    assert run(["export", *store, *OWN]) == 5
    assert "a101" not in capsys.readouterr().out


@pytest.mark.parametrize("command", [["export"], ["erase", "--yes"]])
@pytest.mark.parametrize("actor", ["fremmed", "nobody"])
def test_bad_input_89_a_stranger_is_refused_and_written_down(
    folder: str, actor: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A leader of another unit and an unknown actor get E554; the attempt is in the log."""
    where = database_of("sqlite")
    run(["import", folder, where])
    capsys.readouterr()
    assert run([*command, where, "--employee", "a101", "--actor", actor]) == 5
    told = capsys.readouterr()
    assert "E554" in told.err
    assert "a101" not in told.out + told.err
    with sqlite3.connect(where) as connection:
        (entry,) = connection.execute("SELECT entry FROM kompetanse_accesses").fetchone()
        assert connection.execute("SELECT count(*) FROM kompetanse_versions").fetchone() == (1,)
    connection.close()
    assert json.loads(entry)["actor"] == actor


def test_a_leader_is_told_what_is_held_for_the_purpose_and_that_there_is_more(
    folder: str, store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The purpose lock: an engagement for staffing is not told for development; W521 counts it.

    Whose line it is, is found all the same. Whoever asks for their own is told it all, whatever
    purpose they name (X-8).
    """
    tables = {
        "engagements.csv": "employee;unit;role;purpose\na101;sh;spl;staffing\n",
        "wishes.csv": "employee;role;stated\na101;spl;2026-05-01\n",
    }
    for name, text in tables.items():
        Path(folder, name).write_text(text, "utf-8")
    run(["import", folder, *store])
    asked = ["--employee", "a101", "--purpose", "development"]
    capsys.readouterr()
    assert run(["export", *store, *asked, "--actor", "leder"]) == 0
    told = capsys.readouterr()
    (held,) = json.loads(told.out)
    assert (held["enterprise"]["engagements"], len(held["enterprise"]["wishes"])) == ([], 1)
    assert "W521" in told.err
    assert "a101" not in told.err
    assert run(["export", *store, *asked, "--actor", "selv"]) == 0
    told = capsys.readouterr()
    assert len(json.loads(told.out)[0]["enterprise"]["engagements"]) == 1
    assert "W521" not in told.err


def test_somebody_is_told_who_has_read_about_them(
    folder: str, store: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """X-8: the leader's reading with its purpose, not what was read about others; nb first."""
    run(["import", folder, *store])
    leader = ["--actor", "leder", "--purpose", "staffing"]
    run(["export", *store, *leader, "--employee", "a101"])
    run(["export", *store, *leader, "--employee", "a102"])
    asked = ["audit", "readings", *store, *OWN]
    capsys.readouterr()
    assert run(asked) == 0
    told = capsys.readouterr().out
    assert told.startswith("Hvem har lest om deg\n")
    (line,) = [line for line in told.splitlines() if "leder" in line]
    assert line.endswith("leder (nærmeste leder)  bemanning")
    assert "Oppføringer uten merke: 3." in told
    assert "Loggen er etterprøvd" in told
    assert run([*asked, "--language", "en"]) == 0
    assert "leder (the nearest leader)  staffing" in capsys.readouterr().out


@pytest.mark.parametrize("actor", ["leder", "fremmed", "nobody"])
def test_who_has_read_about_somebody_is_told_to_nobody_else(
    folder: str, actor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """E554 for the leader above too, and the attempt is in the log."""
    where = database_of("sqlite")
    run(["import", folder, where])
    capsys.readouterr()
    assert run(["audit", "readings", where, "--employee", "a101", "--actor", actor]) == 5
    told = capsys.readouterr()
    assert told.out == ""
    assert "E554" in told.err
    with sqlite3.connect(where) as connection:
        ((entry,),) = connection.execute("SELECT entry FROM kompetanse_accesses").fetchall()
    connection.close()
    assert json.loads(entry)["actor"] == actor


def test_fault_f25_whoever_asks_who_read_is_told_that_the_log_was_changed(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list is shown with the warning, the place goes to standard error, and exit is 1."""
    where = database_of("sqlite")
    run(["import", folder, where])
    run(["export", where, *OWN])
    with sqlite3.connect(where) as connection:
        connection.execute("UPDATE kompetanse_accesses SET entry = replace(entry, 'selv', 'x')")
    connection.close()
    capsys.readouterr()
    assert run(["audit", "readings", where, *OWN]) == 1
    told = capsys.readouterr()
    assert "Loggen er endret" in told.out
    assert "x" in told.out
    assert "accesses:1: refuse E805" in told.err


def test_a_store_that_cannot_verify_its_log_says_so(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The Parquet store tells who read, and that nothing shows whether the log is whole."""
    where = [str(tmp_path / "shelves"), "--store", "parquet"]
    run(["import", folder, *where])
    capsys.readouterr()
    assert run(["audit", "readings", *where, *OWN]) == 0
    told = capsys.readouterr().out
    assert "Ingen har lest om deg alene." in told
    assert "kan ikke vise at loggen er uendret" in told


def test_fault_f25_verify_leaves_with_1_when_the_log_was_cut(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The finding goes to standard output, with its place."""
    where = database_of("sqlite")
    run(["import", folder, where])
    run(["export", where, *OWN])
    with sqlite3.connect(where) as connection:
        connection.execute("DELETE FROM kompetanse_accesses WHERE number = 2")
    connection.close()
    capsys.readouterr()
    assert run(["audit", "verify", where]) == 1
    assert "accesses:2: refuse E805" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["history", "postgresql://kari:sommer@host/base"], 2, "E806"),
        (["history", "nowhere/store.db"], 4, "E802"),
        (["audit", "verify", "x", "--store", "parquet"], 2, "E604"),
        (["history", "x", "--store", "shelves"], 6, "E604"),
        (["import", EXAMPLE, "x.db", "--expected", "7"], 4, "E803"),
    ],
)
def test_what_goes_wrong_has_its_code(
    arguments: list[str],
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line on standard error, the exit code of the reference, and no secret."""
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == code
    errors = capsys.readouterr().err
    assert told in errors
    assert "sommer" not in errors


MIDWAY = """
import os, signal, sys
from kompetanse_adapters.cli import main
from kompetanse_adapters.sql import rows

write, number = rows.replace_blocks, int(sys.argv.pop())

def ended(*given):
    write(*given)
    os.kill(os.getpid(), number)

rows.replace_blocks = ended
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_fault_f26_ended_in_the_middle_nothing_is_written(
    number: int, code: int, folder: str, tmp_path: Path
) -> None:
    """Interrupted or told to end with all blocks written and none committed: the store is empty."""
    where = tmp_path / "store.db"
    asked = [sys.executable, "-c", MIDWAY, "import", folder, str(where), str(int(number))]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.endswith("nothing was written by half\n")
    assert run(["import", folder, str(where), "--expected", "0"]) == 0
