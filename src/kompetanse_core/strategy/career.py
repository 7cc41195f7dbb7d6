"""Where could somebody go from here? CareerPath: a role, what is still missing, and how to get it.

Clauses H-2, H-6 and G-10. A path is an offer to the person whose profile it starts from; it never
says who should move, and it ranks roles for one person, not persons for a role.
"""

from __future__ import annotations

from attrs import frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId
from kompetanse_core.strategy.board import lay_out
from kompetanse_core.strategy.demand import Demanded, demands_on
from kompetanse_core.strategy.moving import Guide, guide_for, way_to
from kompetanse_core.strategy.relevance import engaged_on


@frozen(kw_only=True)
class MissingStep:
    """Manglende trinn: one competence from the level held (None: not mapped) to the one needed.

    `steps` are weighted; where nothing is mapped all of them are counted, as `unknown` ones.
    """

    competence: CompetenceId
    have: Level | None
    need: Level
    steps: int
    statutory: bool


@frozen(kw_only=True)
class CareerPath:
    """Karrierevei: one role that a person does not have, what is missing, and what would bring it.

    `missing` are weighted steps known to be missing, `unknown` those that nobody has mapped.
    `measures` bring all of them, by id; None where no open measure brings something. `vacant` are
    the basis points of full time that are free in the role today.
    """

    role: RoleId
    missing: int
    unknown: int
    lacks: tuple[MissingStep, ...]
    measures: tuple[MeasureId, ...] | None
    vacant: int


def career_paths(gaps: Gaps, employee: EmployeeId) -> tuple[CareerPath, ...]:
    """Lay out every role that a person does not have, the nearest first.

    Nearest is least known to be missing, then least unknown, then by id. Only what a role requires
    counts, not what it desires.

    Raises:
        Misuse: E503, if nobody of that pseudonym is employed.
    """
    enterprise = gaps.enterprise
    if employee not in enterprise.employees.words_of("id"):
        raise Misuse("E503", "there is no such employee")
    guide = guide_for(lay_out(gaps), demands_on(enterprise, gaps.on), {employee})
    own = {each.role for each in engaged_on(enterprise, gaps.on) if each.employee == employee}
    paths = (_path(guide, employee, role.id) for role in enterprise.roles if role.id not in own)
    return tuple(sorted(paths, key=lambda path: (path.missing, path.unknown, path.role)))


def _path(guide: Guide, person: EmployeeId, role: RoleId) -> CareerPath:
    asked = [each for each in guide.demands.get(role, {}).values() if each.required]
    lacks = tuple(lack for each in asked if (lack := _lack(guide, person, each)) is not None)
    legs, offered = way_to(guide, person, role), guide.board.offered
    return CareerPath(
        role=role,
        missing=sum(lack.steps for lack in lacks if lack.have is not None),
        unknown=sum(lack.steps for lack in lacks if lack.have is None),
        lacks=lacks,
        measures=None if legs is None else tuple(sorted({offered[leg.measure].id for leg in legs})),
        vacant=sum(seat.vacant for seat in guide.board.gaps.seats if seat.role == role),
    )


def _lack(guide: Guide, person: EmployeeId, asked: Demanded) -> MissingStep | None:
    have = guide.held.get((person, asked.competence))
    if have is not None and have >= asked.level:
        return None
    return MissingStep(
        competence=asked.competence,
        have=None if have is None else Level(have),
        need=Level(asked.level),
        steps=(asked.level - (have or 0)) * asked.weight,
        statutory=asked.statutory,
    )
