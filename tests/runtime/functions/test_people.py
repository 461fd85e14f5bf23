"""People."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tests.runtime.expression.sample import SITUATION, result


def test_the_current_user_is_a_record_to_compare_with() -> None:
    asking = replace(SITUATION, user=UUID(int=7))
    assert result("CURRENTUSER()={客户}", asking, c_customer=UUID(int=7)) is True
    assert result("CURRENTUSER()={客户}", asking, c_customer=UUID(int=8)) is False
    assert result("CURRENTUSER()", SITUATION) is None
