"""Do the kit's strategies draw what hangs together, and do its contracts catch who breaks them?"""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from types import ModuleType

import attrs
import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import kompetanse_core.model
from kompetanse_adapters.memory import MemoryStore
from kompetanse_core import conformance
from kompetanse_core.columns import Table
from kompetanse_core.conformance import (
    DAY,
    NOTHING,
    NOUNS,
    SMALL,
    Renaming,
    Size,
    alive_in_html,
    alive_in_markdown,
    enterprises,
    nouns,
    renamings,
    renderer_contract,
    reports,
    shuffled,
    source_contract,
    store_contract,
)
from kompetanse_core.conformance.contract import contract
from kompetanse_core.errors import Misuse, Place, SourceUnavailable, VersionConflict
from kompetanse_core.hooks import Access, Purpose, Source, Version
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.competence import (
    Competence,
    Level,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
)
from kompetanse_core.model.cooperation import Register
from kompetanse_core.model.enterprise import Enterprise, Finding, Loss, Reading, Severity
from kompetanse_core.model.people import Employee, EmployeeId
from kompetanse_core.model.text import Text
from kompetanse_core.report.page import Cell, Grid, Points, Report

SHRINKING = settings(
    max_examples=100, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)

EQUIVALENT = RelationKind.EQUIVALENT

