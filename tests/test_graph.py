"""How competences hang together, on graphs small enough to see."""

import subprocess
import sys

import pytest

from kompetanse_core.errors import Misuse
from kompetanse_core.graph import CompetenceGraph
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

K = RelationKind
SCALES = (Scale(id=ScaleId("four"), top=Level(4)), Scale(id=ScaleId("yes"), top=Level(1)))


def competences(*ids: str, scale: str = "four") -> tuple[Competence, ...]:
    """Competences of the given ids on one scale."""
    return tuple(
        Competence(id=CompetenceId(i), label=Text(i), facet=Facet.SKILL, scale=ScaleId(scale))
        for i in ids
    )


def relation(
    kind: RelationKind,
    source: str,
    target: str,
    *,
    drop: int | None = None,
    levels: tuple[int, int] = (1, 1),
    alternative: str = "",
) -> Relation:
    """A relation between two ids; `levels` are those of source and target."""
    return Relation(
        kind=kind,
        source=CompetenceId(source),
        target=CompetenceId(target),
        drop=drop,
        source_level=Level(levels[0]),
        level=Level(levels[1]),
        alternative=alternative,
    )


def graph(*relations: Relation, ids: str = "abcdef") -> CompetenceGraph:
    """A graph over one-letter competences on a scale of four levels."""
    return CompetenceGraph.of(
        Enterprise(scales=SCALES, competences=competences(*ids), relations=relations)
    )


def reached(found: CompetenceGraph) -> dict[str, int]:
    """The closure by name: "ab" and the drop from a to b."""
    closure, words = found.closure(), found.words.values
    return {
        words[source] + words[target]: drop
        for source in range(len(closure))
        for target, drop in zip(
            closure.targets[closure.starts[source] : closure.starts[source + 1]].tolist(),
            closure.drops[closure.starts[source] : closure.starts[source + 1]].tolist(),
            strict=True,
        )
    }


def cid(name: str) -> CompetenceId:
    """A competence id."""
    return CompetenceId(name)


# --- what carries -----------------------------------------------------------------------------


def test_a_relation_carries_only_where_a_drop_is_declared() -> None:
    """Broader, part-of, requires and related carry nothing unless they declare a drop."""
    for kind in (K.BROADER, K.PART_OF, K.REQUIRES, K.RELATED):
        assert reached(graph(relation(kind, "a", "b"))) == {}
        assert reached(graph(relation(kind, "a", "b", drop=2))) == {"ab": 2}


def test_equivalents_carry_both_ways_without_loss() -> None:
    """`EQUIVALENT` is drop 0 in both directions, and through a chain of its kind."""
    found = graph(relation(K.EQUIVALENT, "a", "b"), relation(K.EQUIVALENT, "c", "b"))
    assert reached(found) == dict.fromkeys(("ab", "ac", "ba", "bc", "ca", "cb"), 0)
    assert found.equivalences() == found.closure()


def test_a_drop_of_nought_is_no_equivalence() -> None:
    """What a broader relation carries undiminished still satisfies no statutory requirement."""
    found = graph(relation(K.BROADER, "a", "b", drop=0), relation(K.EQUIVALENT, "a", "b"))
    other = graph(relation(K.BROADER, "a", "b", drop=0))
    assert reached(other) == {"ab": 0}
    assert len(other.equivalences().targets) == 0
    assert len(found.equivalences().targets) == 2


def test_the_cheapest_way_wins_then_the_shortest_then_the_first_by_id() -> None:
    """A long cheap way beats a short dear one; equal drops go by relations, then by ids."""
    cheap = graph(
        relation(K.RELATED, "a", "d", drop=2),
        relation(K.RELATED, "a", "c", drop=0),
        relation(K.RELATED, "c", "d", drop=1),
    )
    assert str(cheap.path(cid("a"), cid("d"))) == "a → c → d (drop 1)"
    level = graph(
        relation(K.RELATED, "a", "d", drop=1),
        relation(K.RELATED, "a", "b", drop=0),
        relation(K.RELATED, "b", "d", drop=1),
    )
    assert str(level.path(cid("a"), cid("d"))) == "a → d (drop 1)"
    twins = graph(
        relation(K.RELATED, "a", "c", drop=1),
        relation(K.RELATED, "c", "d", drop=1),
        relation(K.RELATED, "a", "b", drop=1),
        relation(K.RELATED, "b", "d", drop=1),
    )
    assert str(twins.path(cid("a"), cid("d"))) == "a → b → d (drop 2)"


