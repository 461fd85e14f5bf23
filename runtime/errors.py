"""The two ways to say that something is wrong: `Problem` (a value) and `UserError` (the world says no).

A `Problem` is shown at its place and never raised. A `UserError` is raised deep and shown once, at one boundary.
Anything else that is raised is a bug and ends in the crash dialog.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from resources.texts import PluralText, T, Text

Sentence = Text | PluralText | str
"""What people read: translatable, or a text of their own that no catalogue holds."""


class Severity(StrEnum):
    """How much a problem stops."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A value or a definition is wrong, and where.

    Attributes:
        where: id of the field, node, column or row that carries the problem; "" is the whole thing.
        code: stable snake_case name, for tests, scripts and the server.
        message: what is wrong and what to do, in the user's words.
        severity: errors stop a save or a publish, warnings do not.
        row: id of the record that carries the problem, where several were changed at once.
    """

    where: str
    code: str
    message: Sentence
    severity: Severity = Severity.ERROR
    row: UUID | None = None

    @property
    def stops(self) -> bool:
        """Whether this problem forbids what was asked."""
        return self.severity is Severity.ERROR


class UserError(Exception):
    """The world says no: file unreadable, wrong key, disk full, no right.

    Attributes:
        code: stable snake_case name.
        message: what happened, in the user's words.
        hint: what to do next; may be "".
    """

    code = "user_error"

    def __init__(self, message: Sentence, hint: Sentence = "", code: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return run_on(self.message, self.hint)


def run_on(*sentences: Sentence) -> str:
    """Sentences one after the other, those that are not empty; no space follows a Chinese full stop."""
    return " ".join(filter(None, map(str, sentences))).replace("。 ", "。")


class Refused(UserError):
    """A change was refused by checks; `problems` says where and why, and nothing was written."""

    code = "refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0].message if problems else T("Nothing was saved.")
        super().__init__(first)
        self.problems = problems

    def __str__(self) -> str:
        return "; ".join(dict.fromkeys(str(problem.message) for problem in self.problems)) or str(self.message)


class Cancelled(Exception):
    """Work was cancelled by the person who started it; nothing half done is left behind."""


_REASONS = {
    errno.ENOENT: T("There is no such file or folder."),
    errno.EACCES: T("You have no right to it."),
    errno.EPERM: T("You have no right to it."),
    errno.EROFS: T("The disk is read-only."),
    errno.ENOSPC: T("The disk is full."),
    errno.EISDIR: T("It is a folder."),
    errno.ENOTDIR: T("It is no folder."),
    errno.EEXIST: T("It exists already."),
}


def reason_of_system(error: OSError) -> Sentence:
    """Why the system refused, in the language of the user where the reason is a usual one."""
    return _REASONS.get(error.errno or 0) or str(error.strerror or error)
