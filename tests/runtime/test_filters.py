"""Filters select exactly what a Python predicate over the typed values selects."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.dates import local_zone
from runtime.filters import Condition, Filter, Operator, formula, joined, operator_words, operators_of, quoted, search
from runtime.form import Field, Form
from runtime.value.conversions import fold
from tests.support.workspaces import Office

TEXTS = ["", "红", 'a"b', "{编号}", '")', "“中”", "A", "a", "100%", "x_y", "\\", "，"]
NUMBERS = [-3, 0, 2, 7]
AMOUNTS = [Decimal("-1.50"), Decimal(0), Decimal("0.10"), Decimal("99.99")]
DAYS = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
MOMENTS = [datetime(2024, 2, 28, 15, 59, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 1, 9, 24, 33)]
VALUES: dict[str, list[Any]] = {
    "编号": [text for text in TEXTS if text],
    "数量": [None, 0, 2, 7],
    "单价": [None, *AMOUNTS],
    "日期": DAYS,
    "发货时间": [None, *MOMENTS],
    "重量": [None, Decimal(0), Decimal("1.250")],
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Orders with every mixture of odd values."""
    from keyring import get_keyring, set_keyring

    from tests.support.memory_keyring import MemoryKeyring

    former = get_keyring()
    set_keyring(MemoryKeyring())
    made = Office(tmp_path_factory.mktemp("filters"))
    customers = [made.new("客户", {"名称": name, "等级": level, "重点": chief}) for name, level, chief in CUSTOMERS]
    for at in range(36):
        values = {
            name: choices[(at * (place + 3)) % len(choices)] for place, (name, choices) in enumerate(VALUES.items())
        }
        made.new("订单", {**values, "客户": customers[at % 4] if at % 5 else None})
    yield made
    made.session.close()
    set_keyring(former)


CUSTOMERS = [("福州海峡", "高", True), ('A "B" Ltd', "中", None), ("{名称}", None, False), ("厦门", "低", True)]


def expected(field: Field, condition: Condition, value: Any, title: str) -> bool:
    """What people mean by a condition."""
    operator, wanted = condition.operator, condition.value
    kind = field.kind.value_type
    if operator in {Operator.EMPTY, Operator.FILLED}:
        return (value is None) is (operator is Operator.EMPTY)
    if operator in {Operator.YES, Operator.NO}:
        return (value is True) is (operator is Operator.YES)
    if kind in {"text", "choice", "record"}:
        have = fold(title if kind == "record" else field.format(value))
        want = fold(field.format(wanted) if kind == "choice" else wanted)
        found = want in have if operator in {Operator.CONTAINS, Operator.LACKS} else want == have
        return found is (operator in {Operator.CONTAINS, Operator.IS})
    if operator is Operator.IS_NOT:
        return bool(value != wanted)
    if value is None:
        return False
    upper = condition.upper
    if kind == "datetime":
        value, wanted = (each.astimezone(local_zone()).date() for each in (value, wanted))
        upper = None if upper is None else upper.astimezone(local_zone()).date()
    tests: dict[Operator, Any] = {
        Operator.IS: lambda: value == wanted,
        Operator.LESS: lambda: value < wanted,
        Operator.AT_MOST: lambda: value <= wanted,
        Operator.GREATER: lambda: value > wanted,
        Operator.AT_LEAST: lambda: value >= wanted,
        Operator.BETWEEN: lambda: wanted <= value <= upper,
    }
    return bool(tests[operator]())


def wanted_values(field: Field) -> st.SearchStrategy[Any]:
    """Values that a person may put into a condition on `field`."""
    by_type = {
        "text": st.sampled_from([text for text in TEXTS if text]),
        "record": st.sampled_from([name for name, _, _ in CUSTOMERS] + ["州", "nobody"]),
        "date": st.sampled_from(DAYS),
        "datetime": st.sampled_from(MOMENTS),
        "bool": st.none(),
    }
    if field.kind.name == "integer":
        return st.sampled_from(NUMBERS)
    if field.kind.value_type == "number":
        return st.sampled_from(AMOUNTS)
    if field.kind.value_type == "choice":
        return st.sampled_from([option.id for option in field.props.options])
    return by_type[field.kind.value_type]


@st.composite
def filters(draw: st.DrawFn, form: Form) -> Filter:
    """A filter of up to four conditions."""
    conditions = []
    for _ in range(draw(st.integers(1, 4))):
        field = draw(st.sampled_from(form.fields))
        operator = draw(st.sampled_from(operators_of(field)))
        values = wanted_values(field)
        if operator in {Operator.CONTAINS, Operator.LACKS}:
            values = st.sampled_from([text for text in TEXTS if text])
        conditions.append(Condition(field.id, operator, draw(values), draw(values)))
    return Filter(tuple(conditions), draw(st.booleans()))


@pytest.mark.parametrize("form_name", ["订单", "客户"])
def test_a_filter_selects_exactly_what_its_words_say(office: Office, form_name: str):
    form = office.form(form_name)
    reader = office.session.reader
    rows = reader.rows(form.id, reader.ids(office.session.query(form.id)))

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(filters(form))
    def check(made: Filter) -> None:
        active = made.active
        found = reader.ids(office.session.query(form.id, formula(form, made, local_zone())))
        choose = any if made.any else all
        want = [
            row.n
            for row in rows
            if not active
            or choose(
                expected(form.by_id[c.field], c, row.values.get(c.field), row.titles.get(c.field, "")) for c in active
            )
        ]
        assert list(found) == want

    check()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12))
def test_no_text_that_is_searched_can_break_the_formula(office: Office, text: str):
    form = office.form("订单")
    where = search(form, text)
    reader = office.session.reader
    found = set(reader.ids(office.session.query(form.id, where)))
    rows = reader.rows(form.id, reader.ids(office.session.query(form.id)))
    code, customer = (form.called(name) for name in ("编号", "客户"))
    assert code is not None and customer is not None
    wanted = fold(text.strip())
    want = {
        row.n
        for row in rows
        if wanted in fold(row.values[code.id]) or wanted in fold(row.titles.get(customer.id, "")) or not wanted
    }
    assert found == want


def test_a_condition_without_its_value_does_not_filter(office: Office):
    form = office.form("订单")
    count = form.called("数量")
    assert count is not None
    half = Condition(count.id, Operator.BETWEEN, 3)
    assert not half.complete
    assert formula(form, Filter((half,)), local_zone()) == ""


def test_a_condition_on_a_field_that_is_gone_does_not_filter(office: Office):
    gone = Condition("cgonegonego", Operator.EMPTY)
    assert formula(office.form("订单"), Filter((gone,)), local_zone()) == ""


def test_dates_are_before_and_after_and_numbers_are_less_and_more(office: Office):
    form = office.form("订单")
    day, count = form.called("日期"), form.called("数量")
    assert day is not None and count is not None
    assert str(operator_words(day, Operator.LESS)) == "is before"
    assert str(operator_words(count, Operator.LESS)) == "<"


def test_formulas_are_joined_and_texts_are_quoted():
    assert joined(["", "a", "b"]) == "AND(a,b)"
    assert joined(["a", ""], any=True) == "a"
    assert quoted('say "hi"') == '"say ""hi"""'
