"""Imports that are killed after each of their commits: gone on with to the same end, or undone; never doubled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resources.texts import T
from runtime.changes import BulkChange, ChangeSet
from runtime.definition.edits import SetKind
from runtime.errors import UserError
from runtime.exchange.importing import importer, into_form, kept_import
from runtime.exchange.importing.aim import Aim, Misfit, Mode, Twice
from runtime.exchange.importing.importer import import_all, resume
from runtime.exchange.importing.kept_aims import keep_aims
from runtime.exchange.importing.kept_import import obstacle
from runtime.exchange.importing.own_form import own_form
from runtime.exchange.importing.proposing import aim_by_names
from runtime.exchange.importing.report import ImportReport
from runtime.exchange.readers.options import Options
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session
from runtime.store.records import Outcome
from runtime.work import Progress
from tests.runtime.exchange.workbooks import xlsx
from tests.support.apps import field_called
from tests.support.cuts import cuts, opened
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine
SHEET = "客户"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Three customers; rows go into forms in chunks of three."""
    monkeypatch.setattr(into_form, "CHUNK", 3)
    office = Office(tmp_path / "here")
    for name, level in (("甲", "高"), ("乙", "中"), ("丙", None)):
        office.session.form("客户").create({"名称": name, "等级": level})
    yield office
    office.session.close()


