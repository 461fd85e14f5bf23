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
    sentence = T("This file is neither a workbook nor a text file with a table.")
    advice = T("Choose an Excel, OpenDocument or CSV file, or open it in Excel and save it as .xlsx.")


class PasswordProtected(CannotRead):
    """The workbook is encrypted."""

    code = "password_protected"
    sentence = T("The workbook is protected with a password.")
    advice = T("Enter the password, or remove it in Excel under File, Info, Protect Workbook, and save the workbook.")


class WrongPassword(CannotRead):
    """The workbook is encrypted, and with another password."""

    code = "wrong_password"
    sentence = T("The password does not open this workbook.")
    advice = T("Check capital letters and the input method, and enter it again.")


class ArchiveLocked(CannotRead):
    """The file is encrypted in a way that this program cannot open, with or without the password."""

    code = "archive_locked"
    sentence = T("The file is encrypted in a way that cannot be opened here.")
    advice = T("Open it in the program that made it, save it without a password and try again.")


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


class TooManyRows(FileTooLarge):
    """A sheet has more rows than are read at once."""

    code = "too_many_rows"


class QuoteNeverCloses(CannotRead):
    """A quotation mark of a text file swallows what follows it."""

    code = "quote_never_closes"
    advice = T("Close or remove it in a text editor and try again.")


class LineTooLong(CannotRead):
    """A text file that is not made of lines."""

    code = "line_too_long"
    advice = T("Check that the file holds a table with a row on each line.")


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
