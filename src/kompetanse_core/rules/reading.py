"""What does a rule file say? `load_rules` makes a RuleSet of TOML, or tells every flaw in it.

Clauses F-5 and X-10: a rule set has an edition and a day; another country's is another file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import tomli
from attrs import field, frozen

from kompetanse_core.errors import BadInput, Misuse, Place
from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.rule import ClauseId, Effect, Rule, RuleSet, Stage, Strength
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.rules.check import Check

SCHEMA = 1
"""The edition of the file format that is read here."""

UNNAMED = "unnamed"
"""Stands in for a name that is missing, so that the rest is read and its flaws are told too."""

SET_KEYS = ("schema", "id", "edition", "as_of", "source", "label", "rule")
RULE_KEYS = (
    *("clause", "strength", "effect", "text", "check", "parameters", "source", "lines"),
    *("home", "stage", "advice"),
)

Choice = TypeVar("Choice", bound=Enum)
Built = TypeVar("Built")


@frozen(kw_only=True)
class _Part:
    """One table of the file: its keys, where it stands, and the flaws found so far."""

    keys: dict[str, Any]
    file: str
    where: str = ""
    flaws: list[Finding] = field(factory=list)

    def flaw(self, code: str, text: str, *, key: str = "", hint: str = "") -> None:
        place = Place(file=self.file, column=".".join(filter(None, (self.where, key))))
        self.flaws.append(
            Finding(code=code, severity=Severity.REFUSE, text=text, place=place, hint=hint)
        )

    def within(self, keys: dict[str, Any], where: str) -> _Part:
        return _Part(keys=keys, file=self.file, where=where, flaws=self.flaws)


@cache
def guide_rules() -> RuleSet:
    """Give the shipped rules: every clause of the guide, in our own words."""
    shipped = files("kompetanse_core").joinpath("rules", "guide.toml")
    return load_rules(shipped.read_text("utf-8"))


def load_rules(text_or_path: str | Path) -> RuleSet:
    """Read a rule set from TOML: the text itself, or the path of a file.

    Nothing is guessed: an unknown key, strength, effect, stage or check is refused, and so is a
    clause that stands twice. Every flaw is told at once, with the rule that it stands in.

    Raises:
        BadInput: E101 (not UTF-8), E206 (nothing there), E213, E214, E402, E403, E404, E407, E501
            or E505.
        OSError: If the file cannot be opened.
    """
    file = text_or_path.name if isinstance(text_or_path, Path) else "rules"
    part = _Part(keys={}, file=file)
    table = _table(_text(text_or_path, part), part)
    rules = _rule_set(part.within(table, "")) if not part.flaws else None
    if rules is None or part.flaws:
        raise BadInput(part.flaws)
    return rules


def _text(text_or_path: str | Path, part: _Part) -> str:
    if isinstance(text_or_path, str):
        return text_or_path
    try:
        return text_or_path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        part.flaw("E101", "the file is not in UTF-8", hint="save it as UTF-8")
        return ""


def _table(text: str, part: _Part) -> dict[str, Any]:
    """Parse TOML; a byte order mark is no part of it."""
    text = text.removeprefix("\ufeff")
    if not text.strip() and not part.flaws:
        part.flaw("E206", "there is nothing to read")
    try:
        return tomli.loads(text)
    except RecursionError:
        part.flaw("E403", "nested too deeply")
    except tomli.TOMLDecodeError as error:
        part.flaw("E402" if _repeats(error) else "E407", f"not valid TOML: {error}")
    except ValueError:
        part.flaw("E403", "a number is too long")
    return {}


def _repeats(error: tomli.TOMLDecodeError) -> bool:
    """Whether TOML is refused because a key stands twice, which only its message tells."""
    return any(words in str(error) for words in ("overwrite", "Duplicate", "twice"))


def _rule_set(part: _Part) -> RuleSet | None:
    _only(part, SET_KEYS)
    if part.keys.get("schema") != SCHEMA:
        part.flaw("E404", f"the schema must be {SCHEMA}", key="schema")
    source, tables = _word(part, "source", default=""), part.keys.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        part.flaw("E213", "rules are written as [[rule]] tables", key="rule")
        return None
    rules = [
        _rule(part.within(table, f"rule {place}"), source)
        for place, table in enumerate(tables, start=1)
    ]
    return _built(
        part,
        lambda: RuleSet(
            id=_word(part, "id") or UNNAMED,
            label=_words(part, "label"),
            edition=_word(part, "edition"),
            as_of=_day(part, "as_of"),
            rules=tuple(rule for rule in rules if rule is not None),
        ),
    )


def _rule(part: _Part, source: str) -> Rule | None:
    clause = _word(part, "clause")
    part = part.within(part.keys, f"{part.where} ({clause})" if clause else part.where)
    _only(part, RULE_KEYS)
    strength = _choice(part, "strength", Strength)
    effect = _choice(part, "effect", Effect)
    stage = _choice(part, "stage", Stage) if "stage" in part.keys else None
    check = _choice(part, "check", Check) if "check" in part.keys else None
    return _built(
        part,
        lambda: Rule(
            clause=ClauseId(clause or UNNAMED),
            text=_words(part, "text"),
            strength=strength or Strength.BACKGROUND,
            effect=effect or Effect.NONE,
            check=check.value if check else "",
            parameters=_numbers(part),
            source=_word(part, "source", default=source),
            lines=_word(part, "lines", default=""),
            home=_homes(part),
            stage=stage,
            advice=_words(part, "advice") if "advice" in part.keys else NO_TEXT,
        ),
    )


def _built(part: _Part, build: Callable[[], Built]) -> Built | None:
    """Build a noun; what it refuses about itself becomes a flaw of this part."""
    try:
        return build()
    except Misuse as refusal:
        part.flaw(refusal.code, refusal.text, hint=refusal.hint)
        return None


def _only(part: _Part, known: tuple[str, ...]) -> None:
    for key in part.keys:
        if key not in known:
            part.flaw("E404", "unknown key", key=key, hint=f"one of {', '.join(known)}")


def _word(part: _Part, key: str, *, default: str | None = None) -> str:
    value = part.keys.get(key, default)
    if isinstance(value, str) and (value.strip() or value == default):
        return value
    part.flaw("E214", "text must stand here", key=key)
    return ""


def _words(part: _Part, key: str) -> Text:
    """Read a text: a string in bokmål, or a table with one string for each language."""
    value = part.keys.get(key)
    spoken = {"nb": value} if isinstance(value, str) else value
    if not isinstance(spoken, dict) or not spoken:
        part.flaw("E214", "text must stand here", key=key)
        return NO_TEXT
    languages = part.within(spoken, f"{part.where}.{key}".strip("."))
    _only(languages, ("nb", "nn", "en"))
    return Text(*(_word(languages, each, default="") for each in ("nb", "nn", "en")))


def _choice(part: _Part, key: str, choices: type[Choice]) -> Choice | None:
    word = _word(part, key)
    for choice in choices:
        if choice.value == word:
            return choice
    if word:
        known = ", ".join(str(choice.value) for choice in choices)
        part.flaw("E213", f"{word!r} may not stand here", key=key, hint=f"one of {known}")
    return None


def _day(part: _Part, key: str) -> date:
    value = part.keys.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    part.flaw("E214", "a day must stand here", key=key, hint="written 2027-01-31")
    return date.min


def _numbers(part: _Part) -> tuple[tuple[str, int], ...]:
    numbers = part.keys.get("parameters", {})
    if isinstance(numbers, dict) and all(type(number) is int for number in numbers.values()):
        return tuple(sorted(numbers.items()))
    part.flaw("E501", "parameters are whole numbers", key="parameters")
    return ()


def _homes(part: _Part) -> tuple[str, ...]:
    homes = part.keys.get("home", [])
    if isinstance(homes, list) and all(isinstance(home, str) for home in homes):
        return tuple(homes)
    part.flaw("E213", "a home is a list of words", key="home")
    return ()
