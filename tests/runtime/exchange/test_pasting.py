"""Blocks of cells laid over records and read as values of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import ChangeKind
from runtime.dates import local_zone
from runtime.exchange.clipboard import mime as clipboard
from runtime.exchange.clipboard.clip import Clip
from runtime.exchange.clipboard.mime import read, read_lines
from runtime.exchange.editing import cell_writes
from runtime.exchange.editing.cell_texts import CellReader, Unfit, order_of
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.exchange.editing.pasting import Area, Paste, lay
from runtime.store.records import Applied, Rejected
from runtime.work import Progress
from tests.runtime.exchange.clip_samples import EXCEL, EXCEL_TEXT, LIBREOFFICE, LIBREOFFICE_TEXT
from tests.support.apps import an_app, field_called, form_called
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.new("客户", {"名称": "福州海峡", "等级": "高"})
    made.new("客户", {"名称": "厦门港务"})
    for at in range(3):
        made.new("订单", {"编号": f"A-{at}", "数量": at})
    yield made
    made.session.close()


def paste(
    office: Office, clip: Clip, names: list[str], top: int = 0, form: str = "订单", customary: str = ""
) -> CellWrites:
    """The block over the columns of these names, from the row `top` on."""
    found = office.form(form)
    fields = [field_called(found, name) for name in names]
    numbers = office.session.reader.ids(office.session.query(found.id))
    placed = dict(enumerate(office.session.reader.rows(found.id, numbers)))
    layout = lay(clip, [Area(top, 0, top, 0)], len(fields))
    worker = Paste(office.session, found, fields, placed, len(placed), customary)
    return worker.read(clip, layout, Progress())


def values(office: Office, writes: CellWrites) -> list[dict[str, Any]]:
    names = {field.id: field.name for field in writes.form.fields}
    every = [*writes.changed.values(), *writes.made.values()]
    return [{names[key]: value for key, value in row.items()} for row in every]


def lines(text: str) -> Clip:
    return Clip(read_lines(text))


def apply(office: Office, writes: CellWrites) -> Any:
    return office.session.save([change for step in writes.steps() for change in step], "Paste")


def test_rows_beyond_the_end_make_records_and_the_others_change_them(office):
    writes = paste(office, lines("B-1\t5\nB-2\t6\nB-3\t7"), ["编号", "数量"], top=1)
    assert len(writes.changed) == 2
    assert values(office, writes)[-1] == {"编号": "B-3", "数量": 7}
    kinds = [change.kind for step in writes.steps() for change in step]
    assert kinds == [ChangeKind.SET, ChangeKind.NEW]
    assert isinstance(apply(office, writes), Applied)
    office.session.undo()
    assert [row.values[office.form("订单").called("编号").id] for row in rows_of(office)] == ["A-0", "A-1", "A-2"]


def rows_of(office: Office, form: str = "订单"):
    found = office.form(form)
    return office.session.reader.rows(found.id, office.session.reader.ids(office.session.query(found.id)))


def test_cells_are_read_as_generously_as_an_import_reads_them(office):
    text = "1,234.50\t12%\t2024年3月5日\t2024/3/5 14:30\t福州海峡"
    found = values(office, paste(office, lines(text), ["单价", "折扣", "日期", "发货时间", "客户"]))[0]
    assert found["单价"] == Decimal("1234.50")
    assert found["折扣"] == Decimal("0.12")
    assert found["日期"] == date(2024, 3, 5)
    assert found["发货时间"].tzinfo is UTC
    assert found["客户"] == rows_of(office, "客户")[0].id
    yes = values(office, paste(office, lines("√\t高\n否\t 中 "), ["重点", "等级"], form="客户"))
    assert [row["重点"] for row in yes] == [True, False]
    level = office.form("客户").called("等级")
    assert [level.format(row["等级"]) for row in yes] == ["高", "中"]


@pytest.mark.parametrize(("text", "html"), [(EXCEL_TEXT, EXCEL), (LIBREOFFICE_TEXT, LIBREOFFICE)])
def test_what_excel_and_libreoffice_copy_gives_the_same_values(office, text, html):
    names = ["编号", "单价", "日期", "折扣", "客户"]
    writes = paste(office, read(text, html), names, customary="mdy")
    found = values(office, writes)
    assert [row["单价"] for row in found] == [Decimal("1234.50"), Decimal("0.10")]
    assert [row["日期"] for row in found] == [date(2024, 3, 5), date(2024, 12, 31)]
    assert [row["折扣"] for row in found] == [Decimal("0.12"), Decimal("0.05")]
    assert {bad.field for bad in writes.bad} == {office.form("订单").called("客户").id}


def test_day_and_month_are_swapped_only_where_the_column_or_the_machine_says_so():
    assert order_of(["03/04/2025", "25/04/2025"]) == "dmy"
    assert order_of(["03/04/2025", "04/25/2025"]) == "mdy"
    assert order_of(["25/04/2025", "04/25/2025"], "dmy") == ""
    assert order_of(["03/04/2025"]) == ""
    assert order_of(["03/04/2025"], "dmy") == "dmy"


def test_the_same_date_of_a_text_that_no_spreadsheet_wrote_is_not_guessed(office):
    writes = paste(office, lines("03/04/2025"), ["日期"], customary="dmy")
    assert not any(writes.changed.values())
    assert "03/04/2025" in str(writes.bad[0].reason)


def test_bad_cells_are_named_with_record_field_text_and_reason_and_the_rest_is_kept(office):
    writes = paste(office, lines("B-1\tmany\nB-2\t-5\nB-3\t8"), ["编号", "数量"])
    assert [(bad.text, str(bad.reason)) for bad in writes.bad] == [
        ("many", "“many” is not a number."),
        ("-5", "At least 0."),
    ]
    assert [writes.places[bad.record] for bad in writes.bad] == [0, 1]
    assert values(office, writes) == [{"编号": "B-1"}, {"编号": "B-2"}, {"编号": "B-3", "数量": 8}]


def test_a_corrected_cell_is_written_with_the_others(office):
    writes = paste(office, lines("B-1\tmany"), ["编号", "数量"])
    writes.correct(writes.bad[0], 9)
    assert not writes.bad
    assert values(office, writes) == [{"编号": "B-1", "数量": 9}]


def test_computed_fields_refuse_and_say_so_once(office):
    writes = paste(office, lines("1\t2\n3\t4"), ["金额", "数量"])
    assert not writes.bad
    assert [str(note) for note in writes.notes] == ["“金额” is computed and cannot be typed in."]
    assert writes.asks
    assert values(office, writes) == [{"数量": 2}, {"数量": 4}]


def test_columns_without_a_place_are_named(office):
    writes = paste(office, lines("1\t2\tthree\tfour"), ["数量", "单价"])
    assert [str(note) for note in writes.notes] == ["2 columns have no place here: three, four."]
    assert writes.asks


def test_blank_cells_empty_and_missing_cells_stay(office):
    writes = paste(office, lines("X\t\nY"), ["编号", "数量"])
    assert values(office, writes) == [{"编号": "X", "数量": None}, {"编号": "Y"}]


def test_what_the_store_refuses_comes_on_the_list_and_the_rest_can_go_on(office):
    form = office.form("客户")
    writes = paste(office, lines("福州海峡\nneu"), ["名称"], top=1, form="客户")
    outcome = apply(office, writes)
    assert isinstance(outcome, Rejected)
    assert writes.mark(outcome.problems) == len(outcome.problems)
    assert [(bad.field, bad.text) for bad in writes.bad] == [(form.called("名称").id, "福州海峡")]
    writes.without_bad()
    assert isinstance(apply(office, writes), Applied)
    names = [row.values[form.called("名称").id] for row in rows_of(office, "客户")]
    assert names == ["福州海峡", "厦门港务", "neu"]


def test_a_new_record_goes_with_a_bad_cell_that_it_needs(office):
    writes = paste(office, lines("\t5\nB-2\t6"), ["编号", "数量"], top=3)
    outcome = apply(office, writes)
    assert isinstance(outcome, Rejected)
    writes.mark(outcome.problems)
    assert [bad.text for bad in writes.bad] == [""]
    writes.without_bad()
    assert len(writes.made) == 1


def test_titles_of_relations_are_looked_up_in_one_question(office, monkeypatch):
    asked = []
    find = office.session.reader.find_all
    monkeypatch.setattr(office.session.reader, "find_all", lambda *a: asked.append(a[2]) or find(*a))
    paste(office, lines("福州海峡\n厦门港务\nnobody"), ["客户"])
    assert len(asked) == 1


def test_ten_thousand_rows_are_one_step_and_more_are_written_in_parts(office):
    form = office.form("订单")
    field = form.called("编号")
    from runtime.changes import new_uuid

    writes = CellWrites(form)
    for at in range(12_000):
        writes.made[new_uuid()] = {field.id: str(at)}
    assert [sum(len(change.rows) for change in step) for step in writes.steps()] == [5_000, 5_000, 2_000]
    for row in list(writes.made)[10_000:]:
        writes.leave_out(row)
    assert len(writes.steps()) == 1


# Round trip: what is copied and pasted elsewhere is equal, for every field type

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
EVERY = {
    "客户": {
        "名称": TEXTS.filter(lambda text: text == " ".join(text.split()).strip() != ""),
        "等级": st.sampled_from(["高", "中", "低"]),
        "备注": st.lists(TEXTS.map(str.strip).filter(bool), min_size=1, max_size=3).map("\n".join),
        "重点": st.booleans(),
    },
    "订单": {
        "数量": st.integers(0, 2**53),
        "单价": st.decimals(-(10**12), 10**12, places=2),
        "折扣": st.decimals(-50, 50, places=2),
        "日期": st.dates(date(1900, 3, 1), date(2999, 12, 31)),
        "发货时间": st.datetimes(
            datetime(1971, 1, 1),
            datetime(2999, 1, 1),
            timezones=st.just(UTC),
        ),
        "重量": st.decimals(0, 10**9, places=3),
    },
}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("exact", [True, False])
@given(data=st.data())
def test_what_is_copied_and_pasted_elsewhere_is_equal(office, name, exact, data):
    given_values = {key: data.draw(values, key) for key, values in EVERY[name].items()}
    if not exact and "发货时间" in given_values:
        given_values["发货时间"] = given_values["发货时间"].replace(microsecond=0)
    if name == "订单":
        given_values["编号"] = "source"
    row = office.new(name, given_values | ({"名称": f"q{given_values['名称']}"} if name == "客户" else {}))
    source = office.row(name, row)
    form = office.form(name)
    fields = [form.called(key) for key in given_values]
    written = clipboard.write([source], fields, False, Progress())
    clip = read(written.text, written.html if exact else "", written.own if exact else b"")
    writes = paste(office, clip, list(given_values), top=99, form=name)
    assert not writes.bad
    pasted = next(iter(writes.made.values()))
    assert pasted == {field.id: source.values.get(field.id) for field in fields}
    office.delete(name, row)


def test_a_record_is_copied_by_its_id_and_by_its_title(office):
    customer = rows_of(office, "客户")[1]
    field = office.form("订单").called("客户")
    row = office.row("订单", office.new("订单", {"编号": "r", "客户": customer.id}))
    written = clipboard.write([row], [field], False, Progress())
    for own in (written.own, b""):
        writes = paste(office, read(written.text, written.html, own), ["客户"])
        assert values(office, writes) == [{"客户": customer.id}]


def test_text_that_is_no_value_says_what_would_be(office):
    form = office.form("订单")
    with pytest.raises(Unfit, match="There is no record called “nobody”"):
        CellReader(office.session, form.called("客户"), ["nobody"]).read("nobody")
    with pytest.raises(Unfit, match="is not a date"):
        CellReader(office.session, form.called("日期")).read("soon")
    with pytest.raises(Unfit, match="is not a whole number"):
        CellReader(office.session, form.called("数量")).read("1.5")


@pytest.mark.parametrize(("text", "number", "name", "value"), [
    ("1.23E+05", "123456", "单价", Decimal("123456.00")),
    ("########", "45356", "日期", date(2024, 3, 5)),
    ("12%", "0.1249", "折扣", Decimal("0.12")),
    ("0.5", "0.5", "折扣", Decimal("0.50")),
    ("1,234.57", "1234.567", "重量", Decimal("1234.567")),
])  # fmt: skip
def test_the_number_behind_a_cell_counts_more_than_what_it_shows(office, text, number, name, value):
    assert CellReader(office.session, office.form("订单").called(name)).read(text, Decimal(number)) == value


@pytest.mark.parametrize(("order", "found"), [("dmy", date(2024, 3, 5)), ("mdy", date(2024, 5, 3))])
def test_the_order_of_days_and_months_decides_what_pasted_figures_mean(office, order, found):
    for name, text in (("日期", "{}/{}"), ("日期", "{:02}/{:02}/2024"), ("日期", "{}.{}.2024")):
        this_year = "2024" not in text
        day = CellReader(office.session, office.form("订单").called(name), order=order).read(text.format(5, 3))
        assert day.replace(year=2024) == found if this_year else day == found
    moment = CellReader(office.session, office.form("订单").called("发货时间"), order=order).read("5/3 14:30")
    assert moment.astimezone(local_zone()).replace(year=2024).date() == found
    with pytest.raises(Unfit, match="5 Mar or 3 May"):
        CellReader(office.session, office.form("订单").called("日期")).read("5/3")


def test_a_date_is_no_number_though_spreadsheets_count_its_days(office):
    with pytest.raises(Unfit):
        CellReader(office.session, office.form("订单").called("数量")).read("2024-03-05", Decimal(45356))


def test_a_title_that_several_records_have_names_none_of_them(office: Office) -> None:
    build = an_app("双")
    people = build.form("人")
    build.field(people, "text", "名称")
    cases = build.form("事")
    build.field(cases, "relation", "人", form=people)
    office.session.publish(build.app)
    for _ in range(2):
        office.session.form("人").create({"名称": "王伟"})
    field = field_called(form_called(build.app, "事"), "人")
    with pytest.raises(Unfit, match="王伟"):
        CellReader(office.session, field, ["王伟"]).read("王伟")


def test_many_new_records_go_on_without_the_one_that_was_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_writes, "WHOLE_STEP", 4)
    monkeypatch.setattr(cell_writes, "PART", 2)
    writes = paste(office, lines("一\n二\n三\n四\n福州海峡\n五"), ["名称"], top=2, form="客户")
    commits = []
    for step in writes.steps():
        outcome = office.session.apply(step, "Paste")
        if isinstance(outcome, Rejected):
            assert writes.mark(outcome.problems) == 1
            break
        commits.append(outcome)
    assert len(commits) == 2
    office.session.abandon(commits)
    writes.without_bad()
    assert all(isinstance(office.session.apply(step, "Paste"), Applied) for step in writes.steps())
    names = [record["名称"] for record in office.session.form("客户").records()]
    assert names == ["福州海峡", "厦门港务", "一", "二", "三", "四", "五"]


def test_new_records_are_made_in_the_order_of_the_rows_whatever_cells_are_bad(office):
    rows = [
        f"P{at:03}\t{'abc' if at % 4 == 1 else at}\t{'31.02.2024' if at % 3 == 0 else '2024-05-06'}" for at in range(30)
    ]
    writes = paste(office, lines("\n".join(rows)), ["编号", "数量", "发货时间"], top=3)
    assert len(writes.bad) == 18
    fixed = next(bad for bad in writes.bad if bad.text == "abc")
    writes.correct(fixed, 77)
    writes.without_bad()
    assert [len(change.rows) for step in writes.steps() for change in step] == [30], "all of them in one change"
    before = rows_of(office)
    assert isinstance(apply(office, writes), Applied)
    code = office.form("订单").called("编号").id
    assert [row.values[code] for row in rows_of(office)][3:] == [f"P{at:03}" for at in range(30)]
    office.session.undo()
    assert [row.id for row in rows_of(office)] == [row.id for row in before]


def test_a_cell_that_is_left_out_gets_the_default_of_its_field_and_a_blank_one_does_not(tmp_path):
    build = an_app()
    form = build.form("货")
    build.field(form, "text", "名")
    build.field(form, "integer", "数", default="5")
    build.field(form, "date", "日")
    office = Office(tmp_path, build.app)
    text = "P0\t1\tx\nP1\tabc\t2024-01-02\nP2\t\t\nP3\tabc\tx\nP4\t4\t2024-01-03"
    writes = paste(office, lines(text), ["名", "数", "日"], form="货")
    writes.without_bad()
    assert isinstance(apply(office, writes), Applied)
    fields = [field.id for field in office.form("货").fields]
    assert [[row.values.get(field) for field in fields] for row in rows_of(office, "货")] == [
        ["P0", 1, None],
        ["P1", 5, date(2024, 1, 2)],
        ["P2", None, None],
        ["P3", 5, None],
        ["P4", 4, date(2024, 1, 3)],
    ]
    office.session.close()
