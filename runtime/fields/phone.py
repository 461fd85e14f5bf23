"""Phone: one telephone number."""

import re
import unicodedata
from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.fields import Unreadable, WrittenText, field_types

LONGEST = 40
FEWEST, MOST = 3, 15
"""Digits: from emergency numbers to the longest international ones (E.164)."""

_EXTENSION = re.compile(r"(?:转|分机号?|ext\.?|x|#|~)[:\s]*(\d{1,6})", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_AREA_APART = re.compile(r"\(?(0(?:10|2\d|[3-9]\d{2}))(?:\)|(?=[-\s]))[-\s]*", re.ASCII)
"""Chinese area codes (010 and 02x have three digits, the others four) that a sign or a blank parts from the rest."""

_REST = re.compile(r"\d{7,8}", re.ASCII)
_SERVICE = re.compile(r"([48]00)(\d{3})(\d{4})")
_WITH_HYPHEN = re.compile(
    r"(0\d{2,3}[-\s]\d{7,8}|\(0\d{2,3}\)\s?\d{7,8}|[48]00-\d{3}-\d{4}|1[3-9]\d{9}|\+\d{7,15})-(\d{1,6})"
)
"""A whole number and its extension behind a hyphen."""
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_BETWEEN = frozenset(" .()/\u00b7" + _HYPHENS)
_ONE_HYPHEN = str.maketrans(dict.fromkeys(_HYPHENS, "-"))


@field_types.register
class PhoneField(WrittenText):
    """A telephone number, written in one way: 13812345678, 010-88886666, 010-88886666-123, +442071838750.

    Blanks, brackets and hyphens do not matter; a Chinese mobile number loses its +86, 00 is a plus sign. A hyphen parts
    an area code only where it was written apart: 07700900000 is a British mobile number and no landline of 0770.
    """

    name, label, group, icon = "phone", T("Phone"), T("Contact"), "phone"
    editor = "link"
    longest = LONGEST
    plain = re.compile(r"(?:(?:1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|0(?:10|2[0-9]|[3-9][0-9]{2})-[0-9]{7,8})\x00)++")

    def normal(self, text: str) -> str:
        plain = unicodedata.normalize("NFKC", text).strip().casefold().removeprefix("tel:").strip()
        number, extension = _parts(plain)
        plus = number.startswith(("+", "00"))
        digits = "".join(sign for sign in number if sign not in _BETWEEN).removeprefix("+")
        if number.startswith("00"):
            digits = digits.removeprefix("00")
        if not (digits.isascii() and digits.isdigit() and FEWEST <= len(digits) <= MOST):
            raise Unreadable("not_a_phone", T("“{text}” is not a telephone number.", text=text.strip()))
        landline = _landline(number)
        written = landline or _written(digits, plus)
        if not extension:
            return written
        short = f"{written}-{extension}"
        return short if _parts(short) == (written, extension) else f"{written} ext. {extension}"

    def link(self, value: Any, props: Props) -> str:
        number, extension = _parts(value)
        digits = number.replace("-", "")
        return f"tel:{digits};ext={extension}" if extension else f"tel:{digits}"


def _parts(plain: str) -> tuple[str, str]:
    """Number and extension; one written with a hyphen stands behind a whole number with an area code."""
    match = re.fullmatch(rf"(.*?)\s*{_EXTENSION.pattern}", plain, re.IGNORECASE)
    if match is not None:
        return match[1].rstrip("- "), match[2]
    match = _WITH_HYPHEN.fullmatch(plain)
    return (match[1], match[2]) if match is not None else (plain, "")


def _landline(number: str) -> str:
    """A Chinese landline with a hyphen behind its area code, where a sign or a blank stands there; "" for others.

    With a blank alone the rest is in one piece: 020 7946 0017 is a number of London.
    """
    plain = number.translate(_ONE_HYPHEN)
    match = _AREA_APART.match(plain)
    if match is None:
        return ""
    rest = plain[match.end() :]
    figures = rest.replace(" ", "").replace("-", "") if match[0].strip() != match[1] else rest
    return f"{match[1]}-{figures}" if _REST.fullmatch(figures) else ""


def _written(digits: str, plus: bool) -> str:
    if plus:
        home = digits.removeprefix("86") if digits.startswith("86") else ""
        return home if _MOBILE.fullmatch(home) else f"+{digits}"
    if _MOBILE.fullmatch(digits.removeprefix("86")) and len(digits) == 13:
        return digits.removeprefix("86")
    match = _SERVICE.fullmatch(digits)
    return "-".join(match.groups()) if match is not None else digits
