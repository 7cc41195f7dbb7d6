"""What is true of every competence graph, held against searches that try everything."""

import random
from collections.abc import Iterator
from itertools import pairwise, product

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.columns import Words
from kompetanse_core.columns.closure import Closure
from kompetanse_core.conformance.strategies import enterprises
from kompetanse_core.graph import CompetenceGraph
from kompetanse_core.model.circles import CIRCLE_FREE, Hold, circles
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Facet,
    Level,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.text import Text

TOPS = {"one": 1, "three": 3}
IDS = [CompetenceId(letter) for letter in "abcdef"]
LEVELS = st.integers(1, 3).map(Level)


@st.composite
def tangles(draw: st.DrawFn) -> Enterprise:
    """Competences on two scales with relations of every kind, running wherever they like."""
    ids = IDS[: draw(st.integers(2, len(IDS)))]
    scales = st.sampled_from(["three", "three", "three", "one"]).map(ScaleId)
    return Enterprise(
        scales=[Scale(id=ScaleId(name), top=Level(top)) for name, top in TOPS.items()],
        competences=[
            Competence(id=each, label=Text(each), facet=Facet.SKILL, scale=draw(scales))
            for each in ids
        ],
        relations=draw(st.lists(relations(ids), max_size=10)),
    )


@st.composite
def relations(draw: st.DrawFn, ids: list[CompetenceId]) -> Relation:
    """Any relation between two of these ids."""
    source, target = draw(st.permutations(ids))[:2]
    kind = draw(st.sampled_from(RelationKind))
    equal = kind is RelationKind.EQUIVALENT
    return Relation(
        kind=kind,
        source=source,
        target=target,
        source_level=draw(LEVELS),
        level=draw(LEVELS),
        alternative=draw(st.sampled_from(["", "", "x"])),
        drop=None if equal else draw(st.sampled_from([None, 0, 1, 2])),
    )


# --- the closure ------------------------------------------------------------------------------


@given(tangles())
def test_the_closure_is_the_cheapest_of_all_ways(enterprise: Enterprise) -> None:
    """Drop, length and ids of each path are the least that trying every way finds."""
    graph = CompetenceGraph.of(enterprise)
    best = best_ways(enterprise, steps_of(enterprise))
    assert pairs(graph.closure(), graph.words) == {ends: way[0] for ends, way in best.items()}
    found = {
        (path.source, path.target): (path.drop, len(path.relations), path.competences)
        for source in graph.words.values
        for path in graph.implied(source)
    }
    assert found == best


@given(tangles())
def test_equivalences_are_what_equivalents_reach(enterprise: Enterprise) -> None:
    """Only relations declared equivalent count, to and fro, and never at a loss."""
    graph = CompetenceGraph.of(enterprise)
    steps = steps_of(enterprise, only=RelationKind.EQUIVALENT)
    best = best_ways(enterprise, steps)
    assert pairs(graph.equivalences(), graph.words) == dict.fromkeys(best, 0)
    assert best.keys() <= pairs(graph.closure(), graph.words).keys()


@given(tangles())
def test_each_path_can_be_walked(enterprise: Enterprise) -> None:
    """Its relations join its competences one by one, and their drops sum to its drop."""
    graph = CompetenceGraph.of(enterprise)
    for source in graph.words.values:
        for path in graph.implied(source):
            assert graph.path(source, path.target) == path
            for ends, relation in zip(pairwise(path.competences), path.relations, strict=True):
                turned = ends[::-1] if relation.kind is RelationKind.EQUIVALENT else ends
                assert (relation.source, relation.target) in (ends, turned)
            assert sum(relation.drop or 0 for relation in path.relations) == path.drop


