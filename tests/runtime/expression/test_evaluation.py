"""`evaluate`: values by name in, plain values or a `FormulaError` out, and nothing raised for any text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, getcontext
from enum import IntEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.texts import speaking
from runtime.expression import FormulaError, evaluate
from runtime.value.error_values import shown_error
from tests.runtime.expression.formulas import formulas
from tests.runtime.expression.sample import SITUATION


class Level(IntEnum):
    """A number of a class of its own."""

    HIGH = 3


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("{单价}*{数量}", {"单价": 0.1, "数量": 3}, Decimal("0.3")),
        ("= {单价} ", {"单价": Decimal("1.50")}, Decimal("1.50")),
        ("{a}", {"a": 2**70}, Decimal(2**70)),
        ("{a}", {"a": Level.HIGH}, Decimal(3)),
        ("{a}", {"a": "x"}, "x"),
        ("{a}", {"a": True}, True),
        ("{a}", {"a": None}, None),
        ("{A }", {"a": 1}, Decimal(1)),
        ("{a}", {"a": UUID(int=1)}, UUID(int=1)),
        ("{d}+1", {"d": date(2024, 2, 29)}, date(2024, 3, 1)),
        ("{d}+0.5", {"d": datetime(2024, 2, 29, 6, 30)}, datetime(2024, 2, 29, 18, 30)),
        ("{t}+0.5", {"t": time(6, 30)}, time(18, 30)),
        ("{s}+1", {"s": timedelta(hours=5)}, timedelta(hours=29)),
        ("{l}", {"l": [1, [2.5, None], ("x", True)]}, [Decimal(1), Decimal("2.5"), None, "x", True]),
        ("SUM({l})", {"l": [[1, 2], [3.5, None]]}, Decimal("6.5")),
        ("SUM({l})", {"l": []}, Decimal(0)),
        ("{客户}.{等级}", {"客户": {"等级": "A"}}, "A"),
        ("{客户.等级}&{客户.等.级}", {"客户.等级": "A", "客户": {"等.级": "B"}}, "AB"),
        ("SUM({明细}.{金额})", {"明细": [{"金额": 1}, {"金额": 0.2}, {}]}, Decimal("1.2")),
        ("SUM({明细}.{金额})", {"明细": []}, Decimal(0)),
        ("{a}+1", {"a": {"date": "2024-05-17"}}, date(2024, 5, 18)),
        ("{a}", {"a": {"time": "06:30:00"}}, time(6, 30)),
        ("COUNT({a})", {"a": [{"date": "2024-05-17"}, {"datetime": "2024-05-17T01:00:00"}, 5]}, Decimal(3)),
        ("IFERROR({a},7)", {"a": FormulaError("#N/A")}, Decimal(7)),
        ("ISERROR({a})", {"a": {"error": "#NAME?"}}, True),
        ("ISERROR({a})", {"a": FormulaError("#SPILL!")}, True),
        ("ISBLANK({当前用户})", {}, True),
        ("ISERROR(1+undefined)", {}, True),
        ("IFERROR({#cgone},{无})", {"无": 7}, Decimal(7)),
        ("IF(1>2,SUMM(1),3)", {}, Decimal(3)),
        ("{当前用户}", {"当前用户": "张三"}, "张三"),
        ("TODAY()", {}, date(2024, 5, 17)),
    ],
)
def test_values_go_in_by_name_and_come_out_plain(formula: str, values: dict[str, Any], expected: object) -> None:
    got = evaluate(formula, values, SITUATION)
    assert got == expected
    assert type(got) is type(expected)


def test_an_empty_text_is_no_formula() -> None:
    assert evaluate("") is None
    assert evaluate(" \n\u3000", {"a": 1}) is None


def test_without_a_situation_it_is_now_and_here() -> None:
    assert abs(evaluate("NOW()") - datetime.now()) < timedelta(minutes=1)


def test_a_date_time_with_an_offset_comes_back_with_one() -> None:
    noon = datetime(2024, 5, 17, 12, tzinfo=timezone(timedelta(hours=2)))
    got = evaluate("{at}+1", {"at": noon}, SITUATION)
    assert got == noon + timedelta(days=1)
    assert got.utcoffset() == timedelta(hours=8)
    assert evaluate("{at}&0", {"at": noon}, SITUATION) == "2024-05-17 18:00:000"
    assert evaluate("{at}={of}", {"at": noon, "of": datetime(2024, 5, 17, 18)}, SITUATION) is True


@pytest.mark.parametrize(
    ("formula", "values", "code", "place"),
    [
        ("1+{a}/{b}", {"a": 1, "b": 0}, "#DIV/0!", "{a}/{b}"),
        ("IFERROR(1/0,2+3/0)", {}, "#DIV/0!", "3/0"),
        ("IFERROR(1/0,7)+SQRT(-1)", {}, "#NUM!", "SQRT(-1)"),
        ("IF({a}>1,1/0,2/0)", {"a": 1}, "#DIV/0!", "2/0"),
        ("IF({a}>1,1/0,2/0)", {"a": 2}, "#DIV/0!", "1/0"),
        ("SWITCH({a},1,10,2,1/0)", {"a": 2}, "#DIV/0!", "1/0"),
        ("IFS(1>2,3)", {}, "#N/A", "IFS(1>2,3)"),
        ("AND(TRUE,{a}/0>1)", {"a": 1}, "#DIV/0!", "{a}/0"),
        ("1+(2*(3/({a}-1)))", {"a": 1}, "#DIV/0!", "(3/({a}-1))"),
        ("{a}+1", {"a": FormulaError("#N/A")}, "#N/A", "{a}"),
        ("SUM({a},1)", {"a": [1, FormulaError("#N/A")]}, "#N/A", "SUM({a},1)"),
        ("2*{名称}", {"名称": "x"}, "#VALUE!", "{名称}"),
        ("SUMM(1)", {}, "#NAME?", "SUMM"),
        ("{无}+1", {}, "#NAME?", "{无}"),
        ("{#cgone}+1", {}, "#REF!", "{#cgone}"),
        ("1,2", {}, "#VALUE!", ","),
        ("{a}", {"a": float("nan")}, "#NUM!", "{a}"),
        ("{a}", {"a": float("inf")}, "#NUM!", "{a}"),
        ("{a}", {"a": Decimal("1E+400")}, "#NUM!", "{a}"),
        ("{a}", {"a": 10**400}, "#NUM!", "{a}"),
        ("{a}", {"a": datetime.min}, "#NUM!", "{a}"),
    ],
)
def test_an_error_has_the_code_of_excel_and_its_place(
    formula: str, values: dict[str, Any], code: str, place: str
) -> None:
    got = evaluate(formula, values, SITUATION)
    assert isinstance(got, FormulaError)
    assert (got.code, formula[got.start : got.end]) == (code, place)
    assert str(got).startswith(f"{code} ")


def test_errors_inside_a_list_come_out_as_errors() -> None:
    assert evaluate("{a}", {"a": [1, FormulaError("#N/A")]})[1].code == "#N/A"


def test_an_error_speaks_the_language_of_the_reader() -> None:
    got = evaluate("1/0")
    english = str(got)
    with speaking("zh_CN"):
        assert str(got) != english
        assert shown_error("#DIV/0!") == "#除零"
    assert shown_error("#DIV/0!") == "#DIV/0!"
    assert shown_error("#OTHER!") == "#OTHER!"


@pytest.mark.parametrize(
    "call",
    [
        lambda: evaluate(5),  # type: ignore[arg-type]
        lambda: evaluate(None),  # type: ignore[arg-type]
        lambda: evaluate("1", [1]),  # type: ignore[arg-type]
        lambda: evaluate("1", {1: 1}),  # type: ignore[dict-item]
        lambda: evaluate("1", {"a": object()}),
        lambda: evaluate("1", {"a": {1, 2}}),
        lambda: evaluate("1", {"a": b"x"}),
        lambda: evaluate("1", {"a": 1j}),
        lambda: evaluate("1", {"a": [1, {"x": 1}]}),
        lambda: evaluate("1", {"a": {"date": "soon"}}),
        lambda: evaluate("1", {"a": {"date": 5}}),
        lambda: evaluate("", {"a": object()}),
    ],
)
def test_what_no_formula_can_compute_with_is_a_type_error_in_words(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError) as caught:
        call()
    assert len(str(caught.value)) > 10


@given(st.text(max_size=60) | st.text(alphabet='(){}"“+-*/^%&=<>,.1aIF单SUM;\x00\u202e ', max_size=40) | formulas)
def test_no_text_raises(formula: str) -> None:
    got = evaluate(formula, {"a": 1, "单": "x", "单价": 2.5}, SITUATION)
    if isinstance(got, FormulaError):
        assert 0 <= got.start <= got.end <= len(formula)
        assert got.code in ("#DIV/0!", "#VALUE!", "#N/A", "#NUM!", "#REF!", "#NAME?")
        assert str(got)


_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=5) | st.dates()
    | st.datetimes() | st.datetimes(timezones=st.just(UTC)) | st.times() | st.timedeltas()
    | st.sampled_from([FormulaError("#N/A"), ""])
)  # fmt: skip
_FORMULAS = [
    "{a}+{b}", "{a}-{b}", "{a}*{b}", "{a}/{b}", "{a}^{b}", "{a}&{b}", "{a}={b}", "{a}<{b}", "-{a}", "{a}%",
    "IF({a},{b},{a})", "IFERROR({a}+{b},{b})", "SWITCH({a},{b},1,2)", "AND({a},{b})", "MAX({a},{b})", "SUM({a},{b})",
    "COALESCE({a},{b})", "ISBLANK({a})", "YEAR({a})", "HOUR({a})", "LEFT({a},{b})", "DATE({a},{b},1)", "ROUND({a},{b})",
    "TIME({a},{b},0)", "TEXT({a},{b})", "COUNTIF({a},{b})", "TEXTJOIN({a},TRUE,{b})", 'DATEADD({a},{b},"day")',
]  # fmt: skip


@given(st.sampled_from(_FORMULAS), _VALUES | st.lists(_VALUES, max_size=3), _VALUES)
def test_no_value_raises(formula: str, a: Any, b: Any) -> None:
    before = getcontext()
    got = evaluate(formula, {"a": a, "b": b}, SITUATION)
    assert getcontext() is before
    assert got is None or isinstance(got, Decimal | str | bool | date | time | timedelta | list | FormulaError)
    assert not isinstance(got, Decimal) or got.is_finite()


def test_the_same_formula_is_understood_once() -> None:
    from runtime.expression.evaluation import _prepared

    evaluate("{a}+{b}+17", {"a": 1, "b": 2})
    before = _prepared.cache_info().misses
    assert evaluate("{a}+{b}+17", {"a": 5, "b": 6.5}) == Decimal("28.5")
    assert _prepared.cache_info().misses == before
    assert evaluate("{a}+{b}+17", {"a": date(2024, 1, 1), "b": 1}) == date(2024, 1, 19)
