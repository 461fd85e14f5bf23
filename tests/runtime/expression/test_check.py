"""The checker: types, suggestions, and problems in words at their place."""

from __future__ import annotations

import pytest

from resources.texts import T
from runtime.errors import Severity
from runtime.value.types import ANY, BLANK, BOOL, CHOICE, DATE, DATETIME, NUMBER, RECORD, TEXT, ValueType
from tests.runtime.expression.sample import checked, codes


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{单价}*{数量}", NUMBER),
        ("{单价}&{名称}", TEXT),
        ("{单价}>3", BOOL),
        ("{开始}+1", DATE),
        ("1+{开始}", DATE),
        ("{时间}-0.5", DATETIME),
        ("{结束}-{开始}", NUMBER),
        ("{时间}-{开始}", NUMBER),
        ("{等级}", CHOICE),
        ("{客户}", RECORD),
        ("{客户}.{等级}", CHOICE),
        ("SUM({明细}.{金额})", NUMBER),
        ("IF({启用},1,2)", NUMBER),
        ('IF({启用},{等级},"无")', TEXT),
        ('IF({启用},1,"无")', ANY),
        ("IF({启用},{开始},{时间})", DATETIME),
        ("IF({启用},{开始},)", DATE),
        ("MAX({开始},{结束})", DATE),
        ("MAX({单价},1)", NUMBER),
        ('DATEADD({时间},1,"月")', DATETIME),
        ("IF(TRUE,,)", BLANK),
        ("CURRENTUSER()", RECORD),
    ],
)
def test_the_type_of_the_result_is_known(source: str, expected: ValueType) -> None:
    assert checked(source).type == expected
    assert checked(source).problems == ()


@pytest.mark.parametrize(
    ("source", "code", "words", "place"),
    [
        ("1+{单价1}", "unknown_field", "Did you mean “单价”?", "{单价1}"),
        ("{客户}.{等}", "unknown_field", "Did you mean “等级”?", "{客户}.{等}"),
        ("{#c_gone}", "deleted_field", "deleted", "{#c_gone}"),
        ("{完全不同的东西}", "unknown_field", "no field", "{完全不同的东西}"),
        ("2*SUMM(1)", "unknown_function", "Did you mean SUM?", "SUMM"),
        ("QWXYZ(1)", "unknown_function", "no function", "QWXYZ"),
        ("1+abc", "unknown_name", "neither a field nor a function", "abc"),
        ("__import__", "unknown_name", "neither a field nor a function", "__import__"),
        ("ROUND()", "wrong_arguments", "ROUND(number, [digits])", "ROUND()"),
        ("IF()", "wrong_arguments", "IF(", "IF()"),
        ("IFS(TRUE)", "wrong_arguments", "IFS(condition, value, …)", "IFS(TRUE)"),
        ("1+", "value_expected", "too early", ""),
    ],
)
def test_what_cannot_run_says_where_and_what_to_do(source: str, code: str, words: str, place: str) -> None:
    found = checked(source)
    assert found.node is None
    assert not found.correct
    (problem,) = found.problems
    assert problem.code == code
    assert words in str(problem.message)
    assert source[problem.start : problem.end] == place


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{名称}+1", "wrong_type"),
        ("-{名称}", "wrong_type"),
        ('"abc"*2', "wrong_type"),
        ("LEN({明细}.{金额})", "wrong_type"),
        ("{明细}.{金额}*2", "wrong_type"),
        ("SUM({明细}.{金额})+{明细}.{金额}", "wrong_type"),
        ("SUM({明细}.{金额}*{名称})", "wrong_type"),
        ("{开始}*2", "wrong_type"),
        ("YEAR({名称})", "wrong_type"),
        ("{开始}+{结束}", "dates_added"),
        ("1-{开始}", "date_subtracted"),
        ("{单价}>{名称}", "cannot_compare"),
        ("{开始}>5", "cannot_compare"),
        ("{明细}.{金额}=1", "list_compared"),
        ('DATEADD({开始},1,"day; DROP TABLE")', "unknown_option"),
        ("IF({名称},1,2)", "wrong_type"),
    ],
)
def test_a_wrong_type_is_an_error_at_its_place(source: str, code: str) -> None:
    found = checked(source)
    assert [problem.code for problem in found.problems] == [code]
    assert found.node is not None
    assert not found.correct


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('"5"+3', "text_as_number"),
        ("YEAR(45000)", "number_as_date"),
        ('SUM(1,"abc")', "not_counted"),
        ("SUM({名称})", "not_counted"),
    ],
)
def test_what_excel_allows_but_may_be_a_slip_is_a_warning(source: str, code: str) -> None:
    found = checked(source)
    assert [(problem.code, problem.severity) for problem in found.problems] == [(code, Severity.WARNING)]
    assert found.correct


def test_texts_that_show_dates_may_be_compared_with_dates() -> None:
    assert codes('{开始}>="2024-01-31"') == []
    assert codes('{时间}>="2024-01-31"') == []
    assert codes('{开始}>="soon"') == ["cannot_compare"]


def test_references_are_listed_once_in_order_with_titles_of_records() -> None:
    keys = [each.key for each in checked("{数量}&{单价}&{数量}&{客户}").references]
    assert keys == ["c_count", "c_price", "c_customer.title"]


def test_several_problems_come_in_the_order_of_the_text() -> None:
    assert codes("SUMM(1)+{无}+{名称}*2") == ["unknown_function", "unknown_field", "wrong_type"]


def test_time_and_person_make_a_formula_volatile() -> None:
    assert checked("IF({启用},TODAY(),{开始})").volatile
    assert checked("CURRENTUSER()={客户}").volatile
    assert not checked("{开始}+1").volatile


def test_messages_are_values_that_translate_later() -> None:
    (problem,) = checked("QWXYZ(1)").problems
    assert problem.message == T("There is no function {name}.", name="QWXYZ")
