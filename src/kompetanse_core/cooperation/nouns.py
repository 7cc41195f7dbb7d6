"""How does each clause stand? Account, one clause with its evidence, and FollowUp, all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from types import MappingProxyType

from attrs import evolve, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.mapping import Freshness
from kompetanse_core.model.cooperation import Event, EventId, Register
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.privacy import Actor
from kompetanse_core.model.rule import Effect, Rule
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import UnitId
from kompetanse_core.plan import Plan
from kompetanse_core.rules import Check, RulesInForce


class Standing(Enum):
    """Status: how one clause stands on a day, as far as the evidence goes."""

    KEPT = "kept"
    """The evidence shows it."""
    DUE = "due"
    """It is still to be done, and its time is not over."""
    MISSING = "missing"
    """It should have been done by now, and nothing shows that it was."""
    NOT_APPLICABLE = "not-applicable"
    """There is nothing here yet that the clause is about."""

    @property
    def words(self) -> Text:
        """Say it in a word or two."""
        return _STANDINGS[self]


_STANDINGS = MappingProxyType(
    {
        Standing.KEPT: Text(nb="oppfylt", nn="oppfylt", en="kept"),
        Standing.DUE: Text(nb="gjenstår", nn="står att", en="due"),
        Standing.MISSING: Text(nb="mangler", nn="manglar", en="missing"),
        Standing.NOT_APPLICABLE: Text(nb="ikke aktuelt", nn="ikkje aktuelt", en="not applicable"),
    }
)


@frozen(kw_only=True)
class Account:
    """Redegjørelse: how one clause stands, said in a sentence, with what shows it.

    `events`, `units` and `measures` are what the sentence rests on; nobody is named or counted.
    """

    rule: Rule
    standing: Standing
    told: Text
    events: tuple[EventId, ...] = ()
    units: tuple[UnitId, ...] = ()
    measures: tuple[MeasureId, ...] = ()

    @property
    def warns(self) -> bool:
        """Whether a duty or a clear advice lacks: what is only offered never warns."""
        return self.standing is Standing.MISSING and self.rule.effect in (Effect.WARN, Effect.STOP)


@frozen(kw_only=True, repr=False, eq=False)
class FollowUp:
    """Oppfølging: every clause that names a check, in the order of the rules, on one day."""

    enterprise: Enterprise
    plan: Plan | None
    on: date
    rules: RulesInForce
    accounts: tuple[Account, ...]
    findings: tuple[Finding, ...] = ()
    """Events out of order, and decisions that name nobody: shown as such, never mended.

    Units whose mapping is overdue, too.
    """
    months: int | None = None
    """The shortest interval at which a rule asks for mapping; None where no rule asks."""
    fresh: tuple[Freshness, ...] = ()
    """How fresh the mapping of each unit is by that interval."""

    def __len__(self) -> int:
        """Count the clauses that are answered."""
        return len(self.accounts)

    def __iter__(self) -> Iterator[Account]:
        """Yield the accounts in the order of the rules."""
        return iter(self.accounts)

    def __repr__(self) -> str:
        """Count the clauses by how they stand."""
        counts = ", ".join(f"{len(self.by(each))} {each.value}" for each in Standing)
        return f"<FollowUp on {self.on}: {counts}>"

    def __str__(self) -> str:
        """Write one line for each clause: its id, how it stands, and why."""
        return "\n".join(
            f"{each.rule.clause:<5} {each.standing.words!s:<13} {each.told}" for each in self
        )

    def of(self, clause: str) -> Account:
        """Give the account of one clause.

        Raises:
            Misuse: E503, if the clause names no check.
        """
        for account in self.accounts:
            if account.rule.clause == clause:
                return account
        raise Misuse("E503", f"the follow-up does not answer the clause {clause!r}")

    def answering(self, check: Check) -> tuple[Account, ...]:
        """Give the accounts of the rules that name a check, whatever their clauses are called."""
        return tuple(account for account in self.accounts if account.rule.check == check.value)

    def by(self, standing: Standing) -> tuple[Account, ...]:
        """Give the accounts that stand in one way."""
        return tuple(account for account in self.accounts if account.standing is standing)

    @property
    def warnings(self) -> tuple[Account, ...]:
        """Give what should have been done by now and is not."""
        return tuple(account for account in self.accounts if account.warns)


@frozen(kw_only=True, repr=False, eq=False)
class Decision:
    """Beslutning: a plan that somebody on management's side has decided, and how it was entered.

    `event` stands last in `register`; it refers to the drøftinger that came before it (R-6).
    """

    plan: Plan
    actor: Actor
    on: date
    event: Event
    register: Register = field(repr=False)

    def __repr__(self) -> str:
        """Name the event, never what is decided about anybody."""
        return f"<Decision {self.event.id} on {self.on}>"

    @property
    def enterprise(self) -> Enterprise:
        """Give the enterprise with the decision in its register."""
        return evolve(self.plan.gaps.enterprise, register=self.register)
