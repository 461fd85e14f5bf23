"""What a query finds and in which order; what a person may not read they can neither filter, sort nor count by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import Change, ChangeKind, ChangeSet, new_uuid
from runtime.errors import UserError
from runtime.expression.check import check
from runtime.expression.compile_python import compile_python
from runtime.form import Form, lookup
from runtime.permission.scope import Scope
from runtime.session import Session
from runtime.store.form_schema import FormSchema
from runtime.store.listing import Listing
from runtime.store.query import Query, Sort
from runtime.store.records import Applied
from runtime.store.rows import Row
from tests.support.apps import an_app, field_called, options
from tests.support.workspaces import Office

ORDERS: list[dict[str, Any]] = [
    {
        "编号": "A",
        "客户": "张伟",
        "数量": 3,
        "单价": Decimal("9.99"),
        "折扣": Decimal("0.25"),
        "日期": date(2024, 2, 29),
    },
    {"编号": "b", "客户": "李娜", "数量": 0, "单价": Decimal("10.00"), "折扣": Decimal(0), "日期": date(2024, 3, 1)},
    {"编号": "50%", "客户": "张伟", "数量": 12, "单价": Decimal("-0.01"), "日期": date(2023, 12, 31)},
    {"编号": "x_y", "数量": 7, "发货时间": datetime(2024, 2, 29, 16, 30, tzinfo=UTC), "重量": Decimal("0.001")},
    {"编号": 'say "hi"', "客户": "王芳", "发货时间": datetime(2024, 3, 1, 1, tzinfo=UTC), "重量": Decimal("2.5")},
    {"编号": "it's", "重量": Decimal(10)},
]


@pytest.fixture
def full(office: Office) -> Office:
    """The office with six orders of three customers."""
    people: dict[str, dict[str, Any]] = {
        "张伟": {"名称": "张伟", "等级": "高", "重点": True},
        "李娜": {"名称": "李娜", "等级": "低", "重点": False},
        "王芳": {"名称": "王芳", "备注": "第一行\n第二行"},
    }
    rows = {name: office.new("客户", values) for name, values in people.items()}
    for order in ORDERS:
        customer = rows.get(order.get("客户", ""))
        office.new("订单", {"日期": None, **order, "客户": customer})
    return office


def found(office: Office, where: str, form: str = "订单", *sort: str) -> list[str]:
    """The first field of every record that is found."""
    records = office.session.form(form).records(where=where, sort=sort)
    return [record["编号" if form == "订单" else "名称"] for record in records]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ('{编号}="a"', ["A"]),
        ('{编号}="50%"', ["50%"]),
        ('CONTAINS({编号},"%")', ["50%"]),
        ('CONTAINS({编号},"_")', ["x_y"]),
        ('{编号}="say ""hi"""', ['say "hi"']),
        ('{编号}="it\'s"', ["it's"]),
        ("{数量}>=7", ["50%", "x_y"]),
        ("{数量}=0", ["b", 'say "hi"', "it's"]),
        ("AND({数量}=0, NOT(ISBLANK({数量})))", ["b"]),
        ("{数量}>2.5", ["A", "50%", "x_y"]),
        ("{单价}<10", ["A", "50%", "x_y", 'say "hi"', "it's"]),
        ("{单价}=9.99", ["A"]),
        ("{单价}=9.991", []),
        ("{折扣}=25%", ["A"]),
        ('{日期}="2024-02-29"', ["A"]),
        ("{日期}<DATE(2024,3,1)", ["A", "50%"]),
        ("ISBLANK({日期})", ["x_y", 'say "hi"', "it's"]),
        ('{发货时间}>="2024-03-01T00:00:00Z"', ['say "hi"']),
        ("{重量}=0.001", ["x_y"]),
        ("{重量}>2", ['say "hi"', "it's"]),
        ('{客户}="张伟"', ["A", "50%"]),
        ('{客户}<>"张伟"', ["b", "x_y", 'say "hi"', "it's"]),
        ("ISBLANK({客户})", ["x_y", "it's"]),
        ('{客户}.{等级}="高"', ["A", "50%"]),
        ('{客户}.{等级}<>"高"', ["b", "x_y", 'say "hi"', "it's"]),
        ("{客户}.{重点}", ["A", "50%"]),
        ("ISBLANK({客户}.{等级})", ["x_y", 'say "hi"', "it's"]),
        ('CONTAINS({客户}.{备注},"第二")', ['say "hi"']),
        ('{客户}.{名称}="李娜"', ["b"]),
        ("{金额}>20", ["A"]),
        ("TRUE", ["A", "b", "50%", "x_y", 'say "hi"', "it's"]),
        ("1/0=1", []),
        ("12/{数量}>3", ["A"]),
    ],
)
def test_a_filter_finds_what_it_says(full: Office, where: str, names: list[str]) -> None:
    assert found(full, where) == names
    assert full.session.form("订单").count(where) == len(names)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ('{等级}="高"', ["张伟"]),
        ('{等级}<>"高"', ["李娜", "王芳"]),
        ('{等级}="没有"', []),
        ("ISBLANK({等级})", ["王芳"]),
        ("{重点}", ["张伟"]),
        ("NOT({重点})", ["李娜", "王芳"]),
        ("{重点}=FALSE", ["李娜", "王芳"]),
        ('CONTAINS({备注},"二")', ["王芳"]),
        ('{备注}=""', ["张伟", "李娜"]),
    ],
)
def test_options_and_switches_are_filtered_by_what_people_read(full: Office, where: str, names: list[str]) -> None:
    assert found(full, where, "客户") == names


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("{编码}=1", "Did you mean “编号”"),
        ("{客户}.{等极}=1", "Did you mean “等级”"),
        ("{编号", ""),
        ("SUMM({数量})", "Did you mean SUM"),
        ('{数量}="viele"', "cannot be compared"),
        ("{#cxxxxxxxxxx}=1", "deleted"),
        ("{编号}.{名称}=1", "There is no field"),
        ("{数量}=0 & NOT(ISBLANK({数量}))", "cannot be compared"),
        ("{编号}", "true or false"),
        ('{编号}="\ud800"', "cannot be understood"),
        ("{日期}", "true or false"),
        ("{客户}", "true or false"),
        ("1=1; DROP TABLE meta", ""),
        ('{编号}="x" OR 1=1 --', ""),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_in_words(full: Office, where: str, says: str) -> None:
    for ask in (lambda: full.session.form("订单").records(where=where), lambda: full.session.form("订单").count(where)):
        with pytest.raises(UserError) as refusal:
            ask()
        assert refusal.value.code == "bad_filter"
        assert says in str(refusal.value)
    assert full.session.damage() == []


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("数量", ["b", "A", "x_y", "50%", 'say "hi"', "it's"]),
        ("-数量", ["50%", "x_y", "A", "b", 'say "hi"', "it's"]),
        ("单价", ["50%", "A", "b", "x_y", 'say "hi"', "it's"]),
        ("-单价", ["b", "A", "50%", "x_y", 'say "hi"', "it's"]),
        ("日期", ["50%", "A", "b", "x_y", 'say "hi"', "it's"]),
        ("-日期", ["b", "A", "50%", "x_y", 'say "hi"', "it's"]),
        ("发货时间", ["x_y", 'say "hi"', "A", "b", "50%", "it's"]),
        ("-发货时间", ['say "hi"', "x_y", "A", "b", "50%", "it's"]),
        ("重量", ["x_y", 'say "hi"', "it's", "A", "b", "50%"]),
        ("-金额", ["A", "b", "x_y", 'say "hi"', "it's", "50%"]),
    ],
)
def test_every_type_sorts_both_ways_with_blanks_last_and_ties_as_they_were_made(
    full: Office, sort: str, names: list[str]
) -> None:
    assert found(full, "", "订单", sort) == names


