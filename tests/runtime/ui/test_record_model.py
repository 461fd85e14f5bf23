"""A model over many records: windowed, first page first, and still where it was after a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.store.query import Sort
from runtime.store.records import Applied
from runtime.ui.jobs import Jobs
from runtime.ui.record_drafts import Draft
from runtime.ui.record_model import SKELETON, RecordModel
from runtime.ui.record_window import KEPT, PAGE
from runtime.view import offered_fields
from tests.support.workspaces import Office

ROWS = 12_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An empty office."""
    made = Office(tmp_path)
    yield made
    made.session.close()


def fill(office: Office, count: int) -> None:
    """Customers called c0, c1, ..."""
    form = office.form("客户")
    name = form.called("名称")
    assert name is not None
    for start in range(0, count, 5000):
        part = range(start, min(start + 5000, count))
        change = BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in part], {name.id: [f"c{n:06}" for n in part]})
        assert isinstance(office.session.apply([change], "fill"), Applied)


@pytest.fixture
def make(office: Office, jobs: Jobs, qtbot: Any) -> Callable[[], RecordModel]:
    """`make()`: a model of the customers; everything has landed."""

    def made() -> RecordModel:
        form = office.form("客户")
        model = RecordModel(office.session, jobs, form, offered_fields(form))
        model.ask()
        qtbot.waitUntil(lambda: not model.busy)
        return model

    return made


def names(model: RecordModel, first: int, count: int) -> list[str]:
    """What stands in the first column."""
    return [model.index(row, 0).data() for row in range(first, first + count)]


def test_qt_finds_no_fault_with_the_model(office, make, qtmodeltester):
    fill(office, 450)
    model = make()
    qtmodeltester.check(model)


def test_nothing_is_read_on_the_thread_of_the_window(office, jobs, qtbot, monkeypatch):
    import threading

    fill(office, 300)
    threads = set()
    read = office.session.reader.rows
    monkeypatch.setattr(
        office.session.reader, "rows", lambda *a, **k: (threads.add(threading.current_thread().name), read(*a, **k))[1]
    )
    form = office.form("客户")
    model = RecordModel(office.session, jobs, form, offered_fields(form))
    model.ask()
    qtbot.waitUntil(lambda: not model.busy)
    assert threads and "MainThread" not in threads


def test_cells_that_have_not_landed_are_skeletons_until_somebody_looks(office, make, qtbot):
    fill(office, ROWS)
    model = make()
    assert model.rowCount() == ROWS
    assert names(model, 0, 2) == ["c000000", "c000001"]
    assert names(model, 9_000, 1) == [SKELETON]
    model.look(9_000, 9_020)
    qtbot.waitUntil(lambda: not model.busy)
    assert names(model, 9_000, 2) == ["c009000", "c009001"]


def test_a_fast_scroll_fetches_only_where_it_ends(office, make, qtbot, monkeypatch):
    fill(office, ROWS)
    model = make()
    fetched: list[int] = []
    page = model._reading.page
    monkeypatch.setattr(model._reading, "page", lambda listing, n, look: (fetched.append(n), page(listing, n, look))[1])
    for first in range(1_000, 11_000, PAGE):
        model.look(first, first + 20)
    model.look(11_010, 11_030)
    qtbot.waitUntil(lambda: not model.busy)
    assert len(fetched) == 2
    assert fetched[-1] == 11_010 // PAGE
    assert names(model, 11_010, 1) == ["c011010"]


def test_at_most_fifty_pages_are_kept(office, make, qtbot):
    fill(office, ROWS)
    model = make()
    for first in range(0, ROWS, PAGE):
        model.look(first, first)
        qtbot.waitUntil(lambda: not model.busy)
    assert len(model._pages) == KEPT
    assert names(model, ROWS - 1, 1) == [f"c{ROWS - 1:06}"]


def test_the_first_page_of_a_sort_is_there_before_the_rest_is_known(office, make, qtbot):
    fill(office, 3_000)
    model = make()
    said: list[tuple[int, bool]] = []
    model.counted.connect(lambda *about: said.append(about))
    model.ask(sort=[Sort(model.fields[0].id, descending=True)])
    qtbot.waitUntil(lambda: not model.busy)
    assert said == [(PAGE, False), (3_000, True)]
    assert names(model, 0, 2) == ["c002999", "c002998"]


