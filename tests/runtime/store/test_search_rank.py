"""How well words name a record, and that no form takes the whole list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.store.search_grams import fold, words
from runtime.store.search_rank import BEGUN, ELSEWHERE, INSIDE, WHOLE, WORD, rank, shared

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("title", "typed", "how"),
    [
        ("王磊", "wl", WHOLE),
        ("王磊", "WangLei", WHOLE),
        ("王磊", "王磊", WHOLE),
        ("王磊", "w l", WHOLE),
        ("王磊明", "wl", BEGUN),
        ("物流中心", "wl", BEGUN),
        ("上海 物流", "wl", WORD),
        ("ABC物流", "wl", WORD),
        ("顺丰物流", "wl", INSIDE),
        ("顺丰物流", "物流", INSIDE),
        ("(王磊)", "wl", WHOLE),
        ("重庆", "cq", WHOLE),
        ("WL", "wl", WHOLE),
        ("WL-2000 物流", "wl", BEGUN),
        ("Smith & Sons", "sons", WORD),
        ("Smith & Sons", "mith", INSIDE),
        ("Smith  Sons", "smith sons", WHOLE),
        ("Smith & Sons", "smith sons", BEGUN),
        ("1234 号", "1,234", BEGUN),
        ("DD-001", "wl", ELSEWHERE),
        ("", "wl", ELSEWHERE),
    ],
)
def test_a_whole_name_is_better_than_a_beginning_and_that_better_than_the_middle(
    title: str, typed: str, how: int
) -> None:
    assert rank(fold(title), words(typed)) == how


def test_each_form_has_its_share_and_the_best_come_first() -> None:
    companies = [(INSIDE, f"company {at}") for at in range(30)]
    people = [(WHOLE, "王磊"), (ELSEWHERE, "somebody")]
    chosen = shared([companies, people, []], 30)
    assert chosen[0] == "王磊"
    assert chosen[-1] == "somebody"
    assert chosen[1:-1] == [f"company {at}" for at in range(28)]


def test_what_others_leave_goes_to_the_best() -> None:
    assert shared([[(INSIDE, "a"), (INSIDE, "b")], [(WHOLE, "c"), (BEGUN, "d"), (BEGUN, "e")]], 4) == list("cdab")
    assert shared([[(INSIDE, "a")], [(WHOLE, "c"), (BEGUN, "d"), (BEGUN, "e")]], 3) == list("cda")


def test_with_more_forms_than_places_the_best_forms_are_there() -> None:
    assert shared([[(INSIDE, "a"), (INSIDE, "b")], [(WHOLE, "c")], [(WORD, "d")]], 2) == ["c", "d"]
    assert shared([], 5) == shared([[]], 5) == []


RANKED = st.lists(st.lists(st.integers(0, 4), max_size=12).map(sorted), max_size=6)


@given(ranks=RANKED, limit=st.integers(1, 20))
def test_no_form_with_something_is_left_out_and_nothing_is_left_unused(ranks: list[list[int]], limit: int) -> None:
    entries = [[(how, (form, at)) for at, how in enumerate(row)] for form, row in enumerate(ranks)]
    chosen = shared(entries, limit)
    assert len(chosen) == len(set(chosen)) == min(limit, sum(map(len, ranks)))
    shown = {form for form, _ in chosen}
    having = {form for form, row in enumerate(ranks) if row}
    assert shown == having if len(having) <= limit else len(shown) == limit
    order = [ranks[form][at] for form, at in chosen]
    assert order == sorted(order)
    for form in shown:
        mine = [at for each, at in chosen if each == form]
        assert mine == list(range(len(mine)))
        assert len(mine) >= min(len(ranks[form]), limit // len(having))