def test_options_sort_in_the_order_the_designer_gave_them(full: Office) -> None:
    full.new("客户", {"名称": "中间", "等级": "中"})
    full.new("客户", {"名称": "又一个", "等级": "高"})
    assert found(full, "", "客户", "等级") == ["张伟", "又一个", "中间", "李娜", "王芳"]
    assert found(full, "", "客户", "-等级") == ["李娜", "中间", "张伟", "又一个", "王芳"]


def test_switches_sort_no_before_yes_and_blank_last(full: Office) -> None:
    assert found(full, "", "客户", "重点") == ["李娜", "张伟", "王芳"]
    assert found(full, "", "客户", "-重点") == ["张伟", "李娜", "王芳"]


def test_relations_sort_by_the_title_that_people_see(full: Office) -> None:
    titles = [record.text("客户") for record in full.session.form("订单").records(sort=["客户"])]
    assert titles == ["李娜", "王芳", "张伟", "张伟", "", ""]
    down = [record.text("客户") for record in full.session.form("订单").records(sort=["-客户"])]
    assert down == ["张伟", "张伟", "王芳", "李娜", "", ""]


def test_several_sort_keys_count_in_their_order(full: Office) -> None:
    full.new("订单", {"编号": "tie", "数量": 7, "重量": Decimal(1), "日期": None})
    assert found(full, "{数量}=7", "订单", "数量", "-重量") == ["tie", "x_y"]
    assert found(full, "{数量}=7", "订单", "数量", "重量") == ["x_y", "tie"]


