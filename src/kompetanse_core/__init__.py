"""What does this enterprise need to know, and how does it get there? The front door.

`__init__.pyi` is the plate beside it: every public name, and the room that it comes from. A room is
entered when one of its names is first asked for; whoever needs one room does not wait for all.
"""

import ast
import pathlib
from collections.abc import Iterator
from importlib import import_module
from types import MappingProxyType


def _plate() -> Iterator[tuple[str, str]]:
    """Read every public name off the plate, each with its room."""
    plate = pathlib.Path(__file__).with_suffix(".pyi").read_text("utf-8")
    for line in ast.parse(plate).body:
        if isinstance(line, ast.ImportFrom) and line.module:
            yield from ((name.name, line.module) for name in line.names)


_ROOMS = MappingProxyType(dict(_plate()))
__all__ = sorted(_ROOMS)  # noqa: PLE0605  it is a list, if not one that is written out


def __getattr__(name: str) -> object:
    """Enter the room of a name, and keep the name at hand."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_ROOMS[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*globals(), *__all__]
