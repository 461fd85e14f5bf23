"""Dates, moments, times of day and durations: read from text, counted, moved; days begin in a time zone.

A moment is microseconds from 1970 in UTC. Time zones are those of the server's own database. Of two moments that a
clock shows alike the first is meant, and an hour that clocks skip is counted as if they had not, as in Python.
"""

from __future__ import annotations

from runtime.expression.postgres.folding import spaces, written
from runtime.expression.postgres.writing import Routine

_DAY = "86400000000"

_LOCAL = """
found := timezone(zone, timezone('UTC', @utc(m)));
IF found < timestamp '0001-01-01' OR found >= timestamp '10000-01-01' THEN RETURN NULL; END IF;
RETURN found;
"""

_INSTANT = """
last := timezone('UTC', timezone(zone, x));
before := timezone(zone, timezone('UTC', last - interval '1 day')) - (last - interval '1 day');
first := x - before;
shown := timezone(zone, timezone('UTC', last));
IF shown <> x THEN
    first := last;
    last := x - (shown - last);
ELSIF first > last OR timezone(zone, timezone('UTC', first)) <> x THEN
    first := last;
END IF;
IF fold = 1 THEN first := last; END IF;
IF first < timestamp '0001-01-01' OR first >= timestamp '10000-01-01' THEN RETURN NULL; END IF;
RETURN @micros(first);
"""

_MAKE_DAY = """
IF y < 1 OR y > 9999 OR m < 1 OR m > 12 OR d < 1 OR d > @month_days(y, m) THEN RETURN NULL; END IF;
RETURN make_date(y, m, d);
"""

_SHIFT_DAYS = """
place := day - date '0001-01-01' + days;
IF place < 0 OR place > 3652058 THEN RETURN NULL; END IF;
RETURN date '0001-01-01' + place::integer;
"""

_SHIFT_MONTHS = """
place := extract(year FROM day)::bigint * 12 + extract(month FROM day)::bigint - 1 + months;
IF place < 12 OR place > 119999 THEN RETURN NULL; END IF;
y := place / 12;
m := mod(place, 12) + 1;
RETURN make_date(y, m, least(extract(day FROM day)::integer, @month_days(y, m)));
"""

_FROM_SERIAL = """
IF serial < 0 OR serial >= 2958466 THEN RETURN NULL; END IF;
n := floor(serial)::integer;
RETURN date '1899-12-30' + n + (n < 60)::integer;
"""

# Reading

_MONTH = """
RETURN CASE lower(x COLLATE "C")
    WHEN 'jan' THEN 1 WHEN 'january' THEN 1 WHEN 'feb' THEN 2 WHEN 'february' THEN 2 WHEN 'mar' THEN 3
    WHEN 'march' THEN 3 WHEN 'apr' THEN 4 WHEN 'april' THEN 4 WHEN 'may' THEN 5 WHEN 'jun' THEN 6 WHEN 'june' THEN 6
    WHEN 'jul' THEN 7 WHEN 'july' THEN 7 WHEN 'aug' THEN 8 WHEN 'august' THEN 8 WHEN 'sep' THEN 9
    WHEN 'september' THEN 9 WHEN 'oct' THEN 10 WHEN 'october' THEN 10 WHEN 'nov' THEN 11 WHEN 'november' THEN 11
    WHEN 'dec' THEN 12 WHEN 'december' THEN 12 ELSE 0 END;
"""

_READ_DAY = r"""
found := regexp_match(x, '^([0-9]{4})(-|/|\.|年)([0-9]{1,2})(-|/|\.|月)([0-9]{1,2})(日{0,1})');
IF found IS NOT NULL THEN
    RETURN ARRAY[
        @day_text(@make_day(found[1]::integer, found[3]::integer, found[5]::integer)),
        (length(array_to_string(found, '')) + 1)::text];
END IF;
found := regexp_match(x, '^([0-9]{1,2})([-/.SPACE])([0-9]{1,2}|[A-Za-z]{3,9})\2([0-9]+)');
IF found IS NOT NULL AND length(found[4]) IN (2, 4) THEN
    RETURN ARRAY[
        @day_text(@last_year_day(found[1]::integer, found[2], found[3], found[4])),
        (length(array_to_string(found, '')) + 2)::text];
END IF;
found := regexp_match(x, '^([A-Za-z]{3,9})([SPACE]+)([0-9]{1,2})(,{0,1})([SPACE]+)([0-9]{4})');
IF found IS NULL THEN RETURN NULL; END IF;
RETURN ARRAY[
    @day_text(@make_day(found[6]::integer, @month_named(found[1]), found[3]::integer)),
    (length(array_to_string(found, '')) + 1)::text];
"""

