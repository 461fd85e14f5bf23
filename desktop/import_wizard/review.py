"""The review: sheets at the left, the first rows as they will be stored, and what was not sure."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.column_head import HeadState, PreviewHeader
from desktop.import_wizard.doubt_list import WIDTH as DOUBTS
from desktop.import_wizard.doubt_list import DoubtList
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.flow import ImportFlow
from desktop.import_wizard.pickers import Offer, field_offers, form_offers, menu_of
from desktop.import_wizard.preview import Preview
from desktop.import_wizard.preview_table import WIDEST, PreviewTable
from desktop.import_wizard.sheet_list import WIDTH as SHEETS
from desktop.import_wizard.sheet_list import SheetList
from desktop.import_wizard.text_options import TextOptions
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.exchange.importing.aim import Aim
from runtime.fields import field_type
from runtime.ui.kit.words import ElidedWords, rule
from runtime.ui.turns import next_turn

ROOM = SIZES.xxl * 9
"""Width below which the preview would be too narrow beside the doubts: they go under it."""
AT_ONCE = 24
"""Columns that are measured in one turn of the event loop."""


class Review(QWidget):
    """Draws a draft and asks for changes of it.

    Signals:
        judged(list): what is wrong with the draft now.
    """

    judged = Signal(object)

    def __init__(self, flow: ImportFlow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = flow
        self._work = flow.draft
        self._shown: tuple[str, str, int] = ("", "", 0)
        self._sizing = QTimer(self)
        self._sizing.setSingleShot(True)
        self._sizing.setInterval(0)
        self._sizing.timeout.connect(self._size)
        self._widths: dict[int, int] = {}
        self._faults: list[steps.Fault] = []
        self._doubted: set[int] = set()
        self.sheets = SheetList(self)
        self.doubts = DoubtList(self)
        self.table = PreviewTable(self)
        self.header = PreviewHeader(self.table)
        self.table.setHorizontalHeader(self.header)
        self.header.made.connect(self._fill)
        self._caption = ElidedWords("", "secondary")
        self.text_options = TextOptions(flow)
        self._lay_out()
        self._connect()
        self.text_options.refresh()
        self.refresh()
        self.show_preview()

    def _connect(self) -> None:
        work = self._work
        self.sheets.chosen.connect(work.show_sheet)
        self.sheets.ticked.connect(lambda sheet, on: work.change(lambda plan: steps.with_sheet(plan, sheet, on)))
        self.sheets.renamed.connect(lambda sheet, name: work.change(lambda plan: plan.rename(sheet, None, name)))
        self.sheets.target_asked.connect(self._ask_form)
        self.doubts.chose.connect(work.answer)
        self.doubts.looked_at.connect(self._look)
        work.planned.connect(self.refresh)
        work.previewed.connect(self._previewed)
        work.counted.connect(self._fill_all)

    def _lay_out(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._caption.setFixedHeight(SIZES.toolbar)
        above = QHBoxLayout()
        above.setContentsMargins(SIZES.m, 0, SIZES.m, 0)
        above.addWidget(self._caption, 1)
        above.addWidget(self.text_options)
        column.addLayout(above)
        column.addWidget(rule())
        column.addWidget(self.table, 1)
        middle.setProperty("role", "surface")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(0)
        self._body.addWidget(middle, 3)
        self._line = rule(upright=True)
        self._body.addWidget(self._line)
        self._under = rule()
        self._body.addWidget(self._under)
        self._body.addWidget(self.doubts, 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sheets)
        layout.addWidget(rule(upright=True))
        layout.addLayout(self._body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The doubts stand beside the preview where there is room, else below."""
        super().resizeEvent(event)
        beside = self.width() - SHEETS - DOUBTS >= ROOM
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._line.setVisible(beside)
        self._under.setVisible(not beside)
        self.doubts.setFixedWidth(DOUBTS if beside else max(0, self.width() - SHEETS - SIZES.hair))

    # The draft

    @property
    def _draft(self) -> Draft:
        draft = self._work.now
        assert draft is not None
        return draft

    @property
    def _aim(self) -> Aim | None:
        """Where the sheet in front goes; None = it becomes a form."""
        return self._draft.aims.get(self._work.sheet)

    def refresh(self) -> None:
        """Show the draft that holds now."""
        if self._work.now is None:
            return
        draft = self._draft
        self._faults = found = steps.all_faults(draft, self._work.session)
        self._doubted = steps.all_doubted(draft, self._work.sheet)
        self.sheets.show_draft(draft, self._work.sheet, found)
        self.doubts.show_draft(draft)
        self._fill_all()
        self.judged.emit(found)

    def _fits(self, preview: Preview | None) -> bool:
        """Whether a preview is of the sheet in front as it is aimed now."""
        if preview is None or self._work.now is None or preview.sheet != self._work.sheet:
            return False
        if preview.form != self._draft.target(preview.sheet):
            return False
        return bool(preview.form) or len(preview.columns) == len(self._draft.plan.sheet(preview.sheet).columns)

    def _previewed(self) -> None:
        next_turn(self, self.show_preview)

    def show_preview(self) -> None:
        """Show the rows that were converted."""
        preview = self._work.preview
        if preview is None or not self._fits(preview):
            return
        shown = (preview.sheet, preview.form, len(preview.columns))
        if shown != self._shown:
            self.header.forget()
        sheet = self._draft.plan.sheet(preview.sheet)
        self.table.model_.show(preview, -1 if preview.form else sheet.title_column)
        self._widths = {}
        fields = sum(column.plan.include for column in preview.columns)
        self._caption.setText(steps.preview_words(fields, preview, sheet.rows))
        if shown != self._shown:
            self._shown = shown
            self.table.horizontalScrollBar().setValue(0)
        self.header.place()
        self._fill_all()

    def _size(self, first: int = 0) -> None:
        """Give the columns from `first` the width that their cells and heads need."""
        preview = self.table.model_.preview
        if preview is None:
            return
        last = min(first + AT_ONCE, len(preview.columns))
        with self.header.resizing():
            for section in range(first, last):
                self._size_one(preview, section)
        if last < len(preview.columns):
            next_turn(self, partial(self._size, last))

    def _size_one(self, preview: Preview, section: int) -> None:
        if section not in self._widths:
            self._widths[section] = self.table.painter.width(preview, section)
        wide, head = self._widths[section], self.header.heads.get(section)
        wide = max(wide, min(WIDEST, head.width())) if head is not None else wide
        if wide > self.header.sectionSize(section) or head is None:
            self.header.resizeSection(section, wide)

    # Heads

    def _fill_all(self) -> None:
        if self._fits(self.table.model_.preview):
            for section in list(self.header.heads):
                self._show_state(section)
            self._sizing.start()

    def _fill(self, section: int) -> None:
        head = self.header.heads[section]
        sheet = self._work.sheet
        head.ticked.connect(partial(self._tick, sheet, section))
        head.renamed.connect(lambda name: self._work.change(lambda plan: plan.rename(sheet, section, name)))
        head.title_asked.connect(lambda: self._work.change(lambda plan: plan.with_title(sheet, section)))
        head.types_asked.connect(lambda: self._ask_type(section))
        head.doubt_asked.connect(lambda: self._ask_doubt(section))
        head.focused.connect(lambda: self.header.show_section(section))
        self._show_state(section)
        self._sizing.start()

    def _tick(self, sheet: str, section: int, on: bool) -> None:
        if self._aim is None:
            self._work.change(lambda plan: steps.with_column(plan, sheet, section, on))
        elif on:
            self._show_state(section)
            self._ask_type(section)
        else:
            self._work.aim(sheet, lambda aim: aim.with_field(section, ""))

    def _show_state(self, section: int) -> None:
        preview = self.table.model_.preview
        if preview is None or self._work.now is None or section >= len(preview.columns):
            return  # a head is made when it is seen, and the import may be over by then
        sheet = self._draft.plan.sheet(self._work.sheet)
        if self._aim is not None:
            self.header.heads[section].show_state(self._aimed_state(preview, section, self._aim))
            return
        column = sheet.columns[section]
        wrong = next((f.message for f in self._faults if (f.sheet, f.place) == (sheet.sheet, section)), "")
        state = HeadState(
            column.label, steps.type_label(column), field_type(column.field_type).icon,
            column.include, sheet.title_column == section, section in self._doubted,
            self._work.misfits(column), wrong,
        )  # fmt: skip
        self.header.heads[section].show_state(state)

    def _aimed_state(self, preview: Preview, section: int, aim: Aim) -> HeadState:
        column = preview.columns[section]
        included, key = column.plan.include, bool(aim.key) and aim.mode.keyed and aim.source_of(aim.key) == section
        name = column.plan.label if included else _("Leave out")
        return HeadState(
            column.plan.header, name, column.kind.icon if included else "eye_off", included, False,
            section in self._doubted, self._work.misfits(column.plan), "", fixed=True, key=key,
        )  # fmt: skip

    def _ask_type(self, section: int) -> None:
        """Let a person choose the type of a column, or the field that it goes into."""
        sheet, session = self._work.sheet, self._work.session
        if self._aim is not None and session is not None:
            form = session.form_of_id(self._aim.form)
            headers = self._draft.plan.source.tables[sheet].headers
            if form is not None:
                offers = field_offers(form, self._aim, section, headers, session)
                self._open(section, offers, self._aim.fields.get(section, ""), partial(self._put, sheet, section))
            return
        offers = [Offer(each.id, each.label, each.icon) for each in steps.type_offers(self._draft.plan, sheet, section)]
        column = self._draft.plan.sheet(sheet).columns[section]
        now = "" if column.relation is not None else column.field_type
        change = self._work.change
        self._open(
            section, offers, now,
            lambda chosen: change(lambda plan: steps.with_type(plan, sheet, section, chosen)),
        )  # fmt: skip

    def _put(self, sheet: str, section: int, field_id: str) -> None:
        self._work.aim(sheet, lambda aim: aim.with_field(section, field_id))

    def _open(self, section: int, offers: list[Offer], now: str, choose: object) -> None:
        menu = menu_of(offers, now, choose, self)  # type: ignore[arg-type]  # takes the id
        self.header.heads[section].open_types(menu)

    def _ask_form(self, sheet: str, place: QPoint) -> None:
        """Let a person choose the form that a sheet goes into."""
        menu: QMenu = menu_of(
            form_offers(self._draft, sheet), self._draft.target(sheet), partial(self._work.aim_at, sheet), self
        )
        menu.popup(place)

    # Doubts

    def _ask_doubt(self, section: int) -> None:
        source = section if self._aim is not None else self._draft.plan.sheet(self._work.sheet).columns[section].source
        for doubt in steps.all_doubts(self._draft):
            if (doubt.sheet, doubt.column) == (self._work.sheet, source):
                self.doubts.bring(doubt.id, focus=True)
                return

    def _look(self, sheet: str, source: int | None) -> None:
        """Show the column that a doubt is about."""
        self._work.show_sheet(sheet)
        if sheet in self._draft.aims:
            if source is not None:
                self.header.show_section(source)
            return
        for section, column in enumerate(self._draft.plan.sheet(sheet).columns):
            if column.source == source:
                self.header.show_section(section)
                return
