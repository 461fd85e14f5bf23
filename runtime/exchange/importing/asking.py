"""What is asked about a sheet that goes into a form: each question as a `Doubt`, each answer another `Aim`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from resources.texts import TN, T
from runtime.actor import Actor
from runtime.errors import Sentence
from runtime.exchange.columns import Choice, Doubt
from runtime.exchange.importing.aim import Aim, Blank, Misfit, Mode, Twice
from runtime.exchange.importing.fitting import Coming, Fitter, nearest, unknown_options
from runtime.exchange.importing.likeness import unless_counted
from runtime.exchange.importing.proposing import keys_of, propose, why_closed
from runtime.exchange.understanding.plan import CHUNK, ImportPlan
from runtime.form import Field, Form
from runtime.work import Progress

SHOWN = 3
"""Values that are named in a question."""

MOST_KEYS = 5
ORDERED = "day_or_month_first"
"""Code of the doubt about the order of day and month."""

PAST, NAMES = "past", "names"
LIST, ADD = "list", "add"

MODES = {
    Mode.UPSERT: T("Update the records that are there, add the others"),
    Mode.ADD: T("Add every row as a new record"),
    Mode.UPDATE: T("Only update records that are there"),
    Mode.MISSING: T("Only add those that are not there yet"),
}
TWICES = {
    Twice.REFUSE: T("The first row counts; the others are listed"),
    Twice.LAST: T("The last row counts; the others are skipped"),
    Twice.FIRST: T("The first row counts; the others are skipped"),
}
BLANKS = {Blank.KEEP: T("Keep what the record has"), Blank.CLEAR: T("Empty the field")}
MISFITS = {
    Misfit.REFUSE: T("Leave the row out and list it"),
    Misfit.BLANK: T("Take the row without the cell"),
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What was counted over all rows of a sheet.

    Attributes:
        bad: index of the column -> cells that do not fit their field.
        options: choice field id -> values that are none of its options.
        missing: relation field id -> texts that name no record and could make one.
    """

    bad: dict[int, int] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)


def look_over(
    session: Actor, plan: ImportPlan, sheet: str, aim: Aim, progress: Progress, coming: Coming | None = None
) -> Findings:
    """Fit every row of a sheet, without writing.

    Args:
        coming: form -> texts that name records which the same import makes before.

    Raises:
        Cancelled: somebody asked to stop.
    """
    found = Findings()
    if session.form_of_id(aim.form) is None:
        return found
    relations = frozenset(field_id for field_id in aim.fields.values() if _target(session, aim.form, field_id))
    asking = Fitter(session, plan, sheet, replace(aim, add_records=relations, add_options=frozenset()), None, coming)
    for source, target in asking.fields.items():
        if getattr(target.props, "options", ()):
            labels = unknown_options(target, asking.texts(source))
            if labels:
                found.options[target.id] = labels
    height = plan.source.tables[sheet].height
    for first in range(0, height, CHUNK):
        progress.check()
        fitted = asking.fit(first, min(CHUNK, height - first))
        for cell in fitted.bad:
            if cell.field.id not in aim.add_options or cell.text.strip() not in found.options.get(cell.field.id, ()):
                found.bad[cell.source] = found.bad.get(cell.source, 0) + 1
    for source, target in asking.fields.items():
        missing = asking.partners[target.id].missing if target.id in relations else set()
        if missing:
            found.missing[target.id] = sorted(missing)
        if missing and target.id not in aim.add_records:
            found.bad[source] = found.bad.get(source, 0) + sum(text in missing for text in asking.texts(source))
    return found


def _target(session: Actor, form_id: str, field_id: str) -> str:
    form = session.form_of_id(form_id)
    found = form.by_id.get(field_id) if form is not None else None
    return found.target if found is not None else ""


