"""The upkeep of an open workspace by a clock that the test moves: backups, room on the disk, clocks, weekly checks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from runtime.checks import problems_of
from runtime.errors import Problem
from runtime.session import Session
from runtime.store import ballast, disk, integrity
from runtime.store.restore import restore_to
from runtime.store.safety import Safety
from runtime.store.upkeep import EVERY, QUIET, Upkeep
from runtime.store.workspace import Workspace
from runtime.work import Progress
from tests.support.clock import FakeClock
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine

GIGABYTE = 1024**3


class Watch:
    """An open workspace, its upkeep, and the time that both of its clocks show."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.office = Office(folder, clock=self.clock)
        self.seconds = 0.0
        self.free = 100 * GIGABYTE
        self.made = 0
        self.start()

    def start(self) -> None:
        self.upkeep = Upkeep(self.safety, lambda: self.seconds, lambda _folder: self.free)

    @property
    def safety(self) -> Safety:
        return self.office.session.safety

    @property
    def heads(self) -> list[int]:
        """The last commit of every backup, newest first."""
        return [backup.manifest.head for backup in self.safety.backups.listed()]

    def wait(self, seconds: float) -> list[Problem]:
        self.seconds += seconds
        self.clock.advance(seconds=seconds)
        return self.round()

    def round(self) -> list[Problem]:
        return self.upkeep.round(Progress())

    def save(self) -> None:
        self.made += 1
        self.office.new("客户", {"名称": f"客户{self.made}"})

    def reopen(self) -> None:
        folder = self.safety.folder
        self.office.session.close()
        self.office.session = Session(Workspace.open(folder, problems_of, clock=self.clock))
        self.start()


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(ballast, "SIZE", 64 * 1024)
    monkeypatch.setattr(ballast, "_BLOCK", 64 * 1024)
    made = Watch(tmp_path)
    yield made
    made.office.session.close()


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


# Backups


def test_ten_minutes_of_change_make_a_backup_and_ten_minutes_without_make_none(watch: Watch) -> None:
    assert watch.round() == []
    assert watch.heads == [1]  # the app itself was never backed up
    watch.save()
    for _minute in range(9):
        assert watch.wait(60) == []
        assert watch.heads == [1]
    watch.wait(60)
    assert watch.heads == [2, 1]
    for _hour in range(5):
        watch.wait(3600)
    assert watch.heads == [2, 1]
    watch.save()
    watch.wait(60)
    assert watch.heads == [3, 2, 1]


def test_changes_of_an_earlier_session_are_not_made_to_wait(watch: Watch) -> None:
    watch.round()
    watch.save()
    watch.clock.advance(minutes=20)
    watch.reopen()
    watch.round()
    assert watch.heads == [2, 1]
    watch.reopen()
    watch.round()
    assert watch.heads == [2, 1]


