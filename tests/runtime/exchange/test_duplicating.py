"""Copies of records: what a person may not read or write is not copied, and no row of a sub-form is left half empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.exchange.editing.duplicating import Copies, copies_of
from runtime.form import Form
from runtime.permission.scope import Scope
from runtime.session import Session
from runtime.store.records import Applied, Rejected
from tests.support.apps import an_app
from tests.support.workspaces import Office


def bills(folder: Path, **code: Any) -> tuple[Office, UUID]:
    """A bill with two lines; the props are those of the code of a line."""
    build = an_app()
    customers = build.form("客户")
    build.field(customers, "text", "名称")
    form = build.form("账单")
    build.field(form, "text", "名称")
    build.field(form, "text", "底价")
    build.field(form, "relation", "客户", form=customers)
    lines = build.subform(form, "明细")
    build.field(lines, "text", "品名")
    build.field(lines, "text", "条码", **code)
    office = Office(folder, build.app)
    customer = office.new("客户", {"名称": "福州海峡"})
    bill = office.new("账单", {"名称": "账", "底价": "9", "客户": customer})
    below = office.form("账单").subforms[0]
    for at in range(2):
        values = {each.id: f"{each.name}{at}" for each in below.fields}
        office.session.save([Change(ChangeKind.NEW, below.id, new_uuid(), values, bill)], "line")
    return office, bill


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office, _bill = bills(tmp_path)
    yield office
    office.session.close()


def without(form: Form, name: str) -> frozenset[str]:
    return frozenset(each.id for each in form.fields if each.name != name)


def duplicated(office: Office, scope: Scope) -> Copies:
    """The first bill is duplicated by a person of this scope."""
    session, form = Session(office.session._workspace, scope=scope), office.form("账单")
    found = session.reader.rows(form.id, session.reader.ids(session.query(form.id))[:1], scope)
    copies = copies_of(session, form, found)
    for step in copies.steps():
        assert isinstance(session.save(step, "duplicate"), Applied)
    return copies


def last(office: Office) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The newest bill and its lines, by the names of their fields; blanks are left out."""
    form, reader = office.form("账单"), office.session.reader
    (row,) = reader.rows(form.id, reader.ids(office.session.query(form.id))[-1:])
    below = form.subforms[0]
    lines = [{each.name: line.values[each.id] for each in below.fields if each.id in line.values}
             for line in reader.below(below.id, row.id)]  # fmt: skip
    return office.read("账单", row.id), lines


@pytest.mark.parametrize("right", ["readable", "writable"])
def test_what_a_person_may_not_read_or_write_is_not_in_the_copy(office: Office, right: str) -> None:
    form = office.form("账单")
    below = form.subforms[0]
    fields = ((form.id, without(form, "底价")), (below.id, without(below, "条码")))
    duplicated(office, Scope(readable=fields) if right == "readable" else Scope(writable=fields))
    copy, lines = last(office)
    assert copy.keys() == {"名称", "客户"}
    assert lines == [{"品名": "品名0"}, {"品名": "品名1"}]


def test_rows_of_which_nothing_may_be_written_are_not_there_as_blank_ones(office: Office) -> None:
    below = office.form("账单").subforms[0]
    for scope in (Scope(writable=((below.id, frozenset()),)), Scope(masked=frozenset({below.id}))):
        duplicated(office, scope)
        assert last(office)[1] == []


def test_rows_that_need_a_code_of_their_own_are_left_out_and_that_is_said_first(tmp_path: Path) -> None:
    office, _bill = bills(tmp_path, unique=True, required=True)
    copies = duplicated(office, Scope())
    assert copies.asks and [str(each) for each in copies.notes] == [
        "The rows of “明细” are not copied: “条码” cannot be."
    ]
    assert last(office)[1] == []
    office.session.close()


def test_refused_with_a_target_in_the_bin_it_goes_on_without_that_and_with_the_rows(tmp_path: Path) -> None:
    office, bill = bills(tmp_path)
    session, form = office.session, office.form("账单")
    customer = office.read("账单", bill)["客户"]
    office.delete("客户", customer)
    copies = copies_of(session, form, session.reader.by_id(form.id, [bill]))
    (step,) = copies.steps()
    refused = session.save(step, "duplicate")
    assert isinstance(refused, Rejected) and copies.mark(refused.problems) == 1
    assert [bad.text for bad in copies.bad] == ["福州海峡"]
    copies.without_bad()
    (step,) = copies.steps()
    assert isinstance(session.save(step, "duplicate"), Applied)
    copy, lines = last(office)
    assert copy.keys() == {"名称", "底价"} and len(lines) == 2
    session.close()
