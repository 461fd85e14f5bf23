"""The parser: precedence, places, limits, and what it says about mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.expression.nodes import Binary, Call, FieldPath, Literal, Name, Node, Unary
from runtime.expression.parser import parse
from runtime.expression.problems import FormulaSyntaxError
from tests.runtime.expression.formulas import formulas
from tests.support.pace import within


def shape(node: Node) -> str:
    """The tree in brackets."""
    match node:
        case Literal():
            return str(node.value)
        case FieldPath():
            return ".".join(node.path)
        case Name():
            return f"?{node.name}"
        case Unary():
            return f"({node.operator}{shape(node.operand)})"
        case Binary():
            return f"({shape(node.left)}{node.operator}{shape(node.right)})"
        case Call():
            return f"{node.name}({','.join(map(shape, node.arguments))})"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("-2^2", "((-2)^2)"),
        ("2^3^2", "((2^3)^2)"),
        ("2^-1", "(2^(-1))"),
        ("1+2*3", "(1+(2*3))"),
        ("1-2-3", "((1-2)-3)"),
        ("5%%", "(%(%5))"),
        ("-5%", "(-(%5))"),
        ('1+2&"a"', "((1+2)&a)"),
        ("1<2=TRUE", "((1<2)=True)"),
        ("1&2=3", "((1&2)=3)"),
        ("=1", "1"),
        ("{客户}.{等级}", "客户.等级"),
        ("IF(FALSE,,2)", "IF(False,None,2)"),
        ("NOW()", "NOW()"),
        ("f(1)", "f(1)"),
        ("+-+1", "(+(-(+1)))"),
        ("abc+1", "(?abc+1)"),
    ],
)
def test_precedence_is_that_of_excel(source: str, expected: str) -> None:
    assert shape(parse(source)) == expected


def test_nodes_know_their_place_and_are_equal_without_it() -> None:
    assert parse(" 1 + 2").span == (1, 6)
    assert parse("1+2") == parse(" 1  +  2 ")
    assert hash(parse("1+2")) == hash(parse("1 + 2"))


@pytest.mark.parametrize(
    ("source", "code", "start", "end"),
    [
        ("", "value_expected", 0, 0),
        ("=", "value_expected", 1, 1),
        ("1+", "value_expected", 2, 2),
        ("*2", "value_expected", 0, 1),
        ("(1+2", "bracket_not_closed", 0, 1),
        ("SUM(1", "bracket_not_closed", 3, 4),
        ("1)", "bracket_not_opened", 1, 2),
        ("1 2", "operator_missing", 2, 3),
        ("NOT(0)NOT(1)", "operator_missing", 6, 9),
        ("SUM", "brackets_missing", 0, 3),
        ("{a}.b", "field_expected", 4, 5),
        ('"".__class__', "value_expected", 2, 3),
        ("lambda:0", "unknown_character", 6, 7),
        ("[1]", "unknown_character", 0, 1),
        ("{a}.format", "field_expected", 4, 10),
    ],
)
def test_a_mistake_is_named_with_its_place(source: str, code: str, start: int, end: int) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        parse(source)
    assert (caught.value.code, caught.value.start, caught.value.end) == (code, start, end)
    assert str(caught.value)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("(" * 301 + "1" + ")" * 301, "formula_too_deep"),
        ("-" * 5_000 + "1", "formula_too_deep"),
        ("IF(" * 100 + "1" + ")" * 100, "formula_too_deep"),
        ("1" + "+1" * 300, "formula_too_deep"),
        ("1" + "%" * 300, "formula_too_deep"),
        ("CONCAT(" + ",".join(["SUM(1,1,1,1,1,1,1,1,1,1,1,1)"] * 200) + ")", "formula_too_large"),
        ("SUM(" + ",".join(["1"] * 300) + ")", "too_many_values"),
        ("1" * 1_000_000, "formula_too_long"),
    ],
)
def test_a_formula_beyond_the_limits_is_refused_at_once(source: str, code: str) -> None:
    with within(0.5), pytest.raises(FormulaSyntaxError) as caught:
        parse(source)
    assert caught.value.code == code


def test_the_limits_leave_room_for_what_people_write() -> None:
    parse("(" * 60 + "1" + ")" * 60)
    parse("+".join(["{单价}"] * 150))


@given(st.text(alphabet='(){}"“+-*/^%&=<>,.1aIF单 ', max_size=40))
def test_any_text_gives_a_tree_or_a_problem_inside_it(source: str) -> None:
    error = None
    try:
        parse(source)
    except FormulaSyntaxError as caught:
        error = caught
    assert error is None or 0 <= error.start <= error.end <= len(source)


@given(formulas)
def test_what_is_legal_is_parsed_the_same_in_full_width(source: str) -> None:
    wide = source.translate({ord(character): chr(ord(character) + 0xFEE0) for character in "(),+-*/^<>="})
    if '"' not in source:
        assert parse(wide) == parse(source)
