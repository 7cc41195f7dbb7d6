"""Which strategy draws which type? Every noun of the model, made when it is first asked for."""

from __future__ import annotations

from typing import TypeVar

import attrs
from hypothesis import strategies as st

from kompetanse_core.conformance.facts import NOUNS, nouns
from kompetanse_core.conformance.strategies import enterprises, readings
from kompetanse_core.model.enterprise import Enterprise, Reading

N = TypeVar("N", bound=attrs.AttrsInstance)


def teach() -> None:
    """Let `from_type` draw the nouns by strategies that know what their validators ask."""
    for noun in NOUNS:
        st.register_type_strategy(noun, _drawn)
    st.register_type_strategy(Enterprise, lambda _: enterprises())
    st.register_type_strategy(Reading, lambda _: readings())


def _drawn(noun: type[N]) -> st.SearchStrategy[N]:
    return nouns(noun)
