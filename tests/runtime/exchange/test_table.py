"""From a sheet to a table: headers, names, blank rows and columns."""

from __future__ import annotations

from typing import Any

from runtime.exchange.tables.table import Table, to_table
from tests.runtime.exchange.workbooks import Rows, sheet_of


def table(rows: Rows, **more: Any) -> Table:
    return to_table(sheet_of(rows, **more))


def codes(found: Table) -> list[str]:
    return [doubt.code for doubt in found.doubts]


def rows_of(found: Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.values() for column in found.columns), strict=True))


def test_the_first_row_of_texts_is_the_header() -> None:
    found = table([["姓名", "金额"], ["张三", 5], ["李四", 6]])
    assert found.headers == ("姓名", "金额")
    assert rows_of(found) == [("张三", 5), ("李四", 6)]
    assert list(found.row_numbers) == [2, 3]
    assert not found.doubts


def test_blank_rows_and_a_title_above_the_header_are_left_out_and_counted() -> None:
    found = table([[], ["2024 年销售报表"], [], ["姓名", "城市", "金额"], ["张三", "上海", 5]])
    assert found.headers == ("姓名", "城市", "金额")
    assert codes(found) == ["rows_above"]
    assert str(found.doubts[0].message) == "1 row above the header is left out (2: “2024 年销售报表”)."
    assert list(found.row_numbers) == [5]


def test_headers_are_one_line_without_spaces_around() -> None:
    found = table([[" 姓\n名 ", "金\u00a0额", "A  B"], ["张三", 5, 1]])
    assert found.headers == ("姓 名", "金 额", "A B")


def test_the_second_column_of_a_name_gets_a_number_and_a_doubt() -> None:
    found = table([["电话", "电话", "电话 (2)"], [1, "b", "c"]])
    assert found.headers == ("电话", "电话 (2)", "电话 (2) (2)")
    assert codes(found) == ["same_name", "same_name"]
    assert [doubt.column for doubt in found.doubts] == [1, 2]


def test_years_may_be_headers_beside_texts() -> None:
    assert table([["地区", 2023, 2024], ["华东", 5, 6]]).headers == ("地区", "2023", "2024")


def test_rows_without_a_header_are_kept_and_named_after_letters() -> None:
    found = table([["张三", 5, 1.5], ["李四", 6, 2.5]])
    assert found.headers == ("Column A", "Column B", "Column C")
    assert codes(found) == ["no_header"]
    assert len(found.row_numbers) == 2


def test_a_column_without_a_header_is_named_after_its_letter() -> None:
    found = table([["姓名", None, "金额"], ["张三", "x", 5]])
    assert found.headers == ("姓名", "Column B", "金额")
    assert codes(found) == ["no_name"]


def test_blank_columns_are_left_out_and_counted() -> None:
    found = table([["姓名", None, "金额"], ["张三", None, 5]])
    assert found.headers == ("姓名", "金额")
    assert codes(found) == ["blank_columns"]


def test_blank_rows_inside_are_left_out_and_counted_and_row_numbers_stay_true() -> None:
    found = table([["姓名", "金额"], ["张三", 5], [], ["李四", 6], [None, None], []])
    assert rows_of(found) == [("张三", 5), ("李四", 6)]
    assert list(found.row_numbers) == [2, 4]
    assert [str(doubt.message) for doubt in found.doubts] == ["1 blank row is left out."]


def test_blank_rows_at_the_end_are_no_doubt() -> None:
    found = table([["姓名", "金额"], ["张三", 5], [], []])
    assert (len(found.row_numbers), found.doubts) == (1, ())


def test_short_rows_are_filled_with_blanks() -> None:
    assert rows_of(table([["a", "b", "c"], [1], [1, 2], [1, 2, 3]])) == [(1, None, None), (1, 2, None), (1, 2, 3)]


def test_a_header_alone_is_a_table_without_rows() -> None:
    found = table([["姓名", "金额"]])
    assert (found.headers, len(found.row_numbers)) == (("姓名", "金额"), 0)


def test_formats_follow_their_columns_when_a_blank_one_goes() -> None:
    found = table([["姓名", None, "折扣"], ["张三", None, 0.5]], formats={2: "0%"})
    assert found.formats == {1: "0%"}


def test_left_out_columns_and_cleaned_texts_are_said() -> None:
    assert codes(table([["a"], [1]], dropped_columns=12, cleaned=1)) == ["columns_left_out", "control_characters"]
