"""`formwork export`: writes records of a form to an Excel workbook or a CSV file."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from resources.texts import _, plural
from runtime.errors import UserError

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}


def add_export_options(parser: argparse.ArgumentParser, place: Callable[[str], Path]) -> None:
    """What `export` takes."""
    parser.add_argument("workspace", type=place, metavar="WORKSPACE")
    parser.add_argument("form", metavar="FORM")
    parser.add_argument("file", type=Path, metavar="FILE", help=_("ends in .xlsx or .csv"))
    parser.add_argument("--where", metavar="FORMULA", help=_("only records for which this is true"))
    parser.add_argument("--fields", action="append", metavar="A,B", help=_("only these fields, in this order"))
    parser.add_argument("--sort", action="append", metavar="A", help=_("sort by this field; -A = descending"))
    parser.add_argument("--subforms", action="store_true", help=_("rows of sub-forms on sheets of their own"))
    parser.add_argument("--about", action="store_true", help=_("a sheet that says what was exported"))
    parser.add_argument("--delimiter", choices=DELIMITERS, help=_("what stands between the cells of a CSV file"))
    parser.add_argument("--encoding", choices=ENCODINGS, help=_("of a CSV file"))
    parser.add_argument("--raw", action="store_true", help=_("CSV: leave texts that look like formulas as they are"))
    parser.add_argument("--replace", action="store_true", help=_("replace a file that is there already"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))


def shielded(arguments: Sequence[str]) -> list[str]:
    """`arguments`, of which the field after `--sort` may begin with a minus."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1] == "--sort" and argument.startswith("-"):
            found[-1] = f"--sort={argument}"
        else:
            found.append(argument)
    return found


def run(workspace: Path, options: argparse.Namespace, passphrase: str | None, say: Callable[[str], None]) -> int:
    """Export; the exit code.

    Raises:
        UserError: nothing was written; the message says why.
    """
    from runtime.exchange.export.export import About, Format, format_of
    from runtime.session import open_workspace

    place: Path = options.file
    if options.raw and format_of(place) is Format.CSV and not options.yes and not _agreed():
        raise UserError(_("Nothing was exported. --yes says that you know what --raw does."))
    more = {
        "subforms": options.subforms, "about": About() if options.about else None, "raw": options.raw,
        **({"delimiter": DELIMITERS[options.delimiter]} if options.delimiter else {}),
        **({"encoding": ENCODINGS[options.encoding]} if options.encoding else {}),
    }  # fmt: skip
    with open_workspace(workspace, passphrase) as session:
        form = session.form(options.form)
        fields = None if options.fields is None else [name for part in options.fields for name in _split(part)]
        done = form.export(place, options.where, fields, options.sort or (), replace=options.replace, **more)
    remarks = [str(remark) for remark in done.remarks()]
    if options.json:
        report = {"file": str(place), "records": done.records, "rows": done.rows, "remarks": remarks}
        say(json.dumps(report, ensure_ascii=False, indent=2))
        return 0
    said = plural("{n} record exported to {file}", "{n} records exported to {file}", done.records, file=str(place))
    say("\n".join([said, *remarks]))
    return 0


def _split(names: str) -> list[str]:
    return [name.strip() for name in re.split("[,，]", names) if name.strip()]


def _agreed() -> bool:
    warning = _("Texts that begin with = + - or @ may run as formulas where the file is opened.")
    sys.stderr.write(f"{warning}\n")
    if not sys.stdin.isatty():
        return False
    return input(_("Export them as they are? [y/N] ")).strip().casefold() in {"y", "yes", "是"}
