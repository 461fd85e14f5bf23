"""The cheap look at a file before a reader gets it: what it is, and whether its archive is safe to open.

Nothing is extracted: names and sizes come from the directory, and of each XML part only the first bytes are inflated.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from resources.texts import T
from runtime.exchange.readers.file_kind import kind_of_text
from runtime.exchange.readers.options import MEGABYTE, Limits
from runtime.exchange.readers.refusals import (
    ArchiveLocked,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    NotAWorkbook,
    UnsafeArchive,
)

HEAD = 64 * 1024
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCAL_HEADER = 30
ENCRYPTED_FLAG = 1

_PROLOG = re.compile(r"\ufeff?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DIMENSION = re.compile(r'<(?:\w+:)?dimension\s[^>]*?ref="(?:\$?[A-Z]+\$?\d+:)?\$?([A-Z]{1,3})\$?(\d{1,7})"')
_FETCHED = re.compile(r'<(?:\w+:)?Relationship\b(?=[^>]*TargetMode="External")(?![^>]*/hyperlink")')
_DRIVE = re.compile(r"[A-Za-z]:")


TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
"""Names of what people pack to send it."""


class Format(StrEnum):
    """The file formats that the reader knows."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    LOCKED = "locked"
    TEXT = "text"
    HTML = "html"
    MHTML = "mhtml"
    SPREADSHEETML = "spreadsheetml"
    FLAT_ODS = "fods"


class Extra(StrEnum):
    """What a workbook may hold beside its cells; it is never run and never fetched."""

    MACROS = "macros"
    LINKS = "links"
    CONNECTIONS = "connections"
    PICTURES = "pictures"
    CHARTS = "charts"


@dataclass(frozen=True, slots=True)
class Look:
    """What the cheap look found.

    Attributes:
        format: what the bytes are, whatever the name says.
        giant: whether a sheet declares a rectangle beyond `Limits.grid`.
        extras: what is left alone.
    """

    format: Format
    giant: bool = False
    extras: tuple[Extra, ...] = ()


