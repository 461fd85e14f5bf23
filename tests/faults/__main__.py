"""`python -m tests.faults`: a thousand kills and a thousand power cuts, as JSON; exit 1 where something was lost."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.faults.backing_up import while_backing_up
from tests.faults.interrupted import UNMARKED, while_unfinished
from tests.faults.key_changes import while_making, while_rekeying
from tests.faults.kills import HASTY, Report, while_saving
from tests.faults.kinds import while_a_command_imports, while_importing, while_publishing
from tests.faults.power import CARELESS, power_cuts

OUT = Path("out")


def main() -> int:
    """Run what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="dev.py faults")
    kinds = "save, import, unfinished, schema, backup, command, key, power; default all"
    parser.add_argument("names", nargs="*", help=kinds)
    parser.add_argument("--kills", type=int, default=1_000, help="over all kinds of work")
    parser.add_argument("--cuts", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="formwork-faults-") as name:
        os.environ["PYTHON_KEYRING_BACKEND"] = "tests.support.memory_keyring.MemoryKeyring"
        os.environ["FORMWORK_TEST_KEYRING"] = str(Path(name) / "keys")
        reports = []
        for report in _reports(set(options.names), options.kills, options.cuts):
            reports.append(asdict(report))
            print(json.dumps(reports[-1], ensure_ascii=False), file=sys.stderr, flush=True)
    OUT.mkdir(exist_ok=True)
    (OUT / "faults.json").write_text(json.dumps(reports, ensure_ascii=False, indent=2), encoding="utf-8")
    print(json.dumps(reports, ensure_ascii=False, indent=2))
    sound = all(bool(report["lost"] or report["broken"]) == (" with " in report["name"]) for report in reports)
    return 0 if sound else 1


def _reports(names: set[str], count: int, cuts: int) -> Iterator[Report]:
    for kind, (work, part) in KINDS.items():
        if not names or kind in names:
            yield work(round(count * part))
    if not names or "save" in names:
        yield while_saving(20, control=HASTY)
    if not names or "unfinished" in names:
        yield while_unfinished(20, control=UNMARKED)
    if not names or "key" in names:
        yield while_rekeying(cuts)
        yield while_making(cuts)
    if not names or "power" in names:
        yield power_cuts(cuts)
        for control in (CARELESS, "synchronous=NORMAL"):
            yield power_cuts(max(cuts // 20, 5), control=control)


KINDS: dict[str, tuple[Callable[[int], Report], float]] = {
    "save": (while_saving, 0.3),
    "import": (while_importing, 0.15),
    "unfinished": (while_unfinished, 0.15),
    "schema": (while_publishing, 0.2),
    "backup": (while_backing_up, 0.18),
    "command": (while_a_command_imports, 0.02),
}
"""Kind of work -> what kills it, and its share of the kills."""


if __name__ == "__main__":
    sys.exit(main())
