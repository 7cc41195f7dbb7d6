"""Does every fit, transfer and likeness say what it should, one case at a time?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from tests.test_gap import ANNE, DOSES, DRIPS, NURSE, ON, PUMPS, hospital, need, proof, said

from kompetanse_core.errors import Misuse
from kompetanse_core.fit import Qualification, find_fits, similarity, transferability
from kompetanse_core.model.competence import EvidenceKind, Relation, RelationKind
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Employee, EmployeeId
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Demand, Requirement, Role, RoleId

PORTER, COOK = RoleId("porter"), RoleId("cook")
CERTIFICATE = frozenset({EvidenceKind.CERTIFICATE})


def house(*requirements: Requirement, **parts: Any) -> Enterprise:
    """The hospital, with a porter and a cook as well."""
    roles = [Role(id=each, label=Text(str(each))) for each in (NURSE, PORTER, COOK)]
    return hospital(roles=roles, requirements=requirements, **parts)


def fits(enterprise: Enterprise, best: int = 10) -> list[tuple[object, ...]]:
    """Role, rank and steps of each of Anne's fits."""
    rows = find_fits(enterprise, on=ON, best=best).of(ANNE)
    return [(f.role, f.rank, f.met, f.missing, f.unknown) for f in rows]


def test_shares_are_compared_and_not_steps() -> None:
    """One step of two comes before two of five; what is as good shares a rank, by id."""
    enterprise = house(
        need(level=2, of=PORTER), need(level=5, of=NURSE), need(level=2, weight=3, of=COOK),
        assessments=[said(level=1)],
    )  # fmt: skip
    assert fits(enterprise) == [(COOK, 1, 3, 3, 0), (PORTER, 1, 1, 1, 0), (NURSE, 3, 1, 4, 0)]


def test_of_equal_shares_met_the_one_with_less_known_missing_comes_first() -> None:
    """Half met, and a quarter missing of twelve, comes before half met and half missing of two."""
    enterprise = house(
        need(DOSES, 1, weight=6, of=PORTER), need(DRIPS, 1, weight=3, of=PORTER),
        need(PUMPS, 1, weight=3, of=PORTER),
        need(DOSES, 1, of=COOK), need(DRIPS, 1, of=COOK),
        assessments=[said(DOSES, 1), said(DRIPS, 0)],
    )  # fmt: skip
    assert fits(enterprise) == [(PORTER, 1, 6, 3, 3), (COOK, 2, 1, 1, 0)]


def test_the_unknown_is_neither_met_nor_missing() -> None:
    """Of whom nothing is known, no role is known to be lacking: all tie, by id."""
    enterprise = house(need(of=PORTER), need(of=COOK))
    assert fits(enterprise) == [(COOK, 1, 0, 0, 2), (PORTER, 1, 0, 0, 2)]


def test_what_is_only_desired_does_not_count() -> None:
    """A role that requires nothing is left out."""
    assert fits(house(need(demand=Demand.DESIRED))) == []


@pytest.mark.parametrize(
    ("assessed", "proven", "expected"),
    [
        ([], {}, Qualification.WOULD_QUALIFY),
        ([1], {"verified": True}, None),
        ([2], {}, None),
        ([2], {"verified": True}, Qualification.QUALIFIED),
        ([2], {"verified": True, "expires": ON - timedelta(days=1)}, None),
        ([2], {"verified": True, "expires": ON}, Qualification.QUALIFIED),
    ],
)
def test_the_law_is_a_condition(
    assessed: list[int], proven: dict[str, Any], expected: Qualification | None
) -> None:
    """Known to be lacking, or proven no more, the pair is left out; unknown, it is told apart."""
    enterprise = house(
        need(statutory=True, proof=CERTIFICATE),
        need(DRIPS),
        assessments=[said(level=level) for level in assessed],
        evidence=[proof(**proven)] if proven else [],
    )
    found = find_fits(enterprise, on=ON)
    assert [fit.qualification for fit in found.roles] == ([expected] if expected else [])
    open_ = (DOSES,) if expected is Qualification.WOULD_QUALIFY else ()
    assert all(found.would_qualify_if(fit) == open_ for fit in found.people)


