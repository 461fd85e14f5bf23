"""`Search`: the text of a query as conditions on records: what the index has, and what it has not come to yet.

A record holds a word in a field of its own, in the title of a record it points to, or in a row of its sub-forms; all
words must be there, wherever. Titles and rows are found where they are and joined, so that a title that changes needs
no entry but its own. The title of the record itself, and those it points to, may also read as a word, in pinyin. Fields
that the person may not read are not looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import Any

import sqlalchemy as sa

from runtime.form import Form
from runtime.permission.scope import Scope
from runtime.store.dialect import on_server
from runtime.store.query import Query
from runtime.store.schema import column_name, table_of
from runtime.store.search_docs import ANY, CALLED, LETTERS, NAMED, TITLE, docs_of, meanings
from runtime.store.search_grams import END, MARKS, NAME, bare, edged, holds, words
from runtime.store.search_index import State, changed_since, numbers_of, progressed
from runtime.store.search_parts import Parts
from runtime.store.search_pinyin import meant, named_by
from runtime.store.search_rank import BEGUN, INSIDE, WHOLE, WORD
from runtime.store.search_texts import Found, Texts, searched_fields
from runtime.store.search_waiting import computed_since
from runtime.store.snapshot import Snapshot

MOST_UNSEEN = 20_000
"""Records that are not indexed yet and are looked through one by one, the newest first; of a large import the rest is
found as the index goes on."""

MANY = 80
"""Of `n` records of which more than the root of `MANY` x `n` are found, one is come upon soon."""

Shown = Callable[[Form, sa.FromClause, Scope], list[sa.ColumnElement[bool]]]


@dataclass(frozen=True, slots=True)
class Tail:
    """Records whose entries are missing or out of date.

    Attributes:
        stale: `_n` of those that have an old entry.
        found: their texts, as far as the person may read them.
    """

    stale: frozenset[int]
    found: tuple[Found, ...]

    def holding(self, word: str, where: Sequence[str]) -> set[int]:
        """`_n` of those that hold a word."""
        found: set[int] = set()
        if where in (TITLE, CALLED):
            place = edged if set(MARKS) & set(word) else str
            found = {each.n for each in self.found if holds(place(each.title), word)}
        elif where is not LETTERS:
            found = {each.n for each in self.found if each.holds(word)}
        if meanings(word, where):
            found.update(each.n for each in self.found if named_by(each.title, word))
        return found


class Search:
    """What one query searches for, at one moment.

    Args:
        connection: in the transaction that reads.
        snapshot: the definitions in force.
        query: whose `search` is asked.
        shown: the conditions under which records of another form count.
        where: `NAMED`, or `TITLE` for what names the record only.
    """

    def __init__(
        self, connection: sa.Connection, snapshot: Snapshot, query: Query, shown: Shown, where: Sequence[str] = NAMED
    ) -> None:
        self._connection = connection
        self._snapshot = snapshot
        self._scope = query.scope
        self._shown = shown
        self._form = snapshot.forms[query.form]
        self._table = table_of(self._form)
        self._docs = docs_of(connection)
        self._parts = Parts(connection)
        self._progress = progressed(connection, snapshot)
        self._tails: dict[str, Tail] = {}
        self._occurring: dict[tuple[str, str, Sequence[str]], bool] = {}
        self._known: dict[tuple[str, Sequence[str], Sequence[str]], frozenset[int] | None] = {}
        self._where = where
        self.words = words(query.search)

    # What is asked

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on the records of the form, to be joined by AND."""
        if self.alone:
            return [self._own(self._form, self._table.c["_n"], self.words, self._where)]
        return [self._anywhere(self._form, self._table, word) for word in self.words]

    @cached_property
    def alone(self) -> bool:
        """Whether records hold the words in their own fields only, all of which may be read."""
        if not self._is_open(self._form, self._where):
            return False
        return not any(True for word in self.words for _ in self._elsewhere(self._form, self._table, word))

    def streams(self, *, few: bool) -> bool:
        """Whether `first` is the quickest way to all records in the order of creation, or to a `few` of them."""
        if self._state(self._form) is None or not self._is_open(self._form, self._where):
            return False
        return (few and len(self.words) == 1) or self.alone

    def first(self, others: Sequence[sa.ColumnElement[bool]]) -> list[sa.Select[Any]]:
        """Statements for `_n` in the order of creation, that begin at once; together they have every record.

        Args:
            others: conditions beside the search.
        """
        own = self._first(others, self.words, self._where)
        number = self._table.c["_n"]
        ways = [] if self.alone else self._elsewhere(self._form, self._table, self.words[0], few=True)
        return [*own, *(sa.select(number).where(*others, way).order_by(number) for way in ways)]

    def by_name(self, others: Sequence[sa.ColumnElement[bool]], how: int = INSIDE) -> Iterator[list[sa.Select[Any]]]:
        """Such statements for the records that the words name: as they are written, then in pinyin, without blanks.

        Args:
            others: conditions beside the search.
            how: one of `search_rank`: no better ones are wanted.
        """
        first, *more = self.words
        typed = "".join(self.words)
        asked, letters = {
            WHOLE: ([edged(" ".join(self.words))], edged(typed)),
            BEGUN: ([NAME + first, *more], NAME + typed),
            WORD: ([END + first, *more], ""),
            INSIDE: ([first, *more], typed),
        }[how]
        yield self._first(others, asked, TITLE)
        if meant(bare(letters)) and self._is_open(self._form, LETTERS):
            yield self._first(others, [letters], LETTERS)

    def _first(
        self, others: Sequence[sa.ColumnElement[bool]], asked: Sequence[str], where: Sequence[str]
    ) -> list[sa.Select[Any]]:
        docs, state, table, tail = self._docs, self._state(self._form), self._table, self._tail(self._form)
        found: list[sa.Select[Any]] = []
        few = self._few(self._form, asked, where)
        if few is not None:
            here = sa.select(table.c["_n"]).where(docs.among(table.c["_n"], few - tail.stale), *others)
            found.append(here.order_by(table.c["_n"]))
        elif state is not None:
            joined = docs.table.join(table, table.c["_n"] == docs.number(state.number))
            held = [*docs.conditions(state.number, state.n, asked, where), *others]
            if tail.stale:
                held.append(sa.not_(docs.among(table.c["_n"], tail.stale)))
            found.append(sa.select(table.c["_n"]).select_from(joined).where(*held).order_by(docs.order))
        unseen = self._unseen(tail, asked, where)
        if unseen:
            here = sa.select(table.c["_n"]).where(docs.among(table.c["_n"], unseen), *others)
            found.append(here.order_by(table.c["_n"]))
        return found

    # Where a word may be

    def _anywhere(self, form: Form, table: sa.FromClause, word: str) -> sa.ColumnElement[bool]:
        return sa.or_(self._own(form, table.c["_n"], [word], self._where), *self._elsewhere(form, table, word))

    def _elsewhere(
        self, form: Form, table: sa.FromClause, word: str, *, few: bool = False
    ) -> Iterator[sa.ColumnElement[bool]]:
        """The ways by which records of the form hold a word that stands in another record; only where one does.

        Args:
            few: only the first of them are wanted.
        """
        if self._where is TITLE:
            return
        scope = self._scope
        for field in form.fields:
            target = self._snapshot.forms.get(field.target) if field.target else None
            title = target.title if target is not None else None
            if target is None or title is None or not scope.reads(form.id, field.id):
                continue
            if scope.reads(target.id, title.id) and self._occurs(target, word, CALLED):
                many = few and self._many(target, word)
                yield self._pointing(table, table.c[column_name(field.id)], target, word, many=many)
        for below in form.subforms:
            if scope.sees(below.id):
                yield from self._in_rows(below, table, word)

    def _pointing(
        self, table: sa.FromClause, column: sa.ColumnElement[Any], target: Form, word: str, *, many: bool
    ) -> sa.ColumnElement[bool]:
        """That a column has a record whose title holds the word.

        Such records are known by their ids; where there are `many`, each record in turn is asked whether it has one of
        them, which gives the first hits long before all ids are known.
        """
        there = table_of(target).alias()
        held = self._own(target, there.c["_n"] + 0 if many else there.c["_n"], [word], CALLED)
        shown = [held, *self._shown(target, there, self._scope)]
        if many:
            return sa.select(1).select_from(there).where(there.c["_id"] == column, *shown).correlate(table).exists()
        return column.in_(sa.select(there.c["_id"]).where(*shown).correlate(None))

    def _many(self, form: Form, word: str) -> bool:
        """Whether it is quicker to ask each record for one of these titles: both ways take as long at the border."""
        state = self._state(form)
        if state is None or on_server(self._connection) or self._few(form, [word], CALLED) is not None:
            return False
        border = isqrt(MANY * state.n)
        few = self._docs.numbers(state.number, state.n, [word], CALLED).limit(border + 1).subquery()
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one()) > border

    def _in_rows(self, below: Form, table: sa.FromClause, word: str) -> Iterator[sa.ColumnElement[bool]]:
        there = table_of(below).alias()
        ways = list(self._elsewhere(below, there, word))
        if self._occurs(below, word, ANY):
            ways.append(self._own(below, there.c["_n"], [word], ANY))
        if ways:
            inside = sa.select(there.c["_root"]).where(sa.or_(*ways), *self._shown(below, there, self._scope))
            yield table.c["_id"].in_(inside.correlate(None))

    def _occurs(self, form: Form, word: str, where: Sequence[str]) -> bool:
        """Whether any record of the form may hold the word."""
        key = form.id, word, where
        if key not in self._occurring:
            self._occurring[key] = self._is_there(form, word, where)
        return self._occurring[key]

    def _is_there(self, form: Form, word: str, where: Sequence[str]) -> bool:
        state = self._state(form)
        if self._tail(form).holding(word, where):
            return True
        if state is None:
            return False
        few = self._few(form, [word], where)
        if few is not None:
            return bool(few)
        first = self._docs.numbers(state.number, state.n, [word], where).limit(1)
        return self._connection.execute(first).first() is not None

    def _own(
        self, form: Form, number: sa.ColumnElement[int], asked: Sequence[str], where: Sequence[str]
    ) -> sa.ColumnElement[bool]:
        """That the record of a form with this `_n` holds the words in its own fields."""
        docs = self._docs
        state, tail = self._state(form), self._tail(form)
        ways: list[sa.ColumnElement[bool]] = []
        few = self._few(form, asked, where)
        if few is not None:
            ways.append(docs.among(number, few - tail.stale))
        elif state is not None:
            inside = docs.numbers(state.number, state.n, asked, where)
            if self._is_open(form, where):
                indexed: sa.ColumnElement[bool] = number.in_(inside)
                if tail.stale:
                    indexed = sa.and_(indexed, sa.not_(docs.among(number, tail.stale)))
                ways.append(indexed)
            else:
                ways.append(docs.among(number, self._readable(form, inside, asked, where) - tail.stale))
        unseen = self._unseen(tail, asked, where)
        if unseen:
            ways.append(docs.among(number, unseen))
        return sa.or_(sa.false(), *ways)

    # What may be read

    def _few(self, form: Form, asked: Sequence[str], where: Sequence[str]) -> frozenset[int] | None:
        """`_n` of all indexed records that hold the words, where few may and were looked at; None = ask the index."""
        key = form.id, tuple(asked), where
        if key not in self._known:
            state = self._state(form)
            numbers = self._parts.candidates(state.number, state.n, asked, where) if state is not None else None
            self._known[key] = None if numbers is None else frozenset(self._holding(form, numbers, asked, where))
        return self._known[key]

    def _is_open(self, form: Form, where: Sequence[str]) -> bool:
        """Whether the person may read everything that the index would look into."""
        scope = self._scope
        if where in (TITLE, LETTERS, CALLED):
            return form.title is None or scope.reads(form.id, form.title.id)
        return all(scope.reads(form.id, field.id) for field in searched_fields(form))

    def _readable(self, form: Form, inside: sa.Select[Any], asked: Sequence[str], where: Sequence[str]) -> set[int]:
        """Of the records that the index finds, those that hold the words in fields that the person may read."""
        return self._holding(form, list(self._connection.execute(inside).scalars()), asked, where)

    def _holding(self, form: Form, numbers: Collection[int], asked: Sequence[str], where: Sequence[str]) -> set[int]:
        """Of these records those that hold the words, as far as the person may read them and the index holds them."""
        found = Texts(form, self._scope).of(self._connection, numbers)
        return self._unseen(Tail(frozenset(), tuple(each.indexed for each in found)), asked, where)

    # What is not indexed

    def _state(self, form: Form) -> State | None:
        state = self._progress.forms.get(form.id)
        return state if state is not None and state.n > 0 else None

    def _unseen(self, tail: Tail, asked: Sequence[str], where: Sequence[str]) -> set[int]:
        if not tail.found:
            return set()
        return set.intersection(*(tail.holding(word, where) for word in asked))

    def _tail(self, form: Form) -> Tail:
        if form.id not in self._tails:
            self._tails[form.id] = self._read_tail(form)
        return self._tails[form.id]

    def _read_tail(self, form: Form) -> Tail:
        connection, state = self._connection, self._progress.forms.get(form.id)
        texts = Texts(form, self._scope)
        n = state.n if state is not None else 0
        newest = texts.last(connection, n, MOST_UNSEEN)
        stale: frozenset[int] = frozenset()
        if n:
            changed = changed_since(connection, self._progress.cursor, form.id, MOST_UNSEEN)
            numbers = {*numbers_of(connection, form.id, changed), *computed_since(connection, form.id)}
            stale = frozenset(sorted(number for number in numbers if number <= n)[-MOST_UNSEEN:])
        return Tail(stale, (*texts.of(connection, stale), *newest))
