"""Counting what does not fit gives way to the import itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.import_wizard import draft_work, steps
from desktop.import_wizard.flow import Phase
from runtime.errors import Cancelled, UserError
from runtime.work import Progress
from tests.desktop.wizard_hands import LONG, Wizard, codes


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> list[threading.Event]:
    """For each time that counting began an event, set when it was asked to stop; it never ends by itself."""
    begun: list[threading.Event] = []

    def count(_plan: Any, _sheet: str, _column: Any, progress: Progress) -> int:
        stopped = threading.Event()
        begun.append(stopped)
        for _ in range(LONG):
            try:
                progress.check()
            except Cancelled:
                stopped.set()
                raise
            stopped.wait(0.001)
        raise AssertionError("nobody stopped it")

    monkeypatch.setattr(draft_work, "count_misfits", count)
    return begun


def test_counting_stops_when_records_are_written(
    qtbot: Any, wizard: Wizard, places: Path, tmp_path: Path, counting: list[threading.Event]
) -> None:
    wizard.desktop.imports.open(codes(tmp_path / "codes.xlsx"))
    wizard.reaches(Phase.REVIEW)
    qtbot.waitUntil(lambda: bool(counting), timeout=LONG)
    wizard.places(places)
    assert not counting[0].is_set()
    wizard.imports()
    assert all(each.is_set() for each in counting)


def test_counting_goes_on_where_the_import_did_not_happen(
    qtbot: Any,
    wizard: Wizard,
    places: Path,
    tmp_path: Path,
    counting: list[threading.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_arguments: Any) -> Callable[[], None]:
        raise UserError("No room.")

    monkeypatch.setattr(steps, "import_into_new", refused)
    wizard.desktop.imports.open(codes(tmp_path / "codes.xlsx"))
    wizard.reaches(Phase.REVIEW)
    qtbot.waitUntil(lambda: bool(counting), timeout=LONG)
    wizard.places(places)
    before = len(counting)
    wizard.goes_on()
    qtbot.waitUntil(lambda: wizard.flow.refusal is not None, timeout=LONG)
    qtbot.waitUntil(lambda: len(counting) > before, timeout=LONG)
    wizard.desktop.imports.leave()
    qtbot.waitUntil(lambda: counting[-1].is_set(), timeout=LONG)
