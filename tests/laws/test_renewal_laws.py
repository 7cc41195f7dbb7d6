"""Does taking changes in give what reading everything would give?"""

from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core import Changes, EmployeeId, Enterprise, Reading, renewed
from kompetanse_core.conformance import enterprises
from kompetanse_core.hooks import about, without


def told(fresh: Enterprise, people: tuple[EmployeeId, ...]) -> Changes:
    """What a source tells that has read this."""
    return Changes(reading=Reading(parcel=fresh), people=people, until="now")


@given(enterprises())
def test_no_change_changes_nothing(enterprise: Enterprise) -> None:
    """Where everybody is still there and nothing was read anew, all is as before."""
    people = tuple(each.id for each in enterprise.employees)
    assert renewed(enterprise, told(Enterprise(), people)) == enterprise


@given(enterprises())
def test_everything_read_anew_is_everything(enterprise: Enterprise) -> None:
    """Changes upon nothing, or upon the same, are what was read."""
    people = tuple(each.id for each in enterprise.employees)
    assert renewed(Enterprise(), told(enterprise, people)) == enterprise
    assert renewed(enterprise, told(enterprise, people)) == enterprise


@given(enterprises(), st.data())
def test_who_has_left_is_gone(enterprise: Enterprise, data: st.DataObject) -> None:
    """Of a person who is no longer there, nothing is kept."""
    people = tuple(each.id for each in enterprise.employees)
    gone = data.draw(st.sampled_from((*people, EmployeeId("nobody"))))
    left = renewed(enterprise, told(Enterprise(), tuple(set(people) - {gone})))
    assert left == without(enterprise, gone)


@given(enterprises(), st.data())
def test_what_was_known_about_the_changed_is_replaced(
    enterprise: Enterprise, data: st.DataObject
) -> None:
    """A person read anew, with nothing known, has nothing left of what was known before."""
    people = tuple(each.id for each in enterprise.employees)
    if not people:
        return
    one = data.draw(st.sampled_from(people))
    alone = [each for each in enterprise.employees if each.id == one]
    after = renewed(enterprise, told(Enterprise(employees=alone), people))
    known = about(after, one)
    assert list(known.employees) == alone
    for table in (known.engagements, known.evidence, known.assessments, known.wishes):
        assert len(table) == 0
    assert without(after, one) == without(enterprise, one)
