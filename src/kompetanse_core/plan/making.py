"""What should be done within these limits? `make_plan` chooses, and says how sure it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from kompetanse_core.columns import Table
from kompetanse_core.model.enterprise import Finding, Particular, Severity
from kompetanse_core.plan.accounting import Account, account_for
from kompetanse_core.plan.drafting import Draft, draft_all
from kompetanse_core.plan.gathering import gather
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.nouns import CLOSINGS, CostBearer, PlanItem
from kompetanse_core.plan.programme import write_programme
from kompetanse_core.plan.scene import Scene, set_scene
from kompetanse_core.plan.searching import Ears, search
from kompetanse_core.plan.stopping import how_it_ended
from kompetanse_core.plan.undertaking import not_fitting
from kompetanse_core.plan.whole import Plan
from kompetanse_core.plan.wishing import aspirations_of
from kompetanse_core.recommendation import Recommendations
from kompetanse_core.solver import Progress
from kompetanse_core.strategy import demands_on

NO_LIMITS = Limits()


def make_plan(
    recommendations: Recommendations,
    limits: Limits = NO_LIMITS,
    *,
    progress: Callable[[Progress], None] | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Plan:
    """Choose what to do within the limits: as much of the gap as can be closed, then cheaply.

    The plan is a proposal. It says what it closes, what is left, and how much better any other
    plan within the limits could be at most. It is never worse than what haste would choose.

    Args:
        progress: is told now and then how the search stands.
        interrupted: is asked often; once it says yes the best plan so far is returned, marked as
            interrupted. `stop_on_ctrl_c` gives one that listens to Ctrl-C.

    Raises:
        Misuse: E503, if the limits ask for what is no measure with the aim of society.
        SolverFailed: E901 to E903, if the solver is missing, fails, or cannot be exact.
    """
    begun = time.monotonic()
    scene = set_scene(recommendations, limits)
    programme = write_programme(gather(scene))
    found = search(programme, limits, Ears(progress=progress, interrupted=interrupted), begun)
    account = account_for(programme, found.chosen)
    draft = Draft(
        scene=scene,
        choices=programme.choices,
        chosen=found.chosen,
        account=account,
        demands=demands_on(scene.gaps.enterprise, scene.gaps.on),
    )
    items = draft_all(draft)
    return Plan(
        recommendations=recommendations,
        limits=limits,
        items=items,
        closings=Table.of(CLOSINGS, account.closings),
        fillings=account.fillings,
        musterings=account.musterings,
        value=found.worth[0],
        bound=found.bound,
        cut=found.cut,
        interrupted=found.interrupted,
        undertakings=scene.undertakings,
        wishes=aspirations_of(scene, programme.choices, found.chosen, draft.demands),
        findings=(*how_it_ended(found), *_findings(scene, account, items)),
    )


def _findings(scene: Scene, account: Account, items: tuple[PlanItem, ...]) -> Iterator[Finding]:
    yield from _statutory(scene, account)
    yield from _headcounts(scene, account)
    yield from not_fitting(scene.undertakings)
    loose = sorted({str(i.measure) for i in items if i.bearer is CostBearer.OPEN and i.measure})
    for measure in loose:
        yield _warning(
            "W535",
            f"measure {measure} is planned for requirements that no need stands behind (A-7)",
            hint="say which need it serves; until then it is open who pays",
            about=(("measure", measure),),
        )


def _statutory(scene: Scene, account: Account) -> Iterator[Finding]:
    """Never leave in silence what the authorities require: say where it stays unmet, and since."""
    rows = scene.gaps.rows
    statutory, competence = rows.column("statutory").tolist(), rows.column("competence").tolist()
    left: dict[str, int] = {}
    for closing in account.closings:
        if statutory[closing.gap] and closing.left:
            key = rows.words_of("competence").values[competence[closing.gap]]
            left[key] = left.get(key, 0) + closing.left
    for key in sorted(left):
        yield _warning(
            "W534",
            f"the statutory requirement of {key} is unmet on {scene.gaps.on} and stays so",
            hint="raise the limits, or let others do this work",
            about=(("competence", key), ("on", scene.gaps.on)),
        )


def _headcounts(scene: Scene, account: Account) -> Iterator[Finding]:
    for each in account.musterings:
        if each.split.left:
            asked = scene.gaps.headcounts[each.headcount].headcount
            text = f"unit {asked.unit} has too few people who hold {asked.competence}"
            first = "statutory: " if asked.statutory else ""
            hint = f"{first}recruit, or train more than the roles ask"
            about = (("competence", asked.competence), ("unit", asked.unit))
            yield _warning("W538", text, hint=hint, about=about)


def _warning(code: str, text: str, *, hint: str, about: tuple[Particular, ...]) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, text=text, hint=hint, about=about)
