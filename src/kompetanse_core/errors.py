"""What can go wrong? Every error with its stable code, place and hint.

Data flaws are `Finding`s (see `kompetanse_core.model.enterprise`); the exceptions here are for
misuse, for a caller who asks for an enterprise that was refused, and for the world outside
failing. No message holds a personal value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Protocol

from attrs import frozen


@frozen(kw_only=True)
class Place:
    """Say where something stands: a file, a row (1-based, the header is row 1), a column."""

    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        """Write the place as `file:row [column]`, leaving out what is not known."""
        row = "" if self.row is None else f":{self.row}"
        column = f" [{self.column}]" if self.column else ""
        return f"{self.file}{row}{column}".strip()


NOWHERE = Place()


class Flaw(Protocol):
    """What an error needs to know of the findings it carries."""

    @property
    def code(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def place(self) -> Place: ...
    @property
    def hint(self) -> str: ...


class KompetanseError(Exception):
    """Root of everything this library raises: a stable code, a text, a place and a hint."""

    exit_code = 70

    def __init__(self, code: str, text: str, *, place: Place = NOWHERE, hint: str = "") -> None:
        """Keep code, text, place and hint apart, so that a program can read each."""
        super().__init__(code, text, place, hint)
        self.code, self.text, self.place, self.hint = code, text, place, hint

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from its parts when pickled."""
        rebuilt = partial(type(self), self.code, self.text, place=self.place, hint=self.hint)
        return rebuilt, ()

    def __str__(self) -> str:
        """Write one line: place, code, text, hint."""
        where = f"{self.place}: " if str(self.place) else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.code} {self.text}{hint}"


class Misuse(KompetanseError, ValueError):
    """Tell the caller that a call or a noun was given something that cannot be."""

    exit_code = 2


class BadInput(KompetanseError, ValueError):
    """Refuse an enterprise whose data are too flawed, carrying all findings at once."""

    exit_code = 3

    def __init__(self, findings: Sequence[Flaw]) -> None:
        """Keep every finding; the text counts them and quotes the first."""
        if not findings:
            raise ValueError("BadInput carries at least one finding")
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(first.code, first.text + more, place=first.place, hint=first.hint)
        self.findings = tuple(findings)

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the findings when pickled."""
        return type(self), (self.findings,)


class SourceUnavailable(KompetanseError):
    """Say that a source could not be reached or gave no usable answer.

    `resume`, where a source gives one, lets the next reading go on from where this one stopped.
    """

    exit_code = 4
    resume: object = None


class StoreUnavailable(KompetanseError):
    """Say that a store could not be reached, read or written; what it held is as before."""

    exit_code = 4


class VersionConflict(StoreUnavailable):
    """Say that somebody else saved first, naming both versions."""

    def __init__(self, *, expected: int, found: int) -> None:
        """Keep the version that the caller knew and the one that the store has."""
        text = f"the store has version {found}, the caller knew version {expected}"
        super().__init__("E803", text, hint="load again, apply your change, save again")
        self.expected, self.found = expected, found

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from both versions when pickled."""
        return _version_conflict, (self.expected, self.found)


class PrivacyRefused(KompetanseError):
    """Refuse to let personal data leave without the actor, purpose or number that it takes."""

    exit_code = 5


class PluginFailed(KompetanseError):
    """Say that a plugin was asked for and cannot serve."""

    exit_code = 6


class Interrupted(KompetanseError):
    """Say that whoever waited ended something before there was anything to give of it."""

    exit_code = 130


class SolverFailed(KompetanseError):
    """Say that the solver is missing, failed, or met numbers too large to be exact."""


class DecisionStopped(KompetanseError):
    """Stop a decision that a rule with the effect `stop` forbids (R-5, B-16, A-15)."""

    exit_code = 5


def _version_conflict(expected: int, found: int) -> VersionConflict:
    return VersionConflict(expected=expected, found=found)


