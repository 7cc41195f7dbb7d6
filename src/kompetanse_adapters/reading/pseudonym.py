"""By which pseudonym does a person go? Pseudonyms: a keyed hash of what a source calls them by.

The key stays with the caller, and so does the way back: whoever holds the key and the list of
people can make the list of pseudonyms anew. Without the key nobody can try names out.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_core import EmployeeId, Misuse

SHORTEST = 16
"""How many bytes a key has at least."""

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_NOBODY: Mapping[str, str] = MappingProxyType({})


def _as_bytes(key: str | bytes) -> bytes:
    return key.encode("utf-8") if isinstance(key, str) else key


@frozen(repr=False)
class Pseudonyms:
    """Pseudonymer: make the same pseudonym of the same id, with a secret key.

    `known` leads from an identity that a file gives, such as an e-mail address or a DID, to the id
    by which the enterprise's other sources know that person: so both get one pseudonym.
    """

    key: bytes = field(converter=_as_bytes)
    known: Mapping[str, str] = field(default=_NOBODY)

    def __attrs_post_init__(self) -> None:
        """Refuse a key that could be guessed.

        Raises:
            Misuse: E214.
        """
        if len(self.key) < SHORTEST:
            hint = "make one with secrets.token_hex(16), and keep it in the keyring of the system"
            raise Misuse("E214", f"a key has at least {SHORTEST} bytes", hint=hint)

    def of(self, identity: str) -> EmployeeId:
        """Give the pseudonym of whoever is called so.

        Raises:
            Misuse: E214, if nothing is said.
        """
        found = unicodedata.normalize("NFC", identity).strip()
        if not found:
            raise Misuse("E214", "nothing says who this is about")
        return EmployeeId(self.mark(self.known.get(found, found)))

    def mark(self, words: str) -> str:
        """Give 96 bits of the HMAC-SHA256 of a text, in the letters a to p.

        Not in digits: eleven of them may be somebody's national identity number.
        """
        digest = hmac.digest(self.key, words.encode("utf-8", "surrogatepass"), "sha256")
        return digest[:12].hex().translate(_LETTERS)


def by_key(key: Pseudonyms | str | bytes) -> Pseudonyms:
    """Give the pseudonyms that a key makes; one who has them already keeps them.

    Raises:
        Misuse: E214, if the key is too short.
    """
    return key if isinstance(key, Pseudonyms) else Pseudonyms(key)
