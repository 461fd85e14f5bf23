"""An app's nodes read as forms and fields."""

from __future__ import annotations

from typing import Any

import pytest

from resources.texts import speaking
from runtime.definition.edits import SetProperty
from runtime.definition.node import App
from runtime.form import Form, form_of, forms_of, lookup
from tests.support.apps import an_app, customers_and_orders, field_called, form_called, options, shop


@pytest.fixture
def app() -> App:
    return customers_and_orders()


def test_fields_come_in_their_order_with_typed_properties(app: App) -> None:
    form = form_called(app, "客户")
    assert [field.name for field in form.fields] == ["名称", "等级", "备注", "重点"]
    name = field_called(form, "名称")
    assert (name.kind.name, name.props.required, name.props.unique, name.props.max_length) == ("text", True, True, 500)
    assert [option.label for option in field_called(form, "等级").props.options] == ["高", "中", "低"]


def test_a_field_is_editable_unless_computed_read_only_or_unknown(app: App) -> None:
    form = form_called(app, "订单")
    assert field_called(form, "数量").editable
    assert not field_called(form, "金额").editable
    assert field_called(form, "金额").computed
    locked = form_called(SetProperty(field_called(form, "数量").id, "read_only", True).apply(app), "订单")
    assert not field_called(locked, "数量").editable
    build = an_app()
    unknown = build.form("x")
    build.field(unknown, "hologram", "全息", formula="1")
    field = form_of(build.app, unknown).fields[0]
    assert (field.known, field.editable, field.computed) == (False, False, False)


def test_a_relation_knows_its_form_and_nothing_else_does(app: App) -> None:
    orders = form_called(app, "订单")
    assert field_called(orders, "客户").target == form_called(app, "客户").id
    assert {field.target for field in orders.fields if field.name != "客户"} == {""}


def _title(form: Form) -> str:
    assert form.title is not None
    return form.title.name


def test_the_title_is_the_declared_field_else_the_first_text_else_the_first(app: App) -> None:
    customers = form_called(app, "客户")
    assert _title(customers) == "名称"
    chosen = SetProperty(customers.id, "title_field", field_called(customers, "等级").id).apply(app)
    assert _title(form_called(chosen, "客户")) == "等级"
    gone = SetProperty(customers.id, "title_field", "cxxxxxxxxxx").apply(app)
    assert _title(form_called(gone, "客户")) == "名称"
    build = an_app()
    form = build.form("x")
    assert form_of(build.app, form).title is None
    build.field(form, "integer", "n")
    build.field(form, "choice", "级", options=options("甲"))
    assert _title(form_of(build.app, form)) == "n"
    build.field(form, "text", "t")
    assert _title(form_of(build.app, form)) == "t"


def test_the_key_is_declared_or_there_is_none(app: App) -> None:
    customers = form_called(app, "客户")
    assert customers.key is None
    keyed = SetProperty(customers.id, "key_field", field_called(customers, "名称").id).apply(app)
    key = form_called(keyed, "客户").key
    assert key is not None
    assert key.name == "名称"


def test_names_follow_the_language_and_are_found_in_any() -> None:
    build = an_app()
    form = build.form("x")
    field_id = build.field(form, "text", "x")
    app = SetProperty(field_id, "label", {"en": "Name", "zh_CN": "名称"}).apply(build.app)
    made = form_of(app, form)
    assert made.fields[0].name == "Name"
    with speaking("zh_CN"):
        assert made.fields[0].name == "名称"
    for name in ("Name", "name", " NAME ", "名称", field_id):
        assert made.called(name) is made.fields[0]
    assert made.called("Namen") is None
    assert made.called("") is None


@pytest.mark.parametrize("props", [{"label": {}}, {"label": {"*": ""}}, {}])
def test_a_field_without_a_name_is_called_by_its_id(props: dict[str, Any]) -> None:
    build = an_app()
    form = build.form("x")
    field_id = build.field(form, "text", "x")
    node = build.app.nodes[field_id].with_props(label=None)
    app = build.app.replacing({field_id: node.with_props(**props)})
    assert form_of(app, form).fields[0].name == field_id


def test_a_blank_is_shown_as_nothing(app: App) -> None:
    for form in forms_of(app):
        assert {field.format(None) for field in form.fields} == {""}


def test_the_look_up_spans_apps(app: App) -> None:
    build = an_app("zweite")
    other = build.form("x")
    find = lookup([app, build.app])
    assert find(other) is not None
    assert find(form_called(app, "客户").id) is not None
    assert find("fxxxxxxxxxx") is None


def test_a_sub_form_belongs_to_its_form_and_has_fields_of_its_own() -> None:
    app = shop()
    made = {form.name: form for form in forms_of(app)}
    orders = made["订单"]
    (lines,) = orders.subforms
    assert (lines.parent, orders.parent, lines.app) == (orders.id, "", app.id)
    assert [field.name for field in lines.fields] == ["产品", "数量", "单价", "小计", "客户"]
    assert "明细" not in [field.name for field in orders.fields]
    assert orders.subform("明细") is lines
    assert orders.subform(lines.id) is lines
    assert orders.subform("细") is None
    assert list(made) == ["客户", "产品", "订单", "明细"]
    assert made["明细"] is lines


def test_the_look_up_knows_what_points_where() -> None:
    app = shop()
    find = lookup([app])
    customers, products, orders = (form_called(app, name) for name in ("客户", "产品", "订单"))
    pointing = [(form.name, field.name, field.reverse) for form, field in find.pointing(customers.id)]
    assert pointing == [("订单", "客户", "订单")]
    assert [(form.name, field.reverse) for form, field in find.pointing(products.id)] == [("明细", "")]
    assert find.pointing(orders.id) == ()
    relation = find.relation(field_called(orders, "客户").id)
    assert relation is not None
    assert relation[0].id == orders.id
    assert find.relation(field_called(orders, "编号").id) is None
