"""Reads texts as values of fields: as the field's own editor does, and then as generously as imports do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.actor import Actor
from runtime.dates import has_day_to_spare, local_zone, parse_date, parse_moment
from runtime.errors import Sentence
from runtime.exchange.clipboard.clip import OwnColumn
from runtime.exchange.written import plain_text, read_date, read_number, read_yes_no
from runtime.fields import Unreadable
from runtime.form import Field

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - days in a workbook have no zone
_MOST_DAYS = 2_958_465


class Unfit(Exception):
    """A text is no value of the field.

    Attributes:
        reason: why not, in words.
    """

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason


class CellReader:
    """Reads the texts of one field.

    Args:
        session: finds the records that relations name.
        order: "dmy" or "mdy" where 03/04/2025 is to be understood; "" refuses it.
        texts: every text that will be read, so that records are looked up at once.
    """

    def __init__(self, session: Actor, field: Field, texts: Collection[str] = (), order: str = "") -> None:
        self.field = field
        self._order = order
        self._records = related(session, field, texts) if field.target else {}

    def read(self, text: str, number: Decimal | None = None) -> Any:
        """The value, None for blank text.

        Args:
            number: what the program that wrote `text` computes with.

        Raises:
            Unfit: the text is no value of the field.
        """
        values, bad = self.column([text], {} if number is None else {0: number})
        if bad:
            raise Unfit(bad[0])
        return values[0]

    def column(self, texts: Sequence[str], numbers: Mapping[int, Decimal]) -> tuple[list[Any], dict[int, Sentence]]:
        """The values of many texts, None for blank ones, and place -> why a text is no value of the field.

        Args:
            numbers: place -> what the program that wrote the text computes with.
        """
        known: dict[str, Any] = {}
        bad: dict[int, Sentence] = {}
        values = []
        for at, text in enumerate(texts):
            if at in numbers:
                value = self._tried(text, numbers[at])
            else:
                if text not in known:
                    known[text] = self._tried(text, None)
                value = known[text]
            if isinstance(value, Unfit):
                bad[at], value = value.reason, None
            values.append(value)
        return values, bad | self.field.kind.check_column(values, self.field.props)

    def _tried(self, text: str, number: Decimal | None) -> Any:
        if not text.strip():
            return None
        try:
            return self._related(text) if self.field.target else self._typed(text, number)
        except Unfit as unfit:
            return unfit

    def _related(self, text: str) -> UUID:
        name = text.strip()
        found = self._records.get(name, [])
        if not found:
            raise Unfit(T("There is no record called “{text}”.", text=name))
        if len(found) > 1:
            raise Unfit(T("{n} records are called “{text}”. Choose one in the cell.", n=len(found), text=name))
        return found[0]

    def _typed(self, text: str, number: Decimal | None) -> Any:
        kind, props = self.field.kind, self.field.props
        refusal: Unreadable | None = None
        value = self._in_order(text) if number is None else None
        if value is not None:
            return value
        try:
            value = kind.parse(text, props)
        except Unreadable as unreadable:
            refusal = unreadable
        if number is not None and kind.value_type in {"number", "date", "datetime"}:
            with suppress(Unreadable):
                exact = self._of_number(text, number, refusal)
                value, refusal = (value, refusal) if exact is None else (exact, None)
        if refusal is None:
            return value
        with suppress(Unreadable):
            generous = self._generous(plain_text(text.strip()))
            if generous is not None:
                return generous
        raise Unfit(refusal.message)

    def _in_order(self, text: str) -> date | datetime | None:
        """The day of a text, where it is known whether days or months come first."""
        zone, kind = local_zone(), self.field.kind.value_type
        if not self._order or kind not in {"date", "datetime"}:
            return None
        today = datetime.now(zone).date()
        if kind == "date":
            return parse_date(text, today, self._order)
        return parse_moment(text, zone, today, self._order)

    def _of_number(self, text: str, number: Decimal, refusal: Unreadable | None) -> Any:
        """The exact number behind what a cell shows; None where the cell shows something else than a number."""
        kind, props = self.field.kind, self.field.props
        shows_number = refusal is None or not text.strip("#") or "E+" in text or "E-" in text
        if kind.value_type == "number":
            return kind.from_formula(number, props) if shows_number else None
        if refusal is None or not 61 <= number <= _MOST_DAYS or read_number(text) is not None:
            return None
        moment = _EPOCH + timedelta(seconds=round(number * 86_400))
        return moment.date() if kind.value_type == "date" else _in_zone(moment)

    def _generous(self, text: str) -> Any:
        kind, props = self.field.kind, self.field.props
        if kind.value_type == "number":
            written = read_number(text)
            return None if written is None else kind.from_formula(written.value, props)
        if kind.value_type in {"date", "datetime"}:
            written_date = read_date(text, compact=True)
            found = None if written_date is None else written_date.value(self._order)
            return self._date(found)
        if kind.value_type == "bool":
            return read_yes_no(text)
        if kind.value_type == "choice":
            wanted = text.casefold()
            options = getattr(props, "options", ()) or ()
            return next((each.id for each in options if plain_text(each.label.strip()).casefold() == wanted), None)
        return None

    def _date(self, found: date | datetime | None) -> Any:
        if found is None:
            return None
        if self.field.kind.value_type == "datetime":
            return _in_zone(found if isinstance(found, datetime) else datetime.combine(found, time()))
        if isinstance(found, datetime):
            return found.date() if found.time() == time() else None
        return found


def _in_zone(moment: datetime) -> datetime | None:
    with suppress(OverflowError):
        found = moment.replace(tzinfo=local_zone()).astimezone(UTC)
        return found if has_day_to_spare(found) else None
    return None


def related(session: Actor, field: Field, texts: Collection[str]) -> dict[str, list[UUID]]:
    """Text -> the records that a relation names by it: by their title, else by their key; one question for each."""
    target = session.form_of_id(field.target)
    found: dict[str, list[UUID]] = {}
    if target is None:
        return found
    for by in dict.fromkeys((target.title, target.key)):
        wanted = {text.strip() for text in texts} - found.keys() - {""}
        if by is None or not wanted:
            continue
        typed = {}
        for text in wanted:
            with suppress(Unreadable):
                typed[text] = by.kind.parse(text, by.props)
        stored = session.reader.find_all(
            target.id, by.id, {value for value in typed.values() if value is not None}, session.scope
        )
        found.update({text: stored[value] for text, value in typed.items() if value in stored})
    return found


def order_of(texts: Sequence[str], customary: str = "") -> str:
    """Whether dates such as 03/04/2025 in a column begin with the day or the month: what its other dates prove.

    Args:
        customary: what it is where nothing proves it; "" = nobody knows.
    """
    proven = set()
    for text in texts:
        written = read_date(plain_text(text.strip()))
        if written is None or written.ordered or written.first == written.second:
            continue
        if written.first > 12:
            proven.add("dmy")
        elif written.second > 12:
            proven.add("mdy")
    if len(proven) == 2:
        return ""
    return next(iter(proven), customary)


def own_values(column: OwnColumn, field: Field) -> tuple[list[Any], set[int]] | None:
    """The values of Formwork's own copy, and the places of those that are none of the field.

    None where the types are others or point elsewhere.
    """
    if column.kind != field.kind.name or column.target != field.target:
        return None
    values: list[Any] = []
    lost: set[int] = set()
    for at, raw in enumerate(column.values):
        try:
            values.append(None if raw is None else field.kind.from_json(raw, field.props))
        except (ValueError, TypeError, ArithmeticError, KeyError, AttributeError):
            values.append(None)
            lost.add(at)
    return values, lost | field.kind.check_column(values, field.props).keys()
