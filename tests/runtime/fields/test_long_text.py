"""What is special about the field type long_text."""

from runtime.fields import field_types

KIND = field_types["long_text"]


def test_windows_line_ends_become_plain_ones() -> None:
    assert KIND.parse("一\r\n二  ", KIND.read({})) == "一\n二"
