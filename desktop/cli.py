"""The console command `formwork`, a subcommand for each thing. Exit 0 = done, 2 = refused; one line says why."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop import VERSION
from desktop.command_line import exporting
from desktop.command_line.find_options import add_find_options
from desktop.command_line.import_options import add_import_options
from desktop.command_line.key_options import add_key_options
from desktop.command_line.parser import Parser
from desktop.command_line.safety_options import add_backup_options, add_check_options, add_restore_options
from desktop.no_dumps import forbid_dumps
from resources.texts import LANGUAGES, _, speak
from runtime.errors import UserError, reason_of_system, run_on

DONE, REFUSED, INTERRUPTED = 0, 2, 130
PASSPHRASE = "FORMWORK_PASSPHRASE"
LOCKED = frozenset({"passphrase_needed", "keyring_changed"})
LANGUAGE = "FORMWORK_LANGUAGE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    forbid_dumps()
    _choose_language()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["eval"]:
        arguments = _shielded(arguments)
    elif arguments[:1] == ["export"]:
        arguments = exporting.shielded(arguments)
    options = _parser().parse_args(arguments or ["open"])
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except UserError as refusal:
        where = _("Set {name} to the passphrase.", name=PASSPHRASE) if refusal.code in LOCKED else ""
        return _refuse(run_on(str(refusal), where))
    except OSError as error:  # a disk, a folder, a file: the world says no
        where = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{where}{reason_of_system(error)}")
    except KeyboardInterrupt:
        return INTERRUPTED


def _refuse(message: str) -> int:
    line = " ".join(message.split())
    print(f"formwork: {line}", file=sys.stderr)
    return REFUSED


def _choose_language() -> None:
    code = os.environ.get(LANGUAGE) or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    if code.startswith("zh"):
        speak("zh_CN")
    elif code in LANGUAGES:
        speak(code)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="formwork", description=_("Forms, records and reports on an encrypted local workspace."))
    parser.add_argument("--version", action="version", version=f"Formwork {VERSION}")
    commands = parser.add_subparsers(required=True, parser_class=Parser, metavar="COMMAND")
    opening = commands.add_parser("open", help=_("open the window, on a workspace if one is named"))
    opening.add_argument("workspace", nargs="?", type=_folder, metavar="WORKSPACE")
    opening.set_defaults(command=_open)
    importing = commands.add_parser("import", help=_("import an Excel file into a workspace"))
    add_import_options(importing, _folder)
    importing.set_defaults(command=_import)
    sending = commands.add_parser("export", help=_("write records to an Excel or CSV file"))
    exporting.add_export_options(sending, _folder)
    sending.set_defaults(command=_export)
    searching = commands.add_parser("find", help=_("find the records that hold some words"))
    add_find_options(searching, _folder)
    searching.set_defaults(command=_find)
    checking = commands.add_parser("check", help=_("check that a workspace or a backup is whole"))
    add_check_options(checking, _folder)
    checking.set_defaults(command=_check)
    backing = commands.add_parser("backup", help=_("back a workspace up, beside it or into a file"))
    add_backup_options(backing, _folder)
    backing.set_defaults(command=_backup)
    restoring = commands.add_parser("restore", help=_("go back to a backup, or make a workspace of it"))
    add_restore_options(restoring)
    restoring.set_defaults(command=_restore)
    keeping = commands.add_parser("key", help=_("list and change what opens a workspace"))
    keeping.add_argument("workspace", type=_folder, metavar="WORKSPACE")
    add_key_options(keeping)
    keeping.set_defaults(command=_key)
    evaluating = commands.add_parser("eval", help=_("compute a formula"))
    evaluating.add_argument("formula", metavar="FORMULA")
    evaluating.add_argument("--values", metavar="JSON", help=_("values of its fields, by name"))
    evaluating.add_argument("--json", action="store_true", help=_("print the result as JSON"))
    evaluating.set_defaults(command=_eval)
    showing = commands.add_parser("demo", help=_("do the main job on generated data and take pictures of it"))
    showing.add_argument("--to", type=Path, metavar="FOLDER", help=_("where the pictures go"))
    showing.set_defaults(command=_demo)
    return parser


def _open(options: argparse.Namespace) -> int:
    if _has_no_display():
        raise UserError(_("There is no display to open a window on. formwork demo works without one."))
    workspace = None if options.workspace is None else _existing(options.workspace)
    from desktop.app import run

    return run(workspace, os.environ.get(PASSPHRASE))


def _has_no_display() -> bool:
    asked = [os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")]
    return sys.platform.startswith("linux") and not any(asked)


def _folder(text: str) -> Path:
    """The folder of a workspace, from what was typed."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("A workspace needs a name."))
    return Path(text)


def _existing(path: Path) -> Path:
    from runtime.store.folder import SUFFIX

    folder = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
    if not folder.exists():
        raise UserError(_("There is no workspace {path}.", path=str(path)))
    return folder


def _import(options: argparse.Namespace) -> int:
    from desktop.command_line import importing

    return importing.run(options, os.environ.get(PASSPHRASE), print, lambda line: print(line, file=sys.stderr))


def _export(options: argparse.Namespace) -> int:
    return exporting.run(_existing(options.workspace), options, os.environ.get(PASSPHRASE), print)


def _find(options: argparse.Namespace) -> int:
    from desktop.command_line.finding import find

    return find(_existing(options.workspace), options, os.environ.get(PASSPHRASE), print)


def _check(options: argparse.Namespace) -> int:
    from desktop.command_line import safety
    from runtime.store.backup_file import SUFFIX as BACKUP

    place = options.workspace
    if not place.is_file():
        place = _existing(place)
    elif place.suffix != BACKUP:
        raise UserError(_("“{name}” is neither a workspace nor a backup.", name=place.name))
    return safety.check(place, options, os.environ.get(PASSPHRASE), print)


def _backup(options: argparse.Namespace) -> int:
    from desktop.command_line import safety

    return safety.back_up(_existing(options.workspace), options, os.environ.get(PASSPHRASE), print)


def _restore(options: argparse.Namespace) -> int:
    from desktop.command_line import safety

    return safety.restore(options.file, options, os.environ.get(PASSPHRASE), print)


def _key(options: argparse.Namespace) -> int:
    from desktop.command_line.keys import run

    run(_existing(options.workspace), options, print, lambda line: print(line, file=sys.stderr))
    return DONE


def _shielded(arguments: list[str]) -> list[str]:
    from desktop.command_line.formula import shielded

    return shielded(arguments)


def _eval(options: argparse.Namespace) -> int:
    from desktop.command_line.formula import computed

    code, text = computed(options.formula, options.values, options.json)
    print(text, file=sys.stderr if code and not options.json else sys.stdout)
    return code


def _demo(options: argparse.Namespace) -> int:
    from desktop.demo import run

    return run(options.to, print)
