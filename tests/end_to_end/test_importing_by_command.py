"""`formwork import` as a cron job uses it: into forms that are there, tried before, the refused rows in a file."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from tests.support.command import formwork

CUSTOMERS: list[list[Any]] = [["编号", "名称", "等级"], *[[f"K{at}", f"客户{at}", "高低"[at % 2]] for at in range(12)]]
NEWS: list[list[Any]] = [
    ["编号", "客户名", "等级"],
    ["K1", "改名", "高"],
    ["K90", "新客户", "高"],
    ["K91", "另一个", "特"],
    ["K90", "重复", "低"],
]


def book(path: Path, rows: list[list[Any]], sheet: str = "客户") -> Path:
    """A workbook with one sheet."""
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the form 客户 that nobody changes."""
    folder = tmp_path_factory.mktemp("first")
    file, place = book(folder / "客户.xlsx", CUSTOMERS), folder / "office.formwork"
    made = formwork("import", file, "--workspace", place, "--yes", home=folder)
    assert made.code == 0, made.err
    return place


@pytest.fixture
def office(first: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(first, tmp_path / first.name)


def into(office: Path, *more: str | Path) -> tuple[str | Path, ...]:
    """The arguments of an import into 客户."""
    return ("import", *more, "--workspace", office, "--into", "客户", "--yes")


def test_a_dry_run_says_what_an_import_then_does(tmp_path: Path, office: Path) -> None:
    news = book(tmp_path / "news.xlsx", NEWS)
    options = ("--key", "编号", "--map", "客户名=名称", "--rejected", tmp_path / "left.xlsx", "--json")
    tried = formwork(*into(office, news, *options, "--dry-run"), home=tmp_path)
    assert tried.code == 0, tried.err
    done = formwork(*into(office, news, *options), home=tmp_path)
    assert done.code == 0, done.err
    before, after = json.loads(tried.out), json.loads(done.out)
    assert before["rehearsed"] is True
    assert before["forms"] == after["forms"]
    assert before["left"] == after["left"]
    counts = {name: after["forms"][0][name] for name in ("created", "updated", "unchanged", "skipped", "refused")}
    assert counts == {"created": 1, "updated": 1, "unchanged": 0, "skipped": 0, "refused": 2}
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "left.xlsx")["客户"].iter_rows()]
    assert [row[0] for row in rows] == ["编号", "K91", "K90"]
    assert "not one of the options" in str(rows[1][3])
    again = formwork(*into(office, news, *options[:4], "--mode", "missing"), home=tmp_path)
    assert "客户: 1 record added, 2 rows skipped, 1 row left out\n" in again.out


