"""Does the record of processing tell what is stated, and the template ask for the rest?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import pytest

from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.mapping import Breadth, DesignId, MappingDesign
from kompetanse_core.model.privacy import ActorKind, Basis, Kept, Purpose, Retention
from kompetanse_core.model.text import Language, Text
from kompetanse_core.report.page import Grid, Points
from kompetanse_core.report.processing import (
    GROUNDS,
    KINDS,
    PURPOSES,
    SEATS,
    privacy_assessment,
    processing_register,
)

DESIGN = MappingDesign(
    id=DesignId("2026"), breadth=Breadth.DETAILED, method=Text(nb="Samtale", en="Talk"), months=18
)


def test_every_rule_of_retention_is_told_in_order() -> None:
    """M-13: the kind of fact, what for, on what ground and how long, by kind."""
    rules = [
        Retention(kept=kept, purpose=Purpose.DEVELOPMENT, basis=Basis.CONSENT, months=months)
        for kept, months in ((Kept.WISH, 12), (Kept.ASSESSMENT, 36))
    ]
    (grid,) = processing_register(Enterprise(retentions=rules), Language.EN).blocks
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["assessment", "development", "consent", "36"],
        ["wish", "development", "consent", "12"],
    ]


def test_the_template_states_the_design_and_asks_the_rest() -> None:
    """M-5: method, purpose, basis, time and who sees are told; three things are asked."""
    (block,) = privacy_assessment(DESIGN, Enterprise(), Language.EN).blocks
    assert isinstance(block, Points)
    assert block.points[:3] == (
        "Method: Talk",
        "Purpose: development. Basis: legitimate interest. Kept for 18 months.",
        "Single answers are seen by: the employee and the nearest leader.",
    )
    assert sum("to be filled in" in point for point in block.points) == 3


@pytest.mark.parametrize(
    ("words", "kinds"), [(KINDS, Kept), (PURPOSES, Purpose), (GROUNDS, Basis), (SEATS, ActorKind)]
)
def test_every_kind_has_words_in_both_languages(
    words: Mapping[Enum, Text], kinds: type[Enum]
) -> None:
    """No kind of fact, purpose, basis or actor is without a word."""
    assert set(words) == set(kinds)
    assert all(text.nb and text.en for text in words.values())