class Questions:
    """The questions about one sheet.

    Args:
        past: the aim of the last such file, where one was kept.
        findings: what was counted, as soon as it was.
    """

    def __init__(
        self, session: Actor, plan: ImportPlan, sheet: str, aim: Aim, past: Aim | None, findings: Findings
    ) -> None:
        form = session.form_of_id(aim.form)
        assert form is not None, "an aim is at a form that is there"
        self._form: Form = form
        self._session = session
        self._plan = plan
        self._sheet = sheet
        self._aim = aim
        self._past = past
        self._findings = findings

    def all(self) -> list[Doubt]:
        """Every question, the general ones first."""
        return [*self._general(), *self._of_columns()]

    def _ask(
        self,
        code: str,
        message: Sentence,
        choices: Sequence[tuple[str, Sentence]],
        chosen: str,
        source: int | None = None,
    ) -> Doubt:
        made = tuple(Choice(choice, label) for choice, label in choices)
        return Doubt(self._sheet, source, f"into_{code}", message, made, chosen)

    def _general(self) -> Iterator[Doubt]:
        aim, form = self._aim, self._form
        if self._past is not None and self._past != (proposed := self._proposed()):
            chosen = PAST if aim == self._past else NAMES if aim == proposed else ""
            choices = [(PAST, T("As in the last import of such a file")), (NAMES, T("By the names of the columns"))]
            yield self._ask("past", T("Where do the columns go?"), choices, chosen)
        yield self._ask("mode", T("What do the rows do in “{form}”?", form=form.name), list(MODES.items()), aim.mode)
        if not aim.mode.keyed:
            return
        keys = keys_of(self._plan, self._sheet, form, aim)[:MOST_KEYS]
        chosen_key = form.by_id.get(aim.key)
        if chosen_key is not None and chosen_key not in keys:
            keys = [*keys, chosen_key]
        yield self._ask(
            "key", T("Which field finds the record of a row?"), [(key.id, key.name) for key in keys], aim.key
        )
        source = aim.source_of(aim.key)
        facts = self._plan.source.facts[self._sheet]
        if source is not None and not facts[source].unique and facts[source].distinct < facts[source].filled:
            message = T(
                "Several rows have the same “{name}”.", name=self._plan.source.tables[self._sheet].headers[source]
            )
            yield self._ask("twice", message, list(TWICES.items()), aim.twice)
        if aim.mode.changes and any(facts[source].blank for source in aim.fields):
            yield self._ask(
                "blank", T("What does a blank cell do to a record that is there?"), list(BLANKS.items()), aim.blank
            )

    def _proposed(self) -> Aim:
        return first_aim(self._session, self._plan, self._sheet, self._form)

    def _of_columns(self) -> Iterator[Doubt]:
        aim, found = self._aim, self._findings
        bad = sum(found.bad.values())
        if bad:
            message = TN("{n} cell does not fit its field.", "{n} cells do not fit their fields.", bad)
            yield self._ask("misfit", message, list(MISFITS.items()), aim.misfit)
        for source, field_id in aim.fields.items():
            target = self._form.by_id.get(field_id)
            if target is not None:
                yield from self._of_column(source, target)

    def _of_column(self, source: int, target: Field) -> Iterator[Doubt]:
        aim, found = self._aim, self._findings
        asked = any((d.sheet, d.column, d.code) == (self._sheet, source, ORDERED) for d in self._plan.doubts)
        if asked and target.kind.value_type in {"date", "datetime"}:
            choices = [("dmy", T("Day first: 03/04 is 3 April")), ("mdy", T("Month first: 03/04 is March 4"))]
            message = T("“{column}” could be day/month or month/day.", column=target.name)
            yield self._ask("order", message, choices, aim.orders.get(source, ""), source)
        labels = found.options.get(target.id, [])
        if labels:
            unknown: Sentence = TN(
                "{n} value of “{column}” is none of its options: {names}.",
                "{n} values of “{column}” are none of its options: {names}.",
                len(labels), column=target.name, names=_named(labels, [o.label for o in target.props.options]),
            )  # fmt: skip
            choices = [(LIST, T("List them as cells that do not fit")), (ADD, T("Add them as options to the form"))]
            yield self._ask("options", unknown, choices, ADD if target.id in aim.add_options else LIST, source)
        texts = found.missing.get(target.id, [])
        form = self._session.form_of_id(target.target)
        if texts and form is not None:
            nameless: Sentence = TN(
                "{n} value of “{column}” names no record of “{form}”: {names}.",
                "{n} values of “{column}” name no record of “{form}”: {names}.",
                len(texts), column=target.name, form=form.name, names=_named(texts, ()),
            )  # fmt: skip
            choices = [
                (LIST, T("List them as cells that do not fit")),
                (ADD, T("Make these records in “{form}”", form=form.name)),
            ]
            yield self._ask("records", nameless, choices, ADD if target.id in aim.add_records else LIST, source)


