"""What do the tests of learning records share? A key, and a reader of one file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kompetanse_core import BadInput, Reading
from kompetanse_core.hooks import Source

KEY = "0123456789abcdef"

Members = dict[str, Any]
Open = Callable[..., Source]


def read(open_source: Open, folder: Path, content: object, **more: object) -> Reading:
    """Read one file of the content."""
    path = folder / "records.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return open_source(path, KEY, **more).read()


def refused(reading: Reading) -> list[tuple[str, str]]:
    """Code and place of each finding that refuses."""
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return [(each.code, each.place.column) for each in reading.refused]


def left_out(reading: Reading) -> dict[str, int]:
    """How many objects were left out, by reason."""
    return {each.reason: each.count for each in reading.losses if each.field.endswith(".json")}
