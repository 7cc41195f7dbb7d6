"""What is competence made of? Competence, its Facet in three groups, its Scale and its Relations.

Clauses K-1, K-5 and K-8 to K-10.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NewType

from attrs import Attribute, field, frozen

from kompetanse_core.columns import Layout
from kompetanse_core.errors import Misuse
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.validators import count, ident, positive

CompetenceId = NewType("CompetenceId", str)
ScaleId = NewType("ScaleId", str)
Level = NewType("Level", int)


class FacetGroup(Enum):
    """Fasettgruppe: the three groups of the guide's figure (K-1)."""

    KNOWING = "knowing"
    DOING = "doing"
    BEING = "being"


class Facet(Enum):
    """Fasett: the six sides of competence (K-1)."""

    KNOWLEDGE = "knowledge"
    UNDERSTANDING = "understanding"
    SKILL = "skill"
    TRAIT = "trait"
    ATTITUDE = "attitude"
    VALUE = "value"

    @property
    def group(self) -> FacetGroup:
        """Give the group that the facet stands in: knowing, doing or being."""
        if self in (Facet.KNOWLEDGE, Facet.UNDERSTANDING):
            return FacetGroup.KNOWING
        return FacetGroup.DOING if self is Facet.SKILL else FacetGroup.BEING


class EvidenceKind(Enum):
    """Dokumentasjonstype: by what competence can be documented (M-8 to M-12).

    The two meanings of realkompetanse are kept apart: measured against an education (M-11), and
    everything acquired, however it was (M-12).
    """

    FORMAL_EDUCATION = "formal-education"
    CERTIFICATE = "certificate"
    TRADE_CERTIFICATE = "trade-certificate"
    AUTHORISATION = "authorisation"
    EXPERIENCE = "experience"
    REAL_COMPETENCE_EDUCATION = "real-competence-education"
    REAL_COMPETENCE_ENTERPRISE = "real-competence-enterprise"
    INFORMAL = "informal"
    COURSE = "course"


class RelationKind(Enum):
    """Relasjonstype: how one competence hangs together with another."""

    BROADER = "broader"
    PART_OF = "part-of"
    REQUIRES = "requires"
    RELATED = "related"
    EQUIVALENT = "equivalent"


@frozen(kw_only=True)
class LevelName:
    """Nivånavn: what one level of a scale is called and what it means."""

    level: Level = field(validator=count)
    label: Text
    description: Text = NO_TEXT


@frozen(kw_only=True)
class Scale:
    """Nivåskala: levels 0 to `top` in order, 0 being none; ordinal, never averaged."""

    id: ScaleId = field(validator=ident)
    label: Text = NO_TEXT
    top: Level = field(validator=positive)
    names: tuple[LevelName, ...] = ()


@frozen(kw_only=True)
class Crosswalk:
    """Nivåoversettelse: which level of one scale counts as which level of another.

    `levels[n]` is the target's level for the source's level n; 0 stays 0 and order is kept.
    """

    source: ScaleId = field(validator=ident)
    target: ScaleId = field(validator=ident)
    levels: tuple[Level, ...] = field()

    @levels.validator
    def _ordered(self, attribute: Attribute[Any], levels: tuple[Level, ...]) -> None:
        if not levels or levels[0] != 0 or list(levels) != sorted(levels):
            text = "a crosswalk starts at 0 and never falls"
            raise Misuse("E502", text)


@frozen(kw_only=True)
class Competence:
    """Kompetanse: something a person can know, do or be, on one scale.

    `facet` is None for an area (kompetanseområde): a heading that groups others and that nothing
    can require or hold.
    """

    id: CompetenceId = field(validator=ident)
    label: Text
    facet: Facet | None
    scale: ScaleId = field(validator=ident)
    description: Text = NO_TEXT
    uri: str = ""


@frozen(kw_only=True)
class Relation:
    """Relasjon: how `source` hangs together with `target`.

    Read it as a sentence: source has the broader target; source is part of target; source at
    `source_level` requires target at `level`; source is related or equivalent to target.
    Requirements of one source level that share a non-empty `alternative` are met by any of them,
    all others are met only together.

    `drop` declares that holding the source at level a counts as holding the target at a - drop;
    None carries nothing. `EQUIVALENT` always carries, both ways, with drop 0.
    """

    kind: RelationKind
    source: CompetenceId = field(validator=ident)
    target: CompetenceId = field(validator=ident)
    source_level: Level = field(default=Level(1), validator=positive)
    level: Level = field(default=Level(1), validator=positive)
    alternative: str = ""
    drop: int | None = field(default=None, validator=count)

    def __attrs_post_init__(self) -> None:
        """Refuse what no relation can be.

        Raises:
            Misuse: E510, if it points at itself; E502, if an equivalence has another drop than 0.
        """
        if self.source == self.target:
            raise Misuse("E510", "a competence cannot be related to itself")
        if self.kind is RelationKind.EQUIVALENT and self.drop not in (None, 0):
            raise Misuse("E502", "an equivalence drops no level")


@frozen(kw_only=True)
class Decay:
    """Svekkelse: competence of a facet falls one level for every so many months since assessed."""

    facet: Facet
    months: int = field(validator=positive)


RELATIONS = Layout.of(Relation, key=("source", "target", "kind"), dtypes={"drop": "int16"})
