"""Functions of the catalogue that take single values, as PL/pgSQL: name -> body.

Parameters are those of the catalogue, called a, b, c ... in their order (``zone`` before them where the function is
zoned). They come converted, errors and blank dates went past, options are resolved; what was left out is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.expression.postgres.folding import written
from runtime.expression.postgres.writing import PHYSICAL, Routine
from runtime.expression.wire import letter
from runtime.functions import Function, functions
from runtime.functions.text import WORD_SIGNS
from runtime.value.arithmetic import narrowed
from runtime.value.conversions import LONGEST_TEXT
from runtime.value.elementary import PI
from runtime.value.types import DATE, DATETIME, ValueType

NAMES = "abcdefghij"
"""What the parameters are called."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a function does.

    Attributes:
        text: statements, or one expression.
        declare: declarations of variables.
        moment: statements for a date-time in the place of a date, where the function takes both.
    """

    text: str
    declare: str = ""
    moment: str = ""


def _count(name: str, least: int = 0) -> str:
    """Makes `name` a number of characters."""
    return (
        f"IF {name} < {least} THEN RETURN !VALUE; END IF; "
        f"{name} := CASE WHEN {name} < {LONGEST_TEXT} THEN trunc({name}) ELSE {LONGEST_TEXT} END; "
    )


_BOUNDED = f"IF length(r) > {LONGEST_TEXT} THEN RETURN !VALUE; END IF; RETURN r;"

_MULTIPLE = """
IF b IS NULL THEN b := 1; END IF;
IF b = 0 THEN {zero} END IF;
{checked}
RETURN CASE WHEN {down} THEN @multiple_below(a, b) ELSE @multiple_above(a, b) END;
"""
_CHECKED = "IF a > 0 AND b < 0 THEN RETURN !NUM; END IF;"
_CEILING_DOWN = "CASE WHEN c IS NULL THEN b < 0 ELSE a < 0 AND c <> 0 END"

_MROUND = """
IF a = 0 OR b = 0 THEN RETURN 0; END IF;
IF (a < 0) <> (b < 0) THEN RETURN !NUM; END IF;
lower := @multiple_below(abs(a), abs(b));
IF lower > 1E400 THEN RETURN lower; END IF;
over := @fit(abs(a) - lower);
IF @fit(over + over) >= abs(b) THEN lower := @fit(lower + abs(b)); END IF;
RETURN CASE WHEN lower > 1E400 THEN lower ELSE lower * sign(a) END;
"""

_LOG = """
IF b IS NULL THEN RETURN @log10(a); END IF;
IF b = 1 AND a > 0 THEN RETURN !DIV; END IF;
IF a <= 0 OR b <= 0 THEN RETURN !NUM; END IF;
IF a = 1 THEN RETURN 0; END IF;
RETURN @narrowed(@divided(@natural_log(a), @natural_log(b)));
"""

_MATHEMATICS = {
    "ABS": Body("abs(a)"),
    "SIGN": Body("sign(a)"),
    "MOD": Body(
        """
        IF b = 0 THEN RETURN !DIV; END IF;
        IF abs(div(a, b)) >= 1E34 THEN RETURN !NUM; END IF;
        r := @fit(mod(a, b));
        IF r <> 0 AND (r < 0) <> (b < 0) THEN RETURN @fit(r + b); END IF;
        RETURN r;
        """,
        "r numeric;",
    ),
    "QUOTIENT": Body(
        """
        IF b = 0 THEN RETURN !DIV; END IF;
        r := div(a, b);
        IF abs(r) >= 1E34 THEN RETURN !NUM; END IF;
        RETURN r;
        """,
        "r numeric;",
    ),
    "ROUND": Body("@rounded(a, coalesce(b, 0), 'half')"),
    "ROUNDUP": Body("@rounded(a, b, 'up')"),
    "ROUNDDOWN": Body("@rounded(a, b, 'down')"),
    "TRUNC": Body("@rounded(a, coalesce(b, 0), 'down')"),
    "INT": Body("floor(a)"),
    "MROUND": Body(_MROUND, "lower numeric; over numeric;"),
    "CEILING": Body(_MULTIPLE.format(zero="RETURN 0;", checked=_CHECKED, down=_CEILING_DOWN)),
    "FLOOR": Body(
        _MULTIPLE.format(
            zero="IF a <> 0 THEN RETURN !DIV; END IF; RETURN 0;", checked=_CHECKED, down=f"NOT {_CEILING_DOWN}"
        )
    ),
    "POWER": Body("@op_power(a, b)"),
    "SQRT": Body(
        """
        IF a < 0 THEN RETURN !NUM; END IF;
        IF a = 0 THEN RETURN 0; END IF;
        RETURN @fit(sqrt(round(a, greatest(scale(a), 80 - @adjusted(a) / 2))));
        """
    ),
    "EXP": Body(
        """
        IF a > 720 THEN RETURN !NUM; END IF;
        IF a < -720 THEN RETURN 0; END IF;
        RETURN @narrowed(exp(round(a, 80 + greatest(0, ceil(-a / 2.3))::integer)));
        """
    ),
    "LN": Body(
        """
        IF a <= 0 THEN RETURN !NUM; END IF;
        RETURN @narrowed(@natural_log(a));
        """
    ),
    "LOG": Body(_LOG),
    "LOG10": Body("@log10(a)"),
    "PI": Body(str(narrowed(PI))),
}

_SUBSTITUTE = f"""
IF d < 1 THEN RETURN !VALUE; END IF;
found := CASE WHEN b = '' THEN 0 ELSE (length(a) - length(replace(a, b, ''))) / length(b) END;
IF found = 0 THEN RETURN a; END IF;
IF d IS NULL THEN
    IF length(a) + found * (length(c) - length(b)) > {LONGEST_TEXT} THEN RETURN !VALUE; END IF;
    RETURN replace(a, b, c);
