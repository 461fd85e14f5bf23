"""Pastes, edits and undos of several commits that are killed half-way: they are told of, undone, gone on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from resources.texts import TN
from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.errors import UserError
from runtime.exchange.editing import cell_writes
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.session import Session
from runtime.store import undo
from runtime.store.records import Applied
from runtime.store.unfinished import Marking
from runtime.ui.record_saving import _in_steps
from runtime.work import Progress
from tests.support.apps import field_called
from tests.support.cuts import cuts, opened
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine
LABEL = TN("Paste {n} row", "Paste {n} rows", 9)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Three customers; work in commits of two records."""
    monkeypatch.setattr(cell_writes, "WHOLE_STEP", 2)
    monkeypatch.setattr(cell_writes, "PART", 2)
    monkeypatch.setattr(undo, "CHUNK", 2)
    office = Office(tmp_path)
    for name in "甲乙丙":
        office.new("客户", {"名称": name})
    yield office
    office.session.close()


def names(session: Session) -> list[str]:
    return sorted(record["名称"] for record in session.form("客户").records())


def rows_ever(session: Session) -> int:
    """Rows of the table, the bin included."""
    form = session.find_form("客户")
    with session._workspace.database.reader.connect() as connection:
        return int(connection.exec_driver_sql(f'SELECT count(*) FROM "f_{form.id}"').scalar_one())


def paste(session: Session) -> None:
    """Changes the first three and adds six, one of them 'x5'."""
    form = session.find_form("客户")
    name = field_called(form, "名称").id
    writes = CellWrites(form)
    for record in session.form("客户").records():
        writes.changed[record.id] = {name: record["名称"] + "+"}
    for at in range(6):
        writes.made[new_uuid()] = {name: f"x{at}"}
    assert _in_steps(session, writes.steps(), LABEL, Progress()) == ()


PASTED = sorted([*(f"{name}+" for name in "甲乙丙"), *(f"x{at}" for at in range(6))])
BEFORE = sorted("甲乙丙")


def test_a_paste_of_several_commits_that_is_killed_is_told_of_and_can_be_undone(office: Office, tmp_path: Path):
    made = cuts(office.session, tmp_path, lambda: paste(office.session))
    assert len(made) == 4
    assert office.session.unfinished == []
    assert names(office.session) == PASTED
    for at, folder in enumerate(made):
        with opened(folder) as session:
            (work,) = session.unfinished
            assert (work.label, work.done, work.total) == (str(LABEL), [2, 3, 5, 7][at], 9)
            assert names(session) != BEFORE
            session.long_work.take_back(work)
            assert names(session) == BEFORE
            assert session.unfinished == []
            assert rows_ever(session) == 3
        with opened(folder) as session:
            assert session.unfinished == []


def test_taking_back_that_is_killed_too_goes_on(office: Office, tmp_path: Path):
    first = cuts(office.session, tmp_path, lambda: paste(office.session))[-1]
    with opened(first) as session:
        (work,) = session.unfinished
        (tmp_path / "again").mkdir()
        made = cuts(session, tmp_path / "again", lambda: session.long_work.take_back(work))
    assert len(made) >= 3
    for folder in made:
        with opened(folder) as session:
            (work,) = session.unfinished
            assert work.takes_back
            session.long_work.take_back(work)
            assert (names(session), rows_ever(session), session.unfinished) == (BEFORE, 3, [])


def undo_it(session: Session) -> None:
    assert session.undo()


@pytest.mark.parametrize("again", [False, True])
def test_an_undo_or_redo_of_several_commits_that_is_killed_can_be_gone_on_with(
    office: Office, tmp_path: Path, again: bool
):
    paste(office.session)
    turn: Callable[[], object] = office.session.undo
    if again:
        assert office.session.undo()
        turn = office.session.redo
    made = cuts(office.session, tmp_path, turn)
    assert len(made) >= 4
    assert office.session.unfinished == []
    for folder in made:
        with opened(folder) as session:
            (work,) = session.unfinished
            assert work.takes_back
            assert str(LABEL) in work.label
            assert names(session) not in (BEFORE, PASTED)
            session.long_work.take_back(work)
            assert names(session) == (PASTED if again else BEFORE)
            assert session.unfinished == []
            assert rows_ever(session) == 9, "an undo leaves what it takes back in the bin"


def test_what_somebody_changed_since_the_kill_stays(office: Office, tmp_path: Path):
    folder = cuts(office.session, tmp_path, lambda: paste(office.session))[-1]
    with opened(folder) as session:
        record = next(each for each in session.form("客户").records() if each["名称"] == "x2")
        session.form("客户").update(record.id, {"备注": "mine"})
        session.long_work.take_back(session.unfinished[0])
        assert names(session) == sorted([*BEFORE, "x2"])


def test_interrupted_work_can_be_left_as_it_is(office: Office, tmp_path: Path):
    folder = cuts(office.session, tmp_path, lambda: paste(office.session))[-1]
    with opened(folder) as session:
        had = names(session)
        session.long_work.leave(session.unfinished[0])
        assert (names(session), session.unfinished) == (had, [])
    with opened(folder) as session:
        assert (names(session), session.unfinished) == (had, [])


