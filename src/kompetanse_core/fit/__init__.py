"""Who fits which role, and which roles lie near each other? Fits, Transfers and Likenesses."""

from kompetanse_core.fit.fits import BY_PERSON, BY_ROLE, Fit, Fits, Qualification, find_fits
from kompetanse_core.fit.roles import (
    LIKENESSES,
    TRANSFERS,
    Likeness,
    Transfer,
    similarity,
    transferability,
)

__all__ = [
    "BY_PERSON",
    "BY_ROLE",
    "LIKENESSES",
    "TRANSFERS",
    "Fit",
    "Fits",
    "Likeness",
    "Qualification",
    "Transfer",
    "find_fits",
    "similarity",
    "transferability",
]
