"""A small form that formulas in these tests speak about, its rows, and how it stands in a database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from runtime.expression.check import Checked, check
from runtime.expression.compile_python import compile_python
from runtime.expression.schema import Reference
from runtime.value.situation import Situation
from runtime.value.types import ANY, BOOL, CHOICE, DATE, DATETIME, NUMBER, RECORD, TEXT, list_of

LEVELS = (("o_high", "高"), ("o_low", "低"), ("o_middle", "Middle"))

SITUATION = Situation(datetime(2024, 5, 17, 1, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
"""09:30 on 17 May 2024 in Shanghai; nobody asks."""


def field(id_: str, label: str, type_: Any, **more: Any) -> Reference:
    """A field of the form itself."""
    return Reference(id_, (id_,), (label,), type_, **more)


FIELDS = (
    field("c_price", "单价", NUMBER, scale=2),
    field("c_count", "数量", NUMBER, scale=0),
    field("c_discount", "折扣", NUMBER, scale=4),
    field("c_cost", "成本", NUMBER, scale=2),
    field("c_name", "名称", TEXT),
    field("c_note", "备注", TEXT),
    field("c_open", "启用", BOOL),
    field("c_from", "开始", DATE),
    field("c_to", "结束", DATE),
    field("c_at", "时间", DATETIME),
    field("c_level", "等级", CHOICE, options=LEVELS),
    field("c_customer", "客户", RECORD),
    field("c_anything", "任意", ANY),
    Reference("c_customer.c_grade", ("c_customer", "c_grade"), ("客户", "等级"), CHOICE, options=LEVELS),
    Reference("c_lines.c_amount", ("c_lines", "c_amount"), ("明细", "金额"), list_of(NUMBER)),
    Reference("c_lines.c_done", ("c_lines", "c_done"), ("明细", "完成"), list_of(BOOL)),
)


class SampleSchema:
    """Finds the fields above by label or by #id."""

    def __init__(self, fields: Collection[Reference] = FIELDS) -> None:
        self.fields = tuple(fields)

    def resolve(self, path: tuple[str, ...]) -> Reference | None:
        """The field at `path`."""
        for each in self.fields:
            spelled = zip(path, each.path, each.labels, strict=False)
            if len(path) == len(each.path) and all(item in (f"#{id_}", label) for item, id_, label in spelled):
                return each
        return None

    def labels(self, path: tuple[str, ...]) -> Collection[str]:
        """Labels after `path`."""
        depth = len(path)
        return [each.labels[depth] for each in self.fields if each.labels[:depth] == path and len(each.labels) > depth]


SCHEMA = SampleSchema()
BLANK_ROW: dict[str, Any] = {**dict.fromkeys(each.key for each in FIELDS), "c_customer.title": None}


def checked(source: str) -> Checked:
    """The formula checked against the sample form."""
    return check(source, SCHEMA)


def result(source: str, situation: Situation | None = SITUATION, /, **row: Any) -> Any:
    """What the formula yields for a row of which only these fields are filled."""
    return compile_python(checked(source)).evaluate({**BLANK_ROW, **row}, situation)


def codes(source: str) -> list[str]:
    """Codes of the problems of a formula."""
    return [problem.code for problem in checked(source).problems]
