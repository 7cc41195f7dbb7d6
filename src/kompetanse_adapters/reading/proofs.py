"""What do learning records prove, and of whom? Proof, and the Proofs that become an enterprise.

People go by pseudonym, and so do proofs: the address of a credential leads to its holder. What
nobody has verified is only claimed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import UTC, date, datetime
from pathlib import Path

from attrs import field, frozen

from kompetanse_adapters.reading.account import Account
from kompetanse_adapters.reading.address import HELD
from kompetanse_adapters.reading.files import content_of, files_at
from kompetanse_adapters.reading.json import Node, read_json
from kompetanse_adapters.reading.place import find
from kompetanse_adapters.reading.pseudonym import Pseudonyms
from kompetanse_core import (
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Evidence,
    EvidenceId,
    EvidenceKind,
    KompetanseError,
    Misuse,
    Place,
    Reading,
    assemble,
)

_MEMBER = re.compile(r"@?[A-Za-z]\w{0,39}")


@frozen(kw_only=True)
class Proof:
    """Bevis: what one credential or statement says, before it is anybody's evidence.

    `key` is its id in the source, `holder` what the source calls the person by. `at` is when the
    source came to know it.
    """

    key: str = field(repr=False)
    holder: str = field(repr=False)
    kind: EvidenceKind
    qualification: str = ""
    competences: tuple[Competence, ...] = ()
    issued: date | None = None
    expires: date | None = None
    verified: bool = False
    at: datetime | None = None
    place: Place


@frozen
class Proofs:
    """Samle bevis: gather what files prove; `recorded` is when it became known here, if said."""

    people: Pseudonyms
    recorded: datetime | None = None
    account: Account = field(factory=Account)
    employees: dict[EmployeeId, Employee] = field(factory=dict)
    competences: dict[CompetenceId, Competence] = field(factory=dict)
    evidence: dict[EvidenceId, Evidence] = field(factory=dict)

    def roots(self, path: Path, ends: Sequence[str]) -> Iterator[Node]:
        """Yield what each JSON file holds, at a path or in a folder of it, telling its flaws.

        Raises:
            SourceUnavailable: E706, if there is no such file or folder.
        """
        for each in files_at(path, ends, self.account):
            opened = read_json(content_of(each), file=each.name)
            self.account.tell(*opened.findings)
            if opened.root is not None:
                yield opened.root

    def each(
        self, root: Node, listed: Callable[[Node], Iterable[Node]], take: Callable[[Node], None]
    ) -> None:
        """Take every object that a file lists, telling what is wrong with each where it stands."""
        part = root.place.file
        try:
            nodes = tuple(listed(root))
        except KompetanseError as error:
            self.account.tell(find(error, error.place))
            return
        self.account.read[part] += len(nodes)
        for node in nodes:
            try:
                take(node)
            except KompetanseError as error:
                self.account.tell(find(error, error.place if error.place.file else node.place))
                self.account.leave_out(part, "it cannot be read")

    def keep(self, proof: Proof) -> None:
        """Make evidence of a proof: one for each competence, or one that names none.

        Raises:
            Misuse: E505, if another proof has the same id; else as `Evidence` and `Pseudonyms.of`.
        """
        employee = self.people.of(proof.holder)
        made = [
            self._evidence(proof, employee, number, each.id if each else None)
            for number, each in enumerate(proof.competences or (None,))
        ]
        if made[0].id in self.evidence:
            if any(self.evidence.get(each.id) != each for each in made):
                raise Misuse("E505", "another proof has the same id", place=proof.place)
            self.account.leave_out(proof.place.file, "it stands twice")
            return
        self.employees[employee] = Employee(id=employee)
        for competence in proof.competences:
            self.competences.setdefault(competence.id, competence)
        for each in made:
            self.evidence[each.id] = each
            self.account.places[each] = proof.place

    def _evidence(
        self, proof: Proof, employee: EmployeeId, number: int, competence: CompetenceId | None
    ) -> Evidence:
        mark = self.people.mark(proof.key)
        return Evidence(
            id=EvidenceId(f"{mark}-{number}" if number else mark),
            employee=employee,
            kind=proof.kind,
            qualification=proof.qualification,
            competence=competence,
            issued=proof.issued,
            expires=proof.expires,
            verified=proof.verified,
            recorded=self._known_since(proof),
        )

    def _known_since(self, proof: Proof) -> datetime:
        if known := self.recorded or proof.at:
            return known
        if day := proof.issued:
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        hint = "say when the files were handed over, as `recorded`"
        text = "nothing says when this became known"
        raise Misuse("E214", text, place=proof.place, hint=hint)

    def lose_others(self, node: Node, read: Set[str], called: str) -> None:
        """Count the members of an object that are not read, by name."""
        for name in sorted(node.value.keys() - read):
            shown = name if _MEMBER.fullmatch(name) else "other members"
            self.account.lose(f"{called}: {shown}", "the model has no place for it")

    def reading(self) -> Reading:
        """Give people, competences and evidence as an enterprise."""
        parcel = Enterprise(
            scales=(HELD,) if self.competences else (),
            competences=self.competences.values(),
            employees=self.employees.values(),
            evidence=self.evidence.values(),
        )
        account = self.account
        return assemble(
            parcel, places=account.places, findings=account.findings(), losses=account.losses()
        )
