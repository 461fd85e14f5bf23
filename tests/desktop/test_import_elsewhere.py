"""An import that ends while the person works elsewhere: the window stays as it is, and the notice leads to the rows."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.app import Desktop
from desktop.app_page import AppPage
from runtime.session import Session, open_workspace
from runtime.ui.form_page import FormPage
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.views.grid import GridView
from tests.desktop.wizard_hands import LONG, Wizard, codes, said_by, sales
from tests.support.drivers import press, quiet


@pytest.fixture
def office(qtbot, wizard: Wizard, places: Path, tmp_path: Path) -> Session:
    """An open workspace with customers, orders and returns."""
    with open_workspace(places / "办公") as session:
        session.import_file(sales(tmp_path / "销售.xlsx"))
    wizard.desktop.open_workspace(places / "办公.formwork")
    qtbot.waitUntil(lambda: isinstance(wizard.desktop.window.page, AppPage), timeout=LONG)
    quiet(qtbot, wizard.desktop)
    assert wizard.desktop.session is not None
    return wizard.desktop.session


def apps(desktop: Desktop) -> AppPage:
    page = desktop.window.page
    assert isinstance(page, AppPage)
    return page


def front(desktop: Desktop) -> FormPage:
    page = apps(desktop).front
    assert page is not None
    return page


def types(qtbot, form: FormPage, text: str) -> GridView:
    """Begin to type into the first cell."""
    view = form.view
    assert isinstance(view, GridView)
    qtbot.waitUntil(lambda: view.model.record(0) is not None, timeout=LONG)
    column = [field.name for field in view.model.fields].index("客户名称")
    view.grid.setFocus()
    view.grid.setCurrentIndex(view.model.index(0, column))
    qtbot.keyClick(view.grid, Qt.Key.Key_F2)
    assert view.grid.editing.editor is not None
    return view


def imports_elsewhere(qtbot, wizard: Wizard, file: Path) -> GridView:
    """Import a file; meanwhile go back to the customers and begin to type there."""
    desktop = wizard.desktop
    apps(desktop).open_form(wizard.form("客户").id)
    wizard.reviews(file)
    wizard.goes_on()  # to the place
    gate = threading.Event()
    desktop.jobs.start(desktop.notices, lambda _progress: gate.wait(60))
    wizard.goes_on()
    desktop.show("apps")
    view = types(qtbot, front(desktop), "")
    gate.set()
    qtbot.waitUntil(lambda: said_by(desktop) != "", timeout=LONG)
    quiet(qtbot, desktop)
    return view


def test_a_cell_that_is_typed_in_stays_open_and_in_front(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    desktop = wizard.desktop
    view = imports_elsewhere(qtbot, wizard, codes(tmp_path / "物料.xlsx"))
    assert "物料" in [form.name for form in office.forms]
    assert front(desktop).title == "客户"
    assert view.grid.editing.active
    assert view.grid.editing.editor is not None and view.grid.editing.editor.isAncestorOf(desktop.window.focusWidget())
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    assert "物料" in said_by(desktop)
    press(bar, "Open")
    qtbot.waitUntil(lambda: apps(desktop).front is not None and front(desktop).title == "物料", timeout=LONG)


def test_a_notice_goes_when_what_it_offers_to_undo_was_undone(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    desktop = wizard.desktop
    view = imports_elsewhere(qtbot, wizard, codes(tmp_path / "物料.xlsx"))
    assert view.grid.editing.leave()
    quiet(qtbot, desktop)
    assert said_by(desktop)
    desktop.window.action("undo").trigger()
    quiet(qtbot, desktop)
    qtbot.waitUntil(lambda: said_by(desktop) == "", timeout=LONG)
    assert office.redo_label is not None


def test_what_is_undone_behind_the_import_page_is_said(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    desktop = wizard.desktop
    customers = office.form("客户")
    (record, *_) = customers.records()
    customers.update(record, {"客户名称": "改过的"})
    apps(desktop).open_form(wizard.form("客户").id)
    wizard.reviews(codes(tmp_path / "物料.xlsx"))
    desktop.window.action("undo").trigger()
    quiet(qtbot, desktop)
    toast = desktop.window.findChild(Toast)
    assert toast is not None
    assert toast.message.startswith("Undone in “客户”:")
