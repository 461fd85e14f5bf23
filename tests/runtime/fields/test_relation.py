"""What is special about the field type relation."""

from uuid import UUID

import pytest

from runtime.fields import Unreadable, field_types

KIND = field_types["relation"]


def test_the_column_keeps_sixteen_bytes() -> None:
    value = UUID("01890000-0000-7000-8000-000000000001")
    assert KIND.to_column(value, None) == value.bytes


def test_text_that_is_no_id_is_refused_with_the_text() -> None:
    with pytest.raises(Unreadable) as wrong:
        KIND.parse("张伟", KIND.read({}))
    assert "张伟" in str(wrong.value.message)
