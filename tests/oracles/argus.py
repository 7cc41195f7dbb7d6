"""What does τ-ARGUS leave an attacker with? Its audit of a table with holes, by pytauargus.

The national statistical institutes' own program, with its own solver and code: nothing of ours is
in it but the table, written in the JJ format that the program was made to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from pytauargus.engine import audit_jj

from kompetanse_core.privacy.suppression import Figures, Flags

LIMIT = 1_000_000
"""Everybody knows that no cell is larger; so much is as good as no limit."""


def audited(
    figures: Figures, withheld: Flags, known: Iterable[int], page: Path
) -> Mapping[int, float]:
    """Give, for each cell held back that somebody stands behind, how wide its interval is.

    The attacker is that of `tests.oracles.attack`; `page` is where the table is written to.
    """
    page.write_text("\n".join(_lines(figures, withheld, frozenset(known))), "ascii")
    found = {row["cell"]: row["max"] - row["min"] for row in audit_jj(str(page))}
    return {cell: found[cell] for cell in np.flatnonzero(withheld & (figures.people > 0)).tolist()}


def _lines(figures: Figures, withheld: Flags, known: frozenset[int]) -> Iterator[str]:
    """Write each cell with its value, weight, status, bounds and no demand; then each sum."""
    yield "0"
    yield str(len(figures))
    for cell, value in enumerate(figures.values.tolist()):
        nobody = figures.people[cell] == 0
        least = value if nobody else int(figures.known[cell]) if cell in known else 0
        most = value if nobody else LIMIT
        status = "u" if withheld[cell] or not figures.shown[cell] else "z"
        yield f"{cell} {value} 1 {status} {least} {most} 0 0 0"
    yield str(len(figures.sums))
    for total, parts in figures.sums:
        added = " ".join(f"{part} (1)" for part in parts)
        yield f"0 {len(parts) + 1} : {total} (-1) {added}"
    yield ""
