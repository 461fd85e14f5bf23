"""A form whose import added a relation: rows of the file, copied without their header, land where they stood there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from runtime.exchange.importing.importer import import_all
from runtime.exchange.importing.own_form import own_form
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.ui.jobs import Jobs
from runtime.work import Progress
from tests.runtime.exchange.workbooks import xlsx
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.workspaces import Office

HEAD = ["行 ID", "订单 ID", "订单日期", "地区", "产品名称", "销售额", "数量"]
REGIONS = ["东北", "华东", "中南"]
ORDERS = [
    [
        n + 1,
        f"CN-2024-{n // 2:04}",
        f"2024-03-{n % 28 + 1:02}",
        REGIONS[n % 3],
        f"纸张，第{n}号",
        n * 12.5 + 3,
        n % 7 + 1,
    ]
    for n in range(40)
]
RETURNS = [["订单 ID", "退回"], *([f"CN-2024-{n:04}", "是"] for n in (1, 3, 8))]
PEOPLE = [["地区", "地区经理"], *zip(REGIONS, ["楚杰", "殷莲", "洪光"], strict=True)]


class Store(Office):
    """A workspace whose app was made of orders, some of which came back."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.file = xlsx(folder / "超市.xlsx", {"明细": [HEAD, *ORDERS], "退货": RETURNS, "销售人员": PEOPLE})
        report = self.session.import_file(self.file)
        self._app, self.form_id = report.app, report.forms[0].form


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path)
    yield made
    made.session.close()


@pytest.fixture
def lines(qtbot: Any, store: Store, jobs: Jobs) -> Iterator[Desk]:
    """The lines of the orders in the grid."""
    with a_desk(qtbot, store, jobs, "明细") as made:
        yield made


def values(desk: Desk, position: int) -> list[Any]:
    return [desk.row(position).values.get(field.id) for field in desk.model.fields]


def put(rows: list[list[Any]]) -> None:
    mime = QMimeData()
    mime.setText("".join("\t".join(map(str, row)) + "\r\n" for row in rows))
    QGuiApplication.clipboard().setMimeData(mime)


def test_the_columns_are_those_of_the_file_and_the_added_relation_is_the_last(lines: Desk) -> None:
    assert [field.name for field in lines.model.fields] == [*HEAD, "退货"]
    kinds = {field.name: field.kind.name for field in lines.model.fields}
    assert (kinds["地区"], kinds["退货"]) == ("relation", "relation")
    assert sum(values(lines, at)[-1] is not None for at in range(40)) == 6


def test_rows_of_the_file_pasted_at_the_first_column_land_in_their_columns(lines: Desk) -> None:
    desk = lines
    before = [values(desk, at) for at in range(40)]
    assert all(each is not None for row in before for each in row[:-1])
    put(ORDERS[20:30])
    desk.at(0, "行 ID")
    desk.key(Qt.Key.Key_V, CONTROL)
    desk.settle()
    assert [values(desk, at)[:-1] for at in range(10)] == [row[:-1] for row in before[20:30]]
    assert [values(desk, at) for at in range(10, 40)] == before[10:]


def test_the_file_goes_into_its_form_again_and_undo_takes_back_only_that(store: Store) -> None:
    session = store.session
    form = session.form_of_id(store.form_id)
    assert form is not None
    more = [HEAD, *ORDERS, [41, "CN-2024-0020", "2024-04-01", "华东", "新货", 9.5, 2]]
    plan = understand(open_workbook(xlsx(store.folder.parent / "明细.xlsx", {"明细": more}), Progress()), Progress())
    home = own_form(session, plan, "明细", [form])
    assert home is not None
    assert [form.by_id[field].name for field in home.aim.fields.values()] == HEAD
    import_all(session, plan, "", {"明细": home.aim}, Progress())
    made = session.form("明细").records(where='{产品名称}="新货"')
    assert [(each["行 ID"], each["数量"], each["退货"]) for each in made] == [(41, 2, None)]
    assert session.undo()
    assert session.form("明细").count(where='{产品名称}="新货"') == 0
    assert session.undo(), "the first import"
    assert session.form_of_id(store.form_id) is None
    assert session.redo()
    again = session.form_of_id(store.form_id)
    assert again is not None and [field.name for field in again.fields] == [*HEAD, "退货"]