def look_at(path: Path, limits: Limits) -> Look:
    """Decide whether a reader may open the file at `path`.

    Raises:
        CannotRead: one of its subclasses, saying why not.
    """
    try:
        size = path.stat().st_size
        if size == 0:
            raise FileEmpty
        with path.open("rb") as file:
            head = file.read(HEAD)
            text = not head.startswith((b"PK", COMPOUND)) and kind_of_text(head) == "text"
            most = limits.text_bytes if text else limits.file_bytes
            if size > most:
                raise FileTooLarge(T("The file is larger than {n} MB.", n=most // MEGABYTE))
            if head.startswith(b"PK"):
                return look_into(file, limits)
            if head.startswith(COMPOUND):
                return _look_at_compound(head + file.read())
            return Look(Format(kind_of_text(head)))
    except OSError as error:
        raise FileUnreadable from error


def _look_at_compound(content: bytes) -> Look:
    """The old container of Office: workbooks in it, and encrypted ones of any age."""
    if _directory_name("EncryptedPackage") in content:
        return Look(Format.LOCKED)
    if _directory_name("Workbook") not in content and _directory_name("Book") not in content:
        if _directory_name("WordDocument") in content or _directory_name("PowerPoint Document") in content:
            raise NotAWorkbook(T("This is a document of Word or PowerPoint, not a workbook."))
        raise FileDamaged if _ends_before_directory(content) else NotAWorkbook
    return Look(Format.XLS, extras=(Extra.MACROS,) if _directory_name("_VBA_PROJECT") in content else ())


def _ends_before_directory(content: bytes) -> bool:
    """Whether the container is cut off before the names of what it holds ([MS-CFB] 2.2)."""
    size = 1 << min(int.from_bytes(content[30:32], "little"), 20)
    return (int.from_bytes(content[48:52], "little") + 2) * size > len(content)


def _directory_name(name: str) -> bytes:
    """As an entry of the container's directory begins: the name, and the NUL behind it."""
    return f"{name}\0".encode("utf-16-le")


def look_into(file: BinaryIO, limits: Limits) -> Look:
    """Decide whether a reader may open the archive `file`.

    Raises:
        CannotRead: one of its subclasses, saying why not.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            kind = _format_of(archive)
            entries = archive.infolist()
            _check_names(entries)
            _check_sizes(entries, limits)
            _check_places(entries, archive.start_dir)
            if kind is Format.ODS and _is_locked(archive):
                raise ArchiveLocked
            giant, linked = _check_heads(archive, entries, limits)
            return Look(kind, giant, _extras(entries, linked))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError) as error:
        raise FileDamaged from error
    except RuntimeError as error:  # zipfile's word for an encrypted entry
        raise ArchiveLocked from error


def _format_of(archive: zipfile.ZipFile) -> Format:
    names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if "xl/workbook.bin" in names:
        return Format.XLSB
    if "content.xml" in names and "mimetype" in names:
        return Format.ODS
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return Format.XLSX
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise NotAWorkbook(T("This is a document of Word or PowerPoint, not a workbook."))
    if any(name.endswith(TABLES) for name in names):
        raise NotAWorkbook(T("This is a compressed file. Unpack it and choose what is inside."))
    raise NotAWorkbook


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether an .ods says that its parts are encrypted."""
    names = [entry for entry in archive.infolist() if entry.filename == "META-INF/manifest.xml"]
    return bool(names) and b"encryption-data" in archive.open(names[0]).read(HEAD)


def _extras(entries: list[zipfile.ZipInfo], linked: bool) -> tuple[Extra, ...]:
    names = " ".join(entry.filename.lower() for entry in entries)
    found = {
        Extra.MACROS: "vbaproject" in names or "basic/" in names,
        Extra.LINKS: "externallinks/" in names,
        Extra.CONNECTIONS: "xl/connections." in names or "querytables/" in names,
        Extra.PICTURES: linked,
    }
    return tuple(extra for extra, there in found.items() if there)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        unsafe = name.startswith("/") or _DRIVE.match(name) or "\0" in name or ".." in name.split("/")
        if unsafe or name.lower() in seen:
            raise UnsafeArchive
        seen.add(name.lower())


def _check_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise UnsafeArchive
    for entry in entries:
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise ArchiveLocked
        packed = max(entry.compress_size, 1)
        if entry.file_size > limits.ratio_from and entry.file_size / packed > limits.ratio:
            raise UnsafeArchive
        if packed > 2 * entry.file_size + HEAD:  # deflate never grows like this: the declared size is a lie
            raise UnsafeArchive
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise FileTooLarge(T("The workbook unpacks to more than {n} MB.", n=limits.unpacked_bytes // MEGABYTE))


def _check_places(entries: list[zipfile.ZipInfo], directory: int) -> None:
    """Refuse entries that overlap: the same bytes inflated again and again (CVE-2024-0450)."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [entry.header_offset for entry in ordered[1:]] + [directory]
    for entry, end in zip(ordered, ends, strict=True):
        if entry.header_offset + LOCAL_HEADER + entry.compress_size > end:
            raise UnsafeArchive


def _check_heads(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> tuple[bool, bool]:
    """Whether a sheet is giant, and whether a picture or the like lies outside of the file."""
    giant = linked = False
    for name, head in _xml_heads(archive, entries):
        prolog = _PROLOG.match(head)
        start = head[prolog.end() if prolog else 0 :][:2]
        if start in ("<!", "<?") or (not start and len(head) >= HEAD // 2):  # or a comment without end in sight
            raise UnsafeArchive(T("The file contains a document type, which no workbook needs, and was not opened."))
        dimension = _DIMENSION.search(head) if "worksheets/" in name else None
        if dimension is not None:
            giant = giant or int(dimension[2]) * column_number(dimension[1]) > limits.grid
        linked = linked or (name.endswith(".rels") and "externallinks/" not in name and bool(_FETCHED.search(head)))
    return giant, linked


def _xml_heads(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                head = part.read(HEAD)
            wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4]
            yield entry.filename.lower(), _widely(head) if wide else head.decode("utf-8", "replace")


def _widely(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-16-be" if head.startswith(b"\0") else "utf-16-le", "replace")


def column_number(letters: str) -> int:
    """1 for A, 26 for Z, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The reverse of `column_number`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
