"""Which badges do people hold? OpenBadges, the source `openbadges`.

Credentials of Open Badges 3.0, one or several in a JSON file, or one as a signed token (JWT).
Nothing is fetched and no signature is checked here: a credential is claimed unless the caller has
verified it, and it is revoked where the caller or a list of revocations among the files says so.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_adapters.reading import (
    JsonFile,
    Node,
    Proof,
    Proofs,
    Pseudonyms,
    by_key,
    competence_at,
    content_of,
    files_at,
    language_named,
    read_json,
    refusal,
)
from kompetanse_core import (
    Competence,
    EvidenceKind,
    Language,
    Misuse,
    Place,
    Reading,
    SourceMaker,
    Text,
    hookimpl,
)

KINDS: Mapping[str, EvidenceKind] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("AssociateDegree", "BachelorDegree", "Degree", "Diploma", "DoctoralDegree"),
                *("GeneralEducationDevelopment", "MasterDegree", "ProfessionalDoctorate"),
                *("ResearchDoctorate", "SecondarySchoolDiploma"),
            ),
            EvidenceKind.FORMAL_EDUCATION,
        ),
        **dict.fromkeys(
            ("ApprenticeshipCertificate", "JourneymanCertificate", "MasterCertificate"),
            EvidenceKind.TRADE_CERTIFICATE,
        ),
        **dict.fromkeys(
            ("Certificate", "Certification", "QualityAssuranceCredential"),
            EvidenceKind.CERTIFICATE,
        ),
        **dict.fromkeys(
            ("CertificateOfCompletion", "Course", "LearningProgram", "MicroCredential"),
            EvidenceKind.COURSE,
        ),
        **dict.fromkeys(("CommunityService", "Fieldwork"), EvidenceKind.EXPERIENCE),
        "License": EvidenceKind.AUTHORISATION,
    }
)
"""What the types of achievements are evidence of; all others are informal."""

MEMBERSHIP = "Membership"
"""The type that is not read: what somebody is a member of is no competence, and may be a union."""

_ACHIEVEMENTS = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_SUBJECT = frozenset({"id", "type", "identifier", "achievement"})
_ACHIEVEMENT = frozenset({"id", "type", "name", "achievementType", "alignment"})
_CREDENTIAL = frozenset(
    {
        *("@context", "id", "type", "credentialSubject", "proof", "credentialStatus"),
        *("validFrom", "validUntil", "issuanceDate", "expirationDate", "awardedDate"),
    }
)
_TARGET = frozenset({"type", "targetUrl", "targetName", "targetDescription"})


@frozen(kw_only=True)
class OpenBadges:
    """Open Badges: credentials in a file or a folder of files.

    `verified` and `revoked` are ids of credentials: those whose proof the caller has checked, and
    those that their issuer has withdrawn. `recorded` is when they were handed over; where that is
    not said, each counts as known since it was issued.
    """

    path: Path
    people: Pseudonyms = field(repr=False)
    verified: frozenset[str] = field(default=frozenset(), repr=False)
    revoked: frozenset[str] = field(default=frozenset(), repr=False)
    recorded: datetime | None = None
    language: Language = Language.EN

    def read(self) -> Reading:
        """Read every credential as evidence, and what its achievement is aligned to.

        Raises:
            SourceUnavailable: E706, if there is no such file or folder.
        """
        proofs = Proofs(self.people, self.recorded)
        opened = [_opened(path) for path in files_at(self.path, (".json", ".jwt"), proofs.account)]
        for each in opened:
            proofs.account.tell(*each.findings)
        roots = [each.root for each in opened if each.root is not None]
        revoked = self.revoked.union(*map(_revocations, roots))
        for root in roots:
            proofs.each(root, _credentials, lambda node: _take(node, proofs, self, revoked))
        return proofs.reading()


def openbadges(
    path: str | Path,
    key: Pseudonyms | str | bytes,
    *,
    verified: Collection[str] = (),
    revoked: Collection[str] = (),
    recorded: datetime | None = None,
    language: str = "en",
) -> OpenBadges:
    """Open credentials, whose holders get pseudonyms by `key`; texts are in `language`.

    Raises:
        Misuse: E213, if there is no such language; E214, if the key is too short.
    """
    return OpenBadges(
        path=Path(path),
        people=by_key(key),
        verified=frozenset(verified),
        revoked=frozenset(revoked),
        recorded=recorded,
        language=language_named(language),
    )


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `openbadges`."""
    text = "credentials of Open Badges 3.0 as evidence: JSON files and tokens"
    return (SourceMaker(name="openbadges", description=text, open=openbadges),)


