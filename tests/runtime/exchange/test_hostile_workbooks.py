"""The hostile files of `security.md` 5.XLS and 1.E: each is refused in a sentence or read, in 5 s and 300 MB.

Every file is built here. The memory is that of the reader process at its highest.
"""

from __future__ import annotations

import contextlib
import io
import random
import re
import struct
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import xlsxwriter

from runtime.exchange.cells import CellError
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.reading import Workbook, open_workbook
from runtime.exchange.readers.refusals import (
    CannotRead,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    NothingToImport,
    TooManyRows,
    UnsafeArchive,
)
from runtime.exchange.readers.second import UNREADABLE
from runtime.work import Progress
from tests.runtime.exchange.child_watch import watched
from tests.runtime.exchange.workbooks import Rows, archive, read, rezip, xls, xlsx
from tests.support.pace import SLOWER

SECONDS = 5.0
MEMORY = 300 << 20

ROWS: Rows = [["姓名", "金额"], ["张三", 12.5], ["李四", 3]]
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DOCTYPE = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;"><!ENTITY n "&m;&m;&m;&m;&m;&m;&m;&m;">]>'
SHEET = f"<worksheet {NAMESPACE}><sheetData>%s</sheetData></worksheet>"


def changed(folder: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """A sound workbook of which something is changed."""
    return rezip(xlsx(folder / "sound.xlsx", {"表": ROWS}), folder / "a.xlsx", change, extra or {})


def with_sheet(folder: Path, sheet: str | bytes) -> Path:
    content = sheet if isinstance(sheet, bytes) else sheet.encode()
    return changed(folder, lambda name, old: content if name.endswith("sheet1.xml") else old)


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "a.xlsx"
    path.write_bytes(content)
    return path


def truncated(folder: Path) -> Path:
    content = xlsx(folder / "sound.xlsx", {"表": [[f"行{n}", n] for n in range(2000)]}).read_bytes()
    return stored(folder, content[: len(content) * 9 // 10])


def overlapping(folder: Path) -> Path:
    """As in CVE-2024-0450, and a quine-like one: all entries name the same bytes."""
    content = bytearray(archive({"xl/workbook.xml": b"<workbook/>", **{f"xl/{n}": b"0" * 9000 for n in range(50)}}))
    places = [match.start() for match in re.finditer(b"PK\x01\x02", content)]
    offset = struct.unpack_from("<I", content, places[1] + 42)[0]
    for place in places[2:]:
        struct.pack_into("<I", content, place + 42, offset)
    return stored(folder, bytes(content))


def nested(folder: Path) -> Path:
    """A 42.zip of our own: archives in an archive, nothing of which is a workbook."""
    inner = archive({"0": bytes(1 << 20)})
    for _ in range(4):
        inner = archive({f"{n}.zip": inner for n in range(16)})
    return changed(folder, lambda _, content: content, {f"xl/{n}.zip": inner for n in range(50)})


def bomb(folder: Path) -> Path:
    return changed(folder, lambda _, content: content, {"xl/media/image1.bin": bytes(200 << 20)})


def sheet_bomb(folder: Path) -> Path:
    """A sheet of one row over and over, inside the limit of the archive by a hair."""
    row = b"<row><c><v>1</v></c></row>"
    return with_sheet(folder, SHEET.encode() % (row * ((150 << 20) // len(row))))


def string_bomb(folder: Path) -> Path:
    """Few strings, each named by many cells, each long."""
    shared = f"<sst {NAMESPACE}>{'<si><t>' + 'x' * 100_000 + '</t></si>'}</sst>".encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    return changed(
        folder,
        lambda name, old: shared if "sharedStrings" in name else (SHEET % cells).encode() if "sheet1" in name else old,
    )


def giant_grid(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write(0, 16_383, "corner")
        sheet.write(1_048_575, 0, 7)
    assert path.stat().st_size < 8000
    return path


def undeclared_grid(folder: Path) -> Path:
    drop = re.compile(rb"<dimension[^>]*>")
    return rezip(
        giant_grid(folder), folder / "b.xlsx", lambda name, old: drop.sub(b"", old) if "sheet1" in name else old, {}
    )


def middling_grid(folder: Path) -> Path:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="BXX20000"><v>2</v></c></row>'
    return with_sheet(folder, SHEET % rows)


def too_many_rows(folder: Path) -> Path:
    """1,048,577 rows in the raw XML."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 99_991}</v></c></row>' for n in range(1, 1_048_578))
    return with_sheet(folder, SHEET % rows)


def too_many_columns(folder: Path) -> Path:
    cells = "".join('<c t="inlineStr"><is><t>c</t></is></c>' for _ in range(16_385))
    return with_sheet(folder, SHEET % f"<row>{cells}</row><row>{cells}</row>")


def many_entries(folder: Path) -> Path:
    return changed(folder, lambda _, content: content, {f"xl/x{n}.xml": b"<a/>" for n in range(2001)})


def lying_size(folder: Path) -> Path:
    """The directory says 10 bytes, the entry holds 60 MB."""
    path = changed(folder, lambda _, content: content, {"xl/media/a.bin": bytes(60 << 20)})
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.rfind(b"PK\x01\x02") + 24, 10)
    return stored(folder, bytes(content))


def lying_sheet_size(folder: Path) -> Path:
    """The directory says that the sheet is small; it inflates without end."""
    path = with_sheet(folder, SHEET % ("<row><c><v>1</v></c></row>" * 3_000_000))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as opened:
        names = [entry.filename for entry in opened.infolist()]
    place = [match.start() for match in re.finditer(b"PK\x01\x02", content)]
    at = place[names.index("xl/worksheets/sheet1.xml")]
    struct.pack_into("<I", content, at + 24, 500_000)
    return stored(folder, bytes(content))


def deep_xml(folder: Path) -> Path:
    return with_sheet(folder, SHEET % ("<a>" * 200_000 + "</a>" * 200_000))


def long_attribute(folder: Path) -> Path:
    return with_sheet(folder, f'<worksheet {NAMESPACE} x="{"y" * (20 << 20)}"><sheetData/></worksheet>')


def many_merges(folder: Path) -> Path:
    merges = "".join(f'<mergeCell ref="A{n}:XFD{n}"/>' for n in range(1, 300_000))
    sheet = f'<worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    return with_sheet(folder, f"{sheet}<mergeCells>{merges}</mergeCells></worksheet>")


def endless_xls(folder: Path) -> Path:
    """Its allocation table points in a circle."""
    content = bytearray(xls(folder / "sound.xls", {"表": [[f"行{n}"] for n in range(3000)]}).read_bytes())
    sector = struct.unpack_from("<I", content, 76)[0]
    for place in range(8, 60):
        struct.pack_into("<I", content, (sector + 1) * 512 + 4 * place, 8)
    return stored(folder, bytes(content))


@dataclass(frozen=True)
class Case:
    """A hostile file and what must come of it: a refusal, or a workbook that passes a check."""

    make: Callable[[Path], Path]
    refusals: tuple[type[CannotRead], ...] = ()
    check: Callable[[Workbook], bool] | None = None
    seconds: float = SECONDS


def is_corner(book: Workbook) -> bool:
    (sheet,) = book.sheets
    return (
        [column.values() for column in sheet.columns] == [[None, 7], ["corner", None]]
        and sheet.row_numbers == (1, 1_048_576)
    )  # fmt: skip


CASES = {
    "XLS-01 no bytes": Case(lambda folder: stored(folder, b""), (FileEmpty,)),
    "XLS-02 an xls called xlsx": Case(
        lambda folder: xls(folder / "a.xlsx", {"表": ROWS}), check=lambda book: "old Excel" in str(book.notes[0])
    ),
    "XLS-09 truncated at nine tenths": Case(truncated, (FileDamaged,)),
    "XLS-10 overlapping entries": Case(overlapping, (UnsafeArchive,)),
    "XLS-11 archives in archives": Case(nested, (UnsafeArchive, FileTooLarge), lambda book: book.sheets[0].height == 3),
    "XLS-12 200 MB out of 200 kB": Case(bomb, (UnsafeArchive,), seconds=1.0),
    "E3 a bomb inside the limits of the archive": Case(sheet_bomb, (UnsafeArchive, TooManyRows, FileTooLarge)),
    "E3 long texts named again and again": Case(string_bomb, (UnsafeArchive,)),
    "XLS-13 two cells at the ends of the grid": Case(giant_grid, check=is_corner, seconds=2.0),
    "XLS-13 the same, and nothing is declared": Case(undeclared_grid, check=is_corner),
    "XLS-13 a rectangle that just fits into memory": Case(
        middling_grid, check=lambda book: book.sheets[0].row_numbers == (1, 20_000)
    ),
    "XLS-14 billion laughs": Case(
        lambda folder: with_sheet(folder, f'<?xml version="1.0"?>{DOCTYPE}{SHEET % "<row><c><v>&n;</v></c></row>"}'),
        (UnsafeArchive,),
    ),
    "XLS-15 external entity": Case(
        lambda folder: with_sheet(
            folder, f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{SHEET % "<row><c><v>&x;</v></c></row>"}'
        ),
        (UnsafeArchive,),
    ),
    "E4 document type in the shared strings": Case(
        lambda folder: changed(
            folder, lambda name, old: DOCTYPE.encode() + b"<sst/>" if "sharedStrings" in name else old
        ),
        (UnsafeArchive,),
    ),
    "E4 document type in the workbook": Case(
        lambda folder: changed(folder, lambda name, old: DOCTYPE.encode() + old if name == "xl/workbook.xml" else old),
        (UnsafeArchive,),
    ),
    "XLS-17 a name that climbs out": Case(
        lambda folder: changed(folder, lambda _, content: content, {"xl/../../evil.xml": b"<a/>"}), (UnsafeArchive,)
    ),
    "E3 too many entries": Case(many_entries, (UnsafeArchive,)),
    "E3 a size that is a lie": Case(
        lying_size, (UnsafeArchive, FileDamaged), lambda book: book.sheets[0].height == 3
    ),
    "E3 a sheet whose size is a lie": Case(
        lying_sheet_size, (UnsafeArchive, FileDamaged, TooManyRows, FileTooLarge)
    ),
    "XLS-19 1,048,577 rows": Case(too_many_rows, (TooManyRows,)),
    "XLS-20 16,385 columns": Case(
        too_many_columns,
        check=lambda book: (book.sheets[0].width, book.sheets[0].dropped_columns) == (500, 15_885),
    ),
    "XML nested without end": Case(deep_xml, (FileDamaged, NothingToImport)),
    "an attribute of 20 MB": Case(long_attribute, (CannotRead,)),
    "300,000 merged ranges": Case(many_merges, (FileDamaged,), lambda book: book.sheets[0].merged == ()),
    "an xls that goes in circles": Case(endless_xls, (CannotRead,), lambda book: True),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_refused_or_read_in_time_and_memory(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    path = case.make(tmp_path)
    refused: CannotRead | None = None
    book: Workbook | None = None
    with watched() as (peak, seconds):
        try:
            book = open_workbook(path, Progress())
        except CannotRead as error:
            refused = error
    if refused is None:
        assert case.check is not None, "it should have been refused"
        assert book is not None
        assert case.check(book)
    else:
        assert isinstance(refused, case.refusals), repr(refused)
        assert len(str(refused)) < 200
    assert seconds[0] < case.seconds * SLOWER, f"{seconds[0]:.1f} s"
    assert peak.bytes < MEMORY, f"{peak.bytes >> 20} MB"


def test_the_watch_sees_a_reader_that_takes_much_memory(tmp_path: Path) -> None:
    """The positive control of the table above."""
    rows = [["x"], *([] for _ in range(65_534)), [None] * 200 + ["y"]]
    with watched() as (peak, _):
        read(xls(tmp_path / "a.xls", {"表": rows}))
    assert peak.bytes > 300 << 20


def test_a_bomb_leaves_this_process_as_it_was(tmp_path: Path) -> None:
    """XLS-12: at most 100 MB more; nothing is inflated here."""
    path = bomb(tmp_path)
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(UnsafeArchive):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()


def test_too_many_rows_are_said_and_splitting_is_offered(tmp_path: Path) -> None:
    """XLS-19."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n * 7919}</t></is></c></row>' for n in range(1, 40))
    with pytest.raises(TooManyRows, match=r"more than 20 rows.*Split"):
        open_workbook(with_sheet(tmp_path, SHEET % rows), Progress(), Limits(rows=20))


@pytest.mark.parametrize("kind", ["missing", "out of range"])
def test_texts_that_are_missing_are_unreadable_and_the_others_go_on(tmp_path: Path, kind: str) -> None:
    """XLS-18: the second reader reads what the first gives up on."""

    def change(name: str, content: bytes) -> bytes | None:
        if kind == "missing":
            return None if "sharedStrings" in name else content
        return (
            content.replace(b'<c r="A2" t="s"><v>2</v>', b'<c r="A2" t="s"><v>99</v>') if "sheet1" in name else content
        )

    (sheet,) = read(changed(tmp_path, change)).sheets
    columns = [column.values() for column in sheet.columns]
    assert sheet.reader == "openpyxl"
    assert columns[0][1] == CellError(UNREADABLE)
    assert columns[1][1:] == [12.5, 3]
    if kind == "out of range":
        assert columns[0] == ["姓名", CellError(UNREADABLE), "李四"]


def test_the_second_reader_walks_real_cells_and_not_the_declared_grid(tmp_path: Path) -> None:
    cells = (
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>'
    )
    path = with_sheet(tmp_path, f"<worksheet {NAMESPACE}>{cells}</worksheet>")
    with watched() as (peak, seconds):
        (sheet,) = read(path).sheets
    assert (sheet.reader, sheet.height, sheet.row_numbers) == ("openpyxl", 2, (1, 1_048_576))
    assert seconds[0] < SECONDS * SLOWER
    assert peak.bytes < MEMORY


def test_nothing_outside_is_asked_for(tmp_path: Path) -> None:
    """XLS-16: a server that a workbook names in every way is never called."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Listener)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    link = f'<Relationships><Relationship Id="r1" Type="{address}image" Target="{address}i.png" TargetMode="External"/>'
    parts = {
        "xl/connections.xml": f'<connections><connection id="1"><webPr url="{address}q"/></connection></connections>',
        "xl/externalLinks/externalLink1.xml": f'<externalLink><oleLink href="{address}o"/></externalLink>',
        "xl/drawings/_rels/drawing1.xml.rels": f"{link}</Relationships>",
    }
    encoded = {name: content.encode() for name, content in parts.items()}
    try:
        book = read(changed(tmp_path, lambda _, content: content, encoded))
        page = tmp_path / "p.xls"
        page.write_text(f'<table><tr><td><img src="{address}i"><script src="{address}s"></script>x</td></tr></table>')
        read(page)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert len(book.notes) == 3
    assert asked == []


def test_control_characters_and_half_characters_do_not_pass(tmp_path: Path) -> None:
    """XLS-48, XLS-49."""
    texts = ["a_x0000_b", "c_x0007_d", "e\ufffef", "_xD800_g"]
    rows = "".join(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in texts)
    (sheet,) = read(with_sheet(tmp_path, SHEET % rows)).sheets
    for value in sheet.columns[0].values():
        assert isinstance(value, str)
        value.encode()
        assert value.isprintable()


def test_a_cell_with_a_hundred_thousand_characters_is_read_whole(tmp_path: Path) -> None:
    """XLS-50: the field that it goes to says what is too long."""
    cell = f'<row><c t="inlineStr"><is><t>{"长" * 100_000}</t></is></c></row>'
    (sheet,) = read(with_sheet(tmp_path, SHEET % cell)).sheets
    assert sheet.columns[0].values() == ["长" * 100_000]
    text = tmp_path / "a.csv"
    text.write_text(f'a,b\n"{"长" * 100_000}",1\n', "utf-8")
    assert read(text).sheets[0].columns[0].values(1) == ["长" * 100_000]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv"])
def test_damage_at_random_ends_in_a_sentence_or_in_cells(tmp_path: Path, suffix: str) -> None:
    """Bytes changed, doubled, cut and blanked; no traceback, no endless reading, no gigabytes."""
    chance = random.Random(suffix)
    rows: Rows = [["姓名", "金额", "备注"], *([f"客户{n}", n * 1.5, "x" * (n % 40)] for n in range(400))]
    sound = (xls if suffix == ".xls" else xlsx)(tmp_path / "sound", {"表": rows}).read_bytes()
    if suffix == ".csv":
        sound = "\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")
    for _ in range(12):
        content, place = bytearray(sound), chance.randrange(len(sound))
        kind = chance.randrange(4)
        if kind == 0:
            content[place] = chance.randrange(256)
        elif kind == 1:
            content[place:place] = content[place : place + 500]
        elif kind == 2:
            del content[place:]
        else:
            content[place : place + 200] = bytes(200)
        path = tmp_path / f"damaged{suffix}"
        path.write_bytes(content)
        with watched() as (peak, seconds), contextlib.suppress(CannotRead):
            open_workbook(path, Progress())
        assert peak.bytes < MEMORY
        assert seconds[0] < SECONDS * SLOWER
