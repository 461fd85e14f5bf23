"""Opening a workspace: what is damaged is restored, what is foreign or newer is refused and left as it is."""

from __future__ import annotations

import random
import secrets
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from runtime.checks import problems_of
from runtime.errors import UserError
from runtime.session import Session, open_workspace
from runtime.store import backup_file, keys, restore, system
from runtime.store.engine import open_keyed
from runtime.store.folder import BACKUPS, DAMAGED, DATABASE, LOG
from runtime.store.key_slots import FILES
from runtime.store.lock import FILE as LOCK
from runtime.store.workspace import Workspace
from runtime.work import Progress
from tests.support.pace import within
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine

EARLY, LATE = 30, 12


class Shop:
    """A closed workspace with a backup of its first records, and some more since."""

    def __init__(self, folder: Path) -> None:
        office = Office(folder)
        self.folder = office.session.folder
        for at in range(EARLY):
            office.new("客户", {"名称": f"客户{at}", "备注": "长文" * (at * 150)})
        office.session.safety.backup("asked", Progress())
        self.backed_up = self.contents(office.session)
        for at in range(EARLY, EARLY + LATE):
            office.new("客户", {"名称": f"客户{at}", "备注": "长文" * (at * 50)})
        self.whole = self.contents(office.session)
        office.session.close()

    @property
    def file(self) -> Path:
        return self.folder / DATABASE

    @staticmethod
    def contents(session: Session) -> dict[str, str]:
        return {record["名称"]: record["备注"] for record in session.form("客户").records(limit=1000)}

    def files(self) -> dict[str, bytes]:
        """Everything in the folder but the lock."""
        paths = (path for path in self.folder.rglob("*") if path.is_file() and path.name != LOCK)
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture(scope="module")
def _shops(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"folder": tmp_path_factory.mktemp("shops")}


@pytest.fixture
def copied(_shops: dict[str, Any], tmp_path: Path, memory_keyring: Any) -> Shop:
    """A copy of one shop that all tests of the module share, keyring included; cheap for many seeds."""
    if "shop" not in _shops:
        _shops["shop"] = Shop(_shops["folder"])
        _shops["keys"] = dict(memory_keyring._memory)
    memory_keyring._memory.update(_shops["keys"])
    shop = Shop.__new__(Shop)
    shop.__dict__.update(_shops["shop"].__dict__)
    shop.folder = tmp_path / "office.formwork"
    shutil.copytree(_shops["shop"].folder, shop.folder)
    return shop


# Damage


def flip(content: bytearray, at: int, chance: random.Random) -> None:
    content[at] ^= 1 << chance.randrange(8)


def zero(content: bytearray, at: int, chance: random.Random) -> None:
    length = chance.choice((64, 512, 4096, 20_000))
    content[at : at + length] = bytes(len(content[at : at + length]))


def zero_page(content: bytearray, at: int, _chance: random.Random) -> None:
    start = at // 4096 * 4096
    content[start : start + 4096] = bytes(4096)


def cut(content: bytearray, at: int, _chance: random.Random) -> None:
    del content[at:]


HARM = (flip, zero, zero_page, cut)


def read(shop: Shop, session: Session) -> dict[str, str] | None:
    """What is in it; None where the answer is that it is damaged."""
    try:
        return shop.contents(session)
    except UserError as failure:
        if failure.code != "damaged":
            raise
        return None


