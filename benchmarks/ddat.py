"""How long does the main job take on real roles? The seconds of each stage, for SYNTHETIC people.

    python benchmarks/ddat.py FOLDER [--people N] [--seed N] [--on DATE] [--budget KRONER]

FOLDER holds the UK framework as `roles.csv` and `skills.csv`: 205 roles, 188 skills and 1,781
requirements, all real. The people, 2,000 unless told otherwise, are SYNTHETIC, as is all else; see
`synthetic.py` for how they are drawn. One JSON object goes to standard output: what was drawn, the
seconds and peak memory of each stage, and what came out, in sums.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from attrs import asdict, field, frozen
from synthetic import SYNTHETIC, synthetic

from kompetanse_adapters.ddat import ddat
from kompetanse_core import (
    Audience,
    Enterprise,
    Limits,
    analyse,
    assemble,
    find_gaps,
    make_plan,
    make_report,
    open_options,
    recommend,
)

Made = TypeVar("Made")


@frozen
class Clock:
    """The seconds that each stage took, and the megabytes that the process had held by then."""

    seconds: dict[str, float] = field(factory=dict)
    megabytes: dict[str, int] = field(factory=dict)

    def run(self, stage: str, work: Callable[[], Made]) -> Made:
        """Run one stage and keep what it took."""
        began = time.perf_counter()
        made = work()
        self.seconds[stage] = round(time.perf_counter() - began, 3)
        self.megabytes[stage] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return made


def main(arguments: Sequence[str]) -> None:
    """Run the main job, stage by stage and then in one go, and print what it took."""
    asked = _parser().parse_args(arguments)
    clock, limits = Clock(), Limits(budget=asked.budget, seed=asked.seed, seconds=asked.seconds)
    real = clock.run("read", lambda: ddat(asked.folder).read().enterprise)
    drawn = clock.run(
        "draw", lambda: synthetic(real, people=asked.people, seed=asked.seed, on=asked.on)
    )
    enterprise = clock.run("assemble", lambda: assemble(drawn).enterprise)
    gaps = clock.run("gaps", lambda: find_gaps(enterprise, on=asked.on))
    options = clock.run("options", lambda: open_options(gaps))
    recommendations = clock.run("recommendations", lambda: recommend(options))
    plan = clock.run("plan", lambda: make_plan(recommendations, limits))
    analysis = clock.run("analyse", lambda: analyse(enterprise, on=asked.on, limits=limits))
    clock.run("report", lambda: make_report(analysis, audience=Audience.PARTIES))
    outcome = {
        "gaps": len(gaps),
        "steps": {name: getattr(gaps.total, name) for name in ("met", "missing", "unknown")},
        "options": len(options),
        "recommendations": len(recommendations),
        "split": asdict(plan.split),
        "proven": plan.proven,
    }
    told = {
        "people": SYNTHETIC,
        "drawn": _sizes(enterprise),
        "seconds": clock.seconds,
        "megabytes": clock.megabytes,
        "outcome": outcome,
    }
    print(json.dumps(told, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where roles.csv and skills.csv are")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2027, 1, 1))
    parser.add_argument("--budget", type=int, default=10_000_000, help="kroner")
    parser.add_argument("--seconds", type=int, help="how long the plan may be searched for")
    return parser


def _sizes(enterprise: Enterprise) -> dict[str, int]:
    counted = ("employees", "engagements", "assessments", "roles", "requirements", "competences")
    return {name: len(getattr(enterprise, name)) for name in (*counted, "seats", "measures")}


if __name__ == "__main__":
    main(sys.argv[1:])
