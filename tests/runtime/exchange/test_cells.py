"""Cells in compact blocks: what goes in comes out, however the kinds are mixed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.exchange.cells import CellError, Column, pack, to_number, unpack
from runtime.exchange.readers.cleaning import Cleaner, is_clean

CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.builds(CellError, st.sampled_from(["#N/A", "#REF!"])),
)
COLUMNS = st.one_of(
    st.lists(CELLS, min_size=1),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1),
    st.lists(st.sampled_from(["", "a", "b"]), min_size=1),
    st.lists(st.dates(), min_size=1),
    st.lists(st.datetimes(), min_size=1),
    st.lists(st.booleans(), min_size=1),
)


def travelled(cells: list[Any]) -> Column:
    """The column that arrives when `cells` are sent as the reader does."""
    return Column((unpack(tuple(msgspec.msgpack.decode(msgspec.msgpack.encode(pack(cells))))),))


@given(COLUMNS)
def test_a_column_arrives_as_it_was_sent(cells: list[Any]) -> None:
    assert travelled(cells).raw() == [None if cell == "" else cell for cell in cells]


@given(COLUMNS, st.integers(0, 12), st.integers(0, 12))
def test_a_part_of_a_column_is_that_part(cells: list[Any], start: int, stop: int) -> None:
    column = Column(travelled(cells).blocks * 2)
    assert column.raw(start, stop) == column.raw()[start:stop]
    assert len(column.part(start, stop)) == len(column.raw()[start:stop])


@given(COLUMNS)
def test_blanks_are_where_nothing_is(cells: list[Any]) -> None:
    (block,) = travelled(cells).blocks
    assert block.blanks() == {place for place, cell in enumerate(cells) if cell == ""}


@given(COLUMNS, st.data())
def test_picked_cells_are_those_cells(cells: list[Any], data: st.DataObject) -> None:
    (block,) = travelled(cells).blocks
    places = data.draw(st.lists(st.integers(0, len(cells) - 1)))
    assert list(block.picked(places).raw()) == [block.raw()[place] for place in places]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (12.0, 12),
        (-3.0, -3),
        (0.1 + 0.2, Decimal("0.3")),
        (125.43999999999998, Decimal("125.44")),
        (4.199999999999999, Decimal("4.2")),
        (6.22202e18, 6222020000000000000),
        (1.5e-7, Decimal("1.5E-7")),
        (1e300, 10**300),
    ],
)
def test_a_number_is_what_excel_shows_with_15_digits(cell: float, number: int | Decimal) -> None:
    found = to_number(cell)
    assert found == number
    assert type(found) is type(number)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_survive_binary(number: Decimal) -> None:
    assert to_number(float(number)) == number


def test_times_keep_their_kind() -> None:
    cells = [time(8), date(2024, 1, 1), datetime(2024, 1, 1, 8), "x", 1.0, True]
    assert [type(cell) for cell in travelled(cells).raw()] == [time, date, datetime, str, float, bool]


@given(st.lists(st.sampled_from(["", "甲", "乙", "丙"]), min_size=1), st.integers(0, 9), st.integers(1, 9))
def test_texts_that_come_again_are_counted_as_cells_are(cells: list[str], start: int, length: int) -> None:
    for block in (unpack(pack(cells * 4)), unpack(pack(cells * 4)).part(start, start + length)):
        counts = block.counts()
        if counts is not None and block.length:
            assert list(counts.items()) == list(Counter(block.content).items())


@given(
    st.lists(st.text("ab ,'\t\n\xa0\u200b\x00\ud800甲", max_size=3), min_size=1, max_size=5), st.sampled_from(",;\t| ")
)
def test_a_chunk_that_is_seen_to_be_clean_needs_no_cleaning(cells: list[str], delimiter: str) -> None:
    cells = [cell.replace(delimiter, "") for cell in cells]
    if is_clean(delimiter.join(cells), delimiter):
        cleaner = Cleaner()
        assert cleaner.texts(cells) == cells
        assert not cleaner.cleaned


def test_usual_chunks_are_seen_to_be_clean() -> None:
    assert is_clean("客户 1,2024-01-05,3.5", ",")
    assert is_clean("客户 1\t2024-01-05\t", "\t")
    assert not is_clean("a ,b", ",")
