"""Finding and replacing text in cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.clipboard.mime import cell_text
from runtime.exchange.editing.cell_search import Hits, Search, Wanted, replacing
from runtime.exchange.editing.cell_texts import Unfit
from tests.support.apps import field_called
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    for name, level, note in (("福州海峡", "高", "a.b"), ("Xiamen Port", "中", "a+b"), ("xiamen", "低", "$1")):
        made.new("客户", {"名称": name, "等级": level, "备注": note})
    yield made
    made.session.close()


def placed(office: Office) -> dict[int, Any]:
    form = office.form("客户")
    reader = office.session.reader
    return dict(enumerate(reader.rows(form.id, reader.ids(office.session.query(form.id)))))


def found(office: Office, wanted: Wanted) -> Hits:
    fields = office.form("客户").fields
    search = Search(wanted, fields, cell_text, frozenset({0, 1, 2}))
    search.look(placed(office))
    return search.hits()


@pytest.mark.parametrize(
    ("wanted", "cells"),
    [
        (Wanted("xiamen"), [(1, 0), (2, 0)]),
        (Wanted("xiamen", case=True), [(2, 0)]),
        (Wanted("xiamen", whole=True), [(2, 0)]),
        (Wanted("a.b"), [(0, 2)]),
        (Wanted("a.b", pattern=True), [(0, 2), (1, 2)]),
        (Wanted("^a", pattern=True), [(0, 2), (1, 2)]),
        (Wanted("高"), [(0, 1)]),
        (Wanted("海峡|Port", pattern=True), [(0, 0), (1, 0)]),
        (Wanted("nothing"), []),
        (Wanted(""), []),
    ],
)
def test_what_is_found(office, wanted, cells):
    hits = found(office, wanted)
    assert [hits.cell(at) for at in range(len(hits))] == cells


def test_a_pattern_that_cannot_be_used_says_why_and_finds_nothing(office):
    wanted = Wanted("(a", pattern=True)
    problem = wanted.problem()
    assert problem is not None and "closing bracket" in str(problem.message)
    assert not found(office, wanted)
    assert Wanted("(a").problem() is None
    assert Wanted("x" * 1001).problem() is not None


def test_a_hostile_pattern_takes_no_time(office):
    wanted = Wanted("(a+)+$", pattern=True)
    assert wanted.matcher()("a" * 10_000 + "b") is False


def test_dollar_signs_stand_for_themselves_unless_a_pattern_is_used():
    assert Wanted("$1").replaced("cost $1", "$2") == "cost $2"
    assert Wanted(r"(\d+)-(\d+)", pattern=True).replaced("1-2", "$2-$1") == "2-1"
    with pytest.raises(Unfit):
        Wanted("x", pattern=True).replaced("x", "$7")


def test_replacing_gives_values_and_names_what_is_none(office):
    form = office.form("客户")
    cells = [(0, 0), (1, 0), (2, 0), (1, 1)]
    writes = replacing(office.session, form, form.fields, placed(office), cells, Wanted("xiamen"), "Amoy")
    assert [list(values.values()) for values in writes.changed.values()] == [["Amoy Port"], ["Amoy"]]
    writes = replacing(office.session, form, form.fields, placed(office), [(0, 1)], Wanted("高"), "最高")
    assert [(bad.text, str(bad.reason)) for bad in writes.bad] == [("最高", "“最高” is not one of the options.")]
    assert writes.empty
    writes = replacing(office.session, form, form.fields, placed(office), [(0, 1)], Wanted("高"), "低")
    level = form.called("等级")
    assert [level.format(value) for values in writes.changed.values() for value in values.values()] == ["低"]


def test_relations_and_computed_fields_are_not_replaced(tmp_path):
    office = Office(tmp_path)
    customer = office.new("客户", {"名称": "x"})
    office.new("订单", {"编号": "x", "客户": customer})
    form = office.form("订单")
    reader = office.session.reader
    rows = dict(enumerate(reader.rows(form.id, reader.ids(office.session.query(form.id)))))
    cells = [(0, at) for at in range(len(form.fields))]
    writes = replacing(office.session, form, form.fields, rows, cells, Wanted("x"), "y")
    assert [list(values) for values in writes.changed.values()] == [[field_called(form, "编号").id]]
    office.session.close()