def test_a_year_of_work_keeps_the_ladder_and_every_kept_copy_restores(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.store.retention.ROOM_ALWAYS", 10**10)
    days = [0, 1, 2, 3, 9, 20, 45, 100, 200, 300, 362, 363, 364]
    for day, before in zip(days[1:], days, strict=False):
        for _hour in range(3):
            for _round in range(2):
                watch.save()
                watch.wait(EVERY)
            watch.wait(3600)
        watch.clock.advance(days=day - before, hours=-5)
        watch.seconds += (day - before) * 86400 - 5 * 3600
    backups = watch.safety.backups.listed()
    assert 30 < len(backups) <= 58
    for backup in backups:
        folder = restore_to(backup, watch.safety._key, tmp_path / f"copy{backup.manifest.number}", Progress())
        with Session(Workspace.open(folder, problems_of)) as session:
            assert session.form("客户").count() == backup.manifest.head - 1
            assert session.damage() == []


@pytest.mark.parametrize("jump", [-3652, 3652])
def test_a_clock_that_jumps_ten_years_neither_takes_backups_away_nor_makes_more(watch: Watch, jump: int) -> None:
    for _round in range(6):
        watch.save()
        watch.wait(EVERY)
    before = watch.heads
    watch.clock.advance(days=jump)
    for _minute in range(30):
        watch.wait(1)
    assert watch.heads == before
    watch.save()
    watch.wait(EVERY)
    assert set(watch.heads) >= {before[0] + 1, *before[:-1]}
    watch.clock.advance(days=-jump)
    watch.save()
    watch.wait(EVERY)
    assert len(watch.heads) >= len(before)
    assert watch.heads[0] == before[0] + 2
    watch.reopen()
    assert watch.safety.head == watch.heads[0]


def test_a_backup_that_does_not_succeed_is_said_until_one_does(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("runtime.store.backup_file._finish", fail)
        assert codes(watch.round()) == ["backup_failed"]
        assert codes(watch.wait(60)) == ["backup_failed"]
    assert watch.heads == []
    assert watch.wait(EVERY) == []
    assert watch.heads == [1]


def test_a_backup_never_fills_the_disk(watch: Watch) -> None:
    watch.free = 10 * 1024**2
    assert "backup_failed" in codes(watch.round())
    assert watch.heads == []
    watch.free = 100 * GIGABYTE
    assert watch.round() == []
    assert watch.heads == [1]


# The disk


def test_people_are_warned_below_a_gigabyte_and_no_longer_when_there_is_space(watch: Watch) -> None:
    assert watch.round() == []
    watch.free = disk.LOW - 1
    (problem,) = watch.round()
    assert (problem.code, problem.stops) == ("disk_low", False)
    assert "1.1 GB" in str(problem.message)
    watch.free = disk.LOW
    assert watch.round() == []


def test_a_share_of_another_computer_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "is_network_share", lambda _folder: True)
    watch = Watch(tmp_path)
    assert codes(watch.round()) == ["network_share"]
    watch.office.session.close()


# Clocks


def test_a_clock_far_behind_the_last_change_is_pointed_out_until_it_is_right(watch: Watch) -> None:
    watch.save()
    watch.clock.advance(days=-3652)
    (problem,) = watch.round()
    assert problem.code == "clock_behind"
    assert "2026-01-05" in str(problem.message)
    watch.save()
    assert codes(watch.wait(60)) == ["clock_behind"]
    watch.clock.advance(days=3652)
    assert watch.round() == []


def test_a_clock_that_leaps_ahead_is_pointed_out_and_sleep_is_no_leap(watch: Watch) -> None:
    watch.save()
    watch.round()
    watch.clock.advance(days=3)  # a weekend with the lid closed
    assert watch.round() == []
    watch.clock.advance(days=3652)
    assert codes(watch.round()) == ["clock_ahead"]
    assert codes(watch.wait(60)) == ["clock_ahead"]
    watch.clock.advance(days=-3652)
    assert watch.round() == []


def test_a_clock_far_ahead_of_the_last_session_is_pointed_out(watch: Watch) -> None:
    watch.save()
    watch.clock.advance(days=4000)
    watch.reopen()
    assert "clock_ahead" in codes(watch.round())


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(seconds=1)])
def test_summer_time_and_leap_seconds_are_nothing_to_speak_of(watch: Watch, step: timedelta) -> None:
    watch.save()
    watch.round()
    watch.clock.advance(seconds=step.total_seconds())
    assert watch.round() == []


# The weekly check


def test_the_whole_file_is_checked_once_a_week_while_nothing_changes(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[float] = []
    real = integrity.problems_of
    monkeypatch.setattr(integrity, "problems_of", lambda *these: checks.append(watch.seconds) or real(*these))
    for _minute in range(5):
        watch.save()
        watch.wait(QUIET)
    assert checks == []
    for _hour in range(24 * 15):
        watch.wait(3600)
    assert len(checks) == 3
    assert all(later - former >= 7 * 86400 for former, later in itertools.pairwise(checks))
    watch.reopen()
    watch.wait(QUIET)
    watch.wait(QUIET)
    assert len(checks) == 3


def test_damage_that_the_check_finds_is_said_and_the_next_opening_restores(watch: Watch) -> None:
    watch.save()
    watch.round()
    watch.wait(EVERY)
    assert watch.heads[0] == 2
    watch.clock.advance(days=8)
    with watch.safety.database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM block")  # books that no longer fit
    watch.wait(QUIET)
    assert "damaged" in codes(watch.wait(QUIET))
    assert watch.safety.is_suspect
    watch.reopen()
    assert watch.safety.opening.unclean
