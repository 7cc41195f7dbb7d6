"""Where could somebody go from here? Paths from one profile to every other role."""

import pytest
from attrs import evolve
from tests.oracles.wards import ON, asks, course, seat, ward

from kompetanse_core.errors import Misuse
from kompetanse_core.gap import Gaps, find_gaps
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import Demand
from kompetanse_core.strategy import career_paths

COOK = EmployeeId("p")


def lines_of_work() -> Gaps:
    """A cook who could become a baker by one course, and a pilot by none."""
    enterprise = ward(
        {"p": ("cook", {"dough": 1, "heat": 2})},
        [
            asks("cook", "heat", 2),
            asks("baker", "dough", 3, weight=2),
            asks("baker", "heat", 2),
            asks("pilot", "flight", 3, statutory=True),
            evolve(asks("baker", "song", 1), demand=Demand.DESIRED),
        ],
        [course("baking", ("dough", 0, 3))],
        seats=[seat("baker", 10_000)],
    )
    return find_gaps(enterprise, on=ON)


def test_a_path_names_what_is_missing_and_what_brings_it() -> None:
    """H-2: the baker's dough from 1 to 3 at weight 2, by one course, to a vacant seat."""
    baker = next(path for path in career_paths(lines_of_work(), COOK) if path.role == "baker")
    (lack,) = baker.lacks
    assert (lack.competence, lack.have, lack.need, lack.steps) == ("dough", 1, 3, 4)
    assert (baker.missing, baker.unknown, baker.vacant) == (4, 0, 10_000)
    assert baker.measures == ("baking",)


def test_what_nobody_mapped_is_unknown_and_what_nothing_brings_is_said() -> None:
    """The pilot's flight is not mapped, and no measure brings it."""
    pilot = next(path for path in career_paths(lines_of_work(), COOK) if path.role == "pilot")
    assert (pilot.missing, pilot.unknown) == (0, 3)
    assert pilot.lacks[0].have is None
    assert pilot.lacks[0].statutory
    assert pilot.measures is None


def test_one_s_own_role_is_no_path() -> None:
    """H-6: only other roles, those with least known to be missing first."""
    assert [path.role for path in career_paths(lines_of_work(), COOK)] == ["pilot", "baker"]


def test_nobody_has_no_path() -> None:
    """E503 for a pseudonym that nobody has; it is not repeated."""
    with pytest.raises(Misuse) as refused:
        career_paths(lines_of_work(), EmployeeId("secret"))
    assert refused.value.code == "E503"
    assert "secret" not in str(refused.value)
