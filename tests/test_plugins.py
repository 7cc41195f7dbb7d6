"""Does one plugin that breaks leave all others working, and is each listed as what it is?"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from attrs import frozen

from kompetanse_adapters import memory
from kompetanse_core.errors import Misuse, PluginFailed, StoreUnavailable
from kompetanse_core.hooks import (
    MeasureCatalogue,
    Reading,
    RendererMaker,
    Source,
    SourceMaker,
    Store,
    StoreMaker,
    assemble,
    hookimpl,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.plugins import MOST_OFFERS, Plugin, Plugins, State

PEOPLE = "ansatt-17"


class Nobody:
    """A source of an empty enterprise."""

    def read(self) -> Reading:
        return assemble(Enterprise())


def source(name: str, open_it: Callable[..., Source] = Nobody) -> SourceMaker:
    """A source under a name."""
    return SourceMaker(name=name, description=f"The source {name}", open=open_it)


def plugin(name: str, sources: Callable[[], Iterable[object]], hooks: object = None) -> ModuleType:
    """A plugin that is a module with one hook."""
    module = ModuleType(name)

    def kompetanse_sources() -> Iterable[object]:
        return sources()

    vars(module)["kompetanse_sources"] = hookimpl(kompetanse_sources)
    if hooks is not None:
        vars(module)["KOMPETANSE_HOOKS"] = hooks
    return module


GOOD = plugin("good", lambda: [source("good")])


def only(module: object) -> Plugin:
    """A plugin as it is listed beside one that works, which must go on working."""
    plugins = Plugins(GOOD, module)
    assert plugins.source("good").read() == assemble(Enterprise())
    listed = {each.name: each for each in plugins.listing()}
    assert listed.pop("good").state is State.LOADED
    (other,) = listed.values()
    return other


def code_of(listed: Plugin) -> str:
    """Why a plugin failed, which it must have."""
    assert listed.state is State.FAILED
    assert listed.offers == ()
    assert listed.failure is not None
    return listed.failure.code


# --- what works -------------------------------------------------------------------------------


def test_what_is_offered_can_be_opened() -> None:
    """Each kind of offer is had by its name, and opened with the options given."""

    class Options:
        @hookimpl
        def kompetanse_sources(self) -> Iterator[SourceMaker]:
            yield source("told", told)

    def told(*options: object) -> Source:
        given.extend(options)
        return Nobody()

    given: list[object] = []
    plugins = Plugins(Options(), memory)
    assert isinstance(plugins.source("told", "folder", 3), Nobody)
    assert given == ["folder", 3]
    assert isinstance(plugins.store("memory").behind, memory.MemoryStore)


def test_a_renderer_and_measures_can_be_had() -> None:
    """Renderers are opened; catalogues of measures are given all, in the order of their names."""

    class Plain:
        def render(self, report: object) -> str:
            return str(report)

    def catalogue(name: str) -> MeasureCatalogue:
        return MeasureCatalogue(name=name, description=name, as_of=date(2027, 1, 1), measures=())

    class Offers:
        @hookimpl
        def kompetanse_renderers(self) -> tuple[RendererMaker, ...]:
            return (RendererMaker(name="plain", description="Plain text", open=Plain),)

        @hookimpl
        def kompetanse_measures(self) -> list[MeasureCatalogue]:
            return [catalogue("b"), catalogue("a")]

    plugins = Plugins(Offers())
    assert isinstance(plugins.renderer("plain"), Plain)
    assert [found.name for found in plugins.measures()] == ["a", "b"]
    (listed,) = plugins.listing()
    assert listed.hooks == ("kompetanse_measures", "kompetanse_renderers")
    assert listed.offered == ("b", "a", "plain")


def test_order_is_by_name_whatever_comes_first() -> None:
    """The same plugins in another order are listed, and offer, in the same order."""
    one, two = plugin("one", lambda: [source("z")]), plugin("two", lambda: [source("a")])
    for modules in ((one, two), (two, one), (two, one, two)):
        plugins = Plugins(*modules)
        assert [listed.name for listed in plugins.listing()] == ["one", "two"]
        assert [offer.name for offer in plugins.offering(SourceMaker)] == ["a", "z"]


def test_two_sets_of_plugins_share_nothing() -> None:
    """What one `Plugins` holds, another does not: there is no manager behind them."""
    assert [listed.name for listed in Plugins(GOOD).listing()] == ["good"]
    assert Plugins().listing() == ()


def test_the_version_of_a_plugin_is_listed() -> None:
    """A module says its version in `__version__`."""
    module = plugin("dated", list)
    vars(module)["__version__"] = "2027.1"
    assert only(module).version == "2027.1"


# --- what breaks ------------------------------------------------------------------------------


def endless() -> Iterator[SourceMaker]:
    """Offers without end."""
    while True:
        yield source("more")


def halfway() -> Iterator[SourceMaker]:
    """An offer, and then a failure."""
    yield source("first")
    raise RuntimeError("half way")


def raising(error: BaseException) -> Callable[[], Iterable[object]]:
    """A hook that raises."""

    def hook() -> Iterable[object]:
        raise error

    return hook


@pytest.mark.parametrize(
    "hook",
    [
        raising(ValueError("wrong")),
        raising(SystemExit(3)),
        raising(Misuse("E214", "a plugin may raise one of ours")),
        halfway,
        endless,
        lambda: None,
        lambda: 7,
        lambda: [source(" badly named ")],
    ],
)
def test_fault_f12_a_hook_that_breaks_is_isolated(hook: Callable[[], Iterable[object]]) -> None:
    """FAULTS F12: a hook that raises, exits or gives nonsense fails its plugin with E602."""
    assert code_of(only(plugin("broken", hook))) == "E602"


def test_a_plugin_may_offer_as_much_as_it_likes() -> None:
    """The limit is far above what anybody offers, and says nothing below it."""
    names = [f"source {number}" for number in range(MOST_OFFERS)]
    listed = only(plugin("rich", lambda: map(source, names)))
    assert (listed.state, len(listed.offers)) == (State.LOADED, MOST_OFFERS)


@frozen(kw_only=True)
class Lookalike:
    """Has a name and can be opened, and is no offer."""

    name: str = "lookalike"
    description: str = "Not one of ours"
    open: Callable[[], Source] = Nobody


@pytest.mark.parametrize(
    "offer",
    [
        {"name": "good"},
        "good",
        Lookalike(),
        StoreMaker(name="memory", description="In the wrong hook", open=memory.MemoryStore),
        SourceMaker,
    ],
)
def test_bad_input_91_a_wrong_type_is_refused(offer: object) -> None:
    """FAULTS 91: what is not one of the hook's nouns fails the plugin with E555."""
    listed = only(plugin("wrong", lambda: [source("right"), offer]))
    assert code_of(listed) == "E555"


