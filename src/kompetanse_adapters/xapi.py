"""What have people learnt, attended and passed? Xapi, the source `xapi`.

Statements of the Experience API (xAPI 1.0.x, 2.0): JSON files as a learning record store hands
them out, a statement each, a list, or a page of results.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from attrs import evolve, field, frozen

from kompetanse_adapters.reading import (
    Node,
    Proof,
    Proofs,
    Pseudonyms,
    by_key,
    competence_at,
    known_as,
    spoken,
    warning,
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

VERBS: Mapping[str, EvidenceKind] = MappingProxyType(
    {
        "attempted": EvidenceKind.COURSE,
        "attended": EvidenceKind.INFORMAL,
        "completed": EvidenceKind.COURSE,
        "earned": EvidenceKind.CERTIFICATE,
        "experienced": EvidenceKind.INFORMAL,
        "mastered": EvidenceKind.COURSE,
        "passed": EvidenceKind.COURSE,
    }
)
"""What verbs are evidence of, by the last part of their address; others tell of no outcome.

What was attempted is evidence only where the result says that it succeeded.
"""

_VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_COMPETENCE = re.compile(r"(?i).*/(competency|competence|skill)")
_CONTEXTS = ("category", "grouping", "other", "parent")
_STATEMENT = frozenset(
    {"id", "actor", "verb", "object", "context", "timestamp", "stored", "authority", "version"}
)


@frozen(kw_only=True)
class Xapi:
    """xAPI: statements in a file or a folder of files.

    `trusted` names authorities, by the address of their account or their mailbox, whose word
    verifies a statement; all else is only claimed. `recorded` is when the files were handed over;
    where that is not said, a statement counts as known since it was stored.
    """

    path: Path
    people: Pseudonyms = field(repr=False)
    trusted: frozenset[str] = field(default=frozenset())
    recorded: datetime | None = None

    def read(self) -> Reading:
        """Read each statement of an outcome as evidence, unless another one voids it.

        Raises:
            SourceUnavailable: E706, if there is no such file or folder.
        """
        proofs = Proofs(self.people, self.recorded)
        roots = tuple(proofs.roots(self.path, (".json",)))
        voided = frozenset(_voided(roots))
        for root in roots:
            _tell_more(root, proofs)
            proofs.each(root, _statements, lambda node: _take(node, proofs, self, voided))
        return proofs.reading()


def xapi(
    path: str | Path,
    key: Pseudonyms | str | bytes,
    *,
    trusted: Collection[str] = (),
    recorded: datetime | None = None,
) -> Xapi:
    """Open statements, whose actors get pseudonyms by `key`.

    Raises:
        Misuse: E214, if the key is too short.
    """
    return Xapi(path=Path(path), people=by_key(key), trusted=frozenset(trusted), recorded=recorded)


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `xapi`."""
    text = "statements of the Experience API (xAPI) as evidence: JSON files"
    return (SourceMaker(name="xapi", description=text, open=xapi),)


def _tell_more(root: Node, proofs: Proofs) -> None:
    if root.value.get("more"):
        text = "this is one page of results, and there are more"
        proofs.account.tell(warning("W208", text, root.at("more"), "put all pages in one folder"))


def _statements(root: Node) -> tuple[Node, ...]:
    """Give the statements of a file: one, a list, or a page."""
    for key in ("", "statements"):
        if key in root.value:
            return root.nodes(key)
    return (root,)


def _voided(roots: Iterable[Node]) -> Iterator[str]:
    """Yield the id of each statement that another one voids, whatever file it stands in."""
    for root in roots:
        for key in ("", "statements", None):
            listed = root.value.get(key) if key is not None else root.value
            for each in listed if isinstance(listed, list) else [listed]:
                match each:
                    case {"verb": {"id": str(verb)}, "object": {"id": str(key)}}:
                        if verb == _VOIDED:
                            yield key


def _take(node: Node, proofs: Proofs, source: Xapi, voided: frozenset[str]) -> None:
    """Make evidence of one statement, or leave it out and say why."""
    kind = VERBS.get(node.node("verb").needed("id").rpartition("/")[2])
    if reason := _unfit(node, kind, voided):
        proofs.account.leave_out(node.place.file, reason)
        return
    activity = node.node("object")
    definition = activity.node("definition")
    name = spoken(definition.node("name").value, "definition: name", proofs.account)
    proof = Proof(
        key=node.needed("id"),
        holder="",
        kind=kind or EvidenceKind.INFORMAL,
        qualification=name.read(Language.NB) or activity.needed("id"),
        competences=tuple(_competences(node, activity, proofs)),
        issued=node.day("timestamp") or node.day("stored"),
        verified=not source.trusted.isdisjoint(_names(node.node("authority"))),
        at=node.instant("stored") or node.instant("timestamp"),
        place=node.place,
    )
    for number, holder in enumerate(_holders(node.node("actor"))):
        key = f"{proof.key} {number}" if number else proof.key
        proofs.keep(evolve(proof, holder=holder, key=key))
    proofs.lose_others(node, _STATEMENT, "statement")


def _unfit(node: Node, kind: EvidenceKind | None, voided: frozenset[str]) -> str:
    """Say why a statement is evidence of nothing; empty where it is."""
    told = node.node("object").text("objectType") or "Activity"
    if node.text("id") in voided:
        return "another statement voids it"
    if kind is None:
        return "its verb tells of no outcome"
    if told != "Activity":
        return "it is about another statement or a person"
    result = node.node("result")
    said = {key: result.value.get(key) for key in ("success", "completion")}
    tried = node.node("verb").text("id").endswith("/attempted") and said["success"] is not True
    return "it was not passed, or not completed" if tried or False in said.values() else ""


def _holders(actor: Node) -> tuple[str, ...]:
    """Give what each actor is called by: a person, or the members of a group.

    Raises:
        Misuse: E214, if nobody is named.
    """
    members = actor.nodes("member")
    found = tuple(next(_names(each), "") for each in members or (actor,))
    if not all(found) or (actor.text("objectType") == "Group" and not members):
        raise Misuse("E214", "nothing says who this is about", place=actor.place)
    return found


def _names(agent: Node) -> Iterator[str]:
    """Yield what an agent goes by: mailbox, its checksum, OpenID, or account on a home page."""
    account = agent.node("account")
    if name := agent.text("mbox"):
        yield name.removeprefix("mailto:").casefold()
    yield from filter(None, (agent.text("mbox_sha1sum"), agent.text("openid")))
    if name := account.text("name"):
        yield f"{account.text('homePage')} {name}"
        yield account.text("homePage")


def _competences(node: Node, activity: Node, proofs: Proofs) -> Iterator[Competence]:
    """Yield each competence among the activity and its context, known by address or by type."""
    context = node.node("context").node("contextActivities")
    seen = set[str]()
    for each in (activity, *(each for key in _CONTEXTS for each in context.nodes(key))):
        address, definition = each.needed("id"), each.node("definition")
        known = known_as(address) != address or _COMPETENCE.fullmatch(definition.text("type"))
        if known and address not in seen:
            seen.add(address)
            label = spoken(definition.node("name").value, "definition: name", proofs.account)
            about = spoken(
                definition.node("description").value, "definition: description", proofs.account
            )
            yield competence_at(address, label, about)
        elif not known and each is not activity:
            proofs.account.lose("context: contextActivities", "it is no competence")
