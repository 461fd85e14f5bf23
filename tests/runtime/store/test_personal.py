"""What people keep for themselves: written by the door, read by them only, on both engines."""

from __future__ import annotations

import pytest

from runtime.changes import ChangeSet, PersonalChange
from runtime.errors import Refused
from runtime.session import Session
from runtime.store import personal
from tests.support.workspaces import Office


def test_what_is_kept_is_read_again_by_its_prefix(office: Office) -> None:
    session = office.session
    session.keep("view/f1/v1", {"name": "华东", "widths": [1, 2]})
    session.keep("view/f1/v2", {"name": "华北"})
    session.keep("view/f10/v3", {"name": "别的"})
    assert list(session.kept("view/f1/")) == ["view/f1/v1", "view/f1/v2"]
    session.keep("view/f1/v1", {"name": "华南"})
    assert session.kept("view/f1/")["view/f1/v1"] == {"name": "华南"}
    session.keep("view/f1/v1", None)
    assert list(session.kept("view/f1/")) == ["view/f1/v2"]


def test_nobody_reads_what_another_keeps(office: Office) -> None:
    Session(office.session._workspace, "ann").keep("mapping/orders", [1])
    assert Session(office.session._workspace, "bob").kept("") == {}
    assert Session(office.session._workspace, "ann").kept("") == {"mapping/orders": [1]}


def test_a_prefix_is_no_pattern(office: Office) -> None:
    session = office.session
    session.keep("100%/a", 1)
    session.keep("1000/a", 2)
    assert session.kept("100%/") == {"100%/a": 1}
    assert session.kept("VIEW") == session.kept("_00") == {}


def test_it_is_a_commit_that_touches_no_record(office: Office) -> None:
    applied = office.session._workspace.records.demand(ChangeSet((PersonalChange("a", 1),)))
    assert applied.seq > 0
    assert applied.touched_forms == frozenset()
    assert applied.touched_rows == frozenset()
    assert not applied.touches_definitions


def test_what_is_too_large_is_refused_whole(office: Office) -> None:
    session = office.session
    with pytest.raises(Refused):
        session.keep("a", "x" * (personal.LARGEST + 1))
    with pytest.raises(Refused):
        session.keep("k" * 201, 1)
    assert session.kept("") == {}
