"""Does the template yield an adapter that is found, and that keeps its contract?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import scratch

ROOT = Path(__file__).resolve().parents[1]
COPIER = ("copier", "copy", "--quiet", "--defaults", str(ROOT / "template"), "made")
PIP = ("pip", "install", "--quiet", "--disable-pip-version-check")
OFFLINE = ("--no-index", "--no-deps", "--no-build-isolation")
FEW = """
from hypothesis import settings

settings.register_profile("few", max_examples=5)
settings.load_profile("few")
"""
"""The contract draws a hundred examples of each promise; here it is the template that is tried."""


def ran(folder: Path, *arguments: str, found: Path | None = None) -> str:
    """What a module of Python tells that is run in a folder; it must leave with 0."""
    own = {"PYTHONPATH": str(found or ""), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch())}
    run = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("kind", ["source", "store"])
def test_what_is_generated_proves_itself(kind: str, tmp_path: Path) -> None:
    """Generated, checked, installed beside us and proven, all without a network."""
    made, found = tmp_path / "made", tmp_path / "found"
    ran(tmp_path, *COPIER, "--data", f"kind={kind}", "--data", "name=hylle")
    assert [path for path in made.rglob("*") if "{" in path.name or path.suffix == ".jinja"] == []
    ran(made, "ruff", "check", "--no-cache", ".")
    ran(made, "ruff", "format", "--check", "--no-cache", ".")
    ran(made, *PIP, *OFFLINE, "--target", str(found), ".")
    (made / "conftest.py").write_text(FEW)
    told = ran(made, "pytest", "-q", "-p", "no:cacheprovider", found=found)
    assert "passed" in told
    assert "skipped" not in told


def test_a_name_that_is_no_name_is_refused(tmp_path: Path) -> None:
    """A name with a space would be no module; copier says so and writes nothing."""
    run = subprocess.run(
        [sys.executable, "-m", *COPIER, "--data", "kind=store", "--data", "name=My Shelf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "small letters and digits" in run.stderr
    assert not (tmp_path / "made").exists()
