"""Does ESCO come in whole, and is everything told that does not?"""

import atexit
import csv
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from kompetanse_adapters.esco import ATTRIBUTION, esco
from kompetanse_core import (
    REQUIREMENTS,
    BadInput,
    Demand,
    Facet,
    Finding,
    Language,
    Reading,
    RelationKind,
    Severity,
    SourceUnavailable,
    Table,
)
from kompetanse_core.conformance import source_contract

ROOT = "http://data.europa.eu/esco/"
Rows = list[list[str]]

SKILLS = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description"
GROUPS = "conceptType,conceptUri,preferredLabel,altLabels,description,code"
OCCUPATIONS = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description,code"
ISCO = "conceptType,conceptUri,code,preferredLabel,description"
BETWEEN = ("relationType", "relatedSkillType", "relatedSkillUri")
BROADER = "conceptType,conceptUri,broaderType,broaderUri"

OFFICIAL_ROWS = {
    "ISCOGroups_en.csv": 619,
    "broaderRelationsOccPillar.csv": 3_617,
    "broaderRelationsSkillPillar.csv": 20_656,
    "occupationSkillRelations.csv": 123_855,
    "occupations_en.csv": 3_007,
    "skillGroups_en.csv": 640,
    "skillSkillRelations.csv": 5_899,
    "skillsHierarchy_en.csv": 647,
    "skills_en.csv": 13_896,
}


def at(tail: str) -> str:
    """The full address of a concept."""
    return ROOT + tail


def small() -> dict[str, Rows]:
    """A classification of our own, in the format of version 1.1: two skills, two occupations."""
    knot, rope, nets, fisher, skipper = map(
        at, ("skill/knot", "skill/rope", "skill/nets", "occupation/fisher", "occupation/skipper")
    )
    return {
        "skills_en.csv": [
            SKILLS.split(","),
            ["Skill", knot, "skill/competence", "cross-sector", "tie knots ", "a\nb", "Tie."],
            ["Skill", rope, "knowledge", "cross-sector", "ropes", "c | d | e", "What ropes are."],
        ],
        "skillGroups_en.csv": [
            GROUPS.split(","),
            ["SkillGroup", nets, "working with nets", "", "A group.", "S1"],
        ],
        "occupations_en.csv": [
            OCCUPATIONS.split(","),
            ["Occupation", fisher, "6222", "fisher", "", "Fishes.", "6222.1"],
            ["Occupation", skipper, "6222", "skipper", "", "Leads.", "6222.1.1"],
        ],
        "ISCOGroups_en.csv": [
            ISCO.split(","),
            ["ISCOGroup", at("isco/C6222"), "6222", "Fishery workers", "A group."],
        ],
        "broaderRelationsSkillPillar.csv": [
            BROADER.split(","),
            ["Skill", knot, "SkillGroup", nets],
            ["Skill", rope, "SkillGroup", nets],
        ],
        "broaderRelationsOccPillar.csv": [
            BROADER.split(","),
            ["Occupation", fisher, "ISCOGroup", at("isco/C6222")],
            ["Occupation", skipper, "Occupation", fisher],
        ],
        "occupationSkillRelations.csv": [
            ["occupationUri", "relationType", "skillType", "skillUri"],
            [fisher, "essential", "skill/competence", knot],
            [skipper, "essential", "skill/competence", knot],
            [skipper, "optional", "knowledge", rope],
        ],
        "skillSkillRelations.csv": [
            [*("originalSkillUri", "originalSkillType"), *BETWEEN],
            [knot, "skill/competence", "essential", "knowledge", rope],
        ],
    }


