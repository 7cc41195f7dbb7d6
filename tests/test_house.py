"""Does the house stand as it is drawn? Floors, names, sizes and what may never be tracked."""

import ast
import configparser
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import kompetanse_core

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
FILES = tuple(sorted(SRC.rglob("*.py")))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FORBIDDEN = frozenset(
    re.findall(
        r"\w+",
        "util helper manager handler service processor base common misc info data item record",
    )
)
ANCESTORS = ("Enum", "Flag", "Generic", "IntEnum", "IntFlag", "Protocol", "StrEnum")
HEAVY = ("highspy", "hypothesis", "networkx", "numba", "pytest")
SILENCED = re.compile(r"(?:noqa|type: ?ignore|pragma: no cover)\S*(?: [A-Z]+\d+,?)*(?P<reason>.*)")


# --- floors -----------------------------------------------------------------------------------


def contracts() -> dict[str, dict[str, str]]:
    """Every import contract of the house by its key."""
    parser = configparser.ConfigParser()
    parser.read_string((ROOT / ".importlinter").read_text("utf-8"))
    prefix = "importlinter:contract:"
    return {
        name.removeprefix(prefix): dict(parser[name])
        for name in parser.sections()
        if name.startswith(prefix)
    }


def draw_house(folder: Path) -> None:
    """Draw an empty house: each room that the floors name, two adapters, nothing inside."""
    rooms = re.findall(r"\w+", contracts()["floors"]["layers"])
    core = [f"kompetanse_core/{room}.py" for room in ("__init__", *rooms)]
    adapters = [
        f"kompetanse_adapters/{name}.py"
        for name in ("__init__", "left", "right", "reading", "calling")
    ]
    for name in (*core, *adapters):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (folder / ".importlinter").write_text((ROOT / ".importlinter").read_text("utf-8"), "utf-8")


def broken_contracts(folder: Path) -> set[str]:
    """The names of the contracts that the house in `folder` breaks."""
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as go; go()"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in run.stdout, run.stdout + run.stderr
    broken = re.findall(r"^(.+) BROKEN(?: \[.*)?$", run.stdout, re.MULTILINE)
    assert (run.returncode != 0) == bool(broken)
    return set(broken)


TRESPASSES = (
    ("floors", "kompetanse_core/errors.py", "import kompetanse_core.model"),
    ("floors", "kompetanse_core/columns.py", "import kompetanse_core.model"),
    ("floors", "kompetanse_core/solver.py", "import kompetanse_core.model"),
    ("floors", "kompetanse_core/columns.py", "import kompetanse_core.solver"),
    ("floors", "kompetanse_core/gap.py", "from kompetanse_core.plan import Plan"),
    ("floors", "kompetanse_core/attic.py", "'''A room that no floor names.'''"),
    ("front-door", "kompetanse_core/gap.py", "from kompetanse_core import Plan"),
    ("core", "kompetanse_core/plugins.py", "import kompetanse_adapters.left"),
    ("two-doors", "kompetanse_adapters/left.py", "from kompetanse_core.model import Text"),
    ("adapters", "kompetanse_adapters/left.py", "import kompetanse_adapters.right"),
    ("adapters", "kompetanse_adapters/reading.py", "import kompetanse_adapters.left"),
    ("adapters", "kompetanse_adapters/calling.py", "import kompetanse_adapters.left"),
    ("networkx", "kompetanse_core/gap.py", "import networkx"),
    ("networkx", "kompetanse_adapters/left.py", "import networkx"),
    ("pluggy", "kompetanse_core/report.py", "import pluggy"),
    ("proof", "kompetanse_core/hooks.py", "from hypothesis import given"),
    ("proof", "kompetanse_adapters/left.py", "import pytest"),
)


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    """The contracts forbid nothing by themselves: an empty house breaks none."""
    draw_house(tmp_path)
    assert broken_contracts(tmp_path) == set()


def test_doors_that_are_meant_to_be_open_are_open(tmp_path: Path) -> None:
    """Down the stairs, by the two doors of an adapter, and each library in its own room."""
    draw_house(tmp_path)
    for name, line in (
        ("kompetanse_core/gap.py", "import kompetanse_core.mapping, kompetanse_core.errors"),
        ("kompetanse_core/graph.py", "import networkx"),
        ("kompetanse_core/hooks.py", "import pluggy"),
        ("kompetanse_core/conformance.py", "import hypothesis, pytest"),
        ("kompetanse_adapters/left.py", "import kompetanse_core\nimport kompetanse_core.hooks"),
        ("kompetanse_adapters/right.py", "import kompetanse_adapters.reading"),
        ("kompetanse_adapters/right.py", "import kompetanse_adapters.calling"),
    ):
        (tmp_path / name).write_text(f"{line}\n", "utf-8")
    assert broken_contracts(tmp_path) == set()


