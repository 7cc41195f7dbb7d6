"""How did a search end, and how does whoever waits end it? Marks, findings, and a real Ctrl-C."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.oracles.wards import ON, contested

from kompetanse_core.gap import find_gaps
from kompetanse_core.plan import Limits, Plan, make_plan, searching
from kompetanse_core.recommendation import Recommendations, recommend
from kompetanse_core.solver import Progress, solve
from kompetanse_core.strategy import open_options

REPOSITORY = Path(__file__).resolve().parents[1]
FRAME = Limits(budget=250)

LONG = """
import json, random, signal
from attrs import evolve
from benchmarks.plans import ON, SIZES, drawn
from kompetanse_core import Chapter, analyse, stop_on_ctrl_c

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
size, told = SIZES["small"], []

def tell(chapter, now):
    if chapter is Chapter.PLAN and now is not None and not told:
        told.append(now)
        print("searching", flush=True)

with stop_on_ctrl_c() as pressed:
    plan = analyse(
        drawn(size, random.Random(1)),
        on=ON,
        limits=evolve(size.limits, seconds=None),
        progress=tell,
        interrupted=pressed,
    ).plan
print(json.dumps([plan.interrupted, plan.value, plan.bound, [f.code for f in plan.findings]]))
"""


def ways() -> Recommendations:
    """The ways of a ward where haste does not find the best plan."""
    return recommend(open_options(find_gaps(contested(), on=ON)))


def endings(plan: Plan) -> list[str]:
    """What the plan's findings say of how the search ended."""
    return [found.text for found in plan.findings if found.code == "W537"]


def test_fault_f26_ctrl_c_gives_the_best_plan_so_far() -> None:
    """F26: a real SIGINT in the middle of a long search: a plan with a bound comes, marked."""
    with subprocess.Popen(
        [sys.executable, "-c", LONG],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=120)
    assert (first, child.returncode) == ("searching\n", 0), err
    interrupted, value, bound, findings = json.loads(out)
    assert interrupted
    assert findings[0] == "W537"
    assert bound <= value


def test_a_plan_says_how_its_search_ended() -> None:
    """Interrupted and out of time are told apart; of a search that came to its end nothing is."""
    plain = make_plan(ways(), FRAME)
    stopped = make_plan(ways(), FRAME, interrupted=lambda: True)
    late = make_plan(ways(), evolve(FRAME, seconds=0))
    assert endings(plain) == []
    (told,) = endings(stopped)
    assert told.startswith("the search was interrupted; no plan leaves less by more than ")
    (told,) = endings(late)
    assert told.startswith("the search came to its limit on time or effort; ")


def test_the_steps_that_are_told_are_rounded_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that lies a part of a step away leaves room for that step."""
    found = searching.search
    near = [9_999, 10_000, 10_001]
    said = []
    for apart in near:

        def ended(*given: object, apart: int = apart) -> searching.Found:
            whole = found(*given)  # type: ignore[arg-type]  # handed on as it came
            return evolve(whole, bound=whole.worth[0] - apart, interrupted=True)

        monkeypatch.setattr("kompetanse_core.plan.making.search", ended)
        said += endings(make_plan(ways(), FRAME))
    assert [text.rpartition("more than ")[2] for text in said] == ["1 steps", "1 steps", "2 steps"]


def test_a_plan_that_was_stopped_while_it_grew_cheaper_is_marked() -> None:
    """Proven on the first objective and interrupted on kroner: as good as any, perhaps too dear."""
    told: list[Progress] = []
    plan = make_plan(
        ways(),
        FRAME,
        progress=told.append,
        interrupted=lambda: any(each.objective > 0 for each in told),
    )
    assert (plan.proven, plan.interrupted) == (True, True)
    assert endings(plan) == ["the search was interrupted; it may be too dear"]


@pytest.mark.parametrize(("before", "least", "most"), [(0, 90, 100), (30, 30, 40), (90, 15, 25)])
def test_the_seconds_run_from_when_the_plan_was_asked_for(
    before: int, least: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before the search is taken off twice, for what comes after; a quarter is left."""
    limits: list[float] = []
    found = searching.search

    def earlier(programme: Any, frame: Limits, ears: searching.Ears, begun: float) -> Any:
        return found(programme, frame, ears, begun - before)

    def listening(*given: Any, **named: Any) -> Any:
        limits.append(named["time_limit"])
        return solve(*given, **named)

    monkeypatch.setattr("kompetanse_core.plan.making.search", earlier)
    monkeypatch.setattr(searching, "solve", listening)
    make_plan(ways(), evolve(FRAME, seconds=100))
    assert least < limits[0] <= most