def test_work_that_is_settled_is_not_taken_back_by_a_mark_that_is_still_held(office: Office, tmp_path: Path):
    folder = cuts(office.session, tmp_path, lambda: paste(office.session))[-1]
    with opened(folder) as session:
        (work,) = session.unfinished
        session.long_work.leave(work)
        had = names(session)
        assert session.long_work.take_back(work) == 0
        assert names(session) == had


def test_what_goes_on_just_now_is_not_interrupted_and_nobody_else_touches_it(office: Office):
    session = office.session
    seen: list[int] = []
    stop = session.listen(lambda _applied: seen.append(len(session.unfinished)))
    paste(session)
    assert session.undo()
    stop()
    assert len(seen) > 8
    assert set(seen) == {0}
    marking = Marking.of("x", 2)
    name = field_called(office.form("客户"), "名称").id
    change = BulkChange(ChangeKind.NEW, office.form("客户").id, [new_uuid()], {name: ["丁"]})
    with session.long_work.going_on(marking.mark.id):
        session.apply([change, *marking.along(1)], "x", batch=marking.mark.id)
        with ThreadPoolExecutor(1) as other, pytest.raises(UserError, match="in another place"):
            other.submit(session.long_work.take_back, marking.mark).result()
        assert session.unfinished == []
    assert [work.id for work in session.unfinished] == [marking.mark.id]
    assert session.long_work.take_back(marking.mark) == 1


def test_work_of_one_commit_is_never_marked(office: Office):
    marks: list[object] = []
    stop = office.session.listen(
        lambda applied: marks.extend(change for change in applied.changes.changes if hasattr(change, "key"))
    )
    office.new("客户", {"名称": "丁"})
    assert office.session.undo()
    assert office.session.redo()
    stop()
    assert marks == []


def test_what_is_refused_half_way_leaves_no_trace(office: Office):
    form = office.form("客户")
    name = field_called(form, "名称").id
    commits, history = office.commits(), lines(office)
    writes = CellWrites(form)
    for at in range(7):
        writes.made[new_uuid()] = {name: "乙" if at == 6 else f"x{at}"}
    assert _in_steps(office.session, writes.steps(), LABEL, Progress())
    assert len(office.commits()) > len(commits) + 3
    assert (names(office.session), rows_ever(office.session), lines(office)) == (BEFORE, 3, history)
    assert office.session.unfinished == []
    assert office.session.undo_label == "Add to 客户"
    assert office.session.damage() == []
    again = {row: {name: f"y{at}"} for at, row in enumerate(writes.made)}
    writes.made = again
    assert _in_steps(office.session, writes.steps(), LABEL, Progress()) == ()
    assert len(names(office.session)) == 10
    assert [hit.title for hit in office.session.search("y3")] == ["y3"]


def lines(office: Office) -> int:
    with office.session._workspace.database.reader.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM history").scalar_one())


def test_a_record_that_another_points_to_goes_to_the_bin_only(office: Office):
    customers, orders = office.form("客户"), office.form("订单")
    row, name = new_uuid(), field_called(customers, "名称").id
    made = office.session.apply(
        [BulkChange(ChangeKind.NEW, customers.id, [row], {name: ["丁"]})], "x", batch=new_uuid()
    )
    assert isinstance(made, Applied)
    customer = field_called(orders, "客户").id
    values = {customer: row, field_called(orders, "编号").id: "A1"}
    pointing = office.session.apply([Change(ChangeKind.NEW, orders.id, new_uuid(), values)], "y")
    assert isinstance(pointing, Applied), pointing
    office.session.abandon([made])
    assert names(office.session) == BEFORE
    assert rows_ever(office.session) == 4
    assert office.session.damage() == []


def test_a_record_that_work_took_out_of_the_bin_goes_back_there_when_the_work_is_given_up(office: Office):
    form = office.form("客户")
    row = office.session.form("客户").records()[0].id
    office.delete("客户", row)
    name = field_called(form, "名称").id
    changes = [
        BulkChange(ChangeKind.RESTORE, form.id, [row]),
        BulkChange(ChangeKind.NEW, form.id, [new_uuid()], {name: ["丁"]}),
    ]
    made = office.session.apply(changes, "x", batch=new_uuid())
    assert isinstance(made, Applied)
    office.session.abandon([made])
    assert rows_ever(office.session) == 3
    assert office.row("客户", row).deleted
    assert office.session.damage() == []


def test_numbers_that_are_given_again_are_found_by_the_search(office: Office):
    session, form = office.session, office.form("客户")
    name = field_called(form, "名称").id
    session.search("甲")  # everything is indexed
    made = session.apply([BulkChange(ChangeKind.NEW, form.id, [new_uuid()], {name: ["弃置公司"]})], "x")
    assert isinstance(made, Applied)
    assert session.search("弃置")
    session.abandon([made])
    assert session.search("弃置") == []
    office.new("客户", {"名称": "新来公司"})
    assert [hit.title for hit in session.search("新来")] == ["新来公司"]
    assert session.search("弃置") == []