def test_bad_input_91_names_the_type_and_never_the_value() -> None:
    """FAULTS 91: the failure names plugin, hook and type; what was yielded may be personal."""
    failure = only(plugin("wrong", lambda: [PEOPLE])).failure
    assert str(failure) == (
        "E555 hook 'kompetanse_sources' of plugin 'wrong' yields str (it is for SourceMaker only)"
    )


def test_a_misspelt_hook_is_refused() -> None:
    """A hook that nobody would call fails its plugin with E605, which lists the hooks."""

    class Misspelt:
        @hookimpl
        def kompetanse_source(self) -> list[SourceMaker]:
            return []

    listed = only(Misspelt())
    assert code_of(listed) == "E605"
    assert "kompetanse_sources" in str(listed.failure)


def test_a_hook_that_is_not_marked_is_refused() -> None:
    """A function with the name of a hook and no mark is a mistake that would never show (E605)."""

    class Unmarked:
        def kompetanse_sources(self) -> list[SourceMaker]:
            return []

    listed = only(Unmarked())
    assert code_of(listed) == "E605"
    assert "hookimpl" in str(listed.failure)


def test_a_hook_that_asks_for_an_argument_is_refused() -> None:
    """Hooks take no argument: one that asks for the enterprise fails with E605."""

    class Asking:
        @hookimpl
        def kompetanse_sources(self, enterprise: Enterprise) -> list[SourceMaker]:
            return []

    assert code_of(only(Asking())) == "E605"


@pytest.mark.parametrize("version", [2, 0, "1", None.__class__])
def test_fault_f15_another_version_of_the_hooks_is_refused(version: object) -> None:
    """FAULTS F15: a plugin written for other hooks is failed with E606 before it is asked."""
    listed = only(plugin("newer", raising(AssertionError("asked")), hooks=version))
    assert code_of(listed) == "E606"


def test_a_plugin_for_these_hooks_is_loaded() -> None:
    """A plugin that says it is written for these hooks is loaded."""
    assert only(plugin("same", list, hooks=1)).state is State.LOADED


# --- names ------------------------------------------------------------------------------------


def test_fault_f15_a_name_claimed_twice_is_had_by_neither() -> None:
    """FAULTS F15: asking for it is refused with E603, naming both; all else of both works."""
    one = plugin("one", lambda: [source("shared"), source("own")])
    two = plugin("two", lambda: [source("shared")])
    for plugins in (Plugins(one, two), Plugins(two, one)):
        with pytest.raises(PluginFailed) as refused:
            plugins.source("shared")
        assert refused.value.code == "E603"
        assert "'one' and 'two'" in str(refused.value)
        assert isinstance(plugins.source("own"), Nobody)
        assert [str(listed.failure) for listed in plugins.listing()] == [str(refused.value)] * 2


