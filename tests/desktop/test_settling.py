"""Computed fields of many records follow in the background while the window works on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from desktop.app import Desktop
from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.form import Form
from runtime.session import Session, open_workspace
from runtime.store import recompute
from tests.support.apps import an_app


def filled(folder: Path, count: int) -> Path:
    """A workspace with items that look up a rate."""
    build = an_app()
    rates = build.form("率")
    build.field(rates, "text", "名")
    build.field(rates, "integer", "率")
    items = build.form("项")
    build.field(items, "relation", "率", form=rates)
    build.field(items, "integer", "值", formula="{率}.{率}")
    with open_workspace(folder / "w") as session:
        session.publish(build.app)
        rate = session.form("率").create({"名": "甲", "率": 1})
        form = session.form("项").form
        columns = {_id(form, "率"): [rate.id] * count}
        session.apply([BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in range(count)], columns)], "Fill")
        return session.folder


def _id(form: Form, name: str) -> str:
    field = form.called(name)
    assert field is not None
    return field.id


def change(session: Session, value: int) -> None:
    """Change the rate."""
    rates = session.form("率")
    rates.update(rates.records()[0], {"率": value})


def values(session: Session) -> set[int]:
    """What the items hold."""
    return {record["值"] for record in session.form("项").records()}


def opened(qtbot, desktop: Desktop, folder: Path) -> Session:
    """Open a workspace in the window."""
    desktop.open_workspace(folder)
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    assert desktop.session is not None
    return desktop.session


def test_a_change_that_many_follow_is_worked_off_in_the_background(qtbot, desktop: Desktop, tmp_path, monkeypatch):
    folder = filled(tmp_path, 60)
    monkeypatch.setattr(recompute, "BORDER", 10)
    session = opened(qtbot, desktop, folder)
    assert not session.settles
    change(session, 7)
    qtbot.waitUntil(lambda: not session.waiting and values(session) == {7}, timeout=20_000)
    change(session, 8)
    change(session, 9)
    qtbot.waitUntil(lambda: not session.waiting and values(session) == {9}, timeout=20_000)
    assert desktop.window.findChildren(QLabel)


def test_what_a_former_session_left_is_worked_off_when_the_workspace_is_opened(
    qtbot, desktop: Desktop, tmp_path, monkeypatch
):
    folder = filled(tmp_path, 60)
    monkeypatch.setattr(recompute, "BORDER", 10)
    with open_workspace(folder, settle=False) as session:
        change(session, 7)
        assert session.waiting
    session = opened(qtbot, desktop, folder)
    qtbot.waitUntil(lambda: not session.waiting and values(session) == {7}, timeout=20_000)


def test_a_workspace_can_be_closed_while_much_waits(qtbot, desktop: Desktop, tmp_path, monkeypatch):
    folder = filled(tmp_path, 200)
    monkeypatch.setattr(recompute, "BORDER", 2)
    session = opened(qtbot, desktop, folder)
    change(session, 7)
    desktop.close_workspace()
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=20_000)
    with open_workspace(folder) as again:
        assert values(again) == {7}
