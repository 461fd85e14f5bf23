"""Qt's own words, of its file dialog for instance, in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

from resources.texts import T, Text

BASE = "qtbase"
MISSING: dict[tuple[str, str], Text] = {
    ("QFileDialog", "&Look in:"): T("&Look in:"),
    ("QFileDialog", "Files of &type:"): T("Files of &type:"),
    ("QFileDialog", "&Directory:"): T("&Folder:"),
    ("QAbstractFileIconProvider", "Folder"): T("Folder"),
    ("QAbstractFileIconProvider", "File Folder"): T("Folder"),
    ("QAbstractFileIconProvider", "Drive"): T("Drive"),
    ("QAbstractFileIconProvider", "Unknown"): T("Unknown"),
    ("QAbstractFileIconProvider", "Alias"): T("Shortcut"),
    ("QAbstractFileIconProvider", "Shortcut"): T("Shortcut"),
    ("QAbstractFileIconProvider", "File"): T("File"),
    ("QAbstractFileIconProvider", "%1 File"): T("%1 file"),
}
"""(context, words) of Qt that its translations lack -> ours."""


class MissingWords(QTranslator):
    """Translates what Qt's translation lacks."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """The words in the language of the window; None where they are not among ours."""
        text = MISSING.get((context, source))
        return None if text is None else str(text)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """It holds words without a file."""
        return False


class QtWords(QObject):
    """What the application speaks of Qt's own words."""

    def __init__(self, app: QCoreApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._installed: list[QTranslator] = []

    def speak(self, code: str) -> None:
        """Speak another language; "en" is Qt's own."""
        self.leave()
        base = QTranslator(self)
        if code != "en" and base.load(f"{BASE}_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self._installed = [base, MissingWords(self)]
        for translator in self._installed:
            self._app.installTranslator(translator)

    def leave(self) -> None:
        """Speak Qt's own language again."""
        for translator in self._installed:
            self._app.removeTranslator(translator)
            translator.deleteLater()
        self._installed = []
