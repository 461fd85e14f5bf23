"""The functions of formulas on PostgreSQL: made once, equal to Python's on their own, never raising."""

from __future__ import annotations

import random
import threading
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.dates import MICROSECOND
from runtime.expression.compile_sql.postgres_aggregates import AGGREGATES
from runtime.expression.operators import divide
from runtime.expression.postgres import VERSION, install, postgres_functions
from runtime.expression.postgres.functions import BODIES
from runtime.expression.postgres.writing import CODES
from runtime.functions import functions
from runtime.value.arithmetic import power
from runtime.value.conversions import fold
from runtime.value.decimals import CONTEXT, TROUBLE, number_text, parse_amount, parse_number
from runtime.value.error_values import OUT_OF_RANGE, ErrorValue, Failure
from runtime.value.moments import local_time, microseconds, parse_moment
from runtime.value.times import parse_duration, parse_time, since_midnight
from runtime.value.wildcards import find_wildcard, whole_wildcard
from tests.support import postgres

_MANY = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def connection(postgres_dsn: str) -> Iterator[psycopg.Connection]:
    """A connection to a database that has the functions."""
    with postgres.fresh_database(postgres_dsn) as url, psycopg.connect(url, autocommit=True) as found:
        install(found.cursor())
        yield found


def _each(connection: psycopg.Connection, call: str, *columns: list[Any]) -> list[Any]:
    """The results of a call for every row of columns, which the call names a, b, c."""
    names = ", ".join("abc"[: len(columns)])
    types = ", ".join(f"%s::{'numeric' if isinstance(each[0], Decimal) else 'text'}[]" for each in columns)
    sql = f"SELECT {call} FROM unnest({types}) WITH ORDINALITY AS given({names}, n) ORDER BY n"
    return [row[0] for row in connection.execute(sql.replace("@", "formwork_functions.").encode(), columns)]


# Installing


def test_installing_again_changes_nothing_and_an_old_version_is_replaced(postgres_dsn: str) -> None:
    count = b"SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('formwork_functions')"
    with postgres.fresh_database(postgres_dsn) as url, psycopg.connect(url) as connection:
        install(connection.cursor())
        found = connection.execute(count).fetchone()
        install(connection.cursor())
        connection.execute(postgres_functions().encode())
        assert connection.execute(count).fetchone() == found
        connection.execute(b"DROP FUNCTION formwork_functions.op_add")
        connection.execute(b"COMMENT ON SCHEMA formwork_functions IS '0'")
        install(connection.cursor())
        assert connection.execute(count).fetchone() == found
        version = b"SELECT obj_description(to_regnamespace('formwork_functions'), 'pg_namespace')"
        assert connection.execute(version).fetchone() == (str(VERSION),)


