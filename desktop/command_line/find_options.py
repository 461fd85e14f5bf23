"""What `formwork find` takes; apart, so that reading a command line loads no store."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from resources.texts import _

MOST = 50


def add_find_options(parser: argparse.ArgumentParser, folder: Callable[[str], Path]) -> None:
    """What `formwork find` takes."""
    parser.add_argument("workspace", type=folder, metavar="WORKSPACE")
    parser.add_argument("text", nargs="+", metavar="TEXT", help=_("words that a record holds, every one of them"))
    parser.add_argument("--form", action="append", metavar="FORM", help=_("look into this form only; may be repeated"))
    parser.add_argument("--limit", type=int, default=MOST, metavar="N", help=_("show this many records at most"))
    parser.add_argument("--json", action="store_true", help=_("print the records as JSON"))
