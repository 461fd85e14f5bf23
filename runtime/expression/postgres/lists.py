"""Lists are arrays: aggregates of them, and lists with conditions such as ">5" (`runtime.value.criteria`).

An error among the items is the error of the whole list: lists hold stored values, which are never errors.
"""

from __future__ import annotations

from collections.abc import Iterator

from runtime.expression.postgres.folding import written
from runtime.expression.postgres.writing import FAILED, PHYSICAL, Routine, quoted
from runtime.value.error_values import ERRORS
from runtime.value.wildcards import LONGEST_PATTERN

_TYPES = tuple(FAILED)


def _of_every_type() -> Iterator[Routine]:
    for each in _TYPES:
        yield Routine("first_of", f"={each}", f"items ={each}[]", "items[1]")
        error = "@numeric_error(@code({0}))"
        filled = "x IS NULL OR x = ''" if each == "text" else "x IS NULL"
        yield Routine("skipped", "=numeric", f"x ={each}", error.format("x"))
        yield Routine(
            "present",
            "=numeric",
            f"x ={each}",
            f"CASE WHEN {FAILED[each].format('x')} THEN {error.format('x')} WHEN {filled} THEN NULL ELSE 1 END",
        )
        for name, initial in (("skipped", "NULL"), ("present", None)):
            value = f"@{name}(x)" if initial is None else "NULL::numeric"
            yield Routine(
                name,
                "=numeric[]",
                f"items ={each}[]",
                f"""
                x := @failure(items);
                IF x IS NOT NULL THEN RETURN ARRAY[{error.format("x")}]; END IF;
                FOREACH x IN ARRAY items LOOP found := found || {value}; END LOOP;
                RETURN found;
                """,
                declare=f"x {each}; found numeric[] := ARRAY[]::numeric[];",
            )
        yield Routine(
            "chosen",
            f"={each}[]",
            f"items ={each}[], rows_ =boolean[], exact =boolean",
            f"""
            IF rows_ IS NULL OR (exact AND cardinality(items) <> cardinality(rows_)) THEN
                RETURN ARRAY[@{each}_error(2)];
            END IF;
            FOR n IN 1 .. least(cardinality(rows_), cardinality(items)) LOOP
                IF rows_[n] THEN found := found || items[n]; END IF;
            END LOOP;
            RETURN found;
            """,
            declare=f"found {each}[] := ARRAY[]::{each}[];",
        )


def _of_extremes() -> Iterator[Routine]:
    for each in ("numeric", "text", "bigint"):
        collated = ' COLLATE "C"' if each == "text" else ""
        for name, sign in (("greatest_of", ">"), ("least_of", "<")):
            yield Routine(
                name,
                f"={each}",
                f"items ={each}[]",
                f"""
                found := @failure(items);
                IF found IS NOT NULL THEN RETURN found; END IF;
                FOREACH x IN ARRAY items LOOP
                    IF x IS NOT NULL AND (found IS NULL OR x {sign} found{collated}) THEN
                        found := x;
                    END IF;
                END LOOP;
                RETURN found;
                """,
                declare=f"x {each}; found {each};",
            )


_MATH = {
    "sum_of": "r := 0; FOREACH x IN ARRAY items LOOP IF x IS NOT NULL THEN r := @op_add(r, x); END IF; "
    "IF r > 1E400 THEN RETURN r; END IF; END LOOP; RETURN r;",
    "product_of": "FOREACH x IN ARRAY items LOOP IF x IS NOT NULL THEN r := @op_multiply(coalesce(r, 1), x); END IF; "
    "IF r > 1E400 THEN RETURN r; END IF; END LOOP; RETURN coalesce(r, 0);",
    "mean_of": "r := cardinality(array_remove(items, NULL)); IF r = 0 THEN RETURN !DIV; END IF; "
    "RETURN @divided(@sum_of(items), r);",
    "count_of": "RETURN cardinality(array_remove(items, NULL));",
    "blanks_of": "RETURN cardinality(items) - cardinality(array_remove(items, NULL));",
}

_ODD = """
x := @failure(items);
IF x IS NOT NULL THEN RETURN @integer_error(@code(x)); END IF;
items := array_remove(items, NULL);
IF cardinality(items) = 0 THEN RETURN !VALUE; END IF;
RETURN mod(cardinality(array_remove(items, 0)), 2);
"""

