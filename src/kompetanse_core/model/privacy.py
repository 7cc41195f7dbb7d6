"""Who may know what about a person, and why? Actor, Purpose, Basis, Retention, Access, Release.

Clauses M-13, X-1, X-3 and X-8. The guide names no legal basis and no limit; those are data.
"""

from __future__ import annotations

import hmac
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import NewType

from attrs import field, frozen

from kompetanse_core.model.validators import count, ident, instant, positive

ActorId = NewType("ActorId", str)


class Purpose(Enum):
    """Formål: what personal data are held for; competence data serve nothing else."""

    DEVELOPMENT = "development"
    STAFFING = "staffing"
    STATUTORY_PROOF = "statutory-proof"
    SUBJECT_RIGHTS = "subject-rights"


class Basis(Enum):
    """Behandlingsgrunnlag: the ground in GDPR article 6 on which personal data are held."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTEREST = "legitimate-interest"


class ActorKind(Enum):
    """Aktørtype: in which capacity somebody acts (X-1); a seat, never a membership."""

    MANAGEMENT = "management"
    LEADER = "leader"
    EMPLOYEE = "employee"
    UNION_REPRESENTATIVE = "union-representative"
    ANALYST = "analyst"


class Audience(Enum):
    """Mottaker: for whom a report is made: both parties, or one employee and who leads them."""

    PARTIES = "parties"
    EMPLOYEE = "employee"


class Kept(Enum):
    """Opplysningstype: the kinds of personal facts that a retention rule is about."""

    EMPLOYEE = "employee"
    ENGAGEMENT = "engagement"
    EVIDENCE = "evidence"
    ASSESSMENT = "assessment"
    WISH = "wish"


@frozen(kw_only=True)
class Actor:
    """Aktør: somebody who asks for data or decides, in a stated capacity."""

    id: ActorId = field(validator=ident)
    kind: ActorKind
    unit: str | None = field(default=None, validator=ident)
    employee: str | None = field(default=None, validator=ident)
    """The pseudonym of the person who acts, for a leader or an employee; never for a union seat."""


@frozen(kw_only=True)
class Retention:
    """Lagringstid: how long one kind of personal fact is kept, for which purpose and on what basis.

    A fact's own `keep_until` goes before this.
    """

    kept: Kept
    purpose: Purpose
    basis: Basis
    months: int = field(validator=positive)


@frozen(kw_only=True)
class Access:
    """Innsyn: one reading of personal data: by whom, what for, when."""

    actor: ActorId = field(validator=ident)
    purpose: Purpose
    at: datetime = field(validator=instant)
    subject: str = ""
    """About whom, told to the holder of the key alone (`subject_of`); the store fills it in."""


@frozen(kw_only=True)
class Release:
    """Utlevering: one published row of a table: what it showed, and who stood behind it then.

    `figures` is None where the row was held back. `marks` are keyed hashes of what each
    contributor gave, sorted: they count who came, left or changed, and tell nobody who it was.
    """

    on: date
    table: str
    row: str
    figures: tuple[int, ...] | None
    contributors: int = field(validator=count)
    marks: tuple[str, ...] = field(default=(), repr=False)


def subject_of(employee: str, key: str) -> str:
    """Mark somebody by a key of their own, 64 characters; without a key it marks nobody.

    Whoever destroys the key leaves a mark that fits no name (SEMANTICS.md, privacy).
    """
    name = employee.encode("utf-8", "surrogatepass")
    return hmac.new(key.encode(), name, sha256).hexdigest() if key else ""
