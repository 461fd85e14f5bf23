"""What can be wrong with a formula, as problems with a place in its text."""

from __future__ import annotations

from dataclasses import dataclass

from resources.texts import T
from runtime.errors import Problem, Sentence, UserError


@dataclass(frozen=True, slots=True)
class FormulaProblem(Problem):
    """A problem in the characters `start` up to, not including, `end` of the formula.

    `where` stays "": whoever keeps the formula puts its field or node there with `dataclasses.replace`.
    """

    start: int = 0
    end: int = 0


class FormulaSyntaxError(UserError):
    """The text is no formula.

    Attributes:
        start, end: the characters concerned, counted from 0 in the text as typed.
    """

    code = "formula_syntax"

    def __init__(self, message: Sentence, start: int, end: int, code: str | None = None, hint: Sentence = "") -> None:
        super().__init__(message, hint, code)
        self.start = start
        self.end = end

    @property
    def problem(self) -> FormulaProblem:
        """The same as a value."""
        return FormulaProblem("", self.code, self.message, start=self.start, end=self.end)


class NotInSql(UserError):
    """A formula, or a part of it, cannot run in the database; the caller evaluates it in Python instead."""

    code = "formula_not_in_sql"

    def __init__(self, message: Sentence) -> None:
        super().__init__(message, T("Store the result in a formula field and filter by that field."))
