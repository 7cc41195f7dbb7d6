"""Does the Norwegian tree of occupations come in whole, and is what is wrong with it told?"""

import json
from pathlib import Path

import pytest

from kompetanse_adapters.styrk import ATTRIBUTION, styrk
from kompetanse_core import BadInput, Misuse, Reading, SourceUnavailable, Text
from kompetanse_core.conformance import source_contract

Code = dict[str, object]

LIGHTS: Code = {"code": "9", "name": "Fyr", "parentCode": ""}
KEEPERS: Code = {"code": "91", "name": "Fyrvoktere", "parentCode": "9", "notes": "Holder vakt."}
PILOTS: Code = {"code": "92", "name": "Loser", "parentCode": "9", "shortName": "Los"}


def tree(*more: Code) -> bytes:
    """A small classification of our own."""
    codes = [LIGHTS, KEEPERS, PILOTS, *more]
    return json.dumps({"name": "Prøve", "legalBase": "", "classificationItems": codes}).encode()


def read(folder: Path, content: bytes) -> Reading:
    """Read the content of a file."""
    path = folder / "styrk.json"
    path.write_bytes(content)
    return styrk(path).read()


def refused(reading: Reading) -> list[tuple[str, str]]:
    """Code and place of each finding that refuses."""
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return [(each.code, each.place.column) for each in reading.refused]


def test_the_official_tree_comes_out(shared_data: Path) -> None:
    """582 codes: 10 major groups, 43 of two digits, 122 of three and 407 of four."""
    reading = styrk(shared_data / "norway" / "klass_STYRK08.json").read()
    known = reading.enterprise.occupations
    assert len(known) == 582
    lengths = [len(each.code) for each in known]
    assert [lengths.count(length) for length in (1, 2, 3, 4)] == [10, 43, 122, 407]
    assert all(each.broader == (f"styrk:{each.code[:-1]}",) for each in known if each.code[1:])
    nurses = next(each for each in known if each.code == "2221")
    assert nurses.label == Text(nb="Spesialsykepleiere")
    texts = [each.text for each in reading.findings if each.code in ("N710", "N711")]
    assert texts == [ATTRIBUTION, "582 rows read, 582 kept, 0 left out"]


def test_a_small_tree_is_read_whole(tmp_path: Path) -> None:
    """Each code stands under its parent; short names and words about the whole are losses."""
    reading = read(tmp_path, tree())
    assert [(each.id, each.broader) for each in reading.enterprise.occupations] == [
        ("styrk:9", ()),
        ("styrk:91", ("styrk:9",)),
        ("styrk:92", ("styrk:9",)),
    ]
    assert reading.enterprise.occupations[1].description == Text(nb="Holder vakt.")
    assert [(each.field, each.count) for each in reading.losses] == [
        ("styrk.json: name", 1),
        ("styrk.json: shortName", 1),
    ]


def test_names_are_in_the_language_that_is_said(tmp_path: Path) -> None:
    """The register hands the tree out in three languages, and the file does not say which."""
    (tmp_path / "nn.json").write_bytes(tree())
    known = styrk(tmp_path / "nn.json", "nn").read().enterprise
    assert known.occupations[0].label == Text(nn="Fyr")
    with pytest.raises(Misuse, match="E213"):
        styrk(tmp_path / "nn.json", "no")


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        (LIGHTS, ("E505", "classificationItems/3/code")),
        ({"code": "81", "name": "Løs", "parentCode": "8"}, ("E503", "classificationItems/3")),
        ({"code": "", "name": "Uten"}, ("E214", "classificationItems/3/code")),
        ({"code": "93"}, ("E214", "classificationItems/3/name")),
        ({"code": 93, "name": "Tall"}, ("E702", "classificationItems/3/code")),
        ({"code": "9\u200b3", "name": "Skjult"}, ("E105", "classificationItems/3")),
    ],
)
def test_a_code_that_cannot_be_read_refuses_the_tree(
    tmp_path: Path, more: Code, flaw: tuple[str, str]
) -> None:
    """Bad inputs 9, 66 and 69 and fault F19: told with the way to the code."""
    assert flaw in refused(read(tmp_path, tree(more)))


def test_bad_input_67_codes_in_a_circle(tmp_path: Path) -> None:
    """67: two codes under each other."""
    one: Code = {"code": "81", "name": "a", "parentCode": "82"}
    other: Code = {"code": "82", "name": "b", "parentCode": "81"}
    assert "E504" in {code for code, _ in refused(read(tmp_path, tree(one, other)))}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E407"),
        (b"[]", "E206"),
        (b"{}", "E206"),
        (b'{"classificationItems": 3}', "E702"),
        (b'{"classificationItems": [NaN]}', "E401"),
        (b"[" * 100_000, "E403"),
    ],
)
def test_a_file_that_is_no_classification(tmp_path: Path, content: bytes, code: str) -> None:
    """Bad inputs 25, 55 and 57, and a file of another kind."""
    assert code in {code for code, _ in refused(read(tmp_path, content))}


def test_a_missing_file_is_no_source(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once."""
    with pytest.raises(SourceUnavailable, match="E706"):
        styrk(tmp_path / "gone.json").read()


# --- the contract that every source keeps --------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("styrk")
    (PLACES["folder"] / "whole.json").write_bytes(tree())
    (PLACES["folder"] / "broken.json").write_bytes(tree(LIGHTS))


PLACES: dict[str, Path] = {}

TestStyrk = source_contract(
    lambda: styrk(PLACES["folder"] / "whole.json"),
    broken=lambda: styrk(PLACES["folder"] / "broken.json"),
    absent=lambda: styrk(PLACES["folder"] / "gone.json"),
)
