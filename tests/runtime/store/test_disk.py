"""What is known of the disk under a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.errors import UserError
from runtime.store import disk
from runtime.store.ballast import ROOM, SIZE, Ballast

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home/me/share rw,relatime - nfs4 server:/data rw,vers=4.2
31 22 0:41 / /home/me/old rw,relatime - cifs //server/data rw
32 30 0:42 / /home/me/share/local rw,relatime - ext4 /dev/sdb1 rw
33 22 0:43 / /mnt/my\\040disk rw - fuse.sshfs me@server:/ rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("/", False),
        ("/home/me", False),
        ("/home/me/share", True),
        ("/home/me/share/a/b.formwork", True),
        ("/home/me/sharetoo", False),
        ("/home/me/share/local/a", False),
        ("/home/me/old/a", True),
        ("/mnt/my disk/a", True),
    ],
)
def test_a_share_is_known_by_the_innermost_mount(mounts: Path, folder: str, remote: bool) -> None:
    assert disk.is_network_share(Path(folder), mounts) is remote


def test_where_the_system_does_not_say_nothing_is_a_share(tmp_path: Path) -> None:
    assert not disk.is_network_share(tmp_path, tmp_path / "nothing")
    assert not disk.is_network_share(tmp_path)


def test_an_import_needs_300_megabytes(tmp_path: Path) -> None:
    disk.room_for_import(tmp_path, lambda _folder: 300 * 1024**2)
    with pytest.raises(UserError, match="an import needs 315 MB") as refusal:
        disk.room_for_import(tmp_path, lambda _folder: 300 * 1024**2 - 1)
    assert refusal.value.code == "disk_low"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "1 kB"), (999, "1 kB"), (64_000, "64 kB"), (315_000_000, "315 MB"), (1_450_000_000, "1.4 GB")],
)
def test_sizes_are_said_as_people_say_them(count: int, said: str) -> None:
    assert disk.size(count) == said


def test_the_ballast_takes_its_room_and_gives_it_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path)
    assert not ballast.is_there
    assert ballast.make(ROOM)
    assert ballast.is_there
    assert (tmp_path / "ballast").stat().st_size == SIZE == 16 * 1024**2
    ballast.release()
    ballast.release()
    assert not ballast.is_there


def test_the_ballast_is_not_what_fills_the_disk(tmp_path: Path) -> None:
    assert not Ballast(tmp_path).make(ROOM - 1)
    assert list(tmp_path.iterdir()) == []


def test_half_a_ballast_is_none(tmp_path: Path) -> None:
    (tmp_path / "ballast").write_bytes(bytes(1000))
    ballast = Ballast(tmp_path)
    assert not ballast.is_there
    assert ballast.make(ROOM)
    assert ballast.is_there
