"""Does what is required make sense as a whole, and can people bear it? E509, E511, W514-W516."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import Place
from kompetanse_core.model.competence import FacetGroup
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.people import Engagement
from kompetanse_core.model.places import Places, noted, refused, warned
from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.model.work import Bearer, Requirement, Role

Rows = npt.NDArray[np.int64]

MOST_STEPS = 2**62
"""The most weighted steps that an enterprise can count exactly in int64, with room for one sum."""

NO_ROWS: Rows = np.empty(0, np.int64)


@frozen(kw_only=True)
class _Profiles:
    """The rows of requirements that each task, role and occupation bears."""

    requirements: Table[Requirement]
    borne: Mapping[tuple[Bearer, str], Rows]

    def of(self, role: Role) -> Rows:
        """Give the rows that hold for a role: its own, its occupation's and its tasks'."""
        own, start = self._by(Bearer.ROLE, role.id), self._by(Bearer.OCCUPATION, role.occupation)
        competences = self.requirements.column("competence")
        waived = self.requirements.words_of("competence").codes(role.waives)
        kept = ~np.isin(competences[start], np.concatenate([competences[own], waived]))
        tasks = (self._by(Bearer.TASK, task) for task in role.tasks)
        return np.concatenate([own, start[kept], *tasks])

    def _by(self, bearer: Bearer, of: str | None) -> Rows:
        return NO_ROWS if of is None else self.borne.get((bearer, of), NO_ROWS)


def shares(places: Places) -> Iterator[Finding]:
    """Warn of every person whose engagements at some date are above full time together (E511)."""
    above = _above_full_time(places.parcel.engagements)
    for place in places.each("engagements", above, "share"):
        text = "with this engagement a person is above full time"
        yield warned("E511", text, place, "end an engagement, or lower a share")


def profiles(places: Places) -> Iterator[Finding]:
    """Tell what a profile lacks: a reason, a second group, a common proof (E509, W514 to W516)."""
    found = _profiles(places.parcel)
    yield from _reasons(places, found)
    yield from _steps(places, found)
    groups = _groups(places.parcel)
    for row, role in enumerate(places.parcel.roles):
        rows = found.of(role)
        if len(rows) and (only := _only_group(groups[rows])):
            text = f"role {role.id!r} asks for one group of competence only: {only}"
            hint = "K-6: competence is knowing, doing and being; see what else the role takes"
            yield warned("W515", text, places.of("roles", row, "id"), hint)
        for competence in _without_shared_proof(places.parcel.requirements, rows):
            text = f"role {role.id!r} is asked for {competence!r} with proofs that share no kind"
            hint = "any of the kinds will count; make the requirements agree"
            yield warned("W516", text, places.of("roles", row, "id"), hint)


def _above_full_time(engagements: Table[Engagement]) -> list[int]:
    """Find, for each person, the first engagement that brings the sum of shares above full time."""
    share, rows = engagements.column("share").astype(np.int64), np.arange(len(engagements))
    days = [engagements.column("start").astype(np.int64), engagements.column("end") + np.int64(1)]
    day, change = np.concatenate(days), np.concatenate([share, -share])
    row = np.concatenate([rows, rows])
    person = engagements.column("employee")[row]
    order = np.lexsort([row, change > 0, day, person])
    above = order[np.cumsum(change[order]) > FULL_TIME]
    _, first = np.unique(person[above], return_index=True)
    return sorted(row[above[first]].tolist())


def _profiles(parcel: Enterprise) -> _Profiles:
    """Cut the requirements into the rows of each bearer."""
    table = parcel.requirements
    bearer, of = table.column("bearer"), table.column("of")
    order = np.lexsort([of, bearer])
    cuts = np.flatnonzero(np.diff(bearer[order]) | np.diff(of[order])) + 1
    parts = np.split(order, cuts) if len(table) else []
    kinds, words = tuple(Bearer), table.words_of("of").values
    borne = {(kinds[bearer[part[0]]], words[of[part[0]]]): part for part in parts}
    return _Profiles(requirements=table, borne=borne)


def _reasons(places: Places, found: _Profiles) -> Iterator[Finding]:
    """Note each task and role with requirements that trace to no need (A-7).

    An occupation's profile comes from outside and gets its reason where a role takes it up (K-8).
    """
    needs = found.requirements.words_of("needs").codes([()])[0]
    unreasoned = found.requirements.column("needs") == needs
    for (bearer, of), rows in found.borne.items():
        lacking = rows[unreasoned[rows]]
        if bearer is not Bearer.OCCUPATION and len(lacking):
            text = f"no need says why {bearer.value} {of!r} takes {len(lacking)} of its competences"
            hint = "A-7: name the present or future need that each requirement builds on"
            yield noted("W514", text, places.of("requirements", int(lacking[0]), "needs"), hint)


def _steps(places: Places, found: _Profiles) -> Iterator[Finding]:
    """Refuse more weighted steps than can be counted: every weight at the highest level (E509)."""
    parcel, requirements = places.parcel, found.requirements
    engaged = Counter(parcel.engagements.column("role").tolist())
    roles = parcel.engagements.words_of("role")
    weights = requirements.column("weight")
    worth = sum(
        int(weights[found.of(role)].sum()) * engaged[roles.code(role.id)] for role in parcel.roles
    )
    if worth * max(requirements.column("level").tolist(), default=0) > MOST_STEPS:
        place = Place(file="enterprise.requirements", column="weight")
        yield refused("E509", "weights and people are too many to count steps exactly", place)


def _groups(parcel: Enterprise) -> Rows:
    """Give each requirement's group of competence as one bit, 0 where it has none."""
    group = {c.id: c.facet.group for c in parcel.competences if c.facet is not None}
    bit = {each: 1 << number for number, each in enumerate(FacetGroup)}
    words = parcel.requirements.words_of("competence").values
    bits = [bit[group[word]] if word in group else 0 for word in words]
    return np.array([*bits, 0], np.int64)[parcel.requirements.column("competence")]


def _only_group(bits: Rows) -> str:
    """Name the one group that these requirements stand in; "" if there are more, or none."""
    united = int(np.bitwise_or.reduce(bits))
    names = [each.value for number, each in enumerate(FacetGroup) if united >> number & 1]
    return names[0] if len(names) == 1 else ""


def _without_shared_proof(requirements: Table[Requirement], rows: Rows) -> Iterator[str]:
    """Yield the competences for which, on some day, no kind of evidence proves all that ask."""
    asking = rows[requirements.column("proof")[rows] != 0]
    competences = requirements.column("competence")[asking]
    for code in np.unique(competences).tolist():
        together = requirements.take(asking[competences == code])
        days = np.unique(together.column("start"))
        active = (together.column("start") <= days[:, None]) & (
            together.column("end") >= days[:, None]
        )
        every = np.where(active, together.column("proof"), -1)
        if (np.bitwise_and.reduce(every, axis=1) == 0).any():
            yield requirements.words_of("competence").values[code]
