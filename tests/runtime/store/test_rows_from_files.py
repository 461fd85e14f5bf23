"""Rows of a file in a form that is there: made, changed, skipped or refused, on both engines; and taken back whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from resources.texts import T
from runtime.changes import Change, ChangeKind, new_uuid
from runtime.errors import Cancelled, Refused
from runtime.exchange.importing.aim import Aim, Blank, Misfit, Mode, Twice
from runtime.exchange.importing.course import Course
from runtime.exchange.importing.importer import import_all, rehearse
from runtime.exchange.importing.into_form import IntoForm
from runtime.exchange.importing.kept_aims import keep_aim, kept_aim
from runtime.exchange.importing.proposing import aim_by_names, propose_fields
from runtime.exchange.importing.report import ImportReport
from runtime.exchange.importing.writing import RowWriting
from runtime.exchange.understanding.plan import ImportPlan
from runtime.permission.scope import Scope
from runtime.session import Session
from runtime.store.records import Applied
from runtime.store.unfinished import Unfinished
from runtime.work import Progress, Step
from tests.runtime.exchange.workbooks import plan_of
from tests.support.workspaces import Office

SHEET = "客户"


@pytest.fixture
def session(office: Office) -> Session:
    """Three customers: 甲 (高), 乙 (中), and 丙 without a level."""
    customers = office.session.form("客户")
    customers.create({"名称": "甲", "等级": "高", "备注": "老客户"})
    customers.create({"名称": "乙", "等级": "中"})
    customers.create({"名称": "丙"})
    return office.session


def a_plan(rows: Sequence[Sequence[Any]], sheet: str = SHEET) -> ImportPlan:
    """The plan of a sheet with these rows, headers first."""
    return plan_of({sheet: rows})


def an_aim(session: Session, plan: ImportPlan, form: str = "客户", key: str = "名称", **more: Any) -> Aim:
    """The aim by names, updating by `key`."""
    found = session.find_form(form)
    aim = aim_by_names(session, plan, plan.sheets[0].sheet, found)
    field = found.called(key)
    return replace(aim, **{"key": field.id if field is not None else "", "mode": Mode.UPSERT, **more})


def run(session: Session, plan: ImportPlan, aim: Aim) -> ImportReport:
    return import_all(session, plan, "x", {plan.sheets[0].sheet: aim}, Progress())


def customers(session: Session) -> dict[str, tuple[str, str | None]]:
    """Name -> level and note."""
    records = session.form("客户").records()
    return {record["名称"]: (record.text("等级"), record["备注"]) for record in records}


ROWS: list[list[Any]] = [["名称", "等级", "备注"], ["甲", "低", None], ["丁", "高", "新"], ["乙", "中", None]]
BEFORE = {"甲": ("高", "老客户"), "乙": ("中", None), "丙": ("", None)}


@pytest.mark.parametrize(
    ("mode", "counts", "after"),
    [
        (Mode.UPSERT, (1, 1, 1, 0, 0), {"甲": ("低", "老客户"), "丁": ("高", "新")}),
        (Mode.UPDATE, (0, 1, 1, 0, 1), {"甲": ("低", "老客户")}),
        (Mode.MISSING, (1, 0, 0, 2, 0), {"丁": ("高", "新")}),
        (Mode.ADD, (1, 0, 0, 0, 2), {"丁": ("高", "新")}),
    ],
)
def test_each_mode_makes_and_changes_what_it_says(
    session: Session, mode: Mode, counts: tuple[int, ...], after: dict[str, tuple[str, str | None]]
):
    plan = a_plan(ROWS)
    aim = an_aim(session, plan, mode=mode)
    rehearsed = rehearse(session, plan, {SHEET: aim}, Progress())
    assert customers(session) == BEFORE, "a rehearsal writes nothing"
    report = run(session, plan, aim)
    form = report.forms[0]
    assert (form.created, form.updated, form.unchanged, form.skipped, form.refused) == counts
    assert rehearsed.forms == report.forms
    assert rehearsed.left == report.left
    assert customers(session) == BEFORE | after
    assert session.undo()
    assert customers(session) == BEFORE
    assert session.damage() == []


TWICE = [["名称", "等级"], ["丁", "高"], ["丁", "低"], ["甲", "低"], ["甲", "中"]]


@pytest.mark.parametrize(
    ("twice", "counts", "levels", "rows"),
    [
        (Twice.REFUSE, (1, 1, 0, 2), {"丁": "高", "甲": "低"}, [3, 5]),
        (Twice.LAST, (1, 3, 0, 0), {"丁": "低", "甲": "中"}, []),
        (Twice.FIRST, (1, 1, 2, 0), {"丁": "高", "甲": "低"}, []),
    ],
)
def test_a_key_twice_in_the_file_does_what_was_chosen(
    session: Session, twice: Twice, counts: tuple[int, ...], levels: dict[str, str], rows: list[int]
):
    plan = a_plan(TWICE)
    aim = an_aim(session, plan, twice=twice)
    rehearsed = rehearse(session, plan, {SHEET: aim}, Progress())
    report = run(session, plan, aim)
    assert rehearsed.forms == report.forms
    form = report.forms[0]
    assert (form.created, form.updated, form.skipped, form.refused) == counts
    assert [left.row for left in report.left] == rows
    assert all("has the same “名称”" in left.reason for left in report.left)
    assert {name: level for name, (level, _note) in customers(session).items() if name in levels} == levels
    assert session.undo()
    assert customers(session) == BEFORE


@pytest.mark.parametrize(("blank", "note"), [(Blank.KEEP, "老客户"), (Blank.CLEAR, None)])
def test_a_blank_cell_keeps_or_empties_the_field(session: Session, blank: Blank, note: str | None):
    plan = a_plan([["名称", "等级", "备注"], ["甲", "中", None], ["乙", None, "回访"]])
    run(session, plan, an_aim(session, plan, blank=blank))
    found = customers(session)
    assert found["甲"] == ("中", note)
    assert found["乙"] == (("中", "回访") if blank is Blank.KEEP else ("", "回访"))


def test_several_records_with_the_key_refuse_the_row(session: Session):
    orders = session.form("订单")
    for number in ("D1", "D1", "D2"):
        orders.create({"编号": number})
    plan = a_plan([["编号", "数量"], ["D1", 5], ["D2", 6], [None, 7]], "订单")
    report = run(session, plan, an_aim(session, plan, "订单", "编号"))
    assert [(left.row, left.reason) for left in report.left] == [
        (2, "2 records have this “编号”."),
        (4, "“编号” is blank, so no record can be found for the row."),
    ]
    assert [record["数量"] for record in orders.records()] == [None, None, 6]


def test_cells_that_do_not_fit_refuse_their_row_or_are_left_out_alone(session: Session):
    rows: list[list[Any]] = [
        ["编号", "数量", "单价", "日期"],
        ["D1", "五", 1.5, "2026-02-30"],
        ["D2", 3, "x", "2026-02-03"],
        ["D3", 4, 2, None],
    ]
    plan = a_plan(rows, "订单")
    report = run(session, plan, an_aim(session, plan, "订单", mode=Mode.ADD))
    assert (report.created, report.refused) == (1, 2)
    assert [(left.row, left.column, left.text, left.whole_row) for left in report.left] == [
        (2, "数量", "五", True),
        (2, "日期", "2026-02-30", True),
        (3, "单价", "x", True),
    ]
    assert session.undo()
    report = run(session, plan, an_aim(session, plan, "订单", mode=Mode.ADD, misfit=Misfit.BLANK))
    assert (report.created, report.refused, len(report.left)) == (3, 0, 3)
    assert [record["单价"] for record in session.form("订单").records()] == [Decimal("1.5"), None, Decimal(2)]


def test_what_the_door_refuses_is_listed_and_the_rest_goes_on(session: Session):
    plan = a_plan([["编号", "重量"], ["D1", -1], ["D2", 2], [None, 3]], "订单")
    report = run(session, plan, an_aim(session, plan, "订单", mode=Mode.ADD))
    assert report.created == 1
    assert [(left.row, left.reason) for left in report.left] == [(2, "重量不能为负。"), (4, "“编号” is required.")]


def test_unknown_options_are_listed_with_the_nearest_one_or_added(session: Session):
    plan = a_plan([["名称", "等级"], ["丁", "高級"], ["戊", "特"], ["己", "特"]])
    aim = an_aim(session, plan)
    report = run(session, plan, aim)
    assert [left.reason for left in report.left] == [
        "“高級” is not one of the options. Did you mean “高”?",
        "“特” is not one of the options.",
        "“特” is not one of the options.",
    ]
    level = session.find_form("客户").called("等级")
    assert level is not None
    aim = replace(aim, add_options=frozenset({level.id}))
    assert rehearse(session, plan, {SHEET: aim}, Progress()).refused == 0
    report = run(session, plan, aim)
    assert (report.created, report.left) == (3, [])
    assert {name: level for name, (level, _note) in customers(session).items()}["己"] == "特"
    assert session.undo()
    again = session.find_form("客户").called("等级")
    assert again is not None
    assert [option.label for option in again.props.options] == ["高", "中", "低"]
    assert customers(session) == BEFORE


def test_a_relation_finds_its_record_lists_what_it_does_not_find_and_can_make_it(session: Session):
    plan = a_plan([["编号", "客户"], ["D1", "甲"], ["D2", "丁"], ["D3", "丁"], ["D4", None]], "订单")
    aim = an_aim(session, plan, "订单", mode=Mode.ADD)
    report = run(session, plan, aim)
    assert (report.created, [(left.row, left.text) for left in report.left]) == (2, [(3, "丁"), (4, "丁")])
    assert session.undo()
    relation = session.find_form("订单").called("客户")
    assert relation is not None
    aim = replace(aim, add_records=frozenset({relation.id}))
    assert rehearse(session, plan, {"订单": aim}, Progress()).forms[0].created == 4
    assert "丁" not in customers(session)
    assert run(session, plan, aim).created == 4
    names = [record.text("客户") for record in session.form("订单").records()]
    assert names == ["甲", "丁", "丁", ""]
    assert len(customers(session)) == 4
    assert session.undo()
    assert customers(session) == BEFORE


def test_a_name_that_two_records_have_is_listed_with_both(session: Session):
    app = session.apps[session.find_form("客户").app]
    form = session.find_form("客户")
    name, note = form.called("名称"), form.called("备注")
    assert name is not None
    assert note is not None
    free = app.nodes[name.id].with_props(unique=False)
    session.publish(app.replacing({name.id: free, form.id: app.nodes[form.id].with_props(key_field=note.id)}))
    session.form("客户").create({"名称": "甲", "备注": "新客户"})
    plan = a_plan([["编号", "客户"], ["D1", "甲"], ["D2", "新客户"], ["D3", "新"]], "订单")
    report = run(session, plan, an_aim(session, plan, "订单", mode=Mode.ADD))
    assert report.created == 1
    assert "2 records of “客户” are called “甲”." in report.left[0].reason
    assert "老客户, 新客户" in report.left[0].reason


def test_a_record_that_the_person_may_not_see_is_not_told_of(office: Office, session: Session):
    plan = a_plan([["名称", "等级"], ["甲", "低"], ["乙", "低"]])
    form = session.find_form("客户")
    limited = Session(session._workspace, scope=Scope(rows=((form.id, '{名称}="乙"'),)))
    report = run(limited, plan, an_aim(limited, plan))
    assert [(left.row, left.reason) for left in report.left] == [(2, "This row cannot be imported.")]
    assert customers(session)["甲"] == BEFORE["甲"]
    assert customers(session)["乙"][0] == "低"


def test_fields_that_cannot_be_filled_take_no_column(session: Session):
    form = session.find_form("订单")
    headers = dict(enumerate(["编 号", "单价（元）", "金额", "数量", "ORDER"]))
    names = {form.by_id[field].name for field in propose_fields(headers, form, session.scope).values()}
    assert names == {"编号", "单价", "数量"}, "the amount is computed"


def test_a_mapping_comes_back_for_a_file_of_the_same_kind(session: Session):
    plan = a_plan([["客户名", "级别", "多余"], ["丁", "高", 1]])
    form = session.find_form("客户")
    name, level = form.called("名称"), form.called("等级")
    assert name is not None
    assert level is not None
    aim = Aim(form.id, {0: name.id, 1: level.id}, Mode.UPSERT, name.id, blank=Blank.CLEAR)
    keep_aim(session, plan, SHEET, aim, "2026-11-22")
    assert kept_aim(session, plan, SHEET, form) == aim
    other = a_plan([["级别", "Why the row was left out", "客户名"], ["高", "x", "戊"]])
    assert kept_aim(session, other, SHEET, form) == replace(aim, fields={0: level.id, 2: name.id})
    assert kept_aim(session, a_plan([["客户名", "x"], ["丁", 1]]), SHEET, form) is None
    app = session.apps[form.app]
    session.publish(app.replacing({level.id: app.nodes[level.id].with_props(read_only=True)}))
    assert kept_aim(session, plan, SHEET, session.find_form("客户")) is None


def test_a_cancelled_import_into_a_form_leaves_it_as_it_was(session: Session):
    rows: list[list[Any]] = [["名称", "等级"], *[[f"客户{at:05}", "高"] for at in range(12_000)], ["甲", "低"]]
    plan = a_plan(rows)

    def watch(step: Step) -> None:
        if step.done >= 5_000:
            progress.cancel()

    progress = Progress(watch)
    with pytest.raises(Cancelled):
        import_all(session, plan, "x", {SHEET: an_aim(session, plan)}, progress)
    assert customers(session) == BEFORE
    assert session.undo_label != "Import into 客户"
    assert session.damage() == []


def test_a_file_that_comes_again_changes_nothing(session: Session):
    plan = a_plan(ROWS)
    aim = an_aim(session, plan)
    run(session, plan, aim)
    before = customers(session)
    report = run(session, plan, aim)
    assert (report.created, report.updated, report.forms[0].unchanged) == (0, 0, 3)
    assert customers(session) == before


def test_options_that_an_import_added_come_back_with_its_records(session: Session):
    plan = a_plan([["名称", "等级"], ["丁", "特"]])
    aim = an_aim(session, plan)
    run(session, plan, replace(aim, add_options=frozenset(aim.fields.values())))
    assert session.undo()
    assert session.redo()
    assert customers(session)["丁"][0] == "特"
    assert session.undo()
    assert customers(session) == BEFORE
    assert session.damage() == []


def test_an_option_that_somebody_uses_since_is_not_taken_away(session: Session):
    plan = a_plan([["名称", "等级"], ["丁", "特"]])
    aim = an_aim(session, plan)
    run(session, plan, replace(aim, add_options=frozenset(aim.fields.values())))
    form = session.find_form("客户")
    record = session.form("客户").records(where='{名称}="丙"')[0]
    level = form.called("等级")
    assert level is not None
    special = level.kind.parse("特", level.props)
    outcome = session.apply([Change(ChangeKind.SET, form.id, record.id, {level.id: special})], "Change")
    assert isinstance(outcome, Applied)
    with pytest.raises(Refused):
        session.undo()
    assert customers(session)["丙"][0] == "特"


@pytest.mark.one_engine
def test_what_a_killed_import_changed_is_taken_back_at_the_next_opening(office: Office, session: Session):
    plan = a_plan(ROWS)
    course = Course(Unfinished("Import", new_uuid().hex, 3), [SHEET])
    writing = RowWriting(session, T("Import into {form}", form="客户"), course)
    IntoForm(session, plan, SHEET, an_aim(session, plan), writing).run(Progress())  # and is killed before it ends
    assert customers(session) != BEFORE
    office.reopen()
    (work,) = office.session.unfinished
    assert office.session.long_work.take_back(work) == 1
    assert office.session.unfinished == []
    assert customers(office.session) == BEFORE
    assert office.session.damage() == []


def test_a_cell_that_cannot_be_read_empties_nothing(session: Session) -> None:
    plan = a_plan([["名称", "等级", "备注"], ["甲", "最高", "新"], ["乙", None, None]])
    aim = an_aim(session, plan, blank=Blank.CLEAR, misfit=Misfit.BLANK)
    report = run(session, plan, aim)
    assert customers(session) == {"甲": ("高", "新"), "乙": ("", None), "丙": ("", None)}
    assert [(left.column, left.text) for left in report.left] == [("等级", "最高")]
