"""Going away: what a person typed is written though its tab or the window is closed; what would be lost is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.import_wizard import steps
from desktop.import_wizard.flow import Phase
from desktop.import_wizard.page import ImportPage
from resources.texts import language
from runtime.exchange.clipboard import mime
from runtime.exchange.export.export import export
from runtime.session import Session, open_workspace
from runtime.ui.export_panel import Choices
from runtime.ui.exporting import Shown
from runtime.ui.form_page import FormPage
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.page import Page
from runtime.ui.views.grid import GridView
from tests.desktop.wizard_hands import LONG, Wizard
from tests.support.apps import customers_and_orders
from tests.support.drivers import press, quiet, typed

NAME = "王小明"


@pytest.fixture
def work(qtbot, desktop: Desktop, folder: Path) -> Path:
    """A workspace with two records is open, its first form in front."""
    path = folder / "销售.formwork"
    with open_workspace(path) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": NAME})
        session.form("客户").create({"名称": "李四"})
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: isinstance(desktop.window.page, AppPage) and desktop.window.page.front is not None)
    quiet(qtbot, desktop)
    return path


@pytest.fixture
def form(work: Path, desktop: Desktop) -> FormPage:
    """The form in front."""
    assert isinstance(desktop.window.page, AppPage)
    assert desktop.window.page.front is not None
    return desktop.window.page.front


@contextmanager
def store_busy(desktop: Desktop) -> Iterator[None]:
    """An import, or anything else that is long, is written meanwhile."""
    gate = threading.Event()
    desktop.jobs.start(desktop.notices, lambda _progress: gate.wait(60))
    try:
        yield
    finally:
        gate.set()


def view_of(form: FormPage) -> GridView:
    assert isinstance(form.view, GridView)
    return form.view


def type_name(qtbot, form: FormPage, text: str, row: int = 0) -> None:
    """Another name, typed into a cell."""
    grid = view_of(form).grid
    column = [field.name for field in view_of(form).model.fields].index("名称")
    grid.setCurrentIndex(view_of(form).model.index(row, column))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    assert grid.editing.editor is not None
    typed(grid.editing.editor, text)
    assert grid.editing.leave()


def close_tab(desktop: Desktop, form: FormPage) -> None:
    assert isinstance(desktop.window.page, AppPage)
    desktop.window.page.close_form(form.form.id)


def names(session: Session) -> list[str]:
    return [record["名称"] for record in session.form("客户").records()]


def said(desktop: Desktop) -> str:
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    return bar.accessibleName()


def test_what_waits_behind_an_import_is_written_though_its_tab_is_closed(qtbot, desktop: Desktop, form: FormPage):
    with store_busy(desktop):
        type_name(qtbot, form, "改过的")
        close_tab(desktop, form)
        qtbot.wait(50)  # the page is destroyed in its turn
    quiet(qtbot, desktop)
    assert isinstance(desktop.window.page, AppPage)
    assert form not in desktop.window.page.pages.values()
    assert desktop.session is not None
    assert names(desktop.session) == ["改过的", "李四"]


def test_what_is_refused_after_its_tab_is_closed_is_said(qtbot, desktop: Desktop, form: FormPage):
    with store_busy(desktop):
        type_name(qtbot, form, "李四")  # there is one of this name
        close_tab(desktop, form)
        qtbot.wait(50)
    quiet(qtbot, desktop)
    assert desktop.session is not None
    assert names(desktop.session) == [NAME, "李四"]
    assert "Change a record of 客户" in said(desktop)
    assert "could not be done" in said(desktop)


def test_records_deleted_behind_an_import_are_deleted_though_the_tab_is_closed(qtbot, desktop: Desktop, form: FormPage):
    with store_busy(desktop):
        view_of(form).grid.setCurrentIndex(view_of(form).model.index(0, 0))
        form.delete()
        close_tab(desktop, form)
        qtbot.wait(50)
    quiet(qtbot, desktop)
    assert desktop.session is not None
    assert names(desktop.session) == ["李四"]


def test_what_waits_is_written_though_the_program_ends(qtbot, desktop: Desktop, form: FormPage, work: Path):
    gate = threading.Event()
    desktop.jobs.start(desktop.notices, lambda _progress: gate.wait(60))
    type_name(qtbot, form, "改过的")
    assert desktop.window.close()
    threading.Timer(0.1, gate.set).start()
    desktop.close()
    with open_workspace(work) as session:
        assert names(session) == ["改过的", "李四"]


def test_a_long_change_that_is_written_is_asked_about_before_the_window_closes(qtbot, desktop: Desktop, form: FormPage):
    with store_busy(desktop):
        view_of(form).grid.selectAll()
        form.delete()
        assert not desktop.window.close()
        assert "not saved yet" in said(desktop)
    quiet(qtbot, desktop)
    assert desktop.window.close()


def test_a_tab_whose_pasted_rows_are_still_read_is_not_closed(
    qtbot, desktop: Desktop, form: FormPage, monkeypatch: pytest.MonkeyPatch
):
    gate = threading.Event()
    read = mime.read
    monkeypatch.setattr(mime, "read", lambda *args: (gate.wait(60), read(*args))[1])
    QApplication.clipboard().setText("赵六")
    view_of(form).grid.setCurrentIndex(view_of(form).model.index(0, 0))
    form.paste()
    close_tab(desktop, form)
    assert "not saved yet" in said(desktop)
    gate.set()
    quiet(qtbot, desktop)
    assert desktop.session is not None
    assert names(desktop.session) == ["赵六", "李四"]
    close_tab(desktop, form)
    assert isinstance(desktop.window.page, AppPage)
    assert form not in desktop.window.page.pages.values()


def test_the_notice_goes_when_everything_is_saved(qtbot, desktop: Desktop, form: FormPage):
    with store_busy(desktop):
        view_of(form).grid.selectAll()
        form.delete()
        assert not desktop.window.close()
        assert "still being written" in said(desktop)
    quiet(qtbot, desktop)
    assert "not saved yet" not in said(desktop)


def test_what_is_not_saved_is_shown_and_named(qtbot, desktop: Desktop, begun: FormPage):
    assert isinstance(desktop.window.page, AppPage)
    other = next(form for form in desktop.window.page._session.forms if form.id != begun.form.id)  # type: ignore[union-attr]
    desktop.open_form(other.id)
    desktop.show("settings")
    quiet(qtbot, desktop)
    assert not desktop.window.close()
    assert isinstance(desktop.window.page, AppPage)
    assert desktop.window.page.front is begun
    assert begun.title in said(desktop)
    assert not desktop.window.close()
    assert desktop.window.isVisible()


def test_a_file_that_is_not_imported_yet_is_asked_about_in_its_own_words(
    qtbot, desktop: Desktop, wizard: Wizard, file: Path
):
    wizard.reviews(file)
    desktop.show("start")
    assert not desktop.window.close()
    assert isinstance(desktop.window.page, ImportPage)
    assert "not imported yet" in said(desktop)
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    press(bar, "Close anyway")
    assert not desktop.window.isVisible()


def test_a_file_that_is_being_exported_is_asked_about(
    qtbot, desktop: Desktop, form: FormPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    gate = threading.Event()
    monkeypatch.setattr("runtime.ui.exporting.export", lambda *args, **more: (gate.wait(60), export(*args, **more))[1])
    to = tmp_path / "客户.csv"
    asked: list[Shown] = []
    monkeypatch.setattr(form.exporting, "ask", lambda _anchor, shown: asked.append(shown))
    form.export()
    form.exporting.run(asked[0], Choices(format="csv"), to)
    close_tab(desktop, form)
    assert form.title in said(desktop) and "still being written" in said(desktop)
    assert not desktop.window.close()
    gate.set()
    quiet(qtbot, desktop)
    assert NAME in to.read_text("utf-8-sig")
    assert desktop.window.close()


@pytest.fixture
def begun(qtbot, desktop: Desktop, form: FormPage) -> FormPage:
    """A new record was begun."""
    form.new_record()
    quiet(qtbot, desktop)
    field = next(field for field in form.form.fields if field.name == "名称")
    typed(form.panel.fields.editors[field.id], "half a customer")
    assert form.unsaved
    return form


def test_another_language_does_not_throw_a_begun_record_away(qtbot, desktop: Desktop, begun: FormPage):
    desktop.set_language("zh_CN")
    qtbot.wait(20)
    assert language() == "en"
    assert begun.unsaved
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    press(bar, "Change anyway")
    assert language() == "zh_CN"
    quiet(qtbot, desktop)
    desktop.set_language("en")


def test_another_workspace_does_not_throw_a_begun_record_away(qtbot, desktop: Desktop, begun: FormPage, folder: Path):
    other = folder / "另一个.formwork"
    with open_workspace(other) as session:
        session.publish(customers_and_orders())
    desktop.open_workspace(other)
    quiet(qtbot, desktop)
    assert desktop.session is not None
    assert desktop.session.name == "销售"
    assert begun.unsaved
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    press(bar, "Open anyway")
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.session.name == "另一个", timeout=20_000)
    quiet(qtbot, desktop)


@pytest.fixture
def importing(
    qtbot, wizard: Wizard, begun: FormPage, file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """A file goes into a new workspace beside a record that was begun; what ends that."""
    gate, into_new = threading.Event(), steps.import_into_new
    monkeypatch.setattr(steps, "import_into_new", lambda *args: (gate.wait(60), into_new(*args))[1])
    wizard.reviews(file)
    wizard.goes_on()
    press(wizard.place, "Into a new workspace")
    wizard.place.workspace.setText("second")
    wizard.place.folder.setText(str(folder))
    wizard.goes_on()
    wizard.reaches(Phase.IMPORTING)

    def end() -> None:
        gate.set()
        qtbot.waitUntil(lambda: wizard.desktop.imports.flow is None, timeout=LONG)
        quiet(qtbot, wizard.desktop)

    return end


def test_a_new_workspace_that_is_ready_does_not_throw_a_begun_record_away(
    qtbot, desktop: Desktop, begun: FormPage, importing: Callable[[], None], folder: Path
):
    desktop.show("apps")
    importing()
    assert desktop.session is not None and desktop.session.name == "销售"
    assert begun.unsaved
    assert "“销售台账” is ready: 3 forms" in said(desktop)
    assert desktop.settings.recent[0].path == str(folder / "second.formwork")
    begun.save()
    quiet(qtbot, desktop)
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    press(bar, "Open")
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.session.name == "second", timeout=LONG)
    quiet(qtbot, desktop)


def test_a_new_workspace_that_is_ready_does_not_open_a_locked_window(
    qtbot, desktop: Desktop, form: FormPage, importing: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    page = Page()
    desktop.window.cover(page)
    importing()
    assert desktop.window.covered
    assert desktop.session is not None and desktop.session.name == "销售"
    desktop.window.uncover()
