"""What `formwork backup`, `restore` and `check` take; cheap to import, as every command's options are."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from resources.texts import _

Place = Callable[[str], Path]


def add_check_options(parser: argparse.ArgumentParser, place: Place) -> None:
    """What `check` takes."""
    parser.add_argument("workspace", type=place, metavar="WORKSPACE|BACKUP")
    _add_json(parser)


def add_backup_options(parser: argparse.ArgumentParser, place: Place) -> None:
    """What `backup` takes."""
    parser.add_argument("workspace", type=place, metavar="WORKSPACE")
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--to", type=Path, metavar="FILE", help=_("write the backup to this file"))
    wanted.add_argument("--list", action="store_true", help=_("list the backups that there are"))
    _add_json(parser)


def add_restore_options(parser: argparse.ArgumentParser) -> None:
    """What `restore` takes."""
    parser.add_argument("file", type=Path, metavar="BACKUP")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help=_("restore to this workspace instead"))
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))
