"""An office for every test of the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A workspace with the sample app; closed at the end."""
    office = Office(tmp_path)
    yield office
    office.session.close()