def test_deleted_records_are_found_in_the_bin_only(full: Office) -> None:
    record = full.session.form("订单").records(where='{编号}="A"')[0]
    full.session.form("订单").delete(record.id)
    assert found(full, '{编号}="A"') == []
    reader = full.session.reader
    in_bin = full.session.query(record.form_id, deleted=True)
    assert [row.id for row in reader.rows(record.form_id, reader.ids(in_bin))] == [record.id]
    assert reader.count(in_bin) == 1


def test_a_relation_to_a_record_in_the_bin_reads_as_blank_in_filters(full: Office) -> None:
    customer = full.session.form("客户").records(where='{名称}="张伟"')[0]
    full.session.form("客户").delete(customer.id)
    assert found(full, '{客户}="张伟"') == []
    assert found(full, '{客户}.{等级}="高"') == []


def test_a_limit_gives_the_first(full: Office) -> None:
    orders = full.session.form("订单")
    assert [record["编号"] for record in orders.records(sort=["-数量"], limit=2)] == ["50%", "x_y"]
    assert orders.records(limit=0) == []


def test_a_title_that_is_an_option_or_a_number_is_compared_as_people_read_it(tmp_path: Any) -> None:
    build = an_app()
    kinds = build.form("种类")
    build.field(kinds, "choice", "种类", options=options("甲", "乙"))
    things = build.form("东西")
    build.field(things, "text", "名称")
    build.field(things, "relation", "种类", form=kinds)
    office = Office(tmp_path, build.app)
    rows = {label: office.new("种类", {"种类": label}) for label in ("甲", "乙")}
    for label, row in rows.items():
        office.new("东西", {"名称": f"是{label}", "种类": row})
    assert found(office, '{种类}="乙"', "东西") == ["是乙"]
    office.session.close()


# Scope


def _ids(office: Office, form: str, *names: str) -> frozenset[str]:
    return frozenset(field_called(office.form(form), name).id for name in names)


def test_a_field_that_may_not_be_read_can_not_be_used_in_any_way(full: Office) -> None:
    orders, customers = full.form("订单"), full.form("客户")
    scope = Scope(
        readable=((orders.id, _ids(full, "订单", "编号", "客户")), (customers.id, _ids(full, "客户", "名称")))
    )
    reader = full.session.reader
    for where in ("{数量}>1", "{单价}=9.99", '{客户}.{等级}="高"', f"{{#{field_called(orders, '数量').id}}}>1"):
        for ask in (reader.ids, reader.count):
            with pytest.raises(UserError) as refusal:
                ask(Query(orders.id, where, scope=scope))
            assert refusal.value.code == "bad_filter"
            assert "数量" not in str(refusal.value) or where.startswith("{数量}")
    with pytest.raises(UserError, match="sort") as refusal:
        reader.ids(Query(orders.id, sort=(Sort(field_called(orders, "数量").id),), scope=scope))
    assert refusal.value.code == "no_such_field"
    assert reader.count(Query(orders.id, '{客户}="张伟"', scope=scope)) == 2
    (row,) = reader.rows(orders.id, reader.ids(Query(orders.id, '{编号}="A"', scope=scope)), scope)
    assert set(row.values) == _ids(full, "订单", "编号", "客户")


