"""For every test: a fresh profile, English, an empty keyring, and no leaks, stray log lines or Qt warnings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import profile

profile.before_anything_is_imported()

import hypothesis  # noqa: E402 - these after the environment is settled
import keyring  # noqa: E402
import pytest  # noqa: E402

import dev  # noqa: E402
from resources import texts  # noqa: E402
from tests.support import leaks, log_guard, postgres, x_server  # noqa: E402
from tests.support.clock import FakeClock  # noqa: E402
from tests.support.memory_keyring import MemoryKeyring  # noqa: E402
from tests.support.patience import PatientBot  # noqa: E402

# A machine that does other things too is no reason to fail; a budget has its own test in tests/speed. In CI examples
# are the same every time: what fails there is a change and no find; people's machines go on looking for new ones.
hypothesis.settings.register_profile(
    "formwork",
    deadline=None,
    print_blob=True,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("formwork")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_before = pytest.StashKey[leaks.Living]()
_failed = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Compile translations that are older than their source; once, not in every worker."""
    if not hasattr(config, "workerinput"):
        for po in dev.translation_files():
            if dev.is_stale(po):
                dev.compile_catalogue(po)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Remember what lives before the fixtures of the test."""
    item.stash[_before] = leaks.Living.now()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test failed: its traceback keeps things alive that are no leaks."""
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed  # type: ignore[attr-defined]
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fail a test that left something running or showing after all its fixtures are gone, or that made Qt complain."""
    before = item.stash[_before]
    with log_guard.hearing_qt(item.config.getini("qt_log_ignore")) as found:
        result = yield
        left = leaks.leaks(before)
    if left:
        leaks.clean_up(before)
        found.append("left behind:")
        found.extend(f"  {line}" for line in left)
    if found and not item.stash.get(_failed, False):
        pytest.fail("\n".join(found), pytrace=False)
    return result


def pytest_sessionfinish() -> None:
    """Let go of what lies on the clipboard: Qt's platform without a screen destroys it after Python has ended."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        from runtime.ui.clipboard_end import let_go_of_clipboard

        let_go_of_clipboard()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def profile_folder(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home folder of this test alone."""
    home = _homes / "home"
    for name, value in profile.environment(home).items():
        monkeypatch.setenv(name, value)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def memory_keyring(profile_folder: Path) -> Iterator[MemoryKeyring]:
    """The keyring of this test alone."""
    former, own = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(former)


@pytest.fixture(autouse=True, scope="module")
def _no_dead_windows() -> Iterator[None]:
    yield
    leaks.bury()


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    texts.speak("en")
    yield
    texts.speak("en")


@pytest.fixture(autouse=True)
def _log_guard() -> Iterator[log_guard.LogGuard]:
    with log_guard.watching() as guard:
        yield guard
    complaints = guard.complaints()
    if complaints:
        pytest.fail("log lines:\n  " + "\n  ".join(complaints), pytrace=False)


@pytest.fixture
def expect_log(_log_guard: log_guard.LogGuard) -> Callable[[str], None]:
    """`expect_log(pattern)`: this test makes the program log `LEVEL logger: message` lines that match, on purpose."""
    return _log_guard.expect


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Hands of pytest-qt, with patience; no key is held down any more."""
    bot = PatientBot(request)
    bot.let_go()
    return bot


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def x_display() -> Iterator[str]:
    """The name of a fresh X display, for programs the test starts."""
    with x_server.running() as display:
        yield display


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """URL of a PostgreSQL server whose user may make databases; `postgres.fresh_database` makes one for a test."""
    with postgres.given_or_running() as url:
        yield url


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_python(*arguments)`: run a fresh Python in the checkout, with this test's profile; text in, text out."""

    def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
        options = {"cwd": profile.ROOT, "capture_output": True, "text": True, "timeout": 280, "check": False, **more}
        return subprocess.run([sys.executable, *arguments], **options)  # type: ignore[call-overload, no-any-return]  # noqa: PLW1510

    return run
