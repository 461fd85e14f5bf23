"""The demo does the main job on a bare machine and says where the pictures are."""

from __future__ import annotations

from pathlib import Path

from resources.texts import LANGUAGES
from tests.support.command import formwork


def test_the_demo_does_the_main_job_and_draws_it_in_both_languages_and_themes(tmp_path: Path) -> None:
    ended = formwork("demo", "--to", tmp_path / "demo", home=tmp_path, DISPLAY="")
    assert ended.code == 0, ended.err
    assert ended.out.count("✓") >= 8
    assert "✗" not in ended.out
    folder = tmp_path / "demo" / "pictures"
    assert str(folder) in ended.out
    names = {path.name for path in folder.glob("*.png")}
    wanted = {f"{page}-{code}-{theme}.png" for page in ("start", "import", "records", "settings")
              for code in LANGUAGES for theme in ("light", "dark")}  # fmt: skip
    assert wanted <= names


def test_the_demo_fails_aloud_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("in the way", encoding="utf-8")
    ended = formwork("demo", "--to", tmp_path / "demo", home=tmp_path)
    assert ended.code == 2
    assert "Traceback" not in ended.err