def test_a_title_that_may_not_be_read_is_not_shown_searched_sorted_or_compared(full: Office) -> None:
    orders, customers = full.form("订单"), full.form("客户")
    scope = Scope(readable=((customers.id, _ids(full, "客户", "等级")),))
    reader = full.session.reader
    numbers = reader.ids(Query(orders.id, scope=scope))
    assert all(not row.titles for row in reader.rows(orders.id, numbers, scope))
    assert reader.search_titles(customers.id, "张", 10, scope) == []
    assert reader.find(customers.id, field_called(customers, "名称").id, ["张伟"], scope) == {}
    assert reader.count(Query(orders.id, '{客户}="张伟"', scope=scope)) == 0
    by_customer = (Sort(field_called(orders, "客户").id),)
    assert list(reader.ids(Query(orders.id, sort=by_customer, scope=scope))) == list(numbers)


def test_a_hidden_record_is_not_counted_found_searched_named_or_reached(full: Office) -> None:
    orders, customers = full.form("订单"), full.form("客户")
    scope = Scope(rows=((customers.id, '{等级}<>"高"'),))
    reader = full.session.reader
    assert reader.count(Query(customers.id, scope=scope)) == 2
    assert len(Listing(reader, Query(customers.id, scope=scope))) == 2
    assert reader.count(Query(customers.id, '{名称}="张伟"', scope=scope)) == 0
    assert [title for _, title in reader.search_titles(customers.id, "", 10, scope)] == ["李娜", "王芳"]
    name = field_called(customers, "名称").id
    assert set(reader.find(customers.id, name, ["张伟", "李娜"], scope)) == {"李娜"}
    assert reader.count(Query(orders.id, '{客户}="张伟"', scope=scope)) == 0
    assert reader.count(Query(orders.id, '{客户}="李娜"', scope=scope)) == 1
    assert reader.count(Query(orders.id, '{客户}.{名称}="张伟"', scope=scope)) == 0
    rows = reader.rows(orders.id, reader.ids(Query(orders.id, scope=scope)), scope)
    assert [title for row in rows for title in row.titles.values()] == ["李娜", "王芳"]


def test_a_rule_may_use_fields_that_its_person_may_not_read(full: Office) -> None:
    customers = full.form("客户")
    scope = Scope(rows=((customers.id, '{等级}="高"'),), readable=((customers.id, _ids(full, "客户", "名称")),))
    reader = full.session.reader
    assert reader.count(Query(customers.id, scope=scope)) == 1
    with pytest.raises(UserError):
        reader.count(Query(customers.id, '{等级}="高"', scope=scope))


def test_a_record_that_a_rule_hides_is_not_read_by_its_number(full: Office) -> None:
    form = full.form("订单")
    number = field_called(form, "编号")
    scope = Scope(rows=((form.id, '{编号}="A"'),))
    every = full.session.reader.ids(Query(form.id))
    rows = full.session.reader.rows(form.id, every, scope)
    assert len(every) > 1
    assert [row.values[number.id] for row in rows] == ["A"]


def test_a_rule_that_is_broken_shows_nothing(full: Office) -> None:
    customers = full.form("客户")
    scope = Scope(rows=((customers.id, "{没有}=1"),))
    with pytest.raises(UserError):
        full.session.reader.count(Query(customers.id, scope=scope))
    failing = Scope(rows=((customers.id, "1/0=1"),))
    assert full.session.reader.count(Query(customers.id, scope=failing)) == 0


