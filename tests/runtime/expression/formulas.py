"""Strategies of hypothesis: random typed formulas over the sample form, and random rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

_TEXTS = st.sampled_from(
    ["", "a", "A", "abc", "高", "低", "12", " 3.5 ", "TRUE", "é", "e\u0301", "2024-05-17", "%", "x y"]
)
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

_number_leaves: Formulas = st.sampled_from(
    ["{单价}", "{数量}", "{折扣}", "{成本}", "0", "1", "2", "0.5", "10", "1000", "3.005", "(-7)", "1E+20"]
)
_text_leaves: Formulas = st.sampled_from(["{名称}", "{备注}", "{等级}"]) | _TEXTS.map(_quoted)
_condition_leaves: Formulas = st.sampled_from(
    ["{启用}", "TRUE", "FALSE", "ISBLANK({名称})", "ISBLANK({单价})", '{等级}="高"']
)
_date_leaves: Formulas = st.sampled_from(["{开始}", "{结束}", "TODAY()", "DATE(2024,2,29)", "DATE(2024,13,40)"])
_moment_leaves: Formulas = st.sampled_from(["{时间}", "NOW()"])

_every_leaf: Formulas = _number_leaves | _text_leaves | _condition_leaves | _date_leaves | _moment_leaves


def _join(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: template.format(*found))


_compare = st.sampled_from(COMPARE)
_unit = st.sampled_from(['"day"', '"week"', '"month"', '"year"'])
_small = st.sampled_from(["{数量}", "1", "(-3)", "40", "2.6", "{折扣}"])

_number_nodes: Formulas = (
    _join("({}{}{})", numbers, st.sampled_from(["+", "-", "*", "/"]), numbers)
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
)
_text_nodes: Formulas = (
    _join("({}&{})", texts, texts | numbers | conditions | dates | moments)
    | _join("{}({})", st.sampled_from(["TRIM", "UPPER", "LOWER"]), texts)
    | _join("{}({},{})", st.sampled_from(["LEFT", "RIGHT"]), texts, _small)
    | _join("MID({},{},{})", texts, _small, _small)
    | _join("CONCAT({},{})", texts, numbers | dates)
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
    | _join("CONTAINS({},{})", texts, texts)
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
)
_moment_nodes: Formulas = (
    _join("({}+{})", moments, _small)
    | _join("DATEADD({},{},{})", moments, _small, st.sampled_from(['"hour"', '"month"', '"day"']))
    | _join("IF({},{},{})", conditions, moments, dates)
)

formulas = numbers | texts | conditions | dates | moments


def _maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


def _amounts(places: int) -> st.SearchStrategy[object]:
    odd = st.sampled_from([0, 1, -1, 3, 100, 301, 10**12, -(10**12)])
    return _maybe((odd | st.integers(-(10**6), 10**6)).map(lambda whole: Decimal(whole).scaleb(-places)))


rows = st.fixed_dictionaries(
    {
        "c_price": _amounts(2),
        "c_count": _maybe(st.integers(-5, 50)),
        "c_discount": _amounts(4),
        "c_cost": _amounts(2),
        "c_name": _maybe(_TEXTS),
        "c_note": _maybe(_TEXTS),
        "c_open": _maybe(st.booleans()),
        "c_from": _maybe(st.dates(date(1899, 1, 1), date(2101, 1, 1)) | st.just(date(2024, 5, 17))),
        "c_to": _maybe(st.dates(date(1899, 1, 1), date(2101, 1, 1)) | st.just(date(2024, 5, 17))),
        "c_at": _maybe(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),
        "c_level": _maybe(st.sampled_from(["高", "低", "Middle"])),
        "c_customer": _CUSTOMERS,
    }
)
