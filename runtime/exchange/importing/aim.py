"""`Aim`: which form of the workspace a sheet goes into, which column into which field, and what its rows do there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """What a row of the file does in the form.

    ADD makes a new record of every row. UPSERT changes the record with the same key and adds those that have none,
    UPDATE only changes, MISSING only adds.
    """

    ADD = "new"
    UPSERT = "upsert"
    UPDATE = "update"
    MISSING = "missing"

    @property
    def keyed(self) -> bool:
        """Whether a key finds the record of a row."""
        return self is not Mode.ADD

    @property
    def creates(self) -> bool:
        """Whether it can make records."""
        return self is not Mode.UPDATE

    @property
    def changes(self) -> bool:
        """Whether it can change records that are there."""
        return self in {Mode.UPSERT, Mode.UPDATE}


class Twice(StrEnum):
    """What a second row with the key of an earlier one does: it is refused, the last row counts, or the first does."""

    REFUSE = "refuse"
    LAST = "last"
    FIRST = "first"


class Blank(StrEnum):
    """What a blank cell does to a record that is there: the field keeps its value, or becomes blank."""

    KEEP = "keep"
    CLEAR = "clear"


class Misfit(StrEnum):
    """What a cell that is no value of its field does: its row is refused, or the row is taken without the cell."""

    REFUSE = "refuse"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a sheet goes.

    Attributes:
        form: id of the form.
        fields: index of the table column -> id of the field; columns that are left out are missing.
        mode: what rows do.
        key: id of the field that finds the record of a row; "" where the mode needs none.
        twice, blank, misfit: see there.
        add_options: ids of choices that get what the file names and they do not have.
        add_records: ids of relations whose target form gets the records that the file names and it does not have.
        orders: index of the table column -> how 03/04/2025 is read there: "dmy" or "mdy".
    """

    form: str
    fields: Mapping[int, str] = field(default_factory=dict, hash=False)
    mode: Mode = Mode.ADD
    key: str = ""
    twice: Twice = Twice.REFUSE
    blank: Blank = Blank.KEEP
    misfit: Misfit = Misfit.REFUSE
    add_options: frozenset[str] = frozenset()
    add_records: frozenset[str] = frozenset()
    orders: Mapping[int, str] = field(default_factory=dict, hash=False)

    def with_field(self, source: int, field_id: str) -> Aim:
        """With a column going into a field, which no other column does then; "" leaves the column out."""
        fields = {place: other for place, other in self.fields.items() if place != source and other != field_id}
        if field_id:
            fields[source] = field_id
        return replace(self, fields=dict(sorted(fields.items())))

    def source_of(self, field_id: str) -> int | None:
        """The column that goes into a field."""
        return next((source for source, other in self.fields.items() if other == field_id), None)

    def as_json(self, headers: Mapping[int, str]) -> dict[str, Any]:
        """What is kept of it for the next file; columns by their headers."""
        return {
            "fields": {headers[source]: field_id for source, field_id in self.fields.items()},
            "left_out": [header for source, header in headers.items() if source not in self.fields],
            "mode": str(self.mode),
            "key": self.key,
            "twice": str(self.twice),
            "blank": str(self.blank),
            "misfit": str(self.misfit),
            "add_options": sorted(self.add_options),
            "add_records": sorted(self.add_records),
            "orders": {headers[source]: order for source, order in self.orders.items()},
        }


def aim_from_json(form: str, body: Any, headers: Mapping[int, str]) -> Aim | None:
    """The aim that was kept, for a file that has all of its columns; None where it has not or nothing can be read."""
    places = {header: source for source, header in headers.items()}
    try:
        fields = {places[header]: str(field_id) for header, field_id in body["fields"].items()}
        orders = {places[header]: str(order) for header, order in body["orders"].items() if header in places}
        return Aim(
            form, dict(sorted(fields.items())), Mode(body["mode"]), str(body["key"]), Twice(body["twice"]),
            Blank(body["blank"]), Misfit(body["misfit"]), frozenset(_texts(body["add_options"])),
            frozenset(_texts(body["add_records"])), orders,
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _texts(raw: Any) -> Iterator[str]:
    return (each for each in raw if isinstance(each, str))