def test_two_processes_install_at_once(postgres_dsn: str) -> None:
    failures: list[BaseException] = []

    def run(url: str) -> None:
        try:
            with psycopg.connect(url) as connection:
                install(connection.cursor())
        except psycopg.Error as error:
            failures.append(error)

    postgres_functions()
    with postgres.fresh_database(postgres_dsn) as url:
        threads = [threading.Thread(target=run, args=(url,)) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert failures == []


def test_no_part_of_the_statement_can_be_taken_for_a_parameter() -> None:
    assert not {"?", "%"} & set(postgres_functions())
    assert ":=" in postgres_functions()


def test_all_functions_are_immutable_and_parallel_safe(connection: psycopg.Connection) -> None:
    sql = (
        b"SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('formwork_functions') "
        b"AND (provolatile <> 'i' OR proparallel <> 's')"
    )
    assert connection.execute(sql).fetchall() == []


# Which functions there are

ON_BOTH_ENGINES = (
    "IF IFS SWITCH AND OR NOT XOR TRUE FALSE IFERROR IFNA ISBLANK COALESCE ISNUMBER CHOOSE "
    "ABS ROUND ROUNDUP ROUNDDOWN INT TRUNC CEILING FLOOR MROUND MOD QUOTIENT POWER SQRT EXP LN LOG LOG10 SIGN PI "
    "MAX MIN LEN LEFT RIGHT MID FIND SEARCH REPLACE SUBSTITUTE TRIM CLEAN UPPER LOWER CONCAT REPT EXACT VALUE "
    "CONTAINS STARTSWITH ENDSWITH TODAY NOW DATE TIME DATEVALUE YEAR MONTH DAY HOUR MINUTE SECOND WEEKDAY WEEKNUM "
    "QUARTER EDATE EOMONTH DATEADD DATEDIF DAYS SUM AVERAGE COUNT COUNTA COUNTBLANK PRODUCT SUMIF SUMIFS COUNTIF "
    "COUNTIFS AVERAGEIF AVERAGEIFS MAXIFS MINIFS SUMPRODUCT"
)
"""What the language promises to do in both databases: the marked functions of its list."""


def test_every_function_that_is_promised_runs_on_postgresql() -> None:
    promised = set(ON_BOTH_ENGINES.split())
    rewritten = {each.name for each in functions if each.special is not None}
    constants = {each.name for each in functions if each.volatile}
    assert promised - {each.name for each in functions} == set()
    assert promised - rewritten - constants - set(BODIES) - set(AGGREGATES) == set()


# Texts


def _texts_with(characters: list[str]) -> list[str]:
    return [
        text for each in characters for text in (each, f"a{each}", f"{each}\u0301b", f"高{each}Σ", f"Σ{each}\u0345")
    ]


def test_letter_case_and_composition_are_pythons_for_every_character(connection: psycopg.Connection) -> None:
    characters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    changing = [
        each
        for each in characters
        if len({each, each.casefold(), each.lower(), each.upper(), unicodedata.normalize("NFC", each)}) > 1
        or unicodedata.combining(each)
    ]
    texts = _texts_with([*changing, *random.Random(1).sample(characters, 3000)])
    for call, in_python in (("@fold(a)", fold), ("@lowered(a)", str.lower), ("@raised(a)", str.upper)):
        found = _each(connection, call, texts)
        wrong = [
            (text, each, in_python(text)) for text, each in zip(texts, found, strict=True) if each != in_python(text)
        ]
        assert wrong == []


@_MANY
@given(texts=st.lists(st.text(st.characters(exclude_characters="\0\ufdd0", exclude_categories=["Cs"])), min_size=40))
def test_any_text_folds_as_in_python(connection: psycopg.Connection, texts: list[str]) -> None:
    assert _each(connection, "@fold(a)", texts) == [fold(text) for text in texts]
    assert _each(connection, "@stripped(a)", texts) == [text.strip() for text in texts]


_WILD = st.text("a*?~.([\\^Bß中", max_size=6)


@_MANY
@given(pairs=st.lists(st.tuples(_WILD, st.text("abB*?~.([\\^ß中S", max_size=9)), min_size=40))
def test_wildcards_find_what_they_find_in_python(connection: psycopg.Connection, pairs: list[tuple[str, str]]) -> None:
    patterns, texts = [pattern for pattern, _ in pairs], [text for _, text in pairs]
    places = [find_wildcard(pattern, text) for pattern, text in pairs]
    assert _each(connection, "@find_wildcard(a, b, 1)", patterns, texts) == [
        None if place is None else place + 1 for place in places
    ]
    whole = [whole_wildcard(pattern)(text) for pattern, text in pairs]
    assert _each(connection, '@fold(b) COLLATE "C" LIKE @likeness(@fold(a))', patterns, texts) == whole


# Numbers


def _numbers(seed: int, count: int) -> list[Decimal]:
    dice = random.Random(seed)
    found = []
    for _ in range(count):
        digits = dice.choice([1, 3, 8, 17, 30, 34])
        number = Decimal(dice.randrange(1, 10**digits) * dice.choice([1, -1]))
        found.append(
            number.scaleb(dice.choice([0, -2, -digits, -digits - 3, 5, -20, 40, -150, 150, 270, -300]), CONTEXT)
        )
    return found


def _outcome(run: Any, *values: Decimal) -> Any:
    try:
        return run(*values)
    except Failure as failure:
        return failure.error
    except TROUBLE:
        return OUT_OF_RANGE


def _read(raw: Decimal) -> Decimal | ErrorValue:
    if raw > Decimal("1E400"):
        return ErrorValue(list(CODES)[raw.adjusted() - 401])
    return raw


@pytest.mark.parametrize(
    ("call", "run"),
    [
        ("@op_add(a, b)", CONTEXT.add),
        ("@op_subtract(a, b)", CONTEXT.subtract),
        ("@op_multiply(a, b)", CONTEXT.multiply),
        ("@op_divide(a, b)", divide),
        ("@divided(a, b)", CONTEXT.divide),
    ],
)
def test_arithmetic_is_that_of_the_decimal_context(connection: psycopg.Connection, call: str, run: Any) -> None:
    left, right = _numbers(1, 2000), _numbers(2, 2000)
    found = [_read(each) for each in _each(connection, call, left, right)]
    assert found == [_outcome(run, one, other) for one, other in zip(left, right, strict=True)]


def test_powers_are_those_of_the_decimal_context(connection: psycopg.Connection) -> None:
    dice = random.Random(3)
    bases = _numbers(4, 600)
    exponents = [
        CONTEXT.plus(
            dice.choice([Decimal(dice.randrange(-60, 60)), Decimal("0.5"), Decimal(dice.randrange(-300, 300)) / 7])
        )
        for _ in bases
    ]
    found = [_read(each) for each in _each(connection, "@op_power(a, b)", bases, exponents)]
    assert found == [_outcome(power, base, exponent) for base, exponent in zip(bases, exponents, strict=True)]


def test_numbers_as_text_are_pythons(connection: psycopg.Connection) -> None:
    numbers = [*_numbers(5, 1000), Decimal(1) / 3, Decimal("1E21"), Decimal("1E-10"), Decimal("1E-9"), Decimal("12.50")]
    assert _each(connection, "@number_text(a)", numbers) == [number_text(each) for each in numbers]


_NUMERALS = st.text("0123456789.,+-eE%$￥１ ()", max_size=14) | st.from_regex(
    r"\A[ ¥$-]?[0-9]{1,3}(,[0-9]{3}){0,3}\.?[0-9]{0,40}(e-?[0-9]{1,4})?%?\Z", fullmatch=True
)


@_MANY
@given(texts=st.lists(_NUMERALS, min_size=40))
def test_numbers_in_texts_are_read_as_in_python(connection: psycopg.Connection, texts: list[str]) -> None:
    assert _each(connection, "@parse_number(a)", texts) == [parse_number(text) for text in texts]
    assert _each(connection, "@parse_amount(a)", texts) == [parse_amount(text) for text in texts]


# Dates and times


def _day(dice: random.Random) -> str:
    year, month, day = (
        dice.choice(["2024", "0001", "9999", "24", "1999", "2023"]),
        dice.randrange(14),
        dice.randrange(33),
    )
    sign = dice.choice("-/. ")
    name = dice.choice(["Feb", "march", "Sept", "DEC", "may"])
    spellings = [
        f"{year}-{month:02d}-{day:02d}",
        f"{year}/{month}/{day}",
        f"{year}年{month}月{day}日",
        f"{month}{sign}{day}{sign}{year}",
        f"{day}{sign}{name}{sign}{year}",
        f"{name} {day}, {year}",
        f"{name}\u3000{day} {year}",
    ]
    return dice.choice(spellings)


def _clock(dice: random.Random) -> str:
    hour, minute, second = dice.choice([0, 2, 12, 23, 24, 30]), dice.choice([0, 5, 59, 60]), dice.choice([0, 7, 59])
    spellings = [
        f"{hour}:{minute:02d}",
        f"{hour:02d}:{minute:02d}:{second:02d}",
        f"{hour}：{minute:02d}",
        f"{hour}:{minute:02d}:{second:02d}.{dice.choice(['5', '1234565', '9999999', '000000500', '0000015'])}",
        f"{hour}点{minute}分{second}秒",
        f"{hour}时{minute}",
        f"{hour}点{second}秒",
        f"{hour}",
    ]
    half = ["", "", "", "am", "PM", "p", "下午", "凌晨", "中午"]
    return f"{dice.choice(half)}{dice.choice(spellings)}{dice.choice(['', ' '])}{dice.choice(half)}"


def _written_moments(count: int) -> list[str]:
    """Texts that look like dates, times and durations, and some that nearly do."""
    dice = random.Random(6)
    found = []
    for _ in range(count):
        both = f"{_day(dice)}{dice.choice([' ', 'T', '', '  '])}{_clock(dice)}"
        offset = dice.choice(["Z", "+08:00", "-0330", " +25:00", "+1"])
        text = dice.choice(
            [_day(dice), _clock(dice), both, f"{both}{offset}", f"-{_clock(dice)}", f"{_clock(dice)}{offset}"]
        )
        if dice.random() < 0.1:
            place = dice.randrange(len(text))
            text = text[:place] + dice.choice("0a -:.,日２") + text[place + 1 :]
        found.append(
            text.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if dice.random() < 0.1 else text
        )
    return found


def _moment(text: str, zone: ZoneInfo) -> str | None:
    found = parse_moment(text, zone)
    if isinstance(found, datetime):
        return f"m{microseconds(found)}"
    return None if found is None else found.isoformat()


def test_dates_and_times_in_texts_are_read_as_in_python(connection: psycopg.Connection) -> None:
    texts = _written_moments(6000)
    assert sum(_moment(text, SHANGHAI) is not None for text in texts) > 500
    assert sum(parse_time(text) is not None for text in texts) > 300
    assert _differing(texts, _each(connection, "@read_moment(a, 'Asia/Shanghai')", texts), _moment, SHANGHAI) == []
    assert _differing(texts, _each(connection, "@read_clock(a, true)", texts), _clock_read) == []
    assert _differing(texts, _each(connection, "@read_span(a)", texts), _span_read) == []


def _clock_read(text: str) -> int | None:
    found = parse_time(text)
    return None if found is None else since_midnight(found) // MICROSECOND


def _span_read(text: str) -> int | None:
    found = parse_duration(text)
    return None if found is None else found // MICROSECOND


def _differing(texts: list[str], found: list[Any], run: Any, *more: Any) -> list[tuple[str, Any, Any]]:
    """(text, in the database, in Python) where these differ."""
    pairs = ((text, each, run(text, *more)) for text, each in zip(texts, found, strict=True))
    return [(text, each, expected) for text, each, expected in pairs if each != expected]


def _around_changes(zone: ZoneInfo) -> list[datetime]:
    """Moments around the changes of clocks in a zone, half an hour and a minute before and after."""
    found = []
    moment = datetime(1935, 1, 1, tzinfo=UTC)
    while moment.year < 2040:
        later = moment + timedelta(days=1)
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            found += [moment + timedelta(minutes=each) for each in range(0, 1441, 29)]
        moment = later
    return found


@pytest.mark.parametrize(
    "name", ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
def test_clocks_that_change_mean_what_they_mean_in_python(connection: psycopg.Connection, name: str) -> None:
    zone = ZoneInfo(name)
    moments = [*_around_changes(zone)[:4000], datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)]
    raw = [str(microseconds(each)) for each in moments]
    local = [local_time(each, zone) for each in moments]
    shown = [each.replace(tzinfo=None).isoformat(" ", "microseconds") for each in local]
    call = f"to_char(@local(a::bigint, '{name}'), 'YYYY-MM-DD HH24:MI:SS.US')"
    assert _each(connection, call, raw) == shown
    for fold_ in (0, 1):
        back = [microseconds(each.replace(fold=fold_).astimezone(UTC)) for each in local]
        assert _each(connection, f"@instant(a::timestamp, '{name}', {fold_})", shown) == back
        skipped = [datetime.combine(each.date(), time(2, 30), zone) for each in local]
        texts = [each.replace(tzinfo=None).isoformat(" ") for each in skipped]
        expected = [microseconds(each.replace(fold=fold_).astimezone(UTC)) for each in skipped]
        assert _each(connection, f"@instant(a::timestamp, '{name}', {fold_})", texts) == expected
