"""Strategies of hypothesis: random typed formulas over the sample form and its sub-form, and random rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

_PLAIN = (
    "",
    "a",
    "A",
    "abc",
    "高",
    "低",
    "12",
    " 3.5 ",
    "TRUE",
    "2024-05-17",
    "%",
    "x y",
    "a*",
    "?",
    "~",
    ">2",
    "<>a",
    "=",
)
_UNICODE = (
    "é",
    "e\u0301",
    "ß",
    "SS",
    "ΑΣ",
    "İ",
    "ﬁ",
    "Ǆ",
    "\u3000a\u00a0",
    "한글",
    "가\u11a8",
    "\U0001f600",
    "１２．５",
)
_WRITTEN = (
    "5/6/2024 14:05",
    "下午2点30分",
    "26:30",
    "-1,200.50%",
    "a\n\tb",
    "￥1,234",
    "1E+400",
    "0.1e-7",
    "12 PM",
    "１２：３０",
)
_TEXTS = st.sampled_from((*_PLAIN, *_UNICODE, *_WRITTEN))
_CUSTOMERS = st.sampled_from([None, UUID(int=1), UUID(int=2)])

Formulas = st.SearchStrategy[str]
COMPARE = ["=", "<>", "<", "<=", ">", ">="]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


numbers: Formulas = st.deferred(lambda: _number_leaves | _number_nodes)
texts: Formulas = st.deferred(lambda: _text_leaves | _text_nodes)
conditions: Formulas = st.deferred(lambda: _condition_leaves | _condition_nodes)
dates: Formulas = st.deferred(lambda: _date_leaves | _date_nodes)
moments: Formulas = st.deferred(lambda: _moment_leaves | _moment_nodes)
clocks: Formulas = st.deferred(lambda: _clock_leaves | _clock_nodes)
spans: Formulas = st.deferred(lambda: _span_leaves | _span_nodes)

_number_leaves: Formulas = st.sampled_from(
    ["{单价}", "{数量}", "{折扣}", "{成本}", "0", "1", "2", "0.5", "10", "1000", "3.005", "(-7)", "1E+20"]
)
_text_leaves: Formulas = st.sampled_from(["{名称}", "{备注}", "{等级}"]) | _TEXTS.map(_quoted)
_condition_leaves: Formulas = st.sampled_from(
    ["{启用}", "TRUE", "FALSE", "ISBLANK({名称})", "ISBLANK({单价})", '{等级}="高"']
)
_date_leaves: Formulas = st.sampled_from(["{开始}", "{结束}", "TODAY()", "DATE(2024,2,29)", "DATE(2024,13,40)"])
_moment_leaves: Formulas = st.sampled_from(["{时间}", "NOW()"])

_clock_leaves: Formulas = st.sampled_from(["{钟点}", "TIME(8,30,0)", 'TIMEVALUE("23:59:59.6")'])
_span_leaves: Formulas = st.sampled_from(["{时长}", "(TIME(8,30,0)-{钟点})"])

_every_leaf: Formulas = (
    _number_leaves | _text_leaves | _condition_leaves | _date_leaves | _moment_leaves | _clock_leaves | _span_leaves
)

_number_lists: Formulas = st.sampled_from(["{明细}.{金额}", "{明细}.{件数}"])
_text_lists: Formulas = st.sampled_from(["{明细}.{品名}", "{明细}.{级别}"])
_other_lists: Formulas = st.sampled_from(["{明细}.{日期}", "{明细}.{完成}", "{明细}.{时刻}", "{明细}.{负责人}"])
_lists: Formulas = _number_lists | _text_lists | _other_lists


def _join(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: template.format(*found))


_compare = st.sampled_from(COMPARE)
_unit = st.sampled_from(['"day"', '"week"', '"month"', '"year"'])
_small = st.sampled_from(["{数量}", "1", "(-3)", "40", "2.6", "{折扣}"])

_criterion: Formulas = (
    st.sampled_from(['">2"', '"<=1.5"', '"<>a"', '"a*"', '"?"', '"="', '"<>"', '"高"', '">=2024-01-01"', '"TRUE"'])
    | _text_leaves
    | _number_leaves
    | _date_leaves
    | st.sampled_from(["{启用}", "TRUE"])
)

_aggregates: Formulas = (
    _join("{}({})", st.sampled_from(["SUM", "AVERAGE", "COUNT", "COUNTA", "COUNTBLANK", "PRODUCT"]), _lists)
    | _join("{}({})", st.sampled_from(["MAX", "MIN", "SUM", "AVERAGE"]), _number_lists)
    | _join("{}({},{})", st.sampled_from(["SUM", "MAX", "PRODUCT", "COUNT", "COUNTBLANK"]), _lists, numbers)
    | _join("SUMPRODUCT({},{})", _lists, _lists)
    | _join("{}({},{})", st.sampled_from(["SUMIF", "COUNTIF", "AVERAGEIF"]), _lists, _criterion)
    | _join("{}({},{},{})", st.sampled_from(["SUMIF", "AVERAGEIF"]), _lists, _criterion, _lists)
    | _join(
        "{}({},{},{})", st.sampled_from(["SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"]), _number_lists, _lists, _criterion
    )
    | _join("COUNTIFS({},{},{},{})", _lists, _criterion, _lists, _criterion)
    | _join("SUM(IF({},{},{}))", conditions, _number_lists, _number_lists)
)

_number_nodes: Formulas = (
    _aggregates
    | _join("({}{}{})", numbers, st.sampled_from(["+", "-", "*", "/"]), numbers)
    | _join("({}^{})", numbers, st.sampled_from(["2", "(-1)", "0", "0.5", "{数量}"]))
    | _join("(-{})", numbers)
    | _join("{}%", _number_leaves)
    | _join("{}({},{})", st.sampled_from(["ROUND", "ROUNDUP", "ROUNDDOWN", "MOD"]), numbers, numbers)
    | _join("{}({})", st.sampled_from(["ABS", "INT"]), numbers)
    | _join("{}({},{})", st.sampled_from(["MAX", "MIN", "SUM", "AVERAGE", "COUNT", "COUNTA"]), numbers, numbers)
    | _join("LEN({})", texts)
    | _join("VALUE({})", texts)
    | _join("IF({},{},{})", conditions, numbers, numbers)
    | _join("IFS({},{},{},{})", conditions, numbers, conditions, numbers)
    | _join("SWITCH({},{},{},{},{},{})", numbers, numbers, numbers, numbers, numbers, numbers)
    | _join("SWITCH({},{},{})", texts, texts, numbers)
    | _join("IFERROR({},{})", numbers, numbers)
    | _join("COALESCE({},{})", numbers, numbers)
    | _join("{}({})", st.sampled_from(["YEAR", "MONTH", "DAY"]), dates | moments)
    | _join("({}-{})", dates, dates | moments)
    | _join("DAYS({},{})", dates, moments)
    | _join("DATEDIF({},{},{})", dates, dates, st.sampled_from(['"D"', '"M"', '"Y"', '"YM"', '"MD"', '"YD"']))
    | _join("({}+{})", conditions, numbers)
    | _join("{}({})", st.sampled_from(["SIGN", "SQRT", "EXP", "LN", "LOG", "LOG10", "TRUNC", "N"]), numbers)
    | _join("{}({},{})", st.sampled_from(["TRUNC", "LOG", "CEILING", "FLOOR"]), numbers, numbers)
    | _join("{}({},{})", st.sampled_from(["MROUND", "QUOTIENT", "POWER"]), _number_leaves, _number_leaves)
    | _join("{}({},{},{})", st.sampled_from(["CEILING", "FLOOR"]), numbers, _number_leaves, _small)
    | _join("CHOOSE({},{},{})", _small, numbers, numbers)
    | _join("{}({},{})", st.sampled_from(["FIND", "SEARCH"]), texts, texts)
    | _join("{}({},{},{})", st.sampled_from(["FIND", "SEARCH"]), texts, texts, _small)
    | _join("{}({})", st.sampled_from(["HOUR", "MINUTE", "SECOND"]), clocks | moments)
    | _join("{}({})", st.sampled_from(["QUARTER", "WEEKDAY", "WEEKNUM", "ISOWEEKNUM"]), dates | moments)
    | _join("{}({},{})", st.sampled_from(["WEEKDAY", "WEEKNUM"]), dates, st.sampled_from(["1", "2", "3", "16", "21"]))
    | _join("({}*{})", spans, numbers)
    | _join("({}/{})", spans, spans)
    | _join("({}-{})", moments, moments)
    | _join("XOR({},{})", conditions, conditions)
    | _join("PI()")
)
_text_nodes: Formulas = (
    _join("({}&{})", texts, texts | numbers | conditions | dates | moments)
    | _join("{}({})", st.sampled_from(["TRIM", "UPPER", "LOWER"]), texts)
    | _join("{}({},{})", st.sampled_from(["LEFT", "RIGHT"]), texts, _small)
    | _join("MID({},{},{})", texts, _small, _small)
    | _join("CONCAT({},{})", texts, numbers | dates | _number_lists | _text_lists | _other_lists)
    | _join("REPT({},{})", texts, _small)
    | _join("REPLACE({},{},{},{})", texts, _small, _small, texts)
    | _join("SUBSTITUTE({},{},{},{})", texts, texts, texts, _small)
    | _join("CLEAN({})", texts)
    | _join("T({})", texts)
    | _join("({}&{})", texts, clocks | spans)
    | _join("SUBSTITUTE({},{},{})", texts, texts, texts)
    | _join("IF({},{},{})", conditions, texts, texts)
    | _join("IFERROR({},{})", texts, texts)
    | _join("COALESCE({},{})", texts, texts)
)
_condition_nodes: Formulas = (
    _join("({}{}{})", numbers, _compare, numbers)
    | _join("({}{}{})", texts, _compare, texts)
    | _join("({}{}{})", dates, _compare, dates | moments)
    | _join("({}{}{})", moments, _compare, moments)
    | _join("({}{}{})", conditions, _compare, conditions)
    | _join("({}{}{})", _number_leaves, _compare, _number_leaves)
    | _join("({}{}{})", _text_leaves, _compare, _text_leaves)
    | _join("({}{}{})", _every_leaf, _compare, _every_leaf)
    | _join("({客户}{}{客户})".replace("{客户}", "{{客户}}"), st.sampled_from(["=", "<>"]))
    | _join("{}({},{})", st.sampled_from(["AND", "OR"]), conditions, conditions)
    | _join("NOT({})", conditions)
    | _join("ISBLANK({})", numbers | texts | dates | moments)
    | _join("ISERROR({})", numbers)
    | _join("ISNUMBER({})", numbers)
    | _join("{}({},{})", st.sampled_from(["CONTAINS", "HASWORD", "STARTSWITH", "ENDSWITH", "EXACT"]), texts, texts)
    | _join("({}{}{})", clocks, _compare, clocks | spans)
    | _join("({}{}{})", spans, _compare, spans)
    | _join("{}({})", st.sampled_from(["AND", "OR", "XOR"]), _lists)
    | _join("{}({},{})", st.sampled_from(["AND", "OR", "XOR"]), conditions, _lists)
    | _join("ISBLANK({})", _lists | clocks | spans)
    | _join("{}({})", st.sampled_from(["ISTEXT", "ISNUMBER", "ISLOGICAL", "ISNA", "ISERR"]), numbers | texts)
    | _join("IF({},{},{})", conditions, conditions, conditions)
    | _join('({}="")', _text_leaves | _number_leaves | _date_leaves)
)
_date_nodes: Formulas = (
    _join("({}+{})", dates, _small)
    | _join("({}-{})", dates, _small)
    | _join("EDATE({},{})", dates, _small)
    | _join("DATEADD({},{},{})", dates, _small, _unit)
    | _join("IF({},{},{})", conditions, dates, dates)
    | _join("MAX({},{})", dates, dates)
    | _join("EOMONTH({},{})", dates, _small)
    | _join("DATEVALUE({})", texts)
    | st.sampled_from(["MAX({明细}.{日期})", "MIN({明细}.{日期})", 'MAXIFS({明细}.{日期},{明细}.{品名},"a")'])
)
_moment_nodes: Formulas = (
    _join("({}+{})", moments, _small)
    | _join("DATEADD({},{},{})", moments, _small, st.sampled_from(['"hour"', '"month"', '"day"']))
    | _join("IF({},{},{})", conditions, moments, dates)
)

_clock_nodes: Formulas = (
    _join("({}+{})", clocks, _small | spans)
    | _join("({}-{})", clocks, _small)
    | _join("IF({},{},{})", conditions, clocks, clocks)
    | _join("TIME({},{},{})", _small, _small, _small)
    | _join("TIMEVALUE({})", texts)
)
_span_nodes: Formulas = (
    _join("({}{}{})", spans, st.sampled_from(["+", "-"]), spans)
    | _join("({}-{})", clocks, clocks)
    | _join("({}+{})", spans, _small)
    | _join("(-{})", spans)
)

formulas = numbers | texts | conditions | dates | moments | clocks | spans


def _maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


def _amounts(places: int) -> st.SearchStrategy[object]:
    odd = st.sampled_from([0, 1, -1, 3, 100, 301, 10**12, -(10**12)])
    return _maybe((odd | st.integers(-(10**6), 10**6)).map(lambda whole: Decimal(whole).scaleb(-places)))


_days = _maybe(st.dates(date(1899, 1, 1), date(2101, 1, 1)) | st.just(date(2024, 5, 17)))
_instants = _maybe(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
_grades = _maybe(st.sampled_from(["高", "低", "Middle"]))

lines = st.fixed_dictionaries(
    {
        "c_amount": _amounts(2),
        "c_piece": _maybe(st.integers(-5, 50)),
        "c_done": _maybe(st.booleans()),
        "c_what": _maybe(_TEXTS),
        "c_grade": _grades,
        "c_day": _days,
        "c_when": _instants,
        "c_who": _CUSTOMERS,
    }
)

rows = st.fixed_dictionaries(
    {
        "lines": st.lists(lines, max_size=4),
        "c_clock": _maybe(st.times()),
        "c_span": _maybe(st.timedeltas(timedelta(-400), timedelta(400))),
        "c_price": _amounts(2),
        "c_count": _maybe(st.integers(-5, 50)),
        "c_discount": _amounts(4),
        "c_cost": _amounts(2),
        "c_name": _maybe(_TEXTS),
        "c_note": _maybe(_TEXTS),
        "c_open": _maybe(st.booleans()),
        "c_from": _days,
        "c_to": _days,
        "c_at": _instants,
        "c_level": _grades,
        "c_customer": _CUSTOMERS,
    }
)
