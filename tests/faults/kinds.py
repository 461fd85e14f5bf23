"""Kills while importing at the borders of chunks and while publishing new versions of an app."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path

import xlsxwriter

from runtime.definition.edits import AddNode, SetKind, SetProperty
from runtime.definition.node import App
from runtime.exchange.cells import CHUNK
from runtime.exchange.importing.importer import import_plan
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.workbooks import understand
from runtime.form import field_node
from runtime.session import Session, open_workspace
from runtime.work import Progress
from tests.faults.kills import LONGEST, Report, Work, killed, made, opened, timed
from tests.faults.model import Model, perform, the_form
from tests.support.apps import field_called
from tests.support.profile import ROOT

ROWS = 12_000
LONGEST_COMMAND = 4.0
"""Seconds after which a command is killed at the latest; it takes about three."""
RECORDS = 400
FORMULAS = ("{单价}*{数量}*(1-{折扣})", "{单价}*{数量}+1", "ROUND({单价}*{数量}*2, 2)")
PLUS = (lambda amount: amount, lambda amount: amount + 1, lambda amount: amount * 2)
"""What each formula makes of price times quantity."""


def while_importing(rounds: int, seed: int = 2) -> Report:
    """A workbook of three chunks, killed right after one of its commits or inside the next."""
    report = Report("import")
    chance = random.Random(seed)
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-kills-") as name:
        plan = understand(open_workbook(a_workbook(Path(name) / "orders.xlsx"), Progress()), Progress())
        folder = Path()
        for turn in range(rounds):
            if turn % 25 == 0:
                folder = made(Path(name) / f"i{turn}.formwork")
            said = killed(_importing(folder, plan), chance.randrange(1, 6), chance.random() * LONGEST * 4)
            report.kills += 1
            report.acknowledged += sum(number > 0 for number in said)
            _whole_chunks(folder, max(said, default=0), report)
    return report


def while_a_command_imports(rounds: int, seed: int = 6) -> Report:
    """The command `formwork import` in a process of its own, killed at any moment of its life."""
    report = Report("command")
    chance = random.Random(seed)
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-kills-") as name:
        book, folder = a_workbook(Path(name) / "orders.xlsx"), made(Path(name) / "command.formwork")
        command = [sys.executable, "-m", "desktop", "import", str(book), "--workspace", str(folder), "--yes"]
        for _ in range(rounds):
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=chance.random() * LONGEST_COMMAND)
                process.kill()
            report.kills += 1
            _whole_chunks(folder, 0, report)
    return report


def a_workbook(path: Path) -> Path:
    """A workbook of three chunks."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("流水")
    sheet.write_row(0, 0, ["单号", "客户", "数量", "金额", "备注"])
    for row in range(1, ROWS + 1):
        sheet.write_row(row, 0, [f"A{row:06}", f"客户{row % 977}", row % 37, row * 1.25, f"第{row}行"])
    book.close()
    return path


def _importing(folder: Path, plan: ImportPlan) -> Work:
    def work(say: Callable[[int], None]) -> None:
        session = open_workspace(folder)
        say(0)
        session.listen(lambda applied: say(applied.seq))
        import_plan(session, plan, "流水", Progress())

    return work


def _whole_chunks(folder: Path, head: int, report: Report) -> None:
    with opened(folder, report) as session:
        if session is None:
            return
        have = _head(session)
        if have < head:
            report.fail("lost", f"commit {head} was acknowledged, the workspace ends with {have}")
        for form in session.forms:
            count = session.form(form.id).count()
            if form.name == "流水" and count not in (0, ROWS) and (count + 1) % CHUNK:
                report.fail("broken", f"{count} records are no whole number of chunks")


def _head(session: Session) -> int:
    with session._workspace.database.reader.connect() as connection:
        return int(connection.exec_driver_sql("SELECT v FROM meta WHERE k = 'head'").scalar_one())


def while_publishing(rounds: int, seed: int = 3) -> Report:
    """Versions that add a field, change the formula of one that every record has, and the type of another."""
    report = Report("schema")
    chance = random.Random(seed)
    with timed(report), tempfile.TemporaryDirectory(prefix="formwork-kills-") as name:
        folder = Path()
        for turn in range(rounds):
            if turn % 30 == 0:
                folder = _filled(Path(name) / f"p{turn}.formwork")
            said = killed(_publishing(folder), chance.randrange(1, 4), chance.random() * LONGEST)
            report.kills += 1
            report.acknowledged += max(len(said) - 1, 0)
            _right_version(folder, max(said, default=0), report)
    return report


def _filled(folder: Path) -> Path:
    with open_workspace(made(folder)) as session:
        model = Model(7)
        while len(model.orders) < RECORDS:
            perform(session, model.next())
            model.go_on()
    return folder


@cache
def _quantities() -> dict[str, int]:
    """What the living records of `_filled` hold."""
    model = Model(7)
    while len(model.orders) < RECORDS:
        model.go_on()
    return {key: order.quantity for key, order in model.orders.items() if not order.binned}


def _publishing(folder: Path) -> Work:
    def work(say: Callable[[int], None]) -> None:
        session = open_workspace(folder)
        say(_app(session).version)
        while True:
            session.publish(_changed(session))
            say(_app(session).version)

    return work


def _app(session: Session) -> App:
    return session.apps[the_form(session).app]


def _changed(session: Session) -> App:
    app, form = _app(session), the_form(session)
    version = app.version + 1
    amount = field_called(form, "金额")
    app = SetProperty(amount.id, "formula", FORMULAS[version % len(FORMULAS)]).apply(app)
    computed = {"formula": "{数量}*2"} if version % 2 else {}
    quantity = field_called(form, "数量").id
    app = SetKind(quantity, "field.integer" if version % 2 else "field.decimal").apply(app)
    return AddNode(field_node(form.id, "integer", f"字段{version}", **computed)).apply(app)


def _right_version(folder: Path, version: int, report: Report) -> None:
    with opened(folder, report) as session:
        if session is None:
            return
        have = _app(session).version
        if have not in (version, version + 1):
            report.fail("lost", f"version {version} was acknowledged, version {have} is there")
        form = the_form(session)
        names = {field.name for field in form.fields}
        if any(f"字段{number}" not in names for number in range(2, have + 1)):
            report.fail("broken", f"version {have} lacks a field")
        quantities = {record["编号"]: record["数量"] for record in session.form(form.id).records()}
        if quantities != _quantities():
            report.fail("lost", f"version {have}: the quantities are other ones")
        for record in session.form(form.id).records():
            amount = PLUS[have % len(PLUS) if have > 1 else 0](
                (record["单价"] * record["数量"]).quantize(Decimal("0.01"))
            )
            if record["金额"] != amount or any(
                record[f"字段{number}"] != record["数量"] * 2 for number in range(3, have + 1, 2)
            ):
                report.fail("broken", f"version {have}: {record['编号']} holds {record['金额']}, not {amount}")
                break
