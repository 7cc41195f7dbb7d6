"""How fast are fits and closures? Every rule against polars, plain sums against sparse products.

The plain sum leaves out all that a sparse product cannot say: law, proof, expiry and what is
unknown. Every rule is what `find_fits` answers.
"""

from __future__ import annotations

from functools import partial

import attrs
import numpy as np
import shapes
from gaps import in_polars, threads
from lines import Answer, Line, Side, Work, at_hand
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from sparse_dot_topn import sp_matmul_topn

from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.met import Proofs
from kompetanse_core.columns.ranked import Yardstick, ranked
from kompetanse_core.fit import find_fits
from kompetanse_core.gap.profile import role_profile
from kompetanse_core.graph import CompetenceGraph
from kompetanse_core.mapping import map_holdings
from kompetanse_core.model.competence import RelationKind
from kompetanse_core.model.enterprise import Enterprise

TOP, LEVELS, BLOCK = 10, 5, 4096
SAME = "the graph is the same"


def ours(enterprise: Enterprise) -> Answer:
    """Find the ten best roles of each lane for everybody; add up what is met of them."""
    table = find_fits(enterprise, on=shapes.ON, best=TOP).roles
    met = table.column("met") > 0
    return *(int(table.column(name)[met].sum()) for name in ("met", "missing")), int(met.sum())


def plain(side: int, enterprise: Enterprise) -> Work:
    """Make one of the three plain sums ready."""
    return plain_sums(enterprise)[side]


def plain_sums(enterprise: Enterprise) -> tuple[Work, Work, Work]:
    """Give one sum three times: min(have, need) by weight over the total, for the best ten."""
    holdings, on = map_holdings(enterprise, on=shapes.ON), days(shapes.ON)
    codes, people = len(holdings.graph.words), len(holdings.people)
    wants = role_profile(enterprise, holdings.graph.words, shapes.ON).wants
    nothing = np.zeros_like(wants.statutory)
    wants = attrs.evolve(wants, statutory=nothing, proof=nothing.astype(np.int32))
    yardstick = Yardstick.of(wants, codes)
    blocks = []
    for first in range(0, people, BLOCK):
        held = holdings.block(first, min(first + BLOCK, people))[1].in_order()
        blocks.append(attrs.evolve(held, expires=np.full(len(held), on, np.int32)))
    empty = np.empty(0, np.int32)

    def ours() -> Answer:
        parts = []
        for held in blocks:
            size = len(held.starts) - 1
            proofs = Proofs(
                starts=np.zeros(size + 1, np.int64), kin=empty, kind=empty, level=empty,
                expires=empty,
            )  # fmt: skip
            own = np.full(size, -1, np.int32)
            parts.append(
                ranked(yardstick, held, held, proofs, holdings.kin.names, own, on=on, best=TOP)
            )
        shares = (p.met[p.who >= 0] / p.total[p.who >= 0] for p in parts)
        return (round(sum(float(share.sum()) for share in shares) * 100),)

    steps = [_unary(held.person, held.code, held.level, codes) for held in blocks]
    role = np.repeat(np.arange(len(yardstick.total)), np.diff(wants.starts))
    kept = (wants.demand == 0) & (yardstick.total[role] > 0)
    worth = (wants.weight / np.maximum(yardstick.total[role], 1))[kept]
    asked = _unary(role[kept], wants.code[kept], wants.need[kept], codes, worth)
    asked = asked.T.tocsr()

    def theirs() -> Answer:
        best = (sp_matmul_topn(each, asked, top_n=TOP, n_threads=1) for each in steps)
        return (round(sum(float(each.data.sum()) for each in best) * 100),)

    def by_scipy() -> Answer:
        best = 0.0
        for each in steps:
            product = (each @ asked).toarray()
            best += float(np.partition(product, -TOP, axis=1)[:, -TOP:].sum())
        return (round(best * 100),)

    return ours, theirs, by_scipy


