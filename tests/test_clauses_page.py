"""Does the page of clauses say what the rule set says? docs/reference/clauses.md."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from attrs import evolve

from kompetanse_core.rules import guide_rules

ROW = re.compile(
    r"^\| ([A-Z]-\d+) \|(?:[^|]+\|){2} ([^|]+) \| ([a-z]+) \| ([^|]+) \|", re.MULTILINE
)
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"


def script() -> ModuleType:
    """The script that writes the page, loaded from the docs."""
    spec = importlib.util.spec_from_file_location("clauses_page", FOLDER / "clauses_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_as_the_script_writes_it() -> None:
    """Nobody has edited the page by hand, and no rule was changed without it."""
    assert (FOLDER / "clauses.md").read_text("utf-8") == script().page(guide_rules())


def test_another_rule_makes_another_page() -> None:
    """The page follows the rules: another line of one rule is seen on it."""
    rules = guide_rules()
    moved = evolve(rules.rules[-1], lines="499")
    other = evolve(rules, rules=(*rules.rules[:-1], moved))
    assert script().page(other) != script().page(rules)


def test_every_clause_has_a_row_with_its_home() -> None:
    """Each clause has one row that says how binding it is and where it lives."""
    rows = ROW.findall(page())
    assert [row[0] for row in rows] == [rule.clause for rule in guide_rules().rules]
    assert all(home.strip() for *_, home in rows)


def test_every_advice_is_on_the_page() -> None:
    """Guidance is there in both languages, under its stage."""
    written = page()
    for rule in guide_rules().rules:
        if rule.advice:
            assert f"| {rule.clause} | {rule.advice.nb} | {rule.advice.en} |" in written


def page() -> str:
    """The page as it lies in the docs."""
    return (FOLDER / "clauses.md").read_text("utf-8")
