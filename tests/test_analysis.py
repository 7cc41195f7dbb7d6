"""What does the whole chain say? `analyse` goes through every link once, and keeps them all."""

from datetime import UTC, date, datetime

from attrs import evolve
from tests.oracles.wards import ON, asks, contested, course, ward

from kompetanse_core.analysis import Analysis, Chapter, analyse
from kompetanse_core.mapping import Combining
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.plan import Limits, Split
from kompetanse_core.solver import Progress

WARD = ward(
    {"anna": ("nurse", {"k": 1}), "bo": ("nurse", {"k": 1})},
    [asks("nurse", "k", 2)],
    [evolve(course("c", ("k", 0, 2)), cost_per_head=1_000)],
)


def test_every_link_holds_the_one_before() -> None:
    """X-5: the follow-up is of the plan, the plan of the recommendations, and down to the gaps."""
    analysis = analyse(WARD, on=ON)
    assert analysis.follow_up.plan is analysis.plan
    assert analysis.plan.recommendations is analysis.recommendations
    assert analysis.recommendations.options is analysis.options
    assert analysis.options.gaps is analysis.gaps
    assert analysis.gaps.enterprise is analysis.enterprise is WARD
    assert analysis.on == ON


def test_limits_reach_the_plan() -> None:
    """Money for one of two."""
    assert analyse(WARD, on=ON, limits=Limits(budget=1_000)).plan.split == Split(upskill=1, left=1)


def test_what_was_not_known_yet_is_unknown() -> None:
    """X-2: before anything was recorded, nothing is missing; everything is to be assessed."""
    before = datetime(2020, 1, 1, tzinfo=UTC)
    analysis = analyse(WARD, on=ON, known_at=before, combining=Combining.LATEST)
    assert (analysis.gaps.combining, analysis.gaps.known_at) == (Combining.LATEST, before)
    assert (analysis.plan.split.missing, analysis.plan.unknown) == (0, 4)


def test_progress_is_told_chapter_by_chapter() -> None:
    """Each chapter is told once when it begins, in the order of the chain."""
    told: list[tuple[Chapter, Progress | None]] = []
    analyse(WARD, on=ON, progress=lambda chapter, now: told.append((chapter, now)))
    assert [chapter for chapter, now in told if now is None] == list(Chapter)
    assert {chapter for chapter, now in told if now is not None} <= {Chapter.PLAN}


def test_the_caller_may_end_the_search() -> None:
    """Whoever waits is asked while the plan is searched for, and the plan is marked."""
    limits = Limits(budget=250)
    assert analyse(contested(), on=ON, limits=limits, interrupted=lambda: True).plan.interrupted
    assert not analyse(contested(), on=ON, limits=limits, interrupted=bool).plan.interrupted


def test_findings_come_from_every_link_once() -> None:
    """Each finding stands once, in the order of the chain, and names nobody."""
    lacking = evolve(WARD, measures=())
    analysis = analyse(lacking, on=ON)
    assert "W533" in [found.code for found in analysis.findings]
    assert len(set(analysis.findings)) == len(analysis.findings)
    assert "anna" not in " ".join(map(str, analysis.findings))


def test_printing_shows_sums_and_no_people() -> None:
    """What is printed is the tables of gaps, ways and plan; nobody is named."""
    analysis: Analysis = analyse(WARD, on=ON)
    assert "upskill 2" in str(analysis)
    assert "anna" not in str(analysis) + repr(analysis)


def test_bad_input_72_an_empty_enterprise_is_analysed() -> None:
    """FAULTS 72: nothing known: an empty result, whatever the day."""
    analysis = analyse(Enterprise(), on=date(1999, 12, 31))
    assert (len(analysis.gaps), len(analysis.options), len(analysis.plan)) == (0, 0, 0)