@pytest.mark.parametrize(("key", "name", "line"), TRESPASSES)
def test_each_contract_is_seen_to_break(tmp_path: Path, key: str, name: str, line: str) -> None:
    """One bad import breaks exactly the contract that forbids it."""
    draw_house(tmp_path)
    (tmp_path / name).write_text(f"{line}\n", "utf-8")
    assert broken_contracts(tmp_path) == {contracts()[key]["name"]}


def test_no_contract_goes_untried() -> None:
    """Each contract of the house has a trespass that shows it can fail."""
    assert {key for key, _, _ in TRESPASSES} == set(contracts())


def test_the_architecture_page_draws_the_floors_as_they_are() -> None:
    """ARCHITECTURE.md lists the rooms from top to bottom in the order that is enforced."""
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| \d+ \| ([^|]+) \|", page, re.MULTILINE)
    enforced = contracts()["floors"]["layers"]
    assert re.findall(r"\w+", "".join(rows)) == re.findall(r"\w+", enforced)


# --- names and shapes -------------------------------------------------------------------------


def words_of(name: str) -> list[str]:
    """The words of a name in lower case, split at underscores and capitals."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\W]+", name)
    return [part.lower() for part in parts]


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a module gives: classes, functions, arguments, fields and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


GIVEN = frozenset({"PlanItem", "items", "handle_data", "data_validation"})
"""Names that are not ours to choose: the design's own noun and its plural, and a library's."""


def says_nothing(name: str) -> bool:
    """Whether a word of the name, or its singular, is one that tells the reader nothing."""
    return name not in GIVEN and any(
        {word, word.removesuffix("s")} & FORBIDDEN for word in words_of(name)
    )


def parsed() -> Iterator[tuple[str, ast.Module]]:
    """Each source file by its path below src, parsed."""
    for path in FILES:
        yield path.relative_to(SRC).as_posix(), ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("row_helper", True),
        ("BaseTable", True),
        ("HTTPHandler", True),
        ("csv_utils", True),
        ("items", False),
        ("some_items", True),
        ("database", False),
        ("recorded", False),
        ("dataclass", False),
        ("Basis", False),
        ("metadata", False),
    ],
)
def test_forbidden_words_are_whole_words(name: str, *, expected: bool) -> None:
    """A word counts only whole: `BaseTable` says nothing, `database` says something."""
    assert says_nothing(name) == expected


def test_every_name_says_something() -> None:
    """No module, class, function, argument, field or variable is named by an empty word."""
    modules = [str(path) for path in FILES if any(map(says_nothing, path.relative_to(SRC).parts))]
    inside = [
        f"{path}:{line} {name}"
        for path, tree in parsed()
        for line, name in names_in(tree)
        if says_nothing(name)
    ]
    assert modules + inside == []


def test_no_file_outgrows_its_reader() -> None:
    """A file has at most 600 lines; only the plate on the front door, a list, has more."""
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > 600} == {}


def test_every_folder_is_a_package() -> None:
    """A folder without `__init__.py` would be a room that the import contracts cannot see."""
    folders = {folder for path in FILES for folder in path.parents if SRC in folder.parents}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_nothing_is_inherited_but_what_must_be() -> None:
    """Classes stand alone: they inherit from Protocol, Enum, Generic or an exception only.

    The conformance kit is apart: Hypothesis makes its state machines by inheritance.
    """
    heirs = [
        f"{path}:{node.lineno} {node.name}({ancestor})"
        for path, tree in parsed()
        if "/conformance" not in path
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for ancestor in (ast.unparse(parent).partition("[")[0] for parent in node.bases)
        if ancestor not in ANCESTORS and not path.endswith("/errors.py")
    ]
    assert heirs == []


def test_every_module_says_what_it_answers() -> None:
    """Each module's docstring opens with one line that stands alone."""
    openings = {path: (ast.get_docstring(tree) or "").splitlines() for path, tree in parsed()}
    assert [path for path, lines in openings.items() if not lines or "".join(lines[1:2])] == []


def test_nothing_is_passed_under_the_table() -> None:
    """No function of ours takes `**kwargs`: every argument has a name and a type."""
    functions = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.args.kwarg
    ]
    assert functions == []


def test_no_module_holds_a_thing_that_changes() -> None:
    """No list, dict or set stands at the top of a module, `__all__` apart."""
    mutable = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    found = [
        f"{path}:{node.lineno}"
        for path, tree in parsed()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, mutable)
        if "__all__" not in ast.unparse(node)
    ]
    assert found == []


