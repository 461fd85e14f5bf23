"""Orders that hold number and name of their customers: one column becomes the relation, the one that says the name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.exchange.cells import Column, pack, unpack
from runtime.exchange.columns import Doubt
from runtime.exchange.importing.importer import import_all
from runtime.exchange.importing.session_forms import known_forms
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.same_records import Naming, repeated, sampled
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, plan_of, types, xlsx

NAMES = ["海峡港务", "闽江茶业", "惠安石材", "平潭渔业", "长乐纺织", "德化陶瓷", "厦门电子", "泉州物流"]
CUSTOMERS: Rows = [["客户编号", "客户名称", "城市"], *([f"K{n:03}", name, "福州"] for n, name in enumerate(NAMES))]
ORDERS: Rows = [
    ["订单号", "日期", "客户编号", "客户名称", "金额"],
    *([f"D{n:04}", f"2024-05-{n % 28 + 1:02}", f"K{n % 8:03}", NAMES[n % 8], n * 10.5] for n in range(60)),
]
ENGLISH: dict[str, Rows] = {
    "Orders": [
        ["Order ID", "Company Name", "Customer ID", "Freight"],
        *([10248 + n, f"Company {'ABCDEFGH'[n % 8]}", f"CUST{'ABCDEFGH'[n % 8]}", n * 1.25] for n in range(60)),
    ],
    "Customers": [
        ["Customer ID", "Company Name", "Country"],
        *([f"CUST{letter}", f"Company {letter}", "UK"] for letter in "ABCDEFGH"),
    ],
}


def relations(plan: ImportPlan, sheet: str) -> set[str]:
    return {column.label for column in plan.sheet(sheet).columns if column.relation is not None}


@pytest.mark.parametrize(
    ("sheets", "orders", "number", "name"),
    [
        ({"客户": CUSTOMERS, "订单": ORDERS}, "订单", "客户编号", "客户名称"),
        ({"订单": ORDERS, "客户": CUSTOMERS}, "订单", "客户编号", "客户名称"),
        (ENGLISH, "Orders", "Customer ID", "Company Name"),
    ],
)
def test_of_number_and_name_the_name_becomes_the_relation(
    sheets: dict[str, Rows], orders: str, number: str, name: str
) -> None:
    plan = plan_of(sheets)
    assert relations(plan, orders) == {name}
    assert types(plan, orders)[number] in {"text", "choice"}
    (customers,) = (sheet for sheet in plan.sheets if sheet.sheet != orders)
    assert customers.columns[customers.title_column].label == name
    assert customers.key_column is not None and customers.columns[customers.key_column].label == number
    (doubt,) = (each for each in plan.doubts if each.code == "relation_in_place" and number == _column(plan, each))
    assert doubt.chosen == "leave" == doubt.choices[0].id
    assert f"The relation goes by “{name}”" in str(doubt.message)
    assert relations(plan.choose(doubt.id, "relate"), orders) == {number, name}


def _column(plan: ImportPlan, doubt: Doubt) -> str:
    assert doubt.column is not None
    return plan.source.tables[doubt.sheet].headers[doubt.column]


def test_the_name_becomes_the_relation_where_its_header_is_but_the_name_of_the_sheet() -> None:
    rows = [["订单号", "客户编号", "客户", "金额", "备注"], *([*row[:1], *row[2:], ""] for row in ORDERS[1:])]
    assert relations(plan_of({"客户": CUSTOMERS, "订单": rows}), "订单") == {"客户"}


def test_two_columns_that_name_different_rows_both_become_relations() -> None:
    firms = [["公司名称", "城市"], *([name, "福州"] for name in NAMES)]
    deals = [["合同号", "甲方", "乙方"], *([f"H{n}", NAMES[n % 8], NAMES[n * 3 % 8]] for n in range(1, 50))]
    assert relations(plan_of({"公司": firms, "合同": deals}), "合同") == {"甲方", "乙方"}
    moves = [
        ["单号", "发货客户编号", "收货客户名称"],
        *([f"Y{n}", f"K{n % 8:03}", NAMES[(n + 1 + n // 8) % 8]] for n in range(40)),
    ]
    assert relations(plan_of({"客户": CUSTOMERS, "运单": moves}), "运单") == {"发货客户编号", "收货客户名称"}


def test_two_columns_with_the_same_words_both_become_relations_though_they_seldom_differ() -> None:
    staff = [["姓名", "部门"], *([name, "一部"] for name in ("张三", "李四", "王五", "赵六"))]
    tasks = [["任务", "创建人", "负责人"], *([f"T{n}", staff[n % 4 + 1][0], staff[n % 4 + 1][0]] for n in range(60))]
    assert relations(plan_of({"员工": staff, "任务": tasks}), "任务") == {"创建人", "负责人"}


def test_where_names_are_misspelt_the_number_becomes_the_relation() -> None:
    rows = [ORDERS[0], [*ORDERS[1][:3], "海峡港物", 5], *ORDERS[2:]]
    plan = plan_of({"客户": CUSTOMERS, "订单": rows})
    assert relations(plan, "订单") == {"客户编号"}
    assert types(plan, "订单")["客户名称"] in {"text", "choice"}


def test_where_customers_have_the_same_name_the_number_becomes_the_relation() -> None:
    twins = [*CUSTOMERS, ["K008", NAMES[0], "厦门"]]
    assert relations(plan_of({"客户": twins, "订单": ORDERS}), "订单") == {"客户编号"}


# Beside forms that are there


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        session.import_file(xlsx(tmp_path / "客户.xlsx", {"客户": CUSTOMERS}))
        yield session


def planned(session: Session, path: Path, sheets: dict[str, Rows]) -> ImportPlan:
    forms = known_forms(session, session.forms)
    return understand(open_workbook(xlsx(path, sheets), Progress()), Progress(), forms)


def test_a_second_file_points_to_the_form_that_is_there_by_the_name_too(session: Session, tmp_path: Path) -> None:
    plan = planned(session, tmp_path / "订单.xlsx", {"订单": ORDERS})
    assert relations(plan, "订单") == {"客户名称"}
    doubt = plan.doubt("订单/2/relation_to_form")
    assert (doubt.chosen, [choice.id for choice in doubt.choices]) == ("leave", ["leave", "relate", "beside"])
    import_all(session, plan, "订单", {}, Progress())
    first = session.form("订单").records(where='{订单号}="D0003"')[0]
    assert (first["客户编号"], first.text("客户名称")) == ("K003", NAMES[3])
    customer = session.form("客户").get(first["客户名称"])
    assert customer is not None and customer["客户编号"] == "K003"


def test_the_answer_to_take_the_number_too_is_done_again_on_the_same_file(session: Session, tmp_path: Path) -> None:
    plan = planned(session, tmp_path / "订单.xlsx", {"订单": ORDERS}).choose("订单/2/relation_to_form", "relate")
    again = planned(session, tmp_path / "订单.xlsx", {"订单": ORDERS}).replayed(plan.steps)
    assert relations(again, "订单") == {"客户编号", "客户名称"}
    without = again.choose("订单/3/relation_to_form", "leave")
    assert relations(without, "订单") == {"客户编号"}


def test_columns_that_name_different_records_of_a_form_both_become_relations(session: Session, tmp_path: Path) -> None:
    rows = [
        ["单号", "发货客户编号", "收货客户名称", "重量"],
        *([f"Y{n}", f"K{n % 8:03}", NAMES[(n + 1 + n // 8) % 8], n] for n in range(40)),
    ]
    plan = planned(session, tmp_path / "运单.xlsx", {"运单": rows})
    assert relations(plan, "运单") == {"发货客户编号", "收货客户名称"}


def test_number_and_name_with_a_few_strangers_add_one_relation(session: Session, tmp_path: Path) -> None:
    rows = [*ORDERS, *([f"D9{n}", "2024-06-01", f"X{n}", f"散客{n}", 1] for n in range(5))]
    plan = planned(session, tmp_path / "订单.xlsx", {"订单": rows})
    assert relations(plan, "订单") == {"客户"}
    assert [column.label for column in plan.sheet("订单").columns][-1] == "客户"
    assert next(c.header for c in plan.sheet("订单").columns if c.relation) == "客户名称"


def test_two_columns_that_say_the_same_words_both_point_to_a_form(session: Session, tmp_path: Path) -> None:
    session.import_file(xlsx(tmp_path / "员工.xlsx", {"员工": [["姓名", "部门"], *([name, "一部"] for name in NAMES)]}))
    tasks = [["任务", "创建人", "负责人"], *([f"T{n}", NAMES[n % 8], NAMES[n % 8]] for n in range(60))]
    assert relations(planned(session, tmp_path / "任务.xlsx", {"任务": tasks}), "任务") == {"创建人", "负责人"}


# Long sheets


def column(cells: list[str]) -> Column:
    return Column(tuple(unpack(pack(cells[first : first + 4096])) for first in range(0, len(cells), 4096)))


def test_of_a_long_sheet_stretches_from_its_first_row_to_its_last_are_looked_at() -> None:
    height = 90_001
    keys = sampled(column([f"K{n}" for n in range(height)]))
    assert (len(keys), keys[0], keys[-1]) == (20_000, "K0", f"K{height - 1}")
    numbers, names = ([f"{letter}{n % 50}" for n in range(height)] for letter in "KN")
    other = [*names[: height // 2], *(f"N{(n + 1) % 50}" for n in range(height // 2, height))]
    by_number = Naming(0, sampled(column(numbers)), {f"K{n}": n for n in range(50)})
    by_name = {f"N{n}": n for n in range(50)}
    assert repeated([Naming(1, sampled(column(names)), by_name), by_number]) == {0: 1}
    assert repeated([Naming(1, sampled(column(other)), by_name), by_number]) == {}
