"""What a file can be refused for: each refusal is one sentence and a hint."""

from __future__ import annotations

from resources.texts import T
from runtime.errors import Sentence, UserError


class CannotRead(UserError):
    """A file cannot be read as a workbook; subclasses say why."""

    code = "cannot_read"
    sentence: Sentence = ""
    advice: Sentence = ""

    def __init__(self, message: Sentence | None = None, hint: Sentence | None = None) -> None:
        super().__init__(message or self.sentence, hint or self.advice)


class FileUnreadable(CannotRead):
    """The operating system does not let us read the file."""

    code = "file_unreadable"
    sentence = T("The file cannot be opened.")
    advice = T("Check that it still exists and that no other program locks it.")


class FileEmpty(CannotRead):
    """The file has no bytes."""

    code = "file_empty"
    sentence = T("The file is empty.")
    advice = T("Open it in Excel, check what it holds and save it again.")


class NotAWorkbook(CannotRead):
    """The bytes are something else than a workbook."""

    code = "not_a_workbook"
    sentence = T("This is not an Excel workbook.")
    advice = T("Choose an .xlsx, .xls, .xlsb or .ods file, or open it in Excel and save it as .xlsx.")


class PasswordProtected(CannotRead):
    """The workbook is encrypted."""

    code = "password_protected"
    sentence = T("The workbook is protected with a password.")
    advice = T("Open it in Excel, remove the password under File, Info, Protect Workbook, and save it.")


class FileDamaged(CannotRead):
    """The file is cut off or its parts do not fit together."""

    code = "file_damaged"
    sentence = T("The file is damaged.")
    advice = T("Fetch it again, or open it in Excel, let Excel repair it and save it under a new name.")


class UnsafeArchive(CannotRead):
    """The archive inside the workbook is made to harm."""

    code = "unsafe_archive"
    sentence = T("The file is built like an attack, not like a workbook, and was not opened.")
    advice = T("Ask the sender for it, or open it in Excel and save it under a new name.")


class FileTooLarge(CannotRead):
    """More than this program reads at once."""

    code = "file_too_large"
    sentence = T("The workbook is too large to read.")
    advice = T("Split it into several files and import them one after the other.")


class ReadingTimedOut(CannotRead):
    """The reader did not finish in time."""

    code = "reading_timed_out"
    sentence = T("Reading the workbook took too long and was stopped.")
    advice = T("Save only the sheets that you need in a new workbook and try again.")


class NothingToImport(CannotRead):
    """A workbook without a single filled cell."""

    code = "nothing_to_import"
    sentence = T("No sheet of the workbook holds any rows.")
    advice = T("Check that you chose the right file.")
