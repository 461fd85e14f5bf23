"""`formwork import --resume | --undo`: goes on with what was interrupted half-way in a workspace, or undoes it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from resources.texts import _, plural
from runtime.errors import UserError, run_on
from runtime.exchange.importing.importer import resume
from runtime.exchange.importing.kept_import import obstacle
from runtime.session import Session, open_workspace
from runtime.store import aftermath
from runtime.store.unfinished import Unfinished
from runtime.work import Progress

DONE = 0
Say = Callable[[str], object]


def run(options: argparse.Namespace, passphrase: str | None, say: Say, warn: Say) -> int:
    """Go on with everything that can be, oldest first, or undo everything, newest first; the exit code.

    Raises:
        UserError: nothing was interrupted, or it cannot be gone on with; that work is as it was.
    """
    password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else ""
    facts: list[dict[str, Any]] = []
    with open_workspace(options.workspace, passphrase) as session:
        found = session.unfinished
        if not found:
            raise UserError(_("Nothing was interrupted in this workspace."), code="nothing_interrupted")
        for work in found if options.undo else found[::-1]:
            if not options.json:
                warn(work.label)
            if options.undo or work.takes_back:
                count = session.long_work.take_back(work)
                facts.append({"label": work.label, "taken_back": count})
                lines = [plural("{n} record taken back", "{n} records taken back", count)]
            else:
                report = resume(session, work, Progress(), options.file, password)
                facts.append({"label": work.label, **report.as_json()})
                lines = report.lines()
            if not options.json:
                say("\n".join(lines))
    if options.json:
        say(json.dumps(facts, ensure_ascii=False, indent=2))
    return DONE


def tell(session: Session, warn: Say) -> None:
    """Say what was interrupted in the workspace and waits for a decision."""
    for work in session.unfinished:
        word = aftermath.interrupted(work, hindrance(work))
        warn(run_on(word.message, word.hint))
        warn(_("Go on with --resume, or undo it with --undo."))


def hindrance(work: Unfinished) -> UserError | None:
    """Why work cannot be gone on with; None where it can."""
    return None if work.takes_back else obstacle(work)
