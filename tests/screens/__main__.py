"""`python -m tests.screens OUTDIR [NAME ...]`: draw the pictures; a scale needs a process of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

SCALES = ("1", "1.5")


def main(arguments: list[str]) -> int:
    """Draw everything into the folder given; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py shots")
    parser.add_argument("out", nargs="?", type=Path, default=Path("out/screens"), help="the folder for the pictures")
    parser.add_argument("names", nargs="*", help="what is drawn; everything where none is named")
    options = parser.parse_args(arguments)
    worst = 0
    for scale in SCALES:
        environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.screens.draw", str(options.out), scale, *options.names]
        worst = max(worst, subprocess.run(command, env=environment, check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
