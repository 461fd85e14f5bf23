"""Changes are values that know what they touch."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from uuid import UUID

import pytest

from resources.texts import T
from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, DefinitionChange, Origin, new_uuid, new_uuids


@pytest.mark.parametrize("make", [lambda: [new_uuid() for _ in range(5_000)], lambda: new_uuids(5_000)])
def test_ids_made_later_sort_later_and_none_comes_twice(make: Callable[[], list[UUID]]) -> None:
    ids = make()
    assert len(set(ids)) == 5_000
    assert {each.version for each in ids} == {7}
    assert ids == sorted(ids)
    assert [each.bytes for each in ids] == sorted(each.bytes for each in ids)
    assert ids[0] == UUID(bytes=ids[0].bytes)
    assert pickle.loads(pickle.dumps(ids[0])) == ids[0]


def test_a_changeset_names_every_form_and_record_it_touches() -> None:
    one, two, three = (new_uuid() for _ in range(3))
    changes = ChangeSet(
        (
            Change(ChangeKind.NEW, "fa", one),
            BulkChange(ChangeKind.DEL, "fb", [two, three]),
            DefinitionChange("a1", 0, b"{}"),
        )
    )
    assert changes.touched_forms == {"fa", "fb"}
    assert changes.touched_rows == {one, two, three}
    assert changes.touches_definitions
    assert not ChangeSet(changes.changes[:2]).touches_definitions
    assert ChangeSet(()).touched_rows == frozenset()


def test_a_changeset_cannot_be_changed_and_has_an_id_of_its_own() -> None:
    first, second = ChangeSet((), label=T("Save")), ChangeSet((), label=T("Save"))
    assert first.id != second.id
    with pytest.raises(AttributeError):
        first.actor = "somebody"  # type: ignore[misc]


def test_a_changeset_is_local_unless_it_says_otherwise() -> None:
    assert ChangeSet(()).origin is Origin.LOCAL
    assert [origin.value for origin in Origin] == ["local", "remote", "flow", "rule", "import"]
