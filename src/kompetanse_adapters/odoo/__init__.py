"""Who works here, what do they hold, and what do jobs take, as Odoo tells it? The source `odoo`.

Odoo 19 with its module for skills (hr_skills), asked over JSON-2; levels that are agreed go back by
the sink of the same name. Versions 14 to 18 are read over JSON-RPC. People go by a keyed
hash of their id; names are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from kompetanse_adapters.calling import GOOD, Manners
from kompetanse_adapters.odoo.reading import Odoo
from kompetanse_adapters.odoo.writing import OdooSink
from kompetanse_adapters.reading import Pseudonyms, language_named
from kompetanse_core import Misuse, SinkMaker, SourceMaker, hookimpl

__all__ = ["Odoo", "OdooSink", "kompetanse_sinks", "kompetanse_sources", "odoo", "odoo_sink"]


def odoo(
    address: str,
    token: str,
    key: str | bytes | Pseudonyms,
    before: int | None = None,
    language: str = "en",
    database: str = "",
    login: str = "",
    manners: Manners = GOOD,
) -> Odoo:
    """Open the Odoo at an address such as `https://odoo.example.org`, by an API key of it.

    `key` is the secret that pseudonyms are made with; it stays with the caller. `before` is how
    many people there were the last time. `language` is the one that names are read in.
    `database` and `login` are for versions 14 to 18, where a key belongs to a login.

    Raises:
        Misuse: E214, if the key is too short, or one of database and login is missing;
            E213, if there is no such language.
    """
    if bool(database) != bool(login):
        raise Misuse("E214", "an older Odoo is asked with both a database and a login")
    people = key if isinstance(key, Pseudonyms) else Pseudonyms(key)
    return Odoo(
        address=address,
        token=token,
        people=people,
        before=before,
        language=language_named(language),
        database=database,
        login=login,
        manners=manners,
    )


def odoo_sink(
    address: str, token: str, key: str | bytes | Pseudonyms, manners: Manners = GOOD
) -> OdooSink:
    """Open the Odoo at an address to write agreed levels to, with the key that it was read with.

    Raises:
        Misuse: E214, if the key is too short.
    """
    people = key if isinstance(key, Pseudonyms) else Pseudonyms(key)
    return OdooSink(address=address, token=token, people=people, manners=manners)


@hookimpl
def kompetanse_sources() -> Iterable[SourceMaker]:
    """Offer the source `odoo`."""
    text = "people, jobs, levels and requirements from Odoo 19 with hr_skills"
    return (SourceMaker(name="odoo", description=text, open=odoo),)


@hookimpl
def kompetanse_sinks() -> Iterable[SinkMaker]:
    """Offer the sink `odoo`."""
    text = "agreed levels into Odoo 19 with hr_skills"
    return (SinkMaker(name="odoo", description=text, open=odoo_sink),)
