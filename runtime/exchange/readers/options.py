"""What reading a file may cost, and what the person says about it."""

from __future__ import annotations

from dataclasses import dataclass, field

MEGABYTE = 1 << 20

ENCODINGS = (
    "utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5", "cp932", "shift_jis", "cp949",
    "euc_kr", "cp1252", "cp1250", "cp1251", "koi8_r", "cp866", "cp1253", "iso8859_7", "cp1254",
    "cp1255", "cp1256", "latin-1",
)  # fmt: skip
"""What a person may choose; line ends are the same bytes in all of them but UTF-16."""

DELIMITERS = (",", "\t", ";", "|", "，", "；", "｜")
"""What is looked for between the cells of a text file, the likely ones first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading a workbook may cost; the figures of `security.md` section 5.XLS.

    Attributes:
        file_bytes: size of a workbook on disk.
        text_bytes: size of a text file on disk.
        unpacked_bytes: sum of the sizes that an archive declares.
        entries: parts in the archive.
        ratio: declared size by packed size of one part, looked at from `ratio_from` bytes on.
        grid: cells of a rectangle that is read as it is; larger ones are squeezed to their filled rows and columns.
        rows, columns: of one sheet; more rows are refused, further columns are left out and named.
        cell_bytes: characters that one quoted cell or one line of a text file may have.
        seconds: of the whole reading.
        memory: address space of the reader, bytes.
    """

    file_bytes: int = 50 * MEGABYTE
    text_bytes: int = 1024 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    entries: int = 2_000
    ratio: int = 100
    ratio_from: int = 10 * MEGABYTE
    grid: int = 50_000_000
    rows: int = 1_000_000
    columns: int = 500
    cell_bytes: int = 10 * MEGABYTE
    seconds: float = 120.0
    memory: int = 3072 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Options:
    """What the person says about a file; "" leaves it to the reader.

    Attributes:
        encoding: of a text file, one of `ENCODINGS`.
        delimiter: one character between the cells of a text file.
        quotes: whether a quotation mark at the start of a cell of a text file encloses it.
        password: of a protected workbook; only ever handed to the reader, never kept or shown.
    """

    encoding: str = ""
    delimiter: str = ""
    quotes: bool = True
    password: str = field(default="", repr=False)
