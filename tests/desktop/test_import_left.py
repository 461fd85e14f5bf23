"""An import whose workspace is closed, or that is given up, while it is read and drawn in turns of the event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from desktop.import_wizard import draft, steps
from desktop.import_wizard.flow import Phase
from desktop.import_wizard.preview import preview_into
from desktop.import_wizard.review import Review
from runtime.session import Session, open_workspace
from tests.desktop.wizard_hands import LONG, Wizard, sales


@pytest.fixture
def office(qtbot, wizard: Wizard, places: Path, tmp_path: Path) -> Session:
    """An open workspace with the forms of the file that comes again."""
    with open_workspace(places / "办公") as session:
        session.import_file(sales(tmp_path / "销售.xlsx"))
    wizard.desktop.open_workspace(places / "办公.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    assert wizard.desktop.session is not None
    return wizard.desktop.session


class Gate:
    """Lets a function of the worker wait once, before it begins or behind its end."""

    def __init__(self, real: Callable[..., Any], *, behind: bool) -> None:
        self.reached, self.open, self._real, self._behind = Event(), Event(), real, behind

    def __call__(self, *values: Any, **named: Any) -> Any:
        found = self._real(*values, **named) if self._behind else None
        self.reached.set()
        self.open.wait(LONG / 1_000)
        return found if self._behind else self._real(*values, **named)


@pytest.fixture(params=[False, True], ids=["before it is compared", "when it was compared"])
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    owner, name = (steps, "read") if request.param else (draft, "_matches")
    made = Gate(getattr(owner, name), behind=request.param)
    monkeypatch.setattr(owner, name, made)
    yield made
    made.open.set()


def test_a_file_that_is_read_when_the_workspace_is_closed_becomes_new_forms(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    closed, close = Event(), office.close
    monkeypatch.setattr(office, "close", lambda: (close(), closed.set()))
    wizard.desktop.imports.open(tmp_path / "销售.xlsx")
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    wizard.desktop.close_workspace()
    qtbot.waitUntil(closed.is_set, timeout=LONG)
    wizard.desktop.show("import")
    gate.open.set()
    wizard.reaches(Phase.REVIEW)
    wizard.settles()
    now = wizard.flow.draft.now
    assert now is not None
    assert not now.aims
    assert not now.homes
    assert not now.unanswered
    wizard.goes_on()
    assert wizard.place.workspace.isVisible()


def test_a_review_that_was_made_and_not_shown_yet_goes_with_its_import(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    imports = wizard.desktop.imports
    imports.open(sales(tmp_path / "新的.xlsx"))
    page, flow = wizard.page, wizard.flow
    flow.moved.connect(lambda: imports.leave() if flow.phase is Phase.REVIEW else None)
    qtbot.waitUntil(lambda: imports.flow is None, timeout=LONG)
    qtbot.waitUntil(lambda: not page.findChildren(Review), timeout=LONG)


def test_what_waits_to_look_into_a_workspace_that_is_closed_is_let_go(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    wizard.reviews(tmp_path / "销售.xlsx")
    work, form = wizard.flow.draft, office.find_form("客户")
    assert work.now is not None
    assert work.now.aims
    gate = Gate(preview_into, behind=False)
    monkeypatch.setattr("desktop.import_wizard.draft_work.preview_into", gate)
    work.change(lambda plan: plan)
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG)
    work.aim_at("客户", form.id)
    wizard.desktop.close_workspace()
    gate.open.set()
    wizard.desktop.show("import")
    wizard.settles()
    assert not work.now.aims