def test_a_form_that_is_not_to_be_seen_does_not_exist(full: Office) -> None:
    customers, orders = full.form("客户"), full.form("订单")
    row = full.session.form("客户").records()[0].id
    scope = Scope(masked=frozenset({customers.id}))
    reader = full.session.reader
    for ask in (
        lambda: reader.count(Query(customers.id, scope=scope)),
        lambda: reader.ids(Query(customers.id, scope=scope)),
        lambda: len(Listing(reader, Query(customers.id, scope=scope))),
        lambda: reader.by_id(customers.id, [row], scope),
        lambda: reader.rows(customers.id, [1], scope),
        lambda: reader.search_titles(customers.id, "", 5, scope),
        lambda: reader.count(Query("fxxxxxxxxxx")),
    ):
        with pytest.raises(UserError) as refusal:
            ask()
        assert refusal.value.code == "no_such_form"
    assert reader.count(Query(orders.id, '{客户}="张伟"', scope=scope)) == 0
    assert all(not row.titles for row in reader.rows(orders.id, [1, 2], scope))
    session = Session(full.session._workspace, scope=scope)
    assert [form.name for form in session.forms] == ["订单"]
    with pytest.raises(UserError):
        session.form("客户")


def test_a_form_whose_app_was_taken_away_is_gone_in_words(full: Office) -> None:
    from runtime.changes import DefinitionChange

    handle = full.session.form("客户")
    record = handle.records()[0]
    full.session.apply([DefinitionChange(full.app.id, full.app.version, b"")], "Take away")
    for ask in (
        lambda: handle.get(record.id),
        handle.count,
        handle.records,
        lambda: handle.create({}),
        lambda: full.session.reader.rows(record.form_id, [1]),
        lambda: full.session.form("客户"),
    ):
        with pytest.raises(UserError) as refusal:
            ask()
        assert refusal.value.code == "no_such_form"
    assert full.session.history(record) == []


# The database says the same as Python

_texts = st.sampled_from(["甲", "乙", "A", "a", "50%", "x_y", 'q"q', "it's", "ß", "İ", "1", "-1"])
_order = st.fixed_dictionaries(
    {"编号": _texts},
    optional={
        "客户": st.integers(0, 2),
        "数量": st.integers(0, 5),
        "单价": st.decimals(-3, 3, places=2),
        "折扣": st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)]),
        "日期": st.dates(date(2024, 2, 27), date(2024, 3, 2)),
        "发货时间": st.datetimes(datetime(2024, 2, 28), datetime(2024, 3, 1), timezones=st.just(UTC)),
        "重量": st.decimals(0, 2, places=3),
    },
)
_atoms = st.one_of(
    st.builds(lambda op, n: f"{{数量}}{op}{n}", st.sampled_from(["=", "<>", "<", ">=", ">"]), st.integers(-1, 5)),
    st.builds(lambda op, n: f"{{单价}}{op}{n}", st.sampled_from(["=", "<", ">="]), st.decimals(-3, 3, places=1)),
    st.builds(lambda op, n: f"{{金额}}{op}{n}", st.sampled_from(["<", ">="]), st.integers(-3, 3)),
    st.builds(lambda op, n: f"{{重量}}{op}{n}", st.sampled_from(["=", "<=", ">"]), st.decimals(0, 2, places=3)),
    st.builds(
        lambda op, t: f'{{编号}}{op}"{t.replace(chr(34), chr(34) * 2)}"', st.sampled_from(["=", "<>", "<"]), _texts
    ),
    st.builds(lambda t: f'CONTAINS({{编号}},"{t.replace(chr(34), chr(34) * 2)}")', _texts),
    st.builds(
        lambda op, d: f'{{日期}}{op}"{d}"',
        st.sampled_from(["=", "<", ">="]),
        st.dates(date(2024, 2, 27), date(2024, 3, 2)),
    ),
    st.builds(
        lambda f: f"ISBLANK({{{f}}})", st.sampled_from(["客户", "数量", "单价", "日期", "发货时间", "重量", "金额"])
    ),
    st.just("MONTH({发货时间})=2"),
    st.just("{日期}+1>{发货时间}"),
    st.just("6/{数量}>=2"),
    st.just("ROUND({单价},0)=1"),
    st.just("{单价}*{数量}>{重量}"),
)
_filters = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds("NOT({})".format, inner),
        st.builds("AND({},{})".format, inner, inner),
        st.builds("OR({},{})".format, inner, inner),
        st.builds("IF({},{},{})".format, inner, inner, inner),
        st.builds("IFERROR({},FALSE)".format, inner),
    ),
    max_leaves=4,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(orders=st.lists(_order, min_size=1, max_size=8), where=_filters)