FIRST = settings(
    phases=[Phase.generate],
    max_examples=20,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Enough to find what a broken adapter does, without looking for the smallest example."""


# --- strategies -------------------------------------------------------------------------------


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Every module of a package."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def public_nouns() -> set[type]:
    """Every public attrs class that the nouns' modules define, but for those that compute."""
    return {
        noun
        for module in modules(kompetanse_core.model)
        for name, noun in vars(module).items()
        if isinstance(noun, type) and attrs.has(noun) and noun.__module__ == module.__name__
        if not name.startswith("_")
        if module.__name__.rpartition(".")[2]
        in ("competence", "cooperation", "measure", "people", "privacy", "rule", "text", "work")
    }


def test_every_noun_of_the_model_has_a_strategy() -> None:
    """A noun that is added to the model is added to the kit."""
    assert public_nouns() - set(NOUNS) == set()


@pytest.mark.parametrize("noun", [*NOUNS, Enterprise, Reading], ids=lambda noun: noun.__name__)
def test_from_type_just_works(noun: type) -> None:
    """Hypothesis knows every noun without being told in the test: the entry point has told it."""

    @settings(max_examples=5, database=None)
    @given(st.from_type(noun))
    def law(drawn: object) -> None:
        assert type(drawn) is noun

    law()


@given(enterprises())
def test_what_is_drawn_hangs_together(enterprise: Enterprise) -> None:
    """Assembling a drawn enterprise finds no flaw: at most remarks on what is asked for and why."""
    found = {finding.code for finding in assemble(enterprise).findings}
    assert found <= {"W514", "W515", "W516"}


WANTED: tuple[tuple[str, Callable[[Enterprise], bool]], ...] = (
    *((name, lambda drawn, name=name: bool(rows(drawn, name))) for name in attrs.fields_dict(Size)),
    ("a drop", lambda drawn: any(relation.drop for relation in drawn.relations)),
    ("an equivalence", lambda drawn: any(r.kind is EQUIVALENT for r in drawn.relations)),
    ("an area", lambda drawn: any(each.facet is None for each in drawn.competences)),
    ("a tree of units", lambda drawn: any(unit.parent for unit in drawn.units)),
    ("a waived requirement", lambda drawn: any(role.waives for role in drawn.roles)),
    ("an occupation to start from", lambda drawn: any(role.occupation for role in drawn.roles)),
    ("another scale asked for", lambda drawn: any(row.scale for row in drawn.requirements)),
    ("a statutory requirement", lambda drawn: any(row.statutory for row in drawn.requirements)),
    ("a proof asked for", lambda drawn: any(row.proof for row in drawn.requirements)),
    ("a requirement that ends", lambda drawn: any(row.end for row in drawn.requirements)),
    ("a requirement of the future", lambda drawn: any(later(r.start) for r in drawn.requirements)),
    ("another scale held", lambda drawn: any(row.scale for row in drawn.assessments)),
    (
        "an assessment of the future",
        lambda drawn: any(later(a.assessed) for a in drawn.assessments),
    ),
    ("an assessment that expires", lambda drawn: any(row.expires for row in drawn.assessments)),
    ("an assessment by evidence", lambda drawn: any(row.evidence for row in drawn.assessments)),
    ("part engagements", lambda drawn: len(engaged(drawn)) < len(drawn.engagements)),
    ("somebody without engagement", lambda drawn: len(engaged(drawn)) < len(drawn.employees)),
    ("an outcome", lambda drawn: any(measure.outcomes for measure in drawn.measures)),
    ("a prior measure", lambda drawn: any(measure.prior for measure in drawn.measures)),
    ("an answer", lambda drawn: any(event.refers_to for event in drawn.register)),
)
"""What laws fail for, if anything: the parts of an enterprise, and the odd cases in them."""


def rows(enterprise: Enterprise, part: str) -> tuple[object, ...]:
    """The rows of one part of an enterprise."""
    return tuple(getattr(enterprise, {"events": "register"}.get(part, part)))


def later(day: date | None) -> bool:
    """Whether a day is after the one that all dates lie around."""
    return day is not None and day > DAY


def engaged(enterprise: Enterprise) -> set[EmployeeId]:
    """Everybody with an engagement."""
    return {engagement.employee for engagement in enterprise.engagements}


def test_whatever_laws_may_fail_for_is_drawn() -> None:
    """In a few hundred enterprises everything that the model can say is said at least once."""
    missing = dict(WANTED)

    @settings(max_examples=300, derandomize=True, database=None, phases=[Phase.generate])
    @given(enterprises(most=evolve(SMALL, successions=2)))
    def look(enterprise: Enterprise) -> None:
        for name in [name for name, wanted in missing.items() if wanted(enterprise)]:
            del missing[name]

    look()
    assert list(missing) == []


def test_least_and_most_are_kept() -> None:
    """`least` gives at least so many rows where they have something to refer to, `most` no more."""
    least = Size(scales=1, competences=3, employees=2)
    most = evolve(NOTHING, scales=1, competences=4, employees=2, goals=1)

    @given(enterprises(least=least, most=most))
    def law(enterprise: Enterprise) -> None:
        assert 3 <= len(enterprise.competences) <= 4
        assert len(enterprise.employees) == 2
        assert len(enterprise.goals) <= 1
        assert not enterprise.roles

    law()


def test_what_fails_shrinks_to_what_matters() -> None:
    """An enterprise in which somebody holds level 2 comes down to a handful of rows."""

    def skilled(enterprise: Enterprise) -> bool:
        return any(assessment.level > 1 for assessment in enterprise.assessments)

    some = Size(scales=1, competences=3, roles=2, employees=3, requirements=3, assessments=3)
    smallest = find(enterprises(most=some), skilled, settings=SHRINKING)
    assert sum(len(rows(smallest, part)) for part in attrs.fields_dict(Size)) <= 8


@given(st.data())
def test_a_renaming_can_be_taken_back(data: st.DataObject) -> None:
    """Renaming gives each id one new name, everywhere: taken back, all is as it was."""
    enterprise = data.draw(enterprises())
    renaming = data.draw(renamings(enterprise))
    renamed = renaming.apply(enterprise)
    back = Renaming({(kind, new): old for (kind, old), new in renaming.names.items()})
    assert back.apply(renamed) == enterprise
    assert assemble(renamed).refused == ()


def test_a_renaming_reaches_every_id() -> None:
    """No old id is left where all have another name, but for assessment rounds, which name none."""

    @given(enterprises())
    def law(enterprise: Enterprise) -> None:
        kinds = {(kind, name) for kind, names in ids_in(enterprise).items() for name in names}
        renaming = Renaming({(kind, name): f"NEW {name}" for kind, name in kinds})
        renamed = ids_in(renaming.apply(enterprise))
        assert all(name.startswith("NEW ") for names in renamed.values() for name in names)
        assert assemble(renaming.apply(enterprise)).refused == ()

    from kompetanse_core.conformance.renaming import ids_in

    law()


@given(st.data())
def test_a_shuffled_enterprise_says_the_same(data: st.DataObject) -> None:
    """Told in another order, tables are the same and tuples hold the same rows."""
    enterprise = data.draw(enterprises())
    other = data.draw(shuffled(enterprise))
    for name in attrs.fields_dict(Enterprise):
        one, two = getattr(enterprise, name), getattr(other, name)
        if isinstance(one, Table):
            assert one == two
        elif isinstance(one, tuple):
            assert sorted(map(repr, one)) == sorted(map(repr, two))


def test_everything_promised_can_be_had() -> None:
    """The face of the kit names what there is, and a wrong name says so."""
    assert [name for name in conformance.__all__ if getattr(conformance, name, None) is None] == []
    with pytest.raises(AttributeError, match="no_such_contract"):
        _ = conformance.no_such_contract


# --- the entry point of Hypothesis ------------------------------------------------------------


BREAKS = {
    "missing": "sys.modules['kompetanse_core.conformance.teaching'] = None",
    "raising": "break_with('1 / 0')",
    "exiting": "break_with('raise SystemExit(3)')",
    "misnamed": "break_with('teach = None')",
}

PRELUDE = """
import sys, types
from importlib.machinery import ModuleSpec

def break_with(code):
    class Finder:
        def find_spec(self, name, path, target=None):
            if name == 'kompetanse_core.conformance.teaching':
                return ModuleSpec(name, self)
        def create_module(self, spec):
            return None
        def exec_module(self, module):
            exec(code, vars(module))
    sys.meta_path.insert(0, Finder())
"""


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_kit_never_breaks_hypothesis(how: str) -> None:
    """Whatever is wrong with the kit, `import hypothesis` works, for everybody, without a word."""
    script = f"{PRELUDE}\n{BREAKS[how]}\nimport hypothesis; print('fine')"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "fine\n", "")


