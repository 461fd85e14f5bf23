"""What finds a record again: a number of its own before a name, and the name of a person only where nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.importing.aim import Aim, Mode
from runtime.exchange.importing.asking import Findings, Questions, answered
from runtime.exchange.importing.importer import import_all
from runtime.exchange.importing.own_form import own_form
from runtime.exchange.importing.proposing import keys_of, propose
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.key_names import Finds, finds, lists_people
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.form import Form
from runtime.session import Session, open_workspace
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, plan_of, xlsx


def key(rows: Rows, sheet: str = "Sheet1") -> str | None:
    found = plan_of({sheet: rows}).sheet(sheet).key_column
    return None if found is None else rows[0][found]


def test_a_column_that_becomes_a_relation_is_no_key_where_the_first_one_is() -> None:
    orders: Rows = [["订单号", "金额"], *[[f"D{n}", n * 1.5] for n in range(40)]]
    returns: Rows = [["退货单", "订单号", "原因"], *[[f"T{n}", f"D{n * 2}", "坏"] for n in range(20)]]
    plan = plan_of({"订单": orders, "退货": returns})
    assert [column.relation is not None for column in plan.sheet("退货").columns] == [False, True, False]
    assert plan.sheet("退货").key_column == 0


CARDS: dict[str, dict[str, Any]] = {
    "身份证号": {"姓名": "张三", "性别": "男", "民族": "汉", "手机": "13800138000", "身份证号": "310101199003040012"},
    "工号": {
        "姓名": "张三",
        "部门": "销售部",
        "部门编号": "XS01",
        "工号": "A0031",
        "邮编": "350001",
        "电话": "0591-87654321",
    },
    "学号": {"班级": "三年二班", "姓名": "李四", "学号": 20230107, "家长电话": "13800138000", "家长姓名": "李五"},
    "手机号": {"姓名": "王五", "性别": "女", "紧急联系人电话": "13900139000", "手机号": "13800138000", "住址": "福州"},
    "邮箱": {"姓名": "王五", "性别": "女", "邮箱": "wang@example.com", "手机号": "13800138000"},
    "Employee ID": {
        "Name": "Ann Lee",
        "Gender": "F",
        "Department ID": "D7",
        "Employee ID": "E-0031",
        "Phone": "555-0100",
    },
    "Email": {"Name": "Ann Lee", "Gender": "F", "Email": "ann@example.com", "City": "York"},
    "订单号": {"客户": "海峡港务", "客户编号": "K001", "订单号": "D0001", "金额": 8.5},
    "产品名称": {"类别": "办公", "产品名称": "信纸", "单价": 8.5},
    "姓名": {"性别": "男", "民族": "汉", "姓名": "张三"},
}


@pytest.mark.parametrize("named", CARDS)
def test_the_key_of_a_card_is_what_only_its_record_has(named: str) -> None:
    assert key([list(CARDS[named]), list(CARDS[named].values())]) == named


STAFF = ["张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆"]


def test_of_a_list_of_people_the_number_is_the_key_though_the_names_differ() -> None:
    assert key([["姓名", "部门", "工号"], *([name, "一部", 1001 + n * 3] for n, name in enumerate(STAFF))]) == "工号"
    assert (
        key([["姓名", "部门", "手机"], *([name, "一部", f"1380013{n:04}"] for n, name in enumerate(STAFF))]) == "手机"
    )
    assert key([["姓名", "部门", "工号"], *([name, "一部", "A1"] for name in STAFF)]) == "姓名", "the numbers repeat"
    assert key([["序号", "姓名", "职务"], *([n + 1, name, "员"] for n, name in enumerate(STAFF))]) == "姓名"


def test_names_of_firms_and_things_are_keys_as_before_where_they_have_no_number() -> None:
    firms = [["客户名称", "联系人", "电话"], *([f"{name}公司", name, f"1380013{n:04}"] for n, name in enumerate(STAFF))]
    assert key(firms, "客户") == "客户名称"
    assert key([["门店", "地址", "电话"], *([f"{n}店", f"路{n}号", f"0591-8765432{n}"] for n in range(6))]) == "门店"
    assert (
        key([["公司编号", "公司名称"], *([f"G{n}", f"{name}行"] for n, name in enumerate(STAFF))], "公司") == "公司编号"
    )


def test_of_several_numbers_the_one_that_speaks_of_the_sheet_is_the_key() -> None:
    deals = [["合同号", "发票号", "金额"], *([f"H{n}", f"F{n}", n * 10.5] for n in range(6))]
    assert [key(deals, name) for name in ("发票", "2024年发票台账", "合同", "Sheet1")] == [
        "发票号",
        "发票号",
        "合同号",
        "合同号",
    ]
    lines = [["客户单号", "订单号", "金额"], *([f"K{n}", f"D{n}", n * 10.5] for n in range(6))]
    assert key(lines, "客户订单") == "订单号"
    bills = [["Contract No", "Invoice No", "Total"], *([f"C{n}", f"I{n}", n * 10.5] for n in range(6))]
    assert key(bills, "Invoices 2024") == "Invoice No"


def test_the_number_of_an_account_finds_people_and_nothing_else() -> None:
    shops = [["门店", "收款账号"], *([f"{name}店", f"62220210010{n:08}"] for n, name in enumerate(STAFF))]
    assert key(shops) == "门店"
    assert key([["姓名", "工资卡号"], *([name, f"62220210010{n:08}"] for n, name in enumerate(STAFF))]) == "工资卡号"


def test_people_whom_another_sheet_calls_by_name_are_still_found_by_their_number() -> None:
    staff = [["姓名", "部门", "工号"], *([name, "一部", f"A{n:03}"] for n, name in enumerate(STAFF))]
    tasks = [["任务", "负责人"], *([f"T{n}", STAFF[n % 6]] for n in range(20))]
    plan = plan_of({"员工": staff, "任务": tasks})
    assert any(column.relation for column in plan.sheet("任务").columns)
    people = plan.sheet("员工")
    assert (people.key_column, people.columns[people.title_column].header) == (2, "姓名")


def test_a_number_by_which_another_sheet_calls_them_stays_the_key() -> None:
    shops = [["编号", "门店", "区号"], *([f"M{n}", f"{name}店", f"Q{n}"] for n, name in enumerate(STAFF))]
    sales = [["单号", "区号"], *([f"D{n}", f"Q{n % 6}"] for n in range(20))]
    assert plan_of({"门店": shops, "销售": sales}).sheet("门店").key_column == 2


@pytest.mark.parametrize(
    ("header", "headers", "sheet", "found"),
    [
        ("客户编号", ("客户编号", "客户名称"), "客户", Finds.NUMBER),
        ("客户编号", ("订单号", "客户编号"), "订单", Finds.CODE),
        ("配偶身份证号", ("姓名", "身份证号"), "", Finds.OTHER),
        ("Name", ("Name", "Price"), "Products", Finds.NAME),
        ("Name", ("Name", "Phone"), "Staff", Finds.PERSON),
        ("名称", ("姓名", "名称"), "", Finds.PERSON),
        ("联系人", ("公司名称", "联系人"), "", Finds.PERSON),
        ("行 ID", ("行 ID",), "", Finds.OTHER),
    ],
)
def test_headers_say_how_well_a_record_is_found(
    header: str, headers: tuple[str, ...], sheet: str, found: Finds
) -> None:
    assert finds(header, sheet, lists_people(headers, sheet)) is found


# Cards that come one after the other


HEAD = ["姓名", "性别", "民族", "部门", "手机", "身份证号"]
FIRST = ["张三", "男", "汉", "销售部", "13800138000", "310101199003040012"]
NAMESAKE = ["张三", "男", "汉", "财务部", "13900139000", "350102198811230037"]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        yield session


def card(path: Path, values: list[Any], head: list[str] = HEAD) -> Path:
    """A file with one card: names at the left, values beside them."""
    rows = [["员工登记表"], *([f"{name}：", value] for name, value in zip(head, values, strict=True))]
    return xlsx(path, {"登记表": rows})


def planned(path: Path) -> ImportPlan:
    return understand(open_workbook(path, Progress()), Progress())


def the_form(session: Session) -> Form:
    (form,) = session.forms
    return form


def test_the_card_of_a_namesake_is_another_record_and_a_newer_card_changes_its_own(
    session: Session, tmp_path: Path
) -> None:
    session.import_file(card(tmp_path / "张三.xlsx", FIRST))
    form = the_form(session)
    assert form.key is not None and form.key.name == "身份证号"
    for name, values in (("张三2", NAMESAKE), ("张三3", [*NAMESAKE[:3], "董事会", *NAMESAKE[4:]])):
        plan = planned(card(tmp_path / f"{name}.xlsx", values))
        found = own_form(session, plan, plan.sheets[0].sheet, session.forms)
        assert found is not None and (found.aim.mode, found.aim.key) == (Mode.UPSERT, form.key.id)
        import_all(session, plan, "", {plan.sheets[0].sheet: found.aim}, Progress())
    kept = {each["身份证号"]: each.text("部门") for each in session.form(form.name).records()}
    assert kept == {FIRST[-1]: "销售部", NAMESAKE[-1]: "董事会"}


def with_key(session: Session, name: str) -> Form:
    """The form with that key, as a former import has it."""
    form = the_form(session)
    wanted = form.called(name)
    assert wanted is not None
    app = session.apps[form.app]
    session.publish(app.replacing({form.id: app.nodes[form.id].with_props(key_field=wanted.id)}))
    return the_form(session)


def test_a_form_whose_key_is_the_name_of_people_is_filled_by_their_number(session: Session, tmp_path: Path) -> None:
    session.import_file(card(tmp_path / "张三.xlsx", FIRST))
    form = with_key(session, "姓名")
    plan = planned(card(tmp_path / "张三2.xlsx", NAMESAKE))
    sheet = plan.sheets[0].sheet
    aim = propose(plan, sheet, form, session.scope)
    assert form.by_id[aim.key].name == "身份证号"
    assert [each.name for each in keys_of(plan, sheet, form, aim)][:2] == ["身份证号", "手机"]
    short = planned(card(tmp_path / "李四.xlsx", ["李四", "女", "回", "销售部"], HEAD[:4]))
    assert form.by_id[propose(short, short.sheets[0].sheet, form, session.scope).key].name == "姓名", "nothing better"


def test_a_key_that_the_card_leaves_blank_finds_nobody(session: Session, tmp_path: Path) -> None:
    session.import_file(card(tmp_path / "张三.xlsx", FIRST))
    form = the_form(session)
    for values, mode, name in (
        ([*NAMESAKE[:-1], None], Mode.UPSERT, "手机"),
        ([*NAMESAKE[:-2], None, None], Mode.ADD, ""),
    ):
        plan = planned(card(tmp_path / "无证.xlsx", values))
        aim = propose(plan, plan.sheets[0].sheet, form, session.scope)
        assert (aim.mode, form.by_id[aim.key].name if aim.key else "") == (mode, name)


def test_a_column_of_the_key_without_values_finds_nobody_either(session: Session, tmp_path: Path) -> None:
    session.import_file(xlsx(tmp_path / "人员.xlsx", {"人员": [HEAD, FIRST, NAMESAKE]}))
    form = the_form(session)
    plan = planned(xlsx(tmp_path / "新.xlsx", {"人员": [HEAD, *([name, "女", *[None] * 4] for name in STAFF)]}))
    aim = propose(plan, "人员", form, session.scope)
    assert len(aim.fields) == len(HEAD)
    assert (aim.mode, aim.key) == (Mode.ADD, "")


def test_who_lets_rows_change_records_is_offered_the_number_first(session: Session, tmp_path: Path) -> None:
    session.import_file(card(tmp_path / "张三.xlsx", FIRST))
    form = with_key(session, "民族")
    app = session.apps[form.app]
    session.publish(app.replacing({form.id: app.nodes[form.id].with_props(key_field=None)}))
    form = the_form(session)
    plan = planned(card(tmp_path / "张三2.xlsx", NAMESAKE))
    sheet = plan.sheets[0].sheet
    aim = propose(plan, sheet, form, session.scope)
    assert aim == Aim(form.id, aim.fields)
    asked = Questions(session, plan, sheet, aim, None, Findings()).all()
    mode = next(doubt for doubt in asked if doubt.code == "into_mode")
    chosen = answered(session, plan, aim, mode, Mode.UPSERT)
    assert form.by_id[chosen.key].name == "身份证号"
