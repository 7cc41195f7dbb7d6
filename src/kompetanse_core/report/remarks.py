"""In which words is a Finding told to the parties? `remarks` makes the section of what was found.

A finding can give somebody away as a figure can: of those about few it is only said that there are
some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from string import Formatter
from types import MappingProxyType

import numpy as np
from attrs import frozen

from kompetanse_core.errors import CODES
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import FacetGroup
from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.text import Language, Text
from kompetanse_core.report.groups import HEADCOUNT, LEGAL
from kompetanse_core.report.meanings import MEANINGS
from kompetanse_core.report.page import Points, Section
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.veil import COMPETENCE, GROUP, ROLE, UNIT, Key

MOST_PLACES = 3
"""So many places of one code are named; more are counted."""


@frozen(kw_only=True)
class Sentence:
    """Setning: how findings of one code are told; `names` is the word whose ids are listed."""

    names: str
    nb: str
    en: str

    @property
    def places(self) -> frozenset[str]:
        """Give the words that are filled in, which are the same in both languages."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.nb) if name)


SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "W512": Sentence(
            names="competence",
            nb="Flere er vurdert lavere enn det som følger av annet de kan: {competence}. Ta det "
            "opp i samtalen.",
            en="Several are rated lower than follows from what else they hold: {competence}. "
            "Raise it in the talk.",
        ),
        "W513": Sentence(
            names="competence",
            nb="Kilder er uenige om nivået til flere ansatte: {competence}. Ta det opp i samtalen.",
            en="Sources disagree about the level of several employees: {competence}. Raise it in "
            "the talk.",
        ),
        "W517": Sentence(
            names="group",
            nb="Ingen tiltak løfter det som mangler av {group}, mens annet løftes (K-6).",
            en="No measure lifts what is missing of {group}, though others are lifted (K-6).",
        ),
        "W518": Sentence(
            names="event",
            nb="Ført inn etter en hendelse som kom senere: {event}.",
            en="Entered after an event that came later: {event}.",
        ),
        "E508": Sentence(
            names="measure",
            nb="Varer i mer enn hundre år og kan ikke brukes: {measure}.",
            en="Lasts for more than a hundred years and cannot be used: {measure}.",
        ),
        "W520": Sentence(
            names="measure",
            nb="Begge parter er enige, men noe tiltaket krever er ikke avklart: {measure} (S-4).",
            en="Both agree, yet something that the measure takes is not cleared up: {measure} "
            "(S-4).",
        ),
        "W521": Sentence(
            names="kinds",
            nb="Noe av det som er kjent om ansatte, er samlet inn for et annet formål og er ikke "
            "med her. Antall slag opplysninger: {kinds} (M-13).",
            en="Some of what is known about employees is held for another purpose and left out "
            "here. Kinds of facts: {kinds} (M-13).",
        ),
        "W531": Sentence(
            names="measure",
            nb="Prosjekt uten læringsmål, som derfor ikke teller: {measure} (R-16).",
            en="Project without a learning aim, which therefore does not count: {measure} (R-16).",
        ),
        "W532": Sentence(
            names="role",
            nb="Ledige stillinger uten noe arbeidsmarked å rekruttere fra: {role} (G-8).",
            en="Vacant seats without a labour market to recruit from: {role} (G-8).",
        ),
        "W533": Sentence(
            names="competence",
            nb="Ingen tiltak løfter det som mangler av {competence}. Lag et eget kurs (G-6), "
            "rekrutter, eller fordel arbeidet på nytt.",
            en="No measure lifts what is missing of {competence}. Make an own course (G-6), "
            "recruit, or redivide the work.",
        ),
        "W534": Sentence(
            names="competence",
            nb="Lovpålagte krav er ikke oppfylt per {on} og blir stående slik: {competence}. Utvid "
            "rammene, eller la andre gjøre dette arbeidet (B-6).",
            en="Statutory requirements are unmet on {on} and stay so: {competence}. Raise the "
            "limits, or let others do this work (B-6).",
        ),
        "W535": Sentence(
            names="measure",
            nb="Planlagt for krav som det ikke står noe behov bak: {measure}. Si hvilket behov det "
            "svarer på; til da er det åpent hvem som betaler (A-7, A-15).",
            en="Planned for requirements that no need stands behind: {measure}. Say which need it "
            "serves; until then it is open who pays (A-7, A-15).",
        ),
        "W538": Sentence(
            names="competence",
            nb="{unit} har for få som kan {competence}. Rekrutter, eller lær opp flere enn rollene "
            "krever (G-8).",
            en="{unit} has too few who hold {competence}. Recruit, or train more than the roles "
            "ask (G-8).",
        ),
        "W571": Sentence(
            names="policy",
            nb="Fremgangsmåter som feilet, så det ikke ble gjort noe i disse forløpene: {policy}.",
            en="Policies that failed, so that nothing was done in those runs: {policy}.",
        ),
        "W572": Sentence(
            names="policy",
            nb="Fremgangsmåter som brukte for lang tid, så det ikke ble gjort noe: {policy}.",
            en="Policies that took too long, so that nothing was done: {policy}.",
        ),
        "W573": Sentence(
            names="policy",
            nb="Fremgangsmåter som ville bruke mer enn rammen, og da ikke gjorde noe: {policy}.",
            en="Policies that would spend more than their limit, and then did nothing: {policy}.",
        ),
        "E553": Sentence(
            names="table",
            nb="Rader er holdt tilbake fordi de ville sagt det samme om alle i en gruppe: per "
            "{table}.",
            en="Rows are held back since they would tell the same of everybody in a group: by "
            "{table}.",
        ),
        "E564": Sentence(
            names="event",
            nb="Beslutning som ikke nevner noen på ledelsens side: {event}.",
            en="Decision that names nobody on the side of management: {event}.",
        ),
        "N710": Sentence(names="attribution", nb="{attribution}", en="{attribution}"),
        "N711": Sentence(
            names="place",
            nb="{place}: {read} rader lest, {kept} beholdt, {left} utelatt.",
            en="{place}: {read} rows read, {kept} kept, {left} left out.",
        ),
    }
)
"""How what the chain finds is told; what has no sentence is told by what its code means."""

