"""Computed values on the screen follow at once, or say that they are on their way; rows of sub-forms are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from runtime.store import recompute
from runtime.ui.jobs import Jobs
from tests.runtime.ui.record_desk import Desk
from tests.support.apps import shop
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The shop: one customer, six orders of two lines."""
    made = Office(tmp_path, shop())
    session = made.session
    session.form("产品").create({"名称": "笔", "单价": 3})
    session.form("客户").create({"名称": "张伟", "等级": "高"})
    for at in range(6):
        lines = [{"产品": "笔", "数量": at}, {"产品": "笔", "数量": 1}]
        session.form("订单").create({"编号": f"A-{at}", "客户": "张伟", "明细": lines})
    yield made
    made.session.close()


@pytest.fixture
def desk_of(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[Callable[[str], Desk]]:
    """`desk_of(form)`: a page of that form."""
    made: list[Desk] = []

    def make(form: str) -> Desk:
        made.append(Desk(qtbot, office, jobs, form))
        return made[-1]

    yield make
    for desk in made:
        desk.stop()
        desk.window.close()


def price(office: Office, value: int) -> None:
    """Change the price of the pen."""
    products = office.session.form("产品")
    products.update(products.records()[0], {"单价": value})


def test_a_change_in_one_form_repaints_the_others(desk_of: Callable[[str], Desk], office: Office, qtbot: Any) -> None:
    orders, customers = desk_of("订单"), desk_of("客户")
    assert orders.column("金额")[:2] == ["¥3.00", "¥6.00"]
    price(office, 10)
    qtbot.waitUntil(lambda: orders.column("金额")[:2] == ["¥10.00", "¥20.00"])
    qtbot.waitUntil(lambda: customers.column("总额") == ["¥210.00"])


def test_cells_that_wait_say_so_until_they_are_computed(
    desk_of: Callable[[str], Desk], office: Office, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "BORDER", 4)
    office.session.settles = False
    orders = desk_of("订单")
    customers = office.session.form("客户")
    customers.update(customers.records()[0], {"等级": "低"})
    qtbot.waitUntil(lambda: orders.column("等级") == ["updating …"] * 6)
    assert office.session.settle_some() == 4
    qtbot.waitUntil(lambda: orders.column("等级") == ["低"] * 4 + ["updating …"] * 2)
    orders.window.grab()
    orders.at(5, "编号").key(Qt.Key.Key_Space)
    orders.settle()
    assert orders.panel_editor("等级").line.text() == "updating …"
    office.session.settle()
    qtbot.waitUntil(lambda: orders.column("等级") == ["低"] * 6)
    qtbot.waitUntil(lambda: orders.panel_editor("等级").line.text() == "低")


def test_the_rows_of_a_record_stand_beside_it(desk_of: Callable[[str], Desk], office: Office, qtbot: Any) -> None:
    orders = desk_of("订单")
    orders.at(2, "编号").key(Qt.Key.Key_Space)
    orders.settle()
    (below,) = orders.page.panel.related.shown
    assert (below.form.name, below.count, below.filter) == ("明细", 2, None)
    said = [label.text() for label in orders.page.panel.related.findChildren(QLabel)]
    assert "笔  ·  2  ·  ¥3.00  ·  ¥6.00  ·  张伟" in said
    office.session.form("订单").get(orders.row(2).id)["明细"].create({"数量": 9})  # type: ignore[index]
    qtbot.waitUntil(lambda: orders.page.panel.related.shown[0].count == 3)
