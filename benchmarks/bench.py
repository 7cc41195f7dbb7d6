"""How fast is it, against its peers, on this machine today? One table, measured in one run.

    python benchmarks/bench.py [--short] [--people N...] [--shared FOLDER]

Every side of a line runs in a process of its own, and its answer is compared before a time is told.
Times are medians, seconds of processor, all threads together, unless a line says otherwise: the
machine may be shared, ratios within one run are what counts. Peers are given integer codes and
read no text. The table goes to `benchmarks/latest.json` and `docs/reference/performance.md`, the
chart beside it; a line that could not be measured says so, and no number is there that was not
measured. Another bench joins by its `Line`s in `LINES` or its `Command`s in `COMMANDS`.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import chart
import fits
import gaps
import plans
import shapes
import simulation
from attrs import evolve, frozen
from lines import Row, left_in, measured

ROOT = Path(__file__).resolve().parents[1]
LATEST = ROOT / "benchmarks" / "latest.json"
PAGE = ROOT / "docs" / "reference" / "performance.md"
PICTURE = PAGE.with_suffix(".svg")
SHARED = "{shared}"
GROWING = ("gaps", "fit, best 10 roles, every rule")
"""How the work of these lines grows with the number of people is told."""
LINES = (*gaps.LINES, *fits.LINES)
LEFT_OUT = {"short": "never", "whole": "only"}
HELP = "from kompetanse_adapters.cli import main; main()"
READ = "import sys; from kompetanse_core import Plugins; "
READ += "Plugins.installed().source('esco', sys.argv[1]).read().enterprise"


@frozen(kw_only=True)
class Command:
    """Something that is started anew: the least of `times`.

    `needs` are paths below the folder of shared files, or patterns; what they find stands at the
    end of the arguments. Where one finds nothing the line is not measured.
    """

    work: str
    arguments: tuple[str, ...]
    target: str = ""
    needs: tuple[str, ...] = ()
    times: int = 3
    short: str = "also"
    """Whether the short run has it: "also", "never", or "only", in place of a longer one."""


def script(name: str, *arguments: str) -> tuple[str, ...]:
    """Call another bench, which says what it found in one JSON object a line."""
    return (str(ROOT / "benchmarks" / name), *arguments)


def optima(family: str, *names: str, known: str = "known_optima.json", short: str) -> Command:
    """Solve published instances and hold them against their known optima."""
    call = script("published.py", family, "--check", f"{SHARED}/benchmarks/{known}")
    needs = tuple(f"benchmarks/{name}" for name in names)
    return Command(
        work=f"published, {family}", arguments=call, needs=needs, times=1, short=short,
        target=TARGETS[family],
    )  # fmt: skip


def packings(name: str, first: int, short: str) -> Command:
    """Solve the first few of a file of packings; what has no proof is told with its gap."""
    made = optima("mkp", f"instances/mkp/{name}.txt", short=short)
    arguments = (*made.arguments, "--first", str(first))
    return evolve(made, work=f"published, mkp {name}", arguments=arguments)


def planned(size: str, short: str) -> Command:
    """Plan a synthetic enterprise of a size."""
    limit = plans.SIZES[size]
    return Command(
        work=f"plan, {size}", arguments=script("plans.py", size), times=1, short=short,
        target=f"gap {limit.target} % in {limit.limits.seconds} s by the clock",
    )  # fmt: skip


TARGETS = {
    "scp": "optimum, proven",
    "assign": "optimum, under 1 s each",
    "gap": "optimum, proven",
    "mkp": "optimum, or 0.2 % in 30 s",
    "bacp": "optimum, proven",
    "gbac": "optimum, proven",
    "csl": "the printed optimum",
}


COMMANDS = (
    Command(
        work="import kompetanse_core", arguments=("-c", "import kompetanse_core"), target="0.25 s"
    ),
    Command(
        work="every public name", arguments=("-c", "from kompetanse_core import *")
    ),
    Command(work="kompetanse --help", arguments=("-c", HELP, "--help"), target="0.4 s"),
    Command(
        work="ESCO 1.1.1 read",
        arguments=("-c", READ),
        target="3 s, 400 MB",
        needs=("data/esco-1.1.1-en",),
        times=1,
    ),
    Command(
        work="the example analysed",
        arguments=("-c", HELP, "analyse", "{example}", "--on", "2027-01-01", "--budget", "400000"),
        target="2 s",
    ),
    Command(work="1M people from Parquet in blocks", arguments=script("blocks.py", "1000000"),
            target="800 MB", times=1, short="never"),
    optima("scp", "instances/scp_orlib/instances/*.txt", short="never"),
    optima("scp", "instances/scp_orlib/instances/scp[45]*.txt", short="only"),
    optima("assign", "instances/assign_orlib/*.txt", short="also"),
    optima("gap", "instances/gap/data/*/*", short="never"),
    optima("gap", "instances/gap/data/cattrysse1994/*", short="only"),
    packings("mknap1", 7, short="also"),
    packings("mknapcb1", 10, short="never"),
    optima("bacp", "instances/bacp/data/*.dat", "instances/bacp/minizinc/bacp/*", short="also"),
    optima("gbac", "instances/bacp/minizinc/gbac/*", short="also"),
    optima("csl", "textbook_cases.json", known="textbook_cases.json", short="also"),
    planned("small", short="also"),
    planned("cohorts", short="never"),
    planned("heads", short="never"),
    planned("large", short="never"),
)  # fmt: skip


def main() -> int:
    """Measure every line, and write the table twice and the chart."""
    parser = argparse.ArgumentParser(description="Measure every line of the table.")
    parser.add_argument("--short", action="store_true", help="fewer people")
    parser.add_argument("--people", type=int, nargs="*", help="other sizes")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    asked = parser.parse_args()
    sizes = asked.people or ((10_000,) if asked.short else (10_000, 100_000, 1_000_000))
    length = "short" if asked.short else "whole"
    rows = [*started(asked.shared, length), *reckoned(sizes), *simulated(length)]
    told = {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), "lines": rows}
    LATEST.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(told), "utf-8")
    PICTURE.write_text(chart.drawn(rows), "utf-8")
    return 0


def reckoned(sizes: tuple[int, ...]) -> Iterator[Row]:
    """Measure all lines at each size, and how the time of one person grows with the number."""
    each: dict[str, list[tuple[int, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enterprise"
        for people in sizes:
            left_in(path, shapes.enterprise(shapes.Shape(people)))
            for line in LINES:
                for row in measured(line, people, path):
                    print(json.dumps(row), flush=True)
                    ours = row["side"] == "kompetanse" and "seconds" in row
                    if ours and line.work.startswith(GROWING):
                        each.setdefault(line.work, []).append((people, row["seconds"]))
                    yield row
    for work, told in each.items():
        (few, fast), *_, (many, slow) = told[0], *told[1:-1], told[-1]
        if many > few:
            yield {
                "work": f"{work}: one person of {many} for one of {few}",
                "side": "kompetanse",
                "ratio": round(slow / many / (fast / few), 2),
                "target": "at most 1.5",
            }


def simulated(length: str) -> Iterator[Row]:
    """Measure simulations, of a thousand people, and of many in the whole table."""
    runs = simulation.SHORT if length == "short" else simulation.LONG
    work = [(line, 1_000) for line in simulation.lines(runs)]
    if length == "whole":
        work.append((simulation.many(), 100_000))
    with tempfile.TemporaryDirectory() as folder:
        for line, people in work:
            path = Path(folder) / str(people)
            if not path.exists():
                left_in(path, shapes.enterprise(shapes.Shape(people)))
            for row in measured(line, people, path):
                print(json.dumps(row), flush=True)
                yield row


def started(shared: Path, length: str) -> Iterator[Row]:
    """Run every command and tell its time, its peak memory and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        example = str(Path(folder) / "example")
        subprocess.run([sys.executable, "-c", HELP, "example", example], check=True)
        for command in COMMANDS:
            if command.short == LEFT_OUT[length]:
                continue
            row: Row = {"work": command.work, "side": "kompetanse", "target": command.target}
            files = [sorted(map(str, shared.glob(each))) for each in command.needs]
            if not all(files):
                row["note"] = "not measured: the files are not there"
            else:
                filled = [
                    each.replace(SHARED, str(shared)).replace("{example}", example)
                    for each in command.arguments
                ]
                filled += [path for found in files for path in found]
                row |= min((_once(filled) for _ in range(command.times)), key=_seconds)
            print(json.dumps(row), flush=True)
            yield row


