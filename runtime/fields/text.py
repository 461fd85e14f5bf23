"""Text: one line."""

from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.definition.property import Property
from runtime.fields import TextType, field_types

LONGEST = Property(
    "max_length",
    "integer",
    T("Longest"),
    T("Most characters."),
    500,
    minimum=1,
    maximum=32767,
)


@field_types.register
class TextField(TextType):
    """One line of text; line breaks become spaces."""

    name, label, group, icon = "text", T("Text"), T("Text"), "text"
    editor = "line"
    own = (LONGEST,)

    def parse(self, text: str, props: Props) -> Any:
        return " ".join(text.splitlines()).strip() or None