def write(folder: Path, tables: Mapping[str, Rows], encoding: str = "utf-8") -> Path:
    """Write tables as the official files are: commas, quotes where needed, CRLF."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def read(folder: Path, tables: Mapping[str, Rows]) -> Reading:
    """Write a classification and read it."""
    return esco(write(folder, tables)).read()


def told(reading: Reading, *severities: Severity) -> list[tuple[str, str, int | None, str]]:
    """Code, file, row and column of each finding of these severities, flaws by default."""
    wanted = severities or (Severity.WARNING, Severity.REFUSE)
    found = (each for each in reading.findings if each.severity in wanted)
    return [(each.code, each.place.file, each.place.row, each.place.column) for each in found]


def balances(reading: Reading) -> dict[str, tuple[int, int, int]]:
    """Rows read, kept and left out by file, as the source tells them."""
    found = (each for each in reading.findings if each.code == "N711")
    return {each.place.file: numbers_in(each) for each in found}


def numbers_in(found: Finding) -> tuple[int, int, int]:
    """The three numbers of a balance."""
    read, kept, left = map(int, re.findall(r"\d+", found.text))
    return read, kept, left


def lost(reading: Reading) -> dict[str, int]:
    """What was lost, by file or column."""
    return {each.field: each.count for each in reading.losses}


@pytest.fixture(scope="module")
def official(shared_data: Path) -> Reading:
    """ESCO v1.1.1 in English, whole."""
    return esco(shared_data / "esco-1.1.1-en").read()


# --- the official classification ---------------------------------------------------------------


def test_the_official_rows_come_out(official: Reading) -> None:
    """Every row of every table is read, and what is kept of it stands in the enterprise."""
    told_rows = balances(official)
    assert {name: told_rows[name][0] for name in OFFICIAL_ROWS} == OFFICIAL_ROWS
    known = official.enterprise
    kept = {name: kept for name, (_, kept, _) in told_rows.items()}
    assert kept["skills_en.csv"] == sum(each.facet is not None for each in known.competences)
    assert kept["skillGroups_en.csv"] + 7 == sum(each.facet is None for each in known.competences)
    assert len(known.occupations) == kept["occupations_en.csv"] + kept["ISCOGroups_en.csv"]
    assert len(known.requirements) == kept["occupationSkillRelations.csv"]
    broader = sum(each.kind is RelationKind.BROADER for each in known.relations)
    assert broader == kept["broaderRelationsSkillPillar.csv"] == 20_656
    assert len(known.relations) - broader == kept["skillSkillRelations.csv"]
    above = sum(len(each.broader) for each in known.occupations)
    assert above == kept["broaderRelationsOccPillar.csv"]


def test_nothing_is_dropped_silently(official: Reading) -> None:
    """For every file, collections and schemes too, rows read are rows kept and losses counted."""
    losses = lost(official)
    for file, (rows, kept, left) in balances(official).items():
        assert rows == kept + losses.get(file, 0)
        assert left == losses.get(file, 0)
    files = {name for name in losses if name.startswith("digital")}
    assert files == {"digitalSkillsCollection_en.csv"}


def test_rows_that_lead_nowhere_are_told_one_by_one(official: Reading) -> None:
    """The 67 rows of an occupation that is not there, its one broader row, the self-relation."""
    flaws = [flaw for flaw in told(official) if flaw[0] in ("E503", "E510")]
    files = [file for _, file, _, _ in flaws]
    assert files.count("occupationSkillRelations.csv") == 67
    assert files.count("broaderRelationsOccPillar.csv") == 1
    assert ("E510", "skillSkillRelations.csv", 4645, "relatedSkillUri") in flaws
    texts = {each.text for each in official.findings if "a9e54177" in each.text}
    assert len(texts) == 1
    assert lost(official)["occupationSkillRelations.csv"] == 67


def test_skills_without_type_are_kept_as_skills(official: Reading) -> None:
    """The 6 skills without type become SKILL with a warning; the 5 without reuse level too."""
    columns = [column for code, _, _, column in told(official) if code == "E214"]
    assert (columns.count("skillType"), columns.count("reuseLevel")) == (6, 5)
    facets = {str(each.id): each.facet for each in official.parcel.competences}
    assert facets["esco:skill/c13fb093-5ffb-491a-b8b7-fa2d42a57e2e"] is Facet.SKILL
    assert sum(facet is Facet.KNOWLEDGE for facet in facets.values()) == 3_059


def test_groups_that_only_the_hierarchy_names_are_taken_from_there(official: Reading) -> None:
    """Seven groups that relations name stand in no table of groups; no relation dangles for it."""
    flaws = [flaw for flaw in told(official) if flaw[1] == "skillsHierarchy_en.csv"]
    assert [code for code, _, _, _ in flaws] == ["E503"] * 7
    group = next(
        each
        for each in official.parcel.competences
        if each.id == "esco:skill/966246a4-6e72-4c60-be46-7cd61ba46942"
    )
    assert (group.facet, group.label.en) == (None, "administering human resources")


def test_the_hierarchy_says_nothing_that_the_relations_do_not(
    official: Reading, shared_data: Path
) -> None:
    """Each step of the ragged hierarchy is a broader relation that was read."""
    path = shared_data / "esco-1.1.1-en" / "skillsHierarchy_en.csv"
    with path.open(encoding="utf-8", newline="") as file:
        chains = [[uri for uri in row[:8:2] if uri] for row in list(csv.reader(file))[1:]]
    stated = {
        (each.source, each.target)
        for each in official.parcel.relations
        if each.kind is RelationKind.BROADER
    }
    steps = {tuple(f"esco:{uri.removeprefix(ROOT)}" for uri in each[:-3:-1]) for each in chains}
    assert {step for step in steps if len(step) == 2} <= stated


def test_essential_is_required_and_optional_is_desired(official: Reading) -> None:
    """64,946 essential and 58,909 optional rows, less the 67 that lead nowhere; all at level 1."""
    table = official.parcel.requirements
    demands = REQUIREMENTS.column("demand").choices
    count = [int((table.column("demand") == demands.index(each)).sum()) for each in Demand]
    assert count == [64_946 - 55, 58_909 - 12]
    assert set(table.column("level").tolist()) == {1}


def test_a_technical_director_takes_what_esco_says(official: Reading) -> None:
    """The first occupation of the file has its address, code, group and first essential skill."""
    known = official.parcel
    tail = "occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34"
    director = next(each for each in known.occupations if each.id == f"esco:{tail}")
    assert (director.uri, director.code, director.label.en) == (
        at(tail),
        "2654.1.7",
        "technical director",
    )
    asked = {
        str(each.competence): each.demand for each in known.requirements if each.of == director.id
    }
    skill = "esco:skill/05bc7677-5a64-4e0c-ade3-0140348d4125"
    assert asked[skill] is Demand.REQUIRED


def test_other_names_are_counted_as_lost(official: Reading) -> None:
    """Competences have one name here: 97,483 and 32,804 alternative labels are counted."""
    losses = lost(official)
    assert losses["skills_en.csv: altLabels"] == 97_483
    assert losses["occupations_en.csv: altLabels"] == 32_804
    assert losses["skillSkillRelations.csv: originalSkillType"] == 5_655


def test_text_that_was_encoded_twice_is_told_and_kept(official: Reading) -> None:
    """Bad input 7, in the official file itself: a warning, and no repair by guess."""
    assert ("W103", "occupations_en.csv") in {flaw[:2] for flaw in told(official)}
    assert sum("Â\u00a0" in each.description.en for each in official.parcel.occupations) > 0


def test_norwegian_labels_are_merged_by_address(official: Reading, shared_data: Path) -> None:
    """2,939 of 2,942 occupations of v1.0.8 are in v1.1.1; the other three are told."""
    folder = shared_data / "esco-1.1.1-en"
    reading = esco(folder, shared_data / "esco-no").read()
    assert balances(reading)["esco-no/occupations_no.csv"] == (2_942, 2_939, 3)
    flaws = [flaw for flaw in told(reading) if flaw[1].startswith("esco-no/")]
    assert [row for _, _, row, _ in flaws] == [342, 1819, 2008]
    both = {str(each.id): each for each in reading.parcel.occupations}
    director = both["esco:occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34"]
    assert director.label.read(Language.NB) == "teknisk direktør"
    assert director.label.read(Language.EN) == "technical director"
    assert [each.code for each in both.values()] == [
        each.code for each in official.parcel.occupations
    ]


def test_esco_asks_to_be_named(official: Reading) -> None:
    """The attribution comes with what is read."""
    assert ATTRIBUTION == "This service uses the ESCO classification of the European Commission."
    assert [each.text for each in official.findings if each.code == "N710"] == [ATTRIBUTION]


# --- a small classification of our own -----------------------------------------------------------


def test_a_small_classification_is_read_whole(tmp_path: Path) -> None:
    """Skills, an area, occupations under occupations, requirements and relations, no flaw."""
    reading = read(tmp_path, small())
    known = reading.enterprise
    assert told(reading) == []
    assert [(each.id, each.facet) for each in known.competences] == [
        ("esco:skill/nets", None),
        ("esco:skill/knot", Facet.SKILL),
        ("esco:skill/rope", Facet.KNOWLEDGE),
    ]
    assert {each.id: each.broader for each in known.occupations} == {
        "esco:isco/C6222": (),
        "esco:occupation/fisher": ("esco:isco/C6222",),
        "esco:occupation/skipper": ("esco:occupation/fisher",),
    }
    assert [(each.of, each.competence, each.demand) for each in known.requirements] == [
        ("esco:occupation/fisher", "esco:skill/knot", Demand.REQUIRED),
        ("esco:occupation/skipper", "esco:skill/knot", Demand.REQUIRED),
        ("esco:occupation/skipper", "esco:skill/rope", Demand.DESIRED),
    ]
    assert [(each.kind, each.source, each.target) for each in known.relations] == [
        (RelationKind.BROADER, "esco:skill/knot", "esco:skill/nets"),
        (RelationKind.BROADER, "esco:skill/rope", "esco:skill/nets"),
        (RelationKind.REQUIRES, "esco:skill/knot", "esco:skill/rope"),
    ]
    assert {each.drop for each in known.relations} == {None}


def test_requirements_are_the_table_that_nouns_would_make(tmp_path: Path) -> None:
    """Columns filled directly equal columns laid out noun by noun, to the byte."""
    table = read(tmp_path, small()).parcel.requirements
    nouns = Table.of(REQUIREMENTS, list(table))
    assert table == nouns
    for name, numbers in nouns.columns.items():
        assert table.column(name).tobytes() == numbers.tobytes()
        assert table.column(name).dtype == numbers.dtype


def test_labels_lose_white_space_and_alternative_labels_are_counted(tmp_path: Path) -> None:
    """White space at the ends goes; labels between line ends and between bars count alike."""
    reading = read(tmp_path, small())
    knot = next(each for each in reading.parcel.competences if each.id == "esco:skill/knot")
    assert knot.label.en == "tie knots"
    assert lost(reading)["skills_en.csv: altLabels"] == 5
    assert lost(reading)["skills_en.csv: preferredLabel"] == 1


def test_both_ways_of_naming_the_files_read_the_same(tmp_path: Path) -> None:
    """Version 1.2 names the language of relation files too, and adds labels to their rows."""
    old = small()
    new = {
        name if "_" in name else name.replace(".csv", "_en.csv"): [
            [*row, f"label {number}"] if "elations" in name and number else list(row)
            for number, row in enumerate(rows)
        ]
        for name, rows in old.items()
    }
    for name, rows in new.items():
        if "elations" in name:
            rows[0].append("skillLabel")
    first, second = read(tmp_path / "old", old), read(tmp_path / "new", new)
    assert told(second) == []
    assert first.parcel == second.parcel
    assert balances(first).keys() != balances(second).keys()


def test_row_order_changes_places_only(tmp_path: Path) -> None:
    """Rows turned upside down give the same facts."""
    turned = {name: [rows[0], *rows[:0:-1]] for name, rows in small().items()}
    first, second = read(tmp_path / "1", small()), read(tmp_path / "2", turned)
    assert first.parcel.requirements == second.parcel.requirements
    assert set(first.parcel.competences) == set(second.parcel.competences)
    assert set(first.parcel.occupations) == set(second.parcel.occupations)
    assert set(first.parcel.relations) == set(second.parcel.relations)
    assert first.losses == second.losses


def test_languages_in_one_folder_and_in_others_are_merged(tmp_path: Path) -> None:
    """What a language first says stands; later files of that language fill only what is empty."""
    tables = small()
    beside = write(tmp_path / "more", {"skills_nn.csv": translated(tables["skills_en.csv"], "nn")})
    tables["skills_no.csv"] = translated(tables["skills_en.csv"], "nb")
    later = write(tmp_path / "late", {"skills_nb.csv": translated(tables["skills_en.csv"], "late")})
    reading = esco(write(tmp_path / "own", tables), beside, later).read()
    knot = next(each for each in reading.enterprise.competences if each.id == "esco:skill/knot")
    assert (knot.label.nb, knot.label.nn, knot.label.en) == ("nb 1", "nn 1", "tie knots")
    assert told(reading) == []
    assert balances(reading)["late/skills_nb.csv"] == (2, 2, 0)


def translated(rows: Rows, words: str) -> Rows:
    """The same concepts with other labels."""
    return [rows[0], *([*row[:4], f"{words} {n}", "", ""] for n, row in enumerate(rows[1:], 1))]


def test_a_language_that_no_text_holds_is_told_as_unread(tmp_path: Path) -> None:
    """A French file is counted as lost; where it is all there is, the table is missing."""
    tables = small()
    tables["skills_fr.csv"] = tables["skills_en.csv"]
    assert lost(read(tmp_path / "both", tables))["skills_fr.csv"] == 2
    del tables["skills_en.csv"]
    reading = read(tmp_path / "french", tables)
    assert ("E206", "skills*.csv", None, "") in told(reading, Severity.REFUSE)


def test_a_file_of_another_name_is_counted_too(tmp_path: Path) -> None:
    """A collection, or any other table in the folder, is told with the number of its rows."""
    more = {"green.csv": [["a", "b"], ["1", "two\nlines"], ["2", '"quoted"']]}
    reading = read(tmp_path, small() | more)
    assert lost(reading)["green.csv"] == 2
    assert balances(reading)["green.csv"] == (2, 0, 2)


# --- flaws that the reading survives -------------------------------------------------------------


def with_rows(name: str, *rows: list[str]) -> dict[str, Rows]:
    """The small classification with further rows in one table."""
    tables = small()
    tables[name] = [*tables[name], *rows]
    return tables


@pytest.mark.parametrize(
    ("name", "row", "flaw"),
    [
        (
            "occupationSkillRelations.csv",
            [at("occupation/gone"), "essential", "knowledge", at("skill/rope")],
            ("E503", 5, "occupationUri"),
        ),
        (
            "occupationSkillRelations.csv",
            [at("occupation/fisher"), "essential", "knowledge", at("skill/gone")],
            ("E503", 5, "skillUri"),
        ),
        (
            "occupationSkillRelations.csv",
            [at("occupation/fisher"), "essential", "", at("skill/nets")],
            ("E503", 5, "skillUri"),
        ),
        (
            "occupationSkillRelations.csv",
            [at("occupation/fisher"), "optional", "", at("skill/knot")],
            ("E505", 5, ""),
        ),
        (
            "broaderRelationsSkillPillar.csv",
            ["Skill", at("skill/knot"), "Skill", at("skill/knot")],
            ("E510", 4, "broaderUri"),
        ),
        (
            "broaderRelationsOccPillar.csv",
            ["Occupation", at("occupation/gone"), "ISCOGroup", at("isco/C6222")],
            ("E503", 4, "conceptUri"),
        ),
        (
            "skillSkillRelations.csv",
            [at("skill/rope"), "knowledge", "optional", "", at("skill/gone")],
            ("E503", 3, "relatedSkillUri"),
        ),
    ],
)
def test_a_row_that_relates_nothing_is_left_out(
    tmp_path: Path, name: str, row: list[str], flaw: tuple[str, int, str]
) -> None:
    """Dangling, repeated and self-related rows are warnings, counted as losses; the rest stays."""
    reading = read(tmp_path, with_rows(name, row))
    code, number, column = flaw
    assert told(reading) == [(code, name, number, column)]
    assert lost(reading)[name] == 1
    assert reading.enterprise == read(tmp_path / "whole", small()).enterprise


def test_a_skill_of_a_type_that_is_new_is_read_as_a_skill(tmp_path: Path) -> None:
    """A type that we do not know is told (E213) and narrows nothing silently."""
    row = ["Skill", at("skill/new"), "attitude", "cross-sector", "new", "", ""]
    reading = read(tmp_path, with_rows("skills_en.csv", row))
    assert told(reading) == [("E213", "skills_en.csv", 4, "skillType")]
    assert reading.enterprise.competences[-1].facet is Facet.SKILL


def test_a_row_may_end_early_after_what_is_read(tmp_path: Path) -> None:
    """Ragged rows of the hierarchy are read, noted, and nothing in them is missed."""
    header = [
        *chain.from_iterable((f"Level {n} URI", f"Level {n} preferred term") for n in range(4)),
        *("Description", "Scope note", "Level 0 code", "Level 1 code"),
    ]
    group = [at("skill/nets"), "working with nets", at("skill/mend"), "mending nets"]
    ragged = [*group, "", "", "", "", "Mend.", "", "S"]
    reading = read(tmp_path, small() | {"skillsHierarchy_en.csv": [header, ragged]})
    assert told(reading) == [("E503", "skillsHierarchy_en.csv", 2, "Level 1 URI")]
    assert ("E201", "skillsHierarchy_en.csv", None, "") in told(reading, Severity.NOTE)
    mend = next(each for each in reading.parcel.competences if each.id == "esco:skill/mend")
    assert (mend.facet, mend.label.en, mend.description.en) == (None, "mending nets", "Mend.")


# --- flaws that make the classification unfit -----------------------------------------------------


def refused_for(folder: Path) -> list[tuple[str, str, int | None, str]]:
    """The refusing findings of a folder, of which the enterprise cannot be had."""
    reading = esco(folder).read()
    with pytest.raises(BadInput) as caught:
        _ = reading.enterprise
    assert set(reading.refused) <= set(caught.value.findings)
    return told(reading, Severity.REFUSE)


@pytest.mark.parametrize(
    ("name", "row", "flaw"),
    [
        (
            "skills_en.csv",
            ["Skill", "", "knowledge", "cross-sector", "nameless", "", ""],
            ("E214", 4, "conceptUri"),
        ),
        (
            "skills_en.csv",
            ["Skill", at("skill/kn\u200bot"), "knowledge", "cross-sector", "hidden", "", ""],
            ("E105", 4, "conceptUri"),
        ),
        (
            "skills_en.csv",
            ["Skill", at("skill/knot"), "knowledge", "cross-sector", "again", "", ""],
            ("E505", 4, "conceptUri"),
        ),
        (
            "occupationSkillRelations.csv",
            [at("occupation/fisher"), "helpful", "knowledge", at("skill/rope")],
            ("E213", 5, "relationType"),
        ),
        ("skillSkillRelations.csv", [at("skill/rope"), "knowledge"], ("E201", 3, "")),
        ("skillSkillRelations.csv", ["1", "2", "3", "4", "5", "6"], ("E201", 3, "")),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_classification(
    tmp_path: Path, name: str, row: list[str], flaw: tuple[str, int, str]
) -> None:
    """Bad inputs 9, 18 and 69: the row is told with its number, counted, and nothing is guessed."""
    write(tmp_path, with_rows(name, row))
    code, number, column = flaw
    assert refused_for(tmp_path) == [(code, name, number, column)]
    reading = esco(tmp_path).read()
    assert lost(reading)[name] == 1
    rows, kept, left = balances(reading)[name]
    assert rows == kept + left


def test_bad_input_18_lists_every_ragged_row(tmp_path: Path) -> None:
    """18: a row with too few fields is told, and so is the next."""
    write(tmp_path, with_rows("skills_en.csv", ["Skill"], ["Skill", at("skill/short")]))
    assert [row for _, _, row, _ in refused_for(tmp_path)] == [4, 5]


def test_bad_input_67_a_circle_of_broader_skills(tmp_path: Path) -> None:
    """67: two skills that are each broader than the other are told with their circle."""
    rope, knot = at("skill/rope"), at("skill/knot")
    circle = (["Skill", rope, "Skill", knot], ["Skill", knot, "Skill", rope])
    write(tmp_path, with_rows("broaderRelationsSkillPillar.csv", *circle))
    assert [code for code, _, _, _ in refused_for(tmp_path)] == ["E504"]


@pytest.mark.parametrize("name", sorted(small()))
def test_a_missing_table_refuses_the_classification(tmp_path: Path, name: str) -> None:
    """Part of a classification would look like the whole: each table must be there."""
    write(tmp_path, small())
    (tmp_path / name).unlink()
    kind = name.partition(".")[0].partition("_")[0]
    assert ("E206", f"{kind}*.csv", None, "") in refused_for(tmp_path)


def test_a_missing_folder_is_no_source(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once, also where it should hold labels."""
    write(tmp_path / "own", small())
    for source in (esco(tmp_path / "gone"), esco(tmp_path / "own", tmp_path / "gone")):
        with pytest.raises(SourceUnavailable) as caught:
            source.read()
        assert caught.value.code == "E706"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "there is nothing to read"),
        (b"\xef\xbb\xbf", "there is nothing to read"),
        (b",,\r\n", "there is no header"),
    ],
)
def test_bad_input_25_a_file_without_a_header(tmp_path: Path, content: bytes, text: str) -> None:
    """25: an empty file, one that holds only a byte order mark, and one of empty cells."""
    write(tmp_path, small())
    (tmp_path / "skillSkillRelations.csv").write_bytes(content)
    assert refused_for(tmp_path) == [("E206", "skillSkillRelations.csv", None, "")]
    assert text in {each.text for each in esco(tmp_path).read().refused}


