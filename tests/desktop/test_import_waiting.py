"""What somebody changes in the review is part of the import, however soon they go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.import_wizard import steps
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.flow import Phase
from runtime.errors import UserError
from tests.desktop.wizard_hands import LONG, Wizard, said_by
from tests.support.drivers import click


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Changes of the plan arrive when it is set."""
    opened, before = threading.Event(), Draft.replanned

    def slow(draft: Draft, *arguments: Any) -> Draft:
        opened.wait(LONG / 1_000)
        return before(draft, *arguments)

    monkeypatch.setattr(Draft, "replanned", slow)
    yield opened
    opened.set()


def renames(wizard: Wizard, name: str) -> None:
    wizard.flow.draft.change(lambda plan: plan.rename("客户", None, name))


def rests(qtbot: Any, wizard: Wizard) -> None:
    qtbot.waitUntil(lambda: not wizard.flow.changing and not wizard.desktop.jobs.busy, timeout=LONG)


def test_a_change_that_has_not_arrived_is_imported_too(
    qtbot: Any, wizard: Wizard, file: Path, places: Path, gate: threading.Event
) -> None:
    gate.set()
    wizard.reviews(file)
    wizard.places(places)
    click(wizard.page.back)
    gate.clear()
    renames(wizard, "往来单位")
    wizard.goes_on()
    assert wizard.flow.phase is Phase.REVIEW
    gate.set()
    wizard.reaches(Phase.PLACE)
    wizard.imports()
    assert wizard.form("往来单位").name == "往来单位"


def test_who_stops_a_change_or_goes_on_changing_is_not_sent_on(
    qtbot: Any, wizard: Wizard, file: Path, gate: threading.Event
) -> None:
    gate.set()
    wizard.reviews(file)
    gate.clear()
    renames(wizard, "往来单位")
    wizard.goes_on()
    wizard.flow.draft.broken_off.emit(None)
    gate.set()
    rests(qtbot, wizard)
    assert wizard.flow.phase is Phase.REVIEW


def test_who_leaves_the_workspace_meanwhile_is_not_sent_on(
    qtbot: Any, wizard: Wizard, file: Path, places: Path, gate: threading.Event
) -> None:
    gate.set()
    wizard.desktop.open_workspace(places / "销售.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    wizard.reviews(file)
    gate.clear()
    renames(wizard, "往来单位")
    wizard.goes_on()
    wizard.desktop.imports.workspace_left()
    gate.set()
    rests(qtbot, wizard)
    assert wizard.flow.phase is Phase.REVIEW


def test_a_change_after_which_nothing_can_be_imported_stays_in_the_review(
    qtbot: Any, wizard: Wizard, file: Path, gate: threading.Event
) -> None:
    gate.set()
    wizard.reviews(file)
    gate.clear()
    renames(wizard, "")
    wizard.goes_on()
    gate.set()
    rests(qtbot, wizard)
    assert wizard.flow.phase is Phase.REVIEW
    assert not wizard.page.go.isEnabled()


def test_another_way_of_reading_is_waited_for(
    qtbot: Any, wizard: Wizard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes("名称,城市\n甲,上海\n乙,北京\n丙,广州\n".encode("gb18030"))
    wizard.reviews(path)
    opened, read = threading.Event(), steps.read

    def slow(*arguments: Any) -> Draft:
        opened.wait(LONG / 1_000)
        return read(*arguments)

    monkeypatch.setattr(steps, "read", slow)
    wizard.flow.reread(replace(wizard.flow.options, encoding="big5"))
    wizard.goes_on()
    assert wizard.flow.phase is Phase.REVIEW
    opened.set()
    wizard.reaches(Phase.PLACE)
    assert wizard.flow.draft.now is not None and wizard.flow.draft.now.encoding == "big5"


def test_a_change_that_fails_is_said(qtbot: Any, wizard: Wizard, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wizard.reviews(file)

    def failing(*_arguments: Any) -> Draft:
        raise UserError("The disk is gone.")

    monkeypatch.setattr(Draft, "replanned", failing)
    renames(wizard, "往来单位")
    wizard.goes_on()
    qtbot.waitUntil(lambda: "The disk is gone." in said_by(wizard.desktop), timeout=LONG)
    assert wizard.flow.phase is Phase.REVIEW
