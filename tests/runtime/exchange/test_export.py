"""Export: what somebody sees becomes a file, whole or not at all, and nothing that they may not read."""

from __future__ import annotations

import csv
import errno
import io
import os
import random
import shutil
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from runtime.errors import Cancelled, UserError
from runtime.exchange.export import place as export_place
from runtime.exchange.export import xlsx_file as export_xlsx
from runtime.exchange.export.export import About, Export, Exported, Format, export
from runtime.exchange.export.xlsx_file import sheet_name
from runtime.exchange.guard import guarded, unguarded
from runtime.permission.scope import Scope
from runtime.session import Session
from runtime.store.query import Sort
from runtime.work import Progress, Step
from tests.support.apps import an_app, options, shop
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.new("客户", {"名称": "大成", "等级": "高", "备注": "第一行\n第二行", "重点": True})
    office.new("客户", {"名称": "张记", "等级": "低"})
    yield office
    office.session.close()


@pytest.fixture
def orders(office: Office) -> Office:
    customer = office.session.form("客户").records()[0]
    for at in range(5):
        office.new(
            "订单",
            {
                "编号": f"00{at}", "客户": customer.id, "数量": at, "单价": Decimal("12.50"), "折扣": Decimal("0.05"),
                "日期": date(2026, 3, at + 1), "发货时间": datetime(2026, 3, 1, at, tzinfo=UTC),
                "重量": Decimal("1.234"),
            },
        )  # fmt: skip
    return office


def exported(session: Session, form: str, path: Path, **more: Any) -> Exported:
    return export(session, Export(session.find_form(form).id, **more), path, Progress())


def cells(path: Path, sheet: str | None = None) -> list[list[Any]]:
    """What openpyxl reads."""
    book = load_workbook(path)
    found = book[sheet] if sheet else book.worksheets[0]
    return [[cell.value for cell in row] for row in found.iter_rows()]


