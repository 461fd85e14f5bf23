"""Which fonts are asked for, and that every icon we name is in the font."""

import pytest
from fontTools.ttLib import TTFont

from resources import fonts, icons


def test_the_system_font_comes_first_and_chinese_second():
    assert fonts.families("Segoe UI", ["Segoe UI", "Microsoft YaHei UI", "SimSun"]) == [
        "Segoe UI",
        "Microsoft YaHei UI",
    ]


def test_a_bare_machine_takes_latin_from_the_chinese_face():
    assert fonts.families("DejaVu Sans", ["DejaVu Sans", "Noto Sans CJK SC"]) == ["Noto Sans CJK SC", "DejaVu Sans"]


def test_a_machine_without_chinese_asks_for_its_own_font_only():
    assert fonts.families("Inter", ["Inter"]) == ["Inter"]
    assert fonts.chinese(["Noto Sans CJK JP"]) is None


def test_the_bundled_face_has_the_simplified_form():
    file = fonts.bundled()
    assert file is not None
    assert file.stat().st_size > 10_000_000


def test_every_icon_is_in_the_font():
    with TTFont(icons.font_file()) as font:
        glyphs = font.getBestCmap()
    for name in icons.GLYPHS:
        assert ord(icons.character(name)) in glyphs, name


def test_an_unknown_icon_is_a_question_mark():
    assert icons.character("no such icon") == icons.character("unknown")


@pytest.mark.parametrize("package", ["fields"])
def test_every_field_type_has_an_icon(package: str):
    from runtime.fields import field_types

    assert [kind.name for kind in field_types if kind.icon not in icons.GLYPHS] == []
