"""Publishing: whole or not at all, one after the other, and never with somebody else's parts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from runtime.changes import ChangeSet, DefinitionChange
from runtime.definition import codec
from runtime.definition.edits import AddNode, RemoveNode, SetProperty
from runtime.errors import Problem, Refused, UserError
from runtime.form import field_node
from runtime.store.records import Applied, Rejected
from tests.support.apps import an_app, customers_and_orders, field_called
from tests.support.workspaces import Office


def refused(office: Office, change: DefinitionChange) -> tuple[Problem, ...]:
    """The problems that refuse a publication."""
    outcome = office.session._workspace.records.apply(ChangeSet((change,)))
    assert isinstance(outcome, Rejected), outcome
    return outcome.problems


def test_versions_count_up_and_survive_a_restart(office: Office) -> None:
    assert office.app.version == 1
    for version in (2, 3, 4):
        office.session.publish(SetProperty(office.app.id, "label", {"*": f"v{version}"}).apply(office.app))
        assert office.app.version == version
    office.reopen()
    assert office.app.version == 4
    assert office.app.root.props["label"] == {"*": "v4"}


def test_the_second_of_two_who_publish_is_told(office: Office) -> None:
    app = office.app
    office.session.publish(SetProperty(app.id, "label", {"*": "mine"}).apply(app))
    with pytest.raises(Refused, match="Somebody published") as refusal:
        office.session.publish(SetProperty(app.id, "label", {"*": "theirs"}).apply(app))
    assert [problem.code for problem in refusal.value.problems] == ["stale_definition"]
    assert office.app.root.props["label"] == {"*": "mine"}


def test_an_app_with_errors_is_not_published_and_makes_no_table(office: Office) -> None:
    build = an_app("neu")
    form = build.form("x")
    build.field(form, "integer", "a", formula="{b}+1")
    build.field(form, "integer", "b", formula="{a}+1")
    with pytest.raises(Refused) as refusal:
        office.session.publish(build.app)
    assert [problem.code for problem in refusal.value.problems] == ["cycle"]
    assert [each.name for each in office.session.forms] == ["客户", "订单"]
    with office.session._workspace.database.reader.connect() as connection:
        assert len([name for name in sa.inspect(connection).get_table_names() if name.startswith("f_")]) == 2


def test_warnings_do_not_stop(office: Office) -> None:
    app = AddNode(field_node(office.form("客户").id, "hologram", "全息")).apply(office.app)
    office.session.publish(app)
    row = office.new("客户", {"名称": "甲"})
    assert office.read("客户", row) == {"名称": "甲"}


def test_what_an_unknown_type_holds_cannot_be_typed_in_but_is_kept(office: Office) -> None:
    office.session.publish(AddNode(field_node(office.form("客户").id, "hologram", "全息")).apply(office.app))
    with pytest.raises(Refused):
        office.session.form("客户").create({"名称": "甲", "全息": "x"})


def test_a_body_of_another_app_is_refused(office: Office) -> None:
    other = an_app("andere").app
    body = codec.encode(other)
    assert [p.code for p in refused(office, DefinitionChange(office.app.id, 1, body))] == ["foreign_parts"]
    assert [app.id for app in office.session.apps.values()] == [office.app.id]


def test_an_app_with_the_forms_of_another_app_is_refused(office: Office) -> None:
    copy = an_app("kopie")
    app = copy.app
    for node in office.app.walk(office.form("客户").id):
        from dataclasses import replace

        parent = app.id if node.parent == office.app.id else node.parent
        app = AddNode(replace(node, parent=parent)).apply(app)
    with pytest.raises(Refused) as refusal:
        office.session.publish(app)
    assert [problem.code for problem in refusal.value.problems] == ["foreign_parts"]


def test_two_apps_live_side_by_side_and_may_point_to_each_other(office: Office) -> None:
    build = an_app("zweite")
    visits = build.form("拜访")
    build.field(visits, "text", "主题")
    build.field(visits, "relation", "客户", form=office.form("客户").id)
    office.session.publish(build.app)
    customer = office.new("客户", {"名称": "甲", "等级": "高"})
    visit = office.session.form("拜访").create({"主题": "Besuch", "客户": "甲"})
    assert visit["客户"] == customer
    assert office.session.form("拜访").count('{客户}.{等级}="高"') == 1


def test_an_app_taken_away_leaves_relations_blank_and_no_traceback(office: Office) -> None:
    build = an_app("zweite")
    visits = build.form("拜访")
    build.field(visits, "text", "主题")
    build.field(visits, "relation", "客户", form=office.form("客户").id)
    office.session.publish(build.app)
    office.new("客户", {"名称": "甲"})
    visit = office.session.form("拜访").create({"主题": "Besuch", "客户": "甲"})
    first = next(app for app in office.session.apps.values() if app.root.props["label"] == {"*": "销售"})
    office.session.apply([DefinitionChange(first.id, first.version, b"")], "Take away")
    handle = office.session.form("拜访")
    record = handle.get(visit.id)
    assert record is not None
    assert record["客户"] == visit["客户"]
    record.text("客户")
    assert handle.records(sort=["客户"])[0].id == visit.id
    assert handle.count('{客户}="甲"') == 0
    handle.update(visit.id, {"主题": "x"})


def test_an_app_whose_titles_others_read_can_be_taken_away_and_comes_back(office: Office) -> None:
    build = an_app("zweite")
    visits = build.form("拜访")
    build.field(visits, "text", "主题")
    build.field(visits, "relation", "客户", form=office.form("客户").id)
    build.field(visits, "text", "谁", formula='{客户}&""')
    office.session.publish(build.app)
    customer = office.new("客户", {"名称": "甲"})
    handle = office.session.form("拜访")
    visit = handle.create({"主题": "Besuch", "客户": "甲"})
    first = office.app
    office.session.apply([DefinitionChange(first.id, first.version, b"")], "Take away")
    assert handle.update(visit, {"主题": "x"})["主题"] == "x"
    office.session.publish(replace(first, version=first.version + 1))
    office.set("客户", customer, {"名称": "乙"})
    found = handle.get(visit)
    assert found is not None
    assert (found["主题"], found["谁"]) == ("x", "乙")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"format": 99}', b"\xff\xfe"])
def test_a_body_that_is_no_app_is_refused_and_nothing_is_written(office: Office, body: bytes) -> None:
    with pytest.raises(UserError):
        office.session.apply([DefinitionChange(office.app.id, 1, body)], "Publish")
    assert office.app.version == 1
    assert office.session.damage() == []


def test_a_snapshot_in_use_stays_as_it_was(office: Office) -> None:
    before = office.session._workspace.apps.now
    office.session.publish(RemoveNode(office.form("订单").id).apply(office.app))
    assert [form.name for form in before.forms.values()] == ["客户", "订单"]
    assert [form.name for form in office.session._workspace.apps.now.forms.values()] == ["客户"]


def test_the_same_app_can_be_published_in_two_workspaces(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Office(tmp_path_factory.mktemp("other"), customers_and_orders())
    assert isinstance(other.try_new("客户", {"名称": "甲"}), Applied)
    assert office.session.form("客户").count() == 0
    other.session.close()


def test_a_formula_that_uses_a_field_taken_out_is_refused(office: Office) -> None:
    app = RemoveNode(field_called(office.form("订单"), "单价").id).apply(office.app)
    with pytest.raises(Refused) as refusal:
        office.session.publish(app)
    assert [problem.code for problem in refusal.value.problems] == ["deleted_field"]


def test_a_field_that_another_app_reads_is_not_taken_out_behind_its_back(office: Office) -> None:
    build = an_app("zweite")
    visits = build.form("拜访")
    build.field(visits, "relation", "客户", form=office.form("客户").id)
    build.field(visits, "text", "备注", formula='{客户}.{备注}&"!"')
    office.session.publish(build.app)
    note = field_called(office.form("客户"), "备注")
    with pytest.raises(Refused, match="zweite") as refusal:
        office.session.publish(RemoveNode(note.id).apply(office.app))
    assert [problem.code for problem in refusal.value.problems] == ["needed_elsewhere"]
    office.session.publish(SetProperty(note.id, "label", {"*": "说明"}).apply(office.app))  # its name may change


def test_a_formula_follows_the_field_when_its_name_changes(office: Office) -> None:
    price = field_called(office.form("订单"), "单价")
    office.session.publish(SetProperty(price.id, "label", {"*": "售价"}).apply(office.app))
    amount = field_called(office.form("订单"), "金额")
    assert price.id in amount.props.formula
    row = office.new("订单", {"编号": "A", "售价": Decimal(5), "数量": 3})
    assert office.read("订单", row)["金额"] == 15
