"""How do time and memory grow with the number of people? A picture of two panels, drawn as SVG.

Both axes are logarithmic. Lines are told apart by dash and mark and named at their ends, so that
no colour is needed; what the picture shows stands in the table too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

from attrs import frozen
from lines import Row

WIDE, HIGH, LEFT, TOP, APART, LABEL = 300, 240, 60, 40, 190, 8
DASHES = ("", "6 3", "2 3", "8 3 2 3", "12 4", "1 5", "10 2 2 2", "4 4")
SHOWN = ("gaps, sums only", "gaps, every row", "fit, best 10 roles, every rule")
SIDES = ("kompetanse", "polars", "duckdb")


@frozen
class Curve:
    """One line of a panel: its name, and a height for each number of people."""

    name: str
    points: tuple[tuple[float, float], ...]


@frozen
class Span:
    """The powers of ten that an axis runs between."""

    low: int
    high: int

    @classmethod
    def over(cls, numbers: Sequence[float]) -> Span:
        """Reach from the power of ten below all numbers to the one above."""
        low, high = floor(log10(min(numbers))), ceil(log10(max(numbers)))
        return cls(low, max(high, low + 1))

    def share(self, number: float) -> float:
        """Give where a number lies, from 0 to 1."""
        return (log10(number) - self.low) / (self.high - self.low)


def drawn(rows: Sequence[Row]) -> str:
    """Draw seconds and megabytes against the number of people."""
    panels = (("seconds", "seconds of processor"), ("megabytes", "peak MB of the process"))
    parts = [
        part
        for place, (key, title) in enumerate(panels)
        for part in _panel(title, tuple(_curves(rows, key)), LEFT + place * (WIDE + APART))
    ]
    width, height = LEFT + 2 * (WIDE + APART), TOP + HIGH + 50
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"',
            'font-family="sans-serif" font-size="11">',
            "<title>Time and memory against the number of people</title>",
            "<desc>The numbers stand in the table of the page on performance.</desc>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            '<g fill="black">',
            *parts,
            "</g>",
            "</svg>\n",
        )
    )


def _curves(rows: Sequence[Row], key: str) -> Iterator[Curve]:
    for work in SHOWN:
        for side in SIDES:
            mine = [r for r in rows if (r["work"], r["side"]) == (work, side) and r.get(key)]
            if mine:
                points = tuple((float(r["people"]), float(r[key])) for r in mine)
                yield Curve(f"{work.split(', ')[-1]}, {side}", points)


def _panel(title: str, curves: tuple[Curve, ...], left: int) -> Iterator[str]:
    yield f'<text x="{left}" y="{TOP - 18}" font-size="13">{escape(title)}</text>'
    if not curves:
        return
    people = Span.over([x for curve in curves for x, _ in curve.points])
    heights = Span.over([y for curve in curves for _, y in curve.points])
    yield from _axes(people, heights, left)
    ends = _apart([TOP + HIGH * (1 - heights.share(c.points[-1][1])) for c in curves])
    for curve, dash, end in zip(curves, DASHES * len(curves), ends, strict=False):
        spots = [
            (left + WIDE * people.share(x), TOP + HIGH * (1 - heights.share(y)))
            for x, y in curve.points
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        yield (
            f'<polyline points="{path}" fill="none" stroke="black" '
            f'stroke-width="1.4" stroke-dasharray="{dash}"/>'
        )
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4"/>' for x, y in spots)
        yield f'<text x="{spots[-1][0] + LABEL:.1f}" y="{end + 4:.1f}">{escape(curve.name)}</text>'


def _axes(people: Span, heights: Span, left: int) -> Iterator[str]:
    for power in range(people.low, people.high + 1):
        x = left + WIDE * people.share(10.0**power)
        yield f'<path d="M{x:.1f} {TOP}V{TOP + HIGH}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{TOP + HIGH + 16}" text-anchor="middle">{10**power:,}</text>'
    for power in range(heights.low, heights.high + 1):
        y = TOP + HIGH * (1 - heights.share(10.0**power))
        yield f'<path d="M{left} {y:.1f}H{left + WIDE}" stroke="#ddd"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
    middle = left + WIDE / 2
    yield f'<text x="{middle:.1f}" y="{TOP + HIGH + 34}" text-anchor="middle">people</text>'


def _apart(heights: Sequence[float]) -> list[float]:
    """Move labels down until none lies over another."""
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    moved = list(heights)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + 12)
    return moved
