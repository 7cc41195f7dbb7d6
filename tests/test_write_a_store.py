"""Does the store of docs/how-to/write-a-store.md keep what a store promises?"""

import re
import types
from pathlib import Path

from kompetanse_core import Plugins

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "write-a-store.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def built() -> types.ModuleType:
    """The module that a reader has who types every block of the page, and nothing else."""
    module = types.ModuleType("shelf")
    exec(compile("\n".join(BLOCKS), str(PAGE), "exec"), module.__dict__)
    return module


SHELF = built()
TestShelf = SHELF.TestShelf


def test_the_plugins_find_it(tmp_path: Path) -> None:
    """Handed in as a module, it is offered and opened by its name."""
    store = Plugins(SHELF).store("shelf", str(tmp_path / "shelf"))
    assert store.history() == ()
    assert Plugins(SHELF).listing()[0].state.value == "loaded"


def test_it_is_as_short_as_the_page_says() -> None:
    """About eighty lines, not counting imports, docstrings and blank lines."""
    lines = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
    code = [line for line in lines if not line.lstrip().startswith(("import", "from", '"""'))]
    assert 60 <= len(code) <= 90
