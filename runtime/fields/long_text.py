"""Long text: several lines."""

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
    32767,
    minimum=1,
    maximum=1_000_000,
)


@field_types.register
class LongTextField(TextType):
    """Several lines of text, kept as typed."""

    name, label, group, icon = "long_text", T("Long text"), T("Text"), "long_text"
    editor = "paragraph"
    own = (LONGEST,)

    def parse(self, text: str, props: Props) -> Any:
        return text.replace("\r\n", "\n").rstrip() or None
