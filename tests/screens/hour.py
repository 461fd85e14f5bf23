"""A person's hour with real keys and a real mouse: `python -m tests.screens.hour OUTDIR` (needs xdotool, Calc, X).

Two hundred customers are in a workspace; 500 more are copied from LibreOffice Calc and pasted, three bad cells are put
right, a column is filled, the records are grouped, summed up and filtered, the view is saved, everything is undone.
Nothing is called in the program: xdotool moves, clicks and types, ImageMagick's `import` takes the pictures. Run it on
a display of its own: `xvfb-run -s "-screen 0 1440x900x24" python -m tests.screens.hour out/hour`.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

from runtime.errors import UserError
from runtime.exchange.importing.importer import import_file
from runtime.session import open_workspace
from runtime.work import Progress

PASSPHRASE = "correct horse battery"
NEEDED = ("xdotool", "soffice", "import")
HEADER = ("客户名称", "地区", "等级", "签约日期", "金额", "折扣", "重点", "邮箱")
BAD = {3: (3, "明年"), 10: (4, "很多"), 250: (3, "2026-02-30")}
"""Row -> column and the text that is no value."""
PATIENCE = 90.0
SETTLED = 1.5


def main(out: Path) -> int:
    """Go through the hour; 0 where the end is as it should be."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing or not os.environ.get("DISPLAY"):
        print(f"needs a display and {', '.join(missing or NEEDED)}")
        return 2
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="formwork-hour-") as name:
        hour = Hour(out, Path(name))
        try:
            hour.live()
        finally:
            hour.end()
        return hour.judge()


