"""Where do we stand? The sections of a report that tell what is needed, held, missing, unused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
from attrs import evolve

from kompetanse_core.columns.layout import Array
from kompetanse_core.gap import By, Gaps, Tally, Validity
from kompetanse_core.model.competence import FacetGroup
from kompetanse_core.model.work import Demand, Driver, Need
from kompetanse_core.report.groups import DRIVER, LEGAL, UNUSED, headcount_key, legal_rows
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import HELD_BACK, Block, Cell, Grid, Paragraph, Points, Section
from kompetanse_core.report.telling import Labels, Telling
from kompetanse_core.report.veil import COMPETENCE, GROUP, ROLE, UNIT

_KEYS = MappingProxyType({UNIT: By.UNIT, ROLE: By.ROLE})

MOST_ROWS = 15
"""A table that people are to talk about shows the largest; the rest is counted in its note."""


def drivers(gaps: Gaps, telling: Telling) -> Section:
    """Tell what triggers the needs, and how well each is covered (B-1 to B-13)."""
    say = telling.say
    tallies = {tally.key: tally for tally in gaps.roll_up(By.DRIVER, demand=Demand.REQUIRED)}
    behind = gaps.enterprise.drivers
    lines = [_driver_line(driver, tallies.get(driver.id), gaps, telling) for driver in behind]
    columns = [
        (say("Utløsende forhold", "Driver"), False),
        (say("Behov", "Needs"), False),
        (say("Frist", "Deadline"), False),
        (say("Ansatte", "Employees"), True),
        (say("Dekning", "Coverage"), True),
    ]
    note = say(
        "Samme krav kan ha flere utløsende forhold; radene kan derfor ikke legges sammen.",
        "One requirement can have several drivers, so the rows do not add up.",
    )
    caption = say("Hva som utløser behovene", "What triggers the needs")
    grid = telling.grid(caption, columns, lines, note=note)
    return Section(
        id="behov",
        heading=say("Hva vi trenger, og hvorfor", "What is needed, and why"),
        blocks=(*_idea(gaps, telling), grid),
    )


def gaps_found(gaps: Gaps, telling: Telling) -> Section:
    """Tell where competence is missing: by unit, role, competence and group (G-1, M-1, M-2)."""
    say = telling.say
    key = say(
        "Dekning er andelen av de påkrevde trinnene som er kjent å være på plass. Et spenn betyr "
        "at noe er ukjent: nedre grense regner det ukjente som ikke på plass, øvre som på plass. "
        "Ukjent er aldri regnet som mangel.",
        "Coverage is the part of the required steps known to be in place. A range means that "
        "something is unknown: the lower end counts it as not in place, the upper as in place. "
        "Unknown is never counted as missing.",
    )
    grids = (
        _by(UNIT, telling.units, say("Per enhet", "By unit"), say("Enhet", "Unit"), gaps, telling),
        _by(ROLE, telling.roles, say("Per rolle", "By role"), say("Rolle", "Role"), gaps, telling),
        _largest(gaps, telling),
        _groups(gaps, telling),
    )
    heading = say("Hvor kompetansen mangler", "Where competence is missing")
    return Section(id="gap", heading=heading, blocks=(Paragraph(text=key), *grids))


def demanded_by_law(gaps: Gaps, telling: Telling) -> Section | None:
    """Tell what the law or formal proof asks for and what is missing or runs out (B-6, R-2)."""
    say = telling.say
    lines = [_legal_line(name, mask, gaps, telling) for name, mask in legal_rows(gaps)]
    if not lines:
        return None
    until = telling.day(gaps.on + timedelta(days=gaps.expiring_within))
    columns = [
        (say("Kompetanse", "Competence"), False),
        (say("Ansatte", "Employees"), True),
        (say("Mangler eller utløpt", "Missing or expired"), True),
        (say("Ikke kartlagt", "Not mapped"), True),
        (say(f"Utløper innen {until}", f"Expires by {until}"), True),
    ]
    caption = say("Lovpålagte krav og krav om dokumentasjon", "Demands of law and of formal proof")
    note = say(
        "Her finnes ingen erstatning: kravet er oppfylt og dokumentert, eller ikke. Gjelder det "
        f"færre enn {telling.smallest_group}, følges det opp med den enkelte.",
        "Nothing can stand in here: the demand is met and documented, or not. What concerns fewer "
        f"than {telling.smallest_group} is followed up with each person.",
    )
    grid = telling.grid(caption, columns, lines, note=note)
    return Section(
        id="lovpalagt", heading=say("Krav som ikke kan vente", "What cannot wait"), blocks=(grid,)
    )


def unused(gaps: Gaps, telling: Telling) -> Section | None:
    """Tell which competence is here and not asked for, and where it could serve (M-3, S-2)."""
    say = telling.say
    people = len(np.unique(gaps.unused.column("employee")))
    if not people or telling.holds(UNUSED):
        return None
    wanted = {tally.key: tally.missing for tally in gaps.roll_up(By.COMPETENCE)}
    holders = _holders(gaps)
    shared = tuple(key for key, number in holders.items() if number >= telling.smallest_group)
    names = {key: telling.name(telling.competences, key) for key in shared}
    missed = tuple(key for key in shared if wanted.get(key))
    rest = tuple(key for key in shared if not wanted.get(key))
    points = [
        say(
            f"{telling.whole(people)} ansatte har kompetanse som ingen av oppgavene deres ber om.",
            f"{telling.whole(people)} employees hold competence that none of their tasks asks for.",
        )
    ]
    if missed:
        found = telling.listed(tuple(names[key] for key in missed))
        points.append(
            say(f"Mangler andre steder i huset: {found}.", f"Missed elsewhere here: {found}.")
        )
    if rest:
        found = telling.listed(tuple(names[key] for key in rest))
        points.append(say(f"Annet som finnes: {found}.", f"Also at hand: {found}."))
    few = len(holders) - len(shared)
    if few:
        points.append(
            say(
                f"{few} slags kompetanse har færre enn {telling.smallest_group} ansatte hver. De "
                "nevnes ikke her, men hører hjemme i samtalen med den enkelte.",
                f"{few} kinds of competence are held by fewer than {telling.smallest_group} "
                "employees each. They are not named here, but belong in the talk with each.",
            )
        )
    points.append(
        say(
            "Ta det opp i medarbeidersamtalen: hva vil den enkelte bruke, og hvor trengs det?",
            "Raise it in the appraisal talk: what does each want to use, and where is it needed?",
        )
    )
    heading = say("Kompetanse vi har, men ikke bruker", "Competence held but not used")
    return Section(id="ubrukt", heading=heading, blocks=(Points(points=tuple(points)),))


def staffing(gaps: Gaps, telling: Telling) -> Section | None:
    """Tell which seats are vacant and which head counts are not reached (G-8)."""
    say = telling.say
    grids = tuple(filter(None, (_vacant(gaps, telling), _headcounts(gaps, telling))))
    if not grids:
        return None
    heading = say("Stillinger og bemanning", "Seats and staffing")
    return Section(id="stillinger", heading=heading, blocks=grids)


def _idea(gaps: Gaps, telling: Telling) -> tuple[Block, ...]:
    said = (gaps.enterprise.business_idea, gaps.enterprise.strategy)
    return tuple(Paragraph(text=text.read(telling.language)) for text in said if text)


def _driver_line(driver: Driver, tally: Tally | None, gaps: Gaps, telling: Telling) -> Line:
    needs = [need for need in gaps.enterprise.needs if driver.id in need.drivers]
    deadline = telling.day(driver.deadline) if driver.deadline else "–"
    name, told = telling.as_told((DRIVER, driver.id), telling.name(telling.drivers, driver.id))
    head = (telling.words(name), telling.words(_needs(needs, telling)), telling.words(deadline))
    if tally is None:
        return Line(cells=(*head, telling.words("–"), telling.words("–")), people=0)
    if telling.holds((DRIVER, driver.id)):
        return Line(cells=(*head, HELD_BACK, HELD_BACK), people=0)
    people, met, missing, unknown = told or _figures(tally)
    covered = telling.coverage(met, unknown, met + missing + unknown)
    return Line(cells=(*head, telling.figure(people), covered), people=0)


def _figures(tally: Tally) -> tuple[int, ...]:
    return tally.contributors, tally.met, tally.missing, tally.unknown


def _needs(needs: Sequence[Need], telling: Telling) -> str:
    """Part needs by semicolons: a need is a phrase that may itself hold an "and"."""
    return "; ".join(telling.name(telling.needs, need.id) for need in needs)


def _coverage(tally: Tally, telling: Telling) -> Cell:
    return telling.coverage(tally.met, tally.unknown, tally.total)


def _by(table: str, labels: Labels, caption: str, first: str, gaps: Gaps, telling: Telling) -> Grid:
    tallies = gaps.roll_up(_KEYS[table], demand=Demand.REQUIRED)
    together, note = _together(table, tallies, labels, gaps, telling)
    apart = [t for t in tallies if not (together and telling.veil.hides((table, t.key)))]
    lines = [_row(table, telling.name(labels, tally.key), tally, telling) for tally in apart]
    columns = _tally_columns(first, telling)
    return telling.grid(caption, columns, [*lines, *together], note=note)


def _together(
    table: str, tallies: Sequence[Tally], labels: Labels, gaps: Gaps, telling: Telling
) -> tuple[tuple[Line, ...], str]:
    """Tell the rows held back as one, which is the whole less those told: nothing new is told.

    So it is only where the whole is told and no row of the table repeats an earlier one.
    """
    held = [tally for tally in tallies if telling.veil.hides((table, tally.key))]
    earlier = any(key[0] == table for key in telling.veil.repeated)
    if len(held) < 2 or earlier or telling.veil.whole:
        return (), ""
    merged = _sum("", table, held, gaps)
    if telling.few(merged.contributors):
        return (), ""
    names = telling.listed([telling.name(labels, tally.key) for tally in held])
    row = telling.say(f"{len(held)} andre samlet", f"{len(held)} others together")
    note = telling.say(
        f"Samlet, siden tall for hver av dem ville fortelle om få: {names}.",
        f"Told together, since figures for each would tell of few: {names}.",
    )
    return (_tally_line(row, merged, telling),), note


def _largest(gaps: Gaps, telling: Telling) -> Grid:
    say = telling.say
    lacking = largest_gaps(gaps, telling)
    shown = lacking[:MOST_ROWS]
    caption = say("De største kompetansegapene", "The largest competence gaps")
    left_out = len(lacking) - len(shown)
    note = say(
        f"Ytterligere {left_out} kompetanser har mindre gap. Kompetanser som kreves av færre enn "
        f"{telling.smallest_group} ansatte er ikke tatt med.",
        f"Another {left_out} competences have smaller gaps. Competences required of fewer than "
        f"{telling.smallest_group} employees are left out.",
    )
    lines = [
        _row(COMPETENCE, telling.name(telling.competences, tally.key), tally, telling)
        for tally in shown
    ]
    columns = _tally_columns(say("Kompetanse", "Competence"), telling)
    return telling.grid(caption, columns, lines, note=note)


def largest_gaps(gaps: Gaps, telling: Telling) -> list[Tally]:
    """Give the competences that something is told to be missing of, most first."""
    told = [
        _as_told(COMPETENCE, tally, telling)
        for tally in gaps.roll_up(By.COMPETENCE, demand=Demand.REQUIRED)
        if tally.contributors >= telling.smallest_group
        and not telling.veil.hides((COMPETENCE, tally.key))
    ]
    lacking = (tally for tally in told if tally.missing)
    return sorted(lacking, key=lambda tally: (-tally.missing, -tally.unknown, tally.key))


def _as_told(table: str, tally: Tally, telling: Telling) -> Tally:
    """Give the figures of a row that are told: those of now, or those of an earlier release."""
    _, told = telling.as_told((table, tally.key), "")
    people, met, missing, unknown = told or _figures(tally)
    return Tally(key=tally.key, met=met, missing=missing, unknown=unknown, contributors=people)


def _groups(gaps: Gaps, telling: Telling) -> Grid:
    """Add the six facets up to the three groups, so that no side of competence is forgotten."""
    say = telling.say
    names = {
        FacetGroup.KNOWING: say("Kunnskap og forståelse", "Knowledge and understanding"),
        FacetGroup.DOING: say("Ferdigheter", "Skills"),
        FacetGroup.BEING: say("Egenskaper, holdninger og verdier", "Traits, attitudes and values"),
    }
    group_of = {str(c.id): c.facet.group for c in gaps.enterprise.competences if c.facet}
    tallies = gaps.roll_up(By.COMPETENCE, demand=Demand.REQUIRED)
    sums = {
        group: _sum(
            group.value,
            COMPETENCE,
            [tally for tally in tallies if group_of.get(tally.key) is group],
            gaps,
        )
        for group in names
    }
    lines = [_row(GROUP, name, sums[group], telling) for group, name in names.items()]
    caption = say("De tre sidene ved kompetanse", "The three sides of competence")
    return telling.grid(caption, _tally_columns(say("Side", "Side"), telling), lines)


def _sum(key: str, table: str, tallies: Sequence[Tally], gaps: Gaps) -> Tally:
    """Add up rows of one table; somebody who stands behind several of them counts once."""
    rows = gaps.rows.where(gaps.rows.column("demand") == list(Demand).index(Demand.REQUIRED))
    codes = rows.words_of(table).codes([tally.key for tally in tallies])
    people = rows.column("employee")[np.isin(rows.column(table), codes)]
    return Tally(
        key=key,
        met=sum(tally.met for tally in tallies),
        missing=sum(tally.missing for tally in tallies),
        unknown=sum(tally.unknown for tally in tallies),
        contributors=len(np.unique(people)),
    )


def _tally_columns(first: str, telling: Telling) -> list[tuple[str, bool]]:
    say = telling.say
    return [
        (first, False),
        (say("Ansatte", "Employees"), True),
        (say("Dekning", "Coverage"), True),
        (say("Trinn som mangler", "Steps missing"), True),
        (say("Trinn ukjent", "Steps unknown"), True),
    ]


def _row(table: str, name: str, tally: Tally, telling: Telling) -> Line:
    """Tell one row as it is, as it was released before, or not at all."""
    key = (table, tally.key)
    named, _ = telling.as_told(key, name)
    shown = _as_told(table, tally, telling)
    return evolve(_tally_line(named, shown, telling), held=telling.veil.hides(key))


def _tally_line(name: str, tally: Tally, telling: Telling) -> Line:
    figures = (tally.contributors, tally.missing, tally.unknown)
    people, missing, unknown = (telling.figure(figure) for figure in figures)
    cells = (telling.words(name), people, _coverage(tally, telling), missing, unknown)
    return Line(cells=cells, people=tally.contributors)


def _legal_line(competence: str, mask: Array, gaps: Gaps, telling: Telling) -> Line:
    rows, key = gaps.rows.where(mask), (LEGAL, competence)
    soon = rows.column("validity") == list(Validity).index(Validity.EXPIRING)
    masks = (rows.column("missing") > 0, rows.column("unknown") > 0, soon)
    now = [len(np.unique(rows.column("employee")[each])) for each in (soon | True, *masks)]
    name, told = telling.as_told(key, telling.name(telling.competences, competence))
    people, missing, *others = told or now
    all_but_one = missing > 0 and people - missing <= 1
    cells = (
        telling.words(name),
        telling.figure(people),
        HELD_BACK if all_but_one else telling.people(missing),
        *(telling.people(count) for count in others),
    )
    return Line(cells=cells, people=people, held=telling.holds(key))


def _holders(gaps: Gaps) -> Mapping[str, int]:
    """Count who holds each unused competence, most first."""
    words = gaps.unused.words_of("competence")
    codes, counts = np.unique(gaps.unused.column("competence"), return_counts=True)
    pairs = ((words.values[c], n) for c, n in zip(codes.tolist(), counts.tolist(), strict=True))
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _vacant(gaps: Gaps, telling: Telling) -> Grid | None:
    say = telling.say
    vacant = [seat for seat in gaps.seats if seat.vacant]
    if not vacant:
        return None
    lines = [
        Line(
            cells=(
                telling.words(telling.name(telling.roles, seat.role)),
                telling.words(telling.name(telling.units, seat.unit)),
                telling.share(seat.wanted),
                telling.share(seat.vacant),
            ),
            people=0,
        )
        for seat in vacant
    ]
    columns = [
        (say("Rolle", "Role"), False),
        (say("Enhet", "Unit"), False),
        (say("Årsverk i planen", "Full-time positions"), True),
        (say("Ledig", "Vacant"), True),
    ]
    return telling.grid(say("Ledige stillinger", "Vacant seats"), columns, lines)


def _headcounts(gaps: Gaps, telling: Telling) -> Grid | None:
    say = telling.say
    short = [found for found in gaps.headcounts if found.most]
    if not short:
        return None
    lines = []
    for found in short:
        asked = found.headcount
        name, told = telling.as_told(
            headcount_key(found), telling.name(telling.competences, asked.competence)
        )
        if told:
            found = evolve(found, known=told[1], unknown=told[2])
        held = telling.holds(headcount_key(found))
        counts = (found.known, found.least, found.most)
        lines.append(
            Line(
                cells=(
                    telling.words(name),
                    telling.words(telling.name(telling.units, asked.unit)),
                    telling.figure(asked.count),
                    *(HELD_BACK if held else telling.people(count) for count in counts),
                ),
                people=0,
            )
        )
    columns = [
        (say("Kompetanse", "Competence"), False),
        (say("Enhet", "Unit"), False),
        (say("Skal være", "Wanted"), True),
        (say("Kjent", "Known"), True),
        (say("Mangler minst", "Lacking at least"), True),
        (say("Mangler høyst", "Lacking at most"), True),
    ]
    caption = say("Bemanning med en bestemt kompetanse", "Staffing with one competence")
    return telling.grid(caption, columns, lines)


def soonest(deadlines: Iterable[date | None], on: date) -> date | None:
    """Give the nearest date that is not past."""
    return min((day for day in deadlines if day is not None and day >= on), default=None)
