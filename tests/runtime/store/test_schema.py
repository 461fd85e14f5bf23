"""Tables of forms: columns come, stay and come back; names are ids and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from runtime.definition.edits import AddNode, MoveNode, RemoveNode, SetProperty
from runtime.definition.node import App
from runtime.errors import Refused
from runtime.form import field_node
from runtime.store.schema import column_name, key_name, table_name, table_of
from tests.support.apps import an_app, field_called, form_called
from tests.support.workspaces import Office, plan


def columns(office: Office, form: str) -> dict[str, sa.types.TypeEngine[Any]]:
    """Column -> type of a form's table."""
    with office.session._workspace.database.reader.connect() as connection:
        found = sa.inspect(connection).get_columns(table_name(office.form(form).id))
    return {column["name"]: column["type"] for column in found}


def indexed(office: Office, form: str) -> set[str]:
    """Names of the fields of a form that have an index."""
    target = office.form(form)
    with office.session._workspace.database.reader.connect() as connection:
        names = {index["name"] for index in sa.inspect(connection).get_indexes(table_name(target.id))}
    return {field.name for field in target.fields if f"i_{field.id}" in names}


def codes(office: Office, app: App) -> list[str]:
    """Codes of the problems that stop the publishing of `app`; [] where it is published."""
    try:
        office.session.publish(app)
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


def with_prop(app: App, form: str, field: str, name: str, value: Any) -> App:
    """The app with one property of a field changed."""
    return SetProperty(field_called(form_called(app, form), field).id, name, value).apply(app)


def test_a_form_is_a_table_with_the_columns_of_its_fields(office: Office) -> None:
    made = columns(office, "订单")
    assert set(made) == {
        *("_n", "_id", "_root", "_seq", "_c", "_fv", "_del", "_err"),
        *(column_name(field.id) for field in office.form("订单").fields),
        *(key_name(field.id) for field in office.form("订单").fields if field.kind.value_type == "text"),
    }
    kinds = {field.name: made[column_name(field.id)] for field in office.form("订单").fields}
    assert all(isinstance(kinds[name], sa.Text) for name in ("编号", "日期"))
    assert all(isinstance(kinds[name], sa.BigInteger) for name in ("数量", "单价", "发货时间"))
    assert isinstance(kinds["客户"], sa.LargeBinary)


