"""Where formulas may depend on time, person and chance: everywhere but in what is stored, or only with a warning.

TODAY, NOW and CURRENTUSER are welcome in filters, visibility, checks and defaults. In a stored column they warn: its
values are computed again once a day. RAND is for defaults only.
"""

from __future__ import annotations

from collections.abc import Iterator

from resources.texts import T
from runtime.errors import Sentence, Severity
from runtime.expression.check import Checked
from runtime.expression.nodes import Span
from runtime.expression.problems import FormulaProblem
from runtime.expression.typed import Invoke, walk
from runtime.functions import Function, Group


def stored_problems(checked: Checked) -> list[FormulaProblem]:
    """What is wrong, or to be known, where the result of a formula is stored in a computed column."""
    found = random_problems(checked)
    for called, (start, end) in _volatile_calls(checked):
        if called.random:
            continue
        message: Sentence
        if called.group is Group.PEOPLE:
            code = "depends_on_person"
            message = T("{name} is whoever saves the record: the value says who saved it last.", name=called.name)
        else:
            code = "recomputed_daily"
            message = T(
                "{name} changes with time: the values of this field are computed again once a day.", name=called.name
            )
        found.append(FormulaProblem("", code, message, Severity.WARNING, start=start, end=end))
    return found


def random_problems(checked: Checked) -> list[FormulaProblem]:
    """What is wrong where a formula must yield the same value again: everywhere but in a default that may repeat."""
    message = T("A random number is another one each time: only default values of fields that may repeat can use it.")
    return [
        FormulaProblem("", "random_here", message, start=start, end=end)
        for called, (start, end) in _volatile_calls(checked)
        if called.random
    ]


def _volatile_calls(checked: Checked) -> Iterator[tuple[Function, Span]]:
    if checked.node is None:
        return
    for each in walk(checked.node):
        if isinstance(each, Invoke) and each.function.volatile:
            yield each.function, checked.places.get(id(each), (0, 0))
