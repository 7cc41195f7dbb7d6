"""How does a person ask, at a terminal? The command `kompetanse`.

Results go to standard output, everything about them to standard error. What leaves here is
guarded like a report: small groups are held back, and nobody is named without actor and purpose.
Exit codes: see docs/reference/errors.md.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    if find_spec("click") is None:
        sys.stderr.write("kompetanse: the command line needs the extra cli: kompetanse[cli]\n")
        sys.exit(2)
    from kompetanse_adapters.cli.leaving import run, watch

    watch()
    sys.exit(run(sys.argv[1:]))
