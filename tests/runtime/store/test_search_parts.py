"""Words that are looked up by a part of them find what they find when they are looked up themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store import search_parts
from runtime.store.query import Query
from runtime.store.records import Applied
from runtime.store.search_docs import ANY, LETTERS, NAMED, TITLE
from runtime.store.search_parts import Parts
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts are looked up in a few records too, and for every word that has one."""
    for name in ("LARGE", "RARE", "LESS"):
        monkeypatch.setattr(search_parts, name, 0)
    monkeypatch.setattr(search_parts, "SEEN", 2)


def index(office: Office) -> None:
    while office.session.index_some() is not None:
        pass


def add(office: Office, names: Sequence[str], notes: Sequence[str | None] = ()) -> None:
    form = office.form("客户")
    name, note = form.called("名称"), form.called("备注")
    assert name is not None and note is not None
    columns: dict[str, Sequence[Any]] = {name.id: names, note.id: [*notes, *[None] * (len(names) - len(notes))]}
    change = BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in names], columns)
    assert isinstance(office.session.save([change], "Add"), Applied)


def candidates(office: Office, text: str, where: Sequence[str] = NAMED) -> list[int] | None:
    """What is looked at for one word; None where the word itself is asked for."""
    with office.session.reader._reading() as connection:
        return Parts(connection).candidates(1, 40, [text], where)


def test_a_part_gives_more_than_the_word_but_few(office: Office) -> None:
    add(office, [f"客户{at:05}有限公司" for at in range(40)])
    index(office)
    assert candidates(office, "有限公司00") == []
    found = candidates(office, "客户00007有限公司")
    assert found is not None and 1 <= len(found) <= 10
    assert office.session.reader.count(Query(office.form("客户").id, search="客户00007有限公司")) == 1
    assert office.session.reader.count(Query(office.form("客户").id, search="kh00007")) == 1
    assert office.session.reader.count(Query(office.form("客户").id, search="kehu00007")) == 1


def test_a_part_of_many_records_is_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    add(office, [f"客户{at:05}有限公司" for at in range(40)])
    index(office)
    there = candidates(office, "户0001有限")
    assert there is not None
    monkeypatch.setattr(search_parts, "MOST", len(there))
    assert candidates(office, "户0001有限") == there
    monkeypatch.setattr(search_parts, "MOST", len(there) - 1)
    assert candidates(office, "户0001有限") is None
    assert candidates(office, "户9991有限") == []


def test_words_that_are_quick_have_no_part(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    add(office, [f"客户{at:05}有限公司" for at in range(40)])
    index(office)
    for text in ("公司", "有限公司", "限公司", "yxgs", "0042"):
        assert candidates(office, text) is None, text
    assert candidates(office, "kh000") is not None
    monkeypatch.setattr(search_parts, "RARE", 0.9)
    assert candidates(office, "kh00042") is None
    monkeypatch.setattr(search_parts, "RARE", 0)
    monkeypatch.setattr(search_parts, "LESS", 100)
    assert candidates(office, "kh00042") is None
    monkeypatch.setattr(search_parts, "LESS", 0)
    monkeypatch.setattr(search_parts, "LARGE", 41)
    assert candidates(office, "kh00042") is None


def test_ways_to_read_a_word_share_the_part(office: Office) -> None:
    add(office, ["客户12345", "客户12346", "可湖12345号", "kehu12345"])
    index(office)
    assert candidates(office, "kehu12345") == [1, 3, 4]
    assert candidates(office, "zhangweiming") is None
    assert candidates(office, "12345号", TITLE) == [1, 3, 4]
    assert candidates(office, "kh1234", LETTERS) == [1, 2, 3]
    assert candidates(office, "1,234,567", ANY) is None


SIGNS = "012客户张ab-"
TEXTS = st.text(alphabet=SIGNS, min_size=4, max_size=14)


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_parts_change_nothing_of_what_is_found(office: Office, data: st.DataObject) -> None:
    """Indexed, changed behind the index, in the bin or not indexed; for those who may read everything or not."""
    form = office.form("客户")
    texts = data.draw(st.lists(st.tuples(TEXTS, TEXTS), min_size=4, max_size=10))
    names = [f"{first}{new_uuid().hex[-8:]}" for first, _ in texts]
    add(office, names, [second for _, second in texts])
    index(office)
    records = office.session.form("客户").records()[-len(texts) :]
    places = st.integers(0, len(texts) - 1)
    for at in data.draw(st.lists(places, max_size=2, unique=True)):
        office.set("客户", records[at].id, {"名称": data.draw(TEXTS) + new_uuid().hex[-8:]})
    office.session.form("客户").delete(records[data.draw(places)].id)
    add(office, [data.draw(TEXTS) + new_uuid().hex[-8:]])
    pool = st.sampled_from([text for pair in texts for text in pair])
    words = pool.flatmap(lambda text: st.integers(0, max(0, len(text) - 5)).map(lambda at: text[at : at + 9]))
    partly = data.draw(st.sampled_from([EVERYTHING, Scope(readable=((form.id, frozenset({form.fields[0].id})),))]))
    for asked in data.draw(st.lists(words | TEXTS, min_size=1, max_size=6)):
        with pytest.MonkeyPatch.context() as patch:
            parts = found(office, asked, partly)
            patch.setattr(search_parts, "LARGE", 10**9)
            assert parts == found(office, asked, partly), asked


def found(office: Office, asked: str, scope: Scope) -> tuple[Any, ...]:
    reader, form = office.session.reader, office.form("客户")
    query = Query(form.id, search=asked, scope=scope)
    first, numbers = reader.ids(query, 200), reader.ids(query)
    return [*first], [*numbers], reader.count(query), [*reader.named(form.id, asked, 3, scope)]