def test_bad_input_25_a_header_without_rows(tmp_path: Path) -> None:
    """25: a table of no rows is told too, in other words."""
    tables = small()
    del tables["skillSkillRelations.csv"][1:]
    write(tmp_path, tables)
    assert refused_for(tmp_path) == [("E206", "skillSkillRelations.csv", 1, "")]
    assert [each.text for each in esco(tmp_path).read().refused] == [
        "there is a header but no rows"
    ]


def test_a_wrong_header_names_every_column_that_is_missing(tmp_path: Path) -> None:
    """Columns are found by name, in any order; two renamed ones are both told."""
    tables = small()
    tables["skills_en.csv"][0][1:3] = ["uri", "type"]
    write(tmp_path, tables)
    missing = [("E207", "skills_en.csv", 1, name) for name in ("conceptUri", "skillType")]
    assert [flaw for flaw in refused_for(tmp_path) if flaw[0] == "E207"] == missing


def test_columns_in_another_order_read_the_same(tmp_path: Path) -> None:
    """The header says what is what, not the position."""
    turned = {name: [row[::-1] for row in rows] for name, rows in small().items()}
    first, second = read(tmp_path / "1", small()), read(tmp_path / "2", turned)
    assert first.parcel == second.parcel


def test_bad_input_22_a_column_that_stands_twice(tmp_path: Path) -> None:
    """22: which of two descriptions counts is not guessed."""
    tables = small()
    for row in tables["skills_en.csv"]:
        row.append(row[-1])
    write(tmp_path, tables)
    assert ("E204", "skills_en.csv", 1, "description") in refused_for(tmp_path)


