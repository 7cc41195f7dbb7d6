"""What is it called? Text: one label in bokmål, nynorsk and English."""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen


class Language(Enum):
    """Språk: the three languages of labels and reports."""

    NB = "nb"
    NN = "nn"
    EN = "en"


@frozen
class Text:
    """Tekst: one label or sentence, in as many of the three languages as are known."""

    nb: str = ""
    nn: str = ""
    en: str = ""

    def __str__(self) -> str:
        """Give the text in bokmål, or in the nearest language that there is."""
        return self.read(Language.NB)

    def __bool__(self) -> bool:
        """Say whether there is any text at all."""
        return bool(self.nb or self.nn or self.en)

    def read(self, language: Language) -> str:
        """Give the text in a language, or in the nearest one that there is.

        Bokmål and nynorsk stand in for each other before English does.
        """
        order = {
            Language.NB: (self.nb, self.nn, self.en),
            Language.NN: (self.nn, self.nb, self.en),
            Language.EN: (self.en, self.nb, self.nn),
        }[language]
        return next((words for words in order if words), "")


NO_TEXT = Text()


def dated(on: date) -> Text:
    """Write a date as a sentence does: `31.12.2026`, in English `31 December 2026`."""
    return Text(
        nb=f"{on.day:02}.{on.month:02}.{on.year}",
        en=f"{on.day} {_MONTHS[on.month - 1]} {on.year}",
    )


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
