"""CATALOGUE of views: one file per way to look at the records of a form. This is the contract and the registry.

A view shows what it is asked and tells what the person does; the page around it owns filter, order, panel and toolbar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resources.texts import Text
from runtime.form import Field, Form
from runtime.registry import Registry
from runtime.session import Session
from runtime.store.query import Sort
from runtime.store.rows import Row
from runtime.ui.editors import EditorContext
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.ui.record_saving import Saving


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What a view is handed."""

    session: Session
    jobs: Jobs
    notices: Notices
    saving: Saving
    editors: EditorContext


class View(QWidget):
    """Shows records of one form.

    Signals:
        counted(int, bool): how many records are listed, and whether that is final.
        record_asked(Row): open this record.
        record_moved(Row): the current record is another one.
        selection_moved(): other records are chosen.
        sort_asked(tuple of Sort): the person wants another order.
        filter_asked(str): the person wants to filter by this field.
        hide_asked(str): the person wants this field to be hidden.
    """

    counted = Signal(int, bool)
    record_asked = Signal(object)
    record_moved = Signal(object)
    selection_moved = Signal()
    sort_asked = Signal(object)
    filter_asked = Signal(str)
    hide_asked = Signal(str)

    def ask(self, where: str, sorts: Sequence[Sort]) -> None:
        """Show the records that meet the formula `where`, in this order."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Records changed: show them anew, where the person is."""
        raise NotImplementedError

    def show_form(self, form: Form, fields: Sequence[Field]) -> None:
        """Show these fields of a form that was published anew, or of the same."""
        raise NotImplementedError

    def current_row(self) -> Row | None:
        """The current record."""
        raise NotImplementedError

    def reveal(self, row: Row) -> None:
        """Make this record the current one as soon as it is listed, and show it."""
        raise NotImplementedError

    def step(self, by: int) -> None:
        """Go to a neighbour of the current record."""
        raise NotImplementedError

    def chosen(self) -> int:
        """How many records are chosen."""
        raise NotImplementedError

    def delete_chosen(self) -> None:
        """Put the chosen records into the bin."""
        raise NotImplementedError

    def copy_chosen(self) -> None:
        """Put what is chosen on the clipboard."""
        raise NotImplementedError

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not saved."""
        return False


class ViewKind:
    """One way to look at records.

    Class attributes:
        name: unique.
        label: what people read.
        icon: name of its icon.
    """

    name: str = ""
    label: Text
    icon: str = "view"

    def make(self, form: Form, fields: Sequence[Field], context: ViewContext) -> View:
        """A new view of the form."""
        raise NotImplementedError


view_kinds: Registry[ViewKind] = Registry("runtime.ui.views")