_LAST_YEAR_DAY = """
y := year::integer;
IF length(year) = 2 THEN y := y + CASE WHEN y < 30 THEN 2000 ELSE 1900 END; END IF;
IF second ~ '^[A-Za-z]' THEN RETURN @make_day(y, @month_named(second), low); END IF;
high := second::integer;
IF sign NOT IN ('/', '-') AND low <> high AND greatest(low, high) <= 12 THEN RETURN NULL; END IF;
RETURN CASE WHEN low <= 12 THEN @make_day(y, low, high) ELSE @make_day(y, high, low) END;
"""

_NOON = "am|pm|a|p|上午|下午|凌晨|早上|中午|晚上"
_S = r"[ \t\n\r\f\v]*"

_READ_CLOCK = rf"""
x := @lowered(@stripped(normalize(x, NFKC)));
found := regexp_match(x, '^({_NOON}){{0,1}}{_S}([0-9]{{1,4}}){_S}'
    || '(:{_S}([0-9]{{1,2}})({_S}:{_S}([0-9]{{1,2}})(\.([0-9]{{1,9}})){{0,1}}){{0,1}}'
    || '|[点时]{_S}(([0-9]{{1,2}}){_S}分{{0,1}}){{0,1}}({_S}([0-9]{{1,2}}){_S}秒){{0,1}})'
    || '{_S}({_NOON}){{0,1}}$');
IF found IS NOT NULL THEN
    half := coalesce(found[1], found[13]);
    hour := found[2]::bigint;
    minute := coalesce(found[4], found[10], '0')::bigint;
    second := coalesce(found[6], found[12], '0')::bigint;
    billionths := rpad(coalesce(found[8], '0'), 9, '0')::bigint;
ELSE
    found := regexp_match(@with_ascii_digits(x), '^([0-9]{{1,2}})([SPACE]+(am|pm|a|p)|(am|pm))$');
    IF found IS NULL THEN RETURN NULL; END IF;
    half := coalesce(found[3], found[4]); hour := found[1]::bigint; minute := 0; second := 0; billionths := 0;
END IF;
IF minute > 59 OR second > 59 THEN RETURN NULL; END IF;
IF hour > (CASE WHEN half IS NOT NULL THEN 12 WHEN past_midnight THEN 9999 ELSE 23 END) THEN RETURN NULL; END IF;
IF half IS NOT NULL THEN
    hour := mod(hour, 12) + CASE WHEN half IN ('pm', 'p', '下午', '晚上', '中午') THEN 12 ELSE 0 END;
END IF;
micro := billionths / 1000;
IF mod(billionths, 1000) > 500 OR (mod(billionths, 1000) = 500 AND mod(micro, 2) = 1) THEN micro := micro + 1; END IF;
RETURN mod(hour * 3600000000 + minute * 60000000 + second * 1000000 + micro, {_DAY});
"""

_READ_SPAN = rf"""
found := regexp_match(@stripped(normalize(x, NFKC)),
    '^([+-]{{0,1}}){_S}([0-9]{{1,9}}):([0-9]{{2}})(:([0-9]{{2}})(\.([0-9]{{1,6}})[0-9]*){{0,1}}){{0,1}}$');
IF found IS NULL OR found[3]::integer > 59 OR coalesce(found[5], '0')::integer > 59 THEN RETURN NULL; END IF;
micro := found[2]::numeric * 3600000000 + found[3]::numeric * 60000000 + coalesce(found[5], '0')::numeric * 1000000
    + rpad(coalesce(found[7], '0'), 6, '0')::numeric;
RETURN CASE WHEN found[1] = '-' THEN -micro ELSE micro END;
"""

