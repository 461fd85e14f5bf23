"""`KeptImport`: what an import needs to go on after the program was killed, as JSON: files, plan, aims, ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from resources.texts import T
from runtime.errors import UserError
from runtime.exchange.frame import Frame
from runtime.exchange.importing.aim import Aim
from runtime.exchange.readers.file_read import FileRead, digest
from runtime.exchange.readers.reading import Workbook, open_workbook
from runtime.exchange.tables.table import Table
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.plan import ImportPlan, SheetPlan, Source
from runtime.exchange.understanding.workbooks import cut_again
from runtime.store.unfinished import Unfinished
from runtime.work import Progress


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """The app that a plan became, or the part of one.

    Attributes:
        app: its id.
        forms: sheet -> id of its form.
        fields: sheet -> index of the column plan -> id of its field.
        options: id of a choice field -> label -> option id.
        beside: whether the app was there before, and the forms stand beside its own.
    """

    app: str
    forms: dict[str, str]
    fields: dict[str, dict[int, str]]
    options: dict[str, dict[str, str]]
    beside: bool = False


@dataclass(frozen=True, slots=True)
class KeptImport:
    """An import under way.

    Attributes:
        name: of the new app.
        files: what was read.
        shapes: table -> its rows and headers, which must be the same when the files are read again.
        frames: sheet -> how it was cut.
        sheets: the plan.
        aims: sheet -> form that is there.
        told: what was assumed, in words.
        layout: of the new forms; None where none is made.
        order: the sheets of the aims in the order in which they go into their forms, before new forms are filled; () of
            a program that filled new forms first, then went on in the order of the plan.
    """

    name: str
    files: tuple[FileRead, ...]
    shapes: dict[str, tuple[int, tuple[str, ...]]]
    frames: dict[str, tuple[Frame, ...]]
    sheets: tuple[SheetPlan, ...]
    aims: dict[str, Aim]
    told: tuple[str, ...] = ()
    layout: KeptLayout | None = field(default=None)
    order: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        plan: ImportPlan,
        name: str,
        aims: Mapping[str, Aim],
        told: Sequence[str],
        layout: KeptLayout | None,
        order: Sequence[str] = (),
    ) -> KeptImport | None:
        """What is kept of an import that begins; None where its files cannot be read the same way again."""
        files = [_with_digest(file) for file in plan.source.files if file.unchanged()]
        if not files or len(files) < len(plan.source.files):
            return None
        tables = plan.source.tables
        homes = {tables[sheet.sheet].home for sheet in plan.sheets if sheet.include}
        frames = {home: tuple(table.frame for table in tables.values() if table.home == home) for home in homes}
        shapes = {sheet.sheet: _shape(tables[sheet.sheet]) for sheet in plan.sheets if sheet.include}
        sheets = tuple(sheet for sheet in plan.sheets if sheet.include)
        return cls(name, tuple(files), shapes, frames, sheets, dict(aims), tuple(told), layout, tuple(order))

    def as_json(self) -> Any:
        """What is kept."""
        return msgspec.to_builtins(self, str_keys=True)

    def found(self, paths: Sequence[Path] = ()) -> list[Path]:
        """The files with the content that was read.

        Args:
            paths: where to look instead of where they lay.

        Raises:
            UserError: one is gone, cannot be read, or holds something else now; the message says which.
        """
        return [_found(file, paths) for file in self.files]

    @property
    def locked(self) -> bool:
        """Whether reading the files takes a password."""
        return any(file.locked for file in self.files)

    def plan(self, paths: Sequence[Path], password: str, progress: Progress) -> ImportPlan:
        """The plan, its cells read again.

        Args:
            paths: the files, as `found` gives them.

        Raises:
            CannotRead: a file cannot be read, or takes another password.
            UserError: the tables are others than they were.
            Cancelled: somebody asked to stop.
        """
        books = [
            replace(_read(file, path, password, progress), path=Path(file.path))
            for file, path in zip(self.files, paths, strict=True)
        ]
        tables = cut_again(books, self.frames)
        if any(name not in tables or _shape(tables[name]) != shape for name, shape in self.shapes.items()):
            raise UserError(
                T("The rows of the file are not as they were when the import began."), T("Undo it."), "read_otherwise"
            )
        facts = {name: tuple(map(ColumnFacts, table.columns)) for name, table in tables.items() if name in self.aims}
        return ImportPlan(self.sheets, (), Source(tables, facts, None, self.files))


def kept_import(work: Unfinished) -> KeptImport | None:
    """What was kept of an import that was interrupted; None where the work is none, or nothing can be read of it."""
    if work.takes_back or work.resume is None:
        return None
    try:
        return msgspec.convert(work.resume, KeptImport, str_keys=True)
    except msgspec.ValidationError:
        return None


def obstacle(work: Unfinished) -> UserError | None:
    """Why an interrupted import cannot be gone on with as things are; None where it can. Reads the files."""
    kept = kept_import(work)
    if kept is None:
        words = T("Undo what it did, or leave it as it is. What was changed since stays either way.")
        return UserError(words, code="nothing_kept")
    try:
        kept.found()
    except UserError as error:
        return error
    return None


def _found(file: FileRead, paths: Sequence[Path]) -> Path:
    names = {"file": Path(file.path).name}
    changed = False
    for path in paths or (Path(file.path),):
        try:
            if file.same(path):
                return path
            changed = True
        except OSError:
            continue
    if changed:
        raise UserError(
            T("“{file}” was changed since the import began.", **names), T("It can only be undone."), "file_changed"
        )
    raise UserError(
        T("“{file}” is no longer where it was.", **names), T("Put it back and open the workspace again, or undo."),
        "file_gone",
    )  # fmt: skip


def _read(file: FileRead, path: Path, password: str, progress: Progress) -> Workbook:
    return open_workbook(path, progress, options=file.options(password if file.locked else ""))


def _with_digest(file: FileRead) -> FileRead:
    try:
        return replace(file, sha256=digest(Path(file.path)))
    except OSError:
        return file


def _shape(table: Table) -> tuple[int, tuple[str, ...]]:
    return table.height, table.headers
