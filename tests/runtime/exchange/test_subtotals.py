"""A grouped view as a workbook: an outline with subtotals that people read and an import passes over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from resources.texts import LANGUAGES, speaking
from runtime.exchange.export import export as export_module
from runtime.exchange.export import subtotals
from runtime.exchange.export.export import Export, Format, export
from runtime.exchange.importing.importer import import_into
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.tables.below_table import is_total_word
from runtime.exchange.understanding.workbooks import understand
from runtime.store.query import Group, Sort
from runtime.work import Progress
from tests.support.apps import an_app, options
from tests.support.workspaces import Office

AREAS, KINDS = ("华东", "华南", "西北"), ("大", "小")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Thirty sales in three areas and two kinds; the last has neither."""
    build = an_app()
    form = build.form("销售")
    build.field(form, "integer", "行号")
    build.field(form, "text", "客户")
    build.field(form, "choice", "地区", options=options(*AREAS))
    build.field(form, "text", "类型")
    build.field(form, "money", "金额")
    build.field(form, "date", "日期")
    office = Office(tmp_path, build.app)
    for at in range(30):
        known = {"地区": AREAS[at % 3], "类型": KINDS[at % 2]} if at < 29 else {}
        values = {"行号": at + 1, "客户": f"客户{at}", "金额": Decimal(at) / 4, "日期": date(2026, 3, 1 + at)}
        office.new("销售", {**values, **known})
    yield office
    office.session.close()


def wanted(office: Office, groups: tuple[str, ...], **footers: str) -> Export:
    form = office.form("销售")
    field = {each.name: each.id for each in form.fields}
    return Export(
        form.id,
        sorts=tuple(Sort(field[name]) for name in groups),
        groups=tuple(Group(field[name]) for name in groups),
        footers={field[name]: summary for name, summary in footers.items()},
    )


def rows(path: Path) -> list[tuple[int, list[Any]]]:
    """(level of the outline, cells) of every row behind the header."""
    sheet = load_workbook(path).worksheets[0]
    found = [(sheet.row_dimensions[row[0].row].outlineLevel, [cell.value for cell in row]) for row in sheet.iter_rows()]
    return found[1:]


def test_behind_the_records_of_each_group_stands_what_they_come_to(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    done = export(office.session, wanted(office, ("地区", "类型"), 金额="sum", 日期="latest"), path, Progress())
    found = rows(path)
    assert done.records == 30 == sum(level == 3 for level, _ in found)
    sums = [(level, cells) for level, cells in found if level < 3]
    assert [level for level, _ in sums] == [2, 2, 1, 2, 2, 1, 2, 2, 1, 2, 1, 0]
    assert sums[-1][1][:5] == ["Grand total", None, None, None, pytest.approx(435 / 4)]
    assert sums[2][1][0] == "华东 (10) subtotal"
    assert sums[-2][1][0] == "(Empty) (1) subtotal"
    start = 0
    for at, (level, cells) in enumerate(found):
        if level == 2:
            records = [each for other, each in found[start:at] if other == 3]
            assert cells[4] == pytest.approx(sum(each[4] for each in records))
            assert cells[5] == max(each[5] for each in records)
            assert str(cells[0]).endswith(f" ({len(records)}) subtotal")
            assert len({(each[2], each[3]) for each in records}) == 1
            start = at


def test_pages_end_wherever_they_do(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = wanted(office, ("地区",), 行号="sum", 客户="filled")
    export(office.session, asked, tmp_path / "whole.xlsx", Progress())
    for page in (1, 4, 10, 30):
        monkeypatch.setattr(export_module, "PAGE", page)
        export(office.session, asked, tmp_path / "parts.xlsx", Progress(), replace=True)
        assert rows(tmp_path / "parts.xlsx") == rows(tmp_path / "whole.xlsx")
    assert rows(tmp_path / "whole.xlsx")[-1][1][:3] == ["Grand total(465)", 30, None]


def test_every_figure_is_there_and_no_subtotal_is_imported_where_the_first_columns_have_figures(
    office: Office, tmp_path: Path
) -> None:
    path, session, form = tmp_path / "figures.xlsx", office.session, office.form("销售")
    asked = wanted(
        office, ("地区",), 行号="average", 客户="unique", 地区="filled", 类型="empty", 金额="sum", 日期="latest"
    )
    for language in LANGUAGES:
        with speaking(language):
            export(session, asked, path, Progress(), replace=True)
            sums = [cells for level, cells in rows(path) if level < 2]
            assert [str(cells[0])[:-1].rpartition("(")[2] for cells in sums] == ["14.50", "15.50", "15", "30", "15.50"]
            assert all(None not in cells for cells in sums)
            report = import_into(
                session, understand(open_workbook(path, Progress()), Progress()), "销售", None, Progress()
            )
        assert sum(each.created for each in report.forms) == 30 and report.left == []
        session.undo()
    assert len(session.reader.ids(session.query(form.id))) == 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_subtotal_is_known_however_long_the_group_and_its_figures_are(language: str) -> None:
    with speaking(language):
        for group in ("华东", "a long name of a group, with commas, that goes on and on"):
            for count in ("1", "1,000,000"):
                name = subtotals._name(group, count)
                assert count in name and is_total_word(name) and is_total_word(f"{name}(¥-123,456,789,012.34)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("groups", [("地区",), ("地区", "类型")])
def test_imported_again_the_records_are_the_same_with_subtotals_and_without(
    office: Office, tmp_path: Path, language: str, groups: tuple[str, ...]
) -> None:
    path = tmp_path / "again.xlsx"
    session, form = office.session, office.form("销售")
    before = session.reader.rows(form.id, session.reader.ids(session.query(form.id)))
    with speaking(language):
        export(session, wanted(office, groups, 金额="sum", 行号="average"), path, Progress())
        plan = understand(open_workbook(path, Progress()), Progress())
        report = import_into(session, plan, "销售", None, Progress())
    assert report.left == [] and sum(each.created for each in report.forms) == 30
    after = session.reader.rows(form.id, session.reader.ids(session.query(form.id))[30:])
    assert key(after) == key(before)


def key(rows: list[Any]) -> list[Any]:
    return sorted(sorted((name, str(value)) for name, value in row.values.items()) for row in rows)


def test_csv_and_chosen_records_have_records_only(office: Office, tmp_path: Path) -> None:
    from dataclasses import replace

    asked = wanted(office, ("地区",), 金额="sum")
    done = export(office.session, replace(asked, format=Format.CSV), tmp_path / "a.csv", Progress())
    assert done.records == 30 and "Total" not in (tmp_path / "a.csv").read_text("utf-8-sig")
    done = export(office.session, replace(asked, numbers=[1, 2]), tmp_path / "b.xlsx", Progress())
    assert done.records == 2 == len(rows(tmp_path / "b.xlsx"))
