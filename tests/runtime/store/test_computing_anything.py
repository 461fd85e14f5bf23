"""Random apps, random changes: what is stored is always what computing everything from the beginning would give."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.changes import AnyChange, BulkChange, Change, ChangeKind, new_uuid
from runtime.errors import Refused
from runtime.permission.scope import EVERYTHING
from runtime.session import Session
from runtime.store import recompute, snapshot
from runtime.store.dependents import Dependents
from runtime.store.records import Applied
from runtime.store.rows import Row
from tests.support.apps import an_app, field_called
from tests.support.workspaces import Office

FORMS = ("甲", "乙", "丙", "行")
TOP = FORMS[:3]
ROOT = "甲"
BELOW = "行"

Rows = dict[str, dict[UUID, Row]]
Value = Callable[["World", str, Row], Decimal]


@dataclass
class World:
    """Everything that is stored and alive, and what the computed fields should be; knows nothing of the store's ways.

    Attributes:
        rows: form -> id -> row, living ones.
        ids: (form, field name) -> field id.
        formulas: form -> field name -> the formula as Python.
    """

    rows: Rows
    ids: dict[tuple[str, str], str]
    formulas: dict[str, dict[str, Value]]
    known: dict[tuple[str, UUID, str], Decimal] = field(default_factory=dict)

    def number(self, form: str, row: Row, name: str) -> Decimal | None:
        """The value of a number field."""
        if name not in self.formulas[form]:
            return row.values.get(self.ids[form, name])
        key = (form, row.id, name)
        if key not in self.known:
            self.known[key] = self.formulas[form][name](self, form, row)
        return self.known[key]

    def step(self, form: str, row: Row, step: str) -> list[Row]:
        """The rows one step further."""
        if step == "^":
            return [self.rows[ROOT][row.root]] if row.root in self.rows[ROOT] else []
        if step == BELOW:
            return [each for each in self.rows[BELOW].values() if each.root == row.id]
        if step.startswith("~"):
            _, owner, name = step.split(":")
            return [each for each in self.rows[owner].values() if each.values.get(self.ids[owner, name]) == row.id]
        target = row.values.get(self.ids[form, step])
        return [self.rows[step][target]] if target in self.rows[step] else []


@dataclass
class Design:
    """A random app under way: its formulas as text and as Python."""

    random: Random
    formulas: dict[str, dict[str, Value]] = field(default_factory=lambda: {form: {} for form in FORMS})
    texts: list[tuple[str, str, str]] = field(default_factory=list)

    def paths(self, form: str) -> list[tuple[str, str, str, bool]]:
        """(step, as formulas name it, form it leads to, whether to many) of every step from a form."""
        found = [(target, target, target, False) for target in TOP]
        if form in TOP:
            found += [(f"~:{owner}:{form}", f"{owner}们", owner, True) for owner in FORMS]
        if form == ROOT:
            found.append((BELOW, BELOW, BELOW, True))
        if form == BELOW:
            found.append(("^", "main", ROOT, False))
        return found

    def add(self, at: int) -> None:
        """One more computed field, over those that are there."""
        form, name = self.random.choice(FORMS), f"算{at}"
        here, many, steps, names = form, False, [], []
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 2, 3))):
            step, said, here, wide = self.random.choice(self.paths(here))
            many = many or wide
            steps.append(step)
            names.append(said)
        leaf = self.random.choice(["数", "数", *self.formulas[here]])
        path = ".".join(f"{{{each}}}" for each in (*names, leaf))
        beside = self.random.choice(["数", *self.formulas[form]])
        pattern, value = self.random.choice(LISTS if many else SINGLE)
        self.texts.append((form, name, pattern.format(path=path, beside=f"{{{beside}}}")))

        def compute(world: World, own: str, row: Row) -> Decimal:
            rows, here = [row], own
            for step in steps:
                rows = [each for one in rows for each in world.step(here, one, step)]
                here = step.split(":")[1] if step.startswith("~") else ROOT if step == "^" else step
            return value(
                [world.number(here, each, leaf) for each in rows], world.number(own, row, beside) or Decimal(0)
            )

        self.formulas[form][name] = compute


def _sum(values: list[Any]) -> Decimal:
    return Decimal(sum(value for value in values if value is not None))


SINGLE: list[tuple[str, Callable[[list[Any], Any], Decimal]]] = [
    ("{path}+1", lambda values, own: _sum(values) + 1),
    ("{path}+{beside}*2", lambda values, own: _sum(values) + own * 2),
    ("IF({path}>3,7,{path}-1)", lambda values, own: Decimal(7) if _sum(values) > 3 else _sum(values) - 1),
]
LISTS: list[tuple[str, Callable[[list[Any], Any], Decimal]]] = [
    ("SUM({path})", lambda values, own: _sum(values)),
    ("SUM({path},{beside})", lambda values, own: _sum(values) + own),
    ("MAX({path})-MIN({path})", lambda values, own: _spread(values)),
    ("COUNT({path})+COUNTA({path})*100", lambda values, own: Decimal(101 * sum(each is not None for each in values))),
    ("IFERROR(AVERAGE({path}),-5)", lambda values, own: _average(values)),
]


def _spread(values: list[Any]) -> Decimal:
    filled = [value for value in values if value is not None]
    return Decimal(max(filled) - min(filled)) if filled else Decimal(0)


def _average(values: list[Any]) -> Decimal:
    filled = [value for value in values if value is not None]
    return _sum(filled) / len(filled) if filled else Decimal(-5)


class Machine:
    """An office with a random app, and somebody who changes things at random."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.design = Design(self.random)
        build = an_app()
        forms = {name: build.form(name) for name in TOP}
        forms[BELOW] = build.subform(forms[ROOT], BELOW)
        for name in FORMS:
            build.field(forms[name], "decimal", "数", decimals=0)
            for target in TOP:
                build.field(forms[name], "relation", target, form=forms[target], reverse=f"{name}们")
        for at in range(self.random.randint(3, 12)):
            self.design.add(at)
        for form, name, text in self.design.texts:
            build.field(forms[form], "decimal", name, decimals=6, formula=text)
        self.office = Office(folder, build.app)
        self.forms = {name: self._form(name) for name in FORMS}
        self.ids = {
            (name, each.name): each.id
            for name in FORMS
            for each in self.office.session.form(self.forms[name]).form.fields
        }

    def _form(self, name: str) -> str:
        if name == BELOW:
            return self.office.form(ROOT).subforms[0].id
        return self.office.form(name).id

    def all(self, deleted: bool = False) -> Rows:
        """Every row, living or in the bin."""
        found: Rows = {}
        for name in FORMS:
            query = self.office.session.query(self.forms[name], deleted=deleted)
            reader = self.office.session.reader
            found[name] = {row.id: row for row in reader.rows(self.forms[name], reader.ids(query), EVERYTHING)}
        return found

    def change(self) -> list[AnyChange]:
        """Something that somebody may do; now and then several things at once."""
        alive, binned = self.all(), self.all(deleted=True)
        changes: list[AnyChange] = []
        for _ in range(self.random.choice((1, 1, 2, 4))):
            name = self.random.choice(FORMS)
            here, gone = list(alive[name]), [row for row in binned[name].values() if self._may_return(row, alive)]
            kind = self.random.random()
            if kind < 0.45 or not here:
                changes += self._made(name, alive)
            elif kind < 0.8:
                changes.append(Change(ChangeKind.SET, self.forms[name], self.random.choice(here), self._values(alive)))
            elif kind < 0.9:
                row = here.pop(self.random.randrange(len(here)))
                changes.append(Change(ChangeKind.DEL, self.forms[name], row))
                alive = self._without(alive, name, row)
            elif gone:
                row = self.random.choice(gone).id
                changes.append(BulkChange(ChangeKind.RESTORE, self.forms[name], [row]))
        return [self._named(change) for change in changes]

    def _may_return(self, row: Row, alive: Rows) -> bool:
        return row.root is None or row.root in alive[ROOT]

    def _without(self, alive: Rows, name: str, row: UUID) -> Rows:
        kept = {form: {key: each for key, each in rows.items() if key != row} for form, rows in alive.items()}
        if name == ROOT:
            kept[BELOW] = {key: each for key, each in kept[BELOW].items() if each.root != row}
        return kept

    def _made(self, name: str, alive: Rows) -> list[AnyChange]:
        root = self.random.choice(list(alive[ROOT])) if alive[ROOT] else None
        if name != BELOW:
            return [Change(ChangeKind.NEW, self.forms[name], new_uuid(), self._values(alive))]
        if root is None:
            return []
        return [Change(ChangeKind.NEW, self.forms[name], new_uuid(), self._values(alive), root) for _ in range(2)]

    def _values(self, alive: Rows) -> dict[str, Any]:
        """Values by name."""
        values: dict[str, Any] = {}
        if self.random.random() < 0.7:
            values["数"] = self.random.choice([None, *map(Decimal, range(-2, 9))])
        for target in TOP:
            if self.random.random() < 0.4:
                values[target] = self.random.choice([None, *alive[target]])
        return values

    def _named(self, change: AnyChange) -> AnyChange:
        if not isinstance(change, Change):
            return change
        name = next(name for name, form in self.forms.items() if form == change.form)
        values = {self.ids[name, key]: value for key, value in change.values.items()}
        return Change(change.kind, change.form, change.row, values, change.root)

    def assert_right(self) -> None:
        """What is stored is what the oracle says."""
        rows = self.all()
        world = World(rows, self.ids, self.design.formulas)
        for name in FORMS:
            for row in rows[name].values():
                assert row.errors == {}
                for computed in self.design.formulas[name]:
                    expected = world.number(name, row, computed)
                    assert expected is not None
                    stored = row.values.get(self.ids[name, computed])
                    assert stored is not None, (name, computed, self.design.texts)
                    assert abs(stored - expected) < Decimal("0.00001"), (name, computed, self.design.texts)


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_what_is_stored_is_what_computing_from_the_beginning_gives(seed: int) -> None:
    with patch.object(recompute, "BORDER", Random(seed).choice((1, 3, 5_000))):
        somebody_changes_things(seed)


