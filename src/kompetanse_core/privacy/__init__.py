"""Who may know what, and which figures may be told? Rights, lock, retention, suppression."""

from kompetanse_core.privacy.deletion import Due, due_for_deletion
from kompetanse_core.privacy.ledger import Ledger
from kompetanse_core.privacy.lock import left_out, narrowed, refuse_narrowed
from kompetanse_core.privacy.rights import (
    Sight,
    Step,
    actor_called,
    asks_for_own,
    handed_out,
    refuse_erasing,
    refuse_others,
    seen,
    sight,
)

__all__ = [
    "Due",
    "Ledger",
    "Sight",
    "Step",
    "actor_called",
    "asks_for_own",
    "due_for_deletion",
    "handed_out",
    "left_out",
    "narrowed",
    "refuse_erasing",
    "refuse_narrowed",
    "refuse_others",
    "seen",
    "sight",
]