TABLED = frozenset({"W519"})
"""The findings about a unit that a table of the report tells, guarded row by row."""

COUNTED = frozenset({"W512", "W513"})
"""The findings that say how many people they are about, where these are not few."""

WORDS: Mapping[tuple[str, str], Text] = MappingProxyType(
    {
        ("group", FacetGroup.KNOWING.value): Text(
            nb="kunnskap og forståelse", en="knowledge and understanding"
        ),
        ("group", FacetGroup.DOING.value): Text(nb="ferdigheter", en="skills"),
        ("group", FacetGroup.BEING.value): Text(
            nb="egenskaper, holdninger og verdier", en="traits, attitudes and values"
        ),
        ("table", UNIT): Text(nb="enhet", en="unit"),
        ("table", ROLE): Text(nb="rolle", en="role"),
        ("table", COMPETENCE): Text(nb="kompetanse", en="competence"),
        ("table", GROUP): Text(nb="side ved kompetansen", en="side of competence"),
    }
)


def remarks(findings: Sequence[Finding], gaps: Gaps, telling: Telling) -> Section | None:
    """Tell what was found about what the report rests on, gravest first, each code together."""
    findings = [found for found in findings if not _tabled(found)]
    told = [found for found in findings if not _of_few(found, gaps, telling)]
    points = [point for code in _codes(told) for point in _points(code, told, telling)]
    if len(told) < len(findings):
        points.append(
            telling.say(
                "Andre funn er om så få at de ikke nevnes her.",
                "Other findings are about so few that they are not told here.",
            )
        )
    if not points:
        return None
    heading = telling.say("Funn i grunnlaget", "Findings about what it rests on")
    return Section(id="funn", heading=heading, blocks=(Points(points=tuple(points)),))


def _tabled(found: Finding) -> bool:
    return found.code in TABLED and "unit" in dict(found.about)


