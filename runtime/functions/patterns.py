"""Text: regular expressions of RE2, which cannot run away. REGEXTEST, REGEXEXTRACT, REGEXREPLACE."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from time import thread_time
from typing import Any

import re2

from resources.texts import T, Text
from runtime.functions import Group, Param, function
from runtime.value.conversions import LONGEST_LIST, LONGEST_TEXT
from runtime.value.decimals import ZERO
from runtime.value.error_values import NOT_AVAILABLE, WRONG_VALUE, Failure
from runtime.value.lengths import bounded
from runtime.value.types import ANY, BOOL, NUMBER, TEXT, ValueType

LONGEST_PATTERN = 1_000
"""Characters a pattern may have."""

MOST_STEPS = 50_000_000
"""Steps of a pattern times characters of a text that one search may take at worst: less than a second."""

MOST_SECONDS = 2.0
"""Processor time that the search for further matches may take; the first one is bounded by `MOST_STEPS`.

Not time by the clock: what a formula gives must not depend on what else the machine does."""

_REASONS = {
    "missing )": T("a closing bracket ) is missing"),
    "missing ]": T("a closing bracket ] is missing"),
    "unexpected )": T("there is a closing bracket ) too many"),
    "missing argument to repetition operator": T("there is nothing to repeat before *, + or ?"),
    "no argument for repetition operator": T("there is nothing to repeat before *, + or ?"),
    "bad repetition operator": T("two signs of repetition follow each other"),
    "invalid repetition size": T("it repeats more than 1,000 times"),
    "invalid escape sequence": T("the letter after \\ means nothing"),
    "trailing \\": T("it ends with \\"),
    "invalid character class range": T("a range in [ ] runs backwards"),
    "invalid perl operator": T("(?=, (?! and (?< look around, which is not possible here"),
    "invalid named capture group": T("the name of a group is not right"),
    "pattern too large": T("it is too large"),
}
_UNCLEAR = T("it is not written correctly")


def pattern_problem(pattern: str) -> Text | None:
    """What is wrong with a pattern, in the user's words; None where nothing is."""
    if len(pattern) > LONGEST_PATTERN:
        return T("This search pattern is too long: 1,000 characters are allowed.")
    try:
        _compiled(pattern, True)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        reason = next((text for start, text in _REASONS.items() if said.startswith(start)), _UNCLEAR)
        return T("This search pattern cannot be used: {reason}.", reason=reason)
    except UnicodeEncodeError:
        return T("This search pattern cannot be used: {reason}.", reason=_UNCLEAR)
    return None


@lru_cache(maxsize=256)
def _compiled(pattern: str, sensitive: bool) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = sensitive
    return re2.compile(pattern, options=options)


def _matches(text: str, pattern: str, ignore_case: Decimal, most: int) -> list[Any]:
    """The first `most` matches; #VALUE! for a pattern that cannot be used or takes too long."""
    if len(pattern) > LONGEST_PATTERN or ignore_case not in (0, 1):
        raise Failure(WRONG_VALUE)
    found: list[Any] = []
    until = thread_time() + MOST_SECONDS
    try:
        compiled = _compiled(pattern, not ignore_case)
        if compiled.programsize * len(text) > MOST_STEPS:
            raise Failure(WRONG_VALUE)
        for match in compiled.finditer(text):
            found.append(match)
            if len(found) == most:
                break
            if thread_time() > until:
                raise Failure(WRONG_VALUE)
    except (re2.error, UnicodeEncodeError):
        raise Failure(WRONG_VALUE) from None
    return found


_TEXT = Param(T("text"), TEXT)
_PATTERN = Param(T("pattern"), TEXT, verify=pattern_problem)
_IGNORE_CASE = Param(T("ignore letter case"), NUMBER, optional=True)


