"""Regular expressions: modes, occurrences, limits, and patterns that are wrong."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest

from runtime.functions import patterns
from runtime.functions.patterns import pattern_problem
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import checked, result
from tests.support.pace import within

VALUE, NA = ErrorValue("#VALUE!"), ErrorValue("#N/A")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r'REGEXTEST("abc","B")', False),
        (r'REGEXTEST("abc","B",1)', True),
        (r'REGEXTEST("abc","b",2)', VALUE),
        (r'REGEXTEST("","^$")', True),
        (r'REGEXTEST("张三","^\p{Han}{2,4}$")', True),
        (r'REGEXTEST("13812345678","^1[3-9]\d{9}$")', True),
        (r"REGEXTEST({名称},{备注})", VALUE),
        (r'REGEXEXTRACT("a1b22","\d+")', "1"),
        (r'REGEXEXTRACT("abc","\d+")', NA),
        (r'TEXTJOIN(",",TRUE,REGEXEXTRACT("a1b22","\d+",1))', "1,22"),
        (r'TEXTJOIN(",",TRUE,REGEXEXTRACT("2024-05","(\d+)-(\d+)",2))', "2024,05"),
        (r'REGEXEXTRACT("2024-05","\d+",2)', "2024"),
        (r'REGEXEXTRACT("a","a",3)', VALUE),
        (r'REGEXREPLACE("a1b2","\d","#")', "a#b#"),
        (r'REGEXREPLACE("a1b2","\d","#",2)', "a1b#"),
        (r'REGEXREPLACE("a1b2","\d","#",-2)', "a#b2"),
        (r'REGEXREPLACE("a1b2","\d","#",3)', "a1b2"),
        (r'REGEXREPLACE("a1b2","\d","#",-3)', "a1b2"),
        (r'REGEXREPLACE("aXb","x","-",0,1)', "a-b"),
        (r'REGEXREPLACE("ab","(?P<n>b)","<${n}$0$1$$>")', "a<bbb$>"),
        (r'REGEXREPLACE("ab","b","$2")', VALUE),
        (r'REGEXREPLACE("中文😂","文","x")', "中x😂"),
        (r'REGEXREPLACE("abc","","-")', "-a-b-c-"),
    ],
)
def test_regular_expressions(source: str, expected: object) -> None:
    assert result(source, c_name="a", c_note="(") == expected


@pytest.mark.parametrize(
    "pattern", ["(", "[a", "*a", "a**", "\\y", "a\\", "[z-a]", "(?=a)", "(?!a)", "a{2000}", "x" * 1001]
)
def test_a_constant_pattern_that_is_wrong_is_a_problem_at_its_place(pattern: str) -> None:
    source = f'REGEXTEST({{名称}},"{pattern}")'
    (problem,) = checked(source).problems
    assert problem.stops
    assert source[problem.start : problem.end] == f'"{pattern}"'
    assert str(pattern_problem(pattern)) == str(problem.message)
    assert result(source, c_name="a") == VALUE


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(a*)*b", r"(.*a){12}!"])
def test_a_pattern_that_hangs_other_programs_is_instant(pattern: str) -> None:
    with within(0.5):
        assert result(f'REGEXTEST({{备注}},"{pattern}")', c_note="a" * 32_000 + "é") is False


def test_a_pattern_too_large_for_a_long_text_is_refused_and_not_slow() -> None:
    pattern = "(?:" + "|".join(f"[ab]{{{n}}}c" for n in range(200, 1000, 9)) + ")"
    with within(1):
        assert result("REGEXTEST({备注},{名称})", c_note="ab" * 16_000, c_name=pattern) == VALUE
    assert result("REGEXTEST({备注},{名称})", c_note="ab" * 300 + "c", c_name=pattern) is True


def test_a_replaced_text_does_not_grow_beyond_the_limit() -> None:
    row = {"c_note": "a" * 32_767}
    assert result('REGEXREPLACE({备注},"a","bb")', **row) == VALUE
    assert result('LEN(REGEXREPLACE({备注},"a","b"))', **row) == Decimal(32_767)
    assert result('COUNTA(REGEXEXTRACT({备注},"a",1))', **row) == VALUE


class _Waiting:
    """A pattern on a machine that does other things before every match."""

    programsize = 1

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        for match in re.finditer("a", text):
            threading.Event().wait(0.02)
            yield match


def test_what_a_search_gives_does_not_depend_on_what_else_the_machine_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_SECONDS", 0.03)
    monkeypatch.setattr(patterns, "_compiled", lambda *_: _Waiting())
    assert result('TEXTJOIN("",TRUE,REGEXEXTRACT({备注},"a",1))', c_note="abaca") == "aaa"