def test_a_drop_that_reaches_the_top_carries_nothing() -> None:
    """On a scale of four, three drops of one arrive and the fourth leaves nothing."""
    chain = [relation(K.BROADER, *ends, drop=1) for ends in ("ab", "bc", "cd", "de")]
    assert {to: drop for to, drop in reached(graph(*chain)).items() if to[0] == "a"} == {
        "ab": 1,
        "ac": 2,
        "ad": 3,
    }


def test_drops_may_run_in_a_circle() -> None:
    """Related competences may count as each other at a loss; nobody gains by going round."""
    found = graph(relation(K.RELATED, "a", "b", drop=1), relation(K.RELATED, "b", "a", drop=1))
    assert reached(found) == {"ab": 1, "ba": 1}
    assert found.cycles() == ()


def test_bad_input_65_no_level_carries_from_one_scale_to_another() -> None:
    """A declared drop between two scales carries nothing (and `assemble` tells of it)."""
    found = CompetenceGraph.of(
        Enterprise(
            scales=SCALES,
            competences=(*competences("a", "b"), *competences("y", scale="yes")),
            relations=(relation(K.BROADER, "a", "y", drop=0), relation(K.EQUIVALENT, "b", "y")),
        )
    )
    assert reached(found) == {}


def test_bad_input_66_a_relation_to_nowhere_is_left_out() -> None:
    """What the findings have told of does not stop the graph."""
    found = graph(relation(K.BROADER, "a", "gone", drop=0), relation(K.BROADER, "a", "b", drop=0))
    assert reached(found) == {"ab": 0}
    assert repr(found) == "<CompetenceGraph: 6 competences, 1 relations>"


def test_a_path_holds_the_relations_that_it_took() -> None:
    """The explanation is the relations themselves, an equivalence also against its direction."""
    first, second = relation(K.EQUIVALENT, "b", "a"), relation(K.PART_OF, "b", "c", drop=1)
    path = graph(first, second).path(cid("a"), cid("c"))
    assert path is not None
    assert (path.source, path.target, path.drop) == ("a", "c", 1)
    assert path.relations == (first, second)


def test_a_competence_counts_as_itself() -> None:
    """The way to oneself has no relations, and is not among what is implied."""
    found = graph(relation(K.BROADER, "a", "b", drop=1))
    itself = found.path(cid("a"), cid("a"))
    assert itself is not None
    assert (itself.relations, itself.drop, str(itself)) == ((), 0, "a")
    assert [path.target for path in found.implied(cid("a"))] == ["b"]
    assert found.path(cid("b"), cid("a")) is None


def test_asking_for_what_is_not_there_is_misuse() -> None:
    """An unknown competence is told by its code, whatever is asked."""
    found = graph()
    for ask in (found.implied, found.broader, found.narrower):
        with pytest.raises(Misuse, match="E503"):
            ask(cid("gone"))
    with pytest.raises(Misuse, match="E503"):
        found.path(cid("a"), cid("gone"))
    with pytest.raises(Misuse, match="E503"):
        found.prerequisites(cid("gone"), Level(1))


# --- what stands above and before -------------------------------------------------------------


def test_broader_and_narrower_are_one_step() -> None:
    """Up and down the tree by one, sorted, each once."""
    found = graph(*(relation(K.BROADER, *ends) for ends in ("ab", "ac", "bc", "db")))
    assert found.broader(cid("a")) == ("b", "c")
    assert found.narrower(cid("b")) == ("a", "d")
    assert found.broader(cid("c")) == ()


def test_prerequisites_are_climbed_from_below() -> None:
    """Each rung comes after all that it takes; the one asked for is last."""
    found = graph(
        relation(K.REQUIRES, "a", "b", levels=(1, 2)),
        relation(K.REQUIRES, "b", "c", levels=(2, 1)),
        relation(K.REQUIRES, "a", "c", levels=(3, 3)),
    )
    rungs = found.prerequisites(cid("a"), Level(3))
    assert [(rung.competence, rung.level) for rung in rungs] == [
        ("c", 1),
        ("c", 3),
        ("b", 2),
        ("a", 3),
    ]
    assert rungs[-1].needs == ((("b", 2),), (("c", 3),))


def test_a_requirement_above_the_level_asked_for_does_not_count() -> None:
    """What level 3 takes is not asked of level 2."""
    found = graph(
        relation(K.REQUIRES, "a", "b", levels=(2, 1)), relation(K.REQUIRES, "a", "c", levels=(3, 1))
    )
    assert found.prerequisites(cid("a"), Level(2))[-1].needs == ((("b", 1),),)
    assert found.prerequisites(cid("a"), Level(1))[-1].needs == ()


