"""Which rules hold here? RulesInForce: the floor's rules, and what a local set refines in them.

Clauses T-3, T-4, X-6 and X-7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve, frozen

from kompetanse_core.errors import BadInput, Misuse, Place
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.rule import Effect, Rule, RuleSet, Stage, Strength
from kompetanse_core.rules.check import LONGEST, NUMBERS
from kompetanse_core.rules.reading import guide_rules

EFFECTS = (Effect.NONE, Effect.OFFER, Effect.WARN, Effect.STOP)
"""From the weakest to the strongest."""

STRENGTHS = tuple(Strength)
"""From the most binding to the least."""

UNKNOWN = "there is no such clause; {} is written otherwise"
UNCHECKED = "a rule that stops names the check that it stops on"
HINT = "a local set may refine the floor and never weaken it (T-3)"


@frozen(kw_only=True)
class RulesInForce:
    """Gjeldende regler: one rule for each clause, and the sets that they came from, floor first."""

    sets: tuple[RuleSet, ...]
    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        """Yield the rules in the order of the floor, then what a local set adds."""
        return iter(self.rules)

    def __len__(self) -> int:
        """Count the rules."""
        return len(self.rules)

    def rule(self, clause: str) -> Rule:
        """Find the rule of a clause.

        Raises:
            Misuse: E503, if no set has it.
        """
        for rule in self.rules:
            if rule.clause == clause:
                return rule
        raise Misuse("E503", f"no rule set has the clause {clause!r}")

    def parameter(self, clause: str, name: str) -> int:
        """Give one of the numbers that a clause's check or rule of thumb reads (X-6).

        Raises:
            Misuse: E503, if there is no such clause or number.
        """
        return self.rule(clause).parameter(name)

    def thumb(self, clause: str) -> Rule:
        """Find a rule of thumb (R-7, R-8, D-2): the guide's own where no set here has one.

        How people learn is advice, and much the same in another country.

        Raises:
            Misuse: E503, if the guide has none either.
        """
        own = (rule for rule in self.rules if rule.clause == clause)
        return next(own, None) or guide_rules().rule(clause)

    def refined(self) -> tuple[Rule, ...]:
        """Give the rules that a local set has changed or added (T-3)."""
        floor = frozenset(self.sets[0].rules)
        return tuple(rule for rule in self.rules if rule not in floor)

    def guidance(self, stage: Stage) -> tuple[Rule, ...]:
        """Give the rules that have an advice for a stage of the work (F-4)."""
        return tuple(rule for rule in self.rules if rule.advice and rule.stage is stage)


def rules_in_force(enterprise: Enterprise, *, floor: RuleSet | None = None) -> RulesInForce:
    """Lay an enterprise's local sets over the floor: they may refine it, never weaken it (T-3).

    A local rule for a clause of the floor may have other words, and other numbers up to ten years.
    Its effect and strength may be higher, yet it makes no stop of what the floor does not stop.
    `floor` is the guide unless another country's or agreement's set is given.

    Raises:
        BadInput: E516, with every local rule that weakens the floor; E503, with every one whose
            clause is the floor's but for how it is written; E214, with every rule that
            stops without a check or lacks a number that its check reads; E213, with every number
            of the floor that is out of range.
    """
    ground = guide_rules() if floor is None else floor
    flaws = tuple(flaw for local in enterprise.rule_sets for flaw in _refusals(local, ground))
    if flaws:
        raise BadInput(flaws)
    rules = {rule.clause: rule for rule in ground.rules}
    for local in enterprise.rule_sets:
        rules |= {rule.clause: _refined(rules.get(rule.clause), rule) for rule in local.rules}
    lacking = tuple(flaw for rule in rules.values() for flaw in _unanswerable(rule))
    if lacking:
        raise BadInput(lacking)
    return RulesInForce(sets=(ground, *enterprise.rule_sets), rules=tuple(rules.values()))


def _unanswerable(rule: Rule) -> Iterator[Finding]:
    """Tell where a rule stops without a check, or lacks a number that its check reads."""
    place = Place(file=rule.source, column=rule.clause)
    if rule.effect is Effect.STOP and not rule.check:
        yield Finding(code="E214", severity=Severity.REFUSE, text=UNCHECKED, place=place)
    for name in NUMBERS.get(rule.check, ()):
        if name not in dict(rule.parameters):
            text = f"the check {rule.check} reads the number {name}"
            yield Finding(code="E214", severity=Severity.REFUSE, text=text, place=place)
    for text in _out_of_range(rule):
        yield Finding(code="E213", severity=Severity.REFUSE, text=text, place=place)


def _refusals(local: RuleSet, floor: RuleSet) -> Iterator[Finding]:
    """Tell where a local set weakens the floor, rule by rule."""
    firm = {rule.clause: rule for rule in floor.rules}
    plain = {plainly(clause): clause for clause in firm}
    for rule in local.rules:
        if rule.clause not in firm and (meant := plain.get(plainly(rule.clause))):
            place = Place(file=local.id, column=rule.clause)
            yield Finding(
                code="E503", severity=Severity.REFUSE, text=UNKNOWN.format(meant), place=place
            )
        for text in _weaker(rule, firm[rule.clause]) if rule.clause in firm else _added(rule):
            place = Place(file=local.id, column=rule.clause)
            yield Finding(code="E516", severity=Severity.REFUSE, text=text, place=place, hint=HINT)


def plainly(clause: str) -> str:
    """Write a clause id without what a slip of the pen changes: case, spaces, dashes, noughts."""
    close = re.sub(r"[–.]", "-", re.sub(r"\s", "", clause).upper())
    joined = re.sub(r"(?<=[^\W\d_])-(?=\d)", "", close)
    return re.sub(r"(?<!\d)0+(?=\d)", "", joined)


def _weaker(rule: Rule, floor: Rule) -> Iterator[str]:
    """Say in which ways a local rule is weaker than the floor's, or harder than it may be."""
    if EFFECTS.index(rule.effect) < EFFECTS.index(floor.effect):
        yield f"its effect is {rule.effect.value}, the floor's is {floor.effect.value}"
    if rule.effect is Effect.STOP and floor.effect is not Effect.STOP:
        yield "it makes a stop of what the floor does not stop"
    if STRENGTHS.index(rule.strength) > STRENGTHS.index(floor.strength):
        yield f"its strength is {rule.strength.value}, the floor's is {floor.strength.value}"
    if floor.check and rule.check != floor.check:
        yield f"it drops the check {floor.check}"
    known = {*dict(floor.parameters), *NUMBERS.get(rule.check, ())}
    for name in sorted(dict(rule.parameters).keys() - known):
        yield f"the floor has no number {name}"
    yield from _out_of_range(rule)


def _added(rule: Rule) -> Iterator[str]:
    if rule.effect is Effect.STOP:
        yield "it makes a stop of what the floor does not stop"
    yield from _out_of_range(rule)


def _out_of_range(rule: Rule) -> Iterator[str]:
    """Say which numbers leave nothing of the rule: below nothing, or longer than ten years."""
    for name, number in rule.parameters:
        if name in NUMBERS.get(rule.check, ()) and not 0 <= number <= LONGEST[name]:
            yield f"its {name} is {number}, and goes from 0 to {LONGEST[name]}"


def _refined(floor: Rule | None, local: Rule) -> Rule:
    """Lay a local rule over the floor's: what it leaves out stays as it was."""
    if floor is None:
        return local
    numbers = dict(floor.parameters) | dict(local.parameters)
    return evolve(
        local,
        parameters=tuple(sorted(numbers.items())),
        lines=floor.lines,
        home=floor.home,
        stage=local.stage or floor.stage,
        advice=local.advice or floor.advice,
    )
