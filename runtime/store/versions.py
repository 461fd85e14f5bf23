"""What older versions of an app said about its fields: how the values that a column holds were meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from runtime.definition import codec
from runtime.definition.node import Node
from runtime.form import Field, forms_of
from runtime.store.system import definition

RETIRED = b""
"""Body of a version that takes the app away; its tables and records stay, and an older version can come back."""


class Versions:
    """The published versions of one app, read as they are asked for.

    Args:
        connection: inside the transaction or read that wants to know.
        app: id of the app.
    """

    def __init__(self, connection: sa.Connection, app: str) -> None:
        self._connection = connection
        self._app = app
        self._fields: dict[int, dict[str, Field]] = {}
        self._nodes: dict[int, dict[str, Node]] = {}
        rows = connection.execute(
            sa.select(definition.c.version, definition.c.seq, sa.func.length(definition.c.body))
            .where(definition.c.app == app)
            .order_by(definition.c.version.desc())
        ).all()
        self._seqs = {version: seq for version, seq, _ in rows}
        self._living = [version for version, _, length in rows if length]

    def seq(self, version: int) -> int:
        """The commit that published a version."""
        return int(self._seqs[version])

    def before(self, version: int) -> Iterator[int]:
        """The versions below `version` that are not retirements, newest first."""
        return (each for each in self._living if each < version)

    def field(self, field_id: str, below: int) -> Field | None:
        """The field as the newest version below `below` that has it knew it."""
        return next((found for each in self.before(below) if (found := self._of(each).get(field_id))), None)

    def newest_with(self, wanted: Collection[str]) -> dict[str, Field]:
        """The fields as the newest version that has them knows them: one that was removed may still have values."""
        found: dict[str, Field] = {}
        for version in self._living:
            missing = set(wanted) - found.keys()
            if not missing:
                break
            found.update({key: field for key, field in self._of(version).items() if key in missing})
        return found

    def removed(self) -> dict[str, Node]:
        """Nodes of older versions that the newest one does not have, each as it was last; parents first."""
        if not self._living:
            return {}
        there, gone = self._nodes_of(self._living[0]), dict[str, Node]()
        for version in self._living[1:]:
            gone.update({key: node for key, node in self._nodes_of(version).items() if key not in there | gone})
        return gone

    def _of(self, version: int) -> dict[str, Field]:
        if version not in self._fields:
            app = codec.decode(self._body(version))
            self._fields[version] = {field.id: field for form in forms_of(app) for field in form.fields}
        return self._fields[version]

    def _nodes_of(self, version: int) -> dict[str, Node]:
        if version not in self._nodes:
            app = codec.decode(self._body(version))
            self._nodes[version] = {node.id: node for node in app.walk(app.id)}
        return self._nodes[version]

    def _body(self, version: int) -> bytes:
        statement = sa.select(definition.c.body).where(definition.c.app == self._app, definition.c.version == version)
        return bytes(self._connection.execute(statement).scalar_one())
