"""Does the web page keep the contract, stand on its own, and open to all?"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from attrs import evolve

from kompetanse_adapters.webpage import STYLE, Webpage
from kompetanse_adapters.webpage.drawing import BOTTOM, HEIGHT, WIDTH, draw, ticks
from kompetanse_core import (
    Audience,
    Bar,
    Cell,
    Chart,
    ChartForm,
    Curve,
    Grid,
    Language,
    Points,
    Report,
    Section,
)
from kompetanse_core.conformance import alive_in_html, renderer_contract

TestWebpage = renderer_contract(Webpage, alive=alive_in_html)

GRID = Grid(
    caption="Per enhet",
    columns=("Enhet", "Dekning"),
    numeric=(False, True),
    rows=((Cell(text="Post"), Cell(text="50–75 %", bar=Bar(met=2, unknown=1, total=4))),),
    total=(Cell(text="I alt"), Cell(text=":")),
)
REPORT = Report(
    title="Kompetanse",
    lead="Ingress",
    audience=Audience.PARTIES,
    language=Language.NB,
    on=date(2027, 1, 1),
    sections=(
        Section(id="a", heading="Først", blocks=(GRID,)),
        Section(id="b", heading="Så", blocks=(Points(points=("ett", "to")),)),
    ),
)
PAGE = Webpage().render(REPORT)


class Outline(HTMLParser):
    """Collect the elements of a page and whether each is closed in turn."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def outline() -> Outline:
    """The elements of the page."""
    reader = Outline()
    reader.feed(PAGE)
    reader.close()
    return reader


def test_every_element_is_closed_in_turn(outline: Outline) -> None:
    """The page is well formed: what opens last closes first, and nothing stays open."""
    assert outline.open == []


def test_the_page_asks_nothing_of_the_network(outline: Outline) -> None:
    """No script, no address, no outside file; the policy seals even the style."""
    assert not {tag for tag, _ in outline.seen} & {"script", "img", "link", "iframe", "object"}
    assert not re.search(r"https?:|url\(|@import", PAGE)
    seal = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"style-src 'sha256-{seal}'" in PAGE
    assert "default-src 'none'" in PAGE


def test_the_page_is_told_in_its_language_with_one_title(outline: Outline) -> None:
    """The language is declared, there is one main part and one heading of the first rank."""
    tags = [tag for tag, _ in outline.seen]
    assert ("html", {"lang": "nb"}) in outline.seen
    assert [tags.count(tag) for tag in ("main", "h1", "title")] == [1, 1, 1]


def test_every_table_says_what_its_rows_and_columns_are(outline: Outline) -> None:
    """A caption, scoped headings for columns and rows, and a frame that the keyboard reaches."""
    scopes = [attrs.get("scope") for tag, attrs in outline.seen if tag == "th"]
    assert scopes == ["col", "col", "row", "row"]
    assert "<caption>Per enhet</caption>" in PAGE
    frames = [attrs for _, attrs in outline.seen if attrs.get("class") == "scroll"]
    assert frames == [
        {"class": "scroll", "role": "region", "aria-label": "Per enhet", "tabindex": "0"}
    ]


def test_a_bar_repeats_its_figure_and_is_not_read_aloud(outline: Outline) -> None:
    """The bar is as long as the figure beside it says, and hidden from screen readers."""
    bars = [attrs for tag, attrs in outline.seen if tag == "rect"]
    assert [(bar.get("x"), bar.get("width")) for bar in bars[:2]] == [(None, "500"), ("500", "250")]
    assert [attrs.get("aria-hidden") for tag, attrs in outline.seen if tag == "svg"] == ["true"]


def test_links_lead_to_headings_that_are_there(outline: Outline) -> None:
    """Every entry of the contents leads to a heading on the page."""
    ids = {attrs["id"] for _, attrs in outline.seen if "id" in attrs}
    links = [attrs["href"] or "" for tag, attrs in outline.seen if tag == "a"]
    assert links == ["#main", "#a", "#b"]
    assert {link[1:] for link in links} <= ids


def contrast(one: str, other: str) -> float:
    """How far two colours, written `#rrggbb` or `#rgb`, are apart for the eye (WCAG 2.1)."""

    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
        parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_colours_stand_out_from_the_paper_by_day_and_by_night(scheme: int) -> None:
    """WCAG 2.1: 4.5 for what is read, also on a banded row, and 3 for what is drawn."""
    root = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#\w+);", root))
    for name in ("ink", "quiet", "link"):
        assert min(contrast(colours[name], colours[on]) for on in ("paper", "band")) >= 4.5
    for name in ("met", "kind0", "kind1", "kind2", "kind3"):
        assert contrast(colours[name], colours["paper"]) >= 3


# --- charts -----------------------------------------------------------------------------------

COURSE = Chart(
    title="Dekning kvartal for kvartal",
    text="Uten plan faller dekningen fra 80 til 40 prosent.",
    form=ChartForm.COURSE,
    along=("1. kvartal 2027", "2. kvartal 2027", "3. kvartal 2027"),
    unit="\u00a0%",
    scale=(0, 100),
    curves=(
        Curve(name="uten plan", points=((78, 80, 82), (50, 60, 70), (30, 40, 50))),
        Curve(name="én plan", points=((78, 80, 82), (78, 80, 82), (99, 100, 100))),
    ),
)
SPANS = evolve(COURSE, form=ChartForm.SPANS)


