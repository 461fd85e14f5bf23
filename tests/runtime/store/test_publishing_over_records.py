"""Publishing over records that are there: values that repeat, blanks in required fields, formulas of another type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from resources.texts import speaking
from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.definition.edits import AddNode, RemoveNode, SetKind, SetProperty
from runtime.errors import Problem, Refused
from runtime.form import field_node
from runtime.store.records import Applied
from tests.support.apps import an_app, field_called
from tests.support.workspaces import Office, codes

CUSTOMERS, ORDERS = "客户", "订单"
MANY = 100_000


def publish_prop(office: Office, form: str, field: str, name: str, value: Any) -> None:
    """Publish one property of a field with another value."""
    id_ = field_called(office.form(form), field).id
    office.session.publish(SetProperty(id_, name, value).apply(office.app))


def refusal(office: Office, form: str, field: str, name: str, value: Any) -> Problem:
    """The one problem that refuses to publish a property."""
    with pytest.raises(Refused) as refused:
        publish_prop(office, form, field, name, value)
    (problem,) = refused.value.problems
    assert problem.where == field_called(office.form(form), field).id
    return problem


def add_formula(office: Office, form: str, type_name: str, formula: str, /, **props: Any) -> None:
    """Publish a computed field called 果."""
    node = field_node(office.form(form).id, type_name, "果", formula=formula, **props)
    office.session.publish(AddNode(node).apply(office.app))


def columns(office: Office, form: str) -> set[str]:
    """Columns of the form's table."""
    with office.session._workspace.database.reader.connect() as connection:
        schema = None if office.server is None else office.schema
        table = f"f_{office.form(form).id}"
        return {column["name"] for column in sa.inspect(connection).get_columns(table, schema=schema)}


# No duplicates


def test_values_that_repeat_are_named_with_how_often_and_nothing_is_written(office: Office) -> None:
    for text in ("乙", "甲", "甲", "丙", "甲", "乙", "丁", "丁", "戊", "戊", "独"):
        office.new(ORDERS, {"编号": text})
    version, commits = office.app.version, office.commits()
    problem = refusal(office, ORDERS, "编号", "unique", True)
    assert problem.code == "values_repeat"
    said = str(problem.message)
    assert said.startswith("4 values of “编号” are there more than once: “甲” 3 times; “乙” 2 times; “丁” 2 times.")
    assert "publish without" in said
    with speaking("zh_CN"):
        assert str(problem.message)
    assert (office.app.version, office.commits()) == (version, commits)
    office.new(ORDERS, {"编号": "甲"})  # still allowed


def test_values_that_differ_and_blanks_are_no_duplicates(office: Office) -> None:
    for text in ("a", "A", "a ", "á", "a\u0301"):
        office.new(ORDERS, {"编号": text})
    office.new(CUSTOMERS, {"名称": "甲"})
    office.new(CUSTOMERS, {"名称": "乙"})
    publish_prop(office, ORDERS, "编号", "unique", True)
    publish_prop(office, CUSTOMERS, "备注", "unique", True)
    assert codes(office.try_new(ORDERS, {"编号": "A"})) == ["duplicate"]


def test_records_in_the_bin_do_not_count(office: Office) -> None:
    rows = [office.new(ORDERS, {"编号": "甲"}) for _ in range(2)]
    office.delete(ORDERS, rows[0])
    publish_prop(office, ORDERS, "编号", "unique", True)
    restore = Change(ChangeKind.RESTORE, office.form(ORDERS).id, rows[0])
    assert codes(office.session.save([restore], "Back")) == ["duplicate"]


