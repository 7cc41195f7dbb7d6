"""How fast is it, against its peers, on this machine today? One table, measured in one run.

    python benchmarks/bench.py [--short] [--people N...] [--shared FOLDER]

Answers are compared before a time is told. Times are medians, seconds of processor but for what is
started anew, which is told by the clock. Peers are given integer codes and read no text. The table
goes to `benchmarks/latest.json` and `docs/reference/performance.md`; a line that could not be
measured says so, and no number is there that was not measured.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import attrs
import gaps
import numpy as np
import shapes
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.met import Proofs
from kompetanse_core.columns.ranked import Yardstick, ranked
from kompetanse_core.fit import find_fits
from kompetanse_core.gap import find_gaps
from kompetanse_core.gap.profile import role_profile
from kompetanse_core.mapping import map_holdings
from kompetanse_core.model.enterprise import Enterprise

ROOT = Path(__file__).resolve().parents[1]
LATEST = ROOT / "benchmarks" / "latest.json"
PAGE = ROOT / "docs" / "reference" / "performance.md"
TOP, LEVELS, BLOCK = 10, 5, 4096
HELP = "from kompetanse_adapters.cli import main; main()"
Line = dict[str, Any]


def main() -> int:
    """Measure every line, and write the table twice."""
    parser = argparse.ArgumentParser(description="Measure every line of the table.")
    parser.add_argument("--short", action="store_true", help="fewer people")
    parser.add_argument("--people", type=int, nargs="*", help="other sizes")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    asked = parser.parse_args()
    warm = shapes.enterprise(shapes.Shape(500))
    gaps.ours_lean(warm), gaps.ours_rows(warm), list(fit_lines(warm, 1))
    lines: list[Line] = []
    usual = (10_000,) if asked.short else (100_000, 1_000_000)
    for people in asked.people or usual:
        enterprise, times = shapes.enterprise(shapes.Shape(people)), 1 if people > 100_000 else 3
        lines += gap_lines(enterprise, times)
        if people <= 100_000:
            lines += fit_lines(enterprise, times)
        lines.append(change_line(enterprise))
    lines += started_lines(asked.shared)
    lines += solver_lines(asked.shared, short=asked.short)
    told = {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), "lines": lines}
    LATEST.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(told), "utf-8")
    return 0


def gap_lines(enterprise: Enterprise, times: int) -> Iterator[Line]:
    """Hold rows and sums of gaps against polars."""
    peer, people = gaps.Peer(enterprise), len(enterprise.employees)
    for work, mine, theirs in (
        ("gaps, sums only", gaps.ours_lean, peer.lean),
        ("gaps, every row", gaps.ours_rows, peer.laid_out),
    ):
        ours, answer = gaps.timed(partial(mine, enterprise), times)
        yield held_against(work, people, ours, answer, "polars", *gaps.timed(theirs, times))


def fit_lines(enterprise: Enterprise, times: int) -> Iterator[Line]:
    """Time the best ten roles with every rule, and the plain sum against sparse_dot_topn."""
    people = len(enterprise.employees)
    seconds, _ = gaps.timed(lambda: (len(find_fits(enterprise, on=shapes.ON).roles),), times)
    yield {"work": "fit, best 10 roles, every rule", "people": people, "ours": round(seconds, 3)}
    mine, theirs = plain_fit(enterprise)
    answers = gaps.timed(mine, times), gaps.timed(theirs, times)
    (ours, answer), (other, same) = answers
    yield held_against(
        "fit, best 10 roles, plain sum", people, ours, answer, "sparse_dot_topn", other, same
    )


def plain_fit(
    enterprise: Enterprise,
) -> tuple[Callable[[], tuple[int, ...]], Callable[[], tuple[int, ...]]]:
    """Give the same sum twice: min(have, need) by weight over the total, for the best ten."""
    holdings, on = map_holdings(enterprise, on=shapes.ON), days(shapes.ON)
    codes, people = len(holdings.graph.words), len(holdings.people)
    wants = role_profile(enterprise, holdings.graph.words, shapes.ON).wants
    nothing = np.zeros_like(wants.statutory)
    wants = attrs.evolve(wants, statutory=nothing, proof=nothing.astype(np.int32))
    yardstick = Yardstick.of(wants, codes)
    blocks = []
    for first in range(0, people, BLOCK):
        held = holdings.block(first, min(first + BLOCK, people))[1].in_order()
        blocks.append(attrs.evolve(held, expires=np.full(len(held), on, np.int32)))
    empty = np.empty(0, np.int32)

    def ours() -> tuple[int, ...]:
        parts = []
        for held in blocks:
            size = len(held.starts) - 1
            proofs = Proofs(
                starts=np.zeros(size + 1, np.int64), kin=empty, kind=empty, level=empty,
                expires=empty,
            )  # fmt: skip
            own = np.full(size, -1, np.int32)
            parts.append(
                ranked(yardstick, held, held, proofs, holdings.kin.names, own, on=on, best=TOP)
            )
        shares = (p.met[p.who >= 0] / p.total[p.who >= 0] for p in parts)
        return (round(sum(float(share.sum()) for share in shares) * 100),)

    steps = [_unary(held.person, held.code, held.level, codes) for held in blocks]
    role = np.repeat(np.arange(len(yardstick.total)), np.diff(wants.starts))
    kept = (wants.demand == 0) & (yardstick.total[role] > 0)
    worth = (wants.weight / np.maximum(yardstick.total[role], 1))[kept]
    asked = _unary(role[kept], wants.code[kept], wants.need[kept], codes, worth)
    asked = asked.T.tocsr()

    def theirs() -> tuple[int, ...]:
        best = (sp_matmul_topn(each, asked, top_n=TOP, n_threads=1) for each in steps)
        return (round(sum(float(each.data.sum()) for each in best) * 100),)

    return ours, theirs


def _unary(
    row: Array, code: Array, level: Array, codes: int, worth: Array | None = None
) -> csr_matrix:
    """Write a level n as n ones, so that a product of rows sums the lesser of two levels."""
    counts = level.astype(np.int64)
    begin = np.repeat(np.cumsum(counts) - counts, counts)
    place = np.repeat(code.astype(np.int64) * LEVELS, counts) + np.arange(counts.sum()) - begin
    values = np.ones(len(place)) if worth is None else np.repeat(worth, counts)
    shape = int(row.max(initial=-1)) + 1, codes * LEVELS
    return csr_matrix((values, (np.repeat(row, counts), place)), shape=shape)


def change_line(enterprise: Enterprise) -> Line:
    """Time one assessment more, with the person's rows and the total up to date."""
    before = find_gaps(enterprise, on=shapes.ON)
    told = before.total
    assert told.total
    one = attrs.evolve(enterprise.assessments[0], level=3)
    seconds = []
    for _ in range(25):
        began = time.process_time()
        after = before.with_assessment(one)
        assert len(after.of(one.employee))
        assert after.total.total == told.total
        seconds.append(time.process_time() - began)
    people = len(enterprise.employees)
    return {"work": "one assessment more", "people": people, "ours": round(median(seconds), 5)}