def a_plan(path: Path, rows: Sequence[Sequence[Any]], sheet: str = SHEET) -> ImportPlan:
    return understand(open_workbook(xlsx(path, {sheet: rows}), Progress()), Progress())


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Form -> its records as they are shown, in the order of their texts."""
    return {
        form.name: sorted(
            tuple(record.text(field.name) for field in form.fields) for record in session.form(form.id).records()
        )
        for form in session.forms
    }


def told(report: ImportReport) -> tuple[Any, ...]:
    """What a report says, ids and seconds aside."""
    counts = [replace(form, form="") for form in report.forms]
    left = [(each.sheet, each.row, each.column, each.text, each.reason, each.whole_row) for each in report.left]
    return counts, sorted(left), report.doubts


ROWS: list[list[Any]] = [
    ["名称", "等级", "备注"],
    ["甲", "低", "1"], ["丁", "高", "2"], ["丁", "低", "3"],
    ["戊", "最高", "4"], ["己", "中", "5"], ["乙", "中", "6"],
    ["庚", None, "7"], ["甲", "高", "8"], ["辛", "特", "9"],
    ["辛", "高", "10"], ["戊", "低", "11"], [None, "低", "12"],
]  # fmt: skip


AIMS: list[dict[str, Any]] = [
    {"mode": Mode.UPSERT, "twice": Twice.LAST, "misfit": Misfit.BLANK},
    {"mode": Mode.UPSERT, "twice": Twice.REFUSE},
    {"mode": Mode.MISSING, "twice": Twice.LAST, "misfit": Misfit.BLANK},
    {"mode": Mode.MISSING, "twice": Twice.FIRST, "misfit": Misfit.BLANK},
    {"mode": Mode.UPDATE, "twice": Twice.LAST},
    {"mode": Mode.ADD, "key": "", "misfit": Misfit.BLANK},
]


def an_aim(session: Session, plan: ImportPlan, **more: Any) -> dict[str, Aim]:
    form = session.find_form("客户")
    key, level = form.called("名称"), form.called("等级")
    assert key is not None and level is not None
    aim = aim_by_names(session, plan, SHEET, form)
    return {SHEET: replace(aim, **{"key": key.id, "add_options": frozenset({level.id})} | more)}


@pytest.mark.parametrize("more", AIMS, ids=lambda more: f"{more['mode']}-{more.get('twice', 'any')}")
def test_an_import_into_a_form_goes_on_after_any_of_its_commits(office: Office, tmp_path: Path, more: dict[str, Any]):
    session = office.session
    before = everything(session)
    plan = a_plan(tmp_path / "a.xlsx", ROWS)
    reports: list[ImportReport] = []
    aims = an_aim(session, plan, **more)
    made = cuts(session, tmp_path, lambda: reports.append(import_all(session, plan, "x", aims, Progress())))
    after = everything(session)
    assert len(made) >= 2
    assert session.unfinished == []
    for folder in made:
        with opened(folder) as later:
            (work,) = later.unfinished
            assert "a.xlsx" in work.label and "客户" in work.label
            assert (work.total, obstacle(work)) == (12, None)
            report = resume(later, work, Progress())
            assert everything(later) == after
            assert told(report) == told(reports[0])
            assert later.unfinished == []
            assert later.undo()
            assert everything(later) == before
            assert later.undo_label is None


def test_an_import_into_a_form_is_undone_after_any_of_its_commits(office: Office, tmp_path: Path):
    session = office.session
    before, plan = everything(session), a_plan(tmp_path / "a.xlsx", ROWS)
    aims = an_aim(session, plan, **AIMS[0])
    made = cuts(session, tmp_path, lambda: import_all(session, plan, "x", aims, Progress()))
    for folder in made:
        with opened(folder) as later:
            later.long_work.take_back(later.unfinished[0])
            assert (everything(later), later.unfinished) == (before, [])


def people(path: Path) -> ImportPlan:
    """Orders point to people, people to each other; more than one chunk of each."""
    staff = [["工号", "姓名", "上级工号"], *[[f"P{at:05}", f"人{at}", f"P{at // 2:05}"] for at in range(7_000)]]
    orders: list[list[Any]] = [["单号", "工号", "状态", "数量"]]
    orders += [[f"A{at}", f"P{at % 7_000:05}", "新老旧"[at % 3], at % 97] for at in range(11_000)]
    return understand(open_workbook(xlsx(path, {"订单表": orders, "员工": staff}), Progress()), Progress())


def test_an_import_into_new_forms_with_relations_goes_on_after_any_of_its_commits(office: Office, tmp_path: Path):
    session = office.session
    before, plan, reports = everything(session), people(tmp_path / "公司.xlsx"), list[ImportReport]()
    assert any(column.relation for sheet in plan.sheets for column in sheet.columns)
    made = cuts(session, tmp_path, lambda: reports.append(import_all(session, plan, "公司", {}, Progress())))
    after = everything(session)
    assert len(made) >= 6
    done = []
    for folder in (made[0], made[2], made[-1]):
        with opened(folder) as later:
            (work,) = later.unfinished
            done.append(work.done)
            assert told(resume(later, work, Progress())) == told(reports[0])
            assert everything(later) == after
            assert later.undo()
            assert (everything(later), later.undo_label) == (before, None)
    assert done[0] == 0 < done[1] < done[2] == 18_000


def test_going_on_that_is_killed_too_goes_on(office: Office, tmp_path: Path):
    session, plan = office.session, a_plan(tmp_path / "a.xlsx", ROWS)
    aims = an_aim(session, plan, **AIMS[0])
    first = cuts(session, tmp_path, lambda: import_all(session, plan, "x", aims, Progress()))[1]
    after = everything(session)
    (tmp_path / "again").mkdir()
    with opened(first) as later:
        again = cuts(later, tmp_path / "again", lambda: resume(later, later.unfinished[0], Progress()))
    assert len(again) > 1
    for folder in again[:-1]:  # the last one has everything but where the sheet went, which is kept at the end
        with opened(folder) as last:
            resume(last, last.unfinished[0], Progress())
            assert (everything(last), last.unfinished) == (after, [])


@pytest.fixture
def half(office: Office, tmp_path: Path) -> Path:
    """An import into 客户 that was killed after its second commit."""
    session, plan = office.session, a_plan(tmp_path / "a.xlsx", ROWS)
    aims = an_aim(session, plan, **AIMS[0])
    return cuts(session, tmp_path, lambda: import_all(session, plan, "x", aims, Progress()))[1]


def test_a_file_that_was_changed_or_is_gone_is_not_gone_on_with(half: Path, tmp_path: Path):
    file = tmp_path / "a.xlsx"
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"x")
    with opened(half) as session:
        (work,) = session.unfinished
        was = everything(session)
        hindrance = obstacle(work)
        assert hindrance is not None and hindrance.code == "file_changed"
        with pytest.raises(UserError, match="was changed since"):
            resume(session, work, Progress())
        file.unlink()
        hindrance = obstacle(work)
        assert hindrance is not None and hindrance.code == "file_gone"
        with pytest.raises(UserError, match="no longer where it was"):
            resume(session, work, Progress())
        assert (everything(session), session.unfinished) == (was, [work])
        elsewhere = tmp_path / "moved" / "b.xlsx"
        elsewhere.parent.mkdir()
        elsewhere.write_bytes(content)
        resume(session, work, Progress(), [elsewhere])
        assert session.unfinished == []


def test_what_was_changed_between_the_kill_and_going_on_stays(half: Path, office: Office):
    with opened(half) as session:
        record = next(each for each in session.form("客户").records() if each["名称"] == "甲")
        session.form("客户").update(record.id, {"备注": "mine"})
        gone = next(each for each in session.form("客户").records() if each["名称"] == "丁")
        session.form("客户").delete(gone.id)
        report = resume(session, session.unfinished[0], Progress())
        found = {record["名称"]: record["备注"] for record in session.form("客户").records()}
        assert "丁" not in found, "what the person took away is not imported again"
        assert found["甲"] == "8", "the file says so again in a later row"
        assert found["庚"] == "7"
        assert report.created == 5


def test_an_app_that_was_taken_away_is_not_gone_on_with(office: Office, tmp_path: Path):
    session = office.session
    plan = a_plan(tmp_path / "新.xlsx", [["货号", "名称"], *[[f"K{at}", f"货{at}"] for at in range(6_000)]], "货")
    folder = cuts(session, tmp_path, lambda: import_all(session, plan, "货", {}, Progress()))[1]
    with opened(folder) as later:
        form = later.find_form("货")
        from runtime.changes import DefinitionChange

        later.apply([DefinitionChange(form.app, later.apps[form.app].version, b"")], "Take away")
        with pytest.raises(UserError, match="taken away"):
            resume(later, later.unfinished[0], Progress())
        later.long_work.take_back(later.unfinished[0])
        assert later.unfinished == []


def test_an_app_with_a_field_of_another_type_since_is_not_gone_on_with(office: Office, tmp_path: Path):
    session = office.session
    plan = a_plan(tmp_path / "新.xlsx", [["货号", "名称"], *[[f"K{at}", f"货{at}"] for at in range(6_000)]], "货")
    folder = cuts(session, tmp_path, lambda: import_all(session, plan, "货", {}, Progress()))[1]
    with opened(folder) as later:
        form = later.find_form("货")
        name = field_called(form, "名称").id
        later.publish(SetKind(name, "field.integer", {}).apply(later.apps[form.app]), lossy=[name])
        before = later.form("货").count()
        with pytest.raises(UserError, match="changed since"):
            resume(later, later.unfinished[0], Progress())
        assert (len(later.unfinished), later.form("货").count()) == (1, before)
        later.publish(SetKind(name, "field.text", {}).apply(later.apps[form.app]))
        resume(later, later.unfinished[0], Progress())
        assert later.form("货").count() == 6_000


def test_an_import_whose_file_changes_while_it_is_looked_at_can_only_be_undone(office: Office, tmp_path: Path):
    session, path = office.session, tmp_path / "a.xlsx"
    plan = a_plan(path, ROWS)
    path.write_bytes(path.read_bytes() + b" ")
    aims = an_aim(session, plan, **AIMS[0])
    folder = cuts(session, tmp_path, lambda: import_all(session, plan, "x", aims, Progress()))[0]
    with opened(folder) as later:
        (work,) = later.unfinished
        hindrance = obstacle(work)
        assert hindrance is not None and hindrance.code == "nothing_kept"
        later.long_work.take_back(work)


def test_a_plan_that_is_too_large_to_keep_can_only_be_undone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("runtime.store.personal.LARGEST", 1_500)
    session, plan = office.session, a_plan(tmp_path / "a.xlsx", ROWS)
    aims = an_aim(session, plan, **AIMS[0])
    folder = cuts(session, tmp_path, lambda: import_all(session, plan, "x", aims, Progress()))[0]
    monkeypatch.undo()
    with opened(folder) as later:
        assert later.unfinished[0].resume is None
        later.long_work.take_back(later.unfinished[0])


def test_the_password_of_a_file_is_never_kept(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = xlsx(tmp_path / "a.xlsx", {SHEET: ROWS})
    book = open_workbook(path, Progress(), options=Options(password="geheim"))
    plan = understand(book, Progress())
    kept = kept_import.KeptImport.of(plan, "x", {}, [], None)
    assert kept is not None and kept.locked
    assert "geheim" not in repr(kept.as_json())


def test_a_cancelled_import_leaves_no_trace_and_no_mark(office: Office, tmp_path: Path):
    from runtime.errors import Cancelled
    from runtime.work import Step

    session, plan = office.session, a_plan(tmp_path / "a.xlsx", ROWS)
    before = everything(session)

    def watch(step: Step) -> None:
        if step.done >= 6:
            progress.cancel()

    progress = Progress(watch)
    with pytest.raises(Cancelled):
        import_all(session, plan, "x", an_aim(session, plan, **AIMS[0]), progress)
    assert (everything(session), session.unfinished) == (before, [])


def test_a_failure_right_after_a_commit_leaves_no_trace_either(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    session, plan = office.session, a_plan(tmp_path / "a.xlsx", ROWS)
    before, applied, written = everything(session), session._workspace.records.apply, 0

    def apply(changes: ChangeSet, *rest: Any) -> Outcome:
        nonlocal written
        outcome = applied(changes, *rest)
        written += any(isinstance(each, BulkChange) for each in changes.changes)
        if written == 2:
            monkeypatch.undo()
            raise UserError(T("The disk is full."))
        return outcome

    monkeypatch.setattr(session._workspace.records, "apply", apply)
    with pytest.raises(UserError, match="full"):
        import_all(session, plan, "x", an_aim(session, plan, **AIMS[0]), Progress())
    assert (everything(session), session.unfinished) == (before, [])


def test_an_import_that_an_earlier_program_began_goes_on_in_the_order_of_that_program(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It filled new forms first, then the ones that were there."""
    session = office.session
    goods = [["商品编码", "商品", "单价"], *[[f"SP{at:04}", f"商品{at}", at * 2.5] for at in range(1, 9)]]
    file = xlsx(tmp_path / "a.xlsx", {SHEET: ROWS, "商品": goods})
    plan = understand(open_workbook(file, Progress()), Progress())
    aims = an_aim(session, plan, **AIMS[0])
    with monkeypatch.context() as earlier:
        earlier.setattr(importer, "_named_first", lambda *_: [])
        made = cuts(session, tmp_path, lambda: import_all(session, plan, "x", aims, Progress()))
    after = everything(session)
    assert len(after["商品"]) == 8
    for folder in made:
        with opened(folder) as later:
            resume(later, later.unfinished[0], Progress())
            assert (everything(later), later.unfinished) == (after, [])