def lines(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[list[str]]:
    """What a reader of CSV reads."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


class TestWhat:
    """Which records and fields."""

    def test_a_form_is_exported_as_it_is_shown(self, orders: Office, tmp_path: Path) -> None:
        form = orders.form("订单")
        named = {field.name: field.id for field in form.fields}
        done = exported(
            orders.session, "订单", tmp_path / "a.xlsx",
            where="{数量}>1", sorts=(Sort(named["数量"], descending=True),),
            fields=(named["数量"], named["客户"], named["编号"]),
        )  # fmt: skip
        assert done.records == 3
        assert cells(tmp_path / "a.xlsx") == [
            ["数量", "客户", "编号"], [4, "大成", "004"], [3, "大成", "003"], [2, "大成", "002"]
        ]  # fmt: skip

    def test_all_fields_are_those_that_a_view_offers_the_record_name_first(
        self, office: Office, tmp_path: Path
    ) -> None:
        exported(office.session, "客户", tmp_path / "a.csv", format=Format.CSV)
        assert lines(tmp_path / "a.csv") == [
            ["名称", "等级", "备注", "重点"], ["大成", "高", "第一行\n第二行", "TRUE"], ["张记", "低", "", ""]
        ]  # fmt: skip

    def test_chosen_records_come_in_the_order_of_the_list(self, orders: Office, tmp_path: Path) -> None:
        rows = orders.session.form("订单").records(sort=["-数量"])
        chosen = [rows[0].row.n, rows[3].row.n]
        sorts = (Sort(orders.form("订单").by_id[orders.form("订单").fields[2].id].id),)
        exported(orders.session, "订单", tmp_path / "a.csv", numbers=chosen, sorts=sorts, format=Format.CSV)
        assert [line[0] for line in lines(tmp_path / "a.csv")] == ["编号", "001", "004"]

    def test_records_in_the_bin_stay_there(self, office: Office, tmp_path: Path) -> None:
        office.delete("客户", office.session.form("客户").records()[0].id)
        assert exported(office.session, "客户", tmp_path / "a.csv", format=Format.CSV).records == 1

    def test_a_form_without_records_gives_a_header(self, office: Office, tmp_path: Path) -> None:
        assert exported(office.session, "订单", tmp_path / "a.xlsx").records == 0
        assert cells(tmp_path / "a.xlsx")[0][:2] == ["编号", "客户"]

    def test_a_wrong_formula_is_refused_and_nothing_is_written(self, office: Office, tmp_path: Path) -> None:
        with pytest.raises(UserError):
            exported(office.session, "客户", tmp_path / "a.xlsx", where="{nothing}>1")
        assert not list(tmp_path.glob("a*")) and not list(tmp_path.glob(".form*"))


class TestRights:
    """The second path never forgets the check."""

    def scoped(self, office: Office, scope: Scope) -> Session:
        return Session(office.session._workspace, scope=scope)

    def test_a_field_that_may_not_be_read_is_in_no_file(self, office: Office, tmp_path: Path) -> None:
        form = office.form("客户")
        name, level, note, star = (field.id for field in form.fields)
        session = self.scoped(office, Scope(readable=((form.id, frozenset({name, star})),)))
        exported(session, "客户", tmp_path / "a.csv", format=Format.CSV, fields=(note, level, name))
        assert lines(tmp_path / "a.csv") == [["名称"], ["大成"], ["张记"]]

    def test_a_record_that_may_not_be_seen_is_in_no_file(self, office: Office, tmp_path: Path) -> None:
        form = office.form("客户")
        rows = office.session.form("客户").records()
        session = self.scoped(office, Scope(rows=((form.id, '{名称}="张记"'),)))
        exported(session, "客户", tmp_path / "a.csv", format=Format.CSV, numbers=[row.row.n for row in rows])
        assert [line[0] for line in lines(tmp_path / "a.csv")] == ["名称", "张记"]

    def test_a_title_of_a_form_that_is_hidden_is_in_no_file(self, orders: Office, tmp_path: Path) -> None:
        session = self.scoped(orders, Scope(masked=frozenset({orders.form("客户").id})))
        exported(session, "订单", tmp_path / "a.csv", format=Format.CSV)
        assert "大成" not in (tmp_path / "a.csv").read_text("utf-8-sig")

    def test_a_hidden_form_is_not_exported(self, office: Office, tmp_path: Path) -> None:
        session = self.scoped(office, Scope(masked=frozenset({office.form("客户").id})))
        with pytest.raises(UserError):
            export(session, Export(office.form("客户").id), tmp_path / "a.csv", Progress())

    def test_for_fifty_random_people_a_file_holds_what_their_list_shows(self, orders: Office, tmp_path: Path) -> None:
        form, chance = orders.form("订单"), random.Random(7)
        ids = [field.id for field in form.fields]
        for at in range(50):
            readable = frozenset(chance.sample(ids, chance.randint(1, len(ids)))) | {ids[0]}
            rule = f"{{数量}}>={chance.randint(0, 4)}" if ids[2] else ""
            scope = Scope(rows=((form.id, rule),), readable=((form.id, readable),))
            session = self.scoped(orders, scope)
            path = tmp_path / f"{at}.csv"
            exported(session, "订单", path, format=Format.CSV)
            shown = session.reader.rows(form.id, session.reader.ids(session.query(form.id)), scope)
            head, *body = lines(path)
            assert head == [field.name for field in form.fields if field.id in readable]
            assert [line[0] for line in body] == [row.values[ids[0]] for row in shown]
            assert all(set(row.values) <= readable for row in shown)


class TestWorkbook:
    """What Excel gets."""

    def test_values_keep_their_types_and_look_as_in_formwork(self, orders: Office, tmp_path: Path) -> None:
        exported(orders.session, "订单", tmp_path / "a.xlsx")
        sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
        head = [cell.value for cell in sheet[1]]
        second = dict(zip(head, sheet[3], strict=True))
        assert {name: (cell.value, cell.number_format) for name, cell in second.items()} == {
            "编号": ("001", "@"),
            "客户": ("大成", "@"),
            "数量": (1, "#,##0"),
            "单价": (12.5, '"¥"#,##0.00'),
            "折扣": (0.05, "0%"),
            "金额": (11.88, '"¥"#,##0.00'),
            "日期": (datetime(2026, 3, 2), "yyyy-mm-dd"),
            "发货时间": (
                datetime(2026, 3, 1, 1).replace(tzinfo=UTC).astimezone().replace(tzinfo=None),
                "yyyy-mm-dd hh:mm:ss",
            ),
            "重量": (1.234, "#,##0.000"),
        }
        assert sheet["A1"].font.bold and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:I6"
        assert sheet.column_dimensions["H"].width > sheet.column_dimensions["C"].width > 5

    def test_yes_and_no_are_true_and_false(self, office: Office, tmp_path: Path) -> None:
        exported(office.session, "客户", tmp_path / "a.xlsx")
        sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
        assert sheet["D2"].value is True and sheet["D2"].data_type == "b"
        assert sheet["C2"].value == "第一行\n第二行"

    @pytest.mark.parametrize(
        "text",
        ["=1+1", "+1", "@SUM(A1)", "http://example.com", "<r><t>x</t></r>", "_x0041_", "a\tb", " space ",
         "'quoted", "#N/A", "1E5", "00012", "110101199003071234", "😀" * 3, "\x01\x1f", "\ufffe\uffff", "]]>&<"],
    )  # fmt: skip
    def test_a_text_stays_the_text_it_is(self, office: Office, tmp_path: Path, text: str) -> None:
        office.new("客户", {"名称": text})
        exported(office.session, "客户", tmp_path / "a.xlsx", where='{名称}<>"大成"')
        cell = load_workbook(tmp_path / "a.xlsx").worksheets[0]["A3"]
        from openpyxl.utils.escape import unescape

        assert cell.data_type in {"s", "e"} and unescape(str(cell.value)) == text
        assert cell.hyperlink is None

    def test_what_a_spreadsheet_would_lose_stays_text(self, tmp_path: Path) -> None:
        build = an_app()
        form = build.form("数")
        for kind, name, props in (
            ("integer", "整", {}), ("decimal", "小数", {"decimals": 8}), ("date", "日", {}), ("date_time", "时", {}),
        ):  # fmt: skip
            build.field(form, kind, name, **props)
        office = Office(tmp_path, build.app)
        office.new("数", {"整": 10**15, "小数": Decimal("12345678.12345678"), "日": date(1899, 5, 6),
                         "时": datetime(1850, 1, 1, 12, tzinfo=UTC)})  # fmt: skip
        office.new("数", {"整": 10**15 - 1, "小数": Decimal("12345678.50000000"), "日": date(1900, 3, 1)})
        exported(office.session, "数", tmp_path / "a.xlsx")
        office.session.close()
        _, lost, kept = cells(tmp_path / "a.xlsx")
        assert lost[:3] == ["1000000000000000", "12345678.12345678", "1899-05-06"] and isinstance(lost[3], str)
        assert kept[:3] == [999999999999999, 12345678.5, datetime(1900, 3, 1)]

    def test_a_text_longer_than_a_cell_is_shortened_and_named(self, office: Office, tmp_path: Path) -> None:
        office.new("客户", {"名称": "长", "备注": "😀" * 20_000})
        done = exported(office.session, "客户", tmp_path / "a.xlsx")
        assert done.shortened == [("客户", 4, "备注")]
        (remark,) = done.remarks()
        assert "row 4" in str(remark) and "备注" in str(remark)
        assert cells(tmp_path / "a.xlsx")[3][2] == "😀" * 16_383

    def test_more_records_than_a_sheet_holds_go_on_in_the_next(
        self, orders: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(export_xlsx, "MOST_ROWS", 2)
        assert exported(orders.session, "订单", tmp_path / "a.xlsx").records == 5
        book = load_workbook(tmp_path / "a.xlsx")
        assert [sheet.title for sheet in book] == ["订单", "订单 (2)", "订单 (3)"]
        assert [sheet.max_row for sheet in book] == [3, 3, 2]
        assert all(sheet["A1"].value == "编号" and sheet.freeze_panes == "A2" for sheet in book)

    @pytest.mark.parametrize(
        ("name", "clean"),
        [("a/b:c", "a b c"), ("'x'", "x"), ("", "Sheet"), ("History", "History_"),
         ("长" * 40, "长" * 31), ("😀" * 20, "😀" * 15)],
    )  # fmt: skip
    def test_a_sheet_is_called_as_excel_allows(self, name: str, clean: str) -> None:
        assert sheet_name(name, set()) == clean
        assert len(sheet_name(name, {clean.casefold()}).encode("utf-16-le")) <= 62

    def test_a_sheet_says_what_was_exported(self, orders: Office, tmp_path: Path) -> None:
        told = About(view="未完成", filter="数量 > 1")
        exported(orders.session, "订单", tmp_path / "a.xlsx", where="{数量}>1", about=told)
        said = dict(cells(tmp_path / "a.xlsx", "About this file"))
        assert said["Form"] == "订单" and said["View"] == "未完成" and said["Filter"] == "数量 > 1"
        assert said["Records"] == "3" and said["By"] and said["Exported"].startswith("20")

    def test_rows_of_sub_forms_stand_on_sheets_of_their_own(self, tmp_path: Path) -> None:
        office = Office(tmp_path, shop())
        form = office.session.form("订单")
        form.create({"编号": "A1", "明细": [{"数量": 2}, {"数量": 3}]})
        form.create({"编号": "A2"})
        form.create({"编号": "A3", "明细": [{"数量": 5}]})
        done = exported(office.session, "订单", tmp_path / "a.xlsx", subforms=True, where='{编号}<>"A2"')
        with pytest.raises(UserError, match="one table"):
            exported(office.session, "订单", tmp_path / "a.csv", subforms=True, format=Format.CSV)
        office.session.close()
        assert (done.records, done.rows) == (2, 3)
        head, *rows = cells(tmp_path / "a.xlsx", "明细")
        assert head[0] == "编号"
        assert [(row[0], row[head.index("数量")]) for row in rows] == [("A1", 2), ("A1", 3), ("A3", 5)]

    def test_a_formula_that_failed_shows_its_error(self, tmp_path: Path) -> None:
        build = an_app()
        form = build.form("表")
        build.field(form, "text", "名")
        build.field(form, "decimal", "商", formula="1/0")
        office = Office(tmp_path, build.app)
        office.new("表", {"名": "a"})
        exported(office.session, "表", tmp_path / "a.xlsx")
        exported(office.session, "表", tmp_path / "a.csv", format=Format.CSV)
        office.session.close()
        assert cells(tmp_path / "a.xlsx")[1] == ["a", "#DIV/0!"]
        assert lines(tmp_path / "a.csv")[1] == ["a", "#DIV/0!"]


PAYLOADS = [
    f"{sign}{body}"
    for sign in ("=", "+", "-", "@", "\t=", "\r=", "'=", "''+", "＝", " =")
    for body in (
        "cmd|'/c calc'!A1", "1+1", "SUM(A1:A9)", 'HYPERLINK("http://x","y")', "IMPORTXML(1)", "2", '"', ",", "\n",
        "DDE()", "A1", "-1", "(1)", "@", "'", ";", "WEBSERVICE(1)", "  ", "=", "é",
    )
]  # fmt: skip


class TestCsv:
    """Texts in lines."""

    def test_it_begins_with_the_mark_of_utf_8_and_ends_lines_as_rfc_4180_does(
        self, office: Office, tmp_path: Path
    ) -> None:
        exported(office.session, "客户", tmp_path / "a.csv", format=Format.CSV)
        raw = (tmp_path / "a.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n")
        assert '"第一行\n第二行"'.encode() in raw

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_delimiter_and_encoding_can_be_chosen(
        self, office: Office, tmp_path: Path, delimiter: str, encoding: str
    ) -> None:
        office.new("客户", {"名称": 'a,b;c|"d" 😀龘'})
        exported(office.session, "客户", tmp_path / "a.csv", format=Format.CSV, delimiter=delimiter, encoding=encoding)
        assert lines(tmp_path / "a.csv", encoding, delimiter)[3][0] == 'a,b;c|"d" 😀龘'

    def test_numbers_are_written_for_programs_and_negative_ones_are_not_touched(
        self, orders: Office, tmp_path: Path
    ) -> None:
        orders.new("订单", {"编号": "-9", "数量": 1234567, "单价": Decimal("-1234.50"), "折扣": Decimal("-0.05")})
        exported(orders.session, "订单", tmp_path / "a.csv", format=Format.CSV)
        line = lines(tmp_path / "a.csv")[-1]
        assert line[:6] == ["'-9", "", "1234567", "-1234.50", "-5%", "-1600276609.58"]

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_no_text_begins_like_a_formula_and_each_comes_back(self, payload: str) -> None:
        safe = guarded(payload)
        assert safe.strip()[0] not in "=+-@＝＋－＠\0" and safe[0] not in "\t\r\n"
        assert unguarded(safe) == payload

    def test_there_are_two_hundred_of_them(self) -> None:
        assert len(set(PAYLOADS)) >= 200

    def test_names_of_fields_titles_and_options_are_guarded_too(self, tmp_path: Path) -> None:
        build = an_app()
        target = build.form("目标")
        build.field(target, "text", "名")
        form = build.form("表")
        build.field(form, "text", "=名")
        build.field(form, "choice", "选", options=options("+甲"))
        build.field(form, "relation", "关", form=target)
        office = Office(tmp_path, build.app)
        office.new("表", {"=名": "@x", "选": "+甲", "关": office.new("目标", {"名": "=t"})})
        exported(office.session, "表", tmp_path / "a.csv", format=Format.CSV)
        exported(office.session, "表", tmp_path / "raw.csv", format=Format.CSV, raw=True)
        office.session.close()
        assert lines(tmp_path / "a.csv") == [["'=名", "选", "关"], ["'@x", "'+甲", "'=t"]]
        assert lines(tmp_path / "raw.csv") == [["=名", "选", "关"], ["@x", "+甲", "=t"]]

    def test_libreoffice_finds_no_formula(self, tmp_path: Path) -> None:
        office_program = shutil.which("soffice") or shutil.which("libreoffice")
        if office_program is None:
            pytest.skip("LibreOffice is not installed")
        build = an_app()
        build.field(build.form("表"), "long_text", "名")
        office = Office(tmp_path, build.app)
        for payload in PAYLOADS:
            office.new("表", {"名": payload})
        exported(office.session, "表", tmp_path / "a.csv", format=Format.CSV)
        office.session.close()
        subprocess.run(
            [office_program, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "a.csv")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


class TestPlace:
    """The file is whole, or it is not there."""

    def leftovers(self, folder: Path) -> list[str]:
        return sorted(each.name for each in folder.iterdir() if each.name.startswith((".form", "a.")))

    def test_a_file_is_replaced_only_when_somebody_said_so(self, office: Office, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_text("mine")
        with pytest.raises(UserError) as refusal:
            exported(office.session, "客户", path)
        assert refusal.value.code == "file_exists" and path.read_text() == "mine"
        export(office.session, Export(office.form("客户").id), path, Progress(), replace=True)
        assert len(cells(path)) == 3 and self.leftovers(tmp_path) == ["a.xlsx"]

    @pytest.mark.parametrize("format", list(Format))
    def test_cancelled_at_any_step_it_leaves_the_old_file_and_nothing_else(
        self,
        orders: Office,
        tmp_path: Path,
        format: Format,
    ) -> None:
        path = tmp_path / "a.xlsx"
        path.write_text("mine")
        steps = 0
        while True:
            progress = Cancelling(steps)
            try:
                export(orders.session, Export(orders.form("订单").id, format=format), path, progress, replace=True)
            except Cancelled:
                assert path.read_text() == "mine" and self.leftovers(tmp_path) == ["a.xlsx"]
                steps += 1
                continue
            break
        assert steps >= 2
        assert path.read_bytes()[:2] != b"mi"

    def test_a_disk_that_is_full_is_said_and_nothing_is_left(
        self, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(watched: Any, part: bytes) -> int:
            if not watched._file.closed:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return len(part)

        monkeypatch.setattr(export_xlsx._Watched, "write", full)
        with pytest.raises(UserError, match="disk is full") as refusal:
            exported(office.session, "客户", tmp_path / "a.xlsx")
        assert "a.xlsx" in str(refusal.value) and self.leftovers(tmp_path) == []

    def test_a_file_that_another_program_holds_is_said_before_the_work(
        self, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.xlsx"
        path.write_text("mine")

        def held(_path: Path, *, replace: bool) -> None:
            raise PermissionError(errno.EACCES, "held", str(path))

        monkeypatch.setattr(export_place, "_try_place", held)
        with pytest.raises(UserError, match="Close it there") as refusal:
            export(office.session, Export(office.form("客户").id), path, Progress(), replace=True)
        assert refusal.value.code == "file_locked" and path.read_text() == "mine"

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_file_is_not_replaced(self, office: Office, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_text("mine")
        path.chmod(stat.S_IRUSR)
        with pytest.raises(UserError) as refusal:
            export(office.session, Export(office.form("客户").id), path, Progress(), replace=True)
        assert refusal.value.code == "file_locked"

    def test_a_folder_that_is_not_there_and_one_in_the_way_are_said(self, office: Office, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="folder does not exist"):
            exported(office.session, "客户", tmp_path / "none" / "a.xlsx")
        (tmp_path / "a.xlsx").mkdir()
        with pytest.raises(UserError, match="folder of this name"):
            exported(office.session, "客户", tmp_path / "a.xlsx")


class Cancelling(Progress):
    """Is cancelled after so many looks."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    def check(self) -> None:
        if self._looks == 0:
            self.cancel()
        self._looks -= 1
        super().check()


def test_progress_counts_records(orders: Office, tmp_path: Path) -> None:
    seen: list[Step] = []
    export(orders.session, Export(orders.form("订单").id), tmp_path / "a.xlsx", Progress(seen.append))
    assert (seen[0].done, seen[0].total, str(seen[0].label)) == (0, 5, "Exporting “订单”")
