"""What a workspace must hold after each operation of a made-up working day, worked out without the store.

The n-th operation follows from the seed, n and what is there, so the process that works and the one that checks agree
without talking. An operation is one ChangeSet: after a kill the workspace holds all of it or nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from runtime.changes import AnyChange, BulkChange, Change, ChangeKind
from runtime.form import Form
from runtime.session import Session
from runtime.store.query import Query
from runtime.store.records import Applied
from tests.support.apps import field_called

FORM = "订单"
PASTED = 20


@dataclass(frozen=True, slots=True)
class Order:
    """A record as the model knows it; its amount follows."""

    key: str
    quantity: int
    price: Decimal
    binned: bool = False

    @property
    def seen(self) -> tuple[int, Decimal, Decimal, bool]:
        """Quantity, price, computed amount, in the bin."""
        return self.quantity, self.price, (self.quantity * self.price).quantize(Decimal("0.01")), self.binned

    @property
    def id(self) -> UUID:
        """The id of the record."""
        return uuid5(NAMESPACE_OID, self.key)


State = dict[str, tuple[int, Decimal, Decimal, bool]]


@dataclass
class Model:
    """The records after some operations.

    Attributes:
        seed: of the day.
        done: how many operations.
        orders: by key.
    """

    seed: int
    done: int = 0
    orders: dict[str, Order] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """What a reader must see."""
        return {key: order.seen for key, order in self.orders.items()}

    def next(self) -> Step:
        """The operation that comes now."""
        chance = random.Random(f"{self.seed}:{self.done}")
        living = [order for order in self.orders.values() if not order.binned]
        kinds = (
            ["new", "paste"] if len(living) < 10 else ["new", "new", "set", "set", "paste", "fill", "bin", "restore"]
        )
        kind = chance.choice(kinds)
        if kind in ("new", "paste"):
            keys = [f"{self.done}.{at}" for at in range(PASTED if kind == "paste" else 1)]
            return Step(
                kind, [Order(key, chance.randrange(100), Decimal(chance.randrange(9999)) / 100) for key in keys]
            )
        binned = [order for order in self.orders.values() if order.binned]
        if kind == "restore" and binned:
            return Step(kind, [replace(order, binned=False) for order in chance.sample(binned, 1)])
        if kind in ("bin", "restore"):
            return Step("bin", [replace(order, binned=True) for order in chance.sample(living, 3)])
        some = chance.sample(living, 1 if kind == "set" else 8)
        return Step(kind, [replace(order, quantity=chance.randrange(100)) for order in some])

    def take(self, step: Step) -> None:
        """The operation is done."""
        self.orders.update({order.key: order for order in step.orders})
        self.done += 1

    def go_on(self) -> None:
        """One more operation is done."""
        self.take(self.next())


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: what happens, and the records as they are after it."""

    kind: str
    orders: Sequence[Order]

    def changes(self, form: Form) -> tuple[AnyChange, ...]:
        """The operation for the door."""
        ids = [order.id for order in self.orders]
        fields = {name: field_called(form, name).id for name in ("编号", "数量", "单价")}
        quantity = [order.quantity for order in self.orders]
        if self.kind in ("bin", "restore"):
            return (BulkChange(ChangeKind.DEL if self.kind == "bin" else ChangeKind.RESTORE, form.id, ids),)
        if self.kind in ("set", "fill"):
            return (BulkChange(ChangeKind.SET, form.id, ids, {fields["数量"]: quantity}),)
        values: dict[str, list[Any]] = {
            fields["编号"]: [order.key for order in self.orders],
            fields["数量"]: quantity,
            fields["单价"]: [order.price for order in self.orders],
        }
        if self.kind == "new":
            return (Change(ChangeKind.NEW, form.id, ids[0], {key: column[0] for key, column in values.items()}),)
        return (BulkChange(ChangeKind.NEW, form.id, ids, values),)


def the_form(session: Session) -> Form:
    """The form of the day's work."""
    return session.find_form(FORM)


def perform(session: Session, step: Step) -> None:
    """Do the operation through the door."""
    outcome = session.save(step.changes(the_form(session)), step.kind)
    assert isinstance(outcome, Applied), outcome


def seen(session: Session) -> State:
    """What a reader sees."""
    form = the_form(session)
    key, quantity, price, amount = (field_called(form, name).id for name in ("编号", "数量", "单价", "金额"))
    found: State = {}
    for binned in (False, True):
        numbers = session.reader.ids(Query(form.id, deleted=binned))
        for row in session.reader.rows(form.id, numbers):
            values = row.values
            found[values[key]] = (values[quantity], values[price], values[amount], row.deleted)
    return found
