"""What is to be done, by whom, when, and what is left? Plan, its items and its two splits.

Clauses G-3, G-8 to G-11, A-8, A-9, A-14, A-15 and D-2. A plan is a proposal: only `decide` makes
it more than that.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import field, frozen

from kompetanse_core.columns import Layout
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.measure import Incentive, MeasureId, Mode
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import Aim, RoleId, UnitId
from kompetanse_core.strategy import Strategy


class EducationClass(Enum):
    """Etter- eller videreutdanning: for the work one has, for new work here, or for neither."""

    CONTINUING = "etterutdanning"
    FURTHER = "videreutdanning"
    OWN_WISH = "eget ønske"

    @property
    def clause(self) -> str:
        """Give the clause that defines the class."""
        return "A-8" if self is EducationClass.CONTINUING else "A-9"


class CostBearer(Enum):
    """Kostnadsbærer: who pays (A-15); OPEN where no need of the enterprise stands behind."""

    EMPLOYER = "employer"
    EMPLOYEE = "employee"
    OPEN = "open"


class Responsible(Enum):
    """Ansvarlig: the enterprise, the individual, or both together (A-14)."""

    ENTERPRISE = "enterprise"
    INDIVIDUAL = "individual"
    JOINT = "joint"


class Question(Enum):
    """Spørsmål: the three questions of the guide's gap analysis."""

    DEVELOP = "develop"
    """To what degree can the gap be closed by developing those who are here (G-3)?"""
    RECRUIT = "recruit"
    """To what degree should one recruit, and where (G-8)?"""
    REDEVELOP = "redevelop"
    """Where competence is less relevant, to what degree can it be redeveloped (G-9, G-10)?"""

    @property
    def clauses(self) -> tuple[str, ...]:
        """Give the clauses that ask it."""
        if self is Question.DEVELOP:
            return "G-3", "G-4", "G-5", "G-6", "G-7"
        return ("G-8",) if self is Question.RECRUIT else ("G-9", "G-10")


@frozen(kw_only=True)
class Lift:
    """Løft: one competence of one person, from the level that is held to the one reached.

    `confers` is the evidence that the measure gives, where evidence was what was missing.
    """

    competence: CompetenceId
    held: Level
    reach: Level
    confers: frozenset[EvidenceKind] = frozenset()


@frozen(kw_only=True)
class Criterion:
    """Evalueringskriterium: what the next mapping should show if it worked (A-13).

    The person holds the levels of `lifts` from `due` on; where no person is named, `seats` basis
    points of the role are filled.
    """

    due: date
    lifts: tuple[Lift, ...] = ()
    seats: int = 0


@frozen(kw_only=True)
class PlanItem:
    """Plantiltak: one thing to do, by whom and when, what it costs and closes, and why.

    With an `employee`: a measure for that person, or (USE) requirements that a `colleague` takes
    over. Without one: a hire, or the sessions of a measure that several take part in, which carry
    the cost of the sessions. `steps` are the weighted steps that this item closes; an item that
    only has to come first closes none. `mustered` are the heads short of a headcount, in any unit,
    that it makes up for. `causes` are the places in `options.rows` of the ways that
    it takes; `Plan.recommended` gives their recommendations.
    """

    strategy: Strategy
    unit: UnitId
    role: RoleId | None
    employee: EmployeeId | None = None
    colleague: EmployeeId | None = None
    measure: MeasureId | None = None
    lifts: tuple[Lift, ...] = ()
    start: date
    end: date
    sessions: int = 0
    heads: int = 1
    hours: int = 0
    cost: int = 0
    incentives: tuple[Incentive, ...] = ()
    """What the participant is given beside the measure (A-3); counted in `hours` and `cost`."""
    grant: int = 0
    """Kroner that a scheme is expected to cover, for who is eligible (R-17); not in `cost`."""
    bearer: CostBearer = CostBearer.EMPLOYER
    education: EducationClass | None = None
    responsible: Responsible = Responsible.JOINT
    needs_drofting: bool = False
    drofting_from: date | None = None
    """The earliest day that R-5 lets it start; None: it needs no drøfting."""
    aims: tuple[Aim, ...] = ()
    steps: int = 0
    seats: int = 0
    mustered: int = 0
    criterion: Criterion
    causes: tuple[int, ...] = ()


@frozen(kw_only=True)
class Closing:
    """Lukking: where the missing steps of one row of `Gaps.rows` end: `missing` is their sum."""

    gap: int
    use: int
    upskill: int
    reskill: int
    recruit: int
    left: int


CLOSINGS = Layout.of(Closing, key=("gap",))


@frozen(kw_only=True)
class Split:
    """Fordeling av gapet: each missing weighted step, or head, stands in one of five places."""

    use: int = 0
    upskill: int = 0
    reskill: int = 0
    recruit: int = 0
    left: int = 0

    @property
    def missing(self) -> int:
        """Give all that is missing."""
        return self.use + self.upskill + self.reskill + self.recruit + self.left

    @property
    def closed(self) -> int:
        """Give what the plan closes."""
        return self.missing - self.left


@frozen(kw_only=True)
class SeatSplit:
    """Fordeling av ledige stillinger, in basis points of full time.

    Filled by own people who have nothing to learn for it, by own people after redevelopment, by
    recruitment, or still vacant.
    """

    own: int = 0
    reskill: int = 0
    recruit: int = 0
    vacant: int = 0

    @property
    def total(self) -> int:
        """Give all that is vacant today."""
        return self.own + self.reskill + self.recruit + self.vacant


@frozen(kw_only=True)
class Filling:
    """Besetting: what becomes of the vacant share of one row of `Gaps.seats`."""

    seat: int
    split: SeatSplit


@frozen(kw_only=True)
class Mustering:
    """Oppfylling av bemanningskrav: where the heads short of a row of `Gaps.headcounts` end.

    Short is who is lacking even if everybody not known about holds the level, and who would be
    after the plan's moves. `use` is who moves there and has nothing to learn for it.
    """

    headcount: int
    split: Split


@frozen(kw_only=True)
class Area:
    """Område: the split of one unit, role, competence, facet or person, and how many it is about.

    `contributors` counts the people behind the figures, for the small-group guard.
    """

    key: str
    split: Split
    contributors: int


@frozen(kw_only=True)
class Answer:
    """Svar på ett av de tre spørsmålene: amounts of the whole, and where.

    `steps` of `steps_of` missing weighted steps, `share` of `share_of` vacant basis points,
    `heads` of `heads_of` heads short of a headcount.
    """

    question: Question
    steps: int
    steps_of: int
    share: int
    share_of: int
    heads: int
    heads_of: int
    units: tuple[Area, ...] = field(repr=False)
    roles: tuple[Area, ...] = field(repr=False)
    competences: tuple[Area, ...] = field(repr=False)


@frozen(kw_only=True)
class LearningMix:
    """Læringsblanding: hours by the guide's three modes: a mirror and no target (D-2)."""

    work: int = 0
    training: int = 0
    education: int = 0

    @property
    def total(self) -> int:
        """Give all hours."""
        return self.work + self.training + self.education

    def percent(self, mode: Mode) -> int | None:
        """Give the whole per cent of the hours in one mode, rounded down; None without hours."""
        hours = {Mode.WORK: self.work, Mode.TRAINING: self.training}.get(mode, self.education)
        return 100 * hours // self.total if self.total else None
