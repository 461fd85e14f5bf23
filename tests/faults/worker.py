"""`python -m tests.faults.worker FOLDER SEED OPERATIONS [CONTROL]`: a working day that is watched from outside.

Says what is done into the file `acks` beside the workspace, so that the log of the disk holds it in its place.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from runtime.definition.edits import AddNode
from runtime.form import field_node
from runtime.session import Session, open_workspace
from runtime.store import engine
from tests.faults.model import Model, perform, the_form
from tests.support.apps import customers_and_orders

ACKS, WORKSPACE = "acks", "w.formwork"
PUBLISH_EVERY = 40


def main(root: Path, seed: int, operations: int, control: str) -> None:
    """Work."""
    if control:
        _careless(control)
    descriptor = os.open(root / ACKS, os.O_WRONLY | os.O_CREAT, 0o600)
    with open_workspace(root / WORKSPACE) as session:
        session.publish(customers_and_orders())
        model = Model(seed)
        os.write(descriptor, b"0\n")
        for number in range(1, operations + 1):
            perform(session, model.next())
            model.go_on()
            os.write(descriptor, f"{number}\n".encode())
            if number % PUBLISH_EVERY == 0:
                _publish(session, number)


def _publish(session: Session, number: int) -> None:
    """A new version in between: a field more, and one that every record has to be computed for."""
    form = the_form(session)
    app = session.apps[form.app]
    computed = {"formula": "{数量}*2"} if number % (2 * PUBLISH_EVERY) else {}
    session.publish(AddNode(field_node(form.id, "integer", f"字段{number}", **computed)).apply(app))


def _careless(control: str) -> None:
    """The positive control: commits that do not wait for the disk, `control` being `synchronous=OFF` or `=NORMAL`."""
    careful = engine.open_keyed

    def careless(*arguments: Any, **named: Any) -> Any:
        connection = careful(*arguments, **named)
        connection.execute(f"PRAGMA {control}")
        return connection

    engine.open_keyed = careless


if __name__ == "__main__":
    given: Iterable[str] = sys.argv[4:]
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), next(iter(given), ""))