END IF;
IF d >= found + 1 THEN RETURN a; END IF;
parts := string_to_array(a, b);
place := trunc(d)::integer;
r := array_to_string(parts[:place], b) || c || array_to_string(parts[place + 1:], b);
{_BOUNDED}
"""

_TRIM = f"btrim(regexp_replace(replace(a, {written(chr(0x3000))}, ' '), ' +', ' ', 'g'), ' ')"

_FIND_FROM = _count("c", 1) + "IF c - 1 > length(b) THEN RETURN !VALUE; END IF; first := c::integer;"
_FIND = f"""
c := coalesce(c, 1);
{_FIND_FROM}
place := CASE WHEN a = '' THEN 1 ELSE strpos(substr(b, first), a) END;
RETURN CASE WHEN place = 0 THEN !VALUE ELSE place + first - 1 END;
"""
_SEARCH = f"""
c := coalesce(c, 1);
{_FIND_FROM}
place := @find_wildcard(a, b, first);
IF place IS NULL THEN RETURN !VALUE; END IF;
RETURN place;
"""

_REPT = f"""
{_count("b")}
IF length(a) * b > {LONGEST_TEXT} OR (a <> '' AND times > {LONGEST_TEXT}) THEN RETURN !VALUE; END IF;
RETURN repeat(a, CASE WHEN a = '' THEN 0 ELSE b END::integer);
"""

_VALUE = r"""
r := coalesce(@parse_amount(a), @parse_bookkeeping(@stripped(a)));
IF r IS NOT NULL THEN RETURN r; END IF;
clock := @read_clock(a, true);
IF clock IS NOT NULL THEN RETURN @op_divide(clock, 86400000000); END IF;
read := @read_moment(a, 'UTC');
IF read IS NULL THEN RETURN !VALUE; END IF;
RETURN @serial(read, 'UTC');
"""

_HASWORD = f"""
a := @fold(a);
b := @fold(b);
first := left(b, 1) COLLATE "C" ~ {written(WORD_SIGNS)};
last := right(b, 1) COLLATE "C" ~ {written(WORD_SIGNS)};
LOOP
    place := strpos(substr(a, start), b);
    IF place = 0 THEN RETURN 0; END IF;
    place := place + start - 1;
    before := CASE WHEN place > 1 THEN substr(a, place - 1, 1) ELSE '' END;
    IF NOT (first AND before COLLATE "C" ~ {written(WORD_SIGNS)})
        AND NOT (last AND substr(a, place + length(b), 1) COLLATE "C" ~ {written(WORD_SIGNS)}) THEN
        RETURN 1;
    END IF;
    start := place + 1;
