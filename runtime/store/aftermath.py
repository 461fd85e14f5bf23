"""What people are told after an opening: what was damaged and restored, what is missing, what was left half done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from resources.texts import TN, T
from runtime.dates import local_zone
from runtime.errors import Sentence, UserError, run_on
from runtime.store.opening import Opening
from runtime.store.restore import Restored
from runtime.store.safety import Safety
from runtime.store.unfinished import Unfinished

INTERRUPTED = "interrupted/"
"""Beginning of the code of what is told of interrupted work; the batch id follows."""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to tell.

    Attributes:
        code: stable snake_case name.
        message: what happened.
        hint: what to do, or what else is known; may be "".
        bad: something is lost or may be.
    """

    code: str
    message: Sentence
    hint: Sentence = ""
    bad: bool = True


def words_of(safety: Safety) -> list[Word]:
    """Everything there is to tell of the opening of a workspace, the gravest first; of interrupted work `interrupted`
    tells.
    """
    found = _of_opening(safety.opening)
    if safety.read_only:
        message = T("This workspace is open for reading only: nothing can be written where it lies.")
        found.append(Word("read_only", message, T("Copy it to a disk that can be written to change something."), False))
    return found


def interrupted(work: Unfinished, obstacle: UserError | None = None) -> Word:
    """What to tell of work of several commits that was interrupted.

    Args:
        obstacle: why it cannot be gone on with; None where it can.
    """
    message = T("“{label}” was interrupted half-way.", label=work.label)
    if work.takes_back:
        return Word(INTERRUPTED + work.batch, message, T("Go on with it, or leave everything as it is now."))
    if work.total:
        numbers = {"done": f"{work.done:,}", "total": f"{work.total:,}"}
        message = T("“{label}” was interrupted: {done} of {total} rows are done.", label=work.label, **numbers)
    hint: Sentence = T("Go on where it stopped, or undo what it did. What was changed since stays either way.")
    if obstacle is not None:
        hint = run_on(obstacle.message, obstacle.hint)
    return Word(INTERRUPTED + work.batch, message, hint)


def moment(when: datetime) -> str:
    """A moment in the time of this computer, to the minute."""
    return when.astimezone(local_zone()).strftime("%Y-%m-%d %H:%M")


def _of_opening(opening: Opening) -> list[Word]:
    found = []
    if opening.restored is not None:
        found.append(_of_restored(opening.restored))
    if opening.tail:
        missing = TN(
            "The last change before the crash is missing: the file's log was damaged.",
            "The last {n} changes before the crash are missing: the file's log was damaged.",
            opening.tail,
        )
        found.append(Word("tail_lost", missing, T("Everything else is whole. Look at what was saved last.")))
    if opening.upgraded is not None:
        message = T("The workspace was brought to this version; a backup of before is beside it.")
        found.append(Word("upgraded", message, "", False))
    return found


def _of_restored(restored: Restored) -> Word:
    made = moment(restored.backup.manifest.made)
    message = T("The workspace file was damaged. It was restored from the backup of {made}.", made=made)
    if restored.lost == 0:
        return Word("restored", message, T("Nothing that was saved is missing."))
    aside = str(restored.aside)
    if restored.lost is None:
        return Word(
            "restored", message, T("Changes saved after that are missing. The damaged file is in {aside}.", aside=aside)
        )
    missing = TN(
        "{n} later change is missing. The damaged file is in {aside}.",
        "{n} later changes are missing. The damaged file is in {aside}.",
        restored.lost,
        aside=aside,
    )
    return Word("restored", message, missing)