def _unary(
    row: Array, code: Array, level: Array, codes: int, worth: Array | None = None
) -> csr_matrix:
    """Write a level n as n ones, so that a product of rows sums the lesser of two levels."""
    counts = level.astype(np.int64)
    begin = np.repeat(np.cumsum(counts) - counts, counts)
    place = np.repeat(code.astype(np.int64) * LEVELS, counts) + np.arange(counts.sum()) - begin
    values = np.ones(len(place)) if worth is None else np.repeat(worth, counts)
    shape = int(row.max(initial=-1)) + 1, codes * LEVELS
    return csr_matrix((values, (np.repeat(row, counts), place)), shape=shape)


def our_closure(enterprise: Enterprise) -> Work:
    """Close the graph from the relations as they are given."""

    def work() -> Answer:
        closure = CompetenceGraph.of(enterprise).closure()
        return len(closure.targets), int(closure.drops.sum())

    return work


def networkx_closure(enterprise: Enterprise) -> Work:
    """Close the same steps, laid out as a graph before, by Dijkstra from every competence."""
    import networkx as nx

    steps = _steps(enterprise)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(enterprise.competences)))
    graph.add_weighted_edges_from(steps)

    def work() -> Answer:
        pairs = drops = 0
        for _, ways in nx.all_pairs_dijkstra_path_length(graph, cutoff=LEVELS - 1):
            pairs, drops = pairs + len(ways) - 1, drops + int(sum(ways.values()))
        return pairs, drops

    return work


def scipy_closure(enterprise: Enterprise) -> Work:
    """Close the same steps by scipy, some competences at a time; a drop of 0 is stored as such."""
    source, target, drop = np.asarray(_steps(enterprise), np.float64).T
    size = len(enterprise.competences)
    ends = source.astype(np.int64), target.astype(np.int64)
    graph = csr_matrix((drop + TINY, ends), shape=(size, size))

    def work() -> Answer:
        pairs = drops = 0
        for first in range(0, size, BLOCK):
            rows = np.arange(first, min(first + BLOCK, size))
            ways = dijkstra(graph, indices=rows, limit=LEVELS - 0.5)
            found = ways[np.isfinite(ways)]
            pairs, drops = pairs + len(found) - len(rows), drops + int(np.floor(found).sum())
        return pairs, drops

    return work


TINY = 2.0**-20
"""What stands for no drop, since scipy takes 0 for no step."""


def _steps(enterprise: Enterprise) -> list[tuple[int, int, int]]:
    place = {each.id: n for n, each in enumerate(enterprise.competences)}
    least: dict[tuple[int, int], int] = {}
    for each in enterprise.relations:
        ends, drop = (place[each.source], place[each.target]), each.drop or 0
        pairs = (ends, ends[::-1]) if each.kind is RelationKind.EQUIVALENT else (ends,)
        for pair in pairs:
            least[pair] = min(drop, least.get(pair, drop))
    return [(*pair, drop) for pair, drop in sorted(least.items())]


LINES = (
    Line(
        work="closure of the graph",
        sides=(
            Side(name="kompetanse", ready=our_closure, most=10_000, why=SAME),
            Side(name="networkx", ready=networkx_closure, most=10_000, why=SAME),
            Side(name="scipy", ready=scipy_closure, most=10_000, why=SAME),
        ),
    ),
    Line(
        work="fit, best 10 roles, every rule",
        sides=(
            Side(name="kompetanse", ready=partial(at_hand, ours), most=100_000),
            Side(name="polars", ready=partial(in_polars, "fits"), most=10_000),
        ),
        target="25 × polars",
    ),
    Line(
        work="fit, best 10 roles, plain sum",
        sides=(
            Side(name="kompetanse", ready=partial(plain, 0), most=100_000),
            Side(name="sparse_dot_topn", ready=partial(plain, 1), most=100_000),
            Side(name="scipy", ready=partial(plain, 2), most=10_000),
        ),
        target="1.5 × sparse_dot_topn",
    ),
    threads("fit, best 10 roles", ours),
)
