"""Work of several commits: its first commit marks it as begun, its last one ends the mark, so none is half done unseen.

A mark is what a person keeps for themself (`runtime.store.personal`), written by the commits of the work as one more
change of theirs: no commit of the work is on the disk without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from runtime.changes import AnyChange, PersonalChange, new_uuid
from runtime.store import personal
from runtime.store.engine import Engines

PREFIX = "unfinished/"
AT, PART = "/at", "/part/"


class Unfinished(msgspec.Struct, frozen=True):
    """Work that has begun and not ended.

    Attributes:
        label: what it is called, in the words of whoever began it.
        batch: id that its commits share, as hex digits.
        total: records that it is about; 0 where nobody counted.
        back: numbers of the commits that it takes back, oldest first; empty where it does not take back.
        erases: whether records that it takes back leave no trace.
        resume: JSON by which whoever began it can go on; None where it can only be taken back.
        done: records of `total` that are done.
        at: JSON that says how far it is.
        parts: what else its commits kept, in their order.
    """

    label: str
    batch: str
    total: int = 0
    back: tuple[int, ...] = ()
    erases: bool = False
    resume: Any = None
    done: int = 0
    at: Any = None
    parts: tuple[Any, ...] = ()

    @property
    def id(self) -> UUID:
        """The batch id."""
        return UUID(self.batch)

    @property
    def key(self) -> str:
        """Where its mark stands."""
        return key_of(self.id)

    @property
    def takes_back(self) -> bool:
        """Whether it is an undo."""
        return bool(self.back)

    def begun(self) -> PersonalChange:
        """The mark."""
        kept = {"label": self.label, "total": self.total, "back": self.back, "erases": self.erases}
        return PersonalChange(self.key, kept | {"resume": self.resume})

    def reached(self, done: int, at: Any = None) -> PersonalChange:
        """How far it is with the commit that holds this change."""
        return PersonalChange(self.key + AT, {"done": done, "at": at})

    def part(self, number: int, body: Any) -> PersonalChange:
        """Something else that a commit keeps until the end."""
        return PersonalChange(f"{self.key}{PART}{number:08}", body)

    def fits(self) -> bool:
        """Whether the mark is small enough to be kept."""
        return len(msgspec.json.encode(self.begun().body)) <= personal.LARGEST


def key_of(batch: UUID) -> str:
    """Where the mark of a batch stands."""
    return PREFIX + batch.hex


def ended(database: Engines, actor: str, batch: UUID | None) -> list[AnyChange]:
    """The changes that end the mark of a batch; none where it has none."""
    if batch is None:
        return []
    return [PersonalChange(key) for key in personal.read(database, actor, key_of(batch))]


def read(database: Engines, actor: str) -> list[Unfinished]:
    """The marks of a person, the newest work first.

    Also of what goes on at this moment, see `runtime.store.long_work`.
    """
    kept = personal.read(database, actor, PREFIX)
    found = []
    for key, body in kept.items():
        batch = key.removeprefix(PREFIX)
        if "/" not in batch:
            at = kept.get(key + AT) or {"done": 0, "at": None}
            parts = [part for name, part in kept.items() if name.startswith(key + PART)]
            found.append(msgspec.convert({**body, **at, "batch": batch, "parts": parts}, Unfinished))
    return found[::-1]


class Marking:
    """The marks of one piece of work, commit by commit.

    Args:
        mark: as it is begun.
        begun: whether an earlier commit has marked it.
    """

    def __init__(self, mark: Unfinished, *, begun: bool = False) -> None:
        self.mark = mark
        self.begun = begun

    @classmethod
    def of(cls, label: object, total: int = 0) -> Marking:
        """For new work."""
        return cls(Unfinished(str(label), new_uuid().hex, total))

    def along(self, done: int, *, last: bool = False) -> list[AnyChange]:
        """What goes into the next commit, after which `done` records are done; work of one commit needs no mark."""
        if last:
            return [PersonalChange(self.mark.key), PersonalChange(self.mark.key + AT)] if self.begun else []
        return [*([] if self.begun else [self.mark.begun()]), self.mark.reached(done)]

    def applied(self, changes: Iterable[AnyChange]) -> None:
        """Take notice that a commit with these changes is on the disk."""
        for change in changes:
            if isinstance(change, PersonalChange) and change.key == self.mark.key:
                self.begun = change.body is not None


def changes_of(changes: Iterable[AnyChange]) -> list[AnyChange]:
    """The changes without marks."""
    return [each for each in changes if not (isinstance(each, PersonalChange) and each.key.startswith(PREFIX))]
