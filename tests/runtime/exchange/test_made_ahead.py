"""Items that are made on a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from runtime.exchange.importing.made_ahead import AHEAD, made_ahead


def test_all_items_come_in_their_order() -> None:
    with made_ahead(range(100)) as items:
        assert list(items) == list(range(100))


def test_they_are_made_on_another_thread_and_not_far_ahead() -> None:
    made: list[int] = []

    def making() -> Iterator[int]:
        for number in range(50):
            made.append(threading.get_ident())
            yield number

    with made_ahead(making()) as items:
        for used, _number in enumerate(items):
            assert len(made) <= used + 1 + AHEAD
    assert len(made) == 50
    assert threading.get_ident() not in made


def test_what_making_raises_is_raised_where_the_item_is_used() -> None:
    def making() -> Iterator[int]:
        yield 1
        raise ValueError("no second one")

    with made_ahead(making()) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="no second one"):
            next(items)


def test_whoever_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with made_ahead(range(1_000_000)) as items:
        assert next(items) == 0
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
