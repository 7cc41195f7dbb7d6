"""Do tables keep what they are given, whole, sorted and unchanged, and refuse what cannot be?"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from enum import Enum
from itertools import pairwise, repeat
from random import Random
from typing import Any
from unittest import mock

import attrs
import numpy as np
import pyarrow as pa
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kompetanse_core.columns import Closure, Layout, Table, Words, arrow, kernels, speed
from kompetanse_core.conformance.facts import nouns
from kompetanse_core.conformance.strategies import enterprises
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import GAPS
from kompetanse_core.model.competence import ScaleId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import ASSESSMENTS, EVIDENCE, Assessment, AssessmentSource
from kompetanse_core.model.work import REQUIREMENTS

PLURALS = ("requirements", "employees", "engagements", "evidence", "assessments", "wishes")


def assessment(**rest: Any) -> Assessment:
    """An assessment, with what is given replaced."""
    usual = {
        "employee": "p1",
        "competence": "k1",
        "level": 2,
        "source": AssessmentSource.TEST,
        "assessed": date(2026, 1, 1),
        "recorded": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Assessment(**{**usual, **rest})


def drawn() -> st.SearchStrategy[list[Assessment]]:
    """Some assessments of any kind."""
    return st.lists(nouns(Assessment), max_size=8)


# --- tables -----------------------------------------------------------------------------------


@given(enterprises())
def test_a_table_gives_back_what_it_was_given(enterprise: Enterprise) -> None:
    """Every noun of every plural comes back as it was, whatever its order."""
    for name in PLURALS:
        table = getattr(enterprise, name)
        again = Table.of(table.layout, reversed(list(table)))
        assert (again, list(again)) == (table, list(table))
        assert [table[place] for place in range(len(table))] == list(table)


@given(drawn(), st.data())
def test_a_trimmed_table_says_the_same_in_its_own_words(
    some: list[Assessment], data: st.DataObject
) -> None:
    """The rows stay; the dictionaries are those of a table that never held another row."""
    table = Table.of(ASSESSMENTS, some)
    mask = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    left = table.where(np.asarray(mask, np.bool_))
    assert left.trimmed() == left
    assert left.trimmed().words == Table.of(ASSESSMENTS, left).words


@given(drawn(), drawn())
def test_merging_is_laying_out_together(some: list[Assessment], more: list[Assessment]) -> None:
    """More facts in a table make the table of all of them."""
    merged = Table.of(ASSESSMENTS, some).merged(more)
    assert merged == Table.of(ASSESSMENTS, [*some, *more])


@given(drawn(), st.randoms(use_true_random=False))
def test_sorting_is_what_python_sorts(rows: list[Assessment], chance: Random) -> None:
    """A table out of order is put in order, by key and then by everything else."""
    table = Table.of(ASSESSMENTS, rows)
    mixed = list(range(len(table)))
    chance.shuffle(mixed)
    assert table.take(np.asarray(mixed, np.int64)).sorted() == table
    keys = [(r.employee, r.competence, r.assessed, r.recorded) for r in table]
    assert keys == sorted(keys)


def test_a_sorted_table_is_not_sorted_again() -> None:
    """What is in order is handed back as it is, without a copy."""
    table = Table.of(ASSESSMENTS, [assessment(level=n) for n in range(3)])
    assert table.sorted() is table
    turned = table.take(np.asarray([2, 1, 0]))
    assert turned.sorted() is not turned


def test_nothing_can_change_a_table() -> None:
    """Columns are read-only, also to who has the array that was handed in."""
    numbers = {c.name: np.zeros(2, c.dtype) for c in ASSESSMENTS.columns}
    words = {"employee": Words.of(["p"]), "competence": Words.of(["k"])}
    words |= {name: Words.of(["x"]) for name in ("scale", "evidence", "round")}
    table = Table(layout=ASSESSMENTS, columns=numbers, words=words)
    with pytest.raises(ValueError, match="read-only"):
        table.column("level")[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        table.column("source").flags.writeable = True
    with pytest.raises(TypeError):
        table.columns["level"] = numbers["level"]  # type: ignore[index]  # what is to be refused


def test_a_repeated_number_takes_one_cell() -> None:
    """A column of one number is a single cell, however many rows there are."""
    table = Table.of(ASSESSMENTS, [assessment(employee=f"p{n}") for n in range(9)])
    assert table.column("purpose").strides == (0,)
    assert table.column("employee").strides == (4,)
    nearly = [assessment(level=level) for level in (1, 2, 1)]
    assert Table.of(ASSESSMENTS, nearly).column("level").strides == (2,)


@pytest.mark.parametrize(
    ("name", "numbers", "text"),
    [
        ("employee", np.array([0, 1], np.int32), r":2 \[employee\]"),
        ("employee", np.array([-1, 0], np.int32), r":1 \[employee\]"),
        ("level", np.array([3, -1], np.int16), r":2 \[level\]"),
        ("level", np.array([3, 1], np.int64), r"int64 where int16"),
        ("source", np.array([9, 0], np.int8), r":1 \[source\]"),
        ("assessed", np.array([0, 3_000_000], np.int32), r":2 \[assessed\]"),
        ("recorded", np.array([0, 2**62], np.int64), r":2 \[recorded\]"),
        ("level", np.array([1], np.int16), "different lengths"),
        ("colour", np.array([1, 1], np.int16), "columns of Assessment are"),
    ],
)
def test_numbers_that_stand_for_nothing_are_refused(
    name: str, numbers: NDArray[Any], text: str
) -> None:
    """Codes out of range, wrong types, negative levels and endless days: E904 and the row."""
    good = Table.of(ASSESSMENTS, [assessment(level=1), assessment(level=2)])
    with pytest.raises(Misuse, match=text) as caught:
        Table(layout=ASSESSMENTS, columns={**good.columns, name: numbers}, words=good.words)
    assert caught.value.code == "E904"


def test_a_number_too_large_for_its_column_is_refused() -> None:
    """E509 for a level that no column holds."""
    with pytest.raises(Misuse, match="E509"):
        Table.of(ASSESSMENTS, [assessment(level=2**15)])


def test_a_layout_knows_its_columns() -> None:
    """E904 for a column or dictionary that is not there, and for a field that has no column."""
    table = Table.of(ASSESSMENTS, [])
    for ask in (table.column, table.words_of):
        with pytest.raises(Misuse, match="E904"):
            ask("colour")
    with pytest.raises(Misuse, match="E904"):
        table.words_of("level")

    @frozen
    class Odd:
        share: float

    with pytest.raises(Misuse, match="E904"):
        Layout.of(Odd, key=("share",))


def test_tables_tell_no_value() -> None:
    """A table's repr names columns and counts rows; nobody is in it."""
    table = Table.of(ASSESSMENTS, [assessment(employee="anne")])
    assert "anne" not in repr(table)
    assert repr(table).startswith("<Table of Assessment: 1 rows of employee, competence")


