"""How is a flaw told? As a Finding with its place, from whatever raised it."""

from __future__ import annotations

from kompetanse_core import Finding, KompetanseError, Place, Severity


def refusal(code: str, text: str, place: Place, hint: str = "") -> Finding:
    """Tell a flaw that is severe enough to refuse the enterprise."""
    return Finding(code=code, severity=Severity.REFUSE, text=text, place=place, hint=hint)


def warning(code: str, text: str, place: Place, hint: str = "") -> Finding:
    """Tell a flaw that does not stop the reading."""
    return Finding(code=code, severity=Severity.WARNING, text=text, place=place, hint=hint)


def find(error: KompetanseError, place: Place) -> Finding:
    """Tell what a value or noun was refused for, at the place where it stood."""
    return refusal(error.code, error.text, place, error.hint)
