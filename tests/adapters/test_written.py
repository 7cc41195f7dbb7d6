"""Does a writer tell what does not come back, and nothing else? The cellar's comparison."""

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given

from kompetanse_adapters.reading import carried, losses_between
from kompetanse_core import (
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Facet,
    Level,
    Misuse,
    Relation,
    RelationKind,
    ScaleId,
    Text,
)
from kompetanse_core.conformance import enterprises


def lost(before: Enterprise, after: Enterprise) -> list[tuple[str, int, str]]:
    """What is lost between two enterprises, how often and why."""
    reasons = {"Competence.label": "one language"}
    losses = losses_between(before, after, reasons, otherwise="no place")
    return [(each.field, each.count, each.reason) for each in losses]


def skill(key: str) -> Competence:
    """A competence with words in two languages."""
    words = Text(nb=key, en=key)
    return Competence(
        id=CompetenceId(key), label=words, facet=Facet.SKILL, scale=ScaleId("s"), uri=key
    )


def related(source: str, target: str) -> Relation:
    """One competence related to another."""
    kind = RelationKind.RELATED
    return Relation(kind=kind, source=CompetenceId(source), target=CompetenceId(target))


BEFORE = Enterprise(
    name=Text(nb="Fyret"),
    competences=(skill("a"), skill("b"), skill("c")),
    relations=(related("a", "b"), related("a", "b"), related("b", "c")),
)


@given(enterprise=enterprises())
def test_nothing_is_lost_between_an_enterprise_and_itself(enterprise: Enterprise) -> None:
    """What comes back whole is no loss, in whatever order its tuples stand."""
    assert lost(enterprise, enterprise) == []
    turned = evolve(enterprise, competences=enterprise.competences[::-1])
    assert lost(enterprise, turned) == []


@given(enterprise=enterprises())
def test_everything_is_lost_where_nothing_comes_back(enterprise: Enterprise) -> None:
    """Each plural is counted whole."""
    counted = {field: count for field, count, _ in lost(enterprise, Enterprise())}
    for plural in ("competences", "relations", "roles", "employees", "assessments", "evidence"):
        assert counted.get(plural, 0) == len(getattr(enterprise, plural))


def test_a_field_that_comes_back_otherwise_is_named_by_its_noun() -> None:
    """Two labels in fewer languages and one address are two and one, each with its reason."""
    changed = [evolve(each, label=Text(nb=each.id)) for each in BEFORE.competences[:2]]
    changed[0] = evolve(changed[0], uri="")
    after = evolve(BEFORE, competences=(*changed, BEFORE.competences[2]))
    assert lost(BEFORE, after) == [
        ("Competence.label", 2, "one language"),
        ("Competence.uri", 1, "no place"),
    ]


def test_what_is_gone_and_what_is_new_are_told_apart() -> None:
    """A relation that stood twice and comes back once is one loss; a new one is added."""
    after = evolve(BEFORE, relations=(related("a", "b"), related("c", "a")), name=Text())
    assert lost(BEFORE, after) == [
        ("Enterprise.name", 1, "no place"),
        ("relations", 2, "no place"),
        ("relations: added", 1, "no place"),
    ]
    more = evolve(BEFORE, competences=(*BEFORE.competences, skill("d")))
    assert lost(BEFORE, more) == [("competences: added", 1, "no place")]


def test_no_loss_quotes_what_is_known_about_a_person() -> None:
    """A loss names fields, never an id."""
    one = Assessment(
        employee=EmployeeId("secret-one"),
        competence=CompetenceId("a"),
        level=Level(1),
        source=AssessmentSource.SELF,
        assessed=date(2027, 1, 1),
        recorded=datetime(2027, 1, 1, tzinfo=UTC),
    )
    people = [Employee(id=EmployeeId("secret-one"))]
    before = evolve(BEFORE, employees=people, assessments=[one])
    losses = lost(before, BEFORE)
    assert losses == [("assessments", 1, "no place"), ("employees", 1, "no place")]
    assert "secret" not in str(losses)


@pytest.mark.parametrize(("words", "code"), [("a\0", "E106"), ("\udc00", "E107")])
def test_bad_inputs_10_and_11_what_no_text_file_carries(words: str, code: str) -> None:
    """10, 11: refused before it is written."""
    with pytest.raises(Misuse, match=code):
        carried(words)
    assert carried("Åse\r\n😀") == "Åse\r\n😀"
