"""`SavedViews`: the views of forms that people keep for themselves and share, and the look in which they left a form.

A personal view is kept under `view/<form>/<view>`, the look under `look/<form>`; a shared view is a node of its app.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from resources.texts import language
from runtime.definition.edits import AddNode, RemoveNode, SetProperty
from runtime.definition.ids import NODE, new_id
from runtime.definition.labels import ANY, label_text
from runtime.definition.node import App, Node
from runtime.errors import UserError
from runtime.form import Form
from runtime.view import ViewSpec, as_json, folded_as_json, folded_from_json, from_json
from runtime.views import CATALOGUE, VIEWS, view_node, view_types


class Keeper(Protocol):
    """What a session does for its views."""

    @property
    def apps(self) -> Mapping[str, App]:
        """The published apps, by id."""
        ...

    def kept(self, prefix: str) -> dict[str, Any]:
        """What the person keeps under keys that begin with `prefix`."""
        ...

    def keep(self, key: str, body: Any) -> None:
        """Keep JSON values for the person; None drops them."""
        ...

    def publish(self, app: App) -> object:
        """Publish a new version of an app."""
        ...


class SavedViews:
    """The views that one person sees. All but `note` read or write the workspace: ask on worker threads.

    Args:
        session: of the person.
    """

    def __init__(self, session: Keeper) -> None:
        self._session = session
        self._noted: dict[str, ViewSpec] = {}
        self._unwritten: dict[str, Any] = {}

    def of(self, form: Form) -> list[ViewSpec]:
        """Every view of the form: shared ones in their order, then those of the person by name."""
        prefix = _key(form.id, "")
        own = [
            replace(from_json(form, body.get("look")), id=key.removeprefix(prefix), name=str(body.get("name", "")))
            for key, body in self._session.kept(prefix).items()
            if isinstance(body, dict)
        ]
        return [*self.shared(form), *sorted(own, key=lambda view: view.name.casefold())]

    def shared(self, form: Form) -> list[ViewSpec]:
        """The shared views of the form, of kinds that this program knows."""
        app = self._session.apps.get(form.app)
        nodes = app.children(form.id, VIEWS) if app is not None else []
        return [_of_node(form, node) for node in nodes if _known(node)]

    def last(self, form: Form) -> ViewSpec:
        """The look in which the person left the form; every record where they never looked."""
        if form.id in self._noted:
            return self._noted[form.id]
        told = self._session.kept(_look_key(form.id)).get(_look_key(form.id))
        if not isinstance(told, dict):
            return ViewSpec()
        saved = next((view for view in self.of(form) if view.id == told.get("view")), None)
        if "look" not in told:
            found = saved or ViewSpec()
            return replace(found, folded=folded_from_json(told["folded"])) if "folded" in told else found
        look = from_json(form, told["look"])
        return replace(look, id=saved.id, name=saved.name, shared=saved.shared) if saved is not None else look

    def note(self, form: Form, view: ViewSpec, changed: bool) -> None:
        """Remember how the person looks at a form; `write` puts it into the workspace.

        Args:
            changed: whether it differs from the saved view of its id.
        """
        self._noted[form.id] = view
        look: dict[str, Any] = {"look": as_json(view)} if changed else {"folded": folded_as_json(view.folded)}
        self._unwritten[form.id] = {"view": view.id, **look} if changed or view.id else None

    def write(self) -> None:
        """Keep what was noted; where nothing can be written now, it is gone when the workspace is closed."""
        while self._unwritten:
            form_id, body = self._unwritten.popitem()
            with suppress(UserError):
                self._session.keep(_look_key(form_id), body)

    def save(self, form: Form, view: ViewSpec) -> ViewSpec:
        """Keep a view for the person, or for everybody where it is shared; with its id.

        Raises:
            UserError: it cannot be kept; of a shared one also: a name is missing or taken, somebody published since.
        """
        saved = view if view.id else replace(view, id=new_id(NODE))
        if saved.shared:
            self._publish(form, saved)
            self._drop(form, saved)
        else:
            self._session.keep(_key(form.id, saved.id), {"name": saved.name, "look": as_json(saved)})
            self._withdraw(form, saved)
        return saved

    def remove(self, form: Form, view: ViewSpec) -> None:
        """Take a view away; `save` brings it back.

        Raises:
            UserError: it cannot be taken away now.
        """
        self._drop(form, view)
        self._withdraw(form, view)

    def _drop(self, form: Form, view: ViewSpec) -> None:
        key = _key(form.id, view.id)
        if key in self._session.kept(key):
            self._session.keep(key, None)

    def _withdraw(self, form: Form, view: ViewSpec) -> None:
        app = self._session.apps[form.app]
        if view.id in app.nodes:
            self._session.publish(RemoveNode(view.id).apply(app))

    def _publish(self, form: Form, view: ViewSpec) -> None:
        app = self._session.apps[form.app]
        node, look = app.nodes.get(view.id), as_json(view)
        if node is None:
            made = view_node(form.id, view.kind, view.name, look)
            self._session.publish(AddNode(replace(made, id=view.id)).apply(app))
            return
        app = SetProperty(node.id, "look", look).apply(app)
        if label_text(node.props.get("label", {})) != view.name:
            app = SetProperty(node.id, "label", _renamed(node.props.get("label", {}), view.name)).apply(app)
        self._session.publish(app)


def _key(form_id: str, view_id: str) -> str:
    return f"view/{form_id}/{view_id}"


def _look_key(form_id: str) -> str:
    return f"look/{form_id}"


def _known(node: Node) -> bool:
    return node.catalogue == CATALOGUE and node.kind.partition(".")[2] in view_types


def _of_node(form: Form, node: Node) -> ViewSpec:
    view = from_json(form, node.props.get("look"))
    name = label_text(node.props.get("label", {}))
    return replace(view, id=node.id, name=name, shared=True, kind=node.kind.partition(".")[2])


def _renamed(labels: Mapping[str, str], name: str) -> dict[str, str]:
    """The label with another name in the language that is spoken; in every language where it has none of its own."""
    code = language()
    return {**labels, code if code in labels or ANY not in labels else ANY: name}