CODES: Mapping[str, str] = MappingProxyType(
    {
        "E101": "text is not in a readable encoding",
        "E104": "two ids are the same after Unicode normalisation (NFC)",
        "E105": "an id holds invisible or direction-changing characters",
        "E106": "text holds a NUL character",
        "E107": "text holds a lone surrogate",
        "E108": "text holds control characters that the format cannot carry",
        "E109": "a single text is too long",
        "N101": "text was read as Windows-1252",
        "W102": "characters that are unlikely in this language",
        "W103": "text looks encoded twice",
        "E201": "a row has too many or too few fields",
        "E202": "a quotation mark is never closed",
        "E203": "the header is not in the first row",
        "E204": "a column stands twice in the header",
        "E205": "a column is unknown",
        "E206": "there is nothing to read",
        "E207": "a column that must be there is missing",
        "W207": "a row looks like a sum, not a fact",
        "W208": "a file is not read",
        "E208": "the file holds more than one table",
        "E209": "a field is too long",
        "E210": "a number cannot be read without guessing",
        "E211": "a date cannot be read without guessing",
        "E212": "a yes or no cannot be read without guessing",
        "E213": "a word is not one of those that may stand here",
        "E214": "a value that must be there is missing",
        "N215": "columns were recognised by another name",
        "E301": "the file is no workbook that can be read",
        "E302": "a cell holds an error of the spreadsheet",
        "E303": "a formula has no stored value",
        "W304": "rows, columns or sheets are hidden",
        "E305": "what ran in a limited process took too long or too much, or died",
        "W305": "a number may have been an id, and have lost digits",
        "E401": "a number is not finite",
        "E402": "a key stands twice",
        "E403": "nested too deeply, or a number too long",
        "E404": "a key or schema version is unknown",
        "E405": "a secret stands in a file",
        "E406": "a path leads out of its folder",
        "E407": "the file is not valid TOML or JSON",
        "E501": "a level is not a whole number",
        "E502": "a level is outside its scale, or two scales meet without a crosswalk",
        "E503": "a reference leads to nothing",
        "E504": "relations run in a circle",
        "E505": "an id stands twice",
        "E506": "a requirement or weight is not positive",
        "E507": "an interval ends before it begins",
        "E508": "a measure cannot be carried out as written",
        "E509": "a number is above what can be counted exactly",
        "E510": "something points at itself",
        "E511": "shares do not fit together",
        "W512": "a direct assessment is lower than the implied level",
        "W513": "sources disagree about a level",
        "W514": "nothing says why this is required (A-7)",
        "W515": "a profile covers only one group of competence (K-6)",
        "W516": "a role is asked for proofs that no evidence can give together",
        "E516": "a local rule weakens the floor (T-3)",
        "W517": "no measure lifts a whole group of competence that is missing (K-6)",
        "W518": "an event was entered after a later one",
        "W519": "the mapping of a unit is overdue (A-12, M-4)",
        "W520": "a measure is agreed on while something it takes is not cleared up (S-4)",
        "W521": "facts about people are held for another purpose and left out (M-13)",
        "W531": "a project states no learning aim and counts for nothing (R-16)",
        "W532": "a vacant seat has no labour market to recruit from (G-8)",
        "W533": "no measure lifts what is missing (G-6, G-8)",
        "W534": "a statutory requirement stays unmet (B-6)",
        "W535": "a measure is planned for what no need stands behind (A-7, A-15)",
        "W536": "a strategy opens a way that cannot be open",
        "W537": "the search for a plan ended before the plan was proven best",
        "W538": "a unit has too few people who hold what it must have (G-8)",
        "W539": "a measure that is asked for society does not fit within the limits (H-8)",
        "N540": "no need stands behind what somebody wishes for (A-7, H-7)",
        "E551": "free text holds a national identity number",
        "E552": "a column holds a special category of personal data",
        "E553": "the figure would tell something about every member of a group",
        "E554": "personal data asked for without actor and purpose",
        "E555": "a plugin yields something that is not one of its hook's nouns",
        "E556": "what was read for one purpose cannot be kept as the whole (M-13)",
        "E561": "a measure that affects daily operation is not drøftet before the decision (R-5)",
        "E562": "a matter of operation or economy is not drøftet before the decision (B-16)",
        "E563": "an employee is charged for education that the enterprise needs (A-15)",
        "E564": "a decision names nobody on the side of management",
        "E565": "a rule that stops, of another country or agreement, is not kept",
        "E566": "a later register lacks events that were in the earlier one",
        "E571": "a chance or per cent is out of its range, or chances add up to more than certain",
        "E574": "interrupted before there was anything to give",
        "W571": "a policy raised, or gave no actions",
        "W572": "a policy took too long",
        "W573": "a policy breaks its limits",
        "E601": "a plugin could not be imported",
        "E602": "a plugin raised when called",
        "E603": "two plugins claim one name",
        "E604": "no plugin of that name",
        "E605": "a plugin implements a hook that does not exist",
        "E606": "a plugin asks for another version of the hooks",
        "E701": "a source gave up after several tries",
        "E702": "a source changed its shape",
        "E703": "a source answered with something else",
        "E704": "an address is not allowed",
        "E705": "a source suddenly holds far fewer people",
        "E706": "a source is not there or cannot be read",
        "N710": "the source asks to be named where its content is used",
        "N711": "how many rows were read, kept and left out",
        "E801": "the store is full",
        "E802": "the store cannot be opened",
        "E803": "somebody else saved first",
        "E804": "the store is of another kind or version",
        "E805": "the log of accesses has been changed",
        "E806": "a password stands in the address of a store",
        "E901": "the solver is missing",
        "E902": "the solver failed",
        "E903": "numbers are too large to be exact",
        "E904": "a column breaks its promise",
        "E905": "a problem of choice does not hang together",
        "E906": "an extra that this takes is not installed",
    }
)
"""Every code and what it means; the reference page is generated from here."""
