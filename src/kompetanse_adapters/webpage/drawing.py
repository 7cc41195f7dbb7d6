"""How is a chart drawn? As lines of SVG: shapes and dashes tell curves apart, not colour alone.

A chart of times has curves with bands; a chart of spans has a row for each name. Whoever does not
see it is told its title and text; the figures stand in the table below.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from attrs import frozen

from kompetanse_core import Chart, ChartForm, Curve

WIDTH, HEIGHT = 720, 280
TOP, BOTTOM = 14, 34
ROW = 22
"""How high a row of spans is, for each curve; and the least distance of two names of curves."""
LETTER = 7
"""How wide a letter is, about; no measure of the reader's own type is to be had."""
MOST_NAME = 34
"""So many letters of a name are written beside a curve or a row at most."""
KINDS = 4
"""So many kinds of line the style has; with more curves they come again."""
STEPS = (1, 2, 5)


@frozen(kw_only=True)
class Frame:
    """Ramme: where figures lie between two ends, and how much room stands on either side."""

    least: int
    most: int
    left: int
    right: int

    def across(self, figure: int) -> int:
        """Place a figure from left to right."""
        return self.left + (figure - self.least) * self.wide // (self.most - self.least)

    def upwards(self, figure: int) -> int:
        """Place a figure from the floor up."""
        high = HEIGHT - TOP - BOTTOM
        return HEIGHT - BOTTOM - (figure - self.least) * high // (self.most - self.least)

    def along(self, place: int, of: int) -> int:
        """Place one of so many times."""
        return self.left + (place * self.wide // (of - 1) if of > 1 else self.wide // 2)

    @property
    def wide(self) -> int:
        """Give the width between both sides."""
        return WIDTH - self.left - self.right


def draw(chart: Chart) -> Iterator[str]:
    """Draw a chart that has figures; whatever stands in it is escaped."""
    if not any(curve.points for curve in chart.curves):
        return
    drawn = _course if chart.form is ChartForm.COURSE else _spans
    tall = HEIGHT if chart.form is ChartForm.COURSE else _rows_high(chart)
    yield f'<svg class="chart" viewBox="0 0 {WIDTH} {tall}" role="img">'
    yield f"<title>{_safe(chart.title)}</title>\n<desc>{_safe(chart.text)}</desc>"
    yield from drawn(chart)
    yield "</svg>"


def ticks(least: int, most: int) -> tuple[int, ...]:
    """Give some round figures, the first not above the least, the last not below the most.

    They are a step apart that is one, two or five times a power of ten; eleven at the most.
    """
    apart, size = max(most - least, 1), 1
    while True:
        for step in (size * each for each in STEPS):
            first, last = least // step, -(-most // step)
            if step * 9 >= apart:
                return tuple(step * each for each in range(first, max(last, first + 1) + 1))
        size *= 10


# --- curves along times ---------------------------------------------------------------------------


def _course(chart: Chart) -> Iterator[str]:
    marks = _marks(chart)
    left = LETTER * max(len(_written(each, chart)) for each in marks) + 12
    right = LETTER * min(MOST_NAME, max(len(curve.name) for curve in chart.curves)) + 24
    frame = Frame(least=marks[0], most=marks[-1], left=left, right=right)
    for each in marks:
        yield _line("rule", frame.left, frame.upwards(each), WIDTH - right, frame.upwards(each))
        yield _text(_written(each, chart), left - 8, frame.upwards(each) + 4, anchor="end")
    yield from _times(chart, frame)
    for kind, curve in enumerate(chart.curves):
        yield _band(curve, kind, frame)
    for kind, curve in enumerate(chart.curves):
        yield from _middle(curve, kind, frame)
    yield from _names(chart, frame)


def _marks(chart: Chart) -> tuple[int, ...]:
    """Give the figures that are marked on the scale, which holds all that is drawn."""
    figures = [each for curve in chart.curves for point in curve.points for each in point]
    return ticks(min(*chart.scale, *figures), max(*chart.scale, *figures))


def _written(figure: int, chart: Chart) -> str:
    return f"{figure}{chart.unit}".replace("-", "−")


def _times(chart: Chart, frame: Frame) -> Iterator[str]:
    """Write as many names of times as have room."""
    number, longest = len(chart.along), max(map(len, chart.along))
    room = frame.wide // max(number - 1, 1)
    every = -(-(LETTER * longest + 12) // max(room, 1))
    for place in range(0, number, every):
        at = frame.along(place, number)
        yield _line("rule", at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 5)
        yield _text(chart.along[place], at, HEIGHT - BOTTOM + 20, anchor="middle")


def _band(curve: Curve, kind: int, frame: Frame) -> str:
    """Draw what most runs lie between."""
    number = len(curve.points)
    lows, highs = (
        [(frame.along(at, number), frame.upwards(point[end])) for at, point in each]
        for each, end in ((enumerate(curve.points), 0), ([*enumerate(curve.points)][::-1], 2))
    )
    return f'<polygon class="band {_kind(kind)}" points="{_places([*lows, *highs])}"/>'


def _middle(curve: Curve, kind: int, frame: Frame) -> Iterator[str]:
    number = len(curve.points)
    places = [
        (frame.along(at, number), frame.upwards(middle))
        for at, (_, middle, _) in enumerate(curve.points)
    ]
    yield f'<polyline class="curve {_kind(kind)}" points="{_places(places)}"/>'
    yield from (_sign(kind, *place) for place in places)


def _names(chart: Chart, frame: Frame) -> Iterator[str]:
    """Name every curve where it ends, names far enough apart to be read."""
    ends = sorted(
        (frame.upwards(curve.points[-1][1]), kind)
        for kind, curve in enumerate(chart.curves)
        if curve.points
    )
    at = WIDTH - frame.right
    for place, (height, kind) in zip(_apart([end for end, _ in ends]), ends, strict=True):
        yield _line(f"curve {_kind(kind)}", at, height, at + 10, place)
        yield _text(_short(chart.curves[kind].name), at + 14, place + 4)


def _apart(heights: Sequence[int]) -> list[int]:
    """Push heights, from the uppermost down, a row apart, and back up off the floor."""
    placed: list[int] = []
    for height in heights:
        placed.append(max(height, placed[-1] + ROW if placed else height))
    floor = HEIGHT - BOTTOM
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], floor)
        floor = placed[place] - ROW
    return placed


