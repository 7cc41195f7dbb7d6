"""Does anything come before itself? Circles in relations that must have none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from kompetanse_core.model.competence import CompetenceId, Level, Relation, RelationKind

N = TypeVar("N", bound=tuple[str, int] | str)

Hold = tuple[CompetenceId, Level]
"""A level of a competence, as somebody may hold it."""

CIRCLE_FREE = (RelationKind.BROADER, RelationKind.PART_OF, RelationKind.REQUIRES)
"""The relations that put one competence above or before another, and so may not run in a circle."""


def circle_steps(relations: Iterable[Relation]) -> dict[Hold, dict[Hold, Relation]]:
    """Give the steps of which a circle could be made, for relations of one circle-free kind.

    What requires runs between levels: that A at 2 takes B at 1, and B at 2 takes A at 1, is a
    spiral and no circle. The other kinds know no level and all run at 1.
    """
    by_source: dict[CompetenceId, list[Relation]] = {}
    holds = set()
    for relation in relations:
        by_source.setdefault(relation.source, []).append(relation)
        holds.add(_hold(relation))
    return {
        hold: {_hold(r): r for r in by_source.get(hold[0], ()) if _asked(r) <= hold[1]}
        for hold in sorted(holds)
    }


def circles(steps: Mapping[N, Collection[N]]) -> Iterator[tuple[N, ...]]:
    """Yield circles without a common member, at least one from every part that has any.

    Each begins at its first member in sorted order. What leads nowhere is peeled off, again and
    again, so that every walk runs into a circle; a circle found is peeled off in its turn.
    """
    nexts = {node: sorted(steps[node]) for node in sorted(steps)}
    before: dict[N, list[N]] = {}
    for node, after in nexts.items():
        for each in after:
            before.setdefault(each, []).append(node)
    left = {node: len(after) for node, after in nexts.items()}
    _peel([node for node in before if not left.get(node)], before, left)
    for node in nexts:
        while left[node]:
            ring = _walked(node, nexts, left)
            yield ring
            _peel(ring, before, left)


def _hold(relation: Relation) -> Hold:
    requires = relation.kind is RelationKind.REQUIRES
    return relation.target, relation.level if requires else Level(1)


def _asked(relation: Relation) -> int:
    return relation.source_level if relation.kind is RelationKind.REQUIRES else 1


def _peel(gone: Iterable[N], before: Mapping[N, list[N]], left: dict[N, int]) -> None:
    """Take nodes away, and then whatever has no step left (`left` counts them, 0 being gone)."""
    ends = list(gone)
    left.update(dict.fromkeys(ends, 0))
    while ends:
        for node in before.get(ends.pop(), ()):
            if left[node]:
                left[node] -= 1
                if not left[node]:
                    ends.append(node)


def _walked(start: N, nexts: Mapping[N, list[N]], left: Mapping[N, int]) -> tuple[N, ...]:
    """Walk from a node, always to the first one that is left, until one comes again."""
    walk, place = [start], {start: 0}
    while (node := next(each for each in nexts[walk[-1]] if left[each])) not in place:
        place[node] = len(walk)
        walk.append(node)
    ring = walk[place[node] :]
    first = ring.index(min(ring))
    return (*ring[first:], *ring[:first])