def test_bad_input_19_a_file_cut_off_inside_quotation_marks(tmp_path: Path) -> None:
    """19: a truncated file is told with the line where the last row begins."""
    write(tmp_path, small())
    path = tmp_path / "skills_en.csv"
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"a\nb") + 1])
    assert ("E202", "skills_en.csv", None, "") in refused_for(tmp_path)
    [found] = [each for each in esco(tmp_path).read().refused if each.code == "E202"]
    assert "line 2" in found.text


def test_a_file_cut_off_between_cells(tmp_path: Path) -> None:
    """A truncated last row has too few fields, and is told by its number."""
    write(tmp_path, small())
    path = tmp_path / "occupationSkillRelations.csv"
    path.write_bytes(path.read_bytes().rpartition(b",")[0])
    assert refused_for(tmp_path) == [("E201", "occupationSkillRelations.csv", 4, "")]


def test_bad_input_29_a_field_that_never_ends(tmp_path: Path) -> None:
    """29: a cell of more than 131,072 characters is not taken for a description."""
    row = ["Skill", at("skill/long"), "knowledge", "cross-sector", "long", "", "x" * 131_073]
    write(tmp_path, with_rows("skills_en.csv", row))
    assert refused_for(tmp_path) == [("E209", "skills_en.csv", None, "")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_bad_inputs_2_and_3_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    """2, 3: UTF-8 and UTF-16 with a byte order mark are read as they say."""
    first = esco(write(tmp_path / "1", small())).read()
    second = esco(write(tmp_path / "2", small(), encoding)).read()
    assert first.parcel == second.parcel
    assert told(second) == []


def norwegian(tables: dict[str, Rows]) -> dict[str, Rows]:
    """The small classification with letters that encodings disagree about."""
    tables["skills_en.csv"][1][6] = "Å knyte, også på sjøen."
    return tables


def test_bad_input_1_a_file_saved_as_windows_1252(tmp_path: Path) -> None:
    """1: read right, and noted."""
    first = esco(write(tmp_path / "1", norwegian(small()))).read()
    second = esco(write(tmp_path / "2", norwegian(small()), "cp1252")).read()
    assert first.parcel == second.parcel
    assert ("N101", "skills_en.csv", None, "") in told(second, Severity.NOTE)


def spoil_with_another_encoding(content: bytes) -> bytes:
    """Half of the file in UTF-8, half in Windows-1252."""
    return content + "å,".encode() + b"\r\n" + "å,".encode("cp1252")


def spoil_by_leaving_out_the_mark(content: bytes) -> bytes:
    """UTF-16 that does not say so."""
    return content.decode().encode("utf-16-le")


def spoil_with_a_nul(content: bytes) -> bytes:
    """A NUL inside a word."""
    return content.replace(b"rope", b"ro\0pe")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoil_with_another_encoding, "E101"),
        (spoil_by_leaving_out_the_mark, "E101"),
        (spoil_with_a_nul, "E106"),
    ],
)
def test_bad_inputs_4_5_and_10_text_that_cannot_be_read(
    tmp_path: Path, spoil: Callable[[bytes], bytes], code: str
) -> None:
    """4, 5, 10: refused with the file named."""
    write(tmp_path, small())
    path = tmp_path / "skills_en.csv"
    path.write_bytes(spoil(path.read_bytes()))
    assert (code, "skills_en.csv") in {flaw[:2] for flaw in refused_for(tmp_path)}


