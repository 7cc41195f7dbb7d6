"""How do columns come from and go to other tools? By Arrow, which polars, pandas and duckdb speak.

Ids and choices are dictionaries of strings, days are date32, instants are microseconds in UTC,
sets and tuples are lists of strings, None is null. What comes in is checked before it becomes a
table: names, types, nulls, words and ranges. Needs pyarrow, the extra `arrow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from attrs import evolve

from kompetanse_core.columns.layout import (
    Array,
    Column,
    Kind,
    Layout,
    check_count,
    encode,
)
from kompetanse_core.columns.words import NO_WORD, Words
from kompetanse_core.errors import Misuse, Place

Parts = tuple[dict[str, Array], dict[str, Words[Any]]]
"""The columns of a table, and the words behind those that hold ids."""


def arrow() -> Any:
    """Import pyarrow.

    Raises:
        Misuse: E906, if it is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError as error:
        hint = "pip install 'kompetanse[arrow]'"
        raise Misuse("E906", "Arrow takes the extra `arrow`", hint=hint) from error
    return pa


def handed_over(
    layout: Layout[Any], words: Mapping[str, Words[Any]], tables: Iterable[Mapping[str, Array]]
) -> Any:
    """Hand columns of one layout and one set of words over as an Arrow stream, batch by batch."""
    pa = arrow()
    writers = [(c, _writer(pa, c, words.get(c.name))) for c in layout.columns]
    schema = pa.schema([(c.name, write(np.empty(0, c.dtype)).type) for c, write in writers])
    batches = (
        pa.record_batch([write(table[c.name]) for c, write in writers], schema=schema)
        for table in tables
    )
    return pa.RecordBatchReader.from_batches(schema, batches).__arrow_c_stream__()


def parts_from(layout: Layout[Any], source: Any) -> Parts:
    """Read the columns of a layout off anything that hands over an Arrow stream.

    A column that is not there takes its field's default.

    Raises:
        Misuse: E205 and E207 for columns too many or too few, E904 for a type, E214 for a null,
            E213 for a word, E501, E506 and E509 for a number that cannot be, or for more rows than
            can be; and what the field refuses. The place names the column and the first row.
    """
    given = _gathered(source)
    known = {column.name for column in layout.columns}
    for name in given.column_names:
        if name not in known:
            raise Misuse("E205", "no such column", place=Place(column=name))
    columns: dict[str, Array] = {}
    words: dict[str, Words[Any]] = {}
    for column in layout.columns:
        if column.name in given.column_names:
            numbers, own = _read(layout, column, given.column(column.name))
        else:
            numbers, own = _default(layout, column, given.num_rows)
        columns[column.name] = numbers
        if own is not None:
            words[column.name] = own
    return columns, words


# --- out --------------------------------------------------------------------------------------


def _writer(pa: Any, column: Column, words: Words[Any] | None) -> Callable[[Array], Any]:
    """Give the function that turns the numbers of a column into an Arrow array."""
    if column.kind is Kind.FLAG:
        return lambda numbers: pa.array(np.ascontiguousarray(numbers))
    if column.kind is Kind.CHOICES:
        return lambda numbers: _lists(pa, *_sets(column, numbers))
    if column.kind is Kind.CHOICE:
        values = pa.array([choice.value for choice in column.choices], pa.string())
        return lambda numbers: pa.DictionaryArray.from_arrays(_plain(pa, column, numbers), values)
    if words is None:
        return lambda numbers: _plain(pa, column, numbers)
    if column.many:
        return lambda numbers: _lists(pa, words.values, numbers)
    named = pa.array(words.values, pa.string())
    return lambda numbers: pa.DictionaryArray.from_arrays(_plain(pa, column, numbers), named)


def _plain(pa: Any, column: Column, numbers: Array) -> Any:
    """Wrap numbers without a copy where nothing is None and nothing is a repeated cell."""
    kinds = {Kind.DAY: pa.date32(), Kind.INSTANT: pa.timestamp("us", "UTC")}
    own = pa.from_numpy_dtype(np.dtype(column.dtype))
    whole = np.ascontiguousarray(numbers)
    none = None if column.none is None else whole == column.none
    mask = None if none is None or not none.any() else none
    return pa.array(whole, own, mask=mask).view(kinds.get(column.kind, own))


def _sets(column: Column, numbers: Array) -> tuple[list[tuple[str, ...]], Array]:
    distinct, place = np.unique(numbers, return_inverse=True)
    names = [choice.value for choice in column.choices]
    sets = [tuple(n for bit, n in enumerate(names) if one >> bit & 1) for one in distinct.tolist()]
    return sets, place


def _lists(pa: Any, values: Sequence[tuple[str, ...]], numbers: Array) -> Any:
    return pa.array(values, pa.list_(pa.string())).take(pa.array(np.ascontiguousarray(numbers)))


# --- in ---------------------------------------------------------------------------------------


def _gathered(source: Any) -> Any:
    """Gather the batches of a stream, as long as they are what it said and not too many."""
    pa = arrow()
    reader = pa.RecordBatchReader.from_stream(source)
    batches: list[Any] = []
    rows = 0
    try:
        for batch in reader:
            rows += batch.num_rows
            check_count(rows)
            batches.append(batch)
    except pa.ArrowInvalid as error:
        text = "a batch is not what the stream says that it is"
        raise Misuse("E904", text, place=Place(row=rows + 1)) from error
    return pa.Table.from_batches(batches, reader.schema)


