"""`Imports`: asks for table files, takes them through an import, and brings its result to the person."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.commands.undo import what_stays
from desktop.import_wizard import steps
from desktop.import_wizard.flow import Imported, ImportFlow, Phase
from desktop.import_wizard.page import ImportPage
from desktop.shell import Shell
from desktop.workspace_pages import default_folder
from resources.texts import T, _
from runtime.session import Session
from runtime.ui.notices import Notice, NoticeAction, Tone
from runtime.ui.page import Page
from runtime.ui.turns import next_turn
from runtime.work import Progress

PATTERNS = "*.xlsx *.xlsm *.xls *.xlsb *.ods *.csv *.tsv *.txt"
NOTICE = "imported"


class Imports(QObject):
    """The imports of one window, one at a time.

    Attributes:
        flow: the one under way, or the last one that left something out.

    Signals:
        flow_changed(ImportFlow | None): another file is on its way, or none.
    """

    flow_changed = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell if isinstance(shell, QObject) else None)
        self._shell = shell
        self.flow: ImportFlow | None = None
        self._folder = Path.home()
        self._told: object = None
        shell.jobs.changed.connect(self._look_at_notice)

    @property
    def under_way(self) -> bool:
        """Whether a file is on its way in."""
        return self.flow is not None and self.flow.phase is not Phase.DONE

    def choose(self, into: str = "") -> None:
        """Ask for files, then open them.

        Args:
            into: id of the form that they are for; "" leaves that to the review.
        """
        if self.flow is not None and self.flow.running:
            self._shell.show("import")
            return
        filters = [_("Tables ({patterns})", patterns=PATTERNS), _("All files (*)")]
        dialog = QFileDialog(QApplication.activeWindow(), _("Open an Excel file"), self._nearby())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda chosen: self.open(*map(Path, chosen), into=into))
        dialog.open()

    def _nearby(self) -> str:
        return str(self._folder if self._folder.is_dir() else Path.home())

    def open(self, *paths: Path, into: str = "") -> None:
        """Take `paths` in, in place of what was under way; a running import is not disturbed.

        Args:
            into: id of the form that they are for; "" leaves that to the review.
        """
        if self.flow is not None and self.flow.running:
            self._shell.notices.info(
                T("An import is running."), T("Wait until it is done, or cancel it."), code="import_running"
            )
        else:
            self._drop()
            self._shell.notices.withdraw(NOTICE)
            session = self._shell.session
            if session is not None and session.safety.read_only:
                session = None
            self._folder = paths[0].parent
            self.flow = ImportFlow(self._shell.jobs, paths, default_folder(), session, into, self)
            self.flow.done.connect(self._done)
            self.flow_changed.emit(self.flow)
            self.flow.read()
        self._shell.show("import")

    def page(self) -> Page:
        """The page that draws what is under way."""
        made = ImportPage(self._shell, self.choose, self.leave)
        made.follow(self.flow)
        self.flow_changed.connect(made.follow)
        return made

    def leave(self) -> None:
        """Give up what is under way, or close its result."""
        self._drop()
        self._shell.show("start" if self._shell.session is None else "apps")

    def workspace_left(self) -> None:
        """The open workspace goes away: an import into it stops, one that only reads goes on."""
        flow = self.flow
        if flow is None:
            return
        inside = flow.fills_forms or not flow.into_new
        if flow.phase in {Phase.DONE, Phase.CHECKED} or (flow.running and inside):
            self._drop()
        else:
            flow.draft.leave_workspace()
            flow.into_new = True

    def _drop(self) -> None:
        if self.flow is not None:
            if self.flow.job is not None:
                self.flow.job.cancel()
            self.flow.deleteLater()
            self.flow = None
            self.flow_changed.emit(None)

    # The result

    def _done(self, imported: Imported) -> None:
        flow, in_front, label = self.flow, self._in_front, imported.session.undo_label
        if imported.new:
            self.flow = None  # adopting closes the former workspace, not this import
            folder, shown = imported.session.folder, self._shell.adopt(imported.session)
            self.flow = flow
            if not shown:
                next_turn(self, partial(self._ready, imported, folder))
                return
        next_turn(self, partial(self._land, imported, label, in_front))

    def _ready(self, imported: Imported, folder: Path) -> None:
        """The workspace that was open is kept for what is not saved in it: say that the new one is there."""
        message, left = steps.what_happened(imported.report, imported.name), steps.left_words(imported.report)
        actions = [NoticeAction(T("Open"), partial(self._shell.open_workspace, folder))]
        if left:
            actions.insert(0, NoticeAction(T("Show them"), partial(self._shell.show, "import")))
        else:
            self._drop()
        self._shell.notices.post(Notice(Tone.INFO, message, left, tuple(actions), NOTICE))
        if self._in_front:
            self._shell.show("apps")

    @property
    def _in_front(self) -> bool:
        """Whether the person looks at the import; somebody who went on elsewhere is left alone."""
        return isinstance(self._shell.page, ImportPage)

    def _land(self, imported: Imported, label: object, in_front: bool) -> None:
        """The workspace is shown: say what happened and open its first form, where the person waits for that.

        Args:
            label: of the step of undo that the import is.
        """
        first = next(iter(imported.report.forms), None)
        self._say(imported, label, None if in_front or first is None else first.form)
        if in_front:
            self._shell.show("apps") if first is None else self._shell.open_form(first.form)

    def _say(self, imported: Imported, label: object, offered: str | None) -> None:
        """Say what happened; `offered` is the form that a button opens."""
        message, left = steps.what_happened(imported.report, imported.name), steps.left_words(imported.report)
        undo = partial(self._undo, imported.session, label)
        if not left:
            self._drop()
            if offered is None:
                self._shell.notices.success(message, undo)
                return
        actions = [NoticeAction(T("Undo"), undo)]
        if left:
            actions.insert(0, NoticeAction(T("Show them"), partial(self._shell.show, "import")))
        if offered is not None:
            actions.insert(0, NoticeAction(T("Open"), partial(self._shell.open_form, offered)))
        self._told = label
        tone = Tone.WARNING if left else Tone.INFO
        self._shell.notices.post(Notice(tone, message, left, tuple(actions), NOTICE))
        self._look_at_notice()

    def _look_at_notice(self) -> None:
        """The import may have been taken back in another way: then the notice offers what is done already."""
        session = self._shell.session
        if self._told is not None and (session is None or session.redo_label is self._told):
            self._told = None
            self._shell.notices.withdraw(NOTICE)

    def _undo(self, session: Session, label: object) -> None:
        """Take the import back, unless something was done since."""
        if self._shell.session is not session:
            return
        if session.undo_label is not label:
            self._shell.notices.info(
                T("You changed something since the import."), T("Undo that first with Ctrl+Z."), code=NOTICE
            )
            return

        def undo(_progress: Progress) -> bool:
            return session.undo()

        self._shell.jobs.start(self._shell.notices, undo, partial(self._undone, session), label=T("Undo"))

    def _undone(self, session: Session, _done: bool) -> None:
        if self.flow is not None and self.flow.phase is Phase.DONE:
            self._drop()
            self._shell.show("apps")
        if stays := what_stays(session):
            self._shell.notices.info(stays, code=NOTICE)