def test_every_flaw_is_told_at_once(tmp_path: Path) -> None:
    """Flaws in several files are one answer, not one after another."""
    tables = small()
    tables["ISCOGroups_en.csv"][0][1] = "uri"
    tables["skills_en.csv"].append(["Skill"])
    write(tmp_path, tables)
    (tmp_path / "skillSkillRelations.csv").unlink()
    assert codes(refused_for(tmp_path)) == {"E201", "E206", "E207"}


def codes(flaws: Iterable[tuple[str, str, int | None, str]]) -> set[str]:
    """The codes alone."""
    return {code for code, _, _, _ in flaws}


# --- the contract that every source keeps --------------------------------------------------------


@cache
def scratch() -> Path:
    """A folder for the contract, which knows no fixtures; gone when the tests are."""
    folder = Path(tempfile.mkdtemp(prefix="esco-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def cut_short(folder: Path) -> Path:
    """A classification of which one table is missing and another is cut off."""
    write(folder, small())
    (folder / "ISCOGroups_en.csv").unlink()
    path = folder / "skills_en.csv"
    path.write_bytes(path.read_bytes()[:-20])
    return folder


TestEsco = source_contract(
    lambda: esco(write(scratch() / "whole", small())),
    broken=lambda: esco(cut_short(scratch() / "broken")),
    absent=lambda: esco(scratch() / "absent"),
)
