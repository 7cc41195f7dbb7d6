"""Which assessment counts, how does it age, what does it carry to, and what is odd about it?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kompetanse_core.mapping import Combining, Holding, Holdings, map_holdings
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Crosswalk,
    Decay,
    Facet,
    Level,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Assessment, AssessmentSource, Employee, EmployeeId
from kompetanse_core.model.text import Text

ON = date(2026, 8, 31)
SELF, LEADER, JOINT = AssessmentSource.SELF, AssessmentSource.LEADER, AssessmentSource.JOINT
TEST, CREDENTIAL = AssessmentSource.TEST, AssessmentSource.CREDENTIAL
FIVE, ROUGH = ScaleId("five"), ScaleId("rough")
DOSES, DRIPS = CompetenceId("doses"), CompetenceId("drips")


def said(level: int, **rest: Any) -> Assessment:
    """What is said of Anne's doses."""
    usual = {
        "employee": EmployeeId("anne"),
        "competence": DOSES,
        "source": LEADER,
        "assessed": date(2026, 1, 1),
        "recorded": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Assessment(level=Level(level), **{**usual, **rest})


def hospital(*assessments: Assessment, **parts: Any) -> Enterprise:
    """Two competences of which things are said."""
    usual: dict[str, Any] = {
        "scales": [Scale(id=FIVE, top=Level(5)), Scale(id=ROUGH, top=Level(2))],
        "competences": [
            Competence(id=each, label=Text(), facet=Facet.SKILL, scale=FIVE)
            for each in (DOSES, DRIPS)
        ],
        "assessments": assessments,
    }
    return Enterprise(**{**usual, **parts})


def mapped(enterprise: Enterprise, **rest: Any) -> Holdings:
    """What is held on the day."""
    return map_holdings(enterprise, **{"on": ON, **rest})


def level_of(*assessments: Assessment, **rest: Any) -> int | None:
    """The level of Anne's doses, if it is known."""
    return next((h.level for h in mapped(hospital(*assessments), **rest)), None)


@pytest.mark.parametrize(
    ("combining", "level"),
    [(Combining.JOINT_FIRST, 1), (Combining.LATEST, 2), (Combining.BEST, 4)],
)
def test_three_rules_choose_differently(combining: Combining, level: int) -> None:
    """The most trusted source, the latest word and the highest valid level."""
    told = (
        said(1, source=JOINT, assessed=date(2025, 1, 1)),
        said(2, source=SELF, assessed=date(2026, 5, 1)),
        said(4, source=LEADER, assessed=date(2024, 1, 1)),
        said(5, source=SELF, assessed=date(2023, 1, 1), expires=date(2024, 1, 1)),
    )
    assert level_of(*told, combining=combining) == level


@pytest.mark.parametrize(
    ("better", "worse"), [(CREDENTIAL, JOINT), (TEST, JOINT), (JOINT, LEADER), (LEADER, SELF)]
)
def test_joint_first_trusts_in_this_order(
    better: AssessmentSource, worse: AssessmentSource
) -> None:
    """Credential or test, joint, leader, self; however old, and however high the other is."""
    old = said(1, source=better, assessed=date(2000, 1, 1))
    assert level_of(old, said(5, source=worse)) == 1


@pytest.mark.parametrize("combining", [Combining.JOINT_FIRST, Combining.LATEST])
def test_within_a_source_the_latest_counts(combining: Combining) -> None:
    """The later assessed, then the later recorded, then the higher; credential and test are one."""
    later = datetime(2026, 2, 1, tzinfo=UTC)
    assert level_of(said(3), said(1, assessed=date(2026, 1, 2)), combining=combining) == 1
    assert level_of(said(3), said(1, recorded=later), combining=combining) == 1
    assert level_of(said(3), said(1), combining=combining) == 3
    equals = said(3, source=TEST), said(1, source=CREDENTIAL, assessed=date(2026, 1, 2))
    assert level_of(*equals, combining=combining) == 1


def test_what_is_not_there_yet_does_not_count() -> None:
    """Assessed after the day or recorded after the instant: not there, whatever it says."""
    ahead = said(5, assessed=date(2026, 9, 1))
    late = said(4, recorded=datetime(2026, 7, 1, tzinfo=UTC))
    known = datetime(2026, 6, 30, tzinfo=UTC)
    assert level_of(ahead) is None
    assert level_of(said(2), ahead, late, combining=Combining.BEST) == 4
    assert level_of(said(2), ahead, late, combining=Combining.BEST, known_at=known) == 2


@pytest.mark.parametrize(
    ("assessed", "level"),
    [
        (date(2026, 8, 31), 3),
        (date(2026, 3, 1), 3),
        (date(2026, 2, 28), 2),
        (date(2025, 9, 1), 2),
        (date(2025, 8, 31), 1),
        (date(2025, 2, 28), 0),
        (date(1900, 1, 1), 0),
        (date(1, 1, 1), 0),
    ],
)
def test_levels_fall_with_age(assessed: date, level: int) -> None:
    """A level for every six whole months, down to none; a month is whole on its day of the month.

    From 28 February to 31 August are six months, from 1 March only five.
    """
    enterprise = hospital(said(3, assessed=assessed), decays=[Decay(facet=Facet.SKILL, months=6)])
    assert [held.level for held in mapped(enterprise)] == [level]


def test_only_what_decays_falls_and_the_quickest_decay_counts() -> None:
    """Another facet's decay is nobody else's; of two for one facet the shorter span counts."""
    old = said(3, assessed=date(2025, 8, 1))
    other = hospital(old, decays=[Decay(facet=Facet.VALUE, months=1)])
    twice = hospital(old, decays=[Decay(facet=Facet.SKILL, months=m) for m in (24, 12)])
    assert [held.level for each in (other, twice) for held in mapped(each)] == [3, 2]


def test_a_level_on_another_scale_is_translated() -> None:
    """An assessment may speak in another scale, for which there is a crosswalk."""
    walk = Crosswalk(source=ROUGH, target=FIVE, levels=(Level(0), Level(2), Level(5)))
    enterprise = hospital(said(2, scale=ROUGH), crosswalks=[walk])
    assert [held.level for held in mapped(enterprise)] == [5]


def test_a_holding_explains_itself() -> None:
    """What is held through the graph names its way and the assessment at its beginning."""
    drop = Relation(kind=RelationKind.BROADER, source=DRIPS, target=DOSES, drop=1)
    enterprise = hospital(said(1), said(4, competence=DRIPS, expires=ON), relations=[drop])
    holdings = mapped(enterprise)
    doses, drips = holdings
    anne = EmployeeId("anne")
    assert doses == Holding(
        employee=anne, competence=DOSES, level=Level(3), expires=ON, via=DRIPS, assessment=1
    )
    assert holdings.assessment(doses) == said(4, competence=DRIPS, expires=ON)
    assert (str(holdings.path(doses)), str(holdings.path(drips))) == (
        "drips → doses (drop 1)",
        "drips",
    )
    assert holdings.of(anne) == (doses, drips)
    assert [(h.competence, h.level) for h in holdings.direct(anne)] == [(DOSES, 1), (DRIPS, 4)]
    assert (holdings.of(EmployeeId("?")), holdings.direct(EmployeeId("?"))) == ((), ())


def test_what_has_expired_stands_behind_what_has_not() -> None:
    """A lower level that holds comes before a higher one that has expired."""
    drop = Relation(kind=RelationKind.BROADER, source=DRIPS, target=DOSES, drop=1)
    expired = said(5, expires=date(2026, 8, 30))
    enterprise = hospital(expired, said(2, competence=DRIPS), relations=[drop])
    doses, _ = mapped(enterprise)
    assert (doses.level, doses.via) == (1, DRIPS)


def test_disagreement_is_found_once_for_each_competence() -> None:
    """W513 counts people, says fewer than five below five, and names nobody."""
    people = [EmployeeId(f"person-{n}") for n in range(6)]
    told = [said(n % 2, employee=each) for n, each in enumerate(people)]
    told += [said(3, employee=each, source=SELF) for each in people]
    told += [said(2, employee=people[0], competence=DRIPS, source=s) for s in (SELF, LEADER)]
    found = mapped(hospital(*told, employees=[Employee(id=each) for each in people])).findings
    assert [(f.code, f.text) for f in found] == [
        ("W513", "sources disagree about the level of 6 people in doses")
    ]
    (fewer,) = mapped(hospital(said(1), said(2, source=SELF))).findings
    assert fewer.text == "sources disagree about the level of fewer than 5 people in doses"


def test_only_the_latest_valid_words_disagree() -> None:
    """What a source has said since, and what has expired, is no disagreement."""
    since = said(2), said(1, source=SELF), said(2, source=SELF, assessed=date(2026, 2, 1))
    expired = said(2), said(1, source=SELF, expires=date(2026, 8, 30))
    assert [mapped(hospital(*told)).findings for told in (since, expired)] == [(), ()]


def test_a_level_lower_than_what_follows_is_found() -> None:
    """W512 where somebody is rated lower than another competence of theirs implies."""
    drop = Relation(kind=RelationKind.BROADER, source=DRIPS, target=DOSES, drop=1)
    lower = mapped(hospital(said(1), said(4, competence=DRIPS), relations=[drop])).findings
    assert [(f.code, f.text) for f in lower] == [
        ("W512", "fewer than 5 people are rated lower in doses than follows from others")
    ]
    equal = mapped(hospital(said(3), said(4, competence=DRIPS), relations=[drop])).findings
    assert equal == ()


def test_holdings_tell_nobody_by_name() -> None:
    """The repr counts people."""
    assert repr(mapped(hospital(said(1)))) == "<Holdings on 2026-08-31: 1 people>"
