"""Each contract of import-linter is proven: a planted fault breaks it, and it alone.

An import upwards between floors that already know each other is a cycle as well; those faults name both contracts.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib

import pytest

import dev
from tests.support.profile import ROOT

PLANTED = {
    "resources import the product": ("floors", {"resources/planted.py": "import runtime.errors"}),
    "runtime imports the designer": ("floors", {"runtime/store/planted.py": "import designer"}),
    "runtime imports sync": ("floors", {"runtime/store/planted.py": "import sync.client"}),
    "the designer imports sync": ("floors", {"designer/planted.py": "import sync.client"}),
    "sync imports the designer": ("floors", {"sync/server/planted.py": "import designer"}),
    "the designer imports the shell": ("floors", {"designer/planted.py": "import desktop"}),
    "a module of runtime that no floor names": ("runtime-floors", {"runtime/stray.py": ""}),
    "two of the ground floor know each other": ("runtime-floors", {"runtime/registry.py": "import runtime.clock"}),
    "a field type knows the store": (
        "runtime-floors no-cycles",
        {"runtime/fields/planted.py": "import runtime.store.planted", "runtime/store/planted.py": ""},
    ),
    "a definition knows its pages": (
        "runtime-floors no-cycles",
        {"runtime/definition/planted.py": "import runtime.ui.planted", "runtime/ui/planted.py": ""},
    ),
    "the store draws": ("qt-wall", {"runtime/store/planted.py": "from PySide6.QtCore import QObject"}),
    "an engine draws, late": ("qt-wall", {"runtime/store/planted.py": "def f():\n    import PySide6.QtGui"}),
    "icons below the pages": ("qt-wall", {"runtime/exchange/planted.py": "import qtawesome"}),
    "the server reaches Qt through the pages": (
        "sync-without-qt",
        {
            "sync/server/planted.py": "import runtime.ui.planted",
            "runtime/ui/planted.py": "from PySide6.QtWidgets import QWidget",
        },
    ),
    "a page writes SQL": ("sql-wall", {"runtime/ui/planted.py": "import sqlalchemy"}),
    "the shell opens the file": ("sql-wall", {"desktop/planted.py": "from sqlcipher3 import dbapi2"}),
    "a parser writes SQL": ("sql-wall", {"runtime/expression/planted.py": "import sqlalchemy"}),
    "the sync client writes SQL": ("sql-wall", {"sync/client/planted.py": "import sqlalchemy.orm"}),
    "the old sqlite": ("one-sqlite", {"runtime/store/planted.py": "import sqlite3"}),
    "the client imports the server": ("sync-halves", {"sync/client/planted.py": "import sync.server"}),
    "the server imports the client": ("sync-halves", {"sync/server/planted.py": "import sync.client"}),
    **{
        f"one kind imports another in {folder}": (
            contract,
            {f"{folder}/planted_a.py": f"import {folder.replace('/', '.')}.planted_b", f"{folder}/planted_b.py": ""},
        )
        for contract, folder in {
            "kinds-fields": "runtime/fields",
            "kinds-functions": "runtime/functions",
            "kinds-editors": "runtime/ui/editors",
            "kinds-views": "runtime/ui/views",
        }.items()
    },
    "a cycle": (
        "no-cycles",
        {
            "runtime/store/planted_a.py": "import runtime.store.planted_b",
            "runtime/store/planted_b.py": "import runtime.store.planted_a",
        },
    ),
    "a cycle that only the type checker sees": (
        "no-cycles",
        {
            "desktop/planted_a.py": "import desktop.planted_b",
            "desktop/planted_b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import desktop.planted_a",
        },
    ),
}
"""Fault -> the contracts that must break, and what is added to which file."""

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> dict[str, list[str]]:
    """Fault -> contracts that broke in a copy of the packages that holds it; "" is the clean copy."""
    copy = tmp_path_factory.mktemp("contracts")
    for package in dev.PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "*.po", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    faults, answer = copy / "faults.json", copy / "answer.json"
    faults.write_text(json.dumps({name: additions for name, (_, additions) in PLANTED.items()}), "utf-8")
    command = [sys.executable, str(ROOT / "tests/support/contracts.py"), str(copy), str(faults), str(answer)]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(answer.read_text("utf-8")))


def test_the_packages_break_no_contract(broken):
    assert broken[""] == [], "python3 dev.py check shows where"


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_breaks_its_contract_and_no_other(fault, broken):
    assert set(broken[fault]) - set(broken[""]) == set(PLANTED[fault][0].split())


def test_every_contract_has_a_planted_fault():
    alone = {contract for contract, _ in PLANTED.values() if " " not in contract}
    assert {contract["id"] for contract in CONTRACTS} == alone
