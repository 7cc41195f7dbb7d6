"""In which words is something told? Telling: a language, what things are called, and the guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.text import Language, Text
from kompetanse_core.report import wording
from kompetanse_core.report.guard import SMALLEST_GROUP, Line, guard
from kompetanse_core.report.page import HELD_BACK, Bar, Cell, Grid
from kompetanse_core.report.veil import NO_VEIL, Key, Veil

Labels = Mapping[str, Text]


def _labels(nouns: Sequence[object]) -> Labels:
    return MappingProxyType(
        {noun.id: noun.label for noun in nouns}  # type: ignore[attr-defined]  # all are labelled nouns
    )


@frozen(kw_only=True)
class Telling:
    """Fortellermåte: turns ids and numbers into words and cells of one language."""

    language: Language
    enterprise: Enterprise = field(repr=False)
    smallest_group: int = SMALLEST_GROUP
    veil: Veil = field(default=NO_VEIL, repr=False)
    competences: Labels = field(init=False, repr=False)
    units: Labels = field(init=False, repr=False)
    roles: Labels = field(init=False, repr=False)
    measures: Labels = field(init=False, repr=False)
    needs: Labels = field(init=False, repr=False)
    drivers: Labels = field(init=False, repr=False)

    @competences.default
    def _competences(self) -> Labels:
        return _labels(self.enterprise.competences)

    @units.default
    def _units(self) -> Labels:
        return _labels(self.enterprise.units)

    @roles.default
    def _roles(self) -> Labels:
        return _labels(self.enterprise.roles)

    @measures.default
    def _measures(self) -> Labels:
        return _labels(self.enterprise.measures)

    @needs.default
    def _needs(self) -> Labels:
        return _labels(self.enterprise.needs)

    @drivers.default
    def _drivers(self) -> Labels:
        return _labels(self.enterprise.drivers)

    def say(self, nb: str, en: str) -> str:
        """Choose the wording of the language; nynorsk readers get bokmål."""
        return en if self.language is Language.EN else nb

    def name(self, labels: Labels, key: str) -> str:
        """Give what something is called, or its id where it has no label."""
        label = labels.get(key)
        return (label.read(self.language) if label else "") or key

    def whole(self, number: int) -> str:
        """Write a whole number."""
        return wording.whole(number, self.language)

    def kroner(self, amount: int) -> str:
        """Write an amount of money."""
        return wording.kroner(amount, self.language)

    def positions(self, basis_points: int) -> str:
        """Write a share as full-time positions."""
        return wording.full_time(basis_points, self.language)

    def day(self, on: date) -> str:
        """Write a date."""
        return wording.day(on, self.language)

    def listed(self, words: Sequence[str]) -> str:
        """Join words as a sentence does."""
        return wording.listed(tuple(words), self.language)

    def words(self, text: str) -> Cell:
        """Make a cell of words."""
        return Cell(text=text)

    def figure(self, number: int) -> Cell:
        """Make a cell of a number that is not about how many people."""
        return Cell(text=self.whole(number), number=number)

    def few(self, people: int) -> bool:
        """Say whether a figure about people is held back: they are few, or the whole is veiled."""
        return 0 < people < self.smallest_group or (people > 0 and self.veil.whole)

    def holds(self, key: Key) -> bool:
        """Say whether a row that is counted by itself may not be told as it is now, nor was."""
        return self.veil.hides(key) or self.veil.whole

    def as_told(self, key: Key, name: str) -> tuple[str, tuple[int, ...] | None]:
        """Give a row's name and, where an earlier release is repeated, its date and figures."""
        before = self.veil.repeated.get(key)
        if before is None:
            return name, None
        on = self.day(before.on)
        return self.say(f"{name} (per {on})", f"{name} ({on})"), before.figures

    def people(self, number: int) -> Cell:
        """Make a cell of a number of people, held back where they are too few."""
        return HELD_BACK if self.few(number) else self.figure(number)

    def money(self, amount: int) -> Cell:
        """Make a cell of money."""
        return Cell(text=self.kroner(amount), number=amount)

    def share(self, basis_points: int) -> Cell:
        """Make a cell of full-time positions."""
        return Cell(text=self.positions(basis_points), number=basis_points)

    def coverage(self, met: int, unknown: int, total: int) -> Cell:
        """Make a cell of coverage as an interval, with its bar; no bar where nothing is asked."""
        bar = Bar(met=met, unknown=unknown, total=total) if total else None
        return Cell(text=wording.interval(met, unknown, total), number=met, bar=bar)

    def since(self, on: date | None) -> Cell:
        """Make a cell of a date, or a dash where there is none."""
        return Cell(text=self.day(on) if on else "–")

    def grid(
        self,
        caption: str,
        columns: Sequence[tuple[str, bool]],
        lines: Sequence[Line],
        *,
        total: Line | None = None,
        note: str = "",
    ) -> Grid:
        """Build a guarded grid; each column is its heading and whether it holds figures."""
        empty = Grid(
            caption=caption,
            columns=tuple(heading for heading, _ in columns),
            numeric=tuple(numeric for _, numeric in columns),
            rows=(),
            note=note,
        )
        return guard(empty, lines, total, k=self.smallest_group)

    def unguarded(
        self,
        caption: str,
        columns: Sequence[tuple[str, bool]],
        rows: Sequence[tuple[Cell, ...]],
    ) -> Grid:
        """Build a grid that no guard looks at: it is about one person, whom its reader may see."""
        return Grid(
            caption=caption,
            columns=tuple(heading for heading, _ in columns),
            numeric=tuple(numeric for _, numeric in columns),
            rows=tuple(rows),
        )