END LOOP;
"""

_TEXT = {
    "LEN": Body("length(a)"),
    "LEFT": Body(f"b := coalesce(b, 1); {_count('b')} RETURN left(a, b::integer);"),
    "RIGHT": Body(f"b := coalesce(b, 1); {_count('b')} RETURN CASE WHEN b = 0 THEN '' ELSE right(a, b::integer) END;"),
    "MID": Body(f"{_count('b', 1)} {_count('c')} RETURN substr(a, b::integer, c::integer);"),
    "FIND": Body(_FIND, "first integer; place integer;"),
    "SEARCH": Body(_SEARCH, "first integer; place integer;"),
    "REPLACE": Body(
        f"{_count('b', 1)} {_count('c')} "
        f"r := left(a, b::integer - 1) || d || substr(a, b::integer + c::integer); {_BOUNDED}",
        "r text;",
    ),
    "SUBSTITUTE": Body(_SUBSTITUTE, "found integer; parts text[]; place integer; r text;"),
    "TRIM": Body(_TRIM),
    "CLEAN": Body(f"translate(a, {written(''.join(map(chr, range(1, 32))))}, '')"),
    "UPPER": Body(f"r := @raised(a); {_BOUNDED}", "r text;"),
    "LOWER": Body(f"r := @lowered(a); {_BOUNDED}", "r text;"),
    "REPT": Body(_REPT, "times numeric := b;"),
    "EXACT": Body("(a = b)::integer"),
    "VALUE": Body(_VALUE, "r numeric; clock bigint; read text;"),
    "CONTAINS": Body("(strpos(@fold(a), @fold(b)) > 0)::integer"),
    "HASWORD": Body(_HASWORD, "first boolean; last boolean; place integer; before text; start integer := 1;"),
    "STARTSWITH": Body("starts_with(@fold(a), @fold(b))::integer"),
    "ENDSWITH": Body("(right(@fold(a), length(@fold(b))) = @fold(b) OR b = '')::integer"),
}

_FAR = "abs({0}) > 10000000"
_DATE = f"""
IF {_FAR.format("a")} THEN RETURN !NUM; END IF;
y := trunc(a);
IF y < 0 OR {_FAR.format("b")} THEN RETURN !NUM; END IF;
IF y < 1900 THEN y := y + 1900; END IF;
day := @shift_months(date '0001-01-01', ((y - 1) * 12 + trunc(b) - 1)::bigint);
IF day IS NULL OR {_FAR.format("c")} THEN RETURN !NUM; END IF;
RETURN coalesce(@day_text(@shift_days(day, trunc(c)::bigint - 1)), !NUM);
"""

_TIME_PARTS = " ".join(f"IF abs({each}) > 32767 THEN RETURN !NUM; END IF;" for each in "abc")
_TIME = f"""
{_TIME_PARTS}
total := trunc(a)::bigint * 3600 + trunc(b)::bigint * 60 + trunc(c)::bigint;
IF total < 0 THEN RETURN !NUM; END IF;
RETURN mod(total, 86400) * 1000000;
"""
_SECONDS = "mod(a / 1000000 + (mod(a, 1000000) >= 500000)::integer, 86400)"

_WEEKDAY = "(extract(isodow FROM {0})::integer - 1)"
_FIRST_DAY = """
kind := CASE WHEN abs(coalesce(b, 1)) < 100 THEN trunc(coalesce(b, 1)) ELSE 0 END;
first := CASE WHEN kind = 1 THEN 6 WHEN kind = 2 THEN 0 WHEN kind BETWEEN 11 AND 17 THEN kind - 11 END;
"""
_WEEKDAY_BODY = f"""
{_FIRST_DAY}
IF kind = 3 THEN RETURN {_WEEKDAY.format("a::date")}; END IF;
IF first IS NULL THEN RETURN !NUM; END IF;
RETURN mod({_WEEKDAY.format("a::date")} - first + 7, 7) + 1;
"""
_WEEKNUM = f"""
{_FIRST_DAY}
IF kind = 21 THEN RETURN extract(week FROM a::date); END IF;
IF first IS NULL THEN RETURN !NUM; END IF;
before := mod({_WEEKDAY.format("date_trunc('year', a::timestamp)")} - first + 7, 7);
RETURN (extract(doy FROM a::date)::integer - 1 + before) / 7 + 1;
"""

_MOVED = """
IF abs(b) > 10000000 THEN RETURN !NUM; END IF;
n := trunc(b)::bigint;
day := CASE c WHEN 'day' THEN @shift_days(day, n) WHEN 'week' THEN @shift_days(day, n * 7)
    WHEN 'month' THEN @shift_months(day, n) WHEN 'quarter' THEN @shift_months(day, n * 3)
    ELSE @shift_months(day, n * 12) END;
IF day IS NULL THEN RETURN !NUM; END IF;
"""
_DATEADD = f"""
IF c IN ('hour', 'minute') THEN RETURN !VALUE; END IF;
day := a::date;
{_MOVED}
RETURN @day_text(day);
"""
_DATEADD_MOMENT = f"""
IF c IN ('hour', 'minute') THEN
    RETURN coalesce(@shift_moment(a, @divided(b, CASE c WHEN 'hour' THEN 24 ELSE 1440 END)), !NUM);