def test_tables_of_different_facts_differ() -> None:
    """Equal are the same facts, whatever the dictionaries; a table is equal to no list."""
    one, two = (Table.of(ASSESSMENTS, [assessment(employee=name)]) for name in ("a", "b"))
    both = Table.of(ASSESSMENTS, [*one, *two])
    assert both[:1] == one
    assert hash(both[:1]) == hash(one)
    assert (one != two, one != list(one), both != one) == (True, True, True)
    assert one != Table.of(EVIDENCE, [])
    lost = attrs.evolve(assessment(employee="a"), scale=ScaleId("s"))
    assert Table.of(ASSESSMENTS, [lost]) != one


# --- Arrow ------------------------------------------------------------------------------------


@given(enterprises())
def test_arrow_and_back(enterprise: Enterprise) -> None:
    """Whatever goes out to Arrow comes back the same."""
    for name in PLURALS:
        table = getattr(enterprise, name)
        assert Table.from_arrow(table.layout, pa.table(table)) == table


@given(enterprises())
def test_arrow_says_what_the_nouns_say(enterprise: Enterprise) -> None:
    """A row of Arrow reads as its noun: ids and choices as text, days as dates, None as null."""
    rows = pa.table(enterprise.assessments).to_pylist()
    for row, noun in zip(rows, enterprise.assessments, strict=True):
        told = attrs.asdict(noun)
        assert row == {k: v.value if isinstance(v, Enum) else v for k, v in told.items()}


def test_what_goes_to_arrow_is_not_copied() -> None:
    """A column without None shares its memory with Arrow."""
    table = Table.of(ASSESSMENTS, [assessment(level=1), assessment(level=2)])
    address = pa.table(table).column("level").chunk(0).buffers()[1].address
    assert address == table.column("level").ctypes.data


def test_types_in_arrow() -> None:
    """Days are date32, instants microseconds in UTC, ids and choices dictionaries of text."""
    types = {field.name: str(field.type) for field in pa.table(Table.of(GAPS, [])).schema}
    coded = "dictionary<values=string, indices=int{}, ordered=0>"
    assert (types["employee"], types["state"]) == (coded.format(32), coded.format(8))
    assert (types["expires"], types["have"], types["statutory"]) == ("date32[day]", "int16", "bool")
    asked = {field.name: str(field.type) for field in pa.table(Table.of(REQUIREMENTS, [])).schema}
    assert asked["proof"] == asked["needs"] == "list<item: string>"


def column(values: Any, kind: pa.DataType | None = None) -> pa.Array:
    """An Arrow array."""
    return pa.array(values, kind)