def _once(arguments: list[str]) -> Row:
    waited = [sys.executable, "-c", WAIT, sys.executable, *arguments]
    run = subprocess.run(waited, capture_output=True, text=True, check=False)
    *said, peak, took = run.stderr.splitlines()
    row: Row = {"seconds": float(took), "megabytes": int(peak) // 1024}
    told = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    name = Path(arguments[0]).name
    if name == "published.py" and told:
        return row | {"note": optima_note(told, run.returncode)}
    if run.returncode != 0:
        return {"note": f"not measured: {said[-1:] or run.returncode}"}
    return row | plan_row(told[0]) if name == "plans.py" else row


def optima_note(told: list[Row], code: int) -> str:
    """Say how many were proven, whether all are as known, and which was the worst."""
    proven = sum(bool(each["proven"]) for each in told)
    verdict = "values and bounds as known" if code == 0 else "NOT as known"
    worst = max(told, key=lambda each: (_gap(each), each["seconds"]))
    text = f"{proven} of {len(told)} proven, {verdict}; worst {worst['instance']}"
    gap = f", gap {_gap(worst):.2f} %" if _gap(worst) else ""
    return f"{text}, {worst['seconds']:.1f} s by the clock{gap}"


def _gap(line: Row) -> float:
    """Give the distance between value and bound in per cent of the value."""
    if line["value"] is None or line["bound"] is None:
        return float("inf")
    return 100 * abs(line["value"] - line["bound"]) / (abs(line["value"]) or 1)


def plan_row(told: Row) -> Row:
    """Tell the seconds of the plan alone, and how near the best it comes."""
    note = f"gap {told['gap']} %, value {told['value']}, bound {told['bound']}"
    note = f"{note}; {told['clock']} s by the clock"
    return {"people": told["people"], "seconds": told["ours"], "note": note}


WAIT = """import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, round(used.ru_utime + used.ru_stime, 3), sep="\\n", file=sys.stderr)
sys.exit(code)"""
"""Start a command, and end its errors by the most memory and the seconds of processor it took."""


def _seconds(told: Row) -> float:
    return float(told.get("seconds", "inf"))


def machine() -> str:
    """Say on what it was measured."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if sys.platform == "linux" else []
    names = {line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")}
    return f"{', '.join(sorted(names)) or platform.machine()}; Python {platform.python_version()}"


def page(told: Row) -> str:
    """Write the table as a page."""
    keys = ("work", "people", "side", "seconds", "ratio", "megabytes", "target", "note")
    heads = ("work", "people", "who", "seconds", "× ours", "peak MB", "target", "")
    rows = [heads, ("---",) * len(heads)]
    rows += [tuple(str(line.get(key, "")) for key in keys) for line in told["lines"]]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return (
        "# Performance\n\n"
        f"Measured {told['date']} by `benchmarks/bench.py` on {told['machine']}, a "
        "machine that others may have used at the time: only ratios within this table mean "
        "anything. Enterprises are synthetic, in the shape of ESCO (`benchmarks/shapes.py`). "
        "Each side ran in a process of its own, and its answer was compared before its time was "
        "told; before that it did the work once on few people. Seconds are of the processor, all "
        "threads together; only one thread for two is told by the clock on the wall. Peak memory "
        "is of the whole process, the enterprise in it.\n\n"
        "![Seconds and megabytes against the number of people](performance.svg)\n\n"
        f"{table}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