@function(
    "REGEXTEST",
    Group.TEXT,
    BOOL,
    _TEXT,
    _PATTERN,
    _IGNORE_CASE,
    aliases=("正则匹配",),
    help=T("Whether a regular expression fits some part of a text; with ^ and $ the whole text."),
    example='REGEXTEST("HT-2024", "^[A-Z]{2}-\\d{4}$")',
    shows="TRUE",
)
def regextest(text: str, pattern: str, ignore_case: Decimal = ZERO) -> bool:
    """Letter case counts, unless the last argument is 1."""
    return bool(_matches(text, pattern, ignore_case, 1))


def _extracted(types: Sequence[ValueType]) -> ValueType:
    return TEXT if len(types) < 3 else ANY


@function(
    "REGEXEXTRACT",
    Group.TEXT,
    _extracted,
    _TEXT,
    _PATTERN,
    Param(T("what to return"), NUMBER, optional=True),
    _IGNORE_CASE,
    aliases=("正则提取",),
    help=T(
        "The part of a text that a regular expression fits, #N/A where there is none. With 1 as the third value the "
        "list of all such parts, with 2 the list of what the brackets of the expression hold."
    ),
    example='REGEXEXTRACT("No. 2024-17", "\\d+")',
    shows="2024",
)
def regexextract(text: str, pattern: str, mode: Decimal = ZERO, ignore_case: Decimal = ZERO) -> str | tuple[str, ...]:
    """Excel's return modes 0, 1 and 2."""
    if mode not in (0, 1, 2):
        raise Failure(WRONG_VALUE)
    found = _matches(text, pattern, ignore_case, LONGEST_LIST + 1 if mode == 1 else 1)
    if not found:
        raise Failure(NOT_AVAILABLE)
    if len(found) > LONGEST_LIST:
        raise Failure(WRONG_VALUE)
    if mode == 1:
        return tuple(each.group() for each in found)
    if mode == 2 and found[0].groups():
        return tuple(each or "" for each in found[0].groups())
    return str(found[0].group())


@function(
    "REGEXREPLACE",
    Group.TEXT,
    TEXT,
    _TEXT,
    _PATTERN,
    Param(T("new"), TEXT),
    Param(T("occurrence"), NUMBER, optional=True),
    _IGNORE_CASE,
    aliases=("正则替换",),
    help=T(
        "Replaces every part of a text that a regular expression fits, or only the occurrence with that number, "
        "counted from the end where it is negative. $1 in the new text is what the first brackets hold, $0 the whole."
    ),
    example='REGEXREPLACE("2024-05-17", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")',
    shows="17.05.2024",
)
def regexreplace(text: str, pattern: str, new: str, occurrence: Decimal = ZERO, ignore_case: Decimal = ZERO) -> str:
    """The length is watched while the text grows."""
    found = _matches(text, pattern, ignore_case, LONGEST_TEXT + 1)
    number = int(occurrence) if abs(occurrence) <= LONGEST_TEXT else LONGEST_TEXT + 1
    if number:
        found = found[number - 1 :][:1] if number > 0 else found[number:][:1] if -number <= len(found) else []
    parts: list[str] = []
    length, at = 0, 0
    for match in found:
        parts += [text[at : match.start()], _expanded(new, match)]
        at = match.end()
        length += len(parts[-1]) + len(parts[-2])
        if length > LONGEST_TEXT:
            raise Failure(WRONG_VALUE)
    return bounded("".join(parts) + text[at:])


_GROUP = re2.compile(r"\$(?:\$|(\d{1,2})|\{(\w+)\})")


def _expanded(new: str, match: Any) -> str:
    """The new text with $0, $1, ${name} and $$ filled in; #VALUE! for a group that is not there."""
    if "$" not in new:
        return new

    def filled(place: Any) -> str:
        name = place.group(1) or place.group(2)
        if name is None:
            return "$"
        try:
            return match.group(int(name) if name.isdigit() else name) or ""
        except (IndexError, KeyError):
            raise Failure(WRONG_VALUE) from None

    return str(_GROUP.sub(filled, new))