@pytest.mark.parametrize(
    ("name", "values", "code", "row"),
    [
        ("level", column([1, -1]), "E506", 2),
        ("level", column([1, 2**40]), "E509", 2),
        ("level", column([1.0, 2.0]), "E501", None),
        ("level", column([1, None]), "E214", 2),
        ("level", column(["1", "2"]), "E501", None),
        ("employee", column([None, "p"]), "E214", 1),
        ("employee", column([1, 2]), "E904", None),
        ("employee", column(["p", " p"]), "E214", None),
        ("employee", column(["p", "p\u200b"]), "E105", None),
        ("source", column(["test", "guess"]), "E213", 2),
        ("source", column([1, 2]), "E904", None),
        ("assessed", column([1, 2]), "E904", None),
        ("assessed", column([0, 3_000_000], pa.date32()), "E904", 2),
        ("recorded", column([datetime(2026, 1, 1)] * 2), "E904", None),  # noqa: DTZ001  none given
        ("colour", column([1, 2]), "E205", None),
    ],
)
def test_what_comes_from_arrow_is_checked(
    name: str, values: pa.Array, code: str, row: int | None
) -> None:
    """Wrong types, nulls, words and numbers out of range: refused with column, row and no value."""
    good = pa.table(Table.of(ASSESSMENTS, [assessment(level=1), assessment(level=2)]))
    others = [each for each in good.column_names if each != name]
    given_table = good.select(others).append_column(name, values)
    with pytest.raises(Misuse) as caught:
        Table.from_arrow(ASSESSMENTS, given_table)
    assert caught.value.code == code
    if row is not None:
        assert (caught.value.place.row, caught.value.place.column) == (row, name)
    assert "guess" not in str(caught.value)


def test_a_batch_that_is_not_what_the_stream_says_is_refused() -> None:
    """E904 and the row after the last good one, where a type drifts midway."""
    levels = [pa.record_batch({"level": each}) for each in (column([1, 2]), column(["3"]))]
    stream = pa.RecordBatchReader.from_batches(levels[0].schema, levels)
    with pytest.raises(Misuse, match=r":3: E904"):
        Table.from_arrow(ASSESSMENTS, stream)


def test_more_rows_than_can_be_pointed_to_are_refused() -> None:
    """E509 by the count alone: 2^31 rows in one cell of memory, laid out or in a stream."""
    good = Table.of(ASSESSMENTS, [assessment()])
    columns = {name: np.broadcast_to(each[:1], (2**31,)) for name, each in good.columns.items()}
    with pytest.raises(Misuse, match="E509"):
        Table(layout=ASSESSMENTS, columns=columns, words=good.words)
    batch = pa.record_batch({"statutory": pa.array(np.zeros(2**20, np.bool_))})
    stream = pa.RecordBatchReader.from_batches(batch.schema, repeat(batch, 2**11))
    with pytest.raises(Misuse, match="E509"):
        Table.from_arrow(REQUIREMENTS, stream)


def test_what_a_dictionary_holds_and_nobody_uses_is_let_lie() -> None:
    """Words without a row are neither checked nor kept."""
    table = Table.of(ASSESSMENTS, [assessment(employee="b"), assessment(employee="c")])
    codes = pa.array([1, 3], pa.int32())
    coded = pa.DictionaryArray.from_arrays(codes, pa.array([" a", "b", "", "c"]))
    given_table = pa.table(table).set_column(0, "employee", coded)
    found = Table.from_arrow(ASSESSMENTS, given_table)
    assert (found, found.words_of("employee").values) == (table, ("b", "c"))


@pytest.mark.parametrize("values", [("b", "a"), ("a", "a")])
def test_words_ascend_and_stand_once(values: tuple[str, ...]) -> None:
    """E904 for a dictionary whose codes would not sort as its words do."""
    with pytest.raises(Misuse, match="E904"):
        Words(values)


def test_columns_that_arrow_leaves_out_take_their_defaults() -> None:
    """Who has only what must be there gives only that; without it, E207."""
    rows = [assessment(employee="b"), assessment(employee="a")]
    table = Table.of(ASSESSMENTS, rows)
    least = ["employee", "competence", "level", "source", "assessed", "recorded"]
    assert Table.from_arrow(ASSESSMENTS, pa.table(table).select(least)) == table
    with pytest.raises(Misuse, match=r"\[level\]: E207"):
        Table.from_arrow(ASSESSMENTS, pa.table(table).drop_columns("level"))


def test_arrow_in_pieces_and_plain_text() -> None:
    """Chunks with dictionaries of their own, and texts without any, read the same."""
    rows = [assessment(employee=name) for name in "cab"]
    table = Table.of(ASSESSMENTS, rows)
    pieces = pa.concat_tables([pa.table(Table.of(ASSESSMENTS, [row])) for row in rows])
    assert Table.from_arrow(ASSESSMENTS, pieces) == table
    plain = pieces.set_column(0, "employee", pieces["employee"].cast(pa.large_string()))
    assert Table.from_arrow(ASSESSMENTS, plain) == table


