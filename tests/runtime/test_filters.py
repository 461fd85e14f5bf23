"""Filters select exactly what a Python predicate over the typed values selects."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime import filter_json
from runtime.dates import local_zone
from runtime.filter_words import sentence
from runtime.filters import (
    AS_TEXT,
    DEEPEST,
    LENGTHS,
    OF_MANY,
    Condition,
    Filter,
    Operator,
    Other,
    Unread,
    formula,
    joined,
    operator_words,
    operators_of,
    others,
    quoted,
)
from runtime.form import Field, Form
from runtime.spans import COUNTED, Period, Span
from runtime.store.conditions import Conditions
from runtime.store.postgres import Server
from runtime.store.rows import Row
from runtime.store.schema import column_name
from runtime.value.conversions import fold
from runtime.value.situation import Situation
from tests.support import postgres
from tests.support.apps import an_app, field_called, options, shop
from tests.support.clock import FakeClock
from tests.support.workspaces import Office, offices_on

TEXTS = ["", "红", 'a"b', "{编号}", '")', "“中”", "A", "a", "100%", "x_y", "\\", "，"]
NUMBERS = [-3, 0, 2, 7]
AMOUNTS = [Decimal("-1.50"), Decimal(0), Decimal("0.10"), Decimal("99.99")]
DAYS = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
SPREAD = [
    None,
    *(date(2024, 2, 29) + timedelta(days) for days in (-400, -91, -59, -31, -29, -8, -7, -4, -1, 0, 1, 3, 6, 31, 366)),
]
MOMENTS = [
    datetime(2024, 2, 28, 15, 59, tzinfo=UTC) + timedelta(hours=hours) for hours in (-800, -190, 0, 1, 9, 24, 33, 400)
]
VALUES: dict[str, list[Any]] = {
    "编号": [text for text in TEXTS if text],
    "数量": [None, 0, 2, 7],
    "单价": [None, *AMOUNTS],
    "日期": SPREAD[1:],
    "发货时间": [None, *MOMENTS],
    "重量": [None, Decimal(0), Decimal("1.250")],
}


TODAY = date(2024, 2, 29)
SITUATION = Situation(datetime(2024, 2, 29, 4, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Orders with every mixture of odd values, in a file and on a server; it is noon of a 29th of February."""
    from keyring import get_keyring, set_keyring

    from tests.support.memory_keyring import MemoryKeyring

    former = get_keyring()
    set_keyring(MemoryKeyring())
    with ExitStack() as stack:
        server = None
        if request.param == "postgres":
            url = stack.enter_context(postgres.fresh_database(request.getfixturevalue("postgres_dsn")))
            server = stack.enter_context(closing(Server(url)))
        with offices_on(server):
            noon = datetime.combine(TODAY, time(12), local_zone()).astimezone(UTC)
            made = Office(tmp_path_factory.mktemp("filters"), clock=FakeClock(noon))
        customers = [made.new("客户", {"名称": name, "等级": level, "重点": chief}) for name, level, chief in CUSTOMERS]
        for at in range(36):
            values = {
                name: choices[(at * (place + 3)) % len(choices)] for place, (name, choices) in enumerate(VALUES.items())
            }
            made.new("订单", {**values, "客户": customers[at % 5] if at % 6 else None})
        yield made
        made.session.close()
    set_keyring(former)


CUSTOMERS = [
    ("福州海峡", "高", True),
    ('A "B" Ltd', "中", None),
    ("{名称}", None, False),
    ("厦门", "低", True),
    ("厦门 港", None, None),
]


def day_of(field: Field, value: Any) -> date:
    """The day of a date or a date-time."""
    day: date = value.astimezone(local_zone()).date() if field.kind.value_type == "datetime" else value
    return day


def ends(field: Field, value: Any) -> tuple[date, date]:
    """The first and the last day that a value of a condition means."""
    if isinstance(value, Span):
        return value.days(TODAY)
    return (day_of(field, value),) * 2


