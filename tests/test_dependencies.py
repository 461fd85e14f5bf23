"""The dependencies: bounded, locked with hashes, explained, licensed, and naming no host."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib

import pytest

import dev
from tests.support.profile import ROOT
from tests.support.source import modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DIRECT = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
PAGE = (ROOT / "decisions" / "0002-dependencies.md").read_text("utf-8")
STRONG = re.compile(r"\b(A?GPL|AFFERO|EUPL|SSPL)", re.IGNORECASE)


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~ ;\[]", requirement)[0]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, int]:
    """Package -> how many hashes the lock file has for it."""
    found: dict[str, int] = {}
    current = ""
    for line in dev.LOCK.read_text("utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            current = normal(line.split("==")[0])
            found.setdefault(current, 0)
        found[current] = found.get(current, 0) + line.count("--hash=sha256:")
    found.pop("", None)
    return found


@pytest.mark.parametrize("requirement", DIRECT)
def test_a_dependency_is_bounded_and_explained(requirement):
    name = name_of(requirement)
    assert re.search(r"<\d|==", requirement) or name == "tzdata", "an upper bound"
    row = re.search(rf"^\| {re.escape(name)} \|(.+)\|$", PAGE, re.MULTILINE)
    assert row, f"{name} has no line in decisions/0002-dependencies.md"
    assert requirement.removeprefix(name) in row[0], "the page names another bound than pyproject.toml"
    assert all(len(cell.strip()) > 2 for cell in row[1].split("|"))


def test_the_page_names_nothing_that_is_not_used():
    named = re.findall(r"^\| ([A-Za-z0-9_-]+) \|", PAGE, re.MULTILINE)
    assert set(named) - {"package"} == {name_of(requirement) for requirement in DIRECT}


def test_the_lock_file_pins_all_of_them_with_hashes():
    pinned = locked()
    assert {normal(name_of(requirement)) for requirement in DIRECT} <= set(pinned)
    assert [name for name, hashes in pinned.items() if not hashes] == []


def test_the_lock_file_names_no_host():
    assert "://" not in dev.LOCK.read_text("utf-8")


def test_what_is_installed_is_what_is_locked():
    text = dev.LOCK.read_text("utf-8")
    wanted: dict[str, set[str]] = {}  # a package may have one version for each Python
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        wanted.setdefault(normal(name), set()).add(version)
    have = {normal(d.name): d.version for d in importlib.metadata.distributions()}
    different = {n: (have[n], versions) for n, versions in wanted.items() if n in have and have[n] not in versions}
    assert different == {}
    assert {normal(name_of(requirement)) for requirement in DIRECT} <= set(have)


def test_no_package_that_ships_has_a_licence_that_reaches_our_code():
    """Qt's own LGPL is met by shipping it as replaceable libraries; see decisions/0002-dependencies.md."""
    strong = {}
    for name in {normal(name_of(requirement)) for requirement in PROJECT["dependencies"]} - {"pyside6-essentials"}:
        about = importlib.metadata.metadata(name)
        said = [*about.get_all("License-Expression", []), *about.get_all("Classifier", [])]
        found = [line for line in said if STRONG.search(line) and "LGPL" not in line and "Lesser" not in line]
        if found:
            strong[name] = found
    assert strong == {}


def test_the_program_imports_only_what_it_declares():
    """A package that is there only because another one needs it may be gone tomorrow."""
    import ast
    import sys

    providers = importlib.metadata.packages_distributions()
    declared = {normal(name_of(requirement)) for requirement in PROJECT["dependencies"]}
    # shiboken6 is PySide6's other half; numpy is matplotlib's number type and part of its interface.
    allowed = {*sys.stdlib_module_names, *dev.PACKAGES, "shiboken6", "numpy"}
    undeclared = set()
    for module in modules():
        if not module.ships:
            continue
        for node in ast.walk(module.tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for top in {name.split(".")[0] for name in names} - allowed:
                if not declared & {normal(provider) for provider in providers.get(top, [])}:
                    undeclared.add(f"{module.path} imports {top}")
    assert undeclared == set()
