"""How a text file is read: its encoding, to choose over the preview, which is read anew at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.import_wizard.flow import ImportFlow
from desktop.import_wizard.pickers import Offer, menu_of
from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.exchange.readers.options import ENCODINGS
from runtime.ui.icons import icon
from runtime.ui.kit.button import Button

NAMES = {
    "utf-8": T("Unicode (UTF-8)"),
    "gb18030": T("Simplified Chinese (GB18030, GBK)"),
    "utf-16-le": T("Unicode (UTF-16)"),
    "utf-16-be": T("Unicode (UTF-16, big-endian)"),
    "big5": T("Traditional Chinese (Big5)"),
    "cp932": T("Japanese (Windows-932)"),
    "shift_jis": T("Japanese (Shift JIS)"),
    "cp949": T("Korean (Windows-949)"),
    "euc_kr": T("Korean (EUC-KR)"),
    "cp1252": T("Western European (Windows-1252)"),
    "cp1250": T("Central European (Windows-1250)"),
    "cp1251": T("Cyrillic (Windows-1251)"),
    "koi8_r": T("Cyrillic (KOI8-R)"),
    "cp866": T("Cyrillic (DOS, 866)"),
    "cp1253": T("Greek (Windows-1253)"),
    "iso8859_7": T("Greek (ISO 8859-7)"),
    "cp1254": T("Turkish (Windows-1254)"),
    "cp1255": T("Hebrew (Windows-1255)"),
    "cp1256": T("Arabic (Windows-1256)"),
    "latin-1": T("Western European (ISO 8859-1)"),
}


class TextOptions(QWidget):
    """The encoding of the text files of a flow; hidden where there are none."""

    def __init__(self, flow: ImportFlow) -> None:
        super().__init__()
        self._flow = flow
        self.encoding = Button("", "ghost").compact()
        self.encoding.setIcon(icon("text"))
        self.encoding.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.encoding)
        flow.draft.planned.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Show what holds now."""
        draft = self._flow.draft.now
        now = draft.encoding if draft is not None else ""
        self.setVisible(bool(now))
        self.encoding.setText(_("Characters: {encoding}", encoding=str(NAMES.get(now, now))))

    def _ask(self) -> None:
        offers = [Offer("", _("Find it out"), "search")]
        offers += [Offer(each, str(NAMES.get(each, each)), "text", line=not at) for at, each in enumerate(ENCODINGS)]
        menu = menu_of(offers, self._flow.options.encoding, self._choose, self)
        menu.popup(self.encoding.mapToGlobal(QPoint(0, self.encoding.height() + SIZES.focus)))

    def _choose(self, encoding: str) -> None:
        if encoding != self._flow.options.encoding:
            self._flow.reread(replace(self._flow.options, encoding=encoding))
