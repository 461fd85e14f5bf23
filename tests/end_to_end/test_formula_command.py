"""`formwork eval`: what a person or a script sees of one formula."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.command_line.formula import computed, shielded
from runtime.errors import UserError
from tests.support.command import formwork


def test_a_formula_is_computed_and_printed(tmp_path: Path) -> None:
    done = formwork("eval", "{单价}*{数量}", "--values", '{"单价": 0.1, "数量": 3}', home=tmp_path)
    assert (done.code, done.out, done.err) == (0, "0.3\n", "")


def test_an_error_shows_its_code_its_place_and_ends_with_2(tmp_path: Path) -> None:
    done = formwork("eval", "1+{单价}/{零}", "--values", '{"单价": 1, "零": 0}', home=tmp_path)
    assert (done.code, done.out) == (2, "")
    said, formula, mark = done.err.splitlines()
    assert said.startswith("formwork: #DIV/0! ")
    assert formula == "  1+{单价}/{零}"
    assert mark == "    ^" + "~" * 10  # Chinese characters are two columns wide


def test_a_minus_at_the_start_is_no_option(tmp_path: Path) -> None:
    done = formwork("eval", "-2^2", "--json", home=tmp_path)
    assert (done.code, json.loads(done.out)) == (0, {"value": 4, "type": "number"})
    assert shielded(["eval", "--values", "-1", "-x"]) == ["eval", "--values", "-1", "=-x"]
    assert shielded(["eval", "--json", "--values={}", "1"]) == ["eval", "--json", "--values={}", "1"]


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("{d}+1", {"d": "2024-05-17"}, "2024-05-18"),
        ("{d}+1", {"d": {"date": "2024-05-17"}}, "2024-05-18"),
        ("{d}", {"d": "2024-05-17T09:30"}, "2024-05-17 09:30:00"),
        ("{d}", {"d": {"datetime": "2024-05-17T09:30:00"}}, "2024-05-17 09:30:00"),
        ("{d}&1", {"d": "2024-13-17"}, "2024-13-171"),
        ("{a}", {"a": [1, 2.50, None, "x"]}, "1, 2.5, , x"),
        ("{客户}.{等级}", {"客户": {"等级": "A", "地区": "华东"}}, "A"),
        ("1>2", {}, "FALSE"),
        ("{a}", {"a": None}, "(blank)"),
        ("{a}*24", {"a": {"time": "06:00:00"}}, "6"),
        ("ISERROR({a})", {"a": {"error": "#N/A"}}, "TRUE"),
    ],
)
def test_results_are_readable(formula: str, values: dict[str, Any], expected: str) -> None:
    assert computed(formula, json.dumps(values), as_json=False) == (0, expected)


@pytest.mark.parametrize(
    ("formula", "value", "type_"),
    [
        ("1/3", "0.3333333333333333333333333333333333", "number"),
        ("10^30", "1E+30", "number"),
        ("2.50", "2.5", "number"),
        ('"中"', '"中"', "text"),
        ("1=1", "true", "bool"),
        ("DATE(2024,5,17)", '"2024-05-17"', "date"),
        ("{t}", '"06:00:00"', "time"),
        ("{t}-{u}", "3600.0", "duration"),
        ("{l}", '[1, null, "x", {"error": "#N/A"}]', "list"),
        ("{b}", "null", "blank"),
    ],
)
def test_json_says_value_and_type(formula: str, value: str, type_: str) -> None:
    values = {
        "t": {"time": "06:00:00"},
        "u": {"time": "05:00:00"},
        "l": [1, None, "x", {"error": "#N/A"}],
        "b": None,
    }
    assert computed(formula, json.dumps(values), as_json=True) == (0, f'{{"value": {value}, "type": "{type_}"}}')


def test_an_error_in_json_has_code_and_place() -> None:
    code, text = computed("1+1/0", None, as_json=True)
    error = json.loads(text)["error"]
    assert (code, error["code"], error["start"], error["end"]) == (2, "#DIV/0!", 2, 5)


def test_numbers_of_json_stay_exact() -> None:
    assert computed("{a}", '{"a": 12345678901234567890.01}', as_json=False) == (0, "12345678901234567890.01")
    assert json.loads(computed("{a}", '{"a": 0.1}', as_json=True)[1], parse_float=Decimal)["value"] == Decimal("0.1")


@pytest.mark.parametrize(
    "values",
    [
        "",
        "x",
        "[1]",
        "5",
        '{"a":',
        '{"a": NaN}',
        "[" * 100_000,
        '{"a": [1, {"b": 1, "c": 2}]}',
        '{"a": {"date": "soon"}}',
        '{"a": {"date": 5}}',
    ],
)
def test_values_that_are_none_are_refused_in_one_sentence(values: str) -> None:
    with pytest.raises(UserError) as caught:
        computed("1", values, as_json=False)
    assert "\n" not in str(caught.value)
    assert "--values" in str(caught.value)


def test_a_long_formula_is_shown_around_its_error() -> None:
    code, text = computed("+".join(["1"] * 100) + "+1/0+" + "+".join(["1"] * 90), None, as_json=False)
    _, formula, mark = text.splitlines()
    assert code == 2
    assert formula[mark.index("^") : mark.index("^") + 3] == "1/0"


def test_what_cannot_be_printed_is_shown_as_a_sign() -> None:
    code, text = computed("1+\x1b[2J", None, as_json=False)
    assert code == 2
    assert "\x1b" not in text
    assert "\ufffd" in text


def test_words_between_conditions_and_commas_that_are_missing_are_named(tmp_path: Path) -> None:
    assert "AND is a function, as in AND(" in formwork("eval", "1>0 and 2>1", home=tmp_path).err
    assert "or a comma, is missing" in formwork("eval", "IF(1>0 2)", home=tmp_path).err
    assert "no closing brace" in formwork("eval", "{a*{b}", home=tmp_path).err


def test_an_option_that_is_not_known_is_named_as_it_was_typed_and_a_double_sign_is_a_formula(tmp_path: Path) -> None:
    assert "“--bogus” is not understood." in formwork("eval", "1", "--bogus", home=tmp_path).err
    assert formwork("eval", "--SUM(1)", home=tmp_path).out == "1\n"
