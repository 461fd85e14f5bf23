"""Short versions of the kills; `python3 dev.py faults` runs a thousand."""

from __future__ import annotations

import pytest

from tests.faults import backing_up, interrupted, kills, kinds

pytestmark = pytest.mark.timeout(600)


def test_a_kill_in_the_middle_of_saving_loses_nothing_acknowledged():
    report = kills.while_saving(20)
    assert report.sound, report.examples
    assert report.kills == 20
    assert report.acknowledged > 100


def test_a_program_that_speaks_before_it_has_saved_is_found_out():
    report = kills.while_saving(20, control=kills.HASTY)
    assert report.lost


def test_a_kill_between_the_chunks_of_an_import_leaves_whole_chunks():
    report = kinds.while_importing(8)
    assert report.sound, report.examples
    assert report.acknowledged > 8


def test_a_kill_in_the_middle_of_an_import_a_paste_or_an_undo_is_told_of_and_mended():
    report = interrupted.while_unfinished(12)
    assert report.sound, report.examples
    assert report.acknowledged > 12


def test_a_program_that_marks_nothing_is_found_out():
    report = interrupted.while_unfinished(6, control=interrupted.UNMARKED)
    assert report.lost


def test_a_kill_in_the_middle_of_publishing_leaves_the_old_version_or_the_new_one():
    report = kinds.while_publishing(15)
    assert report.sound, report.examples
    assert report.acknowledged > 10


def test_a_kill_in_the_middle_of_a_backup_leaves_a_sound_workspace_and_sound_backups():
    report = backing_up.while_backing_up(12)
    assert report.sound, report.examples
    assert report.acknowledged > 8
