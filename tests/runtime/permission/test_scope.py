"""What a scope lets a person see and change."""

from __future__ import annotations

import pytest

from runtime.permission.scope import EVERYTHING, Scope


def test_the_owner_may_do_everything() -> None:
    assert EVERYTHING.sees("fa")
    assert EVERYTHING.reads("fa", "c1")
    assert EVERYTHING.writes("fa", "c1")
    assert EVERYTHING.row_rule("fa") is None


def test_a_form_with_a_list_shows_that_list_and_others_show_all() -> None:
    scope = Scope(readable=(("fa", frozenset({"c1"})),))
    assert scope.reads("fa", "c1")
    assert not scope.reads("fa", "c2")
    assert scope.reads("fb", "c2")


def test_what_may_not_be_read_may_not_be_written() -> None:
    scope = Scope(readable=(("fa", frozenset({"c1"})),), writable=(("fa", frozenset({"c1", "c2"})),))
    assert scope.writes("fa", "c1")
    assert not scope.writes("fa", "c2")
    assert Scope(writable=(("fa", frozenset()),)).reads("fa", "c1")
    assert not Scope(writable=(("fa", frozenset()),)).writes("fa", "c1")


def test_a_masked_form_has_nothing() -> None:
    scope = Scope(masked=frozenset({"fa"}), readable=(("fa", frozenset({"c1"})),))
    assert not scope.sees("fa")
    assert not scope.reads("fa", "c1")
    assert not scope.writes("fa", "c1")
    assert scope.sees("fb")


def test_each_form_has_its_own_rule() -> None:
    scope = Scope(rows=(("fa", "{a}=1"), ("fb", "{b}=2")))
    assert (scope.row_rule("fa"), scope.row_rule("fb"), scope.row_rule("fc")) == ("{a}=1", "{b}=2", None)


def test_a_scope_is_a_value() -> None:
    assert Scope(masked=frozenset({"fa"})) == Scope(masked=frozenset({"fa"}))
    assert len({Scope(), EVERYTHING}) == 1
    with pytest.raises(AttributeError):
        Scope().masked = frozenset()  # type: ignore[misc]
