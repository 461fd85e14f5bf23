"""The search: how long until everything can be found, what that takes on the disk, and how long a search takes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from desktop.app import HANDOVER
from desktop.indexing import BREATH
from runtime.changes import Change, ChangeKind, new_uuid
from runtime.session import Session, open_workspace
from runtime.store.query import Query
from runtime.store.records import Applied
from tests.speed import sample
from tests.speed.measure import Figure, median, percentile, seconds
from tests.speed.store import PASSPHRASE
from tests.support.apps import form_called

COMMON, WORD, RARE, DIGITS, SIGN = "公司", "有限公司", "张0042", "13812", "张"
LETTERS, FEW_LETTERS, PINYIN = "yxgs", "kh00042", "youxiangongsi"
FEW_SPELLED, PHONE = "kehu00042", "13812345678"


def a_search(folder: Path, count: int) -> Iterator[Figure]:
    """Fill a form, index it, save meanwhile, search."""
    name = folder / "searched"
    with open_workspace(name, PASSPHRASE) as session:
        session.settles = False
        session.publish(sample.an_empty_app())
        for _ in sample.fill(session, count):
            pass
        before = _pages(session)
        yield from _indexing(session, count)
        size = (_pages(session) - before) / 1e6
        note = f"{count:,} records x 20, in the same encrypted file; raw: the records themselves"
        yield Figure("search_index_size", "MB", size, before / 1e6, note)
        yield from _asking(session, count)


def _pages(session: Session) -> int:
    with session._workspace.database.reader.connect() as connection:
        count, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0 for name in ("page_count", "page_size")
        )
    return int(count) * int(size)


def _indexing(session: Session, count: int) -> Iterator[Figure]:
    """As the window does it, which hands the interpreter over sooner than Python does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(HANDOVER)
    alone = _saves(session, lambda: time.sleep(10))
    took: list[float] = []

    def index() -> None:
        while session.index_some() is not None:
            time.sleep(BREATH)

    saves = _saves(session, lambda: took.append(seconds(index)))
    sys.setswitchinterval(usual)
    note = f"{count:,} records x 20, as after an import, by one thread while somebody saves ten times a second"
    yield Figure("time_to_searchable", "s", took[0], None, note)
    yield Figure("index_rate", "rows/s", count / took[0], None, note)
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        ours, raw = percentile(saves, share) * 1e3, percentile(alone, share) * 1e3
        yield Figure(f"save_while_indexing_{name}", "ms", ours, raw, f"{note}; raw: saves while nothing is indexed")


def _saves(session: Session, meanwhile: Callable[[], object]) -> list[float]:
    """Seconds of each save of somebody who saves ten times a second while something else goes on."""
    form = form_called(next(iter(session.apps.values())), "客户")
    taken: list[float] = []
    done = threading.Event()

    def save() -> None:
        while not done.wait(0.1):
            change = Change(ChangeKind.NEW, form.id, new_uuid(), {form.fields[0].id: "新客户"})
            taken.append(seconds(partial(_must, session, change)))

    person = threading.Thread(target=save)
    person.start()
    meanwhile()
    done.set()
    person.join()
    return taken


def _must(session: Session, change: Change) -> None:
    assert isinstance(session.apply([change], "Add"), Applied)


def _asking(session: Session, count: int) -> Iterator[Figure]:
    form = form_called(next(iter(session.apps.values())), "客户")
    reader = session.reader
    while session.index_some() is not None:
        pass
    for name, text in (
        ("common", COMMON),
        ("word", WORD),
        ("rare", RARE),
        ("digits", DIGITS),
        ("two_words", "华东 需要跟进"),
        ("one_sign", SIGN),
        ("letters", LETTERS),
        ("few_letters", FEW_LETTERS),
        ("pinyin", PINYIN),
        ("few_pinyin", FEW_SPELLED),
        ("phone", PHONE),
    ):
        query = Query(form.id, search=text)
        first = median(lambda query=query: reader.ids(query, 200))  # type: ignore[misc]
        found = len(reader.ids(query))
        note = f"“{text}” in {count:,} records, {found:,} found; first 200"
        goal = "" if text == SIGN else "at most 50 ms"
        yield Figure(f"search_{name}", "ms", first * 1e3, None, note, goal)
    whole = median(lambda: reader.ids(Query(form.id, search=COMMON)), 3)
    formula = " , ".join(f'CONTAINS({{#{field.id}}},"{COMMON}")' for field in form.fields[:9])
    scan = seconds(lambda: reader.ids(Query(form.id, where=f"OR({formula})")))
    note = f"every record that holds “{COMMON}”; raw: CONTAINS over nine text fields"
    yield Figure("search_whole_list", "ms", whole * 1e3, scan * 1e3, note)
    for name, text in (("find_anything", RARE), ("find_anything_few", FEW_LETTERS)):
        everywhere = median(lambda text=text: session.search(text, 30))  # type: ignore[misc]
        yield Figure(name, "ms", everywhere * 1e3, None, f"Ctrl+K “{text}”: names, pinyin, snippets; 30 hits")
