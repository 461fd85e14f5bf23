"""The one boundary where trouble becomes words: notices for what the world refuses, the crash dialog for bugs.

Features never show a message box: they raise `UserError`, or post a notice. `notice_bar.py` and `kit/toast.py` draw.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from resources.texts import T
from runtime.errors import Cancelled, Sentence, UserError

log = logging.getLogger(__name__)


class Tone(StrEnum):
    """How a notice is meant."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class NoticeAction:
    """A button of a notice: what it says and does. Pressing it closes the notice."""

    label: Sentence
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the person, once.

    Attributes:
        tone: success goes away by itself; the others stay until they are closed or replaced.
        message: what happened.
        hint: what to do next; may be "".
        code: stable name; a newer notice of the same code replaces the older one.
    """

    tone: Tone
    message: Sentence
    hint: Sentence = ""
    actions: tuple[NoticeAction, ...] = ()
    code: str = ""

    @property
    def fleeting(self) -> bool:
        """Whether it goes away by itself."""
        return self.tone is Tone.SUCCESS


class Notices(QObject):
    """The funnel; safe to call from any thread.

    Signals:
        posted(Notice): show it.
        withdrawn(str): what the notice of this code said no longer holds.
        crashed(BaseException): a bug; the crash dialog shows it.
    """

    posted = Signal(object)
    withdrawn = Signal(str)
    crashed = Signal(object)

    def info(self, message: Sentence, hint: Sentence = "", *actions: NoticeAction, code: str = "") -> None:
        """Say something worth knowing."""
        self.post(Notice(Tone.INFO, message, hint, actions, code))

    def success(self, message: Sentence, undo: Callable[[], None] | None = None) -> None:
        """Say that something was done, with an Undo button where it can be undone."""
        actions = () if undo is None else (NoticeAction(T("Undo"), undo),)
        self.post(Notice(Tone.SUCCESS, message, actions=actions))

    def warning(self, message: Sentence, hint: Sentence = "", *actions: NoticeAction, code: str = "") -> None:
        """Say that something needs attention."""
        self.post(Notice(Tone.WARNING, message, hint, actions, code))

    def danger(self, message: Sentence, hint: Sentence = "", *actions: NoticeAction, code: str = "") -> None:
        """Say that something did not work."""
        self.post(Notice(Tone.DANGER, message, hint, actions, code))

    def post(self, notice: Notice) -> None:
        """Show a notice."""
        self.posted.emit(notice)

    def withdraw(self, code: str) -> None:
        """Take back the notice of this code, because what it said no longer holds."""
        self.withdrawn.emit(code)

    def report(self, error: BaseException) -> None:
        """Show what was raised: a `UserError` as a notice, `Cancelled` not at all, anything else as a crash."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            log.info("refused: %s", error.code)
            self.danger(error.message, error.hint, code=error.code)
        else:
            log.error("a bug: %s", type(error).__name__, exc_info=error)
            self.crashed.emit(error)

    @contextmanager
    def boundary(self) -> Iterator[None]:
        """Whatever is raised inside the block is reported and goes no further."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the boundary
            self.report(error)

    def excepthook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """For `sys.excepthook`: what a slot raised and nobody caught."""
        self.report(error)
