"""`formwork import` after one that was killed: it says so, and goes on or undoes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.exchange.importing.importer import import_all
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.session import open_workspace
from runtime.work import Progress
from tests.runtime.exchange.workbooks import xlsx
from tests.support.apps import customers_and_orders
from tests.support.command import PASSPHRASE, formwork
from tests.support.cuts import cuts

COUNT = 6_000


@pytest.fixture
def killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which an import of 货.xlsx was killed after its second commit."""
    monkeypatch.setattr("runtime.store.keys.keyring_backend", lambda: None)
    rows = [["货号", "名称"], *[[f"K{at:05}", f"货{at}"] for at in range(COUNT)]]
    plan = understand(open_workbook(xlsx(tmp_path / "货.xlsx", {"货": rows}), Progress()), Progress())
    with open_workspace(tmp_path / "办公.formwork", PASSPHRASE) as session:
        session.publish(customers_and_orders())
        return cuts(session, tmp_path, lambda: import_all(session, plan, "货", {}, Progress()))[1]


def count(path: Path) -> int:
    with open_workspace(path, PASSPHRASE) as session:
        assert session.unfinished == []
        return session.form("货").count() if any(form.name == "货" for form in session.forms) else -1


def test_an_import_goes_on(killed: Path, tmp_path: Path):
    other = xlsx(tmp_path / "别.xlsx", {"别": [["甲", "乙"], [1, 2]]})
    said = formwork("import", other, "--workspace", killed, "--yes", "--dry-run", home=tmp_path)
    assert said.code == 0, said.err
    assert "“Import of 货.xlsx into 货” was interrupted: 4,095 of 6,000 rows are done." in said.err
    assert "--resume" in said.err
    done = formwork("import", "--resume", "--workspace", killed, "--json", home=tmp_path)
    assert done.code == 0, done.err
    (report,) = json.loads(done.out)
    assert report["forms"][0]["created"] == COUNT
    assert count(killed) == COUNT
    again = formwork("import", "--resume", "--workspace", killed, home=tmp_path)
    assert (again.code, again.err.strip()) == (2, "formwork: Nothing was interrupted in this workspace.")


def test_an_import_is_undone(killed: Path, tmp_path: Path):
    done = formwork("import", "--undo", "--workspace", killed, home=tmp_path)
    assert done.code == 0, done.err
    assert done.out.strip() == "4,095 records taken back"
    assert count(killed) == -1


def test_an_import_whose_file_is_gone_goes_on_with_the_file_that_is_named(killed: Path, tmp_path: Path):
    elsewhere = (tmp_path / "货.xlsx").rename(tmp_path / "moved.xlsx")
    refused = formwork("import", "--resume", "--workspace", killed, home=tmp_path)
    assert refused.code == 2
    assert "“货.xlsx” is no longer where it was." in refused.err
    done = formwork("import", elsewhere, "--resume", "--workspace", killed, home=tmp_path)
    assert done.code == 0, done.err
    assert "6,000 records added" in done.out
    assert count(killed) == COUNT


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Name the file to import."),
        (("--resume", "--undo"), "--resume does not go with --undo."),
        (("--resume", "--into", "货"), "--into does not go with --resume or --undo."),
    ],
)
def test_options_that_mean_nothing_are_refused_in_a_line(tmp_path: Path, options: tuple[str, ...], said: str):
    refused = formwork("import", *options, "--workspace", tmp_path / "a.formwork", home=tmp_path)
    assert (refused.code, refused.err.strip()) == (2, f"formwork: {said}")
    assert not (tmp_path / "a.formwork").exists()
