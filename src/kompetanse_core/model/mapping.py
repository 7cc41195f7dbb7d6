"""How is competence to be mapped? MappingDesign: what the parties discuss first (M-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import NewType

from attrs import field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import CompetenceId, ScaleId
from kompetanse_core.model.people import AssessmentSource
from kompetanse_core.model.privacy import ActorKind, Basis, Purpose
from kompetanse_core.model.text import Text
from kompetanse_core.model.validators import ident, idents, positive
from kompetanse_core.model.work import UnitId

DesignId = NewType("DesignId", str)


class Breadth(Enum):
    """Kartleggingstype: of the whole, without personal data, or person by person."""

    OVERALL = "overall"
    DETAILED = "detailed"


@frozen(kw_only=True)
class ScopeArea:
    """Kartleggingsområde: one competence in one unit that people may be asked about (M-7)."""

    unit: UnitId = field(validator=ident)
    competence: CompetenceId = field(validator=ident)


@frozen(kw_only=True)
class MappingDesign:
    """Kartleggingsopplegg: method, scope, scales, who sees what, purpose, basis and retention.

    What is changed becomes a later `version` of the same id; an earlier one is never altered.
    Empty `units`, `competences`, `sources` or `scales` mean all. `areas` are those that an overall
    mapping has found to lack evidently; where they are given, nothing else is asked (M-7).
    """

    id: DesignId = field(validator=ident)
    version: int = field(default=1, validator=positive)
    breadth: Breadth
    method: Text
    sources: tuple[AssessmentSource, ...] = ()
    scales: tuple[ScaleId, ...] = field(default=(), validator=idents)
    units: tuple[UnitId, ...] = field(default=(), validator=idents)
    competences: tuple[CompetenceId, ...] = field(default=(), validator=idents)
    areas: tuple[ScopeArea, ...] = ()
    start: date | None = None
    """When the mapping begins: by then its method has been discussed (M-5)."""
    seen_by: tuple[ActorKind, ...] = (ActorKind.EMPLOYEE, ActorKind.LEADER)
    """Who sees single people's answers; everybody else sees what is told of groups."""
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.LEGITIMATE_INTEREST
    months: int = field(default=24, validator=positive)
    """How long the answers are kept."""

    def __attrs_post_init__(self) -> None:
        """Refuse a design that does not say how.

        Raises:
            Misuse: E214.
        """
        if not self.method:
            raise Misuse("E214", "a mapping design says its method")

    @property
    def area_units(self) -> tuple[UnitId, ...]:
        """Name the units of the areas."""
        return tuple(dict.fromkeys(area.unit for area in self.areas))

    @property
    def area_competences(self) -> tuple[CompetenceId, ...]:
        """Name the competences of the areas."""
        return tuple(dict.fromkeys(area.competence for area in self.areas))


def newest(designs: Iterable[MappingDesign]) -> tuple[MappingDesign, ...]:
    """Give the last version of each design, in the order in which they first stand."""
    last: dict[DesignId, MappingDesign] = {}
    for design in designs:
        before = last.get(design.id)
        if before is None or before.version < design.version:
            last[design.id] = design
    return tuple(last.values())
