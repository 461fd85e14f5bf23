"""Sheets whose form is there already: into which form their rows go, however sheet, file and form are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.definition.labels import label
from runtime.exchange.importing.aim import Aim, Mode
from runtime.exchange.importing.asking import first_aim, look_over
from runtime.exchange.importing.fitting import coming_beside
from runtime.exchange.importing.importer import import_all
from runtime.exchange.importing.kept_aims import keep_aim, kept_aim
from runtime.exchange.importing.own_form import OwnForm, own_form, thing_of
from runtime.exchange.importing.proposing import keys_of, propose
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.form import field_node
from runtime.session import Session, open_workspace
from runtime.work import Progress
from tests.runtime.exchange.workbooks import Rows, xlsx

CUSTOMERS: list[list[Any]] = [
    ["客户编号", "客户名称", "城市", "电话"],
    *([f"KH{n:03}", f"客户{n}有限公司", ("上海", "北京", "深圳")[n % 3], f"1380000{n:04}"] for n in range(1, 31)),
]
ORDERS: list[list[Any]] = [
    ["行 ID", "订单号", "客户编号", "数量", "金额"],
    *([n, f"DD{n // 2:04}", f"KH{n % 30 + 1:03}", n % 7 + 1, n * 12.5] for n in range(1, 121)),
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        session.import_file(xlsx(tmp_path / "销售.xlsx", {"客户": CUSTOMERS, "订单": ORDERS}))
        yield session


def plan_of_file(path: Path, sheets: dict[str, Rows]) -> ImportPlan:
    """The plan of a workbook with that name."""
    return understand(open_workbook(xlsx(path, sheets), Progress()), Progress())


def home(session: Session, plan: ImportPlan, sheet: str) -> OwnForm | None:
    return own_form(session, plan, sheet, session.forms)


def goes(session: Session, plan: ImportPlan, sheet: str) -> tuple[str, bool, Mode, str] | None:
    """Name of the form, whether that is sure, what rows do, and by which key."""
    found = home(session, plan, sheet)
    if found is None:
        return None
    form = session.form_of_id(found.form)
    assert form is not None
    key = form.by_id[found.aim.key].name if found.aim.key else ""
    return form.name, found.sure, found.aim.mode, key


def rename(session: Session, old: str, new: str, **fields: str) -> None:
    """Call a form and some of its fields something else."""
    form = session.find_form(old)
    app, made = session.apps[form.app], {}
    made[form.id] = app.nodes[form.id].with_props(label=label(new))
    for name, other in fields.items():
        field = form.called(name)
        assert field is not None
        made[field.id] = app.nodes[field.id].with_props(label=label(other))
    session.publish(app.replacing(made))


def test_a_file_of_another_name_goes_into_the_form_whose_records_it_holds(session: Session, tmp_path: Path) -> None:
    plan = plan_of_file(tmp_path / "导出.xlsx", {"Sheet1": CUSTOMERS})
    assert goes(session, plan, "Sheet1") == ("客户", True, Mode.UPSERT, "客户编号")


def test_a_list_that_is_named_after_the_form_goes_into_it_though_no_record_is_there(
    session: Session, tmp_path: Path
) -> None:
    news = [CUSTOMERS[0], ["KH900", "新一", "北京", "13900000001"], ["KH901", "新二", "上海", "13900000002"]]
    for name in ("客户名单", "客户（2024年5月）", "新增客户_导出 (2)"):
        plan = plan_of_file(tmp_path / f"{name}.xlsx", {"Sheet1": news})
        assert goes(session, plan, "Sheet1") == ("客户", True, Mode.UPSERT, "客户编号"), name


def test_a_form_that_was_renamed_with_its_fields_is_known_by_what_it_was_made_of(
    session: Session, tmp_path: Path
) -> None:
    rename(session, "客户", "往来单位", 电话="联系方式", 城市="所在地")
    plan = plan_of_file(tmp_path / "销售.xlsx", {"客户": CUSTOMERS, "订单": ORDERS})
    assert goes(session, plan, "客户") == ("往来单位", True, Mode.UPSERT, "客户编号")
    found = home(session, plan, "客户")
    assert found is not None
    assert len(found.aim.fields) == 4
    rename(session, "订单", "销售订单")
    assert goes(session, plan, "订单") == ("销售订单", True, Mode.UPSERT, "行 ID")


def test_rows_of_another_month_are_new_though_their_numbers_begin_anew(session: Session, tmp_path: Path) -> None:
    june = [ORDERS[0], *([n, f"EE{n:04}", f"KH{n % 9 + 1:03}", n % 5 + 10, n * 99.0] for n in range(1, 41))]
    plan = plan_of_file(tmp_path / "六月订单.xlsx", {"Sheet1": june})
    assert goes(session, plan, "Sheet1") == ("订单", True, Mode.ADD, "")


def test_a_column_alone_is_poured_into_no_form(session: Session, tmp_path: Path) -> None:
    names = [[row[1]] for row in CUSTOMERS]
    assert home(session, plan_of_file(tmp_path / "客户.xlsx", {"客户": names}), "客户") is None
    two = [[row[0], row[1]] for row in CUSTOMERS]
    assert home(session, plan_of_file(tmp_path / "客户.xlsx", {"客户": two}), "客户") is None, "two of four fields"


def test_one_column_that_the_form_has_not_makes_it_another_sheet(session: Session, tmp_path: Path) -> None:
    more = [[*row, "备注" if not at else f"x{at}"] for at, row in enumerate(CUSTOMERS)]
    assert home(session, plan_of_file(tmp_path / "客户名单.xlsx", {"Sheet1": more}), "Sheet1") is None


def test_a_column_for_which_the_form_has_a_field_by_now_goes_there_too(session: Session, tmp_path: Path) -> None:
    form = session.find_form("客户")
    remark = field_node(form.id, "text", "备注", "zz")
    session.publish(session.apps[form.app].replacing({remark.id: remark}))
    more = [[*row, "备注" if not at else f"x{at}"] for at, row in enumerate(CUSTOMERS)]
    plan = plan_of_file(tmp_path / "客户名单.xlsx", {"Sheet1": more})
    aim = kept_aim(session, plan, "Sheet1", session.find_form("客户"))
    assert aim is not None
    assert aim.fields[4] == remark.id
    assert aim.mode is Mode.UPSERT


def test_cells_that_are_no_values_of_their_fields_do_not_fit(session: Session, tmp_path: Path) -> None:
    wrong = [ORDERS[0], *([f"第{n}行", f"DD{n}", "KH001", "许多", "免费"] for n in range(20))]
    assert home(session, plan_of_file(tmp_path / "订单表.xlsx", {"Sheet1": wrong}), "Sheet1") is None


def test_what_has_the_same_few_columns_only_is_asked_about(session: Session, tmp_path: Path) -> None:
    suppliers = [CUSTOMERS[0], *([f"GY{n:03}", f"供应商{n}", "上海", f"1370000{n:04}"] for n in range(8))]
    plan = plan_of_file(tmp_path / "供应商.xlsx", {"供应商": suppliers})
    assert goes(session, plan, "供应商") == ("客户", False, Mode.UPSERT, "客户编号")


@pytest.mark.parametrize(
    ("name", "sure"), [("Sheet1", True), ("工作表1", True), ("2024年6月", True), ("供应商", False)]
)
def test_many_columns_speak_for_a_form_only_where_no_name_speaks_against_it(
    session: Session, tmp_path: Path, name: str, sure: bool
) -> None:
    headers = ["编号", "名称", "城市", "电话", "等级", "账期"]
    rows = [[f"KH{n:03}", f"客户{n}", "上海", f"1380000{n:04}", "高低"[n % 2], n % 3 * 30] for n in range(1, 31)]
    session.import_file(xlsx(tmp_path / "往来.xlsx", {"往来": [headers, *rows]}))
    others = [[f"GY{n:03}", f"供应商{n}", "上海", f"1370000{n:04}", "高低"[n % 2], n % 3 * 30] for n in range(1, 9)]
    plan = plan_of_file(tmp_path / f"{name}.xlsx", {name: [headers, *others]})
    assert goes(session, plan, name) == ("往来", sure, Mode.UPSERT, "编号")


def test_where_a_person_put_such_a_file_the_next_one_goes_too(session: Session, tmp_path: Path) -> None:
    rows = [["编码", "公司", "备用"], ["KH001", "客户1有限公司", "x"], ["KH700", "新", "y"]]
    plan = plan_of_file(tmp_path / "七月.xlsx", {"七月": rows})
    assert home(session, plan, "七月") is None
    form = session.find_form("客户")
    ids = {field.name: field.id for field in form.fields}
    aim = Aim(form.id, {0: ids["客户编号"], 1: ids["客户名称"]}, Mode.UPSERT, ids["客户编号"])
    keep_aim(session, plan, "七月", aim, "2026-07-31")
    rename(session, "客户", "往来单位")
    found = home(session, plan_of_file(tmp_path / "八月.xlsx", {"八月": rows}), "八月")
    assert found == OwnForm(form.id, aim, True)


def test_of_two_forms_that_fit_equally_well_none_is_taken_without_asking(session: Session, tmp_path: Path) -> None:
    session.import_file(xlsx(tmp_path / "又.xlsx", {"客户": CUSTOMERS}))
    found = home(session, plan_of_file(tmp_path / "客户名单.xlsx", {"Sheet1": CUSTOMERS}), "Sheet1")
    assert found is not None
    assert not found.sure


def test_columns_that_cannot_be_filled_do_not_hinder_and_are_left_out(session: Session, tmp_path: Path) -> None:
    form = session.find_form("订单")
    amount = form.called("金额")
    assert amount is not None
    app = session.apps[form.app]
    session.publish(app.replacing({amount.id: app.nodes[amount.id].with_props(formula="{数量}*2")}), lossy=[amount.id])
    found = home(session, plan_of_file(tmp_path / "订单 2026-11-22.xlsx", {"订单": ORDERS}), "订单")
    assert found is not None
    assert found.sure
    assert amount.id not in found.aim.fields.values()


def test_a_sheet_beside_one_that_goes_into_a_form_points_to_that_form(session: Session, tmp_path: Path) -> None:
    customers = [*CUSTOMERS, ["KH099", "九十九", "北京", "13900000099"]]
    visits = [["拜访编号", "客户编号", "内容"], *([f"BF{n}", f"KH{n % 30 + 1:03}", "谈" * n] for n in range(1, 20))]
    visits.append(["BF99", "KH099", "新客户"])
    plan = plan_of_file(tmp_path / "拜访.xlsx", {"拜访": visits, "客户": customers})
    found = home(session, plan, "客户")
    assert found is not None
    import_all(session, plan, "拜访", {"客户": found.aim}, Progress())
    (last,) = session.form("拜访").records(where='{拜访编号}="BF99"')
    assert last.text("客户编号") == "九十九"
    relation = session.find_form("拜访").called("客户编号")
    assert relation is not None
    assert relation.target == found.form


def test_rows_whose_records_others_name_go_in_before_these(session: Session, tmp_path: Path) -> None:
    customers = [*CUSTOMERS, ["KH099", "九十九", "北京", "13900000099"]]
    orders = [ORDERS[0], [999, "DD9999", "KH099", 1, 5.0]]
    plan = plan_of_file(tmp_path / "新.xlsx", {"订单": orders, "客户": customers})
    aims = {
        name: replace(propose(plan, name, session.find_form(name), session.scope), mode=Mode.UPSERT)
        for name in ("订单", "客户")
    }
    report = import_all(session, plan, "新", aims, Progress())
    assert report.left == []
    assert [(form.name, form.created) for form in report.forms] == [("订单", 1), ("客户", 1)]
    (order,) = session.form("订单").records(where='{订单号}="DD9999"')
    assert order.text("客户编号") == "九十九"


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("客户名单", "客户"), ("客户 (2)", "客户"), ("Customers_export 2024-05", "customers"), ("订单明细", "订单明细"),
        ("2024年5月订单", "订单"), ("导出数据", ""), ("客户类型", "客户类型"), ("一季度订单汇总表", "订单"),
        ("客户－副本", "客户"),
    ],
)  # fmt: skip
def test_the_name_of_a_list_says_what_it_lists(name: str, thing: str) -> None:
    assert thing_of(name) == thing


def test_records_that_come_with_the_same_file_are_not_missed(session: Session, tmp_path: Path) -> None:
    customers = [*CUSTOMERS, ["KH099", "九十九", "北京", "13900000099"]]
    orders = [ORDERS[0], [998, "DD9998", "KH099", 1, 5.0], [999, "DD9999", "KH777", 1, 5.0]]
    plan = plan_of_file(tmp_path / "新.xlsx", {"订单": orders, "客户": customers})
    aims = {name: first_aim(session, plan, name, session.find_form(name)) for name in ("订单", "客户")}
    relation = session.find_form("订单").called("客户编号")
    assert relation is not None
    coming = coming_beside(session, plan, "订单", aims)
    found = look_over(session, plan, "订单", aims["订单"], Progress(), coming)
    assert (found.missing, found.bad) == ({relation.id: ["KH777"]}, {2: 1})
    alone = look_over(session, plan, "订单", aims["订单"], Progress())
    assert (alone.missing, alone.bad) == ({relation.id: ["KH099", "KH777"]}, {2: 2})
    assert coming_beside(session, plan, "客户", aims) == {}


def test_wages_of_another_month_are_asked_about_for_they_would_write_over_those_of_the_last(
    session: Session, tmp_path: Path
) -> None:
    def wages(bonus: int) -> list[list[Any]]:
        rows = ([f"A{n:04}", f"员工{n}", 5000 + n, bonus + n * 7, 5000 + n + bonus + n * 7] for n in range(40))
        return [["工号", "姓名", "基本工资", "奖金", "实发工资"], *rows]

    session.import_file(xlsx(tmp_path / "工资表2024年5月.xlsx", {"Sheet1": wages(100)}))
    june = plan_of_file(tmp_path / "工资表2024年6月.xlsx", {"Sheet1": wages(200)})
    assert goes(session, june, "Sheet1") == ("工资表2024年5月", False, Mode.UPSERT, "工号")
    again = plan_of_file(tmp_path / "工资表2024年5月 (2).xlsx", {"Sheet1": [*wages(100), ["A0900", "新人", 1, 2, 3]]})
    assert goes(session, again, "Sheet1") == ("工资表2024年5月", True, Mode.UPSERT, "工号")


def test_a_list_of_something_else_with_all_the_columns_is_asked_about(session: Session, tmp_path: Path) -> None:
    def firms(code: str, what: str) -> list[list[Any]]:
        rows = ([f"{code}{n:03}", f"{what}{n}", f"人{n}", f"1380000{n:04}", f"{n}号"] for n in range(1, 31))
        return [["编号", "名称", "联系人", "电话", "地址"], *rows]

    session.import_file(xlsx(tmp_path / "代理商.xlsx", {"代理商": firms("DL", "代理")}))
    suppliers = plan_of_file(tmp_path / "供应商.xlsx", {"Sheet1": firms("GY", "供应")})
    assert goes(session, suppliers, "Sheet1") == ("代理商", False, Mode.UPSERT, "编号")
    exported = plan_of_file(tmp_path / "导出.xlsx", {"Sheet1": firms("DM", "新代理")})
    assert goes(session, exported, "Sheet1") == ("代理商", True, Mode.UPSERT, "编号")


def test_of_fields_that_could_all_be_the_key_codes_and_numbers_are_offered_first(session: Session, tmp_path: Path):
    card = [["姓名", "性别", "民族", "部门", "职务", "手机", "身份证号"]]
    session.import_file(
        xlsx(
            tmp_path / "甲.xlsx",
            {"登记": [*card, ["张三", "男", "汉", "一", "甲", "13800138000", "310101199003040012"]]},
        )
    )
    plan = plan_of_file(
        tmp_path / "乙.xlsx", {"登记": [*card, ["李四", "女", "回", "二", "乙", "13800138001", "310101199003040020"]]}
    )
    form = session.find_form("登记")
    keys = [key.name for key in keys_of(plan, "登记", form, propose(plan, "登记", form, session.scope))]
    assert keys[:3] == ["身份证号", "手机", "姓名"]
