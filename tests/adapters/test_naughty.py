"""Do strings that break programs pass through every writer as they are? Bad inputs 12, 28 and 92.

Each name is written and read again by every writer that can carry it. What cannot be carried is
refused before anything is written; nothing is changed on the way without a word.
"""

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kompetanse_adapters.case import case, write_case
from kompetanse_adapters.folder import read_folder, write_folder
from kompetanse_adapters.hropen import hropen, write_hropen
from kompetanse_adapters.moodle import moodle, write_moodle
from kompetanse_adapters.spreadsheet import spreadsheet, write_workbook
from kompetanse_core import (
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Facet,
    Level,
    LevelName,
    Misuse,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
    Text,
)
from kompetanse_core.hooks import as_json, from_json

AT = datetime(2027, 1, 1, tzinfo=UTC)
TOP = CompetenceId("case:00000000-0000-4000-8000-000000000001")
NAMED = CompetenceId("case:00000000-0000-4000-8000-000000000002")

NAUGHTY = {
    "formulas": "=1+1 | +1 | -1 | @SUM(1) | =HYPERLINK('x') | =cmd|'/C calc'!A0",
    "markup": "<script>alert(1)</script> <svg onload=x> &lt;b&gt; ]]> --> </style>",
    "quotes": "\"'` '' \"\" \\' \\\\ ;--, \t | # %",
    "database": "'; DROP TABLE kompetanse; -- ' OR 1=1 /*",
    "templates": "{{7*7}} ${7*7} %s%n #{1} {0} <%= 1 %>",
    "paths": "../../etc/passwd C:\\CON \\\\host\\share file:///etc",
    "nothing": "null None undefined NaN nil",
    "numbers": "1E5 0x1F -0 1.234,5 ١٢٣ 00123 1/0",
    "hidden": "a\u200bb\u202ec\u2066d\ufeffe\u00ade",
    "combined": "A\u030a Å \u0301 e\u0301 ﬁ \uff21",
    "wide": "😀 👩‍🏭 田中 אב مرحبا \U0010ffff",
    "escapes": "_x000D_ _x005F_ \\u0000 &#0; %00 \\n",
    "long": "å" * 99,
}

Write = Callable[[Enterprise, Path], Text]


def enterprise_of(words: str) -> Enterprise:
    """Two competences, one below the other, one of them by a name."""
    names = tuple(LevelName(level=Level(n), label=Text(nb=str(n))) for n in (1, 2))
    scale = Scale(id=ScaleId(f"moodle:{TOP}"), top=Level(2), names=names)
    skill = Competence(id=NAMED, label=Text(nb=words), facet=Facet.SKILL, scale=scale.id)
    area = Competence(id=TOP, label=Text(nb="Alt"), facet=None, scale=scale.id)
    person = EmployeeId("a")
    said = Assessment(
        employee=person,
        competence=NAMED,
        level=Level(1),
        source=AssessmentSource.SELF,
        assessed=AT.date(),
        recorded=AT,
    )
    return Enterprise(
        scales=(scale,),
        competences=(area, skill),
        relations=(Relation(kind=RelationKind.BROADER, source=NAMED, target=TOP),),
        employees=(Employee(id=person),),
        assessments=(said,),
    )


def label(enterprise: Enterprise) -> Text:
    """What the competence is called that is not the area."""
    return next(each.label for each in enterprise.competences if each.facet is not None)


def by_folder(enterprise: Enterprise, folder: Path) -> Text:
    """A folder of TOML and CSV, which brings text to its composed form."""
    write_folder(enterprise, folder / "out")
    return label(read_folder(folder / "out").enterprise)


def by_json(enterprise: Enterprise, folder: Path) -> Text:
    """The JSON that stores keep."""
    return label(from_json(as_json(enterprise)))


def by_case(enterprise: Enterprise, folder: Path) -> Text:
    """A package of CASE."""
    (folder / "out.json").write_text(write_case(enterprise, TOP, creator="us", at=AT).text, "utf-8")
    return label(case(folder / "out.json").read().enterprise)


def by_moodle(enterprise: Enterprise, folder: Path) -> Text:
    """A framework of Moodle."""
    (folder / "out.csv").write_text(write_moodle(enterprise, TOP).text, "utf-8", newline="")
    return label(moodle(folder / "out.csv").read().enterprise)


def by_hropen(enterprise: Enterprise, folder: Path) -> Text:
    """Candidates and positions of HR Open."""
    (folder / "out.json").write_text(write_hropen(enterprise).text, "utf-8")
    return label(hropen(folder / "out.json", language="nb").read().enterprise)


WRITERS = (by_folder, by_json, by_case, by_moodle, by_hropen)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("name", NAUGHTY)
def test_bad_inputs_12_28_and_92_a_name_comes_back_as_it_is(
    tmp_path: Path, name: str, write: Write
) -> None:
    """12, 28, 92: or is refused, as a folder refuses what it would have to compose (NFC)."""
    enterprise = enterprise_of(NAUGHTY[name])
    if (name, write) == ("combined", by_folder):
        with pytest.raises(Misuse, match="E213"):
            write(enterprise, tmp_path)
        assert list(tmp_path.iterdir()) == []
    else:
        assert write(enterprise, tmp_path) == Text(nb=NAUGHTY[name])


def test_bad_input_12_ids_come_back_through_a_workbook(tmp_path: Path) -> None:
    """12, 28: a workbook carries names of competences as ids; none of them becomes a formula."""
    names = [
        " ".join(words.split())
        for name, words in NAUGHTY.items()
        if name not in ("hidden", "combined", "wide")
    ]
    whole = enterprise_of("x")
    scale = Scale(id=ScaleId("0-5"), top=Level(5))
    (said,) = whole.assessments
    many = Enterprise(
        scales=(scale,),
        competences=[
            Competence(id=CompetenceId(n), label=Text(nb=n), facet=Facet.SKILL, scale=scale.id)
            for n in names
        ],
        employees=whole.employees,
        assessments=[_of(said, CompetenceId(name)) for name in names],
    )
    write_workbook(many, tmp_path / "out.xlsx")
    back = spreadsheet(tmp_path / "out.xlsx").read().enterprise
    assert {each.competence for each in back.assessments} == set(names)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert not any(b"<f>" in archive.read(each) for each in archive.namelist())


def _of(said: Assessment, key: CompetenceId) -> Assessment:
    return Assessment(
        employee=said.employee,
        competence=key,
        level=said.level,
        source=said.source,
        assessed=said.assessed,
        recorded=said.recorded,
    )


@pytest.mark.parametrize("write", [by_case, by_moodle, by_hropen])
def test_bad_input_11_half_a_character_is_refused_by_every_writer(
    tmp_path: Path, write: Write
) -> None:
    """11: before anything is written."""
    with pytest.raises(Misuse, match="E107"):
        write(enterprise_of("\ud800"), tmp_path)
    assert list(tmp_path.iterdir()) == []
