"""Proposes where a sheet goes: columns find fields by their names, sheets find forms by their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from resources.texts import T
from runtime.actor import Actor
from runtime.errors import Sentence, UserError
from runtime.exchange.importing.aim import Aim, Mode
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.key_names import OF_PEOPLE, Finds, finds, lists_people
from runtime.exchange.understanding.plan import ImportPlan
from runtime.exchange.understanding.related import LEAVE, TO_FORM, TWICE
from runtime.form import Field, Form
from runtime.permission.scope import Scope

LIKELY = 0.6
"""Share of a sheet's columns that must be fields of a form to propose it."""

_BRACKETS = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
_SIGNS = re.compile(r"[\W_]+")


def normalised(header: str) -> str:
    """A header without what people write differently: width, case, spaces and signs."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", header).casefold())


def why_closed(form: Form, target: Field, scope: Scope) -> Sentence | None:
    """Why an import cannot fill a field; None where it can."""
    if not target.known:
        return T("“{name}” needs a newer version of Formwork.", name=target.name)
    if target.computed:
        return T("“{name}” is computed.", name=target.name)
    if not scope.writes(form.id, target.id):
        return T("You have no right to write “{name}”.", name=target.name)
    if target.props.read_only:
        return T("“{name}” is read only.", name=target.name)
    return None


def fields_of(form: Form, scope: Scope) -> list[Field]:
    """The fields of a form that the person may know of."""
    return [target for target in form.fields if scope.reads(form.id, target.id)]


def propose_fields(headers: Mapping[int, str], form: Form, scope: Scope) -> dict[int, str]:
    """Index of the column -> id of the field of that name: as written, else but for signs, else without brackets."""
    return fields_called(headers, [target for target in fields_of(form, scope) if not why_closed(form, target, scope)])


def fields_called(headers: Mapping[int, str], fields: Sequence[Field]) -> dict[int, str]:
    """The same among some fields, whether they can be filled or not."""
    found: dict[int, str] = {}
    for like in (_exactly, normalised, _bare):
        names: dict[str, Field] = {}
        for target in (each for each in fields if each.id not in found.values()):
            for name in (target.id, *target.node.props.get("label", {}).values()):
                names.setdefault(like(name), target)
        for source, header in headers.items():
            wanted = names.get(like(header)) if source not in found else None
            if wanted is not None and wanted.id not in found.values():
                found[source] = wanted.id
    return dict(sorted(found.items()))


def _exactly(name: str) -> str:
    return " ".join(name.split()).casefold()


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name)
    return normalised(_BRACKETS.sub("", plain)) or normalised(plain)


def headers_of(plan: ImportPlan, sheet: str) -> dict[int, str]:
    """Index -> header of the columns of a sheet."""
    return dict(enumerate(plan.source.tables[sheet].headers))


def propose(plan: ImportPlan, sheet: str, form: Form, scope: Scope) -> Aim:
    """The aim of a sheet for a form: fields by name; updating by the key of the form where the sheet has it."""
    fields = propose_fields(headers_of(plan, sheet), form, scope)
    orders = {column.source: column.order for column in plan.sheet(sheet).columns if column.order}
    aim = Aim(form.id, fields, orders=orders)
    key = _key(plan, sheet, form, aim)
    return replace(aim, mode=Mode.UPSERT, key=key.id) if key is not None else aim


def _key(plan: ImportPlan, sheet: str, form: Form, aim: Aim) -> Field | None:
    """The key of the form where the sheet says it; instead of the name of a person a number, which no other one has."""
    key = form.key
    source = aim.source_of(key.id) if key is not None else None
    if key is None or source is None:
        return None
    facts = plan.source.facts[sheet]
    says, named = facts[source].filled > 0 or not facts[source].total, _finds(form)
    if says and (key.props.unique or named[key.id] is not Finds.PERSON):
        return key
    better = (each for each in keys_of(plan, sheet, form, aim) if each != key and named[each.id] in OF_PEOPLE)
    return next((each for each in better if _tells(facts, aim, each)), key if says else None)


def _finds(form: Form) -> dict[str, Finds]:
    """How well each field of a form finds a record."""
    people = lists_people([each.name for each in form.fields], form.name)
    return {each.id: finds(each.name, form.name, people) for each in form.fields}


def _tells(facts: Sequence[ColumnFacts], aim: Aim, target: Field) -> bool:
    """Whether the column of a field says something else in each row."""
    source = aim.source_of(target.id)
    return source is not None and facts[source].unique


def keys_of(plan: ImportPlan, sheet: str, form: Form, aim: Aim) -> list[Field]:
    """Filled fields that can find a record, the likeliest first: the form's key, unique fields, numbers that no two
    rows share, its title, and those whose column has no value twice; where there are none of these, all. The name of
    a person comes after whatever belongs to one person only: 身份证号 and 手机 before 姓名.
    """
    facts, named, title = plan.source.facts[sheet], _finds(form), form.title
    numbers = OF_PEOPLE if title is not None and named[title.id] is Finds.PERSON else OF_PEOPLE[:2]

    def rank(target: Field) -> tuple[bool, ...]:
        tells = _tells(facts, aim, target)
        key = target == form.key and (named[target.id] is not Finds.PERSON or target.props.unique)
        number = named[target.id] in numbers and tells
        return (not key, not target.props.unique, not number, target not in (title, form.key), not tells)

    filled = [target for target in form.fields if target.id in aim.fields.values() and not target.target]
    likely = [target for target in filled if not all(rank(target))]
    return sorted(likely or filled, key=lambda target: (*rank(target), named[target.id]))


@dataclass(frozen=True, slots=True)
class FormMatch:
    """How well a sheet fits a form.

    Attributes:
        form: the form.
        fields: how many columns are fields of it.
        share: of the sheet's columns that have a header, 0..1.
        same_name: whether the form is called as the sheet's form would be.
    """

    form: Form
    fields: int
    share: float
    same_name: bool

    @property
    def likely(self) -> bool:
        """Whether it is worth a proposal."""
        return self.fields > 0 and self.share >= LIKELY


def matches(plan: ImportPlan, sheet: str, forms: Sequence[Form], scope: Scope) -> list[FormMatch]:
    """How well a sheet fits each form, the best first."""
    headers, label = headers_of(plan, sheet), plan.sheet(sheet).form_label
    found = []
    for form in forms:
        count = len(propose_fields(headers, form, scope))
        same = normalised(form.name) in {normalised(label), normalised(sheet)}
        found.append(FormMatch(form, count, count / max(1, len(headers)), same))
    return sorted(found, key=lambda match: (match.same_name and match.likely, match.share, match.fields), reverse=True)


# From words, for the command line and scripts


def aim_by_names(
    session: Actor, plan: ImportPlan, sheet: str, form: Form, columns: Mapping[str, str] | None = None
) -> Aim:
    """The proposed aim with some columns put by name: header -> name or id of the field, "" = left out.

    Raises:
        UserError: there is no such column or field, or the field cannot be filled.
    """
    aim, headers = propose(plan, sheet, form, session.scope), headers_of(plan, sheet)
    for header, name in (columns or {}).items():
        source = next((at for at, each in headers.items() if normalised(each) == normalised(header)), None)
        if source is None:
            raise UserError(
                T("The file has no column “{name}”.", name=header),
                T("Its columns are: {names}.", names=", ".join(headers.values())),
                "no_column",
            )
        aim = aim.with_field(source, _field_called(form, name, session.scope).id if name else "")
    return aim


def _field_called(form: Form, name: str, scope: Scope) -> Field:
    target = form.called(name)
    if target is None or not scope.reads(form.id, target.id):
        raise UserError(
            T("“{form}” has no field “{name}”.", form=form.name, name=name),
            T("Its fields are: {names}.", names=", ".join(each.name for each in fields_of(form, scope))),
            "no_field",
        )
    closed = why_closed(form, target, scope)
    if closed is not None:
        raise UserError(closed, code="closed_field")
    return target


def key_called(form: Form, aim: Aim, name: str) -> str:
    """Id of the field with this name, by which records are found.

    Raises:
        UserError: there is none, or no column fills it.
    """
    target = form.called(name)
    if target is None or target.id not in aim.fields.values():
        names = ", ".join(form.by_id[field_id].name for field_id in aim.fields.values())
        message = T("“{name}” is no field that the file fills.", name=name)
        raise UserError(message, T("Choose one of: {names}.", names=names), "no_key")
    return target.id


def best_sheet(session: Actor, plan: ImportPlan, form: Form) -> str:
    """The sheet that fits a form best.

    Raises:
        UserError: no column of the file is a field of it.
    """
    found = {
        sheet.sheet: matches(plan, sheet.sheet, [form], session.scope)[0] for sheet in plan.sheets if sheet.include
    }
    best = max(found, key=lambda sheet: found[sheet].fields, default="")
    if not best or not found[best].fields:
        names = ", ".join(target.name for target in fields_of(form, session.scope))
        raise UserError(
            T("No column of the file is a field of “{form}”.", form=form.name),
            T("Name the columns as the fields: {names}.", names=names),
            "no_match",
        )
    return best


def without_forms(plan: ImportPlan) -> ImportPlan:
    """The plan for another workspace: columns that point to forms of this one are plain fields, nothing is asked."""
    for doubt in plan.doubts:
        if doubt.code == TO_FORM and any(
            column.source == doubt.column and column.relation and column.relation.form
            for column in plan.sheet(doubt.sheet).columns
        ):
            plan = plan.choose(doubt.id, LEAVE)
    for sheet in plan.sheets:
        for place in (at for at, column in enumerate(sheet.columns) if column.relation and column.relation.form):
            plan = plan.retype(sheet.sheet, place, "text")
    return replace(plan, doubts=tuple(doubt for doubt in plan.doubts if doubt.code not in {TO_FORM, TWICE}))


def points_outside(plan: ImportPlan) -> bool:
    """Whether a column that is taken points to a form of the workspace."""
    columns = (column for sheet in plan.sheets if sheet.include for column in sheet.columns if column.include)
    return any(column.relation is not None and column.relation.form for column in columns)


def only(plan: ImportPlan, sheets: Collection[str]) -> ImportPlan:
    """The plan with these sheets alone."""
    for sheet in plan.sheets:
        plan = plan.include(sheet.sheet, sheet.sheet in sheets)
    return plan
