"""How is a figure written in a language? Numbers, money, dates and shares as people read them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kompetanse_core.model.text import Language, dated

NARROW = "\u202f"
"""A narrow space that no line breaks at: between thousands."""


def whole(number: int, language: Language) -> str:
    """Write a whole number with its thousands apart: `12 345`, in English `12,345`."""
    plain = f"{abs(number):,}"
    grouped = plain if language is Language.EN else plain.replace(",", NARROW)
    return f"−{grouped}" if number < 0 else grouped


def kroner(amount: int, language: Language) -> str:
    """Write an amount of whole kroner: `12 345 kr`, in English `NOK 12,345`."""
    figure = whole(amount, language)
    return f"NOK\u00a0{figure}" if language is Language.EN else f"{figure}\u00a0kr"


def per_cent(part: int, of: int) -> str:
    """Write a share as whole per cent, rounded to the nearest, half up; a dash for no whole."""
    return f"{_rounded(Fraction(100 * part, of))}\u00a0%" if of else "–"


def interval(met: int, unknown: int, of: int) -> str:
    """Write coverage: one figure, or from–to where something is unknown.

    Rounded so as never to promise more than is known: the lower end down, the upper end up.
    """
    if not of:
        return "–"
    least, most = 100 * met // of, -(-100 * (met + unknown) // of)
    return per_cent(met, of) if not unknown else f"{least}–{most}\u00a0%"


def full_time(basis_points: int, language: Language) -> str:
    """Write basis points of full time as full-time positions with one or two decimals: `3,5`."""
    positions = Fraction(basis_points, 10_000)
    hundredths = _rounded(positions * 100)
    whole_part, rest = divmod(hundredths, 100)
    mark = "." if language is Language.EN else ","
    decimals = f"{rest:02}".rstrip("0")
    return f"{whole_part}{mark}{decimals}" if decimals else str(whole_part)


def day(on: date, language: Language) -> str:
    """Write a date: `31.12.2026`, in English `31 December 2026`."""
    return dated(on).read(language)


def listed(words: tuple[str, ...], language: Language) -> str:
    """Join words as a sentence does: `a, b og c`, in English `a, b and c`."""
    joint = " and " if language is Language.EN else " og "
    return joint.join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _rounded(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)
