"""Which measures help, and why? Recommendation, one way ranked with its reasons, and their plural.

Clauses R-2, R-7, R-8, R-16, R-17, D-5, D-8, H-7, K-6 and B-6.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import MappingProxyType

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Layout, Table
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.text import Text
from kompetanse_core.rules import RulesInForce
from kompetanse_core.strategy import Option, Options, Strategy


class Lean(Enum):
    """Retning: whether the lack calls for something inside, outside, or either (R-7, R-8)."""

    INWARD = "inward"
    OUTWARD = "outward"
    EITHER = "either"


class Fact(Enum):
    """Forhold: what counted for or against a way, each with its clause and its words."""

    INWARD_FITS = "inward-fits"
    """The lack is concrete and near, and the measure lies in the enterprise or the work."""
    OUTWARD_FITS = "outward-fits"
    """The lack is a qualification or a rise, and the measure lies outside the enterprise."""
    QUALIFICATION = "qualification"
    """What is missing is a formal qualification."""
    RISE = "rise"
    """The level has to rise by several steps."""
    CONFERS = "confers"
    """The measure gives the formal proof that is asked for."""
    LACKS_PROOF = "lacks-proof"
    """Formal proof is missing, and the measure does not give it."""
    NO_AIM = "no-aim"
    """A project that nobody has given a learning aim: it does not count."""
    WISHED = "wished"
    """The person has said that they want it."""
    PASSED_ON = "passed-on"
    """Participants pass it on, and colleagues in the unit lack the same."""
    SEVERAL_GROUPS = "several-groups"
    """The measure lifts more than one of knowing, doing and being."""
    IN_WORK = "in-work"
    """The learning happens in the work itself."""
    SUPPORTED = "supported"
    """A public scheme supports it, on conditions that bear a date."""
    STATUTORY = "statutory"
    """The requirement is laid down by the authorities."""
    UNSUPPORTED = "unsupported"
    """A public scheme supports the measure, but not for this person, or it has run out."""

    @property
    def clause(self) -> str:
        """Give the clause of the guide that makes it count."""
        return _CLAUSES[self]

    @property
    def words(self) -> Text:
        """Say it in a sentence."""
        return _WORDS[self]


_CLAUSES = MappingProxyType(
    {
        Fact.INWARD_FITS: "R-7",
        Fact.OUTWARD_FITS: "R-8",
        Fact.QUALIFICATION: "R-8",
        Fact.RISE: "R-8",
        Fact.CONFERS: "R-2",
        Fact.LACKS_PROOF: "R-2",
        Fact.NO_AIM: "R-16",
        Fact.WISHED: "H-7",
        Fact.PASSED_ON: "D-8",
        Fact.SEVERAL_GROUPS: "K-6",
        Fact.IN_WORK: "D-5",
        Fact.SUPPORTED: "R-17",
        Fact.STATUTORY: "B-6",
        Fact.UNSUPPORTED: "R-17",
    }
)
_WORDS = MappingProxyType(
    {
        Fact.INWARD_FITS: Text(
            nb="Behovet er konkret og nært, og tiltaket ligger i virksomheten.",
            en="The need is concrete and near, and the measure lies inside the enterprise.",
        ),
        Fact.OUTWARD_FITS: Text(
            nb="Det gjelder en kvalifikasjon eller et løft, og tiltaket gis utenfor huset.",
            en="It is about a qualification or a rise, and the measure is given outside.",
        ),
        Fact.QUALIFICATION: Text(
            nb="Det som mangler, er en formell kvalifikasjon.",
            en="What is missing is a formal qualification.",
        ),
        Fact.RISE: Text(
            nb="Nivået må flere hakk opp.",
            en="The level has to rise by several steps.",
        ),
        Fact.CONFERS: Text(
            nb="Tiltaket gir dokumentasjonen som kreves.",
            en="The measure gives the proof that is asked for.",
        ),
        Fact.LACKS_PROOF: Text(
            nb="Det kreves dokumentasjon som tiltaket ikke gir.",
            en="Proof is asked for that the measure does not give.",
        ),
        Fact.NO_AIM: Text(
            nb="Prosjektet har ikke noe læringsmål og teller derfor ikke.",
            en="The project has no learning aim and so does not count.",
        ),
        Fact.WISHED: Text(
            nb="Den ansatte har selv ønsket det.",
            en="The employee has asked for it.",
        ),
        Fact.PASSED_ON: Text(
            nb="Kolleger som mangler det samme, får det videreformidlet.",
            en="Colleagues who lack the same have it passed on to them.",
        ),
        Fact.SEVERAL_GROUPS: Text(
            nb="Tiltaket løfter mer enn én side av kompetansen.",
            en="The measure lifts more than one side of competence.",
        ),
        Fact.IN_WORK: Text(
            nb="Læringen skjer i selve arbeidet.",
            en="The learning happens in the work itself.",
        ),
        Fact.SUPPORTED: Text(
            nb="Det finnes en støtteordning; sjekk vilkårene og datoen på dem.",
            en="There is public support; check its conditions and their date.",
        ),
        Fact.STATUTORY: Text(
            nb="Kravet følger av myndighetskrav og kan ikke velges bort.",
            en="The requirement is laid down by the authorities and cannot be waived.",
        ),
        Fact.UNSUPPORTED: Text(
            nb="Støtteordningen for tiltaket gjelder ikke her: full pris.",
            en="The public support for the measure does not apply here: the full price.",
        ),
    }
)


@frozen(kw_only=True)
class Recommendation:
    """Tiltaksforslag: one open way, ranked among those of its strategy for the same lack.

    `option` is its place in `Options.rows`; `gap`, `seat` and `headcount` are the lack, as there.
    `rank` counts from 1; ways that nothing sets apart share a rank and are `tied`; None is set
    aside and does not count. `nearness`, `concreteness` (0 to 3 each, R-7) and `outward` (R-8) are
    the points that give the `lean`. `colleagues` are those in the unit who lack the same and
    have it passed on (D-8).
    """

    option: int
    strategy: Strategy
    gap: int | None
    seat: int | None
    headcount: int | None
    measure: MeasureId | None
    rank: int | None
    tied: bool
    lean: Lean
    nearness: int
    concreteness: int
    outward: int
    colleagues: int
    facts: frozenset[Fact]

    @property
    def clauses(self) -> tuple[str, ...]:
        """Give the rules that it used, in the order of `Fact`; each once."""
        used = (fact.clause for fact in Fact if fact in self.facts)
        return tuple(dict.fromkeys((*used, *_LEANINGS[self.lean])))

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Say what counted, a sentence each."""
        return tuple(fact.words for fact in Fact if fact in self.facts)


