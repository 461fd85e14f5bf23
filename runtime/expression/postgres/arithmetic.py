"""Numbers: 34 digits, halves away from zero, exponents to 308, as `runtime.value.decimals.CONTEXT` has them.

PostgreSQL's numeric adds and multiplies exactly; `fit` rounds the result. A quotient is cut off after more digits than
it keeps (`GUARDED`: 40) and then rounded, which is the same as rounding it, since halves go away from zero.
"""

from __future__ import annotations

from runtime.expression.postgres.writing import Routine
from runtime.value.decimals import CONTEXT, GUARDED

_ADJUSTED = """
IF x >= 1 THEN RETURN length(trunc(x)::text) - 1; END IF;
digits := substr(x::text, 3);
RETURN length(ltrim(digits, '0')) - length(digits) - 1;
"""

_FIT = """
IF x < 1E20 AND x > -1E20 AND scale(x) <= 14 THEN RETURN x; END IF;
IF x = 0 THEN RETURN 0; END IF;
IF abs(x) >= 1E309 THEN RETURN !NUM; END IF;
x := round(x, least(digits - 1 - @adjusted(abs(x)), 307 + digits));
IF abs(x) >= 1E309 THEN RETURN !NUM; END IF;
RETURN trim_scale(x);
"""

_EVEN = """
places := least(digits - 1 - @adjusted(abs(x)), 307 + digits);
cut := trunc(x, places);
IF x = cut THEN RETURN x; END IF;
unit := ('1e' || places)::numeric;
IF abs(x - cut) * unit = 0.5 AND mod(cut * unit, 2) = 0 THEN RETURN cut; END IF;
RETURN round(x, places);
"""

_DIVIDE = """
IF b = 0 THEN RETURN !DIV; END IF;
IF a = 0 THEN RETURN 0; END IF;
q := div(a * 1E60, b);
IF q > 1E46 OR q < -1E46 THEN RETURN @fitted(q * 1E-60, digits); END IF;
places := 80 + @adjusted(abs(b)) - @adjusted(abs(a));
RETURN @fitted(div(a * ('1e' || places)::numeric, b) * ('1e' || -places)::numeric, digits);
"""

_POWER = """
IF base = 0 THEN
    IF exponent < 0 THEN RETURN !DIV; END IF;
    IF exponent = 0 THEN RETURN !NUM; END IF;
    RETURN 0;
END IF;
IF exponent = 0 OR base = 1 THEN RETURN 1; END IF;
whole := exponent = trunc(exponent);
IF base < 0 AND NOT whole THEN RETURN !NUM; END IF;
odd := whole AND mod(exponent, 2) <> 0;
IF base = -1 THEN RETURN CASE WHEN odd THEN -1 ELSE 1 END; END IF;
size := exponent * log(abs(base));
IF size > 310 THEN RETURN !NUM; END IF;
IF size < -345 THEN RETURN 0; END IF;
IF whole AND abs(exponent) < 1E18 THEN RETURN @fit(@whole_power(base, exponent::bigint)); END IF;
r := @real_power(abs(base), exponent);
RETURN @fit(CASE WHEN base < 0 AND odd THEN -r ELSE r END);
"""

_WHOLE_POWER = """
digits := 36 + length(abs(exponent)::text);
IF exponent < 0 THEN
    digits := digits + 1;
    places := digits + 12 + @adjusted(abs(base));
    base := @half_even(div(('1e' || places)::numeric, base) * ('1e' || -places)::numeric, digits);
    exponent := -exponent;
END IF;
r := base;
bits := ltrim(exponent::bit(64)::text, '0');
FOR n IN 2 .. length(bits) LOOP
    r := @half_even(r * r, digits);
    IF substr(bits, n, 1) = '1' THEN r := @half_even(r * base, digits); END IF;
    IF abs(r) > 1E320 OR r = 0 THEN RETURN r; END IF;
END LOOP;
RETURN r;
"""

_REAL_POWER = """
y := exponent * ln(round(base, 100 + greatest(0, -@adjusted(base)) + greatest(0, @adjusted(abs(exponent)))));
RETURN exp(round(y, 80 + greatest(0, ceil(-y / 2.3))::integer));
"""

