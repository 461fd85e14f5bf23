"""Lines drawn at their place look as those that Qt lays out in a rectangle, and what does not fit ends in dots."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from runtime.ui import fonts
from runtime.ui.line_painter import LinePainter

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
PLACE = QRect(20, 6, 200, 30)
TEXTS = [
    "Haitian Trading",
    "1,234.50",
    "福州海天贸易有限公司",
    "订单 DD-2026/03 (急)",
    "AVAToWa.",
    "Größe 12½",
    "＄１００",
]
FIGURES = ["0", "1,234.50", "-12.5%", "¥1,999.00", "￥20", "1.2万", "(500)"]


def ink(draw) -> tuple[int, int, int, int]:
    """The box around what was drawn: left, top, right, bottom."""
    image = QImage(240, 42, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(fonts.tabular(fonts.sized(13)))
    painter.setPen(QColor("black"))
    draw(painter)
    painter.end()
    dark = [(x, y) for x in range(240) for y in range(42) if QColor(image.pixel(x, y)).lightness() < 140]
    if not dark:
        return 0, 0, 0, 0
    return min(x for x, _ in dark), min(y for _, y in dark), max(x for x, _ in dark), max(y for _, y in dark)


@pytest.fixture
def line(qapp) -> LinePainter:
    fonts.install(qapp)
    return LinePainter(fonts.tabular(fonts.sized(13)))


@pytest.mark.parametrize(
    ("text", "flags"), [*((text, LEFT) for text in TEXTS), *((figure, RIGHT) for figure in FIGURES)]
)
def test_a_text_that_has_room_stands_where_qt_would_put_it(line: LinePainter, text: str, flags: int):
    ours = ink(lambda painter: line.draw(painter, PLACE, text, flags))
    theirs = ink(lambda painter: painter.drawText(PLACE, flags, text))
    assert ours != (0, 0, 0, 0)
    assert all(abs(one - other) <= 2 for one, other in zip(ours, theirs, strict=True)), (ours, theirs)


@pytest.mark.parametrize("text", [*TEXTS, "نص عربي طويل", "👩‍👩‍👧 family", "a\nb", "x" * 1_000])
@pytest.mark.parametrize("wide", [12, 40, 75])
def test_nothing_is_drawn_beside_a_narrow_place(line: LinePainter, text: str, wide: int):
    place = QRect(60, 6, wide, 30)
    left, _top, right, _bottom = ink(lambda painter: line.draw(painter, place, text, LEFT))
    assert left == right == 0 or (left >= place.left() - 2 and right <= place.right() + 2)


def test_what_does_not_fit_ends_in_dots(line: LinePainter):
    metrics = QFontMetrics(fonts.tabular(fonts.sized(13)))
    text = "福州海天贸易有限公司"
    wide = metrics.horizontalAdvance(text) - 20
    whole = ink(lambda painter: line.draw(painter, PLACE, text, LEFT))
    cut = ink(lambda painter: line.draw(painter, QRect(20, 6, wide, 30), text, LEFT))
    assert cut[2] < whole[2] - 10
