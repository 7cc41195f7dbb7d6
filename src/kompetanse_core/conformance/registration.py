"""How does `st.from_type(Competence)` know what to draw? `register`, for Hypothesis' entry point.

Hypothesis calls it whenever it is imported, by whomever: so nothing here may fail, and nothing is
imported before it is called.
"""

from contextlib import suppress
from importlib import import_module


def register() -> None:
    """Teach Hypothesis every noun of the model; if anything is broken, leave it untaught."""
    with suppress(Exception, SystemExit):
        import_module("kompetanse_core.conformance.teaching").teach()
