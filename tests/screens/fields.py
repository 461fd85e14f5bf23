"""A form with a field of every type, for pictures and for tests of editors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from runtime.form import Field, field_node, form_node, form_of, new_app

OPTIONS: list[dict[str, Any]] = [
    {"id": "o1", "label": "高价值客户", "color": 0},
    {"id": "o2", "label": "潜力客户", "color": 1},
    {"id": "o3", "label": "Dormant", "color": 2},
    {"id": "o4", "label": "At risk", "color": 3},
    {"id": "o5", "label": "合作伙伴", "color": 4},
    {"id": "o6", "label": "New lead", "color": 5},
    {"id": "o7", "label": "VIP", "color": 6},
    {"id": "o8", "label": "其他", "color": 7},
    {"id": "o9", "label": "Old name", "color": 7, "retired": True},
]

PEOPLE = {
    UUID(int=1): "张伟",
    UUID(int=2): "王芳",
    UUID(int=3): "Ana Kovač",
    UUID(int=4): "李娜",
}

TYPES: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("客户名称 Customer", {"required": True, "help": "As it stands on the invoice."}),
    "long_text": ("备注 Notes", {}),
    "integer": ("Orders", {"minimum": 0}),
    "decimal": ("Weight", {"decimals": 3}),
    "money": ("累计金额 Total", {"help": "Before tax."}),
    "percent": ("Discount", {"decimals": 1}),
    "date": ("最近消费日 Last order", {}),
    "date_time": ("Next visit", {}),
    "boolean": ("Newsletter", {}),
    "choice": ("客户等级 Level", {"options": OPTIONS}),
    "relation": ("Owner", {"form": "fpeople"}),
    "email": ("邮箱 E-mail", {}),
    "phone": ("电话 Phone", {}),
    "choices": ("标签 Tags", {"options": OPTIONS}),
    "url": ("网站 Website", {}),
}


def fields(**more: dict[str, Any]) -> dict[str, Field]:
    """A field of each type, by the name of the type; `more` adds properties to one."""
    app = new_app("Sales")
    form = form_node(app.id, "Customers")
    nodes = {form.id: form}
    by_id = {}
    for at, (name, (label, props)) in enumerate(TYPES.items()):
        node = field_node(form.id, name, label, f"a{at:02}", **{**props, **more.get(name, {})})
        nodes[node.id] = node
        by_id[node.id] = name
    made = form_of(app.replacing(nodes), form.id)
    return {by_id[field.id]: field for field in made.fields}


class People:
    """Finds the people above; a `RecordLookup`."""

    def search(self, form: str, text: str, limit: int) -> list[tuple[UUID, str]]:
        """Those whose name holds `text`."""
        return [(key, name) for key, name in PEOPLE.items() if text.casefold() in name.casefold()][:limit]

    def title(self, form: str, record: UUID) -> str:
        """The name."""
        return PEOPLE.get(record, "")
