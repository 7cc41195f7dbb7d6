"""What became of everything that was read? Account: kept, left out, lost and found, file by file.

For every file, what was read is what was kept and what was left out.
"""

from __future__ import annotations

from collections import Counter

from attrs import field, frozen

from kompetanse_core import Finding, Loss, Place, Severity


@frozen
class Account:
    """Collect what one reading tells, to be asked for findings and losses when all is read."""

    read: Counter[str] = field(factory=Counter)
    left: Counter[tuple[str, str]] = field(factory=Counter)
    lost: Counter[tuple[str, str]] = field(factory=Counter)
    told: list[Finding] = field(factory=list)
    places: dict[object, Place] = field(factory=dict)

    def tell(self, *findings: Finding) -> None:
        """Tell what was found."""
        self.told.extend(findings)

    def note(self, code: str, text: str, place: Place) -> None:
        """Tell what is worth knowing and no flaw."""
        self.told.append(Finding(code=code, severity=Severity.NOTE, text=text, place=place))

    def leave_out(self, file: str, reason: str, count: int = 1) -> None:
        """Count rows or objects that become nothing."""
        self.left[file, reason] += count

    def lose(self, where: str, reason: str, count: int = 1) -> None:
        """Count values of one field that the model, or the format, has no place for."""
        self.lost[where, reason] += count

    def findings(self, attribution: str = "") -> tuple[Finding, ...]:
        """Give what the licence asks for, everything told, and the balance of each file."""
        about = (("attribution", attribution),)
        named = Finding(code="N710", severity=Severity.NOTE, text=attribution, about=about)
        balances = (self._balance(file) for file in sorted(self.read))
        return (*((named,) if attribution else ()), *self.told, *balances)

    def losses(self) -> tuple[Loss, ...]:
        """Give what was left out and lost, sorted by field and reason."""
        counted = sorted((*self.left.items(), *self.lost.items()))
        return tuple(Loss(field=at, count=n, reason=why) for (at, why), n in counted if n)

    def _balance(self, file: str) -> Finding:
        read, left = self.read[file], sum(n for (at, _), n in self.left.items() if at == file)
        return Finding(
            code="N711",
            severity=Severity.NOTE,
            text=f"{read} rows read, {read - left} kept, {left} left out",
            place=Place(file=file),
            about=(("read", read), ("kept", read - left), ("left", left)),
        )
