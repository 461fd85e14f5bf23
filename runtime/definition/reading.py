"""Definition files that come from outside: read with more suspicion than what the store itself wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from resources.texts import T
from runtime.definition import codec
from runtime.definition.codec import DEEPEST, LIMIT, DefinitionUnreadable
from runtime.definition.node import App
from runtime.definition.upgrades import CHAIN, Chain


def read_file(path: Path) -> App:
    """The app in a file; at most `LIMIT` bytes of it are read.

    Raises:
        DefinitionUnreadable: as `read`.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        body = file.read(LIMIT + 1)
    if len(body) > LIMIT:
        megabytes = f"{path.stat().st_size / 1024 / 1024:.1f}"
        raise DefinitionUnreadable(T("The app definition has {size} MB; 10 MB are allowed.", size=megabytes))
    return read(body)


def read(body: bytes, chain: Chain = CHAIN) -> App:
    """The app in `body`.

    Raises:
        DefinitionUnreadable: as `codec.decode`, and where an object names a key twice: JSON readers disagree about
            which one counts, so somebody would be shown another app than he gets.
    """
    app = codec.decode(body, chain)
    try:
        json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once)
    except _Twice as twice:
        message = T("The app definition says “{key}” twice in one place.", key=twice.key)
        raise DefinitionUnreadable(message, T("Choose a file that Formwork exported.")) from None
    except RecursionError:
        message = T("The parts of this app definition are nested too deep: {n} levels at most.", n=DEEPEST)
        raise DefinitionUnreadable(message) from None
    return app


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found
