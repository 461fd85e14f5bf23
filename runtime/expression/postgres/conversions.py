"""Conversions to numbers, texts and yes/no, and the readers of numbers that are written as text."""

from __future__ import annotations

from runtime.expression.postgres.folding import written
from runtime.expression.postgres.writing import Routine
from runtime.value.conversions import LONGEST_TEXT

_FULL = "０１２３４５６７８９．－−＋％，＄"
_HALF = "0123456789.--+%,$"

_PARSE_NUMBER = r"""
x := @half_width(@stripped(x));
IF x !~ '^[+-]{0,1}([0-9]+\.{0,1}[0-9]*|\.[0-9]+)([eE][+-]{0,1}[0-9]{1,6}){0,1}$' THEN RETURN NULL; END IF;
x := lower(x COLLATE "C");
IF length(x) <= 40 AND strpos(x, 'e') = 0 THEN RETURN @fit(x::numeric); END IF;
mantissa := split_part(x, 'e', 1);
place := coalesce(nullif(split_part(x, 'e', 2), '')::integer, 0);
negative := starts_with(mantissa, '-');
mantissa := ltrim(mantissa, '+-');
digits := replace(mantissa, '.', '');
place := place + length(split_part(mantissa, '.', 1)) - 1 - length(digits) + length(ltrim(digits, '0'));
digits := left(ltrim(digits, '0'), 45);
IF digits = '' OR place < -345 THEN RETURN 0; END IF;
IF place > 308 THEN RETURN NULL; END IF;
r := @fit((digits || 'e' || (place - length(digits) + 1))::numeric);
IF r > 1E400 THEN RETURN NULL; END IF;
RETURN CASE WHEN negative THEN -r ELSE r END;
"""

_PARSE_AMOUNT = r"""
x := @half_width(@stripped(x));
percent := starts_with(x, chr(37)) OR right(x, 1) = chr(37);
IF percent THEN x := @stripped(CASE WHEN starts_with(x, chr(37)) THEN substr(x, 2) ELSE left(x, -1) END); END IF;
IF left(x, 1) IN ('-', '+') THEN
    sign := left(x, 1);
    x := substr(x, 2);
END IF;
IF strpos(CURRENCY, left(x, 1)) > 0 AND x <> '' THEN
    x := substr(x, 2);
ELSIF strpos(CURRENCY, right(x, 1)) > 0 AND x <> '' THEN
    x := left(x, -1);
END IF;
x := @stripped(x);
IF sign = '' AND left(x, 1) IN ('-', '+') THEN
    sign := left(x, 1);
    x := substr(x, 2);
END IF;
IF x ~ '^[0-9]{1,3}([, ])[0-9]{3}(\1[0-9]{3})*(\.[0-9]*){0,1}([eE][+-]{0,1}[0-9]{1,6}){0,1}$' THEN
    x := translate(x, ', ', '');
END IF;
IF left(x, 1) IN ('-', '+') THEN RETURN NULL; END IF;
r := @parse_number(sign || x);
RETURN CASE WHEN percent THEN @divided(r, 100) ELSE r END;
""".replace("CURRENCY", written("$€£¥￥"))

_PARSE_BOOKKEEPING = r"""
IF starts_with(x, '(') AND right(x, 1) = ')' AND length(x) > 1 THEN
    r := @parse_amount(substr(x, 2, length(x) - 2));
    RETURN CASE WHEN substr(x, 2, 1) NOT IN ('-', '+') THEN @fit(-r) END;
END IF;
found := regexp_match(x, '^([+-]{0,1})([0-9]{1,15}) +([0-9]{1,5})/([0-9]{1,5})$');
IF found IS NULL OR found[4]::integer = 0 THEN RETURN NULL; END IF;
r := @fit(found[2]::numeric + @divided(found[3]::numeric, found[4]::numeric));
RETURN CASE WHEN found[1] = '-' THEN @fit(-r) ELSE r END;
"""

_NUMBER_OF_TEXT = """
IF x IS NULL THEN RETURN 0; END IF;
r := @parse_amount(x);
IF r IS NULL AND @with_ascii_digits(right(x, 1)) ~ '[0-9]' THEN
    read := @read_moment(x, 'UTC');
    IF NOT starts_with(read, 'm') THEN r := @serial(read, 'UTC'); END IF;
END IF;
RETURN coalesce(r, !VALUE);
"""

