"""dev.py decides rightly: which Python, which system packages, when to install, what to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.support.profile import ROOT


@pytest.fixture
def calls(monkeypatch) -> list[tuple[str, ...]]:
    """What dev.py would run in the environment."""
    made: list[tuple[str, ...]] = []

    def python(*arguments: str, cwd: Path | None = None) -> int:
        made.append(arguments)
        return 0

    monkeypatch.setattr(dev, "python", python)
    monkeypatch.setattr(dev, "setup", lambda tests: 0)
    return made


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a lock file that names nothing, and environments that are made in no time."""

    def make_environment(folder: Path) -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").symlink_to(sys.executable)
        return True

    monkeypatch.setattr(dev, "make_environment", make_environment)
    (tmp_path / "requirements.lock").write_text("# nothing\n", "utf-8")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    return tmp_path


@pytest.mark.parametrize("arguments", [["test", "-k", "x"], ["bench"], ["shots", "--dark"]])
def test_arguments_are_passed_on(arguments, calls):
    assert dev.main(arguments) == 0
    assert list(calls[0][-len(arguments) + 1 :] if arguments[1:] else []) == arguments[1:]


@pytest.mark.parametrize(
    ("display", "given", "started"),
    [
        (":0", [], []),
        (":0", ["a.formwork"], ["a.formwork"]),
        (":0", ["--demo"], ["demo"]),
        ("", [], ["demo"]),
        ("", ["--demo", "x"], ["demo", "x"]),
        ("", ["demo", "x"], ["demo", "x"]),
    ],
)
def test_run_without_a_display_shows_the_demo(display, given, started, calls, monkeypatch):
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    dev.main(["run", *given])
    assert calls == [("-m", "desktop", *started)]


def test_an_unknown_command_shows_the_usage(capsys):
    assert dev.main(["fly"]) == 2
    assert "python3 dev.py COMMAND" in capsys.readouterr().out


def test_every_check_runs_after_one_failed(monkeypatch, capsys):
    monkeypatch.setattr(dev, "setup", lambda tests: 0)
    monkeypatch.setattr(dev, "python", lambda *arguments, cwd=None: int("mypy" in arguments))
    assert dev.main(["check"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "--- format: ok, lint: ok, types: FAILED, floors: ok, architecture: ok, translations: ok"


def test_a_python_that_is_too_old_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or 3\.12; this is 3\.9\.2\. Install python3\.11"):
        dev.find_python(["run"])


def test_a_python_that_is_too_new_gives_way_to_one_that_fits(monkeypatch, tmp_path):
    other = tmp_path / "python3.12"
    other.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "$@" > "$0.said"\nexit 7\n', "utf-8")
    other.chmod(0o755)
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as end:
        dev.find_python(["test", "-x"])
    assert end.value.code == 7
    assert (tmp_path / "python3.12.said").read_text() == f"{ROOT / 'dev.py'} test -x\n"


needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-query"), reason="not a Debian or Ubuntu machine")


@needs_dpkg
def test_only_missing_system_packages_are_named():
    assert dev.missing_packages(["dpkg", "surely-not-a-package"]) == ["surely-not-a-package"]


@needs_dpkg
@pytest.mark.parametrize(("missing", "code"), [("libegl1", 1), ("xvfb", 0), ("fonts-noto-cjk", 0)])
def test_without_root_the_one_command_is_said(missing, code, monkeypatch, capsys):
    """Libraries end the command, since Qt cannot start; fonts and the test programs do not."""
    monkeypatch.setattr(dev, "missing_packages", lambda wanted: [name for name in wanted if name == missing])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "sudo" else real(name))
    assert dev.install_libraries(tests=True) == code
    assert f"sudo apt-get install -y --no-install-recommends {missing}" in capsys.readouterr().out


def test_installing_is_done_once_and_again_when_the_lock_changes(checkout, monkeypatch):
    installed = []

    def pip_install() -> int:
        installed.append(dev.LOCK.read_text("utf-8"))
        return 0

    monkeypatch.setattr(dev, "pip_install", pip_install)
    assert (dev.install_packages(), dev.install_packages()) == (0, 0)
    assert len(installed) == 1
    (checkout / "requirements.lock").write_text("# other\n", "utf-8")
    dev.install_packages()
    assert len(installed) == 2


def test_an_interrupted_installation_starts_anew(checkout, monkeypatch):
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "pip_install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        dev.install_packages()
    debris = checkout / ".venv" / "debris"
    debris.touch()
    monkeypatch.setattr(dev, "pip_install", lambda: 0)
    assert dev.install_packages() == 0
    assert not debris.exists()
    assert not (checkout / ".venv" / "formwork-unfinished").exists()


def test_a_failed_installation_goes_on_where_it_was(checkout, monkeypatch):
    monkeypatch.setattr(dev, "pip_install", lambda: 1)
    assert dev.install_packages() == 1
    kept = checkout / ".venv" / "kept"
    kept.touch()
    monkeypatch.setattr(dev, "pip_install", lambda: 0)
    assert dev.install_packages() == 0
    assert kept.exists()


def test_no_file_names_a_package_index():
    """Mirrors are the business of the machine: pip and uv read them from its own configuration."""
    listing = ["git", "-C", str(ROOT), "grep", "-lIE", "pypi[.]org|pythonhosted|--(extra-)?index-url|find-links=", "--"]
    found = subprocess.run([*listing, ":!tests/test_dev.py"], capture_output=True, text=True, check=False)
    assert found.stdout == ""
