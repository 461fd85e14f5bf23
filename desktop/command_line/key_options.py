"""What `formwork key` takes; cheap to import, as every command's options are."""

from __future__ import annotations

import argparse

from resources.texts import _


def add_key_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the workspace."""
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--list", action="store_true", help=_("list the ways in (the default)"))
    wanted.add_argument("--change-passphrase", action="store_true", help=_("set or change the passphrase"))
    wanted.add_argument("--remove-passphrase", action="store_true", help=_("do without a passphrase"))
    wanted.add_argument("--recovery-code", action="store_true", help=_("make a new recovery code and print it once"))
    wanted.add_argument("--keyring", action="store_true", help=_("open without a question on this computer"))
    wanted.add_argument("--no-keyring", action="store_true", help=_("ask for the passphrase every time"))
    wanted.add_argument("--rekey", action="store_true", help=_("give the file a new key"))
    parser.add_argument("--json", action="store_true", help=_("print the list as JSON"))
