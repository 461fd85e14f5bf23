"""Sheets that are looked at anew: off the thread of the window, with a bar that says how far it is, and Cancel."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from PySide6.QtWidgets import QProgressBar

from desktop.import_wizard import steps
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.draft_work import DraftWork
from runtime.errors import UserError
from runtime.exchange.importing import written_over
from runtime.exchange.readers.options import Options
from runtime.exchange.understanding.plan import ImportPlan
from runtime.session import Session, open_workspace
from runtime.ui.kit.button import IconButton
from runtime.ui.kit.job_row import JobRow
from runtime.work import Progress
from tests.desktop.wizard_hands import LONG, Wizard
from tests.support.drivers import click

HEADERS = ["工号", "姓名", "基本工资", "奖金"]
ROWS = 40


def wages(path: Path, more: int) -> Path:
    """A list of wages under a row that could be its header."""
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet("Sheet1")
        lines: list[list[Any]] = [[f"A{n:04}", f"员工{n}", 5000 + n, 100 + n + more] for n in range(ROWS)]
        for at, line in enumerate([["甲", "乙", "丙", "丁"], HEADERS, *lines] if more else [HEADERS, *lines]):
            page.write_row(at, 0, line)
    return path


@pytest.fixture
def office(qtbot, wizard: Wizard, places: Path, tmp_path: Path) -> Session:
    """An open workspace with the wages of May."""
    with open_workspace(places / "人事") as session:
        session.import_file(wages(tmp_path / "工资表2024年5月.xlsx", 0))
    wizard.desktop.open_workspace(places / "人事.formwork")
    qtbot.waitUntil(lambda: wizard.desktop.session is not None, timeout=LONG)
    assert wizard.desktop.session is not None
    return wizard.desktop.session


class Halt:
    """Lets a function wait where it is first called, and remembers the threads that call it."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.threads: set[threading.Thread] = set()

    def __call__(self) -> None:
        self.threads.add(threading.current_thread())
        self.reached.set()
        self.open.wait(LONG / 1_000)


@pytest.fixture
def halt() -> Iterator[Halt]:
    made = Halt()
    yield made
    made.open.set()


def with_header(work: DraftWork, top: int) -> None:
    """Say in which row the header is."""

    def edit(plan: ImportPlan) -> ImportPlan:
        frame = plan.source.tables["Sheet1"].frame
        return plan.cut("Sheet1", replace(frame, start=0, top=top, header_rows=1))

    work.change(edit)


def bar(wizard: Wizard) -> JobRow:
    found = wizard.desktop.window.findChild(JobRow)
    assert found is not None
    return found


def stop(qtbot, wizard: Wizard) -> None:
    """Press Cancel in the bar of what runs, once it is shown."""
    row = bar(wizard)
    qtbot.waitUntil(row.isVisible, timeout=LONG)
    button = row.findChild(IconButton)
    assert button is not None
    click(button)


@pytest.fixture
def moved(wizard: Wizard, office: Session, tmp_path: Path) -> DraftWork:
    """The draft of a list of wages whose header somebody put into the row above it."""
    wizard.reviews(wages(tmp_path / "工资表2024年6月.xlsx", 50))
    work = wizard.flow.draft
    with_header(work, 0)
    wizard.settles()
    assert work.now is not None and work.now.plan.source.tables["Sheet1"].headers == ("甲", "乙", "丙", "丁")
    return work


