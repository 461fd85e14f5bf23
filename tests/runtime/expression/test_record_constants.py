"""The id of a record in a formula: `{#018f…}` is that record, to compare a relation with, and nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest

from runtime.expression.check import check, record_meant
from runtime.expression.compile_python import compile_python
from runtime.expression.rewrite import shown_form, stored_form
from runtime.form import lookup
from runtime.store.form_schema import FormSchema
from runtime.value.types import RECORD
from tests.support.apps import customers_and_orders, field_called, form_called

APP = customers_and_orders()
ORDERS = form_called(APP, "订单")
SCHEMA = FormSchema(ORDERS, lookup([APP]))
ONE, OTHER = UUID(int=7), UUID(int=8)


def test_a_relation_is_compared_with_a_record() -> None:
    checked = check(f"{{客户}}={{#{ONE}}}", SCHEMA)
    assert checked.correct
    (reference,) = checked.references
    evaluate = compile_python(checked).evaluate
    assert [evaluate({reference.key: each}) for each in (ONE, OTHER, None)] == [True, False, False]


@pytest.mark.parametrize(
    "source", [f"{{编号}}={{#{ONE}}}", f'{{#{ONE}}}&""', f"{{#{ONE}}}+1", f'CONTAINS({{#{ONE}}},"0")']
)
def test_it_is_no_text_and_no_number(source: str) -> None:
    assert not check(source, SCHEMA).correct


def test_its_type_is_a_record_and_its_spelling_stays() -> None:
    source = f"{{客户}}={{#{ONE}}}"
    assert check(f"{{#{ONE}}}", SCHEMA).type == RECORD
    stored = stored_form(source, SCHEMA)
    assert stored == f"{{#{field_called(ORDERS, '客户').id}}}={{#{ONE}}}"
    assert shown_form(stored, SCHEMA) == source


@pytest.mark.parametrize(
    "name", ["#7", f"#{ONE.hex}", f"#{ONE}0", str(ONE), f"# {ONE}", f"#{ONE}".replace("0", "O"), "客户"]
)
def test_other_names_are_no_records(name: str) -> None:
    assert record_meant((name,)) is None
    assert record_meant((f"#{ONE}", name)) is None
