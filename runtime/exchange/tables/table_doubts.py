"""What is doubtful about where a table lies on its sheet, in words, with the other ways to cut it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from resources.texts import TN, T
from runtime.errors import Sentence
from runtime.exchange.columns import Choice, Doubt
from runtime.exchange.frame import Frame
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.readers.text_facts import TextFacts
from runtime.exchange.tables.cutting import Cut
from runtime.exchange.tables.layout import Layout
from runtime.exchange.tables.sheet_rows import blank_rows

SHOWN = 3
WEAK_HEADER = "weak_header"


def doubts_of_layout(sheet: Sheet, layout: Layout, *, apart: bool) -> list[Doubt]:
    """What was done to the sheet as a whole.

    Args:
        layout: how it is cut now, and the other way to cut it.
        apart: whether several tables were assumed at first.
    """
    doubts = [*_of_reading(sheet), *_of_text(sheet, layout)]
    form = next((way for way in (layout.frames, layout.others) if way and way[0].form), ())
    if form and layout.others:
        lists = layout.others if form == layout.frames else layout.frames
        message: Sentence = T(
            "The sheet is a form filled in: its labels become the fields, what is behind them a record."
        )
        choices = [
            Choice("record", T("Read it as one record"), frames=form),
            Choice("list", T("Read it as a list"), frames=lists),
        ]
        chosen = "record" if form == layout.frames else "list"
        return [*doubts, Doubt(sheet.name, None, "filled_form", message, tuple(choices), chosen)]
    on_side = next((way for way in (layout.frames, layout.others) if way and way[0].turned), ())
    if on_side and layout.others:
        return [*doubts, _of_turned(sheet, layout, on_side)]
    several, one = sorted((layout.frames, layout.others), key=len, reverse=True)
    if len(several) < 2 or len(one) != 1:
        return doubts
    choices = [
        Choice("apart", TN("Take {n} table", "Take {n} tables", len(several)), frames=several),
        Choice("together", T("Take everything as one table"), frames=one),
    ]
    message = T("The sheet is read as one table; blank columns may part several.")
    if apart:
        message = TN("{n} table was found on this sheet.", "{n} tables were found on this sheet.", len(several))
    chosen = "apart" if len(layout.frames) > 1 else "together"
    return [
        *doubts,
        Doubt(sheet.name, None, "several_tables", message, tuple(choices if apart else reversed(choices)), chosen),
    ]


def _of_turned(sheet: Sheet, layout: Layout, on_side: tuple[Frame, ...]) -> Doubt:
    lists = layout.others if on_side == layout.frames else layout.frames
    message = T("The fields stand below each other in the first column and the records side by side; they are turned.")
    ways = (
        Choice("turned", T("Read each column as a record"), frames=on_side),
        Choice("list", T("Read each row as a record"), frames=lists),
    )
    return Doubt(sheet.name, None, "turned", message, ways, "turned" if on_side == layout.frames else "list")


def _of_reading(sheet: Sheet) -> list[Doubt]:
    doubts = []
    if sheet.dropped_columns:
        message = TN(
            "{n} column beyond the {most}th is left out.", "{n} columns beyond the {most}th are left out.",
            sheet.dropped_columns, most=sheet.width,
        )  # fmt: skip
        doubts.append(Doubt(sheet.name, None, "columns_left_out", message))
    if sheet.cleaned:
        message = TN(
            "Control characters were taken out of {n} text.", "Control characters were taken out of {n} texts.",
            sheet.cleaned,
        )  # fmt: skip
        doubts.append(Doubt(sheet.name, None, "control_characters", message))
    return doubts


def _of_text(sheet: Sheet, layout: Layout) -> list[Doubt]:
    """What is doubtful about the lines of a text file; titles and remarks are not as long as records."""
    text, doubts = sheet.text, []
    if text is None:
        return []
    if text.encoding_doubtful:
        message: Sentence = T("The characters are read as {encoding}, which is not certain.", encoding=text.encoding)
        doubts.append(Doubt(sheet.name, None, "encoding", message))
    gone = [(frame, _no_records(frame)) for frame in layout.frames]
    inside = [(row, cells) for row, cells in text.ragged if any(_holds(frame, row, rows) for frame, rows in gone)]
    ragged = _unlike_the_others(inside, gone, sheet, text)
    count = len(ragged) + text.ragged_rows - len(text.ragged)
    if count:
        rows = ", ".join(str(row + 1) for row in ragged[:SHOWN]) + (" …" if count > SHOWN else "")
        message = TN(
            "{n} row has more or fewer cells than the others (row {rows}); look whether they are in the right columns.",
            "{n} rows have more or fewer cells than the others (rows {rows}); look whether they are in the right "
            "columns.",
            count, rows=rows,
        )  # fmt: skip
        doubts.append(Doubt(sheet.name, None, "ragged_rows", message))
    if text.bad_line_rows:
        rows = ", ".join(str(row + 1) for row, _ in text.bad_lines[:SHOWN])
        rows += " …" if text.bad_line_rows > SHOWN else ""
        message = TN(
            "{n} row holds bytes that are no text in {encoding} (row {rows}); “�” stands in their place.",
            "{n} rows hold bytes that are no text in {encoding} (rows {rows}); “�” stands in their place.",
            text.bad_line_rows, encoding=text.encoding, rows=rows,
        )  # fmt: skip
        doubts.append(Doubt(sheet.name, None, "bad_lines", message))
    return doubts


def _unlike_the_others(
    inside: Sequence[tuple[int, int]], gone: Sequence[tuple[Frame, AbstractSet[int]]], sheet: Sheet, text: TextFacts
) -> list[int]:
    """The rows that are not as wide as most records; below a long description most may be unlike what is above.

    Args:
        gone: frames, each with its rows that are no records.
    """
    widths = Counter(cells for _, cells in inside)
    usual, count = widths.most_common(1)[0] if widths else (0, 0)
    if text.ragged_rows > len(text.ragged) or usual <= text.columns:
        return [row for row, _ in inside]
    blank = blank_rows(sheet.columns)
    reach = ((range(frame.first, frame.bottom), rows | blank) for frame, rows in gone)
    records = [row for places, out in reach for row in places if row not in out]
    if 2 * count <= len(records):
        return [row for row, _ in inside]
    same = {row for row, cells in inside if cells == usual}
    return [row for row in records if row not in same]


def _holds(frame: Frame, row: int, gone: AbstractSet[int]) -> bool:
    """Whether a row is a record of that table, of which some rows are none."""
    return frame.first <= row < frame.bottom and row not in gone


def _no_records(frame: Frame) -> set[int]:
    """The rows below a header that are no records, whether they are taken or not."""
    return {
        *frame.notes,
        *frame.totals,
        *frame.repeats,
        *frame.examples,
        *frame.numbered,
        *frame.rules,
        *frame.unfilled,
    }


def doubts_of_rows(rows: Cut, name: str, found_first: Frame | None = None) -> list[Doubt]:
    """What was assumed about the rows of a table: its header, and what of it is a record.

    Args:
        found_first: the frame that was found at first, where a person may have changed it.
    """
    decided = found_first is not None and not _same_header(rows.frame, found_first)
    header = _of_decided_header(rows, name, found_first) if found_first and decided else _of_header(rows, name)
    found = [header, _of_title(rows, name), _of_groups(rows, name)]
    found += [*_of_left_out(rows, name), *_of_hidden(rows, name)]
    if rows.blank:
        message = TN("{n} blank row is left out.", "{n} blank rows are left out.", rows.blank)
        found.append(Doubt(name, None, "blank_rows", message))
    merged = rows.merged_down()
    if merged:
        message = TN(
            "{n} merged cell covers several rows; only the first of them has its value.",
            "{n} merged cells cover several rows; only the first of them has the value.",
            merged,
        )
        first = ("first", T("Keep it in the first row only"), {"fill_down": False})
        down = ("down", T("Fill it down into all rows"), {"fill_down": True})
        found.append(_asked(name, "merged_cells", message, (first, down), "down" if rows.frame.fill_down else "first"))
    return [doubt for doubt in found if doubt is not None]


def _asked(
    name: str, code: str, message: Sentence, ways: Sequence[tuple[str, Sentence, dict[str, Any]]], chosen: str
) -> Doubt:
    """A doubt whose choices cut the table in other ways."""
    return Doubt(name, None, code, message, tuple(Choice(id_, label, layout=way) for id_, label, way in ways), chosen)


def _of_header(rows: Cut, name: str) -> Doubt | None:
    frame = rows.frame
    message: Sentence
    if not frame.header_rows:
        if frame.first >= frame.bottom:
            return None
        here = {"top": frame.top, "header_rows": 1}
        ways = [
            ("letters", T("Name the columns after their letters"), {"header_rows": 0}),
            ("first", T("Row {row} holds the names", row=rows.number_of(frame.top)), here),
        ]
        message = T("No header row was found; the columns are named after their letters.")
        return _asked(name, "no_header", message, ways, "letters")
    above = rows.above()
    if not above and frame.weak:
        message = T("Row {row} is read as the names of the columns, but it may be a record.",
                    row=rows.number_of(frame.top))  # fmt: skip
        ways = [
            ("header", T("Row {row} holds the names", row=rows.number_of(frame.top)), {}),
            ("letters", T("No row holds the names"), {"header_rows": 0}),
        ]
        return _asked(name, WEAK_HEADER, message, ways, "header")
    if not above:
        return None
    message = _rows_above(rows, above)
    ways = [
        ("header", T("Row {row} holds the names", row=rows.number_of(frame.first - 1)), {}),
        ("letters", T("No row holds the names"), {"top": above[0], "header_rows": 0, "joined": False, "groups": 0}),
    ]
    return _asked(name, "rows_above", message, ways, "header")


def _rows_above(rows: Cut, above: Sequence[int]) -> Sentence:
    return TN(
        "{n} row above the header is left out ({texts}).", "{n} rows above the header are left out ({texts}).",
        len(above), texts=_listed(rows, above),
    )  # fmt: skip


def _same_header(one: Frame, other: Frame) -> bool:
    """Whether two frames have their names in the same rows, or both have none."""
    return bool(one.header_rows) == bool(other.header_rows) and (not one.header_rows or one.first == other.first)


def _of_decided_header(rows: Cut, name: str, found: Frame) -> Doubt:
    """Which row a person took for the names; the row that was found at first stays among the choices."""
    frame, above, before = rows.frame, rows.above(), rows.above(found)
    message: Sentence = T("No row is taken for the names, as you chose; the columns are named after their letters.")
    if frame.header_rows:
        message = T("Row {row} is taken for the names of the columns, as you chose.",
                    row=rows.number_of(frame.first - 1))  # fmt: skip
        message = _rows_above(rows, above) if above else message
    alone = {"joined": False, "groups": 0}
    top = before[0] if found.header_rows and before else found.top - found.groups
    headers = {found.first - 1: {"top": found.top, "header_rows": found.header_rows, "joined": found.joined,
                                 "groups": found.groups}} if found.header_rows else {}  # fmt: skip
    headers.setdefault(top, {"top": top, "header_rows": 1, **alone})
    if frame.header_rows:
        headers.setdefault(frame.first - 1, {"top": frame.top, "header_rows": frame.header_rows})
    ids = ("header", "first", "here") if found.header_rows else ("first", "here")
    ways: list[tuple[str, Sentence, dict[str, Any]]] = [
        (id_, T("Row {row} holds the names", row=rows.number_of(row)), way)
        for id_, (row, way) in zip(ids, headers.items(), strict=False)
    ]
    without = T("No row holds the names") if found.header_rows else T("Name the columns after their letters")
    ways.insert(1 if found.header_rows else 0, ("letters", without, {"top": top, "header_rows": 0, **alone}))
    chosen = ids[list(headers).index(frame.first - 1)] if frame.header_rows else "letters"
    code = "rows_above" if before else WEAK_HEADER
    return _asked(name, code if found.header_rows else "no_header", message, ways, chosen)


def _of_title(rows: Cut, name: str) -> Doubt | None:
    """What is written above a table without a header."""
    above = rows.above()
    if rows.frame.header_rows or not above:
        return None
    message = TN(
        "{n} row above the first record is left out ({texts}).",
        "{n} rows above the first record are left out ({texts}).",
        len(above), texts=_listed(rows, above),
    )  # fmt: skip
    ways = [("leave", T("Leave out"), {}), ("take", T("Import as records"), {"top": above[0]})]
    return _asked(name, "rows_above_records", message, ways, "leave")


def _of_groups(rows: Cut, name: str) -> Doubt | None:
    """Whether several rows make the header together."""
    frame = rows.frame
    if not frame.groups and frame.header_rows < 2:
        return None
    top = frame.top - frame.groups
    height = frame.header_rows + frame.groups
    together = {"top": top, "header_rows": height, "joined": True, "groups": 0}
    lowest = {"top": top, "header_rows": height, "joined": False, "groups": 0}
    message = TN("The header takes {n} row.", "The header takes {n} rows.", height)
    ways = [
        ("joined", T("Join the names of all rows"), together),
        ("lowest", T("Take the names of the lowest row only"), lowest),
    ]
    return _asked(name, "header_rows", message, ways, "joined" if frame.joined else "lowest")


def _of_left_out(rows: Cut, name: str) -> list[Doubt]:
    frame = rows.frame
    found = []
    pages = rows.alike(frame.first - 1, frame.repeats) if frame.repeats else 0
    for code, places, attribute, taken, message in (
        ("notes", frame.notes, "take_notes", frame.take_notes, TN(
            "{n} row at the end looks like a remark and is left out ({texts}).",
            "{n} rows at the end look like remarks and are left out ({texts}).",
            len(frame.notes), texts=_listed(rows, frame.notes))),
        ("totals", frame.totals, "take_totals", frame.take_totals, TN(
            "{n} row looks like a total and is left out ({texts}).",
            "{n} rows look like totals and are left out ({texts}).",
            len(frame.totals), texts=_listed(rows, frame.totals))),
        ("repeated_headers", frame.repeats, "take_repeats", frame.take_repeats, TN(
            "The header stands {n} more time between the rows and is left out there.",
            "The header stands {n} more times between the rows and is left out there.",
            pages)),
        ("examples", frame.examples, "take_examples", frame.take_examples, TN(
            "{n} row below the header is marked as an example and is left out ({texts}).",
            "{n} rows below the header are marked as examples and are left out ({texts}).",
            len(frame.examples), texts=_listed(rows, frame.examples))),
        ("column_numbers", frame.numbered, "take_numbered", frame.take_numbered, TN(
            "{n} row below the header numbers the columns and is left out ({texts}).",
            "{n} rows below the header number the columns and are left out ({texts}).",
            len(frame.numbered), texts=_listed(rows, frame.numbered))),
        ("ruled_lines", frame.rules, "take_rules", frame.take_rules, TN(
            "{n} row is a line drawn with signs and is left out.",
            "{n} rows are lines drawn with signs and are left out.",
            len(frame.rules))),
        ("unfilled_rows", frame.unfilled, "take_unfilled", frame.take_unfilled, TN(
            "{n} row at the end holds nothing but its number and is left out.",
            "{n} rows at the end hold nothing but their numbers and are left out.",
            len(frame.unfilled))),
        ("group_titles", frame.titles, "take_titles", frame.take_titles, TN(
            "{n} row between the records looks like the name of a group and is left out ({texts}).",
            "{n} rows between the records look like names of groups and are left out ({texts}).",
            len(frame.titles), texts=_listed(rows, frame.titles))),
    ):  # fmt: skip
        if places:
            ways = [("leave", T("Leave out"), {attribute: False}), ("take", T("Import as records"), {attribute: True})]
            found.append(_asked(name, code, message, ways, "take" if taken else "leave"))
    return found


def _of_hidden(rows: Cut, name: str) -> list[Doubt]:
    found = []
    for code, count, attribute, taken, message in (
        ("hidden_rows", rows.hidden_rows, "take_hidden_rows", rows.frame.take_hidden_rows, TN(
            "{n} row is hidden in Excel or filtered out.", "{n} rows are hidden in Excel or filtered out.",
            rows.hidden_rows)),
        ("hidden_columns", rows.hidden_columns, "take_hidden_columns", rows.frame.take_hidden_columns, TN(
            "{n} column is hidden in Excel.", "{n} columns are hidden in Excel.", rows.hidden_columns)),
    ):  # fmt: skip
        if count:
            ways = [("take", T("Import too"), {attribute: True}), ("leave", T("Leave out"), {attribute: False})]
            found.append(_asked(name, code, message, ways, "take" if taken else "leave"))
    return found


def _listed(rows: Cut, places: Sequence[int]) -> str:
    """Rows by their numbers and texts, for a sentence."""
    shown = [f"{rows.number_of(row)}: “{rows.shown(row)}”" for row in places[:SHOWN]]
    return ", ".join([*shown, *(["…"] if len(places) > SHOWN else [])])


def blank_columns(name: str, count: int) -> Doubt:
    """That blank columns are left out."""
    message = TN("{n} blank column is left out.", "{n} blank columns are left out.", count)
    return Doubt(name, None, "blank_columns", message)
