"""Moving conditions about: nothing is lost, groups do not get too deep."""

from __future__ import annotations

from runtime.filters import Condition, Filter, Operator
from runtime.ui.filter_moves import depth, doubled, fits_deeper, into_group, into_new_group, out_of_group, shifted

A, B, C = (Condition(name, Operator.EMPTY) for name in "abc")


def test_a_condition_goes_into_a_group_of_its_own_that_is_joined_the_other_way():
    assert into_new_group(Filter((A, B)), (1,)) == Filter((A, Filter((B,), True)))
    assert into_new_group(Filter((Filter((A,), True),)), (0, 0)) == Filter((Filter((Filter((A,)),), True),))


def test_a_condition_goes_into_a_group_beside_it():
    assert into_group(Filter((A, Filter((B,)), C)), (2,), 1) == Filter((A, Filter((B, C))))
    assert into_group(Filter((A, Filter((B,)))), (0,), 1) == Filter((Filter((B, A)),))


def test_a_condition_that_leaves_its_group_stands_behind_it_and_an_empty_group_goes():
    assert out_of_group(Filter((Filter((A, B)), C)), (0, 0)) == Filter((Filter((B,)), A, C))
    assert out_of_group(Filter((Filter((A,)), C)), (0, 0)) == Filter((A, C))
    assert out_of_group(Filter((Filter((Filter((A,)),)),)), (0, 0, 0)) == Filter((Filter((A,)),))


def test_parts_change_places_and_are_doubled():
    assert shifted(Filter((A, B)), (1,), -1) == Filter((B, A))
    assert shifted(Filter((C, Filter((A, B)))), (1, 0), 1) == Filter((C, Filter((B, A))))
    assert doubled(Filter((A, Filter((B,)))), (1,)) == Filter((A, Filter((B,)), Filter((B,))))


def test_no_more_than_three_levels_are_made():
    deep = Filter((Filter((Filter((A,)),)), B))
    assert depth(deep) == 3
    assert fits_deeper(deep, (1,))
    assert not fits_deeper(deep, (0,))
    assert not fits_deeper(deep, (0, 0, 0))
