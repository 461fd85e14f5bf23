"""The demo: the main job on generated data, every step checked; then pictures of it in both languages and themes."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from desktop.demo_workbook import CUSTOMERS, ORDERS, PRODUCTS, write_workbook
from resources.texts import T, _, language, speaking
from runtime.definition.edits import AddNode
from runtime.errors import UserError
from runtime.form import field_node
from runtime.session import Session, open_workspace

Say = Callable[[str], None]


class DemoFailed(UserError):
    """A step of the demo did not do what it should."""

    code = "demo_failed"


def run(folder: Path | None, say: Say) -> int:
    """Run every step in `folder` (a new temporary one where None) and say what happened.

    Returns:
        0: every step worked.

    Raises:
        DemoFailed: a step did not.
    """
    folder = (folder or Path(tempfile.mkdtemp(prefix="formwork-demo-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    sales, demo = _("Sales"), _("Demo")
    workbook = folder / f"{sales}.xlsx"
    workspace = Path(tempfile.mkdtemp(prefix="run-", dir=folder)) / f"{demo}.formwork"
    passphrase = secrets.token_urlsafe(16)
    with _Step(say, _("A workbook with three related sheets")):
        write_workbook(workbook)
    with open_workspace(workspace, passphrase) as session:
        order = _work(session, workbook, say)
        with _Step(say, _("A recovery code opens the workspace too")):
            _must(_has_second_way(session, passphrase))
    with (
        _Step(say, _("Closed and opened again: everything is there")),
        open_workspace(workspace, passphrase) as session,
    ):
        record = session.form("订单").get(order)
        _must(record is not None and record["备注"] == "加急" and session.damage() == [])
    with _Step(say, _("Pictures in both languages and both themes")):
        from desktop.pictures import take

        with speaking(language()):
            pictures = take(workspace, passphrase, workbook, folder / "pictures")
        _must(len(pictures) >= 4 and all(picture.stat().st_size > 0 for picture in pictures))
    say(_("The pictures are in {folder}", folder=str(folder / "pictures")))
    return 0


def _work(session: Session, workbook: Path, say: Say) -> str:
    """Import, query, compute, edit, undo; the id of the order that was edited."""
    with _Step(say, _("Import: {n} records in three forms", n=f"{CUSTOMERS + PRODUCTS + ORDERS:,}")):
        report = session.import_file(workbook)
        _must([form.created for form in report.forms] == [CUSTOMERS, PRODUCTS, ORDERS] and not report.left)
    orders = session.form("订单")
    with _Step(say, _("Query: large orders of high-value customers, largest first")):
        found = orders.records(where='AND({数量}>=30,{客户编号}.{等级}="高价值")', sort=["-数量"], limit=50)
        numbers = [record["数量"] for record in found]
        _must(len(found) == 50 and numbers == sorted(numbers, reverse=True) and numbers[-1] >= 30)
    with _Step(say, _("Formula: a new computed field fills every record, and follows its inputs")):
        _add_amount(session)
        _must(orders.count("ISBLANK({金额})") == 0)
        record = orders.update(found[0].id, {"数量": 10, "折扣": "10%"})
        _must(record["金额"] == (record["单价"] * 10 * Decimal("0.9")).quantize(Decimal("0.01")))
    with _Step(say, _("Undo and redo")):
        _must(session.undo() and orders.records(limit=1) != [])
        before = orders.get(found[0].id)
        _must(before is not None and before["数量"] == numbers[0])
        _must(session.redo())
    with _Step(say, _("Edit, with its history")):
        edited = orders.update(found[1].id, {"备注": "加急"})
        _must(session.history(edited)[0].after != {})
    return str(edited.id)


def _add_amount(session: Session) -> None:
    form = session.form("订单").form
    app = session.apps[form.app]
    node = field_node(form.id, "money", "金额", formula="ROUND({数量}*{单价}*(1-{折扣}),2)")
    session.publish(AddNode(node).apply(app))


def _has_second_way(session: Session, passphrase: str) -> bool:
    ways = session.ways
    if ways is None:
        return False
    offer = ways.offer_code(passphrase)
    ways.accept(offer)
    ways.assert_opens(str(offer.code))
    return ways.count > 1


def _must(worked: bool) -> None:
    if not worked:
        raise DemoFailed(T("This step of the demo did not work."))


class _Step:
    """Says a step when it is done, with its time."""

    def __init__(self, say: Say, label: str) -> None:
        self._say = say
        self._label = label

    def __enter__(self) -> None:
        self._started = time.monotonic()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        mark = "✗" if error is not None else "✓"
        self._say(f"{mark} {self._label}  ({time.monotonic() - self._started:.1f} s)")
