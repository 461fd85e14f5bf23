"""Web pages with tables, as statistics offices, programs and encyclopedias write them."""

from __future__ import annotations

from pathlib import Path

from runtime.exchange.cells import Raw
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.work import Progress
from tests.runtime.exchange.workbooks import read

ROWS = "".join(f"<tr><td>Bank {at}</td><td>{at * 7}</td></tr>" for at in range(1, 6))


def page(folder: Path, *tables: str) -> Path:
    path = folder / "page.html"
    path.write_text("<html><body>" + "".join(f"<table>{table}</table>" for table in tables), "utf-8")
    return path


def cells(path: Path) -> list[tuple[Raw, ...]]:
    (sheet,) = read(path).sheets
    return list(zip(*(column.raw() for column in sheet.columns), strict=True))


def plan(path: Path) -> ImportPlan:
    return understand(read(path), Progress())


def test_a_row_whose_beginning_was_forgotten_is_a_row_of_its_own(tmp_path: Path) -> None:
    rows = cells(page(tmp_path, "<tr><th>Bank</th><th>No</th></tr><td>First</td><td>1</td></tr><tr><td>Next</td></tr>"))
    assert rows == [("Bank", "No"), ("First", "1"), ("Next", None)]


def test_what_a_page_hides_inside_a_cell_is_not_read(tmp_path: Path) -> None:
    hidden = '<span style="display:none">7001<span>85</span>x</span>85.76%'
    rows = cells(page(tmp_path, f"<tr><td>{hidden}</td><td>5</td></tr><tr><td><p style='display: none'>a<td>6</tr>"))
    assert rows == [("85.76%", "5"), (None, "6")]


def test_a_table_of_one_cell_beside_lists_is_left_out(tmp_path: Path) -> None:
    found = plan(page(tmp_path, "<tr><td>Menu</td></tr>", f"<tr><th>Name</th><th>No</th></tr>{ROWS}"))
    assert [(sheet.include, sheet.rows) for sheet in found.sheets] == [(False, 0), (True, 5)]
    assert "page 1//prose_sheet" in {doubt.id for doubt in found.doubts}
    assert found.choose("page 1//prose_sheet", "take").sheets[0].include


def test_figures_whose_bracket_is_closed_in_the_next_cell_are_no_header(tmp_path: Path) -> None:
    body = "".join(f"<tr><td>Item {at}</td><td>{at}00</td><td></td></tr>" for at in range(1, 9))
    found = plan(page(tmp_path, f"{body}<tr><td>Taken off</td><td>(733</td><td>)</td></tr><tr><td>All</td><td>9</td>"))
    assert [sheet.rows for sheet in found.sheets] == [10]