def test_one_name_may_be_had_of_each_kind() -> None:
    """A source and a store of one name are two things."""

    class Both:
        @hookimpl
        def kompetanse_sources(self) -> list[SourceMaker]:
            return [source("memory")]

    plugins = Plugins(Both(), memory)
    assert isinstance(plugins.source("memory"), Nobody)
    assert isinstance(plugins.store("memory").behind, memory.MemoryStore)


def test_two_catalogues_of_one_name_are_refused() -> None:
    """All measures cannot be given where two catalogues claim one name (E603)."""

    class Twice:
        @hookimpl
        def kompetanse_measures(self) -> list[MeasureCatalogue]:
            day = date(2027, 1, 1)
            return [MeasureCatalogue(name="a", description="", as_of=day, measures=())] * 2

    with pytest.raises(PluginFailed) as refused:
        Plugins(Twice()).measures()
    assert refused.value.code == "E603"


def test_two_plugins_of_one_name_are_both_refused() -> None:
    """Which of the two a name means nobody can tell, so neither is loaded (E603)."""
    listed = Plugins(plugin("twin", list), plugin("twin", list)).listing()
    assert [code_of(each) for each in listed] == ["E603", "E603"]


def test_an_unknown_name_lists_what_there_is() -> None:
    """A name that nobody offers is refused with E604 and the names that there are."""
    with pytest.raises(PluginFailed) as refused:
        Plugins(GOOD).source("goof")
    assert str(refused.value) == "E604 no plugin offers a source called 'goof' (there are: good)"
    with pytest.raises(PluginFailed, match="there are: none"):
        Plugins().store("memory")


def test_a_name_whose_plugin_failed_says_why() -> None:
    """Whoever asks for a failed plugin by its name is told why it failed."""
    with pytest.raises(PluginFailed) as refused:
        Plugins(plugin("broken", raising(ValueError("wrong")))).source("broken")
    assert refused.value.code == "E602"


# --- opening ----------------------------------------------------------------------------------


def opened(open_it: Callable[..., Source], *options: object) -> object:
    """What a source gives that is opened so."""
    return Plugins(plugin("opened", lambda: [source("it", open_it)])).source("it", *options)


@pytest.mark.parametrize(
    "error", [ValueError(PEOPLE), SystemExit(PEOPLE), RuntimeError(f"sql://me:{PEOPLE}@host")]
)
def test_what_cannot_be_opened_tells_no_option(error: BaseException) -> None:
    """An address may hold a password: a failure to open is told by its type only (E602)."""

    def breaking() -> Source:
        raise error

    with pytest.raises(PluginFailed) as refused:
        opened(breaking)
    assert refused.value.code == "E602"
    assert PEOPLE not in str(refused.value)
    assert refused.value.__cause__ is error


def test_an_error_of_ours_passes() -> None:
    """A plugin that says in our words why it cannot open is taken at its word."""

    def gone() -> Source:
        raise StoreUnavailable("E802", "the folder is read-only")

    with pytest.raises(StoreUnavailable):
        opened(gone)


@pytest.mark.parametrize("nonsense", [None, 7, "source", memory.MemoryStore()])
def test_what_is_opened_is_what_was_asked_for(nonsense: Source) -> None:
    """Something that cannot be read is no source (E602)."""
    with pytest.raises(PluginFailed) as refused:
        opened(lambda: nonsense)
    assert refused.value.code == "E602"


def test_what_cannot_be_called_cannot_be_opened() -> None:
    """An offer that cannot be called is the plugin's failure, and no TypeError of ours (E602)."""
    with pytest.raises(PluginFailed) as refused:
        opened(7)  # type: ignore[arg-type] # that is what is refused
    assert refused.value.code == "E602"


@pytest.mark.parametrize("options", [(), ("folder", "more")])
def test_wrong_options_say_what_it_takes(options: tuple[str, ...]) -> None:
    """Too few or too many options are the caller's mistake (E214), and none is quoted."""

    def folder(path: str) -> Source:
        return Nobody()

    with pytest.raises(Misuse) as refused:
        opened(folder, *options)
    assert refused.value.code == "E214"
    assert "path" in refused.value.hint
    assert "more" not in str(refused.value)


# --- what is installed ------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where distributions with plugins are installed, beside our own."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def install(place: Path, name: str, code: str) -> None:
    """Install a distribution with one plugin, as an installer would leave it."""
    (place / f"outside_{name}.py").write_text(code, "utf-8")
    folder = place / f"outside_{name}-1.2.dist-info"
    folder.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: outside-{name}\nVersion: 1.2\n"
    (folder / "METADATA").write_text(metadata, "utf-8")
    (folder / "entry_points.txt").write_text(f"[kompetanse]\n{name} = outside_{name}\n", "utf-8")


