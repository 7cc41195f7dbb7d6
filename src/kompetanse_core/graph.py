"""How do competences hang together? CompetenceGraph: what carries over, what comes first, circles.

A level carries from one competence to another only where a relation declares a drop (`EQUIVALENT`
declares 0, both ways) and where both stand on the same scale (`docs/decisions/`). The effective
drop is the smallest sum over all ways; among equal ones the way with fewest relations, then the
one whose ids come first. A way whose drop reaches the top of the scale carries nothing, so the
closure is finite, whole and safe whatever circles the drops run in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from itertools import chain, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns import Words
from kompetanse_core.columns.closure import Closure
from kompetanse_core.errors import Misuse
from kompetanse_core.model.circles import CIRCLE_FREE, Hold, circle_steps
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Level,
    Relation,
    RelationKind,
)
from kompetanse_core.model.enterprise import Enterprise

if TYPE_CHECKING:
    import networkx as nx


@frozen(kw_only=True)
class Path:
    """Vei: the cheapest way along which holding one competence counts as holding another.

    `relations[i]` joins `competences[i]` and `competences[i + 1]`; holding the first at level a
    counts as holding the last at a - `drop`.
    """

    competences: tuple[CompetenceId, ...]
    relations: tuple[Relation, ...]
    drop: int

    @property
    def source(self) -> CompetenceId:
        """Give the competence that is held."""
        return self.competences[0]

    @property
    def target(self) -> CompetenceId:
        """Give the competence that it counts as."""
        return self.competences[-1]

    def __str__(self) -> str:
        """Write the way, with the levels that it drops in all."""
        dropped = f" (drop {self.drop})" if self.drop else ""
        return " → ".join(self.competences) + dropped


@frozen(kw_only=True)
class Rung:
    """Trinn: a level of a competence, and what must be held before it can be reached.

    Every group in `needs` must be met, each by any one of its members.
    """

    competence: CompetenceId
    level: Level
    needs: tuple[tuple[Hold, ...], ...]


@frozen(kw_only=True)
class Cycle:
    """Ring: competences that come above or before themselves, and a shortest way round.

    `members` are all that stand on some circle together; `relations` lead from the first one of
    the shortest circle round to it again.
    """

    kind: RelationKind
    members: tuple[CompetenceId, ...]
    relations: tuple[Relation, ...]

    def __str__(self) -> str:
        """Write the shortest circle, its first competence standing at both ends."""
        return " → ".join((self.relations[0].source, *(r.target for r in self.relations)))


_Carries = tuple[Mapping[int, tuple[int, Relation]], ...]
"""For each competence, by code, where its level carries to: the drop, and the relation behind."""

_Way = tuple[int, int, tuple[int, ...]]
"""A way so far: drop, number of relations, codes; ways are preferred in just this order."""


def _read_only(
    competences: Mapping[CompetenceId, Competence],
) -> Mapping[CompetenceId, Competence]:
    return MappingProxyType(dict(competences))


@frozen(kw_only=True, eq=False, repr=False)
class CompetenceGraph:
    """Kompetansegraf: the competences of an enterprise and every relation between two of them.

    `words` numbers the competences in the order of their ids; closures count by it. A relation
    with an end that is no competence is left out (`assemble` has told of it).
    """

    words: Words[CompetenceId]
    competences: Mapping[CompetenceId, Competence] = field(converter=_read_only)
    _given: tuple[Relation, ...] = field(alias="given")
    _tops: tuple[int, ...] = field(alias="tops")

    @classmethod
    def of(cls, enterprise: Enterprise) -> CompetenceGraph:
        """Read the graph off an enterprise."""
        competences = {c.id: c for c in sorted(enterprise.competences, key=lambda c: c.id)}
        words = Words.of(competences)
        known = (r for r in enterprise.relations if r.source in words and r.target in words)
        tops = {scale.id: int(scale.top) for scale in enterprise.scales}
        return cls(
            words=words,
            competences=competences,
            given=tuple(known),
            tops=tuple(tops.get(competences[each].scale, 0) for each in words.values),
        )

    def __repr__(self) -> str:
        """Count what hangs together."""
        return f"<CompetenceGraph: {len(self.words)} competences, {len(self._given)} relations>"

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """Give the relations by source, target and kind, then by all that can tell two apart."""
        return tuple(sorted(self._given, key=_in_order))

    def closure(self) -> Closure:
        """Give the smallest drop from every competence to every other that it counts as."""
        return self._closed(self._given)

    def equivalences(self) -> Closure:
        """Give every pair that counts as each other by `EQUIVALENT` alone.

        Only these satisfy a statutory requirement or pass proof on (`SEMANTICS`, B-6).
        """
        return self._closed(r for r in self._given if r.kind is RelationKind.EQUIVALENT)

    def implied(self, competence: CompetenceId) -> tuple[Path, ...]:
        """Give the cheapest way to everything that holding a competence counts as, by target.

        Raises:
            Misuse: E503, if there is no such competence.
        """
        ways = self._ways(self._code(competence))
        return tuple(self._path(ways[code]) for code in sorted(ways))

    def path(self, source: CompetenceId, target: CompetenceId) -> Path | None:
        """Give the cheapest way from one competence to another; None if nothing carries.

        A competence counts as itself, by a way without relations.

        Raises:
            Misuse: E503, if there is no such competence.
        """
        start, end = self._code(source), self._code(target)
        if start == end:
            return Path(competences=(source,), relations=(), drop=0)
        way = self._ways(start).get(end)
        return None if way is None else self._path(way)

    def broader(self, competence: CompetenceId) -> tuple[CompetenceId, ...]:
        """Give the competences directly above one, by id.

        Raises:
            Misuse: E503, if there is no such competence.
        """
        out = self._out[self._code(competence)]
        return tuple(sorted({r.target for r in out if r.kind is RelationKind.BROADER}))

    def narrower(self, competence: CompetenceId) -> tuple[CompetenceId, ...]:
        """Give the competences directly below one, by id.

        Raises:
            Misuse: E503, if there is no such competence.
        """
        self._code(competence)
        above = self._of(RelationKind.BROADER)
        return tuple(sorted({r.source for r in above if r.target == competence}))

    def prerequisites(self, competence: CompetenceId, level: Level) -> tuple[Rung, ...]:
        """Give the rungs up to a level of a competence, what comes first standing first.

        The last rung is the one asked for. Alternatives are all there: whoever climbs needs one
        member of each group. Rungs that can be climbed at the same time stand by id.

        Raises:
            Misuse: E503, if there is no such competence; E504, if a rung comes before itself.
        """
        self._code(competence)
        rungs: dict[Hold, Rung] = {}
        ahead: list[Hold] = [(competence, level)]
        while ahead:
            hold = ahead.pop()
            if hold not in rungs:
                rungs[hold] = Rung(competence=hold[0], level=hold[1], needs=self._needs(hold))
                ahead.extend(need for group in rungs[hold].needs for need in group)
        return tuple(rungs[hold] for hold in _climbed(rungs))

    def cycles(self) -> tuple[Cycle, ...]:
        """Name each strongly connected part of what must run in no circle, with a shortest cycle.

        Broader, part-of and requires are looked at apart. What requires runs between levels: that
        A at 2 takes B at 1, and B at 2 takes A at 1, is a spiral and no circle. Drops may run in
        circles.
        """
        return tuple(cycle for kind in CIRCLE_FREE for cycle in _cycles(kind, self._of(kind)))

    def to_networkx(self) -> nx.MultiDiGraph[CompetenceId]:
        """Hand the graph over to networkx: competences by id, relations with what they declare."""
        import networkx as nx

        graph: nx.MultiDiGraph[CompetenceId] = nx.MultiDiGraph()
        for competence in self.competences.values():
            facet = None if competence.facet is None else competence.facet.value
            graph.add_node(
                competence.id, label=str(competence.label), facet=facet, scale=competence.scale
            )
        for each in self.relations:
            graph.add_edge(
                each.source,
                each.target,
                kind=each.kind.value,
                source_level=each.source_level,
                level=each.level,
                alternative=each.alternative,
                drop=each.drop,
            )
        return graph

    def _code(self, competence: CompetenceId) -> int:
        if competence not in self.words:
            raise Misuse("E503", f"there is no competence {competence!r}")
        return self.words.code(competence)

    def _of(self, kind: RelationKind) -> Iterator[Relation]:
        return (relation for relation in self.relations if relation.kind is kind)

    @cached_property
    def _out(self) -> tuple[tuple[Relation, ...], ...]:
        out: list[list[Relation]] = [[] for _ in self.words.values]
        for relation in self.relations:
            out[self.words.code(relation.source)].append(relation)
        return tuple(map(tuple, out))

    @cached_property
    def _carries(self) -> _Carries:
        """Give the cheapest steps out of each competence along which its level carries."""
        best: list[dict[int, tuple[int, Relation]]] = [{} for _ in self.words.values]
        for relation in self.relations:
            for source, target, drop in self._steps(relation):
                if drop < best[source].get(target, (drop + 1,))[0]:
                    best[source][target] = drop, relation
        return tuple(map(MappingProxyType, best))

    def _closed(self, relations: Iterable[Relation]) -> Closure:
        steps = [step for relation in relations for step in self._steps(relation)]
        source, target, drop = np.asarray(steps, np.int64).reshape(-1, 3).T
        return Closure.over(source, target, drop, np.asarray(self._tops, np.int64))

    def _steps(self, relation: Relation) -> Iterator[tuple[int, int, int]]:
        """Yield the steps, from code to code at a drop, by which a relation carries a level."""
        equal = relation.kind is RelationKind.EQUIVALENT
        if not equal and relation.drop is None:
            return
        ends = relation.source, relation.target
        if self.competences[ends[0]].scale == self.competences[ends[1]].scale:
            source, target = map(self.words.code, ends)
            yield source, target, relation.drop or 0
            if equal:
                yield target, source, 0

    def _ways(self, start: int) -> dict[int, _Way]:
        """Find the best way from one competence to all others, nearest first (Dijkstra)."""
        best: dict[int, _Way] = {}
        heap: list[_Way] = [(0, 0, (start,))]
        while heap:
            way = drop, length, codes = heappop(heap)
            if codes[-1] in best:
                continue
            best[codes[-1]] = way
            for target, (more, _) in self._carries[codes[-1]].items():
                if target not in best and drop + more < self._tops[start]:
                    heappush(heap, (drop + more, length + 1, (*codes, target)))
        del best[start]
        return best

    def _path(self, way: _Way) -> Path:
        drop, _, codes = way
        return Path(
            competences=tuple(self.words.values[code] for code in codes),
            relations=tuple(self._carries[a][b][1] for a, b in pairwise(codes)),
            drop=drop,
        )

    def _needs(self, hold: Hold) -> tuple[tuple[Hold, ...], ...]:
        """Group what a rung takes: single needs at their highest level, then the alternatives."""
        single: dict[CompetenceId, Level] = {}
        groups: dict[tuple[Level, str], set[Hold]] = {}
        for each in self._out[self._code(hold[0])]:
            if each.kind is not RelationKind.REQUIRES or each.source_level > hold[1]:
                continue
            if each.alternative:
                group = groups.setdefault((each.source_level, each.alternative), set())
                group.add((each.target, each.level))
            else:
                single[each.target] = max(each.level, single.get(each.target, each.level))
        alone = [(need,) for need in sorted(single.items())]
        return (*alone, *sorted({tuple(sorted(group)) for group in groups.values()}))


def _in_order(relation: Relation) -> tuple[str, str, str, int, int, str, int]:
    r, drop = relation, -1 if relation.drop is None else relation.drop
    return r.source, r.target, r.kind.value, r.source_level, r.level, r.alternative, drop


def _climbed(rungs: Mapping[Hold, Rung]) -> Iterator[Hold]:
    """Yield the rungs so that each comes after all it needs; those free together stand by id.

    A higher level needs what a lower one does, so it is never free before it and comes after it.
    """
    needs = {hold: list(chain.from_iterable(rung.needs)) for hold, rung in rungs.items()}
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        hint = "ask cycles() which one"
        raise Misuse("E504", "what is required runs in a circle", hint=hint) from error
    while sorter:
        free = sorted(sorter.get_ready())
        yield from free
        sorter.done(*free)


def _cycles(kind: RelationKind, relations: Iterable[Relation]) -> Iterator[Cycle]:
    import networkx as nx

    steps = circle_steps(relations)
    graph = nx.DiGraph([(a, b) for a, nexts in steps.items() for b in nexts])
    parts = (sorted(part) for part in nx.strongly_connected_components(graph))
    for part in sorted(part for part in parts if len(part) > 1):
        ring = _shortest_ring(part, steps)
        ends = zip(ring, (*ring[1:], ring[0]), strict=True)
        yield Cycle(
            kind=kind,
            members=tuple(sorted({competence for competence, _ in part})),
            relations=tuple(steps[a][b] for a, b in ends),
        )


def _shortest_ring(part: list[Hold], steps: Mapping[Hold, Mapping[Hold, Relation]]) -> list[Hold]:
    """Find a shortest circle in a strongly connected part, the one whose ids come first."""
    best: list[Hold] = []
    for start in part:
        ring = _ring_from(start, steps, below=len(best) or len(part) + 1)
        best = ring or best
    return best


def _ring_from(
    start: Hold, steps: Mapping[Hold, Mapping[Hold, Relation]], *, below: int
) -> list[Hold]:
    """Search breadth first for the way from a hold to itself, shorter than `below`; [] if none."""
    ahead, seen = deque([[start]]), {start}
    while ahead and len(ahead[0]) < below:
        walk = ahead.popleft()
        nexts = sorted(steps.get(walk[-1], ()))
        if start in nexts:
            return walk
        ahead.extend([*walk, hold] for hold in nexts if hold not in seen)
        seen.update(nexts)
    return []
