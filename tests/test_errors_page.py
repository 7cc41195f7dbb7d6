"""Does the page of codes say what the code says? docs/reference/errors.md."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from kompetanse_core import CODES

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"


def script() -> ModuleType:
    """The script that writes the page, loaded from the docs."""
    spec = importlib.util.spec_from_file_location("errors_page", FOLDER / "errors_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_as_the_script_writes_it() -> None:
    """Nobody has edited the page by hand, and no code was added without it."""
    assert (FOLDER / "errors.md").read_text("utf-8") == script().page(CODES)


def test_every_code_stands_on_the_page_once() -> None:
    """Each code has one row with its meaning."""
    rows = re.findall(r"^\| ([EWN]\d{3}) \| (.+) \|$", script().page(CODES), re.MULTILINE)
    assert dict(rows) == dict(CODES)
    assert len(rows) == len(CODES)


def test_codes_have_one_form() -> None:
    """A code is E, W or N and three digits; of one number there are at most two letters."""
    assert [code for code in CODES if not re.fullmatch(r"[EWN]\d{3}", code)] == []