def test_the_kit_is_taught_when_it_is_whole() -> None:
    """The entry point runs when Hypothesis is imported: else the test above would prove nothing."""
    script = "import hypothesis, sys; print('kompetanse_core.conformance.teaching' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    assert run.stdout == "True\n"


# --- contracts in general ---------------------------------------------------------------------


def holds(subject: str) -> None:
    """Hold what is promised."""
    assert subject == "whole"


def test_a_contract_has_one_test_for_each_promise() -> None:
    """A promise that holds passes, and one that does not fails, under its own name."""
    whole, broken = contract("Whole", "whole", (holds,), {}), contract("Broken", "", (holds,), {})
    assert (whole.__name__, whole.test_holds.__doc__) == ("Whole", holds.__doc__)  # type: ignore[attr-defined] # made at run time
    whole().test_holds()
    with pytest.raises(AssertionError):
        broken().test_holds()


def test_a_departure_is_skipped_with_its_reason() -> None:
    """What an adapter does not promise is not tried, and the reason is shown."""
    departing = contract("Departing", "", (holds,), {"holds": "it is a toy"})
    with pytest.raises(pytest.skip.Exception, match="it is a toy"):
        departing().test_holds()


@pytest.mark.parametrize(
    ("never", "code"), [({"no_such_promise": "a reason"}, "E604"), ({"holds": " "}, "E214")]
)
def test_a_departure_names_a_promise_and_a_reason(never: dict[str, str], code: str) -> None:
    """A departure from nothing, or without a reason, is a mistake and told at once."""
    with pytest.raises(Misuse) as refused:
        contract("Departing", "whole", (holds,), never)
    assert refused.value.code == code


def broken_promises(proof: type) -> set[str]:
    """The promises that a test class finds broken."""
    names = [name for name in vars(proof) if name.startswith("test_")]
    return {name.removeprefix("test_") for name in names if not kept(proof, name)}


def kept(proof: type, name: str) -> bool:
    """Whether one test of a class passes, or is skipped."""
    try:
        getattr(proof(), name)()
    except pytest.skip.Exception:
        return True
    except (Exception, pytest.fail.Exception):  # noqa: BLE001 - a broken adapter may raise anything
        return False
    return True


@pytest.fixture
def quickly() -> Iterator[None]:
    """Let the contracts find what is broken without looking for the smallest example of it."""
    profile = settings.get_current_profile_name()
    settings.register_profile("first", FIRST)
    settings.load_profile("first")
    yield
    settings.load_profile(profile)


# --- broken stores ----------------------------------------------------------------------------


class Crowded(MemoryStore):
    """Holds something before anything is saved."""

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        found = super().load(access, version=version, as_known_at=as_known_at)
        return found if self.history() else Enterprise(name=Text("left over"))


class Forgetful(MemoryStore):
    """Loses the wishes."""

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        return super().save(evolve(enterprise, wishes=()), expected=expected, at=at, event=event)


class Latin(MemoryStore):
    """Knows no letters beyond Latin-1."""

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        found = super().load(access, version=version, as_known_at=as_known_at)
        scales = [evolve(scale, id=ScaleId(_latin(scale.id))) for scale in found.scales]
        return evolve(found, name=Text(*map(_latin, attrs.astuple(found.name))), scales=scales)


