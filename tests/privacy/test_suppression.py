"""Can what was held back be worked out? Attacks on `kompetanse_core.privacy.suppression`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from tests.oracles.argus import audited
from tests.oracles.attack import widths, widths_at_dates

from kompetanse_core.errors import Misuse
from kompetanse_core.model.privacy import Release
from kompetanse_core.privacy.ledger import Ledger
from kompetanse_core.privacy.suppression import Figures, Flags, Whole, margins, suppress

SETS = int(os.environ.get("KOMPETANSE_TABLES", "200"))
"""How many table sets are attacked; `make drill` takes ten thousand."""
ALMOST = 1e-4
LARGE = 1e5
"""An interval as wide as this has no end but the one that a solver was given."""


def counts(seed: int) -> Whole:
    """Draw a table of units, roles and levels: sparse or dense, even or skewed."""
    chance = np.random.default_rng(seed)
    shape = tuple(chance.integers(1, most) for most in (5, 4, 4))
    crowd = chance.choice([0.5, 2, 6, 20]) * chance.lognormal(0, chance.choice([0, 1.5]), shape)
    return np.asarray(chance.poisson(crowd), np.int64)


def narrow(figures: Figures, withheld: Flags, known: list[int], k: int = 5) -> list[int]:
    """Give the cells that an attacker pins down to less than k."""
    return [cell for cell, width in widths(figures, withheld, known) if width < k - ALMOST]


def test_bad_input_84_no_cell_held_back_can_be_worked_out() -> None:
    """FAULTS 84: whoever knows a contributor in every cell is still left at least k apart.

    Which is more than any attacker who knows one contributor; those are tried below.
    """
    pinned = {}
    for seed in range(SETS):
        figures = margins(counts(seed))
        withheld = suppress(figures, k=5)
        small = (figures.people > 0) & (figures.people < 5)
        assert not (small & ~withheld).any()
        pinned[seed] = narrow(figures, withheld, np.flatnonzero(figures.people).tolist())
    assert {seed: cells for seed, cells in pinned.items() if cells} == {}


def test_bad_input_84_tau_argus_finds_no_cell_too_narrow(tmp_path: Path) -> None:
    """FAULTS 84: the audit of τ-ARGUS leaves every cell k wide, and agrees with our attacker."""
    pinned = {}
    for seed in range(SETS):
        figures = margins(counts(seed))
        withheld, known = suppress(figures, k=5), np.flatnonzero(figures.people).tolist()
        if withheld.any():
            found = audited(figures, withheld, known, tmp_path / "table.jj")
            pinned[seed] = [cell for cell, width in found.items() if width < 5 - ALMOST]
            ours = dict(widths(figures, withheld, known))
            apart = [abs(found[cell] - ours[cell]) for cell in found if ours[cell] < LARGE]
            assert all(each < ALMOST for each in apart)
    assert pinned
    assert {seed: cells for seed, cells in pinned.items() if cells} == {}


def test_tau_argus_finds_what_is_held_back_carelessly(tmp_path: Path) -> None:
    """The audit can fail: without secondary suppression it gives the small cell away."""
    figures = margins(np.asarray([[3, 40], [50, 60]]))
    assert audited(figures, without_secondary(figures), [], tmp_path / "table.jj") == {0: 0}


@pytest.mark.parametrize("seed", range(12))
def test_bad_input_84_an_attacker_who_is_one_of_them_learns_no_more(seed: int) -> None:
    """FAULTS 84: one contributor, in whichever cell held back, pins no cell down."""
    figures = margins(counts(seed))
    withheld = suppress(figures, k=5)
    mine = np.flatnonzero(withheld & (figures.people > 0)).tolist()[:8]
    assert [narrow(figures, withheld, [cell]) for cell in mine] == [[] for _ in mine]


def moved(before: Whole, chance: np.random.Generator, *, most: int) -> Whole:
    """Let some leave and some come."""
    after = before.copy()
    for _ in range(int(chance.integers(0, most))):
        place = tuple(int(chance.integers(0, size)) for size in before.shape)
        after[place] = max(0, after[place] + int(chance.choice([-1, 1])))
    return after


def release(figures: Figures, cell: int, on: date) -> Release:
    """Say what a report would tell of a cell; whoever came last leaves first."""
    number = int(figures.values[cell])
    marks = tuple(f"{cell}:{place:04}" for place in range(number))
    return Release(
        on=on, table="t", row=str(cell), figures=(number,), contributors=number, marks=marks
    )


def bounded(figures: Figures, earlier: list[Release | None], k: int) -> Figures:
    """Say what a reader knows of the cells that are repeated: fewer than k came or left."""
    known, most = figures.known.copy(), figures.most.copy()
    for cell, before in enumerate(earlier):
        if before is not None and before.figures is not None:
            known[cell] = max(known[cell], before.figures[0] - (k - 1))
            most[cell] = before.figures[0] + k - 1
    return evolve(figures, known=known, most=most)


def series(seed: int, dates: int) -> tuple[Figures, ...]:
    """Draw a table at some dates; every other time the last is close to the first again."""
    chance, drawn = np.random.default_rng(seed), [counts(seed)]
    while len(drawn) < dates:
        back = len(drawn) > 1 and seed % 2
        drawn.append(moved(drawn[0 if back else -1], chance, most=8 if back else 40))
    return tuple(margins(each) for each in drawn)


@pytest.mark.parametrize("dates", [2, 3])
def test_bad_input_86_no_cell_can_be_worked_out_from_several_dates(dates: int) -> None:
    """FAULTS 86: whoever reads all reports, and knows why a cell is repeated, is left k apart.

    Or as far as can be, where all of the last report held back would leave no more. And no two
    reports tell of a cell in figures that fewer than k have changed.
    """
    pinned, close, k = {}, {}, 5
    for seed in range(SETS):
        figures = series(seed, dates)
        ledger, withheld = Ledger(key="key"), list[Flags]()
        near: dict[tuple[int, int], Flags] = {}
        for now, each in enumerate(figures):
            releases = [release(each, cell, date(2026 + now, 1, 1)) for cell in range(len(each))]
            earlier = [
                ledger.repeated(told, k=k) if told.contributors else None for told in releases
            ]
            repeated = np.asarray([before is not None for before in earlier])
            hidden = suppress(bounded(each, earlier, k), k=k, withheld=repeated)
            told = [
                evolve(release, figures=None) if hidden[cell] else release
                for cell, release in enumerate(releases)
                if release.contributors and not repeated[cell]
            ]
            for cell, before in enumerate(earlier):
                if before is not None and before.figures is not None:
                    pair = before.on.year - 2026, now
                    near.setdefault(pair, np.zeros(len(each), np.bool_))[cell] = True
            withheld.append(hidden)
            ledger = ledger.after(told)
        close[seed] = too_close(figures, withheld, k)
        found = dict(widths_at_dates(figures, withheld, near, k))
        pinned[seed] = [cell for cell, width in found.items() if width < k - ALMOST]
        if pinned[seed]:
            withheld[-1] = np.ones(len(figures[0]), np.bool_)
            best = dict(widths_at_dates(figures, withheld, near, k))
            pinned[seed] = [cell for cell in pinned[seed] if best[cell] >= k - ALMOST]
    assert {seed: cells for seed, cells in close.items() if cells} == {}
    assert {seed: cells for seed, cells in pinned.items() if cells} == {}


def too_close(figures: tuple[Figures, ...], withheld: list[Flags], k: int) -> list[int]:
    """Give the cells told on two dates between which fewer than k came or left."""
    found: list[int] = []
    for first, second in combinations(range(len(figures)), 2):
        changed = abs(figures[first].values - figures[second].values)
        told = ~withheld[first] & ~withheld[second] & (figures[first].values > 0)
        told &= figures[second].values > 0
        found += np.flatnonzero(told & (changed > 0) & (changed < k)).tolist()
    return found


@pytest.mark.parametrize("between", [0, 1, 4])
def test_bad_input_86_a_row_that_comes_back_does_not_tell_who_did_not(between: int) -> None:
    """FAULTS 86: ten, then ten others some times, then nine of the first: as it was at first."""
    figures = margins(np.asarray([[10]]))
    first = release(figures, 0, date(2026, 1, 1))
    ledger = Ledger(key="key").after([first])
    for number in range(between):
        others = tuple(f"other {number} {mark}" for mark in first.marks)
        ledger = ledger.after([evolve(first, on=date(2027 + number, 1, 1), marks=others)])
    nine = evolve(first, on=date(2035, 1, 1), figures=(9,), contributors=9, marks=first.marks[:9])
    assert ledger.repeated(nine, k=5) == first
    five = evolve(nine, marks=first.marks[:5])
    assert ledger.repeated(five, k=5) is None
    assert ledger.repeated(first, k=5) is None


def test_bad_input_86_what_is_told_again_is_kept_once() -> None:
    """A ledger grows by what is new alone, and forgets what was held back once it is told."""
    first = release(margins(np.asarray([[10]])), 0, date(2026, 1, 1))
    hidden, later = evolve(first, figures=None), evolve(first, on=date(2027, 1, 1))
    ledger = Ledger(key="key").after([first]).after([later])
    assert ledger.releases == (later,)
    assert Ledger(key="key").after([hidden]).after([later]).releases == (later,)
    assert Ledger(key="key").after([first]).after([hidden]).releases == (first, hidden)


def without_secondary(figures: Figures) -> Flags:
    """Hold back the small cells only."""
    return np.asarray((figures.people > 0) & (figures.people < 5))


def lone(figures: Figures) -> Flags:
    """Hold back nothing more beside the first small cell."""
    first = int(np.flatnonzero(without_secondary(figures))[0])
    return np.asarray(np.arange(len(figures)) == first)


@pytest.mark.parametrize("careless", [without_secondary, lone])
def test_the_attacker_finds_what_is_held_back_carelessly(
    careless: Callable[[Figures], Flags],
) -> None:
    """The attack can succeed: without secondary suppression a small cell is a difference away."""
    figures = margins(np.asarray([[3, 40], [50, 60]]))
    assert narrow(figures, careless(figures), []) == [0]


def test_nothing_is_held_back_where_every_group_is_large() -> None:
    """Groups of five and more, and cells with nobody in them, are told."""
    assert not suppress(margins(np.asarray([[5, 0], [9, 7]])), k=5).any()


def test_a_small_cell_takes_a_rectangle_with_it_and_leaves_the_totals() -> None:
    """In a dense table four cells are held back, the small one among them; every total is told."""
    withheld = suppress(margins(np.asarray([[3, 40, 41], [50, 60, 61], [52, 62, 63]])), k=5)
    held = withheld.reshape(4, 4)
    assert held.sum() == 4
    assert held[0, 0]
    assert not held[3].any()
    assert not held[:, 3].any()


def test_an_amount_is_protected_from_the_one_who_gave_most() -> None:
    """Where one gave all but two of an amount, the rest is hidden behind more than one cell."""
    people = np.asarray([3, 9, 9, 21])
    figures = Figures(
        values=np.asarray([30, 4, 40, 74]),
        people=people,
        known=np.asarray([28, 3, 5, 0]),
        shown=np.ones(4, np.bool_),
        sums=((3, (0, 1, 2)),),
    )
    withheld = suppress(figures, k=5)
    assert narrow(figures, withheld, [0, 1, 2, 3]) == []
    assert withheld[2]


def test_what_stands_in_no_table_hides_nothing_that_does() -> None:
    """Unshown cells are not told of, yet a small one makes the sums that would betray it hide."""
    figures = margins(np.asarray([[3, 0], [40, 50]]))
    inner = evolve(figures, shown=np.asarray([False] * 2 + [True] + [False] * 2 + [True] * 4))
    withheld = suppress(inner, k=5)
    assert withheld[2]
    assert not (withheld & ~inner.shown).any()


def test_what_is_held_back_already_stays_so() -> None:
    """A cell held back for another reason is protected like a small one."""
    figures = margins(np.asarray([20, 30, 40]))
    first = np.asarray([True, False, False, False])
    withheld = suppress(figures, k=5, withheld=first)
    assert withheld[0]
    assert narrow(figures, withheld, [0, 1, 2, 3]) == []


def test_the_same_table_is_held_back_the_same() -> None:
    """Same input, same cells."""
    figures = margins(counts(7))
    assert (suppress(figures, k=5) == suppress(figures, k=5)).all()


def test_the_floor_cannot_be_lowered_below_three() -> None:
    """A smallest group of two is refused."""
    with pytest.raises(Misuse, match="E506"):
        suppress(margins(np.asarray([5])), k=2)


def test_sums_that_do_not_hold_are_refused() -> None:
    """Two people in a total of nobody: no figure could be protected."""
    figures = evolve(margins(np.asarray([0, 0])), people=np.asarray([0, 0, 2]))
    with pytest.raises(Misuse, match="E905"):
        suppress(figures, k=5)
