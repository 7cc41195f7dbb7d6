"""What became of every row? Account: what was read, kept, left out and found, file by file."""

from __future__ import annotations

from collections import Counter

from attrs import field, frozen

from kompetanse_adapters.reading import warning
from kompetanse_core import Finding, Loss, Place, Severity

ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
"""What ESCO asks to be said wherever its content is used."""


@frozen
class Account:
    """Collect what one reading tells; for every file, rows read = rows kept + rows left out."""

    read: Counter[str] = field(factory=Counter)
    kept: Counter[str] = field(factory=Counter)
    left: Counter[tuple[str, str]] = field(factory=Counter)
    lost: Counter[tuple[str, str]] = field(factory=Counter)
    told: list[Finding] = field(factory=list)

    def note(self, code: str, text: str, place: Place) -> None:
        """Tell what is worth knowing and no flaw."""
        self.told.append(Finding(code=code, severity=Severity.NOTE, text=text, place=place))

    def leave_out(self, code: str, reason: str, which: str, place: Place) -> None:
        """Leave out one row with a warning that names the concept it fails on."""
        self.told.append(warning(code, f"{reason}: {which}", place))
        self.left[place.file, reason] += 1

    def refuse_row(self, reason: str, found: Finding) -> None:
        """Leave out one row that makes the classification unfit for use."""
        self.told.append(found)
        self.left[found.place.file, reason] += 1

    def lose(self, file: str, column: str, reason: str, count: int) -> None:
        """Count what a column says and the model has no place for."""
        self.lost[f"{file}: {column}", reason] += count

    def findings(self) -> tuple[Finding, ...]:
        """Give the attribution, everything told, and the balance of each file."""
        return (
            Finding(
                code="N710",
                severity=Severity.NOTE,
                text=ATTRIBUTION,
                about=(("attribution", ATTRIBUTION),),
            ),
            *self.told,
            *(self._balance(file) for file in sorted(self.read)),
        )

    def losses(self) -> tuple[Loss, ...]:
        """Give the rows left out and the cells lost, sorted by file, column and reason."""
        counted = sorted((*self.left.items(), *self.lost.items()))
        return tuple(
            Loss(field=where, count=count, reason=reason)
            for (where, reason), count in counted
            if count
        )

    def _balance(self, file: str) -> Finding:
        left = sum(count for (where, _), count in self.left.items() if where == file)
        read, kept = self.read[file], self.kept[file]
        return Finding(
            code="N711",
            severity=Severity.NOTE,
            text=f"{read} rows read, {kept} kept, {left} left out",
            place=Place(file=file),
            about=(("read", read), ("kept", kept), ("left", left)),
        )
