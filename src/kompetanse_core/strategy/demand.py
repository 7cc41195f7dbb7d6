"""What does a role take on a day, whether or not anybody is in it? Demanded, by competence.

The gaps say it for roles that have people; a vacant role needs it too, before anybody moves there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from kompetanse_core.columns import Words
from kompetanse_core.gap.profile import Profile, role_profile
from kompetanse_core.model.competence import CompetenceId, EvidenceKind
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.work import Demand, NeedId, RoleId

Demands = Mapping[RoleId, Mapping[CompetenceId, "Demanded"]]


@frozen(kw_only=True)
class Demanded:
    """Krav til en rolle: level and weight of one competence, over all that ask for it.

    `proof` are the kinds of evidence of which one must be there, empty if none is asked.
    """

    competence: CompetenceId
    level: int
    weight: int
    required: bool
    statutory: bool
    proof: frozenset[EvidenceKind]
    needs: tuple[NeedId, ...] = ()

    @property
    def steps(self) -> int:
        """Give the weighted steps."""
        return self.level * self.weight


def demands_on(enterprise: Enterprise, on: date) -> Demands:
    """Give what every role requires on a day, composed as the gaps compose it."""
    words = Words.of(competence.id for competence in enterprise.competences)
    profile = role_profile(enterprise, words, on)
    return {
        role.id: {each.competence: each for each in _wanted(profile, words, role.id)}
        for role in enterprise.roles
    }


def _wanted(profile: Profile, words: Words[CompetenceId], role: RoleId) -> Iterator[Demanded]:
    wants, required = profile.wants, tuple(Demand).index(Demand.REQUIRED)
    begin, end = wants.starts[profile.keys.code(role) :][:2].tolist()
    for want in range(begin, end):
        bits = int(wants.proof[want])
        yield Demanded(
            competence=words.values[int(wants.code[want])],
            level=int(wants.need[want]),
            weight=int(wants.weight[want]),
            required=int(wants.demand[want]) == required,
            statutory=bool(wants.statutory[want]),
            proof=frozenset(kind for place, kind in enumerate(EvidenceKind) if bits >> place & 1),
            needs=_needs(profile, want),
        )


def _needs(profile: Profile, want: int) -> tuple[NeedId, ...]:
    """Give the needs behind a want, each once, by id."""
    begin, end = profile.part_starts[want : want + 2]
    words = profile.requirements.words_of("needs")
    codes = profile.requirements.column("needs")[profile.parts[begin:end]]
    return tuple(sorted({need for code in codes.tolist() for need in words.word(code) or ()}))
