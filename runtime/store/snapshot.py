"""`Snapshot`: the published apps at one moment, and everything that is derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from runtime.definition.node import App
from runtime.form import Form, FormLookup, forms_of
from runtime.store.dependents import Dependents
from runtime.store.logic import FormLogic
from runtime.store.rows import Codec


class Snapshot:
    """The apps at one moment, with everything that is derived from them; never changes.

    Args:
        apps: newest published version of each app, by id.
    """

    def __init__(self, apps: Mapping[str, App]) -> None:
        self.apps = MappingProxyType(dict(apps))
        self._logic: dict[str, FormLogic] = {}
        self._codecs: dict[str, Codec] = {}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Every form of every app, by id."""
        return MappingProxyType({form.id: form for app in self.apps.values() for form in forms_of(app)})

    @cached_property
    def lookup(self) -> FormLookup:
        """Finds forms and relations, for formulas."""
        return FormLookup(self.forms)

    def logic(self, form_id: str) -> FormLogic:
        """The compiled formulas of a form."""
        if form_id not in self._logic:
            self._logic[form_id] = FormLogic(self.forms[form_id], self.lookup)
        return self._logic[form_id]

    @cached_property
    def dependents(self) -> Dependents:
        """Which computed fields follow from what."""
        return Dependents(self.forms, self.logic, self.lookup)

    def codec(self, form_id: str) -> Codec:
        """The row codec of a form."""
        if form_id not in self._codecs:
            self._codecs[form_id] = Codec(self.forms[form_id])
        return self._codecs[form_id]
