"""What is special about the field type boolean."""

import pytest

from runtime.fields import Unreadable, field_types

KIND = field_types["boolean"]


@pytest.mark.parametrize("text", ["TRUE", "是", "√", "Y", "1", "Yes"])
def test_yes_in_every_word(text: str) -> None:
    assert KIND.parse(text, KIND.read({})) is True


@pytest.mark.parametrize("text", ["FALSE", "否", "×", "n", "0", "No"])
def test_no_in_every_word(text: str) -> None:
    assert KIND.parse(text, KIND.read({})) is False


def test_maybe_is_neither() -> None:
    with pytest.raises(Unreadable):
        KIND.parse("maybe", KIND.read({}))