class Hour:
    """The hour: its files, its two programs, its hands."""

    def __init__(self, out: Path, folder: Path) -> None:
        self._out = out
        self._folder = folder
        self._workspace = folder / "sales.formwork"
        self._count = 0
        self._programs: list[subprocess.Popen[bytes]] = []
        os.environ["FORMWORK_HOME"] = str(folder / "home")
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

    def live(self) -> None:
        """Every step."""
        customers, more = self._folder / "customers.xlsx", self._folder / "more.xlsx"
        write(customers, [row(at) for at in range(200)])
        write(more, [row(1000 + at, BAD.get(at)) for at in range(500)])
        with open_workspace(self._workspace, PASSPHRASE) as session:
            import_file(session, customers, Progress())
        self._copy_from_calc(more)
        self._open()
        self._paste()
        self._fill()
        self._group_and_sum()
        self._filter_and_save()
        self._undo()

    def judge(self) -> int:
        """Whether every record is as it was, and the view is kept."""
        with open_workspace(self._workspace, PASSPHRASE) as session:
            form = session.form("客户")
            discounts = {record["折扣"] for record in form.records(limit=6)}
            views = [view.name for view in session.views.of(form.form)]
            print(
                f"{form.count()} records, discounts {discounts}, views {views}, {self._count} pictures in {self._out}"
            )
            return 0 if form.count() == 200 and "East 10" in views else 1

    # Steps

    def _copy_from_calc(self, workbook: Path) -> None:
        profile = f"-env:UserInstallation=file://{self._folder / 'calc'}"
        self._start("soffice", profile, "--norestore", "--nofirststartwizard", "--calc", str(workbook))
        self._window(workbook.stem)
        time.sleep(6)
        self._keys("Escape")  # the tip of the day
        time.sleep(SETTLED)
        self._click(101, 191)
        self._keys("ctrl+shift+End", "ctrl+c")
        time.sleep(2)
        self._picture("copied_in_calc")

    def _open(self) -> None:
        os.environ["FORMWORK_LANGUAGE"] = "zh_CN"
        self._start(sys.executable, "-m", "desktop", "open", str(self._workspace))
        time.sleep(3)
        window = self._window("Formwork")
        for what in ("windowraise", "windowfocus"):
            self._do(what, window)
        self._click(632, 187)
        self._type(PASSPHRASE)
        self._keys("Return")
        time.sleep(6)
        self._click(1178, 27)
        self._picture("opened")

    def _paste(self) -> None:
        self._click(400, 190)
        self._keys("ctrl+shift+v")
        time.sleep(5)
        self._picture("bad_cells")
        for top, text in ((664, "2026-05-01"), (696, "12345.60"), (728, "2026-02-28")):
            self._do("mousemove", 640, top, "click", "--repeat", 2, "--delay", 60, 1)
            time.sleep(0.5)
            self._keys("ctrl+a")
            self._type(text)
            self._keys("Return")
        self._picture("corrected")
        self._keys("space")
        time.sleep(4)
        self._picture("pasted")

    def _fill(self) -> None:
        self._click(860, 136)
        self._do("mousemove", 893, 151, "mousedown", 1)
        for top in (180, 210, 240, 270, 300):
            self._do("mousemove", 893, top)
            time.sleep(0.15)
        self._picture("filling")
        self._do("mouseup", 1)
        time.sleep(SETTLED)
        self._picture("filled")

    def _group_and_sum(self) -> None:
        self._click(915, 65)
        self._picture("grouped")
        self._keys("Escape")
        self._click(775, 737)
        self._keys("Down", "Down", "Return")
        time.sleep(SETTLED)
        self._picture("summed_up")

    def _filter_and_save(self) -> None:
        self._click(827, 65)
        self._click(1198, 112)
        self._type("10")
        time.sleep(SETTLED)
        self._picture("filtered")
        self._keys("Escape")
        self._click(410, 65)
        self._keys("Down", "Down", "Return")
        self._type("East 10")
        self._keys("Return")
        time.sleep(SETTLED)
        self._picture("view_saved")

    def _undo(self) -> None:
        self._click(500, 200)
        for _step in range(2):
            self._keys("ctrl+z")
            time.sleep(3)
        self._picture("undone")

    # Hands and eyes

    def _start(self, *command: str) -> None:
        self._programs.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def _do(self, *words: object) -> str:
        return subprocess.run(["xdotool", *map(str, words)], check=True, capture_output=True, text=True).stdout

    def _click(self, left: int, top: int) -> None:
        self._do("mousemove", left, top, "click", 1)
        time.sleep(0.8)

    def _keys(self, *keys: str) -> None:
        for key in keys:
            self._do("key", key)
            time.sleep(0.4)

    def _type(self, text: str) -> None:
        self._do("type", "--delay", 40, text)
        time.sleep(0.3)

    def _window(self, name: str) -> str:
        """The widest window with this name, as soon as it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = subprocess.run(["xdotool", "search", "--name", name], capture_output=True, text=True, check=False)
            wide = [window for window in found.stdout.split() if self._width(window) > 400]
            if wide:
                return wide[-1]
            time.sleep(1)
        raise UserError(f"no window called {name}")

    def _width(self, window: str) -> int:
        told = subprocess.run(
            ["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True, check=False
        ).stdout
        return int(dict(line.split("=") for line in told.split() if "=" in line).get("WIDTH", 0))

    def _picture(self, name: str) -> None:
        self._count += 1
        time.sleep(0.5)
        subprocess.run(["import", "-window", "root", str(self._out / f"{self._count:02}-{name}.png")], check=True)

    def end(self) -> None:
        """Nothing goes on."""
        for program in self._programs:
            program.terminate()
            program.wait(timeout=30)
        subprocess.run(["pkill", "-f", str(self._folder / "calc")], check=False)
        time.sleep(SETTLED)


def row(number: int, bad: tuple[int, str] | None = None) -> list[object]:
    """A customer, always the same for a number; one cell may hold something else."""
    dice = random.Random(number)
    made: list[object] = [
        f"客户{number:04}有限公司",
        dice.choice(("华东", "华北", "华南", "西南")),
        dice.choice(("高", "中", "低")),
        datetime(2026, 1, 1) + timedelta(days=dice.randrange(300)),
        round(dice.uniform(1_000, 90_000), 2),
        dice.choice((0.05, 0.1, 0.15)),
        dice.random() < 0.5,
        f"user{number}@example.com",
    ]
    if bad is not None:
        made[bad[0]] = bad[1]
    return made


def write(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """A workbook as people keep them: dates, money and percent by format."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("客户")
    shapes = {3: "yyyy-mm-dd", 4: "¥#,##0.00", 5: "0%"}
    formats = {column: book.add_format({"num_format": shape}) for column, shape in shapes.items()}
    sheet.write_row(0, 0, HEADER)
    for at, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            shown = None if isinstance(cell, str) else formats.get(column)
            sheet.write(at, column, cell, shown)
    sheet.set_column(0, len(HEADER) - 1, 16)
    book.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
