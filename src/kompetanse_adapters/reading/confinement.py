"""How does what may hang, swallow memory or crash do so alone? `confined`, in a process of its own.

It guards against accidents and hostile files, not against hostile code: whatever runs here may do
what its user may. Where the operating system knows no limits on memory, only time is limited.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from kompetanse_core import KompetanseError, PluginFailed, SourceUnavailable

T = TypeVar("T")

MEMORY = 512 * 1024 * 1024
SECONDS = 60

_SERVE = (
    "import sys; from kompetanse_adapters.reading import confinement as c; c.serve(*sys.argv[1:])"
)
_QUIET = MappingProxyType({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
"""Each thread of a numeric library reserves memory that it never uses."""


def confined(
    call: Callable[..., T], *given: object, memory: int = MEMORY, seconds: float = SECONDS
) -> T:
    """Call in a child process that may take so many bytes and seconds, and give what it gives.

    `call`, what it is given and what it gives must be able to travel: a function of a module, and
    plain values or nouns. The answer may be as large as the memory. Errors of ours come through.

    Raises:
        SourceUnavailable: E305, if it took too long or too much, or its process died.
        PluginFailed: E602, if it raised something else, or gave what cannot travel.
    """
    with tempfile.TemporaryDirectory(prefix="kompetanse-") as name:
        folder = Path(name)
        (folder / "call").write_bytes(pickle.dumps((call, given)))
        _run(folder, memory, seconds)
        answer = folder / "answer"
        if not answer.exists():
            raise _ended("died")
        give = pickle.loads(answer.read_bytes())
    result: T = give()
    return result


def _run(folder: Path, memory: int, seconds: float) -> None:
    """Wait for the child, and leave nothing of it behind."""
    command = [sys.executable, "-P", "-c", _SERVE, str(folder), str(memory), str(seconds)]
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_QUIET},
        start_new_session=True,
    )
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        raise _ended(f"took more than {seconds:g} seconds") from None
    finally:
        _kill_all_of(child)


def _kill_all_of(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it has started itself."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # nothing of it may be left
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()


def _ended(how: str) -> SourceUnavailable:
    text = f"what ran in a limited process {how}"
    return SourceUnavailable("E305", text, hint="nothing of it was taken over")


# --- in the child -----------------------------------------------------------------------------


def serve(name: str, memory: str, seconds: str) -> None:
    """Answer the call that lies in a folder; this is where the child process begins."""
    folder = Path(name)
    _limit(int(memory), float(seconds))
    part = folder / "part"
    part.write_bytes(_answer(folder / "call"))
    part.rename(folder / "answer")


def _limit(memory: int, seconds: float) -> None:
    """Limit memory beyond what Python itself has taken, the processor's time, and files."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows knows no such limits
        return
    limits = {
        resource.RLIMIT_AS: _taken() + memory,
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_FSIZE: memory,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        _, most = resource.getrlimit(kind)
        least = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(kind, (least, least))


def _taken() -> int:
    """Give the bytes that this process has reserved; none where nobody tells."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if told.exists() else 0


def _answer(asked: Path) -> bytes:
    """Make the call; whatever comes of it travels as something to be called by the parent."""
    try:
        call, given = pickle.loads(asked.read_bytes())
        return pickle.dumps(partial(_give, call(*given)))
    except MemoryError:
        return pickle.dumps(partial(_refuse, _ended("took too much memory")))
    except KompetanseError as error:
        return pickle.dumps(partial(_refuse, error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the parent is told
        text = f"what ran in a limited process raised {type(error).__name__}"
        return pickle.dumps(partial(_refuse, PluginFailed("E602", text)))


def _give(answer: T) -> T:
    return answer


def _refuse(error: KompetanseError) -> None:
    raise error
