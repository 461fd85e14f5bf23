"""Every window test sees the application dressed; what was switched by one test is switched back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from runtime.ui.jobs import Jobs
from runtime.ui.theme import Theme
from tests.runtime.ui.record_desk import Desk, a_desk, office_with_records
from tests.support.drivers import dress
from tests.support.workspaces import Office


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


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Three customers and four orders."""
    with office_with_records(tmp_path) as made:
        yield made


@pytest.fixture
def desk(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[Desk]:
    """The page of the customers."""
    with a_desk(qtbot, office, jobs) as made:
        yield made


@pytest.fixture
def orders(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[Desk]:
    """The page of the orders."""
    with a_desk(qtbot, office, jobs, "订单") as made:
        yield made
