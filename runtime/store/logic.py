"""The formulas of one form, compiled: defaults, computed fields in dependency order, and checks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from resources.texts import T
from runtime.errors import Problem, Sentence
from runtime.expression.compile_python import Compiled, compile_typed
from runtime.expression.graph import affected, evaluation_order
from runtime.expression.schema import Reference
from runtime.fields import Unreadable
from runtime.form import Field, Form, FormLookup
from runtime.store.environment import Need, Start, need_of
from runtime.store.field_formulas import checked_formula
from runtime.store.form_schema import FormSchema
from runtime.store.list_paths import with_totals
from runtime.value.error_values import ErrorValue
from runtime.value.situation import Situation


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One compiled formula of a field.

    Attributes:
        inputs: ids of the fields of its own row that it reads, relations at the start of paths included.
        references: what it reads, in the words of the formula.
        needs: what it reads beyond its row.
        volatile: whether the result depends on the time or on who asks.
    """

    field: Field
    compiled: Compiled
    inputs: frozenset[str]
    references: tuple[Reference, ...]
    needs: tuple[Need, ...]
    volatile: bool

    @property
    def meaning(self) -> object:
        """Equal for two versions of a field whose stored values are computed alike."""
        titles = [_words(need.leaf) for need in self.needs if need.titled and need.leaf is not None]
        read = [(each.key, each.type, each.scale, each.options) for each in self.references]
        return self.field.props.formula, read, titles


def _words(title: Field) -> object:
    """What makes a title read differently when it changes."""
    labels = [(option.id, option.label) for option in getattr(title.props, "options", None) or ()]
    return title.id, title.kind.name, title.kind.scale(title.props), labels


class Cells(Start, Protocol):
    """A row whose computed fields are filled in."""

    @property
    def values(self) -> dict[str, Any]:
        """Typed values by field id."""
        ...

    @property
    def errors(self) -> dict[str, str]:
        """Error codes by id of the computed field."""
        ...


Read = Callable[[Form, Sequence[Start], Sequence[Need]], list[dict[str, Any]]]
"""`environment.Paths.read`."""


