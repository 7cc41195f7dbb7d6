"""What does one line of the table measure? Lines of sides, each side run in a process of its own.

The enterprise is drawn once and left in a file; each side reads it in a process begun anew, because
polars and other libraries with threads may hang for ever in one that was forked. There it does the
work once on few people, so that no clock counts what is compiled or loaded the first time. A side
is made ready before the clock starts and gives an answer that the others must give too. Its peak
memory is that of its whole process, the enterprise in it, from the moment it is made ready.
"""

from __future__ import annotations

import multiprocessing
import pickle
import resource
import time
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import frozen
from shapes import Shape
from shapes import enterprise as drawn

from kompetanse_core.columns import Table
from kompetanse_core.model.enterprise import Enterprise

Answer = tuple[int, ...]
Work = Callable[[], Answer]
Row = dict[str, Any]
ENOUGH = 3
"""Nothing is done again after so many seconds."""
FEW = 500
"""A side warms itself on so many people."""
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Clock(Enum):
    """What is told: seconds of processor, of all threads together, or seconds on the wall."""

    PROCESSOR = "processor"
    WALL = "wall"


@frozen(kw_only=True)
class Side:
    """Who does the work, how it is made ready, for how many people at the most, and why no more."""

    name: str
    ready: Callable[[Enterprise], Work]
    most: int = 10_000_000
    why: str = "it would take too long"


@frozen(kw_only=True)
class Line:
    """Some work, done by all sides; the first is ours. `target` says what must be reached."""

    work: str
    sides: tuple[Side, ...]
    target: str = ""
    clock: Clock = Clock.PROCESSOR
    repeats: int = 3


def at_hand(work: Callable[[Enterprise], Answer], enterprise: Enterprise) -> Work:
    """Make work ready that needs nothing but the enterprise."""
    return partial(work, enterprise)


def left_in(path: Path, enterprise: Enterprise) -> None:
    """Leave an enterprise in a file, for the processes that measure."""
    with path.open("wb") as file:
        _Leaver(file, 5).dump(enterprise)


def measured(line: Line, people: int, path: Path) -> Iterator[Row]:
    """Run every side on the enterprise in a file, compare the answers and give a row for each.

    A side that would take more people than it can is told of, and not measured.

    Raises:
        SystemExit: if two sides do not give the same answer.
    """
    first: Row = {}
    for side in line.sides:
        row: Row = {"work": line.work, "people": people, "side": side.name, "target": line.target}
        if people > side.most:
            yield row | {"note": f"not measured beyond {side.most:,} people: {side.why}"}
            continue
        told = _in_a_process(line, side, path)
        first = first or told
        if told["answer"] != first["answer"]:
            text = f"{told['answer']} and {first['answer']}"
            raise SystemExit(f"{line.work}: {side.name} answers otherwise: {text}")
        ratio = round(told["seconds"] / first["seconds"], 2)
        yield row | {name: told[name] for name in ("seconds", "megabytes")} | {"ratio": ratio}


def _in_a_process(line: Line, side: Side, path: Path) -> Row:
    """Begin a process that shares nothing with this one, and wait for what it tells."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_tell, args=(there, line, side, path))
    child.start()
    there.close()
    try:
        told: Row = here.recv()
    except EOFError as error:
        raise SystemExit(f"{side.name} ended without an answer") from error
    finally:
        child.join()
    return told


def _tell(to: Connection, line: Line, side: Side, path: Path) -> None:
    side.ready(drawn(Shape(FEW)))()
    with path.open("rb") as file:
        enterprise: Enterprise = pickle.load(file)
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


class _Leaver(pickle.Pickler):
    """Leave tables as their columns; a repeated cell takes no more room than in memory."""

    def reducer_override(self, thing: object) -> Any:  # noqa: ANN401  what pickle asks for
        if isinstance(thing, Table):
            return _laid_out, (thing.layout, dict(thing.columns), dict(thing.words))
        if isinstance(thing, MappingProxyType):
            return MappingProxyType, (dict(thing),)
        if isinstance(thing, np.ndarray) and thing.strides == (0,) and len(thing) > 1:
            return np.broadcast_to, (thing[:1].copy(), thing.shape)
        return NotImplemented


def _laid_out(layout: Any, columns: Any, words: Any) -> Table[Any]:  # noqa: ANN401  of any noun
    return Table(layout=layout, columns=columns, words=words)


def megabytes() -> int:
    """Give the most memory that this process has taken at once."""
    if STATUS.exists():
        peak = next(line for line in STATUS.read_text("ascii").splitlines() if "VmHWM" in line)
        return int(peak.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.3g}")
