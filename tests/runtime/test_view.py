"""A view as JSON comes back as it was; what cannot be read does no harm and is not lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import filter_json
from runtime.definition.edits import RemoveNode
from runtime.filters import AS_TEXT, DEEPEST, LENGTHS, MOST, OF_MANY, Condition, Filter, Operator, Unread, operators_of
from runtime.form import Field, Form
from runtime.spans import COUNTED, Period, Span
from runtime.store.query import UNITS, Group, Sort
from runtime.view import (
    MOST_GROUPS,
    ROW_HEIGHTS,
    UP_TO_TITLE,
    ColourRule,
    Column,
    ViewSpec,
    all_columns,
    as_json,
    from_json,
    frozen_count,
    named,
    shown_fields,
    usable,
)
from tests.support.apps import an_app, customers_and_orders, field_called, form_called

APP = customers_and_orders()
ORDERS, CUSTOMERS = form_called(APP, "订单"), form_called(APP, "客户")


def values(field: Field) -> st.SearchStrategy[Any]:
    """Any value of a condition on `field`."""
    spans = st.builds(
        lambda period, n: Span(period, n if period in COUNTED else 1), st.sampled_from(list(Period)), st.integers(1, 99)
    )
    moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "text": st.text(max_size=20),
        "choice": st.text(max_size=12),
        "record": st.uuids() | st.text(max_size=9),
        "date": st.dates() | spans,
        "datetime": moments | spans,
        "bool": st.none(),
    }
    if field.kind.name == "integer":
        return st.integers(-(10**12), 10**12)
    return by_type.get(field.kind.value_type, st.decimals(allow_nan=False, allow_infinity=False, places=4))


@st.composite
def conditions(draw: st.DrawFn, form: Form) -> Condition:
    """Any condition, complete or not."""
    field = draw(st.sampled_from(form.fields))
    operator = draw(st.sampled_from(operators_of(field)))
    value = st.text(max_size=20) if operator in AS_TEXT else values(field)
    if operator in LENGTHS:
        value = st.integers(0, 999)
    if operator in OF_MANY:
        value = st.lists(value, max_size=4).map(tuple)
    upper = values(field) if operator is Operator.BETWEEN else st.none()
    return Condition(field.id, operator, draw(st.none() | value), draw(upper))


def filters(form: Form, depth: int = DEEPEST) -> st.SearchStrategy[Filter]:
    """Any filter."""
    parts: st.SearchStrategy[Any] = conditions(form)
    if depth > 1:
        parts = parts | filters(form, depth - 1)
    return st.builds(Filter, st.lists(parts, max_size=3).map(tuple), st.booleans())


VALUES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(allow_nan=False, allow_infinity=False)
)
"""Values of groups."""


@st.composite
def views(draw: st.DrawFn, form: Form) -> ViewSpec:
    """Any view of a form; it may name fields that are gone."""
    ids = [field.id for field in form.fields] + ["cgonegonego"]
    some = st.lists(st.sampled_from(ids), unique=True)
    columns = tuple(Column(each, draw(st.integers(0, 900)), draw(st.booleans())) for each in draw(some))
    return ViewSpec(
        columns=columns,
        frozen=draw(st.integers(UP_TO_TITLE, 4).filter(lambda count: columns or count < 1)),
        row_height=draw(st.sampled_from(ROW_HEIGHTS)),
        filter=draw(filters(form)),
        sorts=tuple(Sort(each, draw(st.booleans())) for each in draw(some)),
        groups=tuple(
            Group(each, draw(st.booleans()), draw(st.sampled_from(("", *UNITS)))) for each in draw(some)[:MOST_GROUPS]
        ),
        footers=MappingProxyType(dict.fromkeys(draw(some), "sum")),
        colours=tuple(
            ColourRule(draw(filters(form, 1)), draw(st.integers(0, 7)), each) for each in draw(some)[:2]
        ),
        folded=frozenset(draw(st.lists(st.lists(VALUES, min_size=1, max_size=MOST_GROUPS).map(tuple), max_size=3))),
    )  # fmt: skip


@given(st.data(), st.sampled_from([ORDERS, CUSTOMERS]))
def test_a_view_comes_back_from_its_json_as_it_was(data: st.DataObject, form: Form) -> None:
    view = data.draw(views(form))
    told = json.loads(json.dumps(as_json(view)))
    assert from_json(form, told) == view


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.data(), json_values)
def test_whatever_stands_in_the_place_of_a_part_the_view_is_read_and_can_be_written(
    data: st.DataObject, strange: Any
) -> None:
    told = as_json(data.draw(views(ORDERS)))
    told[data.draw(st.sampled_from([*told, "new in version 9"]))] = strange
    read = from_json(ORDERS, told)
    assert from_json(ORDERS, json.loads(json.dumps(as_json(read)))) == read
    assert from_json(ORDERS, strange) is not None


def test_values_are_written_by_their_types() -> None:
    day, price, customer, moment = (field_called(ORDERS, name) for name in ("日期", "单价", "客户", "发货时间"))
    made = Filter(
        (
            Condition(day.id, Operator.IS, date(2024, 2, 29)),
            Condition(day.id, Operator.IS, Span(Period.LAST_DAYS, 7)),
            Condition(price.id, Operator.LESS, Decimal("0.10")),
            Condition(customer.id, Operator.ANY_OF, (UUID(int=7),)),
            Condition(moment.id, Operator.IS, datetime(2024, 2, 29, 8, tzinfo=UTC)),
        )
    )
    assert [part["value"] for part in filter_json.as_json(made)["of"]] == [
        "2024-02-29",
        {"span": "last_days", "count": 7},
        "0.10",
        [{"record": "00000000-0000-0000-0000-000000000007"}],
        "2024-02-29T08:00:00+00:00",
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"field": "cgonegonego", "is": "empty"},
        {"field": "日期", "is": "sounds_like", "value": "x"},
        {"field": "日期", "is": "is", "value": "31.2.2024"},
        {"field": "日期", "is": "is", "value": {"span": "last_days", "count": 0}},
        {"field": "日期", "is": "is", "value": {"span": "last_blue_moon"}},
        {"field": "数量", "is": "is", "value": "7"},
        {"field": "单价", "is": "is", "value": "NaN"},
        {"field": "发货时间", "is": "is", "value": "2024-02-29T08:00:00"},
        {"field": "客户", "is": "any_of", "value": [{"record": "7"}]},
        {"field": "编号", "is": "contains", "value": ["x"]},
        {"field": "编号", "is": "contains", "value": "x", "loudly": True},
    ],
)
def test_a_condition_that_cannot_be_read_filters_nothing_and_is_kept(told: dict[str, Any]) -> None:
    named_field = ORDERS.called(told["field"])
    told = {**told, "field": named_field.id if named_field is not None else told["field"]}
    read = filter_json.from_json(ORDERS, {"any": False, "of": [told]})
    assert isinstance(read.conditions[0], Unread)
    assert read.active == ()
    assert filter_json.as_json(read)["of"] == [told]


def test_a_filter_from_elsewhere_has_no_more_levels_and_conditions_than_a_person_can_make() -> None:
    deep: dict[str, Any] = {"any": False, "of": []}
    for _level in range(9):
        deep = {"any": False, "of": [{"field": field_called(ORDERS, "数量").id, "is": "empty"}] * 30 + [deep]}
    read = filter_json.from_json(ORDERS, deep)
    assert sum(1 for _ in read.every) == MOST
    level, depth = read, 1
    while inner := [part for part in level.conditions if isinstance(part, Filter)]:
        level, depth = inner[0], depth + 1
    assert depth <= DEEPEST


def test_a_field_that_is_gone_does_nothing_and_comes_back_with_its_column() -> None:
    day = field_called(ORDERS, "日期")
    view = ViewSpec(
        columns=(Column(day.id, 200, True),),
        sorts=(Sort(day.id),),
        groups=(Group(day.id, unit="month"),),
        filter=Filter((Condition(day.id, Operator.FILLED),)),
    )
    without = form_called(RemoveNode(day.id).apply(APP), "订单")
    assert usable(without, view).sorts == ()
    assert usable(without, view).groups == ()
    assert day.id not in {field.id for field in shown_fields(without, view)}
    again = from_json(without, as_json(view))
    assert again.filter.active == ()
    assert from_json(ORDERS, as_json(again)) == view


def test_columns_keep_their_place_when_one_is_hidden_and_follow_the_form_where_nothing_is_said() -> None:
    ids = [column.field for column in all_columns(ORDERS, ViewSpec())]
    assert ids[0] == field_called(ORDERS, "编号").id
    moved = ViewSpec().with_order(ORDERS, [ids[3], ids[0]])
    hidden = moved.with_column(ORDERS, Column(ids[0], hidden=True))
    assert [column.field for column in all_columns(ORDERS, hidden)][:3] == [ids[3], ids[0], ids[1]]
    assert ids[0] not in [field.id for field in shown_fields(ORDERS, hidden)]


def test_two_views_look_the_same_whatever_they_are_called_and_however_their_columns_are_told() -> None:
    told = ViewSpec().with_order(ORDERS, [])
    assert told != ViewSpec()
    assert told.same_look(ORDERS, ViewSpec(id="n1", name="x", shared=True))
    assert not told.same_look(ORDERS, ViewSpec(row_height="tall"))


def test_a_view_is_found_by_its_name_in_any_case() -> None:
    mine = ViewSpec(id="n1", name="Big orders")
    assert named([mine], " big ORDERS") is mine
    assert named([mine], "small") is None


def test_columns_stand_as_the_form_has_them_and_stay_up_to_the_name_where_that_is_near() -> None:
    fields = ORDERS.fields
    assert [column.field for column in all_columns(ORDERS, ViewSpec())] == [field.id for field in fields]
    title = ORDERS.title
    assert title is not None and frozen_count(ORDERS, ViewSpec()) == fields.index(title) + 1
    rest = [field.id for field in fields if field is not title]
    near = ViewSpec().with_order(ORDERS, [*rest[:2], title.id])
    far = ViewSpec().with_order(ORDERS, [*rest[:3], title.id])
    assert (frozen_count(ORDERS, near), frozen_count(ORDERS, far)) == (3, 0)
    hidden = far.with_column(ORDERS, Column(rest[0], hidden=True))
    assert frozen_count(ORDERS, hidden) == 3, "a column that is not shown takes no place"


def test_what_a_person_froze_holds_its_order_and_what_nobody_froze_is_read_as_such() -> None:
    frozen = ViewSpec().with_frozen(ORDERS, 1)
    assert frozen_count(ORDERS, from_json(ORDERS, as_json(frozen))) == 1
    assert from_json(ORDERS, {**as_json(ViewSpec()), "frozen": 1}) == ViewSpec()
    assert from_json(ORDERS, {**as_json(ViewSpec()), "frozen": 0}).frozen == 0


def test_columns_that_were_frozen_before_they_stood_as_in_the_form_are_frozen_still() -> None:
    build = an_app()
    made = build.form("账单")
    for kind, called in (("integer", "行号"), ("date", "日期"), ("money", "金额"), ("date", "到期"), ("text", "名称")):
        build.field(made, kind, called)
    form = form_called(build.app, "账单")
    title, fields = form.title, [field.id for field in form.fields]
    assert title is not None and title.id == fields[-1]
    told = {key: value for key, value in as_json(ViewSpec()).items() if key != "columns"}
    old = from_json(form, {**told, "frozen": 2})
    others = [each for each in fields if each != title.id]
    assert [each.id for each in shown_fields(form, old)] == [title.id, *others]
    assert frozen_count(form, old) == 2
    assert from_json(form, as_json(old)) == old
