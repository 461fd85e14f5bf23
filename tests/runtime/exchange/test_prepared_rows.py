"""Rows that another process makes values of: the same values, the same columns of the store, whatever happens to it."""

from __future__ import annotations

import io
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import Cancelled
from runtime.exchange.cells import CellError, pack, to_columns, unpack
from runtime.exchange.importing import importer, into_new_forms, prepared_rows
from runtime.exchange.importing.app_layout import AppLayout
from runtime.exchange.importing.prepared_rows import Preparer, _Way
from runtime.exchange.importing.preparing import Made, answer, sent
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.readers.wire import receive_body, send_body
from runtime.exchange.understanding.plan import Chunk, ImportPlan
from runtime.form import Field, form_of
from runtime.session import Session, open_workspace
from runtime.store import text_order
from runtime.store.prepared import Prepared
from runtime.store.rows import to_columns as stored_by
from runtime.work import Progress
from tests.runtime.exchange.workbooks import understood, xlsx

ROWS = 60
HEAD = ["名称", "数量", "单价", "金额", "折扣", "日期", "时间", "启用", "等级", "标签", "备注", "邮箱"]
LEVELS = ("高", "中", "低", "Ａ级")


def _row(at: int) -> list[Any]:
    return [
        f"客户{at}", float(at), at / 4, f"¥{at}.50", f"{at}%", f"2024-03-{at % 28 + 1:02}",
        f"2024-03-05 {at % 24:02}:30", "是否"[at % 2], LEVELS[at % 4], f"{LEVELS[at % 3]};{LEVELS[at % 4]}",
        f"第{at}行，ＡＢＣ É", f"user{at}@example.com",
    ]  # fmt: skip


def _cut(rows: Sequence[Sequence[Any]], height: int) -> ImportPlan:
    """The plan of one sheet whose rows came from the reader so many at a time."""
    chunks = [
        [unpack(pack(list(cells))) for cells in zip(*rows[start : start + height], strict=True)]
        for start in range(0, len(rows), height)
    ]
    width = len(rows[0])
    return understood(Sheet("表", height=len(rows), width=width, columns=to_columns(chunks, width)))


def _fields(plan: ImportPlan) -> dict[int, Field]:
    """The fields of the form that the sheet becomes, as the importer hands them over."""
    layout = AppLayout.of(plan, "试")
    form = form_of(layout.app, layout.forms["表"])
    fields = {place: form.by_id[field] for (_sheet, place), field in layout.fields.items()}
    return {place: field for place, field in fields.items() if field.kind.name not in into_new_forms.NAMING}


def _prepared(plan: ImportPlan, fields: dict[int, Field]) -> tuple[list[Chunk], int]:
    preparer = Preparer(plan, "表", fields)
    try:
        return list(preparer.chunks()), preparer.made
    finally:
        preparer.close()


def _assert_same(made: Sequence[Chunk], plain: Sequence[Chunk], fields: dict[int, Field]) -> None:
    assert [(each.first, each.height, each.columns) for each in made] == [
        (each.first, each.height, each.columns) for each in plain
    ]
    for ours, theirs in zip(made, plain, strict=True):
        assert [(cell.row_number, cell.column, cell.text, str(cell.reason)) for cell in ours.unfit] == [
            (cell.row_number, cell.column, cell.text, str(cell.reason)) for cell in theirs.unfit
        ]
        for place, values, expected in zip(ours.columns, ours.values, theirs.values, strict=True):
            assert list(map(_told, values)) == list(map(_told, expected))
            if place in fields:
                field = fields[place]
                assert list(stored_by(field, values)) == list(stored_by(field, list(expected)))
                if text_order.is_ordered(field):
                    assert text_order.keys(stored_by(field, values)) == text_order.keys(list(expected))


def _told(value: Any) -> tuple[type, str]:
    """A value with its type and how it is written: 1, 1.0 and 1.00 are not the same."""
    return type(value), repr(value)


def test_values_columns_and_keys_are_those_that_this_process_would_have_made() -> None:
    plan = _cut([HEAD, *map(_row, range(ROWS))], 16)
    types = {column.field_type for column in plan.sheets[0].columns}
    assert types >= {"text", "integer", "money", "percent", "date", "date_time", "boolean", "choice", "email"}
    fields = _fields(plan)
    made, columns = _prepared(plan, fields)
    _assert_same(made, list(plan.rows("表")), fields)
    assert columns == len(made) * len(HEAD)
    assert all(isinstance(values, Prepared) for place, values in enumerate(made[0].values) if place in fields)


CELLS = st.one_of(
    st.sampled_from(["", "甲", "乙", "n/a", "12", "007", "3.50", "2024-01-05", "是", "a@b.com", "x;y", "É", "１"]),
    st.integers(0, 40).map(str),
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),
    st.just(CellError("#N/A")),
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=4, max_size=30),
    st.lists(st.sampled_from(["text", "decimal", "date", "date_time", "integer", "boolean"]), min_size=3, max_size=3),
)
def test_the_same_comes_out_of_any_cells_read_as_any_type(rows: list[list[Any]], types: list[str]) -> None:
    plan = _cut([["一", "二", "三"], *rows], 7)
    if [sheet.sheet for sheet in plan.sheets] != ["表"]:
        return
    for place, name in enumerate(types[: len(plan.sheets[0].columns)]):
        plan = plan.retype("表", place, name)
    fields = _fields(plan)
    conversion, columns = plan.conversion("表"), plan.sheets[0].columns
    ways = [_Way(column, fields.get(place)) for place, column in enumerate(columns)]
    asked = io.BytesIO()
    send_body(asked, msgspec.msgpack.encode([way.become for way in ways]))
    for cells in plan.cells("表"):
        send_body(asked, msgspec.msgpack.encode([[sent(block) for block in blocks] for blocks in cells.blocks]))
    asked.seek(0)
    told = io.BytesIO()
    answer(asked, told)
    told.seek(0)
    made = []
    for cells in plan.cells("表"):
        body = receive_body(told)
        assert body is not None
        found = msgspec.msgpack.decode(body, type=list[Made | None])
        ready = [None if each is None else way.opened(each) for way, each in zip(ways, found, strict=True)]
        made.append(conversion.chunk(cells, ready))
    _assert_same(made, list(plan.rows("表")), fields)


