"""Nothing secret leaves the program: canaries are looked for in all that it writes, logs, prints and raises."""

from __future__ import annotations

import base64
import logging
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.errors import UserError
from runtime.session import Session, open_workspace
from runtime.store import keys, rekey
from runtime.store.key_slots import read_slots
from runtime.store.lock import WorkspaceLock
from runtime.store.recovery_code import RecoveryCode
from runtime.work import Progress
from tests.support.apps import customers_and_orders
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.memory_keyring import MemoryKeyring

pytestmark = pytest.mark.one_engine

PASSPHRASE, NEW = "canary-passphrase-Quetzal", "canary-passphrase-Pangolin"
VALUE = "ZQX-4f1d-canary 张伟的工资"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Cheap passphrases, and a folder for temporary files of this test alone."""
    cheap_passphrases(monkeypatch)
    (tmp_path / "temporary").mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "temporary"))


class Said(logging.Handler):
    """Everything that is logged, at any level, and raised."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it as a file would."""
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))

    def refused(self, act: Callable[[], Any]) -> None:
        """`act` must raise; everything that could be shown of that is kept."""
        try:
            act()
        except Exception as error:
            link: BaseException | None = error
            while link is not None:
                self.lines += [str(link), repr(link), repr(link.args)]
                self.lines += [repr(vars(link))] if isinstance(link, UserError) else []
                link = link.__cause__ or link.__context__
            self.lines += traceback.TracebackException.from_exception(error).format()
        else:
            pytest.fail("nothing was refused")


@pytest.fixture
def said() -> Iterator[Said]:
    """What the program says in this test."""
    handler, root = Said(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.NOTSET)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def shapes(secret: bytes | str) -> list[bytes]:
    """What a secret may look like in a file."""
    raw = secret.encode() if isinstance(secret, str) else secret
    found = [raw, base64.b64encode(raw), raw.hex().encode(), raw.hex().upper().encode(), repr(raw)[2:-1].encode()]
    if isinstance(secret, str):
        found += [secret.encode("utf-16-le"), secret.encode("utf-16-be"), secret.replace("-", "").encode()]
        found.append(repr(secret)[1:-1].encode("unicode_escape"))
    return found


def found_in(place: Path | str, *secrets: bytes | str) -> list[str]:
    """Files below a folder, or the text itself, that hold one of the secrets in any shape."""
    if isinstance(place, str):
        bodies = {"text": place.encode()}
    else:
        bodies = {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    return [name for name, body in bodies.items() for secret in secrets if any(part in body for part in shapes(secret))]


def test_what_is_looked_for_would_be_found(tmp_path: Path, said: Said) -> None:
    """The positive control."""
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE t (v TEXT)")
    plain.execute("INSERT INTO t VALUES (?)", (VALUE,))
    plain.commit()
    plain.close()
    assert found_in(tmp_path, VALUE) == [str(tmp_path / "plain.db")]
    logging.getLogger("x").info("opening with %s", PASSPHRASE)

    def leak() -> None:
        raise ValueError(bytes(range(32)))

    said.refused(leak)
    assert found_in("\n".join(said.lines), PASSPHRASE)
    assert found_in("\n".join(said.lines), bytes(range(32)))


def _filled(folder: Path) -> Session:
    session = open_workspace(folder, PASSPHRASE)
    session.publish(customers_and_orders())
    for number in range(50):
        session.form("客户").create({"名称": f"{VALUE} {number}", "备注": VALUE * 40})
    return session


def test_no_file_of_a_workspace_holds_a_value_a_key_or_what_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory_keyring: MemoryKeyring
) -> None:
    folder = tmp_path / "office.formwork"
    session = _filled(folder)
    ways = session.ways
    assert ways is not None
    ways.accept(offer := ways.offer_code(PASSPHRASE))
    secrets: list[bytes | str] = [VALUE, "canary", PASSPHRASE, NEW, str(offer.code), offer.code.secret]
    secrets += [keys.unlock(read_slots(folder), None), *map(base64.b64decode, memory_keyring._memory.values())]
    session.form("客户").records(where=f'{{名称}} = "{VALUE} 7"', sort=["-备注"])
    assert (folder / "data.db-wal").stat().st_size > 0
    assert found_in(tmp_path, *secrets) == []
    session.safety.backup("asked", Progress())
    ways.set_passphrase(PASSPHRASE, NEW)
    assert found_in(tmp_path, *secrets) == []
    session.close()
    checked, drafts = rekey._check, []

    def look(place: Path, old: bytes, new: bytes) -> None:
        drafts.append((place / rekey.DRAFT).stat().st_size)
        assert found_in(tmp_path, *secrets, old, new) == []
        checked(place, old, new)

    monkeypatch.setattr(rekey, "_check", look)
    done = rekey.rekey_closed(folder, NEW, Progress())
    assert drafts[0] > 100_000
    secrets += [done.key, *map(base64.b64decode, memory_keyring._memory.values())]
    assert found_in(tmp_path, *secrets) == []


