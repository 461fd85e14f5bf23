"""What is special about the field type choice."""

from runtime.definition.node import Node
from runtime.fields import field_types

KIND = field_types["choice"]
PROPS = KIND.read({"options": [{"id": "o1", "label": "高"}, {"id": "o2", "label": "Low"}]})


def test_it_finds_an_option_by_its_label_without_regard_to_case() -> None:
    assert KIND.parse(" low ", PROPS) == "o2"


def test_it_sorts_by_the_order_of_the_options() -> None:
    assert KIND.sort_ranks(PROPS) == {"o1": 0, "o2": 1}


def test_a_removed_option_is_refused_and_still_shown() -> None:
    assert KIND.check("o9", PROPS) is not None
    assert KIND.format("o9", PROPS) == "?"


def test_two_options_of_one_name_are_a_problem() -> None:
    node = Node("c1", "field.choice", props={"options": [{"id": "o1", "label": "A"}, {"id": "o2", "label": "a "}]})
    assert [problem.code for problem in KIND.check_props(node)] == ["options_alike"]