_READ_MOMENT = r"""
x := @stripped(x);
found := @read_day(@with_ascii_digits(x));
IF found[1] IS NULL THEN RETURN NULL; END IF;
day := found[1]::date;
x := substr(x, found[2]::integer);
IF x = '' THEN RETURN found[1]; END IF;
x := ltrim(x, E'T \t');
found := regexp_match(@with_ascii_digits(x), '(Z|[+-][0-9]{2}:{0,1}[0-9]{2})$');
IF found IS NOT NULL THEN x := left(x, length(x) - length(found[1])); END IF;
clock := @read_clock(x, false);
IF clock IS NULL THEN RETURN NULL; END IF;
local := day + clock * interval '1 microsecond';
IF found IS NULL THEN
    moment := @instant(local, zone, 0);
ELSE
    IF found[1] = 'Z' THEN
        minutes := 0;
    ELSE
        minutes := substr(found[1], 2, 2)::integer * 60 + right(found[1], 2)::integer;
    END IF;
    IF minutes >= 1440 THEN RETURN NULL; END IF;
    IF starts_with(found[1], '-') THEN minutes := -minutes; END IF;
    local := local - minutes * interval '1 minute';
    IF local < timestamp '0001-01-01' OR local >= timestamp '10000-01-01' THEN RETURN NULL; END IF;
    moment := @micros(local);
END IF;
RETURN 'm' || moment;
"""

_MOVE = "IF abs(days) > 10000000 THEN RETURN !NUM; END IF; "

_LATER_DATE = f"""
{_MOVE}
RETURN coalesce(@day_text(@shift_days(x::date, floor(days)::bigint)), !NUM);
"""

_LATER_MOMENT = f"{_MOVE} RETURN coalesce(@shift_moment(x, days), !NUM);"

_SHIFT_MOMENT = f"""
found := m + round(@fit(days * {_DAY}));
IF found < -62135596800000000 OR found > 253402300799999999 THEN RETURN NULL; END IF;
RETURN found::bigint;
"""

_SERIAL = f"""
IF NOT starts_with(read, 'm') THEN RETURN read::date - date '1899-12-30'; END IF;
shown := @local(substr(read, 2)::bigint, zone);
IF shown IS NULL THEN RETURN !NUM; END IF;
RETURN @fit(shown::date - date '1899-12-30'
    + @op_divide(extract(epoch FROM shown - date_trunc('day', shown)) * 1000000, {_DAY}));
"""

_SPAN_OF_DAYS = f"""
r := @fit(days * {_DAY});
IF abs(r) > 1E30 THEN RETURN !NUM; END IF;
r := round(r);
IF r > 86399999999999999999 OR r < -86399999913600000000 THEN RETURN !NUM; END IF;
RETURN r;
"""

_IN_RANGE = "IF r > 86399999999999999999 OR r < -86399999913600000000 THEN RETURN !NUM; END IF; RETURN r;"

_TIME_OF_PART = f"""
IF x IS NULL THEN RETURN NULL; END IF;
IF x < 0 OR x >= 1E34 THEN RETURN !NUM; END IF;
RETURN mod(round(@fit(@fit(x - trunc(x)) * {_DAY}))::bigint, {_DAY});
"""

_DATE_OF_TEXT = """
IF x IS NULL THEN RETURN NULL; END IF;
read := @read_moment(x, zone);
IF read IS NULL THEN RETURN !VALUE; END IF;
IF starts_with(read, 'm') THEN RETURN coalesce(@day_text(@local(substr(read, 2)::bigint, zone)::date), !NUM); END IF;
RETURN read;
"""

_MOMENT_OF_TEXT = """
IF x IS NULL THEN RETURN NULL; END IF;
read := @read_moment(x, zone);
IF read IS NULL THEN RETURN !VALUE; END IF;
IF starts_with(read, 'm') THEN RETURN substr(read, 2)::bigint; END IF;
RETURN coalesce(@instant(read::timestamp, zone, 0), !NUM);
"""

_MOMENT_OF_NUMBER = """
IF x IS NULL THEN RETURN NULL; END IF;
day := @from_serial(x);
IF day IS NULL THEN RETURN !NUM; END IF;
start := @instant(day::timestamp, zone, 0);
IF start IS NULL THEN RETURN !NUM; END IF;
RETURN coalesce(@shift_moment(start, @fit(x - trunc(x))), !NUM);
"""

_TIME_OF_TEXT = """
IF x IS NULL THEN RETURN NULL; END IF;
clock := @read_clock(x, true);
IF clock IS NOT NULL THEN RETURN clock; END IF;
read := @read_moment(x, zone);
IF read IS NULL THEN RETURN !VALUE; END IF;
IF starts_with(read, 'm') THEN RETURN @to_time_m(zone, substr(read, 2)::bigint); END IF;
RETURN 0;
"""

_TIME_OF_MOMENT = """
IF x IS NULL THEN RETURN NULL; END IF;
shown := @local(x, zone);
IF shown IS NULL THEN RETURN !NUM; END IF;
RETURN extract(epoch FROM shown - date_trunc('day', shown)) * 1000000;
"""

