"""Does the contract of sinks let a good one pass, and catch each way of being a bad one?"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve, field, frozen

from kompetanse_core.conformance import sink_contract
from kompetanse_core.errors import SourceUnavailable
from kompetanse_core.hooks import Access, Assessment, Delivery, Finding, Loss, Severity, Sink
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.people import AssessmentSource, EmployeeId


def level(employee: str, competence: str, level: int, day: int = 1) -> Assessment:
    """A level that was agreed on a day of January."""
    return Assessment(
        employee=EmployeeId(employee),
        competence=CompetenceId(competence),
        level=Level(level),
        source=AssessmentSource.JOINT,
        assessed=date(2027, 1, day),
        recorded=datetime(2027, 1, day, tzinfo=UTC),
    )


AGREED = (level("a101", "care", 3, 9), level("a102", "care", 2, 9), level("a101", "law", 2, 9))


@frozen
class Drawer:
    """A receiver that knows two people and holds levels in a drawer."""

    held: dict[tuple[str, str], Assessment] = field(
        factory=lambda: {("a102", "law"): level("a102", "law", 1)}
    )
    people: tuple[str, ...] = ("a101", "a102")

    def write(self, agreed: Iterable[Assessment], *, access: Access) -> Delivery:
        """Write what is known and new."""
        counts = dict.fromkeys(("written", "same", "strange", "older"), 0)
        for each in agreed:
            counts[self.put(each)] += 1
        reasons = {"strange": "nobody is known by it", "older": "a later level is known"}
        losses = tuple(
            Loss(field="Assessment.employee", count=counts[key], reason=reason)
            for key, reason in reasons.items()
            if counts[key]
        )
        return Delivery(written=counts["written"], unchanged=counts["same"], losses=losses)

    def put(self, each: Assessment) -> str:
        """Put one level in the drawer, and say what became of it."""
        key = (each.employee, each.competence)
        there = self.held.get(key)
        if each.employee not in self.people:
            return "strange"
        if there is not None and there.assessed > each.assessed:
            return "older"
        if there is not None and there.level == each.level:
            return "same"
        self.held[key] = each
        return "written"


def held(sink: Sink) -> Iterable[Assessment]:
    """What is in the drawer."""
    assert isinstance(sink, Drawer | Broken)
    return (sink if isinstance(sink, Drawer) else sink.drawer).held.values()


class Gone:
    """A receiver that is not there."""

    def write(self, agreed: Iterable[Assessment], *, access: Access) -> Delivery:
        """Refuse."""
        raise SourceUnavailable("E706", "there is nobody")


TestDrawer = sink_contract(Drawer, agreed=AGREED, held=held, absent=Gone)


@frozen
class Broken:
    """A drawer that does one thing wrong."""

    wrong: str
    drawer: Drawer = field(factory=Drawer)

    def write(self, agreed: Iterable[Assessment], *, access: Access) -> Delivery:
        """Write, and do one thing wrong."""
        rows, drawer = tuple(agreed), self.drawer
        if self.wrong == "forgets":
            return Delivery(written=len(rows), unchanged=0)
        if self.wrong == "spreads" and rows:
            drawer.held["a102", "law"] = level("a102", "law", 4)
        if self.wrong == "overwrites":
            drawer.held.update({(r.employee, r.competence): r for r in rows if r.level < 9})
        if self.wrong == "takes in":
            drawer.held.update({(r.employee, r.competence): r for r in rows})
        done = drawer.write(rows, access=access)
        if self.wrong == "repeats":
            return evolve(done, written=done.written + done.unchanged, unchanged=0)
        if self.wrong == "names":
            text = f"{rows[0].employee} is not known"
            found = Finding(code="E503", severity=Severity.WARNING, text=text)
            return evolve(done, findings=(found,))
        if self.wrong == "invents" and not rows:
            return Delivery(written=1, unchanged=0)
        return done


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        ("forgets", "writes_what_is_agreed"),
        ("repeats", "writes_nothing_twice"),
        ("spreads", "leaves_all_others_alone"),
        ("overwrites", "leaves_what_is_newer"),
        ("takes in", "counts_whom_it_does_not_know"),
        ("names", "tells_nobody_about_anybody"),
        ("invents", "takes_nothing_for_an_answer"),
        ("lives", "says_when_it_cannot_be_reached"),
    ],
)
def test_each_promise_catches_a_sink_that_breaks_it(wrong: str, promise: str) -> None:
    """A sink that does one thing wrong fails the promise that it breaks."""

    def broken() -> Broken:
        return Broken(wrong)

    made: Any = sink_contract(broken, agreed=AGREED, held=held, absent=broken)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(made(), f"test_{promise}")()
