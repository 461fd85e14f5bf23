"""A session: who is at work, on what, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import Refused, UserError
from runtime.session import open_workspace
from runtime.store.records import Applied
from tests.support.apps import an_app, customers_and_orders
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.session.close()


def test_a_workspace_is_made_where_there_is_none_and_opened_where_there_is_one(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "销售") as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": "甲"})
    with open_workspace(str(tmp_path / "销售.formwork")) as session:
        assert session.form("客户").count() == 1
        assert session.name == "销售"


def test_a_relative_path_means_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_workspace("here") as session:
        assert session.folder == tmp_path / "here.formwork"
    monkeypatch.chdir(tmp_path / "here.formwork")
    with open_workspace(".") as session:
        assert session.name == "here"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("客", "Did you mean “客户”"),
        ("顾客户", "Did you mean “客户”"),
        ("Kunden", "The forms are: 客户, 订单"),
        ("", "客户, 订单"),
    ],
)
def test_an_unknown_form_is_refused_with_the_names_there_are(office: Office, name: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as refusal:
        office.session.form(name)
    assert refusal.value.code == "no_such_form"


def test_a_form_is_found_by_name_or_id(office: Office) -> None:
    form = office.form("客户")
    assert office.session.form("客户").id == office.session.form(form.id).id == form.id


def test_two_forms_of_one_name_are_told_apart_by_id(office: Office) -> None:
    build = an_app("zweite")
    other = build.form("客户")
    build.field(other, "text", "名称")
    office.session.publish(build.app)
    with pytest.raises(UserError, match="Several forms") as refusal:
        office.session.form("客户")
    assert refusal.value.code == "ambiguous"
    assert office.session.form(other).count() == 0


def test_an_empty_workspace_says_so(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "leer") as session:
        with pytest.raises(UserError, match="The forms are: –"):
            session.form("客户")
        assert (session.forms, session.undo_label, session.redo_label) == ([], None, None)
        assert not session.undo()
        assert not session.redo()


def test_an_undo_that_is_no_longer_allowed_is_refused_and_stays_on_the_stack(office: Office) -> None:
    customers = office.session.form("客户")
    first = customers.create({"名称": "张伟"})
    customers.delete(first.id)
    name = office.form("客户").called("名称")
    assert name is not None
    from runtime.changes import Change, ChangeKind, new_uuid

    other = Change(ChangeKind.NEW, customers.id, new_uuid(), {name.id: "张伟"})
    office.session.apply([other], "by somebody else")
    with pytest.raises(Refused) as refusal:
        office.session.undo()
    assert [problem.code for problem in refusal.value.problems] == ["duplicate"]
    assert str(office.session.undo_label) == "Delete a record of 客户"
    customers.delete(other.row)
    assert office.session.undo()


def test_listeners_are_told_and_can_stop(office: Office) -> None:
    heard: list[Applied] = []
    stop = office.session.listen(heard.append)
    record = office.session.form("客户").create({"名称": "甲"})
    stop()
    office.session.form("客户").delete(record.id)
    assert [applied.changes.touched_rows for applied in heard] == [{record.id}]


def test_a_form_of_the_second_app_stays_in_the_order_of_publication(office: Office) -> None:
    for at in range(4):
        build = an_app(f"App {at}")
        build.field(build.form(f"F{at}"), "text", "x")
        office.session.publish(build.app)
    office.reopen()
    assert [form.name for form in office.session.forms] == ["客户", "订单", "F0", "F1", "F2", "F3"]


def test_history_of_a_record_that_is_gone_is_its_history_all_the_same(office: Office) -> None:
    customers = office.session.form("客户")
    record = customers.create({"名称": "甲"})
    customers.delete(record.id)
    assert [entry.kind.value for entry in office.session.history(record)] == ["del", "new"]


def test_errors_inside_the_block_close_the_workspace(tmp_path: Path) -> None:
    def fail(session: Any) -> None:
        raise ZeroDivisionError(session.name)

    with pytest.raises(ZeroDivisionError), open_workspace(tmp_path / "x") as session:
        fail(session)
    open_workspace(tmp_path / "x").close()


def test_a_closed_workspace_refuses_in_a_sentence_and_writes_nothing(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "office") as session:
        session.publish(customers_and_orders())
        form = session.form("客户")
        record = form.create({"名称": "甲"})
    with open_workspace(tmp_path / "office") as again:
        for attempt in (lambda: form.update(record.id, {"名称": "乙"}), form.count, session.undo):
            with pytest.raises(UserError) as refusal:
                attempt()
            assert refusal.value.code == "workspace_closed"
        assert again.form("客户").records()[0]["名称"] == "甲"


def test_a_refusal_names_every_field_that_is_wrong(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "office") as session:
        session.publish(customers_and_orders())
        with pytest.raises(UserError) as refusal:
            session.form("订单").create({"编号": "A", "数量": "三个", "单价": "x"})
    assert "数量: “三个” is not a number." in str(refusal.value)
    assert "单价: “x” is not a number." in str(refusal.value)


def test_a_record_stands_for_its_id_and_a_name_for_a_list_of_one(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "office") as session:
        session.publish(customers_and_orders())
        form = session.form("客户")
        record = form.create({"名称": "甲"})
        assert form.update(record, {"名称": "乙"})["名称"] == "乙"
        assert [found["名称"] for found in form.records(sort="名称")] == ["乙"]
        with pytest.raises(UserError, match="limit"):
            form.records(limit=-1)
