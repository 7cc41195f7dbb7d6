"""What does one line of the table measure? Lines of sides, each side run in a process of its own.

A side is made ready before the clock starts and gives an answer that the others must give too. Its
peak memory is that of its whole process, the enterprise in it, from the moment it is made ready.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from attrs import frozen

from kompetanse_core.model.enterprise import Enterprise

Answer = tuple[int, ...]
Work = Callable[[], Answer]
Row = dict[str, Any]
ENOUGH = 3
"""Nothing is done again after so many seconds."""
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Clock(Enum):
    """What is told: seconds of processor, of all threads together, or seconds on the wall."""

    PROCESSOR = "processor"
    WALL = "wall"


@frozen(kw_only=True)
class Side:
    """Who does the work, how it is made ready, and for how many people at the most."""

    name: str
    ready: Callable[[Enterprise], Work]
    most: int = 10_000_000


@frozen(kw_only=True)
class Line:
    """Some work, done by all sides; the first is ours. `target` says what must be reached."""

    work: str
    sides: tuple[Side, ...]
    target: str = ""
    clock: Clock = Clock.PROCESSOR
    repeats: int = 3


def measured(line: Line, enterprise: Enterprise) -> Iterator[Row]:
    """Run every side, compare the answers and give a row for each.

    Raises:
        SystemExit: if two sides do not give the same answer.
    """
    people = len(enterprise.employees)
    first: Row = {}
    for side in line.sides:
        if people > side.most:
            continue
        told = _in_a_child(line, side, enterprise)
        first = first or told
        if told["answer"] != first["answer"]:
            text = f"{told['answer']} and {first['answer']}"
            raise SystemExit(f"{line.work}: {side.name} answers otherwise: {text}")
        yield {
            "work": line.work,
            "people": people,
            "side": side.name,
            "seconds": told["seconds"],
            "ratio": round(told["seconds"] / first["seconds"], 2),
            "megabytes": told["megabytes"],
            "target": line.target,
        }


def _in_a_child(line: Line, side: Side, enterprise: Enterprise) -> Row:
    """Fork, so that the enterprise need not be drawn again and every side begins alike."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_tell, args=(there, line, side, enterprise))
    child.start()
    there.close()
    try:
        told: Row = here.recv()
    except EOFError as error:
        raise SystemExit(f"{side.name} ended without an answer") from error
    finally:
        child.join()
    return told


def _tell(to: Connection, line: Line, side: Side, enterprise: Enterprise) -> None:
    if FORGET.exists():
        FORGET.write_text("5", "ascii")
    work = side.ready(enterprise)
    now = time.process_time if line.clock is Clock.PROCESSOR else time.perf_counter
    seconds: list[float] = []
    answer: Answer = ()
    while len(seconds) < line.repeats and sum(seconds) < ENOUGH:
        began = now()
        answer = work()
        seconds.append(now() - began)
    to.send({"seconds": _rounded(median(seconds)), "answer": answer, "megabytes": megabytes()})


def megabytes() -> int:
    """Give the most memory that this process has taken at once."""
    if STATUS.exists():
        peak = next(line for line in STATUS.read_text("ascii").splitlines() if "VmHWM" in line)
        return int(peak.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.3g}")
