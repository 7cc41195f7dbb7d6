"""In which order do the ways for one lack come? `recommend` ranks them by the guide's rules.

Within one strategy and one lack, the better way is the one that
1. is not set aside (R-16),
2. closes more steps of the gap, or fills more of the seat,
3. lies where the lack leans: inside or outside the enterprise (R-7, R-8),
4. lifts more of the three groups of competence (K-6),
5. the person has wished for (H-7),
6. is passed on to more colleagues who lack the same (D-8),
7. is surer, then cheaper, then quicker.
Ways that are equal in all of these are tied: no rule of the guide sets them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import NO_NUMBER, Array
from kompetanse_core.model.competence import FacetGroup
from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.rule import RuleSet
from kompetanse_core.recommendation.leaning import Leaning, leaning_of
from kompetanse_core.recommendation.nouns import (
    RECOMMENDATIONS,
    UNHELPED,
    Fact,
    Lean,
    Recommendation,
    Recommendations,
    Unhelped,
)
from kompetanse_core.recommendation.traits import Traits, traits_of, wished
from kompetanse_core.rules import RulesInForce, rules_in_force
from kompetanse_core.strategy import Options

BALANCE_HINT = "competence is more than skills: look for measures for the other sides too"


def recommend(options: Options, *, floor: RuleSet | None = None) -> Recommendations:
    """Rank the open ways by the rules in force here, and say aloud what no measure helps.

    `floor` is the guide unless another country's or agreement's rules are given; the plan that
    comes of it is decided and followed up by the same rules.

    Raises:
        BadInput: E516, if a local rule set weakens the floor.
    """
    rules = rules_in_force(options.gaps.enterprise, floor=floor)
    rows = _ranked(options, rules)
    unhelped = _unhelped(options, rows)
    findings = tuple(_findings(options, unhelped))
    return Recommendations(
        options=options, rules=rules, rows=rows, unhelped=unhelped, findings=findings
    )


def _ranked(options: Options, rules: RulesInForce) -> Table[Recommendation]:
    rows, traits, leaning = options.rows, traits_of(options), leaning_of(options, rules)
    colleagues = _colleagues(options) * traits.passes_on
    facts = _facts(traits, leaning) | _bits({Fact.WISHED: wished(options)})
    facts |= _bits({Fact.PASSED_ON: colleagues > 0})
    rank, tied = _ranks(_lacks(options), _worth(options, traits, facts, colleagues))
    columns = {
        **{name: rows.column(name) for name in ("strategy", "gap", "seat", "headcount", "measure")},
        "option": np.arange(len(rows)),
        "rank": np.where(traits.aimless, NO_NUMBER, rank),
        "tied": tied & ~traits.aimless,
        "lean": leaning.lean,
        "nearness": leaning.nearness,
        "concreteness": leaning.concreteness,
        "outward": leaning.outward,
        "colleagues": colleagues,
        "facts": facts,
    }
    typed = {each.name: columns[each.name].astype(each.dtype) for each in RECOMMENDATIONS.columns}
    words = {"measure": rows.words_of("measure")}
    return Table(layout=RECOMMENDATIONS, columns=typed, words=words)


def _facts(traits: Traits, leaning: Leaning) -> Array:
    """Gather, as bits of `Fact`, what counts about each option that has a measure."""
    inward, outward = (
        leaning.lean == list(Lean).index(each) for each in (Lean.INWARD, Lean.OUTWARD)
    )
    proves = traits.confers & leaning.proof != 0
    return _bits(
        {
            Fact.INWARD_FITS: traits.measured & inward & ~traits.outside,
            Fact.OUTWARD_FITS: traits.measured & outward & traits.outside,
            Fact.QUALIFICATION: leaning.qualification,
            Fact.RISE: leaning.rise,
            Fact.CONFERS: leaning.unproven & proves,
            Fact.LACKS_PROOF: leaning.unproven & traits.measured & ~proves,
            Fact.NO_AIM: traits.aimless,
            Fact.SEVERAL_GROUPS: traits.groups > 1,
            Fact.IN_WORK: traits.in_work,
            Fact.SUPPORTED: traits.supported,
            Fact.UNSUPPORTED: traits.unsupported,
            Fact.STATUTORY: leaning.statutory,
        }
    )


def _colleagues(options: Options) -> Array:
    """Count, for each option, the other people in the gap's unit who lack the same (D-8)."""
    rows = options.gaps.rows
    width = max(1, len(rows.words_of("competence")))
    areas = rows.column("unit").astype(np.int64) * width + rows.column("competence")
    lacking = rows.column("missing") > 0
    people = np.unique(np.stack([areas, rows.column("employee")])[:, lacking], axis=1)
    area, count = np.unique(people[0], return_counts=True)
    place = np.minimum(np.searchsorted(area, areas), max(0, len(area) - 1))
    found = np.append(count, 0)[place] * (np.append(area, -1)[place] == areas)
    others = np.append(np.maximum(found - lacking, 0), 0)
    return others[np.maximum(options.rows.column("gap"), -1)]


