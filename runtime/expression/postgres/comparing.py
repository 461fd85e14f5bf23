"""Comparisons: of two values of one kind, and of mixed ones in Excel's order."""

from __future__ import annotations

from runtime.expression.postgres.writing import PHYSICAL, Routine
from runtime.expression.wire import LETTERS
from runtime.value.types import Kind

SIGNS = {"equal": "=", "differs": "<>", "less": "<", "at_most": "<=", "greater": ">", "at_least": ">="}

_SIDES = {
    Kind.NUMBER: ("a", "b"),
    Kind.BOOL: ("a", "b"),
    Kind.TEXT: ('(@fold(a) COLLATE "C")', "@fold(b)"),
}
_BLANK_STAYS = (Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION, Kind.RECORD)

_LASTING = 5
RANKS = {"n": 0, "h": _LASTING, "s": _LASTING, "d": 1, "m": 1, "t": 2, "b": 3, "r": 4, "z": 4}
"""Letter -> place of the kind in the order of mixed values; times and durations stand among the numbers."""

_RANKED = {
    "n": "x::text",
    "h": "@to_number_h(x)::text",
    "s": "@to_number_s(x)::text",
    "d": "'0' || x",
    "m": "'1' || lpad((x + 100000000000000000)::text, 20, '0')",
    "t": "@fold(x)",
    "b": "x::text",
    "r": "encode(x, 'hex')",
}

_MIXED = """
IF a IS NULL AND b IS NOT NULL AND b_rank IN (0, 2, 3) THEN
    a := CASE b_rank WHEN 2 THEN '' ELSE '0' END;
    a_rank := b_rank;
ELSIF b IS NULL AND a IS NOT NULL AND a_rank IN (0, 2, 3) THEN
    b := CASE a_rank WHEN 2 THEN '' ELSE '0' END;
    b_rank := a_rank;
END IF;
a_rank := mod(a_rank, 5);
b_rank := mod(b_rank, 5);
IF a IS NULL OR b IS NULL THEN
    RETURN (CASE sign WHEN '=' THEN a IS NULL AND b IS NULL WHEN '<>' THEN a IS NOT NULL OR b IS NOT NULL
        ELSE false END)::integer;
END IF;
IF a_rank <> b_rank THEN
    order_ := sign(a_rank - b_rank);
ELSIF a_rank IN (0, 3) THEN
    order_ := sign(a::numeric - b::numeric);
ELSE
    order_ := CASE WHEN a = b THEN 0 WHEN a COLLATE "C" < b THEN -1 ELSE 1 END;
END IF;
RETURN (CASE sign WHEN '=' THEN order_ = 0 WHEN '<>' THEN order_ <> 0 WHEN '<' THEN order_ < 0
    WHEN '<=' THEN order_ <= 0 WHEN '>' THEN order_ > 0 ELSE order_ >= 0 END)::integer;
"""


def _of_one_kind() -> list[Routine]:
    made = []
    for kind in (*_SIDES, *_BLANK_STAYS):
        letter = LETTERS[kind]
        left, right = _SIDES.get(kind, ("a", "b"))
        if PHYSICAL[letter] == "text" and kind not in _SIDES:
            left = '(a COLLATE "C")'
        for name, sign in SIGNS.items():
            body = f"({left} {sign} {right})::integer"
            if kind in _BLANK_STAYS and name == "equal":
                body = f"({left} IS NOT DISTINCT FROM {right})::integer"
            elif kind in _BLANK_STAYS and name == "differs":
                body = f"({left} IS DISTINCT FROM {right})::integer"
            elif kind in _BLANK_STAYS:
                body = f"coalesce(({left} {sign} {right})::integer, 0)"
            made.append(Routine(f"{name}_{kind.value}", "b", f"a {letter}, b {letter}", body))
    return made


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    routines = _of_one_kind()
    routines += [Routine(f"ranked_{letter}", "t", f"x {letter}!", body) for letter, body in _RANKED.items()]
    mixed = "sign =text, a_rank =integer, a t, b_rank =integer, b t"
    routines.append(Routine("compare_mixed", "b", mixed, _MIXED, declare="order_ integer;"))
    return [each.sql for each in routines]
