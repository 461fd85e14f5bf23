"""Whoever waits goes before what nobody waits for; everything that writes goes one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from runtime.store import turns
from runtime.store.turns import Turns

pytestmark = pytest.mark.one_engine
LONG = 20.0
"""Seconds after which a test gives up."""


@contextmanager
def waiting_for(lock: Turns, done: list[str], name: str, *, last: bool = False) -> Iterator[threading.Thread]:
    """A thread that waits for the lock, and says its name once it has it."""

    def work() -> None:
        with lock.last() if last else lock:
            done.append(name)

    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join(LONG)
    assert not thread.is_alive()


def until_waiting(lock: Turns, count: int) -> None:
    """Come back when so many wait."""
    with lock._nobody:
        pass
    for _ in range(1_000_000):
        if lock._waiting == count:
            return
    raise AssertionError(f"{lock._waiting} wait, not {count}")


def test_whoever_waits_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", LONG)
    lock, done = Turns(), list[str]()
    lock.__enter__()
    with waiting_for(lock, done, "save"):
        until_waiting(lock, 1)
        with waiting_for(lock, done, "index", last=True):
            lock.__exit__()
    assert done == ["save", "index"]


def test_a_thread_that_gives_it_back_and_takes_it_again_lets_others_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a plain lock the thread that just had it has it again, long before the other one wakes up."""
    monkeypatch.setattr(turns, "PATIENCE", LONG)
    for _ in range(50):
        lock, done = Turns(), list[str]()
        with lock.last():
            thread = threading.Thread(target=lambda lock=lock, done=done: held(lock, done))
            thread.start()
            until_waiting(lock, 1)
        with lock.last():
            done.append("index")
        thread.join(LONG)
        assert done == ["save", "index"]


def held(lock: Turns, done: list[str]) -> None:
    with lock:
        done.append("save")


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    lock, done = Turns(), list[str]()
    lock._count(1)  # as if somebody always waited
    with waiting_for(lock, done, "index", last=True):
        pass
    assert done == ["index"]


def test_it_can_be_taken_again_by_whoever_has_it() -> None:
    lock = Turns()
    with lock, lock, lock.last():
        lock.give_way()
        assert lock._waiting == 0
    with waiting_for(lock, [], "another"):
        pass


def test_an_error_gives_it_back() -> None:
    lock = Turns()
    for held_by in (lock, lock.last()):
        with pytest.raises(ZeroDivisionError), held_by:
            raise ZeroDivisionError
    with waiting_for(lock, [], "another"):
        pass


def test_giving_way_lasts_until_whoever_writes_is_done() -> None:
    lock, done = Turns(), list[str]()

    def index() -> None:
        lock.give_way()
        done.append("index")

    lock.__enter__()
    thread = threading.Thread(target=index)
    thread.start()
    thread.join(0.05)
    done.append("save")
    lock.__exit__()
    thread.join(LONG)
    assert done == ["save", "index"]
