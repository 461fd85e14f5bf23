"""Boolean: yes or no."""

from collections.abc import Callable, Sequence
from typing import Any

from resources.texts import T, _
from runtime.definition.kind import Props
from runtime.errors import Sentence
from runtime.fields import FieldType, Unreadable, all_of, field_types

WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1", "on", "是", "有", "对", "真", "√", "✓", "✔"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off", "否", "无", "错", "假", "×", "✗", "✘"), False),
}
"""What people write for yes and no, in any language that Formwork speaks."""


@field_types.register
class BooleanField(FieldType):
    """Yes or no."""

    name, label, group, icon = "boolean", T("Yes / no"), T("Choices"), "boolean"
    editor, column, value_type = "switch", "integer", "bool"

    def check(self, value: Any, props: Props) -> Sentence | None:
        return None if isinstance(value, bool) else T("Expected yes or no.")

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        return all_of(values, bool)

    def parse(self, text: str, props: Props) -> Any:
        word = text.strip().casefold()
        if not word:
            return None
        if word not in WORDS:
            raise Unreadable("not_boolean", T("“{text}” is neither yes nor no.", text=text.strip()))
        return WORDS[word]

    def format(self, value: Any, props: Props) -> str:
        return _("Yes") if value else _("No")

    def to_column(self, value: Any, props: Props) -> Any:
        return int(value)

    def from_column(self, raw: Any, props: Props) -> Any:
        return bool(raw)

    def reading(self, props: Props) -> Callable[[Any], Any]:
        return bool

    def from_formula(self, value: Any, props: Props) -> Any:
        if not isinstance(value, bool):
            raise Unreadable("not_boolean", T("The formula gives neither yes nor no."))
        return value