def test_sets_come_from_arrow_as_words_that_are_known() -> None:
    """E213 for a kind of evidence that there is not."""
    asked = pa.table(
        {
            "bearer": ["role"],
            "of": ["r"],
            "competence": ["k"],
            "level": [1],
            "proof": [["certificate", "diploma"]],
        }
    )
    with pytest.raises(Misuse, match=r":1 \[proof\]: E213"):
        Table.from_arrow(REQUIREMENTS, asked)


def test_without_the_extra_arrow_says_so() -> None:
    """E906 and how to install it, not an ImportError from within."""
    with mock.patch.dict(sys.modules, {"pyarrow": None}), pytest.raises(Misuse, match="E906") as no:
        Table.of(ASSESSMENTS, []).__arrow_c_stream__()
    assert "kompetanse[arrow]" in str(no.value)
    assert arrow.arrow() is pa


# --- closures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "targets", "drops"),
    [
        ([], [], []),
        ([1, 1], [0], [0]),
        ([0, 2, 1], [0, 1], [0, 0]),
        ([0, 1, 1], [2], [0]),
        ([0, 1, 1], [-1], [0]),
        ([0, 1, 1], [1], [-1]),
        ([0, 2, 2], [1], [0]),
        ([0, 1, 1], [1], [0, 0]),
    ],
)
def test_a_closure_leads_nowhere_out_of_bounds(
    starts: list[int], targets: list[int], drops: list[int]
) -> None:
    """E904 before any kernel could run into it."""
    with pytest.raises(Misuse, match="E904"):
        Closure(starts=starts, targets=targets, drops=drops)


def test_kin_share_the_smallest_name() -> None:
    """Codes that carry both ways are named after the smallest of them."""
    closure = Closure(starts=[0, 2, 2, 4, 6], targets=[2, 3, 0, 3, 0, 2], drops=[0] * 6)
    assert closure.kin().tolist() == [0, 1, 0, 0]
    assert closure == Closure(starts=closure.starts, targets=closure.targets, drops=closure.drops)
    assert closure != Closure.empty(4)
    assert Closure.empty(4) != 4


# --- two speeds -------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 3)),
    st.sampled_from((0, 1, 2)),
    st.data(),
)
def test_choosing_is_taking_the_greatest(
    counts: list[int], order: int, data: st.DataObject
) -> None:
    """`choose` keeps, of what counts, the first that `standing` puts highest; at both speeds."""
    size = sum(counts)
    numbers = st.lists(st.integers(0, 3), min_size=size, max_size=size)
    level, rank, assessed, recorded, expires = (np.asarray(data.draw(numbers)) for _ in range(5))
    on, known_at = 2, 2
    starts = np.cumsum([0, *counts])
    reads = (
        *(starts, np.zeros(size, np.int32), level.astype(np.int16), rank.astype(np.int8)),
        *(assessed.astype(np.int32), recorded.astype(np.int64), expires.astype(np.int32)),
        *(np.zeros(1, np.int8), np.zeros(2, np.int64), np.empty(0, np.int32)),
    )
    oracle = []
    for begin, end in pairwise(starts):
        fits = [r for r in range(begin, end) if assessed[r] <= on and recorded[r] <= known_at]
        keys = {
            r: kernels.standing(order, on, level[r], rank[r], assessed[r], recorded[r], expires[r])
            for r in fits
        }
        oracle += [max(fits, key=lambda r: (keys[r], -r))] if fits else []
    for rows in (0, speed.WORTHWHILE):
        to = np.zeros_like(starts), np.empty(size, np.int64), np.empty(size, np.int16)
        speed.run(kernels.choose, rows, reads=reads, numbers=(on, known_at, order), writes=to)
        assert to[1][: to[0][-1]].tolist() == oracle


def test_few_rows_start_no_compiler() -> None:
    """Finding the gaps of a small enterprise never imports numba."""
    script = (
        "import sys; from datetime import date; from kompetanse_core.gap import find_gaps;"
        "from kompetanse_core.model.enterprise import Enterprise;"
        "print(find_gaps(Enterprise(), on=date(2027, 1, 1)).total, 'numba' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.endswith(" False\n")


@given(st.sets(st.text(max_size=3)), st.sets(st.text(max_size=3)))
def test_words_find_their_places_in_others(some: set[str], more: set[str]) -> None:
    """Also where one dictionary begins with all of the other, each word gets its own number."""
    ours = Words(tuple(sorted(some)))
    for others in (more, some | more, some | {max(some, default="") + "+"}):
        theirs = Words(tuple(sorted(others)))
        assert ours.places_in(theirs).tolist() == [theirs.code(each) for each in ours.values]
