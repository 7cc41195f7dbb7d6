"""What do gaps add up to? Tallies by person, unit, role, task, competence, facet and driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from types import MappingProxyType

import numpy as np

from kompetanse_core.columns.kernels import COUNTED, OPEN
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.met import Adding, Groups, Met, Posts, Sums, Wants
from kompetanse_core.gap.nouns import By, Tally
from kompetanse_core.gap.profile import Profile, task_profile
from kompetanse_core.gap.reckoning import Reckoning
from kompetanse_core.model.competence import Facet
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import Demand

Keyed = tuple[Sequence[str], Groups]
"""The key of each group, and which rows belong to it."""


def total(reckoning: Reckoning) -> Tally:
    """Add everything up, under an empty key."""
    wants, posts = reckoning.profile.wants, reckoning.staffing.posts
    groups = _one_each(np.zeros(len(posts), np.int64), np.zeros(len(wants), np.int64), 1)
    (sums,) = _summed(reckoning, posts, wants, (groups,), np.ones(len(wants), np.bool_))
    nothing = Tally(key="", met=0, missing=0, unknown=0, contributors=0)
    return next(_tallies(("",), sums), nothing)


def tally(employee: EmployeeId, posts: Posts, wants: Wants, met: Met) -> Tally:
    """Add up the rows of one person's posts."""
    row = posts.wants(wants)
    worth, known, counted = wants.weight[row], met.count != OPEN, met.count == COUNTED
    total = wants.need[row] * worth
    reached = int((np.minimum(met.have, wants.need[row]) * worth)[counted].sum())
    return Tally(
        key=employee,
        met=reached,
        missing=int(total[known].sum()) - reached,
        unknown=int(total[~known].sum()),
        contributors=int(len(row) > 0),
    )


def roll_ups(
    reckoning: Reckoning,
    bys: Sequence[By],
    *,
    demand: Demand | None,
    competences: Array | None = None,
) -> dict[By, tuple[Tally, ...]]:
    """Add up by several keys, each in the order of its keys; keys without a row are left out.

    `demand` keeps only what is asked that strongly, `competences` (K,) only those marked.
    """
    posts, profile = reckoning.staffing.posts, reckoning.profile
    own = [by for by in bys if by is not By.TASK]
    found = _rolled_up(reckoning, own, posts, profile, demand, competences)
    if By.TASK in bys:
        tasks = _tasks(reckoning)
        found |= _rolled_up(reckoning, (By.TASK,), *tasks, demand, competences)
    return found


def _rolled_up(
    reckoning: Reckoning,
    bys: Sequence[By],
    posts: Posts,
    profile: Profile,
    demand: Demand | None,
    competences: Array | None,
) -> dict[By, tuple[Tally, ...]]:
    wants = profile.wants
    counts = np.ones(len(wants), np.bool_) if competences is None else competences[wants.code]
    if demand is not None:
        counts = counts & (wants.demand == list(Demand).index(demand))
    keyed = [_GROUPINGS[by](reckoning, posts, profile) for by in bys]
    ways = tuple(groups for _, groups in keyed)
    sums = _summed(reckoning, posts, wants, ways, counts)
    return {
        by: tuple(_tallies(keys, each))
        for by, (keys, _), each in zip(bys, keyed, sums, strict=True)
    }


def _summed(
    reckoning: Reckoning, posts: Posts, wants: Wants, ways: tuple[Groups, ...], counts: Array
) -> tuple[Sums, ...]:
    adding = Adding(posts=posts, wants=wants, ways=ways, counts=counts)
    for _ in reckoning.made(posts, wants, adding.add):
        pass  # every block is added as it is made
    return adding.sums()


