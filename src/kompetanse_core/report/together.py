"""What must the parties do together? The section of a report that tells the follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve

from kompetanse_core import cooperation
from kompetanse_core.cooperation import Account, FollowUp, Standing
from kompetanse_core.model.text import Text
from kompetanse_core.report.groups import FRESH
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import Block, Paragraph, Points, Section
from kompetanse_core.report.telling import Telling
from kompetanse_core.rules import Check

OF_UNITS = frozenset({Check.ALL_UNITS_MAPPED.value, Check.MAPPED_REGULARLY.value})
"""The checks whose accounts name units by how fresh their mapping is."""

LEFT_OUT = Text(
    nb="Enheter der tallene er holdt tilbake, er ikke regnet med.",
    en="Units whose figures are held back are left out.",
)


def together(follow_up: FollowUp, telling: Telling) -> Section:
    """Tell clause by clause what is missing, due and kept (P-9, B-14 to B-16, D-3, M-5, R-4)."""
    say = telling.say
    told = told_of(follow_up, telling)
    missing, due, kept = (
        told.by(standing) for standing in (Standing.MISSING, Standing.DUE, Standing.KEPT)
    )
    blocks: list[Block] = [_cited(follow_up, telling)] if missing or due or kept else []
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


def _cited(follow_up: FollowUp, telling: Telling) -> Paragraph:
    """Say whose clauses the letters and numbers are: the guide's, or another floor's."""
    label = follow_up.rules.sets[0].label.read(telling.language)
    return Paragraph(
        text=telling.say(
            f"Bokstav og tall viser til punktene i «{label}».",
            f"Letters and numbers refer to the clauses of “{label}”.",
        )
    )


def told_of(follow_up: FollowUp, telling: Telling) -> FollowUp:
    """Leave the units that may not be told of out of the accounts that name units (M-13).

    Such a clause is followed up once more among the others alone, so that neither a name nor how
    the clause stands tells of a unit whose freshness is held back.
    """
    hidden = sorted(row for table, row in telling.veil.hidden if table == FRESH)
    if not hidden:
        return follow_up
    engaged = follow_up.enterprise.engagements
    outside = ~np.isin(engaged.column("unit"), engaged.words_of("unit").codes(hidden))
    again = cooperation.follow_up(
        evolve(follow_up.enterprise, engagements=engaged.where(outside)),
        on=follow_up.on,
        rules=evolve(
            follow_up.rules,
            rules=tuple(rule for rule in follow_up.rules if rule.check in OF_UNITS),
        ),
    )
    told = {account.rule.clause: _left_out(account) for account in again}
    accounts = (told.get(account.rule.clause, account) for account in follow_up)
    return evolve(follow_up, accounts=tuple(accounts))


def _left_out(account: Account) -> Account:
    words = Text(nb=f"{account.told.nb} {LEFT_OUT.nb}", en=f"{account.told.en} {LEFT_OUT.en}")
    return evolve(account, told=words)


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
