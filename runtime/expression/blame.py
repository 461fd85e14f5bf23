"""Which part of a formula an error comes from: the formula is computed once more, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.expression.check import Checked
from runtime.expression.compile_python import compile_typed
from runtime.expression.nodes import Span
from runtime.expression.schema import Reference
from runtime.expression.typed import Attempt, Constant, Fail, Field, Typed, bottom_up, children, with_children
from runtime.value.error_values import ErrorValue
from runtime.value.situation import Situation

_MARK = ErrorValue("#MARK!")
"""Put in the place of an error: if the whole yields it, the error came from there."""


def place_of_error(checked: Checked, values: Mapping[str, object], situation: Situation) -> Span | None:
    """The characters of the innermost part that yields the error of the formula; None where that is not written there.

    Args:
        checked: a formula that yields an error for `values`.
        values: by `Reference.key`, as for `compile_python`.
        situation: that of the evaluation.
    """
    node = checked.node or checked.damaged
    if node is None:
        return None
    search = _Search(node, values, situation)
    place = checked.places.get(id(node))
    while True:
        place = checked.places.get(id(node), place)
        guilty = search.guilty_child(node)
        if guilty is None:
            return place
        node = guilty


class _Search:
    def __init__(self, node: Typed, values: Mapping[str, object], situation: Situation) -> None:
        self._values = values
        self._situation = situation
        self._results: dict[int, Any] = {}
        for each in bottom_up(node):
            below = children(each)
            self._results[id(each)] = self._computed(each, below, [self._results[id(child)] for child in below])

    def guilty_child(self, node: Typed) -> Typed | None:
        """The child that the error of `node` comes from; None where `node` itself is to blame."""
        below = children(node)
        results = [self._results[id(each)] for each in below]
        if isinstance(node, Attempt):
            return node.fallback if results[0] in node.caught else node.body
        error = self._results[id(node)]
        for index, each in enumerate(below):
            if results[index] == error:
                marked = [*results[:index], _MARK, *results[index + 1 :]]
                if self._computed(node, below, marked) == _MARK:
                    return each
        return None

    def _computed(self, node: Typed, below: Sequence[Typed], results: Sequence[Any]) -> Any:
        """The result of a node from those of its children: the same shape is compiled only once."""
        if isinstance(node, Field):
            return compile_typed(node, False).evaluate(self._values, self._situation)
        stand_ins: list[Typed] = []
        row: dict[str, Any] = {}
        for index, (each, result) in enumerate(zip(below, results, strict=True)):
            key = f"x{index}"
            row[key] = result
            fixed = isinstance(each, Constant | Fail) and result is not _MARK
            stand_ins.append(each if fixed else Field(Reference(key, (key,), (key,), each.type)))
        return compile_typed(with_children(node, stand_ins), False).evaluate(row, self._situation)
