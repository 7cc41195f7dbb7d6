"""Does the benchmark read every form of its files, and catch what is on the wrong side?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "published.py"

COVERING = "3 4\n 2 3 4\n 9\n 2 1 2\n 2 2 3\n 1 4\n"
RAILWAY = "3 4\n2 1 1\n3 2 1 2\n4 1 2\n9 1 3\n"
SHARING = "2 3\n 1 5 5\n 5 1 1\n 2 2 2\n 2 2 2\n 4 2\n"
PACKING = "3 2 0\n 5 4 3\n 2 3 1\n 4 1 2\n 5 11\n"
DECIMAL_PACKING = "1\n 2 1 0\n 5.5 4.25\n 1.5 2.5\n 3\n"
CURRICULUM = """include "curriculum.mzn.model";
n_courses = 4; n_periods = 2; % a remark; with = signs
load_per_period_lb = 1; load_per_period_ub = 9;
courses_per_period_lb = 1; courses_per_period_ub = 3;
course_load = [3, 1, 2, 2, ];
constraint prerequisite(2, 1);
constraint prerequisite( 3 , 1 );
"""
OPL = """// a remark
p=2; /* of
two lines */ a=1; b=9; c=1; d=3;
courses = { one, two,
 three, four };
credit = [3, 1, 2, 2];
prereq = { <two, one>, <three,one>, <three,one> };
"""
CURRICULA = """n_periods = 2; n_courses = 3; n_curricula = 2; min_courses = 0; max_courses = 3;
n_precedences = 1; n_undesirables = 1; w1 = 2; w2 = 5;
course_load = [4, 2, 2]; courses_of = [{1, 2}, 1..3];
precedes = array2d(precedences,1..2, [2, 3]); undesirable = array2d(undesirables,1..2, [2, 1]);
"""
MENTORING = {
    "hours": [900, 1000],
    "experienced": 10,
    "hours_per_month": 100,
    "supervision_hours": 50,
    "quit": 0.1,
    "cost_experienced": 20,
    "cost_trainee": 10,
}


def solved(family: str, text: str, folder: Path, *more: str) -> list[dict[str, Any]]:
    """Every line that the benchmark prints for a file with this text."""
    path = folder / "some.txt"
    path.write_text(text, "utf-8")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), family, str(path), *more],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def values(lines: list[dict[str, Any]]) -> Iterator[tuple[str, object]]:
    """Instance and value of each line; every one proven, with a bound that says so."""
    for line in lines:
        assert line["proven"]
        assert line["bound"] == line["value"]
        yield line["instance"], line["value"]


@pytest.mark.parametrize(
    ("family", "text", "expected"),
    [
        ("scp", COVERING, [12]),
        ("scp", RAILWAY, [12]),
        ("scp", COVERING + COVERING, [12, 12]),
        ("scp", COVERING.replace("2 3 4\n", "2.5 3.25 4\n"), [12.25]),
        ("assign", "2\n 1 2\n 1 9\n", [3]),
        ("gap", SHARING, [7]),
        ("gap", "2\n" + SHARING + SHARING, [7, 7]),
        ("mkp", "2\n" + PACKING + PACKING, [9, 9]),
        ("mkp", PACKING, [9]),
        ("mkp", DECIMAL_PACKING, [5.5]),
        ("bacp", CURRICULUM, [5]),
        ("bacp", OPL, [5]),
        ("gbac", CURRICULA, [25]),
    ],
)
def test_each_form_is_read_and_solved(
    family: str, text: str, expected: list[float], tmp_path: Path
) -> None:
    """Small instances of each family and form come out at what can be worked out by hand."""
    assert [value for _, value in values(solved(family, text, tmp_path))] == expected


def test_the_textbook_case_is_exact(tmp_path: Path) -> None:
    """Ten serve the first month, nine of them stay, one trainee fills up: 200 + 10 + 200."""
    (line,) = solved("csl", json.dumps({"one": MENTORING}), tmp_path)
    assert line["proven"]
    assert line["value"] == 410


def test_instances_are_numbered_where_a_file_holds_many(tmp_path: Path) -> None:
    """One instance bears the name of its file, several a number as well."""
    assert [name for name, _ in values(solved("gap", SHARING, tmp_path))] == ["some"]
    many = values(solved("gap", SHARING * 2, tmp_path))
    assert [name for name, _ in many] == ["some-1", "some-2"]


@pytest.mark.parametrize(
    ("known", "code", "complaint"),
    [
        ({"value": 12, "status": "optimal"}, 0, ""),
        ({"value": 11, "status": "optimal"}, 1, "bound 12 is on the wrong side of 11"),
        ({"value": 13, "status": "optimal"}, 1, "value 12 is better than the optimum 13"),
        ({"value": 13, "status": "best feasible"}, 0, ""),
        ({"value": 12, "status": "optimal", "path": "other/some.txt"}, 0, ""),
    ],
)
def test_the_wrong_side_is_told(
    known: dict[str, Any], code: int, complaint: str, tmp_path: Path
) -> None:
    """A bound past the known value, or a value past the known optimum, ends with code 1."""
    path, check = tmp_path / "some.txt", tmp_path / "known.json"
    path.write_text(COVERING, "utf-8")
    check.write_text(json.dumps({"scp/some": {"path": "some.txt", "sense": "min"} | known}))
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "scp", str(path), "--check", str(check)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (run.returncode, complaint in run.stderr) == (code, True)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("scp", "2 2 1 1 1"),
        ("scp", "words"),
        ("scp", "1 1 5 1 7"),
        ("bacp", "n_courses = many;"),
        ("bacp", "p=1; courses={a}; prereq={<a,b>};"),
    ],
)
def test_bad_input_a_file_of_another_kind_is_refused(
    family: str, text: str, tmp_path: Path
) -> None:
    """What is not of the family ends with one line that names the file."""
    path = tmp_path / "odd.txt"
    path.write_text(text, "utf-8")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), family, str(path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert run.returncode == 1
    assert run.stderr.startswith("odd.txt: ")


def test_only_the_first_are_solved_where_that_is_asked(tmp_path: Path) -> None:
    """Of a file with three instances, two are."""
    many = solved("gap", SHARING * 3, tmp_path, "--first", "2")
    assert [line["instance"] for line in many] == ["some-1", "some-2"]


def test_a_textbook_case_is_held_against_its_own_optimum(tmp_path: Path) -> None:
    """The file of cases tells what is known: the printed optimum passes, another one does not."""
    for optimum, code in ((410, 0), (409, 1)):
        text = json.dumps({"one": MENTORING | {"optimum": optimum}})
        check = tmp_path / "some.txt"
        check.write_text(text, "utf-8")
        run = run_script("published.py", "csl", str(check), "--check", str(check))
        assert run.returncode == code, run.stderr


def run_script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call a script of the benchmarks."""
    return subprocess.run(
        [sys.executable, str(SCRIPT.with_name(name)), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


SMALL = {
    "scp": (COVERING, 12, "min"),
    "assign": ("2\n 1 2\n 1 9\n", 3, "min"),
    "gap": (SHARING, 7, "min"),
    "mkp": (DECIMAL_PACKING, 5.5, "max"),
    "bacp": (CURRICULUM, 5, "min"),
    "gbac": (CURRICULA, 25, "min"),
}


def shared_folder(folder: Path, wrong: str = "") -> Path:
    """A folder of two instances of each family with known optima, one family's being wrong."""
    known = {}
    benchmarks = folder / "benchmarks"
    benchmarks.mkdir()
    for family, (text, value, sense) in SMALL.items():
        for turn in range(2):
            name = f"{family}{turn}.txt"
            (benchmarks / name).write_text(text, "utf-8")
            told = value + 1 if family == wrong else value
            known[f"{family}/{turn}"] = {
                "path": name,
                "value": told,
                "sense": sense,
                "status": "optimal",
            }
    (benchmarks / "known_optima.json").write_text(json.dumps(known), "utf-8")
    cases = json.dumps({"winston_csl": MENTORING | {"optimum": 410}})
    (benchmarks / "textbook_cases.json").write_text(cases, "utf-8")
    return folder


def test_instances_written_otherwise_keep_their_optimum(tmp_path: Path) -> None:
    """Permuted, scaled, merged, given what is dominated: as expected, in every family."""
    run = run_script("perturbed.py", "--shared", str(shared_folder(tmp_path)))
    assert (run.returncode, run.stderr) == (0, "")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert all(line["value"] == line["bound"] == line["expected"] for line in lines)
    assert {line["variant"].partition("/")[0].partition(",")[0] for line in lines} == {
        *SMALL,
        "csl",
    }
    merged = {line["variant"].partition("/")[0] for line in lines if "merged" in line["variant"]}
    assert merged == {"scp", "assign", "gap", "mkp", "gbac"}


@pytest.mark.parametrize("family", ["mkp", "scp"])
def test_an_optimum_that_is_not_kept_is_told(family: str, tmp_path: Path) -> None:
    """With one optimum told wrong, each variant of that family is."""
    run = run_script("perturbed.py", family, "--shared", str(shared_folder(tmp_path, family)))
    assert run.returncode == 1
    assert len({line.partition(": ")[0] for line in run.stderr.splitlines()}) >= 12