def test_several_files_texts_and_passwords_are_read(tmp_path: Path, office: Path) -> None:
    text = tmp_path / "more.csv"
    text.write_bytes("编号,名称\r\nK70,七十\r\n".encode("gb18030"))
    done = formwork(*into(office, text, "--encoding", "gb18030", "--key", "编号"), home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "1 record added" in done.out
    locked, sealed = tmp_path / "locked.xlsx", io.BytesIO()
    plain = book(tmp_path / "plain.xlsx", [["编号", "名称"], ["K71", "七十一"]])
    OOXMLFile(io.BytesIO(plain.read_bytes())).encrypt("geheim", sealed)
    locked.write_bytes(sealed.getvalue())
    refused = formwork(*into(office, locked), home=tmp_path)
    assert refused.code == 2
    assert refused.err.startswith("formwork: locked.xlsx: The workbook is protected with a password.")
    opened = formwork(*into(office, locked, "--password-stdin"), home=tmp_path, answer="geheim\n")
    assert (opened.code, opened.err) == (0, "")
    both = formwork(
        "import",
        plain,
        text,
        "--workspace",
        tmp_path / "two",
        "--yes",
        "--encoding",
        "gb18030",
        "--json",
        home=tmp_path,
    )
    assert both.code == 0, both.err
    assert len(json.loads(both.out)["forms"]) == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--key", "编号"), "--key goes with --into."),
        (("--into", "客户", "--map", "编号"), "--map takes COLUMN=FIELD."),
        (("--into", "客户", "--map", "没有=编号"), "The file has no column “没有”."),
        (("--into", "客户", "--map", "名称=没有"), "has no field “没有”"),
        (("--into", "客户", "--mode", "new", "--key", "编号"), "--key does not go with --mode new."),
        (("--into", "客户", "--mode", "sideways"), "is none of"),
        (("--into", "客户", "--app", "客户"), "--app does not go with --into"),
        (("--undo", "--app", "客户"), "--app does not go with --resume or --undo."),
        (("--encoding", "klingon"), "no encoding that can be chosen"),
    ],
)
def test_options_that_mean_nothing_are_refused_in_a_line(
    tmp_path: Path, first: Path, options: tuple[str, ...], says: str
) -> None:
    file = first.with_name("客户.xlsx")
    ended = formwork("import", file, "--workspace", first, "--yes", *options, home=tmp_path)
    assert ended.code == 2
    assert says in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_rows_that_look_like_records_of_a_form_are_named_before_a_new_form_is_made(tmp_path: Path, first: Path) -> None:
    file = book(tmp_path / "客户名单.xlsx", CUSTOMERS, "Sheet1")
    asked = formwork("import", file, "--workspace", first, home=tmp_path)
    assert asked.code == 2
    assert "look like records of the form “客户”" in asked.err
    assert '--into "客户" --key "编号" puts them there.' in asked.err
    assert "written over" not in asked.err
    tried = formwork("import", file, "--workspace", first, "--yes", "--dry-run", "--json", home=tmp_path)
    assert tried.code == 0, tried.err
    report = json.loads(tried.out)
    assert [(form["id"], form["created"]) for form in report["forms"]] == [("", len(CUSTOMERS) - 1)]
    assert any("look like records of the form “客户”" in doubt for doubt in report["doubts"])
    other = book(tmp_path / "车辆.xlsx", [["车牌", "里程"], ["沪A1", 5], ["沪B2", 8]], "Sheet1")
    assert formwork("import", other, "--workspace", first, "--dry-run", home=tmp_path).code == 0


def test_what_would_be_written_over_is_counted_before_anybody_agrees(tmp_path: Path, office: Path) -> None:
    rows = [CUSTOMERS[0], *([code, f"新{name}", level] for code, name, level in CUSTOMERS[1:10])]
    file = book(tmp_path / "客户名单.xlsx", rows, "Sheet1")
    asked = formwork("import", file, "--workspace", office, home=tmp_path)
    assert asked.code == 2
    assert asked.err.splitlines()[0].endswith(
        '--into "客户" --key "编号" puts them there. 9 of the 12 records of “客户” would be written over.'
    )
    done = formwork(*into(office, file, "--key", "编号"), home=tmp_path)
    assert "9 records updated" in done.out


def test_new_forms_go_into_an_app_that_is_named(tmp_path: Path, office: Path) -> None:
    cars = book(tmp_path / "车辆.xlsx", [["车牌", "里程"], ["沪A1", 5], ["沪B2", 8]], "车辆")
    unknown = formwork("import", cars, "--workspace", office, "--yes", "--app", "客户们", home=tmp_path)
    assert (unknown.code, "There is no app “客户们”. Did you mean “客户”?" in unknown.err) == (2, True)
    done = formwork("import", cars, "--workspace", office, "--yes", "--app", "客户", "--json", home=tmp_path)
    assert done.code == 0, done.err
    again = formwork("import", cars, "--workspace", office, "--yes", "--app", "客户", home=tmp_path)
    assert (again.code, "“客户” has a form “车辆” already." in again.err) == (2, True)
    first = formwork("import", book(tmp_path / "k.xlsx", CUSTOMERS), "--workspace", office, "--into", "客户", "--key",
                     "编号", "--yes", "--json", home=tmp_path)  # fmt: skip
    assert json.loads(done.out)["app"] == json.loads(first.out)["app"]


def test_rows_that_are_there_already_are_not_doubled_unasked(tmp_path: Path, office: Path) -> None:
    asked = formwork("import", book(tmp_path / "k.xlsx", CUSTOMERS), "--workspace", office, "--into", "客户",
                     home=tmp_path)  # fmt: skip
    assert asked.code == 2
    assert "? Most of the rows are in “客户” already and would be there twice." in asked.err
    news = [CUSTOMERS[0], *([f"N{at}", f"新{at}", "高"] for at in range(5))]
    more = formwork("import", book(tmp_path / "n.xlsx", news), "--workspace", office, "--into", "客户", home=tmp_path)
    assert (more.code, "5 records added" in more.out) == (0, True), more.err
