"""The commands that look ahead: tables and a chart, figures of few held back, and F26."""

import json
import os
import signal
import subprocess
import sys
import time
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
    """Four quarters, each with figures and a bar."""
    wave = folder / "scenarios" / "pensjonsbolge.toml"
    assert run(["simulate", str(folder), *SHORT, "--scenario", str(wave)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("pensjonsbølge, policy none: 5 runs, seed 0\n")
    assert out.count("2027-Q4") == 2
    assert out.count("█") > 100


def test_simulate_as_json_is_the_same_each_time(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Same seed, same bytes; with a policy the steps missing are fewer."""
    asked = ["simulate", str(folder), *SHORT, "--json"]
    texts = []
    for _ in range(2):
        assert run(asked) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    assert run([*asked, "--policy", "plan-once"]) == 0
    planned = json.loads(capsys.readouterr().out)["periods"][-1]["missing"]
    assert planned < json.loads(texts[0])["periods"][-1]["missing"]


def test_compare_prints_every_pair_regret_and_what_matters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The baseline and one scenario, with no plan and one plan."""
    law = folder / "scenarios" / "nytt-lovkrav.toml"
    asked = ["compare", str(folder), str(law), "--on", "2027-07-01", "--years", "1"]
    assert run([*asked, "--replicas", "3"]) == 0
    out = capsys.readouterr().out
    assert out.count("nytt lovkrav") == 4
    assert "least regret: plan once" in out
    assert "time to fill" in out
    assert run([*asked, "--replicas", "3", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 4


def test_bad_scenarios_are_refused_with_their_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change of no known kind, and a file that is not there."""
    bad = tmp_path / "bad.toml"
    bad.write_text('[[change]]\nkind = "vanish"\n', "utf-8")
    assert run(["simulate", str(folder), *SHORT, "--scenario", str(bad)]) == 3
    assert "bad.toml" in capsys.readouterr().err
    assert run(["compare", str(folder), str(tmp_path / "none.toml"), *SHORT]) == 4


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
        "import signal; from kompetanse_adapters.cli import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); main()"  # as in a terminal
    )
    with subprocess.Popen(
        [sys.executable, "-c", command, *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as child:
        time.sleep(5)
        child.send_signal(sign)
        try:
            out, err = child.communicate(timeout=60)
        finally:
            child.kill()  # else a child that did not listen is waited for, however long it works
    assert (child.returncode, out) == (code, b""), err
