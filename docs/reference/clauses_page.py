"""Which clauses are there, and where does each live? Write the reference page of the rule set.

Run `python docs/reference/clauses_page.py`; a test compares the page with the shipped rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kompetanse_core.model.rule import Rule, RuleSet, Stage
from kompetanse_core.rules import guide_rules

PAGE = Path(__file__).with_name("clauses.md")

CHAPTERS = {
    "F": "Foreword",
    "K": "What competence is",
    "H": "What it is for",
    "P": "Co-operation of the parties",
    "A": "Hovedavtalen § 44",
    "T": "Union representatives",
    "B": "Where needs come from",
    "M": "Mapping",
    "S": "The appraisal conversation",
    "D": "Learning in daily work",
    "G": "Gap analysis and the three questions",
    "R": "The breadth of measures",
}

HEAD = """# Clauses

Made from `src/kompetanse_core/rules/guide.toml` by `docs/reference/clauses_page.py`.

Every clause of the guide, in our own words, with how binding the guide's words are (strength), what
the library does when it is not kept (effect), and where it lives (home).

| effect | what happens |
|---|---|
| stop | a decision is refused: only A-15, B-16 and R-5 |
| warn | the follow-up says that it is missing |
| offer | the follow-up or a recommendation mentions it; nothing warns |
| none | a definition or background: there is nothing to keep |

A home is a name inside `kompetanse_core`, *follow-up* with the name of the check, or *guidance*: an
advice that is given at a stage of the work.
Numbers after a check are ours unless the guide names them; a local rule set may change them.
It may refine the rules and never weaken them (T-3).

"""


def page(rules: RuleSet) -> str:
    """Write the whole page."""
    chapters = groupby(rules.rules, key=lambda rule: rule.clause.partition("-")[0])
    tables = "".join(chapter(CHAPTERS[letter], tuple(each)) for letter, each in chapters)
    return f"{HEAD}{rules.edition}.\n{tables}\n# Guidance\n{''.join(guidance(rules))}"


def chapter(name: str, rules: tuple[Rule, ...]) -> str:
    """Write the table of one chapter."""
    head = "| clause | bokmål | English | strength | effect | home | lines |\n"
    rows = "".join(f"| {' | '.join(cells(rule))} |\n" for rule in rules)
    return f"\n## {name}\n\n{head}|{'---|' * 7}\n{rows}"


def cells(rule: Rule) -> tuple[str, ...]:
    """Write the cells of one clause."""
    return (
        rule.clause,
        rule.text.nb,
        rule.text.en,
        rule.strength.value,
        rule.effect.value,
        "<br>".join(homes(rule)),
        rule.lines,
    )


def homes(rule: Rule) -> Iterator[str]:
    """Write where a clause lives, its check and its numbers."""
    for home in rule.home:
        if home == "follow-up":
            yield f"*follow-up*: {rule.check}"
        else:
            yield f"*{home}*" if home == "guidance" else f"`{home}`"
    yield from (f"{name} = {number}" for name, number in rule.parameters)


def guidance(rules: RuleSet) -> Iterator[str]:
    """Write the advice of each stage of the work."""
    for stage in Stage:
        yield f"\n## {stage.value.capitalize()}\n\n| clause | bokmål | English |\n|---|---|---|\n"
        for rule in rules.rules:
            if rule.stage is stage:
                yield f"| {rule.clause} | {rule.advice.nb} | {rule.advice.en} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(guide_rules()), "utf-8")
