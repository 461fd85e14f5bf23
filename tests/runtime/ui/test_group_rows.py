"""Rows of groups and records: the same as a list of all of them, written out."""

from __future__ import annotations

from array import array
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runtime.store.grouping import Groups, Path
from runtime.store.query import Group
from runtime.ui.group_rows import NO_RECORD, GroupRows
from runtime.ui.record_places import runs_of


@st.composite
def some_groups(draw: st.DrawFn) -> tuple[Groups, set[Path]]:
    """Up to three levels with up to some twenty groups, some folded."""
    levels = draw(st.integers(1, 3))
    keys = sorted(draw(st.sets(st.tuples(*[st.integers(0, 3)] * levels), max_size=20)))
    counts = draw(st.lists(st.integers(1, 5), min_size=len(keys), max_size=len(keys)))
    by = tuple(Group(f"f{level}") for level in range(levels))
    every = sorted({path[:depth] for path in keys for depth in range(1, levels + 1)})
    folded = draw(st.sets(st.sampled_from(every))) if every else set()
    return Groups(by, tuple(keys), array("q", counts), {}), folded


def written_out(groups: Groups, folded: set[Path]) -> list[Any]:
    """Every row: the path of a group, or the index of a record."""
    rows: list[Any] = []
    index, before = 0, ()
    for path, count in zip(groups.keys, groups.counts, strict=True):
        hidden = False
        for depth in range(1, len(path) + 1):
            if path[:depth] != before[:depth] and not hidden:
                rows.append(path[:depth])
            hidden = hidden or path[:depth] in folded
        if not hidden:
            rows += range(index, index + count)
        index, before = index + count, path
    return rows


@given(some_groups())
def test_every_row_is_the_group_or_record_that_stands_there(made: tuple[Groups, set[Path]]) -> None:
    groups, folded = made
    rows, expected = GroupRows(groups, folded), written_out(*made)
    assert len(rows) == len(expected)
    for position, what in enumerate(expected):
        group = rows.group(position)
        if isinstance(what, int):
            assert (rows.index(position), group) == (what, None)
            assert rows.position(what) == position
        else:
            assert rows.index(position) == NO_RECORD
            assert group is not None and group.path == what
            assert rows.place_of(what) == position
            members = [n for path, n in zip(groups.keys, groups.counts, strict=True) if path[: len(what)] == what]
            assert (group.count, group.folded) == (sum(members), what in folded)
    shown = {what for what in expected if isinstance(what, int)}
    assert [n for n in range(groups.total) if rows.position(n) is None] == sorted(set(range(groups.total)) - shown)
    assert rows.index(len(expected)) == NO_RECORD and rows.group(len(expected)) is None


@given(some_groups(), st.integers(0, 60), st.integers(0, 60))
def test_a_span_of_rows_names_the_records_in_it(made: tuple[Groups, set[Path]], first: int, last: int) -> None:
    rows, expected = GroupRows(*made), written_out(*made)
    named = [index for low, high in rows.spans(first, last) for index in range(low, high + 1)]
    assert named == [what for what in expected[first : last + 1] if isinstance(what, int)]


def test_rows_that_stand_together_are_one_run_over_the_rows_of_groups():
    groups = {3, 4, 8}
    assert runs_of([1, 2, 5, 6, 7, 9, 11], groups.__contains__) == [(1, 9), (11, 11)]
    assert runs_of([1, 5], groups.__contains__) == [(1, 1), (5, 5)], "2 is between them"
    assert runs_of([], groups.__contains__) == []
