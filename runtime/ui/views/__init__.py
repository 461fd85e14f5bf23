"""CATALOGUE of views: one file per way to look at the records of a form. This is the contract and the registry.

A view shows what it is asked and tells what the person does; the page around it owns the `ViewSpec`, filter, order,
panel and toolbar. What the person does to the look (widths, order, groups, footers ...) the view shows at once and then
tells as a new spec; shown the same spec again it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resources.texts import Text
from runtime.form import Form
from runtime.registry import Registry
from runtime.session import Session
from runtime.store.query import Sort
from runtime.store.rows import Row
from runtime.ui.editors import EditorContext
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.ui.record_saving import Saving
from runtime.view import ViewSpec
from runtime.work import Progress


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
        narrowed(Filter): the person wants only those of the shown records that meet this too.
        spec_changed(ViewSpec): the person changed columns, groups, footers or colours; the view shows it already.
        new_asked(): the person wants to add a record.
        everything_asked(): the person wants to see what the filter and the search leave out.
    """

    counted = Signal(int, bool)
    record_asked = Signal(object)
    record_moved = Signal(object)
    selection_moved = Signal()
    sort_asked = Signal(object)
    filter_asked = Signal(str)
    narrowed = Signal(object)
    spec_changed = Signal(object)
    new_asked = Signal()
    everything_asked = Signal()

    def ask(self, where: str, sorts: Sequence[Sort], search: str = "") -> None:
        """Show the records that meet the formula `where` and hold the words of `search`, in the groups of the spec."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Records changed: show them anew, where the person is."""
        raise NotImplementedError

    def show_spec(self, form: Form, spec: ViewSpec) -> None:
        """Show a form, published anew or the same, as `spec` says; its filter and sorts are asked for by `ask`."""
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

    def chosen_rows(self) -> Callable[[Progress], Sequence[Row]]:
        """Work that reads the chosen records."""
        raise NotImplementedError

    @property
    def chosen_words(self) -> str:
        """What stands in the status line about the cells that are chosen, sums too; "" for one or none.

        `selection_moved` is signalled again when figures that took a moment are here.
        """
        return ""

    def delete_chosen(self) -> None:
        """Put the chosen records into the bin."""
        raise NotImplementedError

    def do(self, command: str) -> None:
        """Do what a command of `grid_keys` says: paste, find, replace, change_many ...; nothing where it has none."""

    def paste(self) -> None:
        """Put what is on the clipboard into the records."""
        self.do("paste")

    def open_find(self) -> None:
        """Look for text in what is shown."""
        self.do("find")

    def bulk_edit(self) -> None:
        """Change a field of all chosen records."""
        self.do("change_many")

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

    def make(self, form: Form, spec: ViewSpec, context: ViewContext, parent: QWidget | None = None) -> View:
        """A new view of the form that looks as `spec` says, inside `parent`."""
        raise NotImplementedError


view_kinds: Registry[ViewKind] = Registry("runtime.ui.views")