_TIMES = """
x := coalesce(@failure(a), @failure(b));
IF x IS NOT NULL THEN RETURN ARRAY[x]; END IF;
IF cardinality(a) <> cardinality(b) THEN RETURN ARRAY[!VALUE_ITEM]; END IF;
FOR n IN 1 .. cardinality(a) LOOP
    x := @op_multiply(@fit(a[n]), b[n]);
    IF x > 1E400 THEN RETURN ARRAY[x]; END IF;
    found := found || x;
END LOOP;
RETURN found;
"""

_JOINED = """
r := @failure(items);
IF r IS NOT NULL THEN RETURN r; END IF;
FOREACH r IN ARRAY items LOOP size := size + length(r); END LOOP;
IF size > 32767 THEN RETURN !VALUE; END IF;
RETURN array_to_string(items, '');
"""

# Conditions

_SIGNS = "＝＜＞"
_PARSE = f"""
IF kind <> 't' THEN
    IF condition IS NULL THEN kind := 'n'; condition := '0'; END IF;
    RETURN ARRAY['=', kind, condition];
END IF;
IF length(condition) > {LONGEST_PATTERN} THEN RETURN NULL; END IF;
head := translate(left(condition, 2), {written(_SIGNS)}, '=<>');
first := left(condition, 1);
IF first IN ('≤', '≥', '≠') THEN
    sign := CASE first WHEN '≤' THEN '<=' WHEN '≥' THEN '>=' ELSE '<>' END;
    rest := substr(condition, 2);
ELSIF head IN ('<=', '>=', '<>') THEN
    sign := head;
    rest := substr(condition, 3);
ELSIF left(head, 1) IN ('<', '>', '=') THEN
    sign := left(head, 1);
    rest := substr(condition, 2);
ELSE
    sign := '=';
    rest := condition;
END IF;
word := @raised(@stripped(rest));
IF word IN ('TRUE', 'FALSE') THEN RETURN ARRAY[sign, 'b', CASE word WHEN 'TRUE' THEN '1' ELSE '0' END]; END IF;
number := @parse_amount(rest);
IF number IS NOT NULL THEN RETURN ARRAY[sign, 'n', number::text]; END IF;
moment := @read_moment(rest, zone);
IF starts_with(moment, 'm') THEN RETURN ARRAY[sign, 'm', substr(moment, 2)]; END IF;
IF moment IS NOT NULL THEN RETURN ARRAY[sign, 'd', moment]; END IF;
IF word IN ({", ".join(quoted(code) for code in ERRORS)})
THEN RETURN ARRAY[sign, 'e', word]; END IF;
RETURN ARRAY[sign, 't', rest, @fold(rest), @likeness(@fold(rest))];
"""

_MEETS = """
IF parsed IS NULL OR items IS NULL THEN RETURN NULL; END IF;
sign := parsed[1];
wanted := parsed[2];
bound := parsed[3];
folded := parsed[4];
likeness := parsed[5];
FOREACH item IN ARRAY items LOOP
    IF sign IN ('=', '<>') THEN
        met := CASE
            WHEN wanted = 't' AND bound = '*' THEN true
            WHEN wanted = 't' AND bound = '' THEN item IS NULL OR (kind = 't' AND item = '')
            WHEN wanted = 't' THEN kind = 't' AND @fold(item) COLLATE "C" LIKE likeness
            WHEN item IS NULL THEN false
            WHEN wanted = 'n' AND kind = 'n' THEN item::numeric = bound::numeric
            WHEN wanted = 'n' AND kind = 't' THEN @parse_number(item) = bound::numeric
            WHEN wanted IN ('d', 'm') AND kind IN ('d', 'm') THEN
                @moment_order(kind, item, wanted, bound, zone) = 0
            WHEN wanted = 'r' AND kind = 'r' THEN item = bound
            ELSE wanted = kind AND item = bound
        END;
        met := coalesce(met, false) <> (sign = '<>');
    ELSE
        step := CASE
            WHEN item IS NULL THEN NULL
            WHEN wanted = 't' AND kind = 't' AND folded <> '' AND item <> '' THEN
                CASE WHEN @fold(item) = folded THEN 0 WHEN @fold(item) COLLATE "C" < folded THEN -1 ELSE 1 END
            WHEN wanted IN ('d', 'm') AND kind IN ('d', 'm') THEN @moment_order(kind, item, wanted, bound, zone)
            WHEN wanted = kind AND wanted IN ('n', 'b') THEN sign(item::numeric - bound::numeric)
        END;
        met := coalesce(CASE sign WHEN '<' THEN step < 0 WHEN '<=' THEN step <= 0 WHEN '>' THEN step > 0
            ELSE step >= 0 END, false);
    END IF;
    found := found || met;
END LOOP;
RETURN found;
"""

