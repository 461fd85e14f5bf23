"""The page of a form: search, counts, empty places, columns, what the shell asks, and a clean end."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget, QWidget

from resources.texts import TN
from runtime.definition.edits import AddNode, RemoveNode, SetProperty
from runtime.definition.labels import label
from runtime.filters import Condition, Filter, Operator
from runtime.form import field_node
from runtime.store.query import Sort
from runtime.ui.bad_cells import BadCellsPanel
from runtime.ui.filter_panel import FilterPanel
from runtime.ui.find_bar import FindBar
from runtime.ui.form_page import FormPage
from runtime.ui.grid_pasted import Awaited
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.record_panel import RecordPanel
from runtime.ui.sort_panel import SortPanel
from runtime.ui.theme import Mode
from tests.runtime.ui.record_desk import CONTROL, a_desk
from tests.support.drivers import press, shown
from tests.support.workspaces import Office

KEY = Qt.Key


class Dressed(QObject):
    """Counts how often widgets are dressed anew."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the application sees."""
        self.times += event.type() == QEvent.Type.StyleChange
        return False


def test_a_form_opens_without_what_nobody_sees_and_dresses_its_parts_once(qtbot, qapp, desk):
    """Both made a pause of 100 ms: panels before they are opened, and parts that get another parent when dressed."""
    place, seen = shown(qtbot, QStackedWidget()), Dressed()
    qapp.installEventFilter(seen)
    page = FormPage(desk.office.session, desk.page.form.id, desk.jobs, desk.feed, desk.notices, place)
    place.addWidget(page)
    place.setCurrentWidget(page)
    qapp.removeEventFilter(seen)
    parts = page.findChildren(QWidget)
    assert seen.times < 2 * len(parts), (seen.times, len(parts))
    late = (FilterPanel, SortPanel, FindBar, BadCellsPanel, RecordPanel, EmptyState)
    assert not [part for part in parts if isinstance(part, late)]
    desk.qtbot.waitUntil(lambda: page.beside.exists and not desk.jobs.busy)
    assert page.filter_panel.filter == Filter()
    page.open_find()
    bar = page.findChild(FindBar)
    assert bar is not None and bar.isVisible()


def test_the_count_is_said_in_the_toolbar_and_in_the_status_bar(desk):
    assert desk.page.toolbar.count.text() == "3 records"
    assert desk.page.status == "3 records"
    assert desk.page.title == "客户"


