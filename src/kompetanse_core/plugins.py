"""Who has supplied what? Plugins: every plugin found, what it offers, and why one does not work.

One plugin that breaks is listed as failed and all others work. Nothing is shared between two
`Plugins`: each holds what it found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from importlib.metadata import EntryPoint, entry_points
from inspect import signature
from itertools import islice
from types import MappingProxyType
from typing import TypeVar, cast

import pluggy
from attrs import evolve, field, frozen

from kompetanse_core import hooks
from kompetanse_core.errors import KompetanseError, Misuse, PluginFailed
from kompetanse_core.hooks import (
    HOOK_VERSION,
    PROJECT,
    Access,
    EmployeeId,
    Enterprise,
    Finding,
    MeasureCatalogue,
    Opener,
    Renderer,
    RendererMaker,
    Sink,
    SinkMaker,
    Source,
    SourceMaker,
    Store,
    StoreMaker,
    Verifiable,
    Version,
)
from kompetanse_core.privacy import narrowed, refuse_narrowed

T = TypeVar("T")

Offer = SourceMaker | SinkMaker | StoreMaker | RendererMaker | MeasureCatalogue | Opener
Maker = TypeVar(
    "Maker", SourceMaker, SinkMaker, StoreMaker, RendererMaker, MeasureCatalogue, Opener
)

OFFERS: Mapping[str, type[Offer]] = MappingProxyType(
    {
        "kompetanse_sources": SourceMaker,
        "kompetanse_sinks": SinkMaker,
        "kompetanse_stores": StoreMaker,
        "kompetanse_renderers": RendererMaker,
        "kompetanse_measures": MeasureCatalogue,
        "kompetanse_strategies": Opener,
    }
)
"""What each hook yields."""

MOST_OFFERS = 1_000
"""A hook that yields more than this is taken to go on for ever."""

ALLOWED = "KOMPETANSE_PLUGINS"
"""Environment: load only the plugins of these names, separated by commas."""

DENIED = "KOMPETANSE_NO_PLUGINS"
"""Environment: set to 1, load only what comes with kompetanse itself."""


class State(Enum):
    """Tilstand: what became of a plugin."""

    LOADED = "loaded"
    FAILED = "failed"
    BLOCKED = "blocked"


@frozen(kw_only=True)
class Plugin:
    """Utvidelse: one plugin: where it comes from, what it offers, and what became of it."""

    name: str
    module: str = ""
    version: str = ""
    hook_version: int = HOOK_VERSION
    hooks: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = field(default=(), repr=False)
    state: State = State.LOADED
    failure: PluginFailed | None = None
    """Why it does not work, or why something of it cannot be had."""

    @property
    def offered(self) -> tuple[str, ...]:
        """Name what it offers, in order."""
        return tuple(offer.name for offer in self.offers)


@frozen
class LockedStore:
    """Formålslåst lager: a store that tells a purpose only what is held for it (M-13).

    The store behind it needs to know nothing of this. `Purpose.SUBJECT_RIGHTS` opens everything,
    and what was read for any other purpose is never saved as the whole.
    """

    behind: Store = field(repr=False)

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        """Keep an enterprise as the next version.

        Raises:
            PrivacyRefused: E556, if it was read for a purpose that left something out.
            VersionConflict: as the store does, and all that it raises.
        """
        refuse_narrowed(enterprise)
        return self.behind.save(enterprise, expected=expected, at=at, event=event)

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        """Give what is held for the purpose; `Enterprise.withheld` says what was left out."""
        whole = self.behind.load(access, version=version, as_known_at=as_known_at)
        return narrowed(whole, access.purpose)

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        """Give what is held about one person for the purpose, each version that names them."""
        return tuple(
            narrowed(version, access.purpose) for version in self.behind.subject(employee, access)
        )

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        """Remove a person from every version, whatever anything is held for."""
        return self.behind.erase(employee, access, expected=expected)

    def history(self) -> tuple[Version, ...]:
        """Give every version in the order of their numbers."""
        return self.behind.history()

    def accesses(self, *, employee: EmployeeId | None = None) -> tuple[Access, ...]:
        """Give every reading and erasing of personal data, or those about one person."""
        return self.behind.accesses(employee=employee)

    def verify(self) -> tuple[Finding, ...]:
        """Tell where the log of accesses has been changed (E805).

        Raises:
            Misuse: E604, if the store cannot tell.
        """
        if not isinstance(self.behind, Verifiable):
            raise Misuse("E604", "this store has no log that can be verified")
        return self.behind.verify()


@frozen(init=False)
class Plugins:
    """Utvidelser: everything that plugins supply, asked for by name."""

    plugins: tuple[Plugin, ...]

    def __init__(self, *modules: object) -> None:
        """Take plugins that are at hand: modules, or objects with hooks as methods."""
        distinct = {id(module): module for module in modules}.values()
        self.__attrs_init__(_settled(_at_hand(module) for module in distinct))

    @classmethod
    def installed(cls, environ: Mapping[str, str] = os.environ) -> Plugins:
        """Find every plugin that is installed here: the entry points of the group `kompetanse`.

        The environment decides which of them are loaded; see `ALLOWED` and `DENIED`.
        """
        found = cls()
        found.__attrs_init__(_settled(_installed(environ)))
        return found

    def source(self, name: str, *options: object) -> Source:
        """Open a source.

        Raises:
            PluginFailed: E604 (no such name), E603 (two claim it), E602 (it could not be opened),
                or why the plugin of that name failed.
            Misuse: E214, if the options are not those that it takes.
        """
        return _opened(self._offer(SourceMaker, name).open, name, options, Source)

    def sink(self, name: str, *options: object) -> Sink:
        """Open a sink.

        Raises:
            PluginFailed: as `source`.
            Misuse: as `source`.
        """
        return _opened(self._offer(SinkMaker, name).open, name, options, Sink)

    def store(self, name: str, *options: object) -> LockedStore:
        """Open a store, locked by purpose: whoever reads is told what is held for that alone.

        Raises:
            PluginFailed: as `source`.
            Misuse: as `source`.
        """
        return LockedStore(_opened(self._offer(StoreMaker, name).open, name, options, Store))

    def renderer(self, name: str, *options: object) -> Renderer:
        """Open a renderer.

        Raises:
            PluginFailed: as `source`.
            Misuse: as `source`.
        """
        return _opened(self._offer(RendererMaker, name).open, name, options, Renderer)

    def measures(self) -> tuple[MeasureCatalogue, ...]:
        """Give every catalogue of measures, in the order of their names.

        Raises:
            PluginFailed: E603, if two plugins claim the name of one.
        """
        return self._every(MeasureCatalogue)

    def strategies(self) -> tuple[Opener, ...]:
        """Give every strategy, in the order of their names, to hand to `analyse`.

        Raises:
            PluginFailed: E603, if two plugins claim the name of one.
        """
        return self._every(Opener)

    def listing(self) -> tuple[Plugin, ...]:
        """Give every plugin in the order of their names, those that failed or are blocked too."""
        return self.plugins

    def offering(self, kind: type[Maker]) -> tuple[Maker, ...]:
        """Give everything of one kind that can be asked for, in the order of their names."""
        return tuple(sorted((o for _, o in self._offers(kind)), key=lambda offer: offer.name))

    def _every(self, kind: type[Maker]) -> tuple[Maker, ...]:
        names = sorted({offer.name for _, offer in self._offers(kind)})
        return tuple(self._offer(kind, name) for name in names)

    def _offers(self, kind: type[Maker]) -> Iterator[tuple[Plugin, Maker]]:
        for plugin in self.plugins:
            yield from ((plugin, offer) for offer in plugin.offers if isinstance(offer, kind))

    def _offer(self, kind: type[Maker], name: str) -> Maker:
        claims = [
            (plugin.name, offer) for plugin, offer in self._offers(kind) if offer.name == name
        ]
        if len(claims) > 1:
            raise _claimed_twice(kind, name, (claimant for claimant, _ in claims))
        if not claims:
            raise self._missing(kind, name)
        return claims[0][1]

    def _missing(self, kind: type[Maker], name: str) -> PluginFailed:
        """Say why the plugin of that name failed, or else which names there are."""
        for plugin in self.plugins:
            if plugin.name == name and plugin.failure is not None:
                return plugin.failure
        names = ", ".join(offer.name for offer in self.offering(kind)) or "none"
        text = f"no plugin offers a {_kind(kind)} called {name!r}"
        return PluginFailed("E604", text, hint=f"there are: {names}")


# --- finding ----------------------------------------------------------------------------------


def _at_hand(module: object) -> Plugin:
    name = str(getattr(module, "__name__", type(module).__name__))
    version = str(getattr(module, "__version__", ""))
    return _loaded(Plugin(name=name, module=name, version=version), lambda: module)


def _installed(environ: Mapping[str, str]) -> Iterator[Plugin]:
    allowed = _allowed(environ)
    entries = sorted(entry_points(group=PROJECT), key=lambda entry: (entry.name, entry.value))
    for entry in entries:
        version = entry.dist.version if entry.dist else ""
        plugin = Plugin(name=entry.name, module=entry.value, version=version)
        if _blocked(entry, environ, allowed):
            yield evolve(plugin, state=State.BLOCKED)
        else:
            yield _loaded(plugin, entry.load)
    for name in sorted((allowed or frozenset()) - {entry.name for entry in entries}):
        text = f"{ALLOWED} names {name!r}, and no plugin of that name is installed"
        yield Plugin(name=name, state=State.FAILED, failure=PluginFailed("E604", text))


def _allowed(environ: Mapping[str, str]) -> frozenset[str] | None:
    """Read the names that alone are allowed; None where all are."""
    names = environ.get(ALLOWED)
    return None if names is None else frozenset(map(str.strip, names.split(","))) - {""}


def _blocked(entry: EntryPoint, environ: Mapping[str, str], allowed: frozenset[str] | None) -> bool:
    ours = entry.dist is not None and entry.dist.name == PROJECT
    denied = environ.get(DENIED, "") not in ("", "0") and not ours
    return denied or (allowed is not None and entry.name not in allowed)


# --- loading ----------------------------------------------------------------------------------


def _loaded(plugin: Plugin, load: Callable[[], object]) -> Plugin:
    """Load one plugin and ask each of its hooks; whatever goes wrong stays with this plugin."""
    name = plugin.name
    try:
        module = _guarded("E601", f"plugin {name!r} could not be imported", load)
        plugin = evolve(plugin, hook_version=_hook_version(name, module))
        implementations = _implementations(name, module)
        plugin = evolve(plugin, hooks=tuple(implementations))
        offers = (_offered(name, hook, call) for hook, call in implementations.items())
        return evolve(plugin, offers=tuple(offer for some in offers for offer in some))
    except PluginFailed as failure:
        return evolve(plugin, state=State.FAILED, failure=failure)


def _guarded(code: str, failing: str, call: Callable[[], T]) -> T:
    """Call a plugin, turning whatever it raises into a failure of that plugin."""
    try:
        return call()
    except (Exception, SystemExit) as error:
        first = next(iter(str(error).splitlines()), "")[:200]
        text = f"{failing}: {type(error).__name__}{first and ': '}{first}"
        raise PluginFailed(code, text) from error


def _hook_version(name: str, module: object) -> int:
    version = getattr(module, "KOMPETANSE_HOOKS", HOOK_VERSION)
    if version != HOOK_VERSION:
        text = f"plugin {name!r} is written for version {version!r} of the hooks"
        raise PluginFailed("E606", text, hint=f"these are version {HOOK_VERSION}")
    return HOOK_VERSION


def _implementations(name: str, module: object) -> dict[str, Callable[[], Iterable[object]]]:
    """Find the hooks that a plugin implements, refusing those that nobody would call."""
    board = pluggy.PluginManager(PROJECT)
    board.add_hookspecs(hooks)
    _guarded(
        "E605",
        f"plugin {name!r} has a hook of the wrong shape",
        lambda: board.register(module, name),
    )
    callers = board.get_hookcallers(module) or []
    _refuse_unheard(name, module, {caller.name for caller in callers})
    return {
        caller.name: cast("Callable[[], Iterable[object]]", each.function)
        for caller in sorted(callers, key=lambda caller: caller.name)
        for each in caller.get_hookimpls()
    }


def _refuse_unheard(name: str, module: object, marked: set[str]) -> None:
    """Refuse hooks that do not exist, and functions that were meant to be hooks."""
    misspelt = sorted(marked - set(OFFERS))
    if misspelt:
        text = f"plugin {name!r} implements {misspelt[0]!r}, which is not a hook"
        raise PluginFailed("E605", text, hint=f"the hooks are {', '.join(OFFERS)}")
    unmarked = [hook for hook in OFFERS if hasattr(module, hook) and hook not in marked]
    if unmarked:
        text = f"plugin {name!r} has a function {unmarked[0]!r} that is not marked as a hook"
        raise PluginFailed("E605", text, hint="mark it with kompetanse_core.hooks.hookimpl")


def _offered(name: str, hook: str, call: Callable[[], Iterable[object]]) -> tuple[Offer, ...]:
    """Ask one hook, and check that what comes is what the hook is for."""
    failing, kind = f"hook {hook!r} of plugin {name!r} failed", OFFERS[hook]
    offers = _guarded("E602", failing, lambda: tuple(islice(call(), MOST_OFFERS + 1)))
    if len(offers) > MOST_OFFERS:
        raise PluginFailed("E602", f"{failing}: it yields more than {MOST_OFFERS} offers")
    for offer in offers:
        if type(offer) is not kind:
            text = f"hook {hook!r} of plugin {name!r} yields {type(offer).__name__}"
            raise PluginFailed("E555", text, hint=f"it is for {kind.__name__} only")
    return cast("tuple[Offer, ...]", offers)


# --- settling what several claim --------------------------------------------------------------


def _settled(found: Iterable[Plugin]) -> tuple[Plugin, ...]:
    """Put plugins in order of name; what two of them claim, neither of them gets."""
    plugins = sorted(found, key=lambda plugin: plugin.name)
    homes: dict[str, list[str]] = {}
    for plugin in plugins:
        if plugin.state is not State.BLOCKED:
            homes.setdefault(plugin.name, []).append(plugin.module)
    apart = tuple(_alone(plugin, homes.get(plugin.name, [])) for plugin in plugins)
    claims: dict[tuple[type[Offer], str], list[str]] = {}
    for plugin in apart:
        for offer in plugin.offers:
            claims.setdefault((type(offer), offer.name), []).append(plugin.name)
    return tuple(_marked(plugin, claims) for plugin in apart)


def _alone(plugin: Plugin, homes: Sequence[str]) -> Plugin:
    """Fail a plugin whose name another one has too."""
    if len(homes) < 2 or plugin.state is State.BLOCKED:
        return plugin
    text = f"two plugins are called {plugin.name!r}: {' and '.join(sorted(homes))}"
    failure = PluginFailed("E603", text, hint="remove one of them")
    return evolve(plugin, state=State.FAILED, failure=failure, offers=())


def _marked(plugin: Plugin, claims: Mapping[tuple[type[Offer], str], list[str]]) -> Plugin:
    """Say in the listing what a plugin offers that somebody else claims too."""
    for offer in plugin.offers:
        claimants = claims[type(offer), offer.name]
        if len(claimants) > 1:
            return evolve(plugin, failure=_claimed_twice(type(offer), offer.name, claimants))
    return plugin


def _claimed_twice(kind: type[Offer], name: str, claimants: Iterable[str]) -> PluginFailed:
    names = " and ".join(map(repr, sorted(claimants)))
    text = f"{_kind(kind)} {name!r} is claimed by {names}"
    return PluginFailed("E603", text, hint="block one of them or rename what it offers")


# --- opening ----------------------------------------------------------------------------------


def _opened(open_it: Callable[..., T], name: str, options: tuple[object, ...], kind: type) -> T:
    """Open what was asked for; its own errors pass, all others become the plugin's failure.

    What a plugin raises may quote an option, such as an address with a password, so it is told by
    its type only.
    """
    _check_options(open_it, name, options)
    try:
        opened = open_it(*options)
    except KompetanseError:
        raise
    except (Exception, SystemExit) as error:
        text = f"{name!r} could not be opened: {type(error).__name__}"
        raise PluginFailed("E602", text) from error
    if not isinstance(opened, kind):
        raise PluginFailed("E602", f"{name!r} opened something that is no {kind.__name__}")
    return opened


def _check_options(open_it: Callable[..., object], name: str, options: tuple[object, ...]) -> None:
    try:
        taken = signature(open_it)
    except (TypeError, ValueError):
        return  # nothing tells what it takes; opening it will
    try:
        taken.bind(*options)
    except TypeError as error:
        text = f"{name!r} cannot be opened with the options given"
        raise Misuse("E214", text, hint=f"it takes {taken}") from error


def _kind(kind: type[Offer]) -> str:
    return {
        SourceMaker: "source",
        SinkMaker: "sink",
        StoreMaker: "store",
        RendererMaker: "renderer",
        MeasureCatalogue: "measure catalogue",
        Opener: "strategy",
    }[kind]