def _latin(words: str) -> str:
    return words.encode("latin-1", "replace").decode("latin-1")


class Onesided(MemoryStore):
    """Forgets which statement somebody accepted."""

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        events = tuple(evolve(each, refers_to=()) for each in enterprise.register)
        onesided = evolve(enterprise, register=Register(events=events))
        return super().save(onesided, expected=expected, at=at, event=event)


class LastWins(MemoryStore):
    """Lets whoever saves last win."""

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        return super().save(enterprise, expected=len(self.history()), at=at, event=event)


class Silent(MemoryStore):
    """Tells the wrong version in a conflict."""

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        try:
            return super().save(enterprise, expected=expected, at=at, event=event)
        except VersionConflict as conflict:
            raise VersionConflict(expected=expected, found=conflict.found + 1) from None


class Repeating(MemoryStore):
    """Saves a delivery as often as it comes."""

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        found = len(self.history())
        return evolve(
            super().save(enterprise, expected=expected if not event else found, at=at), event=event
        )


class Timeless(MemoryStore):
    """Knows only what is newest."""

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        return super().load(access)


class Talkative(MemoryStore):
    """Tells a person about everybody."""

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        mine = super().subject(employee, access)
        return tuple(super(Talkative, self).load(access, version=n + 1) for n in range(len(mine)))


class Levelling(MemoryStore):
    """Holds all engagements for development, whatever they were told to be for."""

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        rows = [evolve(row, purpose=Purpose.DEVELOPMENT) for row in enterprise.engagements]
        levelled = evolve(enterprise, engagements=rows)
        return super().save(levelled, expected=expected, at=at, event=event)


class Remembering(MemoryStore):
    """Erases from the newest version only."""

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        before = list(self._kept)
        version = super().erase(employee, access, expected=expected)
        self._kept[: len(before)] = before
        return version


class Unwatched(MemoryStore):
    """Keeps no account of who read what."""

    def accesses(self, *, employee: EmployeeId | None = None) -> tuple[Access, ...]:
        return ()


class Naming(MemoryStore):
    """Writes names into the log."""

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        told = super().subject(employee, access)
        self._accesses[-1] = evolve(access, subject=employee)
        return told


class Hoarding(MemoryStore):
    """Keeps the key of somebody who is erased."""

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        keys = dict(self._keys)
        version = super().erase(employee, access, expected=expected)
        self._keys.update(keys)
        return version


class Keyless(MemoryStore):
    """Marks everybody by one key for all stores: whoever knows the names knows the marks."""

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        self._keys[employee] = "the same"
        return super().subject(employee, access)


@pytest.mark.parametrize(
    ("store", "promise"),
    [
        (Crowded, "is_new_and_empty"),
        (Forgetful, "gives_back_what_was_saved"),
        (Latin, "gives_back_any_text_and_id"),
        (Onesided, "keeps_what_the_parties_agreed"),
        (Silent, "tells_both_versions_in_a_conflict"),
        (Repeating, "saves_a_delivery_once"),
        (LastWins, "lets_one_of_many_writers_win"),
        (Timeless, "reproduces_what_was_known"),
        (Timeless, "refuses_a_version_that_is_not_there"),
        (Talkative, "gives_a_person_what_is_held"),
        (Levelling, "tells_a_purpose_what_is_held_for_it"),
        (Remembering, "erases"),
        (Unwatched, "tells_who_read_what"),
        (Naming, "tells_the_holder_of_the_key_alone"),
        (Hoarding, "tells_the_holder_of_the_key_alone"),
        (Keyless, "tells_the_holder_of_the_key_alone"),
        (LastWins, "agrees_with_a_dict"),
    ],
)
@pytest.mark.usefixtures("quickly")
def test_the_store_contract_catches(store: type[MemoryStore], promise: str) -> None:
    """Each promise of a store is broken by one that does not keep it."""
    assert not kept(store_contract(store), f"test_{promise}")


def test_every_promise_of_a_store_is_seen_to_break() -> None:
    """No promise is left without a store that breaks it, and the reference keeps every one."""
    promises = {name for name in vars(store_contract(MemoryStore)) if name.startswith("test_")}
    mark = test_the_store_contract_catches.pytestmark[1]  # type: ignore[attr-defined] # set by the decorator
    assert {f"test_{promise}" for _, promise in mark.args[1]} == promises


