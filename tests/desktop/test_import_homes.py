"""What a person is asked about rows that look like records of a form: where they go, and what they would write over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from resources.styles.tokens import SIZES
from runtime.definition.labels import label
from runtime.session import Session, open_workspace
from tests.desktop.wizard_hands import LONG, Wizard
from tests.support.drivers import click, clipped

HEADERS = ["工号", "姓名", "基本工资", "奖金"]


def wages(path: Path, sheets: dict[str, int], rows: int = 40) -> Path:
    """A workbook of lists of wages: sheet -> what is added to each bonus."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name, more in sheets.items():
            page = made.add_worksheet(name)
            lines: list[list[Any]] = [[f"A{n:04}", f"员工{n}", 5000 + n, 100 + n + more] for n in range(rows)]
            for at, line in enumerate([HEADERS, *lines]):
                page.write_row(at, 0, line)
    return path


@pytest.fixture
def office(qtbot, wizard: Wizard, places: Path, tmp_path: Path) -> Session:
    """An open workspace with the wages of May."""
    with open_workspace(places / "人事") as session:
        session.import_file(wages(tmp_path / "工资表2024年5月.xlsx", {"Sheet1": 0}))
    wizard.desktop.open_workspace(places / "人事.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    assert wizard.desktop.session is not None
    return wizard.desktop.session


def test_the_question_says_how_many_records_would_be_written_over(wizard: Wizard, office: Session, tmp_path: Path):
    review = wizard.reviews(wages(tmp_path / "工资表2024年6月.xlsx", {"Sheet1": 50}, rows=30))
    (card,) = (card for each, card in review.doubts.cards.items() if each.endswith("/home"))
    said = "The rows look like records of the form “工资表2024年5月”. "
    assert card.accessibleName() == said + "30 of the 40 records of “工资表2024年5月” would be written over."
    assert card.minimumSizeHint().width() <= review.doubts.width() - 2 * SIZES.m
    assert clipped(wizard.desktop.window) == []
    click(card.options["there"])
    wizard.settles()
    (card,) = (card for each, card in review.doubts.cards.items() if each.endswith("/home"))
    assert card.accessibleName().endswith("would be written over.")
    mode = next(card for each, card in review.doubts.cards.items() if each.endswith("into_mode"))
    click(mode.options["new"])
    wizard.settles()
    (card,) = (card for each, card in review.doubts.cards.items() if each.endswith("/home"))
    assert card.accessibleName() == said.strip(), "new records write over nothing"


def test_of_forms_of_the_same_names_the_records_are_counted_together(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    office.import_file(wages(tmp_path / "工资.xlsx", {"甲部": 0, "乙部": 3}, rows=20))
    for name in ("甲部", "乙部"):  # a column that the sheets have and the forms do not: only the names are alike
        form = office.find_form(name)
        field = form.called("奖金")
        assert field is not None
        app = office.apps[form.app]
        office.publish(app.replacing({field.id: app.nodes[field.id].with_props(label=label("津贴"))}))
    path = tmp_path / "新.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        for name in ("甲部", "乙部"):
            page = made.add_worksheet(name)
            page.write_row(0, 0, ["工号", "姓名", "基本工资", "等级"])
            for n in range(15):
                page.write_row(n + 1, 0, [f"A{n:04}", f"员工{n}", 1 if n < 6 else 5000 + n, "甲"])
    review = wizard.reviews(path)
    (card,) = (card for each, card in review.doubts.cards.items() if each.endswith("/where"))
    assert card.accessibleName() == (
        "2 forms are there already: “甲部”, “乙部”. 12 of their 40 records would be written over."
    )


def test_a_sheet_without_rows_whose_form_is_there_is_left_out_rather_than_asked_about(
    wizard: Wizard, office: Session, tmp_path: Path
):
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet("名单")
        for at, row in enumerate([["编号", "名称"], ["A1", "一"], ["A2", "二"]]):
            page.write_row(at, 0, row)
        made.add_worksheet("备用").write_row(0, 0, ["料号", "规格"])
    office.import_file(path)
    assert {"名单", "备用"} <= {form.name for form in office.forms}
    review = wizard.reviews(path)
    assert {name: entry.tick.isChecked() for name, entry in review.sheets.entries.items()} == {
        "名单": True, "备用": False,
    }  # fmt: skip
    assert wizard.page.go.isEnabled()