def _tasks(reckoning: Reckoning) -> tuple[Posts, Profile]:
    """Hold everybody against each task of their roles."""
    profile = task_profile(
        reckoning.enterprise, reckoning.holdings.graph.words, reckoning.holdings.on
    )
    tasks = {role.id: role.tasks for role in reckoning.enterprise.roles}
    rows = [profile.keys.codes(tasks[role]) for role in reckoning.profile.keys.values]
    counts = np.asarray([len(row) for row in rows], np.int64)
    posts = reckoning.staffing.posts
    person = np.repeat(posts.person, counts[posts.key])
    key = [rows[role] for role in posts.key.tolist()]
    return Posts(person=person, key=np.concatenate([np.empty(0, np.int32), *key])), profile


def _by_employee(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    people = reckoning.holdings.people.values
    return people, _one_each(posts.person, np.zeros(len(profile.wants)), len(people))


def _by_unit(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    units = reckoning.staffing.units.values
    return units, _one_each(reckoning.staffing.unit, np.zeros(len(profile.wants)), len(units))


def _by_branch(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    units, branches = reckoning.staffing.units.values, reckoning.branches
    return units, Groups(
        post=reckoning.staffing.unit.astype(np.int64),
        want=np.zeros(len(profile.wants), np.int64),
        starts=branches.starts,
        group=branches.above,
        count=len(units),
    )


def _by_key(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    keys = profile.keys.values
    return keys, _one_each(posts.key, np.zeros(len(profile.wants)), len(keys))


def _by_competence(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    words = reckoning.holdings.graph.words.values
    return words, _one_each(np.zeros(len(posts)), profile.wants.code, len(words))


def _by_facet(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    graph, facets = reckoning.holdings.graph, ["", *sorted(facet.value for facet in Facet)]
    of = (graph.competences[word].facet for word in graph.words.values)
    facet = np.asarray([facets.index("" if f is None else f.value) for f in of], np.int64)
    return facets, _one_each(np.zeros(len(posts)), facet[profile.wants.code], len(facets))


def _by_driver(reckoning: Reckoning, posts: Posts, profile: Profile) -> Keyed:
    drivers = {need.id: need.drivers for need in reckoning.enterprise.needs}
    keys = ["", *sorted({driver for named in drivers.values() for driver in named})]
    place = {key: number for number, key in enumerate(keys)}
    behind = [
        sorted({place[d] for r in profile.behind(w) for n in r.needs for d in drivers.get(n, ())})
        for w in range(len(profile.wants))
    ]
    rows = [row or [0] for row in behind]
    return keys, Groups(
        post=np.zeros(len(posts), np.int64),
        want=np.arange(len(rows)),
        starts=np.cumsum([0, *map(len, rows)]),
        group=np.asarray(list(chain.from_iterable(rows)), np.int32),
        count=len(keys),
    )


_GROUPINGS: MappingProxyType[By, Callable[[Reckoning, Posts, Profile], Keyed]] = MappingProxyType(
    {
        By.EMPLOYEE: _by_employee,
        By.UNIT: _by_unit,
        By.BRANCH: _by_branch,
        By.ROLE: _by_key,
        By.TASK: _by_key,
        By.COMPETENCE: _by_competence,
        By.FACET: _by_facet,
        By.DRIVER: _by_driver,
    }
)


def _one_each(post: Array, want: Array, count: int) -> Groups:
    """Put each row in the one group whose number is its post's plus its want's."""
    return Groups(
        post=post.astype(np.int64),
        want=want.astype(np.int64),
        starts=np.arange(count + 1),
        group=np.arange(count, dtype=np.int32),
        count=count,
    )


def _tallies(keys: Sequence[str], sums: Sums) -> Iterator[Tally]:
    """Make a tally of every group that has anybody in it, in order."""
    places = np.flatnonzero(sums.people)
    columns = (sums.met, sums.missing, sums.unknown, sums.people)
    numbers = zip(*(column[places].tolist() for column in columns), strict=True)
    for place, (met, missing, unknown, people) in zip(places.tolist(), numbers, strict=True):
        yield Tally(key=keys[place], met=met, missing=missing, unknown=unknown, contributors=people)
