"""Errors among values, and the lazy forms: which of several values it is."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.expression.postgres.writing import CODES, FAILED, PHYSICAL, Routine, error_literal, inline, quoted
from runtime.expression.wire import LETTERS
from runtime.value.conversions import LONGEST_LIST
from runtime.value.error_values import ERRORS
from runtime.value.types import Kind

_TYPES = tuple(FAILED)
_TOO_LONG = CODES["#NUM!"]


def _of_errors() -> Iterator[str]:
    for each in _TYPES:
        whens = " ".join(f"WHEN {error_literal(code, each)} THEN {n}" for code, n in CODES.items())
        yield inline("code", "=integer", f"x ={each}", f"CASE x {whens} END")
        whens = " ".join(f"WHEN {n} THEN {error_literal(code, each)}" for code, n in CODES.items())
        yield inline(f"{each}_error", f"={each}", "code =integer", f"CASE code {whens} END")
        failed = FAILED[each].format("item")
        yield Routine(
            "failure",
            f"={each}",
            f"items ={each}[]",
            f"FOREACH item IN ARRAY coalesce(items, ARRAY[]::{each}[]) LOOP "
            f"IF {failed} THEN RETURN item; END IF; END LOOP; RETURN NULL;",
            declare=f"item {each};",
        ).sql
    whens = " ".join(f"WHEN {n} THEN {quoted(code)}" for code, n in CODES.items())
    yield inline("error_text", "=text", "code =integer", f"CASE code {whens} END")
    whens = " ".join(f"WHEN {quoted(code)} THEN {n}" for code, n in CODES.items())
    yield inline("error_number", "=integer", "code =text", f"CASE code {whens} END")


def _of_choices() -> Iterator[Routine]:
    for physical in _TYPES:
        for each in (physical, f"{physical}[]"):
            error = f"{physical}_error(@code(condition))"
            error = f"ARRAY[@{error}]" if each.endswith("[]") else f"@{error}"
            yield Routine(
                "choose",
                f"={each}",
                f"condition =integer, x ={each}, otherwise ={each}",
                f"CASE condition WHEN 1 THEN x WHEN 0 THEN otherwise ELSE {error} END",
            )
        yield Routine(
            "attempt",
            f"={physical}",
            f"x ={physical}, fallback ={physical}, caught =integer",
            f"IF {FAILED[physical].format('x')} AND (caught >> @code(x)) & 1 = 1 THEN RETURN fallback; END IF; "
            "RETURN x;",
        )
        yield Routine(
            "pick",
            f"={physical}",
            f"place =integer, choices ={physical}[]",
            f"CASE WHEN place < 0 THEN @{physical}_error(-place) ELSE choices[place] END",
        )


def _of_questions() -> Iterator[Routine]:
    for physical in _TYPES:
        yield Routine(
            "vacant",
            "b",
            f"x ={physical}",
            f"CASE WHEN {FAILED[physical].format('x')} THEN @integer_error(@code(x)) "
            f"ELSE ({'coalesce(x, empty) = empty' if physical == 'text' else 'x IS NULL'})::integer END",
            declare="empty text := '';",
        )
        yield Routine(
            "value_of",
            f"={physical}",
            f"x ={physical}",
            f"CASE WHEN {FAILED[physical].format('x')} THEN NULL ELSE x END",
        )
        yield Routine("value_of", f"={physical}[]", f"x ={physical}[]", "CASE WHEN @failure(x) IS NULL THEN x END")
        yield Routine(
            "vacant",
            "b",
            f"x ={physical}[]",
            "CASE WHEN @failure(x) IS NULL THEN (coalesce(cardinality(x), 0) = 0)::integer "
            "ELSE @integer_error(@code(@failure(x))) END",
        )
        yield Routine(
            "is_value", "b", f"x ={physical}", f"(x IS NOT NULL AND NOT {FAILED[physical].format('x')})::integer"
        )
        yield Routine(
            "bounded",
            f"={physical}[]",
            f"x ={physical}[]",
            f"CASE WHEN cardinality(x) > {LONGEST_LIST} THEN ARRAY[@{physical}_error({CODES['#NUM!']})] ELSE x END",
        )
        yield Routine(
            "unless_failed",
            f"={physical}",
            f"x ={physical}, failed =integer",
            f"CASE WHEN failed IS NULL THEN x ELSE @{physical}_error(failed) END",
        )


def _of_judgements() -> Iterator[Routine]:
    for physical in _TYPES:
        judged = {"numeric": "(x <> 0)::integer", "integer": "x"}.get(physical, "NULL")
        yield Routine(
            "judged",
            "=integer[]",
            f"items ={physical}[]",
            f"""
            FOREACH x IN ARRAY items LOOP
                found := found || CASE WHEN {FAILED[physical].format("x")} THEN @integer_error(@code(x))
                    ELSE {judged} END;
            END LOOP;
            RETURN found;""",
            declare=f"x {physical}; found integer[] := ARRAY[]::integer[];",
        )


def _of_matches() -> Iterator[Routine]:
    for kind, letter in LETTERS.items():
        if kind in (Kind.CHOICE, Kind.BLANK):
            continue
        physical = PHYSICAL[letter]
        failed = FAILED[physical]
        same = "@fold(subject) = @fold(keys[n])" if kind is Kind.TEXT else "subject IS NOT DISTINCT FROM keys[n]"
        yield Routine(
            f"match_{kind.value}",
            "=integer",
            f"subject ={physical}, keys ={physical}[]",
            f"""
            IF {failed.format("subject")} THEN RETURN -@code(subject); END IF;
            FOR n IN 1 .. cardinality(keys) LOOP
                IF {failed.format("keys[n]")} THEN RETURN -@code(keys[n]); END IF;
                IF {same} THEN RETURN n; END IF;
            END LOOP;
            RETURN cardinality(keys) + 1;
            """,
        )


_JUNCTIONS = [
    Routine(
        name,
        "b",
        "operands =integer[]",
        f"""
        FOREACH each IN ARRAY operands LOOP
            CONTINUE WHEN each IS NULL;
            IF each > 1 THEN RETURN each; END IF;
            judged := true;
            IF each <> {neutral} THEN RETURN each; END IF;
        END LOOP;
        IF NOT judged THEN RETURN !VALUE; END IF;
        RETURN {neutral};
        """,
        declare="each integer; judged boolean := false;",
    )
    for name, neutral in (("every", 1), ("some", 0))
]


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [
        *_of_errors(),
        *(each.sql for each in (*_of_choices(), *_of_questions(), *_of_judgements(), *_of_matches(), *_JUNCTIONS)),
    ]


def caught_mask(codes: list[str]) -> int:
    """The errors of `attempt` as bits."""
    return sum(1 << CODES[code] for code in codes if code in ERRORS)
