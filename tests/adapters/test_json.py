"""Is JSON read strictly, and nothing guessed? The cellar's reader (FAULTS 2, 10, 11, 55 to 60)."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_adapters.reading import Node, read_json
from kompetanse_core import Misuse, Place


def codes(content: bytes) -> list[str]:
    """The codes of what is found in a file that gives nothing."""
    found = read_json(content, file="f.json")
    assert found.root is None
    return [each.code for each in found.findings]


def node(**members: object) -> Node:
    """One object with these members."""
    return Node(value=members, place=Place(file="f.json", column="way"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a": NaN}', "E401"),
        (b"[Infinity]", "E401"),
        (b"[-Infinity]", "E401"),
        (b"[1e400]", "E401"),
        (b"[-1e400]", "E401"),
        (b'{"a": 1, "a": 1}', "E402"),
        (b'[{"b": {"a": 1, "\\u0061": 2}}]', "E402"),
        (b"[" * 100_000, "E403"),
        (b'{"a":' * 100_000, "E403"),
        (b"[" * 65 + b"]" * 65, "E403"),
        (b"9" * 4_301, "E403"),
        (b'["\\ud800"]', "E107"),
        (b'{"\\udc00a": 1}', "E107"),
        (b'["a\0b"]', "E106"),
        (b"", "E407"),
        (b"{'a': 1}", "E407"),
        (b"[1,]", "E407"),
        (b'{"a" 1}', "E407"),
        (b'["a\nb"]', "E407"),
        (b"[1] 2", "E407"),
        (b"[01]", "E407"),
        (b'["open', "E407"),
        (b"// no\n{}", "E407"),
    ],
)
def test_bad_inputs_55_to_60_what_is_no_json(content: bytes, code: str) -> None:
    """10, 11, 55 to 57 and 60: each refused with its own code, and no RecursionError."""
    assert codes(content) == [code]


def test_what_is_nested_in_a_text_is_not_nested() -> None:
    """Brackets inside a text count for nothing, also after an escaped quotation mark."""
    root = read_json(json.dumps(['\\"' + "[" * 100]).encode(), file="f.json").root
    assert root is not None
    assert root.texts("") == ('\\"' + "[" * 100,)


def test_bad_input_02_a_byte_order_mark_is_no_flaw() -> None:
    """2, and a pair of surrogates that is one character."""
    found = read_json('\ufeff{"a": "\\ud83d\\ude00"}'.encode(), file="f.json")
    assert found.findings == ()
    assert found.root is not None
    assert found.root.text("a") == "😀"


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"))),
    )
)
def test_what_is_json_is_read_as_it_is(value: dict[str, list[str]]) -> None:
    """Every object that can be written is read the same."""
    root = read_json(json.dumps(value, ensure_ascii=False).encode(), file="f.json").root
    assert root is not None
    assert root.value == value


@pytest.mark.parametrize("level", ["3", 3.7, True, -0.0, [], {}])
def test_bad_input_58_a_level_is_a_whole_number(level: object) -> None:
    """58: only an integer is one; nothing said is None and not zero."""
    with pytest.raises(Misuse, match="E501") as caught:
        node(level=level).whole("level")
    assert caught.value.place == Place(file="f.json", column="way/level")
    assert node(level=None).whole("level") is None
    assert node(level=0).whole("level") == 0


def test_members_are_given_by_their_type() -> None:
    """Texts, flags, days and instants, objects and lists; nothing where nothing is said."""
    one = node(a="x", b=True, c="2027-02-28", d="2027-02-28T23:30:00-02:00", e={"a": "y"})
    assert (one.text("a"), one.text("z"), one.needed("a")) == ("x", "", "x")
    assert (one.flag("b"), one.flag("z")) == (True, False)
    assert (one.day("c"), one.day("d"), one.day("z")) == (
        date(2027, 2, 28),
        date(2027, 3, 1),
        None,
    )
    assert one.instant("d") == datetime(2027, 3, 1, 1, 30, tzinfo=UTC)
    assert one.instant("z") is None
    assert one.node("e").needed("a") == "y"
    assert one.node("z").text("a") == ""
    assert [each.place.column for each in one.nodes("e")] == ["way/e"]
    assert [each.place.column for each in node(e=[{}, {}]).nodes("e")] == ["way/e/0", "way/e/1"]
    assert (one.texts("a"), one.texts("z"), node(a=["x"]).texts("a")) == (("x",), (), ("x",))


def test_fault_f19_another_shape_is_told_with_its_place() -> None:
    """F19: a member of another type is refused by name; its value is never shown."""
    one = node(a=17, b="17", c="17.2.2027x")
    for ask in (one.text, one.needed, one.texts, one.node, one.nodes):
        with pytest.raises(Misuse, match="E702") as caught:
            ask("a")
        assert caught.value.place.column == "way/a"
        assert "17" not in str(caught.value)
    with pytest.raises(Misuse, match="E212"):
        one.flag("b")
    with pytest.raises(Misuse, match="E211") as caught:
        one.day("c")
    assert caught.value.place.column == "way/c"
    with pytest.raises(Misuse, match="E214") as caught:
        one.needed("z")
    assert caught.value.place.column == "way/z"