_MOMENT_ORDER = """
IF a_kind <> b_kind THEN
    IF a_kind = 'd' THEN a := @instant(a::timestamp, zone, 0)::text;
    ELSE b := @instant(b::timestamp, zone, 0)::text; END IF;
ELSIF a_kind = 'd' THEN
    RETURN sign(a::date - b::date);
END IF;
RETURN sign(a::numeric - b::numeric);
"""

ROUTINES = [
    *_of_every_type(),
    *_of_extremes(),
    *(
        Routine(
            name,
            "n",
            "items =numeric[]",
            f"x := @failure(items); IF x IS NOT NULL THEN RETURN x; END IF; {body}",
            declare="x numeric; r numeric;",
        )
        for name, body in _MATH.items()
    ),
    Routine("odd_of", "b", "items =numeric[]", _ODD, declare="x numeric;"),
    Routine(
        "times",
        "=numeric[]",
        "a =numeric[], b =numeric[]",
        _TIMES.replace("!VALUE_ITEM", "@numeric_error(2)"),
        declare="x numeric; found numeric[] := ARRAY[]::numeric[];",
    ),
    Routine("joined", "t", "items =text[]", _JOINED, declare="r text; size integer := 0;"),
    Routine(
        "as_numbers",
        "=numeric[]",
        "items =integer[]",
        """
        FOREACH x IN ARRAY items LOOP
            found := found || CASE WHEN x > 1 THEN @numeric_error(@code(x)) ELSE x::numeric END;
        END LOOP;
        RETURN found;
        """,
        declare="x integer; found numeric[] := ARRAY[]::numeric[];",
    ),
    Routine(
        "as_texts",
        "=text[]",
        "items =bytea[]",
        "FOREACH x IN ARRAY items LOOP found := found || encode(x, 'hex'); END LOOP; RETURN found;",
        declare="x bytea; found text[] := ARRAY[]::text[];",
    ),
    Routine(
        "met_of",
        "n",
        "rows_ =boolean[]",
        "IF rows_ IS NULL THEN RETURN !VALUE; END IF; RETURN cardinality(array_remove(rows_, false));",
    ),
    *(
        Routine(
            f"texts_{letter}",
            "=text[]",
            f"zone =text, items ={PHYSICAL[letter]}[]",
            f"FOREACH x IN ARRAY items LOOP found := found || @to_text_{letter}({'zone, ' if letter == 'm' else ''}x); "
            "END LOOP; RETURN found;",
            declare=f"x {PHYSICAL[letter]}; found text[] := ARRAY[]::text[];",
        )
        for letter in "nbdmhs"
    ),
    Routine(
        "texts_t",
        "=text[]",
        "zone =text, items =text[]",
        "array_replace(items, NULL, '')",
    ),
    Routine(
        "parse_condition",
        "=text[]",
        "kind =text, condition =text, zone =text",
        _PARSE,
        declare="sign text; rest text; head text; first text; word text; number numeric; moment text;",
    ),
    Routine(
        "moment_order",
        "=integer",
        "a_kind =text, a =text, b_kind =text, b =text, zone =text",
        _MOMENT_ORDER,
    ),
    Routine(
        "meets",
        "=boolean[]",
        "kind =text, items =text[], parsed =text[], zone =text",
        _MEETS,
        declare="sign text; wanted text; bound text; likeness text; folded text; item text; "
        "met boolean; step integer; found boolean[] := ARRAY[]::boolean[];",
    ),
    Routine(
        "both",
        "=boolean[]",
        "a =boolean[], b =boolean[]",
        """
        IF a IS NULL OR b IS NULL OR cardinality(a) <> cardinality(b) THEN RETURN NULL; END IF;
        FOR n IN 1 .. cardinality(a) LOOP a[n] := a[n] AND b[n]; END LOOP;
        RETURN a;
        """,
    ),
]


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [each.sql for each in ROUTINES]