def holds(field: Field, condition: Condition, value: Any, title: str) -> bool:
    """What people mean by a condition."""
    operator, wanted = condition.operator, condition.value
    kind = field.kind.value_type
    if operator in {Operator.EMPTY, Operator.FILLED}:
        return (value is None) is (operator is Operator.EMPTY)
    if operator in {Operator.YES, Operator.NO}:
        return (value is True) is (operator is Operator.YES)
    if operator in LENGTHS:
        return value is not None and (len(value) > wanted if operator is Operator.LONGER else len(value) < wanted)
    if operator in AS_TEXT:
        have, want = fold(title if kind == "record" else value or ""), fold(wanted)
        tests = {Operator.STARTS: have.startswith(want), Operator.ENDS: have.endswith(want)}
        if operator is Operator.WORD:
            return a_word(have, want)
        return tests.get(operator, (want in have) is (operator is Operator.CONTAINS))
    if operator in OF_MANY:
        return (value in wanted) is (operator is Operator.ANY_OF)
    if kind == "text":
        return (fold(value or "") == fold(wanted)) is (operator is Operator.IS)
    if kind in {"date", "datetime"}:
        inside = value is not None and ends(field, wanted)[0] <= day_of(field, value) <= ends(field, wanted)[1]
        if operator in {Operator.IS, Operator.IS_NOT}:
            return inside is (operator is Operator.IS)
        return value is not None and compared(operator, day_of(field, value), *ends(field, wanted), field, condition)
    if operator in {Operator.IS, Operator.IS_NOT}:
        return bool(value == wanted) is (operator is Operator.IS)
    return value is not None and compared(operator, value, wanted, wanted, field, condition)


def a_word(have: str, want: str) -> bool:
    """Whether Latin letters and digits end where the word does."""
    sign = "[a-z0-9]"
    before = f"(?<!{sign})" if re.match(sign, want) else ""
    after = f"(?!{sign})" if re.match(sign, want[-1:]) else ""
    return re.search(f"{before}{re.escape(want)}{after}", have) is not None


def holds_against(operator: Operator, value: Any, other: Any) -> bool:
    """Whether two fields of a record stand so to each other; blanks are alike."""
    if operator in {Operator.IS, Operator.IS_NOT}:
        same = fold(value) == fold(other) if isinstance(value, str) and isinstance(other, str) else value == other
        return same is (operator is Operator.IS)
    tests = {Operator.LESS: lt, Operator.AT_MOST: le, Operator.GREATER: gt, Operator.AT_LEAST: ge}
    return value is not None and other is not None and bool(tests[operator](value, other))


def compared(operator: Operator, value: Any, first: Any, last: Any, field: Field, condition: Condition) -> bool:
    """Whether a value that is there stands so to what a condition means."""
    if operator is Operator.BETWEEN:
        dated = field.kind.value_type in {"date", "datetime"}
        return bool(first <= value <= (ends(field, condition.upper)[1] if dated else condition.upper))
    return bool(
        {
            Operator.LESS: value < first,
            Operator.AT_MOST: value <= last,
            Operator.GREATER: value > last,
            Operator.AT_LEAST: value >= first,
        }[operator]
    )


def expected(form: Form, made: Filter, row: Row) -> bool:
    """What people mean by a filter."""
    results = []
    for part in made.trimmed.conditions:
        if isinstance(part, Filter):
            results.append(expected(form, part, row))
        else:
            assert isinstance(part, Condition)
            value, title = row.values.get(part.field), row.titles.get(part.field, "")
            if isinstance(part.value, Other):
                results.append(holds_against(part.operator, value, row.values.get(part.value.field)))
                continue
            results.append(holds(form.by_id[part.field], part, value, title))
    return not results or (any if made.any else all)(results)


def spans() -> st.SearchStrategy[Span]:
    """Every period, with counts where it has any."""
    return st.builds(
        lambda period, count: Span(period, count if period in COUNTED else 1),
        st.sampled_from(list(Period)),
        st.sampled_from([1, 2, 7, 30]),
    )


def wanted_values(field: Field, records: list[UUID]) -> st.SearchStrategy[Any]:
    """Values that a person may put into a condition on `field`."""
    by_type = {
        "text": st.sampled_from([text for text in TEXTS if text]),
        "record": st.sampled_from([*records, UUID(int=7)]),
        "date": st.sampled_from(DAYS) | spans(),
        "datetime": st.sampled_from(MOMENTS) | spans(),
        "bool": st.none(),
    }
    if field.kind.name == "integer":
        return st.sampled_from(NUMBERS)
    if field.kind.value_type == "number":
        return st.sampled_from(AMOUNTS)
    if field.kind.value_type == "choice":
        return st.sampled_from([*(option.id for option in field.props.options), "ogonegonego"])
    return by_type[field.kind.value_type]


