"""Columns that are counted while their file is being read: the facts are those of the whole columns, whatever comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.exchange.cells import Column, pack, to_columns, unpack
from runtime.exchange.readers.reading import Sheet, open_workbook
from runtime.exchange.tables.table import to_tables
from runtime.exchange.understanding.ahead import Ahead
from runtime.exchange.understanding.facts import ColumnFacts, sample_of
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress

ROWS = 30_000
HEIGHT = 6
"""Rows of a chunk here."""

CELLS = st.one_of(
    st.sampled_from(["", "甲", "乙", "n/a", "12", "007", "3.50", "2024-01-05", "是", "a@b.com", "x;y", "合计"]),
    st.integers(0, 40).map(str),
    st.floats(-1e6, 1e6),
)


def _written(content: Any) -> Any:
    """What somebody counted, as plain values."""
    if hasattr(content, "__slots__") and not isinstance(content, dict):
        return {name: _written(getattr(content, name)) for name in content.__slots__}
    if hasattr(content, "__dict__") and not isinstance(content, dict):
        return {name: _written(value) for name, value in vars(content).items() if name != "_column"}
    return content


def _facts(column: Column, ahead: Ahead) -> Any:
    return _written(ColumnFacts(column, ahead.begun(column)))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=3 * HEIGHT, max_size=7 * HEIGHT), st.booleans())
def test_facts_are_the_same_whatever_was_counted_ahead(rows: list[list[Any]], titled: bool) -> None:
    rows = [["客户", "数量", "日期"], *rows] if titled else rows
    chunks, ahead = [], Ahead()
    for start in range(0, len(rows), HEIGHT):
        chunks.append([unpack(pack(cells)) for cells in zip(*rows[start : start + HEIGHT], strict=True)])
        ahead.rows(chunks)
    sheet = Sheet("表", height=len(rows), width=3, columns=to_columns(chunks, 3))
    for table in to_tables(sheet):
        for column in table.columns:
            assert _facts(column, ahead) == _facts(column, Ahead())


def _csv(path: Path, other: str = "") -> Path:
    lines = (
        f"客户{at},{at % 40},2024-01-{at % 28 + 1:02},{other if at > 20_000 and other else at / 4}"
        for at in range(ROWS)
    )
    path.write_text("\n".join(["名称,数量,日期,金额", *lines, "合计,,,1"]), encoding="utf-8")
    return path


def test_a_long_text_is_counted_while_it_is_read(tmp_path: Path) -> None:
    ahead = Ahead()
    book = open_workbook(_csv(tmp_path / "a.csv"), Progress(), watcher=ahead)
    (table,) = to_tables(book.sheets[0])
    for column in table.columns:
        counting = ahead.begun(column)
        assert counting is not None
        assert counting.goes_on(column, sample_of(column))
        assert len(counting.rest(column)) <= 1


def test_the_plan_is_the_same_also_where_the_end_is_unlike_the_beginning(tmp_path: Path) -> None:
    for other in ("", "unknown", "1.234,50"):
        path, ahead = _csv(tmp_path / "a.csv", other), Ahead()
        book = open_workbook(path, Progress(), watcher=ahead)
        assert understand(book, Progress(), ahead=ahead) == understand(open_workbook(path, Progress()), Progress())