@pytest.mark.usefixtures("quickly")
def test_what_a_store_never_promises_is_not_tried() -> None:
    """A store that forgets nobody passes when it says so: the machine leaves erasing out too."""
    never = {
        "erases": "an archive that is bound to keep everything",
        "tells_who_read_what": "the archive keeps its own account",
        "tells_the_holder_of_the_key_alone": "the archive keeps its own account",
    }

    class Archive(Unwatched, Remembering):
        pass

    assert broken_promises(store_contract(Archive, never=never)) == set()


# --- broken sources ---------------------------------------------------------------------------

PLACE = Place(file="people.csv", row=3)
FLAW = Finding(code="E503", severity=Severity.REFUSE, text="a role leads to nothing", place=PLACE)
WHOLE = Reading(
    parcel=Enterprise(
        scales=(Scale(id=ScaleId("s1"), top=Level(3)),),
        employees=[Employee(id=EmployeeId("ansatt-17"))],
    ),
    losses=(Loss(field="comment", count=2, reason="free text is not kept"),),
)
BROKEN = evolve(WHOLE, findings=(FLAW,))


@frozen
class Paper:
    """A source that gives a reading written beforehand."""

    reading: Reading

    def read(self) -> Reading:
        return self.reading


class Gone:
    """A source that is not there."""

    def read(self) -> Reading:
        raise SourceUnavailable("E703", "nothing answers")


class Moody:
    """A source that never gives the same twice."""

    def __init__(self) -> None:
        self.times = 0

    def read(self) -> Reading:
        self.times += 1
        return evolve(WHOLE, losses=(Loss(field="comment", count=self.times, reason="moods"),))


class Crashing:
    """A source that says in its own words that it is not there."""

    def read(self) -> Reading:
        raise FileNotFoundError("people.csv")


TestPaper = source_contract(
    lambda: Paper(WHOLE), broken=lambda: Paper(BROKEN), absent=Gone, secrets=("Kari",)
)


def told(flaw: Finding) -> Paper:
    """A source whose only finding is this."""
    return Paper(evolve(WHOLE, findings=(flaw,)))


def lost(loss: Loss) -> Paper:
    """A source whose only loss is this."""
    return Paper(evolve(WHOLE, losses=(loss,)))


DANGLING = evolve(
    WHOLE.parcel,
    competences=(Competence(id="k1", label=Text("k1"), facet=None, scale=ScaleId("s9")),),  # type: ignore[arg-type] # an id is text
)


@pytest.mark.parametrize(
    ("whole", "broken", "promise"),
    [
        (Moody(), Paper(BROKEN), "reads_the_same_twice"),
        (Paper(WHOLE), told(evolve(FLAW, code="X1")), "says_what_and_where"),
        (Paper(WHOLE), told(evolve(FLAW, text=" ")), "says_what_and_where"),
        (Paper(WHOLE), told(evolve(FLAW, place=Place())), "says_what_and_where"),
        (Paper(WHOLE), told(evolve(FLAW, text="ansatt-17 is odd")), "tells_nobody_about_anybody"),
        (Paper(WHOLE), told(evolve(FLAW, hint="ask Karianne")), "tells_nobody_about_anybody"),
        (lost(Loss(field="x", count=0, reason="y")), Paper(BROKEN), "counts_what_is_lost"),
        (lost(Loss(field="x", count=1, reason="")), Paper(BROKEN), "counts_what_is_lost"),
        (lost(Loss(field="", count=1, reason="y")), Paper(BROKEN), "counts_what_is_lost"),
        (Paper(evolve(WHOLE, parcel=DANGLING)), Paper(BROKEN), "hangs_together"),
        (Paper(BROKEN), Paper(BROKEN), "hangs_together"),
        (Paper(WHOLE), Paper(WHOLE), "refuses_flaws_all_at_once"),
    ],
)
def test_the_source_contract_catches(whole: Source, broken: Source, promise: str) -> None:
    """Each promise of a source is broken by one that does not keep it."""
    proof = source_contract(lambda: whole, broken=lambda: broken, absent=Gone, secrets=("Kari",))
    assert broken_promises(proof) >= {promise}


@pytest.mark.parametrize("absent", [Crashing, lambda: Paper(WHOLE), None])
def test_the_source_contract_catches_who_is_there_when_absent(
    absent: Callable[[], Paper] | None,
) -> None:
    """What is not there is said to be: not by a foreign error, and not by an empty enterprise."""
    proof = source_contract(lambda: Paper(WHOLE), broken=lambda: Paper(BROKEN), absent=absent)
    assert broken_promises(proof) == {"says_when_it_cannot_be_reached"}


