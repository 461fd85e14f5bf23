"""Fields that become another type: values are converted, nothing is lost silently, and the old values are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.definition.edits import AddNode, RemoveNode, SetKind, SetProperty
from runtime.definition.node import App
from runtime.errors import Refused
from tests.support.apps import an_app, field_called, options
from tests.support.workspaces import Office

FORM = "样本"


def sample() -> App:
    """A form with a field of every type that can become another."""
    build = an_app("样本")
    partners = build.form("伙伴")
    build.field(partners, "text", "名称")
    form = build.form(FORM)
    build.field(form, "text", "编号")
    build.field(form, "text", "文本", max_length=50)
    build.field(form, "integer", "整数")
    build.field(form, "decimal", "小数", decimals=3)
    build.field(form, "money", "金额")
    build.field(form, "percent", "比例")
    build.field(form, "date", "日期")
    build.field(form, "date_time", "时间")
    build.field(form, "boolean", "是否")
    build.field(form, "choice", "等级", options=options("高", "中", "低"))
    build.field(form, "relation", "伙伴", form=partners)
    return build.app


@pytest.fixture
def office(tmp_path: Path, engine: str) -> Iterator[Office]:
    office = Office(tmp_path, sample())
    yield office
    office.session.close()


def become(office: Office, field: str, type_name: str, /, lossy: bool = False, **props: Any) -> None:
    """Publish the field as another type."""
    id_ = field_called(office.form(FORM), field).id
    app = SetKind(id_, f"field.{type_name}", props).apply(office.app)
    office.session.publish(app, lossy=[id_] if lossy else [])


def kept(office: Office, values: Mapping[str, Any], field: str, type_name: str, /, **props: Any) -> Any:
    """What the field of a new record holds after it became another type."""
    row = office.new(FORM, values)
    become(office, field, type_name, **props)
    return office.read(FORM, row).get(field)


CONVERSIONS = [
    ("文本", "12", "integer", {}, 12),
    ("文本", "1,234.50", "money", {}, Decimal("1234.50")),
    ("文本", "25%", "percent", {}, Decimal("0.25")),
    ("文本", "2026-03-05", "date", {}, date(2026, 3, 5)),
    ("文本", "是", "boolean", {}, True),
    ("文本", "x", "long_text", {}, "x"),
    ("整数", 12, "text", {}, "12"),
    ("整数", 12, "decimal", {"decimals": 2}, Decimal(12)),
    ("整数", 1, "boolean", {}, True),
    ("小数", Decimal("1.500"), "money", {}, Decimal("1.5")),
    ("小数", Decimal("2.000"), "integer", {}, 2),
    ("小数", Decimal("-1234.125"), "text", {}, "-1234.125"),
    ("金额", Decimal("1234.5"), "text", {}, "1234.50"),
    ("比例", Decimal("0.25"), "text", {}, "25%"),
    ("比例", Decimal("0.25"), "decimal", {"decimals": 2}, Decimal("0.25")),
    ("日期", date(2026, 3, 5), "text", {}, "2026-03-05"),
    ("是否", True, "integer", {}, 1),
    ("等级", "中", "text", {}, "中"),
]


@pytest.mark.parametrize(("field", "value", "type_name", "props", "expected"), CONVERSIONS)
def test_a_value_goes_over_into_the_new_type(office, field, value, type_name, props, expected):
    assert kept(office, {field: value}, field, type_name, **props) == expected


def test_a_day_becomes_its_midnight_and_comes_back(office):
    row = office.new(FORM, {"日期": date(2026, 3, 5)})
    become(office, "日期", "date_time")
    moment = office.read(FORM, row)["日期"]
    assert isinstance(moment, datetime)
    assert moment.astimezone().date() == date(2026, 3, 5)
    become(office, "日期", "date")
    assert office.read(FORM, row)["日期"] == date(2026, 3, 5)


def test_texts_that_name_options_become_options(office):
    row = office.new(FORM, {"文本": "红"})
    become(office, "文本", "choice", options=options("红", "绿"))
    field = field_called(office.form(FORM), "文本")
    assert field.format(office.read(FORM, row)["文本"]) == "红"


def test_a_relation_becomes_the_title_and_a_title_the_relation(office):
    partner = office.new("伙伴", {"名称": "大成"})
    row = office.new(FORM, {"伙伴": partner})
    become(office, "伙伴", "text")
    assert office.read(FORM, row)["伙伴"] == "大成"
    become(office, "伙伴", "relation", form=office.form("伙伴").id)
    assert office.read(FORM, row)["伙伴"] == partner


def test_values_that_do_not_fit_stop_the_publishing_and_are_named(office):
    for text in ("12", "zwölf", "13", "viele"):
        office.new(FORM, {"文本": text})
    with pytest.raises(Refused, match="zwölf") as refusal:
        become(office, "文本", "integer")
    assert [problem.code for problem in refusal.value.problems] == ["values_lost"]
    assert field_called(office.form(FORM), "文本").kind.name == "text"
    assert office.session.form(FORM).records()[1]["文本"] == "zwölf"


def test_what_would_be_lost_can_be_looked_at_before(office):
    rows = [office.new(FORM, {"文本": text}) for text in ("12", "zwölf", "13")]
    id_ = field_called(office.form(FORM), "文本").id
    (losses,) = office.session.losses(SetKind(id_, "field.integer").apply(office.app))
    assert (losses.values, losses.lost) == (3, 1)
    assert losses.examples[0][:2] == (rows[1], "zwölf")
    assert office.app.version == 1


def test_rounding_is_a_loss_too(office):
    office.new(FORM, {"小数": Decimal("1.125")})
    with pytest.raises(Refused, match=r"1\.125"):
        become(office, "小数", "money", decimals=2)
    with pytest.raises(Refused, match=r"1\.125"):
        become(office, "小数", "decimal", decimals=2)
    become(office, "小数", "money", lossy=True, decimals=2)
    assert office.session.form(FORM).records()[0]["小数"] == Decimal("1.13")


def test_with_consent_values_that_do_not_fit_are_blank_and_come_back_with_the_old_type(office):
    rows = [office.new(FORM, {"文本": text}) for text in ("12", "zwölf", " 13 ")]
    become(office, "文本", "integer", lossy=True)
    assert [office.read(FORM, row).get("文本") for row in rows] == [12, None, 13]
    office.set(FORM, rows[0], {"文本": 99})
    become(office, "文本", "text")
    assert [office.read(FORM, row).get("文本") for row in rows] == ["99", "zwölf", " 13 "]
    office.reopen()
    assert [office.read(FORM, row).get("文本") for row in rows] == ["99", "zwölf", " 13 "]
    assert office.session.damage() == []


def test_values_cleared_under_the_new_type_do_not_come_back(office):
    row = office.new(FORM, {"文本": "12"})
    become(office, "文本", "integer")
    office.set(FORM, row, {"文本": None})
    become(office, "文本", "text")
    assert "文本" not in office.read(FORM, row)


def test_a_field_that_becomes_computed_keeps_what_people_typed_aside(office):
    row = office.new(FORM, {"整数": 5, "金额": Decimal(3)})
    id_ = field_called(office.form(FORM), "整数").id
    office.session.publish(SetProperty(id_, "formula", "{金额}*2").apply(office.app))
    assert office.read(FORM, row)["整数"] == 6
    with office.session._workspace.database.reader.connect() as connection:
        table = f"f_{office.form(FORM).id}"
        assert connection.exec_driver_sql(f'SELECT "o_{id_}_2" FROM "{table}"').scalar() == 5


def test_an_option_in_use_is_not_taken_away_silently_but_may_be_retired(office):
    row = office.new(FORM, {"等级": "高"})
    field = field_called(office.form(FORM), "等级")
    given = [{"id": option.id, "label": option.label} for option in field.props.options]
    with pytest.raises(Refused, match="高"):
        office.session.publish(SetProperty(field.id, "options", given[1:]).apply(office.app))
    retired = [{**given[0], "retired": True}, *given[1:]]
    office.session.publish(SetProperty(field.id, "options", retired).apply(office.app))
    assert field.format(office.read(FORM, row)["等级"]) == "高"
    office.session.publish(SetProperty(field.id, "options", given[1:]).apply(office.app), lossy=[field.id])
    assert "等级" not in office.read(FORM, row)


def test_an_option_that_comes_back_brings_its_values_but_not_over_newer_ones(office):
    rows = [office.new(FORM, {"等级": label}) for label in ("高", "高", "中")]
    field = field_called(office.form(FORM), "等级")
    given = [{"id": option.id, "label": option.label} for option in field.props.options]
    office.session.publish(SetProperty(field.id, "options", given[1:]).apply(office.app), lossy=[field.id])
    assert [office.read(FORM, row).get("等级") for row in rows] == [None, None, given[1]["id"]]
    office.set(FORM, rows[1], {"等级": "低"})
    office.session.publish(SetProperty(field.id, "options", given).apply(office.app))
    assert [office.read(FORM, row).get("等级") for row in rows] == [given[at]["id"] for at in (0, 2, 1)]


def test_an_option_nobody_uses_goes_without_a_word(office):
    office.new(FORM, {"等级": "高"})
    field = field_called(office.form(FORM), "等级")
    given = [{"id": option.id, "label": option.label} for option in field.props.options]
    office.session.publish(SetProperty(field.id, "options", given[:2]).apply(office.app))
    assert len(field_called(office.form(FORM), "等级").props.options) == 2


def test_a_relation_can_point_to_another_form_only_where_titles_agree(office):
    partner = office.new("伙伴", {"名称": "大成"})
    row = office.new(FORM, {"编号": "大成", "伙伴": partner})
    id_ = field_called(office.form(FORM), "伙伴").id
    office.session.publish(SetProperty(id_, "form", office.form(FORM).id).apply(office.app))
    assert office.read(FORM, row)["伙伴"] == row
    office.new(FORM, {"编号": "x", "伙伴": row})


def test_a_field_taken_out_can_come_back_as_another_type(office):
    row = office.new(FORM, {"文本": "12"})
    node = office.app.nodes[field_called(office.form(FORM), "文本").id]
    office.session.publish(RemoveNode(node.id).apply(office.app))
    assert [each.id for each in office.session.removed(office.app.id)] == [node.id]
    app = AddNode(node).apply(office.app)
    office.session.publish(SetKind(node.id, "field.integer").apply(app))
    assert office.read(FORM, row)["文本"] == 12
    assert office.session.removed(office.app.id) == []


def test_records_in_the_bin_are_converted_too(office):
    row = office.new(FORM, {"文本": "12"})
    office.delete(FORM, row)
    become(office, "文本", "integer")
    assert office.row(FORM, row).values[field_called(office.form(FORM), "文本").id] == 12


def test_an_undo_reaches_over_a_change_of_type(office):
    row = office.new(FORM, {"文本": "12"})
    office.set(FORM, row, {"文本": "13"})
    become(office, "文本", "integer")
    assert office.session.undo()
    assert office.read(FORM, row)["文本"] == 12


def test_the_history_from_before_is_still_readable(office):
    row = office.new(FORM, {"文本": "zwölf"})
    office.set(FORM, row, {"文本": "12"})
    become(office, "文本", "integer")
    record = office.session.form(FORM).get(row)
    entry = office.session.history(record)[0]
    id_ = field_called(office.form(FORM), "文本").id
    assert entry.after[id_] == 12
    assert id_ not in entry.before


def test_a_unique_field_is_indexed_and_watched_after_the_change(office):
    id_ = field_called(office.form(FORM), "整数").id
    office.session.publish(SetProperty(id_, "unique", True).apply(office.app))
    office.new(FORM, {"整数": 5})
    become(office, "整数", "text")
    with pytest.raises(AssertionError, match="整数"):
        office.new(FORM, {"整数": "5"})


def test_moments_keep_their_instant_in_words(office):
    moment = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    row = office.new(FORM, {"时间": moment})
    become(office, "时间", "text")
    become(office, "时间", "date_time")
    assert office.read(FORM, row)["时间"] == moment
