"""`formwork key`: the ways into a workspace listed and changed, and a new key for its file.

Secrets come from the environment or are asked for at the terminal; they are never arguments, which every program of
the computer can read.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from resources.texts import T, _
from runtime.errors import UserError
from runtime.store.folder import is_workspace
from runtime.store.key_slots import KEYRING, PASSPHRASE
from runtime.store.keys import PassphraseNeeded
from runtime.store.lock import WorkspaceLock
from runtime.store.rekey import key_of
from runtime.store.ways_in import Way, Ways
from runtime.work import Progress

Say = Callable[[str], None]
NOW, NEW = "FORMWORK_PASSPHRASE", "FORMWORK_NEW_PASSPHRASE"


def run(folder: Path, options: argparse.Namespace, say: Say, remark: Say) -> None:
    """Do what was asked for.

    Args:
        say: prints a result.
        remark: prints what is no result, so that a script that reads the code reads nothing else.

    Raises:
        UserError: it could not be done; nothing changed.
    """
    if not is_workspace(folder):
        raise UserError(T("“{name}” is not a Formwork workspace.", name=folder.name))
    if options.rekey:
        _rekey(folder, say, remark)
        return
    with _locked(folder):
        if not _wanted(options):
            _list(Ways(folder).list(), options.json, say, remark)
            return
        secret = _now(Ways(folder))
        key_of(folder, secret)  # so that nothing else is asked where this is wrong
        _change(Ways(folder), secret, options, say, remark)


def _wanted(options: argparse.Namespace) -> bool:
    return bool(
        options.change_passphrase
        or options.remove_passphrase
        or options.recovery_code
        or options.keyring
        or options.no_keyring
    )


def _change(ways: Ways, secret: str | None, options: argparse.Namespace, say: Say, remark: Say) -> None:
    if options.change_passphrase:
        ways.set_passphrase(secret, _new())
        say(_("The passphrase is changed. Backups made until now open with the former one."))
    elif options.remove_passphrase:
        ways.remove_passphrase(secret)
        say(_("The workspace has no passphrase any more."))
    elif options.recovery_code:
        _new_code(ways, secret, say, remark)
    elif options.keyring:
        ways.add_keyring(secret)
        say(_("The workspace opens without a question on this computer."))
    else:
        ways.remove_keyring(secret)
        say(_("The workspace asks for the passphrase every time."))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody has the workspace open inside the block."""
    lock = WorkspaceLock(folder)
    try:
        yield
    finally:
        lock.release(clean=not lock.unclean)


def _now(ways: Ways) -> str | None:
    given = os.environ.get(NOW)
    if given is None and ways.has_passphrase and sys.stdin.isatty():
        return _asked(_("Passphrase or recovery code"))
    return given


def _asked(label: str) -> str:
    return getpass.getpass(f"{label}: ")


def _new() -> str:
    given = os.environ.get(NEW)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UserError(T("No new passphrase was given."), T("Set {name} to the new passphrase.", name=NEW))
    typed = _asked(_("New passphrase"))
    if typed != _asked(_("Once more")):
        raise UserError(T("The two are not the same."), T("Nothing was changed."))
    return typed


def _new_code(ways: Ways, secret: str | None, say: Say, remark: Say) -> None:
    offer = ways.offer_code(secret)
    ways.accept(offer)
    remark(_("Keep this code where only you find it. One made before no longer opens the workspace."))
    say(str(offer.code))


def _rekey(folder: Path, say: Say, remark: Say) -> None:
    from desktop.key_change import change_key
    from runtime.session import open_workspace

    secret = _now(Ways(folder))
    session = open_workspace(folder, secret)
    try:
        if secret is None and Ways(folder).has_passphrase:
            raise PassphraseNeeded(T("The passphrase is needed to change the key."))
        change = change_key(session, secret, Progress())
        session = change.session
        if change.refusal is not None:
            raise change.refusal
    finally:
        session.close()
    say(_("The file has a new key. Backups made until now stay under the former one."))
    if change.code_gone:
        remark(_("The recovery code no longer opens the workspace. Make a new one with --recovery-code."))


def _list(ways: list[Way], as_json: bool, say: Say, remark: Say) -> None:
    if as_json:
        say(json.dumps([asdict(way) for way in ways], ensure_ascii=False, indent=2))
        return
    for way in ways:
        say(f"{_said(way)}  {way.made}".rstrip())
    if len(ways) == 1:
        remark(_("This is the only way in. Make another one: --recovery-code or --change-passphrase."))


def _said(way: Way) -> str:
    if way.type == KEYRING:
        here = _("{keyring}, this computer", keyring=way.keyring)
        return here if way.here else _("{keyring}, another computer", keyring=way.keyring)
    return _("Passphrase") if way.type == PASSPHRASE else _("Recovery code")
