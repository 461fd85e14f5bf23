"""What is special about the field type integer."""

import pytest

from runtime.fields import Unreadable, field_types

KIND = field_types["integer"]


@pytest.mark.parametrize(
    ("text", "value"), [("1,234", 1234), ("１２３４", 1234), ("3万", 30000), ("-7", -7), ("1.0", 1)]
)
def test_it_reads_what_people_write(text: str, value: int) -> None:
    assert KIND.parse(text, KIND.read({})) == value


@pytest.mark.parametrize("text", ["1.5", "abc", "1e5", "99999999999999999999", "--1", "1.2.3"])
def test_it_refuses_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(Unreadable):
        KIND.parse(text, KIND.read({}))


def test_bounds_are_included() -> None:
    props = KIND.read({"minimum": 0, "maximum": 5})
    assert KIND.check(0, props) is None
    assert KIND.check(5, props) is None
    assert str(KIND.check(6, props)) == "At most 5."
    assert str(KIND.check(-1, props)) == "At least 0."


def test_yes_is_not_a_number() -> None:
    assert KIND.check(True, KIND.read({})) is not None
