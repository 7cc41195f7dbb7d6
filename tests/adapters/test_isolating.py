"""Does a command with a plugin that hangs or crashes end, and say so?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("kompetanse")
ANNOUNCED = "[kompetanse]\nrogue = rogue\n"
HOOK = """
from kompetanse_core.hooks import hookimpl
@hookimpl
def kompetanse_sources():
    {}
"""


def kompetanse(
    folder: Path, *arguments: str, seconds: str = "4"
) -> subprocess.CompletedProcess[str]:
    """Run a command where the plugin in this folder is installed."""
    environ = {**os.environ, "PYTHONPATH": str(folder), "KOMPETANSE_SECONDS": seconds}
    command = [str(PROGRAM), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def install(folder: Path, source: str) -> Path:
    """A distribution with one plugin."""
    about = folder / "rogue-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: rogue\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ANNOUNCED)
    (folder / "rogue.py").write_text(source)
    return folder


@pytest.mark.parametrize(
    "source",
    ["while True: pass", HOOK.format("pow(7, 10**9)"), "import os; os.abort()"],
    ids=["python_loop_at_import", "c_loop_in_hook", "crash"],
)
def test_fault_f13_a_plugin_that_hangs_is_ended(source: str, tmp_path: Path) -> None:
    """A loop of Python or C, and a crash, end the command with a code, a text and no output."""
    ended = kompetanse(install(tmp_path, source), "--isolate", "plugins", seconds="4")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "E305" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_fault_f24_a_plugin_that_swallows_memory_is_refused_it(tmp_path: Path) -> None:
    """What asks for more than there is fails, and all other plugins are there."""
    greedy = install(tmp_path, HOOK.format("return bytearray(2**40)"))
    listed = kompetanse(greedy, "--isolate", "plugins")
    assert listed.returncode == 0
    assert "MemoryError" in listed.stdout
    assert "folder" in listed.stdout


def test_a_command_says_the_same_in_its_own_process(tmp_path: Path) -> None:
    """Results, messages and exit code are those of the command as it is."""
    (tmp_path / "enterprise.toml").write_text("nonsense")
    for asked in (["plugins", "--json"], ["check", str(tmp_path)]):
        here, there = (
            kompetanse(tmp_path, *asked),
            kompetanse(tmp_path, "--isolate", *asked),
        )
        assert (here.returncode, here.stdout, here.stderr) == (
            there.returncode,
            there.stdout,
            there.stderr,
        )


def test_the_seconds_are_a_number(tmp_path: Path) -> None:
    """How long a command may take is not guessed."""
    refused = kompetanse(tmp_path, "--isolate", "plugins", seconds="soon")
    assert (refused.returncode, "KOMPETANSE_SECONDS" in refused.stderr) == (2, True)
