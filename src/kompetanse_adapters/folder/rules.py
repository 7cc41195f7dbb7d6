"""Which local rules stand in a folder? Rule sets, read from and written as files of their own.

Every file whose name begins with `rules` and ends with `.toml` is one set, in the order of names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from kompetanse_adapters.folder.nouns import Nouns
from kompetanse_core import BadInput, Finding, Rule, RuleSet, load_rules

BEGINS, ENDS = "rules", ".toml"
SCHEMA = 1
"""The edition of the format of rules that is written."""


def holds_rules(name: str) -> bool:
    """Say whether a file of this name holds a rule set."""
    return name.startswith(BEGINS) and name.endswith(ENDS)


def read_rules(text: str, file: str) -> Nouns:
    """Read one rule set; what is wrong with it is told in the file where it stands."""
    try:
        return Nouns(nouns=(load_rules(text),))
    except BadInput as refusal:
        found = (each for each in refusal.findings if isinstance(each, Finding))
        return Nouns(
            findings=tuple(evolve(each, place=evolve(each.place, file=file)) for each in found)
        )


def files_of(sets: Sequence[RuleSet]) -> Iterator[tuple[str, RuleSet]]:
    """Name the file of each rule set, so that the order of names is theirs."""
    width = len(str(len(sets)))
    for number, rules in enumerate(sets, start=1):
        yield (f"{BEGINS}{ENDS}" if len(sets) == 1 else f"{BEGINS}-{number:0{width}}{ENDS}"), rules


def set_keys(rules: RuleSet) -> dict[str, object]:
    """Give what stands at the top of a rule set."""
    return {"id": rules.id, "label": rules.label, "edition": rules.edition, "as_of": rules.as_of}


def rule_keys(rule: Rule) -> dict[str, object]:
    """Give what is written of a rule: what it must say, and what else it says."""
    must: dict[str, object] = {
        "clause": rule.clause,
        "strength": rule.strength,
        "effect": rule.effect,
        "text": rule.text,
    }
    may: dict[str, object] = {
        "check": rule.check,
        "parameters": dict(rule.parameters),
        "source": rule.source,
        "lines": rule.lines,
        "home": rule.home,
        "stage": rule.stage,
        "advice": rule.advice,
    }
    return must | {key: value for key, value in may.items() if value}
