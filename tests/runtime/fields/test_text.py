"""What is special about the field type text."""

from runtime.fields import field_types

KIND = field_types["text"]


def test_line_breaks_become_spaces() -> None:
    assert KIND.parse("一\n二", KIND.read({})) == "一 二"


def test_too_long_says_how_long() -> None:
    wrong = KIND.check("x" * 11, KIND.read({"max_length": 10}))
    assert str(wrong) == "At most 10 characters; this has 11."