def _worth(options: Options, traits: Traits, facts: Array, colleagues: Array) -> tuple[Array, ...]:
    """Give what sets the ways for one lack apart: more is better, the first counts most."""
    rows = options.rows
    fits = facts & (_bit(Fact.INWARD_FITS) | _bit(Fact.OUTWARD_FITS)) != 0
    wish = facts & _bit(Fact.WISHED) != 0
    cheaper = (
        -rows.column(name) for name in ("cost_least", "cost_most", "days_least", "days_most")
    )
    return (
        *(~traits.aimless, rows.column("steps"), rows.column("share"), fits, traits.groups),
        *(wish, colleagues, rows.column("certainty"), *cheaper),
    )


def _lacks(options: Options) -> tuple[Array, ...]:
    """Give what ways must share to stand in one ranking: the strategy and the lack."""
    return tuple(options.rows.column(name) for name in ("strategy", "gap", "seat", "headcount"))


def _ranks(lacks: Sequence[Array], worth: Sequence[Array]) -> tuple[Array, Array]:
    """Rank within each lack from 1 on: equal worth shares the best rank of the run, and is tied."""
    keys = (*lacks, *(-each.astype(np.int64) for each in worth))
    order = np.lexsort(keys[::-1])
    place = np.arange(len(order))
    opens = _changes([key[order] for key in lacks])
    differs = _changes([key[order] for key in keys])
    first = np.maximum.accumulate(np.where(differs, place, 0))
    start = np.maximum.accumulate(np.where(opens, place, 0))
    rank, tied = np.empty_like(place), np.empty(len(place), dtype=np.bool_)
    rank[order] = first - start + 1
    tied[order] = ~differs | ~np.append(differs, True)[1:]
    return rank, tied


def _changes(keys: Sequence[Array]) -> Array:
    """Say at which places, in sorted order, something differs from the place before."""
    changed = np.ones(len(keys[0]), dtype=np.bool_)
    changed[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return changed


def _unhelped(options: Options, rows: Table[Recommendation]) -> Table[Unhelped]:
    """Find the gaps with missing steps that no measure helps, and the ways that are left."""
    gap, counts = options.rows.column("gap"), (options.rows.column("steps") > 0)
    counts = counts & (gap >= 0) & (rows.column("rank") > 0)
    ways = np.zeros(len(options.gaps.rows), dtype=np.int64)
    np.bitwise_or.at(
        ways, gap[counts], 1 << options.rows.column("strategy")[counts].astype(np.int64)
    )
    measured = np.zeros(len(ways), dtype=np.bool_)
    measured[gap[counts & (options.rows.column("measure") >= 0)]] = True
    lacking = np.flatnonzero((options.gaps.rows.column("missing") > 0) & ~measured)
    columns = {"gap": lacking.astype(np.int32), "ways": ways[lacking].astype(np.int32)}
    return Table(layout=UNHELPED, columns=columns, words={})


def _findings(options: Options, unhelped: Table[Unhelped]) -> Iterator[Finding]:
    """Say which group of competence is missing somewhere and lifted nowhere (K-6)."""
    rows = options.gaps.rows
    helped = rows.column("missing") > 0
    lacking = _groups(options, rows.column("competence")[helped])
    helped[unhelped.column("gap")] = False
    lifted = _groups(options, rows.column("competence")[helped])
    for group in FacetGroup:
        if group in lacking - lifted and lifted:
            text = f"no measure lifts what is missing of {group.value}, though others are lifted"
            yield Finding(
                code="W517",
                severity=Severity.WARNING,
                text=text,
                hint=BALANCE_HINT,
                about=(("group", group.value),),
            )


def _groups(options: Options, codes: Array) -> frozenset[FacetGroup]:
    """Give the groups of competence behind some codes of the gaps' competences."""
    gaps = options.gaps
    words = gaps.rows.words_of("competence").values
    named = frozenset(words[code] for code in np.unique(codes).tolist())
    found = (each for each in gaps.enterprise.competences if each.id in named)
    return frozenset(each.facet.group for each in found if each.facet is not None)


def _bits(told: Mapping[Fact, Array]) -> Array:
    bits = np.zeros(len(next(iter(told.values()))), dtype=np.int64)
    for fact, holds in told.items():
        bits |= _bit(fact) * holds
    return bits


def _bit(fact: Fact) -> int:
    return 1 << list(Fact).index(fact)
