"""`formwork export`: what a person or a cron job sees of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from runtime.session import open_workspace
from tests.support.apps import customers_and_orders
from tests.support.command import PASSPHRASE, formwork


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "办公"
    with open_workspace(folder, PASSPHRASE) as session:
        session.publish(customers_and_orders())
        for at, level in enumerate(("高", "低", "高")):
            session.form("客户").create({"名称": f"=客户{at}", "等级": level})
    return folder


def test_some_records_go_to_a_file_in_an_order_and_again_only_when_it_may_be_replaced(
    office: Path, tmp_path: Path
) -> None:
    command = (
        "export",
        office,
        "客户",
        tmp_path / "a.csv",
        "--where",
        '{等级}="高"',
        "--fields",
        "等级，名称",
        "--sort",
        "-名称",
    )
    first = formwork(*command, home=tmp_path)
    assert (first.code, first.err) == (0, "")
    assert "2 records exported" in first.out
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["等级", "名称"], ["高", "'=客户2"], ["高", "'=客户0"]]
    again = formwork(*command, home=tmp_path)
    assert again.code == 2 and "a.csv" in again.err and "already" in again.err
    replaced = formwork(*command, "--replace", "--json", home=tmp_path)
    assert json.loads(replaced.out)["records"] == 2


def test_a_workbook_says_what_it_is(office: Path, tmp_path: Path) -> None:
    done = formwork("export", office, "客户", tmp_path / "a.xlsx", "--about", home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["客户", "About this file"]


def test_raw_texts_are_asked_about_first(office: Path, tmp_path: Path) -> None:
    command = ("export", office, "客户", tmp_path / "a.csv", "--raw", "--delimiter", "tab", "--encoding", "gb18030")
    asked = formwork(*command, home=tmp_path)
    assert asked.code == 2 and "Nothing was exported" in asked.err and not (tmp_path / "a.csv").exists()
    assert formwork(*command, "--yes", home=tmp_path).code == 0
    assert (tmp_path / "a.csv").read_bytes().decode("gb18030").splitlines()[1].startswith("=客户0\t高")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("客户", "a.pdf"), "neither .xlsx nor .csv"),
        (("客护", "a.csv"), "Did you mean “客户”?"),
        (("客户", "a.csv", "--fields", "没有"), "has no field “没有”"),
        (("客户", "a.csv", "--where", "{等级"), "formwork:"),
        (("客户", "none/a.csv"), "folder does not exist"),
        (("客户", "a.csv", "--encoding", "latin"), "is none of"),
        (("订单", "a.csv", "--sort", "-没有"), "has no field"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_and_exit_2(office: Path, tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    form, file, *more = arguments
    ended = formwork("export", office, form, tmp_path / file, *more, home=tmp_path)
    assert ended.code == 2 and says in ended.err and len(ended.err.splitlines()) == 1
    assert not list(tmp_path.glob("a.*"))
