"""What must the parties do together? The section of a report that tells the follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kompetanse_core.cooperation import Account, FollowUp, Standing
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import Block, Paragraph, Points, Section
from kompetanse_core.report.telling import Telling


def together(follow_up: FollowUp, telling: Telling) -> Section:
    """Tell clause by clause what is missing, due and kept (P-9, B-14 to B-16, D-3, M-5, R-4)."""
    say = telling.say
    missing, due, kept = (
        follow_up.by(standing) for standing in (Standing.MISSING, Standing.DUE, Standing.KEPT)
    )
    blocks: list[Block] = []
    if missing:
        head = say("Mangler, og bør tas opp:", "Missing, and to be taken up:")
        blocks += [Paragraph(text=head), Points(points=_points(missing, telling))]
    if due:
        head = say("Gjenstår:", "Still to be done:")
        blocks += [Paragraph(text=head), Points(points=_points(due, telling))]
    if kept:
        blocks.append(_kept(kept, telling))
    if not blocks:
        nothing = say("Ingen punkter er aktuelle ennå.", "No clause applies yet.")
        blocks.append(Paragraph(text=nothing))
    heading = say("Det partene gjør sammen", "What the parties do together")
    return Section(id="samarbeid", heading=heading, blocks=tuple(blocks))


def _points(accounts: Sequence[Account], telling: Telling) -> tuple[str, ...]:
    """Put what a rule stops or warns of before what it only offers."""
    firm = sorted(accounts, key=lambda account: not account.warns)
    return tuple(f"{told} ({', '.join(clauses)})" for told, clauses in _said(firm, telling).items())


def _said(accounts: Sequence[Account], telling: Telling) -> Mapping[str, Sequence[str]]:
    """Tell each sentence once, with every clause that it answers."""
    clauses: dict[str, list[str]] = {}
    for account in accounts:
        told = account.told.read(telling.language)
        clauses.setdefault(told, []).append(account.rule.clause)
    return clauses


def _kept(accounts: Sequence[Account], telling: Telling) -> Block:
    columns = [
        (telling.say("Punkt", "Clause"), False),
        (telling.say("Oppfylt ved", "Kept by"), False),
    ]
    lines = [
        Line(cells=(telling.words(", ".join(clauses)), telling.words(told)), people=0)
        for told, clauses in _said(accounts, telling).items()
    ]
    return telling.grid(telling.say("Oppfylt", "Kept"), columns, lines)