_LEANINGS = MappingProxyType(
    {Lean.INWARD: ("R-7",), Lean.OUTWARD: ("R-8",), Lean.EITHER: ()},
)

RECOMMENDATIONS = Layout.of(
    Recommendation,
    key=("option",),
    dtypes={
        **dict.fromkeys(("option", "gap", "seat", "headcount", "rank", "colleagues"), "int32"),
        **dict.fromkeys(("nearness", "concreteness", "outward"), "int16"),
    },
)


@frozen(kw_only=True)
class Unhelped:
    """Ingen tiltak: one row of gaps that no measure helps, and the ways that are left for it."""

    gap: int
    ways: frozenset[Strategy]

    @property
    def words(self) -> Text:
        """Say it aloud, with the way that is left."""
        if not self.ways:
            return Text(
                nb="Ingen tiltak hjelper, og ingen annen vei er åpen: ta det opp mellom partene.",
                en="No measure helps, and no other way is open: take it up between the parties.",
            )
        nb, en = (
            _listed(tuple(names[way] for way in Strategy if way in self.ways))
            for names in (_WAYS_NB, _WAYS_EN)
        )
        return Text(
            nb=f"Ingen tiltak hjelper. Det som er igjen, er å {nb}.",
            en=f"No measure helps. What is left is to {en}.",
        )


_WAYS_NB = MappingProxyType(
    {
        Strategy.USE: "bruke kolleger som kan det",
        Strategy.UPSKILL: "heve kompetansen",
        Strategy.RESKILL: "omskolere",
        Strategy.RECRUIT: "rekruttere",
        Strategy.ASSESS: "kartlegge",
    }
)
_WAYS_EN = MappingProxyType(
    {
        Strategy.USE: "use colleagues who hold it",
        Strategy.UPSKILL: "upskill",
        Strategy.RESKILL: "reskill",
        Strategy.RECRUIT: "recruit",
        Strategy.ASSESS: "assess",
    }
)

UNHELPED = Layout.of(Unhelped, key=("gap",), dtypes={"gap": "int32"})


@frozen(kw_only=True, repr=False, eq=False)
class Recommendations:
    """Tiltaksforslag: one for each open way, in the order of `Options.rows`, and what none helps.

    They rank within one strategy and one lack only: the guide gives no strategy the first place.
    """

    options: Options
    rules: RulesInForce
    rows: Table[Recommendation]
    unhelped: Table[Unhelped]
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        """Count the recommendations."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Recommendation]:
        """Yield the recommendations in the order of the options."""
        return iter(self.rows)

    def __repr__(self) -> str:
        """Count what is recommended; no value about a person is shown."""
        return (
            f"<Recommendations: {len(self)} ways, {len(self.unhelped)} gaps that no measure helps>"
        )

    def of(self, option: int) -> Recommendation:
        """Give the recommendation of the option at a place in `Options.rows`."""
        return self.rows[option]

    def option(self, recommendation: Recommendation) -> Option:
        """Give the way that is recommended."""
        return self.options.rows[recommendation.option]

    def for_gap(self, gap: int) -> tuple[Recommendation, ...]:
        """Give the ways for one row of `Gaps.rows` that count, by strategy, then best first."""
        rank = self.rows.column("rank")
        found = self.rows.where((self.rows.column("gap") == gap) & (rank > 0))
        order = list(Strategy)
        return tuple(sorted(found, key=lambda each: (order.index(each.strategy), each.rank or 0)))

    @property
    def set_aside(self) -> Table[Recommendation]:
        """Give the ways that do not count, such as a project without a learning aim (R-16)."""
        return self.rows.where(self.rows.column("rank") < 0)

    @property
    def best(self) -> Table[Recommendation]:
        """Give the ways of rank 1, those that share it included."""
        return self.rows.where(np.equal(self.rows.column("rank"), 1))


def _listed(words: tuple[str, ...]) -> str:
    return " / ".join(words)