_NUMBER_TEXT = """
IF x = 0 THEN RETURN '0'; END IF;
x := trim_scale(@fit(x));
digits := abs(x)::text;
IF length(digits) <= 20 AND abs(x) >= 1E-9 THEN RETURN x::text; END IF;
place := @adjusted(abs(x));
digits := trim(replace(digits, '.', ''), '0');
IF length(digits) > 20 AND x <> trunc(x) THEN
    x := trim_scale(round(x, 14 - place));
    place := @adjusted(abs(x));
    digits := trim(replace(abs(x)::text, '.', ''), '0');
END IF;
IF place > -10 AND place < 21 THEN RETURN x::text; END IF;
RETURN CASE WHEN x < 0 THEN '-' ELSE '' END || left(digits, 1)
    || CASE WHEN length(digits) > 1 THEN '.' || substr(digits, 2) ELSE '' END
    || 'E' || CASE WHEN place < 0 THEN '-' ELSE '+' END
    || lpad(abs(place)::text, greatest(2, length(abs(place)::text)), '0');
"""

_BOOL_OF_TEXT = """
IF x IS NULL THEN RETURN 0; END IF;
x := @raised(@stripped(x));
RETURN CASE x WHEN 'TRUE' THEN 1 WHEN 'FALSE' THEN 0 ELSE !VALUE END;
"""

_SPAN_TEXT = """
seconds := trunc(abs(x) / 1000000)::bigint;
RETURN CASE WHEN x < 0 THEN '-' ELSE '' END || (seconds / 3600) || ':'
    || lpad((mod(seconds, 3600) / 60)::text, 2, '0') || ':' || lpad(mod(seconds, 60)::text, 2, '0');
"""

_JOIN = f"""
IF length(a) + length(b) > {LONGEST_TEXT} THEN RETURN !VALUE; END IF;
RETURN a || b;
"""

_NEVER = "mr"
"""Letters of types that become no number and no yes/no, unless they are blank."""

ROUTINES = [
    Routine(
        "half_width",
        "=text",
        "x =text",
        f"CASE WHEN octet_length(x) = length(x) THEN x ELSE translate(x, {written(_FULL)}, {written(_HALF)}) END",
    ),
    Routine(
        "parse_number",
        "=numeric",
        "x =text",
        _PARSE_NUMBER,
        declare="mantissa text; place integer; digits text; negative boolean; r numeric;",
    ),
    Routine(
        "parse_amount",
        "=numeric",
        "x =text",
        _PARSE_AMOUNT,
        declare="percent boolean; sign text := ''; r numeric;",
    ),
    Routine("parse_bookkeeping", "=numeric", "x =text", _PARSE_BOOKKEEPING, declare="r numeric; found text[];"),
    Routine("number_text", "t", "x n", _NUMBER_TEXT, declare="digits text; place integer;"),
    Routine("op_join", "t", "a t, b t", _JOIN),
    # to number
    Routine("to_number_t", "n", "x t", _NUMBER_OF_TEXT, declare="r numeric; read text;"),
    Routine("to_number_d", "n", "x d", "CASE WHEN x IS NULL THEN 0 ELSE @serial(x, 'UTC') END"),
    Routine("to_number_b", "n", "x b", "coalesce(x, 0)::numeric"),
    Routine("to_number_h", "n", "x h", "CASE WHEN x IS NULL THEN 0 ELSE @op_divide(x, 86400000000) END"),
    Routine("to_number_s", "n", "x s", "CASE WHEN x IS NULL THEN 0 ELSE @op_divide(x, 86400000000) END"),
    *(Routine(f"to_number_{each}", "n", f"x {each}", "CASE WHEN x IS NULL THEN 0 ELSE !VALUE END") for each in _NEVER),
    # to text
    Routine("to_text_n", "t", "x n", "CASE WHEN x IS NULL THEN '' ELSE @number_text(x) END"),
    Routine("to_text_b", "t", "x b", "CASE x WHEN 1 THEN 'TRUE' WHEN 0 THEN 'FALSE' ELSE '' END"),
    Routine("to_text_h", "t", "x h", "CASE WHEN x IS NULL THEN '' ELSE to_char(@clock(x), 'HH24:MI:SS') END"),
    Routine("to_text_s", "t", "x s", f"IF x IS NULL THEN RETURN ''; END IF; {_SPAN_TEXT}", declare="seconds bigint;"),
    Routine("to_text_r", "t", "x r", "CASE WHEN x IS NULL THEN '' ELSE !VALUE END"),
    # to yes/no
    Routine("to_bool_n", "b", "x n", "(coalesce(x, 0) <> 0)::integer"),
    Routine("to_bool_t", "b", "x t", _BOOL_OF_TEXT),
    *(Routine(f"to_bool_{each}", "b", f"x {each}", "CASE WHEN x IS NULL THEN 0 ELSE !VALUE END") for each in "dmrhs"),
]


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [each.sql for each in ROUTINES]
