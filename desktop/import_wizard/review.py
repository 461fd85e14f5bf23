"""The review: sheets at the left, the first rows as they will be stored, and what was not sure."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.column_head import HeadState, PreviewHeader
from desktop.import_wizard.doubt_list import WIDTH as DOUBTS
from desktop.import_wizard.doubt_list import DoubtList
from desktop.import_wizard.flow import ImportFlow
from desktop.import_wizard.preview_table import WIDEST, PreviewTable
from desktop.import_wizard.sheet_list import WIDTH as SHEETS
from desktop.import_wizard.sheet_list import SheetList
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.exchange.plan import ImportPlan
from runtime.fields import field_type
from runtime.ui.icons import icon
from runtime.ui.kit.words import ElidedWords, rule

ROOM = SIZES.xxl * 9
"""Width below which the preview would be too narrow beside the doubts: they go under it."""


class Review(QWidget):
    """Draws a plan and asks the flow to change it.

    Signals:
        judged(list): what is wrong with the plan now.
    """

    judged = Signal(object)

    def __init__(self, flow: ImportFlow) -> None:
        super().__init__()
        self._flow = flow
        self._shown: tuple[str, int] = ("", 0)
        self._sizing = QTimer(self)
        self._sizing.setSingleShot(True)
        self._sizing.setInterval(0)
        self._sizing.timeout.connect(self._size)
        self._widths: list[int] = []
        self._faults: list[steps.Fault] = []
        self._doubted: set[int] = set()
        self.sheets = SheetList()
        self.doubts = DoubtList()
        self.table = PreviewTable()
        self.header = PreviewHeader(self.table)
        self.table.setHorizontalHeader(self.header)
        self.header.made.connect(self._fill)
        self._caption = ElidedWords("", "secondary")
        self._lay_out()
        self.sheets.chosen.connect(flow.show_sheet)
        self.sheets.ticked.connect(lambda sheet, on: flow.change(lambda plan: steps.with_sheet(plan, sheet, on)))
        self.sheets.renamed.connect(lambda sheet, name: flow.change(lambda plan: plan.rename(sheet, None, name)))
        self.doubts.chose.connect(lambda doubt, choice: flow.change(lambda plan: plan.choose(doubt, choice)))
        self.doubts.looked_at.connect(self._look)
        flow.planned.connect(self.refresh)
        flow.previewed.connect(self.show_preview)
        flow.counted.connect(self._fill_all)
        self.refresh()
        self.show_preview()

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._caption.setFixedHeight(SIZES.toolbar)
        above = QHBoxLayout()
        above.setContentsMargins(SIZES.m, 0, SIZES.m, 0)
        above.addWidget(self._caption)
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
        self.doubts.setFixedWidth(DOUBTS if beside else self.width() - SHEETS - SIZES.hair)

    # The plan

    @property
    def _plan(self) -> ImportPlan:
        plan = self._flow.plan
        assert plan is not None
        return plan

    def refresh(self) -> None:
        """Show the plan that holds now."""
        self._faults = found = steps.faults(self._plan)
        self._doubted = steps.doubted(self._plan, self._flow.sheet)
        self.sheets.show_plan(self._plan, self._flow.sheet, found)
        self.doubts.show_plan(self._plan)
        self._fill_all()
        self.judged.emit(found)

    def show_preview(self) -> None:
        """Show the rows that were converted."""
        preview = self._flow.preview
        if preview is None or len(preview.columns) != len(self._plan.sheet(preview.sheet).columns):
            return
        shown = (preview.sheet, len(preview.columns))
        if shown != self._shown:
            self.header.forget()
        sheet = self._plan.sheet(preview.sheet)
        self.table.model_.show(preview, sheet.title_column)
        self._widths = [self.table.painter.width(preview, section) for section in range(len(preview.columns))]
        fields = sum(column.include for column in sheet.columns)
        said = _(
            "{fields} of {columns} fields  ·  the first {n} of {records}, as they will be stored",
            fields=fields, columns=len(sheet.columns), n=preview.height, records=steps.counted_records(sheet.rows),
        )  # fmt: skip
        self._caption.setText(said)
        if shown != self._shown:
            self._shown = shown
            self.table.horizontalScrollBar().setValue(0)
        self.header.place()
        self._fill_all()

    def _size(self) -> None:
        preview = self.table.model_.preview
        if preview is None:
            return
        for section in range(len(preview.columns)):
            wide = self._widths[section]
            head = self.header.heads.get(section)
            wide = max(wide, min(WIDEST, head.width())) if head is not None else wide
            if wide > self.header.sectionSize(section) or section not in self._sized:
                self.header.resizeSection(section, wide)
        self.header.place()

    @property
    def _sized(self) -> set[int]:
        return set(self.header.heads)

    # Heads

    def _fill_all(self) -> None:
        preview = self.table.model_.preview
        if preview is None or preview.sheet != self._flow.sheet:
            return
        if len(preview.columns) == len(self._plan.sheet(self._flow.sheet).columns):
            for section in list(self.header.heads):
                self._show_state(section)
            self._sizing.start()

    def _fill(self, section: int) -> None:
        head = self.header.heads[section]
        sheet = self._flow.sheet
        flow = self._flow
        head.ticked.connect(lambda on: flow.change(lambda plan: steps.with_column(plan, sheet, section, on)))
        head.renamed.connect(lambda name: flow.change(lambda plan: plan.rename(sheet, section, name)))
        head.title_asked.connect(lambda: flow.change(lambda plan: plan.with_title(sheet, section)))
        head.types_asked.connect(lambda: self._ask_type(section))
        head.doubt_asked.connect(lambda: self._ask_doubt(section))
        head.focused.connect(lambda: self.header.show_section(section))
        self._show_state(section)
        self._sizing.start()

    def _show_state(self, section: int) -> None:
        sheet = self._plan.sheet(self._flow.sheet)
        if section >= len(sheet.columns):
            return
        column = sheet.columns[section]
        wrong = next((f.message for f in self._faults if (f.sheet, f.place) == (sheet.sheet, section)), "")
        state = HeadState(
            column.label, steps.type_label(column), field_type(column.field_type).icon,
            column.include, sheet.title_column == section, section in self._doubted,
            self._flow.misfits(column), wrong,
        )  # fmt: skip
        self.header.heads[section].show_state(state)

    def _ask_type(self, section: int) -> None:
        sheet = self._flow.sheet
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        menu.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        menu.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        now = self._plan.sheet(sheet).columns[section].field_type
        for offer in steps.type_offers(self._plan, sheet, section):
            current = offer.id == now or (not offer.id and now == "relation")
            action = QAction(
                icon("check" if current else offer.icon, "accent" if current else "secondary"), offer.label, menu
            )
            action.setData(offer.id)
            action.triggered.connect(
                lambda _on=False, chosen=offer.id: self._flow.change(
                    lambda plan: steps.with_type(plan, sheet, section, chosen)
                )
            )
            menu.addAction(action)
            if current:
                menu.setActiveAction(action)
        self.header.heads[section].open_types(menu)

    # Doubts

    def _ask_doubt(self, section: int) -> None:
        source = self._plan.sheet(self._flow.sheet).columns[section].source
        for doubt in steps.open_doubts(self._plan):
            if (doubt.sheet, doubt.column) == (self._flow.sheet, source):
                self.doubts.bring(doubt.id, focus=True)
                return

    def _look(self, sheet: str, source: int | None) -> None:
        """Show the column that a doubt is about."""
        self._flow.show_sheet(sheet)
        for section, column in enumerate(self._plan.sheet(sheet).columns):
            if column.source == source:
                self.header.show_section(section)
                return
