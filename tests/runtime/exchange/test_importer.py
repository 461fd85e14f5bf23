"""A workbook becomes an app with records; whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from resources.texts import speaking
from runtime.errors import Cancelled, UserError
from runtime.exchange.importing.importer import import_into
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.work import Progress, Step


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        yield session


def a_workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write sheets of rows, the header first."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


CUSTOMERS: list[list[Any]] = [["编号", "名称", "等级"], *[[f"K{at}", f"客户{at}", "高低"[at % 2]] for at in range(12)]]
ORDERS: list[list[Any]] = [
    ["订单号", "客户编号", "数量", "金额"],
    *[[f"D{at}", f"K{at % 12}", at, at * 1.5] for at in range(40)],
]


def test_sheets_become_forms_and_a_matching_column_becomes_a_relation(session: Session, tmp_path: Path) -> None:
    report = session.import_file(a_workbook(tmp_path / "销售.xlsx", {"客户": CUSTOMERS, "订单": ORDERS}))
    assert [(form.name, form.created) for form in report.forms] == [("客户", 12), ("订单", 40)]
    orders = session.form("订单")
    record = orders.records(where='{订单号}="D13"')[0]
    assert record["数量"] == 13
    assert record["金额"] == Decimal("19.5")
    customer = session.form("客户").get(record["客户编号"])
    assert customer is not None
    assert customer["名称"] == "客户1"
    assert session.damage() == []


def test_an_import_is_one_step_of_undo_and_of_redo(session: Session, tmp_path: Path) -> None:
    session.import_file(a_workbook(tmp_path / "销售.xlsx", {"客户": CUSTOMERS, "订单": ORDERS}))
    assert session.undo()
    assert session.forms == []
    assert session.undo_label is None
    assert session.redo()
    assert session.form("订单").count() == 40
    assert session.damage() == []


def test_sheets_that_point_to_themselves_and_to_each_other_are_joined(session: Session, tmp_path: Path) -> None:
    people = [["工号", "姓名", "上级工号"], *[[f"P{at:02}", f"人{at}", f"P{at // 2:02}"] for at in range(20)]]
    session.import_file(a_workbook(tmp_path / "人员.xlsx", {"员工": people}))
    form = session.form("员工")
    field = form.form.called("上级工号")
    assert field is not None
    if field.target:
        record = form.records(where='{工号}="P07"')[0]
        assert record.text("上级工号") in {"P03", "人3"}
        assert form.count("ISBLANK({上级工号})") == 0


def test_a_cancelled_import_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    rows = [["编号", "名称"], *[[f"K{at:05}", f"客户{at}"] for at in range(12_000)]]
    path = a_workbook(tmp_path / "大.xlsx", {"客户": rows})
    steps: list[Step] = []

    def watch(step: Step) -> None:
        steps.append(step)
        if "Importing" in str(step.label) and step.done >= 4_000:
            progress.cancel()

    progress = Progress(watch)
    with pytest.raises(Cancelled):
        session.import_file(path, progress)
    assert max(step.done for step in steps) >= 4_000
    assert session.forms == []
    assert session.undo_label is None
    assert session.damage() == []
    session.import_file(path)
    assert session.form("客户").count() == 12_000


def test_a_row_that_the_form_refuses_is_named_and_the_rest_goes_on(session: Session, tmp_path: Path) -> None:
    session.import_file(a_workbook(tmp_path / "客户.xlsx", {"客户": CUSTOMERS}))
    app = next(iter(session.apps.values()))
    form = session.form("客户").form
    name = form.called("名称")
    assert name is not None
    node = app.nodes[name.id].with_props(required=True)
    session.publish(app.replacing({name.id: node}))
    more: list[list[Any]] = [["编号", "名称"], ["K90", "新客户"], ["K91", None], ["K92", "又一个"]]
    path = a_workbook(tmp_path / "more.xlsx", {"客户": more})
    progress = Progress()
    plan = understand(open_workbook(path, progress), progress)
    report = import_into(session, plan, "客户", None, progress)
    assert report.created == 2
    assert [(left.row, left.whole_row, left.column) for left in report.left] == [(3, True, "名称")]
    assert "required" in report.left[0].reason


def test_a_key_updates_what_is_there_and_adds_what_is_new(session: Session, tmp_path: Path) -> None:
    session.import_file(a_workbook(tmp_path / "销售.xlsx", {"客户": CUSTOMERS, "订单": ORDERS}))
    more: list[list[Any]] = [
        ["订单号", "客户编号", "数量"],
        ["D1", "K5", 100],
        ["D900", "K2", 7],
        ["D900", "K3", 8],
        ["D901", "K99", 9],
    ]
    progress = Progress()
    path = a_workbook(tmp_path / "more.xlsx", {"订单": more})
    plan = understand(open_workbook(path, progress), progress)
    report = import_into(session, plan, "订单", "订单号", progress)
    assert (report.forms[0].created, report.forms[0].updated, report.forms[0].refused) == (2, 1, 1)
    orders = session.form("订单")
    assert orders.count() == 42
    assert orders.records(where='{订单号}="D1"')[0]["数量"] == 100
    assert orders.records(where='{订单号}="D900"')[0]["数量"] == 7
    assert [(left.text, left.column) for left in report.left] == [("D900", "订单号"), ("K99", "客户编号")]
    assert session.undo()
    assert orders.records(where='{订单号}="D1"')[0]["数量"] == 1
    assert orders.count() == 40


def test_a_file_that_fits_no_field_is_refused_with_the_names_it_could_have(session: Session, tmp_path: Path) -> None:
    session.import_file(a_workbook(tmp_path / "客户.xlsx", {"客户": CUSTOMERS}))
    path = a_workbook(tmp_path / "else.xlsx", {"x": [["foo", "bar"], ["a", "b"], ["c", "d"]]})
    progress = Progress()
    plan = understand(open_workbook(path, progress), progress)
    with pytest.raises(UserError, match="编号, 名称, 等级"):
        import_into(session, plan, "客户", None, progress)


OF_EVERY_TYPE: dict[str, tuple[list[Any], list[str], str]] = {
    "名称": ([f"大成 {at} 店" for at in range(24)], [f"大成 {at} 店" for at in range(24)], "text"),
    "说明": (["一\n二", "三", "四\n五"], ["一\n二", "三", "四\n五"], "long_text"),
    "件数": ([1, 20, 300], ["1", "20", "300"], "integer"),
    "重量": ([1.5, 2.25, 3], ["1.50", "2.25", "3.00"], "decimal"),
    "合同额": (["¥1,200.50", "¥3.00", "¥9,999.00"], ["¥1,200.50", "¥3.00", "¥9,999.00"], "money"),
    "占比": (["12%", "7.5%", "100%"], ["12.0%", "7.5%", "100.0%"], "percent"),
    "签约日": (["2024-03-15", "2024-04-16", "2023-12-31"], ["2024-03-15", "2024-04-16", "2023-12-31"], "date"),
    "到访": (
        ["2024-03-15 08:30", "2024-04-16 19:00", "2023-12-31 07:05"],
        ["2024-03-15 08:30", "2024-04-16 19:00", "2023-12-31 07:05"],
        "date_time",
    ),
    "在用": (["是", "否", "是"], ["是", "否", "是"], "boolean"),
    "等级": (["高", "低", "高"], ["高", "低", "高"], "choice"),
    "标签": (["新、急", "急", "老、新"], ["新、急", "急", "新、老"], "choices"),
    "邮箱": (["a@b.cn", "c@d.com", "e@f.org"], ["a@b.cn", "c@d.com", "e@f.org"], "email"),
    "手机": (["13812345678", "13912345678", "13712345678"], ["13812345678", "13912345678", "13712345678"], "phone"),
    "网址": (["https://a.cn", "https://b.cn", "https://c.cn"], ["https://a.cn", "https://b.cn", "https://c.cn"], "url"),
}


def test_every_type_that_a_sheet_can_have_arrives_in_a_form_of_its_own(session: Session, tmp_path: Path) -> None:
    rows = [[cells[at % len(cells)] for cells, _, _ in OF_EVERY_TYPE.values()] for at in range(24)]
    with speaking("zh_CN"):
        report = session.import_file(a_workbook(tmp_path / "表.xlsx", {"表": [list(OF_EVERY_TYPE), *rows]}))
        assert (report.left, report.forms[0].created) == ([], 24)
        form = session.form("表")
        assert [field.kind.name for field in form.form.fields] == [kind for _, _, kind in OF_EVERY_TYPE.values()]
        numbers = session.reader.ids(session.query(form.id))
        for at, row in enumerate(session.reader.rows(form.id, numbers)):
            for field in form.form.fields:
                expected = OF_EVERY_TYPE[field.name][1]
                assert field.kind.format(row.values[field.id], field.props) == expected[at % len(expected)], field.name
