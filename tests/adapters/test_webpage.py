"""Does the web page keep the contract, stand on its own, and open to all?"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from kompetanse_adapters.webpage import STYLE, Webpage
from kompetanse_core import Audience, Bar, Cell, Grid, Language, Points, Report, Section
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

    VOID = frozenset({"meta", "rect"})

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
