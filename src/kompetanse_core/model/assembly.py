"""Does everything hang together? A Reading: the enterprise and what only the whole can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kompetanse_core.errors import Place
from kompetanse_core.model.border import national_numbers
from kompetanse_core.model.enterprise import Enterprise, Finding, Loss, Reading
from kompetanse_core.model.levels import levels
from kompetanse_core.model.places import Places
from kompetanse_core.model.profiles import profiles, shares
from kompetanse_core.model.references import areas, dangling, duplicates, rings
from kompetanse_core.model.succeeding import successions

NO_PLACES: Mapping[object, Place] = MappingProxyType({})

CHECKS = (
    *(duplicates, dangling, areas, rings, successions),
    *(levels, shares, profiles, national_numbers),
)
"""What only the whole can tell. What one noun can tell of itself, the noun has refused already."""


def assemble(
    parcel: Enterprise,
    *,
    places: Mapping[object, Place] = NO_PLACES,
    findings: Iterable[Finding] = (),
    losses: Iterable[Loss] = (),
) -> Reading:
    """Check an enterprise as a whole and tell every flaw at once, sorted by place, then code.

    `places` maps a noun to where its source read it; a row without a place is named by the Python
    expression that gives it, such as `enterprise.roles[3]`. `findings` and `losses` are what the
    source found itself. No finding quotes a personal row. FAULTS 65 to 72, 81
    and 82.
    """
    where = Places(parcel=parcel, known=places)
    found = (finding for check in CHECKS for finding in check(where))
    return Reading(
        parcel=parcel,
        findings=tuple(sorted((*findings, *found), key=_in_order)),
        losses=tuple(losses),
    )


def _in_order(finding: Finding) -> tuple[str, int, str, str, str]:
    place = finding.place
    return place.file, place.row or 0, finding.code, place.column, finding.text
