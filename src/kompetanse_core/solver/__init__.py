"""How is a choice under limits made, and how good is it at least? Numbers only.

`Draft` a `Problem`, `solve` it, and read value, bound and gap off the `Solution`: it is called
proven only where value and bound are the same whole number.
"""

from kompetanse_core.solver.alike import Shrunk, hand_out, shrink
from kompetanse_core.solver.asking import Engine, Terms
from kompetanse_core.solver.assignment import Assignment, assign
from kompetanse_core.solver.blocks import BlockSolution, solve_blocks
from kompetanse_core.solver.crowd import Crowded, solve_crowd
from kompetanse_core.solver.exact import keeps_limits
from kompetanse_core.solver.highs import Warm
from kompetanse_core.solver.infeasible import Relaxed, fewest_to_relax
from kompetanse_core.solver.problem import OPEN, Draft, Kind, Objective, Problem, Sense
from kompetanse_core.solver.relaxation import Relaxation, relax
from kompetanse_core.solver.search import solve
from kompetanse_core.solver.solution import Progress, Solution, Status

__all__ = [
    "OPEN",
    "Assignment",
    "BlockSolution",
    "Crowded",
    "Draft",
    "Engine",
    "Kind",
    "Objective",
    "Problem",
    "Progress",
    "Relaxation",
    "Relaxed",
    "Sense",
    "Shrunk",
    "Solution",
    "Status",
    "Terms",
    "Warm",
    "assign",
    "fewest_to_relax",
    "hand_out",
    "keeps_limits",
    "relax",
    "shrink",
    "solve",
    "solve_blocks",
    "solve_crowd",
]
