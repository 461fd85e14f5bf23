"""Catalogues: a `Registry` finds every kind in its own package on first use.

A plural folder is a catalogue; each module in it registers exactly one kind (formula functions: one group).
Names are unique; an unknown name gives `None`, so that a newer app survives an older program.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """Anything that a catalogue can hold."""

    @property
    def name(self) -> str:
        """Unique in the catalogue."""
        ...


K = TypeVar("K", bound=Named)


class Registry(Generic[K]):
    """The kinds of one catalogue package, by name.

    Args:
        package: dotted name of the catalogue; its modules are imported on first use.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._kinds: dict[str, K] = {}
        self._complete = False
        self._finding = False
        self._lock = threading.RLock()

    def add(self, kind: K) -> K:
        """Register one kind.

        Raises:
            ValueError: a kind of that name exists already.
        """
        if kind.name in self._kinds:
            raise ValueError(f"{self.package}: two kinds are named {kind.name!r}")
        self._kinds[kind.name] = kind
        return kind

    def register(self, kind_class: type[K]) -> type[K]:
        """Class decorator: registers one instance of the class."""
        self.add(kind_class())
        return kind_class

    def get(self, name: str) -> K | None:
        """The kind called `name`, or `None` where this program does not know it."""
        self._discover()
        return self._kinds.get(name)

    def __getitem__(self, name: str) -> K:
        self._discover()
        return self._kinds[name]

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._kinds

    def __iter__(self) -> Iterator[K]:
        self._discover()
        return iter(sorted(self._kinds.values(), key=lambda kind: kind.name))

    def __len__(self) -> int:
        self._discover()
        return len(self._kinds)

    def _discover(self) -> None:
        if not self._complete:
            with self._lock:  # another thread waits here: half a catalogue would make known kinds unknown
                self._import_all()

    def _import_all(self) -> None:
        if self._complete or self._finding:
            return
        self._finding = True
        try:
            package = importlib.import_module(self.package)
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{self.package}.{module.name}")
            self._complete = True
        finally:
            self._finding = False
