"""A process of its own that starts the program (or an empty Qt window) and says when it was usable and how large it is.

`python -m tests.speed.start_probe ours|raw STARTED`: prints JSON: seconds since STARTED (epoch), resident MB at idle.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

IDLE_MS = 1_500


def resident() -> float:
    """Resident memory of this process, MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def main(which: str, started: float) -> None:
    """Show the window, note when it is painted, wait until it is idle, say both and end."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication(sys.argv[:1])
    desktop: Any = None
    if which == "ours":
        from desktop.app import Desktop

        desktop = Desktop(app)
        window: QWidget = desktop.window
    else:
        window = QWidget()
        window.resize(1_280, 800)
    window.show()
    app.processEvents()
    window.grab()
    usable = time.time() - started

    def end() -> None:
        print(json.dumps({"usable": usable, "resident": resident()}))
        if desktop is not None:
            desktop.close()
        app.quit()

    QTimer.singleShot(IDLE_MS, end)
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
