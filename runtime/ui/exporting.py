"""`Exporting`: takes a page through an export: what, where to, the work in the background, and the file at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from resources.texts import TN, T, _
from runtime.dates import local_zone
from runtime.errors import Sentence
from runtime.exchange.export.export import About, Export, Exported, Format, export
from runtime.form import Form
from runtime.session import Session
from runtime.store.query import Group, Sort
from runtime.ui.export_panel import ALL_FIELDS, CHOSEN, Choices, ExportPanel
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notice, NoticeAction, Notices, Tone
from runtime.work import Progress

KEPT = "export/last"
NOTICE = "exported"
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows.

    Attributes:
        where: the formula that the records meet.
        search: the words that they hold.
        fields: ids of the columns in their order.
        count: how many records are listed; -1 = not known yet.
        chosen: how many records are chosen.
        numbers: work that finds `_n` of the chosen records.
        view: name of the view; "" where it has none.
        filter: the filter in words.
        groups: by which the records stand together.
        footers: field id -> name of the summary of the groups.
    """

    form: Form
    where: str
    sorts: tuple[Sort, ...]
    fields: tuple[str, ...]
    count: int
    chosen: int
    numbers: Callable[[Progress], Sequence[int]]
    view: str = ""
    filter: str = ""
    search: str = ""
    groups: tuple[Group, ...] = ()
    footers: Mapping[str, str] = field(default_factory=dict)


class Exporting(QObject):
    """Exports what a page shows.

    Args:
        page: over which the person is asked.
        open_file: shows a file or a folder in the program of the system.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        notices: Notices,
        page: QWidget,
        open_file: Callable[[Path], None] | None = None,
    ) -> None:
        super().__init__(page)
        self._session = session
        self._jobs = jobs
        self._notices = notices
        self._page = page
        self._open = open_file or _open_file
        self.panel: ExportPanel | None = None
        self.dialog: QFileDialog | None = None

    def ask(self, anchor: QWidget, shown: Shown) -> None:
        """Ask what and how, then where to, then do it."""
        session = self._session

        def kept(_progress: Progress) -> Choices:
            return Choices.from_json(session.kept(KEPT).get(KEPT))

        self._jobs.start(self, kept, partial(self._ask_how, anchor, shown), lane="free")

    def _ask_how(self, anchor: QWidget, shown: Shown, last: Choices) -> None:
        grouped = bool(shown.groups and shown.footers)
        panel = ExportPanel(
            anchor, last, shown.count, shown.chosen, subforms=bool(shown.form.subforms), grouped=grouped
        )
        panel.accepted.connect(partial(self._ask_where, shown))
        panel.closed.connect(self._closed)
        self.panel = panel
        panel.ask()

    def _closed(self) -> None:
        if self.panel is not None:
            self.panel.deleteLater()
            self.panel = None

    def _ask_where(self, shown: Shown, choices: Choices) -> None:
        folder = Path(choices.folder) if choices.folder else _documents()
        name = f"{file_name(shown.view or shown.form.name)}.{choices.format}"
        kind = _("Excel workbook (*.xlsx)") if choices.format == "xlsx" else _("CSV file (*.csv)")
        dialog = QFileDialog(self._page.window(), _("Export to"), str(folder / name), kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(choices.format)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.run(shown, choices, Path(path)))
        dialog.destroyed.connect(self._no_dialog)
        self.dialog = dialog
        dialog.open()

    def _no_dialog(self) -> None:
        self.dialog = None

    def run(self, shown: Shown, choices: Choices, path: Path) -> None:
        """Export to `path`; a file that is there already is replaced: the dialog asked."""
        session, form = self._session, shown.form
        wanted = Export(
            form.id, shown.where, shown.sorts,
            fields=None if choices.what == ALL_FIELDS else shown.fields,
            format=Format(choices.format), search=shown.search,
            subforms=choices.subforms and choices.format == "xlsx",
            about=About(shown.view, shown.filter) if choices.about else None,
            delimiter=choices.delimiter, encoding=choices.encoding, raw=choices.raw,
            groups=shown.groups if choices.groups and choices.what != CHOSEN else (), footers=shown.footers,
        )  # fmt: skip

        def work(progress: Progress) -> Exported:
            numbers = shown.numbers(progress) if choices.what == CHOSEN else None
            return export(session, replace(wanted, numbers=numbers), path, progress, replace=True)

        keep = replace(choices, folder=str(path.parent)).as_json()
        self._jobs.start(self, lambda _progress: session.keep(KEPT, keep), change="short")
        label = T("Exporting “{form}”", form=form.name)
        self._jobs.start(self, work, self._done, lane="free", label=label, change="long")

    def _done(self, done: Exported) -> None:
        message: Sentence = TN("Exported {n} record", "Exported {n} records", done.records)
        actions = (
            NoticeAction(T("Show in folder"), partial(self._open, done.path.parent)),
            NoticeAction(T("Open"), partial(self._open, done.path)),
        )
        remarks = done.remarks()
        if remarks:
            self._notices.post(Notice(Tone.WARNING, message, _together(remarks), actions, NOTICE))
        else:
            self._notices.post(Notice(Tone.SUCCESS, message, actions=actions))


def file_name(name: str) -> str:
    """`name` and today as the name of a file on every system."""
    clean = " ".join(_UNFIT.sub(" ", name).split()).strip(". ")[:80] or "Formwork"
    return f"{clean} {datetime.now(local_zone()).date().isoformat()}"


def _together(remarks: Sequence[Sentence]) -> str:
    return " ".join(map(str, remarks))


def _documents() -> Path:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found and Path(found).is_dir() else Path.home()


def _open_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
