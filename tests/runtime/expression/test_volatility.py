"""Where formulas may depend on time, person and chance."""

from __future__ import annotations

import pytest

from runtime.errors import Severity
from runtime.expression.volatility import random_problems, stored_problems
from tests.runtime.expression.sample import checked


@pytest.mark.parametrize(
    ("formula", "code", "severity", "place"),
    [
        ("{开始}-TODAY()", "recomputed_daily", Severity.WARNING, "TODAY()"),
        ("IF({启用},NOW(),{时间})", "recomputed_daily", Severity.WARNING, "NOW()"),
        ("{客户}=CURRENTUSER()", "depends_on_person", Severity.WARNING, "CURRENTUSER()"),
        ("{客户}={当前用户}", "depends_on_person", Severity.WARNING, "{当前用户}"),
        ("1+RAND()", "random_here", Severity.ERROR, "RAND()"),
    ],
)
def test_a_stored_column_says_what_changes_by_itself(formula: str, code: str, severity: Severity, place: str) -> None:
    (problem,) = stored_problems(checked(formula))
    assert (problem.code, problem.severity) == (code, severity)
    assert formula[problem.start : problem.end] == place
    assert str(problem.message)


@pytest.mark.parametrize("formula", ["{单价}*2", "SUMM(1)", "1+"])
def test_other_formulas_have_nothing_to_say(formula: str) -> None:
    assert stored_problems(checked(formula)) == []


def test_elsewhere_only_chance_is_refused() -> None:
    assert random_problems(checked("{开始}<=TODAY()")) == []
    assert [problem.code for problem in random_problems(checked("RAND()>RAND()"))] == ["random_here", "random_here"]
