"""`ViewState`: which view of a form is shown and how it looks now; saving, sharing and remembering it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from resources.texts import T, Text
from runtime.errors import UserError
from runtime.filters import Filter
from runtime.form import Form
from runtime.session import Session
from runtime.store.query import Sort
from runtime.ui.filter_moves import narrowed
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.view import ViewSpec, named

REST = 1500
"""Milliseconds after a change before the look is written; closing the workspace writes it too."""


class ViewState(QObject):
    """The look of one page.

    Signals:
        changed(): another look: show it and ask for its records.
        listed(): other views are saved, or the one shown differs from what is saved in another way.

    Attributes:
        spec: the view as it is shown.
        views: every saved view; empty until they are read.
    """

    changed = Signal()
    listed = Signal()

    def __init__(self, session: Session, jobs: Jobs, notices: Notices, form: Form, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._notices = notices
        self.form = form
        self.spec = ViewSpec()
        self.views: list[ViewSpec] = []
        self._touched = False
        self._readings = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._write)

    def start(self) -> None:
        """Read the views and the look in which the person left the form, then say `changed`."""
        session, form = self._session, self.form

        def read(_progress: object) -> tuple[ViewSpec, list[ViewSpec]]:
            return session.views.last(form), session.views.of(form)

        def arrived(found: tuple[ViewSpec, list[ViewSpec]]) -> None:
            last, views = found
            self.views = self.views or views
            if not self._touched:
                self.spec = last
            self.changed.emit()
            self.listed.emit()

        def failed(error: UserError) -> None:
            self._notices.report(error)
            self.changed.emit()

        self._jobs.start(self, read, arrived, failed, lane="free")

    # What is shown

    @property
    def saved(self) -> ViewSpec:
        """The view as it is saved; every record in the usual look where it is none of the saved ones."""
        return self._called(self.spec.id) or ViewSpec()

    @property
    def differs(self) -> bool:
        """Whether the look differs from what is saved."""
        return not self.spec.same_look(self.form, self.saved)

    def put(self, spec: ViewSpec) -> None:
        """Look at the records in another way."""
        if spec == self.spec:
            return
        self._touched = True
        self.spec = spec
        self._remember()
        self.changed.emit()
        self.listed.emit()

    def take(self, spec: ViewSpec) -> None:
        """The view shows this already: remember it, with what it was not shown because its field is gone."""
        known = self.form.by_id
        groups = (group for group in self.spec.groups if group.field not in known)
        sorts = (sort for sort in self.spec.sorts if sort.field not in known)
        self.put(replace(spec, groups=(*spec.groups, *groups), sorts=(*spec.sorts, *sorts)))

    def filter_by(self, filter: Filter) -> None:
        """Another filter."""
        self.put(replace(self.spec, filter=filter))

    def narrow_by(self, filter: Filter) -> None:
        """Only what meets this too, beside the filter that there is."""
        made = narrowed(self.spec.filter, filter)
        if made is None:
            self._notices.warning(
                T("The filter holds as many conditions as it can."),
                T("Take some of them away first."),
                code="filter_full",
            )
        else:
            self.filter_by(made)

    def sort_by(self, sorts: tuple[Sort, ...]) -> None:
        """Another order."""
        self.put(replace(self.spec, sorts=sorts))

    def choose(self, view_id: str) -> None:
        """Show a saved view; "" = every record."""
        self.put(self._called(view_id) or ViewSpec())

    def reset(self) -> None:
        """Show the view as it is saved."""
        self.put(self.saved)

    def show_form(self, form: Form) -> None:
        """The form was published anew; its shared views may be others."""
        self.form = form
        self._read_again()

    # What is saved

    def save(self) -> None:
        """Save the look under the name of the view."""
        self._save(self.spec, T("View saved"))

    def save_as(self, name: str, shared: bool) -> None:
        """Save the look as a new view and show that.

        Raises:
            UserError: the name is missing or taken.
        """
        self._check(name, "")
        self._save(replace(self.spec, id="", name=name.strip(), shared=shared), T("View saved"))

    def rename(self, name: str) -> None:
        """Give the view another name.

        Raises:
            UserError: the name is missing or taken.
        """
        self._check(name, self.spec.id)
        self._save(replace(self.saved, name=name.strip()), T("View renamed"))

    def duplicate(self) -> None:
        """Save the look once more, for the person alone, and show that."""
        name, n = self.spec.name, 2
        while named(self.views, f"{name} {n}") is not None:
            n += 1
        self._save(replace(self.spec, id="", name=f"{name} {n}", shared=False), T("View duplicated"))

    def share(self, shared: bool) -> None:
        """Let everybody have the view, or the person alone."""
        said = T("Everybody who sees the form sees this view now") if shared else T("Only you see this view now")
        self._save(replace(self.saved, shared=shared), said)

    def remove(self) -> None:
        """Take the view away; the notice offers it back."""
        views, form, view, look = self._session.views, self.form, self.saved, self.spec

        def back() -> None:
            self._save(view, T("View restored"), look)

        def done(_nothing: object) -> None:
            self._notices.success(T("View “{name}” deleted", name=view.name), back)
            self._know(view, None)
            self.put(ViewSpec())
            self._read_again()

        if view.id:
            self._jobs.start(self, lambda _progress: views.remove(form, view), done, change="short")

    def _check(self, name: str, view_id: str) -> None:
        if not name.strip():
            raise UserError(T("The view has no name."), T("Give it a name."), "view_unnamed")
        taken = named(self.views, name)
        if taken is not None and taken.id != view_id:
            raise UserError(T("There is a view “{name}” already.", name=name.strip()), T("Choose another name."))

    def _save(self, view: ViewSpec, said: Text, look: ViewSpec | None = None) -> None:
        """Save a view; `look` is shown then, by default what is shown now under its name."""
        views, form = self._session.views, self.form

        def done(saved: ViewSpec) -> None:
            self._notices.success(said)
            self._know(saved, saved)
            self.put(replace(look or self.spec, id=saved.id, name=saved.name, shared=saved.shared))
            self._remember()
            self._read_again()

        self._jobs.start(self, lambda _progress: views.save(form, view), done, change="short")

    def _know(self, former: ViewSpec, view: ViewSpec | None) -> None:
        """A view was saved, or is gone."""
        self.views = [*(each for each in self.views if each.id != former.id), *([] if view is None else [view])]

    def _read_again(self) -> None:
        """Read the views; one that is shown as it was saved takes what is saved now."""
        form, session = self.form, self._session
        self._readings += 1
        reading = self._readings

        def arrived(found: list[ViewSpec]) -> None:
            if reading != self._readings:
                return
            clean = not self.differs
            self.views = found
            saved, spec = self._called(self.spec.id), self.spec
            if saved is None:
                spec = replace(spec, id="", name="", shared=False)
            elif clean:
                spec = replace(saved, folded=spec.folded)
            else:
                spec = replace(spec, name=saved.name, shared=saved.shared)
            self.put(spec)
            self.listed.emit()

        self._jobs.start(self, lambda _progress: session.views.of(form), arrived, lane="free")

    def _called(self, view_id: str) -> ViewSpec | None:
        return next((view for view in self.views if view.id == view_id), None) if view_id else None

    def _remember(self) -> None:
        self._session.views.note(self.form, self.spec, self.differs)
        self._rest.start()

    def _write(self) -> None:
        views = self._session.views
        self._jobs.start(self, lambda _progress: views.write(), change="short")
