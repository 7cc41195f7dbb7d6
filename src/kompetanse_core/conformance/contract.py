"""How does a list of promises become a test class? `contract`, for anybody's tests.

A contract is a function that makes a class, because Hypothesis refuses a test that is inherited.
What an adapter does not promise is data with a reason, and shows as a test skipped for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from kompetanse_core.errors import Misuse

S = TypeVar("S")

NEVER: Mapping[str, str] = MappingProxyType({})


def contract(
    name: str,
    subject: S,
    promises: tuple[Callable[[S], None], ...],
    never: Mapping[str, str],
) -> type:
    """Make a test class with one test for each promise, called after the function that checks it.

    Raises:
        Misuse: E604, if `never` names something that nobody promised; E214, if it gives no reason.
    """
    names = [promise.__name__ for promise in promises]
    for departure, reason in never.items():
        if departure not in names:
            text = f"{name} has no promise {departure!r}"
            raise Misuse("E604", text, hint=f"the promises are {', '.join(names)}")
        if not reason.strip():
            raise Misuse("E214", f"give a reason why {departure!r} is not promised")
    tests = {f"test_{each.__name__}": _test(each, subject, never) for each in promises}
    return type(name, (), tests)


def patiently() -> settings:
    """Give the settings in force, but for time: a slow machine breaks no promise."""
    return settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _test(
    promise: Callable[[S], None], subject: S, never: Mapping[str, str]
) -> Callable[[object], None]:
    reason = never.get(promise.__name__)

    def test(self: object) -> None:
        if reason is not None:
            pytest.skip(f"not promised: {reason}")
        promise(subject)

    test.__doc__ = promise.__doc__
    return test
