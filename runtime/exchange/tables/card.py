"""A sheet that is a form filled in, 姓名 | 张三 | 性别 | 男: its labels become names of columns over one record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from runtime.exchange.cells import Column, Raw, pack, unpack
from runtime.exchange.frame import Frame
from runtime.exchange.readers.reading import Sheet
from runtime.exchange.tables.header_labels import header_text
from runtime.exchange.tables.sheet_rows import LABEL, Line, SheetRows, look

MOST_ROWS = 60
MOST_COLUMNS = 12
LEAST = 4
"""Labels that a form has at least."""

KNOWN = 0.5
"""Share of the labels that name what forms ask for."""

LONGEST = 14
DIFFERENT = 0.8

_LABEL = re.compile(r"[*＊]?\s*[\u4e00-\u9fff（）()/、\s]+[:：]?\s*|[A-Za-z][A-Za-z /.-]{0,24}[:：]\s*")
_ASKED = re.compile(
    r"姓\s*名|性\s*别|出生|年\s*龄|民\s*族|学\s*历|籍\s*贯|电\s*话|手\s*机|联系人|地\s*址|住\s*址|邮\s*箱|身份证|证件"
    r"|职\s*[务称]|岗\s*位|入职|离职|政治面貌|毕业|婚\s*姻|开户|账号|税号|户籍|(?:名\s*称|编\s*号|日\s*期|时\s*间|金\s*额)\Z"
    r"|\A(?:所属|工作|所在)?(?:部\s*门|单\s*位|公\s*司|备\s*注|专\s*业|规\s*格|型\s*号|工\s*资|客\s*户|负责人|职\s*业)[:：]?\Z"
)

Pairs = Sequence[tuple[str, Raw]]


def pairs_of(sheet: Sheet) -> Pairs:
    """The labels of a form that is filled in, and what stands behind each; empty where the sheet is something else."""
    if sheet.width > MOST_COLUMNS or sheet.height > MOST_ROWS:
        return ()
    rows = SheetRows(sheet, 0, sheet.width)
    found: list[tuple[str, Raw]] = []
    for line in rows.lines(0, sheet.height):
        own = _pairs_in(line)
        if not own and (found or len(line.filled) > 1):
            return ()
        found += own
    return found if _is_form(found) else ()


def _pairs_in(line: Line) -> Pairs:
    """The pairs in a row: a label, then its value or nothing; empty where it is no such row."""
    found: list[tuple[str, Raw]] = []
    waiting = ""
    for place, cell in line.filled.items():
        label = _label(cell)
        asks = bool(label) and _asks(label)
        if not waiting and not label:
            return ()
        if waiting and asks and place - 1 in line.filled:
            return ()  # names side by side are the header of a list
        if not waiting or asks:
            found += [(waiting, None)] if waiting else []
            waiting = label
        else:
            found.append((waiting, cell))
            waiting = ""
    if waiting and not found and not _asks(waiting):
        return ()
    return [*found, (waiting, None)] if waiting else found


def _label(cell: Raw) -> str:
    text = header_text(cell) if isinstance(cell, str) else ""
    return text if len(text) <= LONGEST + 12 * text.endswith((":", "：")) and _LABEL.fullmatch(text) else ""


def _asks(label: str) -> bool:
    return label.endswith((":", "：")) or _ASKED.search(label) is not None


def _is_form(pairs: Pairs) -> bool:
    """Whether enough labels ask for what forms ask for, all are different, and the values are of several kinds."""
    labels = [label for label, _ in pairs]
    values = [cell for _, cell in pairs if cell is not None]
    looks = {look(cell) for cell in values}
    return (
        len(values) >= max(LEAST, len(labels) / 2)
        and len(set(labels)) == len(labels)
        and sum(map(_asks, labels)) >= max(LEAST, KNOWN * len(labels))
        and len({str(cell) for cell in values}) >= DIFFERENT * len(values)
        and len(looks) > 1
        and LABEL in looks
        and not any(_asks(str(cell)) for cell in values[:1])
    )


def frame_of_form(pairs: Pairs) -> Frame:
    """The frame of the record, on the sheet that `as_list` makes."""
    return Frame(0, 0, 1, 2, 0, len(pairs), form=True)


def as_list(sheet: Sheet) -> Sheet:
    """The sheet of a form as a list of one record: a row of its labels and a row of what stands behind them."""
    columns = tuple(
        Column((unpack(pack([label.rstrip("：: "), "" if cell is None else cell])),)) for label, cell in pairs_of(sheet)
    )
    return replace(
        sheet, height=2, width=len(columns), columns=columns, formats={}, merged=(), row_numbers=(1, 1), hidden_rows=(),
        hidden_columns=(), lists=(),
    )  # fmt: skip
