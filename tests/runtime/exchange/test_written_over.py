"""How many records rows would write over: as many as the import then changes, whatever its aim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from runtime.errors import Cancelled
from runtime.exchange.importing import written_over as module
from runtime.exchange.importing.aim import Aim, Blank, Misfit, Mode, Twice
from runtime.exchange.importing.asking import first_aim
from runtime.exchange.importing.importer import import_all, rehearse
from runtime.exchange.importing.kept_aims import keep_aim, keep_aims
from runtime.exchange.importing.likeness import MOST_ALIKE
from runtime.exchange.importing.own_form import own_form
from runtime.exchange.importing.proposing import propose
from runtime.exchange.importing.written_over import WrittenOver, over_words, written_over
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.form import Form
from runtime.session import Session, open_workspace
from runtime.work import Progress, Step
from tests.runtime.exchange.workbooks import Rows, xlsx

WAGES: list[list[Any]] = [
    ["工号", "姓名", "基本工资", "奖金", "备注"],
    *([f"A{n:04}", f"员工{n}", 5000 + n, 100 + n * 7, "x" if n % 3 else None] for n in range(200)),
]
NEWS: list[list[Any]] = [
    ["工号", "姓名", "基本工资", "奖金", "备注"],
    ["A0000", "员工0", 5000, 100, None],
    ["A0001", "员工1", 5001, 999, "x"],
    ["A0002", "员工2", 5002, 114, None],
    ["A0003", "员工3", "许多", 121, None],
    ["A0003", "员工3", 5003, 120, None],
    ["A0004", "员工4", 5004, 128, "x"],
    ["A0004", "员工4", 1, 128, "x"],
    ["A9999", "新人", 1, 2, "x"],
    ["A9999", "新人", 1, 3, "x"],
    [None, "无号", 1, 2, "x"],
    ["A0150", "改名", 5150, 1150, "无"],
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        session.import_file(xlsx(tmp_path / "工资.xlsx", {"工资": WAGES}))
        yield session


def plan_of(path: Path, rows: Rows) -> ImportPlan:
    return understand(open_workbook(xlsx(path, {"工资": rows}), Progress()), Progress())


def aim_of(session: Session, plan: ImportPlan) -> Aim:
    form = session.find_form("工资")
    key = form.called("工号")
    assert key is not None
    return replace(first_aim(session, plan, "工资", form), mode=Mode.UPSERT, key=key.id)


def test_it_counts_what_the_import_then_changes(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 3)
    plan = plan_of(tmp_path / "六月.xlsx", NEWS)
    form, first = session.find_form("工资"), aim_of(session, plan)
    found = set()
    for each in product((Mode.UPSERT, Mode.UPDATE), Twice, Blank, Misfit):
        mode, twice, blank, misfit = each
        aim = replace(first, mode=mode, twice=twice, blank=blank, misfit=misfit)
        made = written_over(session, plan, "工资", form, aim)
        assert (each, made) == (each, WrittenOver(_changed(session, plan, aim), 200))
        found.add(made.changed)
    assert len(found) > 3
    for mode in (Mode.ADD, Mode.MISSING):
        assert written_over(session, plan, "工资", form, replace(first, mode=mode)) == WrittenOver(0, 0)


def _changed(session: Session, plan: ImportPlan, aim: Aim) -> int:
    """Records that were there and that the import changes, as a copy of the workspace shows."""
    form = session.find_form("工资")
    with session.rehearsal(Progress()) as copy:
        before = _values(copy, form)
        import_all(copy, plan, "", {"工资": aim}, Progress())
        after = _values(copy, form)
    return sum(after[row] != before[row] for row in before)


def _values(session: Session, form: Form) -> dict[UUID, Any]:
    rows = session.reader.rows(form.id, session.reader.ids(session.query(form.id)))
    return {row.id: dict(row.values) for row in rows}


def test_a_form_about_which_is_asked_comes_with_the_count(session: Session, tmp_path: Path) -> None:
    june = [WAGES[0], *(row if at % 10 else [*row[:3], 1, row[4]] for at, row in enumerate(WAGES[1:161]))]
    found = own_form(session, plan_of(tmp_path / "六月.xlsx", june), "工资", session.forms)
    assert found is not None
    assert (found.sure, found.over) == (True, None), "few of them say something else"
    july = [[code, name, pay + 1, bonus + 50, note] for code, name, pay, bonus, note in june[1:]]
    plan = plan_of(tmp_path / "七月.xlsx", [WAGES[0], *july])
    found = own_form(session, plan, "工资", session.forms)
    assert found is not None
    assert (found.sure, found.over) == (False, WrittenOver(160, 200))
    assert str(over_words(found.over, "工资")) == "160 of the 200 records of “工资” would be written over."
    assert rehearse(session, plan, {"工资": found.aim}, Progress()).updated == 160


def test_nothing_is_said_where_nothing_would_be_written_over() -> None:
    assert over_words(None, "工资") == ""
    assert over_words(WrittenOver(0, 0), "工资") == ""


def test_counting_can_be_stopped(session: Session, tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "六月.xlsx", NEWS)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        written_over(session, plan, "工资", session.find_form("工资"), aim_of(session, plan), progress)


LOG: list[list[Any]] = [
    ["日期", "车牌", "事项", "里程"],
    *([f"2026-05-{n % 28 + 1:02}", f"沪A{n % 9}", "出车" if n % 4 else "保养", n * 3 % 50] for n in range(90)),
]


def test_a_list_without_a_key_that_comes_again_is_asked_about_for_it_would_be_doubled(
    session: Session, tmp_path: Path
) -> None:
    first = plan_of(tmp_path / "用车.xlsx", LOG)
    import_all(session, first, "用车", {}, Progress())
    form = next(form for form in session.forms if form.called("车牌") is not None)
    assert form.key is None
    keep_aims(session, first, {}, {"工资": Aim(form.id, propose(first, "工资", form, session.scope).fields)})
    for rows in (LOG, [*LOG, ["2026-06-01", "沪B1", "出车", 7]]):
        found = own_form(session, plan_of(tmp_path / "用车2.xlsx", rows), "工资", [form])
        assert found is not None
        assert (found.aim.mode, found.sure, found.over) == (Mode.ADD, False, WrittenOver(0, 0, True))
    words = "Most of the rows are in “用车” already and would be there twice."
    assert str(over_words(WrittenOver(0, 0, True), "用车")) == words
    june = [LOG[0], *([day.replace("-05-", "-06-"), *rest] for day, *rest in LOG[1:])]
    plan = plan_of(tmp_path / "用车六月.xlsx", june)
    found = own_form(session, plan, "工资", [form])
    assert found is not None
    assert found.sure, "rows of another month are new"
    keep_aim(session, plan, "工资", found.aim, "2026-06-30")
    again = own_form(session, plan_of(tmp_path / "用车.xlsx", LOG), "工资", [form])
    assert again is not None
    assert not again.sure, "though a person let such a list go there"


def test_of_a_value_that_many_records_have_only_some_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = [["门", "方向", "次数"], *([n % 3, "进" if n % 2 else "出", n % 5] for n in range(3_000))]
    looked: list[int] = []
    with open_workspace(tmp_path / "gate") as session:
        session.import_file(xlsx(tmp_path / "进出.xlsx", {"进出": marks}))
        form, plan = session.forms[0], plan_of(tmp_path / "再.xlsx", marks[:40])
        by_id = type(session.reader).by_id
        monkeypatch.setattr(
            type(session.reader),
            "by_id",
            lambda self, of, ids, *more: looked.append(len(ids)) or by_id(self, of, ids, *more),
        )
        aim = replace(first_aim(session, plan, "工资", form), mode=Mode.ADD, key="")
        assert written_over(session, plan, "工资", form, aim).twice
    assert looked and max(looked) <= 5 * MOST_ALIKE < 3_000


def test_while_many_rows_are_compared_it_is_said_how_far_it_is(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 4)
    plan, steps = plan_of(tmp_path / "新.xlsx", NEWS), list[Step]()
    written_over(
        session,
        plan,
        "工资",
        session.forms[0],
        first_aim(session, plan, "工资", session.forms[0]),
        Progress(steps.append),
    )
    assert [(step.done, step.total) for step in steps] == [(0, 11), (4, 11), (8, 11)]
    assert {str(step.label) for step in steps} == {"Comparing with “工资”"}
