"""Are figures written as people read them? Laws of `kompetanse_core.report.wording`."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.model.text import Language
from kompetanse_core.report import wording

NB, EN = Language.NB, Language.EN


@pytest.mark.parametrize(
    ("number", "nb", "en"),
    [(0, "0", "0"), (999, "999", "999"), (12345, "12\u202f345", "12,345"), (-5, "−5", "−5")],
)
def test_whole_numbers_are_grouped_by_thousands(number: int, nb: str, en: str) -> None:
    """Thousands stand apart by a narrow space, in English by a comma."""
    assert (wording.whole(number, NB), wording.whole(number, EN)) == (nb, en)


def test_money_is_written_as_each_language_does() -> None:
    """Kroner stand behind the amount in Norwegian, before it in English."""
    assert wording.kroner(400_000, NB) == "400\u202f000\u00a0kr"
    assert wording.kroner(400_000, EN) == "NOK\u00a0400,000"


@pytest.mark.parametrize(
    ("share", "written"),
    [(10_000, "1"), (37_500, "3,75"), (3_750, "0,38"), (5_000, "0,5"), (0, "0")],
)
def test_shares_are_written_as_full_time_positions(share: int, written: str) -> None:
    """Basis points become full-time positions with a decimal comma and no idle zeros."""
    assert wording.full_time(share, NB) == written
    assert wording.full_time(share, EN) == written.replace(",", ".")


def test_dates_are_written_as_each_language_does() -> None:
    """A Norwegian date has dots, an English one its month in letters."""
    assert wording.day(date(2027, 1, 5), NB) == "05.01.2027"
    assert wording.day(date(2027, 1, 5), EN) == "5 January 2027"


@pytest.mark.parametrize(
    ("words", "nb", "en"),
    [((), "", ""), (("a",), "a", "a"), (("a", "b", "c"), "a, b og c", "a, b and c")],
)
def test_words_are_joined_as_in_a_sentence(words: tuple[str, ...], nb: str, en: str) -> None:
    """The last word is joined by og or and."""
    assert (wording.listed(words, NB), wording.listed(words, EN)) == (nb, en)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_interval_never_promises_more_than_is_known(met: int, unknown: int, rest: int) -> None:
    """The lower end is never above what is met, the upper never below what may be met."""
    whole = met + unknown + rest
    written = wording.interval(met, unknown, whole)
    if not whole:
        assert written == "–"
    elif unknown:
        least, most = (int(end) for end in written.removesuffix("\u00a0%").split("–"))
        assert least * whole <= 100 * met
        assert most * whole >= 100 * (met + unknown)
    else:
        assert written == wording.per_cent(met, whole)
