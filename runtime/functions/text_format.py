"""Text: values written as text. TEXT, FIXED, RMBCAP."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from resources.texts import T, Text
from runtime.functions import Group, Param, function
from runtime.value.arithmetic import rounded
from runtime.value.chinese_numerals import money_in_words
from runtime.value.conversions import to_text
from runtime.value.date_format import date_in_format
from runtime.value.decimals import parse_amount
from runtime.value.error_values import WRONG_VALUE, ErrorValue, Failure
from runtime.value.format_code import FormatCode, Section, TokenKind, format_code
from runtime.value.lengths import bounded
from runtime.value.moments import parse_moment
from runtime.value.number_format import general_text, number_in_format
from runtime.value.serials import serial_of
from runtime.value.times import parse_time
from runtime.value.types import BOOL, NUMBER, TEXT

_MOST_DECIMALS = 127


def code_problem(code: str) -> Text | None:
    """What is wrong with a format code; None where nothing is."""
    try:
        format_code(code)
    except Failure:
        return T("This format is not known. Examples: 0.00, #,##0, 0%, yyyy-mm-dd, hh:mm; put words in quotes.")
    return None


def _number_of(value: object, zone: tzinfo | None) -> Decimal | None:
    """The number that is shown: of dates and times what Excel keeps, also of texts that show one; None for texts."""
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, date | time | timedelta):
        return serial_of(value, zone)
    if not isinstance(value, str):
        return None
    number = parse_amount(value)
    if number is not None:
        return number
    moment = parse_time(value) or parse_moment(value, UTC)
    return None if moment is None else serial_of(moment, UTC)


def formatted(value: object, code: FormatCode, zone: tzinfo | None) -> str:
    """`value` in a format.

    Raises:
        Failure: #VALUE!, no section of the format is for it, or a date it cannot show.
    """
    number = None if isinstance(value, bool) else _number_of(value, zone)
    if number is None or not code.numbers:
        text = to_text(value, zone) if number is None else general_text(number)
        return text if code.text is None else _in_text(text, code.text)
    section, says_negative = code.section(number)
    if not section.for_dates:
        return number_in_format(number, section, not says_negative, zero_signed=not code.single)
    if value is None:
        return ""
    return date_in_format(abs(number) if says_negative else number, section)


def _in_text(text: str, section: Section) -> str:
    return "".join(text if token.kind is TokenKind.TEXT else token.text for token in section.tokens)


@function(
    "TEXT",
    Group.TEXT,
    TEXT,
    Param(T("value")),
    Param(T("format"), TEXT, verify=code_problem),
    zoned=True,
    aliases=("文本格式",),
    help=T(
        "A number, date or time written in a format of Excel: 0.00 (two decimals), #,##0 (groups), 0% (percent), "
        "yyyy-mm-dd, hh:mm. Semicolons part the formats of positive, negative, zero and text."
    ),
    example='TEXT(1234.5, "#,##0.00")',
    shows="1,234.50",
)
def text_(zone: tzinfo | None, value: object, code: str) -> str:
    """A blank date stays blank; texts that show a number or date are taken as such."""
    if isinstance(value, ErrorValue):
        raise Failure(value)
    return bounded(formatted(value, format_code(code), zone))


@function(
    "FIXED",
    Group.TEXT,
    TEXT,
    Param(T("number"), NUMBER),
    Param(T("decimals"), NUMBER, optional=True),
    Param(T("without commas"), BOOL, optional=True),
    aliases=("固定小数",),
    help=T("A number as a text with so many decimals, two where nothing is said, and with commas between thousands."),
    example="FIXED(1234.567, 1)",
    shows="1,234.6",
)
def fixed(number: Decimal, decimals: Decimal = Decimal(2), without_commas: bool = False) -> str:
    """Negative decimals round to tens, hundreds and so on; #VALUE! over 127."""
    if decimals >= _MOST_DECIMALS + 1:
        raise Failure(WRONG_VALUE)
    places = int(max(decimals, -Decimal(400)))
    section = _fixed_section(max(places, 0), not without_commas)
    return number_in_format(rounded(number, Decimal(places), ROUND_HALF_UP), section, signed=True)


def _fixed_section(places: int, grouped: bool) -> Section:
    code = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
    return format_code(code).numbers[0]


@function(
    "RMBCAP",
    Group.TEXT,
    TEXT,
    Param(T("amount"), NUMBER),
    aliases=("人民币大写",),
    help=T("An amount in yuan in Chinese words as on cheques, rounded to fen."),
    example="RMBCAP(1234.5)",
    shows="壹仟贰佰叁拾肆元伍角",
)
def rmbcap(amount: Decimal) -> str:
    """#NUM! for more than 16 digits before the point."""
    return money_in_words(amount)
