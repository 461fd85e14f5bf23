"""`python -m tests.speed`: measures, prints one JSON object, and writes it to out/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.speed import computing, exporting, following, sample, searching, store, window
from tests.speed.measure import Figure, Stolen

OUT = Path("out")


def main() -> int:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument(
        "names",
        nargs="*",
        help="import, csv, wide, export, save, formula, paste, pages, retype, follow, million, search, start, window",
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="records of the large form")
    parser.add_argument("--import-rows", type=int, default=100_000)
    options = parser.parse_args()
    figures, stolen = [], Stolen()
    for figure in _figures(set(options.names), options.rows, options.import_rows):
        figures.append({**figure.as_json(), "stolen": stolen.share()})
        print(json.dumps(figures[-1], ensure_ascii=False), file=sys.stderr, flush=True)
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    report = json.dumps({"machine": machine, "figures": figures}, ensure_ascii=False, indent=2)
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_text(report, encoding="utf-8")
    print(report)
    return 0


def _figures(names: set[str], rows: int, import_rows: int) -> Iterator[Figure]:
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    with tempfile.TemporaryDirectory(prefix="formwork-bench-") as name:
        folder = Path(name)
        if not names or "save" in names:
            yield from store.saving(folder)
        if not names or "formula" in names:
            yield from computing.formulas()
        if not names or "paste" in names:
            yield from computing.pasting(folder)
        if not names or "pages" in names:
            yield from computing.pages(folder)
        if not names or "retype" in names:
            yield from computing.retyping(folder)
        if not names or "follow" in names:
            yield from following.rich_records(folder)
            yield from following.dependents(folder)
            yield from following.prices(folder)
        if not names or "import" in names:
            yield from store.importing(folder, import_rows)
            yield from window.importing(folder / "import.xlsx")
        if not names or "csv" in names:
            yield from store.importing_text(folder, rows)
            yield from window.importing(folder / "import.csv", "import_csv")
        if not names or names & {"import", "csv", "wide"}:
            sample.write_wide(folder / "wide.csv")
            yield from window.importing(folder / "wide.csv", "import_wide")
        if not names or "export" in names:
            yield from exporting.exporting(folder, import_rows)
        if not names or "start" in names:
            yield from window.starting()
        if not names or names & {"million", "window"}:
            yield from store.a_million(folder, rows)
        if not names or "search" in names:
            yield from searching.a_search(folder, rows)
        if not names or "window" in names:
            yield from window.scrolling(folder / "million.formwork")


if __name__ == "__main__":
    sys.exit(main())
