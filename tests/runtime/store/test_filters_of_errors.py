"""Conditions on computed fields of which some records are in error, on both engines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from runtime.dates import local_zone
from runtime.filters import Condition, Filter, Operator, Other, formula
from tests.support.apps import an_app, field_called
from tests.support.workspaces import Office


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("每件", Operator.IS_NOT, Decimal(4), [0, 4, None]),
        ("每件", Operator.IS, Decimal(4), [3]),
        ("每件", Operator.FILLED, None, [0, 3, 4, None]),
        ("每件", Operator.EMPTY, None, []),
        ("字", Operator.IS_NOT, "x4", [0, 4, None]),
        ("字", Operator.LACKS, "4", [0, 4, None]),
        ("字", Operator.CONTAINS, "4", [3]),
        ("每件", Operator.IS_NOT, "数量", [0, 3, 4, None]),
        ("每件", Operator.IS, "数量", []),
    ],
)
def test_what_is_in_error_is_not_the_value_and_not_blank(
    tmp_path: Path, name: str, operator: Operator, value: object, found: list[int | None]
) -> None:
    build = an_app()
    form = build.form("账单")
    build.field(form, "integer", "数量")
    build.field(form, "integer", "每件", formula="12/{数量}")
    build.field(form, "text", "字", formula='"x"&{每件}')
    office = Office(tmp_path, build.app)
    for count in (0, 3, 4, None):
        office.new("账单", {"数量": count} if count is not None else {})
    made = office.form("账单")
    operand = Other(field_called(made, "数量").id) if value == "数量" else value
    where = formula(made, Filter((Condition(field_called(made, name).id, operator, operand),)), local_zone())
    listed = [record["数量"] for record in office.session.form("账单").records(where=where)]
    assert listed == found
    office.session.close()
