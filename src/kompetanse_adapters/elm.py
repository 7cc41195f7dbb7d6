"""What have people achieved, in the words of the European Learning Model? Elm, the source `elm`.

European Digital Credentials for Learning: JSON-LD files, as Europass hands them out or takes them
in. Nothing is fetched and no seal is checked: a credential is claimed unless the caller has
verified it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from attrs import field, frozen

from kompetanse_adapters.reading import (
    Node,
    Proof,
    Proofs,
    Pseudonyms,
    by_key,
    competence_at,
    spoken,
)
from kompetanse_core import (
    Competence,
    EvidenceKind,
    Language,
    Misuse,
    Reading,
    SourceMaker,
    hookimpl,
)

_CREDENTIAL = "EuropeanDigitalCredential"
_CLAIM = frozenset(
    {"id", "type", "title", "specifiedBy", "awardedBy", "hasPart", "temporal", "influencedBy"}
)
_OTHERS = frozenset({"LearningAssessment", "LearningEntitlement"})
"""Claims that tell of no outcome; other types are not repeated, for anything may stand there."""
_SPECIFIED = frozenset({"id", "type", "title", "learningOutcome", "isPartialQualification"})
_OUTCOME = frozenset({"id", "type", "relatedESCOSkill", "relatedSkill"})


@frozen(kw_only=True)
class Elm:
    """European Learning Model: credentials in a file or a folder of files.

    `verified` are ids of credentials whose seal the caller has checked. `recorded` is when they
    were handed over; where that is not said, each counts as known since it was issued.
    """

    path: Path
    people: Pseudonyms = field(repr=False)
    verified: frozenset[str] = field(default=frozenset(), repr=False)
    recorded: datetime | None = None

    def read(self) -> Reading:
        """Read each achievement as evidence of the skills that its outcomes name.

        Raises:
            SourceUnavailable: E706, if there is no such file or folder.
        """
        proofs = Proofs(self.people, self.recorded)
        for root in proofs.roots(self.path, (".json", ".jsonld")):
            proofs.each(root, _credentials, lambda node: _take(node, proofs, self))
        return proofs.reading()


def elm(
    path: str | Path,
    key: Pseudonyms | str | bytes,
    *,
    verified: Collection[str] = (),
    recorded: datetime | None = None,
) -> Elm:
    """Open credentials, whose holders get pseudonyms by `key`.

    Raises:
        Misuse: E214, if the key is too short.
    """
    return Elm(path=Path(path), people=by_key(key), verified=frozenset(verified), recorded=recorded)


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `elm`."""
    text = "European Digital Credentials for Learning as evidence: JSON-LD files"
    return (SourceMaker(name="elm", description=text, open=elm),)


def _credentials(root: Node) -> tuple[Node, ...]:
    """Give the credentials of a file: one, a list, or one as it is uploaded."""
    for key in ("", "credential"):
        if key in root.value:
            return root.nodes(key)
    return (root,)


def _take(node: Node, proofs: Proofs, source: Elm) -> None:
    """Make evidence of what one credential says of a person."""
    if _CREDENTIAL not in node.texts("type"):
        raise Misuse("E213", f"must be a {_CREDENTIAL}", place=node.at("type"))
    key, subject = node.needed("id"), node.node("credentialSubject")
    holder, issued = _holder(subject), _issued(node)
    claims = list(_claims(subject.nodes("hasClaim")))
    kept = 0
    for claim in claims:
        kind = _kind(claim)
        if kind is None:
            called = claim.text("type") if claim.text("type") in _OTHERS else "another type"
            proofs.account.lose(f"claim: {called}", "it tells of no outcome")
            continue
        kept += 1
        title = spoken(claim.node("title").value, "claim: title", proofs.account)
        specified = claim.node("specifiedBy")
        proof = Proof(
            key=f"{key} {claim.text('id')}",
            holder=holder,
            kind=kind,
            qualification=title.read(Language.NB),
            competences=tuple(_competences(specified, proofs)),
            issued=_on(claim) or issued,
            expires=node.day("validUntil") or node.day("expirationDate"),
            verified=key in source.verified,
            place=claim.place,
        )
        proofs.keep(proof)
        proofs.lose_others(claim, _CLAIM, "claim")
        proofs.lose_others(specified, _SPECIFIED, "specifiedBy")
    if not kept:
        proofs.account.leave_out(node.place.file, "it claims no outcome")


def _issued(node: Node) -> date | None:
    days = ("validFrom", "issued", "issuanceDate")
    return next(filter(None, map(node.day, days)), None)


def _holder(subject: Node) -> str:
    """Give what the holder is called by beyond this file: a mailbox, or a number of the person."""
    mailboxes = [
        mailbox.text("id").removeprefix("mailto:").casefold()
        for contact in subject.nodes("contactPoint")
        for mailbox in contact.nodes("emailAddress")
    ]
    numbers = [
        each.text("notation") for key in ("nationalID", "identifier") for each in subject.nodes(key)
    ]
    return next(filter(None, (*mailboxes, *numbers)), "")


def _claims(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield each claim and those that it is made of."""
    for each in nodes:
        yield each
        yield from _claims(each.nodes("hasPart"))


def _kind(claim: Node) -> EvidenceKind | None:
    """Say what a claim is evidence of; None for an assessment or a right to learn something."""
    if claim.text("type") == "LearningActivity":
        return EvidenceKind.INFORMAL
    if claim.text("type") != "LearningAchievement":
        return None
    specified = claim.node("specifiedBy")
    whole = "Qualification" in specified.texts("type") and not specified.flag(
        "isPartialQualification"
    )
    setting = specified.node("learningSetting").node("prefLabel").value.get("en", "formal learning")
    formal = whole and setting == "formal learning"
    return EvidenceKind.FORMAL_EDUCATION if formal else EvidenceKind.COURSE


def _on(claim: Node) -> date | None:
    """Give the day of the award, or the last day of the activity."""
    awards = [each.day("awardingDate") for each in claim.nodes("awardedBy")]
    ends = [each.day("endDate") for each in claim.nodes("temporal")]
    return next(filter(None, (*awards, *ends)), None)


def _competences(specified: Node, proofs: Proofs) -> Iterator[Competence]:
    """Yield each skill that an outcome of learning names, once; ESCO's skills first."""
    seen = set[str]()
    for outcome in specified.nodes("learningOutcome"):
        for skill in (*outcome.nodes("relatedESCOSkill"), *outcome.nodes("relatedSkill")):
            address = skill.needed("id")
            if address not in seen:
                seen.add(address)
                label = spoken(skill.node("prefLabel").value, "skill: prefLabel", proofs.account)
                yield competence_at(address, label)
        proofs.lose_others(outcome, _OUTCOME, "learningOutcome")
