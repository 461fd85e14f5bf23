"""The settings file: read whatever it holds, written whole or not at all."""

from pathlib import Path

import pytest

from desktop import settings
from desktop.settings import MOST_RECENT, Recent, Settings


def test_what_is_saved_comes_back(tmp_path: Path):
    file = tmp_path / "new" / "settings.json"
    said = Settings("zh_CN", "dark", (Recent("/a/销售.formwork", "2026-03-05"),), "AdnQ")
    settings.save(said, file)
    assert settings.load(file) == said
    assert "销售" in file.read_text("utf-8")
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"recent": 3}', b"\xff\xfe"])
def test_a_damaged_file_gives_the_defaults_and_is_left_alone(tmp_path: Path, body: bytes):
    file = tmp_path / "settings.json"
    file.write_bytes(body)
    assert settings.load(file) == Settings()
    assert file.read_bytes() == body


def test_a_newer_file_with_more_in_it_can_be_read(tmp_path: Path):
    file = tmp_path / "settings.json"
    file.write_text('{"language": "zh_CN", "hologram": true}')
    assert settings.load(file).language == "zh_CN"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "settings.json"
    settings.save(Settings("en"), file)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.settings.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        settings.save(Settings("zh_CN"), file)
    assert settings.load(file).language == "en"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_the_newest_workspace_is_first_and_the_list_has_an_end():
    said = Settings()
    for number in range(MOST_RECENT + 3):
        said = said.having_opened(Path(f"/w/{number}.formwork"), "now")
    said = said.having_opened(Path("/w/9.formwork"), "later")
    assert [Path(r.path).stem for r in said.recent[:3]] == ["9", "14", "13"]
    assert len(said.recent) == MOST_RECENT
    assert "/w/9.formwork" not in {r.path for r in said.without("/w/9.formwork").recent}


def test_the_environment_says_where_settings_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(settings.HOME, str(tmp_path))
    assert settings.file() == tmp_path / "settings.json"
    monkeypatch.delenv(settings.HOME)
    assert settings.folder().name.casefold() == "formwork"


def test_the_window_is_remembered_for_each_arrangement_of_screens():
    said = Settings().with_window("1920x1080+0+0", "AA==").with_window("1366x768+0+0", "BB==")
    assert (said.window_on("1920x1080+0+0"), said.window_on("1366x768+0+0")) == ("AA==", "BB==")
    assert said.window_on("2560x1440+0+0") == ""
    assert said.geometry == "BB=="
    for number in range(MOST_RECENT):
        said = said.with_window(str(number), "CC==")
    assert len(said.windows) == MOST_RECENT
    assert said.window_on("1920x1080+0+0") == ""
