"""Days that are written without their year, beside others that say theirs or alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from runtime.dates import local_zone
from tests.runtime.exchange.workbooks import sheet_of, types, understood


@pytest.mark.parametrize("short", ["3/5", "3-5", "3月5日", "03/05"])
@pytest.mark.parametrize("full", ["2024/3/4", "2024-03-04", date(2024, 3, 4)])
def test_they_are_named_and_a_year_is_offered(full: Any, short: str) -> None:
    plan = understood(sheet_of([["日期", "金额"], [full, 1.5], [short, 2.5], [full, 3.5], [full, 4.5]]))
    assert types(plan, "表")["日期"] == "date"
    doubt = plan.doubt("表/0/some_without_year")
    assert short in str(doubt.message)
    (chunk,) = plan.rows("表")
    assert chunk.values[0][1] is None and len(chunk.unfit) == 1
    (chunk,) = plan.choose(doubt.id, "date_2024").rows("表")
    assert chunk.values[0][1] == date(2024, 3, 5)
    assert not chunk.unfit


def test_under_another_header_3_5_is_no_day() -> None:
    plan = understood(sheet_of([["规格", "数量"], ["2024/3/4", 1], ["3/5", 2], ["2024/3/6", 3], ["2024/3/7", 4]]))
    assert types(plan, "表")["规格"] == "text"


@pytest.mark.parametrize(("header", "short"), [("日期", "3/5"), ("日期", "3月5日"), ("到货", "3月5日")])
def test_where_no_day_says_its_year_they_stay_texts_until_somebody_says_it(header: str, short: str) -> None:
    plan = understood(sheet_of([[header, "金额"], [short, 1.5], ["4月6日", 2.5], ["12月31日", 3.5]]))
    assert types(plan, "表")[header] == "text"
    doubt = plan.doubt("表/0/no_year")
    this = datetime.now(local_zone()).year
    assert [choice.id for choice in doubt.choices] == ["text", f"date_{this}", f"date_{this - 1}"]
    (chunk,) = plan.choose(doubt.id, f"date_{this - 1}").rows("表")
    assert chunk.values[0] == [date(this - 1, 3, 5), date(this - 1, 4, 6), date(this - 1, 12, 31)]
    assert not chunk.unfit
