"""What goes on under another id? Succession: a competence, unit or role, from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any

from attrs import Attribute, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.validators import ident, idents


class Heritage(Enum):
    """Arv: what can go on under another id."""

    COMPETENCE = "competence"
    UNIT = "unit"
    ROLE = "role"


HEIRS: Mapping[Heritage, str] = MappingProxyType(
    {Heritage.COMPETENCE: "competences", Heritage.UNIT: "units", Heritage.ROLE: "roles"}
)
"""In which collection of an enterprise each kind stands."""


@frozen(kw_only=True)
class Succession:
    """Videreføring: from a day on, `source` goes on under other ids.

    One target is a new name; several successions to the same target merge; several targets split,
    the first of them standing for the whole where only one can. Every fact keeps the id that it was
    told with: what was said before the day is read as it was, and `succeeded` carries it over for
    days from then on.
    """

    kind: Heritage
    source: str = field(validator=ident)
    targets: tuple[str, ...] = field(validator=idents)
    on: date

    @targets.validator
    def _others(self, attribute: Attribute[Any], targets: tuple[str, ...]) -> None:
        if not targets:
            raise Misuse("E214", "a succession names at least one target")
        if self.source in targets:
            raise Misuse("E504", "nothing succeeds itself")