_AT_TIME = "coalesce(@instant(x::date + clock * interval '1 microsecond', zone, 0), !NUM)"


def _spaced(body: str) -> str:
    """With the blanks of Unicode in the place of SPACE, inside brackets of a pattern."""
    return body.replace("SPACE", "' || " + written(spaces()) + " || '")


_CALENDAR = [
    Routine(
        "utc",
        "=timestamp",
        "m =bigint",
        f"""rest := mod(m, {_DAY});
        IF rest < 0 THEN rest := rest + {_DAY}; END IF;
        RETURN timestamp '1970-01-01' + ((m - rest) / {_DAY})::integer * interval '1 day'
            + rest * interval '1 microsecond';""",
        declare="rest bigint;",
    ),
    Routine("micros", "=bigint", "x =timestamp", "(extract(epoch FROM x) * 1000000)::bigint"),
    Routine("local", "=timestamp", "m =bigint, zone =text", _LOCAL, declare="found timestamp;"),
    Routine(
        "instant",
        "=bigint",
        "x =timestamp, zone =text, fold =integer",
        _INSTANT,
        declare="first timestamp; last timestamp; shown timestamp; before interval;",
    ),
    Routine(
        "month_days",
        "=integer",
        "y =integer, m =integer",
        "CASE m WHEN 2 THEN 28 + (mod(y, 4) = 0 AND (mod(y, 100) <> 0 OR mod(y, 400) = 0))::integer "
        "WHEN 4 THEN 30 WHEN 6 THEN 30 WHEN 9 THEN 30 WHEN 11 THEN 30 ELSE 31 END",
    ),
    Routine("make_day", "=date", "y =integer, m =integer, d =integer", _MAKE_DAY),
    Routine("day_text", "=text", "day =date", "to_char(day, 'YYYY-MM-DD')"),
    Routine("clock", "=timestamp", "x =bigint", "timestamp '2000-01-01' + x * interval '1 microsecond'"),
    Routine("shift_days", "=date", "day =date, days =bigint", _SHIFT_DAYS, declare="place bigint;"),
    Routine(
        "shift_months",
        "=date",
        "day =date, months =bigint",
        _SHIFT_MONTHS,
        declare="place bigint; y integer; m integer;",
    ),
    Routine("from_serial", "=date", "serial =numeric", _FROM_SERIAL, declare="n integer;"),
    Routine("shift_moment", "=bigint", "m =bigint, days =numeric", _SHIFT_MOMENT, declare="found numeric;"),
    Routine("serial", "n", "read =text, zone =text", _SERIAL, declare="shown timestamp;"),
]

_READING = [
    Routine("read_day", "=text[]", "x =text", _spaced(_READ_DAY), declare="found text[];"),
    Routine("month_named", "=integer", "x =text", _MONTH),
    Routine(
        "last_year_day",
        "=date",
        "low =integer, sign =text, second =text, year =text",
        _LAST_YEAR_DAY,
        declare="y integer; high integer;",
    ),
    Routine(
        "read_clock",
        "=bigint",
        "x =text, past_midnight =boolean",
        _spaced(_READ_CLOCK),
        declare="found text[]; half text; hour bigint; minute bigint; second bigint; billionths bigint; micro bigint;",
    ),
    Routine("read_span", "=numeric", "x =text", _READ_SPAN, declare="found text[]; micro numeric;"),
    Routine(
        "read_moment",
        "=text",
        "x =text, zone =text",
        _READ_MOMENT,
        declare="day date; found text[]; clock bigint; local timestamp; minutes integer; moment bigint;",
    ),
]

