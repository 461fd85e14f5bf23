"""The one table of colours and sizes; nothing else in the program names a colour or a pixel.

Colours are `#RRGGBB`; sizes are device-independent pixels. Text contrast is at least 4.5 : 1 (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChipColours:
    """One soft hue: the ground of a chip, the text on it, and the hairline around it, which is seen on every ground."""

    name: str
    ground: str
    text: str
    edge: str


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. `on_x` is text that stands on a ground of colour `x`; `x_soft` is a quiet ground of that hue.

    `accent` draws lines, grounds and icons; words in the accent take `accent_text`, which is readable on every ground.
    """

    dark: bool
    canvas: str
    surface: str
    raised: str
    border: str
    border_strong: str
    text: str
    secondary: str
    disabled: str
    accent: str
    accent_hover: str
    accent_soft: str
    accent_text: str
    on_accent: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_hover: str
    danger_soft: str
    on_danger: str
    selection: str
    hover_row: str
    scrim: str
    knob: str
    track: str
    track_chosen: str
    chips: tuple[ChipColours, ...]

    def chip(self, index: int) -> ChipColours:
        """The hue of choice number `index`; stable, and wraps round after the eighth."""
        return self.chips[index % len(self.chips)]

    def role(self, name: str) -> str:
        """The colour called `name`, for icons and style sheets that name their role."""
        return str(getattr(self, name))


LIGHT = Colours(
    dark=False,
    canvas="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    border="#E3E6EB",
    border_strong="#C9CFD8",
    text="#1F2430",
    secondary="#5A6372",
    disabled="#A0A8B5",
    accent="#2F6FED",
    accent_hover="#255FD3",
    accent_soft="#E9F0FE",
    accent_text="#255FD3",
    on_accent="#FFFFFF",
    success="#1B8A55",
    success_soft="#E6F5EC",
    warning="#A66200",
    warning_soft="#FCF2DF",
    danger="#CC3333",
    danger_hover="#B42828",
    danger_soft="#FDECEC",
    on_danger="#FFFFFF",
    selection="#DDE9FF",
    hover_row="#F1F4F8",
    scrim="#1F2430",
    knob="#FFFFFF",
    track="#E3E6EB",
    track_chosen="#FFFFFF",
    chips=(
        ChipColours("blue", "#E3EDFF", "#1F4FB2", "#AABFE9"),
        ChipColours("green", "#DDF3E6", "#14653F", "#A1C8B4"),
        ChipColours("amber", "#FCEFD2", "#7A4A00", "#D4BC91"),
        ChipColours("red", "#FDE4E3", "#A32626", "#E5B1B0"),
        ChipColours("violet", "#EBE6FD", "#5636B0", "#C4B8E9"),
        ChipColours("teal", "#D8F1F2", "#0E5F68", "#9BC5C9"),
        ChipColours("pink", "#FCE4F0", "#9A2363", "#E2B0CA"),
        ChipColours("slate", "#E9ECF1", "#434C5A", "#BBBFC7"),
    ),
)

DARK = Colours(
    dark=True,
    canvas="#14171C",
    surface="#1B1F26",
    raised="#242A33",
    border="#2E3540",
    border_strong="#434C5A",
    text="#E7EAF0",
    secondary="#9CA6B4",
    disabled="#626C7A",
    accent="#6B9BFF",
    accent_hover="#84ACFF",
    accent_soft="#1F2F4F",
    accent_text="#84ACFF",
    on_accent="#14171C",
    success="#4CC38A",
    success_soft="#19332A",
    warning="#E5A53D",
    warning_soft="#362C1B",
    danger="#F2777A",
    danger_hover="#F58D90",
    danger_soft="#3A2327",
    on_danger="#14171C",
    selection="#22355C",
    hover_row="#20252D",
    scrim="#000000",
    knob="#E7EAF0",
    track="#14171C",
    track_chosen="#434C5A",
    chips=(
        ChipColours("blue", "#1F3563", "#A9C6FF", "#3D5585"),
        ChipColours("green", "#173D2C", "#8FDDB5", "#305F49"),
        ChipColours("amber", "#453412", "#F2C772", "#685125"),
        ChipColours("red", "#4C2426", "#F8ABAC", "#794749"),
        ChipColours("violet", "#352A63", "#C6B8FF", "#584C88"),
        ChipColours("teal", "#143D42", "#87D6DE", "#2B5C61"),
        ChipColours("pink", "#4A2139", "#F5A9CE", "#784661"),
        ChipColours("slate", "#333B47", "#C6CEDA", "#4D5561"),
    ),
)


def table(dark: bool) -> Colours:
    """The colours of the dark or the light theme."""
    return DARK if dark else LIGHT


@dataclass(frozen=True, slots=True)
class Sizes:
    """Space, type and controls, in device-independent pixels (`line_height` is a factor, `transition` milliseconds)."""

    hair: int = 1
    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - the steps are called as the designers call them
    xl: int = 24
    xxl: int = 48
    text: int = 13
    small: int = 12
    section: int = 15
    title: int = 20
    line_height: float = 1.45
    control: int = 32
    compact: int = 28
    row: int = 32
    row_compact: int = 26
    row_tall: int = 56
    row_extra: int = 96
    chip: int = 20
    toolbar: int = 44
    rail: int = 64
    rail_item: int = 52
    status: int = 28
    scroll_bar: int = 10
    radius: int = 6
    radius_small: int = 4
    card_radius: int = 8
    icon: int = 18
    icon_small: int = 14
    icon_large: int = 28
    focus: int = 2
    transition: int = 150
    field_width: int = 320
    panel_width: int = 380
    popover_width: int = 280
    reading_width: int = 720
    page_width: int = 960
    window_width: int = 1200
    window_height: int = 780
    window_least: int = 720


SIZES = Sizes()


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.1 definition)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1 definition)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