def test_publishing_agrees_with_what_is_refused_at_a_save(office: Office) -> None:
    """Each pair of values repeats for a publication exactly if it repeats for a save."""
    pairs: list[tuple[str, str, Any, Any]] = [
        (CUSTOMERS, "名称", "ab", "AB"),
        (ORDERS, "单价", Decimal("1.5"), Decimal("1.50")),
        (ORDERS, "数量", 0, 0),
        (ORDERS, "日期", date(2026, 1, 2), date(2026, 1, 2)),
        (ORDERS, "折扣", Decimal("0.1"), Decimal("0.2")),
    ]
    customer = office.new(CUSTOMERS, {"名称": "大成"})
    pairs.append((ORDERS, "客户", customer, customer))
    for form, field, one, two in pairs:
        more = {"编号": "x", "日期": None} if form == ORDERS else {}
        publish_prop(office, form, field, "unique", True)
        office.new(form, {**more, field: one})
        refused = codes(office.try_new(form, {**more, field: two})) == ["duplicate"]
        assert refused == (one == two)
        publish_prop(office, form, field, "unique", False)
        if refused:
            office.new(form, {**more, field: two})
            assert "2 times" in str(refusal(office, form, field, "unique", True).message)
        else:
            publish_prop(office, form, field, "unique", True)


def test_a_relation_is_named_by_the_title_and_a_long_text_is_cut(office: Office) -> None:
    customer = office.new(CUSTOMERS, {"名称": "大成"})
    for _ in range(2):
        office.new(ORDERS, {"编号": "长" * 300, "客户": customer})
    assert "“大成” 2 times" in str(refusal(office, ORDERS, "客户", "unique", True).message)
    said = str(refusal(office, ORDERS, "编号", "unique", True).message)
    assert "长…” 2 times" in said
    assert len(said) < 250


def test_a_field_that_had_no_duplicates_stays_and_one_that_comes_back_is_looked_at(office: Office) -> None:
    publish_prop(office, ORDERS, "编号", "unique", True)
    first = office.new(ORDERS, {"编号": "甲"})
    node = office.app.nodes[field_called(office.form(ORDERS), "编号").id]
    office.delete(ORDERS, first)
    office.new(ORDERS, {"编号": "甲"})
    office.session.publish(RemoveNode(node.id).apply(office.app))
    restore = Change(ChangeKind.RESTORE, office.form(ORDERS).id, first)
    assert isinstance(office.session.save([restore], "Back"), Applied)
    with pytest.raises(Refused, match="“甲” 2 times"):
        office.session.publish(AddNode(node).apply(office.app))


def test_a_computed_field_without_duplicates_is_looked_at_too(office: Office) -> None:
    for name in ("甲1", "甲2", "乙1"):
        office.new(ORDERS, {"编号": name})
    with pytest.raises(Refused, match="“甲” 2 times"):
        add_formula(office, ORDERS, "text", "LEFT({编号},1)", unique=True)
    add_formula(office, ORDERS, "text", "RIGHT({编号},2)", unique=True)


def test_a_hundred_thousand_records_are_asked_in_one_statement(office: Office, statements: list[str]) -> None:
    form = office.form(CUSTOMERS)
    note, name = field_called(form, "备注").id, field_called(form, "名称").id
    ids = [new_uuid() for _ in range(MANY)]
    texts = [f"备注{at // 2}" for at in range(MANY)]
    names = [f"客户{at}" for at in range(MANY)]
    assert isinstance(
        office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, {name: names, note: texts})], "+"), Applied
    )
    statements.clear()
    said = str(refusal(office, CUSTOMERS, "备注", "unique", True).message)
    assert said.startswith("50,000 values of “备注” are there more than once: “备注0” 2 times; “备注1” 2 times; ")
    assert len([each for each in statements if f'GROUP BY "c_{note}"' in each]) == 1
    assert len(statements) < 40


# No duplicates, and another type


def numbers(office: Office, *texts: str) -> list[UUID]:
    """Orders whose numbers are unique texts."""
    publish_prop(office, ORDERS, "编号", "unique", True)
    return [office.new(ORDERS, {"编号": text}) for text in texts]