# --- a row for each name --------------------------------------------------------------------------


def _rows_high(chart: Chart) -> int:
    return TOP + ROW * len(chart.along) * len(chart.curves) + BOTTOM


def _spans(chart: Chart) -> Iterator[str]:
    marks, floor = _marks(chart), _rows_high(chart) - BOTTOM
    left = LETTER * min(MOST_NAME, max(map(len, chart.along))) + 16
    right = LETTER * len(_written(marks[-1], chart))
    frame = Frame(least=marks[0], most=marks[-1], left=left, right=right)
    for each in marks:
        at = frame.across(each)
        yield _line("rule", at, TOP, at, floor)
        yield _text(_written(each, chart), at, floor + 18, anchor="middle")
    for row, name in enumerate(chart.along):
        top = TOP + ROW * row * len(chart.curves)
        middle = top + ROW * len(chart.curves) // 2
        yield _text(_short(name), left - 8, middle + 4, anchor="end")
        for kind, curve in enumerate(chart.curves):
            low, at, high = map(frame.across, curve.points[row])
            height = top + ROW * kind + ROW // 2
            yield _line(f"span {_kind(kind)}", low, height, high, height)
            yield _sign(kind, at, height)


# --- strokes --------------------------------------------------------------------------------------


def _kind(kind: int) -> str:
    return f"kind{kind % KINDS}"


def _sign(kind: int, x: int, y: int) -> str:
    """Draw the sign of a kind of line: a circle, a square, a diamond or a triangle."""
    shapes = (
        f'<circle class="sign {_kind(kind)}" cx="{x}" cy="{y}" r="4"/>',
        f'<rect class="sign {_kind(kind)}" x="{x - 4}" y="{y - 4}" width="8" height="8"/>',
        _shape(kind, [(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)]),
        _shape(kind, [(x, y - 5), (x + 5, y + 4), (x - 5, y + 4)]),
    )
    return shapes[kind % KINDS]


def _shape(kind: int, places: Sequence[tuple[int, int]]) -> str:
    return f'<polygon class="sign {_kind(kind)}" points="{_places(places)}"/>'


def _line(kind: str, x: int, y: int, to_x: int, to_y: int) -> str:
    return f'<line class="{kind}" x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}"/>'


def _text(text: str, x: int, y: int, *, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{_safe(text)}</text>'


def _places(places: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _short(name: str) -> str:
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
