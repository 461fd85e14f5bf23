"""The lexer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.expression.problems import FormulaSyntaxError
from runtime.expression.tokens import TokenKind, tokenize


def texts(source: str) -> list[str]:
    return [token.text for token in tokenize(source)][:-1]


def test_full_width_characters_mean_their_half_width_twins() -> None:
    assert texts("（１＋２）＊３％＞＝４，５．５") == texts("(1+2)*3%>=4,5.5")
    assert texts("≥≤≠×÷−") == [">=", "<=", "<>", "*", "/", "-"]


def test_places_are_those_of_the_text_as_typed() -> None:
    assert [(token.start, token.end) for token in tokenize(" {单价}＞＝１０ ")] == [(1, 5), (5, 7), (7, 9), (10, 10)]


def test_aliases_of_functions_become_their_canonical_names() -> None:
    assert texts("如果(求和(1))") == ["IF", "(", "SUM", "(", "1", ")", ")"]
    assert texts("if") == ["IF"]


def test_not_equal_may_be_typed_as_programmers_do() -> None:
    assert texts("1!=2") == ["1", "<>", "2"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('"a""b"', 'a"b'),
        ("“他说”", "他说"),
        ('“a"', "a"),
        ('""', ""),
        ('""""', '"'),
        ("“”", ""),
        ('"，（）"', "，（）"),
    ],
)
def test_texts_keep_what_is_inside_their_quotes(source: str, text: str) -> None:
    token = tokenize(source)[0]
    assert (token.kind, token.text) == (TokenKind.TEXT, text)


def test_field_names_may_hold_anything_a_closing_brace_is_doubled() -> None:
    assert texts("{单价（元）}") == ["单价（元）"]
    assert texts("{a}}b}") == ["a}b"]
    assert texts("｛#c8k2｝") == ["#c8k2"]


def test_numbers_are_exact_decimals() -> None:
    assert [token.number for token in tokenize("0.1 1e-6 .5 12.")][:-1] == [
        Decimal("0.1"),
        Decimal("0.000001"),
        Decimal("0.5"),
        Decimal(12),
    ]


@pytest.mark.parametrize(
    ("source", "code", "start", "end"),
    [
        ('1+"abc', "text_not_closed", 2, 6),
        ("{abc", "field_open", 0, 4),
        ("{ }", "field_empty", 0, 3),
        ("2x", "operator_missing", 0, 2),
        ("1 ? 2", "unknown_character", 2, 3),
        ("1e999999", "number_too_large", 0, 8),
        ("1" * 10_001, "formula_too_long", 10_000, 10_001),
    ],
)
def test_what_is_no_token_is_refused_with_its_place(source: str, code: str, start: int, end: int) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        tokenize(source)
    assert (caught.value.code, caught.value.start, caught.value.end) == (code, start, end)


@given(st.text(max_size=60))
def test_any_text_gives_tokens_in_order_or_a_problem_inside_it(source: str) -> None:
    ends: list[int] = []
    try:
        tokens = tokenize(source)
        assert tokens[-1].kind is TokenKind.END
        ends = [token.end for token in tokens]
    except FormulaSyntaxError as error:
        ends = [0, error.start, error.end, len(source)]
    assert ends == sorted(ends)