def started_lines(shared: Path) -> Iterator[Line]:
    """Time what is started anew: the import, the command's help, and ESCO read."""
    esco = shared / "data" / "esco-1.1.1-en"
    read = "from kompetanse_core import Plugins; Plugins.installed().source('esco', {!r}).read()"
    for work, command in (
        ("import kompetanse_core", ("-c", "import kompetanse_core")),
        ("kompetanse --help", ("-c", HELP, "--help")),
        ("ESCO 1.1.1 read", ("-c", read.format(str(esco)))),
    ):
        if work.startswith("ESCO") and not esco.exists():
            yield {"work": work, "note": "not measured: the data are not there"}
            continue
        began = time.perf_counter()
        run = subprocess.run([sys.executable, *command], capture_output=True, check=False)
        took = round(time.perf_counter() - began, 3)
        yield {"work": work, "ours": took} if run.returncode == 0 else {
            "work": work, "note": f"not measured: exit code {run.returncode}"
        }  # fmt: skip


def solver_lines(shared: Path, *, short: bool) -> Iterator[Line]:
    """Solve published instances and hold them against their known optima."""
    folder = shared / "benchmarks"
    families = {"mkp": "mkp/mknap1.txt", "assign": "assign_orlib/assign100.txt"}
    if not short:
        families["scp"] = "scp_orlib/instances/scp41.txt"
    for family, name in families.items():
        path = folder / "instances" / name
        if not path.exists():
            yield {"work": f"{family} {path.stem}", "note": "not measured: it is not there"}
            continue
        check = ("--check", str(folder / "known_optima.json"))
        command = [sys.executable, str(ROOT / "benchmarks" / "published.py"), family, str(path)]
        run = subprocess.run([*command, *check], capture_output=True, text=True, check=False)
        solved = [json.loads(line) for line in run.stdout.splitlines()]
        proven = sum(bool(each["proven"]) for each in solved)
        verdict = "as known" if run.returncode == 0 else "NOT as known"
        yield {
            "work": f"{family} {path.stem}",
            "ours": round(sum(each["seconds"] for each in solved), 3),
            "note": f"{proven} of {len(solved)} proven, values {verdict}",
        }


def held_against(
    work: str,
    people: int,
    ours: float,
    answer: tuple[int, ...],
    peer: str,
    theirs: float,
    same: tuple[int, ...],
) -> Line:
    """Make a line of two times, if the answers agree.

    Raises:
        SystemExit: if they do not.
    """
    if answer != same:
        raise SystemExit(f"{work}: the answers differ: {answer} and {same}")
    return {
        "work": work, "people": people, "ours": round(ours, 3), "peer": peer,
        "theirs": round(theirs, 3), "ratio": round(theirs / ours, 1), "megabytes": megabytes(),
    }  # fmt: skip


def megabytes() -> int:
    """Give the most memory that this process, with its peers, has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def machine() -> str:
    """Say on what it was measured."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if sys.platform == "linux" else []
    names = {line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")}
    return f"{', '.join(sorted(names)) or platform.machine()}; Python {platform.python_version()}"


def page(told: Line) -> str:
    """Write the table as a page."""
    keys = ("work", "people", "ours", "peer", "theirs", "ratio", "megabytes", "note")
    heads = ("work", "people", "seconds", "peer", "its seconds", "ratio", "peak MB so far", "")
    rows = [heads, ("---",) * len(heads)]
    rows += [tuple(str(line.get(key, "")) for key in keys) for line in told["lines"]]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return (
        "# Performance\n\n"
        f"Measured {told['date']} by `benchmarks/bench.py` on {told['machine']}, a "
        "machine that others may have used at the time: only ratios within this table mean "
        "anything. Enterprises are synthetic, in the shape of ESCO (`benchmarks/shapes.py`). "
        "Answers were compared before a time was told.\n\n"
        f"{table}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