def test_ctrl_shift_f_searches_texts_choices_and_titles(desk):
    desk.grid.setFocus()
    desk.key(KEY.Key_F, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert desk.page.toolbar.search.hasFocus()
    desk.type("SECOND")
    desk.qtbot.waitUntil(lambda: desk.model.query.search != "")
    desk.settle()
    assert desk.column("名称") == ["厦门港务"]
    assert desk.page.toolbar.count.text() == "1 of 3"
    desk.key(KEY.Key_Escape)
    desk.settle()
    assert desk.page.toolbar.count.text() == "3 records"


@pytest.mark.parametrize(
    ("typed", "names"),
    [("fzhx", ["福州海峡"]), ("xiamen", ["厦门港务"]), ("quanz", ["泉州茶业"]), ("zhou", ["福州海峡", "泉州茶业"])],
)
def test_the_search_reads_pinyin(desk, typed, names):
    desk.grid.setFocus()
    desk.key(KEY.Key_F, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    desk.type(typed)
    desk.qtbot.waitUntil(lambda: desk.model.query.search == typed)
    desk.settle()
    assert desk.column("名称") == names
    assert desk.page.toolbar.count.text() == f"{len(names)} of 3"


def test_a_search_without_a_result_offers_to_clear_it(desk):
    desk.page.toolbar.search.setText("nobody")
    desk.qtbot.waitUntil(lambda: desk.page.stack.currentWidget() is desk.page._no_result)
    press(desk.window, "Clear filter and search")
    desk.settle()
    assert desk.page.stack.currentWidget() is desk.page.view
    assert desk.page.toolbar.search.text() == ""
    assert desk.model.listed == 3


def test_an_empty_form_offers_its_first_record(tmp_path, qtbot, jobs):
    office = Office(tmp_path)
    with a_desk(qtbot, office, jobs) as desk:
        assert desk.page.toolbar.count.text() == "0 records"
        press(desk.window, "Add the first record")
        desk.type("first")
        desk.key(KEY.Key_S, CONTROL)
        desk.settle()
        assert desk.column("名称") == ["first"]
        assert desk.page.stack.currentWidget() is desk.page.view
    office.session.close()


def test_the_shell_sets_a_filter_and_an_order(desk):
    form = desk.page.form
    level, name = form.called("等级"), form.called("名称")
    desk.page.set_filter(Filter((Condition(level.id, Operator.FILLED),)))
    desk.page.set_sort([Sort(name.id, descending=True)])
    desk.settle()
    assert sorted(desk.column("名称")) == ["厦门港务", "福州海峡"]
    assert desk.page.toolbar.filter.text() == "Filter · 1"
    assert desk.page.toolbar.sort.text() == "Sort · 1"
    desk.page.set_filter(f"ISBLANK({{#{level.id}}})")
    desk.settle()
    assert desk.page.toolbar.filter.text() == "Filter · 2"
    assert desk.model.listed == 0
    desk.page.clear_filter()
    desk.settle()
    assert desk.model.listed == 3


def test_the_shell_opens_a_record_that_is_far_away(tmp_path, qtbot, jobs):
    office = Office(tmp_path)
    rows = [office.new("客户", {"名称": f"c{at:03}"}) for at in range(450)]
    with a_desk(qtbot, office, jobs) as desk:
        desk.page.open_record(rows[430])
        desk.settle()
        assert desk.page.panel.title.text() == "c430"
        assert desk.grid.currentIndex().row() == 430
        desk.settle()
        assert desk.current() == rows[430]
    office.session.close()


def test_a_record_that_is_gone_is_said_and_not_shown(desk, office):
    row = desk.row(0).id
    office.delete("客户", row)
    desk.page.open_record(row)
    desk.settle()
    assert desk.messages() == ["This record no longer exists."]
    assert not desk.page.panel.isVisible()


def test_columns_are_hidden_and_shown_again(desk):
    panel = desk.page.bar.open_columns()
    rows = {panel.list.item(row).text(): row for row in range(panel.list.count())}
    assert list(rows) == ["名称", "等级", "备注", "重点"]
    for name in ("备注", "名称"):
        panel.list.setCurrentRow(rows[name])
        desk.qtbot.keyClick(panel.list, KEY.Key_Space)
    assert [field.name for field in desk.model.fields] == ["名称", "等级", "重点"], "the name of a record stays"
    assert desk.page.toolbar.columns.text() == "Columns · 1 hidden"
    press(panel, "Show all")
    assert len(desk.model.fields) == 4
    press(panel, "Hide all")
    assert [field.name for field in desk.model.fields] == ["名称"]
    panel.close()
    desk.settle()


def test_columns_are_moved_by_keys_and_frozen_up_to_one(desk):
    panel = desk.page.bar.open_columns()
    panel.list.setCurrentRow(3)
    desk.qtbot.keyClick(panel.list, KEY.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [field.name for field in desk.model.fields] == ["名称", "等级", "重点", "备注"]
    panel.freeze(desk.model.fields[1].id)
    assert desk.page.state.spec.frozen == 2
    panel.close()
    desk.settle()


def test_a_published_form_shows_its_new_field_and_name(desk, office):
    form = office.form("客户")
    app = AddNode(field_node(form.id, "integer", "员工", order="z")).apply(office.app)
    app = SetProperty(form.id, "label", label("公司")).apply(app)
    names = []
    desk.page.renamed.connect(names.append)
    office.session.publish(app)
    desk.settle()
    assert [field.name for field in desk.model.fields][-1] == "员工"
    assert desk.column("员工") == ["", "", ""]
    assert (names, desk.page.title) == (["公司"], "公司")


def test_a_form_that_is_taken_away_says_so(desk, office):
    said = []
    desk.page.gone.connect(lambda: said.append(True))
    orders = office.form("订单")
    customers = office.form("客户")
    app = RemoveNode(orders.id).apply(office.app)
    office.session.publish(RemoveNode(customers.id).apply(app))
    desk.settle()
    assert said == [True]


def test_a_record_that_others_add_appears_without_a_reload(desk, office):
    desk.at(1, "等级")
    office.new("客户", {"名称": "later"})
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务", "泉州茶业", "later"]
    assert desk.grid.currentIndex() == desk.index(1, "等级")
    assert desk.page.toolbar.count.text() == "4 records"


def test_a_renamed_record_is_renamed_in_the_relations_that_show_it(qtbot, office, jobs):
    with a_desk(qtbot, office, jobs, "订单") as desk:
        customer = office.read("订单", desk.row(0).id)["客户"]
        office.set("客户", customer, {"名称": "new name"})
        desk.settle()
        assert desk.column("客户")[0] == "new name"


def test_undo_and_redo_are_there_by_keys(desk, office):
    desk.at(0, "名称").type("x")
    desk.key(KEY.Key_Return)
    desk.settle()
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    assert desk.column("名称")[0] == "福州海峡"
    desk.key(KEY.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    desk.settle()
    assert desk.column("名称")[0] == "x"


def test_both_themes_and_a_narrow_window_are_drawn(desk, theme):
    for mode in (Mode.DARK, Mode.LIGHT):
        theme.set_mode(mode)
        desk.window.resize(700, 400)
        desk.settle()
        image = desk.window.grab().toImage()
        assert image.pixelColor(3, image.height() - 3).lightness() < 128 if mode is Mode.DARK else True
    assert desk.page.toolbar.filter.text() == ""
    assert desk.page.toolbar.filter.accessibleName() == "Filter"


def test_a_page_that_is_closed_while_it_reads_leaves_nothing_behind(qtbot, office, jobs, reported):
    with a_desk(qtbot, office, jobs) as desk:
        desk.page.set_sort([Sort(desk.model.fields[0].id)])
        desk.page.open_record(desk.row(1).id)
        desk.page.deleteLater()
        QTest.qWait(0)
        qtbot.waitUntil(lambda: not jobs.busy)
        office.new("客户", {"名称": "after"})
        desk.feed.flush()
    assert reported == []


def test_a_search_that_is_cleared_with_the_filter_leaves_no_cross_in_its_field(desk):
    desk.page.toolbar.search.setText("nobody")
    desk.qtbot.waitUntil(lambda: desk.page.stack.currentWidget() is desk.page._no_result)
    crosses = [action for action in desk.page.toolbar.search.actions() if action.text() == "Clear"]
    assert [action.isVisible() for action in crosses] == [True]
    desk.page.show_everything()
    desk.settle()
    assert [action.isVisible() for action in crosses] == [False]
    assert desk.model.listed == 3
    desk.said[-1].actions[0].run()
    desk.qtbot.waitUntil(lambda: desk.page.stack.currentWidget() is desk.page._no_result)
    assert desk.page.toolbar.search.text() == "nobody"


def test_buttons_of_notices_that_outlive_their_page_end_nothing(qtbot, office, jobs, reported):
    with a_desk(qtbot, office, jobs) as desk:
        desk.page.show_everything()
        every = desk.said[-1].actions[0].run
        pasted = desk.view.work.clipboard.pasted
        pasted._tell(1, Awaited((), None, TN("{n} row", "{n} rows", 1), None))
        hidden = desk.said[-1].actions[0].run
        desk.settle()
        session = office.session
        session.form("客户").create({"名称": "taken back"})
        undo = desk.page.saving.undo_of_last()
        desk.page.deleteLater()
        QTest.qWait(0)
        for run in (every, hidden, undo):
            run()
        qtbot.waitUntil(lambda: not jobs.busy)
        assert [each.text("名称") for each in session.form("客户").records() if each.text("名称") == "taken back"] == []
    assert reported == []
