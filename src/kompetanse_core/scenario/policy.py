"""What is done about it? Policy: a function that looks at a Situation and gives Actions.

What raises, is late or spends too much does nothing; it is told, and the runs are marked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.validators import count, ident, positive
from kompetanse_core.scenario.actions import NOTHING, Actions
from kompetanse_core.scenario.frames import Frame, in_force, in_order
from kompetanse_core.scenario.situation import Situation

HINTS: Mapping[str, str] = MappingProxyType(
    {
        "W571": "nothing was done in these runs; ask the policy alone to see why",
        "W572": "nothing was done from then on; give it more seconds, or fewer runs",
        "W573": "nothing was done in these runs; raise the budget, or let it spend less",
    }
)

Decide = Callable[[Situation], Actions | Sequence[Actions]]
"""Gives the actions for all runs, or those of each run in order."""


def _nothing(situation: Situation) -> Actions:
    return NOTHING


@frozen(kw_only=True)
class Decision:
    """Beslutning: the different actions decided, and the number of those of each run, (runs,)."""

    actions: tuple[Actions, ...]
    of: Array = field(eq=False)
    marked: Array = field(eq=False)
    """The runs, (runs,), in which the policy failed and so did nothing."""
    findings: tuple[Finding, ...] = ()


@frozen(kw_only=True)
class Policy:
    """Handlingsmåte: a named function, how often it is asked, and within what it must stay.

    It is asked on the first day, about all runs at once, and every so many `months` after that
    (None: never again). `budget` is the most that one decision may cost in any run. `seconds` are
    for all its decisions together, counted between them: one that is late does nothing, and it is
    not asked again.
    """

    name: str = field(validator=ident)
    label: Text = NO_TEXT
    """What a report calls it; its name where there is none."""
    decide: Decide = field(default=_nothing, repr=False)
    months: int | None = field(default=None, validator=positive)
    budget: int | None = field(default=None, validator=count)
    seconds: int | None = field(default=None, validator=positive)
    frames: tuple[Frame, ...] = field(default=(), converter=in_order)
    """What a scenario says of its budgets, as `framed` gives it."""

    def framed(self, frames: Sequence[Frame]) -> Policy:
        """Make the same policy for a scenario whose frames say what may be spent, and when."""
        return evolve(self, frames=(*self.frames, *frames))

    def turns(self, periods: int, months: int) -> tuple[int, ...]:
        """Give the periods, of so many months each, at whose beginning it is asked."""
        if self.months is None:
            return (0,)
        every = [turn * months // self.months for turn in range(periods)]
        return tuple(turn for turn in range(periods) if turn == 0 or every[turn] > every[turn - 1])


NO_POLICY = Policy(name="none", label=Text(nb="uten plan", nn="utan plan", en="no plan"))


@frozen
class Clerk:
    """Ask a policy time after time, and count the seconds that it has taken."""

    policy: Policy
    _spent: list[float] = field(factory=list)

    def ask(self, situation: Situation) -> Decision:
        """Ask once, and let what breaks the rules do nothing."""
        limit, name = self.policy.seconds, self.policy.name
        late = f"policy {name}: over {limit} seconds"
        if limit is not None and sum(self._spent) > limit:
            return self._failed(situation, "W572", f"{late}, so it was not asked again")
        situation = evolve(situation, frame=in_force(self.policy.frames, situation.on))
        began = time.monotonic()
        try:
            answer: object = self.policy.decide(situation)
            given = tuple(answer) if isinstance(answer, Sequence) else (answer,)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - what a user's policy raises is told
            return self._failed(situation, "W571", f"policy {name}: {type(error).__name__}")
        finally:
            self._spent.append(time.monotonic() - began)
        if limit is not None and sum(self._spent) > limit:
            return self._failed(situation, "W572", late)
        actions = [each for each in given if isinstance(each, Actions)]
        if len(actions) < len(given):
            return self._failed(situation, "W571", f"policy {name} gave no Actions")
        if len(given) not in (1, len(situation)):
            return self._failed(situation, "W571", f"policy {name} gave Actions for other runs")
        return self._within(actions, len(situation), situation.frame.of(self.policy.budget))

    def _within(self, given: Sequence[Actions], runs: int, budget: int | None) -> Decision:
        """Leave out the actions that cost too much, and mark their runs."""
        number = {id(each): place for place, each in reversed([*enumerate(given)])}
        firsts = sorted(set(number.values()))
        place = {first: spot for spot, first in enumerate(firsts)}
        of = np.array([place[number[id(each)]] for each in given], np.int64)
        actions = [given[first] for first in firsts]
        dear = np.array([budget is not None and each.cost > budget for each in actions])
        of = np.broadcast_to(of, runs) if len(given) == 1 else of
        marked = dear[of]
        told = f"policy {self.policy.name} spends more than its budget in {int(marked.sum())} runs"
        return Decision(
            actions=tuple(
                NOTHING if spends else each for each, spends in zip(actions, dear, strict=True)
            ),
            of=of,
            marked=marked,
            findings=(self._told("W573", told),) if dear.any() else (),
        )

    def _failed(self, situation: Situation, code: str, text: str) -> Decision:
        runs = len(situation)
        return Decision(
            actions=(NOTHING,),
            of=np.broadcast_to(np.int64(0), runs),
            marked=np.broadcast_to(np.True_, runs),
            findings=(self._told(code, text),),
        )

    def _told(self, code: str, text: str) -> Finding:
        about = (("policy", self.policy.name),)
        return Finding(
            code=code, severity=Severity.WARNING, text=text, hint=HINTS[code], about=about
        )
