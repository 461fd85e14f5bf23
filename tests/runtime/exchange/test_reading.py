"""Reading through the child process: values, refusals, limits, cancelling."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from runtime.errors import Cancelled
from runtime.exchange.cells import CellError
from runtime.exchange.readers import reading
from runtime.exchange.readers.options import Limits
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.readers.refusals import (
    CannotRead,
    FileDamaged,
    FileTooLarge,
    NothingToImport,
    PasswordProtected,
    ReadingTimedOut,
)
from runtime.work import Progress, Step
from tests.runtime.exchange.child_watch import readers
from tests.runtime.exchange.workbooks import Rows, read, rezip, shared, xls, xlsx

KINDS: Rows = [
    ["名称", "整数", "小数", "日期", "时间", "钟点", "是否", "错误"],
    ["甲", 12, 0.1 + 0.2, date(2024, 2, 29), datetime(2024, 2, 29, 14, 30), time(8, 15), True, "#N/A"],
    ["乙", -3, 125.43999999999998, date(1999, 12, 31), datetime(2024, 1, 1, 0, 0, 1), None, False, None],
]


def test_every_kind_of_cell_arrives_as_what_excel_shows(tmp_path: Path) -> None:
    book = read(xlsx(tmp_path / "a.xlsx", {"表": KINDS}))
    (sheet,) = book.sheets
    assert (sheet.name, sheet.height, sheet.width, sheet.visible) == ("表", 3, 8, True)
    columns = [column.values(1) for column in sheet.columns]
    assert columns == [
        ["甲", "乙"],
        [12, -3],
        [Decimal("0.3"), Decimal("125.44")],
        [date(2024, 2, 29), date(1999, 12, 31)],
        [datetime(2024, 2, 29, 14, 30), datetime(2024, 1, 1, 0, 0, 1)],
        [time(8, 15), None],
        [True, False],
        [CellError("#N/A"), None],
    ]
    assert [type(value) for value in columns[1]] == [int, int]
    assert [type(value) for value in columns[3]] == [date, date]


def test_an_old_xls_is_read_the_same_way(tmp_path: Path) -> None:
    rows = [["名称", "数", "日期"], ["甲", 2.5, date(2024, 2, 29)], ["乙", 3, None]]
    book = read(xls(tmp_path / "a.xls", {"一": rows, "二": [["x"], [1]]}))
    assert [sheet.name for sheet in book.sheets] == ["一", "二"]
    assert [column.values(1) for column in book.sheets[0].columns] == [
        ["甲", "乙"], [Decimal("2.5"), 3], [date(2024, 2, 29), None],
    ]  # fmt: skip


def test_a_workbook_that_counts_days_from_1904_gives_the_right_dates() -> None:
    plain, mac = (read(shared(f"messy/calamine_date{name}.xlsx")) for name in ("", "_1904"))
    dates = [date(2021, 1, 1), date(2021, 1, 2), "255:10:10"]
    assert mac.sheets[0].columns[0].values() == plain.sheets[0].columns[0].values() == dates


def test_a_time_that_binary_fractions_missed_by_a_millisecond_is_the_full_second(tmp_path: Path) -> None:
    dusty = 45000.99999999  # calamine says 23:59:59.999
    book = read(xlsx(tmp_path / "a.xlsx", {"表": [["时间"], [dusty]]}, formats={0: "yyyy-mm-dd hh:mm:ss"}))
    assert book.sheets[0].columns[0].values(1) == [datetime(2023, 3, 16)]


def test_control_characters_are_taken_out_and_counted(tmp_path: Path) -> None:
    book = read(xlsx(tmp_path / "a.xlsx", {"表": [["备注"], [" a\x07b\r\nc  "], ["clean"]]}))
    assert book.sheets[0].columns[0].values(1) == ["ab\nc", "clean"]
    assert book.sheets[0].cleaned == 1


def test_error_cells_are_errors_and_not_blanks() -> None:
    (sheet, *_) = read(shared("messy/calamine_errors.xlsx")).sheets
    found = [cell.code for cell in sheet.columns[0].raw() if isinstance(cell, CellError)]
    assert sorted(found) == ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]


def test_error_cells_beyond_the_first_stretch_are_found_too(tmp_path: Path) -> None:
    rows = [["a" * 30, "b" * 30, "#REF!" if row % 1000 == 0 else row] for row in range(1, 30_001)]
    (sheet,) = read(xlsx(tmp_path / "a.xlsx", {"表": rows})).sheets
    cells = sheet.columns[2].raw()
    assert [row for row, cell in enumerate(cells, 1) if isinstance(cell, CellError)] == list(range(1000, 30_001, 1000))


def test_number_formats_and_hidden_sheets_are_known(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        {"表": [["折扣", "金额"], [0.25, 10]], "暗": [["x"], [1]]},
        formats={0: "0%", 1: '"¥"#,##0.00'},
        hidden=["暗"],
    )
    first, second = read(path).sheets
    assert first.formats == {0: "0%", 1: '"¥"#,##0.00'}
    assert (first.visible, second.visible) == (True, False)


def test_a_format_of_cells_with_texts_says_nothing_about_numbers(tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["率", "说明"], book.add_format({"num_format": "0.00%"}))
        sheet.write_column(2, 0, [351.3, 352.5], book.add_format({"num_format": "0.0"}))
        sheet.write_column(0, 1, ["号", "007"], book.add_format({"num_format": "@"}))
    (found,) = read(tmp_path / "a.xlsx").sheets
    assert found.formats == {0: "0.0", 1: "@"}


def test_the_ranges_of_filters_and_tables_are_known(tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx") as book:
        filtered, tables, plain = (book.add_worksheet() for _ in range(3))
        for sheet in (filtered, tables, plain):
            sheet.write_row(1, 1, ["a", "b"])
            sheet.write_column(2, 1, range(4))
        filtered.autofilter(1, 1, 5, 2)
        tables.add_table(1, 1, 4, 2)
        tables.add_table(1, 5, 3, 6)
    found = [sheet.lists for sheet in read(tmp_path / "a.xlsx").sheets]
    assert found == [((1, 1, 5, 2),), ((1, 1, 4, 2), (1, 5, 3, 6)), ()]


def test_rows_above_and_left_of_the_cells_are_counted(tmp_path: Path) -> None:
    (sheet,) = read(xlsx(tmp_path / "a.xlsx", {"表": [[], [], [None, "x", "#REF!"]]})).sheets
    assert (sheet.height, sheet.width) == (3, 3)
    assert [column.values() for column in sheet.columns] == [
        [None, None, None], [None, None, "x"], [None, None, CellError("#REF!")],
    ]  # fmt: skip


def test_two_cells_at_the_ends_of_the_grid_are_two_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, 7)
    assert path.stat().st_size < 8000
    (read_sheet,) = read(path).sheets
    assert [column.values() for column in read_sheet.columns] == [["first", None], [None, 7]]
    assert read_sheet.row_numbers == (1, 1_048_576)


def test_a_grid_that_hides_its_size_is_squeezed_after_the_reader_gave_up(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, 7)

    def lie(name: str, content: bytes) -> bytes:
        return content.replace(b'ref="A1:XFD1048576"', b'ref="A1:B2"') if "sheet1" in name else content

    (found,) = read(rezip(path, tmp_path / "b.xlsx", lie, {})).sheets
    assert [column.values() for column in found.columns] == [["first", None], [None, 7]]


def test_the_memory_limit_stops_what_the_same_file_needs(tmp_path: Path) -> None:
    rows = [["x"], *([] for _ in range(65_534)), [None] * 100 + ["y"]]
    path = xls(tmp_path / "a.xls", {"表": rows})
    assert read(path).sheets[0].height == 65_536
    with pytest.raises(FileTooLarge):
        open_workbook(path, Progress(), Limits(memory=200 << 20))


def test_more_rows_than_the_limit_are_refused_with_the_name_of_the_sheet(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": [[n] for n in range(12)]})
    with pytest.raises(FileTooLarge, match=r"表.*10 rows"):
        open_workbook(path, Progress(), Limits(rows=10))


def test_columns_beyond_the_limit_are_left_out_and_counted(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": [list("abcde"), [1, 2, 3, 4, 5]]})
    (sheet,) = open_workbook(path, Progress(), Limits(columns=3)).sheets
    assert (sheet.width, len(sheet.columns), sheet.dropped_columns) == (3, 3, 2)


def test_a_workbook_without_cells_says_so(tmp_path: Path) -> None:
    with pytest.raises(NothingToImport):
        read(xlsx(tmp_path / "a.xlsx", {"表": []}))


def test_a_password_is_asked_to_be_removed() -> None:
    with pytest.raises(PasswordProtected):
        read(shared("messy/calamine_pass_protected.xlsx"))


def test_a_cut_off_xls_is_damaged(tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls", {"表": [["名称"]] + [[f"行{n}"] for n in range(5000)]})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(FileDamaged):
        read(path)


def test_a_part_that_does_not_inflate_is_damaged(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": [["名称"]] + [[f"行{n}"] for n in range(3000)]})
    content = bytearray(path.read_bytes())
    at = content.find(b"sharedStrings.xml") + 500
    content[at : at + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(CannotRead):
        read(path)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that takes about a second to read."""
    rows = [[f"名称{row}-{column}" for column in range(20)] for row in range(15_000)]
    return xlsx(tmp_path_factory.mktemp("large") / "a.xlsx", {"表": rows})


