"""What may a folder hold? Form: the columns of one CSV table. Sections: of the TOML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from attrs import frozen

from kompetanse_adapters.folder.shape import NounClass, Shape, shapes_of
from kompetanse_adapters.reading import Header, fold
from kompetanse_core import (
    Actor,
    Assessment,
    Competence,
    Crosswalk,
    Decay,
    Driver,
    Employee,
    Engagement,
    Event,
    Evidence,
    Goal,
    Headcount,
    MappingDesign,
    Market,
    Matter,
    Need,
    Occupation,
    Relation,
    Requirement,
    Retention,
    Role,
    Scale,
    Scheme,
    Seats,
    Succession,
    Task,
    Text,
    Unit,
    Wish,
)

ENTERPRISE = "enterprise.toml"
MEASURES = "measures.toml"
LANGUAGES = ("", "_nn", "_en")
"""What is added to the name of a column for bokmål, nynorsk and English."""

_SHARED_NAMES = """
id: nøkkel, nykel, key
label: label_nb, navn, namn, name, betegnelse, nemning, tittel, title
label_nn: navn_nn, namn_nn, name_nn, betegnelse_nn, nemning_nn, tittel_nn, title_nn
label_en: navn_en, namn_en, name_en, betegnelse_en, nemning_en, tittel_en, title_en
description: description_nb, beskrivelse, skildring
description_nn: beskrivelse_nn, skildring_nn
description_en: beskrivelse_en, skildring_en
facet: fasett
scale: skala, nivåskala
uri: url, nettadresse
kind: type, slag
target: til, to
source_level: fra_nivå, frå_nivå, from_level
level: nivå, kravnivå
alternative: alternativ
drop: nivåfall
parent: overordnet, overordna
broader: overordnet, overordna
link: ledd, verdikjedeledd
code: kode
goals: mål
tasks: oppgaver, oppgåver
occupation: yrke
waives: unntatt, unnateke
family: rollefamilie
bearer: bærer, berar
of: gjelder, gjeld
competence: kompetanse
weight: vekt
demand: kravstyrke
statutory: lovpålagt, lovpålagd, lovkrav
proof: dokumentasjonskrav
needs: behov
unit: enhet, eining
role: rolle
share: prosent, stillingsprosent, percent
count: antall, tal
employee: ansatt, tilsett, pseudonym
age: alder, aldersgruppe
start: fra, frå, from, fra_dato, frå_dato
end: til, to, til_dato
qualification: kvalifikasjon
issued: utstedt, utferda
expires: utløper, utløpsdato, går_ut
verified: bekreftet, stadfesta
years: år
recognition: uttelling
remaining: gjenstår, står_att
recorded: registrert
assessed: vurdert, vurderingsdato
evidence: dokumentasjon
round: runde
measure: tiltak
stated: ytret, ytra
purpose: formål, føremål
basis: behandlingsgrunnlag
keep_until: oppbevares_til, oppbevarast_til
"""
_EMPLOYEE_NAMES = "id: nøkkel, nykel, key, pseudonym, ansatt, tilsett"
_RELATION_NAMES = "source: fra, frå, from"
_ASSESSMENT_NAMES = "source: kilde, kjelde, vurdert_av"


@frozen(kw_only=True)
class Form:
    """Describe one CSV table: its file, the noun of a row, and the part of the enterprise."""

    part: str
    noun: NounClass
    day: str = ""
    """The field whose midnight is `recorded` where that is left out."""
    names: str = ""
    """Other names of columns that only this table has."""

    @property
    def file(self) -> str:
        """Give the name of the file."""
        return f"{self.part}.csv"


FORMS = (
    Form(part="competences", noun=Competence),
    Form(part="relations", noun=Relation, names=_RELATION_NAMES),
    Form(part="units", noun=Unit),
    Form(part="occupations", noun=Occupation),
    Form(part="tasks", noun=Task),
    Form(part="roles", noun=Role),
    Form(part="requirements", noun=Requirement),
    Form(part="seats", noun=Seats),
    Form(part="headcounts", noun=Headcount),
    Form(part="employees", noun=Employee, names=_EMPLOYEE_NAMES),
    Form(part="engagements", noun=Engagement),
    Form(part="evidence", noun=Evidence, day="issued"),
    Form(part="assessments", noun=Assessment, day="assessed", names=_ASSESSMENT_NAMES),
    Form(part="wishes", noun=Wish, day="stated"),
)

SECTIONS: Mapping[str, tuple[str, NounClass]] = MappingProxyType(
    {
        "scale": ("scales", Scale),
        "crosswalk": ("crosswalks", Crosswalk),
        "decay": ("decays", Decay),
        "goal": ("goals", Goal),
        "driver": ("drivers", Driver),
        "need": ("needs", Need),
        "market": ("markets", Market),
        "succession": ("successions", Succession),
        "scheme": ("schemes", Scheme),
        "design": ("designs", MappingDesign),
        "matter": ("matters", Matter),
        "event": ("events", Event),
        "actor": ("actors", Actor),
        "retention": ("retentions", Retention),
    }
)
"""The tables of enterprise.toml: for each its part of the enterprise and the noun."""


def columns_of(form: Form) -> Mapping[str, Shape]:
    """Give every column of a table with the field that it fills."""
    shapes = shapes_of(form.noun).values()
    return MappingProxyType(
        {
            f"{shape.name}{language}": shape
            for shape in shapes
            for language in (LANGUAGES if shape.leaf is Text else ("",))
        }
    )


@cache
def header_of(form: Form, optional: frozenset[str] = frozenset()) -> Header:
    """Say which columns a table may and must have, and by which names.

    What is `optional` here has something that stands in for it.
    """
    foreign = frozenset(name for other in FORMS for name in _names(other))
    return Header(names=_names(form), required=tuple(_required(form, optional)), foreign=foreign)


@cache
def other_names(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Give the other names of each column of a table."""
    lines = (line.partition(":") for line in f"{_SHARED_NAMES}{form.names}".split("\n") if line)
    columns = columns_of(form)
    return MappingProxyType(
        {
            name: tuple(fold(word) for word in words.split(","))
            for name, _, words in lines
            if name in columns
        }
    )


def _names(form: Form) -> Mapping[str, str]:
    other = {word: name for name, words in other_names(form).items() for word in words}
    return MappingProxyType({**other, **{name: name for name in columns_of(form)}})


def _required(form: Form, optional: frozenset[str]) -> list[tuple[str, ...]]:
    """Group the columns of which one must be there: the languages of a text stand in for another.

    `recorded` has its day to stand in.
    """
    shapes = shapes_of(form.noun).values()
    return [
        tuple(f"{shape.name}{language}" for language in LANGUAGES)
        if shape.leaf is Text
        else (shape.name,)
        for shape in shapes
        if shape.required and shape.name not in {"recorded", *optional}
    ]