def test_the_database_finds_exactly_the_records_for_which_the_formula_is_true_in_python(
    office: Office, orders: list[dict[str, Any]], where: str
) -> None:
    customers = _three_customers(office)
    form = office.form("订单")
    made: list[UUID] = []
    for order in orders:
        customer = customers[order["客户"]] if "客户" in order else None
        made.append(office.new("订单", {"日期": None, **order, "客户": customer}))
    checked = check(where, FormSchema(form, lookup([office.app])))
    assert checked.correct, checked.problems
    run, situation = compile_python(checked), office.session.reader.situation()
    rows = office.session.reader.by_id(form.id, made)
    expected = {row.id for row in rows if run.evaluate(_as_formulas_see(form, row), situation) is True}
    reader = office.session.reader
    query = Query(form.id, where)
    numbers = reader.ids(query)
    assert {row.id for row in reader.rows(form.id, numbers)} == expected
    assert reader.count(query) == len(expected)
    binned = office.session.apply([Change(ChangeKind.DEL, form.id, row) for row in made], "Clear")
    assert isinstance(binned, Applied)


def _as_formulas_see(form: Form, row: Row) -> dict[str, Any]:
    values = {field: row.values.get(field.id) for field in form.fields}
    return {
        field.id: None if value is None else field.kind.to_formula(value, field.props)
        for field, value in values.items()
    }


def _three_customers(office: Office) -> list[UUID]:
    records = office.session.form("客户").records()
    if records:
        return [record.id for record in records]
    return [office.new("客户", {"名称": name}) for name in ("张伟", "李娜", "王芳")]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    orders=st.lists(_order, max_size=8),
    sort=st.sampled_from(["数量", "单价", "折扣", "日期", "发货时间", "重量", "金额"]),
    descending=st.booleans(),
)
def test_a_sort_is_python_s_own_with_blanks_last(
    office: Office, orders: list[dict[str, Any]], sort: str, descending: bool
) -> None:
    form = office.form("订单")
    field = field_called(form, sort).id
    made = [office.new("订单", {"日期": None, **order, "客户": None}) for order in orders]
    reader = office.session.reader
    rows = reader.by_id(form.id, made)
    filled = sorted((row for row in rows if field in row.values), key=lambda row: row.values[field], reverse=descending)
    if descending:  # Python's reverse keeps ties in order, as the database does
        filled = sorted(filled, key=lambda row: row.n)
        filled.sort(key=lambda row: row.values[field], reverse=True)
    expected = [row.n for row in [*filled, *(row for row in rows if field not in row.values)]]
    assert list(reader.ids(Query(form.id, sort=(Sort(field, descending),)))) == expected
    if made:
        office.session.apply([Change(ChangeKind.DEL, form.id, row) for row in made], "Clear")


def test_the_same_changes_in_another_scope_reach_only_what_is_shown(full: Office) -> None:
    customers = full.form("客户")
    hidden = full.session.form("客户").records(where='{名称}="张伟"')[0].id
    scope = Scope(rows=((customers.id, '{等级}<>"高"'),))
    note = field_called(customers, "备注").id
    change = Change(ChangeKind.SET, customers.id, hidden, {note: "x"})
    outcome = full.session._workspace.records.apply(ChangeSet((change,)), scope)
    assert not isinstance(outcome, Applied)
    assert full.session.reader.by_id(customers.id, [hidden, new_uuid()], scope) == []
