"""Is everything that is found told in the language of the report, and nobody given away by it?"""

from __future__ import annotations

import re
from functools import cache

import pytest
from tests.report.test_groups import analysed, hospital

from kompetanse_core import (
    CODES,
    Analysis,
    Audience,
    Finding,
    Language,
    Place,
    Points,
    Severity,
    make_report,
)
from kompetanse_core.report.meanings import MEANINGS
from kompetanse_core.report.remarks import COUNTED, SENTENCES, Sentence

ENGLISH = {"the", "and", "of", "are", "with", "which", "what", "missing", "competence", "unit"}


@cache
def chain() -> Analysis:
    """Go through the chain of the bundled hospital once."""
    return analysed(hospital())


@cache
def told(language: Language, *findings: Finding) -> tuple[str, ...]:
    """Give the points about what was found in the bundled hospital, and in reading it."""
    report = make_report(chain(), audience=Audience.PARTIES, language=language, findings=findings)
    section = next(section for section in report.sections if section.id == "funn")
    return tuple(p for block in section.blocks if isinstance(block, Points) for p in block.points)


def found(code: str, file: str = "employees.csv") -> Finding:
    """Find something in a file, with an English text."""
    place = Place(file=file, row=3)
    return Finding(code=code, severity=Severity.WARNING, text="what the text says", place=place)


def test_every_code_has_its_meaning_in_norwegian() -> None:
    """Whatever can be found can be told: each code has a text in Norwegian, and none is English."""
    assert CODES.keys() - MEANINGS.keys() == set()
    assert [code for code, text in MEANINGS.items() if text == CODES.get(code)] == []


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_has_the_same_places_in_both_languages(code: str) -> None:
    """What is filled in in one language is filled in in the other, and the name is among it."""
    sentence = SENTENCES[code]
    other = Sentence(names=sentence.names, nb=sentence.en, en=sentence.nb)
    assert sentence.places == other.places
    assert sentence.names in sentence.places


def test_no_code_is_told_in_another_language_than_the_report() -> None:
    """A finding that names nothing is told by what its code means, and where."""
    findings = tuple(found(code) for code in sorted(CODES))
    for language, meanings in ((Language.NB, MEANINGS), (Language.EN, CODES)):
        points = told(language, *findings)
        for code in CODES.keys() - COUNTED:
            text = meanings[code]
            assert f"{text[:1].upper()}{text[1:]}: employees.csv:3." in points
        assert not any("hat the text says" in point for point in points)


def test_the_report_of_the_bundled_example_has_no_english_word() -> None:
    """The findings of the whole chain are Norwegian, by the labels of what they name."""
    points = told(Language.NB)
    assert not set(re.findall(r"\w+", " ".join(points).lower())) & ENGLISH
    assert any("Ellære" in point for point in points)


def test_what_differs_in_one_name_is_told_in_one_sentence() -> None:
    """One sentence lists the competences that no measure lifts, in English too."""
    for language, words in ((Language.NB, "Ingen tiltak løfter"), (Language.EN, "No measure")):
        assert sum(point.startswith(words) for point in told(language)) == 1


def test_bad_input_84_a_finding_about_few_is_not_told() -> None:
    """FAULTS 84: a competence that is asked of four is named in no finding, nor a count of them."""
    gaps = chain().gaps
    named = [dict(each.about).get("competence") for each in chain().findings]
    asked = {
        each: {row.employee for row in gaps if row.competence == each} for each in named if each
    }
    labels = {each.id: each.label.read(Language.NB) for each in hospital().competences}
    few = {labels[name] for name, people in asked.items() if len(people) < 5}  # type: ignore[index]  # ids of competences
    assert few
    assert not [label for label in few if any(label in point for point in told(Language.NB))]
    assert "Andre funn er om så få at de ikke nevnes her." in told(Language.NB)


def test_many_places_are_counted() -> None:
    """More than three places of one code are a number."""
    points = told(Language.NB, *(found("W208", f"{number}.csv") for number in range(4)))
    assert "En fil er ikke lest: 4 steder." in points


def test_a_code_of_somebody_elses_is_told_in_its_own_words() -> None:
    """A plugin's own code has no translation here; its text stands."""
    assert "What the text says: employees.csv:3." in told(Language.NB, found("X999"))
