"""Texts stand in the order of people on both engines, whatever was done to them: Chinese stands by its pinyin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.text_order import __main__ as making
from resources.text_order import chinese
from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.definition.edits import AddNode, RemoveNode, SetKind, SetProperty
from runtime.form import field_node
from runtime.store import pending, sort_keys, system, text_order
from runtime.store.query import Group, Query, Sort
from runtime.store.records import Applied
from runtime.store.schema import column_name, key_name, table_name
from runtime.store.text_order import LONGEST, key, keys, place
from tests.support.apps import an_app, field_called, options
from tests.support.workspaces import Office

WORDS = [
    "安",
    "北京",
    "apple",
    "Apple",
    "Zoo",
    "10",
    "9",
    "_x",
    "éclair",
    "重庆",
    "张伟",
    "章",
    "（一）",
    "Ａ1",
    "",
    "吕",
]
IN_ORDER = "（一） 10 9 _x Ａ1 Apple apple éclair Zoo 安 北京 吕 张伟 章 重庆".split()  # noqa: SIM905

letters = st.characters(min_codepoint=32, max_codepoint=0x17F)
chinese_signs = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
signs = st.one_of(letters, chinese_signs, st.sampled_from("0123456789aAbB张章安　Ａｚß\n😀𠮷㐀"))
texts = st.text(signs, min_size=1, max_size=12) | st.text(st.sampled_from("aA张"), min_size=60, max_size=70)


@pytest.fixture
def office(tmp_path: Path, engine: str) -> Iterator[Office]:
    """People, and orders with a text, a text that is computed from it, an address and a relation to people."""
    build = an_app()
    people = build.form("人员")
    build.field(people, "text", "姓名")
    orders = build.form("订单")
    build.field(orders, "text", "名称")
    build.field(orders, "text", "算出", formula='IF({名称}="", "", "甲" & {名称})')
    build.field(orders, "email", "邮箱")
    build.field(orders, "integer", "数量")
    build.field(orders, "relation", "负责人", form=people)
    office = Office(tmp_path, build.app)
    yield office
    office.session.close()


def fill(office: Office, names: list[str | None]) -> list[UUID]:
    form = office.form("订单")
    ids = [new_uuid() for _ in names]
    columns: dict[str, list[Any]] = {
        field_called(form, "名称").id: names,
        field_called(form, "数量").id: [1] * len(names),
    }
    assert isinstance(office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "Fill"), Applied)
    return ids


def listed(office: Office, name: str = "名称", form: str = "订单", *, descending: bool = False) -> list[Any]:
    """The values of a field in its order."""
    field = field_called(office.form(form), name)
    reader = office.session.reader
    numbers = reader.ids(Query(office.form(form).id, sort=(Sort(field.id, descending),)))
    return [row.values.get(field.id) for row in reader.rows(office.form(form).id, numbers)]


def assert_keys_are_right(office: Office) -> None:
    """Every text of every form has the key that is made of it."""
    with office.session._workspace.database.reader.connect() as connection:
        for form in (form for app in office.session.apps.values() for form in app_forms(office, app)):
            for field in (each for each in form.fields if each.id in text_order.ordered(form)):
                sql = f'SELECT "{column_name(field.id)}", "{key_name(field.id)}" FROM "{table_name(form.id)}"'
                for text, made in connection.exec_driver_sql(sql):
                    assert made == key(text), (form.name, field.name, text)


def app_forms(office: Office, app: Any) -> list[Any]:
    return [form for form in office.session._workspace.apps.now.forms.values() if form.app == app.id]


@pytest.mark.one_engine
def test_signs_and_digits_stand_before_letters_and_these_before_chinese_by_pinyin() -> None:
    assert sorted(filter(None, WORDS), key=place) == IN_ORDER


@pytest.mark.one_engine
def test_the_same_syllable_goes_by_its_tone() -> None:
    assert sorted("骂马麻妈", key=place) == list("妈麻马骂")


@pytest.mark.one_engine
def test_a_character_of_several_readings_stands_where_people_look_for_it() -> None:
    names = ["曾惠", "长沙百货", "厦门港务", "绿城", "单县", "佛山", "重庆"]
    assert sorted(names, key=place) == ["长沙百货", "单县", "佛山", "绿城", "厦门港务", "曾惠", "重庆"]


def test_codes_and_addresses_need_no_key_of_their_own() -> None:
    assert keys(["a-1", None, "x@y.cn", "", "2026"]) is None
    assert keys(["a", None, "B"]) == [None, None, "b"]


@pytest.mark.one_engine
def test_the_file_of_the_order_is_what_its_command_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "path", lambda *_: tmp_path / "made.txt")
    making.main()
    assert (tmp_path / "made.txt").read_text(encoding="utf-8").replace("\n", "") == "".join(
        sign for sign, _ in chinese()
    )


@pytest.mark.one_engine
@given(st.lists(st.none() | texts | st.just("a\0B"), max_size=20))
def test_keys_of_many_are_the_keys_of_each(many: list[str | None]) -> None:
    assert (keys(many) or [None] * len(many)) == [key(text) for text in many]


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.lists(st.none() | texts, max_size=20))
def test_the_order_in_the_database_is_that_of_the_keys_in_python(office: Office, many: list[str | None]) -> None:
    ids = fill(office, many)
    filled = [text for text in many if text]
    blanks = [None] * (len(many) - len(filled))
    assert [value or None for value in listed(office)] == sorted(filled, key=place) + blanks
    down = sorted(filled, key=place, reverse=True) + blanks
    assert [value or None for value in listed(office, descending=True)] == down
    assert_keys_are_right(office)
    form = office.form("订单").id
    with office.session._workspace.database.writer.begin() as connection:
        connection.exec_driver_sql(f'DELETE FROM "{table_name(form)}"')
    assert len(ids) == len(many)


def test_texts_that_begin_alike_for_long_stand_by_what_their_key_says(office: Office) -> None:
    long = ["a" * LONGEST + "c", "A" * LONGEST + "b", "a" * LONGEST, "张" * LONGEST + "B", "张" * LONGEST + "a"]
    fill(office, list(long))
    assert listed(office) == sorted(long, key=place)


def test_ties_go_by_code_point_then_by_creation(office: Office) -> None:
    fill(office, ["apple", "Apple", "APPLE", "apple"])
    form, name = office.form("订单"), field_called(office.form("订单"), "名称").id
    assert listed(office) == ["APPLE", "Apple", "apple", "apple"]
    for descending in (False, True):
        numbers = office.session.reader.ids(Query(form.id, sort=(Sort(name, descending),)))
        same = [row.n for row in office.session.reader.rows(form.id, numbers) if row.values[name] == "apple"]
        assert same == sorted(same)


def test_the_first_page_is_the_beginning_of_the_whole_list(office: Office) -> None:
    fill(office, [*filter(None, WORDS)] * 3)
    form, name = office.form("订单"), field_called(office.form("订单"), "名称").id
    query = Query(form.id, where="{数量}=1", sort=(Sort(name),))
    assert office.session.reader.ids(query, 7) == office.session.reader.ids(query)[:7]


def test_groups_stand_in_the_order_of_people_and_their_records_too(office: Office) -> None:
    fill(office, [*filter(None, WORDS)] * 2)
    form, name = office.form("订单"), field_called(office.form("订单"), "名称").id
    query = Query(form.id, groups=(Group(name),))
    numbers, groups = office.session.reader.grouped_ids(query, {})
    assert [path for (path,) in groups.keys] == IN_ORDER
    rows = office.session.reader.rows(form.id, numbers)
    assert [row.values[name] for row in rows] == [text for text in IN_ORDER for _ in range(2)]


@pytest.mark.parametrize("grouped", [False, True])
def test_relations_sort_by_the_key_of_the_title(office: Office, grouped: bool) -> None:
    form, relation = office.form("订单"), field_called(office.form("订单"), "负责人").id
    for name in ("张伟", "安", "Bob", "anna", "北"):
        office.new("订单", {"负责人": office.new("人员", {"姓名": name})})
    query = Query(form.id, groups=(Group(relation),)) if grouped else Query(form.id, sort=(Sort(relation),))
    reader = office.session.reader
    numbers = reader.grouped_ids(query, {})[0] if grouped else reader.ids(query)
    titles = [row.titles.get(relation) for row in reader.rows(form.id, numbers)]
    assert titles == ["anna", "Bob", "安", "北", "张伟"]


def test_titles_that_are_options_sort_by_the_key_of_their_label(tmp_path: Path) -> None:
    build = an_app()
    grades = build.form("等级")
    build.field(grades, "choice", "名称", options=options("张", "B", "安", "a"))
    orders = build.form("订单")
    build.field(orders, "relation", "等级", form=grades)
    office = Office(tmp_path, build.app)
    for name in ("张", "B", "安", "a"):
        office.new("订单", {"等级": office.new("等级", {"名称": name})})
    titles = [record.text("等级") for record in office.session.form("订单").records(sort=["等级"])]
    assert titles == ["a", "B", "安", "张"]
    office.session.close()


def test_keys_follow_every_way_to_change_a_text(office: Office) -> None:
    first, second, third = fill(office, ["北", "Zoo", "a"])
    office.set("订单", first, {"名称": "abc"})
    assert_keys_are_right(office)
    form, name = office.form("订单"), field_called(office.form("订单"), "名称").id
    office.session.save([BulkChange(ChangeKind.SET, form.id, [first, second], {name: ["安", None]})], "Set")
    assert_keys_are_right(office)
    assert office.session.undo()
    assert_keys_are_right(office)
    assert listed(office) == ["a", "abc", "Zoo"]
    assert office.session.undo()
    assert listed(office, "算出") == ["甲a", "甲Zoo", "甲北"]
    office.session.apply([Change(ChangeKind.DEL, form.id, third)], "Delete")
    office.session.apply([Change(ChangeKind.RESTORE, form.id, third)], "Restore")
    assert_keys_are_right(office)


def test_a_field_that_becomes_another_type_and_comes_back_has_its_keys(office: Office) -> None:
    fill(office, ["北", "12", "Zoo"])
    name = field_called(office.form("订单"), "名称").id
    for type_name in ("long_text", "integer", "text"):
        office.session.publish(SetKind(name, f"field.{type_name}", {}).apply(office.app), lossy=[name])
        assert_keys_are_right(office)
    assert listed(office) == ["12", "Zoo", "北"]


def test_a_number_that_becomes_a_text_has_keys(office: Office) -> None:
    fill(office, ["a", "b"])
    field = field_called(office.form("订单"), "数量").id
    office.session.publish(SetKind(field, "field.text", {}).apply(office.app), lossy=[field])
    assert_keys_are_right(office)


def test_a_formula_that_changes_makes_its_keys_anew(office: Office) -> None:
    fill(office, ["北", "b"])
    field = field_called(office.form("订单"), "算出").id
    office.session.publish(SetProperty(field, "formula", '"X" & {名称}').apply(office.app))
    assert_keys_are_right(office)
    office.session.publish(SetProperty(field, "formula", "").apply(office.app))
    assert listed(office, "算出") == ["Xb", "X北"]


def test_a_field_that_is_removed_and_comes_back_has_its_keys(office: Office) -> None:
    (row, *_) = fill(office, ["北", "Zoo"])
    name = field_called(office.form("订单"), "名称").id
    node = office.app.nodes[name]
    computed = field_called(office.form("订单"), "算出").id
    office.session.publish(RemoveNode(name).apply(RemoveNode(computed).apply(office.app)))
    office.set("订单", row, {"数量": 5})
    office.session.publish(AddNode(node).apply(office.app))
    assert listed(office) == ["Zoo", "北"]
    assert_keys_are_right(office)


def make_old(office: Office) -> None:
    """Make the workspace one of the version before keys, and open it again; nothing is filled yet."""
    with office.session._workspace.database.writer.begin() as connection:
        for form in office.session._workspace.apps.now.forms.values():
            for field in (each for each in form.fields if each.id in text_order.ordered(form)):
                connection.exec_driver_sql(f'ALTER TABLE "{table_name(form.id)}" DROP COLUMN "{key_name(field.id)}"')
        system.write_meta(connection, system=3)
    office.reopen()


def test_an_older_workspace_gets_its_keys_in_steps_and_sorts_by_code_point_until_then(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sort_keys, "CHUNK", 2)
    names = ["张", "安", "Zoo", "a", "北"]
    rows = fill(office, [*names])
    office.new("人员", {"姓名": "王"})
    make_old(office)
    records = office.session._workspace.records
    assert records.waiting
    assert listed(office) == sorted(names)
    assert records.settle_some() is not None
    office.set("订单", rows[0], {"名称": "章"})
    office.new("订单", {"名称": "Ａ"})
    office.reopen()
    assert listed(office) == sorted(["章", "安", "Zoo", "a", "北", "Ａ"])
    before = office.commits()
    heard: list[frozenset[str]] = []
    office.session.listen(lambda applied: heard.append(applied.touched_forms))
    records = office.session._workspace.records
    records.settle()
    assert office.commits() == before
    assert frozenset({office.form("订单").id}) in heard
    assert listed(office) == ["a", "Ａ", "Zoo", "安", "北", "章"]
    assert not records.waiting
    assert_keys_are_right(office)


def test_a_field_that_goes_and_comes_back_while_keys_are_made_gets_all_of_them(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sort_keys, "CHUNK", 2)
    fill(office, ["张", "安", "Zoo"])
    make_old(office)
    name, computed = (field_called(office.form("订单"), each).id for each in ("名称", "算出"))
    node = office.app.nodes[name]
    office.session._workspace.records.settle_some()
    office.session.publish(RemoveNode(name).apply(RemoveNode(computed).apply(office.app)))
    office.session._workspace.records.settle()
    office.session.publish(AddNode(node).apply(office.app))
    assert listed(office) == ["Zoo", "安", "张"]
    assert_keys_are_right(office)


def test_a_field_that_becomes_a_number_while_its_keys_are_made_is_left_alone(office: Office) -> None:
    fill(office, ["2", "10"])
    make_old(office)
    name, computed = (field_called(office.form("订单"), each).id for each in ("名称", "算出"))
    app = RemoveNode(computed).apply(office.app)
    office.session.publish(SetKind(name, "field.integer", {}).apply(app))
    office.session._workspace.records.settle()
    assert listed(office) == [2, 10]
    assert_keys_are_right(office)


def test_cells_do_not_say_that_they_wait_while_keys_are_made(office: Office) -> None:
    (row,) = fill(office, ["张"])
    make_old(office)
    with office.session._workspace.database.reader.connect() as connection:
        assert pending.unkeyed(connection, office.form("订单").id)
    assert not office.row("订单", row).updating


def test_a_form_with_very_many_texts_sorts_by_code_point_and_by_keys_again_when_they_are_fewer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = fill(office, ["张", "北", "Zoo"])
    name = field_called(office.form("订单"), "名称").id
    more = field_node(office.form("订单").id, "text", "一个")
    with monkeypatch.context() as few:
        few.setattr(text_order, "MOST", 3)
        office.session.publish(AddNode(more).apply(office.app))
        assert listed(office) == ["Zoo", "北", "张"]
        assert not text_order.ordered(office.form("订单"))
        office.set("订单", first, {"名称": "安"})
        office.set("订单", second, {"名称": "b"})
        office.set("订单", third, {"名称": None})
        assert listed(office) == ["b", "安", None]
        office.session.publish(RemoveNode(more.id).apply(office.app))
        assert text_order.ordered(office.form("订单")) > {name}
        office.session._workspace.records.settle()
    assert_keys_are_right(office)
    office.set("订单", second, {"名称": "北"})
    assert listed(office) == ["安", "北", None]
