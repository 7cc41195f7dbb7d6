"""How do all runs stand on a day? Situation: what a policy sees, in columns, of all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.tallying import EMPTY, HOME, ROWS
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    EmployeeId,
    Engagement,
    Evidence,
    EvidenceId,
)
from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.model.work import RoleId, Seats, UnitId
from kompetanse_core.plan import Lift, Limits
from kompetanse_core.scenario.actions import Actions, Learning
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.frames import AS_EVER, Frame, within
from kompetanse_core.scenario.listening import Asked, never
from kompetanse_core.scenario.overlay import ended

Grid = np.ndarray[Any, np.dtype[Any]]
"""Numbers by run, and by person, period or cell."""
Cell = tuple[UnitId, RoleId]
Agenda = tuple[Actions, ...]
"""What has been decided in a run, decision by decision."""


@frozen(kw_only=True, eq=False, repr=False)
class Situation:
    """Situasjon: where everybody stands in every run on a day, and what has been counted.

    `place` has for each run and person the number of the cell where they are, -1 for gone; a
    person at home, as the enterprise says, is in the cell of their largest share. `hired` counts
    those in each cell who came by hiring, `coming` those who are found and have not begun. `counts`
    has what was counted in the periods so far, shape (runs, periods, cells).
    """

    enterprise: Enterprise
    on: date
    cells: tuple[Cell, ...]
    people: tuple[EmployeeId, ...]
    place: Grid
    hired: Grid
    coming: Grid
    counts: Mapping[Count, Grid]
    _where: Grid = field(alias="where")
    """As in `State`: nobody, at home, or from `ROWS` on the cell where they stand otherwise."""
    _share: Grid = field(alias="share")
    _agendas: tuple[Agenda, ...] = field(alias="agendas")
    _agenda: Array = field(alias="agenda")
    _failed: Sequence[frozenset[int]] = field(alias="failed")
    """For each run, the learning (by identity) that did not succeed; none for no run."""
    _since: date = field(alias="since")
    """The day of the last period that was played."""
    frame: Frame = AS_EVER
    """What a plan of this day may spend, where the scenario says so."""
    interrupted: Asked = never
    """Says whether whoever waits wants it to end, for a policy that works long to ask now and then:
    what it decides after a yes is not done."""

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.place)

    def __repr__(self) -> str:
        """Say how much there is; where anybody stands is not shown."""
        return f"<Situation: {len(self)} runs on {self.on}>"

    def within(self, limits: Limits) -> Limits:
        """Give the limits that a plan of this day has: its own, or what the scenario leaves."""
        return within(self.frame, limits)

    @property
    def alike(self) -> Array:
        """Number the runs so that those where everything has gone alike share a number, (runs,)."""
        if not self._failed:
            return np.zeros(len(self), np.int64)
        number: dict[tuple[object, ...], int] = {}
        keys = (
            (
                *(part[run].tobytes() for part in (self._where, self._share)),
                *(part[run].tobytes() for part in (self.hired, self.coming)),
                int(self._agenda[run]),
                self._failed[run],
            )
            for run in range(len(self))
        )
        return np.array([number.setdefault(key, len(number)) for key in keys], np.int64)

    def of(self, run: int) -> Enterprise:
        """Give the enterprise as it has become in one run.

        Who left is gone, who moved has the new role, what was learnt is assessed, and seats are
        fewer by those who came or are coming by hiring, who are no employees here. What has been
        decided and not happened yet is taken to succeed, but for what colleagues may pass on.
        """
        if not self._failed:
            return self.enterprise
        known = tuple(self._known(run))
        return evolve(
            self.enterprise,
            engagements=self._engaged(run),
            seats=tuple(self._open(run)),
            assessments=self.enterprise.assessments.merged(self._assessed(known)),
            evidence=self.enterprise.evidence.merged(self._proven(known)),
        )

    def _decided(self, run: int) -> Agenda:
        return self._agendas[int(self._agenda[run])]

    def _engaged(self, run: int) -> Table[Engagement]:
        table, where = self.enterprise.engagements, self._where[run]
        number = {person: spot for spot, person in enumerate(self.people)}
        to = {
            spot: (self.cells[int(where[spot]) - ROWS], int(self._share[run, spot]))
            for spot in np.flatnonzero(where >= ROWS).tolist()
        }
        for sent in (each for actions in self._decided(run) for each in actions.redeployments):
            spot = number[sent.employee]
            if sent.on > self.on and where[spot] != EMPTY:
                share = to[spot][1] if spot in to else self._at_home(sent.employee)
                to[spot] = (sent.unit, sent.role), share
        gone = sorted({*to, *np.flatnonzero(where == EMPTY).tolist()})
        codes = table.words_of("employee").codes([self.people[spot] for spot in gone])
        rows = np.isin(table.column("employee"), codes)
        return ended(table, rows, self.on).merged(
            Engagement(employee=self.people[spot], unit=unit, role=role, share=share, start=self.on)
            for spot, ((unit, role), share) in sorted(to.items())
            if share
        )

    def _at_home(self, employee: EmployeeId) -> int:
        table = self.enterprise.engagements
        own = table.where(table.column("employee") == table.words_of("employee").code(employee))
        return sum(
            each.share
            for each in own
            if (each.start or self.on) <= self.on <= (each.end or self.on)
        )

    def _open(self, run: int) -> Iterator[Seats]:
        """Yield the seats less what those who were hired fill."""
        taken = {
            cell: FULL_TIME * int(heads)
            for cell, heads in zip(self.cells, self.hired[run] + self.coming[run], strict=True)
        }
        for seats in self.enterprise.seats:
            cell, now = (seats.unit, seats.role), (seats.start or self.on) <= self.on
            filled = min(seats.share, taken[cell]) if now else 0
            if now and (seats.end or self.on) >= self.on:
                taken[cell] -= filled
                if seats.share > filled:
                    yield evolve(seats, share=seats.share - filled)
            else:
                yield seats

    def _known(self, run: int) -> Iterator[tuple[Learning, Lift]]:
        for actions in self._decided(run):
            for learning in actions.learning:
                sure = learning.via is None or learning.ready <= self._since
                if sure and id(learning) not in self._failed[run]:
                    yield from ((learning, lift) for lift in learning.lifts)

    def _assessed(self, known: Sequence[tuple[Learning, Lift]]) -> Iterator[Assessment]:
        for learning, lift in known:
            day = min(learning.ready, self.on)
            yield Assessment(
                employee=learning.employee,
                competence=lift.competence,
                level=lift.reach,
                source=AssessmentSource.TEST,
                assessed=day,
                recorded=datetime.combine(day, time(0), UTC),
            )

    def _proven(self, known: Sequence[tuple[Learning, Lift]]) -> Iterator[Evidence]:
        taken = self.enterprise.evidence.words_of("id")
        for number, (learning, lift) in enumerate(known):
            day, name = min(learning.ready, self.on), f"simulated-{number}"
            while name in taken:
                name += "+"
            for kind in sorted(lift.confers, key=lambda each: each.value):
                yield Evidence(
                    id=EvidenceId(f"{name}-{kind.value}"),
                    employee=learning.employee,
                    kind=kind,
                    competence=lift.competence,
                    level=lift.reach,
                    issued=day,
                    recorded=datetime.combine(day, time(0), UTC),
                )


def at_first(
    enterprise: Enterprise,
    on: date,
    cells: tuple[Cell, ...],
    people: tuple[EmployeeId, ...],
    home: Array,
    replicas: int,
) -> Situation:
    """Give the situation before anything has happened: all runs alike, in the room of one.

    `home` has for each person the number of the cell of their largest share, -1 for none.
    """
    nobody = np.broadcast_to(np.int64(0), (replicas, len(cells)))
    none = np.broadcast_to(np.int64(0), (replicas, 0, len(cells)))
    return Situation(
        enterprise=enterprise,
        on=on,
        cells=cells,
        people=people,
        place=np.broadcast_to(home, (replicas, len(people))),
        hired=nobody,
        coming=nobody,
        counts=MappingProxyType(dict.fromkeys(Count, none)),
        where=np.broadcast_to(np.int64(HOME), (replicas, len(people))),
        share=np.broadcast_to(np.int64(0), (replicas, len(people))),
        agendas=((),),
        agenda=np.broadcast_to(np.int64(0), replicas),
        failed=(),
        since=on,
    )
