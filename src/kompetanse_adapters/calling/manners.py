"""How does a caller behave? Manners: how long, how often, how much, and to whom."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen
from attrs.validators import ge, gt


@frozen(kw_only=True)
class Manners:
    """Oppførsel: the limits of everything that is asked of one server in one reading.

    `near` names hosts that may stand at a private address and speak without TLS, such as
    `127.0.0.1`; all others stand on the open internet and prove who they are. `authorities` is a
    file of certificates to trust instead of the system's. Nothing turns the proof off.
    """

    seconds: float = field(default=300.0, validator=gt(0))
    """The time for everything together, waiting included."""
    tries: int = field(default=5, validator=ge(1))
    first_wait: float = field(default=0.5, validator=ge(0))
    """Seconds before the second try; each later wait is twice as long, less by chance."""
    longest_wait: float = field(default=30.0, validator=ge(0))
    """Whoever asks for a longer wait is not asked again."""
    most_bytes: int = field(default=64 * 1024 * 1024, validator=gt(0))
    """The size of one answer, unpacked."""
    most_pages: int = field(default=10_000, validator=gt(0))
    near: tuple[str, ...] = ()
    authorities: Path | None = None


GOOD = Manners()
