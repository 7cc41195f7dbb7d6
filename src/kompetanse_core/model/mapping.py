"""How is competence to be mapped? MappingDesign: what the parties discuss first (M-5)."""

from __future__ import annotations

from enum import Enum
from typing import NewType

from attrs import field, frozen

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
class MappingDesign:
    """Kartleggingsopplegg: method, scope, scales, who sees what, purpose, basis and retention.

    What is changed becomes a later `version` of the same id; an earlier one is never altered.
    Empty `units` or `competences` mean all. A detailed mapping may ask what the overall one found.
    """

    id: DesignId = field(validator=ident)
    version: int = field(default=1, validator=positive)
    breadth: Breadth
    method: Text
    sources: tuple[AssessmentSource, ...] = ()
    scales: tuple[ScaleId, ...] = field(default=(), validator=idents)
    units: tuple[UnitId, ...] = field(default=(), validator=idents)
    competences: tuple[CompetenceId, ...] = field(default=(), validator=idents)
    seen_by: tuple[ActorKind, ...] = (ActorKind.EMPLOYEE, ActorKind.LEADER)
    """Who sees single people's answers; everybody else sees what is told of groups."""
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.LEGITIMATE_INTEREST
    months: int = field(default=24, validator=positive)
    """How long the answers are kept."""
