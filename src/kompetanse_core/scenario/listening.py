"""Does whoever waits want it to end, and how far has it come? Ears: asked, and told, on the way."""

from __future__ import annotations

from collections.abc import Callable

from attrs import field, frozen

from kompetanse_core.errors import Interrupted

Told = Callable[[int, int], None]
"""Is told how much is done, and of how much."""
Asked = Callable[[], bool]
"""Says whether what is under way is to end."""


def never() -> bool:
    """Let it go on to its end."""
    return False


@frozen
class Ears:
    """Hold who is asked whether to end and who is told how far it is; a yes is never taken back."""

    interrupted: Asked | None = None
    progress: Told | None = None
    _said: list[bool] = field(factory=list, repr=False)

    def stopped(self) -> bool:
        """Ask whether to end."""
        if self.interrupted is not None and self.interrupted():
            self._said.append(True)
        return self.heard()

    def heard(self) -> bool:
        """Say, without asking, whether anybody has been told to end."""
        return bool(self._said)

    def tell(self, done: int, of: int) -> None:
        """Tell how far it is."""
        if self.progress is not None:
            self.progress(done, of)


def nothing_done(what: str) -> Interrupted:
    """Make the error for what was interrupted before there was anything to give."""
    return Interrupted("E574", f"interrupted before {what}", hint="nothing was kept")
