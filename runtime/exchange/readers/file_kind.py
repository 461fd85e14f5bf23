"""What the first bytes of a file that is no archive say: text with cells, a web page, an XML workbook, or no table."""

from __future__ import annotations

import re

from resources.texts import T
from runtime.exchange.readers.refusals import NotAWorkbook
from runtime.exchange.readers.text_encoding import of_mark, wide_without_mark

OTHERS = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh9", b"\xfd7zXZ",
    b"SQLite format 3", b"{\\rtf", b"PAR1", b"MZ", b"\x7fELF", b"OggS", b"RIFF", b"Obj\x01", b"ARROW1",
)  # fmt: skip
"""How files begin that hold no table in text."""

PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh9", b"\xfd7zXZ")
OLDEST = (b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0", b"\x09\x08\x08\0", b"\x09\x08\x10\0")
"""How a workbook of Excel 2 to 5 begins that lies in no container."""

DBASE = frozenset((0x02, 0x03, 0x04, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xCB, 0xF5))
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
FEW_CONTROLS = 3
CONTROL_SHARE = 0.05

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|table|style|div|title|tr|center|font)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<([!\w:]+)([^>]*)>?", re.DOTALL)
_DIF = re.compile(r"TABLE\s+0,1\s+\"[^\"]*\"\s+(?:VECTORS|TUPLES)\s")
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[\[{])')


def kind_of_text(head: bytes) -> str:
    """The format, as a value of `archive.Format`, of the file that begins with `head`.

    Raises:
        NotAWorkbook: it is none that holds a table.
    """
    text = _decoded(head)
    if text is None:
        raise _something_else(head)
    start = text[:4096].lstrip("\ufeff \t\r\n\0")
    if start[:2048].lower().startswith(("mime-version:", "from:", "date:")) and "multipart/related" in text.lower():
        return "mhtml"
    if start.startswith("<"):
        return _kind_of_markup(start, text)
    if _JSON.match(start):
        raise NotAWorkbook(T("This is a JSON file, not a table."))
    if start.startswith("ID;P"):
        raise NotAWorkbook(T("This is a SYLK file, which is not read."))
    if _DIF.match(start):
        raise NotAWorkbook(T("This is a DIF file, which is not read."))
    return "text"


def _decoded(head: bytes) -> str | None:
    """`head` as text, roughly; None where it is none."""
    encoding = of_mark(head) or wide_without_mark(head)
    if encoding is not None:
        return head.decode(encoding.name, "replace")
    strange = len(head) - len(head.translate(None, CONTROLS))
    if head.startswith((*OTHERS, *OLDEST)) or (strange > FEW_CONTROLS and strange > CONTROL_SHARE * len(head)):
        return None
    return head.decode("latin-1")


def _something_else(head: bytes) -> NotAWorkbook:
    if head.startswith(OLDEST):
        return NotAWorkbook(T("This is a workbook of a very old Excel, which is not read."))
    if head.startswith(PACKED):
        return NotAWorkbook(T("This is a compressed file. Unpack it and choose what is inside."))
    if head.startswith(b"%PDF"):
        return NotAWorkbook(T("This is a PDF file, not a workbook."))
    if len(head) >= 32 and head[0] in DBASE and head[1] < 200 and 1 <= head[2] <= 12 and 1 <= head[3] <= 31:
        return NotAWorkbook(T("This is a dBASE file, which is not read."))
    return NotAWorkbook()


def _kind_of_markup(start: str, text: str) -> str:
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and re.search(r"<(?:\w+:)?Workbook\b", text):
        return "spreadsheetml"
    if "urn:oasis:names:tc:opendocument:xmlns:office" in text and "opendocument.spreadsheet" in text:
        return "fods"
    if _PAGE.match(start) or re.search(r"<(?:html|table)\b", text, re.IGNORECASE):
        return "html"
    found = _MARKUP.match(start)
    if found is not None and (start.startswith("<?xml") or "xmlns" in found[2]):
        raise NotAWorkbook(T("This is an XML file without a table."))
    return "text"
