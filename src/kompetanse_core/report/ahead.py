"""What may come? The sections of a report that tell what runs come to, and what warns of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import MappingProxyType

from attrs import evolve

from kompetanse_core.columns.layout import Array
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId
from kompetanse_core.report.crowd import behind_swing
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import (
    HELD_BACK,
    Block,
    Cell,
    Chart,
    ChartForm,
    Curve,
    Grid,
    Paragraph,
    Points,
    Section,
)
from kompetanse_core.report.prospect import HIGH, LOW, MIDDLE, Prospect, added, capital
from kompetanse_core.scenario import Count, EarlyWarning, Outlook, Swing
from kompetanse_core.scenario.outlook import least_within

SWINGS = MappingProxyType(
    {
        "attrition": Text(nb="Hvor mange som slutter", en="How many leave"),
        "retirement": Text(nb="Hvor mange som går av med pensjon", en="How many retire"),
        "moves": Text(nb="Hvor mange som går over til en annen rolle", en="How many change role"),
        "hiring": Text(nb="Hvor ofte noen blir ansatt", en="How often somebody is hired"),
        "time to fill": Text(nb="Hvor lang tid det tar å ansette", en="How long hiring takes"),
        "success": Text(nb="Hvor ofte læring ikke når målet", en="How often learning fails"),
    }
)
PER_CENT = "\u00a0%"


def in_short(of: Prospect, swings: Sequence[Swing]) -> Section:
    """Tell in a handful of points how each scenario ends, what warns first, and what helps."""
    points = [*(_ending(name, of) for name in of.outlooks.scenarios)]
    if warned := warnings(of):
        points.append(_warned(*warned[0], of))
    points += [each for each in (_matters(swings, of), _least(of)) if each]
    heading = of.telling.say("Kort fortalt", "In short")
    return Section(id="kort", heading=heading, blocks=(Points(points=tuple(points)),))


def courses(of: Prospect) -> Section:
    """Tell coverage period by period, a chart and a table for each scenario."""
    text = of.telling.say(
        "Dekning er andelen som er på plass av det som kreves og er kjent. Tallet er det midterste "
        f"av {of.telling.whole(of.outlooks.runs.replicas)} forløp; i parentes, og som bånd i "
        "diagrammet, står det som åtte av ti forløp ligger mellom.",
        "Coverage is the part in place of what is required and known. The figure is the middle one "
        f"of {of.telling.whole(of.outlooks.runs.replicas)} runs; in brackets, and as a band in the "
        "chart, stands what eight runs of ten lie between.",
    )
    grids = (_course(name, of) for name in of.outlooks.scenarios)
    heading = of.telling.say("Hvordan det kan gå", "How it may go")
    return Section(id="utvikling", heading=heading, blocks=(Paragraph(text=text), *grids))


def endings(of: Prospect) -> Section:
    """Tell what every scenario ends with under every policy."""
    say, enough = of.telling.say, of.outlooks.enough
    columns = [
        (say("Scenario og plan", "Scenario and plan"), False),
        (say("Dekning", "Coverage"), True),
        (say("Trinn som mangler", "Steps missing"), True),
        (say("Trinn ukjent", "Steps unknown"), True),
        (say("Ledige årsverk", "Vacant positions"), True),
        (say("Kostnad", "Cost"), True),
        (say("Timer borte fra arbeidet", "Hours away from work"), True),
        (say(f"Ender med minst {enough} %", f"Ends with {enough} % or more"), True),
    ]
    note = say(
        "Kostnad, for tiltak og ansettelser, og timer er det midterste av forløpene, for hele "
        "tiden til sammen. En tom stilling dekker ingenting og mangler ingenting; derfor står "
        "ledige årsverk for seg.",
        "Cost, of measures and hires, and hours are the middle of the runs, for the whole time "
        "together. An empty seat covers nothing and lacks nothing, so vacant positions stand by "
        "themselves.",
    )
    caption = say("Hvert scenario med hver plan", "Every scenario with every plan")
    heading = say(f"Hvor det ender, i {of.last}", f"Where it ends, in {of.last}")
    grid = of.telling.grid(caption, columns, [_end(each, of) for each in of.outlooks], note=note)
    return Section(id="slutt", heading=heading, blocks=(_with_ends(grid, of),))


def early_warnings_told(of: Prospect) -> Section:
    """Tell where coverage falls too low, from when on, and how sure it is."""
    say, enough = of.telling.say, of.outlooks.enough
    found = warnings(of)
    none = say(
        f"Ingen rolle som kan vises, faller under {enough} % dekning i ni av ti forløp.",
        f"No role that can be shown falls under {enough} % coverage in nine runs of ten.",
    )
    told: Block = Points(points=tuple(_warned(*each, of) for each in found))
    heading = say("Tidlige varsler", "Early warnings")
    blocks = (told,) if found else (Paragraph(text=none),)
    return Section(id="varsler", heading=heading, blocks=blocks)


def by_role(of: Prospect) -> Section:
    """Tell of every role how much of it is needed at last, who is there and what is missing."""
    blocks = tuple(_roles(name, of) for name in of.outlooks.scenarios)
    heading = of.telling.say("Rolle for rolle", "Role by role")
    return Section(id="roller", heading=heading, blocks=blocks)


def what_matters(of: Prospect, swings: Sequence[Swing]) -> Section | None:
    """Tell what each assumption does when it is halved and doubled, the widest swing first."""
    if not swings:
        return None
    say = of.telling.say
    columns = [
        (say("Antakelse", "Assumption"), False),
        (say("Halvert", "Halved"), True),
        (say("Doblet", "Doubled"), True),
        (say("Utslag", "Swing"), True),
    ]
    lines = [_swing(each, of) for each in swings]
    caption = say(
        "Trinn som mangler til slutt, med virksomheten som i dag og uten plan",
        "Steps missing at last, with the enterprise as it is and no plan",
    )
    note = say(
        "En tom stilling mangler ingenting: der flere slutter, kan tallet synke.",
        "An empty seat lacks nothing: where more leave, the figure may fall.",
    )
    grid = of.telling.grid(caption, columns, lines, note=note)
    heading = say("Hva som betyr mest", "What matters most")
    return Section(id="betyr", heading=heading, blocks=(grid,))


def regrets(of: Prospect) -> Section | None:
    """Hold every policy against the best one of each scenario."""
    if len(of.outlooks.policies) < 2:
        return None
    say, scenarios = of.telling.say, of.outlooks.scenarios
    columns = [
        (say("Plan", "Plan"), False),
        *((capital(name), True) for name in scenarios),
        (say("Største", "Largest"), True),
    ]
    note = say(
        "Så mange flere trinn mangler til slutt, i gjennomsnitt over forløpene, enn med den beste "
        "planen i samme scenario. 0 er best.",
        "So many more steps are missing at last, on average over the runs, than with the best plan "
        "in the same scenario. 0 is best.",
    )
    caption = say("Flere trinn enn med den beste planen", "More steps than with the best plan")
    lines = [_regretted(policy, of) for policy in of.outlooks.policies]
    grid = of.telling.grid(caption, columns, lines, note=note)
    heading = say("Hva en kan komme til å angre", "What one may come to regret")
    return Section(id="anger", heading=heading, blocks=(grid,))


def warnings(of: Prospect) -> tuple[tuple[Outlook, EarlyWarning], ...]:
    """Give the warnings that may be told, earliest first; those of few are not among them."""
    found = [
        (outlook, each)
        for outlook in of.outlooks
        for each in outlook.watch.warnings()
        if not of.held(outlook) and not of.few_in(each.role, outlook)
    ]
    return tuple(sorted(found, key=lambda pair: pair[1].since))


# --- in short -------------------------------------------------------------------------------------


def _ending(scenario: str, of: Prospect) -> str:
    """Tell how a scenario ends: what is covered, and what stands empty, under each policy."""
    told = [each for each in of.of(scenario) if not of.held(each)]
    if not told:
        return of.telling.say(
            f"{capital(scenario)}: holdt tilbake, fordi tallene ville fortelle om få.",
            f"{capital(scenario)}: held back, since the figures would tell of few.",
        )
    ends = of.telling.say(" eller ", " or ").join(_ended(each, of) for each in told)
    return of.telling.say(
        f"{capital(scenario)} ender med {ends}.", f"{capital(scenario)} ends with {ends}."
    )


def _ended(outlook: Outlook, of: Prospect) -> str:
    vacant = of.telling.positions(outlook.quantile(Count.VACANT, MIDDLE))
    covered = _middle_only(_covered(outlook, of))
    policy = of.policy(outlook.policy)
    return of.telling.say(
        f"{covered} dekning og {vacant} ledige årsverk ({policy})",
        f"{covered} coverage and {vacant} vacant positions ({policy})",
    )


def _middle_only(cell: Cell) -> str:
    return cell.text if cell.number is None else f"{cell.number}{PER_CENT}"


def _warned(outlook: Outlook, warning: EarlyWarning, of: Prospect) -> str:
    where, since = of.place(warning.unit, warning.role), of.period(warning.since)
    return of.telling.say(
        f"{of.named(outlook)}: {where} er under {warning.percent} % dekning fra {since} i "
        f"{warning.tenths} av 10 forløp.",
        f"{of.named(outlook)}: {where} is under {warning.percent} % covered from {since} in "
        f"{warning.tenths} of 10 runs.",
    )


def _matters(swings: Sequence[Swing], of: Prospect) -> str:
    """Name the assumption that swings most, where it may be told and does anything."""
    first = next((each for each in swings if not of.few(behind_swing(each, of.outlooks))), None)
    if first is None or not first.width:
        return ""
    name = swing_name(first, of)
    told = f"{name[:1].lower()}{name[1:]}"
    return of.telling.say(
        f"Av antakelsene betyr denne mest: {told}.",
        f"Of the assumptions this matters most: {told}.",
    )


def _least(of: Prospect) -> str:
    if len(of.outlooks.policies) < 2 or any(map(of.held, of.outlooks)):
        return ""
    names = of.telling.listed([of.policy(name) for name in of.outlooks.least_regret()])
    return of.telling.say(
        f"Minst å angre på, i det scenarioet der den gjør det dårligst: {names}.",
        f"Least to regret, in the scenario where it does worst: {names}.",
    )


# --- period by period -----------------------------------------------------------------------------


def _course(scenario: str, of: Prospect) -> Grid:
    """Lay one scenario out: a row for each period, coverage for each policy.

    Of a single policy more than coverage is told.
    """
    say, mine = of.telling.say, of.of(scenario)
    shown = (Count.HEADS, Count.MISSING, Count.UNKNOWN) if len(mine) == 1 else ()
    names = {
        Count.HEADS: say("Ansatte", "Employees"),
        Count.MISSING: say("Trinn som mangler", "Steps missing"),
        Count.UNKNOWN: say("Trinn ukjent", "Steps unknown"),
    }
    columns = [
        (say("Periode", "Period"), False),
        *((capital(of.policy(each.policy)), True) for each in mine),
        *((names[count], True) for count in shown),
    ]
    lines = [
        Line(cells=tuple(_turn(turn, mine, shown, of)), people=0)
        for turn in range(len(mine[0].starts))
    ]
    caption = say(
        f"{capital(scenario)}: dekning i hver periode", f"{capital(scenario)}: coverage by period"
    )
    grid = of.telling.grid(caption, columns, lines)
    return evolve(grid, chart=_curves(scenario, of)) if _drawn(grid) else grid


def _turn(
    turn: int, mine: Sequence[Outlook], shown: Sequence[Count], of: Prospect
) -> Sequence[Cell]:
    shares = [HELD_BACK if of.held(each) else _share(each, turn, of) for each in mine]
    others = [
        HELD_BACK if of.held(each) else of.band(each.counts[count][:, turn])
        for count in shown
        for each in mine
    ]
    return (Cell(text=of.period(mine[0].starts[turn])), *shares, *others)


def _share(outlook: Outlook, turn: int, of: Prospect) -> Cell:
    met, missing = (outlook.counts[each][:, turn] for each in (Count.MET, Count.MISSING))
    return of.band_of_shares(met, missing)


def _drawn(grid: Grid) -> bool:
    """Say whether all of a grid can be drawn: nothing is held back, and everything is a figure."""
    return all(cell.number is not None for row in grid.rows for cell in row[1:])


def _curves(scenario: str, of: Prospect) -> Chart:
    mine = of.of(scenario)
    curves = [
        Curve(
            name=of.policy(each.policy),
            points=tuple(_point(each, turn) for turn in range(len(each.starts))),
        )
        for each in mine
    ]
    fell = "; ".join(
        of.telling.say(
            f"{curve.name} fra {curve.points[0][1]} til {curve.points[-1][1]}{PER_CENT}",
            f"{curve.name} from {curve.points[0][1]} to {curve.points[-1][1]}{PER_CENT}",
        )
        for curve in curves
    )
    least, most = _scale(of)
    return Chart(
        title=of.telling.say(
            f"{capital(scenario)}: dekning over tid (skala {least}–{most}{PER_CENT})",
            f"{capital(scenario)}: coverage over time (scale {least}–{most}{PER_CENT})",
        ),
        text=of.telling.say(f"Dekning: {fell}.", f"Coverage: {fell}."),
        form=ChartForm.COURSE,
        along=tuple(map(of.period, mine[0].starts)),
        unit=PER_CENT,
        scale=(least, most),
        curves=tuple(curves),
    )


def _scale(of: Prospect) -> tuple[int, int]:
    """Give the ends of one scale for all charts of coverage: the tens below the least, and all."""
    lows = [
        _point(each, turn)[0]
        for each in of.outlooks
        if not of.held(each)
        for turn in range(len(each.starts))
        if (each.counts[Count.MET] + each.counts[Count.MISSING])[:, turn].all()
    ]
    return min(lows, default=0) // 10 * 10, 100


def _point(outlook: Outlook, turn: int) -> tuple[int, int, int]:
    met, missing = (outlook.counts[each][:, turn] for each in (Count.MET, Count.MISSING))
    return _low_middle_high(met * 100 // (met + missing))


def _low_middle_high(ends: Array) -> tuple[int, int, int]:
    low, middle, high = (least_within(ends, each) for each in (LOW, MIDDLE, HIGH))
    return low, middle, high


# --- at last --------------------------------------------------------------------------------------


def _covered(outlook: Outlook, of: Prospect) -> Cell:
    return of.band_of_shares(outlook.ends(Count.MET), outlook.ends(Count.MISSING))


def _end(outlook: Outlook, of: Prospect) -> Line:
    telling, enough = of.telling, of.outlooks.enough
    return of.line(
        outlook,
        _covered(outlook, of),
        of.band(outlook.ends(Count.MISSING)),
        of.band(outlook.ends(Count.UNKNOWN)),
        of.band_of_positions(outlook.ends(Count.VACANT)),
        telling.money(outlook.quantile(Count.COST, MIDDLE)),
        telling.figure(outlook.quantile(Count.AWAY, MIDDLE)),
        Cell(text=of.tenths(outlook.robustness(enough))),
    )


def _with_ends(grid: Grid, of: Prospect) -> Grid:
    """Draw how all outlooks end, where all are told."""
    ends = [(each.ends(Count.MET), each.ends(Count.MISSING)) for each in of.outlooks]
    if grid.withheld or not all((met + missing).all() for met, missing in ends):
        return grid
    points = [_low_middle_high(met * 100 // (met + missing)) for met, missing in ends]
    along = tuple(map(of.named, of.outlooks))
    told = "; ".join(
        f"{n} {middle}{PER_CENT}" for n, (_, middle, _) in zip(along, points, strict=True)
    )
    least, most = _scale(of)
    title = of.telling.say(
        f"Dekning i {of.last} (skala {least}–{most}{PER_CENT})",
        f"Coverage in {of.last} (scale {least}–{most}{PER_CENT})",
    )
    chart = Chart(
        title=title,
        text=f"{title}: {told}.",
        form=ChartForm.SPANS,
        along=along,
        unit=PER_CENT,
        scale=(least, most),
        curves=(Curve(name=title, points=tuple(points)),),
    )
    return evolve(grid, chart=chart)


# --- role by role ---------------------------------------------------------------------------------


def _roles(scenario: str, of: Prospect) -> Block:
    """Lay out the roles of a scenario that can be told, the others together, and the whole."""
    mine, hidden = of.of(scenario), of.hidden[scenario]
    told = sorted(mine[0].roles.keys() - hidden)
    if any(map(of.held, mine)) or not told:
        return Paragraph(text=_none(scenario, of))
    say = of.telling.say
    columns = [
        (say("Rolle", "Role"), False),
        (say("Årsverk som trengs", "Positions needed"), True),
    ]
    for each in mine:
        policy = of.policy(each.policy)
        columns += [
            (say(f"Ansatte, {policy}", f"Employees, {policy}"), True),
            (say(f"Trinn som mangler, {policy}", f"Steps missing, {policy}"), True),
        ]
    caption = say(
        f"{capital(scenario)}: rollene i {of.last}", f"{capital(scenario)}: roles in {of.last}"
    )
    names = of.telling.roles
    lines = [_together(of.telling.name(names, role), {role}, mine, of) for role in told]
    note = ""
    if hidden:
        others = say(f"{len(hidden)} andre samlet", f"{len(hidden)} others together")
        lines.append(_together(others, hidden, mine, of))
        listed = of.telling.listed([of.telling.name(names, role) for role in sorted(hidden)])
        note = say(
            f"Samlet, siden tall for hver av dem ville fortelle om få: {listed}.",
            f"Told together, since figures for each would tell of few: {listed}.",
        )
    total = _together(say("Til sammen", "In all"), mine[0].roles, mine, of)
    return of.telling.grid(caption, columns, lines, total=total, note=note)


def _none(scenario: str, of: Prospect) -> str:
    return of.telling.say(
        f"{capital(scenario)}: ingen rolle kan vises for seg uten å fortelle om få.",
        f"{capital(scenario)}: no role can be shown by itself without telling of few.",
    )


def _together(name: str, roles: Collection[RoleId], mine: Sequence[Outlook], of: Prospect) -> Line:
    """Add some roles up: how much of them is needed, and what each policy ends with."""
    needed = sum(of.seats(mine[0].scenario, role) for role in roles)
    cells = [of.telling.share(needed)]
    for each in mine:
        cells += [of.band(added(each, count, roles)) for count in (Count.HEADS, Count.MISSING)]
    return Line(cells=(of.telling.words(name), *cells), people=0)


# --- what matters, and regret ---------------------------------------------------------------------


def swing_name(swing: Swing, of: Prospect) -> str:
    """Name an assumption in the words of the report."""
    return SWINGS.get(swing.name, Text(swing.name)).read(of.telling.language)


def _swing(swing: Swing, of: Prospect) -> Line:
    cells = (of.mean(each) for each in (swing.low, swing.high, swing.width))
    name = of.telling.words(swing_name(swing, of))
    held = of.few(behind_swing(swing, of.outlooks))
    return Line(cells=(name, *cells), people=0, held=held)


def _regretted(policy: str, of: Prospect) -> Line:
    """Lay out what one policy is worse by; a scenario is held back as a whole or not at all."""
    mine = [each for each in of.outlooks.regrets() if each.policy == policy]
    held = [any(map(of.held, of.of(each.scenario))) for each in mine]
    cells = [HELD_BACK if few else of.mean(each.by) for few, each in zip(held, mine, strict=True)]
    worst = HELD_BACK if any(held) else of.mean(max(each.by for each in mine))
    name = of.telling.words(capital(of.policy(policy)))
    return Line(cells=(name, *cells, worst), people=0)
