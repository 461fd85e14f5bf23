"""Long work: lanes, results on the GUI thread, cancelling, owners that die, a clean end."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject

from resources.texts import language, speaking
from runtime.errors import Cancelled, UserError
from runtime.ui.jobs import Jobs
from runtime.work import Progress


def test_the_result_arrives_on_the_gui_thread(qtbot, jobs: Jobs):
    owner, seen = QObject(), []
    gui = threading.get_ident()
    jobs.start(owner, lambda _p: threading.get_ident(), lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != gui
    assert seen[0][1] == gui


def test_the_store_lane_runs_one_after_the_other(qtbot, jobs: Jobs):
    owner, order, inside = QObject(), [], []

    def work(number: int, _progress: Progress) -> int:
        inside.append(number)
        assert len(inside) == 1
        inside.pop()
        return number

    for number in range(50):
        jobs.start(owner, partial(work, number), order.append)
    qtbot.waitUntil(lambda: len(order) == 50)
    assert order == list(range(50))


def test_the_free_lane_does_not_wait_for_the_store_lane(qtbot, jobs: Jobs):
    owner, gate, seen = QObject(), threading.Event(), []
    jobs.start(owner, lambda _p: gate.wait(60))
    jobs.start(owner, lambda _p: "free", seen.append, lane="free")
    qtbot.waitUntil(lambda: seen == ["free"])
    gate.set()


def test_nobody_waits_for_the_quiet_lane(qtbot, jobs: Jobs):
    owner, gate, seen = QObject(), threading.Event(), []
    jobs.start(owner, lambda _p: gate.wait(60), lane="quiet")
    assert not jobs.busy
    jobs.start(owner, lambda _p: "free", seen.append, lane="free")
    assert jobs.busy
    qtbot.waitUntil(lambda: seen == ["free"])
    assert not jobs.busy
    gate.set()


def test_a_refusal_goes_to_the_one_who_asked(qtbot, jobs: Jobs, reported: list[BaseException]):
    owner, seen = QObject(), []
    jobs.start(owner, _refuse, failed=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert str(seen[0]) == "The disk is full."
    assert reported == []


def test_a_refusal_nobody_waits_for_goes_to_the_notices(qtbot, jobs: Jobs, reported: list[BaseException]):
    owner = QObject()
    jobs.start(owner, _refuse)
    qtbot.waitUntil(lambda: bool(reported))
    assert isinstance(reported[0], UserError)


def test_a_bug_goes_to_the_crash_dialog_and_lets_the_asker_settle(qtbot, jobs: Jobs, reported: list[BaseException]):
    owner, seen = QObject(), []
    jobs.start(owner, lambda _p: 1 // 0, failed=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(reported[0], ZeroDivisionError)
    assert seen[0].code == "bug"


def test_cancelled_work_is_silent_but_for_the_one_who_asked_to_know(qtbot, jobs: Jobs, reported: list[BaseException]):
    owner, begun = QObject(), threading.Event()
    seen: list[object] = []

    def work(progress: Progress) -> None:
        begun.set()
        while True:
            progress.check()

    job = jobs.start(owner, work, seen.append, seen.append, cancelled=lambda: seen.append("cancelled"))
    assert begun.wait(60)
    job.cancel()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["cancelled"]
    assert reported == []


def test_work_that_is_cancelled_before_its_turn_never_runs(qtbot, jobs: Jobs):
    owner, gate, seen = QObject(), threading.Event(), []
    jobs.start(owner, lambda _p: gate.wait(60))
    job = jobs.start(owner, lambda _p: seen.append("ran"), cancelled=lambda: seen.append("cancelled"))
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["cancelled"]


def test_when_the_owner_dies_the_work_is_cancelled_and_nobody_is_called(
    qtbot, jobs: Jobs, reported: list[BaseException]
):
    owner, begun, ended = QObject(), threading.Event(), threading.Event()
    seen: list[object] = []

    def work(progress: Progress) -> None:
        begun.set()
        try:
            while True:
                progress.check()
        except Cancelled:
            ended.set()
            raise

    jobs.start(owner, work, seen.append, seen.append, cancelled=lambda: seen.append("cancelled"))
    assert begun.wait(60)
    owner.deleteLater()
    qtbot.waitUntil(ended.is_set)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == []
    assert reported == []


def test_an_owner_that_dies_after_the_work_but_before_the_result_is_not_called(qtbot, jobs: Jobs):
    import shiboken6

    owner, seen = QObject(), []
    job = jobs.start(owner, lambda _p: 1, seen.append)
    assert job.future is not None
    job.future.result(60)
    shiboken6.delete(owner)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == []


def test_a_short_change_runs_to_its_end_though_its_owner_dies(qtbot, jobs: Jobs, reported: list[BaseException]):
    owner, other, gate, seen = QObject(), QObject(), threading.Event(), []
    jobs.start(other, lambda _p: gate.wait(60))
    jobs.start(owner, lambda _p: seen.append("written"), lambda _r: seen.append("called"), change="short")
    jobs.start(owner, _refuse, failed=lambda _e: seen.append("called"), change="short")
    owner.deleteLater()
    qtbot.wait(20)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == ["written"]
    assert [str(error) for error in reported] == ["The disk is full."]


def test_a_short_change_runs_to_its_end_though_the_lanes_are_closed(qtbot, reported: list[BaseException]):
    made = Jobs(reported.append)
    owner, begun, seen = QObject(), threading.Event(), []

    def long(progress: Progress) -> None:
        begun.set()
        while True:
            progress.check()

    made.start(owner, long)
    made.start(owner, lambda _p: seen.append("written"), change="short")
    made.start(owner, lambda _p: seen.append("not this"))
    assert begun.wait(60)
    made.close()
    assert seen == ["written"]


def test_a_long_change_is_told_of_while_it_is_under_way(qtbot, jobs: Jobs):
    parent, gate = QObject(), threading.Event()
    child, stranger = QObject(parent), QObject()
    jobs.start(parent, lambda _p: 1, lane="free")
    assert not jobs.writing()
    jobs.start(child, lambda _p: gate.wait(60), change="long")
    assert jobs.writing()
    assert jobs.writing(parent)
    assert not jobs.writing(stranger)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert not jobs.writing()


def test_work_speaks_the_language_of_the_one_who_asked(qtbot, jobs: Jobs):
    owner, seen = QObject(), []
    with speaking("zh_CN"):
        jobs.start(owner, lambda _p: language(), seen.append)
    qtbot.waitUntil(lambda: seen == ["zh_CN"])


def test_only_work_with_words_that_runs_long_is_shown(qtbot, reported: list[BaseException]):
    patient = Jobs(reported.append, patience=60)
    owner, gate = QObject(), threading.Event()
    patient.start(owner, lambda _p: gate.wait(60), label="Import")
    assert patient.shown() == []
    gate.set()
    patient.close()


def test_shown_work_tells_how_far_it_is(qtbot, jobs: Jobs):
    owner, gate = QObject(), threading.Event()

    def work(progress: Progress) -> None:
        progress.step(3, 10, "rows")
        gate.wait(60)

    jobs.start(owner, lambda _p: None)
    with qtbot.waitSignal(jobs.changed):
        job = jobs.start(owner, work, label="Import")
    qtbot.waitUntil(lambda: job.step is not None)
    assert [shown.number for shown in jobs.shown()] == [job.number]
    assert job.step is not None
    assert (job.step.done, job.step.total, str(job.step.label)) == (3, 10, "rows")
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)


def test_closing_ends_the_threads_and_later_work_never_starts(qtbot, reported: list[BaseException]):
    made = Jobs(reported.append)
    owner, seen = QObject(), []

    def work(progress: Progress) -> None:
        while True:
            progress.check()

    made.start(owner, work, seen.append)
    made.close()
    made.start(owner, lambda _p: 1, seen.append)
    assert not made.busy
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("formwork-")]
    assert seen == []


@pytest.mark.parametrize("times", [200])
def test_many_jobs_of_one_owner_leave_nothing_behind(qtbot, jobs: Jobs, times: int):
    owner, seen = QObject(), []
    for number in range(times):
        jobs.start(owner, partial(_give, number), seen.append, lane="free")
    qtbot.waitUntil(lambda: len(seen) == times)
    assert not jobs.busy
    assert [len(numbers) for numbers in jobs._owned.values()] == [0]


def _refuse(_progress: Progress) -> None:
    raise UserError("The disk is full.")


def _give(number: int, _progress: Progress) -> int:
    return number
