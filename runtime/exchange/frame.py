"""Where a table lies on its sheet: a value that a person can change, row by row and column by column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """One table on a sheet; rows and columns are counted from 0.

    Attributes:
        start: first row of the part of the sheet that belongs to it; what lies between it and `top` is left out.
        top: first row of the header; where `header_rows` is 0, the first row of data.
        header_rows: rows that the header takes, 0 where there is none.
        joined: whether the labels of all header rows are joined ("2024 / 一月"); otherwise the lowest row counts.
        bottom: the row after the last.
        left, right: the first column, and the column after the last.
        weak: whether the header may be a record.
        groups: 1 where the row above the header holds labels of groups of columns, else 0.
        notes, totals, repeats, titles: rows below the header that hold remarks, sums, the header once more or the names
            of groups of rows.
        examples: rows right below the header that show how to fill it in.
        numbered: rows right below the header that count its columns.
        rules: rows that are lines drawn with signs.
        unfilled: rows at the end that hold their number only, where a form was printed with more numbers than records.
        take_notes, take_totals, take_repeats, take_titles, take_examples, take_numbered, take_rules,
            take_unfilled: whether those are records all the same.
        take_hidden_rows, take_hidden_columns: whether what Excel hides is taken too.
        form: whether the sheet is a form filled in, whose labels and values are a list of one record; rows and columns
            are those of that list.
        turned: whether the sheet stands on its side, so that its rows are the fields; rows and columns are those of the
            list that it becomes.
        fill_down: whether the value of a merged cell stands in every row that it covers.
    """

    start: int
    top: int
    header_rows: int
    bottom: int
    left: int
    right: int
    joined: bool = False
    weak: bool = False
    groups: int = 0
    notes: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    repeats: tuple[int, ...] = ()
    titles: tuple[int, ...] = ()
    examples: tuple[int, ...] = ()
    numbered: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()
    unfilled: tuple[int, ...] = ()
    take_notes: bool = False
    take_totals: bool = False
    take_repeats: bool = False
    take_titles: bool = False
    take_examples: bool = False
    take_numbered: bool = False
    take_rules: bool = False
    take_unfilled: bool = False
    take_hidden_rows: bool = True
    take_hidden_columns: bool = True
    fill_down: bool = False
    form: bool = False
    turned: bool = False

    @property
    def first(self) -> int:
        """The first row below the header."""
        return self.top + self.header_rows

    @property
    def left_out(self) -> set[int]:
        """Rows below the header that are no records, hidden ones not counted."""
        gone: set[int] = set()
        for rows, taken in (
            (self.notes, self.take_notes), (self.totals, self.take_totals), (self.repeats, self.take_repeats),
            (self.titles, self.take_titles), (self.examples, self.take_examples),
            (self.numbered, self.take_numbered), (self.rules, self.take_rules),
            (self.unfilled, self.take_unfilled),
        ):  # fmt: skip
            gone.update(() if taken else rows)
        return gone
