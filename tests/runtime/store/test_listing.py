"""Records by position: the same whether from block counts or from a list of ids."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.permission.scope import Scope
from runtime.store.listing import Listing
from runtime.store.query import Query, Sort
from tests.support.workspaces import Office

COUNT = 9_000


def _fill(office: Office, count: int = COUNT) -> None:
    form = office.form("客户")
    name, level = form.called("名称"), form.called("等级")
    assert name is not None and level is not None
    ids = [new_uuid() for _ in range(count)]
    options = [option.id for option in level.props.options]
    columns = {name.id: [f"客户{at:05}" for at in range(count)], level.id: [options[at % 3] for at in range(count)]}
    office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "Fill")
    gone = ids[100:4500:7] + ids[8000:8100]
    office.session.save([BulkChange(ChangeKind.DEL, form.id, gone)], "Delete")


def test_a_window_anywhere_shows_what_a_full_scan_shows(office: Office) -> None:
    _fill(office)
    form = office.form("客户").id
    plain = Listing(office.session.reader, Query(form))
    whole = list(office.session.reader.ids(Query(form, where="TRUE()")))
    assert len(plain) == len(whole) == office.session.form("客户").count()

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(first=st.integers(0, COUNT + 100), count=st.integers(0, 500))
    def every_window(first: int, count: int) -> None:
        assert list(plain.numbers(first, count)) == whole[first : first + count]

    every_window()
    for position in (0, 1, 99, 100, 4095, 4096, len(whole) - 1):
        assert plain.position(whole[position]) == position


def test_a_deleted_record_has_no_position(office: Office) -> None:
    _fill(office, 200)
    form = office.form("客户").id
    plain = Listing(office.session.reader, Query(form))
    present = set(plain.numbers(0, 500))
    assert plain.position(101) is None
    assert 101 not in present


def test_a_filtered_and_sorted_listing_shows_its_first_page_before_it_is_complete(office: Office) -> None:
    _fill(office)
    form = office.form("客户")
    name = form.called("名称")
    assert name is not None
    query = Query(form.id, where='{等级}="高"', sort=(Sort(name.id, descending=True),))
    first = Listing(office.session.reader, query, complete=False)
    full = Listing(office.session.reader, query)
    assert not first.complete
    assert full.complete
    assert len(first) == Listing.FIRST
    assert list(first.numbers(0, 200)) == list(full.numbers(0, 200))
    shown = [row.values[name.id] for row in full.rows(0, 50)]
    assert shown == sorted(shown, reverse=True)


def test_opening_a_plain_listing_reads_no_record(office: Office) -> None:
    _fill(office)
    statements: list[str] = []
    import sqlalchemy as sa

    engine = office.session._workspace.database.reader

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _note(*details: object) -> None:
        statements.append(str(details[2]))

    listing = Listing(office.session.reader, Query(office.form("客户").id))
    assert len(listing) > 0
    assert statements and all('"f_' not in statement for statement in statements)


def test_the_numbers_of_records_are_those_of_the_living_ones_that_the_person_may_see(office: Office) -> None:
    customers, reader = office.form("客户"), office.session.reader
    levels = {"甲": "高", "乙": "低", "丙": "高"}
    ids = [office.new("客户", {"名称": name, "等级": level}) for name, level in levels.items()]
    numbers = {row.id: row.n for row in reader.by_id(customers.id, ids)}
    assert set(reader.numbers_of(customers.id, [*ids, new_uuid()])) == set(numbers.values())
    low = Scope(rows=((customers.id, '{等级}="低"'),))
    assert list(reader.numbers_of(customers.id, ids, low)) == [numbers[ids[1]]]
    office.delete("客户", ids[0])
    assert set(reader.numbers_of(customers.id, ids)) == {numbers[ids[1]], numbers[ids[2]]}
    assert not reader.numbers_of(customers.id, [])