@st.composite
def conditions(draw: st.DrawFn, form: Form, records: list[UUID]) -> Condition:
    """One condition."""
    field = draw(st.sampled_from(form.fields))
    operator = draw(st.sampled_from(operators_of(field)))
    values = wanted_values(field, records)
    if operator in AS_TEXT:
        values = st.sampled_from([text for text in TEXTS if text])
    if operator in OF_MANY:
        values = st.lists(values, max_size=3).map(tuple)
    if operator in LENGTHS:
        values = st.integers(0, 5)
    beside = others(form, field, operator)
    if beside:
        values |= st.sampled_from([Other(each.id) for each in beside])
    return Condition(field.id, operator, draw(values), draw(values) if operator is Operator.BETWEEN else None)


def filters(form: Form, records: list[UUID], depth: int = DEEPEST) -> st.SearchStrategy[Filter]:
    """A filter with groups inside groups."""
    parts: st.SearchStrategy[Any] = conditions(form, records)
    if depth > 1:
        parts = parts | filters(form, records, depth - 1)
    return st.builds(Filter, st.lists(parts, max_size=4).map(tuple), st.booleans())


@pytest.mark.parametrize("form_name", ["订单", "客户"])
def test_a_filter_selects_exactly_what_its_words_say(office: Office, form_name: str):
    form = office.form(form_name)
    reader = office.session.reader
    rows = reader.rows(form.id, reader.ids(office.session.query(form.id)))
    customers = office.form("客户").id
    records = [row.id for row in reader.rows(customers, reader.ids(office.session.query(customers)))]

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(filters(form, records))
    def check(made: Filter) -> None:
        found = reader.ids(office.session.query(form.id, formula(form, made, local_zone())))
        assert list(found) == [row.n for row in rows if expected(form, made, row)]

    check()


def test_records_that_share_a_title_are_told_apart(tmp_path: Path):
    office = Office(tmp_path, shop())
    form, reader = office.form("订单"), office.session.reader
    twins = [office.new("客户", {"名称": "twin"}) for _ in range(2)]
    orders = [office.new("订单", {"编号": f"T{at}", "客户": twin}) for at, twin in enumerate(twins)]
    customer = field_called(form, "客户")

    def found(operator: Operator, value: Any) -> list[UUID]:
        where = formula(form, Filter((Condition(customer.id, operator, value),)), local_zone())
        return [row.id for row in reader.rows(form.id, reader.ids(office.session.query(form.id, where)))]

    assert found(Operator.IS, twins[1]) == [orders[1]]
    assert found(Operator.NONE_OF, (twins[1],)) == [orders[0]]
    assert found(Operator.IS, "twin") == orders, "a text means the title"
    office.session.close()


def test_several_options_of_one_field_are_held_all_or_any_or_none(tmp_path: Path):
    build = an_app()
    form_id = build.form("客户")
    build.field(form_id, "text", "名称")
    build.field(form_id, "choices", "标签", options=options("A", "B", "C"))
    office = Office(tmp_path, build.app)
    form, reader = office.form("客户"), office.session.reader
    title, tags = field_called(form, "名称"), field_called(form, "标签")
    a, b, c = (option.id for option in tags.props.options)
    for name, held in (("none", None), ("a", (a,)), ("ab", (a, b)), ("c", (c,))):
        office.new("客户", {"名称": name, "标签": held})

    def found(operator: Operator, *wanted: str) -> list[str]:
        where = formula(form, Filter((Condition(tags.id, operator, wanted or None),)), local_zone())
        rows = reader.rows(form.id, reader.ids(office.session.query(form.id, where)))
        return [row.values[title.id] for row in rows]

    assert found(Operator.ANY_OF, a, c) == ["a", "ab", "c"]
    assert found(Operator.ALL_OF, a, b) == ["ab"]
    assert found(Operator.NONE_OF, b, c) == ["none", "a"]
    assert found(Operator.ANY_OF, "ogonegonego") == []
    assert found(Operator.EMPTY) == ["none"]

    def both(*parts: Condition, either: bool = False) -> list[str]:
        where = formula(form, Filter(parts, either), local_zone())
        rows = reader.rows(form.id, reader.ids(office.session.query(form.id, where)))
        return [row.values[title.id] for row in rows]

    empty, filled = (Condition(tags.id, each) for each in (Operator.EMPTY, Operator.FILLED))
    assert both(Condition(tags.id, Operator.ALL_OF, (c,)), empty, either=True) == ["none", "c"]
    assert both(Condition(tags.id, Operator.NONE_OF, (a,)), filled) == ["c"]
    assert both(empty, Condition(title.id, Operator.IS, "none")) == ["none"]
    assert [str(operator_words(tags, each)) for each in operators_of(tags)][:3] == [
        "holds any of",
        "holds all of",
        "holds none of",
    ]
    made = Filter((Condition(tags.id, Operator.ALL_OF, (a, b)),))
    assert sentence(form, made, {}) == "标签 holds all of A, B"
    assert filter_json.from_json(form, filter_json.as_json(made)) == made
    office.session.close()


