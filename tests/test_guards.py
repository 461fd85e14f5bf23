"""The guards of conftest.py are proven: a small suite plants one fault in each test, and each fault must be seen."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.support.profile import ROOT

SUITE = '''
"""Each test whose name begins with `fault` is to be refused for the reason that follows."""

import logging
import threading
import time
import warnings

import pytest

from tests.support import leaks

leaks.PATIENCE = 1.0  # what is planted here never ends
KEPT = []
PLANTED = []


def test_fine_nothing(): ...


def test_fine_a_thread_that_ends():
    thread = threading.Thread(target=lambda: None)
    thread.start()


def test_fine_a_window_that_qtbot_closes(qtbot):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QDialog, QLabel

    window = QLabel("good")
    window.timer = QTimer(window)
    window.timer.start(10_000)
    qtbot.addWidget(window)
    window.show()
    QDialog(window).open()


def test_fine_a_window_in_a_dead_cycle(qtbot):
    from PySide6.QtWidgets import QPushButton

    button = QPushButton()
    button.itself = button


def test_fine_an_expected_log_line(expect_log):
    expect_log("WARNING formwork: the disk is full")
    logging.getLogger("formwork").warning("the disk is %s", "full")


def test_fine_a_kept_thread(request):
    from tests.support.leaks import keep

    stop = threading.Event()
    keep(threading.Thread(target=stop.wait)).start()
    request.config.add_cleanup(stop.set)


def test_fault_thread(request):
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="planted")
    thread.start()
    request.config.add_cleanup(stop.set)


def test_fault_window(qapp):
    from PySide6.QtWidgets import QLabel

    KEPT.append(QLabel("planted"))


def test_fault_timer(qapp):
    from PySide6.QtCore import QTimer

    KEPT.append(QTimer())
    KEPT[-1].start(10_000)


def test_fault_qthread(qapp):
    from PySide6.QtCore import QThread

    KEPT.append(QThread())
    KEPT[-1].start()


def test_fault_pool_task(qapp, request):
    from PySide6.QtCore import QThreadPool

    stop = threading.Event()
    QThreadPool.globalInstance().start(stop.wait)
    PLANTED.append(stop)


def test_fault_window_that_a_signal_keeps(qapp):
    from PySide6.QtWidgets import QPushButton

    PLANTED.pop().set()  # the end of the task above
    button = QPushButton()
    button.clicked.connect(lambda: button.close())


def test_fault_log_line():
    logging.getLogger("formwork").warning("planted")


def test_fault_expected_log_line_that_never_comes(expect_log):
    expect_log("planted")


def test_fault_python_warning():
    warnings.warn("planted", UserWarning)


def test_fault_qt_warning(qapp):
    from PySide6.QtCore import qWarning

    qWarning("planted")


def test_fault_qt_warning_of_a_fixture_that_ends(qapp, request):
    from PySide6.QtCore import qWarning

    request.addfinalizer(lambda: qWarning("planted"))


def test_fault_exception_in_a_slot(qtbot):
    from PySide6.QtCore import QTimer

    def slot():
        raise RuntimeError("planted")

    QTimer.singleShot(0, slot)


def test_fault_exception_in_a_thread():
    def work():
        raise RuntimeError("planted")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_fault_unknown_mark():
    assert pytest.mark.planted


@pytest.mark.xfail
def test_fault_expected_failure_that_passes(): ...


def test_fine_after_all_faults(qapp):
    """A leak fails the test that leaked, not the next one."""
'''

FAULTS = [line.split("(")[0].removeprefix("def ") for line in SUITE.splitlines() if line.startswith("def test_fault")]
FINE = [line.split("(")[0].removeprefix("def ") for line in SUITE.splitlines() if line.startswith("def test_fine")]

REASONS = {
    "test_fault_thread": "thread 'planted' still runs",
    "test_fault_window": "window QLabel",
    "test_fault_timer": "QTimer of 10000 ms is still active",
    "test_fault_qthread": "QThread '' still runs",
    "test_fault_pool_task": "a task still runs in a QThreadPool",
    "test_fault_window_that_a_signal_keeps": "window QPushButton",
    "test_fault_log_line": "unexpected: WARNING formwork: planted",
    "test_fault_expected_log_line_that_never_comes": "expected, but never logged: planted",
    "test_fault_qt_warning_of_a_fixture_that_ends": "Qt said: planted",
    "test_fault_unknown_mark": "'planted' not found in `markers`",
    "test_fault_expected_failure_that_passes": "[XPASS(strict)]",
}
"""Test -> what its report must say; `planted` where nothing is named."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, str]:
    """Name of each test of the small suite -> what its report complains about, "" for a test that passed."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_suite.py").write_text(SUITE, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    command += [
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--junitxml",
        "out.xml",
        "test_suite.py",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    said: dict[str, str] = {}
    for case in ET.parse(folder / "out.xml").iter("testcase"):
        bad = [child for child in case if child.tag in ("failure", "error")]
        said[case.attrib["name"]] = said.get(case.attrib["name"], "") + "".join(
            f"{child.get('message')} {child.text}" for child in bad
        )
    return said


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_test(name, reports):
    assert REASONS.get(name, "planted") in reports[name]


@pytest.mark.parametrize("name", FINE)
def test_a_good_test_passes(name, reports):
    assert reports[name] == ""


def test_the_small_suite_ran_as_a_whole(reports):
    assert set(reports) == {*FAULTS, *FINE}
    assert {name for name, _ in REASONS.items()} <= set(FAULTS)


def test_a_test_has_a_home_of_its_own(profile_folder):
    from pathlib import Path

    assert Path.home() == profile_folder
    assert os.environ["FORMWORK_HOME"].startswith(str(profile_folder))


def test_the_keyring_is_empty_and_of_this_test(memory_keyring):
    import keyring

    keyring.set_password("formwork", "w", "secret")
    assert keyring.get_password("formwork", "w") == "secret"
    keyring.delete_password("formwork", "w")
    assert keyring.get_password("formwork", "w") is None
    assert keyring.get_keyring() is memory_keyring


def test_programs_that_a_test_starts_use_the_test_keyring(run_python, monkeypatch, tmp_path):
    monkeypatch.setenv("FORMWORK_TEST_KEYRING", str(tmp_path / "keys.json"))
    written = run_python("-c", "import keyring; keyring.set_password('formwork', 'w', '密钥')")
    assert written.returncode == 0, written.stderr
    read = run_python("-c", "import keyring; print(ascii(keyring.get_password('formwork', 'w')))")
    assert read.stdout.strip() == ascii("密钥")


def test_the_clock_stands_still_until_it_is_moved(clock):
    before = clock.now()
    assert clock.now() == before
    assert (clock.advance(minutes=1, seconds=-1) - before).total_seconds() == 59
    assert clock.now().utcoffset().total_seconds() == 0


@pytest.mark.xvfb
def test_an_x_display_takes_a_real_window(x_display, run_python):
    program = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([]); label = QLabel("x"); label.show(); app.processEvents(); print(app.platformName())
"""
    shown = run_python("-c", program, env={**os.environ, "DISPLAY": x_display, "QT_QPA_PLATFORM": "xcb"})
    assert shown.stdout.strip() == "xcb", shown.stderr
