"""What is special about the field type choices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.texts import speaking
from runtime.definition.node import Node
from runtime.fields import Unreadable, field_types
from runtime.value.types import CHOICE, list_of

KIND = field_types["choices"]
LABELS = ("高", "Low", "a, b", '"q"', "甲、乙", "甲", "b")
PROPS = KIND.read({"options": [{"id": f"o{at}", "label": label} for at, label in enumerate(LABELS)]})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("高", ("o0",)),
        ("low，高", ("o0", "o1")),
        ("高 、 LOW;高", ("o0", "o1")),
        ("a, b", ("o2",)),
        ('"a, b", 高', ("o0", "o2")),
        ("高, a, b", ("o0", "o2")),
        ("甲、乙", ("o4",)),
        ("高\nLow\n", ("o0", "o1")),
        ('"""q"""', ("o3",)),
        (",", None),
    ],
)
def test_labels_are_found_with_any_sign_between_them(typed: str, kept: tuple[str, ...] | None) -> None:
    assert KIND.parse(typed, PROPS) == kept


def test_what_is_no_option_is_named() -> None:
    with pytest.raises(Unreadable) as wrong:
        KIND.parse("高、无", PROPS)
    assert str(wrong.value.message) == "“无” is not one of the options."


@given(
    st.sets(st.integers(0, 5), min_size=1),
    st.lists(st.text("ab, 、\"'高|;", min_size=1, max_size=6), min_size=6, max_size=6),
    st.sampled_from(["en", "zh_CN"]),
)  # fmt: skip
def test_whatever_the_labels_are_what_is_shown_is_read_again(places: set[int], labels: list[str], code: str) -> None:
    labels = [f"x{label}" if not label.strip() else label for label in labels]
    props = KIND.read({"options": [{"id": f"o{at}", "label": f"{at}{label}"} for at, label in enumerate(labels)]})
    value = tuple(f"o{at}" for at in sorted(places))
    with speaking(code):
        assert KIND.parse(KIND.format(value, props), props) == value


def test_it_is_kept_in_the_order_of_the_options_and_is_a_list_in_formulas() -> None:
    assert KIND.to_column(("o1", "o0"), PROPS) == '["o0","o1"]'
    assert KIND.formula_type == list_of(CHOICE)
    assert KIND.to_formula(("o0", "o1"), PROPS) == ("高", "Low")
    assert KIND.from_formula(["low", "o0"], PROPS) == ("o0", "o1")
    assert KIND.from_formula([], PROPS) is None


@pytest.mark.parametrize("value", [(), ("o9",), ("o0", "o0"), ["o0"], "o0"])
def test_what_is_no_set_of_options_is_refused(value: object) -> None:
    assert KIND.check(value, PROPS) is not None


def test_a_removed_option_is_still_shown() -> None:
    assert KIND.format(("o9",), PROPS) == "?"


def test_two_options_of_one_name_are_a_problem() -> None:
    node = Node("c1", "field.choices", props={"options": [{"id": "o1", "label": "A"}, {"id": "o2", "label": "a "}]})
    assert [problem.code for problem in KIND.check_props(node)] == ["options_alike"]


@pytest.mark.parametrize("raw", ["o0", [["o0"]], [1], {}])
def test_what_is_no_list_of_options_is_refused_from_outside(raw: object) -> None:
    with pytest.raises(TypeError):
        KIND.from_json(raw, PROPS)
