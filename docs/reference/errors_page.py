"""Which codes are there? Write the reference page of errors from the list of codes.

Run `python docs/reference/errors_page.py`; a test compares the page with `kompetanse_core.CODES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kompetanse_core import CODES

PAGE = Path(__file__).with_name("errors.md")

FAMILIES = (
    ("1", "Text and encoding"),
    ("2", "Tables"),
    ("3", "Workbooks"),
    ("4", "TOML, JSON and paths"),
    ("5", "What the facts say"),
    ("55", "Privacy, and what a plugin yields"),
    ("6", "Plugins"),
    ("7", "Sources"),
    ("8", "Stores"),
    ("9", "Numbers and solving"),
)

HEAD = """# Codes

Made from the list of codes by `docs/reference/errors_page.py`; change it there.

A code never changes its meaning.
Its first letter says how much it weighs in data: `E` is severe enough to refuse, `W` is a warning,
`N` is a note. A finding says itself how severe it is: a code with `E` may be a warning where the
enterprise can still be trusted.

A message has a code, a place (file, row, column) and most often a hint.
It never repeats what stands in a personal column.

| exit code of `kompetanse` | when |
|---|---|
| 0 | all is well |
| 1 | there are findings above the limit that `--fail-on` asked for |
| 2 | the command was given something that cannot be |
| 3 | the input was refused |
| 4 | a source or store is not there or cannot be read or written |
| 5 | refused for privacy, or a decision that a rule stops |
| 6 | a plugin failed |
| 70 | an error in kompetanse itself |
| 130 | interrupted (Ctrl-C): nothing by half; a plan is the best so far, marked so |
| 143 | told to end (SIGTERM); nothing is written by half |
"""


def page(codes: Mapping[str, str]) -> str:
    """Write the whole page."""
    return HEAD + "".join(section(start, name, codes) for start, name in FAMILIES)


def section(start: str, name: str, codes: Mapping[str, str]) -> str:
    """Write the table of one family."""
    rows = "".join(f"| {code} | {text} |\n" for code, text in of_family(start, codes))
    return f"\n## {name}\n\n| code | means |\n|---|---|\n{rows}"


def of_family(start: str, codes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the codes of a family by number, the letter last; the longest start decides."""
    for code in sorted(codes, key=lambda code: (code[1:], code[0])):
        if max((s for s, _ in FAMILIES if code[1:].startswith(s)), key=len) == start:
            yield code, codes[code]


if __name__ == "__main__":
    PAGE.write_text(page(CODES), "utf-8")
