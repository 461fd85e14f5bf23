"""Types of values."""

from __future__ import annotations

from runtime.value.types import ANY, BLANK, CHOICE, DATE, DATETIME, DURATION, NUMBER, TEXT, TIME, common_type, list_of


def test_the_common_type_holds_all() -> None:
    assert common_type(NUMBER, NUMBER) == NUMBER
    assert common_type(NUMBER, BLANK) == NUMBER
    assert common_type(CHOICE, TEXT) == TEXT
    assert common_type(DATE, DATETIME) == DATETIME
    assert common_type(TIME, DURATION) == DURATION
    assert common_type(list_of(NUMBER), list_of(NUMBER), BLANK) == list_of(NUMBER)
    assert common_type(list_of(NUMBER), list_of(TEXT)) == list_of(ANY)
    assert common_type(list_of(NUMBER), NUMBER) == ANY
    assert common_type(NUMBER, TEXT) == ANY
    assert common_type(BLANK) == BLANK


def test_types_say_what_they_are() -> None:
    assert str(NUMBER.label) == "number"
    assert str(list_of(NUMBER).label) == "list of number"
    assert str(list_of(NUMBER)) == "list<number>"
    assert list_of(TEXT).is_list
    assert not TEXT.is_list
