"""Cells to typed values: exact, or refused with a reason; a whole block gives what its cells give."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.exchange.cells import CellError, pack, unpack
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.understanding.conversion import Conversion, Unfit, convert, convert_column, key_of

SHANGHAI = timezone(timedelta(hours=8))


def column(field_type: str, order: str = "", pad: int = 0, **props: Any) -> ColumnPlan:
    return ColumnPlan(0, "列", field_type, "列", props, order=order, pad=pad)


def special(field_type: str, **more: Any) -> ColumnPlan:
    return replace(column(field_type), **more)


GOOD: list[tuple[ColumnPlan, Any, Any]] = [
    (column("text"), "  a", "  a"),
    (column("text"), "a\nb", "a b"),
    (column("text"), 12.0, "12"),
    (column("text"), 0.1 + 0.2, "0.3"),
    (column("text"), 1.5e-7, "0.00000015"),
    (column("text"), 13800000001.0, "13800000001"),
    (column("text", pad=5), 7.0, "00007"),
    (column("text"), date(2024, 3, 5), "2024-03-05"),
    (column("text"), datetime(2024, 3, 5, 14, 30), "2024-03-05 14:30"),
    (column("text"), time(8, 15), "08:15"),
    (column("text"), True, "TRUE"),
    (column("long_text"), "a\nb", "a\nb"),
    (column("integer"), 12.0, 12),
    (column("integer"), "1,234", 1234),
    (column("integer"), Decimal(5), 5),
    (column("decimal", decimals=2), 2.675, Decimal("2.68")),
    (column("decimal", decimals=2), "1.5", Decimal("1.50")),
    (column("money", decimals=2), "￥3,000元", Decimal("3000.00")),
    (column("money", decimals=2), "(1,200)", Decimal(-1200)),
    (column("percent", decimals=1), 0.125, Decimal("0.125")),
    (column("percent", decimals=1), "12.5%", Decimal("0.125")),
    (column("date"), date(2024, 3, 5), date(2024, 3, 5)),
    (column("date"), "2024年3月5日", date(2024, 3, 5)),
    (column("date"), datetime(2024, 3, 5), date(2024, 3, 5)),
    (column("date", order="dmy"), "03/04/2025", date(2025, 4, 3)),
    (column("date", order="mdy"), "03/04/2025", date(2025, 3, 4)),
    (column("date_time"), datetime(2024, 3, 5, 14, 30), datetime(2024, 3, 5, 6, 30, tzinfo=UTC)),
    (column("date_time"), date(2024, 3, 5), datetime(2024, 3, 4, 16, tzinfo=UTC)),
    (column("date_time"), "2024-03-05 14:30", datetime(2024, 3, 5, 6, 30, tzinfo=UTC)),
    (column("boolean"), True, True),
    (column("boolean"), "否", False),
    (column("boolean"), 1.0, True),
    (column("boolean"), "0", False),
    (column("choice", options=("VIP", "普通")), "vip", "VIP"),
    (column("choice", options=("1", "2")), 1.0, "1"),
    (column("relation"), 12.0, "12"),
    (column("email"), "Zhang@Example.COM", "Zhang@example.com"),
    (column("phone"), 13800000001.0, "13800000001"),
    (column("phone"), "138 0000 0001", "13800000001"),
    (column("url"), "www.example.com", "https://www.example.com"),
    (special("choices", props={"options": ("甲", "乙")}, split="、"), "乙、甲、乙", ("乙", "甲")),
    (special("choices", props={"options": ("甲", "乙")}, split=";"), "乙；甲", ("乙", "甲")),
    (special("decimal", props={"decimals": 2}, comma=True), "1.234,50", Decimal("1234.50")),
    (special("text", errors=True), CellError("#N/A"), "#N/A"),
    (column("date"), "05-Mar-24", date(2024, 3, 5)),
    (column("date_time"), "2024年3月5日 下午2:30", datetime(2024, 3, 5, 6, 30, tzinfo=UTC)),
    (column("date_time", order="mdy"), "3/5/2024 2:30 PM", datetime(2024, 3, 5, 6, 30, tzinfo=UTC)),
    (column("relation"), "CN-1", "CN-1"),
]

BAD: list[tuple[ColumnPlan, Any, str]] = [
    (column("integer"), "abc", "“abc” is not a number."),
    (column("integer"), 1.5, "“1.5” is not a whole number."),
    (column("integer"), 1e30, "This number is too large."),
    (column("integer"), True, "“TRUE” is not a number."),
    (column("decimal", decimals=4), 1e18, "This number is too large."),
    (column("money", decimals=2), "1.234,50", "“1.234,50” is not a number."),
    (column("date"), "2024年2月30日", "“2024年2月30日” is not a date."),
    (column("date"), "03/04/2025", "“03/04/2025” is not a date."),
    (column("date"), datetime(2024, 3, 5, 14, 30), "“2024-03-05 14:30” has a time of day."),
    (column("date"), 45000.0, "“45000” is not a date."),
    (column("date_time"), "tomorrow", "“tomorrow” is not a date and time."),
    (column("boolean"), "maybe", "“maybe” is neither yes nor no."),
    (column("email"), "not an address", "“not an address” is not an e-mail address. Write it as name@example.com."),
    (special("choices", props={"options": ("甲",)}, split="、"), "甲、乙", "“乙” is not one of the options."),
    (special("decimal", props={"decimals": 2}, comma=True), "1,234.50", "“1,234.50” is not a number."),
    (column("choice", options=("a",)), "b", "“b” is not one of the options."),
    (column("text"), "x" * 501, "The text is longer than 500 characters."),
    (column("long_text"), "x" * 32_768, "The text is longer than 32767 characters."),
]


@pytest.mark.parametrize(("plan", "cell", "value"), GOOD, ids=lambda part: repr(part)[:40])
def test_cells_become_values(plan: ColumnPlan, cell: Any, value: Any) -> None:
    found = convert(cell, plan, SHANGHAI)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("plan", "cell", "reason"), BAD, ids=lambda part: repr(part)[:40])
def test_cells_that_do_not_fit_are_refused_with_a_reason(plan: ColumnPlan, cell: Any, reason: str) -> None:
    found = convert(cell, plan)
    assert isinstance(found, Unfit)
    assert str(found.reason) == reason
    assert found.text


@pytest.mark.parametrize("field_type", ["text", "integer", "money", "date", "boolean", "choice", "relation"])
@pytest.mark.parametrize("cell", [None, "", CellError("#N/A")])
def test_blanks_and_errors_are_blank(field_type: str, cell: Any) -> None:
    assert convert(cell, column(field_type)) is None


@pytest.mark.parametrize("field_type", ["integer", "money", "date", "date_time", "boolean"])
@pytest.mark.parametrize("text", ["-", "N/A", "n/a", "*"])
def test_what_stands_for_nothing_is_blank_where_the_column_says_so(field_type: str, text: str) -> None:
    assert convert(text, special(field_type, nothing=("-", "n/a", "*"))) is None
    assert isinstance(convert(text, column(field_type)), Unfit)


TEXTS = {
    "integer": ["1", "-5", "007", "1,234", "12.0", "x", "9" * 17, "１２"],
    "decimal": ["1.5", "-2.25", "1,234.5", "5.", ".5", "-", "0.125", "1.2万", "12%"],
    "date": ["2024-03-05", "2024-02-30", "2024/3/5", "20240305", "2024-3-5", "x"],
    "date_time": ["2024-03-05 14:30", "2024-03-05T14:30:59", "2024-03-05", "2024-03-05 25:00", "x"],
    "email": ["a@b.cn", "A@B.cn", "a..b@c.cn", "x"],
    "phone": ["13800000001", "+86 138 0000 0001", "010-88886666", "x"],
    "boolean": ["是", "否", "Y", "maybe"],
}


@pytest.mark.parametrize("field_type", TEXTS)
@given(st.data())
def test_a_block_of_texts_gives_what_its_cells_give(field_type: str, data: st.DataObject) -> None:
    usual = st.sampled_from([*TEXTS[field_type][:2], *data.draw(st.sampled_from(([], [""], TEXTS[field_type])))])
    cells = data.draw(st.lists(usual, min_size=1, max_size=12))
    plan = column(field_type, decimals=3) if field_type == "decimal" else column(field_type)
    conversion, block = Conversion(plan, ZoneInfo("Europe/Berlin")), unpack(pack(cells))
    assert conversion.block(block) == [conversion.value(cell) for cell in block.raw()]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)))
def test_moments_as_texts_know_summer_time(moment: datetime) -> None:
    zone = ZoneInfo("America/New_York")
    text = f"{moment:%Y-%m-%d %H:%M:%S}"
    (found,) = Conversion(column("date_time"), zone).block(unpack(pack([text])))
    assert found == moment.replace(microsecond=0, tzinfo=zone).astimezone(UTC)


CELLS = st.one_of(
    st.just(""),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
    st.integers(-(10**14), 10**14).map(float),
    st.decimals(-(10**6), 10**6, places=3).map(float),
    st.floats(-1e20, 1e20),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(["1,234", "12%", "是", "2024-03-05", "03/04/2025", "a\nb", "x" * 600]),
)
HOMOGENEOUS = [
    st.lists(st.decimals(-(10**6), 10**6, places=3).map(float), min_size=1),
    st.lists(st.integers(-(10**6), 10**6).map(float), min_size=1),
    st.lists(st.floats(-1e20, 1e20), min_size=1),
    st.lists(st.datetimes(datetime(1901, 1, 1), datetime(2200, 1, 1)), min_size=1),
    st.lists(st.dates(date(1901, 1, 1), date(2200, 1, 1)), min_size=1),
    st.lists(st.sampled_from(["", "a", "b", "A", "x\ny"]), min_size=1),
    st.lists(st.booleans(), min_size=1),
]
PLANS = st.sampled_from(
    [
        column("text"), column("text", pad=4), column("long_text"), column("integer"), column("decimal", decimals=2),
        column("money", decimals=3), column("percent", decimals=1), column("date"), column("date", order="mdy"),
        column("date_time"), column("boolean"), column("choice", options=("a", "b")), column("relation"),
    ]
)  # fmt: skip


@given(st.one_of(st.lists(CELLS, min_size=1), *HOMOGENEOUS), PLANS)
def test_a_block_gives_what_its_cells_give(cells: list[Any], plan: ColumnPlan) -> None:
    block = unpack(pack(cells))
    zone = ZoneInfo("America/New_York")  # has summer time
    conversion = Conversion(plan, zone)
    one_by_one = [conversion.value(cell) for cell in block.raw()]
    assert conversion.block(block) == one_by_one
    values, unfit = convert_column([block, block], plan, zone)
    assert len(values) == 2 * len(cells)
    assert [found.row for found in unfit] == [
        row for row, value in enumerate(one_by_one * 2) if isinstance(value, Unfit)
    ]
    assert not any(isinstance(value, Unfit) for value in values)


@given(st.one_of(CELLS, st.floats(-1e20, 1e20)))
def test_text_keeps_every_cell(cell: Any) -> None:
    """Whatever a cell holds: as long text it is there, except for blanks."""
    found = convert(cell, column("long_text"))
    assert (found is None) == (cell == "")


@given(st.decimals(-(10**9), 10**9, places=4))
def test_money_makes_the_round_trip_through_excel(amount: Decimal) -> None:
    assert convert(float(amount), column("money", decimals=4)) == amount


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))
def test_moments_make_the_round_trip_through_a_zone(moment: datetime) -> None:
    found = convert(moment, column("date_time"), SHANGHAI)
    assert found.astimezone(SHANGHAI).replace(tzinfo=None) == moment


def test_keys_of_numbers_and_of_their_texts_are_equal() -> None:
    assert key_of(12.0) == key_of("12") == key_of(" 12 ") == key_of(12) == "12"
    assert key_of(None) is None is key_of("") is key_of(CellError("#N/A"))
