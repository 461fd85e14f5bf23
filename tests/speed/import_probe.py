"""A process of its own: a large workbook imported with the window open; how long the GUI thread was away.

`python -m tests.speed.import_probe WORKBOOK HOME`: JSON with seconds: review, imported, pause_p99, pause_longest.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.import_wizard.flow import ImportFlow, Phase
from desktop.import_wizard.page import ImportPage
from desktop.import_wizard.place import PlaceForm
from tests.speed.measure import percentile
from tests.speed.scroll_probe import Heart, until
from tests.speed.store import PASSPHRASE

PATIENCE = 500.0


def measure(desktop: Desktop, workbook: Path, home: Path) -> dict[str, float]:
    """Take the workbook through the wizard into a new workspace."""
    heart = Heart()
    started = time.perf_counter()
    desktop.imports.open(workbook)
    page = desktop.window.page
    assert isinstance(page, ImportPage)
    flow = page.flow
    assert isinstance(flow, ImportFlow)
    until(lambda: flow.phase is Phase.REVIEW, PATIENCE)
    reviewed = time.perf_counter() - started
    until(lambda: page.go.isVisible() and not desktop.jobs.busy)
    _act(heart, page.go.click)
    place = page.findChild(PlaceForm)
    assert place is not None
    place.folder.setText(str(home))
    for field in place.findChildren(QLineEdit):
        if field.echoMode() is QLineEdit.EchoMode.Password:
            field.setText(PASSPHRASE)
    started = time.perf_counter()
    _act(heart, page.go.click)
    until(lambda: isinstance(desktop.window.page, AppPage), PATIENCE)
    imported = time.perf_counter() - started
    until(lambda: not desktop.jobs.busy)
    heart.stop()
    pauses = heart.pauses[1:]
    return {
        "review": reviewed,
        "imported": imported,
        "pause_p99": percentile([pause for pause in pauses if pause > 0.001] or pauses, 0.99),
        "pause_longest": max(pauses),
    }


def _act(heart: Heart, act: Callable[[], object]) -> None:
    """What a person does, after the window came to rest and before it has answered."""
    heart.rest()
    act()
    heart.rest()


def main(workbook: Path, home: Path) -> None:
    """Start the program, import, print."""
    app = QApplication(sys.argv[:1])
    desktop = Desktop(app)
    desktop.window.show()
    desktop.load_the_rest()
    until(lambda: not desktop.jobs.busy)
    found = measure(desktop, workbook, home)
    desktop.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
