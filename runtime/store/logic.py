"""The formulas of one form, compiled: defaults, computed fields in dependency order, and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resources.texts import T
from runtime.errors import Problem, Sentence
from runtime.expression.check import check
from runtime.expression.compile_python import Compiled, compile_python
from runtime.expression.graph import affected, evaluation_order
from runtime.fields import Unreadable
from runtime.form import Field, Form, FormLookup
from runtime.store.form_schema import FormSchema
from runtime.value.error_values import ErrorValue
from runtime.value.situation import Situation


@dataclass(frozen=True, slots=True)
class Program:
    """One compiled formula of a field."""

    field: Field
    compiled: Compiled
    inputs: frozenset[str]


class FormLogic:
    """What a form's formulas say.

    Args:
        form: the form.
        lookup: finds other forms, for paths.

    A formula with problems is left out: publishing refuses it, and an old definition must not stop a save.
    """

    def __init__(self, form: Form, lookup: FormLookup) -> None:
        self.form = form
        self._schema = FormSchema(form, lookup)
        self.defaults = self._programs("default")
        self.checks = self._programs("check")
        computed = {program.field.id: program for program in self._programs("formula")}
        self._dependencies = {
            field_id: frozenset(program.inputs & computed.keys()) for field_id, program in computed.items()
        }
        self.computed = [computed[field_id] for field_id in evaluation_order(self._dependencies)]
        self._inputs = {program.field.id: program.inputs for program in self.computed}

    @property
    def is_plain(self) -> bool:
        """Whether the form has no formula at all: rows can be written without looking at each."""
        return not (self.defaults or self.checks or self.computed)

    def _programs(self, prop: str) -> list[Program]:
        programs = []
        for field in self.form.fields:
            source = getattr(field.props, prop, "") if field.known else ""
            if not source:
                continue
            checked = check(source, self._schema)
            if not checked.correct:
                continue
            inputs = frozenset(reference.path[0] for reference in checked.references)
            programs.append(Program(field, compile_python(checked), inputs))
        return programs

    def recompute(self, changed: frozenset[str]) -> list[Program]:
        """The computed fields that a change of the fields `changed` touches, in order."""
        touched = affected(changed, self._inputs)
        return [program for program in self.computed if program.field.id in touched]

    def environment(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Typed values as formulas see them."""
        found: dict[str, Any] = {}
        for field in self.form.fields:
            value = values.get(field.id)
            found[field.id] = None if value is None else field.kind.to_formula(value, field.props)
        return found

    def apply_defaults(self, values: dict[str, Any], situation: Situation) -> None:
        """Fill the fields that a new record does not give; a default that fails leaves its field blank."""
        for program in self.defaults:
            if program.field.id not in values:
                result = program.compiled.evaluate(self.environment(values), situation)
                value, error = _taken(program.field, result)
                if error is None and value is not None:
                    values[program.field.id] = value

    def compute(
        self, programs: list[Program], values: dict[str, Any], errors: dict[str, str], situation: Situation
    ) -> None:
        """Run computed fields in order; results go into `values`, Excel error codes into `errors`."""
        environment = self.environment(values)
        for program in programs:
            field = program.field
            value, error = _taken(field, program.compiled.evaluate(environment, situation))
            values[field.id] = value
            environment[field.id] = None if value is None else field.kind.to_formula(value, field.props)
            if error is None:
                errors.pop(field.id, None)
            else:
                errors[field.id] = error
                environment[field.id] = ErrorValue(error)

    def failed_checks(self, values: Mapping[str, Any], changed: frozenset[str], situation: Situation) -> list[Problem]:
        """The checks that are not true, of those that a change of the fields `changed` touches."""
        environment = self.environment(values)
        problems = []
        for program in self.checks:
            if not changed & (program.inputs | {program.field.id}):
                continue
            if program.compiled.evaluate(environment, situation) is not True:
                message: Sentence = program.field.props.check_message or T("This value is not allowed here.")
                problems.append(Problem(program.field.id, "check_failed", message))
        return problems


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
