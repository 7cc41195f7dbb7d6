"""Does every noun have its Norwegian term, and is it the guide's? docs/reference/glossary.md."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"

AGREED = {
    "Competence": "Kompetanse",
    "Facet": "Fasett",
    "Scale": "Nivåskala",
    "Task": "Oppgave",
    "Role": "Rolle",
    "Requirement": "Kompetansekrav",
    "Headcount": "Bemanningskrav",
    "Goal": "Mål",
    "Driver": "Utløsende forhold",
    "Need": "Behov",
    "Employee": "Ansatt",
    "Unit": "Enhet",
    "Evidence": "Dokumentasjon",
    "Assessment": "Vurdering",
    "Wish": "Ønske",
    "Gap": "Kompetansegap",
    "Unused": "Ubrukt kompetanse",
    "Strategy": "Strategi",
    "Option": "Alternativ",
    "Measure": "Tiltak",
    "Recommendation": "Tiltaksforslag",
    "Limits": "Rammer",
    "Plan": "Kompetanseplan",
    "IndividualPlan": "Individuell opplæringsplan",
    "Scenario": "Scenario",
    "Report": "Rapport",
    "Source": "Kilde",
    "Store": "Lager",
    "Renderer": "Gjengivelse",
}
"""The words that the design settled; all others are the nouns' own."""


def script() -> ModuleType:
    """The script that writes the page, loaded from the docs."""
    spec = importlib.util.spec_from_file_location("glossary_page", FOLDER / "glossary_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_as_the_script_writes_it() -> None:
    """Nobody has edited the page by hand, and no noun was renamed without it."""
    assert (FOLDER / "glossary.md").read_text("utf-8") == script().page(script().terms())


@pytest.mark.parametrize(("name", "term"), AGREED.items())
def test_a_noun_begins_with_its_norwegian_term(name: str, term: str) -> None:
    """The first word of the docstring is the term that was agreed."""
    assert script().terms()[name][0] == term