def drawn(chart: Chart) -> Outline:
    """The elements of a chart, each closed in turn."""
    reader = Outline()
    reader.feed("\n".join(draw(chart)))
    reader.close()
    assert reader.open == []
    return reader


def places(chart: Chart, tag: str, kind: str) -> list[list[tuple[int, int]]]:
    """Where the corners of all elements of a kind are."""
    return [
        [(int(x), int(y)) for x, y in (at.split(",") for at in (attrs["points"] or "").split())]
        for name, attrs in drawn(chart).seen
        if name == tag and (attrs["class"] or "").split()[0] == kind
    ]


@pytest.mark.parametrize("chart", [COURSE, SPANS])
def test_a_chart_is_told_to_whoever_does_not_see_it(chart: Chart) -> None:
    """It is one picture with a title and a text, and says nothing by colour alone."""
    seen = drawn(chart).seen
    assert [tag for tag, _ in seen[:3]] == ["svg", "title", "desc"]
    assert seen[0][1]["role"] == "img"
    written = "\n".join(draw(chart))
    assert f"<title>{chart.title}</title>\n<desc>{chart.text}</desc>" in written
    signs = [tag for tag, attrs in seen if (attrs.get("class") or "").startswith("sign")]
    assert set(signs) == {"circle", "rect"}


@pytest.mark.parametrize("chart", [COURSE, SPANS])
def test_a_chart_is_well_formed_and_within_its_frame(chart: Chart) -> None:
    """Every place in it is inside the picture."""
    seen = drawn(chart).seen
    _, _, wide, tall = map(int, (seen[0][1]["viewBox".lower()] or "").split())
    for _, attrs in seen:
        for name, most in (("x", wide), ("x1", wide), ("x2", wide), ("cx", wide)):
            assert 0 <= int(attrs.get(name) or 0) <= most
        for name, most in (("y", tall), ("y1", tall), ("y2", tall), ("cy", tall)):
            assert 0 <= int(attrs.get(name) or 0) <= most


def test_curves_rise_and_fall_as_their_figures_do() -> None:
    """Figures twice as far from nought are drawn twice as high; bands end where figures do."""
    falling, rising = places(COURSE, "polyline", "curve")
    high = [HEIGHT - BOTTOM - y for _, y in falling]
    assert abs(high[0] - 2 * high[2]) <= 1
    assert [x for x, _ in falling] == [x for x, _ in rising] == sorted(x for x, _ in rising)
    band, _ = places(COURSE, "polygon", "band")
    assert band[0][1] > falling[0][1] > band[-1][1]
    assert max(x for x, _ in falling) < WIDTH


@pytest.mark.parametrize("chart", [COURSE, SPANS])
def test_a_scale_holds_what_it_must_and_all_that_is_drawn(chart: Chart) -> None:
    """Its marks go from end to end, and further where figures do."""
    for scale, ends in (((0, 100), "0 100"), ((60, 70), "30 100"), ((-100, 400), "-100 400")):
        marks = [
            int(text.removesuffix("\u00a0%").replace("−", "-"))
            for text in re.findall(
                r">([−0-9]+\u00a0%)</text>", "\n".join(draw(evolve(chart, scale=scale)))
            )
        ]
        assert f"{min(marks)} {max(marks)}" == ends


@pytest.mark.parametrize("end", [0, 100])
def test_names_of_curves_do_not_lie_on_one_another(end: int) -> None:
    """Four curves that end alike, high or low, have their names a row apart, above the floor."""
    alike = tuple(Curve(name=name, points=((0, end, 100),) * 3) for name in "abcd")
    texts = [
        int(attrs["y"] or 0)
        for tag, attrs in drawn(evolve(COURSE, curves=alike)).seen
        if tag == "text"
    ][-4:]
    assert [after - before for before, after in pairwise(texts)] == [22] * 3
    assert 0 < texts[0] < texts[-1] <= HEIGHT - BOTTOM + 4


@pytest.mark.parametrize(
    ("ends", "marks"),
    [
        ((0, 100), (0, 20, 40, 60, 80, 100)),
        ((0, 0), (0, 1)),
        ((-3, 7), (-4, -2, 0, 2, 4, 6, 8)),
        ((0, 489), (0, 100, 200, 300, 400, 500)),
    ],
)
def test_the_scale_has_round_figures(ends: tuple[int, int], marks: tuple[int, ...]) -> None:
    """One, two or five times a power of ten apart, and all figures lie within."""
    assert ticks(*ends) == marks


def test_a_chart_stands_above_its_table_and_one_of_nothing_is_not_drawn() -> None:
    """The keyboard reaches it as it does the table; without curves there is no picture."""
    report = evolve(REPORT, sections=(Section(id="a", heading="A", blocks=(charted(COURSE),)),))
    page = Webpage().render(report)
    assert page.index('class="chart"') < page.index("<table>")
    assert f'role="region" aria-label="{COURSE.title}" tabindex="0"' in page
    assert list(draw(evolve(COURSE, curves=()))) == []


def charted(chart: Chart) -> Grid:
    """A grid with a chart."""
    return evolve(GRID, chart=chart)
