"""The forms of a workspace as an import sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.definition.labels import label
from runtime.exchange.columns import RelationTarget
from runtime.exchange.importing.importer import import_plan
from runtime.exchange.importing.session_forms import known_forms
from runtime.exchange.readers.reading import Workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.form import form_of
from runtime.session import Session, open_workspace
from runtime.work import Progress
from tests.runtime.exchange.workbooks import sheet_of, xlsx


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        names = [["客户", "城市"], *([f"公司{n}", "沪"] for n in range(6)), ["双胞胎", "京"], ["双胞胎", "深"]]
        session.import_file(xlsx(tmp_path / "客户.xlsx", {"客户": names}))
        yield session


def test_texts_are_counted_by_the_records_that_they_name(session: Session) -> None:
    (app,) = session.apps.values()
    forms = [form_of(app, node.id) for node in app.nodes.values() if node.kind == "form"]
    (known,) = known_forms(session, forms)
    assert (known.name, list(known.labels)) == ("客户", ["客户"])
    found = known.named(["公司1", "双胞胎", "谁"])
    assert {text: len(rows) for text, rows in found.items()} == {"公司1": 1, "双胞胎": 2}


def test_a_new_sheet_points_to_the_form_that_is_there(session: Session) -> None:
    (app,) = session.apps.values()
    forms = [form_of(app, node.id) for node in app.nodes.values() if node.kind == "form"]
    orders = sheet_of([["单号", "客户"], *([f"D{n}", f"公司{n % 6}"] for n in range(12))], "订单")
    plan = understand(Workbook(Path("订单.xlsx"), (orders,)), Progress(), known_forms(session, forms))
    assert plan.sheet("订单").columns[1].relation == RelationTarget("客户", -1, form=forms[0].id)


def test_a_file_makes_no_relations_to_the_forms_that_it_became_before(session: Session) -> None:
    orders = sheet_of([["订单号", "数量"], *([f"D{n}", n % 3] for n in range(12))], "订单")
    returns = sheet_of([["订单号", "原因"], *([f"D{n}", f"原因{n}"] for n in range(6))], "退货")
    book = Workbook(Path("店.xlsx"), (orders, returns))
    import_plan(session, understand(book, Progress()), "店", Progress())
    nodes = [(app, node) for app in session.apps.values() for node in app.nodes.values() if node.kind == "form"]
    forms = known_forms(session, [form_of(app, node.id) for app, node in nodes])
    again = understand(book, Progress(), forms)
    assert not [doubt.id for doubt in again.doubts if doubt.code == "relation_to_form"]
    same = understand(Workbook(Path("明细.xlsx"), (replace(orders, name="明细"),)), Progress(), forms)
    assert not [doubt.id for doubt in same.doubts if doubt.code == "relation_to_form"]
    lines = sheet_of([["订单号", "产品", "数量"], *([f"D{n}", f"料{n}", n % 3] for n in range(12))], "明细")
    other = understand(Workbook(Path("明细.xlsx"), (lines,)), Progress(), forms)
    assert [doubt.id for doubt in other.doubts if doubt.code == "relation_to_form"] == ["明细/0/relation_to_form"]


def test_rows_under_the_fields_of_a_form_are_its_own_whatever_it_is_called_by_now(session: Session) -> None:
    form = session.find_form("客户")
    app = session.apps[form.app]
    city = form.called("城市")
    assert city is not None
    renamed = {form.id: app.nodes[form.id].with_props(label=label("往来单位"))}
    session.publish(app.replacing(renamed | {city.id: app.nodes[city.id].with_props(label=label("所在地"))}))
    (known,) = known_forms(session, session.forms)
    assert known.is_of(["客户", "城市"]), "the file that it was made of"
    assert known.is_of(["客户", "所在地"]), "its fields as they are called now"
    assert not known.is_of(["客户"])
    assert not known.is_of(["客户", "城市", "单号", "金额", "日期"])


STAFF = [
    ["工号", "姓名", "部门"],
    *([f"{n + 1:03}", name, "销售部"] for n, name in enumerate(["张伟", "王芳", "李娜", "刘洋"])),
]


@pytest.mark.parametrize(
    ("form", "header", "relates"),
    [
        ("员工", "负责人", True),
        ("销售人员", "业务员", True),
        ("成员", "客户经理", True),
        ("Staff", "Created by", True),
        ("员工", "联系人", False),
        ("供应商", "负责人", False),
    ],
)
def test_people_are_found_by_their_names(
    session: Session, tmp_path: Path, form: str, header: str, relates: bool
) -> None:
    session.import_file(xlsx(tmp_path / "人.xlsx", {form: STAFF}))
    nodes = [(app, node) for app in session.apps.values() for node in app.nodes.values() if node.kind == "form"]
    forms = known_forms(session, [form_of(app, node.id) for app, node in nodes])
    orders = sheet_of([["单号", header], *([f"D{n}", STAFF[1 + n % 4][1]] for n in range(12))], "订单")
    column = understand(Workbook(Path("订单.xlsx"), (orders,)), Progress(), forms).sheet("订单").columns[1]
    assert (column.relation is not None) is relates
    if relates:
        report = import_plan(
            session, understand(Workbook(Path("订单.xlsx"), (orders,)), Progress(), forms), "订单", Progress()
        )
        assert report.left == []
        record = session.form("订单").records(where='{单号}="D5"')[0]
        found = session.form(form).get(record[header])
        assert found is not None and found["姓名"] == "王芳"


@pytest.mark.parametrize(("choice", "listed"), [("alone", ["赵六"]), ("relate", []), ("leave", [])])
def test_a_name_that_no_field_keeps_is_listed(session: Session, tmp_path: Path, choice: str, listed: list[str]) -> None:
    session.import_file(xlsx(tmp_path / "人.xlsx", {"员工": STAFF}))
    names = ["赵六", *(STAFF[1 + n % 4][1] for n in range(11))]
    orders = sheet_of([["单号", "负责人"], *([f"D{n}", name] for n, name in enumerate(names))], "订单")
    forms = known_forms(session, session.forms)
    plan = understand(Workbook(Path("订单.xlsx"), (orders,)), Progress(), forms)
    report = import_plan(session, plan.choose("订单/1/relation_to_form", choice), "订单", Progress())
    assert [left.text for left in report.left] == listed
    assert report.created == 12
