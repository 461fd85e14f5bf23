"""Files that nobody wishes for: hostile cells, wide sheets, twin headers, forms that point in circles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from runtime.exchange.importing.importer import import_into
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.work import Progress
from tests.support.apps import an_app, options


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        yield session


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write sheets of rows as they are, the header first; text stays text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


HOSTILE = [
    "=1+1",
    '=cmd|"/c calc"!A1',
    "+1-1",
    "@SUM(A1)",
    "'; DROP TABLE meta; --",
    '" onload="alert(1)',
    "<script>alert(1)</script>",
    "{编号}",
    "%s%n%x",
    "{0}{name}",
    "\u202egnp.exe",
    "a\u200bb",
    "x" * 20_000,
    "第一行\n第二行",
    "\t tabs \t",
    "𝕏🧑‍🌾",
    "NULL",
    "#REF!",
    "TRUE",
    "1E5",
    "../../etc/passwd",
]


def test_hostile_text_is_text_and_comes_back_as_it_was(session: Session, tmp_path: Path) -> None:
    rows = [["编号", "内容"], *[[f"K{at:03}", text] for at, text in enumerate(HOSTILE)]]
    report = session.import_file(workbook(tmp_path / "böse.xlsx", {"数据": rows}))
    assert report.created == len(HOSTILE)
    records = session.form("数据").records(sort=["编号"])
    for record, text in zip(records, HOSTILE, strict=True):
        assert record["内容"].split() == text.split(), text
    assert session.form("数据").count('{内容}="{编号}"') == 1
    assert session.damage() == []


def test_hostile_names_of_sheets_and_columns_are_names(session: Session, tmp_path: Path) -> None:
    names = ['x"; DROP TABLE meta;--', "{a}", "a.b", "%(x)s", "_n", "_id", "-minus", "#id", "c_x", "{0}", "<b>", "“x”"]
    rows: list[list[Any]] = [names, *[[f"{at}-{name}" for name in names] for at in range(4)]]
    session.import_file(workbook(tmp_path / "x.xlsx", {'x"; DELETE --': rows}))
    (form,) = session.forms
    handle = session.form(form.id)
    assert handle.count() == 4
    for name in names:
        assert [record[name] for record in handle.records(sort=[f"-{name}"], limit=1)] == [f"3-{name}"]
    assert session.damage() == []


def test_forty_columns_arrive_in_their_order(session: Session, tmp_path: Path) -> None:
    header = [f"列{at:02}" for at in range(40)]
    rows = [[f"r{row}c{at}" if at % 2 else row * 100 + at for at in range(40)] for row in range(50)]
    report = session.import_file(workbook(tmp_path / "breit.xlsx", {"宽": [header, *rows]}))
    assert report.created == 50
    form = session.form("宽")
    assert [field.name for field in form.form.fields] == header
    by_first = {record["列00"]: record for record in form.records()}
    assert by_first[700]["列39"] == "r7c39"
    assert by_first[4900]["列38"] == 4938


def test_two_columns_of_one_name_become_two_fields(session: Session, tmp_path: Path) -> None:
    rows = [["电话", "电话", "电话 ", "", "电话"], *[[f"{column}-{row}" for column in "abcde"] for row in range(5)]]
    session.import_file(workbook(tmp_path / "doppelt.xlsx", {"客户": rows}))
    form = session.form("客户")
    names = [field.name for field in form.form.fields]
    assert len(set(names)) == len(names) == 5
    assert [form.records()[2][name] for name in names] == ["a-2", "b-2", "c-2", "d-2", "e-2"]


def test_forms_that_point_to_each_other_in_a_circle_are_joined(session: Session, tmp_path: Path) -> None:
    size = 30
    sheets = {
        "部门": [["部门编号", "部门名称", "主管工号"], *[[f"B{at:03}", f"部{at}", f"G{at:03}"] for at in range(size)]],
        "员工": [["工号", "姓名", "项目编号"], *[[f"G{at:03}", f"人{at}", f"X{at:03}"] for at in range(size)]],
        "项目": [["项目编号", "项目名称", "部门编号"], *[[f"X{at:03}", f"项{at}", f"B{at:03}"] for at in range(size)]],
    }
    report = session.import_file(workbook(tmp_path / "kreis.xlsx", sheets))
    assert [(form.name, form.created) for form in report.forms] == [("部门", size), ("员工", size), ("项目", size)]
    assert report.left == []
    relations = [(form.name, field) for form in session.forms for field in form.fields if field.target]
    assert len(relations) >= 2
    for name, field in relations:
        assert session.form(name).count(f"ISBLANK({{#{field.id}}})") == 0
    assert session.undo()
    assert session.forms == []
    assert session.damage() == []


@pytest.fixture
def kinds(session: Session) -> Session:
    """Two forms: 类 with a whole number as its title, 物 that points to it."""
    build = an_app()
    kinds = build.form("类")
    build.field(kinds, "integer", "号")
    things = build.form("物")
    build.field(things, "text", "名称", required=True)
    build.field(things, "relation", "类", form=kinds)
    build.field(things, "choice", "级", options=options("甲", "乙"))
    build.field(things, "integer", "数量", minimum=0)
    build.field(things, "money", "单价")
    session.publish(build.app)
    session.form("类").create({"号": 7})
    return session


def test_text_that_cannot_be_the_key_of_a_relation_is_left_out_and_named(kinds: Session, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["名称", "类"], ["a", 7], ["b", "sieben"], ["c", 8], ["d", None]]
    progress = Progress()
    plan = understand(open_workbook(workbook(tmp_path / "x.xlsx", {"物": rows}), progress), progress)
    report = import_into(kinds, plan, "物", None, progress)
    assert report.created == 4
    assert [(left.row, left.text) for left in report.left] == [(3, "sieben"), (4, "8")]
    assert kinds.form("物").records(where='{名称}="a"')[0]["类"] == kinds.form("类").records()[0].id


def test_cells_that_do_not_fit_their_field_are_named_and_the_rest_of_the_row_is_taken(
    kinds: Session, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["名称", "级", "数量", "单价"],
        ["a", "甲", 1, 9.99],
        ["b", "丙", 2, "gratis"],
        ["c", "乙", -3, 1.005],
        ["d", "甲", 2.5, 1],
        [None, "甲", 1, 1],
        ["e", "甲", "viele", 0.1 + 0.2],
    ]
    progress = Progress()
    plan = understand(open_workbook(workbook(tmp_path / "x.xlsx", {"物": rows}), progress), progress)
    report = import_into(kinds, plan, "物", None, progress)
    found = {record["名称"]: record for record in kinds.form("物").records()}
    assert set(found) >= {"a", "b", "d", "e"}
    assert report.created == len(found)
    assert (found["a"]["级"], found["b"]["级"]) == ("甲", None)
    assert str(found["e"]["单价"]) == "0.30"
    assert {left.row for left in report.left} >= {3, 4, 5, 6, 7}
    assert kinds.damage() == []