_ROUNDED = """
IF x = 0 THEN RETURN 0; END IF;
places := greatest(least(trunc(digits), 616), -616);
IF places >= scale(x) THEN RETURN x; END IF;
IF places < -308 THEN
    IF way <> 'up' AND @adjusted(abs(x)) < -places - 1 THEN RETURN 0; END IF;
    RETURN !NUM;
END IF;
cut := CASE way WHEN 'half' THEN round(x, places) ELSE trunc(x, places) END;
IF way = 'up' AND cut <> x THEN cut := cut + sign(x) * ('1e' || -places)::numeric; END IF;
IF cut <> 0 AND @adjusted(abs(cut)) + places >= 34 THEN RETURN !NUM; END IF;
RETURN @fit(cut);
"""

_MULTIPLE_BELOW = """
IF x = 0 THEN RETURN 0; END IF;
width := abs(step);
IF @adjusted(abs(x)) - @adjusted(width) >= 34 THEN RETURN x; END IF;
steps := div(x, width);
IF abs(steps) >= 1E34 THEN RETURN !NUM; END IF;
IF x < 0 AND mod(x, width) <> 0 THEN steps := steps - 1; END IF;
RETURN @fit(@fit(steps) * width);
"""

ROUTINES = [
    Routine("adjusted", "=integer", "x =numeric", _ADJUSTED, declare="digits text;"),
    Routine("fitted", "n", "x =numeric, digits =integer", _FIT),
    Routine("fit", "n", "x =numeric", f"@fitted(x, {CONTEXT.prec})"),
    Routine(
        "half_even",
        "=numeric",
        "x =numeric, digits =integer",
        _EVEN,
        declare="places integer; cut numeric; unit numeric;",
    ),
    Routine("op_add", "n", "a n, b n", "@fit(a + b)"),
    Routine("op_subtract", "n", "a n, b n", "@fit(a - b)"),
    Routine("op_multiply", "n", "a n, b n", "@fit(a * b)"),
    Routine("quotient", "n", "a n, b n, digits =integer", _DIVIDE, declare="q numeric; places integer;"),
    Routine("op_divide", "n", "a n, b n", f"@quotient(a, b, {GUARDED.prec})"),
    Routine("divided", "n", "a n, b n", f"@quotient(a, b, {CONTEXT.prec})"),
    Routine("op_negate", "n", "a n", "@fit(-a)"),
    Routine("op_percent", "n", "a n", "@fit(a * 0.01)"),
    Routine(
        "op_power",
        "n",
        "base n, exponent n",
        _POWER,
        declare="whole boolean; odd boolean; size numeric; r numeric;",
    ),
    Routine(
        "whole_power",
        "=numeric",
        "base =numeric, exponent =bigint",
        _WHOLE_POWER,
        declare="r numeric; bits text; digits integer; places integer;",
    ),
    Routine("real_power", "=numeric", "base =numeric, exponent =numeric", _REAL_POWER, declare="y numeric;"),
    Routine(
        "rounded",
        "n",
        "x =numeric, digits =numeric, way =text",
        _ROUNDED,
        declare="places integer; cut numeric;",
    ),
    Routine(
        "multiple_below", "n", "x =numeric, step =numeric", _MULTIPLE_BELOW, declare="width numeric; steps numeric;"
    ),
    Routine(
        "multiple_above",
        "n",
        "x =numeric, step =numeric",
        "r := @multiple_below(-x, step); RETURN CASE WHEN r > 1E400 THEN r ELSE -r END;",
        declare="r numeric;",
    ),
    Routine("natural_log", "=numeric", "x =numeric", "ln(round(x, 110 + greatest(0, scale(x))))"),
    Routine(
        "log10",
        "n",
        "x =numeric",
        "IF x <= 0 THEN RETURN !NUM; END IF; RETURN @divided(@natural_log(x), @natural_log(10));",
    ),
    Routine(
        "narrowed",
        "n",
        "x =numeric",
        "x := @fit(x); RETURN CASE WHEN abs(x) < 1E-308 THEN 0 ELSE x END;",
    ),
    Routine("op_not", "b", "a b", "1 - a"),
]


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [each.sql for each in ROUTINES]
