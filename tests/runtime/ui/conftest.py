"""Every window test sees the application dressed; what was switched by one test is switched back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from runtime.ui.jobs import Jobs
from runtime.ui.theme import Theme
from tests.support.drivers import dress


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The theme, light."""
    made = dress(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def reported() -> list[BaseException]:
    """What jobs reported to the boundary."""
    return []


@pytest.fixture
def jobs(qapp: QApplication, reported: list[BaseException]) -> Iterator[Jobs]:
    """Two lanes that are closed at the end."""
    made = Jobs(reported.append, patience=0.0)
    yield made
    made.close()
    made.deleteLater()
