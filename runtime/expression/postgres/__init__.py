"""The functions that compiled SQL calls on PostgreSQL, and how a database gets them: once, in a schema of their own.

Values have the types of `writing.PHYSICAL`. Errors are values of these types that nothing else can be: numbers beyond
1E+400, texts that begin with a noncharacter, yes/no over 1, whole numbers at the end of 64 bits, ids that have not 16
bytes. No function raises: casts are guarded, so that all parts of a formula can be computed, needed or not.

Time zones and Unicode's composition are those of the server; letter case is Python's. PostgreSQL 15 or newer, UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from runtime.expression.postgres import (
    arithmetic,
    calendar,
    comparing,
    conversions,
    errors,
    folding,
    functions,
    lists,
    patterns,
)
from runtime.expression.postgres.writing import PHYSICAL, SCHEMA

VERSION = 2
"""Goes up with every change of a function; a database with an older version gets all of them anew."""

RESULTS: Mapping[str, str] = {
    **{
        each.name: PHYSICAL[each.result]
        for module in (arithmetic, calendar, conversions)
        for each in module.ROUTINES
        if each.result in PHYSICAL
    },
    **functions.results(),
}
"""Name of a function of the schema -> type of its result; ``/m`` after the name where it takes a date-time."""

_LOCK = 0x466F726D776F726B
"""Key of the advisory lock of an installation."""

_INSTALLED = f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')"


@cache
def postgres_functions() -> str:
    """One statement that installs the functions in the database, or does nothing where they are there.

    To be executed in a transaction, or as one; two at once wait for each other. It holds no ``?`` and no percent sign,
    so that no layer takes a part of it for a parameter.
    """
    modules = (folding, errors, arithmetic, conversions, calendar, comparing, patterns, lists, functions)
    statements = [f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}"]
    statements += [statement for module in modules for statement in module.statements()]
    statements += [f"GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC", f"COMMENT ON SCHEMA {SCHEMA} IS '{VERSION}'"]
    executed = "\n".join(f"EXECUTE $each${statement}$each$;" for statement in statements)
    return (
        f"DO $install$ BEGIN\nPERFORM pg_advisory_xact_lock({_LOCK});\n"
        f"IF coalesce(({_INSTALLED})::integer, 0) >= {VERSION} THEN RETURN; END IF;\n{executed}\nEND $install$"
    )


def install(cursor: Any) -> None:
    """Install the functions through a DB-API cursor where they are missing or old; the caller commits."""
    cursor.execute(_INSTALLED)
    installed = cursor.fetchone()[0]
    if int(installed or 0) < VERSION:
        cursor.execute(postgres_functions())
