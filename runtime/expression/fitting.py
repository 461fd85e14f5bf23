"""Which conversions happen by themselves: a typed expression is fitted to the type its place needs.

Silent: everything to text; yes/no and numbers into each other; dates and date-times; times, durations and numbers of
days; the time of day of a date-time; a text constant that is a date, time or duration.
With a warning: a text constant that is a number, a number as the serial number of a date.
Refused, and #VALUE! where evaluated all the same: a text field as a number (VALUE says so openly), dates as numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from resources.texts import T
from runtime.errors import Sentence, Severity
from runtime.expression.nodes import Span
from runtime.expression.problems import FormulaProblem
from runtime.expression.typed import Constant, Convert, Field, Typed
from runtime.value.conversions import to_bool, to_duration, to_number, to_time
from runtime.value.decimals import ZERO
from runtime.value.error_values import Failure
from runtime.value.moments import parse_moment
from runtime.value.types import ANY, BLANK, DATE, DATETIME, NUMBER, TEXT, Kind, ValueType

_SILENT = {
    Kind.NUMBER: {Kind.BOOL, Kind.TIME, Kind.DURATION, Kind.ANY},
    Kind.TEXT: {Kind.NUMBER, Kind.BOOL, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION, Kind.ANY},
    Kind.BOOL: {Kind.NUMBER, Kind.ANY},
    Kind.DATE: {Kind.DATETIME, Kind.ANY},
    Kind.DATETIME: {Kind.DATE, Kind.ANY},
    Kind.TIME: {Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION, Kind.ANY},
    Kind.DURATION: {Kind.NUMBER, Kind.TIME, Kind.ANY},
    Kind.RECORD: {Kind.ANY},
}
_CONSTANTS: dict[Kind, Callable[[str], object]] = {
    Kind.NUMBER: to_number,
    Kind.BOOL: to_bool,
    Kind.TIME: lambda text: to_time(text, None),
    Kind.DURATION: to_duration,
}
_ZONES = (ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai"))
_BLANKS: dict[Kind, object] = {Kind.NUMBER: ZERO, Kind.TEXT: "", Kind.BOOL: False}


class Fitting:
    """Fits expressions to types and gathers the problems met."""

    def __init__(self) -> None:
        self.problems: list[FormulaProblem] = []

    def say(self, code: str, message: Sentence, span: Span, severity: Severity = Severity.ERROR) -> None:
        """Note a problem at `span`."""
        start, end = span
        self.problems.append(FormulaProblem("", code, message, severity, start=start, end=end))

    def warn(self, code: str, message: Sentence, span: Span) -> None:
        """Note a warning at `span`."""
        self.say(code, message, span, Severity.WARNING)

    def fit(self, value: Typed, wanted: ValueType, span: Span) -> Typed:
        """`value` as `wanted`."""
        have = value.type
        if wanted in (have, ANY) or (wanted == TEXT and have.kind is Kind.CHOICE):
            return value
        if have == BLANK:
            return Constant(_BLANKS.get(wanted.kind), wanted)
        if isinstance(value, Constant) and have == TEXT:
            return self._fit_text_constant(value, wanted, span)
        if have.kind is Kind.RECORD and wanted == TEXT and isinstance(value, Field):
            return Field(value.reference.title)
        if wanted.temporal and have == NUMBER:
            self.warn("number_as_date", T("A number stands where a date is needed."), span)
        elif have.kind not in _SILENT.get(wanted.kind, ()):
            self.refuse(have, wanted, span)
        return Convert(value, wanted)

    def _fit_text_constant(self, value: Constant, wanted: ValueType, span: Span) -> Typed:
        text = str(value.value)
        if wanted.temporal:
            moment = date_constant(text)
            if moment is not None:
                return Convert(moment, wanted) if moment.type != wanted else moment
            if parse_moment(text, _ZONES[0]) is not None:
                return Convert(value, wanted)
        converted = self.converted(text, wanted)
        if converted is not None:
            if not wanted.lasting:
                self.warn("text_as_number", T("“{text}” is a text; it is used as a number.", text=text), span)
            return converted
        self.refuse(value.type, wanted, span)
        return Convert(value, wanted)

    @staticmethod
    def converted(text: str, wanted: ValueType) -> Constant | None:
        """The number, yes/no, time or duration that a text constant shows; None where it shows none."""
        convert = _CONSTANTS.get(wanted.kind)
        if convert is None:
            return None
        try:
            return Constant(convert(text), wanted)
        except Failure:
            return None

    def refuse(self, have: ValueType, wanted: ValueType, span: Span) -> None:
        """Note that a value of type `have` stands where one of type `wanted` is needed."""
        if have.textual and wanted == NUMBER:
            message = T("A number is needed here, this is a text. VALUE turns a text into a number.")
        elif have.is_list:
            message = T("One value is needed here, this is a list. SUM, MAX or COUNT make one value of a list.")
        else:
            message = T("Needed here: {wanted}. This is: {have}.", wanted=wanted.label, have=have.label)
        self.say("wrong_type", message, span)


def date_constant(text: str) -> Constant | None:
    """The date or date-time with an offset that a text constant shows; None where it shows neither.

    A time without offset depends on the time zone and so is no constant.
    """
    here, there = (parse_moment(text, zone) for zone in _ZONES)
    if here is None or here != there:
        return None
    return Constant(here, DATETIME if hasattr(here, "hour") else DATE)