def test_what_would_be_written_over_is_counted_off_the_windows_thread_and_says_how_far_it_is(
    qtbot, wizard: Wizard, moved: DraftWork, halt: Halt, monkeypatch: pytest.MonkeyPatch
):
    compared = written_over._changed
    monkeypatch.setattr(written_over, "CHUNK", 10)
    monkeypatch.setattr(written_over, "_changed", lambda *values: (halt(), compared(*values))[1])
    with_header(moved, 1)
    row = bar(wizard)
    qtbot.waitUntil(lambda: halt.reached.is_set() and row.isVisible(), timeout=LONG)
    progress = row.findChild(QProgressBar)
    assert progress is not None
    assert progress.accessibleName() == "Comparing with “工资表2024年5月”"
    (job,) = wizard.desktop.jobs.shown()
    assert job.step is not None and (job.step.done, job.step.total) == (0, ROWS)
    halt.open.set()
    wizard.settles()
    assert threading.main_thread() not in halt.threads
    assert moved.now is not None and moved.now.over["Sheet1"].changed == ROWS


def test_the_counting_can_be_stopped_and_the_draft_is_as_it_was(
    qtbot, wizard: Wizard, moved: DraftWork, halt: Halt, monkeypatch: pytest.MonkeyPatch
):
    before, chunks, compared = moved.now, list[int](), written_over._changed

    def compare(*values: Any) -> Any:
        chunks.append(1)
        halt()
        return compared(*values)

    monkeypatch.setattr(written_over, "CHUNK", 10)
    monkeypatch.setattr(written_over, "_changed", compare)
    with_header(moved, 1)
    qtbot.waitUntil(halt.reached.is_set, timeout=LONG)
    stop(qtbot, wizard)
    halt.open.set()
    wizard.settles()
    assert len(chunks) == 1, "the other three were not compared"
    assert moved.now is not None and before is not None and moved.now.plan == before.plan
    with_header(moved, 1)
    wizard.settles()
    assert moved.now.plan.source.tables["Sheet1"].headers == tuple(HEADERS)
    assert len(chunks) == 1 + ROWS // 10


@pytest.fixture
def texts(wizard: Wizard, office: Session, tmp_path: Path) -> Wizard:
    """The review of a text file, whose form got another name by hand."""
    path = tmp_path / "客户.csv"
    path.write_bytes("\r\n".join(["编号,名称,城市", *(f"K{at},客户{at},上海" for at in range(30))]).encode("gb18030"))
    wizard.reviews(path)
    wizard.flow.draft.change(lambda plan: plan.rename("客户", None, "往来单位"))
    wizard.settles()
    return wizard