_CONVERSIONS = [
    Routine("n_d", "n", "zone =text, x d", "CASE WHEN x IS NULL THEN 0 ELSE @serial(x, zone) END"),
    Routine("n_m", "n", "zone =text, x m", "CASE WHEN x IS NULL THEN 0 ELSE @serial('m' || x, zone) END"),
    Routine("to_text_d", "t", "x d", "coalesce(x, '')"),
    Routine(
        "to_text_m",
        "t",
        "zone =text, x m",
        "CASE WHEN x IS NULL THEN '' ELSE coalesce(to_char(@local(x, zone), 'YYYY-MM-DD HH24:MI:SS'), !NUM) END",
    ),
    Routine("to_date_m", "d", "zone =text, x m!", "coalesce(@day_text(@local(x, zone)::date), !NUM)"),
    Routine(
        "to_date_n",
        "d",
        "zone =text, x n",
        "CASE WHEN x IS NULL THEN NULL ELSE coalesce(@day_text(@from_serial(x)), !NUM) END",
    ),
    Routine("to_date_t", "d", "zone =text, x t", _DATE_OF_TEXT, declare="read text;"),
    Routine("to_datetime_d", "m", "zone =text, x d!", "coalesce(@instant(x::timestamp, zone, 0), !NUM)"),
    Routine("to_datetime_n", "m", "zone =text, x n", _MOMENT_OF_NUMBER, declare="day date; start bigint;"),
    Routine("to_datetime_t", "m", "zone =text, x t", _MOMENT_OF_TEXT, declare="read text;"),
    Routine("to_time_m", "h", "zone =text, x m", _TIME_OF_MOMENT, declare="shown timestamp;"),
    Routine("to_time_d", "h", "zone =text, x d!", "0"),
    Routine("to_time_n", "h", "zone =text, x n", _TIME_OF_PART),
    Routine("to_time_s", "h", "zone =text, x s!", f"@to_time_n(zone, @op_divide(x, {_DAY}))"),
    Routine("to_time_t", "h", "zone =text, x t", _TIME_OF_TEXT, declare="clock bigint; read text;"),
    Routine(
        "to_duration_n",
        "s",
        "days n",
        f"IF days IS NULL THEN RETURN NULL; END IF; {_SPAN_OF_DAYS}",
        declare="r numeric;",
    ),
    Routine("to_duration_h", "s", "x h!", "x::numeric"),
    Routine("to_duration_t", "s", "x t", "CASE WHEN x IS NULL THEN NULL ELSE coalesce(@read_span(x), !VALUE) END"),
    *(Routine(f"to_date_{each}", "d", f"zone =text, x {each}!", "!VALUE") for each in "brhs"),
    *(Routine(f"to_datetime_{each}", "m", f"zone =text, x {each}!", "!VALUE") for each in "brhs"),
    *(Routine(f"to_time_{each}", "h", f"zone =text, x {each}!", "!VALUE") for each in "br"),
    *(Routine(f"to_duration_{each}", "s", f"x {each}!", "!VALUE") for each in "bdmr"),
    *(
        Routine(f"to_record_{each}", "r", f"x {each}", "CASE WHEN x IS NULL THEN NULL ELSE !VALUE END")
        for each in "ntbdmhs"
    ),
]

_OPERATORS = [
    Routine("op_later_date", "d", "x d!, days n", _LATER_DATE),
    Routine("op_earlier_date", "d", "x d!, days n", "@op_later_date(x, @fit(-days))"),
    Routine("op_later_moment", "m", "x m!, days n", _LATER_MOMENT),
    Routine("op_earlier_moment", "m", "x m!, days n", "@op_later_moment(x, @fit(-days))"),
    Routine("op_dates_apart", "n", "x d!, start d!", "(x::date - start::date)::numeric"),
    Routine("op_moments_apart", "n", "x m!, start m!", f"@op_divide((x - start)::numeric, {_DAY})"),
    Routine("op_at_time", "m", "zone =text, x d!, clock h!", _AT_TIME),
    Routine(
        "op_later_time",
        "h",
        "x h!, days n",
        f"""
        r := @to_duration_n(days);
        IF r > 1E400 THEN RETURN @bigint_error(@code(r)); END IF;
        r := mod(x + r, {_DAY});
        RETURN (CASE WHEN r < 0 THEN r + {_DAY} ELSE r END)::bigint;""",
        declare="r numeric;",
    ),
    Routine("op_earlier_time", "h", "x h!, days n", "@op_later_time(x, @fit(-days))"),
    Routine("op_times_apart", "s", "x h!, start h!", "(x - start)::numeric"),
    Routine(
        "op_add_spans", "s", "x s, other s", f"r := coalesce(x + other, x, other); {_IN_RANGE}", declare="r numeric;"
    ),
    Routine("op_subtract_spans", "s", "x s, other s", "@op_add_spans(x, @op_negate_span(other))"),
    Routine("op_negate_span", "s", "x s!", f"r := -x; {_IN_RANGE}", declare="r numeric;"),
]

ROUTINES = [*_CALENDAR, *_READING, *_CONVERSIONS, *_OPERATORS]


def statements() -> list[str]:
    """CREATE FUNCTION of all of them."""
    return [each.sql for each in ROUTINES]