def first_aim(session: Actor, plan: ImportPlan, sheet: str, form: Form) -> Aim:
    """The proposed aim, with a key to choose where the form declares none.

    Rows are new where the key only counts them, and would write over the records of other rows.
    """
    aim = propose(plan, sheet, form, session.scope)
    if not aim.key:
        keys = keys_of(plan, sheet, form, aim)
        unique = next((key for key in keys if key.props.unique), None)
        aim = replace(aim, mode=Mode.UPSERT, key=unique.id) if unique is not None else aim
    return unless_counted(session, plan, sheet, form, aim)


def answered(session: Actor, plan: ImportPlan, aim: Aim, doubt: Doubt, choice: str, past: Aim | None = None) -> Aim:
    """The aim after an answer."""
    form = session.form_of_id(aim.form)
    assert form is not None, "an aim is at a form that is there"
    match doubt.code.removeprefix("into_"):
        case "past":
            return past if choice == PAST and past is not None else first_aim(session, plan, doubt.sheet, form)
        case "mode":
            keys = keys_of(plan, doubt.sheet, form, aim)
            key = aim.key or (keys[0].id if keys else "")
            return replace(aim, mode=Mode(choice), key=key)
        case "key":
            return replace(aim, key=choice)
        case "twice":
            return replace(aim, twice=Twice(choice))
        case "blank":
            return replace(aim, blank=Blank(choice))
        case "misfit":
            return replace(aim, misfit=Misfit(choice))
        case "order":
            assert doubt.column is not None
            return replace(aim, orders={**aim.orders, doubt.column: choice})
        case "options":
            return replace(aim, add_options=_switched(aim.add_options, _field_of(aim, doubt), choice == ADD))
        case "records":
            return replace(aim, add_records=_switched(aim.add_records, _field_of(aim, doubt), choice == ADD))
        case _:
            return aim


def wrongs(session: Actor, aim: Aim) -> list[Sentence]:
    """Why rows cannot go where the aim says."""
    form = session.form_of_id(aim.form)
    if form is None:
        return [T("The form is no longer there.")]
    if not aim.fields:
        return [T("Choose a field of “{form}” for at least one column.", form=form.name)]
    found: list[Sentence] = []
    if aim.mode.keyed and aim.key not in aim.fields.values():
        found.append(T("Choose the field by which records of “{form}” are found.", form=form.name))
    filled = set(aim.fields.values())
    for target in form.fields if aim.mode.creates else ():
        open_ = target.known and target.props.required and not target.props.default
        if open_ and target.id not in filled and why_closed(form, target, session.scope) is None:
            found.append(T("“{form}” requires “{name}”, and no column goes there.", form=form.name, name=target.name))
    return found


def _field_of(aim: Aim, doubt: Doubt) -> str:
    assert doubt.column is not None
    return aim.fields.get(doubt.column, "")


def _switched(chosen: frozenset[str], field_id: str, on: bool) -> frozenset[str]:
    return chosen | {field_id} if on else chosen - {field_id}


def _named(texts: Sequence[str], options: Sequence[str]) -> str:
    named = []
    for text in texts[:SHOWN]:
        near = nearest(text, options)
        named.append(f"“{text}” (≈ “{near}”)" if near else f"“{text}”")
    return ", ".join(named) + (" …" if len(texts) > SHOWN else "")
