"""A published formula fills the records that are there."""

from __future__ import annotations

from decimal import Decimal

from runtime.definition.edits import AddNode, SetProperty
from runtime.form import field_node
from tests.support.workspaces import Office


def test_a_new_formula_and_all_that_depends_on_it_fill_every_record(office: Office) -> None:
    rows = [
        office.new("订单", {"编号": f"A{at}", "数量": at, "单价": Decimal(10), "折扣": Decimal(0)}) for at in range(5)
    ]
    form = office.form("订单")
    app = AddNode(field_node(form.id, "money", "单件", formula="{双倍}/{数量}")).apply(office.app)
    app = AddNode(field_node(form.id, "money", "双倍", formula="{金额}*2")).apply(app)
    office.session.publish(app)
    office.reopen()
    assert [office.read("订单", row)["双倍"] for row in rows] == [Decimal(at * 20) for at in range(5)]
    first, rest = rows[0], rows[1:]
    unit = office.form("订单").called("单件")
    assert unit is not None
    assert office.row("订单", first).errors == {unit.id: "#DIV/0!"}
    assert [office.read("订单", row)["单件"] for row in rest] == [Decimal(20)] * 4


def test_a_changed_formula_is_computed_again_and_history_says_nothing_of_it(office: Office) -> None:
    row = office.new("订单", {"编号": "A", "数量": 2, "单价": Decimal(10), "折扣": Decimal("0.5")})
    amount = office.form("订单").called("金额")
    assert amount is not None
    seq = office.row("订单", row).seq
    office.session.publish(SetProperty(amount.id, "formula", "{单价}*{数量}").apply(office.app))
    assert office.read("订单", row)["金额"] == Decimal(20)
    assert office.row("订单", row).seq == seq
    record = office.session.form("订单").get(row)
    assert record is not None
    assert [entry.kind.value for entry in office.session.history(record)] == ["new"]
