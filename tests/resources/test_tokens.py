"""Colours can be read: WCAG contrast of text on every ground that it stands on."""

import re
from pathlib import Path

import pytest

from resources.styles.sheet import style_sheet
from resources.styles.tokens import DARK, LIGHT, Colours, contrast, luminance, table

ENOUGH = 4.5
THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
GROUNDS = ("canvas", "surface", "raised", "selection", "hover_row", "accent_soft")


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert luminance("#FFFFFF") == pytest.approx(1)


@pytest.mark.parametrize("colours", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["text", "secondary"])
def test_text_is_readable_on_every_ground(colours: Colours, ground: str, ink: str):
    assert contrast(colours.role(ink), colours.role(ground)) >= ENOUGH


@pytest.mark.parametrize("colours", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("accent_text", ground) for ground in GROUNDS),
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_danger", "danger"),
        ("on_danger", "danger_hover"),
        ("danger", "canvas"),
        ("danger", "surface"),
        ("text", "danger_soft"),
        ("text", "warning_soft"),
        ("text", "success_soft"),
        ("secondary", "danger_soft"),
        ("secondary", "warning_soft"),
        ("accent_text", "warning_soft"),
        ("accent_text", "danger_soft"),
        ("text", "track_chosen"),
        ("secondary", "track"),
    ],
)
def test_coloured_words_are_readable_where_they_stand(colours: Colours, ink: str, ground: str):
    assert contrast(colours.role(ink), colours.role(ground)) >= ENOUGH


@pytest.mark.parametrize("colours", THEMES)
def test_the_chosen_part_of_a_segmented_control_stands_out_from_its_track_and_that_from_the_ground(colours: Colours):
    assert contrast(colours.track_chosen, colours.track) >= 1.25
    assert contrast(colours.border_strong, colours.track) >= 1.25
    assert all(contrast(colours.border_strong, ground) >= 1.4 for ground in (colours.surface, colours.raised))
    sheet = style_sheet(colours)
    assert (
        f'QFrame[role="segments"] {{ background: {colours.track}; border: 1px solid {colours.border_strong};' in sheet
    )


@pytest.mark.parametrize("colours", THEMES)
@pytest.mark.parametrize("hue", range(8), ids=[chip.name for chip in LIGHT.chips])
@pytest.mark.parametrize("ground", GROUNDS)
def test_a_chip_of_every_colour_is_seen_and_read_on_every_row(colours: Colours, hue: int, ground: str):
    chip, row = colours.chip(hue), colours.role(ground)
    assert contrast(chip.text, row) >= ENOUGH
    assert contrast(chip.edge, row) >= 1.4
    assert all(contrast(chip.edge, tint.ground) >= 1.4 for tint in colours.chips), "cells have such grounds too"


@pytest.mark.parametrize("colours", THEMES)
def test_every_chip_is_readable_and_its_hue_is_stable(colours: Colours):
    assert len(colours.chips) == 8
    assert all(contrast(chip.text, chip.ground) >= ENOUGH for chip in colours.chips)
    assert [chip.name for chip in LIGHT.chips] == [chip.name for chip in DARK.chips]
    assert colours.chip(11) == colours.chip(3)


@pytest.mark.parametrize("colours", THEMES)
def test_the_style_sheet_names_no_colour_that_is_no_token(colours: Colours):
    tokens = {value for value in (getattr(colours, name) for name in colours.__slots__) if isinstance(value, str)}
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", style_sheet(colours)))
    assert used
    assert used <= tokens
    assert table(colours.dark) is colours


def test_no_other_module_of_the_window_names_a_colour():
    root = Path(__file__).parents[2]
    for folder in ("runtime/ui", "desktop", "designer"):
        for file in (root / folder).rglob("*.py"):
            found = re.findall(r"""["']#[0-9A-Fa-f]{3,8}["']""", file.read_text("utf-8"))
            assert not found, f"{file}: {found}"
