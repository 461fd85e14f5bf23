"""The form whose records the rows of a sheet are, whatever it is called: by its columns, its names and its records.

Columns alone say little: suppliers have the columns of customers. So all columns with a header must be fields of the
form, their cells must fit, and something else must speak for it: the name, records that are there already, a former
import, or that a sheet called after nothing is as the form in many columns. Where nothing else does, it is asked; and
where the rows would write over what many records say: wages of another month have the names and keys of the last; and
where no key tells that they are there already.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.actor import Actor
from runtime.exchange.importing.aim import Aim, Mode
from runtime.exchange.importing.asking import first_aim
from runtime.exchange.importing.kept_aims import KeptAims
from runtime.exchange.importing.likeness import Likeness, are_there, likeness
from runtime.exchange.importing.proposing import fields_called, fields_of, headers_of, normalised, why_closed
from runtime.exchange.importing.written_over import WrittenOver, written_over
from runtime.exchange.understanding.plan import ImportPlan
from runtime.form import Field, Form
from runtime.work import Progress

FEWEST = 3
"""Columns that a sheet must have in common with a form that has more fields."""

MANY = 5
"""Columns from which a sheet that is as the whole form belongs to it without another sign."""

WHOLE = 0.8
"""Share of the form's fields that such a sheet fills."""

KNOWN = 0.3
"""Share of the rows whose records must be there, and say mostly the same, to speak for the form."""

CHANGED = 0.2
"""Share of the records found from which a list that says something else of them may be another list, no newer one."""

_LIST = re.compile(
    r"\bsheet\d+\b|工作[表簿]|名单|名录|列表|清单|台账|一览表?|登记表?|汇总表?|统计表?|信息表?|资料表?|数据表?|记录表?|表|信息|资料|数据|记录|汇总|统计"
    r"|导出|导入|模板|副本|备份|最新|更新|新增?|全部|所有|[一二三四五六七八九十]{1,3}月份?|第?[一二三四]季度?|[上下]半年|[年月日季度份]"
    r"|\d+|\bq[1-4]\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b(?:list|table|sheet|data|export(?:ed)?|import|copy|new|all|backup|of|the|final)\b"
)
"""What a list of things is called beside the things: 客户名单 of 客户, 订单 2024年5月 of 订单."""


@dataclass(frozen=True, slots=True)
class OwnForm:
    """The form to which the rows of a sheet belong.

    Attributes:
        form: its id.
        aim: how they go there.
        sure: False where a person has to say so, for the columns alone speak for it.
        over: what they would write over there, for the person who has to say; None where it is sure.
    """

    form: str
    aim: Aim
    sure: bool
    over: WrittenOver | None = None


def own_form(
    session: Actor, plan: ImportPlan, sheet: str, forms: Sequence[Form], progress: Progress | None = None
) -> OwnForm | None:
    """The form among these to which the rows of a sheet belong; None where none fits, or a person has to choose one.

    Raises:
        Cancelled: somebody asked to stop.
    """
    kept = KeptAims(session)
    signs = (_Signs.of(session, plan, sheet, form, kept) for form in forms if not form.parent)
    found = [each for each in signs if each is not None]
    found.sort(key=lambda each: each.rank, reverse=True)
    if not found:
        return None
    best, alone = found[0], len(found) == 1 or found[0].rank > found[1].rank
    if alone and best.sure:
        return OwnForm(best.form.id, best.aim, True)
    return OwnForm(best.form.id, best.aim, False, written_over(session, plan, sheet, best.form, best.aim, progress))


@dataclass(frozen=True, slots=True)
class _Signs:
    """What speaks for a form that a sheet fits.

    Attributes:
        chosen: whether a person let such a sheet go there.
        known: share of the rows whose records are there.
        named: whether the two are called alike; None where the sheet is called after nothing.
        whole: share of the form's fields that are filled.
        writes_over: whether the rows would change much of what is there, or double it.
    """

    form: Form
    aim: Aim
    chosen: bool
    known: float
    named: bool | None
    whole: float
    writes_over: bool

    @property
    def rank(self) -> tuple[bool, bool, bool, float]:
        return self.chosen, self.known >= KNOWN, bool(self.named), round(self.whole, 2)

    @property
    def sure(self) -> bool:
        many = self.named is None and len(self.aim.fields) >= MANY and self.whole >= WHOLE
        doubles = self.writes_over and self.aim.mode is Mode.ADD
        return (self.chosen and not doubles) or (not self.writes_over and (self.known >= KNOWN or self.named or many))

    @classmethod
    def of(cls, session: Actor, plan: ImportPlan, sheet: str, form: Form, kept: KeptAims) -> _Signs | None:
        """None where the sheet does not fit the form."""
        aim = kept.aim(plan, sheet, form)
        chosen = aim is not None and kept.chosen(plan, sheet, form)
        if not chosen and (aim is None or len(aim.fields) < len(headers_of(plan, sheet))):
            aim = first_aim(session, plan, sheet, form) if _are_fields(plan, sheet, form, session) else None
        if aim is None or not (chosen or _enough(session, form, aim)):
            return None
        like = likeness(session, plan, sheet, form, aim)
        if not like.fits:
            return None
        whole = len(aim.fields) / max(1, len(_open_fields(session, form)))
        over = aim.mode.changes and like.other > CHANGED * like.found
        over = over or (aim.mode is Mode.ADD and are_there(session, plan, sheet, form, aim))
        return cls(form, aim, chosen, _share(like), _are_alike(plan, sheet, form, kept), whole, over)


def _are_fields(plan: ImportPlan, sheet: str, form: Form, session: Actor) -> bool:
    """Whether every column is a field of the form, those that an import cannot fill too."""
    headers = headers_of(plan, sheet)
    return len(fields_called(headers, fields_of(form, session.scope))) == len(headers)


def _enough(session: Actor, form: Form, aim: Aim) -> bool:
    """Whether the columns are enough: three, or two that are all fields of the form but relations."""
    plain = {target.id for target in _open_fields(session, form) if not target.target}
    filled = set(aim.fields.values())
    return len(filled) >= FEWEST or (len(filled) > 1 and plain <= filled)


def _open_fields(session: Actor, form: Form) -> list[Field]:
    scope = session.scope
    return [target for target in fields_of(form, scope) if why_closed(form, target, scope) is None]


def _share(like: Likeness) -> float:
    return like.same / like.looked if like.looked else 0.0


def _are_alike(plan: ImportPlan, sheet: str, form: Form, kept: KeptAims) -> bool | None:
    """Whether a sheet, or the file of an only sheet, is called as the form, or as what the form was made of.

    None where its names say nothing: Sheet1, 导出.
    """
    own = {plan.sheet(sheet).form_label, sheet}
    if len(plan.sheets) == 1:
        own |= {Path(file.path).stem for file in plan.source.files}
    forms = {form.name, *kept.names(form.id)}
    things = {thing for name in own if (thing := thing_of(name))}
    return bool(things & {thing_of(name) for name in forms}) if things else None


def thing_of(name: str) -> str:
    """What a list is a list of: 客户 of 客户名单 (2), orders of “Orders May 2024”; "" where it says nothing."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    return normalised(_LIST.sub(" ", plain))
