"""The menus of the review: types of new fields, the field that a column goes into, the form of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.import_wizard.draft import NEW, Draft
from resources.texts import _, plural
from runtime.exchange.importing.aim import Aim
from runtime.exchange.importing.proposing import fields_of, why_closed
from runtime.form import Form
from runtime.session import Session
from runtime.ui.icons import icon
from runtime.ui.kit.menus import plain_menu


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of a menu.

    Attributes:
        id: what is chosen by it.
        label, icon: what people see.
        closed: why it cannot be chosen; "" = it can.
        line: whether a line stands above it.
    """

    id: str
    label: str
    icon: str
    closed: str = ""
    line: bool = False


def menu_of(offers: Sequence[Offer], now: str, choose: Callable[[str], object], parent: QWidget) -> QMenu:
    """A menu that calls `choose` with the id of what was chosen; what holds now is ticked."""
    menu = plain_menu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for offer in offers:
        if offer.line:
            menu.addSeparator()
        current = offer.id == now
        words = f"{offer.label}  –  {offer.closed}" if offer.closed else offer.label
        picture = icon("check" if current else offer.icon, "accent" if current else "secondary")
        action = QAction(picture, words.replace("&", "&&"), menu)
        action.setData(offer.id)
        action.setEnabled(not offer.closed)
        action.triggered.connect(lambda _on=False, chosen=offer.id: choose(chosen))
        menu.addAction(action)
        if current:
            menu.setActiveAction(action)
    return menu


def field_offers(form: Form, aim: Aim, source: int, headers: Sequence[str], session: Session) -> list[Offer]:
    """Leaving a column out, then the fields of the form; those that cannot be filled with the reason."""
    offers = [Offer("", _("Leave out"), "eye_off")]
    for at, target in enumerate(fields_of(form, session.scope)):
        closed = why_closed(form, target, session.scope)
        other = aim.source_of(target.id)
        label = target.name
        if closed is None and other is not None and other != source:
            label = _("{field} (now “{column}”)", field=target.name, column=headers[other])
        offers.append(Offer(target.id, label, target.kind.icon, str(closed or ""), line=not at))
    return offers


def form_offers(draft: Draft, sheet: str) -> list[Offer]:
    """A new form, then the forms of the workspace, those that fit first."""
    offers = [Offer(NEW, _("New form"), "add")]
    total = len(draft.plan.source.tables[sheet].headers)
    for at, match in enumerate(draft.matches.get(sheet, ())):
        label = match.form.name
        if match.fields:
            fits = plural("{n} of {total} column", "{n} of {total} columns", match.fields, total=total)
            label = f"{label}  ·  {fits}"
        offers.append(Offer(match.form.id, label, "form", line=not at))
    return offers
