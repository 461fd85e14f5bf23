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
from runtime.exchange.refusals import (
    CannotRead,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    NotAWorkbook,
    PasswordProtected,
    UnsafeArchive,
)

MEGABYTE = 1 << 20
HEAD = 64 * 1024
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
LOCAL_HEADER = 30
ENCRYPTED_FLAG = 1

_PROLOG = re.compile(r"\ufeff?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DIMENSION = re.compile(r'<(?:\w+:)?dimension\s[^>]*?ref="(?:\$?[A-Z]+\$?\d+:)?\$?([A-Z]{1,3})\$?(\d{1,7})"')
_DRIVE = re.compile(r"[A-Za-z]:")


class Format(StrEnum):
    """The file formats that the reader knows."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading a workbook may cost; the figures of `security.md` section 5.XLS.

    Attributes:
        file_bytes: size of the file on disk.
        unpacked_bytes: sum of the sizes that its archive declares.
        entries: parts in the archive.
        ratio: declared size by packed size of one part, looked at from `ratio_from` bytes on.
        grid: cells of a rectangle that is read as it is; larger ones are squeezed to their filled rows and columns.
        rows, columns: of one sheet; more rows are refused, further columns are left out and named.
        seconds: of the whole reading.
        memory: address space of the reader, bytes.
    """

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    entries: int = 2_000
    ratio: int = 100
    ratio_from: int = 10 * MEGABYTE
    grid: int = 50_000_000
    rows: int = 1_000_000
    columns: int = 500
    seconds: float = 120.0
    memory: int = 3072 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Look:
    """What the cheap look found: the format, and whether a sheet declares a rectangle beyond `Limits.grid`."""

    format: Format
    giant: bool = False


def look_at(path: Path, limits: Limits) -> Look:
    """Decide whether a reader may open the file at `path`.

    Raises:
        CannotRead: one of its subclasses, saying why not.
    """
    try:
        size = path.stat().st_size
        if size == 0:
            raise FileEmpty
        if size > limits.file_bytes:
            raise FileTooLarge(T("The file is larger than {n} MB.", n=limits.file_bytes // MEGABYTE))
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith(b"PK"):
                return _look_at_archive(file, limits)
            if head.startswith(COMPOUND):
                if ENCRYPTED_PACKAGE in head + file.read():
                    raise PasswordProtected
                return Look(Format.XLS)
    except OSError as error:
        raise FileUnreadable from error
    raise _something_else(head)


def _something_else(head: bytes) -> CannotRead:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<head", b"<meta")):
        return NotAWorkbook(
            T("This is a web page saved under an Excel name."), T("Open it in Excel and save it as an .xlsx workbook.")
        )
    if b"\0" not in head:
        return NotAWorkbook(
            T("This is a text file, not an Excel workbook."), T("Open it in Excel and save it as an .xlsx workbook.")
        )
    return NotAWorkbook()


def _look_at_archive(file: BinaryIO, limits: Limits) -> Look:
    try:
        with zipfile.ZipFile(file) as archive:
            kind = _format_of(archive)
            entries = archive.infolist()
            _check_names(entries)
            _check_sizes(entries, limits)
            _check_places(entries, archive.start_dir)
            return Look(kind, _check_heads(archive, entries, limits))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError) as error:
        raise FileDamaged from error
    except RuntimeError as error:  # zipfile's word for an encrypted entry
        raise PasswordProtected from error


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
    raise NotAWorkbook


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
            raise PasswordProtected
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


def _check_heads(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> bool:
    giant = False
    for name, head in _xml_heads(archive, entries):
        prolog = _PROLOG.match(head)
        start = head[prolog.end() if prolog else 0 :][:2]
        if start in ("<!", "<?") or (not start and len(head) >= HEAD // 2):  # or a comment without end in sight
            raise UnsafeArchive(T("The file contains a document type, which no workbook needs, and was not opened."))
        dimension = _DIMENSION.search(head) if "worksheets/" in name else None
        if dimension is not None:
            giant = giant or int(dimension[2]) * column_number(dimension[1]) > limits.grid
    return giant


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
