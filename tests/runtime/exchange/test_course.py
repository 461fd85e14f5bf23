"""How far an import is: ids that never come twice, entries that the door takes."""

from __future__ import annotations

import msgspec

from runtime.changes import PersonalChange, new_uuid
from runtime.exchange.importing.course import Course
from runtime.exchange.importing.report import LeftOut
from runtime.store.personal import LARGEST
from runtime.store.unfinished import PART, Unfinished

SHEETS = ["货", "客户", "订单"]


def a_course() -> Course:
    return Course(Unfinished("Import", new_uuid().hex), SHEETS)


def test_imports_that_begin_in_the_same_millisecond_make_other_records():
    courses = [a_course() for _ in range(50)]
    ids = [each for course in courses for sheet in SHEETS for each in course.ids(sheet, 0, 10)]
    assert len(set(ids)) == len(ids)
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert courses[0].ids("货", 3, 2) == courses[0].ids("货", 0, 10)[3:5]


def test_rows_of_very_long_tables_make_no_records_of_other_rows():
    course = a_course()
    far = [course.ids(sheet, first, 1)[0] for sheet in SHEETS for first in (0, 1 << 22, 1 << 23, (1 << 24) - 1)]
    assert len(set(far)) == len(far)
    assert [each.int >> 80 for each in far] == [course.mark.id.int >> 80] * len(far)


def test_many_long_rows_that_were_left_out_are_kept_in_entries_that_fit():
    course = a_course()
    course.enter()
    left = [LeftOut("客户", row, "备注", "长" * 300, "超" * 50, True) for row in range(5_000)]
    marks = course.with_rows(0, 1, 5_000, course.counts, left)
    kept = [mark for mark in marks if isinstance(mark, PersonalChange) and PART in mark.key]
    assert max(len(msgspec.json.encode(mark.body)) for mark in kept) <= LARGEST
    assert [row["row"] for mark in kept for row in mark.body] == [each.row for each in left]
    course.written(marks, len(left))
    more = course.with_rows(5_000, 1, 5_000, course.counts, [*left, *left[:1]])
    keys = [mark.key for mark in [*kept, *more] if isinstance(mark, PersonalChange) and PART in mark.key]
    assert len(set(keys)) == len(kept) + 1
