"""`formwork find`: the records of a workspace that hold some words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from resources.texts import _
from runtime.session import open_workspace
from runtime.store.search_hits import Hit

Say = Callable[[str], None]


def find(folder: Path, options: argparse.Namespace, secret: str | None, say: Say) -> int:
    """Print what is found, a line for each record."""
    with open_workspace(folder, secret) as session:
        hits = session.search(" ".join(options.text), max(1, options.limit), options.form)
    if options.json:
        say(json.dumps([_facts(hit) for hit in hits], ensure_ascii=False, indent=2))
        return 0
    for hit in hits:
        found = f"{hit.field}: {hit.snippet}" if hit.field else ""
        say("  ".join(filter(None, (hit.form.name, hit.title, found))))
    if not hits:
        say(_("Nothing found."))
    return 0


def _facts(hit: Hit) -> dict[str, object]:
    return {
        "form": hit.form.name,
        "record": str(hit.record),
        "title": hit.title,
        "field": hit.field,
        "snippet": hit.snippet,
    }
