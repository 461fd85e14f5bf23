"""An office for every test of the store, in a file and on a PostgreSQL server: what is about an `Office` runs on both.

A test that is about files, or about a part that needs no database, carries the mark `one_engine` and runs once; one
about the server carries `one_engine("postgres")`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.store.postgres import Server
from tests.support import postgres
from tests.support.workspaces import Office, offices_on


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of a module that knows `Office` twice, but for those marked `one_engine`."""
    mark = metafunc.definition.get_closest_marker("one_engine")
    engines = ["sqlite", "postgres"] if hasattr(metafunc.module, "Office") else ["sqlite"]
    metafunc.parametrize("engine", engines if mark is None else mark.args or ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def server(postgres_dsn: str) -> Iterator[Server]:
    """A database of this test run alone, and the pool of connections to it."""
    with postgres.fresh_database(postgres_dsn) as url:
        server = Server(url)
        yield server
        server.close()


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where every `Office` of this test is: "sqlite" or "postgres"."""
    server = request.getfixturevalue("server") if request.param == "postgres" else None
    with offices_on(server):
        yield request.param


@pytest.fixture
def office(tmp_path: Path, engine: str) -> Iterator[Office]:
    """A workspace with the sample app; closed at the end."""
    office = Office(tmp_path)
    yield office
    office.session.close()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that any engine runs from here on; one that is run for many rows counts once."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    yield heard
    sa.event.remove(sa.Engine, "before_cursor_execute", hear)
