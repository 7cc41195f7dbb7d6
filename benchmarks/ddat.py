"""How long does the main job take on real roles? The seconds of each stage, for SYNTHETIC people.

    python benchmarks/ddat.py FOLDER [--people N] [--seed N] [--on DATE] [--budget KRONER]

FOLDER holds the UK framework as `roles.csv` and `skills.csv`: 205 roles, 188 skills and 1,781
requirements, all real. The people, 2,000 unless told otherwise, are SYNTHETIC, as is all else; see
`synthetic.py` for how they are drawn. One JSON object goes to standard output: what was drawn, the
seconds and peak memory of each stage, and what came out, in sums; each stage is told on standard
error as it ends.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from attrs import asdict, field, frozen
from synthetic import SYNTHETIC, synthetic

from kompetanse_adapters.ddat import ddat
from kompetanse_adapters.markdown import Markdown
from kompetanse_core import (
    Analysis,
    Audience,
    By,
    Chapter,
    Enterprise,
    Limits,
    analyse,
    assemble,
    make_report,
)


@frozen
class Clock:
    """When each stage began, and the megabytes that the process had held by its end."""

    began: dict[str, float] = field(factory=dict)
    megabytes: dict[str, int] = field(factory=dict)

    def turn(self, stage: str) -> None:
        """End the stage that runs, if any, and begin the next."""
        for running in list(self.began)[-1:]:
            self.megabytes[running] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.began[stage] = time.perf_counter()
        print(f"{stage} ...", file=sys.stderr, flush=True)

    def chapter(self, chapter: Chapter, progress: object) -> None:
        """Begin a chapter of the analysis; how a search stands is no new one."""
        if progress is None:
            self.turn(chapter.value)

    def seconds(self) -> dict[str, float]:
        """Give the seconds of every stage that has ended."""
        names, times = list(self.began), list(self.began.values())
        lasted = (end - start for start, end in pairwise(times))
        return {name: round(each, 3) for name, each in zip(names, lasted, strict=False)}


def main(arguments: Sequence[str]) -> None:
    """Run the main job once and print what each stage took."""
    asked, clock = _parser().parse_args(arguments), Clock()
    clock.turn("read")
    real = ddat(asked.folder).read().enterprise
    clock.turn("draw")
    drawn = synthetic(real, people=asked.people, seed=asked.seed, on=asked.on)
    clock.turn("assemble")
    enterprise = assemble(drawn).enterprise
    limits = Limits(budget=asked.budget, seed=asked.seed, seconds=asked.seconds)
    analysis = analyse(enterprise, on=asked.on, limits=limits, progress=clock.chapter)
    clock.turn("rows and sums of gaps")
    _all_gaps(analysis)
    clock.turn("report")
    report = make_report(analysis, audience=Audience.PARTIES)
    clock.turn("markdown")
    Markdown().render(report)
    clock.turn("end")
    told = {
        "people": SYNTHETIC,
        "drawn": _sizes(enterprise),
        "seconds": clock.seconds(),
        "megabytes": clock.megabytes,
        "outcome": _outcome(analysis),
    }
    print(json.dumps(told, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where roles.csv and skills.csv are")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2027, 1, 1))
    parser.add_argument("--budget", type=int, default=10_000_000, help="kroner")
    parser.add_argument("--seconds", type=int, default=60, help="the longest search for a plan")
    return parser


def _all_gaps(analysis: Analysis) -> None:
    """Lay out what is otherwise laid out when it is asked for."""
    _ = analysis.gaps.rows
    for by in By:
        analysis.gaps.roll_up(by)


def _sizes(enterprise: Enterprise) -> dict[str, int]:
    counted = ("employees", "engagements", "assessments", "roles", "requirements", "competences")
    return {name: len(getattr(enterprise, name)) for name in (*counted, "seats", "measures")}


def _outcome(analysis: Analysis) -> dict[str, object]:
    total = analysis.gaps.total
    return {
        "gaps": len(analysis.gaps),
        "steps": {"met": total.met, "missing": total.missing, "unknown": total.unknown},
        "options": len(analysis.options),
        "recommendations": len(analysis.recommendations),
        "split": asdict(analysis.plan.split),
        "proven": analysis.plan.proven,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
