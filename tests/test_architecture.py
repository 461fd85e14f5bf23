"""The shape of the code: sizes, names, docstrings, walls at run time, and the libraries the design counts on."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import statistics
import sys

import pytest

from tests.support.lint import OF_THE_PROGRAM, RULES, built_texts, modal_loops
from tests.support.source import modules, parse

OFFENCES = {
    "too_long": ("runtime/x.py", '"""X."""\n' + "x = 1\n" * 500),
    "banned_names": ("runtime/x.py", '"""X."""\nclass FormManager: ...'),
    "no_docstring": ("runtime/x.py", "import os"),
    "modal_loops": ("runtime/ui/x.py", '"""X."""\nQMessageBox(self).exec()'),
    "broad_excepts": ("runtime/x.py", '"""X."""\ntry:\n    f()\nexcept (OSError, Exception):\n    pass'),
    "opened_databases": ("runtime/x.py", '"""X."""\n(folder / "data.db").open("rb")'),
    "built_texts": ("runtime/x.py", '"""X."""\nT(f"Hello {name}")'),
}
"""Rule -> path and text of a module that breaks it and no other."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_of_the_house_is_kept(rule):
    found = [line for m in modules() if m.ships or rule not in OF_THE_PROGRAM for line in rule(m)]
    assert found == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_of_the_house_sees_an_offence(rule):
    module = parse(*OFFENCES[rule.__name__])
    assert [other.__name__ for other in RULES if list(other(module))] == [rule.__name__]


def test_a_file_name_that_says_nothing_is_seen():
    banned = next(rule for rule in RULES if rule.__name__ == "banned_names")
    assert list(banned(parse("runtime/store/helpers.py", "")))
    assert not list(banned(parse("runtime/store/database.py", "class DatabaseEngine: ...")))


def test_the_rules_allow_what_they_must():
    assert not list(modal_loops(parse("desktop/x.py", "app.exec()\ncursor.execute(1)")))
    assert not list(built_texts(parse("runtime/x.py", 'T("Hello {name}", name=name)\nTN("one", "many", n)')))
    excepts = next(rule for rule in RULES if rule.__name__ == "broad_excepts")
    assert not list(excepts(parse("runtime/x.py", "try:\n    f()\nexcept BaseException:\n    undo()\n    raise")))


def test_a_sentence_inside_an_f_string_is_an_offence():
    offence = """f"{_('Sales')}.xlsx" """
    assert list(built_texts(parse("runtime/x.py", offence)))


def test_the_numbers_of_the_house(record_property, capsys):
    sizes = sorted((m.lines, m.path) for m in modules() if m.ships and m.lines > 1)
    tests = sum(m.lines for m in modules() if m.path.startswith("tests/"))
    lines = [size for size, _ in sizes]
    largest = ", ".join(f"{path} {size}" for size, path in sizes[:-4:-1])
    numbers = f"{len(sizes)} modules, {sum(lines)} lines, median {statistics.median(lines):.0f}; largest: {largest}; "
    numbers += f"tests: {tests} lines"
    record_property("house", numbers)
    with capsys.disabled():
        print(f"\n{numbers}")
    assert statistics.median(lines) <= 160


def test_an_emitted_signal_drops_no_reference(qapp):
    """PySide6 6.12.0 on Python 3.11 loses one reference to True at each emit and ends the process after a thousand."""
    from PySide6.QtCore import QObject, Signal

    class Bell(QObject):
        rang = Signal()

    bell = Bell()
    heard: list[None] = []
    bell.rang.connect(lambda: heard.append(None))
    before = sys.getrefcount(True)
    for _ in range(20):
        bell.rang.emit()
    after = sys.getrefcount(True)
    assert len(heard) == 20
    assert abs(after - before) < 10


def test_sqlite_is_new_enough():
    """Older ones may corrupt the file when the write-ahead log restarts, and answer LIKE wrongly with trigrams."""
    from sqlcipher3 import dbapi2

    assert tuple(int(part) for part in dbapi2.sqlite_version.split(".")) >= (3, 51, 3)


def test_no_other_keyring_can_be_chosen():
    """keyrings.alt keeps passwords in plain text and is chosen silently as soon as it is installed."""
    installed = {distribution.name.lower() for distribution in importlib.metadata.distributions()}
    assert not installed & {"keyrings.alt", "keyrings-alt", "keyrings.cryptfile", "keyrings-cryptfile"}


def test_exactly_one_sqlite_reaches_product_files():
    installed = {distribution.name.lower() for distribution in importlib.metadata.distributions()}
    assert not installed & {
        "sqlcipher3-binary",
        "sqlcipher3-wheels",
        "pysqlcipher3",
        "apsw",
        "pyside6",
        "pyside6-addons",
    }


LATE = (
    *("matplotlib", "keyring", "requests", "openpyxl", "python_calamine", "xlsxwriter", "hypothesis", "pytest"),
    *("sqlalchemy", "sqlcipher3", "runtime.session"),
)
"""What the window must not wait for: each costs a tenth of a second or more."""


def test_the_shell_starts_without_what_it_needs_later(run_python):
    entries = [name for name in ("desktop", "desktop.cli", "desktop.app") if importlib.util.find_spec(name)]
    asked = run_python("-c", f"import {', '.join(entries)}, sys; print(*sys.modules)")
    assert asked.returncode == 0, asked.stderr
    loaded = set(asked.stdout.split())
    assert set(entries) <= loaded
    assert loaded & set(LATE) == set()


def test_everything_but_windows_works_without_qt(run_python):
    """What the server and scripts import; a finder that refuses Qt stands in for a machine that has none."""
    program = """
import importlib, pkgutil, sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "qtawesome", "qtpy"):
            raise ImportError(f"{name} on a machine without Qt")
sys.meta_path.insert(0, NoQt())
try:
    import PySide6
except ImportError:
    print("refused")
def walk(package):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module.name != "runtime.ui" and not module.name.endswith("__main__"):
            found = importlib.import_module(module.name)
            if module.ispkg:
                walk(found)
for root in ("resources", "runtime", "sync"):
    walk(importlib.import_module(root))
print(sum(name.startswith("runtime.") for name in sys.modules))
"""
    done = run_python("-c", program)
    assert done.returncode == 0, done.stderr
    refused, count = done.stdout.split()
    assert refused == "refused"
    assert int(count) > 5


def test_nothing_of_ours_is_imported_by_the_tests_alone():
    """Each top-level folder of the program is a package that setuptools ships."""
    shipped = {m.path.split("/")[0] for m in modules() if m.ships}
    assert shipped == {"desktop", "designer", "runtime", "sync", "resources"}