END IF;
local := @local(a, zone);
IF local IS NULL THEN RETURN !NUM; END IF;
day := local::date;
{_MOVED}
later := (@instant(local, zone, 0) IS DISTINCT FROM a)::integer;
RETURN coalesce(@instant(day + (local - date_trunc('day', local)), zone, later), !NUM);
"""

_DATEDIF = """
start := a::date;
finish := b::date;
IF finish < start THEN RETURN !NUM; END IF;
IF c = 'd' THEN RETURN finish - start; END IF;
months := (extract(year FROM finish) - extract(year FROM start)) * 12
    + extract(month FROM finish) - extract(month FROM start)
    - (extract(day FROM finish) < extract(day FROM start))::integer;
RETURN CASE c WHEN 'm' THEN months WHEN 'y' THEN months / 12 WHEN 'ym' THEN mod(months, 12)
    WHEN 'md' THEN finish - @shift_months(start, months) ELSE finish - @shift_months(start, months / 12 * 12) END;
"""

_EDATE = """
IF abs(b) > 10000000 THEN RETURN !NUM; END IF;
day := @shift_months(a::date, trunc(b)::bigint);
IF day IS NULL THEN RETURN !NUM; END IF;
"""

_DATES = {
    "DATE": Body(_DATE, "y numeric; day date;"),
    "TIME": Body(_TIME, "total bigint;"),
    "DATEVALUE": Body("@to_date_t(zone, a)"),
    "TIMEVALUE": Body("@to_time_t(zone, a)"),
    "YEAR": Body("extract(year FROM a::date)"),
    "QUARTER": Body("extract(quarter FROM a::date)"),
    "MONTH": Body("extract(month FROM a::date)"),
    "DAY": Body("extract(day FROM a::date)"),
    "HOUR": Body(f"{_SECONDS} / 3600"),
    "MINUTE": Body(f"mod({_SECONDS} / 60, 60)"),
    "SECOND": Body(f"mod({_SECONDS}, 60)"),
    "WEEKDAY": Body(_WEEKDAY_BODY, "kind integer; first integer;"),
    "WEEKNUM": Body(_WEEKNUM, "kind integer; first integer; before integer;"),
    "ISOWEEKNUM": Body("extract(week FROM a::date)"),
    "EDATE": Body(f"{_EDATE} RETURN @day_text(day);", "day date;"),
    "EOMONTH": Body(
        f"{_EDATE} RETURN @day_text(@make_day(extract(year FROM day)::integer, extract(month FROM day)::integer, "
        "@month_days(extract(year FROM day)::integer, extract(month FROM day)::integer)));",
        "day date;",
    ),
    "DATEADD": Body(
        _DATEADD,
        "day date; n bigint; local timestamp; later integer;",
        _DATEADD_MOMENT,
    ),
    "DATEDIF": Body(_DATEDIF, "start date; finish date; months integer;"),
    "DAYS": Body("(a::date - b::date)::numeric"),
}

BODIES: Mapping[str, Body] = {**_MATHEMATICS, **_TEXT, **_DATES}
"""Name of a function -> what it does on PostgreSQL."""


def routine_name(called: Function) -> str:
    """The name of a function in the schema."""
    return f"fn_{called.name.lower().replace('.', '_')}"


def _letter(type_: ValueType) -> str:
    found = letter(type_)
    assert found is not None, f"{type_} does not stand in SQL"
    return found


def _routine(called: Function, body: Body, moment: bool) -> Routine:
    parts = ["zone =text"] if called.zoned else []
    options = {}
    optional = 0
    for name, param in zip(NAMES, called.params, strict=False):
        type_ = DATETIME if moment and param.moment else param.type
        kind = _letter(type_)
        parts.append(f"{name} {kind}{'!' if kind in 'dmhs' and not param.optional else ''}")
        optional += param.optional
        if param.options:
            options[name] = param.options
    result = called.result_type([DATETIME if moment else DATE] + [each.type for each in called.params[1:]])
    text = body.moment if moment else body.text
    return Routine(
        routine_name(called), _letter(result), ", ".join(parts), text, body.declare, options=options, optional=optional
    )


def _routines() -> list[Routine]:
    made = []
    for name, body in BODIES.items():
        called = functions[name]
        made.append(_routine(called, body, False))
        if body.moment:
            made.append(_routine(called, body, True))
    return made


def results() -> dict[str, str]:
    """Name in the schema, with ``/m`` for a date-time in the place of a date -> type of the result."""
    found: dict[str, str] = {}
    for each in _routines():
        suffix = "/m" if each.name in found else ""
        found[each.name + suffix] = PHYSICAL[each.result]
    return found


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [each.sql for each in _routines()]
