"""A filter reads as a sentence, in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from resources.texts import speaking
from runtime.filter_words import sentence
from runtime.filters import Condition, Filter, Operator
from runtime.spans import Period, Span
from tests.support.apps import customers_and_orders, field_called, form_called

APP = customers_and_orders()
ORDERS, CUSTOMERS = form_called(APP, "订单"), form_called(APP, "客户")


def _id(name: str) -> str:
    return field_called(ORDERS, name).id


def test_groups_stand_in_brackets_and_incomplete_conditions_are_not_read() -> None:
    recent = Condition(_id("日期"), Operator.IS, Span(Period.LAST_DAYS, 7))
    dear = Condition(_id("单价"), Operator.GREATER, Decimal("99.5"))
    made = Filter((Condition(_id("编号"), Operator.CONTAINS, "A"), Filter((recent, dear), True)))
    assert sentence(ORDERS, made, {}) == "编号 contains “A” and (日期 is in the last 7 days or 单价 > ¥99.50)"
    assert sentence(ORDERS, Filter((Condition(_id("编号"), Operator.CONTAINS),)), {}) == ""


def test_values_read_as_people_read_them() -> None:
    level = field_called(CUSTOMERS, "等级")
    many = Condition(level.id, Operator.ANY_OF, tuple(option.id for option in level.props.options))
    assert sentence(CUSTOMERS, Filter((many,)), {}).startswith("等级 is any of 高, 中, 低")
    one, other = UUID(int=1), UUID(int=2)
    related = Condition(_id("客户"), Operator.NONE_OF, (one, other))
    assert sentence(ORDERS, Filter((related,)), {one: "海峡"}) == "客户 is none of 海峡, …"
    between = Condition(_id("日期"), Operator.BETWEEN, date(2024, 1, 1), date(2024, 2, 1))
    assert sentence(ORDERS, Filter((between,)), {}) == "日期 is between 2024-01-01 and 2024-02-01"
    assert sentence(ORDERS, Filter((Condition(_id("数量"), Operator.EMPTY),)), {}) == "数量 is empty"


def test_it_reads_in_chinese() -> None:
    made = Filter((Condition(_id("日期"), Operator.LESS, Span(Period.THIS_MONTH)),))
    with speaking("zh_CN"):
        said = sentence(ORDERS, made, {})
    assert said.startswith("日期")
    assert said.isascii() is False
    assert "before" not in said
