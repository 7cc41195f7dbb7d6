"""Is what is kept outside the program exactly what it was?"""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core import (
    Actor,
    Competence,
    Enterprise,
    Misuse,
    Requirement,
    Rule,
    guide_rules,
)
from kompetanse_core.conformance import NOUNS, enterprises, nouns
from kompetanse_core.hooks import as_json, from_json, from_plain, plain
from kompetanse_core.model.plain import Plain

ACTOR = {"id": "a1", "kind": "leader", "unit": None, "employee": None}


@given(enterprises())
def test_a_whole_enterprise_comes_back_as_it_was(enterprise: Enterprise) -> None:
    """Reading what was written gives what was written, and writing it again the same text."""
    text = as_json(enterprise)
    assert from_json(text) == enterprise
    assert as_json(from_json(text)) == text


@given(st.sampled_from(NOUNS).flatmap(nouns))
def test_every_noun_comes_back_through_json(noun: object) -> None:
    """Each noun of the model has a plain form that JSON can hold, nothing rounded or renamed."""
    assert from_plain(type(noun), json.loads(json.dumps(plain(noun)))) == noun


def test_the_rules_of_the_guide_come_back() -> None:
    """Rule sets hold pairs of a word and a number; all of the guide's come back."""
    enterprise = Enterprise(rule_sets=(guide_rules(),))
    assert from_json(as_json(enterprise)) == enterprise
    with pytest.raises(Misuse) as refused:
        from_plain(Rule, {**_fields(guide_rules().rules[0]), "parameters": [["months"]]})
    assert refused.value.code == "E904"


def test_a_field_added_later_takes_its_default() -> None:
    """An older text, without a field that has a default, is still read."""
    assert from_plain(Actor, {"id": "a1", "kind": "leader"}) == from_plain(Actor, ACTOR)


@pytest.mark.parametrize(
    ("noun", "given", "code"),
    [
        (Actor, {**ACTOR, "membership": "x"}, "E404"),
        (Actor, {**ACTOR, "kind": "king"}, "E213"),
        (Actor, {**ACTOR, "kind": 1}, "E904"),
        (Actor, {**ACTOR, "unit": 7}, "E904"),
        (Actor, {"id": "a1"}, "E214"),
        (Actor, {**ACTOR, "id": "\u200b"}, "E105"),
        (Actor, [], "E904"),
        (Competence, None, "E904"),
        (Requirement, {"level": True}, "E904"),
        (Requirement, {"level": 3.0}, "E904"),
        (Requirement, {"start": "01.01.2027"}, "E211"),
        (Requirement, {"proof": "certificate"}, "E904"),
    ],
)
def test_bad_input_58_only_what_the_field_promises(noun: type, given: object, code: str) -> None:
    """Another type, an unknown key or a word that may not stand there is refused, not coerced."""
    with pytest.raises(Misuse) as refused:
        from_plain(noun, given)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E407"),
        ("[" * 100_000, "E407"),
        ("[]", "E404"),
        ('{"enterprise": {}}', "E404"),
        ('{"schema": 2, "enterprise": {}}', "E404"),
    ],
)
def test_bad_input_59_another_text_or_schema_is_refused(text: str, code: str) -> None:
    """What is no JSON, nested too deeply, or of a newer schema is refused with its reason."""
    with pytest.raises(Misuse) as refused:
        from_json(text)
    assert refused.value.code == code


def test_no_value_is_echoed() -> None:
    """A refusal names types and nouns, never what stood there."""
    with pytest.raises(Misuse) as refused:
        from_plain(Actor, {**ACTOR, "employee": ["secret-pseudonym"]})
    assert "secret" not in str(refused.value)


def test_what_has_no_plain_form_is_refused() -> None:
    """A value that no field of a noun can hold is not written by guess."""
    for value in (1.5, object(), b"bytes"):
        with pytest.raises(Misuse):
            plain(value)
    assert plain(datetime(2027, 1, 1, tzinfo=UTC)) == "2027-01-01T00:00:00+00:00"
    assert _fields(Enterprise())["assessments"] == []


def _fields(noun: object) -> dict[str, Plain]:
    fields = plain(noun)
    assert isinstance(fields, dict)
    return fields
