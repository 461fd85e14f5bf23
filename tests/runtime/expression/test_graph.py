"""The order of computed values."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.expression.graph import Cycle, affected, evaluation_order
from tests.support.pace import within


def test_each_formula_comes_after_what_it_needs() -> None:
    needs = {"total": {"net", "tax"}, "tax": {"net"}, "net": {"price", "count"}}
    assert evaluation_order(needs) == ("net", "tax", "total")


def test_a_cycle_is_refused_with_its_path() -> None:
    with pytest.raises(Cycle) as caught:
        evaluation_order({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})
    path = caught.value.path
    assert path[0] == path[-1]
    assert set(path) == {"a", "b", "c"}
    assert all({"a": "b", "b": "c", "c": "a"}[before] == after for before, after in pairwise(path))
    assert "→" in str(caught.value)


def test_a_formula_that_needs_itself_is_a_cycle() -> None:
    with pytest.raises(Cycle) as caught:
        evaluation_order({"a": ["a"]})
    assert caught.value.path == ("a", "a")


def test_a_change_affects_what_needs_it_directly_or_not() -> None:
    needs = {"total": {"net", "tax"}, "tax": {"net"}, "net": {"price"}, "label": {"name"}}
    assert affected(["price"], needs) == {"net", "tax", "total"}
    assert affected(["name"], needs) == {"label"}
    assert affected(["tax"], needs) == {"tax", "total"}
    assert affected(["nothing"], needs) == frozenset()


@given(st.dictionaries(st.integers(0, 30), st.sets(st.integers(0, 30), max_size=4), max_size=25))
def test_the_order_holds_for_every_graph_without_a_cycle(drawn: dict[int, set[int]]) -> None:
    needs = {f"k{key}": {f"k{each}" for each in found if each < key} for key, found in drawn.items()}
    order = evaluation_order(needs)
    assert sorted(order) == sorted(needs)
    for key, found in needs.items():
        assert all(order.index(each) < order.index(key) for each in found if each in needs)


def test_three_hundred_formulas_take_a_few_milliseconds() -> None:
    needs = {f"f{n}": [f"f{n - 1}", f"b{n}"] for n in range(300)}
    with within(0.1):
        assert len(evaluation_order(needs)) == 300