def _default(layout: Layout[Any], column: Column, rows: int) -> tuple[Array, Words[Any] | None]:
    default = attrs.fields_dict(layout.noun)[column.name].default
    if default is attrs.NOTHING:
        raise Misuse("E207", "this column must be there", place=Place(column=column.name))
    words = Words.of([default]) if column.kind is Kind.WORDS else None
    return np.broadcast_to(encode(column, [default], words), (rows,)), words


def _read(layout: Layout[Any], column: Column, chunks: Any) -> tuple[Array, Words[Any] | None]:
    if chunks.null_count and column.none is None:
        raise _refused("E214", "a value that must be there is missing", column, chunks.is_null())
    if column.kind is Kind.WORDS:
        return _words(layout, column, chunks)
    if column.kind is Kind.CHOICES:
        return _choices(column, chunks), None
    return (_choice if column.kind is Kind.CHOICE else _number)(column, chunks), None


def _words(layout: Layout[Any], column: Column, chunks: Any) -> tuple[Array, Words[Any]]:
    """Give ids their numbers, in sorted order; each is checked once, as its noun would.

    What a dictionary holds and no row uses is neither checked nor kept.
    """
    codes, listed = _distinct(column, chunks)
    used = np.zeros(len(listed) + 1, np.bool_)
    used[codes] = True
    values = [value for value, there in zip(listed, used, strict=False) if there]
    codes = np.append(np.cumsum(used[:-1]) - 1, NO_WORD)[codes]
    field, blank = attrs.fields_dict(layout.noun)[column.name], object.__new__(layout.noun)
    check = field.validator or (lambda noun, field, value: None)
    for value in values:
        check(blank, field, value)
    words: Words[Any] = Words.of(values)
    return np.append(words.codes(values), np.int32(NO_WORD))[codes], words


def _choice(column: Column, chunks: Any) -> Array:
    codes, values = _distinct(column, chunks)
    known = {choice.value: number for number, choice in enumerate(column.choices)}
    numbers = np.asarray([*(known.get(value, NO_WORD) for value in values), NO_WORD], column.dtype)
    if (numbers[:-1] < 0).any():
        text = f"one of these may stand here: {', '.join(known)}"
        raise _refused("E213", text, column, numbers[codes] < 0)
    return numbers[codes]


def _choices(column: Column, chunks: Any) -> Array:
    codes, values = _distinct(evolve(column, many=True), chunks)
    bits = {choice.value: 1 << number for number, choice in enumerate(column.choices)}
    unknown = [not bits.keys() >= set(value) for value in values]
    if any(unknown):
        text = f"only these may stand here: {', '.join(bits)}"
        raise _refused("E213", text, column, np.asarray(unknown)[codes])
    sets = [sum(bits[each] for each in set(value)) for value in values]
    return np.asarray(sets, column.dtype)[codes]


def _number(column: Column, chunks: Any) -> Array:
    """Read days, instants, whole numbers and flags, all as whole numbers."""
    whole = _typed(column, chunks)
    numbers: Array = whole.fill_null(column.none or 0).to_numpy()
    if column.kind is Kind.WHOLE:
        wrong = (numbers < 0) & ~chunks.is_null().to_numpy()
        if wrong.any():
            raise _refused("E506", "a number must not be negative", column, wrong)
        wrong = numbers > np.iinfo(column.dtype).max
        if wrong.any():
            raise _refused("E509", f"a number does not fit {column.dtype}", column, wrong)
    return numbers.astype(column.dtype)


def _typed(column: Column, chunks: Any) -> Any:
    """Check the type of a column and give its plain whole numbers."""
    pa, kind, given = arrow(), column.kind, chunks.type
    if kind is Kind.WHOLE and pa.types.is_integer(given):
        return chunks.cast(pa.int64(), safe=False)
    if kind is Kind.FLAG and pa.types.is_boolean(given):
        return chunks.cast(pa.int8())
    if kind is Kind.DAY and pa.types.is_date(given):
        return chunks.cast(pa.date32()).cast(pa.int32())
    if kind is Kind.INSTANT and pa.types.is_timestamp(given) and given.tz == "UTC":
        return chunks.cast(pa.timestamp("us", "UTC"), safe=False).cast(pa.int64())
    code = "E501" if kind is Kind.WHOLE else "E904"
    raise Misuse(code, f"{given} cannot be read as {kind.value}", place=Place(column=column.name))


def _distinct(column: Column, chunks: Any) -> tuple[Array, list[Any]]:
    """Give the code of each row and the values behind, in any order; -1 is null."""
    pa = arrow()
    if column.many and pa.types.is_list(chunks.type):
        rows = [None if row is None else tuple(row) for row in chunks.to_pylist()]
        found: Words[Any] = Words.of(rows)
        return found.codes(rows), list(found.values)
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    coded = chunks.type if pa.types.is_dictionary(chunks.type) else None
    if column.many or not any(fits(coded.value_type if coded else chunks.type) for fits in texts):
        text = f"{chunks.type} cannot be read as {column.kind.value}"
        raise Misuse("E904", text, place=Place(column=column.name))
    whole = (chunks if coded else chunks.dictionary_encode()).unify_dictionaries()
    if not whole.num_chunks:
        return np.empty(0, np.int32), []
    codes = [
        chunk.indices.fill_null(NO_WORD).to_numpy(zero_copy_only=False) for chunk in whole.chunks
    ]
    return np.concatenate(codes).astype(np.int32), whole.chunk(0).dictionary.to_pylist()


def _refused(code: str, text: str, column: Column, wrong: Any) -> Misuse:
    """Name the column and the first row, counted from 1, at which it breaks its promise."""
    row = int(np.flatnonzero(np.asarray(wrong))[0]) + 1
    return Misuse(code, text, place=Place(row=row, column=column.name))