def test_a_cell_that_does_not_fit_is_named_by_this_process() -> None:
    rows = [[f"客户{at}", at] for at in range(40)]
    rows[25][1] = "很多"
    plan = _cut([["名称", "数量"], *rows], 10).retype("表", 1, "integer")
    made, columns = _prepared(plan, _fields(plan))
    assert [(cell.row_number, cell.text) for chunk in made for cell in chunk.unfit] == [(27, "很多")]
    assert columns == 2 * len(made) - 1


def test_what_was_made_for_other_properties_of_a_field_is_not_stored() -> None:
    plan = _cut([HEAD, *map(_row, range(ROWS))], 16)
    place = HEAD.index("单价")
    fields = _fields(plan)
    made, _columns = _prepared(plan, fields)
    field = fields[place]
    node = field.node.with_props(decimals=6)
    other = Field(field.id, field.kind, field.kind.read(node.props), node)
    values = made[0].values[place]
    assert list(stored_by(field, values))[3] == 75  # 0.75 with two places
    assert list(stored_by(other, values))[3] == 750_000


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        yield session


def _workbook(path: Path) -> Path:
    return xlsx(path, {"客户": [HEAD, *map(_row, range(ROWS))]})


def _told_of(session: Session) -> list[list[str]]:
    form = session.form("客户")
    return [[record.text(field.name) for field in form.form.fields] for record in form.records()]


def test_an_import_is_the_same_with_and_without_the_process(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _workbook(tmp_path / "客户.xlsx")
    session.import_file(path)
    alone = _told_of(session)
    assert len(alone) == ROWS
    session.undo()
    monkeypatch.setattr(prepared_rows, "MANY", 1)
    made = _counting(monkeypatch)
    session.import_file(path)
    assert _told_of(session) == alone
    assert session.damage() == []
    assert made == [len(HEAD)]


def test_a_process_that_dies_loses_no_row(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    expect_log("makes values ended with -9")
    path = _workbook(tmp_path / "客户.xlsx")
    session.import_file(path)
    alone = _told_of(session)
    session.undo()
    monkeypatch.setattr(prepared_rows, "MANY", 1)
    started = prepared_rows._started

    def shot() -> Any:
        process = started()
        assert process is not None
        process.kill()
        return process

    monkeypatch.setattr(prepared_rows, "_started", shot)
    session.import_file(path)
    assert _told_of(session) == alone


def test_a_machine_that_starts_no_process_imports_all_the_same(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    expect_log("no process could be started that makes values: no more processes")

    def refused(*_arguments: str) -> Any:
        raise OSError("no more processes")

    monkeypatch.setattr(prepared_rows, "MANY", 1)
    monkeypatch.setattr(prepared_rows, "start_child", refused)
    session.import_file(_workbook(tmp_path / "客户.xlsx"))
    assert len(_told_of(session)) == ROWS


def test_an_import_that_is_stopped_leaves_no_process(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared_rows, "MANY", 1)
    started, processes = prepared_rows._started, list[Any]()

    def kept() -> Any:
        processes.append(started())
        return processes[-1]

    monkeypatch.setattr(prepared_rows, "_started", kept)
    rows = [HEAD, *map(_row, range(9_000))]
    progress = Progress(lambda step: progress.cancel() if processes else None)
    with pytest.raises(Cancelled):
        importer.import_file(session, xlsx(tmp_path / "客户.xlsx", {"客户": rows}), progress)
    assert [process.poll() is not None for process in processes] == [True]


def test_an_import_is_stopped_though_the_process_never_answers(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared_rows, "MANY", 1)
    asked, progress = threading.Event(), Progress()
    started, processes = prepared_rows._started, list[Any]()

    def silent() -> Any:
        process = started()
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        processes.append(process)
        return process

    answered = Preparer._answer

    def asking(preparer: Preparer) -> list[list[Any] | None]:
        asked.set()
        return answered(preparer)

    def stop() -> None:
        asked.wait(30)
        progress.cancel()

    monkeypatch.setattr(prepared_rows, "_started", silent)
    monkeypatch.setattr(Preparer, "_answer", asking)
    person = threading.Thread(target=stop)
    person.start()
    with pytest.raises(Cancelled):
        importer.import_file(session, _workbook(tmp_path / "客户.xlsx"), progress)
    person.join()
    assert [process.poll() is not None for process in processes] == [True]


def _counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Columns that came from the process, for each sheet that is through."""
    made: list[int] = []
    close = Preparer.close

    def closing(preparer: Preparer) -> None:
        made.append(preparer.made)
        close(preparer)

    monkeypatch.setattr(Preparer, "close", closing)
    return made
