"""How much memory do a million people take in blocks, or ten million? Parquet in, sums out.

    python benchmarks/blocks.py PEOPLE

Blocks of 50 000 people are drawn (SYNTHETIC, `shapes.py`) and written as Parquet by a process
that ends before the clock of this one starts to count; then each block is read, held against the
roles that all share, added up by competence and let go. So memory is that of one block. Files of
a block are removed once they are read: ten million people take no more room on disk than fifty
thousand.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapes
from attrs import evolve
from lines import megabytes

from kompetanse_core.columns import Table
from kompetanse_core.gap import By, find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import ASSESSMENTS, EMPLOYEES, ENGAGEMENTS, EVIDENCE

PEOPLE = 50_000
PLURALS = (
    ("employees", EMPLOYEES),
    ("engagements", ENGAGEMENTS),
    ("assessments", ASSESSMENTS),
    ("evidence", EVIDENCE),
)


def main(arguments: Sequence[str]) -> int:
    """Add up the gaps of all blocks, and say what it took."""
    people = int(arguments[0])
    roles = shapes.enterprise(shapes.Shape(1))
    sums: Counter[str] = Counter()
    seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for block in range(-(-people // PEOPLE)):
            size = min(PEOPLE, people - block * PEOPLE)
            _drawn(Path(folder), shapes.Shape(size, block=block))
            began = time.process_time()
            for tally in find_gaps(_read(Path(folder), roles), on=shapes.ON).roll_up(By.COMPETENCE):
                sums.update(met=tally.met, missing=tally.missing, unknown=tally.unknown)
            seconds += time.process_time() - began
    told = {"people": people, **sums, "seconds": round(seconds, 1), "megabytes": megabytes()}
    print(json.dumps(told))
    return 0


def _drawn(folder: Path, shape: shapes.Shape) -> None:
    """Draw a block in a process of its own, and leave it as Parquet."""
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_written, args=(folder, shape))
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit("a block could not be written")


def _written(folder: Path, shape: shapes.Shape) -> None:
    enterprise = shapes.enterprise(shape)
    for name, _ in PLURALS:
        table = pa.table(getattr(enterprise, name))
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=2**18)


def _read(folder: Path, roles: Enterprise) -> Enterprise:
    """Put one block of people into the enterprise whose roles all share."""
    plurals: dict[str, Any] = dict(_tables(folder))
    ids = sorted({*plurals["engagements"].words_of("unit").values})
    units = [evolve(roles.units[0], id=each, parent=None) for each in ids]
    return evolve(roles, units=units, **plurals)


def _tables(folder: Path) -> Iterator[tuple[str, Table[Any]]]:
    for name, layout in PLURALS:
        path = folder / f"{name}.parquet"
        yield name, Table.from_arrow(layout, _stream(path))
        path.unlink()


def _stream(path: Path) -> pa.RecordBatchReader:
    file = pq.ParquetFile(path)
    return pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(2**18))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