def test_each_silenced_check_gives_its_reason() -> None:
    """A silenced check says why on its own line."""
    silent = [
        f"{path}:{number}"
        for path in (*FILES, *sorted((ROOT / "tests").rglob("*.py")))
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "#" in line and (found := SILENCED.search(line.partition("#")[2]))
        if not re.search(r"\w{3}", found["reason"])
    ]
    assert silent == []


# --- the front door ---------------------------------------------------------------------------


def test_the_front_door_opens_without_the_heavy_libraries() -> None:
    """All public names together start no compiler, solver, graph library or test tool."""
    assert [name for name in HEAVY if name in entered("from kompetanse_core import *")] == []


def test_a_room_is_entered_when_its_name_is_asked_for() -> None:
    """`import kompetanse_core` enters no room, and a name only what its own room needs."""
    rooms = {name for name in entered("import kompetanse_core") if name.startswith("kompetanse_")}
    assert rooms == {"kompetanse_core"}
    text = entered("from kompetanse_core import Text")
    assert "kompetanse_core.model.text" in text
    assert not {"numpy", "kompetanse_core.plan"} & set(text)


def entered(line: str) -> list[str]:
    """Run one line in a fresh interpreter, and list the modules that it has loaded then."""
    script = f"{line}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return list(json.loads(run.stdout))


def test_the_plate_on_the_front_door_lists_what_is_behind_it() -> None:
    """The imports and `__all__` of the plate name the same, and each name leads somewhere."""
    plate = ast.parse((SRC / "kompetanse_core" / "__init__.pyi").read_text("utf-8"))
    *imports, listed = plate.body
    names = [name.name for line in imports for name in getattr(line, "names", ())]
    assert isinstance(listed, ast.Assign)
    assert sorted(names) == sorted(ast.literal_eval(listed.value)) == kompetanse_core.__all__
    assert [name for name in names if getattr(kompetanse_core, name, None) is None] == []


def test_the_front_door_knows_no_other_name() -> None:
    """A name that is not on the plate is refused as any module refuses it."""
    with pytest.raises(AttributeError, match="'kompetanse_core' has no attribute 'nothing'"):
        kompetanse_core.nothing  # type: ignore[attr-defined]  # noqa: B018  it is not there


def test_every_adapter_is_on_the_door_plate() -> None:
    """The adapters that stand in the folder are the ones that the distribution announces."""
    rooms = {
        path.stem for path in (SRC / "kompetanse_adapters").iterdir() if path.suffix != ".typed"
    }
    modules = [e.module.split(".") for e in entry_points(group="kompetanse")]
    ours = {parts[1] for parts in modules if parts[0] == "kompetanse_adapters"}
    assert ours == rooms - {"__init__", "__pycache__", "calling", "cli", "example", "reading"}


@pytest.mark.parametrize("group", ["kompetanse", "hypothesis", "console_scripts"])
def test_what_the_door_plate_announces_is_there(group: str) -> None:
    """Every entry point and script of the distribution loads."""
    ours = [entry for entry in entry_points(group=group) if entry.value.startswith("kompetanse_")]
    assert [entry.name for entry in ours if entry.load() is None] == []


# --- what the repository may hold ---------------------------------------------------------------


def tracked() -> Iterator[tuple[str, bytes]]:
    """Each file that git tracks, with its bytes."""
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if run.returncode:
        pytest.skip("not a git checkout, so nothing is tracked")
    for name in filter(None, run.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file():
            yield name, path.read_bytes()


def test_no_machine_and_no_registry_is_named() -> None:
    """No tracked file names a path of somebody's machine or the host of a package registry."""
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org/debian")]
    places = [f"/{name}/" for name in ("work", "root")] + [".".join(host) for host in hosts]
    found = [
        f"{name}: {place}"
        for name, content in tracked()
        for place in places
        if place.encode() in content
    ]
    assert found == []


def test_every_link_between_pages_leads_somewhere() -> None:
    """A relative link in a tracked Markdown page points to a file that is there."""
    dead = [
        f"{name}: {link}"
        for name, content in tracked()
        if name.endswith(".md")
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", content.decode())
        if not (ROOT / name).parent.joinpath(link).exists()
    ]
    assert dead == []


def test_everything_needed_is_pinned_once() -> None:
    """The constraints are plain `name==version` lines, sorted, and cover what we ask for."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    pinned = {normal_name(line) for line in lines}
    assert len(pinned) == len(lines)
    extras = PROJECT["optional-dependencies"]
    wanted = {
        normal_name(line) for line in (*PROJECT["dependencies"], *extras["test"], *extras["cli"])
    }
    assert wanted - pinned - {PROJECT["name"]} == set()


def normal_name(requirement: str) -> str:
    """The name of a distribution in a requirement, as registries compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", requirement)[0]).lower()