@pytest.mark.parametrize("seed", range(60))
def test_a_database_damaged_anywhere_never_shows_wrong_data(copied: Shop, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(copied.file.read_bytes())
    HARM[seed % len(HARM)](content, chance.randrange(len(content)), chance)
    copied.file.write_bytes(content)
    for _opening in range(3):
        session = open_workspace(copied.folder)
        restored = session.safety.opening.restored
        found = read(copied, session)
        if found is None:
            session.safety.suspect()
            session.close()
            continue
        if restored is not None:
            assert found == copied.backed_up
            assert session.damage() == []
            assert restored.lost in {None, LATE}
            assert bytes((restored.aside / DATABASE).read_bytes()) == bytes(content)
            session.close()
            break
        assert found == copied.whole
        if session.damage():
            session.safety.suspect()
        session.close()
    else:
        with open_workspace(copied.folder) as session:
            assert session.damage() == []
            assert copied.contents(session) in (copied.whole, copied.backed_up)
    with open_workspace(copied.folder) as session:
        assert session.safety.opening.restored is None
        assert not session.safety.opening.unclean


@pytest.mark.parametrize("seed", range(24))
def test_a_damaged_log_of_a_killed_session_loses_nothing_unsaid(copied: Shop, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    session = open_workspace(copied.folder)
    form = session.form("客户")
    for at in range(8):
        form.create({"名称": f"最后{at}", "备注": "x" * 500 * at})
    crashed = tmp_path / "crashed.formwork"
    shutil.copytree(copied.folder, crashed)  # as a kill leaves it
    session.close()
    log = bytearray((crashed / LOG).read_bytes())
    assert len(log) > 20_000
    HARM[seed % len(HARM)](log, chance.randrange(32, len(log)), chance)
    (crashed / LOG).write_bytes(log)
    with open_workspace(crashed) as session:
        opening = session.safety.opening
        found = copied.contents(session)
        late = [name for name in found if name.startswith("最后")]
        if opening.restored is not None:
            assert found == copied.backed_up
            assert opening.restored.lost == LATE + 8
        else:
            assert {name: text for name, text in found.items() if name not in late} == copied.whole
            assert late == [f"最后{at}" for at in range(8 - opening.tail)]
        assert session.damage() == []


@pytest.mark.parametrize("seed", range(16))
def test_key_slots_damaged_in_one_copy_or_both_are_mended(copied: Shop, seed: int) -> None:
    chance = random.Random(seed)
    for name in FILES if seed % 2 else FILES[seed // 2 % 2 :][:1]:
        content = bytearray((copied.folder / name).read_bytes())
        HARM[seed // 4 % 4](content, chance.randrange(len(content)), chance)
        (copied.folder / name).write_bytes(content)
    with open_workspace(copied.folder) as session:
        assert copied.contents(session) == copied.whole
    first, second = ((copied.folder / name).read_bytes() for name in FILES)
    assert first == second


@pytest.mark.parametrize("seed", range(12))
def test_with_damaged_backups_the_next_sound_one_is_restored(copied: Shop, seed: int) -> None:
    chance = random.Random(seed)
    with open_workspace(copied.folder) as session:
        for at in range(2):
            session.form("客户").create({"名称": f"新{at}"})
            session.safety.backup("asked", Progress())
        later = session.safety.backups.listed()[:-1]
    assert [backup.manifest.head for backup in later] == [EARLY + LATE + 3, EARLY + LATE + 2][: len(later)]
    for backup in later:
        content = bytearray(backup.path.read_bytes())
        HARM[seed % 4](content, chance.randrange(len(content)), chance)
        backup.path.write_bytes(content)
    copied.file.write_bytes(b"")
    with open_workspace(copied.folder) as session:
        restored = session.safety.opening.restored
        assert restored is not None
        assert copied.contents(session) == copied.backed_up


@pytest.mark.parametrize("what", ["empty", "gone", "text", "zip", "first page", "plain database"])
def test_what_took_the_place_of_the_file_is_moved_aside_and_the_backup_restored(shop: Shop, what: str) -> None:
    other = foreign_content(what, shop.file)
    if other is None:
        shop.file.unlink()
    else:
        shop.file.write_bytes(other)
    with open_workspace(shop.folder) as session:
        restored = session.safety.opening.restored
        assert restored is not None
        assert shop.contents(session) == shop.backed_up
        assert session.damage() == []
    if other is not None:
        assert (restored.aside / DATABASE).read_bytes() == other
    with open_workspace(shop.folder) as session:
        assert session.safety.opening.restored is None


def foreign_content(what: str, file: Path) -> bytes | None:
    if what == "gone":
        return None
    if what == "first page":
        return secrets.token_bytes(4096) + file.read_bytes()[4096:]
    if what == "plain database":
        plain = sqlite3.connect(file.with_name("plain"))
        plain.execute("CREATE TABLE x (a)")
        plain.close()
        content = file.with_name("plain").read_bytes()
        file.with_name("plain").unlink()
        return content
    return {"empty": b"", "text": "从前有一个".encode() * 2000, "zip": b"PK\x03\x04" + bytes(9000)}[what]


def test_a_session_that_was_killed_is_looked_at_closely_and_one_that_was_closed_is_not(shop: Shop) -> None:
    with open_workspace(shop.folder) as session:
        assert not session.safety.opening.unclean
    (shop.folder / LOCK).write_bytes(b'{"pid":1,"computer":"x","since":""}')
    with open_workspace(shop.folder) as session:
        assert session.safety.opening.unclean
    with open_workspace(shop.folder) as session:
        assert not session.safety.opening.unclean


def test_damage_met_at_work_is_restored_at_the_next_opening(shop: Shop) -> None:
    content = bytearray(shop.file.read_bytes())
    content[-4096 + 100] ^= 1
    shop.file.write_bytes(content)
    session = open_workspace(shop.folder)
    assert session.safety.opening.restored is None
    if read(shop, session) is not None:
        with pytest.raises(UserError, match="damaged"):
            session.safety.backup("asked", Progress())
    assert session.safety.is_suspect
    session.close()
    with open_workspace(shop.folder) as session:
        assert session.safety.opening.restored is not None
        assert session.safety.opening.restored.lost == LATE


def test_without_a_sound_backup_nothing_is_touched(shop: Shop) -> None:
    shutil.rmtree(shop.folder / BACKUPS)
    content = bytearray(shop.file.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 99] ^= 1
    shop.file.write_bytes(content)
    before = shop.files()
    for _again in range(2):
        with pytest.raises(UserError, match=r"damaged.*no sound backup") as refusal:
            open_workspace(shop.folder)
        assert refusal.value.code == "damaged"
        assert shop.files() == before


STEPS = ("move_aside", "_into_place", "extract")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_restoration_that_is_killed_at_any_step_is_done_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    class Killed(BaseException):
        pass

    place: Any = backup_file if step == "extract" else restore
    real: Callable[..., Any] = getattr(place, step)

    def die(*these: Any) -> None:
        if when == "after":
            real(*these)
        raise Killed

    content = bytearray(shop.file.read_bytes())
    content[4096 + 5] ^= 1
    shop.file.write_bytes(content)
    with monkeypatch.context() as killed:
        killed.setattr(place, step, die)
        with pytest.raises(Killed):
            open_workspace(shop.folder)
    with open_workspace(shop.folder) as session:
        assert shop.contents(session) == shop.backed_up
        assert session.damage() == []
    aside = [path.read_bytes() for path in (shop.folder / DAMAGED).rglob(DATABASE)]
    assert bytes(content) in aside


# What is none of ours


def no_workspace(folder: Path, what: str) -> None:
    folder.mkdir()
    file = folder / DATABASE
    if what == "plain":
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE x (a)")
        connection.commit()
        connection.close()
    elif what == "cipher":
        other = sqlcipher.connect(str(file))
        other.execute("PRAGMA key = 'somebody else'")
        other.execute("CREATE TABLE x (a)")
        other.commit()
        other.close()
    elif what == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("x", "y" * 10_000)
    elif what != "nothing":
        file.write_bytes({"text": b"hello\nworld\n" * 900, "empty": b"", "short": secrets.token_bytes(700)}[what])


SAID = {
    "plain": "unencrypted database of another program",
    "cipher": "key file of this workspace is missing",
    "zip": "zip archive",
    "text": "a text file",
    "empty": "is empty",
    "short": "cut off",
    "nothing": "not a Formwork workspace",
}


@pytest.mark.parametrize(("what", "said"), SAID.items())
def test_a_file_of_something_else_is_said_in_a_second_and_left_as_it_is(tmp_path: Path, what: str, said: str) -> None:
    folder = tmp_path / "other.formwork"
    no_workspace(folder, what)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with within(1), pytest.raises(UserError, match=said):
        open_workspace(folder)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != LOCK}
    assert after == before


def test_the_database_of_another_workspace_is_refused_and_left_as_it_is(shop: Shop, tmp_path: Path) -> None:
    Workspace.create(tmp_path / "other.formwork", problems_of).close()
    shutil.rmtree(shop.folder / BACKUPS)
    shutil.copy(tmp_path / "other.formwork" / DATABASE, shop.file)
    before = shop.files()
    with pytest.raises(UserError, match="does not open the workspace"):
        open_workspace(shop.folder)
    assert shop.files() == before


# Versions


def test_a_newer_workspace_is_refused_with_both_numbers_and_the_backup_that_fits(shop: Shop) -> None:
    made = Workspace.open(shop.folder, problems_of)
    with made.database.writer.begin() as connection:
        system.write_meta(connection, system=system.SYSTEM_VERSION + 5)
    made.close()
    (backup,) = (shop.folder / BACKUPS).iterdir()
    before = shop.files()
    with within(1), pytest.raises(UserError) as refusal:
        open_workspace(shop.folder)
    assert refusal.value.code == "newer_workspace"
    said = str(refusal.value)
    assert f"version {system.SYSTEM_VERSION + 5}; this program is {system.SYSTEM_VERSION}" in said
    assert backup.name in said
    assert shop.files() == before


def test_a_wrong_passphrase_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Workspace.create(tmp_path / "a.formwork", problems_of, "long enough 1")
    made.safety.backup("asked", Progress())
    made.close()
    with pytest.raises(keys.WrongPassphrase):
        open_workspace(tmp_path / "a.formwork", "long enough 2")
    assert not (tmp_path / "a.formwork" / DAMAGED).exists()


@pytest.mark.parametrize(
    "harm", ["ALTER TABLE meta RENAME TO other", "DELETE FROM meta WHERE k = 'head'", "DROP TABLE commit_log"]
)
def test_books_that_are_not_there_are_damage_and_no_bug(tmp_path: Path, harm: str) -> None:
    session = open_workspace(tmp_path / "w")
    folder, key = session.folder, session.safety._key
    session.close()
    shutil.rmtree(folder / BACKUPS, ignore_errors=True)
    connection = open_keyed(folder / DATABASE, key)
    connection.execute(harm)
    connection.close()
    with pytest.raises(UserError) as refusal:
        open_workspace(folder)
    assert refusal.value.code == "damaged"
