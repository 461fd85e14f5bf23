"""Groups and summaries: what SQL finds is what Python finds by looking at every record, exactly, on both engines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.errors import UserError
from runtime.form import Field, Form
from runtime.store import grouping
from runtime.store.grouping import day_key, moment_day
from runtime.store.listing import Listing
from runtime.store.query import UNITS, Group, Query, Sort
from runtime.store.records import Applied
from runtime.store.rows import Row
from runtime.store.summaries import summaries_of
from runtime.value.aggregates import mean
from runtime.value.decimals import CONTEXT
from tests.support.apps import an_app, options
from tests.support.workspaces import Office

COUNT = 260
SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST = (1,)


@pytest.fixture(scope="module", autouse=True)
def _here() -> Iterator[None]:
    """The zone of this machine is Shanghai, whatever it is."""
    patch = pytest.MonkeyPatch()
    patch.setattr("runtime.store.reader.local_zone", lambda: SHANGHAI)
    yield
    patch.undo()


@pytest.fixture
def shop(tmp_path: Path, engine: str) -> Iterator[Office]:
    """Sales with a field of every kind that groups, about a tenth of the values blank; some in the bin."""
    build = an_app()
    people = build.form("人员")
    build.field(people, "text", "姓名")
    sales = build.form("销售")
    build.field(sales, "text", "名称")
    build.field(sales, "choice", "地区", options=options("华东", "华北", "华南"))
    build.field(sales, "relation", "负责人", form=people)
    build.field(sales, "integer", "数量")
    build.field(sales, "money", "金额")
    build.field(sales, "decimal", "重量", decimals=3)
    build.field(sales, "boolean", "重点")
    build.field(sales, "date", "日期")
    build.field(sales, "date_time", "时间")
    office = Office(tmp_path, build.app)
    _fill(office)
    yield office
    office.session.close()


def _fill(office: Office) -> None:
    dice = random.Random(7)
    people = [office.new("人员", {"姓名": name}) for name in ("李", "王", "李", "赵")]
    form = office.form("销售")
    make: dict[str, Callable[[], Any]] = {
        "名称": lambda: dice.choice(["a", "B", "b", "福州", "厦门", "~"]),
        "地区": lambda: dice.choice([option.id for option in _field(form, "地区").props.options]),
        "负责人": lambda: dice.choice(people),
        "数量": lambda: dice.choice([0, 1, -5, 7, 2**62, -(2**62)]),
        "金额": lambda: Decimal(dice.randrange(-(10**9), 10**9)) / 100,
        "重量": lambda: Decimal(dice.randrange(10**6)) / 1000,
        "重点": lambda: dice.random() < 0.5,
        "日期": lambda: date(2023, 12, 20) + timedelta(days=dice.randrange(500)),
        "时间": lambda: datetime(1969, 12, 28, 15, 59, 59, 999_999, tzinfo=UTC) + timedelta(hours=dice.randrange(9000)),
    }
    columns = {
        _field(form, name).id: [None if dice.random() < 0.1 else one() for _ in range(COUNT)]
        for name, one in make.items()
    }
    ids = [new_uuid() for _ in range(COUNT)]
    assert isinstance(office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "Fill"), Applied)
    office.session.save([BulkChange(ChangeKind.DEL, form.id, ids[::17])], "Delete")


def _field(form: Form, name: str) -> Field:
    found = form.called(name)
    assert found is not None
    return found


def _unit(day: date, unit: str) -> str:
    match unit:
        case "week":
            return (day - timedelta(days=day.weekday())).isoformat()
        case "month":
            return day.isoformat()[:7]
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case "year":
            return day.isoformat()[:4]
    return day.isoformat()


def _key(row: Row, field: Field, unit: str) -> Any:
    value = row.values.get(field.id)
    if field.kind.value_type == "bool":
        return bool(value)
    if field.target:
        return row.titles.get(field.id) or None
    if isinstance(value, datetime):
        return _unit(value.astimezone(SHANGHAI).date(), unit)
    return _unit(value, unit) if isinstance(value, date) else value


def _figure(rows: list[Row], field: Field, name: str) -> Any:
    """The summary `name`, by looking at every record."""
    values = [row.values[field.id] for row in rows if field.id in row.values]
    share = lambda n: CONTEXT.divide(Decimal(n), Decimal(len(rows))) if rows else None  # noqa: E731
    numbers = [Decimal(value) for value in values] if field.kind.value_type == "number" else []
    plain: dict[str, Callable[[], Any]] = {
        "sum": lambda: sum(numbers) if numbers else None,
        "average": lambda: mean(numbers) if numbers else None,
        "median": lambda: _median(numbers),
        "min": lambda: min(values, default=None),
        "max": lambda: max(values, default=None),
        "earliest": lambda: min(values, default=None),
        "latest": lambda: max(values, default=None),
        "checked": lambda: sum(values),
        "unchecked": lambda: len(rows) - sum(values),
        "percent_checked": lambda: share(sum(values)),
        "filled": lambda: len(values),
        "empty": lambda: len(rows) - len(values),
        "percent_filled": lambda: share(len(values)),
        "unique": lambda: len(set(values)),
    }
    return plain[name]()


def _median(numbers: list[Decimal]) -> Decimal | None:
    ordered, middle = sorted(numbers), len(numbers) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1 : middle + 1])


def _all_rows(office: Office, form: Form) -> list[Row]:
    reader = office.session.reader
    return reader.rows(form.id, reader.ids(Query(form.id)))


def test_groups_counts_and_summaries_are_what_python_finds_in_every_record(shop: Office) -> None:
    form = shop.form("销售")
    rows = _all_rows(shop, form)
    by = st.builds(
        Group, st.sampled_from([field.id for field in form.fields]), st.booleans(), st.sampled_from(("", *UNITS))
    )
    footers = st.fixed_dictionaries(
        {}, optional={field.id: st.sampled_from([each.name for each in summaries_of(field)]) for field in form.fields}
    )

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(groups=st.lists(by, min_size=0, max_size=3), footers=footers)
    def every_grouping(groups: list[Group], footers: dict[str, str]) -> None:
        query = Query(form.id, groups=tuple(groups))
        found = shop.session.reader.grouped_ids(query, footers)[1]
        expected: dict[tuple[Any, ...], list[Row]] = {(): rows}
        for row in rows:
            path: tuple[Any, ...] = ()
            for group in groups:
                path = (*path, _key(row, form.by_id[group.field], group.unit))
                expected.setdefault(path, []).append(row)
        leaves = [path for path in expected if len(path) == len(groups)] if groups else []
        assert dict(zip(found.keys, found.counts, strict=True)) == {path: len(expected[path]) for path in leaves}
        for path, members in expected.items():
            for field_id, name in footers.items():
                figure = found.figures[path][field_id]
                assert figure == _figure(members, form.by_id[field_id], name), (path, name)
                assert figure is None or isinstance(figure, int | Decimal | date)

    every_grouping()


def test_the_records_of_a_listing_stand_in_the_order_of_its_groups(shop: Office) -> None:
    form = shop.form("销售")
    by = st.builds(
        Group, st.sampled_from([field.id for field in form.fields]), st.booleans(), st.sampled_from(("", *UNITS))
    )
    amount = _field(form, "金额").id

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(groups=st.lists(by, min_size=1, max_size=3), more=st.booleans())
    def every_grouping(groups: list[Group], more: bool) -> None:
        query = Query(form.id, sort=(Sort(amount),) if more else (), groups=tuple(groups))
        listing = Listing(shop.session.reader, query)
        assert listing.groups is not None
        rows = listing.rows(0, len(listing))
        keys = [tuple(_key(row, form.by_id[group.field], group.unit) for group in groups) for row in rows]
        told = [path for path, n in zip(listing.groups.keys, listing.groups.counts, strict=True) for _ in range(n)]
        assert keys == told
        assert len(set(listing.groups.keys)) == len(listing.groups.keys), "no group comes twice"
        for before, after in pairwise(rows):
            same = keys[rows.index(before)] == keys[rows.index(after)]
            if more and same and amount in before.values and amount in after.values:
                assert before.values[amount] <= after.values[amount]

    every_grouping()


def test_blanks_come_last_and_options_in_their_order(shop: Office) -> None:
    form = shop.form("销售")
    region = _field(form, "地区")
    ids = [option.id for option in region.props.options]
    for descending, wanted in ((False, [*ids, None]), (True, [*reversed(ids), None])):
        query = Query(form.id, groups=(Group(region.id, descending),))
        groups = shop.session.reader.grouped_ids(query, {})[1]
        assert [key for (key,) in groups.keys] == wanted


def test_a_listing_of_groups_knows_every_position_before_its_records_are_listed(shop: Office) -> None:
    form = shop.form("销售")
    query = Query(form.id, groups=(Group(_field(form, "地区").id),))
    patch = pytest.MonkeyPatch()
    patch.setattr(Listing, "FIRST", 20)
    first = Listing(shop.session.reader, query, complete=False)
    patch.undo()
    full = Listing(shop.session.reader, query)
    assert not first.complete
    assert len(first) == len(full) == len(_all_rows(shop, form))
    assert first.ready == 20
    assert list(first.numbers(0, 20)) == list(full.numbers(0, 20))


def test_too_many_groups_are_refused_with_what_to_do(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST_GROUPS", 5)
    form = shop.form("销售")
    with pytest.raises(UserError) as refused:
        shop.session.reader.grouped_ids(Query(form.id, groups=(Group(_field(form, "金额").id),)), {})
    assert refused.value.code == "too_many_groups"


def test_a_filter_narrows_groups_and_summaries(shop: Office) -> None:
    form = shop.form("销售")
    amount, region = _field(form, "金额").id, _field(form, "地区").id
    query = Query(form.id, where="{金额}>0", groups=(Group(region),))
    figures = shop.session.reader.figures(query, {amount: "min"})
    rows = [row for row in _all_rows(shop, form) if row.values.get(amount, 0) > 0]
    assert figures[()][amount] == min(row.values[amount] for row in rows)


def test_which_records_meet_a_colour_rule_is_found_for_a_page_at_once(shop: Office, statements: list[str]) -> None:
    form = shop.form("销售")
    rows = _all_rows(shop, form)
    amount = _field(form, "金额").id
    statements.clear()
    found = shop.session.reader.met(
        Query(form.id), [row.n for row in rows], ["{金额}>0", "{没有}=1", "ISBLANK({金额})"]
    )
    assert len([each for each in statements if each.lstrip().startswith("SELECT") and "CASE" in each]) == 1
    for row in rows:
        value = row.values.get(amount)
        assert found[row.n] == (value is not None and value > 0, False, value is None)


@pytest.mark.one_engine
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"])
def test_the_day_of_a_moment_is_the_day_in_its_zone(zone: str) -> None:
    dice, where = random.Random(3), ZoneInfo(zone)
    first = datetime(1900, 1, 8, tzinfo=UTC)
    moments = [first + timedelta(microseconds=dice.randrange(198 * 365 * 86_400 * 10**6)) for _ in range(1_500)]
    engine = sa.create_engine("sqlite://")
    table = sa.table("t", sa.column("m"))
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (m INTEGER)")
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        raws = [(moment - epoch) // timedelta(microseconds=1) for moment in moments]
        connection.execute(sa.text("INSERT INTO t VALUES (:m)"), [{"m": raw} for raw in raws])
        day = moment_day(sa.column("m", sa.BigInteger), where, on_file=True)
        found = connection.execute(sa.select(day, day_key(day, "week", on_file=True)).select_from(table)).all()
    engine.dispose()
    for moment, (shown, week) in zip(moments, found, strict=True):
        local = moment.astimezone(where).date()
        assert (shown, week) == (local.isoformat(), _unit(local, "week"))
