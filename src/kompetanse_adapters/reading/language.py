"""Which language are the texts of a source in? A Language, by the word of whoever opens it."""

from __future__ import annotations

from kompetanse_core import Language, Misuse


def language_named(word: str) -> Language:
    """Give the language that a word stands for: nb, nn or en.

    Raises:
        Misuse: E213, if there is no such language.
    """
    if word not in {each.value for each in Language}:
        raise Misuse("E213", "not one of the languages of texts", hint="use nb, nn or en")
    return Language(word)
