"""What does one Odoo tell, whole or since? Odoo, the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_adapters.calling import GOOD, Line, Manners, Resume, calling, refuse_shrunk
from kompetanse_adapters.odoo.asking import (
    ABOUT_NOBODY,
    ABOUT_PEOPLE,
    DEPARTMENTS,
    EMPLOYEE_SKILLS,
    EMPLOYEES,
    LINES,
    Model,
    Rows,
    ask,
    needed,
)
from kompetanse_adapters.odoo.nouns import employee_of, tell
from kompetanse_adapters.odoo.older import OlderLine, log_in
from kompetanse_adapters.reading import Account, Pseudonyms, read_instant
from kompetanse_core import Changes, Language, Reading

LANGUAGES: Mapping[Language, str] = MappingProxyType(
    {Language.NB: "nb_NO", Language.NN: "nn_NO", Language.EN: "en_US"}
)
"""What Odoo calls the languages of texts."""

_CHANGED = Model(name="hr.employee", fields=("write_date",))
_CHANGED_SKILLS = Model(name=EMPLOYEE_SKILLS.name, fields=("employee_id", "write_date"))
_CHANGED_LINES = Model(name=LINES.name, fields=("employee_id", "write_date"), must_be=False)


@frozen(kw_only=True)
class Odoo:
    """Odoo: the people, jobs and levels of one Odoo, by pseudonym.

    With a `database` and a `login` it is one of versions 14 to 18, asked over JSON-RPC.
    """

    address: str = field(repr=False)
    token: str = field(repr=False)
    people: Pseudonyms
    before: int | None = None
    language: Language = Language.EN
    database: str = field(default="", repr=False)
    login: str = field(default="", repr=False)
    manners: Manners = GOOD

    def read(self, resume: Resume | None = None) -> Reading:
        """Read everything; `resume` goes on from where a reading stopped.

        Raises:
            SourceUnavailable: E701 to E706, as `calling` and `ask` tell; E705, if fewer than half
                of the people that were there before are left.
        """
        account, models = Account(), (*ABOUT_NOBODY, *ABOUT_PEOPLE)
        with self._asking() as line:
            rows = ask(line, models, LANGUAGES[self.language], account, resume=resume)
        refuse_shrunk(len(rows[EMPLOYEES.name]), self.before, name=EMPLOYEES.name)
        return tell(rows, self.people, self.language, account)

    def read_since(self, since: str) -> Changes:
        """Read what is about nobody whole, and anew whoever was changed at or after an instant.

        Whoever leads a department is read anew too, so that who may read about others is right.
        A level that was deleted in Odoo changes nothing there; it is seen by reading everything.

        Raises:
            Misuse: E211, if `since` is no instant; E214, if a row does not say what it must.
            SourceUnavailable: as `read`.
        """
        after = f"{read_instant(since):%Y-%m-%d %H:%M:%S}"
        changed = [["write_date", ">=", after]]
        account, lang = Account(), LANGUAGES[self.language]
        with self._asking() as line:
            here, units = ask(line, (_CHANGED, DEPARTMENTS), lang, Account()).values()
            about = ask(
                line,
                (_CHANGED_SKILLS, _CHANGED_LINES),
                lang,
                Account(),
                domains={EMPLOYEE_SKILLS.name: changed, LINES.name: changed},
            )
            stamps = {needed(node, "id"): node.needed("write_date") for node in here}
            touched = {person for person, stamp in stamps.items() if stamp >= after}
            touched |= {needed(node, "employee_id") for rows in about.values() for node in rows}
            leaders = {node.whole("manager_id") for node in units}
            touched |= {each for each in leaders if each is not None}
            rows = ask(
                line,
                (*ABOUT_NOBODY, *ABOUT_PEOPLE),
                lang,
                account,
                domains=_about(sorted(touched)),
            )
        refuse_shrunk(len(here), self.before, name=EMPLOYEES.name)
        people = tuple(sorted(employee_of(self.people, person) for person in stamps))
        until = max((after, *stamps.values(), *_stamps(about)))
        reading = tell(rows, self.people, self.language, account)
        return Changes(reading=reading, people=people, until=f"{until}Z")

    @contextmanager
    def _asking(self) -> Iterator[Line | OlderLine]:
        """Open a line that speaks what this Odoo understands."""
        with calling(self.address, self.token, self.manners) as line:
            yield log_in(line, self.database, self.login) if self.database else line


def _about(people: list[int]) -> dict[str, list[object]]:
    """Mean the rows about these people only."""
    return {
        EMPLOYEES.name: [["id", "in", people]],
        EMPLOYEE_SKILLS.name: [["employee_id", "in", people]],
        LINES.name: [["employee_id", "in", people]],
    }


def _stamps(rows: Rows) -> list[str]:
    return [node.needed("write_date") for each in rows.values() for node in each]
