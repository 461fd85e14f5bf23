"""Views that people keep and share, and the look in which they left a form, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from resources.texts import speaking
from runtime.definition.edits import AddNode, SetProperty
from runtime.errors import UserError
from runtime.filters import Condition, Filter, Operator
from runtime.session import Session
from runtime.store.postgres import Server
from runtime.store.query import Sort
from runtime.view import ViewSpec
from runtime.views import view_node
from tests.support import postgres
from tests.support.apps import field_called
from tests.support.workspaces import Office, offices_on


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as stack:
        server = None
        if request.param == "postgres":
            url = stack.enter_context(postgres.fresh_database(request.getfixturevalue("postgres_dsn")))
            server = stack.enter_context(closing(Server(url)))
        with offices_on(server):
            made = Office(tmp_path)
        yield made
        made.session.close()


def someone_else(office: Office) -> Session:
    """Another person in the same workspace."""
    return Session(office.session._workspace, "mabcdefghij")


def view(office: Office, name: str = "Big", **more: object) -> ViewSpec:
    count = field_called(office.form("订单"), "数量")
    filter = Filter((Condition(count.id, Operator.GREATER, 5),))
    return replace(ViewSpec(name=name, filter=filter, sorts=(Sort(count.id, True),)), **more)  # type: ignore[arg-type]


def names(session: Session, office: Office) -> list[str]:
    return [each.name for each in session.views.of(office.form("订单"))]


def test_a_personal_view_is_there_after_a_restart_and_for_nobody_else(office: Office) -> None:
    saved = office.session.views.save(office.form("订单"), view(office))
    assert someone_else(office).views.of(office.form("订单")) == []
    office.reopen()
    assert office.session.views.of(office.form("订单")) == [saved]
    assert saved.id
    assert office.session.views.of(office.form("客户")) == []


def test_a_shared_view_is_seen_by_another_person_and_by_the_next_program(office: Office) -> None:
    saved = office.session.views.save(office.form("订单"), view(office, shared=True))
    assert someone_else(office).views.of(office.form("订单")) == [saved]
    office.reopen()
    assert office.session.views.of(office.form("订单")) == [saved]
    assert office.session.damage() == []


@pytest.mark.parametrize("shared", [False, True])
def test_folded_groups_are_remembered_for_the_person_and_change_no_view(office: Office, shared: bool) -> None:
    form, views = office.form("订单"), office.session.views
    folded = frozenset({("high", Decimal("1.50")), (None,)})
    saved = views.save(form, view(office, shared=shared))
    assert replace(saved, folded=folded).same_look(form, saved)
    views.note(form, replace(saved, folded=folded), changed=False)
    views.write()
    office.reopen()
    views = office.session.views
    assert views.last(form) == replace(saved, folded=folded)
    views.save(form, replace(saved, frozen=3))
    assert (views.last(form).frozen, views.last(form).folded) == (3, folded)
    assert views.save(form, replace(saved, folded=folded)).folded == folded
    assert [each.folded for each in views.of(form)] == [folded]


def test_a_view_that_is_shared_and_taken_back_stays_one_view(office: Office) -> None:
    form, views = office.form("订单"), office.session.views
    mine = views.save(form, view(office))
    ours = views.save(form, replace(mine, shared=True))
    assert views.of(form) == [ours]
    assert ours.id == mine.id
    assert views.save(form, replace(ours, shared=False)) == mine
    assert views.of(form) == [mine]
    assert someone_else(office).views.of(form) == []


@pytest.mark.parametrize("shared", [False, True])
def test_a_view_is_changed_renamed_removed_and_brought_back(office: Office, shared: bool) -> None:
    form, views = office.form("订单"), office.session.views
    saved = views.save(form, view(office, shared=shared))
    changed = views.save(form, replace(saved, name="Huge", row_height="tall"))
    assert views.of(form) == [changed]
    views.remove(form, changed)
    assert views.of(form) == []
    views.save(form, changed)
    assert views.of(form) == [changed]


def test_a_shared_view_is_renamed_in_the_language_that_is_spoken(office: Office) -> None:
    form, views = office.form("订单"), office.session.views
    saved = views.save(form, view(office, shared=True))
    app = SetProperty(saved.id, "label", {"en": "Big", "zh_CN": "大单"}).apply(office.app)
    office.session.publish(app)
    with speaking("zh_CN"):
        assert names(office.session, office) == ["大单"]
        views.save(form, replace(saved, name="大额"))
    assert names(office.session, office) == ["Big"]
    assert office.app.nodes[saved.id].props["label"] == {"en": "Big", "zh_CN": "大额"}


def test_two_shared_views_cannot_have_one_name(office: Office) -> None:
    form, views = office.form("订单"), office.session.views
    views.save(form, view(office, shared=True))
    with pytest.raises(UserError, match="Two views are called"):
        views.save(form, view(office, "big", shared=True))
    assert names(office.session, office) == ["Big"]


def test_a_kind_of_view_that_this_program_does_not_know_is_not_offered_and_not_lost(office: Office) -> None:
    form = office.form("订单")
    node = view_node(form.id, "hologram", "3D", {"depth": 3})
    office.session.publish(AddNode(node).apply(office.app))
    office.session.views.save(form, view(office, shared=True))
    assert names(office.session, office) == ["Big"]
    assert office.app.nodes[node.id].props == node.props


def test_the_look_in_which_a_form_was_left_is_there_after_a_restart(office: Office) -> None:
    form, views = office.form("订单"), office.session.views
    assert views.last(form) == ViewSpec()
    saved = views.save(form, view(office))
    looked = replace(saved, row_height="tall")
    views.note(form, looked, changed=True)
    assert views.last(form) == looked, "it is there at once, written or not"
    office.reopen()  # nobody wrote it but the end of the session
    assert office.session.views.last(office.form("订单")) == looked
    assert someone_else(office).views.last(office.form("订单")) == ViewSpec()


def test_a_view_that_is_left_unchanged_follows_what_is_saved_later(office: Office) -> None:
    form, views = office.form("订单"), office.session.views
    saved = views.save(form, view(office))
    views.note(form, saved, changed=False)
    office.reopen()
    form, views = office.form("订单"), office.session.views
    views.save(form, replace(saved, row_height="tall"))
    assert views.last(form).row_height == "tall"
    views.remove(form, saved)
    assert views.last(form) == ViewSpec()


def test_a_look_is_written_once(office: Office) -> None:
    form, views = office.form("订单"), office.session.views
    before = len(office.commits())
    views.note(form, view(office), changed=True)
    views.note(form, view(office, row_height="tall"), changed=True)
    views.write()
    views.write()
    assert len(office.commits()) == before + 1
