"""Every messy file of the team's data opens, or is refused in one polite sentence."""

from __future__ import annotations

import pytest

from tests.runtime.exchange.messy_table import MESSY, files, outcome

FILES = files([MESSY]) if MESSY.exists() else []
REFUSED = {"calamine_pass_protected.xlsx": "password_protected"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_messy_file_opens_or_is_refused_politely(path) -> None:
    found = outcome(path)
    assert found.refused == (path.name in REFUSED)
    assert found.said.startswith(REFUSED.get(path.name, ""))
    assert "damaged" not in found.said
    assert found.seconds < 5
    assert found.peak < 300 << 20


def test_the_messy_files_are_there() -> None:
    if not FILES:
        pytest.skip(f"{MESSY} is not on this machine")
    assert len(FILES) >= 26
