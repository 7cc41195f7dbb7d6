"""How does an outsider prove an adapter? Contracts to run, and strategies to draw from."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kompetanse_core.conformance.facts import DAY, NOUNS, days, instants, nouns, words
    from kompetanse_core.conformance.renaming import Renaming, renamings, shuffled
    from kompetanse_core.conformance.renderer import (
        HOSTILE,
        alive_in_html,
        alive_in_markdown,
        renderer_contract,
        reports,
    )
    from kompetanse_core.conformance.sink import sink_contract
    from kompetanse_core.conformance.source import source_contract
    from kompetanse_core.conformance.store import store_contract
    from kompetanse_core.conformance.strategies import (
        NOTHING,
        SMALL,
        Size,
        enterprises,
        readings,
    )
    from kompetanse_core.conformance.whatif import policies, registers, scenario_laws, scenarios

__all__ = [
    "DAY",
    "HOSTILE",
    "NOTHING",
    "NOUNS",
    "SMALL",
    "Renaming",
    "Size",
    "alive_in_html",
    "alive_in_markdown",
    "days",
    "enterprises",
    "instants",
    "nouns",
    "policies",
    "readings",
    "registers",
    "renamings",
    "renderer_contract",
    "reports",
    "scenario_laws",
    "scenarios",
    "shuffled",
    "sink_contract",
    "source_contract",
    "store_contract",
    "words",
]

_ROOMS = MappingProxyType(
    {
        "facts": ("DAY", "NOUNS", "days", "instants", "nouns", "words"),
        "store": ("store_contract",),
        "sink": ("sink_contract",),
        "source": ("source_contract",),
        "renderer": (
            "HOSTILE",
            "alive_in_html",
            "alive_in_markdown",
            "renderer_contract",
            "reports",
        ),
        "renaming": ("Renaming", "renamings", "shuffled"),
        "whatif": ("policies", "registers", "scenario_laws", "scenarios"),
        "strategies": ("NOTHING", "SMALL", "Size", "enterprises", "readings"),
    }
)


def __getattr__(name: str) -> object:
    """Open a room when something in it is asked for: Hypothesis itself imports this package."""
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