def test_converted_values_that_collide_are_refused_and_all_is_as_before(office: Office) -> None:
    rows = numbers(office, "1", "01", "2", "3", "3.0", "4")
    before, version, commits = columns(office, ORDERS), office.app.version, office.commits()
    id_ = field_called(office.form(ORDERS), "编号").id
    with pytest.raises(Refused) as refused:
        office.session.publish(SetKind(id_, "field.integer", {"unique": True}).apply(office.app), lossy=[id_])
    (problem,) = refused.value.problems
    assert (problem.where, problem.code) == (id_, "values_repeat")
    said = str(problem.message)
    assert said.startswith("In the new type, 2 values of “编号” would be there more than once: ")
    assert "“1” 2 times (was “1”, “01”); “3” 2 times (was “3”, “3.0”)" in said
    assert columns(office, ORDERS) == before
    assert (office.app.version, office.commits()) == (version, commits)
    assert [office.read(ORDERS, row)["编号"] for row in rows] == ["1", "01", "2", "3", "3.0", "4"]
    assert codes(office.try_new(ORDERS, {"编号": "01"})) == ["duplicate"]
    office.reopen()
    assert office.session.damage() == []
    office.set(ORDERS, rows[1], {"编号": "10"})
    office.set(ORDERS, rows[4], {"编号": "30"})
    office.session.publish(SetKind(id_, "field.integer", {"unique": True}).apply(office.app))
    assert [office.read(ORDERS, row)["编号"] for row in rows] == [1, 10, 2, 3, 30, 4]


def test_without_no_duplicates_the_same_values_are_converted(office: Office) -> None:
    rows = numbers(office, "1", "01")
    id_ = field_called(office.form(ORDERS), "编号").id
    office.session.publish(SetKind(id_, "field.integer", {"unique": False}).apply(office.app))
    assert [office.read(ORDERS, row)["编号"] for row in rows] == [1, 1]


def test_rounding_to_fewer_places_can_collide_too(office: Office) -> None:
    publish_prop(office, ORDERS, "重量", "unique", True)
    for weight in ("1.001", "1.002"):
        office.new(ORDERS, {"编号": weight, "重量": Decimal(weight)})
    id_ = field_called(office.form(ORDERS), "重量").id
    with pytest.raises(Refused, match=r"“1\.00” 2 times \(was “1\.001”, “1\.002”\)"):
        office.session.publish(SetProperty(id_, "decimals", 2).apply(office.app), lossy=[id_])
    assert field_called(office.form(ORDERS), "重量").props.decimals == 3


# Required


def test_a_field_becomes_required_over_blank_records_which_stay_and_can_be_worked_on(office: Office) -> None:
    """Only new records and the field itself are asked: cells of old records can be changed one by one, as in a grid."""
    old = office.new(CUSTOMERS, {"名称": "甲"})
    publish_prop(office, CUSTOMERS, "备注", "required", True)
    assert codes(office.try_new(CUSTOMERS, {"名称": "乙"})) == ["required"]
    assert isinstance(office.set(CUSTOMERS, old, {"名称": "丙"}), Applied)
    assert isinstance(office.set(CUSTOMERS, old, {"备注": "x"}), Applied)
    assert codes(office.set(CUSTOMERS, old, {"备注": None})) == ["required"]
    office.delete(CUSTOMERS, old)
    assert office.session.undo()
    assert office.read(CUSTOMERS, old)["备注"] == "x"


def test_an_undo_may_leave_blank_what_was_blank_before_it_was_required(office: Office) -> None:
    old = office.new(CUSTOMERS, {"名称": "甲"})
    office.set(CUSTOMERS, old, {"名称": "乙"})
    office.set(CUSTOMERS, old, {"备注": "x"})
    publish_prop(office, CUSTOMERS, "备注", "required", True)
    assert office.session.undo()
    assert office.read(CUSTOMERS, old) == {"名称": "乙"}
    assert office.session.undo()
    assert office.read(CUSTOMERS, old) == {"名称": "甲"}
    assert office.session.redo()
    assert office.session.redo()
    assert office.read(CUSTOMERS, old) == {"名称": "乙", "备注": "x"}


