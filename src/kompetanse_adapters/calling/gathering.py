"""Is all of it here? Gathered: everything that came page by page, or an error that tells how far.

Whatever is cut short is refused as a whole: nobody gets half of the people (FAULTS F16).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import field, frozen

from kompetanse_adapters.reading import Node
from kompetanse_core import Place, SourceUnavailable


@frozen(kw_only=True)
class Gathered:
    """Samling: what came so far, and where to go on: the token to resume by.

    It holds what the source said about people, so it is for the caller only.
    """

    rows: tuple[Node, ...] = field(default=(), repr=False)
    next: str | None = ""
    """What to ask for the next page by; None when all is here."""


Turn = Callable[[str], tuple[tuple[Node, ...], str | None]]
"""Ask for the page at a cursor: its rows, and the cursor of the next page, if there is one."""


@frozen(kw_only=True)
class Resume:
    """Gjenopptak: what came of each set so far; give it to the next reading to go on from there."""

    sets: Mapping[str, Gathered] = field(repr=False)


def gather(
    turns: Mapping[str, Turn], *, most_pages: int, resume: Resume | None = None
) -> dict[str, tuple[Node, ...]]:
    """Turn page after page of each set until there is none.

    Raises:
        SourceUnavailable: E703, if a cursor comes back or pages never end; or as the source was
            asked. Its `resume` is a `Resume`.
    """
    sets = dict(resume.sets) if resume is not None else {}
    for name, turn in turns.items():
        so_far, seen = sets.get(name, Gathered()), set[str]()
        while so_far.next is not None:
            if so_far.next in seen or len(seen) == most_pages:
                text = "the source gives the same page again, or pages without end"
                raise SourceUnavailable("E703", text, place=Place(file=name))
            seen.add(so_far.next)
            try:
                rows, following = turn(so_far.next)
            except SourceUnavailable as error:
                error.resume = Resume(sets=sets)
                raise
            so_far = Gathered(rows=(*so_far.rows, *rows), next=following)
            sets[name] = so_far
    return {name: sets[name].rows for name in turns}


def refuse_shrunk(found: int, before: int | None, *, name: str) -> None:
    """Stop where a source has fewer than half of the people that it had before (F23).

    Raises:
        SourceUnavailable: E705.
    """
    if before is not None and 2 * found < before:
        text = f"the source holds {found} people, and held {before} before"
        hint = "if this is right, read it without saying how many there were"
        raise SourceUnavailable("E705", text, place=Place(file=name), hint=hint)
