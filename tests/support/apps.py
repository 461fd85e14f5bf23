"""Sample apps: customers and their orders, with every field type that has a formula or a relation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.definition.edits import AddNode
from runtime.definition.ids import OPTION, new_id
from runtime.definition.node import App
from runtime.form import Field, Form, field_node, form_node, form_of, new_app, subform_node

LEVELS = ("高", "中", "低")


@dataclass
class Builder:
    """Builds an app node by node."""

    app: App

    def form(self, name: str, /, **props: Any) -> str:
        """Add a form; its id."""
        node = form_node(self.app.id, name, **props)
        self.app = AddNode(node).apply(self.app)
        return node.id

    def subform(self, form: str, name: str, /, **props: Any) -> str:
        """Add a sub-form to a form; its id."""
        node = subform_node(form, name, **props)
        self.app = AddNode(node).apply(self.app)
        return node.id

    def field(self, form: str, type_name: str, name: str, /, **props: Any) -> str:
        """Add a field; its id."""
        node = field_node(form, type_name, name, **props)
        self.app = AddNode(node).apply(self.app)
        return node.id


def an_app(name: str = "销售") -> Builder:
    """A builder of an app without forms."""
    return Builder(new_app(name))


def options(*labels: str) -> list[dict[str, Any]]:
    """Options of a choice, as JSON."""
    return [{"id": new_id(OPTION), "label": label, "color": at % 8} for at, label in enumerate(labels)]


def customers_and_orders() -> App:
    """Two forms: 客户 (text, choice, computed total) and 订单 (relation, numbers, dates, a computed amount)."""
    build = an_app()
    customers = build.form("客户")
    build.field(customers, "text", "名称", required=True, unique=True)
    build.field(customers, "choice", "等级", options=options(*LEVELS))
    build.field(customers, "long_text", "备注")
    build.field(customers, "boolean", "重点")
    orders = build.form("订单")
    build.field(orders, "text", "编号", required=True)
    build.field(orders, "relation", "客户", form=customers)
    build.field(orders, "integer", "数量", minimum=0)
    build.field(orders, "money", "单价")
    build.field(orders, "percent", "折扣")
    build.field(orders, "money", "金额", formula="{单价}*{数量}*(1-{折扣})")
    build.field(orders, "date", "日期", default="TODAY()")
    build.field(orders, "date_time", "发货时间")
    build.field(orders, "decimal", "重量", decimals=3, check="{重量}>=0", check_message="重量不能为负。")
    return build.app


def shop() -> App:
    """客户, 产品 and 订单 with the sub-form 明细: prices looked up, line totals, totals of orders and of customers."""
    build = an_app("商店")
    customers = build.form("客户")
    build.field(customers, "text", "名称", required=True)
    build.field(customers, "choice", "等级", options=options(*LEVELS))
    build.field(customers, "money", "总额", formula="SUM({订单}.{金额})")
    build.field(customers, "integer", "订单数", formula="COUNTA({订单})")
    products = build.form("产品")
    build.field(products, "text", "名称")
    build.field(products, "money", "单价")
    orders = build.form("订单")
    build.field(orders, "text", "编号")
    build.field(orders, "relation", "客户", form=customers, reverse="订单")
    build.field(orders, "text", "等级", formula="{客户}.{等级}")
    lines = build.subform(orders, "明细")
    build.field(lines, "relation", "产品", form=products)
    build.field(lines, "integer", "数量")
    build.field(lines, "money", "单价", formula="{产品}.{单价}")
    build.field(lines, "money", "小计", formula="{单价}*{数量}")
    build.field(lines, "text", "客户", formula='{main.客户}&""')
    build.field(orders, "money", "金额", formula="SUM({明细}.{小计})")
    return build.app


def form_called(app: App, name: str) -> Form:
    """The form of that name."""
    return next(form for node in app.of_kind("form") if (form := form_of(app, node.id)).name == name)


def field_called(form: Form, name: str) -> Field:
    """The field of that name."""
    found = form.called(name)
    assert found is not None, name
    return found
