"""Draws the gallery at the scale of this process: `python -m tests.screens.draw OUTDIR SCALE [NAME ...]`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from resources.styles.tokens import SIZES
from resources.texts import LANGUAGES, speak
from runtime.ui import fonts
from runtime.ui.jobs import Jobs
from runtime.ui.theme import Mode, Theme, colour
from tests.screens import gallery, import_wizard, safety, security, windows


def main(arguments: list[str]) -> int:
    """Draw what was asked for; returns the exit code."""
    out, scale, *names = arguments
    app = QApplication(sys.argv[:1])
    fonts.install(app)
    theme = Theme(app, Mode.LIGHT)
    Path(out).mkdir(parents=True, exist_ok=True)
    jobs = Jobs(print)
    windows_of_all = {**windows.WINDOWS, **import_wizard.WINDOWS, **security.WINDOWS, **safety.WINDOWS}
    known = {*gallery.PLAIN, *gallery.WITH_JOBS, *windows_of_all}
    if unknown := [name for name in names if name not in known]:
        print(f"nothing is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return 2
    for language in LANGUAGES:
        speak(language)
        for mode in (Mode.LIGHT, Mode.DARK):
            theme.set_mode(mode)
            for name, make in gallery.PLAIN.items():
                if not names or name in names:
                    _grab(make(), Path(out) / f"{name}-{language}-{mode}-{scale}.png")
            for name, make_with in gallery.WITH_JOBS.items():
                if not names or name in names:
                    _grab(make_with(jobs), Path(out) / f"{name}-{language}-{mode}-{scale}.png")
            for name, prepare in windows_of_all.items():
                if not names or name in names:
                    with windows.desktop(app, language, str(mode)) as shell:
                        shell.window.show()
                        prepare(shell)
                        QTest.qWait(150)
                        shell.window.grab().save(str(Path(out) / f"{name}-{language}-{mode}-{scale}.png"))
    jobs.close()
    return 0


def _grab(widget: QWidget, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    widget.show()
    widget.activateWindow()
    QTest.qWait(60)
    pictured = gallery.pictured(widget)
    _on_canvas(pictured.grab(), 0 if pictured is widget else SIZES.l).save(str(file))
    widget.deleteLater()
    widget.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _on_canvas(picture: QPixmap, margin: int) -> QPixmap:
    if not margin:
        return picture
    scale = picture.devicePixelRatio()
    made = QPixmap(picture.size() + QSize(2, 2) * int(margin * scale))
    made.setDevicePixelRatio(scale)
    made.fill(colour("canvas"))
    painter = QPainter(made)
    painter.drawPixmap(margin, margin, picture)
    painter.end()
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