def test_no_relation_but_equivalence_satisfies_the_law() -> None:
    """What carries from elsewhere counts for the ordinary role and not for the statutory one."""
    relation = Relation(kind=RelationKind.BROADER, source=DRIPS, target=DOSES, drop=0)
    enterprise = house(
        need(of=PORTER), need(of=COOK, statutory=True),
        relations=[relation], assessments=[said(DRIPS, 2)],
    )  # fmt: skip
    rows = find_fits(enterprise, on=ON).of(ANNE)
    assert [(f.role, f.met, f.qualification) for f in rows] == [
        (PORTER, 2, Qualification.QUALIFIED),
        (COOK, 0, Qualification.WOULD_QUALIFY),
    ]


def test_only_the_best_few_are_told() -> None:
    """Of many equals the first by id are told, both ways."""
    people = [Employee(id=EmployeeId(f"e{n}")) for n in range(9)]
    enterprise = house(need(of=PORTER), need(of=COOK), employees=people, engagements=[])
    found = find_fits(enterprise, on=ON, best=1)
    assert [fit.role for fit in found.roles] == [COOK] * 9
    assert [(fit.role, fit.employee) for fit in found.people] == [(COOK, "e0"), (PORTER, "e0")]
    assert found.of(EmployeeId("nobody")) == ()


def test_what_is_not_there_is_refused() -> None:
    """No fits fewer than one, no unknown role, no sums that could not be compared."""
    with pytest.raises(Misuse, match="E211"):
        find_fits(hospital(), on=ON, best=0)
    with pytest.raises(Misuse, match="E211"):
        transferability(hospital(), on=ON, best=0)
    with pytest.raises(Misuse, match="E509"):
        find_fits(house(need(level=2, weight=2**30)), on=ON)
    found = find_fits(hospital(), on=ON)
    (fit,) = found.roles
    with pytest.raises(Misuse, match="E503"):
        found.would_qualify_if(attrs.evolve(fit, role=RoleId("pilot")))


def test_an_empty_enterprise_has_no_fits() -> None:
    """Nobody, and no role: nothing, and no error."""
    found = find_fits(Enterprise(), on=ON)
    assert (list(found.roles), list(found.people)) == ([], [])
    assert list(transferability(Enterprise(), on=ON)) == []
    assert list(similarity(Enterprise(), on=ON)) == []


def test_nothing_personal_is_shown() -> None:
    """The plural names the day and counts; it shows no id and no level."""
    assert repr(find_fits(hospital(), on=ON)) == "<Fits on 2027-03-01: 1 people, 1 roles>"


def test_a_transfer_costs_more_one_way_than_the_other() -> None:
    """From 5 to 2 nothing is lacking; from 2 to 5 three steps are, each of its weight."""
    enterprise = house(need(level=5, weight=2, of=COOK), need(level=2, of=PORTER))
    told = [(t.source, t.target, t.cost, t.total) for t in transferability(enterprise, on=ON)]
    assert told == [
        (COOK, PORTER, 0, 2),
        (NURSE, COOK, 10, 10),
        (NURSE, PORTER, 2, 2),
        (PORTER, COOK, 6, 10),
    ]


def test_proof_in_common_moves_along() -> None:
    """A role that asks for no proof leaves all steps of one that does."""
    proven, bare = need(proof=CERTIFICATE, of=COOK), need(of=PORTER)
    costs = {t.source: t.cost for t in transferability(house(proven, bare), on=ON) if t.cost}
    assert costs == {PORTER: 2, NURSE: 2}
    both = house(proven, need(proof=CERTIFICATE, of=PORTER))
    assert {t.cost for t in transferability(both, on=ON) if t.source != NURSE} == {0}


def test_likeness_is_about_levels_and_not_about_steps() -> None:
    """The same levels at other weights are the same; what shares nothing has nothing in common."""
    enterprise = house(
        need(DOSES, 3, weight=1, of=COOK), need(DOSES, 3, weight=5, of=PORTER), need(DRIPS, 1)
    )
    alike = {(each.role, each.other): each.alike for each in similarity(enterprise, on=ON)}
    assert alike[COOK, PORTER] == alike[PORTER, COOK] == 10_000
    assert alike[COOK, NURSE] == 0
