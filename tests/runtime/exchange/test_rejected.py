"""The workbook of the rows that an import refused."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from runtime.errors import UserError
from runtime.exchange.importing import rejected
from runtime.exchange.importing.rejected import write_rejected
from runtime.exchange.importing.report import LeftOut
from tests.runtime.exchange.workbooks import plan_of

LEFT = [LeftOut("客户", 3, "名称", "乙", "It is there already.", whole_row=True)]


def test_refused_rows_are_written_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "left.xlsx"
    path.write_bytes(b"from the last time")
    assert write_rejected(path, plan_of({"客户": [["名称"], ["甲"], ["乙"]]}), LEFT) == 1
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["名称", "乙"]
    assert rows[1][1] == "名称: It is there already."
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_half_way_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rejected, "_write", full)
    path = tmp_path / "left.xlsx"
    path.write_bytes(b"from the last time")
    with pytest.raises(UserError):
        write_rejected(path, plan_of({"客户": [["名称"], ["甲"], ["乙"]]}), LEFT)
    assert path.read_bytes() == b"from the last time"
    assert list(tmp_path.iterdir()) == [path]