@pytest.mark.one_engine
@pytest.mark.parametrize("forgotten", ["former", "later", "edges"])
def test_a_store_that_forgets_something_is_caught(forgotten: str) -> None:
    class Forgetful(Dependents):
        def heard(self, form_id: str) -> frozenset[str]:
            found = super().heard(form_id)
            return frozenset(each for each in found if not each.endswith("<")) if forgotten == "former" else found

        def later(self, form_id: str, field_id: str) -> set[str]:
            return set() if forgotten == "later" else super().later(form_id, field_id)

        def edges(self, form_id: str, changed: str) -> list[Any]:
            return super().edges(form_id, changed)[: -1 if forgotten == "edges" else None]

    with patch.object(snapshot, "Dependents", Forgetful), pytest.raises(AssertionError):
        many_people_change_things()


def many_people_change_things() -> None:
    """Change the records of several random apps."""
    for seed in range(60):
        somebody_changes_things(seed)


def undone(session: Session) -> set[str]:
    """Take the last step back; why it was refused: what a relation pointed to may have gone to the bin since."""
    try:
        session.undo()
    except Refused as refusal:
        return {problem.code for problem in refusal.problems}
    return set()


def somebody_changes_things(seed: int) -> None:
    """Change a random app's records at random; after each change everything must be right."""
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(Path(folder), seed)
        session = machine.office.session
        try:
            for _ in range(15):
                changes = machine.change()
                outcome = session.save(changes, "Anything")
                assert isinstance(outcome, Applied), (outcome, changes)
                machine.assert_right()
                if machine.random.random() < 0.15:
                    assert undone(session) in ({"no_such_target"}, set())
                    machine.assert_right()
            assert session.damage() == []
        finally:
            session.close()


def test_the_oracle_sees_a_wrong_value(tmp_path: Path) -> None:
    machine = Machine(tmp_path, 1)
    machine.office.session.save(machine.change(), "Anything")
    machine.office.session.save([Change(ChangeKind.NEW, machine.forms[ROOT], new_uuid(), {})], "One")
    machine.design.formulas[ROOT]["数数"] = lambda world, form, row: Decimal(1)
    machine.ids[ROOT, "数数"] = field_called(machine.office.form(ROOT), "数").id
    try:
        machine.assert_right()
    except AssertionError:
        return
    finally:
        machine.office.session.close()
    raise AssertionError("the oracle is blind")
