"""The console command: what a person or a cron job sees of it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from desktop.demo_workbook import CUSTOMERS, ORDERS, write_workbook
from tests.support.command import ROOT, formwork


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "销售.xlsx"
    write_workbook(path)
    return path


def test_a_workbook_is_imported_checked_and_updated_by_key(tmp_path: Path, workbook: Path) -> None:
    office = tmp_path / "办公"
    first = formwork("import", workbook, "--workspace", office, "--yes", "--json", home=tmp_path)
    assert (first.code, first.err) == (0, "")
    report = json.loads(first.out)
    assert {form["name"]: form["created"] for form in report["forms"]} == {
        "客户": CUSTOMERS, "产品": 60, "订单": ORDERS,
    }  # fmt: skip
    assert report["left"] == []
    again = formwork(
        "import", workbook, "--workspace", office, "--into", "客户", "--key", "客户编号", "--yes", home=tmp_path
    )
    assert (again.code, again.err) == (0, "")
    assert again.out == "客户: 0 records added, 2,000 rows change nothing\n"
    checked = formwork("check", office, home=tmp_path)
    assert (checked.code, checked.err) == (0, "")
    assert "客户: 2,000 records" in checked.out


def test_doubts_stop_an_import_that_nobody_watches(tmp_path: Path, workbook: Path) -> None:
    stopped = formwork("import", workbook, "--workspace", tmp_path / "w", home=tmp_path)
    assert stopped.code == 2
    assert stopped.err.splitlines()[-1].startswith("formwork: Nothing was imported.")
    assert not (tmp_path / "w.formwork").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "nowhere"), "There is no workspace"),
        (("import", "nowhere.xlsx", "--workspace", "w"), "nowhere.xlsx"),
        (("import",), "missing"),
        (("fly",), "“fly” is none of: open"),
        (("import", "x.xlsx", "--workspace", ""), "A workspace needs a name."),
    ],
)
def test_a_refusal_is_one_line_and_exit_2(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = formwork(*arguments, home=tmp_path)
    assert ended.code == 2
    assert says in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert "Traceback" not in ended.err


def test_without_keyring_and_passphrase_no_workspace_is_made(tmp_path: Path, workbook: Path) -> None:
    ended = formwork("import", workbook, "--workspace", tmp_path / "w", "--yes", home=tmp_path, FORMWORK_PASSPHRASE="")
    assert ended.code == 2
    assert "FORMWORK_PASSPHRASE" in ended.err
    assert not (tmp_path / "w.formwork").exists()


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path, workbook: Path) -> None:
    formwork("import", workbook, "--workspace", tmp_path / "w", "--yes", home=tmp_path)
    ended = formwork("check", tmp_path / "w", home=tmp_path, FORMWORK_PASSPHRASE="something else")
    assert ended.code == 2
    assert "passphrase" in ended.err.casefold()


def test_refusals_speak_the_language_of_the_person(tmp_path: Path) -> None:
    ended = formwork("check", "nowhere", home=tmp_path, FORMWORK_LANGUAGE="zh_CN")
    assert ended.code == 2
    assert "工作区" in ended.err


def test_without_a_display_no_window_is_tried(tmp_path: Path) -> None:
    ended = formwork("open", home=tmp_path, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert ended.code == 2
    assert ended.err.startswith("formwork: There is no display")


def test_a_mistyped_path_is_refused_and_no_window_offers_to_make_a_workspace(tmp_path: Path) -> None:
    ended = formwork("open", tmp_path / "wrong", home=tmp_path, QT_QPA_PLATFORM="offscreen")
    assert ended.code == 2
    assert ended.err.startswith("formwork: There is no workspace")
    assert not (tmp_path / "wrong.formwork").exists()


def test_the_version_is_the_one_of_the_project(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ended = formwork("--version", home=tmp_path)
    assert (ended.code, ended.out) == (0, f"Formwork {project['project']['version']}\n")