@given(tangles(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing_in_a_graph(enterprise: Enterprise, dice: random.Random) -> None:
    """However competences and relations are listed, closure, paths, rungs and circles are alike."""
    graph, other = (CompetenceGraph.of(each) for each in (enterprise, shuffled(enterprise, dice)))
    assert graph.closure() == other.closure()
    assert graph.equivalences() == other.equivalences()
    assert graph.cycles() == other.cycles()
    for each in graph.words.values:
        assert graph.implied(each) == other.implied(each)


# --- circles ----------------------------------------------------------------------------------


@given(tangles())
def test_cycles_are_those_that_trying_every_walk_finds(enterprise: Enterprise) -> None:
    """One for each strongly connected part of each kind, with all its members and none shorter."""
    found = CompetenceGraph.of(enterprise).cycles()
    expected = []
    for kind in CIRCLE_FREE:
        steps = hold_steps(enterprise, kind)
        for part in parts(list(every_circle(steps))):
            members = sorted({competence for ring in part for competence, _ in ring})
            expected.append((kind, tuple(members), min(map(len, part))))
    told = [(cycle.kind, cycle.members, len(cycle.relations)) for cycle in found]
    assert sorted(told, key=str) == sorted(expected, key=str)


@given(tangles())
def test_each_cycle_runs_round(enterprise: Enterprise) -> None:
    """Its relations follow one another, from its first competence back to it."""
    for cycle in CompetenceGraph.of(enterprise).cycles():
        after = (*cycle.relations[1:], cycle.relations[0])
        assert all(a.target == b.source for a, b in zip(cycle.relations, after, strict=True))
        assert {relation.kind for relation in cycle.relations} == {cycle.kind}


@given(st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefg")), max_size=7))
def test_assembly_names_a_circle_of_every_part_and_no_other(steps: dict[str, set[str]]) -> None:
    """The circles are real, share no member, and every part that has one is among them."""
    found = list(circles(steps))
    for ring in found:
        assert all(b in steps[a] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))
    assert len({node for ring in found for node in ring}) == sum(map(len, found))
    graph = nx.DiGraph([(a, b) for a, nexts in steps.items() for b in nexts])
    for part in nx.strongly_connected_components(graph):
        if len(part) > 1 or any(graph.has_edge(node, node) for node in part):
            assert any(part.issuperset(ring) for ring in found)


# --- prerequisites ----------------------------------------------------------------------------


@given(enterprises(), st.data())
def test_each_rung_stands_above_what_it_takes(enterprise: Enterprise, pick: st.DataObject) -> None:
    """What a rung needs has come before it, lower levels first, and the one asked for is last."""
    graph = CompetenceGraph.of(enterprise)
    assert graph.cycles() == ()
    if not graph.words.values:
        return
    asked = (pick.draw(st.sampled_from(graph.words.values)), pick.draw(LEVELS))
    rungs = graph.prerequisites(*asked)
    climbed: set[Hold] = set()
    for rung in rungs:
        assert all(need in climbed for group in rung.needs for need in group)
        assert all(level < rung.level for name, level in climbed if name == rung.competence)
        climbed.add((rung.competence, rung.level))
    assert (rungs[-1].competence, rungs[-1].level) == asked
    assert climbed == reachable(enterprise, asked)


@given(
    st.lists(st.tuples(st.permutations("abcd"), LEVELS, LEVELS, st.sampled_from(["", "x", "y"])))
)
def test_every_profile_may_climb_by_the_rung_or_by_the_relations(
    told: list[tuple[list[str], Level, Level, str]],
) -> None:
    """All 256 profiles: enough for the groups of a rung is enough for each relation, read alone."""
    enterprise = Enterprise(
        scales=[Scale(id=ScaleId("three"), top=Level(3))],
        competences=[
            Competence(id=each, label=Text(each), facet=Facet.SKILL, scale=ScaleId("three"))
            for each in IDS[:4]
        ],
        relations=[_required(*each) for each in told],
    )
    graph = CompetenceGraph.of(enterprise)
    for rung in graph.prerequisites(IDS[0], Level(3)):
        for held in product(range(4), repeat=4):
            profile = dict(zip(IDS[:4], held, strict=True))
            by_groups = all(any(profile[c] >= n for c, n in group) for group in rung.needs)
            assert by_groups == _may_climb(enterprise, (rung.competence, rung.level), profile)


def _required(pair: list[str], above: Level, below: Level, alternative: str) -> Relation:
    """One asks for another that comes later in the alphabet, so that nothing runs in a circle."""
    source, target = sorted(pair[:2])
    return Relation(
        kind=RelationKind.REQUIRES,
        source=CompetenceId(source),
        target=CompetenceId(target),
        source_level=above,
        level=below,
        alternative=alternative,
    )


def _may_climb(enterprise: Enterprise, asked: Hold, profile: dict[CompetenceId, int]) -> bool:
    """Say so by going through all relations, once for each alternative that is named."""
    asking = [
        r for r in enterprise.relations if r.source == asked[0] and r.source_level <= asked[1]
    ]
    return all(
        any(
            profile[other.target] >= other.level
            for other in asking
            if other is each
            or (
                each.alternative
                and (other.alternative, other.source_level) == (each.alternative, each.source_level)
            )
        )
        for each in asking
    )


# --- the searches that try everything ---------------------------------------------------------

Way = tuple[int, int, tuple[CompetenceId, ...]]
Steps = dict[CompetenceId, list[tuple[CompetenceId, int]]]


def steps_of(enterprise: Enterprise, only: RelationKind | None = None) -> Steps:
    """Every step along which a level carries, by its source."""
    scale = {c.id: c.scale for c in enterprise.competences}
    steps: Steps = {each: [] for each in scale}
    for r in enterprise.relations:
        if scale[r.source] != scale[r.target] or only not in (None, r.kind):
            continue
        if r.kind is RelationKind.EQUIVALENT:
            steps[r.source].append((r.target, 0))
            steps[r.target].append((r.source, 0))
        elif r.drop is not None:
            steps[r.source].append((r.target, r.drop))
    return steps


def best_ways(enterprise: Enterprise, steps: Steps) -> dict[tuple[CompetenceId, CompetenceId], Way]:
    """The least way between every two competences, by walking every way that meets itself never."""
    best: dict[tuple[CompetenceId, CompetenceId], Way] = {}
    top = {c.id: TOPS[c.scale] for c in enterprise.competences}

    def walk(drop: int, ids: tuple[CompetenceId, ...]) -> None:
        for target, more in steps[ids[-1]]:
            if target in ids or drop + more >= top[ids[0]]:
                continue
            way = (drop + more, len(ids), (*ids, target))
            ends = (ids[0], target)
            best[ends] = min(way, best.get(ends, way))
            walk(drop + more, way[2])

    for start in steps:
        walk(0, (start,))
    return best


def pairs(
    closure: Closure, words: Words[CompetenceId]
) -> dict[tuple[CompetenceId, CompetenceId], int]:
    """A closure as a mapping from both ends to the drop."""
    return {
        (words.values[source], words.values[int(closure.targets[place])]): int(closure.drops[place])
        for source in range(len(closure))
        for place in range(int(closure.starts[source]), int(closure.starts[source + 1]))
    }


def shuffled(enterprise: Enterprise, dice: random.Random) -> Enterprise:
    """The same competences and relations in another order."""
    competences, related = list(enterprise.competences), list(enterprise.relations)
    dice.shuffle(competences)
    dice.shuffle(related)
    return Enterprise(scales=enterprise.scales, competences=competences, relations=related)


def hold_steps(enterprise: Enterprise, kind: RelationKind) -> list[tuple[Hold, Hold]]:
    """Every step between levels of one kind: from any level at or above the one that asks."""
    levels = range(1, 4) if kind is RelationKind.REQUIRES else (1,)
    requires = kind is RelationKind.REQUIRES
    return [
        ((r.source, Level(n)), (r.target, r.level if requires else Level(1)))
        for r in enterprise.relations
        if r.kind is kind
        for n in levels
        if not requires or n >= r.source_level
    ]


def every_circle(steps: list[tuple[Hold, Hold]]) -> Iterator[tuple[Hold, ...]]:
    """Every walk that ends where it began and meets nothing twice, from each of its members."""

    def walk(holds: tuple[Hold, ...]) -> Iterator[tuple[Hold, ...]]:
        for source, target in steps:
            if source != holds[-1]:
                continue
            if target == holds[0]:
                yield holds
            elif target not in holds:
                yield from walk((*holds, target))

    for start in sorted({source for source, _ in steps}):
        yield from walk((start,))


def parts(rings: list[tuple[Hold, ...]]) -> list[list[tuple[Hold, ...]]]:
    """Circles put together where they share a member, directly or through others."""
    found: list[list[tuple[Hold, ...]]] = []
    for ring in rings:
        touching = [part for part in found if any(set(ring) & set(other) for other in part)]
        found = [part for part in found if part not in touching]
        found.append([ring, *(other for part in touching for other in part)])
    return found


def reachable(enterprise: Enterprise, asked: Hold) -> set[Hold]:
    """Every level that something on the way takes, a single need at its highest level only."""
    found, ahead = {asked}, [asked]
    while ahead:
        name, level = ahead.pop()
        rows = [
            r
            for r in enterprise.relations
            if r.kind is RelationKind.REQUIRES and r.source == name and r.source_level <= level
        ]
        highest: dict[CompetenceId, Level] = {}
        for r in rows:
            if not r.alternative:
                highest[r.target] = max(r.level, highest.get(r.target, Level(0)))
        needs = {*highest.items(), *((r.target, r.level) for r in rows if r.alternative)}
        ahead.extend(needs - found)
        found |= needs
    return found