def halting(halt: Halt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a draft wait before it takes over what was changed by hand."""
    after = Draft.after

    def waiting(self: Draft, former: Draft, session: Session | None, progress: Progress) -> Draft:
        halt()
        return after(self, former, session, progress)

    monkeypatch.setattr(Draft, "after", waiting)


def test_what_was_changed_by_hand_is_done_to_files_read_another_way_with_what_was_changed_meanwhile(
    qtbot, texts: Wizard, halt: Halt, monkeypatch: pytest.MonkeyPatch
):
    flow = texts.flow
    halting(halt, monkeypatch)
    flow.reread(replace(flow.options, encoding="cp1252"))
    qtbot.waitUntil(halt.reached.is_set, timeout=LONG)
    flow.draft.change(lambda plan: plan.include("客户", False, 2))
    halt.open.set()
    qtbot.waitUntil(lambda: flow.draft.now is not None and flow.draft.now.encoding == "cp1252", timeout=LONG)
    texts.settles()
    assert flow.plan is not None
    sheet = flow.plan.sheet("客户")
    assert (sheet.form_label, [column.include for column in sheet.columns]) == ("往来单位", [True, True, False])
    assert threading.main_thread() not in halt.threads


def test_reading_another_way_that_is_stopped_leaves_the_draft_and_can_be_asked_for_again(
    qtbot, texts: Wizard, halt: Halt, monkeypatch: pytest.MonkeyPatch
):
    flow = texts.flow
    before = flow.draft.now
    halting(halt, monkeypatch)
    flow.reread(replace(flow.options, encoding="cp1252"))
    qtbot.waitUntil(halt.reached.is_set, timeout=LONG)
    stop(qtbot, texts)
    halt.open.set()
    texts.settles()
    assert flow.draft.now is not None and before is not None
    assert (flow.draft.now.plan, flow.draft.now.encoding, flow.options.encoding) == (before.plan, "gb18030", "")
    assert texts.review.text_options.encoding.text().endswith("(GB18030, GBK)")
    flow.reread(replace(flow.options, encoding="cp1252"))
    qtbot.waitUntil(lambda: texts.review.text_options.encoding.text().endswith("(Windows-1252)"), timeout=LONG)
    texts.settles()


def test_a_workspace_that_is_closed_meanwhile_leaves_the_former_reading(
    qtbot, texts: Wizard, halt: Halt, monkeypatch: pytest.MonkeyPatch
):
    flow = texts.flow
    halting(halt, monkeypatch)
    flow.reread(replace(flow.options, encoding="cp1252"))
    qtbot.waitUntil(halt.reached.is_set, timeout=LONG)
    texts.desktop.close_workspace()
    halt.open.set()
    texts.desktop.show("import")
    texts.settles()
    assert flow.draft.now is not None
    assert (flow.draft.now.encoding, flow.options.encoding) == ("gb18030", "")
    assert flow.draft.now.plan.sheet("客户").form_label == "往来单位"


def test_of_two_ways_of_reading_the_one_asked_for_last_is_shown_whichever_is_slower(
    qtbot, texts: Wizard, halt: Halt, monkeypatch: pytest.MonkeyPatch
):
    flow, read = texts.flow, steps.read

    def waiting(paths: Sequence[Path], progress: Progress, options: Options, *more: Any) -> Draft:
        if options.encoding == "cp1252":
            halt()
        return read(paths, Progress(), options, *more)

    monkeypatch.setattr(steps, "read", waiting)
    flow.reread(replace(flow.options, encoding="cp1252"))
    qtbot.waitUntil(halt.reached.is_set, timeout=LONG)
    flow.reread(replace(flow.options, encoding="cp1250"))
    qtbot.waitUntil(lambda: flow.draft.now is not None and flow.draft.now.encoding == "cp1250", timeout=LONG)
    halt.open.set()
    qtbot.waitUntil(lambda: flow._jobs.idle, timeout=LONG)
    texts.settles()
    assert flow.draft.now is not None
    assert (flow.draft.now.encoding, flow.options.encoding) == ("cp1250", "cp1250")


def test_a_way_of_reading_that_fails_late_leaves_what_is_shown_and_said(
    qtbot, texts: Wizard, monkeypatch: pytest.MonkeyPatch
):
    flow = texts.flow

    def failing(*_: Any) -> Draft:
        raise UserError("no")

    monkeypatch.setattr(Draft, "after", failing)
    flow.reread(replace(flow.options, encoding="cp1252"))
    qtbot.waitUntil(lambda: flow.options.encoding == "", timeout=LONG)
    texts.settles()
    assert flow.draft.now is not None and flow.draft.now.encoding == "gb18030"


def test_the_row_of_names_that_was_found_is_offered_whatever_was_chosen_since(wizard: Wizard, tmp_path: Path):
    path = tmp_path / "工资.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet("Sheet1")
        page.write(0, 0, "工资表")
        for at, line in enumerate([HEADERS, *([f"A{n:04}", f"员工{n}", 5000 + n, 100 + n] for n in range(ROWS))]):
            page.write_row(at + 2, 0, line)
    review, doubt = wizard.reviews(path), "Sheet1//rows_above"
    for label in ("No row holds the names", "Row 1 holds the names", "Row 3 holds the names"):
        options = review.doubts.cards[doubt].options.values()
        click(next(option for option in options if option.text() == label))
        wizard.settles()
        (chosen,) = [option for option in review.doubts.cards[doubt].options.values() if option.isChecked()]
        assert chosen.text() == label
    work = wizard.flow.draft
    assert work.now is not None and work.now.plan.source.tables["Sheet1"].headers == tuple(HEADERS)