HANGS = """
import sys, threading
from runtime.exchange.readers import wire
sys.stdin.buffer.read()
if sys.argv[2] == "a sheet":
    wire.send(sys.stdout.buffer, wire.SheetsFound([("表", True)]))
    sys.stdout.flush()
threading.Event().wait()
"""


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Any]]:
    """`hanging(said)`: the reader says "a sheet" or "nothing" and then nothing any more; the processes that began."""

    def hang(said: str) -> list[Any]:
        started: list[Any] = []
        popen, command = subprocess.Popen, [sys.executable, "-c", HANGS, "readers.process", said]
        monkeypatch.setattr("subprocess.Popen", lambda _, **k: started.append(popen(command, **k)) or started[-1])
        return started

    return hang


def test_cancelling_kills_the_reader(tmp_path: Path, hanging: Callable[[str], list[Any]]) -> None:
    path, started = xlsx(tmp_path / "a.xlsx", {"表": [["a"]]}), hanging("a sheet")

    def stop(step: Step) -> None:
        if "Reading" in str(step.label):
            assert readers() == [str(started[0].pid)]
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        open_workbook(path, progress)
    assert len(started) == 1
    assert started[0].returncode == -9
    assert not readers()


def test_cancelling_from_another_thread_stops_a_reader_that_says_nothing(
    tmp_path: Path, hanging: Callable[[str], list[Any]]
) -> None:
    path, started, progress = xlsx(tmp_path / "a.xlsx", {"表": [["a"]]}), hanging("nothing"), Progress()
    timer = threading.Timer(0.3, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        open_workbook(path, progress)
    timer.join()
    assert started[0].returncode == -9
    assert not readers()


def test_a_reader_that_takes_too_long_is_stopped(large: Path) -> None:
    with pytest.raises(ReadingTimedOut):
        open_workbook(large, Progress(), Limits(seconds=0.2))
    assert not readers()


def test_a_reader_that_dies_of_a_bug_is_a_bug_and_not_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": [["a"]]})
    popen = subprocess.Popen
    monkeypatch.setattr(
        "subprocess.Popen", lambda _, **k: popen([sys.executable, "-c", "raise TypeError('oops')"], **k)
    )
    with pytest.raises(RuntimeError, match="oops"):
        read(path)


def test_progress_names_each_sheet_and_counts_its_rows(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"甲": [[n] for n in range(9000)], "乙": [[1]]})
    steps: list[tuple[int, int, str]] = []
    open_workbook(path, Progress(lambda step: steps.append((step.done, step.total, str(step.label)))))
    assert (8192, 9000, "Reading “甲”") in steps
    assert any("乙" in label for _, _, label in steps)


def test_the_reader_process_imports_no_qt_and_no_store() -> None:
    code = "import sys, runtime.exchange.readers.process; print(*sys.modules)"
    root = Path(reading.__file__).parents[3]
    modules = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert not [name for name in modules.split() if name.startswith(("PySide6", "sqlalchemy", "sqlcipher3"))]
