"""What `formwork import` takes; cheap to import, as every command's options are."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from resources.texts import _

MODES = ("new", "upsert", "update", "missing")
"""Values of `runtime.exchange.importing.aim.Mode`."""


def add_import_options(parser: argparse.ArgumentParser, place: Callable[[str], Path]) -> None:
    """What `import` takes."""
    parser.add_argument("file", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--workspace", required=True, type=place, metavar="WORKSPACE")
    parser.add_argument("--app", metavar="NAME", help=_("put the new forms into this app instead of a new one"))
    parser.add_argument("--into", metavar="FORM", help=_("add to this form instead of making new ones"))
    parser.add_argument("--key", metavar="FIELD", help=_("update the records that have the same value in this field"))
    parser.add_argument(
        "--mode", choices=MODES,
        help=_("new: add every row; upsert: update or add by key; update: only update; missing: only add"),
    )  # fmt: skip
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help=_("put a column into a field; = leaves it out"),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("say what would happen and write nothing"))
    parser.add_argument(
        "--rejected",
        type=Path,
        metavar="FILE",
        help=_("leave out rows with something wrong, and write them to this .xlsx"),
    )
    parser.add_argument("--encoding", metavar="NAME", help=_("how a text file is to be read, such as gb18030"))
    parser.add_argument(
        "--password-stdin", action="store_true", help=_("read the password of the workbook from the input")
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help=_("go on with what was interrupted half-way; FILE says where its files are now"),
    )
    parser.add_argument("--undo", action="store_true", help=_("undo what was interrupted half-way"))
    parser.add_argument("--yes", action="store_true", help=_("take every doubt as it was understood"))
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))
