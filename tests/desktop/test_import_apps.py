"""Which app of the open workspace gets the new forms of a file, as a person chooses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from PySide6.QtWidgets import QApplication

from desktop.commands import commands
from desktop.import_wizard.flow import Phase
from desktop.import_wizard.place import OPEN
from runtime.exchange.importing.app_choice import app_name
from runtime.session import Session, open_workspace
from runtime.ui.kit.toast import Toast
from tests.desktop.wizard_hands import LONG, Wizard, sales
from tests.support.drivers import clipped, press

VISITS: list[list[Any]] = [
    ["拜访编号", "客户编号", "内容"],
    *([f"BF{n:03}", f"KH{n % 30 + 1:03}", "谈" * (n % 9 + 1)] for n in range(1, 41)),
]
CARS: list[list[Any]] = [["车牌", "里程"], ["沪A1", 5], ["沪B2", 8]]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return path


@pytest.fixture
def office(qtbot, wizard: Wizard, places: Path, file: Path) -> Session:
    """An open workspace with the apps 销售 and 车队."""
    with open_workspace(places / "公司") as session:
        session.import_file(file)
        session.import_file(book(places / "车队.xlsx", 司机=[["工号", "姓名"], ["A1", "张"], ["A2", "李"]]))
    wizard.desktop.open_workspace(places / "公司.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    assert wizard.desktop.session is not None
    return wizard.desktop.session


def apps(session: Session) -> dict[str, list[str]]:
    """App -> its forms."""
    return {app_name(app): [form.name for form in session.forms if form.app == app.id] for app in session.apps.values()}


def choose(wizard: Wizard, name: str) -> None:
    """Pick an app in the list."""
    chooser = wizard.place.app
    assert chooser is not None
    chooser.unfold()
    opened = chooser.list
    assert opened is not None
    opened._choose(next(pick.value for pick in opened._model.picks if pick.text == name))
    QApplication.processEvents()


def test_forms_that_point_to_those_of_an_app_go_there_and_undo_takes_only_them(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    before = apps(office)
    wizard.reviews(book(tmp_path / "六月拜访.xlsx", 拜访=VISITS))
    wizard.goes_on()
    place = wizard.place
    assert place.app is not None
    assert place.app.shown == "销售台账"
    assert not place.name.isVisible()
    QApplication.processEvents()
    assert clipped(wizard.desktop.window) == []
    wizard.imports()
    assert apps(office) == {**before, "销售台账": [*before["销售台账"], "拜访"]}
    toast = wizard.desktop.window.findChild(Toast)
    assert toast is not None
    assert toast.message == "Added to “销售台账”: 1 form with 40 records."
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    press(toast, "Undo")
    qtbot.waitUntil(lambda: apps(office) == before, timeout=LONG)
    assert office.form("客户").count() == 30
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


@pytest.mark.parametrize("by_key", [False, True], ids=["the button of the notice", "Ctrl+Z"])
def test_a_form_that_stays_after_undo_because_its_app_was_changed_is_named(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path, by_key: bool
):
    wizard.reviews(book(tmp_path / "六月拜访.xlsx", 拜访=VISITS))
    wizard.goes_on()
    wizard.imports()
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    form = office.find_form("客户")
    app = office.apps[form.app]
    office.publish(app.replacing({form.id: app.nodes[form.id].with_props(help="x")}))  # as somebody else does
    said: list[str] = []
    wizard.desktop.notices.posted.connect(lambda notice: said.append(str(notice.message)))
    toast = wizard.desktop.window.findChild(Toast)
    assert toast is not None
    if by_key:
        undo = commands.get("undo")
        assert undo is not None
        undo.run(wizard.desktop)
    else:
        press(toast, "Undo")
    stays = "The form “拜访” stays: its app was changed since."
    qtbot.waitUntil(lambda: bool(said), timeout=LONG)
    assert said[-1] == (f"Undone: Import 六月拜访 {stays}" if by_key else stays)
    assert office.form("拜访").count() == 0
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_forms_that_belong_nowhere_get_an_app_of_their_own_unless_a_person_says_otherwise(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    path = book(tmp_path / "车辆清单.xlsx", 车辆=CARS)
    wizard.reviews(path)
    wizard.goes_on()
    assert wizard.place.app is not None
    assert (wizard.place.app.shown, wizard.place.name.text()) == ("A new app", "车辆清单")
    assert wizard.place.name.isVisible()
    choose(wizard, "车队")
    assert not wizard.place.name.isVisible()
    wizard.imports()
    assert apps(office) == {"销售台账": ["客户", "订单", "退货"], "车队": ["司机", "车辆"]}
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_a_form_of_the_same_name_is_not_made_twice_in_an_app(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    wizard.reviews(book(tmp_path / "新.xlsx", 司机=[["车", "里程", "日"], ["x", 1, 2], ["y", 3, 4]]))
    wizard.goes_on()
    choose(wizard, "车队")
    wizard.goes_on()
    assert wizard.flow.phase is Phase.PLACE
    assert wizard.place._app_row.said.startswith("The app has a form “司机” already.")
    choose(wizard, "A new app")
    assert wizard.place._app_row.said == ""
    wizard.imports()
    assert apps(office)["新"] == ["司机"]
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_a_new_workspace_asks_for_no_app_and_gets_one_of_the_name(
    qtbot, wizard: Wizard, office: Session, places: Path, tmp_path: Path
):
    wizard.reviews(book(tmp_path / "六月拜访.xlsx", 拜访=VISITS))
    wizard.goes_on()
    place = wizard.place
    assert place.app is not None and place.where is not None
    place.where.chosen.emit("new")
    assert (place.app.isVisible(), place.name.isVisible()) == (False, True)
    place.workspace.setText("另一个")
    place.folder.setText(str(places))
    place.name.setText("拜访")
    wizard.imports()
    session = wizard.desktop.session
    assert session is not None
    assert apps(session) == {"拜访": ["拜访"]}
    assert session.form("拜访").count() == 40
    assert wizard.types("拜访")["客户编号"] == "text", "that workspace has no customers"
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_what_was_chosen_is_there_after_looking_back(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    customers = [["客户编号", "客户名称", "等级", "重点客户"], ["KH900", "新", "A", "是"]]
    wizard.reviews(book(tmp_path / "新.xlsx", 客户=customers, 车辆=CARS))
    wizard.goes_on()
    assert wizard.place.app is not None
    assert (wizard.place.app.shown, wizard.place.where) == ("销售台账", None), "where its other rows go"
    choose(wizard, "车队")
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    press(wizard.page, "Back")
    assert wizard.place.app is not None
    assert wizard.place.app.shown == "车队"
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    wizard.goes_on()
    qtbot.waitUntil(lambda: apps(office)["车队"] == ["司机", "车辆"], timeout=LONG)
    qtbot.waitUntil(lambda: office.form("客户").count() == 31, timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_a_workspace_without_apps_asks_for_none(qtbot, wizard: Wizard, places: Path, tmp_path: Path):
    wizard.desktop.open_workspace(places / "leer.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    wizard.reviews(sales(tmp_path / "销售.xlsx"))
    wizard.goes_on()
    assert wizard.place.app is None
    assert wizard.place.name.isVisible()


def test_an_app_of_a_workspace_that_was_left_is_not_looked_for_in_another(
    qtbot, wizard: Wizard, office: Session, places: Path, tmp_path: Path
):
    wizard.reviews(book(tmp_path / "新车.xlsx", 车辆=CARS))
    wizard.flow.app = next(iter(office.apps))  # agreed to, and the import was cancelled
    open_workspace(places / "空").close()
    wizard.desktop.close_workspace()
    wizard.desktop.open_workspace(places / "空.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    wizard.desktop.show("import")
    wizard.settles()
    wizard.goes_on()
    wizard.place._choose(OPEN)
    assert wizard.place.app is None
    wizard.imports()
    session = wizard.desktop.session
    assert session is not None
    assert apps(session) == {"新车": ["车辆"]}
