"""The benchmark's form: customers with 20 typed columns, about 600 bytes a record; any number of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from runtime.changes import BulkChange, ChangeKind, Origin, new_uuid
from runtime.definition.node import App
from runtime.form import Form
from runtime.session import Session
from runtime.store.records import Rejected
from tests.support.apps import an_app, form_called, options

CHUNK = 5_000
REGIONS = ("华东", "华北", "华南", "西南", "西北", "东北")
TEXTS = ("客户名称", "联系人", "电话", "邮箱", "城市", "地址", "行业", "来源", "备注")
HEADERS = (
    *TEXTS, "地区", "等级", "数量", "单价", "金额", "折扣", "评分", "首次日期", "最近日期", "更新时间", "重点",
)  # fmt: skip


def an_empty_app() -> App:
    """One form with the twenty fields, nothing computed: what an import makes."""
    build = an_app("Bench")
    form = build.form("客户")
    for name in TEXTS:
        build.field(form, "text", name)
    build.field(form, "choice", "地区", options=options(*REGIONS))
    build.field(form, "choice", "等级", options=options("高", "中", "低"))
    for name in ("数量", "评分"):
        build.field(form, "integer", name)
    for name in ("单价", "金额"):
        build.field(form, "money", name)
    build.field(form, "percent", "折扣")
    for name in ("首次日期", "最近日期"):
        build.field(form, "date", name)
    build.field(form, "date_time", "更新时间")
    build.field(form, "boolean", "重点")
    return build.app


def cells(at: int) -> tuple[Any, ...]:
    """Row number `at`, as Python values in the order of `HEADERS`; a pure function of `at`."""
    mixed = at * 2_654_435_761 % 2**32
    day = date(2020, 1, 1) + timedelta(days=mixed % 2_000)
    price = Decimal(mixed % 1_000_000) / 100
    count = mixed % 97
    return (
        f"客户{mixed % 100_000:05}有限公司", f"张{at % 5_000:04}", f"138{mixed % 10**8:08}",
        f"user{at}@example.com", f"城市{mixed % 300}", f"中山路{mixed % 999}号{at % 60}室", f"行业{mixed % 20}",
        f"来源{mixed % 8}", f"备注文字，第{at}条记录，需要跟进。",
        REGIONS[mixed % 6], ("高", "中", "低")[mixed % 3], count, price, price * count,
        Decimal(mixed % 30) / 100, mixed % 100, day, day + timedelta(days=mixed % 300),
        datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=mixed % 500_000), bool(mixed % 2),
    )  # fmt: skip


def typed_columns(form: Form, first: int, count: int) -> dict[str, list[Any]]:
    """`count` rows from `first` on, by field id, as the door takes them."""
    columns = list(map(list, zip(*(cells(at) for at in range(first, first + count)), strict=True)))
    typed: dict[str, list[Any]] = {}
    for name, values in zip(HEADERS, columns, strict=True):
        field = form.called(name)
        assert field is not None, name
        if field.kind.name == "choice":
            ids = {option.label: option.id for option in field.props.options}
            values = [ids[value] for value in values]
        typed[field.id] = values
    return typed


def fill(session: Session, count: int) -> Iterator[int]:
    """Put `count` generated records into the published form; yields how many are in after each commit."""
    form = form_called(next(iter(session.apps.values())), "客户")
    for first in range(0, count, CHUNK):
        height = min(CHUNK, count - first)
        ids = [new_uuid() for _ in range(height)]
        change = BulkChange(ChangeKind.NEW, form.id, ids, typed_columns(form, first, height))
        outcome = session.apply([change], "Fill", Origin.IMPORT)
        assert not isinstance(outcome, Rejected), outcome
        yield first + height


def write_xlsx(path: Path, count: int) -> None:
    """The same records as a workbook."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("客户")
    sheet.write_row(0, 0, HEADERS)
    for at in range(count):
        for column, value in enumerate(cells(at)):
            if isinstance(value, datetime):
                sheet.write_datetime(at + 1, column, value.replace(tzinfo=None), moment)
            elif isinstance(value, date):
                sheet.write_datetime(at + 1, column, datetime(value.year, value.month, value.day), day)
            else:
                sheet.write(at + 1, column, value)
    book.close()


def write_csv(path: Path, count: int) -> None:
    """The same records as a text, as a person keeps them: UTF-8, yes and no in words, moments to the minute."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(map(_shown, cells(at)) for at in range(count))


WIDE = 200
"""Columns of a sheet that is as wide as a form may be; two of three raise a question."""


def write_wide(path: Path) -> None:
    """300 rows of `WIDE` columns: days that may be months, codes, figures with a word among them, phones, options."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"列{at}" for at in range(WIDE)])
        for row in range(300):
            kinds = (
                f"{row % 9 + 1:02}/{row % 7 + 1:02}/2024", f"{row * 7:06}", "无" if row % 40 == 7 else str(row * 3),
                "是" if row % 3 else "否", f"138{row:08}", "甲乙丙丁"[row % 4],
            )  # fmt: skip
            writer.writerow([kinds[at % len(kinds)] for at in range(WIDE)])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