class FormLogic:
    """What a form's formulas say.

    Args:
        form: the form.
        lookup: finds other forms, for paths.

    A formula with problems is left out: publishing refuses it, and an old definition must not stop a save.
    """

    def __init__(self, form: Form, lookup: FormLookup) -> None:
        self.form = form
        self._lookup = lookup
        self._schema = FormSchema(form, lookup)
        self.defaults = self._programs("default")
        self.checks = self._programs("check")
        computed = {program.field.id: program for program in self._programs("formula")}
        dependencies = {field_id: frozenset(program.inputs & computed.keys()) for field_id, program in computed.items()}
        self.computed = [computed[field_id] for field_id in evaluation_order(dependencies)]
        self._inputs = {program.field.id: program.inputs for program in self.computed}
        self._stages = _stages(self.computed)
        self.remote = frozenset(
            affected([program.field.id for program in self.computed if program.needs], self._inputs)
        )

    @property
    def is_plain(self) -> bool:
        """Whether the form has no formula at all: rows can be written without looking at each."""
        return not (self.defaults or self.checks or self.computed)

    def _programs(self, prop: str) -> list[Program]:
        programs = []
        for field in self.form.fields:
            source = getattr(field.props, prop, "") if field.known else ""
            program = self._program(field, prop) if source else None
            if program is not None:
                programs.append(program)
        return programs

    def _program(self, field: Field, prop: str) -> Program | None:
        checked = checked_formula(field, prop, self._schema)
        if not checked.correct or checked.node is None:
            return None
        node, totals = with_totals(checked.node)
        compiled = compile_typed(node)
        needs: list[Need] = []
        for reference in compiled.references:
            function, meant = totals.get(reference.key, ("", reference))
            if len(meant.path) > 1 or meant.path[0] not in self.form.by_id:
                need = need_of(meant, self.form, self._lookup, function)
                needs.append(need if not function else Need(reference.key, need.route, need.leaf, False, function))
        if any(step.form is None for need in needs for step in need.route):
            return None  # it leads to a form that is gone: the app that has it was taken away
        inputs = frozenset(reference.path[0] for reference in checked.references) & self.form.by_id.keys()
        return Program(field, compiled, inputs, checked.references, tuple(needs), checked.volatile)

    def recompute(self, changed: Collection[str]) -> list[Program]:
        """The computed fields that a change of the fields `changed` of a row touches in that row, in order."""
        touched = affected(changed, self._inputs)
        return [program for program in self.computed if program.field.id in touched]

    def is_remote(self, program: Program) -> bool:
        """Whether the result depends on other rows, by paths of its own or of the fields it reads."""
        return bool(program.needs) or not self.remote.isdisjoint(program.inputs)

    def apply_defaults(self, rows: Sequence[Cells], situation: Situation, read: Read) -> None:
        """Fill the fields that new records do not give; a default that fails leaves its field blank."""
        for program in self.defaults:
            field = program.field
            blank = [row for row in rows if field.id not in row.values]
            for row, environment in self._environments([program], blank, read):
                value, error = _taken(field, program.compiled.evaluate(environment, situation))
                if error is None and value is not None:
                    row.values[field.id] = value

    def compute(self, programs: Sequence[Program], rows: Sequence[Cells], situation: Situation, read: Read) -> None:
        """Run computed fields in order; results go into `values`, Excel error codes into `errors`."""
        for _, group in groupby(programs, key=lambda program: self._stages[program.field.id]):
            stage = list(group)
            for row, environment in self._environments(stage, rows, read):
                for program in stage:
                    self._computed(program, row, environment, situation)

    @staticmethod
    def _computed(program: Program, row: Cells, environment: dict[str, Any], situation: Situation) -> None:
        field = program.field
        value, error = _taken(field, program.compiled.evaluate(environment, situation))
        row.values[field.id] = value
        if error is None:
            row.errors.pop(field.id, None)
            environment[field.id] = _blank(field) if value is None else field.kind.to_formula(value, field.props)
        else:
            row.errors[field.id] = error
            environment[field.id] = ErrorValue(error)

    def _environments(
        self, programs: Sequence[Program], rows: Sequence[Cells], read: Read
    ) -> Iterator[tuple[Cells, dict[str, Any]]]:
        """Each row with all that the programs read; later rows see what was done with earlier ones."""
        inputs = {field_id for program in programs for field_id in program.inputs}
        fields = [field for field in self.form.fields if field.id in inputs]
        needs = list({need.key: need for program in programs for need in program.needs}.values())
        further = read(self.form, rows, needs) if needs else []
        for at, row in enumerate(rows):
            found: dict[str, Any] = further[at] if needs else {}
            values, errors = row.values, row.errors
            for field in fields:
                value = values.get(field.id)
                found[field.id] = _blank(field) if value is None else field.kind.to_formula(value, field.props)
                if value is None and field.id in errors:
                    found[field.id] = ErrorValue(errors[field.id])
            yield row, found

    def failed_checks(
        self, checks: Sequence[Program], rows: Sequence[Cells], situation: Situation, read: Read
    ) -> Iterator[Problem]:
        """What is wrong with each row by `checks`: those that are not true."""
        for row, environment in self._environments(checks, rows, read) if checks else ():
            for program in checks:
                if program.compiled.evaluate(environment, situation) is not True:
                    message: Sentence = program.field.props.check_message or T("This value is not allowed here.")
                    yield Problem(program.field.id, "check_failed", message, row=row.id)


def _stages(computed: Sequence[Program]) -> dict[str, int]:
    """Field -> in which go it is computed: paths that begin at a computed relation wait for that relation."""
    found: dict[str, int] = {}
    for program in computed:
        starts = {need.route[0].id for need in program.needs}
        before = [found[field_id] + (field_id in starts) for field_id in program.inputs if field_id in found]
        found[program.field.id] = max(before, default=0)
    return found


def _blank(field: Field) -> Any:
    """What a blank field is in formulas."""
    return () if field.kind.item_type else None


def _taken(field: Field, result: Any) -> tuple[Any, str | None]:
    """A formula's result as the field holds it: (value, error code)."""
    if isinstance(result, ErrorValue):
        return None, result.code
    if result is None or result == "":
        return None, None
    try:
        return field.kind.from_formula(result, field.props), None
    except Unreadable:
        return None, "#VALUE!"
