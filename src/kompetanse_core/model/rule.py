"""Which rules are there? Rule, its Strength in the guide's words and its Effect, and RuleSet."""

from __future__ import annotations

from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, NewType

from attrs import Attribute, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.validators import ident

ClauseId = NewType("ClauseId", str)


class Effect(Enum):
    """Virkning: what the library does when a rule is not kept."""

    STOP = "stop"
    WARN = "warn"
    OFFER = "offer"
    NONE = "none"


class Strength(Enum):
    """Styrke: how binding the guide's own words are, weakest last."""

    AGREEMENT_SHALL = "HA-skal"
    AGREEMENT_SHOULD = "HA-bør"
    AGREEMENT = "HA"
    SHALL = "skal"
    NECESSARY = "nødvendig"
    SHOULD = "bør"
    IMPORTANT = "viktig"
    RULE_OF_THUMB = "regel"
    MAY = "kan"
    EXAMPLE = "eks"
    QUESTION = "spørsmål"
    DEFINITION = "def"
    BACKGROUND = "bg"


class Stage(Enum):
    """Arbeidstrinn: where in the work an advice helps, in the order of the guide's chain (F-4)."""

    NEEDS = "needs"
    MAPPING = "mapping"
    GAP = "gap"
    MEASURES = "measures"
    PLAN = "plan"
    COOPERATION = "cooperation"
    LEARNING = "learning"


@frozen(kw_only=True)
class Rule:
    """Regel: one clause as data: how strong it is, what it does, and which check it names.

    `check` is the name of a registered function, empty where there is nothing to check.
    `parameters` are whole numbers that the check reads. `home` says where the clause lives: in
    code (a dotted name inside `kompetanse_core`), in the follow-up, or as guidance: the `advice`
    that is given at a `stage` of the work.
    """

    clause: ClauseId = field(validator=ident)
    text: Text
    strength: Strength
    effect: Effect
    check: str = ""
    parameters: tuple[tuple[str, int], ...] = ()
    source: str = ""
    lines: str = ""
    """Where the clause stands in the guide's text."""
    home: tuple[str, ...] = ()
    stage: Stage | None = None
    advice: Text = NO_TEXT

    def parameter(self, name: str) -> int:
        """Give one of the numbers that the check reads.

        Raises:
            Misuse: E503, if the rule has no such parameter.
        """
        found = MappingProxyType(dict(self.parameters)).get(name)
        if found is None:
            raise Misuse("E503", f"rule {self.clause} has no parameter {name!r}")
        return found


@frozen(kw_only=True)
class RuleSet:
    """Regelsett: the rules of one guide or agreement, in one edition."""

    id: str = field(validator=ident)
    label: Text
    edition: str
    as_of: date
    rules: tuple[Rule, ...] = field()

    @rules.validator
    def _distinct(self, attribute: Attribute[Any], rules: tuple[Rule, ...]) -> None:
        if len({rule.clause for rule in rules}) != len(rules):
            raise Misuse("E505", "a rule set names a clause twice")

    def rule(self, clause: str) -> Rule:
        """Find the rule of a clause.

        Raises:
            Misuse: E503, if the set has none.
        """
        for rule in self.rules:
            if rule.clause == clause:
                return rule
        raise Misuse("E503", f"rule set {self.id} has no clause {clause!r}")
