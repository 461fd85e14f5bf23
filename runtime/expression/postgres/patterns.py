"""Excel's wildcards: `*` any characters, `?` one character, `~` the next character as it is; letter case aside."""

from __future__ import annotations

from runtime.expression.postgres.writing import Routine
from runtime.value.wildcards import LONGEST_PATTERN

_QUESTION = "chr(63)"

_FIND = rf"""
FOREACH each IN ARRAY regexp_split_to_array(@folded_in_place(pattern), '') LOOP
    IF taken THEN
        taken := false;
    ELSIF each = '~' THEN
        taken := true;
        CONTINUE;
    ELSIF each IN ('*', {_QUESTION}) THEN
        wild := true;
        expression := expression || CASE each WHEN '*' THEN '.*' ELSE '.' END;
        CONTINUE;
    END IF;
    plain := plain || each;
    special := strpos('.*+()[]{{}}|^$\' || {_QUESTION}, each) > 0;
    expression := expression || CASE WHEN special THEN '\' ELSE '' END || each;
END LOOP;
x := substr(@folded_in_place(x), start);
IF NOT wild THEN
    place := strpos(x, plain);
ELSIF length(pattern) > {LONGEST_PATTERN} THEN
    RETURN NULL;
ELSE
    place := regexp_instr(x COLLATE "C", expression);
END IF;
RETURN CASE WHEN place > 0 THEN place + start - 1 END;
"""

_LIKENESS = rf"""
FOREACH each IN ARRAY regexp_split_to_array(pattern, '') LOOP
    IF taken THEN
        taken := false;
    ELSIF each = '~' THEN
        taken := true;
        CONTINUE;
    ELSIF each IN ('*', {_QUESTION}) THEN
        likeness := likeness || CASE each WHEN '*' THEN chr(37) ELSE '_' END;
        CONTINUE;
    END IF;
    likeness := likeness || CASE WHEN each IN (chr(37), '_', '\') THEN '\' ELSE '' END || each;
END LOOP;
RETURN likeness;
"""

ROUTINES = [
    Routine(
        "find_wildcard",
        "=integer",
        "pattern =text, x =text, start =integer",
        _FIND,
        declare="each text; taken boolean := false; wild boolean := false; plain text := ''; expression text := ''; "
        "place integer; special boolean;",
    ),
    Routine(
        "likeness",
        "=text",
        "pattern =text",
        _LIKENESS,
        declare="each text; taken boolean := false; likeness text := '';",
    ),
]


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [each.sql for each in ROUTINES]
