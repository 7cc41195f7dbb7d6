"""What does every test share? The real data beside the repository, and how hard to search."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# Explaining a failure traces every line of every try, and memory grows with it by gigabytes.
PHASES = tuple(each for each in Phase if each is not Phase.explain)

# Time is never a verdict here: the machine is shared, so neither deadlines nor slow draws fail.
settings.register_profile(
    "dev",
    max_examples=20,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "ci",
    max_examples=30,
    deadline=None,
    phases=PHASES,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    max_examples=int(os.environ.get("KOMPETANSE_EXAMPLES", "500")),
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The official data sets: `$KOMPETANSE_DATA`, else `../shared/data` beside the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("KOMPETANSE_DATA", beside))
    if not folder.is_dir():
        pytest.skip("no official data: set KOMPETANSE_DATA or put it in ../shared/data")
    return folder