def test_alternatives_are_met_by_any_others_only_together() -> None:
    """Requirements that share an alternative make one group; each other makes its own."""
    found = graph(
        relation(K.REQUIRES, "a", "b"),
        relation(K.REQUIRES, "a", "c", alternative="x"),
        relation(K.REQUIRES, "a", "d", alternative="x", levels=(1, 2)),
        relation(K.REQUIRES, "a", "e", alternative="y"),
    )
    assert found.prerequisites(cid("a"), Level(1))[-1].needs == (
        (("b", 1),),
        (("c", 1), ("d", 2)),
        (("e", 1),),
    )


def test_the_highest_of_several_levels_of_one_prerequisite_counts() -> None:
    """Level 3 takes what level 1 takes, at the higher of both levels."""
    found = graph(
        relation(K.REQUIRES, "a", "b", levels=(1, 1)), relation(K.REQUIRES, "a", "b", levels=(3, 2))
    )
    assert found.prerequisites(cid("a"), Level(3))[-1].needs == ((("b", 2),),)


def test_a_lower_level_comes_before_a_higher_one() -> None:
    """Where a rung is needed at two levels, one climbs the lower first."""
    found = graph(
        relation(K.REQUIRES, "f", "a"),
        relation(K.REQUIRES, "a", "c", levels=(1, 2)),
        relation(K.REQUIRES, "f", "d"),
        relation(K.REQUIRES, "d", "c"),
    )
    holds = [(r.competence, r.level) for r in found.prerequisites(cid("f"), Level(1))]
    assert holds.index((cid("c"), Level(1))) < holds.index((cid("c"), Level(2)))


def test_bad_input_67_prerequisites_in_a_circle_are_misuse() -> None:
    """Nobody can climb a circle; the error says where to ask for it."""
    found = graph(relation(K.REQUIRES, "a", "b"), relation(K.REQUIRES, "b", "a"))
    with pytest.raises(Misuse, match="E504"):
        found.prerequisites(cid("a"), Level(1))


# --- circles ----------------------------------------------------------------------------------


def test_bad_input_67_each_circle_is_named_by_a_shortest_one() -> None:
    """Two rings in one part: the shorter is told, from its first member round to it again."""
    rings = [relation(K.BROADER, *ends) for ends in ("ab", "bc", "cd", "da", "cb")]
    found = graph(*rings, relation(K.PART_OF, "e", "f"))
    (cycle,) = found.cycles()
    assert (cycle.kind, cycle.members) == (K.BROADER, ("a", "b", "c", "d"))
    assert str(cycle) == "b → c → b"
    assert [each.target for each in cycle.relations] == ["c", "b"]


def test_kinds_are_not_mixed_in_a_circle() -> None:
    """That a is part of b and b requires a is no circle."""
    assert graph(relation(K.PART_OF, "a", "b"), relation(K.REQUIRES, "b", "a")).cycles() == ()


def test_a_spiral_is_no_circle() -> None:
    """A at 2 takes B at 1 and B at 2 takes A at 1: each can be climbed."""
    spiral = [
        relation(K.REQUIRES, "a", "b", levels=(2, 1)),
        relation(K.REQUIRES, "b", "a", levels=(2, 1)),
    ]
    assert graph(*spiral).cycles() == ()
    closed = graph(*spiral, relation(K.REQUIRES, "a", "b", levels=(1, 2)))
    assert [cycle.members for cycle in closed.cycles()] == [("a", "b")]


# --- out to networkx --------------------------------------------------------------------------


def test_networkx_gets_every_competence_and_every_relation() -> None:
    """Nodes by id with label, facet and scale; edges with kind, levels, alternative and drop."""
    found = graph(
        relation(K.REQUIRES, "a", "b", levels=(1, 2), alternative="x"),
        relation(K.REQUIRES, "a", "b", levels=(2, 3)),
        relation(K.RELATED, "b", "a", drop=1),
    ).to_networkx()
    assert sorted(found) == list("abcdef")
    assert found.nodes[cid("a")] == {"label": "a", "facet": "skill", "scale": "four"}
    assert found.number_of_edges(cid("a"), cid("b")) == 2
    assert found.get_edge_data(cid("b"), cid("a"))[0] == {
        "kind": "related",
        "source_level": 1,
        "level": 1,
        "alternative": "",
        "drop": 1,
    }


def test_networkx_is_not_started_by_a_closure() -> None:
    """Counting gaps asks for the closure; that starts no graph library."""
    script = (
        "import sys; from kompetanse_core.graph import CompetenceGraph as G;"
        "from kompetanse_core.model.enterprise import Enterprise as E;"
        "g = G.of(E()); g.closure(); g.equivalences(); print('networkx' in sys.modules);"
        "g.to_networkx(); print('networkx' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]
