"""`formwork backup | restore | check`: a backup made or listed, gone back to or made a workspace of, and checked."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from resources.texts import _, plural
from runtime.clock import SystemClock
from runtime.errors import UserError, run_on
from runtime.session import Session, open_workspace
from runtime.store import aftermath, backup_file, keys
from runtime.store.backup_file import SUFFIX as BACKUP
from runtime.store.backup_file import Backup
from runtime.store.backups import ASKED, Backups, reason_of
from runtime.store.disk import size
from runtime.store.folder import BACKUPS, SUFFIX, is_workspace, with_suffix
from runtime.store.lock import WorkspaceLock
from runtime.store.restore import restore_damaged, restore_to
from runtime.work import Progress

WHOLE, REFUSED = 0, 2
Say = Callable[[str], None]
UNOPENABLE = frozenset({"damaged", "wrong_key"})


def back_up(folder: Path, options: argparse.Namespace, secret: str | None, say: Say) -> int:
    """Make a backup beside the workspace, or in a file; or list those that there are."""
    if options.list:
        found = Backups(folder, SystemClock()).listed()
        _print(options, say, [_facts(backup) for backup in found], [_line(backup) for backup in found])
        return WHOLE
    with open_workspace(folder, secret) as session:
        words = _told(session, say, options)
        if options.to is None:
            made = session.safety.backup(ASKED, Progress())
        else:
            target = options.to if options.to.suffix == BACKUP else options.to.with_name(f"{options.to.name}{BACKUP}")
            if target.exists():
                raise UserError(_("“{name}” exists already.", name=target.name), _("Choose another name."), "exists")
            if not target.absolute().parent.is_dir():
                raise UserError(_("There is no folder {path}.", path=str(target.absolute().parent)), code="no_place")
            made = session.safety.export(target.absolute(), Progress())
    _print(options, say, {**_facts(made), "notes": words}, [_("Backed up: {path}", path=str(made.path))])
    return WHOLE


def restore(source: Path, options: argparse.Namespace, secret: str | None, say: Say) -> int:
    """Go back to a backup in place, the present backed up first; or make a workspace of it."""
    backup = backup_file.read(source)
    target = _workspace_of(source) if options.to is None else with_suffix(options.to.absolute())
    if not target.exists():
        folder = restore_to(backup, keys.unlock(backup.slots, secret), target, Progress())
        line = _("Restored to {folder}.", folder=str(folder))
        _print(options, say, {**_facts(backup), "restored": str(folder)}, [line])
        return WHOLE
    kept = _go_back(target, backup, secret)
    made = aftermath.moment(backup.manifest.made)
    lines = [
        _("“{name}” is as it was on {made}.", name=target.stem, made=made),
        _("What was there before is in {path}.", path=str(kept)),
    ]
    _print(options, say, {**_facts(backup), "restored": str(target), "before": str(kept)}, lines)
    return WHOLE


def check(path: Path, options: argparse.Namespace, secret: str | None, say: Say) -> int:
    """Read all of a workspace or of a backup, and say what is wrong."""
    if path.suffix == BACKUP:
        backup = backup_file.read(path)
        backup_file.check(backup, keys.unlock(backup.slots, secret), Progress())
        _print(options, say, {**_facts(backup), "whole": True}, [_line(backup), _("The backup is whole.")])
        return WHOLE
    with open_workspace(path, secret) as session:
        words = _told(session, say, options)
        problems = session.damage()
        counts = {form.name: session.form(form.id).count() for form in session.forms}
        newest = next(iter(session.safety.backups.listed()), None)
    wrong = [str(problem.message) for problem in problems if problem.stops]
    whole = not wrong and not any(word["bad"] for word in words)
    facts = {
        "whole": whole,
        "problems": [{"code": problem.code, "message": str(problem.message)} for problem in problems],
        "notes": words,
        "records": counts,
        "newest_backup": None if newest is None else _facts(newest),
    }
    held = {name: plural("{n} record", "{n} records", n) for name, n in counts.items()}
    lines = [f"{name}: {many}" for name, many in held.items()]
    if newest is not None:
        lines.append(_("Newest backup: {line}", line=_line(newest)))
    if whole:
        lines.append(_("The workspace is whole."))
    _print(options, say, facts, lines)
    if wrong:
        raise UserError("; ".join(wrong), code="damaged")
    return WHOLE if whole else REFUSED


def _go_back(folder: Path, backup: Backup, secret: str | None) -> Path:
    """Put the backup in the place of the workspace; where what was there is now."""
    try:
        session = open_workspace(folder, secret)
    except UserError as error:
        if error.code not in UNOPENABLE or not is_workspace(folder):
            raise
        return _replace_damaged(folder, backup, secret)
    with session:
        before = session.safety.backup("restore", Progress(), spare=backup.path)
        session.restore(backup, secret)
    return before.path


def _replace_damaged(folder: Path, backup: Backup, secret: str | None) -> Path:
    key = keys.unlock(backup.slots, secret)
    lock = WorkspaceLock(folder)
    try:
        return restore_damaged(folder, backup, key, SystemClock(), Progress())
    finally:
        lock.release()


def _workspace_of(source: Path) -> Path:
    folder = source.absolute().parent
    if folder.name != BACKUPS or folder.parent.suffix != SUFFIX:
        raise UserError(_("This backup does not lie in a workspace."), _("Say where to with --to FOLDER."), "no_place")
    return folder.parent


def _told(session: Session, say: Say, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Say what the opening found; the same for JSON."""
    words = aftermath.words_of(session.safety)
    words += [aftermath.interrupted(work) for work in session.unfinished]
    if not options.json:
        for word in words:
            say(run_on(word.message, word.hint))
    return [{"code": w.code, "message": str(w.message), "hint": str(w.hint), "bad": w.bad} for w in words]


def _facts(backup: Backup) -> dict[str, Any]:
    manifest = backup.manifest
    return {
        "path": str(backup.path),
        "workspace": manifest.name,
        "made": manifest.made.isoformat(timespec="seconds"),
        "reason": manifest.reason,
        "commits": manifest.head,
        "records": sum(manifest.counts.values()),
        "size": backup.path.stat().st_size,
    }


def _line(backup: Backup) -> str:
    manifest = backup.manifest
    held = plural("{n} change", "{n} changes", manifest.head)
    return "  ".join(
        (
            aftermath.moment(manifest.made),
            held,
            size(backup.path.stat().st_size),
            str(reason_of(backup)),
            str(backup.path),
        )
    )


def _print(options: argparse.Namespace, say: Say, facts: object, lines: list[str]) -> None:
    if options.json:
        say(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            say(line)
