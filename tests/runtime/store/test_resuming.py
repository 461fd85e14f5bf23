"""Work that was interrupted goes on and is taken back on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import Cancelled
from runtime.exchange.importing.importer import import_all, resume
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.store.unfinished import Unfinished
from runtime.work import Progress, Step
from tests.runtime.exchange.workbooks import xlsx
from tests.support.workspaces import Office

ROWS = 11_000


@pytest.fixture
def half(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unfinished:
    """An import into a new form that ended after its first rows, as if the program had been killed."""
    session = office.session
    rows: Sequence[Sequence[Any]] = [["货号", "名称"], *[[f"K{at}", f"货{at}"] for at in range(ROWS)]]
    plan = understand(open_workbook(xlsx(tmp_path / "货.xlsx", {"货": rows}), Progress()), Progress())
    monkeypatch.setattr(session, "abandon", lambda *_: None)

    def watch(step: Step) -> None:
        if "Importing" in str(step.label) and step.done > 0:
            progress.cancel()

    progress = Progress(watch)
    with pytest.raises(Cancelled):
        import_all(session, plan, "货", {}, progress)
    monkeypatch.undo()
    (work,) = session.unfinished
    assert 0 < work.done < ROWS
    return work


def test_it_goes_on(office: Office, half: Unfinished):
    session = office.session
    assert resume(session, half, Progress()).created == ROWS
    assert (session.form("货").count(), session.unfinished) == (ROWS, [])
    assert session.undo()
    assert "货" not in [form.name for form in session.forms]


def test_it_is_taken_back(office: Office, half: Unfinished):
    session = office.session
    assert session.long_work.take_back(half) == half.done
    assert ([form.name for form in session.forms], session.unfinished) == (["客户", "订单"], [])
