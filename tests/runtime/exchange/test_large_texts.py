"""A text with very many rows: read fast, in little memory on both sides, and kept packed until it is imported."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

import pytest

from runtime.exchange.cells import SHARED, TEXTS, pack, unpack
from runtime.exchange.readers.reading import open_workbook
from runtime.work import Progress
from tests.runtime.exchange.child_watch import watched
from tests.support.pace import SLOWER

ROWS = 60_000
CITIES = ["北京", "上海", "广州", "深圳"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60,000 rows of 20 columns, about 10 MB."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(f"列{n}" for n in range(20)) + "\r\n")
        for row in range(ROWS):
            cells = [
                str(row),
                CITIES[row % 4],
                f"客户{row * 7919 % ROWS}",
                f"2024-01-{row % 28 + 1:02}",
                "",
                f"{row / 7:.2f}",
            ]
            file.write(",".join(cells * 3 + ["x", "y"]) + "\r\n")
    return path


def test_a_large_text_takes_little_memory_and_time(large: Path) -> None:
    gc.collect()
    tracemalloc.start()
    with watched() as (peak, seconds):
        (sheet,) = open_workbook(large, Progress()).sheets
    grown = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sheet.height, sheet.width) == (ROWS + 1, 20)
    assert grown < 1.5 * large.stat().st_size, "texts were kept as objects"
    assert peak.bytes < 100 << 20
    assert seconds[0] < 4 * SLOWER, f"{ROWS / seconds[0]:.0f} rows a second; 60,000 on a quiet machine"


def test_cells_come_out_of_packed_blocks_as_they_went_in(large: Path) -> None:
    (sheet,) = open_workbook(large, Progress()).sheets
    assert sheet.columns[0].values(1) == [str(row) for row in range(ROWS)]
    assert sheet.columns[1].values(ROWS - 3) == ["北京", "上海", "广州", "深圳"]
    assert sheet.columns[4].values(1, 9) == [None] * 8
    assert {block.kind for block in sheet.columns[0].blocks} <= {TEXTS}
    assert {block.kind for block in sheet.columns[1].blocks} == {SHARED}


def test_a_part_of_a_packed_block_shares_its_bytes() -> None:
    block = unpack(pack([f"text {n % 700}" for n in range(4000)] + [""] * 96))
    part = block.part(10, 20).part(2, 5)
    assert part.kept is block.kept
    assert part.content == [f"text {n}" for n in (12, 13, 14)]
    assert (block.part(3990, 4010).blanks(), block.blank) == (set(range(10, 20)), 96)


def test_picked_cells_are_packed_again() -> None:
    block = unpack(pack(["a", "", "c", "d"] * 500))
    picked = block.picked([0, 1, 6])
    assert (picked.raw(), picked.blanks()) == (["a", None, "c"], {1})
    mixed = unpack(pack(["a", 1.5, True, ""]))
    assert mixed.picked([3, 1]).raw() == [None, 1.5]
