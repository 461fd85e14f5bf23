"""Encrypted workbooks: the password is asked for, opens them, is refused where it is wrong, and stays nowhere."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.readers.options import Limits, Options
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.readers.refusals import ArchiveLocked, PasswordProtected, UnsafeArchive, WrongPassword
from runtime.exchange.readers.unlocking import MOST_SPINS, UNASKED
from runtime.work import Progress
from tests.runtime.exchange.locking import agile, rc4, standard
from tests.runtime.exchange.workbooks import Rows, archive, read, rezip, shared, xls, xlsx

ROWS: Rows = [["姓名", "金额"], ["张三", 12.5], ["李四", 3]]
PASSWORD = "Geheim 秘密 1"

Lock = Callable[[Path, Path, str], Path]


def locked(tmp_path: Path, lock: Lock, password: str = PASSWORD) -> Path:
    plain = (xls if lock is rc4 else xlsx)(tmp_path / "plain", {"表": ROWS})
    return lock(plain, tmp_path / ("a.xls" if lock is rc4 else "a.xlsx"), password)


def opened(path: Path, password: str) -> list[Any]:
    book = open_workbook(path, Progress(), options=Options(password=password))
    return [column.values() for column in book.sheets[0].columns]


@pytest.mark.parametrize("lock", [agile, standard, rc4])
def test_the_right_password_opens_and_others_do_not(tmp_path: Path, lock: Lock) -> None:
    path = locked(tmp_path, lock)
    with pytest.raises(PasswordProtected, match="Enter the password"):
        read(path)
    with pytest.raises(WrongPassword, match="does not open"):
        opened(path, "geheim")
    assert opened(path, PASSWORD) == [["姓名", "张三", "李四"], ["金额", 12.5, 3]]


@pytest.mark.parametrize("lock", [agile, rc4])
def test_a_workbook_that_excel_opens_unasked_is_opened_unasked(tmp_path: Path, lock: Lock) -> None:
    assert read(locked(tmp_path, lock, UNASKED)).sheets[0].height == 3


def test_a_real_protected_workbook_is_asked_for_and_refuses_a_wrong_password() -> None:
    path = shared("messy/calamine_pass_protected.xlsx")
    with pytest.raises(PasswordProtected):
        read(path)
    with pytest.raises(WrongPassword):
        opened(path, "x")


def test_the_password_is_in_no_argument_and_in_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    popen = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", lambda *a, **k: started.append((a, k)) or popen(*a, **k))
    path = locked(tmp_path, agile)
    with pytest.raises(WrongPassword) as refused:
        opened(path, "quite wrong")
    assert started
    assert "quite wrong" not in repr(started) + str(refused.value) + repr(Options(password="quite wrong"))


def test_what_comes_out_of_the_encryption_is_looked_at_too(tmp_path: Path) -> None:
    good = xlsx(tmp_path / "good.xlsx", {"表": ROWS})
    bomb = rezip(good, tmp_path / "bomb.xlsx", lambda _, content: content, {"xl/media/a.bin": bytes(50 << 20)})
    with pytest.raises(UnsafeArchive):
        opened(agile(bomb, tmp_path / "a.xlsx", PASSWORD), PASSWORD)


def test_a_file_that_wants_endless_hashing_is_refused(tmp_path: Path) -> None:
    content = locked(tmp_path, agile).read_bytes()
    assert b'spinCount="100000"' in content
    path = tmp_path / "slow.xlsx"
    path.write_bytes(content.replace(b'spinCount="100000"', b'spinCount="%d"' % (MOST_SPINS - 1)))
    with pytest.raises(PasswordProtected):
        open_workbook(path, Progress(), Limits(seconds=20))
    path.write_bytes(content.replace(b'spinCount="100000"', b'spinCount="9999999"'))
    with pytest.raises(UnsafeArchive):
        read(path)


def test_parts_that_are_encrypted_one_by_one_are_refused(tmp_path: Path) -> None:
    content = bytearray(xlsx(tmp_path / "good.xlsx", {"表": ROWS}).read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(ArchiveLocked, match="encrypted in a way"):
        read(path)


def test_an_encrypted_opendocument_sheet_is_refused(tmp_path: Path) -> None:
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"\x93\x12\x44",
        "META-INF/manifest.xml": b"<manifest><file-entry><encryption-data/></file-entry></manifest>",
    }
    path = tmp_path / "a.ods"
    path.write_bytes(archive(parts))
    assert zipfile.is_zipfile(io.BytesIO(path.read_bytes()))
    with pytest.raises(ArchiveLocked):
        read(path)
