"""Bad definition files, one row each: refused in words with the place, or accepted with what was said about them.

The rows are numbered as in the list of bad inputs that the product promises to handle. Rows about parts that the
product does not have yet are named in `LATER`, so that the list is whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.checks import problems_of
from runtime.definition import codec, reading
from runtime.definition.edits import AddNode, RemoveNode, SetKind, SetProperty
from runtime.definition.ids import FIELD, new_id
from runtime.definition.node import App, Node
from runtime.definition.upgrades import Chain
from runtime.errors import Refused, UserError
from runtime.form import forms_of, lookup
from tests.support.apps import an_app, customers_and_orders, field_called, form_called, options
from tests.support.pace import within
from tests.support.workspaces import Office

LATER = {
    **dict.fromkeys(("DEF-28", "DEF-29", "DEF-30", "DEF-31", "DEF-32", "DEF-33"), "permissions are not designed yet"),
    **dict.fromkeys(("DEF-49", "DEF-50", "DEF-51", "DEF-52", "DEF-53"), "flows are not designed yet"),
    **dict.fromkeys(("DEF-54", "DEF-55", "DEF-56"), "automations are not designed yet"),
    **dict.fromkeys(("DEF-57", "DEF-58"), "reports are not designed yet"),
    "DEF-45": "there are no serial numbers yet",
    "DEF-59": "there are no colours and font sizes yet; the colour of an option is an index that wraps around",
}
"""Row -> why it cannot be tried yet."""


def file(**more: Any) -> bytes:
    """The sample app as a file, with some keys changed."""
    raw = json.loads(codec.encode(customers_and_orders()))
    return json.dumps({**raw, **more}, ensure_ascii=False).encode()


def with_node(**more: Any) -> bytes:
    """The sample app with one field changed at the level of JSON."""
    raw = json.loads(codec.encode(customers_and_orders()))
    node = next(node for node in raw["nodes"] if node["kind"] == "field.text")
    node.update(more)
    return json.dumps(raw, ensure_ascii=False).encode()


def twice_the_id() -> bytes:
    raw = json.loads(codec.encode(customers_and_orders()))
    raw["nodes"][4]["id"] = raw["nodes"][2]["id"]
    return json.dumps(raw).encode()


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "DEF-01 nothing": (lambda: b"", "empty"),
    "DEF-01 only blanks": (lambda: b" \n ", "empty"),
    "DEF-02 cut": (lambda: b'{"format": 1,\n "id": "a', "line 2, column 10"),
    "DEF-02 a comma too many": (lambda: b'{"format": 1,\n\n"id": "a",}', "line 3, column"),
    "DEF-03 UTF-16": (lambda: file().decode().encode("utf-16"), "UTF-16"),
    "DEF-03 UTF-16 without a mark": (lambda: file().decode().encode("utf-16-le"), "UTF-16"),
    "DEF-05 GBK": (lambda: file().decode().encode("gb18030"), "looks like GBK"),
    "DEF-05 neither": (lambda: b'{"format": 1, "id": "\xff\xff\xff\xff"}', "byte 21"),
    "DEF-06 a list": (lambda: b"[1]", "expected an object"),
    "DEF-07 a key twice": (lambda: file().replace(b'"version"', b'"version": 0, "version"'), "twice"),
    "DEF-07 a key twice deep inside": (lambda: file().replace(b'"parent"', b'"parent": null, "parent"', 1), "twice"),
    "DEF-08 NaN": (lambda: file().replace(b'"version": 0', b'"version": NaN'), "line 1, column"),
    "DEF-08 1e999": (lambda: file().replace(b'"version": 0', b'"version": 1e999'), "line 1, column"),
    "DEF-09 100,000 levels": (lambda: b'{"a":' * 100_000, "64"),
    "DEF-10 too large": (lambda: b" " * codec.LIMIT + b"{}", "10 MB"),
    "DEF-12 an id twice": (twice_the_id, "/nodes/2 and /nodes/4"),
    "DEF-22 a newer format": (lambda: file(format=99), "99"),
    "DEF-24 no format": (lambda: json.dumps({"id": "a"}).encode(), "names no format"),
    "DEF-24 a format in words": (lambda: file(format="two"), "names no format"),
    "DEF-25 a part without an id": (lambda: file(nodes=[{"kind": "form"}]), r"nodes\[0\]"),
    "DEF-26 a label of the wrong type": (lambda: with_node(props={"label": 5}), "damaged|fit"),
}


@pytest.mark.parametrize("row", UNREADABLE)
def test_the_file_is_refused_in_words_with_the_place(row: str) -> None:
    make, said = UNREADABLE[row]
    body = make()
    with within(1), pytest.raises(UserError, match=said):
        reading.read(body)


def test_def_04_a_byte_order_mark_is_no_fault() -> None:
    body = file()
    assert reading.read(b"\xef\xbb\xbf" + body) == codec.decode(body)


def test_def_10_of_a_huge_file_only_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)  # a hole: reading on would still take its time and memory
    with pytest.raises(UserError, match=r"200\.0 MB"):
        reading.read_file(path)


def test_def_23_an_old_format_is_brought_up_step_by_step() -> None:
    steps = {1: lambda raw: {**raw, "seen": [1]}, 2: lambda raw: {**raw, "seen": [*raw["seen"], 2]}}
    assert Chain(3, steps).upgrade({"format": 1}) == {"format": 3, "seen": [1, 2]}


# What can be read but not published, or is published with a warning


def changed(form: str, field: str, **props: Any) -> App:
    """The sample app with properties of one field changed."""
    app = customers_and_orders()
    node = app.nodes[field_called(form_called(app, form), field).id]
    return app.replacing({node.id: node.with_props(**props)})


def extended(type_name: str, name: str, **props: Any) -> App:
    """The sample app with one field more."""
    app = customers_and_orders()
    form = form_called(app, "客户").id
    return AddNode(
        Node(new_id(FIELD), f"field.{type_name}", form, "fields", "", {"label": {"*": name}, **props})
    ).apply(app)


def many_fields() -> App:
    build = an_app()
    form = build.form("多")
    nodes = {
        id_: Node(id_, "field.text", form, "fields", f"a{at:05}", {"label": {"*": f"f{at}"}})
        for at in range(5_000)
        if (id_ := new_id(FIELD))
    }
    return build.app.replacing(nodes)


def renamed_id(id_: str) -> App:
    app = customers_and_orders()
    form = form_called(app, "客户").id
    return app.replacing({id_: Node(id_, "field.text", form, "fields", "z", {"label": {"*": "x"}})})


def a_circle() -> App:
    build = an_app()
    form = build.form("圈")
    for name, formula in (("甲", "{乙}"), ("乙", "{丙}"), ("丙", "{甲}")):
        build.field(form, "integer", name, formula=formula)
    return build.app


def without(field: str) -> App:
    app = customers_and_orders()
    return RemoveNode(field_called(form_called(app, "订单"), field).id).apply(app)


ROWS: dict[str, tuple[Callable[[], App], str, str]] = {
    "DEF-11 5,000 fields": (many_fields, "too_many_fields", "5000 fields; 1000"),
    "DEF-14 a reserved id": (lambda: renamed_id("__proto__"), "bad_id", "__proto__"),
    "DEF-14 rowid": (lambda: renamed_id("rowid"), "bad_id", "rowid"),
    "DEF-15 SQL in an id": (lambda: renamed_id('a"; DROP TABLE x;--'), "bad_id", "DROP TABLE"),
    "DEF-16 select as an id": (lambda: renamed_id("select"), "bad_id", "select"),
    "DEF-17 a long name": (lambda: extended("text", "x" * 10_000), "label_long", "10000 characters; 200"),
    "DEF-20 a name of blanks": (lambda: extended("text", "   "), "unnamed", "no name"),
    "DEF-26 a word for a number": (lambda: extended("text", "x", max_length="wide"), "property_type", "Longest"),
    "DEF-34 a circle": (a_circle, "cycle", "甲.*乙.*丙.*甲|乙.*丙.*甲.*乙|丙.*甲.*乙.*丙"),
    "DEF-36 a form that is not there": (lambda: extended("relation", "x", form="fzzzzzzzzzz"), "no_target", "does not"),
    "DEF-37 a default of the wrong type": (
        lambda: extended("integer", "x", default='"abc"'),
        "default_type",
        "default",
    ),
    "DEF-37 a text for a date": (lambda: extended("date", "x", default="TRUE"), "default_type", "default"),
    "DEF-38 a default against its own rule": (
        lambda: extended("integer", "x", default="5", maximum=3),
        "default_illegal",
        "At most 3",
    ),
    "DEF-39 100,000 options": (
        lambda: extended("choice", "x", options=[{"id": f"o{at}", "label": f"{at}"} for at in range(100_000)]),
        "too_many_options",
        "100000 options; 5000",
    ),
    "DEF-40 an option twice": (
        lambda: extended("choice", "x", options=options("A", "a ")),
        "options_alike",
        "same name",
    ),
    "DEF-43 a field that a formula uses": (lambda: without("单价"), "unknown_field", "单价"),
    "DEF-44 precision 99": (lambda: extended("decimal", "x", decimals=99), "property_value", "at most 8"),
    "DEF-44 scale -1": (lambda: extended("decimal", "x", decimals=-1), "property_value", "at least 0"),
    "DEF-47 a pattern that is none": (
        lambda: extended("text", "x", check='REGEXTEST({x}, "[")'),
        "wrong_constant",
        "pattern",
    ),
    "DEF-48 smallest above largest": (lambda: extended("integer", "x", minimum=5, maximum=3), "bounds_crossed", "5"),
}


@pytest.mark.parametrize("row", ROWS)
def test_it_cannot_be_published_and_the_place_is_named(row: str) -> None:
    make, code, said = ROWS[row]
    app = make()
    with within(2):
        found = [problem for problem in problems_of(app, lookup([app])) if problem.stops]
    stopping = [problem for problem in found if problem.code == code]
    assert stopping, [(problem.code, str(problem.message)) for problem in found]
    assert all(problem.where in app.nodes for problem in stopping)
    import re

    assert any(re.search(said, str(problem.message)) for problem in stopping), [str(p.message) for p in stopping]


WARNED: dict[str, tuple[Callable[[], App], str]] = {
    "DEF-13 a name twice": (lambda: extended("text", "名称"), "same_name"),
    "DEF-19 a name that turns the direction": (lambda: extended("text", "a\u202egnp"), "label_unseen"),
    "DEF-19 a name with a blank nobody sees": (lambda: extended("text", "a\u200bb"), "label_unseen"),
    "DEF-21 a type that is not known": (lambda: extended("hologram", "x"), "unknown_kind"),
    "DEF-27 a setting that is not known": (lambda: extended("text", "x", sparkle=3), "unknown_property"),
}


@pytest.mark.parametrize("row", WARNED)
def test_it_can_be_published_with_a_warning(row: str) -> None:
    make, code = WARNED[row]
    app = make()
    found = problems_of(app, lookup([app]))
    assert code in {problem.code for problem in found}
    assert [problem.code for problem in found if problem.stops] == []
    assert codec.decode(codec.encode(app)) == app  # and nothing of it is lost


def test_def_19_what_nobody_sees_is_written_out() -> None:
    form = next(form for form in forms_of(extended("text", "a\u202egnp")) if form.name == "客户")
    assert "a⟨202E⟩gnp" in {field.name for field in form.fields}


def test_def_35_a_chain_of_relations_has_an_end() -> None:
    build = an_app()
    ids = [build.form(f"表{at}") for at in range(12)]
    for at, form in enumerate(ids):
        build.field(form, "text", "名")
        if at + 1 < len(ids):
            build.field(form, "relation", "下", form=ids[at + 1])
    build.field(ids[0], "text", "远", formula=".".join(["{下}"] * 11) + ".{名}")
    stopping = [problem for problem in problems_of(build.app, lookup([build.app])) if problem.stops]
    assert len(stopping) == 1


def test_def_46_a_slow_pattern_is_quick() -> None:
    app = extended("text", "x", check='REGEXTEST({x}, "(a+)+$")')
    assert [problem for problem in problems_of(app, lookup([app])) if problem.stops] == []


# What depends on the records that are there


@pytest.fixture
def office(tmp_path: Path):
    office = Office(tmp_path)
    yield office
    office.session.close()


def test_def_41_an_option_that_records_use_is_not_taken_away_silently(office: Office) -> None:
    office.new("客户", {"名称": "甲", "等级": "高"})
    with pytest.raises(Refused, match="高"):
        office.session.publish(
            SetProperty(field_called(office.form("客户"), "等级").id, "options", []).apply(office.app)
        )


def test_def_42_texts_that_are_no_numbers_are_shown_before_the_type_changes(office: Office) -> None:
    for at in range(300):
        office.new("客户", {"名称": f"{at}", "备注": f"kein {at}"})
    id_ = field_called(office.form("客户"), "备注").id
    app = SetKind(id_, "field.integer").apply(office.app)
    with pytest.raises(Refused, match="300"):
        office.session.publish(app)
    (losses,) = office.session.losses(app)
    assert losses.lost == 300


def test_def_60_the_second_of_two_who_publish_is_told(office: Office) -> None:
    app = office.app
    office.session.publish(SetProperty(app.id, "label", {"*": "mine"}).apply(app))
    with pytest.raises(Refused, match="Somebody published"):
        office.session.publish(SetProperty(app.id, "label", {"*": "theirs"}).apply(app))


def test_every_row_of_the_list_is_here() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    elsewhere = {18}  # tests/runtime/ui/test_plain_words.py: it takes a window to see that a name is no HTML
    assert [at for at in range(1, 61) if f"DEF-{at:02}" not in here and f"def_{at:02}_" not in here] == sorted(
        elsewhere
    )
