"""The steps of the import wizard and the app that it makes, to be pictured."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import keyring
import xlsxwriter
from PySide6.QtTest import QTest

from desktop import settings
from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.demo_workbook import write_workbook
from desktop.import_wizard.flow import ImportFlow, Phase
from desktop.import_wizard.page import ImportPage
from desktop.import_wizard.steps import NewPlace
from runtime.exchange.readers.refusals import WrongPassword
from runtime.session import Session, open_workspace
from tests.support.memory_keyring import MemoryKeyring

SUPERSTORE = Path(__file__).parents[3] / "shared" / "data" / "superstore_cn.xls"
PATIENCE = 60_000
TICK = 10


def workbook() -> Path:
    """The superstore where it is, else the workbook of the demo."""
    if SUPERSTORE.exists():
        return SUPERSTORE
    made = Path(tempfile.gettempdir()) / "formwork-demo.xlsx"
    if not made.exists():
        write_workbook(made)
    return made


def until(condition: Callable[[], bool]) -> None:
    """Let the window live until `condition` holds.

    Raises:
        TimeoutError: it never did.
    """
    for _round in range(PATIENCE // TICK):
        if condition():
            QTest.qWait(TICK)
            return
        QTest.qWait(TICK)
    raise TimeoutError


def page_of(shell: Desktop) -> ImportPage:
    """The wizard in front."""
    page = shell.window.page
    assert isinstance(page, ImportPage)
    return page


def _flow(shell: Desktop) -> ImportFlow:
    flow = shell.imports.flow
    assert flow is not None
    return flow


def reading(shell: Desktop) -> None:
    """The file is read."""
    shell.imports.open(workbook())


def refused(shell: Desktop) -> None:
    """The file is no workbook."""
    file = Path(tempfile.gettempdir()) / "formwork-refused.xlsx"
    file.write_bytes(b"PK\x03\x04 cut off")
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REFUSED)


def review(shell: Desktop) -> None:
    """What the file would become."""
    keyring.set_keyring(MemoryKeyring())
    shell.imports.open(workbook())
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.preview is not None)


def changed(shell: Desktop) -> None:
    """A column is left out, one has a type that does not fit, one is renamed, a doubt is decided otherwise."""
    review(shell)
    flow = _flow(shell)
    sheet = flow.draft.sheet
    first = next(doubt for doubt in flow.plan.doubts if doubt.choices) if flow.plan else None
    if first is not None:
        flow.draft.change(lambda plan: plan.choose(first.id, first.choices[-1].id))
    flow.draft.change(lambda plan: plan.include(sheet, False, 0))
    flow.draft.change(lambda plan: plan.retype(sheet, 4, "integer"))
    flow.draft.change(lambda plan: plan.rename(sheet, 3, plan.sheet(sheet).columns[2].label))
    QTest.qWait(1500)


def place(shell: Desktop) -> None:
    """Name and place."""
    review(shell)
    _flow(shell).needs_passphrase = True
    page_of(shell).go.click()


def importing(shell: Desktop) -> None:
    """Half way."""
    review(shell)
    flow = _flow(shell)
    flow.go(Phase.PLACE)
    flow.place = NewPlace("Superstore", str(settings.folder() / "places"), "correct horse", "correct horse")
    flow.run(None)
    until(lambda: flow.progress[0] > 0 or flow.phase is not Phase.IMPORTING)
    QTest.qWait(600)


def landed(shell: Desktop) -> None:
    """In the app."""
    importing(shell)
    until(lambda: isinstance(shell.window.page, AppPage) and bool(shell.window.page.status))
    QTest.qWait(300)


def left_out(shell: Desktop) -> None:
    """What was not taken."""
    review(shell)
    flow = _flow(shell)
    flow.draft.change(lambda plan: plan.retype(flow.draft.sheet, 5, "integer"))
    flow.go(Phase.PLACE)
    flow.place = NewPlace("Superstore", str(settings.folder() / "places"), "correct horse", "correct horse")
    QTest.qWait(600)
    flow.run(None)
    until(lambda: isinstance(shell.window.page, AppPage) and bool(shell.window.page.status))
    shell.show("import")


def _opened(shell: Desktop) -> Session:
    """A workspace with the forms of the demo is open."""
    keyring.set_keyring(MemoryKeyring())
    folder = settings.folder() / "places" / "销售.formwork"
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = settings.folder() / "销售.xlsx"
    write_workbook(made)
    with open_workspace(folder) as session:
        session.import_file(made)
    shell.open_workspace(folder)
    until(lambda: shell.session is not None and isinstance(shell.window.page, AppPage))
    assert shell.session is not None
    return shell.session


ORDER_ROWS: list[list[object]] = [
    ["订单号", "客户编号", "产品编号", "数量", "折扣", "状态", "业务员"],
    ["DD000001", "KH00002", "CP001", 5, 0.1, "已完成", "李静"],
    ["DD000002", "KH00003", "CP002", "五台", 0.2, "已完城", "王磊"],
    ["DD000003", "KH99999", "CP003", 7, None, "待发货", "王磊"],
    ["DD100001", "KH00005", "CP004", 2, 0.05, "已发货", "李静"],
    ["DD100002", "KH00006", "CP005", 3, 0.15, "待发货", "李静"],
    ["DD100002", "KH00007", "CP006", 4, 0.15, "待发货", "赵敏"],
    ["DD100004", "KH00008", "CP007", 9, 0.3, "退货中", "赵敏"],
    ["DD100005", "KH00009", "CP008", 1, 0.3, "已发货", "赵敏"],
]


def _orders(shell: Desktop, into: str = "订单") -> ImportFlow:
    session = _opened(shell)
    file = settings.folder() / "七月订单.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("七月")
        for at, row in enumerate(ORDER_ROWS):
            sheet.write_row(at, 0, row)
    shell.imports.open(file, into=session.find_form(into).id if into else "")
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(900)
    return _flow(shell)


def into_form(shell: Desktop) -> None:
    """Rows for a form that is there."""
    _orders(shell)


def checked(shell: Desktop) -> None:
    """What they would do."""
    flow = _orders(shell)
    page_of(shell).go.click()
    until(lambda: flow.phase is Phase.CHECKED)


def into_left(shell: Desktop) -> None:
    """What of them was left out."""
    checked(shell)
    page_of(shell).go.click()
    until(lambda: _flow(shell).phase is Phase.DONE)
    QTest.qWait(300)
    shell.show("import")


def nothing(shell: Desktop) -> None:
    """A file that says nothing new."""
    where_to(shell)
    page_of(shell).go.click()
    until(lambda: _flow(shell).phase is Phase.CHECKED)


def asked(shell: Desktop) -> None:
    """A file with long names, which has only the columns of a form."""
    _opened(shell)
    file = settings.folder() / "供应商.xlsx"
    rows = [["产品编号", "品名", "单价", "说明"], ["GY1", "一", 5, "x"], ["GY2", "二", 6, "y"]]
    more = [["产品编号", "产品名称", "标准价"], ["GY901", "别的一", 5.5], ["GY902", "别的二", 6.5]]
    with xlsxwriter.Workbook(str(file)) as book:
        for name, lines in {
            "二〇二六年第一季度供应商往来明细": rows,
            "Suppliers of the northern region": rows,
            "供应商": more,
        }.items():
            sheet = book.add_worksheet(name[:31])
            for at, row in enumerate(lines):
                sheet.write_row(at, 0, row)
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(500)


def where_to(shell: Desktop) -> None:
    """A file whose forms are there already."""
    _opened(shell)
    shell.imports.open(settings.folder() / "销售.xlsx")
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(500)


def over(shell: Desktop) -> None:
    """A list that would write over many records: wages of another month."""
    session = _opened(shell)
    may, june = (settings.folder() / f"工资表2026年{month}月.xlsx" for month in (5, 6))
    for file, more in ((may, 0), (june, 300)):
        with xlsxwriter.Workbook(str(file)) as book:
            sheet = book.add_worksheet("Sheet1")
            lines = ([f"A{n:04}", f"员工{n}", 5000 + n, 100 + n + more] for n in range(500))
            for at, row in enumerate([["工号", "姓名", "基本工资", "奖金"], *lines]):
                sheet.write_row(at, 0, row)
    session.import_file(may)
    shell.imports.open(june)
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(500)


def beside(shell: Desktop) -> None:
    """New forms for an app that is there."""
    _opened(shell)
    file = settings.folder() / "拜访.xlsx"
    visits = [["拜访编号", "客户编号", "内容"], *([f"BF{n}", f"KH{n:05}", "谈"] for n in range(1, 40))]
    trips: list[list[object]] = [["单号", "金额"], ["CL1", 300], ["CL2", 450]]
    with xlsxwriter.Workbook(str(file)) as book:
        for name, lines in (("拜访记录", visits), ("差旅", trips)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(lines):
                sheet.write_row(at, 0, row)
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    page_of(shell).go.click()


def password(shell: Desktop) -> None:
    """A workbook with a password, tried once."""
    file = settings.folder() / "工资.xlsx"
    file.write_bytes(b"")
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REFUSED)
    flow = _flow(shell)
    flow.refusal, flow.tries = WrongPassword(), 3
    flow.go(Phase.READING)
    flow._refused(flow.session, WrongPassword())


def text_file(shell: Desktop) -> None:
    """A text file in an old encoding."""
    file = settings.folder() / "客户.csv"
    lines = ["编号,名称,城市,电话", *(f"K{at:03},客户{at}有限公司,上海,1380000{at:04}" for at in range(40))]
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(300)


def turned(shell: Desktop) -> None:
    """A list on its side: the first column holds the names."""
    file = settings.folder() / "型号对比.csv"
    lines = ["型号,X1,X2,X3,X4", "重量,1.2,1.5,2.1,2.4", "上市,2022-01-01,2023-02-02,2024-03-03,2024-09-01",
             "颜色,黑,白,银,黑", "价格,¥1999,¥2499,¥3299,¥3999"]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", "utf-8")
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(500)


def doubted(shell: Desktop) -> None:
    """A report: a title, subtotals and a total, signatures below, a column without a name, two of one name."""
    file = settings.folder() / "采购台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("采购台账")
        page.merge_range(0, 0, 0, 6, "2026 年采购台账（第一季度）")
        page.write_row(1, 0, ["单位：元", "", "", "", "", "制表：王小明"])
        page.write_row(2, 0, ["供应商", "物料", "", "数量", "金额", "金额", "日期"])
        at = 3
        for name in ("海天贸易", "福州海峡", "厦门港务"):
            for each in range(6):
                row = [
                    name,
                    f"物料{each}",
                    f"备注{each}",
                    each + 1,
                    each * 12.5,
                    each * 10,
                    f"{each + 1}月{each + 3}日",
                ]
                page.write_row(at, 0, row)
                at += 1
            page.write_row(at, 0, ["小计", "", "", 21, 187.5, 150])
            at += 1
        page.write_row(at, 0, ["合计", "", "", 63, 562.5, 450])
        page.write_row(at + 2, 0, ["审核：", "", "复核：", "", "制表："])
    shell.imports.open(file)
    until(lambda: _flow(shell).phase is Phase.REVIEW and _flow(shell).draft.settled)
    QTest.qWait(500)


def closing(shell: Desktop) -> None:
    """The window is to be closed over a file that is not imported yet."""
    turned(shell)
    shell.window.close()
    QTest.qWait(100)


WINDOWS: dict[str, Callable[[Desktop], None]] = {
    "wizard_1_reading": reading,
    "wizard_2_refused": refused,
    "wizard_3_review": review,
    "wizard_4_changed": changed,
    "wizard_5_place": place,
    "wizard_6_importing": importing,
    "wizard_7_landed": landed,
    "wizard_8_left_out": left_out,
    "wizard_9_into": into_form,
    "wizard_a_checked": checked,
    "wizard_b_rejected": into_left,
    "wizard_c_where_to": where_to,
    "wizard_d_password": password,
    "wizard_e_text": text_file,
    "wizard_f_nothing": nothing,
    "wizard_g_asked": asked,
    "wizard_h_over": over,
    "wizard_i_beside": beside,
    "wizard_j_turned": turned,
    "wizard_k_doubted": doubted,
    "wizard_l_closing": closing,
}
