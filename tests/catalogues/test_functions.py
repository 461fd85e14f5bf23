"""The contract every formula function keeps; a new one is tested here the moment it exists."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

import runtime.functions
from resources.texts import speaking
from runtime.expression.check import Checked, check
from runtime.expression.compile_python import compile_python
from runtime.expression.running import PYTHON_CLASSES
from runtime.functions import Function, find_function, functions
from runtime.value.conversions import to_text
from runtime.value.situation import Situation
from runtime.value.types import ANY, ValueType

SITUATION = Situation(datetime(2024, 5, 17, 1, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), UUID(int=7))
EVERY = pytest.mark.parametrize("function", list(functions), ids=lambda function: function.name)
GROUPS = sorted({each.group for each in functions})


class NoFields:
    """A schema without fields: examples need none."""

    def resolve(self, path: tuple[str, ...]) -> None:
        """Nothing."""
        return

    def labels(self, path: tuple[str, ...]) -> list[str]:
        """Nothing."""
        return []


def _example(function: Function) -> Checked:
    return check(function.example, NoFields())


@EVERY
def test_its_names_are_capitals_or_chinese_and_lead_to_it(function: Function) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(\.[A-Z]+)?", function.name)
    for name in (function.name, function.name.lower(), *function.aliases):
        assert find_function(name) is function


@EVERY
def test_it_has_a_chinese_name(function: Function) -> None:
    assert any(not alias.isascii() for alias in function.aliases)


@EVERY
def test_it_is_computed_or_rewritten_and_says_how(function: Function) -> None:
    assert (function.run is None) is not (function.special is None)
    assert inspect.getdoc(function.run or function.special)


@EVERY
def test_its_help_ends_with_a_full_stop_and_its_parameters_have_names(function: Function) -> None:
    assert str(function.help).endswith(".")
    assert all(str(param.label) for param in function.params)
    assert str(function).startswith(f"{function.name}(")


@EVERY
def test_its_example_is_correct_and_shows_what_it_says(function: Function) -> None:
    checked = _example(function)
    assert checked.problems == ()
    result = compile_python(checked).evaluate({}, SITUATION)
    assert to_text(result, SITUATION.zone) == function.shows


@EVERY
def test_its_result_has_the_declared_type(function: Function) -> None:
    checked = _example(function)
    result = compile_python(checked).evaluate({}, SITUATION)
    if function.special is None:
        assert isinstance(result, PYTHON_CLASSES[checked.type.kind])
    elif isinstance(function.result, ValueType) and function.result != ANY:
        assert checked.type == function.result
    assert not isinstance(result, float | int) or isinstance(result, bool | Decimal)


@EVERY
def test_it_refuses_too_many_and_too_few_values(function: Function) -> None:
    assert not function.accepts(256)
    required = [param for param in function.params if not param.optional]
    assert not required or not function.accepts(0)
    assert any(function.accepts(count) for count in range(5))


@EVERY
def test_options_lead_to_themselves(function: Function) -> None:
    for param in function.params:
        for meant in param.options.values():
            assert param.options[meant] == meant


@EVERY
def test_its_help_is_translated(function: Function) -> None:
    english = str(function.help)
    with speaking("zh_CN"):
        assert str(function.help) != english


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_has_its_file_and_its_test(group: str) -> None:
    folder = Path(runtime.functions.__file__).parent
    assert (folder / f"{group}.py").exists()
    assert (Path(__file__).parents[1] / "runtime" / "functions" / f"test_{group}.py").exists()
