"""Errors that are values: what a formula yields where it cannot yield a result."""

from __future__ import annotations

from dataclasses import dataclass

from resources.texts import T, Text


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error with its Excel code, such as "#DIV/0!"; shown in the cell, stored as NULL and the code beside it."""

    code: str

    @property
    def message(self) -> Text:
        """What is wrong and what to do, in the user's words."""
        return _MESSAGES[self.code]

    def __str__(self) -> str:
        return self.code


DIVISION_BY_ZERO = ErrorValue("#DIV/0!")
WRONG_VALUE = ErrorValue("#VALUE!")
NOT_AVAILABLE = ErrorValue("#N/A")
OUT_OF_RANGE = ErrorValue("#NUM!")
BROKEN_REFERENCE = ErrorValue("#REF!")
UNKNOWN_NAME = ErrorValue("#NAME?")

_MESSAGES = {
    "#DIV/0!": T("This formula divides by zero or by a blank value."),
    "#VALUE!": T("A value has the wrong type, such as a text where a number is needed."),
    "#N/A": T("No value fits: add a last case for all other values."),
    "#NUM!": T("A number or date is too large, too small or not allowed here."),
    "#REF!": T("A field that this formula needs does not exist any more."),
    "#NAME?": T("This formula names something that does not exist."),
}

_WORDS = {
    "#DIV/0!": T("#DIV/0!"),
    "#VALUE!": T("#VALUE!"),
    "#N/A": T("#N/A"),
    "#NUM!": T("#NUM!"),
    "#REF!": T("#REF!"),
    "#NAME?": T("#NAME?"),
}

ERRORS: dict[str, ErrorValue] = {code: ErrorValue(code) for code in _MESSAGES}
"""Code -> error value; every error a formula can yield."""


def shown_error(code: str) -> str:
    """An error code as cells show it, in the current language: #DIV/0! or #除零."""
    return str(_WORDS[code]) if code in _WORDS else code


class Failure(Exception):
    """Raised inside an evaluation to yield `error`; IFERROR or the border of the evaluation catches it."""

    def __init__(self, error: ErrorValue) -> None:
        super().__init__(error.code)
        self.error = error