def _opened(path: Path) -> JsonFile:
    """Read a JSON file, or what a signed token says."""
    content = content_of(path)
    if not path.name.lower().endswith(".jwt"):
        return read_json(content, file=path.name)
    try:
        _, payload, _ = content.strip().split(b".")
        said = base64.b64decode(payload + b"=" * (-len(payload) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        text = "a token is three parts between full stops, in base64url"
        return JsonFile(root=None, findings=(refusal("E407", text, Place(file=path.name)),))
    return read_json(said, file=path.name)


def _credentials(root: Node) -> tuple[Node, ...]:
    """Give the credentials of a file: one, a list, a presentation of several, or a token's."""
    for key in ("", "verifiableCredential", "vc"):
        if key in root.value:
            return root.nodes(key)
    return () if "revokedCredential" in root.value else (root,)


def _revocations(root: Node) -> frozenset[str]:
    """Give the ids that a list of revocations names; other files name none."""
    listed = root.value.get("revokedCredential")
    entries = listed if isinstance(listed, list) else ()
    found = (each.get("id") if isinstance(each, Mapping) else each for each in entries)
    return frozenset(each for each in found if isinstance(each, str))


def _take(node: Node, proofs: Proofs, source: OpenBadges, revoked: frozenset[str]) -> None:
    """Make evidence of one credential, or leave it out and say why."""
    file, key = node.place.file, node.needed("id")
    if _ACHIEVEMENTS.isdisjoint(node.texts("type")):
        proofs.account.leave_out(file, "it is no credential of an achievement")
        return
    subject = node.node("credentialSubject")
    if "AchievementSubject" not in subject.texts("type"):
        raise Misuse("E213", "must be an AchievementSubject", place=subject.at("type"))
    achievement = subject.node("achievement")
    name, kind = achievement.needed("name"), achievement.text("achievementType")
    if key in revoked:
        proofs.account.leave_out(file, "its issuer has revoked it")
    elif kind == MEMBERSHIP:
        proofs.account.leave_out(file, "what somebody is a member of is no competence")
    else:
        targets = achievement.nodes("alignment")
        proof = Proof(
            key=key,
            holder=_holder(subject),
            kind=KINDS.get(kind, EvidenceKind.INFORMAL),
            qualification=name,
            competences=tuple(_competences(targets, source.language, proofs)),
            issued=node.day("validFrom") or node.day("issuanceDate") or node.day("awardedDate"),
            expires=node.day("validUntil") or node.day("expirationDate"),
            verified=key in source.verified,
            place=node.place,
        )
        proofs.keep(proof)
        _tell_status(node, key, proofs, source)
        proofs.lose_others(node, _CREDENTIAL, "credential")
        proofs.lose_others(subject, _SUBJECT, "credentialSubject")
        proofs.lose_others(achievement, _ACHIEVEMENT, "achievement")


def _holder(subject: Node) -> str:
    """Give what the holder is called by: the subject's id, else the first other identity."""
    found = (
        subject.text("id"),
        *(each.text("identityHash") for each in subject.nodes("identifier")),
    )
    return next(filter(None, found), "")


def _competences(
    targets: Iterable[Node], language: Language, proofs: Proofs
) -> Iterator[Competence]:
    """Yield each competence that an achievement is aligned to, once."""
    seen = set[str]()
    for target in targets:
        label, about = target.text("targetName"), target.text("targetDescription")
        words = [Text(**{language.value: each}) for each in (label, about)]
        found = competence_at(target.needed("targetUrl"), *words)
        if found.id not in seen:
            seen.add(found.id)
            yield found
        proofs.lose_others(target, _TARGET, "alignment")


def _tell_status(node: Node, key: str, proofs: Proofs, source: OpenBadges) -> None:
    if node.node("credentialStatus").value and key not in source.verified:
        reason = "whether it has been revoked must be asked of its issuer"
        proofs.account.lose("credential: credentialStatus", reason)
