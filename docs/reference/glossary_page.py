"""What is it called in Norwegian? Write the glossary from the first line of every public noun.

Run `python docs/reference/glossary_page.py`; a test compares the page with the front door.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path

import kompetanse_core

PAGE = Path(__file__).with_name("glossary.md")

HEAD = """# Glossary

Made from the first line of every public noun by `docs/reference/glossary_page.py`; change it there.
Norwegian is the primary vocabulary of the guide; the English word is the field's standard term.

| in the code | på norsk | what it is |
|---|---|---|
"""
LINE = re.compile(r"(?P<term>[A-ZÆØÅ][^:]{1,70}): (?P<said>.+)")


def terms() -> Mapping[str, tuple[str, str]]:
    """Give the Norwegian term and the first sentence of each public noun that has one."""
    nouns = ((name, getattr(kompetanse_core, name)) for name in kompetanse_core.__all__)
    opened = ((name, inspect.getdoc(noun) or "") for name, noun in nouns if inspect.isclass(noun))
    found = ((name, LINE.match(" ".join(text.split("\n\n")[0].split()))) for name, text in opened)
    return {name: (match["term"], match["said"]) for name, match in found if match}


def page(glossary: Mapping[str, tuple[str, str]]) -> str:
    """Write the whole page."""
    rows = (f"| `{name}` | {term} | {said} |\n" for name, (term, said) in glossary.items())
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(terms()), "utf-8")
