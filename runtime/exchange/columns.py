"""What becomes of a column, and what is doubtful about it: `ColumnPlan`, `Choice`, `Doubt`. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.errors import Sentence
from runtime.exchange.frame import Frame


@dataclass(frozen=True, slots=True)
class RelationTarget:
    """Where a relation points: the record of `sheet` whose value in the column `source` is the same, or of `form`.

    Attributes:
        sheet: name of the target sheet; of the form where that is there already.
        source: index of the key column there; -1 for a form.
        optional: True where most rows have no partner and that is no fault (the original column stays beside it).
        form: id of a form that is there already, whose key or title the values are; "" where a sheet is meant.
    """

    sheet: str
    source: int
    optional: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One field of the form that a sheet becomes.

    Attributes:
        source: index of the column in the table; two fields may come from one column.
        header: what the sheet calls it.
        field_type: name of a field type (text, long_text, integer, decimal, money, percent, date, date_time, boolean,
            choice, relation).
        label: name of the field.
        props: properties of the field type by name; a choice's `options` are labels in order, not ids.
        include: False where the column is left out.
        relation: set for the type relation only.
        order: how 03/04/2025 is read: "dmy" or "mdy"; "" where no text needs it.
        pad: digits that a number is filled up to with zeros when it becomes text (Excel format 00000), or 0.
        required: whether a record needs a value; an import never sets it.
        nothing: texts, in small letters, that stand for no value here, such as "-" among figures.
        errors: whether formulas that failed are kept as texts such as #N/A; otherwise they become blank.
        split: signs between which a cell holds several options; "" where it holds one.
        comma: whether figures are written 1.234,50.
        year: the year of days such as 10月8日 among others that say theirs; 0 where they stay out.
    """

    source: int
    header: str
    field_type: str
    label: str
    props: dict[str, Any] = field(default_factory=dict, hash=False)
    include: bool = True
    relation: RelationTarget | None = None
    order: str = ""
    pad: int = 0
    required: bool = False
    nothing: tuple[str, ...] = ()
    errors: bool = False
    split: str = ""
    comma: bool = False
    year: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to resolve a doubt.

    Attributes:
        id: stable within its doubt.
        label: what happens then, in words.
        columns: what the doubtful column becomes, or each of several; empty where the choice is about something else.
        layout: attributes of the table's `Frame` and what they become; the sheet is cut and looked at anew.
        frames: how the whole sheet is cut into tables instead.
        include: whether what is in doubt is imported: the columns `sources`, or the whole sheet where there are none.
        sources: indexes of table columns.
    """

    id: str
    label: Sentence
    columns: tuple[ColumnPlan, ...] = ()
    include: bool | None = None
    sources: tuple[int, ...] = ()
    layout: Mapping[str, Any] = field(default_factory=dict, hash=False)
    frames: tuple[Frame, ...] = ()

    @property
    def slow(self) -> bool:
        """Whether choosing looks at the whole sheet anew, which takes seconds where it is large."""
        return bool(self.layout or self.frames)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that was assumed while reading a sheet.

    Attributes:
        sheet: name of the sheet.
        column: index of the column in the table; None where the whole sheet is meant.
        code: stable snake_case name.
        message: what was assumed and why, in words.
        choices: what else could be done, the assumption first; empty where there is nothing to choose.
        chosen: id of the choice in force; "" where the user decided something else.
    """

    sheet: str
    column: int | None
    code: str
    message: Sentence
    choices: tuple[Choice, ...] = ()
    chosen: str = ""

    @property
    def id(self) -> str:
        """Unique in a plan."""
        return f"{self.sheet}/{'' if self.column is None else self.column}/{self.code}"
