"""What is kept of the columns of a file, and blocks that hold more columns than a form has."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from runtime.exchange.clipboard.clip import Clip
from runtime.exchange.editing.file_columns import file_columns, kept_columns, narrowed
from runtime.form import Field
from runtime.session import Session, open_workspace
from tests.runtime.exchange.workbooks import xlsx
from tests.support.apps import customers_and_orders, form_called

HEAD = ["编号", "名称", "", "数量"]
ROWS = [[f"A-{at}", f"货{at}", "", at + 1] for at in range(12)]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_workspace(tmp_path / "office") as session:
        yield session


@pytest.fixture
def fields() -> list[Field]:
    return list(form_called(customers_and_orders(), "客户").fields)


def test_columns_are_kept_as_they_lie_on_the_sheet_with_those_that_became_no_field() -> None:
    assert file_columns((1, 2, 4, 5), {0: "a", 1: "b", 3: "d"}) == ["a", "b", "", "", "d"]
    assert file_columns((), {}) == []


def test_an_import_keeps_where_its_file_has_a_blank_column(session: Session, tmp_path: Path) -> None:
    form = session.form(session.import_file(xlsx(tmp_path / "货.xlsx", {"货": [HEAD, *ROWS]})).forms[0].name).form
    (columns,) = kept_columns(session, form.id)
    by_name = {field.name: field.id for field in form.fields}
    assert columns == [by_name.get(name, "") for name in HEAD]


def test_nothing_is_known_of_a_file_whose_columns_are_all_fields(session: Session, tmp_path: Path) -> None:
    rows = [[row[0], row[1], row[3]] for row in ROWS]
    report = session.import_file(xlsx(tmp_path / "货.xlsx", {"货": [["编号", "名称", "数量"], *rows]}))
    assert kept_columns(session, report.forms[0].form) == []


@pytest.mark.parametrize("body", [7, {}, {"columns": "ab"}, {"columns": [1, 2]}, {"columns": ["", ""]}])
def test_what_is_kept_there_and_is_no_list_of_columns_says_nothing(session: Session, body: object) -> None:
    session.keep("mapping/f/x", body)
    assert kept_columns(session, "f") == []


def test_numbers_stay_with_their_cells(fields: list[Field]) -> None:
    first, second = fields[:2]
    clip = Clip([["甲", "", "5"], ["乙", "", "6"]], {(0, 2): Decimal(5), (1, 2): Decimal(6)}, sheet=True)
    found = narrowed(clip, fields, [[first.id, "", second.id]])
    assert found is not None and found.likely and found.note is None
    assert found.clip == Clip([["甲", "5"], ["乙", "6"]], {(0, 1): Decimal(5), (1, 1): Decimal(6)}, sheet=True)


def test_the_first_line_says_which_columns_are_fields(fields: list[Field]) -> None:
    first, second = fields[:2]
    clip = Clip([["No.", second.name, first.name], ["1", "b", "a"], ["2", "d", "c"]])
    found = narrowed(clip, fields, [])
    assert found is not None
    assert found.clip.rows == [[second.name, first.name], ["b", "a"], ["d", "c"]]
    assert str(found.note) == "1 column is left out, which is none of this form: No.."


def test_columns_in_another_order_than_in_the_file_are_left_alone(fields: list[Field]) -> None:
    first, second = fields[:2]
    assert narrowed(Clip([["a", "x", "b"]]), fields, [[second.id, "", first.id]]) is None
    assert narrowed(Clip([["a", "b"]]), fields, [[first.id, second.id, ""]]) is None
