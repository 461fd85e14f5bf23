"""What names mean in formulas: fields, paths, lists, and both spellings of them."""

from __future__ import annotations

import pytest

from runtime.definition.node import App
from runtime.expression.rewrite import shown_form, stored_form
from runtime.form import FormLookup, lookup
from runtime.permission.scope import Scope
from runtime.store.form_schema import FormSchema, steps
from runtime.value.types import CHOICE, NUMBER, RECORD, TEXT, ValueType, list_of
from tests.support.apps import field_called, form_called, shop


@pytest.fixture
def app() -> App:
    return shop()


@pytest.fixture
def find(app: App) -> FormLookup:
    return lookup([app])


def schema(app: App, find: FormLookup, name: str, scope: Scope | None = None) -> FormSchema:
    """The schema of a form, or of the sub-form 明细."""
    form = find(form_called(app, "订单").subforms[0].id) if name == "明细" else form_called(app, name)
    assert form is not None
    return FormSchema(form, find, scope or Scope())


@pytest.mark.parametrize(
    ("form", "path", "type_", "labels"),
    [
        ("订单", ("编号",), TEXT, ("编号",)),
        ("订单", ("客户",), RECORD, ("客户",)),
        ("订单", ("客户", "等级"), CHOICE, ("客户", "等级")),
        ("订单", ("客户.等级",), CHOICE, ("客户", "等级")),
        ("订单", ("明细",), list_of(RECORD), ("明细",)),
        ("订单", ("明细", "小计"), list_of(NUMBER), ("明细", "小计")),
        ("订单", ("明细.产品.单价",), list_of(NUMBER), ("明细", "产品", "单价")),
        ("客户", ("订单",), list_of(RECORD), ("订单",)),
        ("客户", ("订单", "明细", "数量"), list_of(NUMBER), ("订单", "明细", "数量")),
        ("明细", ("main",), RECORD, ("main",)),
        ("明细", ("主.客户.名称",), TEXT, ("main", "客户", "名称")),
        ("明细", ("主", "明细", "数量"), list_of(NUMBER), ("main", "明细", "数量")),
        ("订单", ("客户", "#title"), TEXT, ("客户",)),
        ("订单", ("明细", "产品", "#title"), list_of(TEXT), ("明细", "产品")),
    ],
)
def test_a_path_leads_to_a_value_or_to_a_list(
    app: App, find: FormLookup, form: str, path: tuple[str, ...], type_: ValueType, labels: tuple[str, ...]
) -> None:
    reference = schema(app, find, form).resolve(path)
    assert reference is not None
    assert (reference.type, reference.labels) == (type_, labels)
    assert steps(schema(app, find, form).form, reference.path, find)
    by_ids = tuple(f"#{item.removeprefix('#')}" for item in reference.path)
    assert schema(app, find, form).resolve(by_ids) == reference


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("订单", ("main",)),
        ("订单", ("编号", "名称")),
        ("订单", ("明细.",)),
        ("订单", (".明细",)),
        ("订单", ("#^",)),
        ("客户", ("订单们",)),
        ("客户", ("",)),
        ("产品", ("明细",)),
        ("订单", ("#title",)),
        ("订单", ("编号", "#title")),
        ("订单", ("客户", "#title", "名称")),
        ("客户", ()),
        ("客户", tuple(["订单", "客户"] * 9)),
    ],
)
def test_a_step_that_is_not_there_leads_nowhere(app: App, find: FormLookup, form: str, path: tuple[str, ...]) -> None:
    assert schema(app, find, form).resolve(path) is None


def test_both_spellings_mean_the_same(app: App, find: FormLookup) -> None:
    customers, orders = schema(app, find, "客户"), schema(app, find, "订单")
    relation = field_called(form_called(app, "订单"), "客户").id
    amount = field_called(form_called(app, "订单"), "金额").id
    stored = stored_form("SUM({订单.金额})", customers)
    assert stored == f"SUM({{#~{relation}}}.{{#{amount}}})"
    assert shown_form(stored, customers) == "SUM({订单}.{金额})"
    inside = schema(app, find, "明细")
    assert stored_form("{主.客户}", inside) == f"{{#^}}.{{#{relation}}}"
    assert shown_form(stored_form("{主.客户}", inside), inside) == "{main}.{客户}"
    titled = stored_form("{客户}.{#title}", orders)
    assert titled == f"{{#{relation}}}.{{#title}}"
    assert shown_form(titled, orders) == titled


def test_what_may_not_be_read_is_not_there(app: App, find: FormLookup) -> None:
    orders = form_called(app, "订单")
    lines = orders.subforms[0].id
    no_relation = Scope(readable=((orders.id, frozenset({field_called(orders, "编号").id})),))
    assert schema(app, find, "客户", no_relation).resolve(("订单",)) is None
    assert schema(app, find, "客户").resolve(("订单",)) is not None
    masked = Scope(masked=frozenset({lines}))
    assert schema(app, find, "订单", masked).resolve(("明细",)) is None
    assert "明细" not in schema(app, find, "订单", masked).labels(())


def test_what_may_follow_is_offered(app: App, find: FormLookup) -> None:
    assert schema(app, find, "订单").labels(()) == ("编号", "客户", "等级", "金额", "明细")
    assert schema(app, find, "客户").labels(()) == ("名称", "等级", "总额", "订单数", "订单")
    assert schema(app, find, "明细").labels(("main",)) == ("编号", "客户", "等级", "金额", "明细")
    assert schema(app, find, "明细").labels(())[-1] == "main"
    assert schema(app, find, "订单").labels(("编号",)) == ()
