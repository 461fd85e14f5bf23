"""Changes of 50 ms become one signal."""

import threading
from dataclasses import dataclass, field
from uuid import UUID

from runtime.changes import Change, ChangeKind, ChangeSet
from runtime.ui.feed import Feed


@dataclass
class Touched:
    """What the feed reads."""

    touched_forms: frozenset[str] = frozenset()
    touched_rows: frozenset[UUID] = frozenset()
    touches_definitions: bool = False
    other: list[int] = field(default_factory=list)


def test_changes_of_a_moment_become_one_signal(qtbot):
    feed, seen = Feed(gather=20), []
    feed.changed.connect(lambda *said: seen.append(said))
    for number in range(1, 4):
        feed.publish(Touched(frozenset({f"f{number}"}), frozenset({UUID(int=number)})))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(frozenset({"f1", "f2", "f3"}), frozenset({UUID(int=1), UUID(int=2), UUID(int=3)}), False)]


def test_what_was_signalled_is_not_signalled_again(qtbot):
    feed, seen = Feed(gather=1), []
    feed.changed.connect(lambda *said: seen.append(said))
    feed.publish(Touched(frozenset({"f1"})))
    feed.flush()
    feed.publish(Touched(touches_definitions=True))
    feed.flush()
    assert seen == [(frozenset({"f1"}), frozenset(), False), (frozenset(), frozenset(), True)]


def test_nothing_is_signalled_when_nothing_was_touched(qtbot):
    feed = Feed()
    feed.publish(Touched())
    with qtbot.assertNotEmitted(feed.changed):
        feed.flush()


def test_a_worker_may_publish_a_change_set(qtbot):
    feed, seen = Feed(gather=1), []
    feed.changed.connect(lambda *said: seen.append((said, threading.get_ident())))
    change = ChangeSet((Change(ChangeKind.SET, "f1", UUID(int=7)),))
    worker = threading.Thread(target=feed.publish, args=(change,))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [((frozenset({"f1"}), frozenset({UUID(int=7)}), False), threading.get_ident())]
