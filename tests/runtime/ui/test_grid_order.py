"""The order of the columns of a grid is that of the file: what people copy there lands where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from resources.styles.tokens import SIZES
from runtime.definition.edits import AddNode
from runtime.form import field_node
from runtime.store.query import Group
from runtime.ui.cell_painter import expander
from runtime.ui.jobs import Jobs
from runtime.view import ViewSpec
from tests.runtime.ui.record_desk import CONTROL, LEFT, Desk, a_desk
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
NAMES = ["海峡", "港务", "茶业", "石材", "渔业", "纺织", "陶瓷", "电子", "物流", "木业"]
HEAD = ["行号", "签约日期", "客户名称", "城市", "金额", "备注"]
ROWS = [
    [str(at + 1), f"2024-03-{at + 1:02}", f"{name}公司", ("福州", "厦门", "泉州")[at % 3], f"{at * 10}.50", f"第{at}笔"]
    for at, name in enumerate(NAMES)
]


class FromFile(Office):
    """A workspace whose app was made of a file.

    Args:
        head: the names of the columns.
    """

    def __init__(self, folder: Path, head: list[str], rows: list[list[str]]) -> None:
        super().__init__(folder)
        file = folder / "签约.csv"
        file.write_text("\n".join(",".join(row) for row in (head, *rows)), "utf-8")
        report = self.session.import_file(file)
        self._app, self.name = report.app, report.forms[0].name


@pytest.fixture
def signed(qtbot: Any, tmp_path: Path, jobs: Jobs) -> Iterator[Desk]:
    """Contracts whose name is the third column."""
    office = FromFile(tmp_path, HEAD, ROWS)
    with a_desk(qtbot, office, jobs, office.name) as made:
        yield made
    office.session.close()


def names(desk: Desk) -> list[str]:
    return [field.name for field in desk.model.fields]


def values(desk: Desk, position: int) -> list[Any]:
    return [desk.row(position).values.get(field.id) for field in desk.model.fields]


def put(rows: list[list[str]]) -> None:
    mime = QMimeData()
    mime.setText("".join("\t".join(row) + "\r\n" for row in rows))
    QGuiApplication.clipboard().setMimeData(mime)


def test_rows_of_the_file_without_names_are_pasted_as_the_import_read_them(signed: Desk) -> None:
    desk = signed
    assert desk.page.form.title is not None
    assert (names(desk), desk.page.form.title.name) == (HEAD, "客户名称")
    count = desk.model.listed
    put(ROWS)
    QTest.mouseClick(desk.grid.viewport(), LEFT, pos=desk.grid.visualRect(desk.model.index(2, 0)).center())
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.qtbot.waitUntil(lambda: desk.model.listed == 2 * count)
    desk.settle()
    assert [values(desk, at + count) for at in range(count)] == [values(desk, at) for at in range(count)]
    assert all(all(each is not None for each in values(desk, at)) for at in range(count))


def test_rows_of_the_file_pasted_over_themselves_change_nothing(signed: Desk) -> None:
    desk = signed
    before = [values(desk, at) for at in range(len(ROWS))]
    put(ROWS)
    desk.at(0, "行号")
    desk.key(KEY.Key_V, CONTROL)
    desk.settle()
    assert [values(desk, at) for at in range(desk.model.listed)] == before


GAP_HEAD = ["行号", "签约日期", "", "客户名称", "城市", "金额", "备注"]
GAP_ROWS = [[*row[:2], "", *row[2:]] for row in ROWS]


@pytest.fixture
def gap(qtbot: Any, tmp_path: Path, jobs: Jobs) -> Iterator[Desk]:
    """The same contracts, from a file with a blank column."""
    office = FromFile(tmp_path, GAP_HEAD, GAP_ROWS)
    with a_desk(qtbot, office, jobs, office.name) as made:
        yield made
    office.session.close()


def pasted_below(desk: Desk, rows: list[list[str]], column: int = 0) -> int:
    """Paste rows below everything; how many records there were."""
    count = desk.model.listed
    put(rows)
    QTest.mouseClick(desk.grid.viewport(), LEFT, pos=desk.grid.visualRect(desk.model.index(2, column)).center())
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    return count


def add_field(desk: Desk, name: str) -> None:
    form = desk.page.form
    office = desk.office
    assert isinstance(office, FromFile)
    office.session.publish(AddNode(field_node(form.id, "text", name, order="z")).apply(office.app))
    desk.settle()
    assert names(desk)[-1] == name


def assert_twice(desk: Desk, count: int) -> None:
    desk.qtbot.waitUntil(lambda: desk.model.listed == 2 * count)
    desk.settle()
    assert [values(desk, at + count) for at in range(count)] == [values(desk, at) for at in range(count)]


def test_rows_with_a_column_that_is_blank_in_the_file_land_where_they_stood(gap: Desk) -> None:
    assert names(gap) == HEAD
    count = pasted_below(gap, GAP_ROWS)
    assert gap.view.work.bad.isHidden()
    assert_twice(gap, count)


def test_they_do_so_where_a_field_that_was_added_leaves_room_for_them(gap: Desk) -> None:
    add_field(gap, "经办人")
    count = pasted_below(gap, GAP_ROWS)
    assert gap.view.work.bad.isHidden()
    assert_twice(gap, count)


def test_rows_with_their_names_and_a_blank_column_too(gap: Desk) -> None:
    count = pasted_below(gap, [GAP_HEAD, *GAP_ROWS])
    assert gap.view.work.bad.isHidden()
    assert_twice(gap, count)


def test_some_columns_of_the_file_land_where_they_stood_where_they_only_fit_there(gap: Desk) -> None:
    count = pasted_below(gap, [row[1:] for row in GAP_ROWS], column=1)
    assert gap.view.work.bad.isHidden()
    gap.qtbot.waitUntil(lambda: gap.model.listed == 2 * count)
    assert [values(gap, at + count)[1:] for at in range(count)] == [values(gap, at)[1:] for at in range(count)]


def test_a_list_of_the_forms_own_columns_is_pasted_as_it_is(gap: Desk) -> None:
    count = pasted_below(gap, ROWS)
    assert_twice(gap, count)


def test_rows_of_a_file_with_a_column_that_was_left_out_are_pasted_without_it_once_that_is_seen(gap: Desk) -> None:
    fields = {field.name: field.id for field in gap.page.form.fields}
    session = gap.office.session
    columns = [fields.get(name, "") for name in GAP_HEAD]
    session.keep(f"mapping/{gap.page.form.id}/other", {"used": "2030", "columns": columns, "fields": {}})
    count = pasted_below(gap, [[*row[:2], "内部", *row[3:]] for row in GAP_ROWS])
    panel = gap.view.work.bad
    assert panel.isVisible()
    assert "1 column is left out, which is none of this form: 内部." in panel.note.text()
    assert gap.model.listed == count
    panel.go_on.click()
    gap.settle()
    assert_twice(gap, count)


def test_a_blank_column_of_a_file_that_nobody_here_imported_is_left_out_once_that_is_seen(signed: Desk) -> None:
    count = pasted_below(signed, GAP_ROWS)
    panel = signed.view.work.bad
    assert panel.isVisible()
    assert "1 blank column is left out." in panel.note.text()
    panel.go_on.click()
    signed.settle()
    assert_twice(signed, count)


def test_columns_that_have_no_place_are_named_where_none_is_blank(signed: Desk) -> None:
    pasted_below(signed, [[*row, "mehr"] for row in ROWS])
    assert "1 column has no place here: mehr." in signed.view.work.bad.note.text()


def test_columns_up_to_the_name_stay_while_it_is_one_of_the_first(signed: Desk) -> None:
    desk = signed
    assert desk.grid._frozen == 3
    field = {each.name: each.id for each in desk.page.form.fields}
    spec = ViewSpec().with_order(desk.page.form, [field[name] for name in HEAD if name != "客户名称"])
    desk.page.state.put(spec)
    desk.settle()
    assert desk.grid._frozen == 0


def test_the_button_at_a_record_is_at_its_name_and_at_the_left_where_the_name_is_not_in_sight(signed: Desk) -> None:
    desk = signed
    opens(desk, "客户名称")
    field = {each.name: each.id for each in desk.page.form.fields}
    desk.page.state.put(ViewSpec().with_order(desk.page.form, [field[name] for name in HEAD if name != "客户名称"]))
    for name in HEAD:
        desk.grid.setColumnWidth(names(desk).index(name), 500)
    desk.settle()
    opens(desk, "行号")


def opens(desk: Desk, column: str) -> None:
    """Rest over a row, then press the button in this column: the record is shown."""
    place = desk.grid.visualRect(desk.index(1, column))
    line = place.adjusted(0, 0, 0, SIZES.row - place.height())
    QTest.mouseMove(desk.grid.viewport(), QPoint(line.left() + 5, line.center().y()))
    QTest.mouseClick(desk.grid.viewport(), LEFT, pos=expander(line).center())
    desk.settle()
    assert desk.page.beside.is_open and desk.page.panel.row is not None
    assert desk.page.panel.row.id == desk.row(1).id
    desk.page.close_panel()
    desk.settle()


def test_the_row_of_a_group_says_the_sum_of_the_first_column_too(signed: Desk) -> None:
    desk = signed
    field = {each.name: each.id for each in desk.page.form.fields}
    look = replace(ViewSpec(), groups=(Group(field["城市"]),), footers=MappingProxyType({field["行号"]: "sum"}))
    desk.page.state.put(look)
    desk.settle()
    said = [str(desk.model.index(at, 0).data()) for at in range(desk.model.listed) if desk.model.group(at)]
    assert len(said) == 3 and all("Sum" in each and "records" in each for each in said)
    assert ground(desk, 0) != ground(desk, 1), "the row of a group is drawn over the cells"


def ground(desk: Desk, row: int) -> str:
    """The colour of a row at its right end."""
    picture = desk.grid.viewport().grab().toImage()
    place = desk.grid.visualRect(desk.model.index(row, 0))
    return picture.pixelColor(picture.width() - 2, place.center().y()).name()