def test_computed_fields_of_records_with_a_blank_required_field_are_brought_up(office: Office) -> None:
    customer = office.new(CUSTOMERS, {"名称": "甲"})
    row = office.new(ORDERS, {"编号": "1", "客户": customer, "数量": 2})
    add_formula(office, ORDERS, "text", '{客户}.{名称}&"!"')
    publish_prop(office, ORDERS, "单价", "required", True)
    publish_prop(office, CUSTOMERS, "备注", "required", True)
    office.set(CUSTOMERS, customer, {"名称": "乙"})
    assert office.read(ORDERS, row)["果"] == "乙!"
    form = office.form(ORDERS).id
    quantity = field_called(office.form(ORDERS), "数量").id
    assert codes(office.session.save([BulkChange(ChangeKind.SET, form, [row], {quantity: [5]})], "Paste")) == []
    assert office.session.settle_some() is None


# Formulas that give another type


TEXTS = [
    ("text", "{数量}*2", "6"),
    ("text", "{单价}", "1234.5"),
    ("long_text", "{单价}*{数量}", "3703.5"),
    ("text", "{日期}", "2026-03-05"),
    ("text", "{数量}>1", "TRUE"),
    ("text", "{折扣}", None),
    ("text", "SUM({数量},1)", "4"),
    ("text", 'IF({数量}>1,{数量},"")', "3"),
    ("text", 'IF({数量}>9,{数量},"")', None),
    ("text", "{客户}", "大成"),
    ("decimal", 'IF({数量}>9,{数量},"")', None),
    ("decimal", "{数量}>1", Decimal(1)),
    ("boolean", "{数量}", True),
    ("date", "{发货时间}", None),
]


@pytest.mark.parametrize(("type_name", "formula", "expected"), TEXTS)
def test_what_a_formula_gives_is_converted_as_in_excel(
    office: Office, type_name: str, formula: str, expected: Any
) -> None:
    customer = office.new(CUSTOMERS, {"名称": "大成"})
    values = {"数量": 3, "单价": Decimal("1234.50"), "日期": date(2026, 3, 5), "客户": customer}
    row = office.new(ORDERS, {"编号": "1", **values})
    add_formula(office, ORDERS, type_name, formula)
    assert office.read(ORDERS, row).get("果") == expected
    assert not office.row(ORDERS, row).errors
    later = office.new(ORDERS, {"编号": "2", **values})
    assert office.read(ORDERS, later).get("果") == expected


@pytest.mark.parametrize(
    ("type_name", "formula", "says"),
    [
        ("integer", "{编号}", "VALUE"),
        ("money", "{日期}", "number"),
        ("date", "{编号}", "date"),
        ("boolean", "{编号}", "yes/no"),
        ("relation", "{编号}", "record"),
    ],
)
def test_what_cannot_be_converted_is_refused_at_the_field(
    office: Office, type_name: str, formula: str, says: str
) -> None:
    props = {"form": office.form(CUSTOMERS).id} if type_name == "relation" else {}
    with pytest.raises(Refused, match=says) as refused:
        add_formula(office, ORDERS, type_name, formula, **props)
    assert [problem.code for problem in refused.value.problems] == ["wrong_type"]


def test_a_list_in_a_text_field_is_refused_and_says_how_to_make_one_value(office: Office) -> None:
    id_ = field_called(office.form(ORDERS), "客户").id
    app = SetProperty(id_, "reverse", "订单").apply(office.app)
    node = field_node(office.form(CUSTOMERS).id, "text", "果", formula="{订单}.{数量}")
    with pytest.raises(Refused, match="SUM"):
        office.session.publish(AddNode(node).apply(app))


def test_a_title_in_a_text_field_follows_and_closes_circles(office: Office) -> None:
    customer = office.new(CUSTOMERS, {"名称": "大成"})
    row = office.new(ORDERS, {"编号": "1", "客户": customer})
    add_formula(office, ORDERS, "text", "{客户}")
    office.set(CUSTOMERS, customer, {"名称": "小成"})
    assert office.read(ORDERS, row)["果"] == "小成"
    build = an_app("部门")
    form = build.form("部门")
    build.field(form, "text", "名称", formula="{上级}")
    build.field(form, "relation", "上级", form=form)
    with pytest.raises(Refused) as refused:
        office.session.publish(build.app)
    assert [problem.code for problem in refused.value.problems] == ["cycle"]
