"""A catalogue finds its kinds by itself, whole, on any thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.fields import field_types
from runtime.registry import Registry


@dataclass(frozen=True)
class Kind:
    """A kind with nothing but a name."""

    name: str


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A catalogue package with two kinds; importing the second takes a while."""
    package = tmp_path / "catalogue_of_the_test"
    package.mkdir()
    (package / "__init__.py").write_text("from runtime.registry import Registry\nkinds = Registry(__name__)\n")
    kind = "from tests.runtime.test_registry import Kind\nfrom catalogue_of_the_test import kinds\n"
    (package / "early.py").write_text(f"{kind}kinds.add(Kind('early'))\n")
    slow = "import threading\nthreading.Event().wait(0.2)\n"
    (package / "late.py").write_text(f"{slow}{kind}kinds.add(Kind('late'))\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package.name
    for name in [name for name in sys.modules if name.startswith(package.name)]:
        del sys.modules[name]


def test_kinds_are_found_when_they_are_first_asked_for(catalogue: str) -> None:
    kinds: Registry[Kind] = __import__(catalogue).kinds
    assert f"{catalogue}.late" not in sys.modules
    assert kinds["late"] == Kind("late")
    assert [kind.name for kind in kinds] == ["early", "late"]
    assert len(kinds) == 2
    assert "early" in kinds
    assert kinds.get("hologram") is None
    with pytest.raises(KeyError):
        kinds["hologram"]


def test_a_second_thread_waits_for_the_whole_catalogue(catalogue: str) -> None:
    kinds: Registry[Kind] = __import__(catalogue).kinds
    found: list[Kind | None] = []
    threads = [threading.Thread(target=lambda: found.append(kinds.get("late"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Kind("late")] * 4


def test_two_kinds_of_one_name_are_a_mistake() -> None:
    kinds: Registry[Kind] = Registry("runtime.fields")
    kinds.add(Kind("a"))
    with pytest.raises(ValueError, match="two kinds are named 'a'"):
        kinds.add(Kind("a"))


def test_the_field_types_are_all_there() -> None:
    assert {kind.name for kind in field_types} >= {"text", "integer", "money", "date", "choice", "relation"}