def _of_few(found: Finding, gaps: Gaps, telling: Telling) -> bool:
    """Say whether somebody could be read out of a finding, or of its coming and going."""
    named, veil = dict(found.about), telling.veil
    if found.code in COUNTED:
        people = named.get("people", 1)
        return not isinstance(people, int) or telling.few(people)
    keys = tuple(_behind(named, telling))
    veiled = any(key in veil.hidden or key in veil.repeated for key in keys)
    return veiled or (bool(keys) and telling.few(_asked(named, gaps)))


def _behind(named: Mapping[str, object], telling: Telling) -> Iterator[Key]:
    """Yield the rows of the report that tell of the same people as a finding does."""
    competence, unit = named.get("competence"), named.get("unit")
    if "group" in named:
        yield GROUP, str(named["group"])
    if competence is None:
        return
    if unit is None:
        yield from ((COMPETENCE, str(competence)), (LEGAL, str(competence)))
        return
    asked = f"{unit}\n{competence}\n"
    rows = {*telling.veil.hidden, *telling.veil.repeated}
    yield from (key for key in rows if key[0] == HEADCOUNT and key[1].startswith(asked))


def _asked(named: Mapping[str, object], gaps: Gaps) -> int:
    """Count the people whom a competence is asked of; whoever names none is about everybody."""
    if "competence" not in named:
        return gaps.total.contributors
    code = gaps.rows.words_of("competence").code(str(named["competence"]))
    return len(np.unique(gaps.rows.column("employee")[gaps.rows.column("competence") == code]))


def _codes(findings: Sequence[Finding]) -> list[str]:
    weight = {found.code: -list(Severity).index(found.severity) for found in findings}
    return sorted(weight, key=lambda code: (weight[code], code))


def _points(code: str, findings: Sequence[Finding], telling: Telling) -> Iterator[str]:
    """Yield the sentence of a code; of a finding that names too little, what its code means."""
    ours, sentence = [found for found in findings if found.code == code], SENTENCES.get(code)
    told = [
        found for found in ours if sentence and sentence.places <= _named(found, telling).keys()
    ]
    if sentence:
        yield from _sentences(sentence, told, telling)
    if bare := [found for found in ours if found not in told]:
        yield _meaning(bare, telling)


def _sentences(sentence: Sentence, told: Sequence[Finding], telling: Telling) -> Iterator[str]:
    """Yield one sentence for all findings that differ in nothing but one name."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for found in told:
        named = _named(found, telling)
        rest = sorted((name, named[name]) for name in sentence.places - {sentence.names})
        alike.setdefault(tuple(rest), []).append(named[sentence.names])
    text = sentence.en if telling.language is Language.EN else sentence.nb
    for others, names in alike.items():
        listed = telling.listed(tuple(dict.fromkeys(names)))
        yield text.format(**dict(others), **{sentence.names: listed})


def _named(found: Finding, telling: Telling) -> dict[str, str]:
    """Write everything that a finding names in the words of the report."""
    place = {"place": str(found.place)} if str(found.place) else {}
    return place | {name: _word(name, value, telling) for name, value in found.about}


def _word(name: str, value: str | int | date, telling: Telling) -> str:
    if isinstance(value, date):
        return telling.day(value)
    if isinstance(value, int):
        return telling.whole(value)
    if (name, value) in WORDS:
        return WORDS[name, value].read(telling.language)
    labels = {
        "competence": telling.competences,
        "unit": telling.units,
        "role": telling.roles,
        "measure": telling.measures,
    }
    return telling.name(labels[name], value) if name in labels else value


def _meaning(found: Sequence[Finding], telling: Telling) -> str:
    """Say what a code means and where it stands; a code of somebody else's in its own words."""
    first = found[0]
    told = CODES if telling.language is Language.EN else MEANINGS
    text = told.get(first.code, first.text)
    places = tuple(dict.fromkeys(str(each.place) for each in found if str(each.place)))
    if len(places) > MOST_PLACES:
        places = (telling.say(f"{len(places)} steder", f"{len(places)} places"),)
    where = f": {telling.listed(places)}" if places else ""
    return f"{text[:1].upper()}{text[1:]}{where}."
