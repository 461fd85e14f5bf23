"""Sub-forms, relations and fields that leave an app and come back: as if they had been there all the time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.changes import AnyChange, BulkChange, Change, ChangeKind, ChangeSet, DefinitionChange
from runtime.checks import problems_of
from runtime.definition import codec
from runtime.definition.edits import RemoveNode
from runtime.definition.node import App
from runtime.errors import Refused
from runtime.form import lookup
from runtime.session import Session
from runtime.store import apps, recompute
from runtime.store.history import of_record
from runtime.store.recompute import Recomputation
from runtime.store.records import Applied
from runtime.store.rows import Row
from runtime.store.versions import RETIRED
from tests.runtime.store.test_computing_anything import BELOW, FORMS, Machine, Rows, World
from tests.support.apps import field_called, form_called, shop
from tests.support.workspaces import Office


def without(app: App, *nodes: str) -> App:
    """The app without these parts, and without the formulas that need them."""
    for node in nodes:
        app = RemoveNode(node).apply(app)
    while problems := [problem for problem in problems_of(app, lookup([app])) if problem.stops]:
        for where in {problem.where for problem in problems}:
            app = RemoveNode(where).apply(app)
    return app


class Shop:
    """The shop with an order of three lines, and its sub-form that goes and comes."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder, shop())
        self.session = self.office.session
        self.whole = self.office.app
        self.lines_id = self.office.form("订单").subforms[0].id
        self.customer = self.session.form("客户").create({"名称": "张伟"})
        self.products = self.session.form("产品")
        self.pen = self.products.create({"名称": "笔", "单价": 3})
        self.book = self.products.create({"名称": "书", "单价": 20})
        given = [{"产品": "笔", "数量": 4}, {"产品": "书", "数量": 2}, {"产品": "书", "数量": 1}]
        self.orders = self.session.form("订单")
        self.order = self.orders.create({"编号": "A1", "客户": self.customer, "明细": given})
        self.lines = [row.id for row in self.order["明细"]]

    def leave(self, *nodes: str) -> None:
        """The sub-form, or other parts, are no longer in the app."""
        self.session.publish(without(self.office.app, *(nodes or (self.lines_id,))))

    def leave_by_another_hand(self) -> None:
        """Somebody else publishes the app without the sub-form: what is undone next is what was done before."""
        app = without(self.office.app, self.lines_id)
        change = DefinitionChange(app.id, app.version, codec.encode(app))
        assert isinstance(self.session._workspace.records.apply(ChangeSet((change,))), Applied)

    def come_back(self) -> None:
        """Everything is in the app again."""
        self.session.publish(replace(self.whole, version=self.office.app.version))

    def bin(self, form: str, *rows: UUID) -> None:
        """Put records into the bin."""
        assert isinstance(self.session.save([BulkChange(ChangeKind.DEL, form, rows)], "Delete"), Applied)

    def restore(self, form: str, *rows: UUID) -> None:
        """Take records out of the bin."""
        assert isinstance(self.session.save([BulkChange(ChangeKind.RESTORE, form, rows)], "Restore"), Applied)

    def binned(self) -> list[bool]:
        """Which lines are in the bin."""
        rows = {row.id: row for row in self.session.reader.by_id(self.lines_id, self.lines)}
        return [rows[each].deleted for each in self.lines]

    def now(self) -> tuple[list[tuple[Any, Any]], Any, Any]:
        """(subtotal and customer of every living line, amount of the order, total of the customer)."""
        order, customer = self.orders.get(self.order), self.session.form("客户").get(self.customer)
        assert order is not None and customer is not None
        return [(line["小计"], line["客户"]) for line in order["明细"]], order["金额"], customer["总额"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    assert made.session.damage() == []
    made.session.close()


ALL = ([(Decimal(12), "张伟"), (Decimal(40), "张伟"), (Decimal(20), "张伟")], Decimal(72), Decimal(72))


def test_rows_go_to_the_bin_with_a_record_that_went_while_their_sub_form_was_away(store: Shop) -> None:
    store.leave()
    store.bin(store.orders.id, store.order.id)
    store.come_back()
    assert store.binned() == [True, True, True]
    assert store.session.form(store.lines_id).count() == 0
    store.restore(store.orders.id, store.order.id)
    assert store.binned() == [False, False, False]
    assert store.now() == ALL


def test_rows_come_out_of_the_bin_with_a_record_that_came_while_their_sub_form_was_away(store: Shop) -> None:
    store.bin(store.orders.id, store.order.id)
    store.leave()
    store.restore(store.orders.id, store.order.id)
    store.come_back()
    assert store.binned() == [False, False, False]
    assert store.now() == ALL


def test_a_row_that_was_put_into_the_bin_by_hand_stays_there(store: Shop) -> None:
    store.bin(store.lines_id, store.lines[0])
    store.bin(store.orders.id, store.order.id)
    store.leave()
    store.restore(store.orders.id, store.order.id)
    store.come_back()
    assert store.binned() == [True, False, False]
    assert store.now() == (ALL[0][1:], Decimal(60), Decimal(60))
    store.leave()
    store.bin(store.orders.id, store.order.id)
    store.come_back()
    store.restore(store.orders.id, store.order.id)
    assert store.binned() == [True, False, False]


def test_a_record_that_came_and_went_again_brings_its_rows_back_the_next_time(store: Shop) -> None:
    store.bin(store.orders.id, store.order.id)
    store.leave()
    store.restore(store.orders.id, store.order.id)
    store.bin(store.orders.id, store.order.id)
    store.come_back()
    assert store.binned() == [True, True, True]
    store.leave()
    store.restore(store.orders.id, store.order.id)
    store.come_back()
    assert store.now() == ALL


def test_a_row_that_went_by_hand_in_the_commit_that_had_restored_its_record_stays_there(store: Shop) -> None:
    away, back = (Change(kind, store.orders.id, store.order.id) for kind in (ChangeKind.DEL, ChangeKind.RESTORE))
    row = Change(ChangeKind.DEL, store.lines_id, store.lines[0])
    assert isinstance(store.session.save([away, back, row], "Both"), Applied)
    assert store.binned() == [True, False, False]
    store.leave()
    store.come_back()
    assert store.binned() == [True, False, False]


def test_values_looked_up_are_those_of_today_when_a_sub_form_comes_back(store: Shop) -> None:
    store.leave()
    store.products.update(store.pen, {"单价": 5})
    store.session.form("客户").update(store.customer, {"名称": "张三"})
    store.bin(store.products.id, store.book.id)
    store.come_back()
    assert store.now() == (
        [(Decimal(20), "张三"), (Decimal(0), "张三"), (Decimal(0), "张三")],
        Decimal(20),
        Decimal(20),
    )
    store.restore(store.products.id, store.book.id)
    assert store.now() == ([(Decimal(n), "张三") for n in (20, 40, 20)], Decimal(80), Decimal(80))


def test_the_queue_takes_what_are_too_many_and_nothing_is_forgotten(store: Shop) -> None:
    store.leave()
    store.bin(store.orders.id, store.order.id)
    store.products.update(store.pen, {"单价": 5})
    with patch.object(recompute, "BORDER", 1):
        store.come_back()
        store.restore(store.orders.id, store.order.id)
    assert store.now() == ([(Decimal(n), "张伟") for n in (20, 40, 20)], Decimal(80), Decimal(80))


def test_what_moved_a_row_that_was_away_stands_in_its_history(store: Shop) -> None:
    store.leave()
    store.bin(store.orders.id, store.order.id)
    store.come_back()
    lines = store.office.form("订单").subforms[0]
    database = store.session._workspace.database
    of_line = of_record(database, lines, store.lines[0])
    of_order = of_record(database, store.office.form("订单"), store.order.id)
    assert (of_line[0].seq, of_line[0].kind) == (of_order[0].seq, ChangeKind.DEL)


def test_the_deletion_of_a_record_can_be_undone_while_its_sub_form_is_away(store: Shop) -> None:
    store.orders.delete(store.order)
    store.leave_by_another_hand()
    assert store.session.undo()
    store.come_back()
    assert store.now() == ALL


def test_the_making_of_a_record_can_be_undone_and_done_again_while_its_sub_form_is_away(store: Shop) -> None:
    store.leave_by_another_hand()
    assert store.session.undo()
    assert store.session.form("订单").count() == 0
    assert store.session.redo()
    store.session.undo()
    store.come_back()
    assert store.binned() == [True, True, True]
    store.restore(store.orders.id, store.order.id)
    assert store.now() == ALL


def test_a_row_that_was_put_into_the_bin_cannot_be_taken_back_while_its_sub_form_is_away(store: Shop) -> None:
    store.bin(store.lines_id, store.lines[0])
    store.leave_by_another_hand()
    with pytest.raises(Refused):
        store.session.undo()
    store.come_back()
    assert store.binned() == [True, False, False]


def test_a_relation_comes_back_with_what_its_records_are_by_now(store: Shop) -> None:
    relation = field_called(form_called(store.whole, "订单"), "客户").id
    store.leave(relation)
    store.session.form("客户").update(store.customer, {"名称": "张三"})
    store.come_back()
    assert store.now() == ([(n, "张三") for n, _ in ALL[0]], Decimal(72), Decimal(72))
    store.leave(relation)
    store.session.form("客户").delete(store.customer)
    store.come_back()
    order = store.orders.get(store.order)
    assert order is not None and [line["客户"] for line in order["明细"]] == [None] * 3


def test_an_app_that_was_taken_away_comes_back_whole(store: Shop) -> None:
    store.bin(store.lines_id, store.lines[0])
    app = store.office.app
    assert isinstance(store.session.apply([DefinitionChange(app.id, app.version, RETIRED)], "Retire"), Applied)
    lean = replace(without(app, store.lines_id), version=app.version + 1)
    store.session.publish(lean)
    store.bin(store.orders.id, store.order.id)
    store.come_back()
    assert store.binned() == [True, True, True]
    store.restore(store.orders.id, store.order.id)
    assert store.now() == (ALL[0][1:], Decimal(60), Decimal(60))


class Twins(Machine):
    """Two offices with one random app and the same changes; parts of the app leave the first one and come back."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder / "one", seed)
        self.whole = self.office.app
        self.other = Office(folder / "other", self.whole_at(0))

    def whole_at(self, version: int) -> App:
        """The whole app, to be published over this version."""
        return replace(self.whole, version=version)

    @property
    def session(self) -> Session:
        """Of the office whose app changes."""
        return self.office.session

    def leave(self) -> None:
        """The sub-form, or other parts, go."""
        typed = [self.ids[form, name] for form in FORMS for name in ("数", *FORMS[:3])]
        gone = [self.forms[BELOW]] if self.random.random() < 0.6 else self.random.sample(typed, 2)
        self.session.publish(without(self.office.app, *gone))

    def come_back(self) -> None:
        """Everything is there again."""
        self.session.publish(self.whole_at(self.office.app.version))

    def all(self, deleted: bool = False) -> Rows:
        return self._rows_of(self.session, deleted)

    def _rows_of(self, session: Session, deleted: bool) -> Rows:
        found: Rows = {name: {} for name in FORMS}
        for name in (each for each in FORMS if self.forms[each] in {form.id for form in self._published(session)}):
            query = session.query(self.forms[name], deleted=deleted)
            rows = session.reader.rows(self.forms[name], session.reader.ids(query))
            found[name] = {row.id: row for row in rows}
        return found

    @staticmethod
    def _published(session: Session) -> list[Any]:
        return list(session._workspace.apps.now.forms.values())

    def change(self) -> list[AnyChange]:
        """Something that can be done with what is there."""
        there = {form.id: form.by_id for form in self._published(self.session)}
        changes: list[AnyChange] = []
        for each in super().change():
            assert isinstance(each, Change | BulkChange)
            if isinstance(each, Change):
                each = replace(each, values={k: v for k, v in each.values.items() if k in there.get(each.form, ())})
            if each.form in there:
                changes.append(each)
        return changes

    def save(self) -> None:
        """The same change in both offices."""
        changes = self.change()
        for session in (self.session, self.other.session):
            outcome = session.save(changes, "Anything")
            assert isinstance(outcome, Applied), (outcome, changes)

    def assert_alike(self) -> None:
        """Every row is where it is in the office that nothing ever left, and has the values it has there."""
        for deleted in (False, True):
            here, there = self._rows_of(self.session, deleted), self._rows_of(self.other.session, deleted)
            for name in FORMS:
                assert here[name].keys() == there[name].keys(), (name, deleted, self.design.texts)
                for row in here[name].values() if not deleted else ():
                    assert dict(row.values) == dict(there[name][row.id].values), (name, self.design.texts)
        self.assert_right()

    def assert_right_so_far(self) -> None:
        """The formulas that are there now are right."""
        rows, now = self.all(), self._published(self.session)
        world = World(rows, self.ids, self.design.formulas)
        there = {field.id for form in now for field in form.fields}
        for name in FORMS:
            for computed in (each for each in self.design.formulas[name] if self.ids[name, each] in there):
                for row in rows[name].values():
                    self._assert_cell(world, name, row, computed)

    def _assert_cell(self, world: World, name: str, row: Row, computed: str) -> None:
        stored, expected = row.values.get(self.ids[name, computed]), world.number(name, row, computed)
        assert stored is not None and expected is not None
        assert abs(stored - expected) < Decimal("0.00001"), (name, computed, self.design.texts)


def parts_come_and_go(seed: int) -> None:
    """Change records and the app at random; whenever it is whole, everything is as if it had always been."""
    with tempfile.TemporaryDirectory() as folder:
        twins = Twins(Path(folder), seed)
        try:
            for _ in range(5):
                twins.save()
            for _ in range(2):
                twins.leave()
                for _ in range(3):
                    twins.save()
                    twins.assert_right_so_far()
                twins.come_back()
                twins.assert_alike()
                for _ in range(2):
                    twins.save()
                    twins.assert_alike()
            assert twins.session.damage() == []
        finally:
            twins.session.close()
            twins.other.session.close()


def parts_of_many_apps_come_and_go() -> None:
    """Change several random apps."""
    for seed in range(30):
        parts_come_and_go(seed)


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_what_left_and_came_back_is_as_if_it_had_been_there_all_the_time(seed: int) -> None:
    with patch.object(recompute, "BORDER", (1, 3, 5_000)[seed % 3]):
        parts_come_and_go(seed)


@pytest.mark.one_engine
def test_a_store_that_leaves_rows_where_they_were_is_caught() -> None:
    with patch.object(apps, "follow_records", lambda *_: None), pytest.raises(AssertionError):
        parts_of_many_apps_come_and_go()


@pytest.mark.one_engine
def test_a_store_that_forgets_the_formulas_that_came_back_is_caught() -> None:
    with patch.object(Recomputation, "mark_all", lambda *_: None), pytest.raises(AssertionError):
        parts_of_many_apps_come_and_go()
