"""The workbook of the demo: 2,000 customers, 60 products and 6,000 orders that point to both; the same every time."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

CUSTOMERS, PRODUCTS, ORDERS = 2_000, 60, 6_000
FIRST_DAY = date(2024, 1, 1)
DAYS = 900

FAMILY = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林罗高"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "涛",
    "明",
    "超",
    "秀英",
    "建国",
    "志强",
    "思远",
)
TRADES = ("制造", "零售", "教育", "医疗", "物流", "餐饮")
CITIES = ("上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "西安", "南京", "重庆")
LEVELS = ("高价值", "重要", "普通", "潜在")
STATES = ("待发货", "已发货", "已完成", "已取消")
THINGS = ("打印机", "办公椅", "投影仪", "书桌", "扫描仪", "电话机", "碎纸机", "白板", "文件柜", "台灯")
FAMILIES = ("办公设备", "家具", "电器")


def write_workbook(path: Path, seed: int = 20260101) -> None:
    """Write the workbook to `path` (.xlsx)."""
    import xlsxwriter

    chance = random.Random(seed)
    book = xlsxwriter.Workbook(str(path))
    styles = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "¥#,##0.00"}),
        "percent": book.add_format({"num_format": "0%"}),
    }
    customers, products = _customers(chance), _products(chance)
    _sheet(book, styles, "客户", CUSTOMER_HEADERS, customers)
    _sheet(book, styles, "产品", PRODUCT_HEADERS, products)
    _sheet(book, styles, "订单", ORDER_HEADERS, _orders(chance, customers, products))
    book.close()


CUSTOMER_HEADERS = {
    "客户编号": "", "客户名称": "", "等级": "", "行业": "", "城市": "", "联系电话": "",
    "首次合作": "date", "重点客户": "", "信用额度": "money",
}  # fmt: skip
PRODUCT_HEADERS = {"产品编号": "", "产品名称": "", "类别": "", "标准价": "money", "上架日期": "date"}
ORDER_HEADERS = {
    "订单号": "", "客户编号": "", "产品编号": "", "下单日期": "date", "数量": "", "单价": "money",
    "折扣": "percent", "状态": "", "备注": "",
}  # fmt: skip


def _customers(chance: random.Random) -> list[tuple[Any, ...]]:
    rows = []
    for at in range(1, CUSTOMERS + 1):
        name = chance.choice(FAMILY) + chance.choice(GIVEN)
        city = chance.choice(CITIES)
        trade = chance.choice(TRADES)
        rows.append(
            (
                f"KH{at:05}",
                f"{city}{name}{trade}有限公司",
                chance.choices(LEVELS, (1, 3, 8, 4))[0],
                trade,
                city,
                f"1{chance.choice('3578')}{chance.randrange(10**9):09}",
                FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
                chance.choice(("是", "否")),
                chance.randrange(1, 100) * 5_000,
            )
        )
    return rows


def _products(chance: random.Random) -> list[tuple[Any, ...]]:
    rows = []
    for at in range(1, PRODUCTS + 1):
        thing = THINGS[at % len(THINGS)]
        price = round(chance.uniform(39, 4_999), 2)
        day = FIRST_DAY + timedelta(days=chance.randrange(300))
        rows.append((f"CP{at:03}", f"{thing} {chance.choice('ABCX')}{at}", FAMILIES[at % 3], price, day))
    return rows


def _orders(
    chance: random.Random, customers: list[tuple[Any, ...]], products: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    rows = []
    for at in range(1, ORDERS + 1):
        product = chance.choice(products)
        rows.append(
            (
                f"DD{at:06}",
                chance.choice(customers)[0],
                product[0],
                FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
                chance.randrange(1, 40),
                product[3],
                chance.choice((0, 0, 0, 0.05, 0.1, 0.2)),
                chance.choices(STATES, (2, 3, 6, 1))[0],
                chance.choice((None, None, None, "加急", "周末送货", "需要发票")),
            )
        )
    return rows


def _sheet(book: Any, styles: dict[str, Any], name: str, headers: dict[str, str], rows: list[tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, list(headers))
    for column, style in enumerate(headers.values()):
        for number, row in enumerate(rows, 1):
            value = row[column]
            if style == "date":
                sheet.write_datetime(number, column, value, styles["date"])
            elif value is not None:
                sheet.write(number, column, value, styles.get(style))
