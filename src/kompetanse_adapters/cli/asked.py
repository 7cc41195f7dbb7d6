"""What was asked for on the command line? Asked: plain values, checked against one another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from attrs import frozen

STANDARD_OUTPUT = Path("-")


@frozen(kw_only=True)
class Asked:
    """Hold one question to `kompetanse analyse`."""

    folder: Path
    on: date
    budget: int | None
    wish_budget: int
    language: str
    audience: str
    employee: str | None
    actor: str | None
    purpose: str | None
    smallest_group: int
    report: Path | None
    renderer: str | None
    as_json: bool
    fail_on: str | None

    @property
    def personal(self) -> bool:
        """Say whether one employee's own data are asked for."""
        return self.audience == "employee"