def remembered(session: Session) -> dict[str, Any]:
    """What is kept about where sheets went, but for the moment."""
    return {key: {**body, "used": ""} for key, body in session.kept("mapping/").items()}


def test_where_the_sheets_went_is_remembered_as_if_nothing_had_happened(office: Office, tmp_path: Path):
    session = office.session
    goods = [["商品编码", "商品", "单价"], *[[f"SP{at:04}", f"商品{at}", at * 2.5] for at in range(1, 9)]]
    file = xlsx(tmp_path / "a.xlsx", {SHEET: ROWS, "商品": goods})
    plan = understand(open_workbook(file, Progress()), Progress())
    aims = an_aim(session, plan, **AIMS[0])
    reports: list[ImportReport] = []
    made = cuts(session, tmp_path, lambda: reports.append(import_all(session, plan, "x", aims, Progress())))
    keep_aims(session, plan, aims, reports[0].made)
    kept = remembered(session)
    assert sorted(body["made"] for body in kept.values()) == [False, True]
    for folder in made:
        with opened(folder) as later:
            assert remembered(later) == {}
            resume(later, later.unfinished[0], Progress())
            assert remembered(later) == kept
            home = own_form(later, plan, SHEET, later.forms)
            assert home is not None and (home.sure, home.aim) == (True, aims[SHEET])
            assert later.undo_label is not None and later.undo()


def test_an_import_that_is_undone_instead_is_not_remembered(half: Path):
    with opened(half) as session:
        session.long_work.take_back(session.unfinished[0])
        assert remembered(session) == {}
