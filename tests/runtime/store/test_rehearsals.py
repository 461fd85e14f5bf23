"""A rehearsal says what the import then does, and nobody waits for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from runtime.changes import ChangeSet
from runtime.definition.edits import SetProperty
from runtime.errors import Cancelled, UserError
from runtime.exchange.importing import into_form
from runtime.exchange.importing.aim import Aim, Misfit, Mode, Twice
from runtime.exchange.importing.importer import import_all, rehearse
from runtime.exchange.importing.proposing import aim_by_names
from runtime.exchange.understanding.plan import ImportPlan
from runtime.session import Session
from runtime.store import disk, trial_copy
from runtime.store.records import Outcome, Records
from runtime.work import Progress, Step
from tests.runtime.exchange.workbooks import plan_of
from tests.support.workspaces import Office

SHEET = "客户"


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two customers; names are unique, levels needed; rows go in by twos."""
    monkeypatch.setattr(into_form, "CHUNK", 2)
    office.new("客户", {"名称": "甲", "等级": "高"})
    office.new("客户", {"名称": "乙", "等级": "中"})
    level = office.form("客户").called("等级")
    assert level is not None
    office.session.publish(SetProperty(level.id, "required", True).apply(office.app))
    return office


def an_aim(session: Session, plan: ImportPlan, **more: Any) -> dict[str, Aim]:
    form = session.find_form("客户")
    name, level = form.called("名称"), form.called("等级")
    assert name is not None and level is not None
    aim = aim_by_names(session, plan, SHEET, form)
    return {SHEET: replace(aim, **{"key": name.id, "add_options": frozenset({level.id})} | more)}


ROWS = [
    ["名称", "等级", "备注"],
    ["甲", "低", "1"], ["丙", "高", "2"], ["丙", "低", "3"], ["丁", "特", "4"], ["戊", None, "5"],
    ["乙", "高", "6"], ["丁", "低", "7"], ["己", "特", "8"], ["丙", "中", "9"], ["甲", "高", "10"],
]  # fmt: skip


@pytest.mark.parametrize("twice", Twice)
@pytest.mark.parametrize("mode", Mode)
def test_it_says_what_the_import_then_does_across_chunks(office: Office, mode: Mode, twice: Twice):
    session, plan = office.session, plan_of({SHEET: ROWS})
    aims = an_aim(session, plan, mode=mode, twice=twice, misfit=Misfit.BLANK)
    if mode is Mode.ADD:
        aims[SHEET] = replace(aims[SHEET], key="")
    commits = office.commits()
    tried = rehearse(session, plan, aims, Progress())
    assert office.commits() == commits
    assert session.unfinished == []
    done = import_all(session, plan, "x", aims, Progress())
    assert tried.forms == done.forms
    assert tried.left == done.left
    assert tried.doubts == done.doubts
    assert session.damage() == []


def test_new_forms_are_tried_too(office: Office):
    session = office.session
    rows = [["货号", "名称"], *[[f"K{at}", f"货{at}"] for at in range(30)]]
    plan = plan_of({"货": rows, SHEET: ROWS})
    aims = an_aim(session, plan, mode=Mode.UPSERT, twice=Twice.LAST)
    tried = rehearse(session, plan, aims, Progress())
    assert [form.name for form in session.forms] == ["客户", "订单"]
    done = import_all(session, plan, "x", aims, Progress())
    assert [replace(form, form="") for form in tried.forms] == [replace(form, form="") for form in done.forms]
    assert tried.left == done.left


def test_others_save_while_it_goes_on(office: Office):
    session, plan = office.session, plan_of({SHEET: ROWS})
    saved: list[str] = []

    def save(step: Step) -> None:
        if "Importing" in str(step.label) and not saved:
            thread = threading.Thread(
                target=lambda: saved.append(str(office.new("客户", {"名称": "新", "等级": "高"})))
            )
            thread.start()
            thread.join(20)

    rehearse(session, plan, an_aim(session, plan, mode=Mode.UPSERT), Progress(save))
    assert saved, "a save in the middle of it does not wait for its end"
    assert session.form("客户").count() == 3


@pytest.mark.one_engine
@pytest.mark.parametrize("how", ["done", "cancelled"])
def test_no_copy_is_left(office: Office, how: str):
    session, plan = office.session, plan_of({SHEET: ROWS})

    def watch(step: Step) -> None:
        assert list(session.folder.glob(trial_copy.FILES)) or "copy" in str(step.label)
        if how == "cancelled" and step.done >= 4:
            progress.cancel()

    progress = Progress(watch)
    if how == "cancelled":
        with pytest.raises(Cancelled):
            rehearse(session, plan, an_aim(session, plan, mode=Mode.UPSERT), progress)
    else:
        rehearse(session, plan, an_aim(session, plan, mode=Mode.UPSERT), progress)
    assert not list(session.folder.glob("trial*"))


def test_cancelled_it_stops_at_once_and_takes_nothing_back(office: Office, monkeypatch: pytest.MonkeyPatch):
    session, plan = office.session, plan_of({SHEET: ROWS})
    written: list[ChangeSet] = []
    apply = Records.apply

    def noted(records: Records, changes: ChangeSet, *more: Any) -> Outcome:
        written.append(changes)
        return apply(records, changes, *more)

    def watch(step: Step) -> None:
        if step.done >= 4 and "Importing" in str(step.label):
            progress.cancel()

    progress = Progress(watch)
    monkeypatch.setattr(Records, "apply", noted)
    with pytest.raises(Cancelled):
        rehearse(session, plan, an_aim(session, plan, mode=Mode.UPSERT), progress)
    assert len(written) >= 3, "it had begun"
    assert not any(changes.takes_back for changes in written)


@pytest.mark.one_engine
def test_what_a_killed_rehearsal_left_goes_at_the_next_opening(office: Office):
    for ending in ("", "-wal", "-shm", "-journal"):
        (office.session.folder / f"trial-0123.db{ending}").write_bytes(b"x")
    office.reopen()
    assert not list(office.session.folder.glob("trial*"))


@pytest.mark.one_engine
def test_it_is_refused_where_the_disk_has_no_room_for_a_copy(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk, "TOO_LOW_TO_IMPORT", 1 << 60)
    plan = plan_of({SHEET: ROWS})
    with pytest.raises(UserError, match="no room on the disk"):
        rehearse(office.session, plan, an_aim(office.session, plan, mode=Mode.UPSERT), Progress())


def test_two_at_once_do_not_meet(office: Office):
    session = office.session
    with session.rehearsal(Progress()) as first:
        with session.rehearsal(Progress()) as other:
            other.form("客户").create({"名称": "丙", "等级": "高"})
            with session.rehearsal(Progress()) as third:
                assert third.form("客户").count() == 2
            assert (other.form("客户").count(), first.form("客户").count()) == (3, 2)
        first.form("客户").create({"名称": "丁", "等级": "高"})
        assert [record["名称"] for record in first.form("客户").records()] == ["甲", "乙", "丁"]
    assert session.form("客户").count() == 2