def test_a_source_without_flaws_says_why() -> None:
    """A source that cannot be broken or absent says so, with the reason."""
    never = {
        "refuses_flaws_all_at_once": "it is written here",
        "says_when_it_cannot_be_reached": "it is always there",
    }
    assert broken_promises(source_contract(lambda: Paper(WHOLE), never=never)) == set()
    assert broken_promises(source_contract(lambda: Paper(WHOLE))) == set(never)


# --- broken renderers -------------------------------------------------------------------------


class Honest:
    """A renderer that does as it should, as a list of escaped lines."""

    def render(self, report: Report) -> str:
        lines = [report.title, report.lead]
        for section in report.sections:
            lines.append(section.heading)
            for block in section.blocks:
                lines += self.lines(block)
        return "\n".join(f"<p>{self.escaped(line)}</p>" for line in lines)

    def lines(self, block: object) -> list[str]:
        if isinstance(block, Grid):
            rows = (*block.rows, block.total or ())
            cells = [self.cell(cell) for row in rows for cell in row]
            return [block.caption, *block.columns, *cells, block.note]
        return list(block.points) if isinstance(block, Points) else [block.text]  # type: ignore[attr-defined] # a paragraph

    def cell(self, cell: Cell) -> str:
        return cell.text

    def escaped(self, line: str) -> str:
        return line.replace("&", "&amp;").replace("<", "&lt;")


class Speechless(Honest):
    """Gives nothing for a report."""

    def render(self, report: Report) -> str:
        return ""


class Counting(Honest):
    """Counts how often it was asked."""

    asked = 0

    def render(self, report: Report) -> str:
        Counting.asked += 1
        return f"{super().render(report)}\n{self.asked}"


class Hasty(Honest):
    """Leaves the cells out."""

    def cell(self, cell: Cell) -> str:
        return ":" if cell.withheld else ""


class Trusting(Honest):
    """Takes every text for markup."""

    def escaped(self, line: str) -> str:
        return line


class Smooth(Honest):
    """Shows a cell that is held back as nought."""

    def cell(self, cell: Cell) -> str:
        return "0" if cell.withheld else cell.text


class Leaking(Honest):
    """Shows the figure behind every cell."""

    def cell(self, cell: Cell) -> str:
        return f"{cell.text} {cell.number}"


TestHonest = renderer_contract(Honest)


@pytest.mark.parametrize(
    ("renderer", "promise"),
    [
        (Speechless, "gives_text"),
        (Counting, "gives_the_same_twice"),
        (Hasty, "leaves_nothing_out"),
        (Trusting, "takes_texts_as_texts"),
        (Smooth, "shows_each_cell_held_back"),
        (Leaking, "shows_no_figure_held_back"),
    ],
)
@pytest.mark.usefixtures("quickly")
def test_the_renderer_contract_catches(renderer: type[Honest], promise: str) -> None:
    """Each promise of a renderer is broken by one that does not keep it."""
    assert not kept(renderer_contract(renderer), f"test_{promise}")


@pytest.mark.parametrize(
    ("page", "html", "markdown"),
    [
        ("<p>a text</p>", False, False),
        ("&lt;script>alert(1)&lt;/script>", False, False),
        ("<script>alert(1)</script>", True, True),
        ("<img src=x onerror=alert(1)>", True, True),
        ('<p title="" onmouseover="alert(1)">', True, True),
        ('<a href="javascript:alert(1)">', True, True),
        ('<p title="javascript is a language">', False, False),
        ("[press](javascript:alert(1))", False, True),
        (r"\[press\](javascript:alert(1))", False, False),
        (r"\<script>alert(1)</script>", True, False),
    ],
)
def test_what_is_alive(page: str, *, html: bool, markdown: bool) -> None:
    """Alive is what would act: an element, an attribute or a link, each where its format has it."""
    assert (alive_in_html(page), alive_in_markdown(page)) == (html, markdown)


@given(reports())
def test_every_row_of_a_drawn_report_fits_its_grid(report: Report) -> None:
    """A grid's rows, total and columns are of one width, and its names are never held back."""
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Grid):
                rows = (*block.rows, block.total) if block.total else block.rows
                assert {len(row) for row in rows} <= {len(block.columns)}
                assert not any(row[0].withheld for row in rows)


@given(nouns(Relation))
def test_a_drawn_relation_joins_two(relation: Relation) -> None:
    """What no relation can be is never drawn: one that points at itself."""
    assert relation.source != relation.target
    assert attrs.fields_dict(Size).keys() >= attrs.asdict(SMALL).keys()
