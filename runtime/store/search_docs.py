"""The entries of the search index: an FTS5 table without content in a file, a table with a GIN index on a server.

Both hold the grams of `search_grams` and find exactly the records that hold a word, and those whose title reads so in
pinyin. FTS5 keeps the places of the grams and gives records in their order as they come, so the first of many are there
at once; PostgreSQL keeps the folded text and compares it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, Protocol, Self

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from runtime.store.dialect import on_server
from runtime.store.engine import failures_told
from runtime.store.search_grams import (
    END,
    MARKS,
    NAME,
    SIGNS,
    bare,
    edged,
    grams,
    name_grams,
    placed,
    spellings,
    word_grams,
)
from runtime.store.search_pinyin import SYLLABLE, Meant, completed, initials, meant, spelled
from runtime.store.search_texts import Found

BITS = 40
"""Bits of an entry's number that are the record's `_n`; those above are the number of its form."""

PAGES = 32, 64
"""The fewest and the most pages of FTS5 that are merged at a time."""
MERGED = 512
"""Pages that are merged at most after entries were written."""
FOLDED = 1_000
"""Pages of the log from which on they are folded into the file, beside whoever writes."""

TITLE, ANY, LETTERS = ("title",), ("title", "rest"), ("letters",)
NAMED, CALLED = (*ANY, *LETTERS), (*TITLE, *LETTERS)
"""Where a word may be: in the title, anywhere, in the pinyin of the title; anywhere or in the title, pinyin too."""


def meanings(word: str, where: Sequence[str]) -> tuple[Meant, ...]:
    """How a word may be pinyin; one letter is only where nothing else is looked for."""
    word = bare(word)
    return meant(word) if where is LETTERS or ("letters" in where and len(word) > 1) else ()


@dataclass(frozen=True, slots=True)
class Doc:
    """What the index holds of one record: folded texts; of the title its first letters and its syllables too."""

    form: int
    n: int
    title: str
    rest: str
    letters: tuple[str, ...]
    spelled: tuple[str, ...]

    @property
    def syllables(self) -> list[str]:
        """Each syllable with its mark; a mark alone ends a spelled title."""
        return [SYLLABLE + each for row in self.spelled for each in row.split(SYLLABLE)[1:]]

    @classmethod
    def of(cls, form: int, found: Found) -> Self:
        """The entry of a record; `form` is the number of its form."""
        return cls(form, found.n, found.title, found.rest, initials(found.title), spelled(found.title))


Entry = tuple[Any, ...]
"""What is written of one record."""


class Docs(Protocol):
    """The entries, on one of the engines."""

    table: ClassVar[sa.TableClause]
    steps: ClassVar[tuple[int, int, int]]
    """Fewest and most of one call of `tidy`, and most of all calls after entries were written."""

    def clear(self, connection: sa.Connection) -> None:
        """Drop every entry."""
        ...

    def entry(self, doc: Doc) -> Entry:
        """What is written of one record; needs no connection."""
        ...

    def put(self, connection: sa.Connection, entries: Sequence[Entry]) -> None:
        """Write entries, in the place of older ones."""
        ...

    def tidy(self, connection: sa.Connection, steps: int) -> bool:
        """Bring what was written together, a little; whether there is more to do."""
        ...

    def fold(self, reader: sa.Engine) -> None:
        """Take work off the next commits that needs no lock."""
        ...

    def number(self, form: int) -> sa.ColumnElement[int]:
        """`_n` of an entry."""
        ...

    @property
    def order(self) -> sa.ColumnElement[int]:
        """What entries of one form are in order by without being sorted: the order of creation."""
        ...

    def conditions(
        self, form: int, upto: int, words: Sequence[str], where: Sequence[str] = ANY
    ) -> list[sa.ColumnElement[bool]]:
        """What holds for the entries of the records of a form, up to `_n` `upto`, that hold every one of the words.

        Where only names count, words may have the marks of `edged`: a name, or a word of it, begins or ends there.
        """
        ...

    def numbers(self, form: int, upto: int, words: Sequence[str], where: Sequence[str] = ANY) -> sa.Select[Any]:
        """`_n` of these records."""
        return sa.select(self.number(form)).where(*self.conditions(form, upto, words, where))

    def among(self, column: sa.ColumnElement[int], numbers: Collection[int]) -> sa.ColumnElement[bool]:
        """That a column has one of many values."""
        ...


class FileDocs(Docs):
    """In an FTS5 table."""

    table: ClassVar = sa.table("search", sa.column("rowid"), sa.column("search"))
    steps = (*PAGES, MERGED)

    def clear(self, connection: sa.Connection) -> None:
        """Drop every entry."""
        connection.exec_driver_sql("INSERT INTO search (search) VALUES ('delete-all')")

    def entry(self, doc: Doc) -> Entry:
        """The number of an entry, and its grams."""
        return doc.form << BITS | doc.n, name_grams(edged(doc.title)), grams(doc.rest), self._read(doc)

    def put(self, connection: sa.Connection, entries: Sequence[Entry]) -> None:
        """Write entries in ascending order: FTS5 begins a new segment whenever the numbers go back."""
        if entries:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO search (rowid, title, rest, letters) VALUES (?, ?, ?, ?)",
                sorted(entries, key=itemgetter(0)),
            )

    def _read(self, doc: Doc) -> str:
        return " ".join((name_grams(edged(" ".join(doc.letters), NAME)), *doc.syllables)) if doc.letters else ""

    def tidy(self, connection: sa.Connection, steps: int) -> bool:
        """Merge segments, a number of pages: some 0.1 ms of work each, and as much again in the commit."""
        driver: Any = connection.connection.driver_connection
        before = driver.total_changes
        connection.exec_driver_sql("INSERT INTO search (search, rank) VALUES ('merge', ?)", (steps,))
        return bool(driver.total_changes - before > 1)

    def fold(self, reader: sa.Engine) -> None:
        """Fold the log into the file where it is long: otherwise one of the next commits does."""
        with reader.connect() as connection, failures_told():
            driver: Any = connection.connection.driver_connection
            _, long, folded = driver.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
            if long - folded >= FOLDED:
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def among(self, column: sa.ColumnElement[int], numbers: Collection[int]) -> sa.ColumnElement[bool]:
        """That a column has one of many values."""
        listed = sa.func.json_each(f"[{','.join(map(str, numbers))}]").table_valued("value")
        return column.in_(sa.select(listed.c.value))

    def number(self, form: int) -> sa.ColumnElement[int]:
        """`_n` of an entry."""
        return self.table.c.rowid - sa.literal(form << BITS)

    @property
    def order(self) -> sa.ColumnElement[int]:
        """The number of an entry."""
        return self.table.c.rowid

    def conditions(
        self, form: int, upto: int, words: Sequence[str], where: Sequence[str] = ANY, behind: int = 0
    ) -> list[sa.ColumnElement[bool]]:
        """What holds for the entries of the records, those up to `behind` left out."""
        return self._matching(form, behind, upto, " AND ".join(f"({self._holds(word, where)})" for word in words))

    def having(self, form: int, upto: int, part: str, behind: int = 0) -> sa.Select[Any]:
        """`_n` of the entries of a form that have a part of a word anywhere."""
        return sa.select(self.number(form)).where(*self._matching(form, behind, upto, _phrase(part)))

    def _matching(self, form: int, behind: int, upto: int, asked: str) -> list[sa.ColumnElement[bool]]:
        matched: sa.ColumnElement[bool] = self.table.c.search.op("MATCH")(asked)
        base = form << BITS
        return [matched, self.table.c.rowid.between(base + behind + 1, base + upto)]

    def _holds(self, word: str, where: Sequence[str]) -> str:
        texts = " ".join(name for name in where if name not in LETTERS)
        ways = [f"{{{texts}}} : ({' OR '.join(map(_phrase, spellings(word)))})"] if texts else []
        read = " OR ".join(f"({_reading(each, word)})" for each in meanings(word, where))
        return " OR ".join([*ways, f"letters : ({read})"] if read else ways)


def _phrase(word: str) -> str:
    row = " ".join(word_grams(word)).replace('"', '""')
    return f'"{row}" *' if len(word) == 1 else f'"{row}"'


def _reading(each: Meant, word: str) -> str:
    """Syllables that are begun are written out: FTS5 would read every entry of a beginning before the first hit."""
    letters = placed(each.letters, word)
    parts = [_phrase(letters)] if each.by_letters or letters != each.letters else []
    for run in each.runs:
        rows = (" ".join(SYLLABLE + part for part in row) for row in completed(run))
        parts.append("(" + " OR ".join(f'"{row}"' for row in rows) + ")")
    return " AND ".join(parts)


class ServerDocs(Docs):
    """In a table with a GIN index."""

    steps = (0, 0, 0)
    table: ClassVar = sa.table(
        "search", *(sa.column(name) for name in ("form", "n", "title", "rest", "letters", "grams"))
    )

    def clear(self, connection: sa.Connection) -> None:
        """Drop every entry."""
        connection.exec_driver_sql("DELETE FROM search")

    def put(self, connection: sa.Connection, entries: Sequence[Entry]) -> None:
        """Write entries, in the place of older ones."""
        if entries:
            connection.exec_driver_sql(
                "INSERT INTO search (form, n, title, rest, letters, grams) "
                "VALUES (?, ?, ?, ?, ?, array_to_tsvector(?::text[])) ON CONFLICT (form, n) DO UPDATE SET "
                "title = excluded.title, rest = excluded.rest, letters = excluded.letters, grams = excluded.grams",
                list(entries),
            )

    def tidy(self, connection: sa.Connection, steps: int) -> bool:
        """The server does it by itself."""
        return False

    def fold(self, reader: sa.Engine) -> None:
        """The server does it by itself."""

    def entry(self, doc: Doc) -> Entry:
        """The columns of an entry. First letters are kept as capitals, which no syllable has."""
        letters = " ".join(doc.letters)
        title, rest = name_grams(edged(doc.title)), grams(doc.rest)
        rows = (text.split(" ") for text in (title, rest, name_grams(edged(letters, NAME))))
        found = {gram for row in rows for gram in row} | {*doc.syllables} - {SYLLABLE}
        read = " ".join((letters.upper(), *doc.spelled))
        return doc.form, doc.n, " ".join(doc.title.split()), doc.rest, read, sorted(found - {""})

    def number(self, form: int) -> sa.ColumnElement[int]:
        """`_n` of an entry."""
        return self.table.c.n

    @property
    def order(self) -> sa.ColumnElement[int]:
        """The number of the record: the key is by form and number."""
        return self.table.c.n

    def conditions(
        self, form: int, upto: int, words: Sequence[str], where: Sequence[str] = ANY
    ) -> list[sa.ColumnElement[bool]]:
        """What holds for the entries of the records."""
        held = [self._holds(word, where) for word in words]
        return [self.table.c.form == form, self.table.c.n <= upto, *held]

    def among(self, column: sa.ColumnElement[int], numbers: Collection[int]) -> sa.ColumnElement[bool]:
        """That a column has one of many values."""
        return column == sa.func.any(sa.cast(list(numbers), ARRAY(sa.BigInteger)))

    def _holds(self, word: str, where: Sequence[str]) -> sa.ColumnElement[bool]:
        texts = [self.table.c[name] for name in where if name not in LETTERS]
        found = []
        for each in spellings(word) if texts else ():
            inside = sa.or_(*(_stands(text, each, END) for text in texts))
            found.append(sa.and_(self._matches(_lexemes(each)), inside))
        return sa.or_(sa.false(), *found, *(self._reads(each, word) for each in meanings(word, where)))

    def _reads(self, each: Meant, word: str) -> sa.ColumnElement[bool]:
        letters = placed(each.letters, word)
        asked = [letters] if each.by_letters or letters != each.letters else []
        parts = [*map(_lexemes, asked), *map(_syllable, each.runs)]
        read = (*(part.upper() for part in asked), *each.texts)
        inside = (_stands(self.table.c.letters, text, NAME) for text in read)
        return sa.and_(self._matches(" & ".join(parts)), *inside)

    def _matches(self, lexemes: str) -> sa.ColumnElement[bool]:
        return self.table.c.grams.op("@@")(sa.cast(lexemes, _TSQUERY))


class _TsQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "tsquery"


_TSQUERY = _TsQuery()


def _stands(text: sa.ColumnElement[str], word: str, between: str) -> sa.ColumnElement[bool]:
    if set(MARKS) & set(word):
        text = sa.func.concat(NAME, sa.func.replace(text, " ", between), NAME)
    return sa.func.strpos(text, word) > 0


def _lexemes(word: str) -> str:
    row = [gram.replace("\\", "\\\\").replace("'", "''") for gram in dict.fromkeys(word_grams(word))]
    return f"'{row[0]}':*" if len(word) == 1 else " & ".join(f"'{gram}'" for gram in row)


def _syllable(run: Sequence[str]) -> str:
    """The first of a run: the planner takes each more for another reason why there are few, and collects them all."""
    return f"'{SYLLABLE}{run[0]}'" if len(run) > 1 else f"'{SYLLABLE}{run[0]}':*"


def docs_of(connection: sa.Connection | sa.Engine) -> FileDocs | ServerDocs:
    """The entries where this connection leads."""
    return ServerDocs() if on_server(connection) else FileDocs()


def create(connection: sa.Connection) -> None:
    """Make the table of entries in a new workspace."""
    for statement in SERVER if on_server(connection) else FILE:
        connection.exec_driver_sql(statement)


_SIGNS = SIGNS.replace("'", "''").replace('"', '""')

_TABLE = f"""title, rest, letters, content='', contentless_delete=1, tokenize="ascii tokenchars '{_SIGNS}'\""""
FILE = (
    f"CREATE VIRTUAL TABLE search USING fts5 ({_TABLE})",
    "INSERT INTO search (search, rank) VALUES ('deletemerge', 0)",
    "INSERT INTO search (search, rank) VALUES ('automerge', 0)",
)
"""No large segment is written anew at one go because a tenth of it was replaced, none in the transaction that adds."""

_COLUMNS = "title text NOT NULL, rest text NOT NULL, letters text NOT NULL, grams tsvector NOT NULL"
SERVER = (
    f"CREATE TABLE search (form bigint NOT NULL, n bigint NOT NULL, {_COLUMNS}, PRIMARY KEY (form, n))",
    "CREATE INDEX search_grams ON search USING gin (grams) WITH (gin_pending_list_limit = 256)",
)
