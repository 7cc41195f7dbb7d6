"""Which strategy draws which type? Every noun of the model."""

from __future__ import annotations

from hypothesis import strategies as st

from kompetanse_core.conformance.facts import NOUNS, nouns
from kompetanse_core.conformance.strategies import enterprises, readings
from kompetanse_core.model.enterprise import Enterprise, Reading


def teach() -> None:
    """Let `from_type` draw the nouns by strategies that know what their validators ask."""
    for noun in NOUNS:
        st.register_type_strategy(noun, nouns(noun))
    st.register_type_strategy(Enterprise, enterprises())
    st.register_type_strategy(Reading, readings())
