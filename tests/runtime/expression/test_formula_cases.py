"""Enough of the published cases agree, and every deviation has its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.runtime.expression import deviations
from tests.runtime.expression.cases import FILE, FORMS, agrees, runs


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """Every core case, computed in both forms."""
    if not FILE.exists():
        pytest.skip(f"{FILE} is not here")
    return deviations.report([run for form in FORMS for run in runs(form)])


def test_enough_cases_agree(figures: dict[str, Any]) -> None:
    assert figures["cases"] > 1_000
    assert figures["with_value"]["percent"] >= 100 * deviations.LEAST
    assert figures["with_error"]["percent"] >= 100 * deviations.LEAST_ERRORS


def test_every_deviation_has_a_reason_and_the_list_of_choices_is_short(figures: dict[str, Any]) -> None:
    assert [each["id"] for each in figures["deviations"] if not each["reason"]] == []
    assert len(figures["by_choice"]) <= deviations.MOST * figures["cases"]
    assert deviations.is_good(figures)


def test_the_list_of_deviations_is_true(figures: dict[str, Any]) -> None:
    assert figures["reasons_without_deviation"] == []


def test_the_comparison_sees_a_difference() -> None:
    assert agrees(3, Decimal(3))
    assert not agrees(3, Decimal("3.1"))
    assert not agrees("3", Decimal(3))
    assert not agrees({"error": "*"}, Decimal(3))
    assert not agrees({"date": "2024-01-01"}, Decimal(45292))