def test_a_relation_and_days_relative_to_today_are_found_by_an_index(office: Office):
    form = office.form("订单")
    customer, day, moment = (field_called(form, name) for name in ("客户", "日期", "发货时间"))
    record = UUID(int=7)
    for field, value in ((customer, record), (day, Span(Period.THIS_MONTH)), (moment, Span(Period.LAST_DAYS, 7))):
        condition = Condition(field.id, Operator.IS, value)
        source = formula(form, Filter((condition,)), local_zone())
        parts = Conditions(office.session._workspace.apps.now, office.session.query(form.id, source), SITUATION)
        said = str(parts.where()[-1])
        assert "formula(" not in said, said
        assert column_name(field.id) in said


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12))
def test_no_text_that_is_searched_can_break_the_formula(office: Office, text: str):
    form = office.form("订单")
    wanted_in = [field for field in form.fields if field.name in {"编号", "客户"}]
    conditions = tuple(Condition(field.id, Operator.CONTAINS, text.strip()) for field in wanted_in)
    where = formula(form, Filter(conditions, any=True), local_zone())
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


def test_a_word_ends_where_other_signs_begin_and_chinese_has_no_words(tmp_path: Path):
    office = Office(tmp_path, shop())
    form, reader = office.form("客户"), office.session.reader
    names = ["Art", "an art-book", "start", "art2", "艺术art馆", "éart", "北京市"]
    for each in names:
        office.new("客户", {"名称": each})
    field = field_called(form, "名称")

    def found(word: str) -> list[str]:
        where = formula(form, Filter((Condition(field.id, Operator.WORD, word),)), local_zone())
        return [row.values[field.id] for row in reader.rows(form.id, reader.ids(office.session.query(form.id, where)))]

    assert found("art") == ["Art", "an art-book", "艺术art馆"]
    assert found("京") == ["北京市"]
    office.session.close()


def test_a_field_is_compared_with_another_of_its_kind_only(office: Office):
    form = office.form("订单")
    count, price, day, moment = (field_called(form, each) for each in ("数量", "单价", "日期", "发货时间"))
    assert price in others(form, count, Operator.LESS)
    assert others(form, day, Operator.LESS) == ()
    assert others(form, count, Operator.BETWEEN) == ()
    strange = Condition(day.id, Operator.LESS, Other(moment.id))
    assert formula(form, Filter((strange,)), local_zone()) == ""
    assert sentence(form, Filter((strange,)), {}) == ""
    told = {"of": [{"field": day.id, "is": "less", "value": {"field": moment.id}}]}
    (kept,) = filter_json.from_json(form, told).conditions
    assert isinstance(kept, Unread)


def test_fields_lengths_and_words_are_said_and_kept(office: Office):
    form = office.form("订单")
    count, price, code = (field_called(form, each) for each in ("数量", "单价", "编号"))
    made = Filter(
        (
            Condition(count.id, Operator.AT_MOST, Other(price.id)),
            Condition(code.id, Operator.LONGER, 5),
            Condition(code.id, Operator.SHORTER, 1),
            Condition(code.id, Operator.WORD, "a"),
        )
    )
    assert sentence(form, made, {}) == (
        "数量 ≤ 单价 and 编号 is longer than 5 characters and 编号 is shorter than 1 character and "
        "编号 contains the word “a”"
    )
    assert filter_json.from_json(form, json.loads(json.dumps(filter_json.as_json(made)))) == made


@pytest.mark.parametrize("told", [True, -1, 1.5, "3", {"field": 3}, {"field": "x", "record": "y"}])
def test_a_length_that_is_none_is_kept_unread(office: Office, told: Any):
    form = office.form("订单")
    condition = {"field": field_called(form, "编号").id, "is": "longer", "value": told}
    (kept,) = filter_json.from_json(form, {"of": [condition]}).conditions
    assert isinstance(kept, Unread)
