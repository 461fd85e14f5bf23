"""The steps of the import wizard and the app that it makes, to be pictured."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import keyring
from PySide6.QtTest import QTest

from desktop import settings
from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.demo_workbook import write_workbook
from desktop.import_wizard.flow import ImportFlow, Phase
from desktop.import_wizard.page import ImportPage
from desktop.import_wizard.steps import NewPlace
from tests.support.memory_keyring import MemoryKeyring

SUPERSTORE = Path(__file__).parents[3] / "shared" / "data" / "superstore_cn.xls"
PATIENCE = 60_000
TICK = 10


def workbook() -> Path:
    """The superstore where it is, else the workbook of the demo."""
    if SUPERSTORE.exists():
        return SUPERSTORE
    made = Path(tempfile.gettempdir()) / "formwork-demo.xlsx"
    if not made.exists():
        write_workbook(made)
    return made


def until(condition: Callable[[], bool]) -> None:
    """Let the window live until `condition` holds.

    Raises:
        TimeoutError: it never did.
    """
    for _round in range(PATIENCE // TICK):
        if condition():
            QTest.qWait(TICK)
            return
        QTest.qWait(TICK)
    raise TimeoutError


def page_of(shell: Desktop) -> ImportPage:
    """The wizard in front."""
    page = shell.window.page
    assert isinstance(page, ImportPage)
    return page


def _flow(shell: Desktop) -> ImportFlow:
    flow = shell.imports.flow
    assert flow is not None
    return flow


def reading(shell: Desktop) -> None:
    """The file is read."""
    shell.imports.open(workbook())


def refused(shell: Desktop) -> None:
    """The file is no workbook."""
    file = Path(tempfile.gettempdir()) / "formwork-refused.xlsx"
    file.write_bytes(b"PK\x03\x04 cut off")
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REFUSED)


def review(shell: Desktop) -> None:
    """What the file would become."""
    keyring.set_keyring(MemoryKeyring())
    shell.imports.open(workbook())
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).preview is not None)


def changed(shell: Desktop) -> None:
    """A column is left out, one has a type that does not fit, one is renamed, a doubt is decided otherwise."""
    review(shell)
    flow = _flow(shell)
    sheet = flow.sheet
    first = next(doubt for doubt in flow.plan.doubts if doubt.choices) if flow.plan else None
    if first is not None:
        flow.change(lambda plan: plan.choose(first.id, first.choices[-1].id))
    flow.change(lambda plan: plan.include(sheet, False, 0))
    flow.change(lambda plan: plan.retype(sheet, 4, "integer"))
    flow.change(lambda plan: plan.rename(sheet, 3, plan.sheet(sheet).columns[2].label))
    QTest.qWait(1500)


def place(shell: Desktop) -> None:
    """Name and place."""
    review(shell)
    _flow(shell).needs_passphrase = True
    page_of(shell).go.click()


def importing(shell: Desktop) -> None:
    """Half way."""
    review(shell)
    flow = _flow(shell)
    flow.go(Phase.PLACE)
    flow.place = NewPlace("Superstore", str(settings.folder() / "places"), "correct horse", "correct horse")
    flow.run(None)
    until(lambda: flow.progress[0] > 0 or flow.phase is not Phase.IMPORTING)
    QTest.qWait(600)


def landed(shell: Desktop) -> None:
    """In the app."""
    importing(shell)
    until(lambda: isinstance(shell.window.page, AppPage) and bool(shell.window.page.status))
    QTest.qWait(300)


def left_out(shell: Desktop) -> None:
    """What was not taken."""
    review(shell)
    flow = _flow(shell)
    flow.change(lambda plan: plan.retype(flow.sheet, 5, "integer"))
    flow.go(Phase.PLACE)
    flow.place = NewPlace("Superstore", str(settings.folder() / "places"), "correct horse", "correct horse")
    QTest.qWait(600)
    flow.run(None)
    until(lambda: isinstance(shell.window.page, AppPage) and bool(shell.window.page.status))
    shell.show("import")


WINDOWS: dict[str, Callable[[Desktop], None]] = {
    "wizard_1_reading": reading,
    "wizard_2_refused": refused,
    "wizard_3_review": review,
    "wizard_4_changed": changed,
    "wizard_5_place": place,
    "wizard_6_importing": importing,
    "wizard_7_landed": landed,
    "wizard_8_left_out": left_out,
}