def test_a_new_field_of_a_form_with_records_is_blank_in_them_and_can_be_filled(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    app = AddNode(field_node(office.form("客户").id, "integer", "员工数")).apply(office.app)
    office.session.publish(app)
    assert office.read("客户", row) == {"名称": "甲"}
    office.set("客户", row, {"员工数": 12})
    office.reopen()
    assert office.read("客户", row) == {"名称": "甲", "员工数": 12}
    assert office.session.damage() == []


def test_a_field_that_was_taken_out_comes_back_with_its_values(office: Office) -> None:
    row = office.new("客户", {"名称": "甲", "备注": "bleibt"})
    before = office.app
    note = field_called(office.form("客户"), "备注")
    office.session.publish(RemoveNode(note.id).apply(before))
    assert office.read("客户", row) == {"名称": "甲"}
    office.set("客户", row, {"名称": "乙"})
    assert column_name(note.id) in columns(office, "客户")
    office.session.publish(AddNode(before.nodes[note.id]).apply(office.app))
    assert office.read("客户", row) == {"名称": "乙", "备注": "bleibt"}


def test_a_form_that_was_taken_out_keeps_its_records(office: Office) -> None:
    row = office.new("订单", {"编号": "A-1"})
    before, form = office.app, office.form("订单")
    office.session.publish(RemoveNode(form.id).apply(before))
    assert [each.name for each in office.session.forms] == ["客户"]
    app = office.app
    for node in before.walk(form.id):
        app = AddNode(node).apply(app)
    office.session.publish(app)
    assert office.read("订单", row)["编号"] == "A-1"


def test_labels_orders_and_options_may_change_at_any_time(office: Office) -> None:
    row = office.new("客户", {"名称": "甲", "等级": "高"})
    level = field_called(office.form("客户"), "等级")
    options = [{"id": option.id, "label": f"{option.label}级"} for option in reversed(level.props.options)]
    app = with_prop(office.app, "客户", "等级", "options", options)
    app = SetProperty(level.id, "label", {"*": "级别"}).apply(app)
    app = MoveNode(level.id, office.form("客户").id, "fields").apply(app)
    assert codes(office, app) == []
    record = office.session.form("客户").get(row)
    assert record is not None
    assert record["级别"] == "高级"


def test_fields_that_are_looked_up_have_an_index(office: Office) -> None:
    assert indexed(office, "客户") == {"名称"}
    assert indexed(office, "订单") == {"客户"}
    office.session.publish(with_prop(office.app, "订单", "编号", "unique", True))
    assert indexed(office, "订单") == {"客户", "编号"}
    form = office.form("订单")
    app = SetProperty(form.id, "key_field", field_called(form, "数量").id).apply(office.app)
    office.session.publish(app)
    assert indexed(office, "订单") == {"客户", "编号", "数量"}


def test_the_index_of_a_relation_serves_its_filter(office: Office) -> None:
    relation = field_called(office.form("订单"), "客户")
    table = table_of(office.form("订单"))
    statement = sa.select(table.c["_n"]).where(table.c[column_name(relation.id)] == b"x" * 16)
    with office.session._workspace.database.reader.connect() as connection:
        assert f"i_{relation.id}" in plan(connection, statement)


HOSTILE = [
    "",
    "f",
    "faaaaaaaaaa; DROP TABLE meta",
    'faaaaaaaa"a',
    "FAAAAAAAAAA",
    "f123456789",
    "f1aaaaaaaaa",
    "faaaaaaaaa",
    "faaaaaaaaaaa",
    "f客户客户客户客户客户",
    "caaaaaaaaaa",
    "faaaaaaaaa\n",
]


@pytest.mark.one_engine
@pytest.mark.parametrize("name", HOSTILE)
def test_only_ids_become_part_of_sql(name: str) -> None:
    with pytest.raises(ValueError):
        table_name(name)
    with pytest.raises(ValueError):
        column_name(name.replace("f", "c", 1) if name != "caaaaaaaaaa" else "faaaaaaaaaa")


@pytest.mark.one_engine
def test_ids_are_allowed() -> None:
    assert table_name("faaaaaaaaa7") == "f_faaaaaaaaa7"
    assert column_name("caaaaaaaaa7") == "c_caaaaaaaaa7"


def test_an_app_with_a_hostile_id_is_refused_when_it_is_published(office: Office) -> None:
    from dataclasses import replace

    build = an_app("böse")
    form = build.form("x")
    field = build.field(form, "text", "名称")
    evil = 'c"; DROP TABLE meta;--'
    app = build.app
    node = replace(app.nodes[field], id=evil)
    assert codes(office, app.replacing({field: None, evil: node})) == ["bad_id"]
    assert office.session.damage() == []


def test_a_thousand_fields_are_enough_and_one_more_is_refused(office: Office) -> None:
    build = an_app("breit")
    form = build.form("x")
    nodes = {}
    for at in range(1001):
        node = field_node(form, "text", f"F{at}", f"{at:05}i")
        nodes[node.id] = node
    wide = build.app.replacing(nodes)
    assert codes(office, wide) == ["too_many_fields"]
    last = max(nodes, key=lambda node_id: nodes[node_id].order)
    assert codes(office, wide.replacing({last: None})) == []
    handle = office.session.form("x")
    record = handle.create({f"F{at}": str(at) for at in range(1000)})
    assert record["F999"] == "999"
    assert handle.count('{F500}="500"') == 1