@pytest.mark.skipif(sys.platform == "win32", reason="fork")
def test_what_a_killed_program_leaves_holds_nothing_readable(tmp_path: Path) -> None:
    folder = tmp_path / "office.formwork"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _filled(folder)
        os.write(writing, b"!")
        signal.pause()
    os.read(reading, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)
    assert (folder / "data.db-wal").stat().st_size > 0
    assert found_in(tmp_path, VALUE, PASSPHRASE, keys.unlock(read_slots(folder), PASSPHRASE)) == []


def test_nothing_secret_is_logged_printed_or_raised(
    tmp_path: Path, said: Said, capfd: pytest.CaptureFixture[str], memory_keyring: MemoryKeyring
) -> None:
    folder = tmp_path / "office.formwork"
    session = _filled(folder)
    ways = session.ways
    assert ways is not None
    ways.accept(offer := ways.offer_code(PASSPHRASE))
    code = str(offer.code)
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    wrong = "canary-wrong-Axolotl"
    for act in (
        lambda: ways.set_passphrase(wrong, NEW),
        lambda: ways.set_passphrase(PASSPHRASE, "short"),
        lambda: ways.offer_code(slip),
        lambda: ways.remove_passphrase(wrong),
        lambda: open_workspace(folder, PASSPHRASE),
        lambda: session.form("客户").create({"名称": f"{VALUE} 1"}),
        lambda: session.form("订单").create({"编号": "1", "数量": VALUE}),
    ):
        said.refused(act)
    key = keys.unlock(read_slots(folder), None)
    said.lines += [
        repr(each) for each in (session, ways, offer, offer.code, ways.list(), read_slots(folder), session.safety)
    ]
    session.close()
    for secret in (wrong, slip, str(RecoveryCode.new()), "x" * 1_000):
        said.refused(partial(open_workspace, folder, secret))
        said.refused(partial(rekey.rekey_closed, folder, secret, Progress()))
    (folder / "data.db").write_bytes(b"?" * 8192)
    said.refused(lambda: open_workspace(folder, PASSPHRASE))
    lock = WorkspaceLock(folder)
    said.refused(lambda: rekey.rekey(folder, PASSPHRASE, Progress()))
    lock.release()
    out, err = capfd.readouterr()
    everything = "\n".join([*said.lines, out, err])
    kept = [base64.b64decode(each) for each in memory_keyring._memory.values()]
    secrets: list[bytes | str] = [PASSPHRASE, NEW, wrong, code, slip, offer.code.secret, key, *kept]
    assert found_in(everything, *secrets) == []


@pytest.mark.parametrize("hidden", [True, False])
def test_a_failing_statement_says_nothing_of_its_values(tmp_path: Path, said: Said, hidden: bool) -> None:
    """Without what hides them (the positive control) it would."""

    def fail() -> None:
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO nowhere VALUES (:v)"), {"v": VALUE})

    with open_workspace(tmp_path / "office") as session:
        engine = session._workspace.database.writer
        assert engine.hide_parameters
        engine.hide_parameters = hidden
        said.refused(fail)
    assert "nowhere" in "\n".join(said.lines)
    assert bool(found_in("\n".join(said.lines), VALUE)) is not hidden


def test_a_refusal_knows_the_name_of_its_kind_only(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refusal:
        keys.unlock((keys.passphrase_slot(bytes(32), PASSPHRASE),), NEW)
    assert vars(refusal.value).keys() <= {"message", "hint", "code"}
