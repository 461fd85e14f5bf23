"""`RecordModel`: a table over the records of a query, of which only the pages that are looked at are in memory.

Where the query has groups, some rows are groups: they have a `group` and no `record`.

Nothing here waits: listings are made and pages read in the lane `free`, and cells that have not landed yet are drawn
as skeletons. Changes by others keep every record where the person sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from resources.texts import _
from runtime.errors import UserError
from runtime.form import Field, Form
from runtime.session import Session
from runtime.store.grouping import Path
from runtime.store.listing import Listing
from runtime.store.query import Group, Query, Sort
from runtime.store.rows import Row
from runtime.ui.cell_words import cell_words
from runtime.ui.group_rows import NO_RECORD, GroupRow, GroupRows
from runtime.ui.group_words import group_sentence
from runtime.ui.jobs import Job, Jobs
from runtime.ui.record_drafts import Draft, Drafts
from runtime.ui.record_figures import RecordFigures
from runtime.ui.record_places import RecordPlaces
from runtime.ui.record_window import NO_TINT, PAGE, Look, Opened, Page, Pages, Reading, Tint
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


class RecordModel(QAbstractTableModel):
    """Records and groups by position, fields by column.

    Args:
        fields: the columns.

    Signals:
        counted(int, bool): how many records there are, and whether that is final (else only the first are known yet).
        opening(): another listing is about to be shown.
        opened(bool, object): a listing is shown: whether it answers another question than the one before, and
            `_n` -> position (or None) of the records that `anchors` named.
        folding(frozenset of paths): other groups are folded now.
        summed(): the figures of footers and groups are others.
        failed(UserError): the question cannot be answered; what was shown before stays.
    """

    counted = Signal(int, bool)
    opening = Signal()
    opened = Signal(bool, object)
    summed = Signal()
    folding = Signal(object)
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
        self._rows: GroupRows | None = None
        self._look = Look()
        self.figures = RecordFigures(self, jobs, self._reading, self._summed)
        self._pages = Pages()
        self.listed = 0  # rows of records and groups
        self._asked = 0
        self._shown = 0
        self._opening = 0
        self._asking: dict[Job, Query] = {}
        self._again = False
        self._fetching = False
        self._visible = (0, 0)
        self._today: date | None = None
        self._drafts = Drafts(self._repaint)

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
        """Whether a listing, a page or figures are on their way."""
        return self._opening > 0 or self._fetching or self.figures.busy

    def ask(self, where: str = "", sort: Sequence[Sort] = (), groups: Sequence[Group] = (), search: str = "") -> None:
        """Show other records, or in another order; the first page comes before the rest is known."""
        self._wanted = self._session.query(self.form.id, where, tuple(sort), groups=tuple(groups), search=search)
        for job, query in list(self._asking.items()):
            if query != self._wanted:
                job.cancel()
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

    def show_footers(self, footers: Mapping[str, str]) -> None:
        """Sum up other columns: field -> name of the summary."""
        if dict(footers) != dict(self._look.footers):
            self._look = replace(self._look, footers=dict(footers))
            if self._listing is not None:
                self.figures.ask(self._listing.query, footers)
            self.summed.emit()

    def show_colours(self, colours: Sequence[tuple[str, int, str]]) -> None:
        """Colour records by other rules: (formula, hue, field or ""), the strongest first."""
        if tuple(colours) != self._look.colours:
            self._look = replace(self._look, colours=tuple(colours))
            if self._listing is not None:
                self.refresh()

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
        query, number, look = self._wanted, self._asked, self._look
        new = self._listing is None or self._listing.query != query
        pages = (0,) if new else self._pages_seen()
        anchors = tuple(self.anchors())
        reading, complete = self._reading, not (fresh and new)
        self._opening += 1
        job = self._jobs.start(
            self,
            lambda _progress: reading.open(query, complete, pages, anchors, look),
            lambda opened: self._arrived(number, opened, job),
            lambda error: self._refused(error, job),
            lane="free",
            cancelled=lambda: self._settle(job),
        )
        self._asking[job] = query

    def _arrived(self, number: int, opened: Opened, job: Job) -> None:
        self._settle(job)
        if number < self._shown or opened.listing.query != self._wanted:
            return
        self._shown = number
        new = self._listing is None or self._listing.query != opened.listing.query
        self._today = opened.today
        self._take(opened, new)
        if not opened.listing.complete:
            self._open(fresh=False)

    def _settle(self, job: Job) -> None:
        self._asking.pop(job, None)
        self._opening -= 1
        if self._again:
            self._again = False
            self._open(fresh=True)

    def _refused(self, error: UserError, job: Job) -> None:
        self._settle(job)
        self.failed.emit(error)

    def _take(self, opened: Opened, new: bool) -> None:
        self.opening.emit()
        if new:
            self._pages.clear()
            self._visible = (0, 0)
        self._listing = opened.listing
        self._rows = opened.rows
        if self._rows is not None and self._rows.folded != self._look.folded:
            self._rows.fold(self._look.folded)
        count = len(opened.listing)
        self._pages.drop_from(count)
        for page in opened.pages:
            self._keep(page)
        self._set_count(count if self._rows is None else len(self._rows))
        self._changed()
        self._take_figures(opened)
        self.counted.emit(count, opened.listing.complete or self._rows is not None)
        self.opened.emit(new, opened.places)
        self._fetch()

    def _changed(self) -> None:
        if self.listed:
            self.dataChanged.emit(self.index(0, 0), self.index(self.listed - 1, max(0, len(self.fields) - 1)))

    def _set_count(self, count: int) -> None:
        """Rows come and go at the end: positions have no identity, records have."""
        if count > self.listed:
            self.beginInsertRows(QModelIndex(), self.listed, count - 1)
            self.listed = count
            self.endInsertRows()
        elif count < self.listed:
            self.beginRemoveRows(QModelIndex(), count, self.listed - 1)
            self.listed = count
            self.endRemoveRows()

    # Groups

    def group(self, position: int) -> GroupRow | None:
        """The group whose row this is; None for records."""
        return self._rows.group(position) if self._rows is not None else None

    @property
    def grouped(self) -> bool:
        """Whether the records stand in groups."""
        return self._rows is not None

    def fold(self, path: Path, folded: bool) -> None:
        """Show or hide what is in a group."""
        self.show_folded(self._look.folded | {path} if folded else self._look.folded - {path})

    def fold_all(self, folded: bool, level: int | None = None) -> None:
        """Show or hide what is in all groups, or in those of one level."""
        if self._rows is not None:
            every = {path for path in self._rows.paths if level is None or len(path) == level + 1}
            self.show_folded(self._look.folded | every if folded else self._look.folded - every)

    def show_folded(self, folded: AbstractSet[Path]) -> None:
        """Show these groups as no more than their own row, all others open."""
        self._look = replace(self._look, folded=frozenset(folded))
        self.folding.emit(self._look.folded)
        rows = self._rows
        if rows is None or rows.folded == self._look.folded:
            return
        anchors = {n: self._pages.find(n) for n in self.anchors()}
        self.opening.emit()
        rows.fold(self._look.folded)
        self._set_count(len(rows))
        self._changed()
        places = {n: rows.position(index) for n, index in anchors.items() if index is not None}
        self.opened.emit(False, places)
        self._fetch()

    def place_of(self, path: Path) -> int | None:
        """The row of a group; None where it is not shown."""
        return self._rows.place_of(path) if self._rows is not None else None

    def index_of(self, position: int) -> int:
        """The place of a row's record among the records; -1 for the row of a group."""
        return position if self._rows is None else self._rows.index(position)

    def spans_of(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Rows (first, last) as places of records (first, last), groups left out."""
        rows = self._rows
        return list(spans) if rows is None else [part for first, last in spans for part in rows.spans(first, last)]

    def records_in(self, spans: Sequence[tuple[int, int]]) -> int:
        """How many records stand in these rows (first, last)."""
        return sum(last - first + 1 for first, last in self.spans_of(spans))

    # Figures

    @property
    def footers(self) -> Mapping[str, str]:
        """Field -> name of its summary."""
        return self._look.footers

    def _take_figures(self, opened: Opened) -> None:
        query, groups = opened.listing.query, opened.listing.groups
        if groups is not None and opened.look.footers == self._look.footers:
            self.figures.take(query, opened.look.footers, groups.figures)
        else:
            self.figures.ask(query, self._look.footers)

    def _summed(self) -> None:
        self.summed.emit()
        if self._rows is not None:
            self._changed()

    # Pages

    def _pages_seen(self) -> Sequence[int]:
        first, last = self._visible
        if self._rows is None:
            return range(first // PAGE, last // PAGE + 1)
        spans = self._rows.spans(first, last)
        return sorted({page for low, high in spans for page in range(low // PAGE, high // PAGE + 1)})

    def _fetch(self) -> None:
        listing = self._listing
        if listing is None or self._fetching or not self.listed:
            return
        end = (listing.ready - 1) // PAGE
        seen = [page for page in self._pages_seen() if page <= end]
        missing = self._pages.missing(seen, listing)
        if not missing:
            return
        self._fetching = True
        work = partial(self._reading.pages, listing, missing, self._look)
        self._jobs.start(self, lambda _progress: work(), self._landed, self._lost, lane="free")

    def _landed(self, pages: Sequence[Page]) -> None:
        self._fetching = False
        for page in pages:
            if page.listing is self._listing and page.rows:
                self._keep(page)
                top, bottom = self._rows_of(page)
                if bottom >= top and self.fields:
                    self.dataChanged.emit(self.index(top, 0), self.index(bottom, len(self.fields) - 1))
        self._fetch()

    def _rows_of(self, page: Page) -> tuple[int, int]:
        """The rows, first and last, that a page may have changed."""
        top = page.number * PAGE
        if self._rows is not None:
            return self._visible[0], min(self._visible[1], self.listed - 1)
        return top, min(top + len(page.rows), self.listed) - 1

    def _lost(self, error: UserError) -> None:
        self._fetching = False
        self.failed.emit(error)

    def _keep(self, page: Page) -> None:
        self._pages.put(page, max(0, self.index_of(self._visible[0])) // PAGE)
        self._drafts.landed(page.rows)

    # Records and cells

    @property
    def today(self) -> date | None:
        """The day that dates are written for."""
        return self._today

    def record(self, position: int) -> Row | None:
        """The record at this position; None while it has not landed, and for the row of a group."""
        index = self.index_of(position)
        return self._pages.row(index) if index != NO_RECORD else None

    def tint(self, position: int) -> Tint:
        """The colours of the record at this position."""
        index = self.index_of(position) if self._look.colours else NO_RECORD
        return self._pages.tint(index) if index != NO_RECORD else NO_TINT

    def position(self, number: int) -> int | None:
        """Where the record with this `_n` stands, as far as pages are here and its group is open."""
        index = self._pages.find(number)
        return index if index is None or self._rows is None else self._rows.position(index)

    def find(self, number: int, then: Callable[[int | None], None]) -> None:
        """Look up where the record with this `_n` stands in the whole listing; its groups are opened."""
        listing, reading = self._listing, self._reading
        if listing is None:
            then(None)
            return

        def found(index: int | None) -> None:
            rows = self._rows
            path = rows.path_of(index) if rows is not None and index is not None else None
            if rows is None or index is None or path is None:
                then(index)
                return
            self.show_folded(self._look.folded - {path[: depth + 1] for depth in range(len(path))})
            then(rows.position(index))

        self._jobs.start(self, lambda _progress: reading.place(listing, number), found, lane="free")

    def reader(self, spans: Sequence[tuple[int, int]]) -> Callable[[Progress], list[Row]]:
        """Work that reads the records at these positions (first, last) of what is listed now, groups left out."""
        listing, reading, wanted = self._listing, self._reading, self.spans_of(spans)
        return lambda progress: [] if listing is None else reading.rows(listing, wanted, progress)

    def places(self) -> RecordPlaces:
        """Which record stands in which row now, for work on other threads."""
        return RecordPlaces(self._listing, self._reading, self._rows)

    def value(self, row: Row, field: Field) -> Any:
        """The value of a cell as the person gave it last."""
        draft = self._drafts.get((row.id, field.id))
        return draft.value if draft is not None else row.values.get(field.id)

    def draft(self, row: Row, field: Field) -> Draft | None:
        """What a person gave the cell and the store has not confirmed."""
        return self._drafts.get((row.id, field.id)) if self._drafts else None

    def set_draft(self, row: UUID, field_id: str, draft: Draft | None) -> None:
        """Keep, or with None drop, what a person gave a cell."""
        self._drafts.keep(row, field_id, draft)

    def confirm(self, keys: Sequence[tuple[UUID, str]], seq: int) -> None:
        """The store wrote these cells in commit `seq`; 0 = there was nothing to write."""
        self._drafts.confirm(keys, seq)
        self._drafts.landed(self._pages.rows())  # it may have been read before the answer came

    @property
    def drafts(self) -> Mapping[tuple[UUID, str], Draft]:
        """(record, field) -> what the store has not confirmed."""
        return self._drafts

    def text(self, position: int, field: Field) -> str:
        """A cell as people read it; "" for blank, "…" while it has not landed."""
        row = self.record(position)
        if row is None:
            return SKELETON
        draft = self.draft(row, field)
        if draft is not None:
            return draft.title or self.words(field, draft.value)
        if field.id in row.updating:
            return updating()
        if field.id in row.errors:
            return shown_error(row.errors[field.id])
        return self.stored_text(position, row, field)

    def stored_text(self, position: int, row: Row, field: Field) -> str:
        """A cell of a record as the store has it, as people read it; made once."""
        texts, key = self._pages.texts(self.index_of(position)), field.id
        if key not in texts:
            texts[key] = row.titles.get(key, "") if field.target else self.words(field, row.values.get(key))
        return texts[key]

    def words(self, field: Field, value: Any) -> str:
        """A value as people say it: dates near today in words."""
        return cell_words(field, value, self._today)

    def _repaint(self, row_id: UUID) -> None:
        first, last = self._visible
        for position in range(first, min(last + 1, self.listed)):
            row = self.record(position)
            if row is not None and row.id == row_id:
                self.dataChanged.emit(self.index(position, 0), self.index(position, len(self.fields) - 1))

    # QAbstractTableModel

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many rows are listed: records and groups."""
        return 0 if parent.isValid() else self.listed

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many fields are shown."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = ROLE.DisplayRole) -> Any:
        """The text of a cell, its alignment, and what is wrong with it."""
        if not index.isValid() or index.row() >= self.listed:
            return None
        field = self.fields[index.column()]
        if role in READ:
            group = self.group(index.row())
            return self.text(index.row(), field) if group is None else group_sentence(self, group, index.column())
        if role == ROLE.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if field.kind.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        """Names of fields; numbers of rows."""
        if role not in READ:
            return None
        if orientation == Qt.Orientation.Vertical:
            number = self.index_of(section) + 1 if 0 <= section < self.listed else 0
            return f"{number:,}" if number else None
        return self.fields[section].name if 0 <= section < len(self.fields) else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Cells can be selected; editing is the grid's own business."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
