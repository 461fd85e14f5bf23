"""Short declarations of functions -> CREATE FUNCTION of PL/pgSQL, with errors and blanks led past the body.

A function is declared as name, letter of the result, parameters and body. A parameter is a name and a letter of
`wire`: an error in it becomes the result, the first one wins. ``!`` after the letter: blank makes the result blank;
``?``: the body minds errors itself; ``=type``: a SQL type, of which nothing is expected; ``n[]``: a list, passed on as
it is. In bodies ``@`` stands for the schema and ``!VALUE`` for an error of the type of the result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.value.error_values import ERRORS

SCHEMA = "formwork_functions"

PHYSICAL = {
    "n": "numeric",
    "t": "text",
    "b": "integer",
    "d": "text",
    "m": "bigint",
    "h": "bigint",
    "s": "numeric",
    "r": "bytea",
    "z": "text",
}
"""Letter of `wire` -> type in PostgreSQL. Numbers and durations (microseconds) are numeric, dates ISO text."""

CODES = {code: n for n, code in enumerate(ERRORS, 1)}
"""Error code -> its number."""

MARK = 0xFDD0
"""The noncharacter that begins an error among texts; texts of records lose it where they enter a formula."""

FAILED = {
    "numeric": "{0} > 1E400",
    "text": f"starts_with({{0}}, chr({MARK}))",
    "integer": "{0} > 1",
    "bigint": "{0} > 9223372036854775800",
    "bytea": "length({0}) <> 16",
}
"""Type in PostgreSQL -> the condition that a value is an error (NULL where it is blank)."""

_WORDS = {"DIV": "#DIV/0!", "VALUE": "#VALUE!", "NA": "#N/A", "NUM": "#NUM!", "REF": "#REF!", "NAME": "#NAME?"}
_ERROR = re.compile(r"!(DIV|VALUE|NA|NUM|REF|NAME)\b")


def error_literal(code: str, physical: str) -> str:
    """SQL of an error as a value of a type in PostgreSQL."""
    number = CODES[code]
    return {
        "numeric": f"1E{400 + number}::numeric",
        "text": f"(chr({MARK}) || {quoted(code)})",
        "integer": f"{10 + number}",
        "bigint": f"{9223372036854775800 + number}",
        "bytea": f"'\\x{code.encode().hex()}'::bytea",
    }[physical]


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    type: str
    guarded: bool
    blank_passes: bool
    is_list: bool

    @classmethod
    def parse(cls, text: str) -> _Parameter:
        name, _, kind = text.strip().partition(" ")
        if kind.startswith("="):
            return cls(name, kind[1:], False, False, False)
        letter = kind[0]
        return cls(
            name,
            PHYSICAL[letter] + ("[]" if "[]" in kind else ""),
            "?" not in kind,
            "!" in kind,
            "[]" in kind,
        )


@dataclass(frozen=True, slots=True)
class Routine:
    """A function of the schema.

    Attributes:
        name: of the function; several may share it and differ in the types of their parameters.
        result: letter of the result, or ``=type``.
        parameters: see above.
        body: statements, or one expression.
        declare: declarations of variables.
        options: parameter -> the texts it may be, folded -> what the body gets.
        optional: so many of the last parameters may be left out; they are NULL then.
    """

    name: str
    result: str
    parameters: str
    body: str
    declare: str = ""
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    optional: int = 0

    @property
    def sql(self) -> str:
        """CREATE FUNCTION."""
        parsed = [_Parameter.parse(each) for each in self.parameters.split(",") if each.strip()]
        physical = self.result[1:] if self.result.startswith("=") else PHYSICAL[self.result]
        body = self.body.strip()
        if ";" not in body:
            body = f"RETURN {body};"
        lines = [*_guards(parsed, physical), *self._options(), *_blanks(parsed), body]
        required = len(parsed) - self.optional
        signature = ", ".join(
            f"{each.name} {each.type}{' DEFAULT NULL' if index >= required else ''}"
            for index, each in enumerate(parsed)
        )
        declared = f"DECLARE {self.declare} " if self.declare else ""
        text = "\n".join(lines)
        text = _ERROR.sub(lambda found: error_literal(_WORDS[found[1]], physical), text)
        return (
            f"CREATE FUNCTION @{self.name}({signature}) RETURNS {physical} "
            f"LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$\n{declared}BEGIN\n{text}\nEND $body$"
        ).replace("@", f"{SCHEMA}.")

    def _options(self) -> list[str]:
        lines = []
        for name, allowed in self.options.items():
            whens = " ".join(f"WHEN {quoted(key)} THEN {quoted(meant)}" for key, meant in allowed.items())
            lines.append(f"{name} := CASE @fold({name}) {whens} END;")
            lines.append(f"IF {name} IS NULL THEN RETURN !VALUE; END IF;")
        return lines


def inline(name: str, result: str, parameters: str, expression: str) -> str:
    """CREATE FUNCTION of a single expression, which PostgreSQL puts where the call stands: each parameter once."""
    parsed = [_Parameter.parse(each) for each in parameters.split(",") if each.strip()]
    physical = result[1:] if result.startswith("=") else PHYSICAL[result]
    signature = ", ".join(f"{each.name} {each.type}" for each in parsed)
    expression = _ERROR.sub(lambda found: error_literal(_WORDS[found[1]], physical), expression)
    return (
        f"CREATE FUNCTION @{name}({signature}) RETURNS {physical} "
        f"LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$ SELECT {expression} $body$"
    ).replace("@", f"{SCHEMA}.")


def quoted(text: str) -> str:
    """A text as a literal of SQL, without a question mark."""
    literal = "'" + text.replace("'", "''").replace("?", "' || chr(63) || '") + "'"
    return f"({literal})" if "?" in text else literal


def _guards(parameters: list[_Parameter], physical: str) -> list[str]:
    lines = []
    for each in parameters:
        if not each.guarded:
            continue
        kind = each.type.removesuffix("[]")
        if each.is_list:
            error = f"@failure({each.name})"
            result = error if kind == physical else f"@{physical}_error(@code({error}))"
            lines.append(f"IF {error} IS NOT NULL THEN RETURN {result}; END IF;")
            continue
        result = each.name if kind == physical else f"@{physical}_error(@code({each.name}))"
        lines.append(f"IF {FAILED[kind].format(each.name)} THEN RETURN {result}; END IF;")
    return lines


def _blanks(parameters: list[_Parameter]) -> list[str]:
    names = [each.name for each in parameters if each.blank_passes]
    return [f"IF {' OR '.join(f'{name} IS NULL' for name in names)} THEN RETURN NULL; END IF;"] if names else []
