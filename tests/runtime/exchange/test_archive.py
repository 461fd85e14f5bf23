"""The cheap look refuses what is no workbook, and what is built to harm, before a reader gets it."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from pathlib import Path

import pytest

from runtime.exchange.readers.archive import Extra, Format, column_letters, column_number, look_at
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.refusals import (
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    NotAWorkbook,
    UnsafeArchive,
)
from tests.runtime.exchange.workbooks import Rows, archive, rezip, shared, xls, xlsx
from tests.support.pace import within

ROWS: dict[str, Rows] = {"表": [["姓名", "金额"], ["张三", 12.5], ["李四", 3]]}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "good.xlsx", ROWS)


def look(path: Path, **limits: int) -> Format:
    return look_at(path, Limits(**limits)).format


def test_real_workbooks_are_let_through(good: Path, tmp_path: Path) -> None:
    assert look(good) is Format.XLSX
    assert look(xls(tmp_path / "a.xls", ROWS)) is Format.XLS


def test_the_bytes_decide_and_not_the_name(good: Path, tmp_path: Path) -> None:
    renamed = good.rename(tmp_path / "good.xls")
    assert look(renamed) is Format.XLSX


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.touch()
    with pytest.raises(FileEmpty):
        look(path)


def test_a_missing_file_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        look(tmp_path / "gone.xlsx")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b'<?xml version="1.0"?>\n<definitions/>', "XML file without a table"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K5\r\nE\r\n", "SYLK"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\n', "DIF"),
        (b"\x1f\x8b\x08\0" + bytes(40), "compressed"),
        (b"BZh91AY&SY" + bytes(40), "compressed"),
        (bytes([3, 118, 5, 7]) + bytes(60), "dBASE"),
        (b"\x09\x04\x06\0\0\0\x10\0" + bytes(40), "very old Excel"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "neither a workbook"),
        (archive({"readme.txt": b"hello"}), "neither a workbook"),
        (archive({"orders/2024.csv": b"a,b"}), "compressed"),
        (archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<d/>"}), "Word or PowerPoint"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook, match=word):
        look(path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("姓名,金额\n张三,1\n".encode(), Format.TEXT),
        ("a\tb\n1\t2\n".encode("utf-16-le"), Format.TEXT),
        (b"note\0s,b\n1,2\n", Format.TEXT),
        (b"<html><table><tr><td>1</td></tr></table></html>", Format.HTML),
        (b"\xef\xbb\xbf\r\n <TABLE border=1><tr><td>1", Format.HTML),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", Format.MHTML),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            Format.SPREADSHEETML,
        ),
    ],
)
def test_files_that_are_no_archives_are_known_by_their_first_bytes(
    tmp_path: Path, content: bytes, kind: Format
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert look(path) is kind


def test_an_encrypted_workbook_is_left_to_the_reader() -> None:
    assert look(shared("messy/calamine_pass_protected.xlsx")) is Format.LOCKED


def test_what_is_never_run_or_fetched_is_noticed(good: Path, tmp_path: Path) -> None:
    parts = {
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/connections.xml": b"<connections/>",
        "xl/drawings/_rels/drawing1.xml.rels": b'<Relationships><Relationship Id="r1" Type="http://x/image" '
        b'Target="http://x/a.png" TargetMode="External"/></Relationships>',
    }
    path = rezip(good, tmp_path / "b.xlsx", lambda _, content: content, parts)
    assert set(look_at(path, Limits()).extras) == set(Extra) - {Extra.CHARTS}
    assert look_at(good, Limits()).extras == ()


def test_a_hyperlink_is_no_link_that_would_be_fetched(good: Path, tmp_path: Path) -> None:
    link = b'<Relationships><Relationship Id="r1" Type="http://x/hyperlink" Target="http://x" TargetMode="External"/>'
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": link + b"</Relationships>"}
    assert look_at(rezip(good, tmp_path / "b.xlsx", lambda _, content: content, parts), Limits()).extras == ()


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_a_truncated_archive_is_damaged(good: Path, share: float) -> None:
    content = good.read_bytes()
    good.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(FileDamaged):
        look(good)


@pytest.mark.parametrize("name", ["xl/../../evil.xml", "/etc/passwd", "C:/evil.xml", "xl\\..\\evil.xml"])
def test_an_unsafe_name_is_refused(good: Path, tmp_path: Path, name: str) -> None:
    path = rezip(good, tmp_path / "b.xlsx", lambda _, content: content, {name: b"<a/>"})
    with pytest.raises(UnsafeArchive):
        look(path)


def test_two_entries_of_one_name_are_refused(good: Path, tmp_path: Path) -> None:
    path = rezip(good, tmp_path / "b.xlsx", lambda _, content: content, {"XL/Workbook.xml": b"<a/>"})
    with pytest.raises(UnsafeArchive):
        look(path)


DOCTYPES = {
    "billion laughs": b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;">]><worksheet/>',
    "external entity": b'<!DOCTYPE foo [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>',
    "behind a comment": b"<?xml version='1.0'?><!-- " + b"x" * 9000 + b" -->\n<!doctype a><worksheet/>",
    "utf-16": '\ufeff<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><worksheet/>'.encode("utf-16-le"),
    "beyond what is looked at": b"<!--" + b"x" * 70_000 + b"--><!DOCTYPE a><worksheet/>",
}


@pytest.mark.parametrize("kind", DOCTYPES)
def test_a_document_type_is_refused_wherever_it_hides(good: Path, tmp_path: Path, kind: str) -> None:
    def change(name: str, content: bytes) -> bytes:
        return DOCTYPES[kind] if name.endswith("sheet1.xml") else content

    with pytest.raises(UnsafeArchive):
        look(rezip(good, tmp_path / "b.xlsx", change, {}))


def test_a_bomb_is_refused_at_once(good: Path, tmp_path: Path) -> None:
    path = rezip(good, tmp_path / "b.xlsx", lambda _, content: content, {"xl/media/a.bin": bytes(150 << 20)})
    assert path.stat().st_size < 200_000
    with within(1), pytest.raises(UnsafeArchive):
        look(path)


def test_a_file_that_unpacks_to_too_much_is_refused(good: Path) -> None:
    with zipfile.ZipFile(good) as opened:
        unpacked = sum(entry.file_size for entry in opened.infolist())
    assert look(good, unpacked_bytes=unpacked) is Format.XLSX
    with pytest.raises(FileTooLarge):
        look(good, unpacked_bytes=unpacked - 1)


def test_too_many_entries_are_refused(good: Path, tmp_path: Path) -> None:
    path = rezip(good, tmp_path / "b.xlsx", lambda _, content: content, {f"x/{n}": b"" for n in range(2000)})
    with pytest.raises(UnsafeArchive):
        look(path)


def test_a_file_over_the_limit_is_refused_with_the_limit(good: Path) -> None:
    with pytest.raises(FileTooLarge, match="larger than 0 MB"):
        look(good, file_bytes=100)


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    """As in CVE-2024-0450: a second entry whose header lies inside the data of the first."""
    entries = {"xl/workbook.xml": b"<workbook/>" * 50, "xl/a.bin": b"payload" * 40}
    content = archive(entries)
    places = [match.start() for match in re.finditer(b"PK\x01\x02", content)]
    offset = struct.unpack_from("<I", content, places[1] + 42)[0]
    changed = bytearray(content)
    struct.pack_into("<I", changed, places[1] + 42, offset - 20)
    path = tmp_path / "a.xlsx"
    path.write_bytes(changed)
    with pytest.raises((UnsafeArchive, FileDamaged)):
        look(path)


def test_a_size_that_is_a_lie_is_refused(good: Path, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(200_000)
    path = rezip(good, tmp_path / "b.xlsx", lambda _, content: content, {"xl/a.bin": noise})
    assert look(path) is Format.XLSX
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.rfind(b"PK\x01\x02") + 24, 10)  # the unpacked size
    path.write_bytes(content)
    with pytest.raises(UnsafeArchive):
        look(path)


def test_column_letters_count_as_in_excel() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(n)) == n for n in range(1, 17_000))
