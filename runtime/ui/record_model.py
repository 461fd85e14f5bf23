"""`RecordModel`: a table over the records of a query, of which only the pages that are looked at are in memory.

Nothing here waits: listings are made and pages read in the lane `free`, and cells that have not landed yet are drawn
as skeletons. Changes by others keep every record where the person sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from resources.texts import _
from runtime.dates import local_zone, show_date, show_moment
from runtime.errors import Problem, UserError
from runtime.form import Field, Form
from runtime.session import Session
from runtime.store.listing import Listing
from runtime.store.query import Query, Sort
from runtime.store.rows import Row
from runtime.ui.jobs import Jobs
from runtime.ui.record_window import PAGE, Opened, Page, Pages, Reading
from runtime.value.error_values import shown_error
from runtime.work import Progress

NO_PARENT = QModelIndex()
ROLE = Qt.ItemDataRole
READ = frozenset({int(ROLE.DisplayRole), int(ROLE.AccessibleTextRole)})
AT_ONCE = 2
"""Listings that may be in the making at the same time."""
SKELETON = "…"


def updating() -> str:
    """What stands in the place of a value that waits to be computed."""
    return _("updating …")


@dataclass(slots=True)
class Draft:
    """A value that a person gave a cell and that the store has not confirmed yet.

    Attributes:
        title: of the related record, where the field is a relation.
        seq: commit that wrote it; None while it is on its way.
        problems: why the store refused it; then the cell keeps it until the person corrects or drops it.
    """

    value: Any
    title: str = ""
    seq: int | None = None
    problems: tuple[Problem, ...] = ()


class RecordModel(QAbstractTableModel):
    """Records by position, fields by column.

    Args:
        fields: the columns.

    Signals:
        counted(int, bool): how many records there are, and whether that is final (else only the first are known yet).
        opening(): another listing is about to be shown.
        opened(bool, object): a listing is shown: whether it answers another question than the one before, and
            `_n` -> position (or None) of the records that `anchors` named.
        failed(UserError): the question cannot be answered; what was shown before stays.
    """

    counted = Signal(int, bool)
    opening = Signal()
    opened = Signal(bool, object)
    failed = Signal(object)

    def __init__(
        self, session: Session, jobs: Jobs, form: Form, fields: Sequence[Field], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._reading = Reading(session.reader)
        self.form = form
        self.fields = list(fields)
        self.anchors: Callable[[], Sequence[int]] = tuple
        self._wanted = session.query(form.id)
        self._listing: Listing | None = None
        self._pages = Pages()
        self._count = 0
        self._asked = 0
        self._shown = 0
        self._opening = 0
        self._again = False
        self._fetching = False
        self._visible = (0, 0)
        self._today: date | None = None
        self._drafts: dict[tuple[UUID, str], Draft] = {}

    # What is asked

    @property
    def query(self) -> Query:
        """What is asked for now."""
        return self._wanted

    @property
    def complete(self) -> bool:
        """Whether every record that was asked for is listed."""
        return self._listing is not None and self._listing.complete and self._listing.query == self._wanted

    @property
    def busy(self) -> bool:
        """Whether a listing or a page is on its way."""
        return self._opening > 0 or self._fetching

    def ask(self, where: str = "", sort: Sequence[Sort] = ()) -> None:
        """Show other records, or in another order; the first page comes before the rest is known."""
        self._wanted = self._session.query(self.form.id, where, tuple(sort))
        self._open(fresh=True)

    def refresh(self) -> None:
        """Ask the same again: records changed. What is seen stays until the answer is here."""
        self._open(fresh=False)

    def show_fields(self, form: Form, fields: Sequence[Field]) -> None:
        """Show other columns."""
        self.beginResetModel()
        self.form = form
        self.fields = list(fields)
        self._pages.forget_texts()
        self.endResetModel()

    def look(self, first: int, last: int) -> None:
        """Rows `first` to `last` are seen now: their pages are fetched; earlier wishes are forgotten."""
        self._visible = (first, last)
        self._fetch()

    # Listings

    def _open(self, *, fresh: bool) -> None:
        if self._opening >= AT_ONCE:
            self._again = True
            return
        self._asked += 1
        query, number = self._wanted, self._asked
        new = self._listing is None or self._listing.query != query
        pages = (0,) if new else self._pages_seen()
        anchors = tuple(self.anchors())
        reading, complete = self._reading, not (fresh and new)
        self._opening += 1
        self._jobs.start(
            self,
            lambda _progress: reading.open(query, complete, pages, anchors),
            partial(self._arrived, number),
            self._refused,
            lane="free",
        )

    def _arrived(self, number: int, opened: Opened) -> None:
        self._settle()
        if number < self._shown or opened.listing.query != self._wanted:
            return
        self._shown = number
        new = self._listing is None or self._listing.query != opened.listing.query
        self._today = opened.today
        self._take(opened, new)
        if not opened.listing.complete:
            self._open(fresh=False)

    def _settle(self) -> None:
        self._opening -= 1
        if self._again:
            self._again = False
            self._open(fresh=True)

    def _refused(self, error: UserError) -> None:
        self._settle()
        self.failed.emit(error)

    def _take(self, opened: Opened, new: bool) -> None:
        self.opening.emit()
        if new:
            self._pages.clear()
            self._visible = (0, 0)
        self._listing = opened.listing
        count = len(opened.listing)
        self._pages.drop_from(count)
        for page in opened.pages:
            self._keep(page)
        self._set_count(count)
        if count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, max(0, len(self.fields) - 1)))
        self.counted.emit(count, opened.listing.complete)
        self.opened.emit(new, opened.places)
        self._fetch()

    def _set_count(self, count: int) -> None:
        """Rows come and go at the end: positions have no identity, records have."""
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    # Pages

    def _pages_seen(self) -> range:
        first, last = self._visible
        return range(first // PAGE, last // PAGE + 1)

    def _fetch(self) -> None:
        listing = self._listing
        if listing is None or self._fetching or not self._count:
            return
        first, last = self._visible
        end = (self._count - 1) // PAGE
        seen = [page for page in range(first // PAGE, last // PAGE + 1) if page <= end]
        missing = self._pages.missing(seen, listing)
        if not missing:
            return
        self._fetching = True
        reading, number = self._reading, missing[0]
        self._jobs.start(self, lambda _progress: reading.page(listing, number), self._landed, self._lost, lane="free")

    def _landed(self, page: Page) -> None:
        self._fetching = False
        if page.listing is self._listing and page.rows:
            self._keep(page)
            top = page.number * PAGE
            bottom = min(top + len(page.rows), self._count) - 1
            if bottom >= top and self.fields:
                self.dataChanged.emit(self.index(top, 0), self.index(bottom, len(self.fields) - 1))
        self._fetch()

    def _lost(self, error: UserError) -> None:
        self._fetching = False
        self.failed.emit(error)

    def _keep(self, page: Page) -> None:
        self._pages.put(page, self._visible[0] // PAGE)
        if self._drafts:
            seqs = {row.id: row.seq for row in page.rows if row is not None}
            for key, draft in list(self._drafts.items()):
                if draft.seq is not None and seqs.get(key[0], -1) >= draft.seq:
                    del self._drafts[key]

    # Records and cells

    @property
    def today(self) -> date | None:
        """The day that dates are written for."""
        return self._today

    def record(self, position: int) -> Row | None:
        """The record at this position; None while it has not landed."""
        return self._pages.row(position)

    def position(self, number: int) -> int | None:
        """Where the record with this `_n` stands, as far as pages are here."""
        return self._pages.find(number)

    def find(self, number: int, then: Callable[[int | None], None]) -> None:
        """Look up where the record with this `_n` stands in the whole listing."""
        listing, reading = self._listing, self._reading
        if listing is None:
            then(None)
            return
        self._jobs.start(self, lambda _progress: reading.place(listing, number), then, lane="free")

    def reader(self, spans: Sequence[tuple[int, int]]) -> Callable[[Progress], list[Row]]:
        """Work that reads the records at these positions (first, last) of what is listed now."""
        listing, reading = self._listing, self._reading

        def work(progress: Progress) -> list[Row]:
            return [] if listing is None else reading.rows(listing, spans, progress)

        return work

    def value(self, row: Row, field: Field) -> Any:
        """The value of a cell as the person gave it last."""
        draft = self._drafts.get((row.id, field.id))
        return draft.value if draft is not None else row.values.get(field.id)

    def draft(self, row: Row, field: Field) -> Draft | None:
        """What a person gave the cell and the store has not confirmed."""
        return self._drafts.get((row.id, field.id)) if self._drafts else None

    def set_draft(self, row: UUID, field_id: str, draft: Draft | None) -> None:
        """Keep, or with None drop, what a person gave a cell."""
        if draft is None:
            self._drafts.pop((row, field_id), None)
        else:
            self._drafts[row, field_id] = draft
        self._repaint(row)

    def confirm(self, keys: Sequence[tuple[UUID, str]], seq: int) -> None:
        """The store wrote these cells in commit `seq`; 0 = there was nothing to write."""
        for key in keys:
            draft = self._drafts.get(key)
            if draft is not None and not draft.problems:
                if seq:
                    draft.seq = seq
                else:
                    self.set_draft(*key, None)

    @property
    def drafts(self) -> Mapping[tuple[UUID, str], Draft]:
        """(record, field) -> what the store has not confirmed."""
        return self._drafts

    def text(self, position: int, field: Field) -> str:
        """A cell as people read it; "" for blank, "…" while it has not landed."""
        row = self._pages.row(position)
        if row is None:
            return SKELETON
        draft = self.draft(row, field)
        if draft is not None:
            return draft.title or self.words(field, draft.value)
        if field.id in row.updating:
            return updating()
        if field.id in row.errors:
            return shown_error(row.errors[field.id])
        return self._pages.text(position, field.id, lambda: self._made_text(row, field))

    def _made_text(self, row: Row, field: Field) -> str:
        if field.target:
            return row.titles.get(field.id, "")
        return self.words(field, row.values.get(field.id))

    def words(self, field: Field, value: Any) -> str:
        """A value as people say it: dates near today in words."""
        if value is None:
            return ""
        if field.kind.value_type == "date":
            return show_date(value, self._today)
        if field.kind.value_type == "datetime":
            return show_moment(value, local_zone(), self._today)
        return " ".join(field.format(value).split("\n"))

    def _repaint(self, row_id: UUID) -> None:
        first, last = self._visible
        for position in range(first, min(last + 1, self._count)):
            row = self._pages.row(position)
            if row is not None and row.id == row_id:
                self.dataChanged.emit(self.index(position, 0), self.index(position, len(self.fields) - 1))

    # QAbstractTableModel

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many records are listed."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many fields are shown."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = ROLE.DisplayRole) -> Any:
        """The text of a cell, its alignment, and what is wrong with it."""
        if not index.isValid() or index.row() >= self._count:
            return None
        field = self.fields[index.column()]
        if role in READ:
            return self.text(index.row(), field)
        if role == ROLE.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if field.kind.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        """Names of fields; numbers of rows."""
        if role not in READ:
            return None
        if orientation == Qt.Orientation.Vertical:
            return f"{section + 1:,}" if 0 <= section < self._count else None
        return self.fields[section].name if 0 <= section < len(self.fields) else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Cells can be selected; editing is the grid's own business."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
