"""Export: a large form as a workbook, beside the library that writes it, and the memory that it takes."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from runtime.exchange.export.export import Export, Format, export
from runtime.session import open_workspace
from runtime.work import Progress
from tests.speed import sample
from tests.speed.measure import Figure, seconds
from tests.speed.store import PASSPHRASE

EPOCH = date(1899, 12, 30)


def exporting(folder: Path, count: int = 100_000) -> Iterator[Figure]:
    """`count` records of 20 typed fields as xlsx and as csv."""
    with open_workspace(folder / "export", PASSPHRASE) as session:
        session.publish(sample.an_empty_app())
        list(sample.fill(session, count))
        form = session.form("客户").id
        before = _most_memory()
        xlsx, csv = Export(form), Export(form, format=Format.CSV)
        ours, ours_worked = _both(lambda: export(session, xlsx, folder / "export.xlsx", Progress()))
        grown = _most_memory() - before
        as_csv = seconds(lambda: export(session, csv, folder / "export.csv", Progress()))
    made = time.process_time()
    for at in range(count):
        sample.cells(at)
    made = time.process_time() - made
    raw, raw_worked = _both(lambda: _raw_export(folder / "raw_export.xlsx", count))
    note = f"{count:,} x 20 from the encrypted store; raw: XlsxWriter, constant memory, typed calls, making not counted"
    yield Figure("export_xlsx", "s", ours, raw - made, note, "at most 1.3 times raw")
    yield Figure(
        "export_xlsx_cpu", "s", ours_worked, raw_worked - made, f"processor time; {note}", "at most 1.3 times raw"
    )
    yield Figure("export_memory", "MB", grown, None, "growth of the most memory that the process ever had")
    yield Figure("export_csv", "s", as_csv, None, f"{count:,} x 20 as csv")


def _both(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor."""
    worked = time.process_time()
    clock = seconds(work)
    return clock, time.process_time() - worked


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _raw_export(path: Path, count: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    moment, money = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet("客户")
    for column, name in enumerate(sample.HEADERS):
        sheet.write_string(0, column, name, head)
    for at in range(count):
        for column, value in enumerate(sample.cells(at)):
            if isinstance(value, str):
                sheet.write_string(at + 1, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(at + 1, column, value)
            elif isinstance(value, (int, Decimal)):
                sheet.write_number(at + 1, column, value, money)
            elif isinstance(value, datetime):
                sheet.write_datetime(at + 1, column, value.replace(tzinfo=None), moment)
            else:
                sheet.write_number(at + 1, column, (value - EPOCH).days, day)
    book.close()