def test_an_answer_to_an_older_question_is_not_shown(office, make, qtbot):
    fill(office, 1_000)
    model = make()
    field = model.fields[0].id
    model.ask(f'CONTAINS({{#{field}}},"c00000")')
    model.ask(f'CONTAINS({{#{field}}},"c00001")')
    model.ask(f'CONTAINS({{#{field}}},"c00002")')
    qtbot.waitUntil(lambda: not model.busy)
    assert model.rowCount() == 10
    assert names(model, 0, 1) == ["c000020"]


def test_a_question_that_cannot_be_understood_leaves_what_was_shown(office, make, qtbot):
    fill(office, 5)
    model = make()
    refused = []
    model.failed.connect(refused.append)
    model.ask("{nothing like this}=1")
    qtbot.waitUntil(lambda: not model.busy)
    assert [error.code for error in refused] == ["bad_filter"]
    assert model.rowCount() == 5


def test_records_keep_their_place_in_the_answer_after_others_were_deleted(office, make, qtbot):
    fill(office, 1_000)
    model = make()
    form = office.form("客户")
    row, gone = model.record(100), [model.record(at) for at in range(3)]
    assert row is not None
    places = []
    model.anchors = lambda: [row.n]
    model.opened.connect(lambda new, found: places.append((new, found[row.n])))
    rows = [each.id for each in gone if each is not None]
    office.session.apply([BulkChange(ChangeKind.DEL, form.id, rows)], "delete")
    model.refresh()
    qtbot.waitUntil(lambda: not model.busy)
    assert places == [(False, 97)]
    assert model.rowCount() == 997
    assert names(model, 97, 1) == ["c000100"]


def test_old_rows_are_shown_until_the_new_ones_land(office, make, qtbot):
    fill(office, 1_000)
    model = make()
    model.look(600, 620)
    qtbot.waitUntil(lambda: not model.busy)
    model.refresh()
    shown = []
    model.opened.connect(lambda new, found: shown.extend([*names(model, 600, 1), *names(model, 0, 1)]))
    qtbot.waitUntil(lambda: not model.busy)
    assert shown == ["c000600", "c000000"]


def test_a_value_that_was_read_before_the_answer_of_the_store_came_is_no_draft_any_more(office, make, qtbot):
    fill(office, 3)
    model = make()
    row, field = model.record(1), model.fields[0]
    assert row is not None
    model.set_draft(row.id, field.id, Draft("new name"))
    outcome = office.set("客户", row.id, {"名称": "new name"})
    assert isinstance(outcome, Applied)
    model.refresh()
    qtbot.waitUntil(lambda: not model.busy)
    assert model.drafts
    model.confirm([(row.id, field.id)], outcome.seq)
    assert not model.drafts
    assert names(model, 1, 1) == ["new name"]


def test_a_value_that_was_given_is_shown_until_the_store_has_it(office, make, qtbot):
    fill(office, 3)
    model = make()
    row, field = model.record(1), model.fields[0]
    assert row is not None
    model.set_draft(row.id, field.id, Draft("new name"))
    assert names(model, 1, 1) == ["new name"]
    outcome = office.set("客户", row.id, {"名称": "new name"})
    assert isinstance(outcome, Applied)
    model.confirm([(row.id, field.id)], outcome.seq)
    assert names(model, 1, 1) == ["new name"]
    model.refresh()
    qtbot.waitUntil(lambda: not model.busy)
    assert not model.drafts
    assert names(model, 1, 1) == ["new name"]


def test_columns_say_their_alignment_and_name(office, make):
    fill(office, 1)
    model = make()
    assert model.headerData(0, Qt.Orientation.Horizontal) == "名称"
    assert model.headerData(0, Qt.Orientation.Vertical) == "1"
    assert model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft


def test_a_model_that_dies_while_it_reads_is_not_told(office, jobs, qtbot, reported):
    fill(office, 500)
    form = office.form("客户")
    model = RecordModel(office.session, jobs, form, offered_fields(form))
    model.ask()
    model.deleteLater()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert reported == []
