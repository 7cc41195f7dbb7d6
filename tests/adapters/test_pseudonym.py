"""Do people go by pseudonyms that only the holder of a key can make?"""

import pytest

from kompetanse_adapters.reading import Pseudonyms
from kompetanse_core import Misuse

KEY = "0123456789abcdef"


def test_the_same_id_and_key_give_the_same_pseudonym() -> None:
    """White space at the ends and the way an Å is written make no other person."""
    people = Pseudonyms(KEY)
    assert people.of("Åse") == people.of(" A\u030ase ") == Pseudonyms(KEY.encode()).of("Åse")
    assert people.of("1001") == "dfehndbnlckiogojbdkmoken"


def test_another_key_or_id_gives_another() -> None:
    """Nobody without the key can try ids out."""
    people = Pseudonyms(KEY)
    assert len({people.of("1"), people.of("2"), Pseudonyms(KEY * 2).of("1")}) == 3


def test_who_is_known_by_another_id_gets_that_one() -> None:
    """A badge is given to an e-mail address, and the enterprise knows an employee number."""
    people = Pseudonyms(KEY, {"did:example:a": "1001"})
    assert people.of("did:example:a") == people.of("1001") == Pseudonyms(KEY).of("1001")


def test_a_key_that_could_be_guessed_and_nobody_at_all_are_refused() -> None:
    """A short key, and an id of nothing; the key is never shown."""
    with pytest.raises(Misuse, match="E214"):
        Pseudonyms("secret")
    with pytest.raises(Misuse, match="E214"):
        Pseudonyms(KEY).of("  ")
    assert KEY not in repr(Pseudonyms(KEY))
