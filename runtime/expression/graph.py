"""Which computed value comes after which: the order of evaluation, cycles, and what a change affects."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from resources.texts import T
from runtime.errors import UserError


class Cycle(UserError):
    """Formulas depend on each other in a circle.

    Attributes:
        path: the keys along the circle; each one needs the next, the last is the first again.
    """

    code = "formula_cycle"

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(
            T("These formulas need each other: {path}.", path=" → ".join(path)),
            T("Remove one of the references."),
        )
        self.path = path


def evaluation_order(dependencies: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The computed keys in an order in which each comes after all it needs; the same for the same input.

    Args:
        dependencies: computed key -> the keys its formula needs; keys that are not computed may be among them.

    Raises:
        Cycle: a formula needs itself, directly or through others.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for key in sorted(dependencies):
        sorter.add(key, *sorted(set(dependencies[key]) & dependencies.keys()))
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        raise Cycle(tuple(reversed(error.args[1]))) from None


def affected(changed: Iterable[str], dependencies: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The computed keys whose value may change when the keys in `changed` do, those included that are computed."""
    users: dict[str, list[str]] = {}
    for key, needed in dependencies.items():
        for each in needed:
            users.setdefault(each, []).append(key)
    waiting = deque(changed)
    found = {key for key in waiting if key in dependencies}
    while waiting:
        for user in users.get(waiting.popleft(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return frozenset(found)
