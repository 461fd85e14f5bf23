"""Into which app of the workspace new forms go: by name, or the one whose forms the file belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from resources.texts import T
from runtime.actor import Actor
from runtime.definition.labels import label_text
from runtime.definition.node import App
from runtime.errors import UserError
from runtime.exchange.importing.aim import Aim
from runtime.exchange.understanding.plan import ImportPlan, SheetPlan
from runtime.form import forms_of


def app_name(app: App) -> str:
    """What people call an app."""
    return label_text(app.root.props.get("label", {})) or app.id


def app_of(session: Actor, app_id: str) -> App | None:
    """The app with this id; None for "".

    Raises:
        UserError: it is gone.
    """
    if not app_id:
        return None
    if app_id not in session.apps:
        raise UserError(T("The app is no longer there."), T("Choose another one for the new forms."), "no_such_app")
    return session.apps[app_id]


def app_called(session: Actor, name: str) -> App:
    """The app with this name or id.

    Raises:
        UserError: there is none, or several are called so.
    """
    if name in session.apps:
        return session.apps[name]
    names = {app.id: app_name(app) for app in session.apps.values()}
    found = [
        session.apps[app_id] for app_id, label in names.items() if label.strip().casefold() == name.strip().casefold()
    ]
    if len(found) > 1:
        ids = ", ".join(app.id for app in found)
        raise UserError(
            T("Several apps are called “{name}”.", name=name), T("Use the id of the app instead: {ids}.", ids=ids),
            "ambiguous",
        )  # fmt: skip
    if not found:
        near = get_close_matches(name, names.values(), 1, 0.5)
        message = T("There is no app “{name}”.", name=name)
        if near:
            message = T("There is no app “{name}”. Did you mean “{near}”?", name=name, near=near[0])
        raise UserError(message, T("The apps are: {names}.", names=", ".join(names.values()) or "–"), "no_such_app")
    return found[0]


def likely_app(session: Actor, plan: ImportPlan, aims: Mapping[str, Aim], wanted: str = "") -> str:
    """Id of the app to which the new forms of a plan belong most likely; "" = a new one.

    It is that of the form which the import was asked for; else that of the forms to which they point, then of those
    into which other sheets go. Where it has a form of the same name, the new ones do not go there.

    Args:
        aims: sheet -> the form that it goes into.
        wanted: id of the form that the import was asked for; "" = none.
    """
    new = [sheet for sheet in plan.sheets if sheet.include and sheet.sheet not in aims]
    pointed = [column.relation for sheet in new for column in sheet.columns if column.include and column.relation]
    beside = [aims[sheet.sheet].form for sheet in plan.sheets if sheet.include and sheet.sheet in aims]
    for forms in ([wanted], [relation.form for relation in pointed], beside):
        found = Counter(form.app for form_id in forms if (form := session.form_of_id(form_id)) is not None)
        for app_id, _count in found.most_common(1):
            return "" if names_taken(session, app_id, new) else app_id
    return ""


def names_taken(session: Actor, app_id: str, sheets: Iterable[SheetPlan]) -> list[str]:
    """Names of new forms that a form of an app has already."""
    app = session.apps.get(app_id)
    there = {form.name.strip().casefold() for form in forms_of(app) if not form.parent} if app is not None else set()
    return [sheet.form_label for sheet in sheets if sheet.form_label.strip().casefold() in there]