WORKING = """
from kompetanse_core.hooks import SourceMaker, hookimpl

@hookimpl
def kompetanse_sources():
    yield SourceMaker(name="{name}", description="From outside", open=object)
"""


def installed(**environ: str) -> dict[str, Plugin]:
    """What is installed, by name, under an environment."""
    return {listed.name: listed for listed in Plugins.installed(environ).listing()}


def test_our_own_plugins_are_installed() -> None:
    """The adapters that come with kompetanse are found, loaded, and offer what they say."""
    found = installed()
    assert found["memory"].state is State.LOADED
    assert found["memory"].version
    assert isinstance(Plugins.installed({}).store("memory"), Store)
    assert [listed.failure for listed in found.values() if listed.failure] == []


def test_a_plugin_from_outside_is_found(elsewhere: Path) -> None:
    """A distribution that announces a plugin needs nothing else to be found."""
    install(elsewhere, "works", WORKING.format(name="works"))
    found = installed()["works"]
    assert (found.version, found.state, found.offered) == ("1.2", State.LOADED, ("works",))


@pytest.mark.parametrize(
    "code", ["1 / 0", "raise SystemExit(9)", "import no_such_module", "def broken(:", "exit()"]
)
def test_fault_f11_a_plugin_that_breaks_at_import_is_listed(elsewhere: Path, code: str) -> None:
    """FAULTS F11: it is failed with E601, and all others work."""
    install(elsewhere, "breaks", code)
    found = installed()
    assert code_of(found["breaks"]) == "E601"
    assert found["memory"].state is State.LOADED


def test_fault_f11_a_missing_library_is_named(elsewhere: Path) -> None:
    """FAULTS F11: why it failed is told, so that the reader can mend it."""
    install(elsewhere, "needs", "import no_such_library")
    assert "No module named 'no_such_library'" in str(installed()["needs"].failure)


def test_fault_f15_two_distributions_with_one_plugin_name(elsewhere: Path) -> None:
    """FAULTS F15: an outsider that takes the name of ours is told, and neither is loaded."""
    install(elsewhere, "memory", WORKING.format(name="other"))
    listed = [each for each in Plugins.installed({}).listing() if each.name == "memory"]
    assert [code_of(each) for each in listed] == ["E603", "E603"]
    assert "kompetanse_adapters.memory and outside_memory" in str(listed[0].failure)


def test_only_what_is_allowed_is_loaded(elsewhere: Path) -> None:
    """`KOMPETANSE_PLUGINS=a,b` loads these; the others are listed as blocked, not imported."""
    install(elsewhere, "loud", "raise AssertionError('imported')")
    found = installed(KOMPETANSE_PLUGINS=" memory , ")
    assert found.pop("memory").state is State.LOADED
    assert {listed.state for listed in found.values()} == {State.BLOCKED}
    assert found["loud"].failure is None
    assert "outside_loud" not in sys.modules


def test_an_empty_list_allows_nothing() -> None:
    """`KOMPETANSE_PLUGINS=` set to nothing loads nothing."""
    assert {listed.state for listed in installed(KOMPETANSE_PLUGINS="").values()} == {State.BLOCKED}


def test_an_allowed_name_that_is_not_installed_is_told() -> None:
    """A name in the list that nobody has is a slip of the pen, and shows (E604)."""
    assert code_of(installed(KOMPETANSE_PLUGINS="memroy")["memroy"]) == "E604"


@pytest.mark.parametrize(("value", "state"), [("1", State.BLOCKED), ("0", State.LOADED)])
def test_only_our_own_are_loaded_when_asked(elsewhere: Path, value: str, state: State) -> None:
    """`KOMPETANSE_NO_PLUGINS=1` blocks what comes from outside, and only that."""
    install(elsewhere, "works", WORKING.format(name="works"))
    found = installed(KOMPETANSE_NO_PLUGINS=value)
    assert found["works"].state is state
    assert found["memory"].state is State.LOADED


def test_the_environment_is_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an environment of its own, `installed` reads that of the process."""
    monkeypatch.setenv("KOMPETANSE_PLUGINS", "")
    assert {listed.state for listed in Plugins.installed().listing()} == {State.BLOCKED}


def test_fault_f11_the_host_goes_on(elsewhere: Path) -> None:
    """FAULTS F11: a program that lists plugins ends well, whatever one of them does at import."""
    install(elsewhere, "exits", "import sys; sys.exit('goodbye')")
    script = (
        "from kompetanse_core.plugins import Plugins; print(len(Plugins.installed().listing()))"
    )
    environ = {**os.environ, "PYTHONPATH": str(elsewhere)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True
    )
    assert int(run.stdout) >= 2
